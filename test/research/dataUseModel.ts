/**
 * The reference model of research consent: the published definitions of GA4GH DUO (release 2021-02-23) written down as one
 * predicate a term, over plain sets and numbers. It knows nothing of masks, and shares no code with the contract or the SDK.
 */

/** Terms by DUO's shorthand, with DUO's number. */
export const NUMBERS = {
  NRES: 4,
  HMB: 6,
  DS: 7,
  POA: 11,
  RS: 12,
  NMDS: 15,
  GSO: 16,
  NPUNCU: 18,
  PUB: 19,
  COL: 20,
  IRB: 21,
  GS: 22,
  MOR: 24,
  TS: 25,
  US: 26,
  PS: 27,
  IS: 28,
  RTN: 29,
  GRU: 42,
  CC: 43,
  NPOA: 44,
  NPU: 45,
  NCU: 46,
} as const;

/** A term's shorthand. */
export type Term = keyof typeof NUMBERS;

/** A parameter's first bit and width, and whose it is. */
const FIELDS = {
  publishFrom: [48, 16, "MOR"],
  months: [64, 16, "TS"],
  region: [80, 16, "GS"],
  institution: [96, 32, "IS"],
  disease: [128, 32, "DS"],
  researchType: [160, 32, "RS"],
  users: [192, 32, "US"],
  project: [224, 32, "PS"],
} as const satisfies Record<string, readonly [number, number, Term]>;

/** A parameter's name. */
export type Field = keyof typeof FIELDS;

/** What a dataset or a request says. */
export type Statement = { readonly terms: ReadonlySet<Term>; readonly unknown: boolean } & Readonly<
  Record<Field, number>
>;

/** What is decided: the first term that refuses, or one of the other outcomes. */
export type Answer = Term | "DatasetInvalid" | "RequestInvalid" | "Permitted";

export const TERMS = Object.keys(NUMBERS) as readonly Term[];
export const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[];
export const PERMISSIONS: readonly Term[] = ["NRES", "GRU", "HMB", "DS", "POA"];
export const PURPOSES: readonly Term[] = ["GRU", "HMB", "DS", "POA", "CC"];
export const MODIFIERS: readonly Term[] = TERMS.filter((term) => !PERMISSIONS.includes(term));

/** The term of a parameter. */
export const ownerOf = (field: Field): Term => FIELDS[field][2];

/** The parameter of a term, if it has one. */
export const fieldOf = (term: Term): Field | undefined =>
  FIELD_NAMES.find((field) => ownerOf(field) === term);

/** The CURIE of a term. */
export const curieOf = (term: Term): string => `DUO:${String(NUMBERS[term]).padStart(7, "0")}`;

/** The word that says this. */
export const wordOf = (terms: Iterable<Term>, fields: Partial<Record<Field, number>> = {}): bigint => {
  let word = 0n;
  for (const term of terms) word |= 1n << BigInt(NUMBERS[term]);
  for (const field of FIELD_NAMES) word |= BigInt(fields[field] ?? 0) << BigInt(FIELDS[field][0]);
  return word;
};

/** What a word says. */
export const statementOf = (word: bigint): Statement => {
  const bits = [...Array(48).keys()].filter((bit) => (word >> BigInt(bit)) % 2n === 1n);
  const named = bits.map((bit) => TERMS.find((term) => NUMBERS[term] === bit));
  const number = ([low, width]: readonly [number, number, Term]): number =>
    Number((word >> BigInt(low)) % 2n ** BigInt(width));
  return {
    terms: new Set(named.filter((term) => term !== undefined)),
    unknown: named.includes(undefined),
    publishFrom: number(FIELDS.publishFrom),
    months: number(FIELDS.months),
    region: number(FIELDS.region),
    institution: number(FIELDS.institution),
    disease: number(FIELDS.disease),
    researchType: number(FIELDS.researchType),
    users: number(FIELDS.users),
    project: number(FIELDS.project),
  };
};

/** Whether a dataset can say so. */
const isDataset = (dataset: Statement): boolean => {
  const has = (term: Term): boolean => dataset.terms.has(term);
  if (dataset.unknown || dataset.region > 999) return false;
  if (PERMISSIONS.filter(has).length !== 1) return false;
  if (has("NRES") && dataset.terms.size > 1) return false;
  if (has("POA") && (has("CC") || has("NPOA"))) return false;
  return FIELD_NAMES.every((field) => has(ownerOf(field)) === dataset[field] > 0);
};

