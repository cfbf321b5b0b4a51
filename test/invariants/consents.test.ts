import { expect } from "chai";
import fc from "fast-check";

import { DAY, HOUR, actor, as, at, ethers, now as latest } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { LICENSED_THROUGH, people } from "../core/world.ts";
import { ecdsaKey } from "../consent/keys.ts";
import {
  ALL_CATEGORIES,
  Category,
  EVERYONE,
  Member,
  PAPER as PAPER_NUMBER,
  Purpose,
  Reason,
  SENT,
  Status,
  appoint,
  authorize,
  breakGlass,
  changeRules,
  deny,
  disclose,
  disclosure,
  emergency,
  freshConsents,
  glassIdOf,
  grant,
  mask,
  proposeKey,
  refuseKey,
  replaceKey,
  revokeAll,
  revokeDelegate,
  revoke,
  review,
  rule,
  staff,
  subjectOf,
  ticket,
  wide,
  type Authorization,
  type ConsentWorld,
  type Rule as RuleTerms,
} from "../consent/support.ts";
import {
  BTG,
  NUMBERS,
  PAPER,
  Power,
  act,
  decide,
  delegationAt,
  dueOf,
  newModel,
  ruleAt,
  sign,
  standingOf,
  type Act,
  type Grantee,
  type Model,
  type Physician,
  type Place,
  type Signed,
  type Speaker,
  type Terms,
} from "./consentModel.ts";
import { consentDomain } from "./replay/consents.ts";

const RUNS = Number(process.env["INVARIANT_RUNS"] ?? 20);
const SEED = Number(process.env["INVARIANT_SEED"] ?? 20_262);
const LONGEST_SCRIPT = 60;

// ── the model's words on chain ─────────────────────────────────────────────────────────────────────────────────────

const grantees: Readonly<Record<Grantee, number>> = {
  north: Member.northGeneral,
  lab: Member.cityLab,
  insurer: Member.mediSure,
};
const places: Readonly<Record<Place, { grantee: number; sector: number }>> = {
  north: { grantee: grantees.north, sector: 0 },
  lab: { grantee: grantees.lab, sector: 0 },
  insurer: { grantee: grantees.insurer, sector: 0 },
  hospitals: { grantee: 0, sector: Sector.HOSPITAL },
  laboratories: { grantee: 0, sector: Sector.LABORATORY },
  everyone: { grantee: 0, sector: EVERYONE },
};
const allPlaces = Object.keys(places) as Place[];
const categories = [Category.laboratory, Category.imaging] as const;
const purposes = [Purpose.treatment, Purpose.research, Purpose.breakGlass] as const;
const physicians = { vega: staff.drVega, noor: staff.drNoor } as const;
const rulings = { none: 0n, permitted: 1n, denied: 2n } as const;

const categoriesOf = (bits: number): number => mask(...categories.filter((_, i) => (bits >> i) & 1));
const purposesOf = (bits: number): bigint => wide(...purposes.filter((_, i) => (bits >> i) & 1));
const keys = { carer: ecdsaKey("carer Carl"), helper: ecdsaKey("helper Hank"), thief: ecdsaKey("thief") };

// ── scripts ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Times of a step are counted from its own second. */
type Step = Act;

const seldom = fc.nat({ max: 11 }).map((n) => n === 11);
const place = fc.constantFrom<Place>(
  "north",
  "north",
  "north",
  "hospitals",
  "everyone",
  "lab",
  "laboratories",
);
const speaker = fc.constantFrom<Speaker>(0, 0, 0, 1, 1, 2);
const bits = fc.constantFrom(1, 1, 2, 3, 3);
const span = fc.constantFrom(HOUR, DAY, 20 * DAY, 20 * DAY);
const ahead = fc.constantFrom(0, 0, 0, 0, 1, 16, 17);
const terms = fc.record({
  speaker,
  place,
  number: fc.constantFrom(...NUMBERS, 4, 5),
  categories: bits,
  purposes: bits,
  from: fc.constantFrom(0, 0, 0, 0, HOUR),
  until: span,
});
const denied = fc.record({
  speaker,
  place,
  number: fc.constantFrom(...NUMBERS, 4, 5),
  categories: bits,
  purposes: fc.constantFrom(1, 1, 2, 3, BTG, BTG | 1),
  from: fc.constantFrom(0, 0, 0, HOUR),
  until: span,
});
const powers = fc.constantFrom(127, 127, Power.grant, Power.grant | Power.deny, Power.appoint | Power.grant);

