import type { ProblemList } from "../../core/fhir/errors.ts";
import { EVERY_PURPOSE } from "../purposes.ts";
import { BTG_MASK, KNOWN_PURPOSES } from "./codes.ts";
import type { Provision } from "./provisions.ts";
import {
  EVERYTHING,
  type Region,
  apart,
  joined,
  overlap,
  sameAudience,
  withinAudience,
  without,
} from "./regions.ts";
import type { RuleAudience } from "./types.ts";

/** A block that a rule permits or denies, and the provision that it comes from. */
export interface RuleRegion extends Region {
  readonly exportable: boolean;
  readonly redisclosable: boolean;
  readonly path: string;
}

/** Blocks as the ledger's rules would have them. */
export interface CompiledRules {
  readonly permits: readonly RuleRegion[];
  readonly denies: readonly RuleRegion[];
}

/** Message and fix for what the ledger's way to decide cannot say. */
export const NOT_IN_RULES = [
  "On the ledger a deny beats every permit, and no member is taken out of the class that a rule is about.",
  "Deny each member by itself, or permit members and classes one by one under OPTOUT.",
] as const;

interface Draft {
  permits: RuleRegion[];
  denies: RuleRegion[];
  readonly problems: ProblemList;
}

/**
 * Turn a tree of provisions into blocks that are permitted and blocks that are denied. On the ledger a deny beats every
 * permit, so an exception to a deny cannot be a permit beside it: where it is about the same audience it is cut out of the
 * deny; where it is about fewer, the deny is cut out of the permit around it instead. Whether what comes out says the same
 * as the tree is for {@link sameMeaning} to find out.
 *
 * @param registered Mask of registered categories: all that a permit can name.
 */
export function compileProvisions(root: Provision, registered: number, problems: ProblemList): CompiledRules {
  const draft: Draft = { permits: [], denies: [], problems };
  const whole = [{ ...EVERYTHING, exportable: false, redisclosable: false, path: root.path }];
  if (root.effect === "permit") permit(root, within(whole, root), false, draft);
  else for (const child of root.children) exception(child, within(whole, root), root, undefined, draft);
  const permits = draft.permits
    .map((box) => ({
      ...box,
      categories: (box.categories & registered) >>> 0,
      purposes: box.purposes & KNOWN_PURPOSES,
    }))
    .filter((box) => box.categories !== 0 && box.purposes !== 0n);
  const denies = draft.denies
    .map((box) => (box.purposes === BTG_MASK ? box : { ...box, purposes: deniedPurposes(box.purposes) }))
    .filter((box) => box.purposes !== 0n);
  const shorter = joined(
    denies,
    (one, other) => (one.purposes === BTG_MASK) === (other.purposes === BTG_MASK),
  );
  return {
    permits: joined(
      permits.filter((box) => !shorter.some((deny) => covers(deny, box))),
      (one, other) => one.exportable === other.exportable && one.redisclosable === other.redisclosable,
    ),
    denies: shorter,
  };
}

/** A deny of all purposes covers those to come; of a deny with exceptions only what has a code can be named. */
function deniedPurposes(mask: bigint): bigint {
  return (mask & EVERY_PURPOSE) === EVERY_PURPOSE ? EVERY_PURPOSE : mask & KNOWN_PURPOSES;
}

function covers(deny: Region, box: Region): boolean {
  return withinAudience(box.audience, deny.audience) && without(box, deny).length === 0;
}

/** What of these blocks a provision speaks about. */
function within(boxes: readonly RuleRegion[], provision: Provision): RuleRegion[] {
  const { audiences, categories, purposes, from, until, path, exportable, redisclosable } = provision;
  const own = {
    categories: categories ?? EVERYTHING.categories,
    purposes: purposes ?? EVERYTHING.purposes,
    from,
    until,
  };
  return boxes.flatMap((box) =>
    narrowed(box.audience, audiences).flatMap(
      (audience) => overlap({ ...box, audience, path, exportable, redisclosable }, own) ?? [],
    ),
  );
}

