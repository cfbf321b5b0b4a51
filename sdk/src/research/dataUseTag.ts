import { concat, keccak256, toUtf8Bytes } from "ethers";

import { checkBytes32, checkList, checkName, checkNumber, checkObject, inputError } from "../core/input.ts";
import type { DuoParameter } from "./duoTerms.ts";

/** Parameters that stand as tags, so that the chain shows no disease, study type, project or user. */
export type TaggedParameter = Extract<DuoParameter, "disease" | "researchType" | "users" | "project">;

const TAGGED: readonly TaggedParameter[] = ["disease", "researchType", "users", "project"];
/** A tag is the first 32 of 256 bits. */
const TAG_SHIFT = 224n;
/** A CURIE: prefix, colon, local name. */
const CURIE = /^[A-Za-z][\w.-]*:[\w.-]+$/;

/** What a tag is made of. */
export interface DataUseTagParams {
  /**
   * The dataset's salt: 32 random bytes in hexadecimal, kept by the custodian and given to those who apply. Known to all, it
   * would let anybody try every disease.
   */
  readonly salt: string;
  /** Parameter that the tag is for. */
  readonly parameter: TaggedParameter;
  /**
   * For a disease the CURIE of an ontology, MONDO as DUO recommends (`MONDO:0004992`); for a type of research an EDAM topic
   * (`EDAM:topic_3063`); for users and projects the custodian's own name of the list or project.
   */
  readonly value: string;
}

/** Where to look for a tag's meaning. */
export interface MatchDataUseTagParams extends Omit<DataUseTagParams, "value"> {
  /** The tag in the dataset's word. */
  readonly tag: number;
  /** The study's own value and every wider one, such as all classes above its disease. */
  readonly candidates: readonly string[];
}

/**
 * The tag of a disease, type of research, project or list of users, for a word of research terms: 32 bits, not zero.
 *
 * @example
 * const disease = dataUseTag({ salt, parameter: "disease", value: "MONDO:0004992" });
 * const terms = dataUseOf(["DUO:0000007"], { disease });
 */
export function dataUseTag(params: DataUseTagParams): number {
  const { salt, parameter, value } = checkObject("params", params);
  return tagOf(checkSalt(salt), checkParameter(parameter), checkValue("value", parameter, value));
}

/**
 * Which of the candidates a dataset's tag stands for: a study of melanoma may use a dataset for cancer, and then states the
 * dataset's tag. One for lung cancer alone does not match.
 *
 * @returns The candidate, or undefined when the tag is none of them.
 * @example
 * const within = matchDataUseTag({ salt, parameter: "disease", tag, candidates: ["MONDO:0005105", "MONDO:0004992"] });
 */
export function matchDataUseTag(params: MatchDataUseTagParams): string | undefined {
  const { salt, parameter, tag, candidates } = checkObject("params", params);
  checkSalt(salt);
  checkParameter(parameter);
  checkNumber("tag", tag, 32, 1);
  checkList("candidates", candidates, 10_000);
  for (const [index, value] of candidates.entries()) checkValue(`candidates[${index}]`, parameter, value);
  return candidates.find((value) => tagOf(salt, parameter, value) === tag);
}

function tagOf(salt: string, parameter: TaggedParameter, value: string): number {
  let hash = keccak256(concat([salt, toUtf8Bytes(`${parameter}\0${value}`)]));
  for (;;) {
    const tag = Number(BigInt(hash) >> TAG_SHIFT);
    if (tag !== 0) return tag;
    hash = keccak256(hash);
  }
}

function checkSalt(salt: string): string {
  return checkBytes32("salt", salt, false);
}

function checkParameter(parameter: TaggedParameter): TaggedParameter {
  return TAGGED[checkName("parameter", parameter, TAGGED)]!;
}

function checkValue(place: string, parameter: TaggedParameter, value: string): string {
  const isCurie = parameter === "disease" || parameter === "researchType";
  const expected = isCurie
    ? "a CURIE of an ontology, such as MONDO:0004992"
    : "a name without blanks around it";
  if (typeof value !== "string") throw inputError(place, "it is no text", expected);
  const fits = isCurie ? CURIE.test(value) : value !== "" && value.trim() === value;
  if (!fits) throw inputError(place, `it is no ${isCurie ? "CURIE" : "name"}`, expected);
  return value;
}
