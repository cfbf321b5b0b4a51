import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, START, actor, as, at, ethers, inOneBlock, mineAt, now, FREE } from "../core/chain.ts";
import { fails } from "../core/expect.ts";
import { Duty, Sector } from "../core/words.ts";
import { APPOINTED_UNTIL, LICENSED_THROUGH, people } from "../core/world.ts";
import { ecdsaKey } from "./keys.ts";
import {
  ALL_CATEGORIES,
  ALL_POWERS,
  ALL_PURPOSES,
  Category,
  EVERYONE,
  Kind,
  Member,
  Power,
  Purpose,
  REPLACEMENT_DELAY,
  REPLACEMENT_LIFE,
  Ruling,
  UNSIGNED,
  VERSION_MAX,
  VERSIONS_AHEAD,
  anotherRegistry,
  appoint,
  authorize,
  breakGlass,
  changeRules,
  delegated,
  delegation,
  deny,
  disclose,
  emergency,
  enrolled,
  field,
  forClass,
  freshConsents,
  glassIdOf,
  glassOf,
  grant,
  mask,
  proposeKey,
  replaceKey,
  review,
  reviewDueOf,
  revocation,
  revoke,
  revokeAll,
  revokeDelegate,
  rule,
  ruleOf,
  ruling,
  setVersion,
  staff,
  subjectOf,
  ticket,
  wide,
} from "./support.ts";

const { stMary, northGeneral, healthOffice } = Member;
const helper = ecdsaKey("helper Hank");