function narrowed(outer: RuleAudience, named: readonly RuleAudience[] | undefined): RuleAudience[] {
  if (named === undefined) return [outer];
  const found: RuleAudience[] = [];
  for (const each of named) {
    if (apart(outer, each)) continue;
    const inner = withinAudience(outer, each) || outer.grantee !== undefined ? outer : each;
    if (!found.some((other) => sameAudience(other, inner))) found.push(inner);
  }
  return found;
}

/** @param covered Whether a permit around it permits these blocks already. */
function permit(provision: Provision, boxes: RuleRegion[], covered: boolean, draft: Draft): void {
  if (!covered) draft.permits.push(...boxes);
  for (const child of provision.children) exception(child, boxes, provision, provision, draft);
}

/**
 * An exception to a provision.
 * @param outer What the provision around it speaks about.
 * @param around The permit that permits these blocks; undefined where they are denied.
 */
function exception(
  provision: Provision,
  outer: readonly RuleRegion[],
  parent: Provision,
  around: Provision | undefined,
  draft: Draft,
): void {
  const boxes = within(outer, provision);
  if (boxes.length === 0) {
    draft.problems.add(
      "Mismatch",
      provision.path,
      "It lies outside of what it is an exception to, so it never holds.",
      "Correct its actors, categories, purposes or period, or leave it out.",
    );
    return;
  }
  if (aboutAll(provision, boxes, parent, outer)) {
    draft.problems.add(
      "Mismatch",
      provision.path,
      "It is about all of what it is an exception to, so one of the two is not what was meant.",
      "Say what it is about, or leave both out.",
    );
  }
  if (provision.effect === "permit") return permit(provision, boxes, false, draft);
  const exceptions = provision.children.map((child) => ({ child, boxes: within(boxes, child) }));
  for (const { child, boxes: found } of exceptions) {
    if (found.length === 0) exception(child, boxes, provision, undefined, draft);
  }
  const permitted = exceptions.filter(({ child }) => child.effect === "permit");
  const cutOut =
    provision.purposes === BTG_MASK || permitted.every(({ child }) => fits(child, boxes, around));
  const cutBack = outer.every((each) => boxes.some(({ audience }) => sameAudience(audience, each.audience)));
  if (!cutOut && around !== undefined && !cutBack) {
    const { path, audiences } = permitted.find(({ child }) => !fits(child, boxes, around))!.child;
    draft.problems.add("NotSupported", audiences === undefined ? path : `${path}.actor`, ...NOT_IN_RULES);
    return;
  }
  if (cutOut) {
    draft.denies.push(
      ...boxes.flatMap((box) =>
        permitted
          .flatMap(({ boxes: found }) => found.filter(({ audience }) => sameAudience(audience, box.audience)))
          .reduce<RuleRegion[]>((left, hole) => left.flatMap((part) => without(part, hole)), [box]),
      ),
    );
  } else {
    draft.permits = draft.permits.flatMap((box) =>
      boxes
        .filter(({ audience }) => sameAudience(audience, box.audience))
        .reduce<RuleRegion[]>((left, hole) => left.flatMap((part) => without(part, hole)), [box]),
    );
  }
  for (const { child, boxes: found } of exceptions) {
    if (found.length === 0) continue;
    if (child.effect === "deny") exception(child, boxes, provision, undefined, draft);
    else permit(child, found, cutOut && around !== undefined, draft);
  }
}

/** Whether an exception is about all of a provision that is itself about something. */
function aboutAll(
  provision: Provision,
  boxes: readonly RuleRegion[],
  parent: Provision,
  outer: readonly RuleRegion[],
): boolean {
  if (parent.bare) return false;
  if (provision.atCustodian && !parent.atCustodian) return false;
  return outer.every((box) => boxes.some((hole) => covers(hole, box)));
}

/** Whether a permitted exception to a deny is about the same audience as the deny, with the flags of the permit around. */
function fits(child: Provision, boxes: readonly RuleRegion[], around: Provision | undefined): boolean {
  if (
    around !== undefined &&
    (child.exportable !== around.exportable || child.redisclosable !== around.redisclosable)
  ) {
    return false;
  }
  return boxes.every(
    ({ audience }) =>
      child.audiences === undefined ||
      child.audiences.every((each) => apart(each, audience)) ||
      child.audiences.some((each) => withinAudience(audience, each)),
  );
}
