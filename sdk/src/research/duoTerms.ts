/**
 * The 25 terms of the GA4GH Data Use Ontology (DUO), release 2021-02-23: the rows of its `duo.csv`. Numbers, shorthands and
 * labels are DUO's; the rules are this project's reading of its definitions.
 *
 * Source: https://github.com/EBISPOT/DUO, http://purl.obolibrary.org/obo/duo/releases/2021-02-23/duo.owl. DUO is licensed
 * under CC BY 4.0 (http://creativecommons.org/licenses/by/4.0/) by the GA4GH Data Use and Researcher Identities work stream.
 */

/** Release of DUO that the terms are of. */
export const DUO_RELEASE = "2021-02-23";

/**
 * What a term does: a `heading` only groups others; a `permission` says for what a dataset may be used, a `purpose` adds one
 * use; a `restriction` narrows the use and an `obligation` is accepted with it.
 */
export type DuoKind = "heading" | "permission" | "purpose" | "restriction" | "obligation";

/** What a term needs besides itself. */
export type DuoParameter =
  "disease" | "researchType" | "region" | "publishFrom" | "months" | "users" | "project" | "institution";

/** One term. */
export interface DuoTerm {
  /** Number in DUO, and the term's bit. */
  readonly number: number;
  /** DUO's short form; headings have none. */
  readonly shorthand: string;
  /** DUO's label. */
  readonly label: string;
  readonly kind: DuoKind;
  /** What the term needs besides itself, if anything. */
  readonly parameter?: DuoParameter;
  /** What a request must state where a dataset has the term. */
  readonly rule: string;
}

