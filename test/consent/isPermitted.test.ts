import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, START, as, isInstrumented, mineAt, now } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import { ecdsaKey } from "./keys.ts";
import {
  ALL_CATEGORIES,
  ALL_PURPOSES,
  Category,
  EVERYONE,
  FOREVER,
  Member,
  PAPER,
  Purpose,
  RECEIVE,
  Ruling,
  appoint,
  changeRules,
  decide,
  delegated,
  deny,
  forClass,
  freshConsents,
  grant,
  mask,
  revoke,
  revokeAll,
  rule,
  ruling,
  staff,
  wide,
  REGISTERED,
} from "./support.ts";

const NONE = {
  grantee: 0n,
  sector: 0n,
  number: 0n,
  version: 0n,
  exportable: false,
  redisclosable: false,
};

describe("ConsentRegistry.isPermitted", () => {
  describe("when the subject is unknown", () => {
    it("says SubjectUnknown and names no rule", async () => {
      const world = await freshConsents();
      const answer = await decide(world, { id: ZeroHash });
      expect(answer).to.eql({ ruling: Ruling.subjectUnknown, ...NONE });
    });
  });
  describe("when no rule covers the question", () => {
    it("says NoRule and names none", async () => {
      const world = await freshConsents();
      expect(await decide(world, world.mara)).to.eql({ ruling: Ruling.noRule, ...NONE });
    });
    it("says NoRule for another grantee, category or purpose than the permit's", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara);
      for (const question of [
        { grantee: Member.stMary },
        { category: Category.imaging },
        { purpose: Purpose.research },
      ])
        expect(await ruling(world, mara, question)).to.equal(Ruling.noRule);
      expect(await ruling(world, world.wim)).to.equal(Ruling.noRule);
    });
    it("says NoRule for bit numbers that no mask has", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara, { purposes: ALL_PURPOSES, categories: REGISTERED });
      for (const question of [
        { category: 32 },
        { category: 255 },
        { purpose: 61 },
        { purpose: 64 },
        { purpose: 65 },
        { purpose: 255 },
      ])
        expect(await ruling(world, mara, question)).to.equal(Ruling.noRule);
    });
  });
  describe("when a permit covers it", () => {
    it("says Permitted with the rule and its flags", async () => {
      const world = await freshConsents();
      await grant(world, world.mara, { exportable: true });
      const rest = { sector: 0n, number: 0n, version: 1n, exportable: true, redisclosable: false };
      const told = { ruling: Ruling.permitted, grantee: BigInt(Member.northGeneral), ...rest };
      expect(await decide(world, world.mara)).to.eql(told);
    });
    it("says so from the first second of its window to the last", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const validFrom = (await now()) + DAY;
      const validUntil = validFrom + DAY;
      await grant(world, mara, { validFrom, validUntil });
      const expected = [
        [validFrom - 1, Ruling.noRule],
        [validFrom, Ruling.permitted],
        [validUntil - 1, Ruling.permitted],
        [validUntil, Ruling.noRule],
      ] as const;
      for (const [second, told] of expected) {
        await mineAt(second);
        expect(await ruling(world, mara), `${second - validFrom}`).to.equal(told);
      }
    });
    it("says so without end for a rule without an end", async () => {
      const world = await freshConsents();
      await grant(world, world.mara, { validUntil: FOREVER });
      await mineAt(START + 40 * 365 * DAY);
      expect(await ruling(world, world.mara)).to.equal(Ruling.permitted);
    });
  });
  describe("when several permits cover it", () => {
    it("names the member's before a sector's before everybody's", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara, { ...forClass(EVERYONE), exportable: true, redisclosable: true });
      expect((await decide(world, mara)).sector).to.equal(BigInt(EVERYONE));
      await grant(world, mara, { ...forClass(Sector.HOSPITAL), number: 7, exportable: true });
      const bySector = await decide(world, mara);
      expect([bySector.sector, bySector.grantee, bySector.number]).to.eql([1n, 0n, 7n]);
      expect([bySector.exportable, bySector.redisclosable]).to.eql([true, false]);
      await grant(world, mara, { number: 6 });
      const byMember = await decide(world, mara);
      expect([byMember.sector, byMember.grantee, byMember.number]).to.eql([0n, 2n, 6n]);
      expect([byMember.exportable, byMember.redisclosable]).to.eql([false, false]);
    });
    it("names the lowest number of a level that covers it", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara, { number: 5 });
      await grant(world, mara, { number: 3 });
      expect((await decide(world, mara)).number).to.equal(3n);
      await grant(world, mara, { number: 0, purposes: wide(Purpose.research) });
      expect((await decide(world, mara)).number).to.equal(3n);
      await revoke(world, mara, { number: 3 });
      expect((await decide(world, mara)).number).to.equal(5n);
    });
    it("names the lowest sector of a member of several that covers it", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const both = Sector.HOSPITAL | Sector.LABORATORY;
      await as(world.registry, people.governance).setMemberSectors(Member.northGeneral, both);
      await grant(world, mara, forClass(Sector.LABORATORY));
      expect((await decide(world, mara)).sector).to.equal(BigInt(Sector.LABORATORY));
      await grant(world, mara, forClass(Sector.HOSPITAL));
      expect((await decide(world, mara)).sector).to.equal(BigInt(Sector.HOSPITAL));
    });
  });
  describe("when a deny covers it", () => {
    it("says Denied with the deny, whatever permits there are", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara);
      await deny(world, mara, { number: 7 });
      const denied = { ruling: Ruling.denied, grantee: BigInt(Member.northGeneral), number: 7n };
      expect(await decide(world, mara)).to.eql({ ...NONE, ...denied, version: 1n });
    });
    it("says so for a deny on everybody against a permit for the member alone", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara);
      await deny(world, mara, { ...forClass(EVERYONE), categories: ALL_CATEGORIES, purposes: ALL_PURPOSES });
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
      await revoke(world, mara, forClass(EVERYONE));
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("says so for a deny from paper", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const masks = [mask(Category.laboratory), wide(Purpose.treatment)] as const;
      const terms = [Member.stMary, mara.id, Member.northGeneral, 0, ...masks, FOREVER] as const;
      await as(consents, staff.desk).enterDenial(...terms);
      const told = await decide(world, mara);
      expect([told.ruling, told.number]).to.eql([Ruling.denied, BigInt(PAPER)]);
    });
    it("says Permitted again once the deny's window is over", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const validUntil = (await now()) + DAY;
      await grant(world, mara);
      await deny(world, mara, { number: 1, validUntil });
      await mineAt(validUntil - 1);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
      await mineAt(validUntil);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
  });
  describe("when the class of a rule has members come and go", () => {
    it("counts the sectors that the grantee has now", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const governed = as(world.registry, people.governance);
      await grant(world, mara, forClass(Sector.LABORATORY));
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      await governed.setMemberSectors(Member.northGeneral, Sector.LABORATORY);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await governed.setMemberSectors(Member.northGeneral, Sector.HOSPITAL);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
  });
  describe("when the grantee is unknown, closed or may receive nothing", () => {
    it("says GranteeInactive", async () => {
      const world = await freshConsents();
      const { mara, registry } = world;
      await grant(world, mara);
      await grant(world, mara, forClass(EVERYONE));
      expect(await ruling(world, mara, { grantee: 99 })).to.equal(Ruling.granteeInactive);
      expect(await ruling(world, mara, { grantee: 0 })).to.equal(Ruling.granteeInactive);
      await as(registry, people.governance).closeMember(Member.northGeneral);
      expect(await ruling(world, mara)).to.equal(Ruling.granteeInactive);
    });
    it("says so while a regulator suspends RECEIVE, and no longer", async () => {
      const world = await freshConsents();
      const { mara, registry } = world;
      await grant(world, mara);
      const until = (await now()) + 5 * DAY;
      const inspect = as(registry, people.inspector);
      await inspect.suspendMember(Member.healthOffice, Member.northGeneral, RECEIVE, until, 5);
      expect(await ruling(world, mara)).to.equal(Ruling.granteeInactive);
      await mineAt(until);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("says Permitted while a regulator suspends other duties", async () => {
      const world = await freshConsents();
      const { mara, registry } = world;
      await grant(world, mara);
      const until = (await now()) + 5 * DAY;
      const inspect = as(registry, people.inspector);
      await inspect.suspendMember(Member.healthOffice, Member.northGeneral, Duty.DISPENSE, until, 5);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
  });
  describe("when a permit was set under a delegation", () => {
    it("counts while the delegation runs and not from its end on", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      const validUntil = (await now()) + 10 * DAY;
      await appoint(world, mara, carer, { validUntil });
      await grant(world, mara, delegated({ validUntil }), { by: carer });
      // The subject shortens the delegation by a new one: the permits of the old one end.
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await mineAt(validUntil - 1);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await mineAt(validUntil);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("ends with a new delegation under the same number", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara, delegated(), { by: carer });
      await appoint(world, mara, carer, { version: 1 });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
  });
  describe("when BTG is asked for", () => {
    it("is never permitted, and denied by a deny of BTG alone", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara, { purposes: ALL_PURPOSES });
      await deny(world, mara, { number: 1, purposes: ALL_PURPOSES });
      const question = { purpose: Purpose.breakGlass };
      expect(await ruling(world, mara, question)).to.equal(Ruling.noRule);
      await deny(world, mara, { number: 2, purposes: wide(Purpose.breakGlass) });
      expect(await ruling(world, mara, question)).to.equal(Ruling.denied);
    });
  });
  describe("when every slot that can be is full", () => {
    it("stays bounded", async () => {
      const world = await freshConsents();
      const { consents, mara, registry } = world;
      const sectors = Object.values(Sector);
      const all = sectors.reduce((sum, one) => sum | one, 0);
      await as(registry, people.governance).setMemberSectors(Member.northGeneral, all);
      const classes = [...sectors, EVERYONE].map((sector) => forClass(sector));
      for (const grantee of [{}, ...classes]) {
        const rules = Array.from({ length: 8 }, (_, number) =>
          rule(mara.id, { ...grantee, number, purposes: wide(Purpose.research) }),
        );
        await changeRules(world, mara, { grants: rules });
      }
      const gas = await consents.isPermitted.estimateGas(
        mara.id,
        Member.northGeneral,
        Category.laboratory,
        Purpose.treatment,
      );
      if (!isInstrumented) expect(Number(gas)).to.be.lessThan(500_000);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      await revokeAll(world, mara);
      const { ruling: told } = await decide(world, mara, { purpose: Purpose.research });
      expect(told).to.equal(Ruling.noRule);
    });
  });
  describe("given the patient's key is gone", () => {
    it("answers for a subject without a key as for any other", async () => {
      const world = await freshConsents();
      const { child, guardian } = world;
      await grant(world, child, delegated(), { by: guardian });
      expect(await ruling(world, child)).to.equal(Ruling.permitted);
      expect(ecdsaKey("nobody").key).to.not.equal(child.key);
    });
  });
});
