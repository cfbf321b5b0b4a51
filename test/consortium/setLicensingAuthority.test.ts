import { expect } from "chai";

import { as } from "../core/chain.ts";
import { Duty, PROFESSIONAL } from "../core/words.ts";
import { people, Member, freshConsortium, LICENSED_THROUGH, OFFICE_MASK } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { field } from "./support.ts";

describe("MemberRegistry.setLicensingAuthority", () => {
  const load = async () => {
    const { registry } = await freshConsortium();
    const set = as(registry, people.governance).setLicensingAuthority;
    return { registry, set };
  };
  const { healthOffice, drugAgency, stMary } = Member;

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      const sent = as(registry, people.officeAdmin).setLicensingAuthority(healthOffice, PROFESSIONAL, 0);
      await fails(sent, registry, "AccessManagedUnauthorized", people.officeAdmin.address);
    });
  });
  describe("given the authority is unknown", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, set } = await load();
      await fails(set(99, Duty.PRESCRIBE, 0), registry, "MemberNotActive", 99);
    });
  });
  describe("given the authority is no regulator", () => {
    it("reverts naming the field sectors", async () => {
      const { registry, set } = await load();
      await fails(set(stMary, Duty.PRESCRIBE, 0), registry, "MemberFieldInvalid", stMary, field("sectors"));
    });
  });
  describe("when the duties go beyond the professional ones", () => {
    it("reverts with LicenceBeyondMask", async () => {
      const { registry, set } = await load();
      const sent = set(healthOffice, Duty.PRESCRIBE | Duty.SUBMIT | Duty.INSPECT, 0);
      await fails(sent, registry, "LicenceBeyondMask", healthOffice, Duty.SUBMIT | Duty.INSPECT);
    });
  });
  describe("when the successor is the authority itself", () => {
    it("reverts with MemberSuccessorInvalid", async () => {
      const { registry, set } = await load();
      const own = set(healthOffice, Duty.PRESCRIBE, healthOffice);
      await fails(own, registry, "MemberSuccessorInvalid", healthOffice, healthOffice);
    });
  });
  describe("when the successor is no regulator", () => {
    it("reverts naming the field sectors of the successor", async () => {
      const { registry, set } = await load();
      await fails(set(healthOffice, 1, stMary), registry, "MemberFieldInvalid", stMary, field("sectors"));
      await fails(set(healthOffice, 1, 99), registry, "MemberNotActive", 99);
    });
  });
  describe("when the terms hold", () => {
    it("emits LicensingAuthoritySet with before and after", async () => {
      const { registry, set } = await load();
      const sent = set(healthOffice, PROFESSIONAL, drugAgency);
      await emits(
        sent,
        registry,
        "LicensingAuthoritySet",
        healthOffice,
        OFFICE_MASK,
        PROFESSIONAL,
        drugAgency,
      );
      expect([...(await registry.licensingAuthorityOf(healthOffice))]).to.eql([
        BigInt(PROFESSIONAL),
        BigInt(drugAgency),
      ]);
    });
    it("ends the right to license with a mask of zero, while licences given stand", async () => {
      const { registry, set } = await load();
      await set(healthOffice, 0, 0);
      const licence = {
        member: stMary,
        operator: people.drIdle.key,
        duties: Duty.PRESCRIBE,
        throughDay: LICENSED_THROUGH,
      };
      const sent = as(registry, people.licenser).license(healthOffice, licence);
      await fails(sent, registry, "LicenceBeyondMask", healthOffice, Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
    });
    it("names a successor of a closed authority too", async () => {
      const { registry, set } = await load();
      await as(registry, people.governance).closeMember(healthOffice);
      await fails(set(healthOffice, Duty.PRESCRIBE, drugAgency), registry, "MemberNotActive", healthOffice);
      await set(healthOffice, 0, drugAgency);
      const agency = as(registry, people.agencyLicenser);
      await agency.revokeLicence(drugAgency, stMary, people.drLi.key, Duty.PRESCRIBE);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
    });
  });
});