const TERMS = {
  "DUO:0000001": {
    number: 1,
    shorthand: "",
    label: "data use permission",
    kind: "heading",
    rule: "Groups the permissions; tags nothing.",
  },
  "DUO:0000004": {
    number: 4,
    shorthand: "NRES",
    label: "no restriction",
    kind: "permission",
    rule: "Every purpose is permitted, and nothing else is asked.",
  },
  "DUO:0000006": {
    number: 6,
    shorthand: "HMB",
    label: "health or medical or biomedical research",
    kind: "permission",
    rule: "Ask for health, medical or biomedical research (DUO:0000006) or for that of a disease (DUO:0000007), not for ancestry.",
  },
  "DUO:0000007": {
    number: 7,
    shorthand: "DS",
    label: "disease specific research",
    kind: "permission",
    parameter: "disease",
    rule: "Ask for research on a disease (DUO:0000007) with the dataset's own disease tag.",
  },
  "DUO:0000011": {
    number: 11,
    shorthand: "POA",
    label: "population origins or ancestry research only",
    kind: "permission",
    rule: "Ask for research on population origins or ancestry (DUO:0000011), and for nothing else.",
  },
  "DUO:0000012": {
    number: 12,
    shorthand: "RS",
    label: "research specific restrictions",
    kind: "restriction",
    parameter: "researchType",
    rule: "State DUO:0000012 with the dataset's own tag of the type of research.",
  },
  "DUO:0000015": {
    number: 15,
    shorthand: "NMDS",
    label: "no general methods research",
    kind: "restriction",
    rule: "State DUO:0000015: no methods, software or algorithms are developed.",
  },
  "DUO:0000016": {
    number: 16,
    shorthand: "GSO",
    label: "genetic studies only",
    kind: "restriction",
    rule: "State DUO:0000016: genotypes are studied, alone or with phenotypes.",
  },
  "DUO:0000017": {
    number: 17,
    shorthand: "",
    label: "data use modifier",
    kind: "heading",
    rule: "Groups the modifiers; tags nothing.",
  },
  "DUO:0000018": {
    number: 18,
    shorthand: "NPUNCU",
    label: "not for profit, non commercial use only",
    kind: "restriction",
    rule: "State DUO:0000018, or DUO:0000045 and DUO:0000046: not for profit, and no commercial use.",
  },
  "DUO:0000019": {
    number: 19,
    shorthand: "PUB",
    label: "publication required",
    kind: "obligation",
    rule: "State DUO:0000019: results will be made available.",
  },
  "DUO:0000020": {
    number: 20,
    shorthand: "COL",
    label: "collaboration required",
    kind: "obligation",
    rule: "State DUO:0000020: the study's investigators are worked with.",
  },
  "DUO:0000021": {
    number: 21,
    shorthand: "IRB",
    label: "ethics approval required",
    kind: "obligation",
    rule: "State DUO:0000021: the ethics approval is there and its document is handed in.",
  },
  "DUO:0000022": {
    number: 22,
    shorthand: "GS",
    label: "geographical restriction",
    kind: "restriction",
    parameter: "region",
    rule: "State DUO:0000022 with the dataset's own region: the data stay within it.",
  },
  "DUO:0000024": {
    number: 24,
    shorthand: "MOR",
    label: "publication moratorium",
    kind: "obligation",
    parameter: "publishFrom",
    rule: "State DUO:0000024 with a first day of publication no earlier than the dataset's.",
  },
  "DUO:0000025": {
    number: 25,
    shorthand: "TS",
    label: "time limit on use",
    kind: "restriction",
    parameter: "months",
    rule: "State DUO:0000025 with no more months than the dataset allows.",
  },
  "DUO:0000026": {
    number: 26,
    shorthand: "US",
    label: "user specific restriction",
    kind: "restriction",
    parameter: "users",
    rule: "State DUO:0000026 with the dataset's own tag of the approved users.",
  },
  "DUO:0000027": {
    number: 27,
    shorthand: "PS",
    label: "project specific restriction",
    kind: "restriction",
    parameter: "project",
    rule: "State DUO:0000027 with the dataset's own tag of the approved project.",
  },
  "DUO:0000028": {
    number: 28,
    shorthand: "IS",
    label: "institution specific restriction",
    kind: "restriction",
    parameter: "institution",
    rule: "State DUO:0000028 with the member id of the approved institution.",
  },
  "DUO:0000029": {
    number: 29,
    shorthand: "RTN",
    label: "return to database or resource",
    kind: "obligation",
    rule: "State DUO:0000029: derived and enriched data go back to the source.",
  },
  "DUO:0000042": {
    number: 42,
    shorthand: "GRU",
    label: "general research use",
    kind: "permission",
    rule: "Any research purpose: DUO:0000042, DUO:0000006, DUO:0000007 or DUO:0000011.",
  },
  "DUO:0000043": {
    number: 43,
    shorthand: "CC",
    label: "clinical care use",
    kind: "purpose",
    rule: "Leave clinical care (DUO:0000043) out: the dataset has no term that allows it.",
  },
  "DUO:0000044": {
    number: 44,
    shorthand: "NPOA",
    label: "population origins or ancestry research prohibited",
    kind: "restriction",
    rule: "Leave ancestry (DUO:0000011) out; for general research (DUO:0000042) state DUO:0000044 too.",
  },
  "DUO:0000045": {
    number: 45,
    shorthand: "NPU",
    label: "not for profit organisation use only",
    kind: "restriction",
    rule: "State DUO:0000045: the requester is a not-for-profit organisation.",
  },
  "DUO:0000046": {
    number: 46,
    shorthand: "NCU",
    label: "non-commercial use only",
    kind: "restriction",
    rule: "State DUO:0000046: the use is not commercial.",
  },
} as const satisfies Readonly<Record<string, DuoTerm>>;

/** A term's CURIE. */
export type DuoCurie = keyof typeof TERMS;

/** The 25 terms by CURIE, in DUO's order of numbers. */
export const DUO_TERMS: Readonly<Record<DuoCurie, DuoTerm>> = TERMS;

/** What to say in place of CURIEs that DUO made obsolete, or has for other ends. */
export const DUO_INSTEAD: Readonly<Record<string, string>> = {
  "DUO:0000002": "one of the permissions DUO:0000004, 0000006, 0000007, 0000011 and 0000042",
  "DUO:0000003": "one of the modifiers, such as DUO:0000012",
  "DUO:0000005": "DUO:0000042 and DUO:0000043",
  "DUO:0000014": "DUO:0000042 without DUO:0000043",
  "DUO:0000031": "no DUO:0000015, in a request for DUO:0000042 or DUO:0000006",
  "DUO:0000032": "DUO:0000012 with a tag of the population",
  "DUO:0000033": "DUO:0000011",
  "DUO:0000034": "DUO:0000012 with a tag of the age category",
  "DUO:0000035": "DUO:0000012 with a tag of the gender category",
  "DUO:0000036": "DUO:0000012 with a tag for controls",
  "DUO:0000037": "DUO:0000006",
  "DUO:0000038": "DUO:0000006 and DUO:0000016",
  "DUO:0000039": "DUO:0000006 and DUO:0000012 with a tag of drug development",
  "DUO:0000040": "DUO:0000007 with the disease's tag",
};