describe("ConsentRegistry.attacks", () => {
  describe("given what peers' registries allowed", () => {
    it("takes no rule whose window is inverted, in grants, denies and batches", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const inverted = { validFrom: (await now()) + 9 * DAY, validUntil: (await now()) + 8 * DAY };
      const terms = rule(mara.id, inverted);
      const sends = [
        () => grant(world, mara, inverted),
        () => deny(world, mara, inverted),
        () => changeRules(world, mara, { grants: [terms] }),
      ];
      for (const send of sends)
        await fails(send(), consents, "ConsentRuleInvalid", mara.id, field("validUntil"));
    });
    it("has no setter that is open: a stranger's calls without signatures change nothing", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const stranger = as(consents, people.stranger);
      const { id, key } = mara;
      const calls = [
        () => stranger.grant(rule(id, { number: 1 }), UNSIGNED),
        () => stranger.deny(rule(id, { number: 1 }), UNSIGNED),
        () => stranger.revoke(revocation(id), UNSIGNED),
        () => stranger.revokeAll(id, 0, 0, UNSIGNED),
        () => stranger.changeRules([revocation(id)], [], [], UNSIGNED),
        () => stranger.appointDelegate(delegation(id, people.stranger.address), UNSIGNED),
        () => stranger.revokeDelegate(id, 1, 0, 0, UNSIGNED),
        () => stranger.replaceKey(id, people.stranger.address, UNSIGNED, UNSIGNED),
      ];
      for (const call of calls) await fails(call(), consents, "SignatureExpired", 0);
      expect((await subjectOf(world, id)).key).to.equal(key);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("lets nobody grant in another's name, not even the custodian, governance or the grantee", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const relays = [people.governance, staff.desk, staff.discloser, people.northAdmin, people.emergency];
      for (const relay of relays) {
        const by = { key: relay.address, signer: "0x", sign: ecdsaKey(relay.name).sign };
        const sent = grant(world, mara, {}, { by, relay });
        await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      }
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("needs no coin and no account of the patient: her key never sent a transaction", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara);
      await revoke(world, mara);
      expect(await ethers.provider.getTransactionCount(mara.key)).to.equal(0);
      expect(await ethers.provider.getBalance(mara.key)).to.equal(0n);
    });
    it("keeps a signature for one registry worthless at another of the same consortium", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const other = { ...world, consents: await anotherRegistry(world) };
      await enrolled(other, mara);
      const signed = await authorize(world, mara, "Grant", rule(mara.id));
      const sent = as(other.consents, people.anyRelay).grant(rule(mara.id), signed);
      await fails(sent, other.consents, "ConsentSignatureInvalid", mara.id, mara.key);
    });
  });
  describe("given an appointment was signed and withheld", () => {
    it("dies by a revocation that is relayed before it, and by one that is relayed after it", async () => {
      for (const first of ["revocation", "appointment"] as const) {
        const world = await freshConsents();
        const { consents, mara, carer } = world;
        const relay = as(consents, people.stranger);
        const terms = delegation(mara.id, carer.key);
        const withheld = await authorize(world, mara, "Delegation", terms);
        const appointment = () => relay.appointDelegate(terms, withheld);
        const revoked = () => revokeDelegate(world, mara, { version: VERSIONS_AHEAD });
        if (first === "appointment") {
          await appointment();
          await revoked();
        } else {
          await revoked();
          await fails(appointment(), consents, "ConsentVersionStale", mara.id, 0, VERSIONS_AHEAD + 1);
        }
        expect((await consents.delegationOf(mara.id, 1)).live).to.equal(false);
      }
    });
    it("dies by a revocation of all", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const terms = delegation(mara.id, carer.key, { number: 8 });
      const withheld = await authorize(world, mara, "Delegation", terms);
      await revokeAll(world, mara);
      const sent = as(consents, people.stranger).appointDelegate(terms, withheld);
      await fails(sent, consents, "ConsentEpochStale", mara.id, 0, 1);
    });
  });
  describe("given a recovery sleeps", () => {
    it("cannot be adopted years later, when nobody looks any more", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { validUntil: (await now()) + 1_000 * DAY });
      await proposeKey(world, mara, helper, carer);
      const lapsedAt = (await now()) + REPLACEMENT_DELAY + REPLACEMENT_LIFE;
      await at(lapsedAt + 300 * DAY);
      const sent = as(consents, people.stranger).adoptKey(mara.id);
      await fails(sent, consents, "ReplacementLapsed", mara.id, lapsedAt);
    });
    it("gives way to another once it lapsed", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer, { validUntil: (await now()) + 1_000 * DAY });
      await proposeKey(world, mara, helper, carer);
      await as(world.registry, people.stMaryAdmin).dismiss(stMary, [people.drIdle.key]);
      await mineAt((await now()) + REPLACEMENT_DELAY + REPLACEMENT_LIFE);
      const { keyVersion } = await subjectOf(world, mara.id);
      const next = ecdsaKey("Mara's next");
      await proposeKey(world, mara, next, carer, { keyVersion: Number(keyVersion) });
      await mineAt((await now()) + REPLACEMENT_DELAY);
      await as(world.consents, people.stranger).adoptKey(mara.id);
      expect((await subjectOf(world, mara.id)).key).to.equal(next.key);
    });
    it("cannot be signed years before: a delegate's signature lives for a day", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      const second = (await now()) + DAY;
      await at(second);
      const sent = proposeKey(world, mara, helper, carer, { until: second + 2 * DAY });
      await fails(sent, consents, "SignatureDeadlineTooFar", second + 2 * DAY, second + DAY);
    });
  });
  describe("given a delegate races the subject", () => {
    it("loses against a deny under a number that is the subject's, however far it runs ahead", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara, delegated(), { by: carer });
      const denial = await authorize(world, mara, "Denial", rule(mara.id, { number: 0 }));
      // In front of the subject's deny the delegate ends and sets its permit anew, as far ahead as it can.
      const revocations = [revocation(mara.id, { delegate: 1, number: 4, version: 1 + VERSIONS_AHEAD })];
      const grants = [rule(mara.id, delegated({ version: 2 + VERSIONS_AHEAD }))];
      await changeRules(world, mara, { revocations, grants }, { by: carer });
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await as(consents, people.anyRelay).deny(rule(mara.id, { number: 0 }), denial);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
    it("loses against the end of its delegation in the same block", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      const terms = rule(mara.id, delegated());
      const permit = await authorize(world, carer, "Grant", terms);
      const ending = { subject: mara.id, number: 1, version: 1, delegate: 0 };
      const end = await authorize(world, mara, "DelegationRevocation", ending);
      const fates = await inOneBlock(
        [consents.interface],
        () => as(consents, people.stranger).grant(terms, permit, FREE),
        () => as(consents, people.anyRelay).revokeDelegate(mara.id, 1, 1, 0, end, FREE),
      );
      expect(fates.map(({ ok }) => ok)).to.eql([true, true]);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("cannot touch the subject's numbers 0 to 3, so that no signature of hers goes stale there", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      const withheld = await authorize(world, mara, "Grant", rule(mara.id, { number: 3 }));
      for (const number of [0, 1, 2, 3]) {
        const sent = deny(world, mara, delegated({ number }), { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("number"));
        const end = revoke(world, mara, { delegate: 1, number, version: 0 }, { by: carer });
        await fails(end, consents, "ConsentRuleUnknown", mara.id, number);
      }
      await as(consents, people.anyRelay).grant(rule(mara.id, { number: 3 }), withheld);
    });
  });
  describe("given a delegate writes over what the subject set", () => {
    it("takes neither a deny away nor widens a permit", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await deny(world, mara, { number: 4 });
      await grant(world, mara, { number: 5, categories: mask(Category.imaging) });
      for (const number of [4, 5]) {
        const terms = delegated({ number, version: 1 });
        const over = grant(world, mara, terms, { by: carer });
        await fails(over, consents, "ConsentRuleOfSubject", mara.id, number);
        const end = revoke(world, mara, { delegate: 1, number }, { by: carer });
        await fails(end, consents, "ConsentRuleOfSubject", mara.id, number);
      }
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
    it("does not inherit, under its number, what a wider delegation set there before", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const wideScope = { categories: ALL_CATEGORIES, purposes: ALL_PURPOSES };
      await appoint(world, mara, carer, wideScope);
      await grant(world, mara, delegated({ categories: mask(Category.genetics) }), { by: carer });
      await appoint(world, mara, helper, { version: 1, powers: Power.grant });
      expect(await ruling(world, mara, { category: Category.genetics })).to.equal(Ruling.noRule);
      const sent = grant(world, mara, delegated({ version: 1 }), { by: helper });
      await fails(sent, consents, "ConsentRuleOfSubject", mara.id, 4);
    });
    it("cannot appoint itself wider, or anew after its end", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      const anew = { delegate: 1, version: 1, powers: ALL_POWERS & ~Power.appoint };
      const self = appoint(world, mara, carer, anew, { by: carer });
      await fails(self, consents, "DelegateExceeds", mara.id, 1, field("number"));
      const inner = { delegate: 1, number: 2, powers: ALL_POWERS & ~Power.appoint };
      await appoint(world, mara, helper, inner, { by: carer });
      const onward = { delegate: 2, number: 3, powers: Power.grant };
      const further = appoint(world, mara, helper, onward, { by: helper });
      await fails(further, consents, "DelegateExceeds", mara.id, 2, field("powers"));
    });
  });
  describe("given the versions of a number are spent", () => {
    it("keeps every permit revocable, by the rule, by the epoch and by a deny elsewhere", async () => {
      for (const way of ["revoke", "revokeAll", "deny"] as const) {
        const world = await freshConsents();
        const { mara } = world;
        await grant(world, mara);
        await setVersion(world, mara.id, {}, VERSION_MAX);
        expect(await ruling(world, mara)).to.equal(Ruling.permitted);
        if (way === "revoke") await revoke(world, mara, { version: VERSION_MAX });
        if (way === "revokeAll") await revokeAll(world, mara);
        if (way === "deny") await deny(world, mara, { number: 1 });
        expect(await ruling(world, mara)).to.not.equal(Ruling.permitted);
      }
    });
    it("refuses a permit at the last version, where a replay of it could be revived", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      await setVersion(world, mara.id, {}, VERSION_MAX);
      await revoke(world, mara, { version: VERSION_MAX });
      const sent = grant(world, mara, { version: VERSION_MAX });
      await fails(sent, consents, "ConsentVersionsExhausted", mara.id, 0);
      expect((await ruleOf(world, mara.id)).kind).to.equal(Kind.none);
    });
  });
  describe("given a deny of everything, to everybody, for ever", () => {
    it("leaves emergency help open until the patient denies that by name", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const everything = { categories: ALL_CATEGORIES, purposes: ALL_PURPOSES, validUntil: 2 ** 32 - 1 };
      await deny(world, mara, { ...forClass(EVERYONE), ...everything });
      await breakGlass(world);
      await disclose(world, emergency(mara.id));
      const named = { ...everything, number: 1, purposes: wide(Purpose.breakGlass) };
      await deny(world, mara, { ...forClass(EVERYONE), ...named });
      const sent = disclose(world, emergency(mara.id));
      await fails(sent, consents, "BreakGlassDenied", glassIdOf(), mara.id);
    });
  });
  describe("given somebody squats on names", () => {
    it("leaves a subject's name to who signs for it", async () => {
      const world = await freshConsents();
      const { consents } = world;
      const nova = ecdsaKey("patient Nova");
      const terms = {
        custodian: stMary,
        key: nova.key,
        guardian: ethers.ZeroAddress,
        guardianUntil: 0,
        salt: ethers.id("salt"),
      };
      const forged = await authorize(world, helper, "Enrolment", terms);
      const id = await consents.subjectId(stMary, nova.key, terms.salt);
      const sent = as(consents, staff.desk).enrol(terms, forged);
      await fails(sent, consents, "ConsentSignatureInvalid", id, nova.key);
      await enrolled(world, nova);
    });
    it("leaves a ticket to each professional who saw it in the mempool", async () => {
      const world = await freshConsents();
      await breakGlass(world, { by: staff.drNoor });
      await breakGlass(world);
      await disclose(world, emergency(world.mara.id));
      expect((await glassOf(world, glassIdOf(staff.drNoor))).subject).to.equal(ZeroHash);
    });
  });
  describe("given a use of break-glass roams", () => {
    it("opens one patient and no second one, whoever holds the ticket", async () => {
      const world = await freshConsents();
      const { consents, mara, wim } = world;
      await breakGlass(world);
      await disclose(world, emergency(mara.id));
      const sent = disclose(world, emergency(wim.id));
      await fails(sent, consents, "BreakGlassMismatch", glassIdOf(), field("subject"));
    });
    it("does not hide a colluding review: the actor's group never reviews", async () => {
      const world = await freshConsents();
      const { consents, registry, mara } = world;
      await breakGlass(world);
      await disclose(world, emergency(mara.id));
      await as(registry, people.governance).setMemberSectors(
        northGeneral,
        Sector.HOSPITAL | Sector.REGULATOR,
      );
      const appointment = { operator: staff.northDesk.key, duties: Duty.INSPECT, until: 2 ** 32 - 1 };
      await as(registry, people.northAdmin).appoint(northGeneral, appointment);
      const own = as(consents, staff.northDesk).reviewBreakGlass(glassIdOf(), northGeneral, 3);
      await fails(own, consents, "BreakGlassReviewerInvalid", glassIdOf(), northGeneral);
    });
  });
  describe("given an admin that says its doctor's key replaced a stranger's", () => {
    it("suspends no doctor of another member by what its own leaves without a review", async () => {
      const world = await freshConsents();
      const { consents, registry, mara } = world;
      const admin = as(registry, people.northAdmin);
      const card = actor("a key of North General's that claims to have been Dr Steen's");
      const claimed = { operator: staff.drSteen.key, duties: Duty.SUBMIT, until: APPOINTED_UNTIL };
      await admin.appoint(northGeneral, claimed);
      await admin.replaceOperator(northGeneral, staff.drSteen.key, card.key, 0, "0x");
      await admin.appoint(northGeneral, { ...claimed, operator: card.key, duties: Duty.BREAK_GLASS });
      const licence = { member: northGeneral, operator: card.key, duties: Duty.BREAK_GLASS };
      const licensed = { ...licence, throughDay: LICENSED_THROUGH };
      await as(registry, people.licenser).license(healthOffice, licensed);
      const opened = (await now()) + DAY;
      await at(opened);
      await breakGlass(world, { by: card });
      await disclose(world, emergency(mara.id, { breakGlass: glassIdOf(card) }));
      const dueAt = reviewDueOf(opened);
      await mineAt(dueAt);
      const own = breakGlass(world, { by: card, ticketHash: ticket(2) });
      await fails(own, consents, "BreakGlassSuspended", northGeneral, card.key, dueAt);
      await breakGlass(world, { by: staff.drSteen, member: stMary, custodian: northGeneral });
      const standing = await consents.breakGlassStandingOf(stMary, staff.drSteen.key);
      expect([...standing]).to.eql([false, 0n, 0n]);
      await review(world, glassIdOf(card));
      await breakGlass(world, { by: card, ticketHash: ticket(2) });
    });
  });
  describe("given a paper deny of emergency access to one category", () => {
    it("is not widened to other categories, or beyond its end, by a deny that does not name it", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const desk = as(consents, staff.desk);
      const enter = (category: number, purpose: number, validUntil: number) =>
        desk.enterDenial(stMary, mara.id, northGeneral, 0, mask(category), wide(purpose), validUntil);
      const forever = 2 ** 32 - 1;
      const { genetics, laboratory } = Category;
      await enter(genetics, Purpose.breakGlass, START + 90 * DAY);
      const invalid = [mara.id, field("purposes")] as const;
      const categories = enter(laboratory, Purpose.treatment, START + 90 * DAY);
      await fails(categories, consents, "ConsentRuleInvalid", ...invalid);
      const end = enter(genetics, Purpose.treatment, forever);
      await fails(end, consents, "ConsentRuleInvalid", ...invalid);
      await enter(genetics, Purpose.treatment, START + 90 * DAY);
      await breakGlass(world);
      await disclose(world, emergency(mara.id, { category: laboratory }));
      const named = disclose(world, emergency(mara.id, { category: genetics }));
      await fails(named, consents, "BreakGlassDenied", glassIdOf(), mara.id);
      // By name it may be widened; and the other way round it is the same.
      await enter(laboratory, Purpose.breakGlass, START + 90 * DAY);
      await desk.liftDenial(stMary, mara.id, northGeneral, 0);
      await enter(laboratory, Purpose.treatment, forever);
      await fails(enter(genetics, Purpose.breakGlass, forever), consents, "ConsentRuleInvalid", ...invalid);
      const sooner = enter(laboratory, Purpose.breakGlass, START + 90 * DAY);
      await fails(sooner, consents, "ConsentRuleInvalid", ...invalid);
      await enter(laboratory, Purpose.breakGlass, forever);
    });
  });
  describe("given a pause that stops every permit", () => {
    it("does not let a desk open by lifting a paper deny what was closed", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const desk = as(consents, staff.desk);
      const masks = [mask(Category.laboratory), wide(Purpose.treatment)] as const;
      await desk.enterDenial(stMary, mara.id, northGeneral, 0, ...masks, 2 ** 32 - 1);
      const until = (await now()) + DAY;
      await as(consents, people.emergency).pause(until);
      const sent = desk.liftDenial(stMary, mara.id, northGeneral, 0);
      await fails(sent, consents, "DomainIsPaused", until);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
  });
  describe("given a key was stolen", () => {
    it("cannot lift what stands on paper", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const masks = [mask(Category.laboratory), wide(Purpose.treatment)] as const;
      const desk = as(consents, staff.desk);
      await desk.enterDenial(stMary, mara.id, northGeneral, 0, ...masks, 2 ** 32 - 1);
      const thief = mara;
      const lifted = revoke(world, thief, { number: 8 });
      await fails(lifted, consents, "ConsentRuleInvalid", mara.id, field("number"));
      await replaceKey(world, thief, helper);
      await grant(world, { ...mara, ...helper });
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
  });
});
