import { SECTOR_BITS, type Sector } from "../../core/duties.ts";
import { BTG_MASK } from "./codes.ts";
import type { Provision } from "./provisions.ts";
import type { Region } from "./regions.ts";
import type { RuleAudience } from "./types.ts";

/** One question: who asks, about what, for which purpose, when. */
export interface Question {
  /** Member, 0 for one that nobody names. */
  readonly grantee: number;
  readonly sectors: ReadonlySet<string>;
  /** Mask of one category. */
  readonly category: number;
  /** Mask of one purpose. */
  readonly purpose: bigint;
  readonly time: number;
}

/** What a tree of provisions answers, and which provision says so. */
export interface Answer {
  readonly permitted: boolean;
  readonly by: Provision;
}

/** Most questions that are compared; beyond them a consent is refused as too fine. */
export const QUESTIONS_MOST = 250_000;

/** Whether an audience takes in who asks. */
export function includes(audience: RuleAudience, { grantee, sectors }: Question): boolean {
  if (audience.grantee !== undefined) return audience.grantee === grantee;
  return audience.sector === "EVERYONE" || sectors.has(audience.sector);
}

/** Whether a block holds a question. */
export function holds(box: Region, question: Question): boolean {
  return (
    (box.categories & question.category) !== 0 &&
    (box.purposes & question.purpose) !== 0n &&
    box.from <= question.time &&
    question.time < box.until &&
    includes(box.audience, question)
  );
}

/** What a provision answers to a question that it holds: its exceptions come first, and among them a deny beats a permit. */
export function answer(provision: Provision, question: Question): Answer {
  let found: Answer | undefined;
  for (const child of provision.children) {
    if (!speaksAbout(child, question)) continue;
    const said = answer(child, question);
    if (!said.permitted) return said;
    found ??= said;
  }
  return found ?? { permitted: provision.effect === "permit", by: provision };
}

/** Whether a provision's own criteria hold a question. A deny of BTG is about nothing else, and nothing else is about BTG. */
export function speaksAbout(provision: Provision, question: Question): boolean {
  const { audiences, categories, purposes, from, until } = provision;
  return (
    from <= question.time &&
    question.time < until &&
    (categories === undefined || (categories & question.category) !== 0) &&
    (purposes === undefined || (purposes & question.purpose) !== 0n) &&
    (audiences === undefined || audiences.some((audience) => includes(audience, question)))
  );
}

/**
 * Questions that tell apart all that these blocks and provisions tell apart, from `now` on: one of each kind.
 *
 * @returns undefined when there would be more than {@link QUESTIONS_MOST}.
 */
export function questionsOf(
  provisions: readonly Provision[],
  boxes: readonly Region[],
  now: number,
  registered: number,
  purposes: bigint,
): Question[] | undefined {
  const audiences = [
    ...provisions.flatMap((each) => each.audiences ?? []),
    ...boxes.map((box) => box.audience),
  ];
  const members = [...new Set([0, ...audiences.flatMap(({ grantee }) => grantee ?? [])])];
  const sectors = [
    ...new Set(
      audiences.flatMap(({ sector }) => (sector === undefined || sector === "EVERYONE" ? [] : [sector])),
    ),
  ].sort((one, other) => SECTOR_BITS[one] - SECTOR_BITS[other]);
  const all = [...provisions, ...boxes];
  const categories = kindsOf(
    bits32(registered),
    all.flatMap((each) => (each.categories === undefined ? [] : [each.categories])),
    (mask, bit) => (mask & bit) !== 0,
  );
  const reasons = kindsOf(
    bits64(purposes & ~BTG_MASK),
    all.flatMap((each) => (each.purposes === undefined ? [] : [each.purposes])),
    (mask, bit) => (mask & bit) !== 0n,
  );
  const times = [...new Set([now, ...all.flatMap(({ from, until }) => [from, until])])].filter(
    (time) => time >= now && time < 0xffff_ffff,
  );
  const groups = subsets(sectors);
  const count = members.length * groups.length * categories.length * reasons.length * times.length;
  if (count > QUESTIONS_MOST) return undefined;
  return members.flatMap((grantee) =>
    groups.flatMap((group) =>
      categories.flatMap((category) =>
        reasons.flatMap((purpose) =>
          times.map((time) => ({ grantee, sectors: group, category, purpose, time })),
        ),
      ),
    ),
  );
}

/** One bit of each kind: bits in the same masks are alike. */
function kindsOf<Mask>(
  bits: readonly Mask[],
  masks: readonly Mask[],
  has: (mask: Mask, bit: Mask) => boolean,
): Mask[] {
  const kinds = new Map<string, Mask>();
  for (const bit of bits) {
    const kind = masks.map((mask) => (has(mask, bit) ? "1" : "0")).join("");
    if (!kinds.has(kind)) kinds.set(kind, bit);
  }
  return [...kinds.values()];
}

function bits32(mask: number): number[] {
  return Array.from({ length: 32 }, (_, bit) => (1 << bit) >>> 0).filter((bit) => (mask & bit) !== 0);
}

function bits64(mask: bigint): bigint[] {
  return Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit)).filter((bit) => (mask & bit) !== 0n);
}

function subsets(sectors: readonly Sector[]): ReadonlySet<string>[] {
  return Array.from(
    { length: 2 ** sectors.length },
    (_, choice) => new Set(sectors.filter((_sector, index) => ((choice >>> index) & 1) === 1)),
  );
}
