import { expect } from "chai";

import { as, now, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.revokeLicence", () => {
  const { stMary, sunPharmacy, healthOffice, drugAgency } = Member;
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, licenser: as(registry, people.licenser), agency: as(registry, people.agencyLicenser) };
  };

  describe("when the caller is no LICENSE operator of the authority", () => {
    it("reverts with DutyNotHeld", async () => {
      const { registry } = await load();
      for (const who of [people.stranger, people.inspector, people.stMaryAdmin]) {
        const sent = as(registry, who).revokeLicence(healthOffice, stMary, people.drLi.key, Duty.PRESCRIBE);
        await fails(sent, registry, "DutyNotHeld", healthOffice, who.key, Duty.LICENSE);
      }
    });
  });
  describe("when another authority gave the licence", () => {
    it("reverts with LicenceOfOther", async () => {
      const { registry, agency } = await load();
      const sent = agency.revokeLicence(drugAgency, sunPharmacy, people.anna.key, Duty.DISPENSE);
      const args = [drugAgency, people.anna.key, Duty.DISPENSE, healthOffice];
      await fails(sent, registry, "LicenceOfOther", ...args);
    });
  });
  describe("when nobody gave the licence", () => {
    it("reverts with LicenceUnknown", async () => {
      const { registry, licenser } = await load();
      const sent = licenser.revokeLicence(healthOffice, stMary, people.drIdle.key, Duty.PRESCRIBE);
      await fails(sent, registry, "LicenceUnknown", stMary, people.drIdle.key, Duty.PRESCRIBE);
      const more = licenser.revokeLicence(
        healthOffice,
        stMary,
        people.drLi.key,
        Duty.PRESCRIBE | Duty.REVIEW,
      );
      await fails(more, registry, "LicenceUnknown", stMary, people.drLi.key, Duty.REVIEW);
    });
  });
  describe("when no duty or an organisational one is named", () => {
    it("reverts with OperatorDutiesInvalid", async () => {
      const { registry, licenser } = await load();
      for (const duties of [0, Duty.SUBMIT, Duty.PRESCRIBE | Duty.SUBMIT]) {
        const sent = licenser.revokeLicence(healthOffice, stMary, people.drLi.key, duties);
        await fails(sent, registry, "OperatorDutiesInvalid", stMary, people.drLi.key, duties);
      }
    });
  });
  describe("when the giver revokes", () => {
    it("emits OperatorLicenceRevoked and the duty stops in the same block", async () => {
      const { registry, licenser } = await load();
      const sent = licenser.revokeLicence(healthOffice, stMary, people.drLi.key, Duty.PRESCRIBE);
      const args = [stMary, people.drLi.key, healthOffice, Duty.PRESCRIBE];
      await emits(sent, registry, "OperatorLicenceRevoked", ...args);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
    });
    it("leaves the other licences standing", async () => {
      const { registry, licenser } = await load();
      await licenser.revokeLicence(healthOffice, sunPharmacy, people.anna.key, Duty.DISPENSE);
      expect(await registry.effectiveDuties(sunPharmacy, people.anna.key)).to.equal(Duty.REVIEW);
      expect(await registry.effectiveDuties(sunPharmacy, people.ben.key)).to.equal(Duty.DISPENSE);
    });
  });
  describe("when the giver's successor revokes", () => {
    it("emits OperatorLicenceRevoked in the successor's name", async () => {
      const { registry, agency } = await load();
      const governed = as(registry, people.governance);
      await governed.setLicensingAuthority(healthOffice, 0, drugAgency);
      const sent = agency.revokeLicence(drugAgency, stMary, people.drLi.key, Duty.PRESCRIBE);
      const args = [stMary, people.drLi.key, drugAgency, Duty.PRESCRIBE];
      await emits(sent, registry, "OperatorLicenceRevoked", ...args);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
    });
  });
  describe("given the domain is paused", () => {
    it("revokes all the same", async () => {
      const { registry, licenser } = await load();
      await as(registry, people.emergency).pause((await now()) + DAY);
      await licenser.revokeLicence(healthOffice, stMary, people.drLi.key, Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
    });
  });
});