/** Whether a request can say so. */
const isRequest = (request: Statement): boolean => {
  const has = (term: Term): boolean => request.terms.has(term);
  if (request.unknown || request.region > 999 || has("NRES")) return false;
  if (!PURPOSES.some(has) || (has("POA") && has("NPOA"))) return false;
  return FIELD_NAMES.every((field) => {
    if (field === "disease" && has("CC") && !has("DS")) return true;
    return has(ownerOf(field)) === request[field] > 0;
  });
};

type Rule = (asks: (term: Term) => boolean, dataset: Statement, request: Statement) => boolean;

/** Each term's definition: whether it lets the request through. */
const RULES: Readonly<Record<Term, Rule>> = {
  // "no restriction on use"
  NRES: () => true,
  // "allowed for health/medical/biomedical purposes; does not include … population origins or ancestry"
  HMB: (asks) => !asks("GRU") && !asks("POA"),
  // "allowed provided it is related to the specified disease"
  DS: (asks, dataset, request) =>
    !asks("GRU") && !asks("HMB") && !asks("POA") && request.disease === dataset.disease,
  // "limited to the study of population origins or ancestry"
  POA: (asks) => !asks("GRU") && !asks("HMB") && !asks("DS"),
  // "allowed for general research use for any research purpose"
  GRU: () => true,
  // "allowed for clinical use and care": asked in `answer`, since it is the absence of the term that refuses
  CC: () => true,
  // "limited to studies of a certain research type"
  RS: (asks, dataset, request) => asks("RS") && request.researchType === dataset.researchType,
  // "does not allow methods development research"
  NMDS: (asks) => asks("NMDS"),
  // "limited to genetic studies only"
  GSO: (asks) => asks("GSO"),
  // "limited to not-for-profit organizations and not-for-profit use, non-commercial use"
  NPUNCU: (asks) => asks("NPUNCU") || (asks("NPU") && asks("NCU")),
  // "requestor agrees to make results … available"
  PUB: (asks) => asks("PUB"),
  // "must agree to collaboration with the primary study investigator(s)"
  COL: (asks) => asks("COL"),
  // "must provide documentation of local IRB/ERB approval"
  IRB: (asks) => asks("IRB"),
  // "limited to within a specific geographic region"
  GS: (asks, dataset, request) => asks("GS") && request.region === dataset.region,
  // "agrees not to publish … until a specific date"
  MOR: (asks, dataset, request) => asks("MOR") && request.publishFrom >= dataset.publishFrom,
  // "approved for a specific number of months"
  TS: (asks, dataset, request) => asks("TS") && request.months <= dataset.months,
  // "limited to use by approved users"
  US: (asks, dataset, request) => asks("US") && request.users === dataset.users,
  // "limited to use within an approved project"
  PS: (asks, dataset, request) => asks("PS") && request.project === dataset.project,
  // "limited to use within an approved institution"
  IS: (asks, dataset, request) => asks("IS") && request.institution === dataset.institution,
  // "must return derived/enriched data"
  RTN: (asks) => asks("RTN"),
  // "population, origin, or ancestry research is prohibited"; general research includes it unless it says not
  NPOA: (asks) => !asks("POA") && (!asks("GRU") || asks("NPOA")),
  // "limited to not-for-profit organizations"
  NPU: (asks) => asks("NPU") || asks("NPUNCU"),
  // "limited to not-for-profit use"
  NCU: (asks) => asks("NCU") || asks("NPUNCU"),
};

/** What the definitions say: the permission is asked first, then clinical care, then the modifiers by number. */
export const answer = (dataset: Statement, request: Statement): Answer => {
  if (!isDataset(dataset)) return "DatasetInvalid";
  if (!isRequest(request)) return "RequestInvalid";
  const lets = (term: Term): boolean => RULES[term]((each) => request.terms.has(each), dataset, request);
  const permission = PERMISSIONS.find((term) => dataset.terms.has(term));
  if (permission === undefined || permission === "NRES") return "Permitted";
  if (!lets(permission)) return permission;
  if (request.terms.has("CC") && !dataset.terms.has("CC")) return "CC";
  const modifiers = MODIFIERS.filter((term) => dataset.terms.has(term));
  modifiers.sort((left, right) => NUMBERS[left] - NUMBERS[right]);
  return modifiers.find((term) => !lets(term)) ?? "Permitted";
};
