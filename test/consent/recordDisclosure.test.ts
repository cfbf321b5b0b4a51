import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, HOUR, as, at, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty, Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import {
  BREAK_GLASS_LIFE,
  Category,
  EVERYONE,
  Member,
  Purpose,
  RECEIVE,
  Ruling,
  Status,
  breakGlass,
  deny,
  disclose,
  disclosure,
  emergency,
  enrolled,
  field,
  forClass,
  freshConsents,
  glassIdOf,
  glassOf,
  grant,
  review,
  revoke,
  staff,
  ticket,
  wide,
  type ConsentWorld,
  type Disclosure,
} from "./support.ts";
import { ecdsaKey } from "./keys.ts";

const { stMary, northGeneral, cityLab } = Member;

/** Refused for want of a rule. */
const notPermitted = async (world: ConsentWorld, given: Disclosure, told: bigint): Promise<void> => {
  const args = [given.subject, given.grantee, given.category, given.purpose, told];
  await fails(disclose(world, given), world.consents, "DisclosureNotPermitted", ...args);
};

describe("ConsentRegistry.recordDisclosure", () => {
  describe("when a permit allows it", () => {
    it("emits DisclosureRecorded with the rule that allowed it", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara, { number: 3 });
      const given = disclosure(mara.id);
      const who = [mara.id, northGeneral, stMary, staff.discloser.key];
      const what = [Category.laboratory, Purpose.treatment, given.document, 0, 3, 1, ZeroHash];
      await emits(disclose(world, given), consents, "DisclosureRecorded", ...who, ...what);
    });
    it("names the class when a class rule allowed it", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara, { ...forClass(EVERYONE), number: 1 });
      const given = disclosure(mara.id, { grantee: cityLab });
      const who = [mara.id, cityLab, stMary, staff.discloser.key];
      const what = [Category.laboratory, Purpose.treatment, given.document, EVERYONE, 1, 1, ZeroHash];
      await emits(disclose(world, given), consents, "DisclosureRecorded", ...who, ...what);
    });
    it("records the same document as often as it is disclosed", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await disclose(world, disclosure(world.mara.id));
      await disclose(world, disclosure(world.mara.id));
    });
  });
  describe("when no rule allows it", () => {
    it("reverts with DisclosureNotPermitted and the ruling", async () => {
      const world = await freshConsents();
      const { mara, registry } = world;
      await notPermitted(world, disclosure(mara.id), Ruling.noRule);
      await grant(world, mara);
      await notPermitted(world, disclosure(mara.id, { category: Category.genetics }), Ruling.noRule);
      await notPermitted(world, disclosure(mara.id, { purpose: Purpose.research }), Ruling.noRule);
      await deny(world, mara, { ...forClass(Sector.HOSPITAL) });
      await notPermitted(world, disclosure(mara.id), Ruling.denied);
      await revoke(world, mara, forClass(Sector.HOSPITAL));
      await as(registry, people.governance).closeMember(northGeneral);
      await notPermitted(world, disclosure(mara.id), Ruling.granteeInactive);
    });
    it("reverts with DisclosureNotPermitted from the block of the revocation on", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await revoke(world, world.mara);
      await notPermitted(world, disclosure(world.mara.id), Ruling.noRule);
    });
    it("reverts with DisclosureNotPermitted outside the window, to the second", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const validFrom = (await now()) + DAY;
      const validUntil = validFrom + DAY;
      await grant(world, mara, { validFrom, validUntil });
      await at(validFrom - 1);
      await notPermitted(world, disclosure(mara.id), Ruling.noRule);
      await at(validFrom);
      await disclose(world, disclosure(mara.id));
      await at(validUntil - 1);
      await disclose(world, disclosure(mara.id));
      await at(validUntil);
      await notPermitted(world, disclosure(mara.id), Ruling.noRule);
    });
    it("reverts with DisclosureNotPermitted for BTG without a use of break-glass", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      const given = disclosure(world.mara.id, { purpose: Purpose.breakGlass });
      await notPermitted(world, given, Ruling.noRule);
    });
    it("reverts with DisclosureNotPermitted while the grantee may receive nothing", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      const until = (await now()) + 5 * DAY;
      const inspect = as(world.registry, people.inspector);
      await inspect.suspendMember(Member.healthOffice, northGeneral, RECEIVE, until, 5);
      await notPermitted(world, disclosure(world.mara.id), Ruling.granteeInactive);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const sent = disclose(world, disclosure(ZeroHash));
      await fails(sent, world.consents, "SubjectUnknown", ZeroHash);
    });
  });
  describe("when a number or the commitment is out of range", () => {
    it("reverts with DisclosureInvalid naming the field", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const wrong: readonly (readonly [string, Partial<Disclosure>])[] = [
        ["category", { category: 32 }],
        ["category", { category: 255 }],
        ["purpose", { purpose: 61 }],
        ["purpose", { purpose: 64 }],
        ["document", { document: ZeroHash }],
      ];
      for (const [name, changes] of wrong) {
        const sent = disclose(world, disclosure(mara.id, changes));
        await fails(sent, consents, "DisclosureInvalid", mara.id, field(name));
      }
    });
  });
  describe("when the grantee is the custodian itself", () => {
    it("reverts with DisclosureInvalid naming the grantee", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara, { grantee: stMary });
      const sent = disclose(world, disclosure(mara.id, { grantee: stMary }));
      await fails(sent, consents, "DisclosureInvalid", mara.id, field("grantee"));
    });
  });
  describe("when the caller is no DISCLOSE operator of the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      for (const who of [people.stranger, staff.desk, people.stMaryAdmin, staff.northDiscloser]) {
        const sent = disclose(world, disclosure(mara.id), who);
        await fails(sent, consents, "DutyNotHeld", stMary, who.key, Duty.DISCLOSE);
      }
    });
  });
  describe("when the member is not the custodian", () => {
    it("reverts with SubjectOfOther, even for the grantee and even with a permit", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const others = [
        [northGeneral, staff.northDiscloser],
        [cityLab, staff.labDiscloser],
      ] as const;
      for (const [member, who] of others) {
        const sent = disclose(world, disclosure(mara.id), who, member);
        await fails(sent, consents, "SubjectOfOther", mara.id, stMary, member);
      }
    });
    it("takes it from the custodian's successor once the custodian closed", async () => {
      const world = await freshConsents();
      const { consents, mara, registry } = world;
      const governed = as(registry, people.governance);
      await grant(world, mara, { grantee: Member.mediSure });
      const given = disclosure(mara.id, { grantee: Member.mediSure });
      await governed.closeMember(stMary);
      const early = disclose(world, given, staff.northDiscloser, northGeneral);
      await fails(early, consents, "SubjectOfOther", mara.id, stMary, northGeneral);
      await governed.nameSuccessor(stMary, northGeneral);
      const sent = disclose(world, given, staff.northDiscloser, northGeneral);
      const who = [mara.id, Member.mediSure, northGeneral, staff.northDiscloser.key];
      const what = [Category.laboratory, Purpose.treatment, given.document, 0, 0, 1, ZeroHash];
      await emits(sent, consents, "DisclosureRecorded", ...who, ...what);
      const former = disclose(world, given);
      await fails(former, consents, "DutyNotPermitted", stMary, Duty.DISCLOSE);
    });
  });
  describe("when a use of break-glass allows it", () => {
    it("emits BreakGlassBound and DisclosureRecorded for the first, and needs no rule", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await breakGlass(world);
      const given = emergency(mara.id);
      const sent = disclose(world, given);
      await emits(sent, consents, "BreakGlassBound", glassIdOf(), mara.id);
      const who = [mara.id, northGeneral, stMary, staff.discloser.key];
      const what = [Category.laboratory, Purpose.breakGlass, given.document, 0, 0, 0, glassIdOf()];
      await emits(sent, consents, "DisclosureRecorded", ...who, ...what);
      const next = await (await disclose(world, emergency(mara.id, { category: Category.genetics }))).wait();
      const names = next!.logs.map((log) => consents.interface.parseLog(log)?.name);
      expect(names).to.eql(["DisclosureRecorded"]);
      expect((await glassOf(world)).subject).to.equal(mara.id);
    });
    it("does so against a deny that does not name BTG", async () => {
      const world = await freshConsents();
      await deny(world, world.mara, { purposes: 2n ** 60n - 1n, categories: 2 ** 32 - 1 });
      await breakGlass(world);
      await disclose(world, emergency(world.mara.id));
    });
    it("does so to the last second of 24 hours from its opening", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const opened = (await now()) + HOUR;
      await at(opened);
      await breakGlass(world);
      await at(opened + BREAK_GLASS_LIFE - 1);
      await disclose(world, emergency(mara.id));
      await at(opened + BREAK_GLASS_LIFE);
      const late = disclose(world, emergency(mara.id));
      await fails(late, consents, "BreakGlassMismatch", glassIdOf(), field("openedAt"));
    });
    it("reverts with BreakGlassDenied when the patient denied BTG to the member in so many words", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await breakGlass(world);
      await deny(world, mara, { purposes: wide(Purpose.breakGlass) });
      const sent = disclose(world, emergency(mara.id));
      await fails(sent, consents, "BreakGlassDenied", glassIdOf(), mara.id);
      expect((await glassOf(world)).subject).to.equal(ZeroHash);
      await disclose(world, emergency(world.wim.id));
    });
    it("reverts with BreakGlassDenied when the patient denied BTG to the member's class or to everybody", async () => {
      for (const sector of [Sector.HOSPITAL, EVERYONE]) {
        const world = await freshConsents();
        await breakGlass(world);
        await deny(world, world.mara, { ...forClass(sector), purposes: wide(Purpose.breakGlass) });
        const sent = disclose(world, emergency(world.mara.id));
        await fails(sent, world.consents, "BreakGlassDenied", glassIdOf(), world.mara.id);
      }
    });
    it("reverts with BreakGlassMismatch for another patient, grantee, custodian or purpose", async () => {
      const world = await freshConsents();
      const { consents, mara, wim } = world;
      await breakGlass(world);
      const refused = async (sent: Promise<unknown>, name: string) =>
        await fails(sent, consents, "BreakGlassMismatch", glassIdOf(), field(name));
      await refused(disclose(world, emergency(mara.id, { grantee: cityLab })), "member");
      await refused(disclose(world, emergency(mara.id, { purpose: Purpose.treatment })), "purpose");
      const elsewhere = await enrolled(
        world,
        ecdsaKey("Mara at the lab"),
        { custodian: cityLab },
        { relay: staff.labDesk },
      );
      const lab = disclose(world, emergency(elsewhere.id), staff.labDiscloser, cityLab);
      await refused(lab, "custodian");
      await disclose(world, emergency(mara.id));
      await refused(disclose(world, emergency(wim.id)), "subject");
    });
    it("reverts with BreakGlassUnknown for one that was never opened", async () => {
      const world = await freshConsents();
      const breakGlassId = glassIdOf(staff.drVega, ticket(9));
      const sent = disclose(world, emergency(world.mara.id, { breakGlass: breakGlassId }));
      await fails(sent, world.consents, "BreakGlassUnknown", breakGlassId);
    });
    it("reverts with BreakGlassAlreadyReviewed once it was reviewed, whatever the outcome", async () => {
      for (const outcome of [Status.justified, Status.unjustified]) {
        const world = await freshConsents();
        await breakGlass(world);
        await disclose(world, emergency(world.mara.id));
        await review(world, glassIdOf(), outcome);
        const sent = disclose(world, emergency(world.mara.id));
        await fails(sent, world.consents, "BreakGlassAlreadyReviewed", glassIdOf(), outcome);
      }
    });
    it("reverts with DisclosureNotPermitted while the member that opened it may receive nothing", async () => {
      const world = await freshConsents();
      await breakGlass(world);
      const until = (await now()) + 5 * DAY;
      const inspect = as(world.registry, people.inspector);
      await inspect.suspendMember(Member.healthOffice, northGeneral, RECEIVE, until, 5);
      await notPermitted(world, emergency(world.mara.id), Ruling.granteeInactive);
    });
    it("reverts with SubjectOfOther and DutyNotHeld as any other", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await breakGlass(world);
      const foreign = disclose(world, emergency(mara.id), staff.labDiscloser, cityLab);
      await fails(foreign, consents, "SubjectOfOther", mara.id, stMary, cityLab);
      const stranger = disclose(world, emergency(mara.id), staff.drVega);
      await fails(stranger, consents, "DutyNotHeld", stMary, staff.drVega.key, Duty.DISCLOSE);
    });
    it("goes on under the custodian's successor", async () => {
      const world = await freshConsents();
      const { mara, registry } = world;
      await breakGlass(world);
      const governed = as(registry, people.governance);
      await governed.closeMember(stMary);
      await governed.nameSuccessor(stMary, cityLab);
      await disclose(world, emergency(mara.id), staff.labDiscloser, cityLab);
      expect((await glassOf(world)).subject).to.equal(mara.id);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused for one by a rule, and records one by break-glass", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const until = (await now()) + DAY;
      await as(consents, people.emergency).pause(until);
      await fails(disclose(world, disclosure(mara.id)), consents, "DomainIsPaused", until);
      await breakGlass(world);
      await disclose(world, emergency(mara.id));
      await mineAt(until);
      await disclose(world, disclosure(mara.id));
    });
  });
});
