import { expect } from "chai";

import { DAY, as, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { people } from "../core/world.ts";
import { ecdsaKey } from "./keys.ts";
import {
  Member,
  REPLACEMENT_DELAY,
  REPLACEMENT_LIFE,
  appoint,
  freshConsents,
  grant,
  proposeKey,
  replacementOf,
  staff,
  subjectOf,
} from "./support.ts";

const { stMary, northGeneral } = Member;
const fresh = ecdsaKey("Mara's next");

const load = async () => {
  const world = await freshConsents();
  await appoint(world, world.mara, world.carer);
  await proposeKey(world, world.mara, fresh, world.carer);
  return { ...world, world, desk: as(world.consents, staff.desk) };
};

describe("ConsentRegistry.withdrawKey", () => {
  describe("when the custodian's desk withdraws", () => {
    it("emits SubjectKeyProposalCancelled with the operator, and the key that stands signs again", async () => {
      const { world, consents, mara, desk } = await load();
      const args = [mara.id, staff.desk.key, fresh.key];
      await emits(desk.withdrawKey(stMary, mara.id), consents, "SubjectKeyProposalCancelled", ...args);
      expect((await subjectOf(world, mara.id)).replacementPending).to.equal(false);
      expect((await replacementOf(world, mara.id)).effectiveFrom).to.equal(0n);
      await grant(world, mara);
    });
    it("withdraws one that lapsed", async () => {
      const { world, mara, desk } = await load();
      await mineAt((await now()) + REPLACEMENT_DELAY + REPLACEMENT_LIFE + DAY);
      await desk.withdrawKey(stMary, mara.id);
      expect((await subjectOf(world, mara.id)).replacementPending).to.equal(false);
    });
    it("outdates signatures for the proposal that was withdrawn", async () => {
      const { world, consents, mara, carer, desk } = await load();
      await desk.withdrawKey(stMary, mara.id);
      const sent = proposeKey(world, mara, fresh, carer);
      await fails(sent, consents, "ConsentSignatureInvalid", mara.id, fresh.key);
      const { keyVersion } = await subjectOf(world, mara.id);
      await proposeKey(world, mara, fresh, carer, { keyVersion: Number(keyVersion) });
    });
  });
  describe("when the caller keeps no consents for the custodian", () => {
    it("reverts with DutyNotHeld, and with SubjectOfOther for another member's desk", async () => {
      const { consents, mara } = await load();
      for (const who of [people.stranger, staff.discloser, staff.northDesk]) {
        const sent = as(consents, who).withdrawKey(stMary, mara.id);
        await fails(sent, consents, "DutyNotHeld", stMary, who.key, Duty.CUSTODY);
      }
      const other = as(consents, staff.northDesk).withdrawKey(northGeneral, mara.id);
      await fails(other, consents, "SubjectOfOther", mara.id, stMary, northGeneral);
    });
  });
  describe("when none is proposed", () => {
    it("reverts with ReplacementUnknown", async () => {
      const { consents, wim, desk } = await load();
      await fails(desk.withdrawKey(stMary, wim.id), consents, "ReplacementUnknown", wim.id);
    });
  });
  describe("given the domain is paused", () => {
    it("withdraws all the same", async () => {
      const { world, consents, mara, desk } = await load();
      await as(consents, people.emergency).pause((await now()) + DAY);
      await desk.withdrawKey(stMary, mara.id);
      expect((await subjectOf(world, mara.id)).replacementPending).to.equal(false);
    });
  });
});