const one = <T>(
  weight: number,
  names: readonly [Act["do"], ...Act["do"][]],
  fields: { [K in keyof T]: fc.Arbitrary<T[K]> },
) => ({
  weight,
  arbitrary: fc.record({
    do: fc.constantFrom(...names),
    after: fc.oneof(
      { weight: 16, arbitrary: fc.constantFrom(1, 1, 2, 60, 600) },
      { weight: 4, arbitrary: fc.constantFrom(HOUR, 5 * HOUR) },
      { weight: 2, arbitrary: fc.constantFrom(DAY, 3 * DAY) },
    ),
    ...fields,
  }) as unknown as fc.Arbitrary<Step>,
});

const step: fc.Arbitrary<Step> = fc.oneof(
  one(16, ["grant"], { terms, stale: seldom, forged: seldom }),
  one(4, ["withhold"], { terms, stale: seldom, forged: seldom }),
  one(5, ["relay"], {}),
  one(7, ["deny"], { terms: denied, ahead, stale: seldom, forged: seldom }),
  one(9, ["revoke"], { speaker, place, number: fc.constantFrom(...NUMBERS), ahead, forged: seldom }),
  one(2, ["revokeAll"], { speaker, forged: seldom }),
  one(8, ["appoint"], {
    speaker: fc.constantFrom<0 | 1>(0, 0, 1),
    number: fc.constantFrom<1 | 2>(1, 2),
    powers,
    categories: bits,
    purposes: bits,
    until: span,
    forged: seldom,
  }),
  one(3, ["dismiss"], { speaker, number: fc.constantFrom<1 | 2>(1, 2), ahead, forged: seldom }),
  one(3, ["paper"], { place, categories: bits, purposes: fc.constantFrom(1, 2, BTG), until: span }),
  one(2, ["lift"], { place }),
  one(1, ["sectors"], { laboratory: fc.boolean() }),
  one(16, ["disclose"], {
    grantee: fc.constantFrom<Grantee>("north", "north", "lab", "insurer"),
    category: fc.constantFrom(1, 2),
    purpose: fc.constantFrom(1, 2),
  }),
  one(6, ["breakGlass"], { by: fc.constantFrom<Physician>("vega", "vega", "noor") }),
  one(8, ["help"], { use: fc.nat({ max: 3 }) }),
  one(4, ["review"], { use: fc.nat({ max: 3 }), regulator: fc.boolean(), justified: fc.boolean() }),
);

/** Name times by the second of the act, and uses from the latest back. */
const resolve = (model: Model, next: Step): Act => {
  const now = model.now + next.after;
  const dated = (given: Terms): Terms => ({
    ...given,
    from: now + given.from - HOUR / 2,
    until: now + given.until,
  });
  if ("terms" in next) return { ...next, terms: dated(next.terms) };
  if ("until" in next) return { ...next, until: now + next.until };
  if ("use" in next) return { ...next, use: Math.max(model.uses.length - 1 - next.use, 0) };
  return next;
};

/** Scripts begin with delegates and a permit of each, or they would spend themselves on refusals. */
const script = fc
  .array(step, { minLength: 25, maxLength: LONGEST_SCRIPT, size: "max" })
  .map((rest): Step[] => {
    const scope = { powers: 127, categories: 3, purposes: 3, until: 20 * DAY, forged: false } as const;
    const first = { place: "north", categories: 3, purposes: 3, from: 0, until: 20 * DAY } as const;
    return [
      { do: "appoint", speaker: 0, number: 1, ...scope, after: 60 },
      { do: "grant", terms: { speaker: 1, number: 4, ...first }, stale: false, forged: false, after: 1 },
      { do: "grant", terms: { speaker: 0, number: 0, ...first }, stale: false, forged: false, after: 1 },
      ...rest,
    ];
  });

// ── the same act on the chain ──────────────────────────────────────────────────────────────────────────────────────

const keyOf = (world: ConsentWorld, who: Speaker, forged: boolean) => {
  if (forged) return keys.thief;
  return who === 0 ? world.mara : who === 1 ? keys.carer : keys.helper;
};

const termsOf = (given: Terms, version: number, epoch: number): Partial<RuleTerms> => ({
  ...places[given.place],
  delegate: given.speaker,
  number: given.number,
  version,
  epoch,
  categories: categoriesOf(given.categories),
  purposes: purposesOf(given.purposes),
  validFrom: given.from,
  validUntil: given.until,
});

