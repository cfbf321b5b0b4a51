import { checkBigint, checkList, checkNumber, checkObject, inputError } from "../core/input.ts";
import { type DuoCurie, DUO_INSTEAD, DUO_TERMS, type DuoParameter } from "./duoTerms.ts";
import { researchError } from "./errors.ts";

/** What terms need besides themselves; each stands exactly when its term does. */
export interface DataUseParameters {
  /** Of DUO:0000007: tag of the disease, see {@link dataUseTag}. In a request for clinical care too. */
  readonly disease?: number;
  /** Of DUO:0000012: tag of the type of research. */
  readonly researchType?: number;
  /** Of DUO:0000022: ISO 3166-1 numeric or UN M49 code; 900 to 999 are the consortium's own regions. */
  readonly region?: number;
  /** Of DUO:0000024: first day on which results may be published (dataset) or will be (request), `YYYY-MM-DD`, UTC. */
  readonly publishFrom?: string;
  /** Of DUO:0000025: months of use allowed (dataset) or asked for (request), from 1 to 65535. */
  readonly months?: number;
  /** Of DUO:0000026: tag of the approved users. */
  readonly users?: number;
  /** Of DUO:0000027: tag of the approved project. */
  readonly project?: number;
  /** Of DUO:0000028: member id of the approved institution. */
  readonly institution?: number;
}

/** Research terms, readable. */
export interface DataUse {
  /** CURIEs in the order of their numbers. */
  readonly terms: readonly DuoCurie[];
  readonly parameters: DataUseParameters;
}

/** Whether a word is a dataset's or a request's. */
export type DataUseRole = "dataset" | "request";

type Field = { readonly shift: bigint; readonly bits: bigint; readonly curie: DuoCurie };

/** Layout above the 48 bits of the terms, as in `contracts/research/DataUse.sol`. */
export const DATA_USE_FIELDS: Readonly<Record<DuoParameter, Field>> = {
  publishFrom: { shift: 48n, bits: 16n, curie: "DUO:0000024" },
  months: { shift: 64n, bits: 16n, curie: "DUO:0000025" },
  region: { shift: 80n, bits: 16n, curie: "DUO:0000022" },
  institution: { shift: 96n, bits: 32n, curie: "DUO:0000028" },
  disease: { shift: 128n, bits: 32n, curie: "DUO:0000007" },
  researchType: { shift: 160n, bits: 32n, curie: "DUO:0000012" },
  users: { shift: 192n, bits: 32n, curie: "DUO:0000026" },
  project: { shift: 224n, bits: 32n, curie: "DUO:0000027" },
};

const PARAMETERS = Object.keys(DATA_USE_FIELDS) as readonly DuoParameter[];
const CURIES = Object.keys(DUO_TERMS) as readonly DuoCurie[];
const TERM_BITS = 48n;
const LAST_REGION = 999;
const DAY_MS = 86_400_000;
const NO_RESTRICTION = "DUO:0000004";
const ANCESTRY = "DUO:0000011";
const CLINICAL_CARE = "DUO:0000043";
const NO_ANCESTRY = "DUO:0000044";

/**
 * The word of a dataset's terms.
 *
 * @param terms CURIEs of DUO: one permission, and modifiers.
 * @param parameters What the terms need besides.
 * @example
 * const terms = dataUseOf(["DUO:0000006", "DUO:0000025", "DUO:0000046"], { months: 24 });
 */
export function dataUseOf(terms: readonly string[], parameters: DataUseParameters = {}): bigint {
  return wordOf("dataset", terms, parameters);
}

/**
 * The word of a request: its purposes, and every term that the use keeps or accepts.
 *
 * @param terms CURIEs of DUO. What is not stated counts as not kept.
 * @param parameters What the terms need besides.
 * @example
 * const request = dataUseRequestOf(["DUO:0000006", "DUO:0000018", "DUO:0000025"], { months: 12 });
 */
export function dataUseRequestOf(terms: readonly string[], parameters: DataUseParameters = {}): bigint {
  return wordOf("request", terms, parameters);
}

/**
 * Terms and parameters of a dataset's word.
 *
 * @example
 * const { terms, parameters } = readDataUse(word); // ["DUO:0000006", …]
 */
export function readDataUse(word: bigint): DataUse {
  return read("dataset", word);
}

/**
 * Terms and parameters of a request's word.
 *
 * @example
 * const { terms } = readDataUseRequest(word);
 */
export function readDataUseRequest(word: bigint): DataUse {
  return read("request", word);
}

/** Whether the word has the term. */
export function hasTerm(word: bigint, curie: DuoCurie): boolean {
  return ((word >> BigInt(DUO_TERMS[curie].number)) & 1n) === 1n;
}

/** The parameter of a word; 0 when it has none. */
export function parameterOf(word: bigint, parameter: DuoParameter): number {
  const { shift, bits } = DATA_USE_FIELDS[parameter];
  return Number((word >> shift) & ((1n << bits) - 1n));
}

