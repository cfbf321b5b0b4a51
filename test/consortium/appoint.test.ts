import { expect } from "chai";
import { ZeroHash } from "ethers";

import { actor, as, at, mineAt, START, HOUR, DAY } from "../core/chain.ts";
import { Duty, Sector, permittedTo } from "../core/words.ts";
import { people, Member, freshConsortium, APPOINTED_UNTIL, LICENSED_THROUGH } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.appoint", () => {
  const { stMary, northGeneral } = Member;
  const drNew = actor("Dr New");
  const appointment = { operator: drNew.key, duties: Duty.PRESCRIBE | Duty.SUBMIT, until: APPOINTED_UNTIL };
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, admin: as(registry, people.stMaryAdmin) };
  };

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await load();
      for (const who of [
        people.stranger,
        people.northAdmin,
        people.drLi,
        people.governance,
        people.inspector,
      ]) {
        const sent = as(registry, who).appoint(stMary, { ...appointment, operator: who.key });
        await fails(sent, registry, "MemberAdminOnly", stMary, people.stMaryAdmin.address, who.address);
      }
    });
  });
  describe("given the member is unknown", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, admin } = await load();
      for (const member of [0, 99])
        await fails(admin.appoint(member, appointment), registry, "MemberNotActive", member);
    });
  });
  describe("given the member is closed", () => {
    it("reverts with MemberNotActive again", async () => {
      const { registry, admin } = await load();
      await as(registry, people.governance).closeMember(stMary);
      await fails(admin.appoint(stMary, appointment), registry, "MemberNotActive", stMary);
    });
  });
  describe("when the operator key is zero", () => {
    it("reverts with OperatorKeyInvalid", async () => {
      const { registry, admin } = await load();
      const sent = admin.appoint(stMary, { ...appointment, operator: ZeroHash });
      await fails(sent, registry, "OperatorKeyInvalid", ZeroHash);
    });
  });
  describe("when the duties are empty", () => {
    it("reverts with OperatorDutiesInvalid", async () => {
      const { registry, admin } = await load();
      const sent = admin.appoint(stMary, { ...appointment, duties: 0 });
      await fails(sent, registry, "OperatorDutiesInvalid", stMary, drNew.key, 0);
    });
  });
  describe("when a duty does not exist", () => {
    it("reverts with OperatorDutiesInvalid naming the bits refused", async () => {
      const { registry, admin } = await load();
      for (const bit of [5, 6, 7, 21, 30, 31]) {
        const refused = 2 ** bit;
        const sent = admin.appoint(stMary, { ...appointment, duties: Duty.PRESCRIBE + refused });
        await fails(sent, registry, "OperatorDutiesInvalid", stMary, drNew.key, refused);
      }
    });
  });
  describe("when a duty is not permitted to the sectors", () => {
    it("reverts with OperatorDutiesInvalid naming the duty refused", async () => {
      const { registry, admin } = await load();
      for (const duty of Object.values(Duty)) {
        if ((permittedTo(Sector.HOSPITAL) & duty) !== 0) continue;
        const sent = admin.appoint(stMary, { ...appointment, duties: Duty.PRESCRIBE | duty });
        await fails(sent, registry, "OperatorDutiesInvalid", stMary, drNew.key, duty);
      }
    });
  });
  describe("when the end is now or past", () => {
    it("reverts with OperatorAppointmentPast", async () => {
      const { registry, admin } = await load();
      for (const [second, until] of [
        [START + HOUR, START + HOUR],
        [START + 2 * HOUR, START],
        [START + 3 * HOUR, 0],
      ] as const) {
        await at(second);
        const sent = admin.appoint(stMary, { ...appointment, until });
        await fails(sent, registry, "OperatorAppointmentPast", drNew.key, until);
      }
      await at(START + 4 * HOUR);
      await admin.appoint(stMary, { ...appointment, until: START + 4 * HOUR + 1 });
    });
  });
  describe("when the terms hold", () => {
    it("emits OperatorAppointed with every term", async () => {
      const { registry, admin } = await load();
      const { operator, duties, until } = appointment;
      await emits(
        admin.appoint(stMary, appointment),
        registry,
        "OperatorAppointed",
        stMary,
        operator,
        duties,
        until,
      );
      const stands = await registry.operatorOf(stMary, operator);
      expect([stands.duties, stands.suspended, stands.appointedUntil]).to.eql([
        BigInt(duties),
        0n,
        BigInt(until),
      ]);
      expect([...stands.licensedThrough]).to.eql(Array(8).fill(0n));
    });
    it("gives organisational duties at once and professional ones only with a licence", async () => {
      const { registry, admin } = await load();
      await admin.appoint(stMary, appointment);
      expect(await registry.effectiveDuties(stMary, drNew.key)).to.equal(Duty.SUBMIT);
      const duties = Duty.PRESCRIBE;
      const licence = { member: stMary, operator: drNew.key, duties, throughDay: LICENSED_THROUGH };
      await as(registry, people.licenser).license(Member.healthOffice, licence);
      expect(await registry.effectiveDuties(stMary, drNew.key)).to.equal(Duty.SUBMIT | Duty.PRESCRIBE);
    });
    it("replaces the whole earlier set", async () => {
      const { registry, admin } = await load();
      await admin.appoint(stMary, appointment);
      await admin.appoint(stMary, { ...appointment, duties: Duty.ANCHOR_RECORD, until: START + DAY });
      const stands = await registry.operatorOf(stMary, drNew.key);
      expect([stands.duties, stands.appointedUntil]).to.eql([
        BigInt(Duty.ANCHOR_RECORD),
        BigInt(START + DAY),
      ]);
    });
    it("ends at the second named, exclusive", async () => {
      const { registry, admin } = await load();
      await admin.appoint(stMary, { ...appointment, until: START + DAY });
      await mineAt(START + DAY - 1);
      expect(await registry.effectiveDuties(stMary, drNew.key)).to.equal(Duty.SUBMIT);
      await mineAt(START + DAY);
      expect(await registry.effectiveDuties(stMary, drNew.key)).to.equal(0n);
    });
    it("leaves the same key at another member as it was", async () => {
      const { registry } = await load();
      await as(registry, people.northAdmin).appoint(northGeneral, {
        ...appointment,
        operator: people.drLi.key,
      });
      expect((await registry.operatorOf(stMary, people.drLi.key)).duties).to.equal(Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(northGeneral, people.drLi.key)).to.equal(Duty.SUBMIT);
    });
  });
  describe("given duties of the operator are suspended", () => {
    it("keeps the suspension, so that no admin undoes it", async () => {
      const { registry, admin } = await load();
      await as(registry, people.inspector).suspendOperator(
        Member.healthOffice,
        stMary,
        people.drLi.key,
        Duty.PRESCRIBE,
      );
      await admin.appoint(stMary, { ...appointment, operator: people.drLi.key });
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.SUBMIT);
      await admin.dismiss(stMary, [people.drLi.key]);
      await admin.appoint(stMary, { ...appointment, operator: people.drLi.key });
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.SUBMIT);
    });
  });
  describe("given the key was replaced", () => {
    it("reverts with OperatorKeyRetired", async () => {
      const { registry, admin } = await load();
      await admin.replaceOperator(stMary, people.drLi.key, drNew.key, 0, "0x");
      const sent = admin.appoint(stMary, { ...appointment, operator: people.drLi.key });
      await fails(sent, registry, "OperatorKeyRetired", stMary, people.drLi.key);
    });
  });
});
