import type { Client } from "../core/client.ts";
import { consentError } from "./errors.ts";
import { type AudienceWords, DELEGATE_NUMBER_FIRST, RULE_NUMBER_LAST } from "./input.ts";
import { type RuleWords, readRule } from "./read.ts";

/**
 * How far a denial or a revocation reaches above the version that stands, so that permits which were signed and not yet
 * relayed die with it, whichever comes first. The chain takes up to 16.
 */
export const VERSIONS_OVERRULED = 8;

/** A place that a rule is written to. */
export interface RulePlace extends AudienceWords {
  readonly number: number;
  /** Version that stands there. */
  readonly version: number;
}

/** Rules of a subject as they stand, and as they will after what is being prepared. */
export interface RuleBook {
  /** The place that was named, or the first that is free. Throws `ConsentNumbersTaken`. */
  place(audience: AudienceWords, number: number | undefined): Promise<RulePlace>;
  /** Remember that a place will be written (or freed) and stand at a version. */
  write(place: RulePlace, version: number, taken: boolean): void;
}

interface Entry {
  readonly version: number;
  readonly taken: boolean;
}

/** Open the rules of a subject for one signer: delegates write numbers 4 to 7 only. */
export function openRuleBook(
  client: Client,
  { subject, delegate, epoch, now }: { subject: string; delegate: number; epoch: number; now: number },
): RuleBook {
  const entries = new Map<string, Promise<Entry>>();
  const nameOf = ({ grantee, sector }: AudienceWords, number: number): string =>
    `${grantee}:${sector}:${number}`;
  const entryOf = (audience: AudienceWords, number: number): Promise<Entry> => {
    const name = nameOf(audience, number);
    const known = entries.get(name);
    if (known !== undefined) return known;
    const read = readRule(client, subject, audience, number).then((rule) => ({
      version: rule.version,
      taken: isWanted(rule, epoch, now),
    }));
    entries.set(name, read);
    return read;
  };
  const first = delegate === 0 ? 0 : DELEGATE_NUMBER_FIRST;
  return {
    place: async (audience, number) => {
      if (number !== undefined)
        return { ...audience, number, version: (await entryOf(audience, number)).version };
      const numbers = Array.from({ length: RULE_NUMBER_LAST - first + 1 }, (_, index) => first + index);
      const found = await Promise.all(numbers.map((each) => entryOf(audience, each)));
      const free = found.findIndex(({ taken }) => !taken);
      if (free === -1) throw consentError("ConsentNumbersTaken", { first, last: RULE_NUMBER_LAST });
      return { ...audience, number: first + free, version: found[free]!.version };
    },
    write: (place, version, taken) => {
      entries.set(nameOf(place, place.number), Promise.resolve({ version, taken }));
    },
  };
}

/** Whether a rule counts, or will: one whose window lies ahead must not be written over by chance. */
function isWanted(rule: RuleWords, epoch: number, now: number): boolean {
  if (rule.live) return true;
  const isAhead = rule.validFrom > now && rule.validUntil > now;
  return rule.kind !== "None" && isAhead && (rule.kind === "Deny" || rule.epoch === epoch);
}
