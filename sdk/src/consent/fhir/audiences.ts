import type { FhirResource, Reference } from "fhir/r4.js";

import { SECTOR_BITS, type Sector } from "../../core/duties.ts";
import type { ProvisionContext } from "./provisions.ts";
import { SYSTEMS } from "./codes.ts";
import type { RuleAudience } from "./types.ts";

const LITERAL = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

/** Whom a reference of an actor stands for; undefined after a problem. */
export function readAudience(
  reference: Reference,
  place: string,
  { reading, contained, problems }: ProvisionContext,
): RuleAudience | undefined {
  const resource = containedOf(reference, contained);
  const type = resource?.resourceType ?? typeOf(reference);
  if (type !== undefined && type !== "Organization") {
    problems.add(
      "NotSupported",
      place,
      "Consents on the ledger are given to organisations, not to persons, roles, groups or devices.",
      "Name the organisation that the actor works for.",
    );
    return undefined;
  }
  const found = audienceByIdentifier(reference) ?? reading.organization?.(reference, resource);
  if (found === undefined) {
    problems.add(
      "ReferenceWrong",
      place,
      "It names no member of the consortium and no class of members.",
      "Refer to a member's Organization, or let the reading's organization know it.",
    );
  }
  return found;
}

/** The contained resource that a local reference leads to. */
export function containedOf(
  { reference }: Reference,
  contained: ReadonlyMap<string, FhirResource>,
): FhirResource | undefined {
  return reference?.startsWith("#") === true ? contained.get(reference.slice(1)) : undefined;
}

/** Type of the resource that a reference leads to, as far as it says. */
export function typeOf({ reference, type }: Reference): string | undefined {
  return LITERAL.exec(reference ?? "")?.[1] ?? type;
}

function audienceByIdentifier({ identifier }: Reference): RuleAudience | undefined {
  const { system, value = "" } = identifier ?? {};
  if (system === SYSTEMS.member && /^[1-9]\d{0,9}$/.test(value) && Number(value) <= 0xffff_ffff) {
    return { grantee: Number(value) };
  }
  if (system !== SYSTEMS.sector) return undefined;
  if (value === "EVERYONE" || Object.hasOwn(SECTOR_BITS, value))
    return { sector: value as Sector | "EVERYONE" };
  return undefined;
}