/** Throw the fault of a word, if it has one, in the contract's order. */
export function checkDataUse(role: DataUseRole, word: bigint): void {
  let unknown = word & ((1n << TERM_BITS) - 1n);
  for (const curie of CURIES) if (isTermOf(role, curie)) unknown &= ~bitOf(curie);
  if (unknown !== 0n) throw unknownTerm(role, `DUO:${String(lowest(unknown)).padStart(7, "0")}`);
  if (role === "dataset") checkPermission(word);
  else checkPurposes(word);
  for (const curie of CURIES.filter((each) => hasTerm(word, each))) {
    const { parameter } = DUO_TERMS[curie];
    if (parameter !== undefined && parameterOf(word, parameter) === 0) {
      throw researchError("DuoParameterMissing", { curie, parameter });
    }
  }
  // Clinical care may be for a disease too.
  const mayHaveDisease = role === "request" && hasTerm(word, CLINICAL_CARE);
  const stray = PARAMETERS.filter((parameter) => parameterOf(word, parameter) !== 0)
    .map((parameter) => ({ parameter, curie: DATA_USE_FIELDS[parameter].curie }))
    .filter(({ parameter, curie }) => !hasTerm(word, curie) && !(parameter === "disease" && mayHaveDisease))
    .sort((left, right) => DUO_TERMS[left.curie].number - DUO_TERMS[right.curie].number);
  if (stray[0] !== undefined) throw researchError("DuoParameterStray", stray[0]);
  const region = parameterOf(word, "region");
  if (region > LAST_REGION) throw researchError("DuoRegionOutOfRange", { region });
}

function checkPermission(word: bigint): void {
  const held = CURIES.filter((curie) => hasTerm(word, curie));
  const [permission, other] = held.filter((curie) => DUO_TERMS[curie].kind === "permission");
  if (permission === undefined) throw researchError("DuoPermissionMissing");
  if (other !== undefined) throw contradiction(permission, other);
  const excluded = held.find((curie) =>
    permission === NO_RESTRICTION
      ? curie !== NO_RESTRICTION
      : permission === ANCESTRY && (curie === CLINICAL_CARE || curie === NO_ANCESTRY),
  );
  if (excluded !== undefined) throw contradiction(permission, excluded);
}

function checkPurposes(word: bigint): void {
  if (!CURIES.some((curie) => isPurpose(curie) && hasTerm(word, curie)))
    throw researchError("DuoPurposeMissing");
  if (hasTerm(word, ANCESTRY) && hasTerm(word, NO_ANCESTRY)) throw contradiction(ANCESTRY, NO_ANCESTRY);
}

/** Whether a request can name the term as its purpose. */
export function isPurpose(curie: DuoCurie): boolean {
  const { kind } = DUO_TERMS[curie];
  return kind === "purpose" || (kind === "permission" && curie !== NO_RESTRICTION);
}

function isTermOf(role: DataUseRole, curie: DuoCurie): boolean {
  return DUO_TERMS[curie].kind !== "heading" && (role === "dataset" || curie !== NO_RESTRICTION);
}

function wordOf(role: DataUseRole, terms: readonly string[], parameters: DataUseParameters): bigint {
  checkList("terms", terms, CURIES.length);
  checkObject("parameters", parameters);
  let word = 0n;
  for (const [index, text] of terms.entries()) {
    const curie = checkCurie(role, text, `terms[${index}]`);
    if (hasTerm(word, curie)) throw researchError("DuoTermTwice", { curie });
    word |= bitOf(curie);
  }
  for (const name of Object.keys(parameters)) {
    const expected = `one of ${PARAMETERS.join(", ")}`;
    if (!(PARAMETERS as readonly string[]).includes(name))
      throw inputError("parameters", "it has an unknown name", expected);
  }
  for (const parameter of PARAMETERS) {
    const value = parameters[parameter];
    if (value === undefined) continue;
    const { shift, bits } = DATA_USE_FIELDS[parameter];
    const place = `parameters.${parameter}`;
    const number =
      parameter === "publishFrom"
        ? dayOfText(place, value as string)
        : checkNumber(place, value as number, Number(bits), 1);
    word |= BigInt(number) << shift;
  }
  checkDataUse(role, word);
  return word;
}

function read(role: DataUseRole, word: bigint): DataUse {
  checkBigint("word", word, 256);
  checkDataUse(role, word);
  const given = PARAMETERS.map((parameter) => [parameter, parameterOf(word, parameter)] as const)
    .filter(([, value]) => value !== 0)
    .map(([parameter, value]) => [parameter, parameter === "publishFrom" ? textOfDay(value) : value]);
  return {
    terms: CURIES.filter((curie) => hasTerm(word, curie)),
    parameters: Object.fromEntries(given) as DataUseParameters,
  };
}

function checkCurie(role: DataUseRole, text: string, place: string): DuoCurie {
  if (typeof text !== "string" || !/^DUO:\d{7}$/.test(text))
    throw researchError("DuoCurieInvalid", { place });
  if (!Object.hasOwn(DUO_TERMS, text) || !isTermOf(role, text as DuoCurie)) throw unknownTerm(role, text);
  return text as DuoCurie;
}

function unknownTerm(role: DataUseRole, curie: string): Error {
  const noRestriction = "the purpose itself, such as DUO:0000042";
  const instead =
    curie === NO_RESTRICTION
      ? noRestriction
      : (DUO_INSTEAD[curie] ?? "one of the terms that `DUO_TERMS` lists, headings left aside");
  const word = role === "dataset" ? "a dataset" : "a request";
  return researchError("DuoTermUnknown", { curie, word, instead });
}

function contradiction(curie: DuoCurie, other: DuoCurie): Error {
  return researchError("DuoTermsContradict", { curie, other });
}

function bitOf(curie: DuoCurie): bigint {
  return 1n << BigInt(DUO_TERMS[curie].number);
}

function lowest(bits: bigint): number {
  return (bits & -bits).toString(2).length - 1;
}

function dayOfText(parameter: string, text: string): number {
  const expected = "a day as `YYYY-MM-DD`, from 1970-01-02 to 2149-06-06";
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text))
    throw inputError(parameter, "it is no day", expected);
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  if (Number.isNaN(day) || textOfDay(day) !== text) throw inputError(parameter, "it is no day", expected);
  if (day < 1 || day >= 2 ** 16) throw inputError(parameter, "it is out of range", expected);
  return day;
}

function textOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
