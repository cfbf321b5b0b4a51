import { WITHOUT_END, type RuleAudience } from "./types.ts";

/** A block of questions: one audience, some categories and purposes, a span of time. */
export interface Region {
  readonly audience: RuleAudience;
  readonly categories: number;
  readonly purposes: bigint;
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
}

/** Everything that can be asked. */
export const EVERYTHING: Region = {
  audience: { sector: "EVERYONE" },
  categories: 0xffff_ffff,
  purposes: 2n ** 64n - 1n,
  from: 0,
  until: WITHOUT_END,
};

/** Whether two audiences are the same. */
export function sameAudience(one: RuleAudience, other: RuleAudience): boolean {
  return one.grantee === other.grantee && one.sector === other.sector;
}

/** Whether every member of the one is known to be of the other. */
export function withinAudience(inner: RuleAudience, outer: RuleAudience): boolean {
  return outer.sector === "EVERYONE" || sameAudience(inner, outer);
}

/** Whether two audiences are known to have no member in common. */
export function apart(one: RuleAudience, other: RuleAudience): boolean {
  return one.grantee !== undefined && other.grantee !== undefined && one.grantee !== other.grantee;
}

/** What both speak about in categories, purposes and time; undefined when nothing. The audience is the first one's. */
export function overlap<Box extends Region>(one: Box, other: Omit<Region, "audience">): Box | undefined {
  const categories = (one.categories & other.categories) >>> 0;
  const purposes = one.purposes & other.purposes;
  const from = Math.max(one.from, other.from);
  const until = Math.min(one.until, other.until);
  return categories === 0 || purposes === 0n || from >= until
    ? undefined
    : { ...one, categories, purposes, from, until };
}

/** What is left of a region beside another, whatever its audience: blocks that do not overlap. */
export function without<Box extends Region>(box: Box, other: Omit<Region, "audience">): Box[] {
  const shared = overlap(box, other);
  if (shared === undefined) return [box];
  const { categories, purposes, from, until } = shared;
  const parts: Box[] = [
    { ...box, categories: (box.categories & ~categories) >>> 0 },
    { ...box, categories, purposes: box.purposes & ~purposes },
    { ...box, categories, purposes, until: from },
    { ...box, categories, purposes, from: until },
  ];
  return parts.filter((part) => part.categories !== 0 && part.purposes !== 0n && part.from < part.until);
}

/** Fewer blocks that say the same: those within others fall away, and those that differ in one respect are joined. */
export function joined<Box extends Region>(
  boxes: readonly Box[],
  alike: (one: Box, other: Box) => boolean,
): Box[] {
  const left = [...boxes];
  for (let at = 0; at < left.length; at++) {
    for (let with_ = at + 1; with_ < left.length; with_++) {
      const [one, other] = [left[at]!, left[with_]!];
      if (!sameAudience(one.audience, other.audience) || !alike(one, other)) continue;
      const union = unionOf(one, other);
      if (union === undefined) continue;
      left.splice(with_, 1);
      left[at] = union;
      at = -1;
      break;
    }
  }
  return left;
}

function unionOf<Box extends Region>(one: Box, other: Box): Box | undefined {
  if (without(one, other).length === 0) return other;
  if (without(other, one).length === 0) return one;
  const categories = one.categories === other.categories;
  const purposes = one.purposes === other.purposes;
  const times = one.from === other.from && one.until === other.until;
  if (purposes && times) return { ...one, categories: (one.categories | other.categories) >>> 0 };
  if (categories && times) return { ...one, purposes: one.purposes | other.purposes };
  if (categories && purposes && one.from <= other.until && other.from <= one.until) {
    return { ...one, from: Math.min(one.from, other.from), until: Math.max(one.until, other.until) };
  }
  return undefined;
}
