import { expect } from "chai";

import { DAY, as, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { people } from "../core/world.ts";
import {
  Category,
  EVERYONE,
  FOREVER,
  Kind,
  Member,
  PAPER,
  Purpose,
  Ruling,
  deny,
  freshConsents,
  grant,
  mask,
  ruleOf,
  ruling,
  staff,
  wide,
} from "./support.ts";

const { stMary, northGeneral } = Member;

/** A permit, and a paper deny over it. */
const load = async () => {
  const world = await freshConsents();
  const { consents, mara } = world;
  await grant(world, mara);
  const desk = as(consents, staff.desk);
  const masks = [mask(Category.laboratory), wide(Purpose.treatment)] as const;
  await desk.enterDenial(stMary, mara.id, northGeneral, 0, ...masks, FOREVER);
  return { ...world, world, desk };
};

describe("ConsentRegistry.liftDenial", () => {
  describe("when the custodian's desk lifts it", () => {
    it("emits PaperDenialLifted with the version after it, and nothing stands under number 8", async () => {
      const { world, consents, mara, desk } = await load();
      const sent = desk.liftDenial(stMary, mara.id, northGeneral, 0);
      const args = [mara.id, northGeneral, 0, 2, staff.desk.key];
      await emits(sent, consents, "PaperDenialLifted", ...args);
      expect((await ruleOf(world, mara.id, { number: PAPER })).kind).to.equal(Kind.none);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("leaves what the patient herself denied", async () => {
      const { world, mara, desk } = await load();
      await deny(world, mara, { number: 7 });
      await desk.liftDenial(stMary, mara.id, northGeneral, 0);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
  });
  describe("when none stands", () => {
    it("reverts with ConsentRuleUnknown, and so the second time", async () => {
      const { world, consents, mara, desk } = await load();
      await deny(world, mara, { number: 7, grantee: Member.cityLab });
      const places = [
        [Member.cityLab, 0],
        [0, EVERYONE],
        [0, 0],
      ] as const;
      for (const [grantee, sector] of places) {
        const sent = desk.liftDenial(stMary, mara.id, grantee, sector);
        await fails(sent, consents, "ConsentRuleUnknown", mara.id, PAPER);
      }
      await desk.liftDenial(stMary, mara.id, northGeneral, 0);
      const again = desk.liftDenial(stMary, mara.id, northGeneral, 0);
      await fails(again, consents, "ConsentRuleUnknown", mara.id, PAPER);
    });
  });
  describe("when the caller keeps no consents for the custodian", () => {
    it("reverts with DutyNotHeld, and with SubjectOfOther for another member's desk", async () => {
      const { consents, mara } = await load();
      for (const by of [people.stranger, staff.discloser, staff.northDesk]) {
        const sent = as(consents, by).liftDenial(stMary, mara.id, northGeneral, 0);
        await fails(sent, consents, "DutyNotHeld", stMary, by.key, Duty.CUSTODY);
      }
      const north = as(consents, staff.northDesk);
      const other = north.liftDenial(northGeneral, mara.id, northGeneral, 0);
      await fails(other, consents, "SubjectOfOther", mara.id, stMary, northGeneral);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const { consents, desk } = await load();
      const id = `0x${"07".repeat(32)}`;
      await fails(desk.liftDenial(stMary, id, northGeneral, 0), consents, "SubjectUnknown", id);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused: what protects stays", async () => {
      const { consents, mara, desk } = await load();
      const until = (await now()) + DAY;
      await as(consents, people.emergency).pause(until);
      const sent = desk.liftDenial(stMary, mara.id, northGeneral, 0);
      await fails(sent, consents, "DomainIsPaused", until);
    });
  });
});