const useId = (model: Model, use: number): string =>
  glassIdOf(physicians[model.uses[use]?.by ?? "vega"], ticket(use));

type Withheld = { readonly terms: RuleTerms; readonly signed: Authorization };
type Hand = { withheld: Withheld | undefined };

/** Send the act; `model` is what the sender saw before it, its clock at the act's second. */
const doOnChain = async (world: ConsentWorld, model: Model, one: Act, hand: Hand): Promise<unknown> => {
  const { consents, mara, registry } = world;
  const { now } = model;
  const how = (who: Speaker, forged: boolean) => ({ by: keyOf(world, who, forged), until: now });
  switch (one.do) {
    case "grant": {
      const { version, epoch } = sign(model, one.terms, one.stale);
      return await grant(world, mara, termsOf(one.terms, version, epoch), how(one.terms.speaker, one.forged));
    }
    case "withhold": {
      const { version, epoch, deadline }: Signed = sign(model, one.terms, one.stale);
      const signedTerms = rule(mara.id, termsOf(one.terms, version, epoch));
      const key = keyOf(world, one.terms.speaker, false);
      const signed = await authorize(world, key, "Grant", signedTerms, { until: deadline });
      hand.withheld = { terms: signedTerms, signed };
      return await as(consents, people.anyRelay).refreshCategories();
    }
    case "relay":
      if (hand.withheld === undefined) throw new Error("nothing was withheld");
      return await as(consents, people.stranger).grant(hand.withheld.terms, hand.withheld.signed);
    case "deny": {
      const { version } = ruleAt(model, one.terms.place, one.terms.number);
      const stated = one.stale ? version - 1 : version + one.ahead;
      const by = how(one.terms.speaker, one.forged);
      return await deny(world, mara, termsOf(one.terms, Math.max(stated, 0), one.stale ? 1 : 0), by);
    }
    case "revoke": {
      const version = ruleAt(model, one.place, one.number).version + one.ahead;
      const ending = { ...places[one.place], delegate: one.speaker, number: one.number, version };
      return await revoke(world, mara, ending, how(one.speaker, one.forged));
    }
    case "revokeAll": {
      const ending = { delegate: one.speaker, epoch: model.epoch };
      return await revokeAll(world, mara, ending, how(one.speaker, one.forged));
    }
    case "appoint": {
      const changes = {
        delegate: one.speaker,
        number: one.number,
        version: delegationAt(model, one.number).version,
        epoch: model.epoch,
        powers: one.powers,
        categories: categoriesOf(one.categories),
        purposes: purposesOf(one.purposes),
        validUntil: one.until,
      };
      const whom = one.number === 1 ? keys.carer : keys.helper;
      return await appoint(world, mara, whom, changes, how(one.speaker, one.forged));
    }
    case "dismiss": {
      const version = delegationAt(model, one.number).version + one.ahead;
      const ending = { number: one.number, version, delegate: one.speaker };
      return await revokeDelegate(world, mara, ending, how(one.speaker, one.forged));
    }
    case "paper": {
      const { grantee, sector } = places[one.place];
      const masks = [categoriesOf(one.categories), purposesOf(one.purposes)] as const;
      const desk = as(consents, staff.desk);
      return await desk.enterDenial(Member.stMary, mara.id, grantee, sector, ...masks, one.until);
    }
    case "lift": {
      const { grantee, sector } = places[one.place];
      return await as(consents, staff.desk).liftDenial(Member.stMary, mara.id, grantee, sector);
    }
    case "sectors": {
      const sectors = Sector.HOSPITAL | (one.laboratory ? Sector.LABORATORY : 0);
      return await as(registry, people.governance).setMemberSectors(Member.northGeneral, sectors);
    }
    case "disclose": {
      const category = categories[one.category - 1]!;
      const purpose = purposes[one.purpose - 1]!;
      return await disclose(
        world,
        disclosure(mara.id, { grantee: grantees[one.grantee], category, purpose }),
      );
    }
    case "breakGlass": {
      const ticketHash = ticket(model.uses.length);
      const by = physicians[one.by];
      return await breakGlass(world, { by, ticketHash, reason: Reason.patientIncapable, attestation: SENT });
    }
    case "help":
      return await disclose(world, emergency(mara.id, { breakGlass: useId(model, one.use) }));
    case "review": {
      const outcome = one.justified ? Status.justified : Status.unjustified;
      const [by, reviewer] = one.regulator
        ? [people.inspector, Member.healthOffice]
        : [staff.desk, Member.stMary];
      return await review(world, useId(model, one.use), outcome, by, reviewer);
    }
  }
};

