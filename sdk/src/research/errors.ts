import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of research terms; those of words have the contract's names. Texts carry no tag and no disease. */
const FAULTS = {
  DuoCurieInvalid: {
    message: "{place} is no CURIE of DUO.",
    fix: "Write it as `DUO:` and seven digits, such as DUO:0000042.",
    issue: "code-invalid",
  },
  DuoTermUnknown: {
    message: "{curie} is no term that {word} can have.",
    fix: "Use {instead}.",
    issue: "code-invalid",
  },
  DuoTermTwice: {
    message: "{curie} stands twice.",
    fix: "Name each term once.",
    issue: "duplicate",
  },
  DuoPermissionMissing: {
    message: "The dataset's terms hold no permission, so nothing is allowed.",
    fix: "Add one of DUO:0000004, DUO:0000006, DUO:0000007, DUO:0000011 and DUO:0000042.",
    issue: "required",
  },
  DuoPurposeMissing: {
    message: "The request names no purpose.",
    fix: "Add at least one of DUO:0000006, DUO:0000007, DUO:0000011, DUO:0000042 and DUO:0000043.",
    issue: "required",
  },
  DuoTermsContradict: {
    message: "{curie} and {other} exclude each other.",
    fix: "Leave out {curie} or {other}.",
    issue: "invariant",
  },
  DuoParameterMissing: {
    message: "{curie} needs the parameter `{parameter}`.",
    fix: "Give `{parameter}` with {curie}.",
    issue: "required",
  },
  DuoParameterStray: {
    message: "The parameter `{parameter}` belongs to {curie}, which is not among the terms.",
    fix: "Add {curie}, or leave out `{parameter}`.",
    issue: "invariant",
  },
  DuoRegionOutOfRange: {
    message: "No region of DUO:0000022 has the number {region}.",
    fix: "Use an ISO 3166-1 numeric or UN M49 code, or 900 to 999 for the consortium's own regions.",
    issue: "value",
  },
  DatasetNotFound: {
    message: "No dataset {dataset} is registered.",
    fix: "Check the id.",
    issue: "not-found",
  },
  AccessNotFound: {
    message: "No access {access} was permitted.",
    fix: "Check the id.",
    issue: "not-found",
  },
  ResearchEventMissing: {
    message: "The node does not give the event that made {id}.",
    fix: "Ask an endpoint that keeps all logs.",
    issue: "incomplete",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of research terms. */
export type ResearchFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const researchError = defineFaults<ResearchFault>(FAULTS);
