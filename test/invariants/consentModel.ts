/**
 * The reference model of consents: what the interface file promises, written down a second time as plain data and rules. It
 * knows nothing of words, slots or gas. One patient, whom two delegates may help; two professionals break the glass.
 */

/** Who decides: the patient (0) or a delegate by number. */
export type Speaker = 0 | 1 | 2;

/** Whom a rule is about: a member, or a class. */
export type Place = "north" | "lab" | "insurer" | "hospitals" | "laboratories" | "everyone";
export type Grantee = "north" | "lab" | "insurer";
export type Physician = "vega" | "noor";

/** Masks are of two categories and two purposes; the third purpose is emergency access, which only a deny names. */
export const BTG = 4;
export const Power = { grant: 1, deny: 2, revokeAll: 16, appoint: 64 } as const;

/** Numbers that scripts use: two of the patient's, two that delegates share with her, and the paper's. */
export const NUMBERS = [0, 1, 4, 5] as const;
export const PAPER = 8;

/** What a permit or a deny says. */
export type Terms = {
  readonly speaker: Speaker;
  readonly place: Place;
  readonly number: number;
  readonly categories: number;
  readonly purposes: number;
  readonly from: number;
  readonly until: number;
};

/** A permit that was signed; whether it still counts when it is relayed is another question. */
export type Signed = Terms & { readonly version: number; readonly epoch: number; readonly deadline: number };

/** One act of a script, seconds after the one before. */
export type Act = { readonly after: number } & (
  | { do: "grant" | "withhold"; terms: Terms; stale: boolean; forged: boolean }
  | { do: "relay" }
  | { do: "deny"; terms: Terms; ahead: number; stale: boolean; forged: boolean }
  | { do: "revoke"; speaker: Speaker; place: Place; number: number; ahead: number; forged: boolean }
  | { do: "revokeAll"; speaker: Speaker; forged: boolean }
  | {
      do: "appoint";
      speaker: 0 | 1;
      number: 1 | 2;
      powers: number;
      categories: number;
      purposes: number;
      until: number;
      forged: boolean;
    }
  | { do: "dismiss"; speaker: Speaker; number: 1 | 2; ahead: number; forged: boolean }
  | { do: "paper"; place: Place; categories: number; purposes: number; until: number }
  | { do: "lift"; place: Place }
  | { do: "sectors"; laboratory: boolean }
  | { do: "disclose"; grantee: Grantee; category: number; purpose: number }
  | { do: "breakGlass"; by: Physician }
  | { do: "help"; use: number }
  | { do: "review"; use: number; regulator: boolean; justified: boolean }
);

export type Rule = {
  kind: "none" | "permit" | "deny";
  delegate: number;
  delegationVersion: number;
  version: number;
  epoch: number;
  categories: number;
  purposes: number;
  from: number;
  until: number;
};

export type Delegation = {
  stands: boolean;
  version: number;
  powers: number;
  categories: number;
  purposes: number;
  until: number;
  appointer: number;
  appointerVersion: number;
};

export type Use = {
  readonly by: Physician;
  readonly openedAt: number;
  bound: boolean;
  reviewed: boolean;
  overruled: boolean;
};

export type Model = {
  now: number;
  epoch: number;
  readonly rules: Map<string, Rule>;
  readonly delegations: Map<number, Delegation>;
  readonly uses: Use[];
  /** Whether North General is a laboratory too. */
  northIsLaboratory: boolean;
  withheld: Signed | undefined;
};

const DAY = 86_400;
/** A deny or a revocation reaches this far above the version that stands. */
const REACH = 16;

const NO_RULE: Rule = {
  kind: "none",
  delegate: 0,
  delegationVersion: 0,
  version: 0,
  epoch: 0,
  categories: 0,
  purposes: 0,
  from: 0,
  until: 0,
};
const NO_DELEGATION: Delegation = {
  stands: false,
  version: 0,
  powers: 0,
  categories: 0,
  purposes: 0,
  until: 0,
  appointer: 0,
  appointerVersion: 0,
};

export const newModel = (now: number): Model => ({
  now,
  epoch: 0,
  rules: new Map(),
  delegations: new Map(),
  uses: [],
  northIsLaboratory: false,
  withheld: undefined,
});

export const ruleAt = (model: Model, place: Place, number: number): Rule =>
  model.rules.get(`${place} ${number}`) ?? NO_RULE;
export const delegationAt = (model: Model, number: number): Delegation =>
  model.delegations.get(number) ?? NO_DELEGATION;

const write = (model: Model, place: Place, number: number, rule: Rule): void => {
  model.rules.set(`${place} ${number}`, rule);
};

const within = (part: number, whole: number): boolean => (part & ~whole) === 0;

/** Whether a delegation counts now: it stands, its time runs, and so does the one under which it was appointed. */
export const runs = (model: Model, number: number): boolean => {
  const { stands, until, appointer, appointerVersion } = delegationAt(model, number);
  if (!stands || model.now >= until) return false;
  if (appointer === 0) return true;
  return runs(model, appointer) && delegationAt(model, appointer).version === appointerVersion;
};