// ── what holds after every act ─────────────────────────────────────────────────────────────────────────────────────

type Stored = Awaited<ReturnType<ConsentWorld["consents"]["ruleOf"]>>;

/** Every rule of the script's places and numbers, as the chain tells it. */
const storedRules = async ({ consents, mara }: ConsentWorld): Promise<Map<string, Stored>> => {
  const asked = allPlaces.flatMap((where) => [...NUMBERS, PAPER].map((number) => [where, number] as const));
  const found = await Promise.all(
    asked.map(async ([where, number]) => {
      const { grantee, sector } = places[where];
      return await consents.ruleOf(mara.id, grantee, sector, number);
    }),
  );
  return new Map(asked.map(([where, number], i) => [`${where} ${number}`, found[i]!]));
};

const placesNow = (model: Model, grantee: Grantee): Place[] =>
  grantee === "insurer"
    ? ["insurer", "everyone"]
    : grantee === "lab"
      ? ["lab", "laboratories", "everyone"]
      : ["north", "hospitals", ...(model.northIsLaboratory ? (["laboratories"] as const) : []), "everyone"];

const checkAnswers = async (world: ConsentWorld, model: Model, rules: Map<string, Stored>): Promise<void> => {
  const { consents, mara } = world;
  for (const grantee of ["north", "lab", "insurer"] as const) {
    for (const [c, category] of categories.entries()) {
      for (const [p, purpose] of purposes.entries()) {
        const answer = await consents.isPermitted(mara.id, grantees[grantee], category, purpose);
        const told = decide(model, grantee, 1 << c, 1 << p);
        const by = told.place === undefined ? { grantee: 0, sector: 0 } : places[told.place];
        expect([...answer].slice(0, 5), `${grantee} ${category} ${purpose}`).to.eql([
          rulings[told.ruling],
          BigInt(by.grantee),
          BigInt(by.sector),
          BigInt(told.number ?? 0),
          BigInt(told.version ?? 0),
        ]);
        // C-04, from the rules that the chain tells, not from the model.
        const covering = placesNow(model, grantee).flatMap((where) =>
          [...NUMBERS, PAPER]
            .map((number) => rules.get(`${where} ${number}`)!)
            .filter((stored) => stored.live && ((stored.categories >> BigInt(category)) & 1n) === 1n)
            .filter((stored) => ((stored.purposes >> BigInt(purpose)) & 1n) === 1n),
        );
        if (covering.some(({ kind }) => kind === 2n)) expect(answer.ruling, "C-04").to.equal(rulings.denied);
        else expect(answer.ruling === rulings.denied, "C-04").to.equal(false);
        if (answer.ruling === rulings.permitted)
          expect(
            covering.some(({ kind }) => kind === 1n),
            "C-01",
          ).to.equal(true);
      }
    }
  }
};

/** C-03: whatever a delegate set and counts lies within its delegation, and that within its appointer's. */
const checkDelegates = async (
  { consents, mara }: ConsentWorld,
  rules: Map<string, Stored>,
): Promise<void> => {
  const delegations = await Promise.all(
    [1, 2].map(async (number) => await consents.delegationOf(mara.id, number)),
  );
  for (const [name, { kind, live, delegate, categories, purposes, validUntil }] of rules) {
    if (!live || kind !== 1n || delegate === 0n) continue;
    const own = delegations[Number(delegate) - 1]!;
    expect(own.live, `C-03 ${name}`).to.equal(true);
    expect(Number(name.split(" ")[1]) >= 4, `C-03 ${name}`).to.equal(true);
    expect(own.powers & BigInt(Power.grant), `C-03 ${name}`).to.equal(BigInt(Power.grant));
    expect([categories & ~own.categories, purposes & ~own.purposes], `C-03 ${name}`).to.eql([0n, 0n]);
    expect(validUntil <= own.validUntil, `C-03 ${name}`).to.equal(true);
  }
  for (const { live, appointer, powers, categories, purposes, validUntil } of delegations) {
    if (!live || appointer === 0n) continue;
    const own = delegations[Number(appointer) - 1]!;
    expect([own.live, powers & BigInt(Power.appoint)], "C-03").to.eql([true, 0n]);
    expect(powers & ~own.powers, "C-03").to.equal(0n);
    expect([categories & ~own.categories, purposes & ~own.purposes], "C-03").to.eql([0n, 0n]);
    expect(validUntil <= own.validUntil, "C-03").to.equal(true);
  }
};

