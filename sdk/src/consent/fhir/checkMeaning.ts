import type { ProblemList } from "../../core/fhir/errors.ts";
import { KNOWN_PURPOSES } from "./codes.ts";
import { type CompiledRules, NOT_IN_RULES } from "./compile.ts";
import { type Question, answer, holds, questionsOf, speaksAbout } from "./meaning.ts";
import type { Provision } from "./provisions.ts";
import { type Region, sameAudience, withinAudience } from "./regions.ts";
import type { ConsentReading, RuleAudience, RuleToEnd, StandingRule } from "./types.ts";

/** Most rules of one grantee; a delegate writes the last four. */
const NUMBERS = 8;
const NUMBERS_OF_DELEGATES = 4;
/** Most changes under one signature. */
const CHANGES = 32;

interface Standing extends Region {
  readonly rule: StandingRule;
}

/**
 * Compare what the rules say with what the consent says, on every kind of question that either tells apart, alone and beside
 * the rules that stand. What differs is a problem.
 *
 * @returns The standing rules that contradict the consent and say nothing beyond it.
 */
export function checkMeaning(
  root: Provision,
  rules: CompiledRules,
  reading: ConsentReading,
  delegate: number,
  registered: number,
  problems: ProblemList,
): RuleToEnd[] {
  const standing = (reading.standing ?? [])
    .filter(({ validUntil }) => validUntil > reading.now)
    .map((rule) => ({ ...regionOf(rule), rule }));
  const provisions = allOf(root);
  const boxes = [...rules.permits, ...rules.denies, ...standing];
  const questions = questionsOf(provisions, boxes, reading.now, registered, KNOWN_PURPOSES);
  if (questions === undefined) {
    problems.add(
      "OutOfRange",
      root.path,
      "It tells more cases apart than can be compared with its rules.",
      "Split it into several consents with fewer actors, categories, purposes and periods.",
    );
    return [];
  }
  const wrong = questions.flatMap((question) => differenceAlone(root, rules, question) ?? []);
  if (wrong.length > 0) {
    const { path, audiences } = wrong.reduce((one, other) =>
      other.path.length > one.path.length ? other : one,
    );
    problems.add("NotSupported", audiences === undefined ? path : `${path}.actor`, ...NOT_IN_RULES);
    return [];
  }
  const ended = new Set<Standing>();
  for (const question of questions) {
    sameBeside(root, rules, standing, question, ended, { reading, delegate, problems });
  }
  const revocations = [...ended].map(({ rule }) => ({ ...audienceOf(rule), number: rule.number }));
  checkRoom(root, rules, standing, ended, delegate, problems);
  return revocations;
}

function allOf(provision: Provision): Provision[] {
  return [provision, ...provision.children.flatMap(allOf)];
}

/** The provision that decides a question which the rules by themselves decide otherwise. */
function differenceAlone(root: Provision, rules: CompiledRules, question: Question): Provision | undefined {
  const permitted = rules.permits.some((box) => holds(box, question));
  const denied = rules.denies.some((box) => holds(box, question));
  const concerned = speaksAbout(root, question);
  const said = concerned ? answer(root, question) : { permitted: false, by: root };
  return said.permitted === (permitted && !denied) && (concerned || !denied) ? undefined : said.by;
}

function sameBeside(
  root: Provision,
  rules: CompiledRules,
  standing: readonly Standing[],
  question: Question,
  ended: Set<Standing>,
  { reading, delegate, problems }: { reading: ConsentReading; delegate: number; problems: ProblemList },
): void {
  if (!speaksAbout(root, question)) return;
  const { permitted, by } = answer(root, question);
  const against = standing.filter(
    (each) => (each.rule.kind === "Deny") === permitted && !ended.has(each) && holds(each, question),
  );
  const denied =
    rules.denies.some((box) => holds(box, question)) ||
    standing.some((each) => each.rule.kind === "Deny" && holds(each, question));
  for (const each of against) {
    const { number } = each.rule;
    if (permitted) {
      problems.add(
        "Mismatch",
        by.path,
        `It permits what a standing deny (number ${number}) refuses, and a deny beats every permit.`,
        "Revoke that deny first, if this consent replaces it; otherwise leave out what it denies.",
      );
    } else if (denied) {
      continue; // A permit beside a deny permits nothing.
    } else if (each.rule.delegate !== delegate && delegate !== 0) {
      problems.add(
        "Mismatch",
        by.path,
        `It denies what a standing permit (number ${number}) allows, which this delegate did not set.`,
        "Have the patient sign the consent, or revoke that permit first.",
      );
    } else if (!liesWithin(each, root, reading.now)) {
      problems.add(
        "Mismatch",
        by.path,
        `It denies what a standing permit (number ${number}) allows, and that permit says more than this consent is about.`,
        "Replace that permit by one without this part first.",
      );
    } else ended.add(each);
  }
}

/** Whether all that a standing rule still says is what a provision speaks about. */
function liesWithin(
  box: Region,
  { audiences, categories, purposes, from, until }: Provision,
  now: number,
): boolean {
  return (
    (audiences === undefined || audiences.some((each) => withinAudience(box.audience, each))) &&
    (categories === undefined || (box.categories & ~categories) === 0) &&
    (purposes === undefined || (box.purposes & ~purposes & KNOWN_PURPOSES) === 0n) &&
    Math.max(box.from, now) >= from &&
    box.until <= until
  );
}

function checkRoom(
  root: Provision,
  { permits, denies }: CompiledRules,
  standing: readonly Standing[],
  ended: ReadonlySet<Standing>,
  delegate: number,
  problems: ProblemList,
): void {
  const written = [...permits, ...denies];
  if (written.length + ended.size > CHANGES) {
    problems.add(
      "OutOfRange",
      root.path,
      `It needs ${written.length + ended.size} changes; one signature makes ${CHANGES} at most.`,
      "Split it into several consents.",
    );
  }
  const most = delegate === 0 ? NUMBERS : NUMBERS_OF_DELEGATES;
  for (const { audience, path } of written) {
    const own = written.filter((each) => sameAudience(each.audience, audience)).length;
    const others = standing.filter(
      (each) =>
        !ended.has(each) &&
        each.rule.number >= NUMBERS - most &&
        each.rule.number < NUMBERS &&
        sameAudience(each.audience, audience),
    ).length;
    if (own + others <= most) continue;
    problems.add(
      "OutOfRange",
      path,
      `It needs ${own} rules about one grantee beside ${others} that stand; there is room for ${most}.`,
      "Revoke rules that are not needed, or name fewer categories, purposes and periods apart.",
    );
  }
}

function regionOf(rule: StandingRule): Region {
  const { categories, purposes, validFrom: from, validUntil: until } = rule;
  return { audience: audienceOf(rule), categories, purposes, from, until };
}

function audienceOf({ grantee, sector }: RuleAudience): RuleAudience {
  return sector === undefined ? { grantee } : { sector };
}