/** Whether a rule counts now. */
export const lives = (model: Model, rule: Rule): boolean => {
  if (rule.kind === "none" || model.now < rule.from || model.now >= rule.until) return false;
  if (rule.kind === "deny") return true;
  if (rule.epoch !== model.epoch) return false;
  if (rule.delegate === 0) return true;
  return runs(model, rule.delegate) && delegationAt(model, rule.delegate).version === rule.delegationVersion;
};

const placesOf = (model: Model, grantee: Grantee): Place[] => {
  if (grantee === "insurer") return ["insurer", "everyone"];
  if (grantee === "lab") return ["lab", "laboratories", "everyone"];
  return ["north", "hospitals", ...(model.northIsLaboratory ? (["laboratories"] as const) : []), "everyone"];
};

export type Answer = {
  ruling: "none" | "permitted" | "denied";
  place?: Place;
  number?: number;
  version?: number;
};

/** The question that everybody asks: deny first, then the most specific permit. */
export const decide = (model: Model, grantee: Grantee, category: number, purpose: number): Answer => {
  let permit: Answer | undefined;
  for (const place of placesOf(model, grantee)) {
    for (const number of [...NUMBERS, PAPER]) {
      const rule = ruleAt(model, place, number);
      if (!lives(model, rule) || !within(category, rule.categories) || !within(purpose, rule.purposes))
        continue;
      const named = { place, number, version: rule.version };
      if (rule.kind === "deny") return { ruling: "denied", ...named };
      permit ??= { ruling: "permitted", ...named };
    }
  }
  return permit ?? { ruling: "none" };
};

/** The end of the seventh day (UTC) after the opening. */
export const dueOf = ({ openedAt }: Use): number => (Math.floor(openedAt / DAY) + 8) * DAY;

const waiting = (model: Model, by: Physician): Use[] =>
  model.uses.filter((use) => use.by === by && use.bound && !use.reviewed);

/** Whether a physician's duty is suspended by an overdue review. */
export const isSuspended = (model: Model, by: Physician): boolean =>
  waiting(model, by).some((use) => model.now >= dueOf(use));

/** What `breakGlassStandingOf` tells. */
export const standingOf = (model: Model, by: Physician): readonly [boolean, number, number] => {
  const due = waiting(model, by).map(dueOf);
  return [isSuspended(model, by), due.length === 0 ? 0 : Math.min(...due), due.length];
};

/** Whether a delegate may write these terms here: a power, its scope, and nothing of others below. */
const isInScope = (model: Model, terms: Terms, power: number): boolean => {
  if (terms.speaker === 0) return true;
  const own = delegationAt(model, terms.speaker);
  const standing = ruleAt(model, terms.place, terms.number);
  return (
    (own.powers & power) !== 0 &&
    terms.number >= 4 &&
    within(terms.categories, own.categories) &&
    within(terms.purposes, own.purposes) &&
    terms.until <= own.until &&
    (standing.kind === "none" || isOwn(model, terms.speaker, standing))
  );
};

const isOwn = (model: Model, speaker: Speaker, rule: Rule): boolean =>
  rule.delegate === speaker && rule.delegationVersion === delegationAt(model, speaker).version;

const speaks = (model: Model, speaker: Speaker): boolean => speaker === 0 || runs(model, speaker);

const isTimely = (model: Model, { from, until }: Terms): boolean => until > from && until > model.now;

/** Set a permit that was signed for this version and epoch. */
const permit = (model: Model, signed: Signed): boolean => {
  const standing = ruleAt(model, signed.place, signed.number);
  if (!speaks(model, signed.speaker) || signed.epoch !== model.epoch) return false;
  if (signed.version !== standing.version || signed.deadline < model.now) return false;
  if (!isTimely(model, signed) || (signed.purposes & BTG) !== 0) return false;
  if (!isInScope(model, signed, Power.grant)) return false;
  const { categories, purposes, from, until } = signed;
  write(model, signed.place, signed.number, {
    kind: "permit",
    delegate: signed.speaker,
    delegationVersion: signed.speaker === 0 ? 0 : delegationAt(model, signed.speaker).version,
    version: standing.version + 1,
    epoch: model.epoch,
    ...{ categories, purposes, from, until },
  });
  return true;
};

/** What the signer of a permit writes into it. */
export const sign = (model: Model, terms: Terms, stale: boolean): Signed => ({
  ...terms,
  version: ruleAt(model, terms.place, terms.number).version + (stale ? 1 : 0),
  epoch: model.epoch,
  deadline: model.now + DAY,
});