/** C-05: a duty is suspended exactly while a use that gave access waits for its review beyond its day. */
const checkStandings = async ({ consents }: ConsentWorld, model: Model): Promise<void> => {
  const uses = await Promise.all(
    model.uses.map(async (_, i) => await consents.breakGlassOf(useId(model, i))),
  );
  for (const by of ["vega", "noor"] as const) {
    const { key } = physicians[by];
    const standing = [...(await consents.breakGlassStandingOf(Member.northGeneral, key))];
    const [suspended, dueAt, unreviewed] = standingOf(model, by);
    expect(standing, `standing of ${by}`).to.eql([suspended, BigInt(dueAt), BigInt(unreviewed)]);
    const overdue = uses.some(
      (use, i) =>
        use.operator === key &&
        use.subject !== ethers.ZeroHash &&
        (use.status === Status.open || use.status === Status.escalated) &&
        model.now >= dueOf(model.uses[i]!),
    );
    expect(standing[0], "C-05").to.equal(overdue);
  }
};

/** C-02: a disclosure's event names a rule that was live in its block, or a use that was open. */
const checkDisclosure = async (world: ConsentWorld, sent: unknown): Promise<void> => {
  const { consents, mara } = world;
  const { hash } = sent as { hash: string };
  const receipt = (await ethers.provider.getTransactionReceipt(hash))!;
  const logs = receipt.logs.map((log) => consents.interface.parseLog(log)!);
  const { args } = logs.find(({ name }) => name === "DisclosureRecorded")!;
  if (args.getValue("breakGlass") !== ethers.ZeroHash) {
    const use = await consents.breakGlassOf(args.getValue("breakGlass") as string);
    expect([use.status, use.subject], "C-02").to.eql([Status.open, mara.id]);
    return;
  }
  const [sector, number, version]: bigint[] = ["sector", "number", "version"].map(
    (name) => args.getValue(name) as bigint,
  );
  const grantee = sector === 0n ? (args.getValue("grantee") as bigint) : 0n;
  const allowing = await consents.ruleOf(mara.id, grantee, sector!, number!, {
    blockTag: receipt.blockNumber,
  });
  expect([allowing.kind, allowing.live, allowing.version], "C-02").to.eql([1n, true, version]);
};

/** A script as it would be read aloud. */
const aloud = (acts: readonly Act[]): string => acts.map((each) => `  ${JSON.stringify(each)}`).join("\n");

/** Play a script on chain and model. */
const play = async (steps: readonly Step[]): Promise<readonly Act["do"][]> => {
  const world = await freshConsents();
  const model = newModel(await latest());
  const hand: Hand = { withheld: undefined };
  const done: Act["do"][] = [];
  const acts: Act[] = [];
  for (const [count, next] of steps.entries()) {
    const one = resolve(model, next);
    acts.push(one);
    model.now += one.after;
    const saw = structuredClone(model);
    await at(model.now);
    const expected = act(model, one);
    let failure: unknown;
    let sent: unknown;
    try {
      sent = await doOnChain(world, saw, one, hand);
    } catch (error) {
      failure = error;
    }
    const happened = failure === undefined;
    if (happened !== expected) {
      const why = failure instanceof Error ? failure.message : "it succeeded";
      throw new Error(
        `the model ${expected ? "allows" : "refuses"} step ${count}, the chain: ${why}\n${aloud(acts)}`,
      );
    }
    if (happened) done.push(one.do);
    // A refused act may have left no block: views are asked at the act's second.
    if ((await latest()) < model.now) await ethers.provider.send("evm_mine", []);
    if (happened && (one.do === "disclose" || one.do === "help")) await checkDisclosure(world, sent);
    const rules = await storedRules(world);
    if (happened && one.do === "revoke")
      expect(rules.get(`${one.place} ${one.number}`)!.live, "C-01").to.equal(false);
    if (happened && one.do === "revokeAll")
      expect(
        [...rules.values()].some(({ kind, live }) => kind === 1n && live),
        "C-01",
      ).to.equal(false);
    await checkAnswers(world, model, rules);
    await checkDelegates(world, rules);
    await checkStandings(world, model);
  }
  expect(await consentDomain.differences(world), "I-12").to.eql([]);
  return done;
};

