import { checkBigint } from "../core/input.ts";
import { isCareLedgerError } from "../core/errors.ts";
import { type DataUseRole, checkDataUse, hasTerm, isPurpose, parameterOf } from "./dataUse.ts";
import { type DuoCurie, DUO_TERMS, type DuoParameter } from "./duoTerms.ts";

/** How a dataset's terms answer a request; the contract has the same in this order. */
export const DATA_USE_DECISIONS = ["DatasetInvalid", "RequestInvalid", "Refused", "Permitted"] as const;

/** How a dataset's terms answer a request. */
export type DataUseDecisionName = (typeof DATA_USE_DECISIONS)[number];

/** A decision, and what to do about a refusal. */
export interface DataUseDecision {
  readonly decision: DataUseDecisionName;
  readonly permitted: boolean;
  /** The first term that refuses, when one does. */
  readonly refusedBy?: DuoCurie;
  /** What the request has to state or leave out, when refused; how to mend the word, when it is invalid. */
  readonly fix?: string;
}

const CURIES = Object.keys(DUO_TERMS) as readonly DuoCurie[];

/** The purposes that each permission covers: disease in biomedical in general research, as DUO's classes nest. */
const COVERED: Readonly<Partial<Record<DuoCurie, readonly DuoCurie[]>>> = {
  "DUO:0000006": ["DUO:0000006", "DUO:0000007"],
  "DUO:0000007": ["DUO:0000007"],
  "DUO:0000011": ["DUO:0000011"],
  "DUO:0000042": ["DUO:0000006", "DUO:0000007", "DUO:0000011", "DUO:0000042"],
};

/**
 * Whether a dataset's terms permit what a request states: what `DataUse.decide` says on chain, without asking the chain.
 *
 * @param dataset Word from {@link dataUseOf}.
 * @param request Word from {@link dataUseRequestOf}.
 * @example
 * const { permitted, refusedBy, fix } = decideDataUse(dataset, request);
 */
export function decideDataUse(dataset: bigint, request: bigint): DataUseDecision {
  checkBigint("dataset", dataset, 256);
  checkBigint("request", request, 256);
  const invalid =
    faultOf("dataset", dataset, "DatasetInvalid") ?? faultOf("request", request, "RequestInvalid");
  if (invalid !== undefined) return invalid;
  const refusedBy = refusingPermission(dataset, request) ?? refusingModifier(dataset, request);
  if (refusedBy === undefined) return { decision: "Permitted", permitted: true };
  return { decision: "Refused", permitted: false, refusedBy, fix: DUO_TERMS[refusedBy].rule };
}

function faultOf(
  role: DataUseRole,
  word: bigint,
  decision: DataUseDecisionName,
): DataUseDecision | undefined {
  try {
    checkDataUse(role, word);
    return undefined;
  } catch (error) {
    if (!isCareLedgerError(error)) throw error;
    return { decision, permitted: false, fix: error.fix };
  }
}

function refusingPermission(dataset: bigint, request: bigint): DuoCurie | undefined {
  const permission = CURIES.find((each) => DUO_TERMS[each].kind === "permission" && hasTerm(dataset, each))!;
  const covered = COVERED[permission];
  if (covered === undefined) return undefined;
  const research = CURIES.filter(
    (each) => isPurpose(each) && each !== "DUO:0000043" && hasTerm(request, each),
  );
  if (research.some((each) => !covered.includes(each))) return permission;
  const sameDisease = parameterOf(dataset, "disease") === parameterOf(request, "disease");
  if (permission === "DUO:0000007" && !sameDisease) return permission;
  return hasTerm(request, "DUO:0000043") && !hasTerm(dataset, "DUO:0000043") ? "DUO:0000043" : undefined;
}

function refusingModifier(dataset: bigint, request: bigint): DuoCurie | undefined {
  const states = (curie: DuoCurie): boolean => hasTerm(request, curie);
  return CURIES.filter((curie) => hasTerm(dataset, curie)).find((curie) => {
    const { kind, parameter } = DUO_TERMS[curie];
    if (kind !== "restriction" && kind !== "obligation") return false;
    switch (curie) {
      case "DUO:0000018":
        return !states(curie) && !(states("DUO:0000045") && states("DUO:0000046"));
      case "DUO:0000045":
      case "DUO:0000046":
        return !states(curie) && !states("DUO:0000018");
      case "DUO:0000044":
        return states("DUO:0000011") || (states("DUO:0000042") && !states(curie));
      default:
        return !states(curie) || (parameter !== undefined && !keeps(dataset, request, parameter));
    }
  });
}

function keeps(dataset: bigint, request: bigint, parameter: DuoParameter): boolean {
  const [allowed, asked] = [parameterOf(dataset, parameter), parameterOf(request, parameter)];
  if (parameter === "publishFrom") return asked >= allowed;
  if (parameter === "months") return asked <= allowed;
  return asked === allowed;
}