/** Do the act in the model at `model.now`; false when the rules refuse it, and then nothing changed. */
export const act = (model: Model, one: Act): boolean => {
  switch (one.do) {
    case "grant":
      return !one.forged && permit(model, sign(model, one.terms, one.stale));
    case "withhold":
      model.withheld = sign(model, one.terms, one.stale);
      return true;
    case "relay":
      return model.withheld !== undefined && permit(model, model.withheld);
    case "deny": {
      const { speaker, place, number, categories, purposes, from, until } = one.terms;
      const standing = ruleAt(model, place, number);
      if (one.forged || one.stale || one.ahead > REACH || !speaks(model, speaker)) return false;
      if (!isTimely(model, one.terms) || !isInScope(model, one.terms, Power.deny)) return false;
      if ((purposes & BTG) !== 0 && purposes !== BTG) return false;
      write(model, place, number, {
        kind: "deny",
        delegate: speaker,
        delegationVersion: speaker === 0 ? 0 : delegationAt(model, speaker).version,
        version: standing.version + one.ahead + 1,
        epoch: 0,
        ...{ categories, purposes, from, until },
      });
      return true;
    }
    case "revoke": {
      const standing = ruleAt(model, one.place, one.number);
      if (one.forged || one.ahead > REACH || !speaks(model, one.speaker)) return false;
      if (one.speaker !== 0) {
        if (standing.kind === "none" || !isOwn(model, one.speaker, standing)) return false;
        if ((delegationAt(model, one.speaker).powers & Power.deny) === 0) return false;
      }
      write(model, one.place, one.number, { ...NO_RULE, version: standing.version + one.ahead + 1 });
      return true;
    }
    case "revokeAll":
      if (one.forged || !speaks(model, one.speaker)) return false;
      if (one.speaker !== 0 && (delegationAt(model, one.speaker).powers & Power.revokeAll) === 0)
        return false;
      model.epoch += 1;
      return true;
    case "appoint": {
      const { speaker, number, powers, categories, purposes, until } = one;
      const standing = delegationAt(model, number);
      if (one.forged || !speaks(model, speaker) || until <= model.now) return false;
      if (speaker !== 0) {
        const own = delegationAt(model, speaker);
        if ((own.powers & Power.appoint) === 0 || standing.stands || until > own.until) return false;
        if (!within(powers, own.powers & ~Power.appoint)) return false;
        if (!within(categories, own.categories) || !within(purposes, own.purposes)) return false;
      }
      model.delegations.set(number, {
        stands: true,
        version: standing.version + 1,
        ...{ powers, categories, purposes, until },
        appointer: speaker,
        appointerVersion: speaker === 0 ? 0 : delegationAt(model, speaker).version,
      });
      return true;
    }
    case "dismiss": {
      const standing = delegationAt(model, one.number);
      if (one.forged || one.ahead > REACH || !speaks(model, one.speaker)) return false;
      const may = one.speaker === 0 || one.speaker === one.number || one.speaker === standing.appointer;
      if (!may) return false;
      const version = standing.version + one.ahead + 1;
      model.delegations.set(one.number, { ...NO_DELEGATION, version });
      return true;
    }
    case "paper": {
      const standing = ruleAt(model, one.place, PAPER);
      if (one.until <= model.now) return false;
      const joins = lives(model, standing);
      const categories = one.categories | (joins ? standing.categories : 0);
      const until = Math.max(one.until, joins ? standing.until : 0);
      // What names emergency access is not widened by what does not: that was asked for in so many words.
      const [fresh, stood] = [(one.purposes & BTG) !== 0, (standing.purposes & BTG) !== 0];
      const named = fresh ? one : standing;
      if (joins && fresh !== stood && (categories !== named.categories || until !== named.until))
        return false;
      write(model, one.place, PAPER, {
        kind: "deny",
        delegate: 0,
        delegationVersion: 0,
        version: standing.version + 1,
        epoch: 0,
        categories,
        purposes: one.purposes | (joins ? standing.purposes : 0),
        from: joins ? standing.from : model.now,
        until,
      });
      return true;
    }
    case "lift": {
      const standing = ruleAt(model, one.place, PAPER);
      if (standing.kind === "none") return false;
      write(model, one.place, PAPER, { ...NO_RULE, version: standing.version + 1 });
      return true;
    }
    case "sectors":
      model.northIsLaboratory = one.laboratory;
      return true;
    case "disclose":
      return decide(model, one.grantee, one.category, one.purpose).ruling === "permitted";
    case "breakGlass":
      if (isSuspended(model, one.by)) return false;
      model.uses.push({ by: one.by, openedAt: model.now, bound: false, reviewed: false, overruled: false });
      return true;
    case "help": {
      const use = model.uses[one.use];
      if (use === undefined || use.reviewed || model.now >= use.openedAt + DAY) return false;
      if (decide(model, "north", 1, BTG).ruling === "denied") return false;
      if (!use.bound && isSuspended(model, use.by)) return false;
      use.bound = true;
      return true;
    }
    case "review": {
      const use = model.uses[one.use];
      if (use === undefined || (use.reviewed && (use.overruled || !one.regulator))) return false;
      use.reviewed = true;
      use.overruled = one.regulator;
      return true;
    }
  }
};
