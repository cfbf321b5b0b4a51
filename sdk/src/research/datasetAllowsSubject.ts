import { checkBigint } from "../core/input.ts";
import { checkDataUse, hasTerm, parameterOf } from "./dataUse.ts";
import { type DuoCurie, DUO_TERMS } from "./duoTerms.ts";

/** Whether a patient fits into a dataset. */
export interface SubjectFit {
  /** Whether the patient's data may be in a dataset with these terms. */
  readonly allowed: boolean;
  /** The patient's term that the dataset's do not keep, when there is one. */
  readonly brokenTerm?: DuoCurie;
}

const CURIES = Object.keys(DUO_TERMS) as readonly DuoCurie[];
const NO_RESTRICTION = "DUO:0000004";
const BIOMEDICAL = "DUO:0000006";
const DISEASE = "DUO:0000007";
const NPUNCU = "DUO:0000018";
const GENERAL = "DUO:0000042";
const CARE = "DUO:0000043";
const NO_ANCESTRY = "DUO:0000044";
const NPU = "DUO:0000045";
const NCU = "DUO:0000046";

/**
 * Whether a patient's data may be in a dataset: every request that the dataset's terms permit, the patient's own terms
 * permit too. For the custodian that puts a dataset together from consents; the patient's terms stay with the custodian, and
 * whether the patient consents at all is asked of the consent registry.
 *
 * @param subject Word of the patient's consent, from {@link dataUseOf}; tags by the dataset's salt.
 * @param dataset Word of the dataset's terms.
 * @throws `InputInvalid`, and the faults of research terms.
 * @example
 * const { allowed, brokenTerm } = datasetAllowsSubject(consented, dataUseOf(["DUO:0000006", "DUO:0000046"]));
 */
export function datasetAllowsSubject(subject: bigint, dataset: bigint): SubjectFit {
  for (const [name, word] of [
    ["subject", subject],
    ["dataset", dataset],
  ] as const) {
    checkBigint(name, word, 256);
    checkDataUse("dataset", word);
  }
  const brokenTerm =
    permissionBroken(subject, dataset) ?? CURIES.find((each) => isBroken(each, subject, dataset));
  return brokenTerm === undefined ? { allowed: true } : { allowed: false, brokenTerm };
}

/** The subject's permission, if the dataset's covers more; clinical care, if only the dataset opens it. */
function permissionBroken(subject: bigint, dataset: bigint): DuoCurie | undefined {
  const [own, given] = [subject, dataset].map((word) =>
    CURIES.find((each) => DUO_TERMS[each].kind === "permission" && hasTerm(word, each))!,
  ) as [DuoCurie, DuoCurie];
  if (own === NO_RESTRICTION) return undefined;
  const covered =
    own === given ||
    (own === GENERAL && given !== NO_RESTRICTION) ||
    (own === BIOMEDICAL && given === DISEASE);
  if (!covered) return own;
  const otherDisease = parameterOf(subject, "disease") !== parameterOf(dataset, "disease");
  if (own === DISEASE && otherDisease) return own;
  return hasTerm(dataset, CARE) && !hasTerm(subject, CARE) ? CARE : undefined;
}

/** Whether the subject has a restriction or obligation that the dataset does not ask for. */
function isBroken(curie: DuoCurie, subject: bigint, dataset: bigint): boolean {
  const { kind, parameter } = DUO_TERMS[curie];
  if (!hasTerm(subject, curie) || (kind !== "restriction" && kind !== "obligation")) return false;
  if (curie === NO_ANCESTRY && (hasTerm(dataset, BIOMEDICAL) || hasTerm(dataset, DISEASE))) return false;
  if (hasTerm(dataset, NPUNCU) && (curie === NPU || curie === NCU)) return false;
  if (curie === NPUNCU && hasTerm(dataset, NPU) && hasTerm(dataset, NCU)) return false;
  if (!hasTerm(dataset, curie)) return true;
  if (parameter === undefined) return false;
  const [own, given] = [parameterOf(subject, parameter), parameterOf(dataset, parameter)];
  if (parameter === "months") return given > own;
  if (parameter === "publishFrom") return given < own;
  return given !== own;
}