describe("invariants C-01 to C-05", () => {
  it("hold under random scripts of patients, delegates, custodians and physicians", async function () {
    this.timeout(Math.max(300_000, RUNS * 30_000));
    let calls = 0;
    const done: Act["do"][] = [];
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        done.push(...(await play(steps)));
        calls += steps.length;
      }),
      { numRuns: RUNS, seed: SEED },
    );
    // A fuzzer that is always refused shows nothing.
    expect(calls).to.be.greaterThan(300);
    expect(done.length / calls).to.be.greaterThan(0.3);
    const kinds: readonly Act["do"][] = [
      "grant",
      "relay",
      "deny",
      "revoke",
      "revokeAll",
      "appoint",
      "dismiss",
      "paper",
      "lift",
      "disclose",
      "breakGlass",
      "help",
      "review",
    ];
    for (const kind of kinds) expect(done, kind).to.include(kind);
  });

  it("see a chain on which a revoked rule still stands", async () => {
    const world = await freshConsents();
    await grant(world, world.mara);
    const model = newModel(await latest());
    const rules = await storedRules(world);
    const seen = await checkAnswers(world, model, rules).then(
      () => "nothing",
      (error: unknown) => (error instanceof Error ? error.message : ""),
    );
    expect(seen).to.contain(`north ${Category.laboratory} ${Purpose.treatment}`);
  });

  it("I-12: events rebuild keys, batches, proposals, reviews and lists", async () => {
    const world = await freshConsents();
    const { consents, registry, mara, wim, pia, toni, child, guardian, carer } = world;
    const next = ecdsaKey("next");
    await grant(world, mara, { exportable: true });
    const changes = { grants: [rule(mara.id, { number: 1, redisclosable: true })] };
    await changeRules(world, mara, changes);
    await as(consents, staff.discloser).recordDisclosures(Member.stMary, [disclosure(mara.id)]);
    for (const patient of [mara, wim, pia]) await appoint(world, patient, carer, { number: 3 });
    await appoint(world, mara, next, { delegate: 3, number: 4, powers: Power.grant }, { by: carer });
    await replaceKey(world, toni, next);
    for (const patient of [wim, pia]) await proposeKey(world, patient, next, carer, { delegate: 3 });
    const { keyVersion } = await subjectOf(world, wim.id);
    await refuseKey(world, wim, next.key, Number(keyVersion));
    await breakGlass(world);
    await disclose(world, emergency(mara.id));
    await breakGlass(world, { by: staff.drNoor });
    await disclose(world, emergency(wim.id, { breakGlass: glassIdOf(staff.drNoor) }));
    await review(world, glassIdOf(staff.drNoor));
    await review(world, glassIdOf(staff.drNoor), Status.unjustified, people.inspector, Member.healthOffice);
    const card = actor("Dr Vega's new card");
    const admin = as(registry, people.northAdmin);
    await admin.replaceOperator(Member.northGeneral, staff.drVega.key, card.key, 0, "0x");
    await as(registry, people.licenser).license(Member.healthOffice, {
      member: Member.northGeneral,
      operator: card.key,
      duties: Duty.BREAK_GLASS,
      throughDay: LICENSED_THROUGH,
    });
    await breakGlass(world, { by: card, ticketHash: ticket(2) });
    await disclose(world, emergency(child.id, { breakGlass: glassIdOf(card, ticket(2)) }));
    const paper = [ALL_CATEGORIES, wide(Purpose.treatment), 2 ** 32 - 1] as const;
    const desk = as(consents, staff.desk);
    await desk.enterDenial(Member.stMary, child.id, 0, EVERYONE, ...paper);
    await desk.enterDenial(Member.stMary, wim.id, Member.cityLab, 0, ...paper);
    await desk.liftDenial(Member.stMary, wim.id, Member.cityLab, 0);
    await revokeDelegate(world, child, { delegate: 1 }, { by: guardian });
    await proposeKey(world, child, next, undefined, { delegate: 0 });
    await revokeAll(world, mara);
    const { timestamp } = (await ethers.provider.getBlock("latest"))!;
    await at(timestamp + 14 * DAY);
    await as(consents, people.anyRelay).adoptKey(child.id);
    await as(consents, people.anyRelay).escalateBreakGlass(glassIdOf());
    await as(consents, people.emergency).pause(timestamp + 15 * DAY);
    expect(await consentDomain.differences(world)).to.eql([]);
    expect((await subjectOf(world, pia.id)).replacementPending).to.equal(true);
    expect(PAPER).to.equal(PAPER_NUMBER);
  });
});
