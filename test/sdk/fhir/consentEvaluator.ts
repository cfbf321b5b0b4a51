import type { Coding, Consent, ConsentProvision, Identifier } from "fhir/r4.js";

import type { ConsentTerms } from "../../../sdk/src/consent/fhir/index.ts";
import { PURPOSES, type PurposeCode } from "../../../sdk/src/consent/purposes.ts";
import { CATEGORIES } from "./consentSupport.ts";

/** Who asks for what, why and when. */
export interface Asked {
  readonly member: number;
  readonly sectors: readonly string[];
  readonly category: keyof typeof CATEGORIES;
  readonly purpose: PurposeCode;
  /** Unix seconds. */
  readonly at: number;
}

/**
 * What a consent answers, straight from its JSON and by R4's own words: the policy holds where the root provision does,
 * nested provisions are exceptions, and of several that hold a deny counts. Nothing else is permitted.
 */
export function consentPermits({ policyRule, provision = {} }: Consent, asked: Asked): boolean {
  if (!concerns(provision, asked)) return false;
  return verdict(provision, policyRule?.coding?.[0]?.code === "OPTIN", asked);
}

/** Whether a consent closes the emergency door to who asks. */
export function consentClosesDoor({ provision = {} }: Consent, asked: Asked): boolean {
  const closes = (each: ConsentProvision): boolean =>
    concerns(each, { ...asked, purpose: "BTG" }) &&
    ((each.type === "deny" && each.purpose?.some(({ code }) => code === "BTG") === true) ||
      (each.provision ?? []).some(closes));
  return closes(provision);
}

function verdict(provision: ConsentProvision, permitted: boolean, asked: Asked): boolean {
  const exceptions = (provision.provision ?? []).filter((each) => concerns(each, asked));
  if (exceptions.length === 0) return permitted;
  return exceptions.every((each) => verdict(each, each.type === "permit", asked));
}

function concerns({ period, actor, purpose, class: classes }: ConsentProvision, asked: Asked): boolean {
  const { start, end } = period ?? {};
  if (start !== undefined && asked.at < Date.parse(start) / 1_000) return false;
  // Inclusive: a day has 86,400 seconds in UTC, an instant one.
  if (end !== undefined && asked.at >= Date.parse(end) / 1_000 + (end.includes("T") ? 1 : 86_400))
    return false;
  if (classes !== undefined && !classes.some((each) => isCategory(each, asked.category))) return false;
  if (purpose !== undefined && !purpose.some((each) => isPurpose(each, asked.purpose))) return false;
  return actor === undefined || actor.some(({ reference }) => isWhoAsks(reference.identifier!, asked));
}

function isWhoAsks({ system, value }: Identifier, asked: Asked): boolean {
  return system === "urn:careledger:member"
    ? value === String(asked.member)
    : value === "EVERYONE" || asked.sectors.includes(value!);
}

function isCategory({ code }: Coding, category: keyof typeof CATEGORIES): boolean {
  return code === category || code === String(CATEGORIES[category]);
}

function isPurpose({ system, code }: Coding, asked: PurposeCode): boolean {
  if (code === asked) return true;
  if (asked === "BTG" || system === "urn:careledger:purpose") return false;
  const { parent } = PURPOSES[asked];
  return parent !== null && isPurpose({ system: system!, code: code! }, parent as PurposeCode);
}

/** What rules answer, as the ledger reads them: a deny beats every permit, and no permit is no access. */
export function rulesPermit(
  { permits, denies }: { permits: readonly ConsentTerms[]; denies: readonly ConsentTerms[] },
  asked: Asked,
): boolean {
  return permits.some((rule) => ruleHolds(rule, asked)) && !denies.some((rule) => ruleHolds(rule, asked));
}

/** Whether a rule speaks about a question. */
export function ruleHolds(rule: ConsentTerms, { member, sectors, category, purpose, at }: Asked): boolean {
  const forWhom =
    rule.sector === undefined
      ? rule.grantee === member
      : rule.sector === "EVERYONE" || sectors.includes(rule.sector);
  return (
    forWhom &&
    ((rule.categories >>> CATEGORIES[category]) & 1) === 1 &&
    ((rule.purposes >> BigInt(PURPOSES[purpose].bit)) & 1n) === 1n &&
    rule.validFrom <= at &&
    at < rule.validUntil
  );
}
