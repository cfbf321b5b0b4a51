import { expect } from "chai";
import { ZeroHash } from "ethers";

import { actor, as, at, mineAt, START, DAY } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { people, Member, freshConsortium, APPOINTED_UNTIL, LICENSED_THROUGH } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.license", () => {
  const { stMary, northGeneral, healthOffice, drugAgency } = Member;
  const licence = {
    member: stMary,
    operator: people.drIdle.key,
    duties: Duty.PRESCRIBE,
    throughDay: LICENSED_THROUGH,
  };
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, licenser: as(registry, people.licenser), governed: as(registry, people.governance) };
  };

  describe("when the caller is no LICENSE operator of the authority", () => {
    it("reverts with DutyNotHeld", async () => {
      const { registry } = await load();
      for (const who of [people.stranger, people.inspector, people.agencyLicenser, people.officeAdmin]) {
        const sent = as(registry, who).license(healthOffice, licence);
        await fails(sent, registry, "DutyNotHeld", healthOffice, who.key, Duty.LICENSE);
      }
      const own = as(registry, people.drLi).license(stMary, licence);
      await fails(own, registry, "DutyNotPermitted", stMary, Duty.LICENSE);
    });
  });
  describe("given the authority's own duty is suspended", () => {
    it("reverts with DutySuspended", async () => {
      const { registry, licenser, governed } = await load();
      await governed.setMemberSectors(healthOffice, Sector.INSURER);
      const { key } = people.licenser;
      await as(registry, people.agencyInspector).suspendOperator(drugAgency, healthOffice, key, Duty.LICENSE);
      await governed.setMemberSectors(healthOffice, Sector.REGULATOR);
      await fails(
        licenser.license(healthOffice, licence),
        registry,
        "DutySuspended",
        healthOffice,
        key,
        Duty.LICENSE,
      );
    });
  });
  describe("when a duty lies beyond the authority's mask", () => {
    it("reverts with LicenceBeyondMask naming the refused", async () => {
      const { registry, licenser } = await load();
      const sent = licenser.license(healthOffice, { ...licence, duties: Duty.PRESCRIBE | Duty.VACCINATE });
      await fails(sent, registry, "LicenceBeyondMask", healthOffice, Duty.VACCINATE);
    });
  });
  describe("given the member is unknown or closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry, licenser, governed } = await load();
      await governed.closeMember(northGeneral);
      for (const member of [0, 99, northGeneral]) {
        await fails(
          licenser.license(healthOffice, { ...licence, member }),
          registry,
          "MemberNotActive",
          member,
        );
      }
    });
  });
  describe("given the member is the authority itself or of its controlling group", () => {
    it("reverts with LicenceOfOwn", async () => {
      const { registry, licenser, governed } = await load();
      const own = licenser.license(healthOffice, { ...licence, member: healthOffice });
      await fails(own, registry, "LicenceOfOwn", healthOffice, healthOffice);
      await governed.setMemberGroup(stMary, 105);
      await fails(licenser.license(healthOffice, licence), registry, "LicenceOfOwn", healthOffice, stMary);
    });
  });
  describe("given the key was replaced", () => {
    it("reverts with OperatorKeyRetired", async () => {
      const { registry, licenser } = await load();
      const { key } = people.drIdle;
      await as(registry, people.stMaryAdmin).replaceOperator(
        stMary,
        key,
        actor("Dr Idle's card").key,
        0,
        "0x",
      );
      await fails(licenser.license(healthOffice, licence), registry, "OperatorKeyRetired", stMary, key);
    });
  });
  describe("when no duty is named", () => {
    it("reverts with LicenceBeyondMask naming nothing", async () => {
      const { registry, licenser } = await load();
      const sent = licenser.license(healthOffice, { ...licence, duties: 0 });
      await fails(sent, registry, "LicenceBeyondMask", healthOffice, 0);
    });
  });
  describe("when a duty is not professional", () => {
    it("reverts with LicenceBeyondMask again", async () => {
      const { registry, licenser } = await load();
      for (const duty of [Duty.SUBMIT, Duty.INSPECT, 1 << 5, 1 << 21]) {
        const sent = licenser.license(healthOffice, { ...licence, duties: Duty.PRESCRIBE | duty });
        await fails(sent, registry, "LicenceBeyondMask", healthOffice, duty);
      }
    });
  });
  describe("when the operator key is zero", () => {
    it("reverts with OperatorKeyInvalid", async () => {
      const { registry, licenser } = await load();
      const sent = licenser.license(healthOffice, { ...licence, operator: ZeroHash });
      await fails(sent, registry, "OperatorKeyInvalid", ZeroHash);
    });
  });
  describe("when the last day is past", () => {
    it("reverts with LicenceDayPast", async () => {
      const { registry, licenser } = await load();
      const today = Math.floor(START / DAY) + 1;
      await at(today * DAY);
      const sent = licenser.license(healthOffice, { ...licence, throughDay: today - 1 });
      await fails(sent, registry, "LicenceDayPast", licence.operator, today - 1, today);
      await at((today + 1) * DAY - 1);
      await licenser.license(healthOffice, { ...licence, throughDay: today });
    });
  });
  describe("given another authority gave a licence that still runs", () => {
    it("reverts with LicenceOfOther", async () => {
      const { registry, licenser, governed } = await load();
      const set = governed.setLicensingAuthority;
      await set(drugAgency, Duty.PRESCRIBE, 0);
      const today = Math.floor(START / DAY);
      const theirs = { ...licence, operator: people.drIdle.key, throughDay: today + 2 };
      await licenser.license(healthOffice, theirs);
      const agency = as(registry, people.agencyLicenser);
      const early = agency.license(drugAgency, { ...theirs, throughDay: LICENSED_THROUGH });
      await fails(
        early,
        registry,
        "LicenceOfOther",
        drugAgency,
        theirs.operator,
        Duty.PRESCRIBE,
        healthOffice,
      );
      await at((today + 3) * DAY - 1);
      const last = agency.license(drugAgency, { ...theirs, throughDay: LICENSED_THROUGH });
      await fails(
        last,
        registry,
        "LicenceOfOther",
        drugAgency,
        theirs.operator,
        Duty.PRESCRIBE,
        healthOffice,
      );
      await at((today + 3) * DAY);
      await agency.license(drugAgency, { ...theirs, throughDay: LICENSED_THROUGH });
      expect(await registry.licensorOf(stMary, theirs.operator, Duty.PRESCRIBE)).to.equal(drugAgency);
    });
  });
  describe("when the terms hold", () => {
    it("emits OperatorLicensed and names the licensor", async () => {
      const { registry, licenser } = await load();
      const { operator, duties, throughDay } = licence;
      const sent = licenser.license(healthOffice, licence);
      await emits(sent, registry, "OperatorLicensed", stMary, operator, healthOffice, duties, throughDay);
      expect(await registry.licensorOf(stMary, operator, Duty.PRESCRIBE)).to.equal(healthOffice);
      expect(await registry.licensorOf(stMary, operator, Duty.REVIEW)).to.equal(0n);
      expect(await registry.licensorOf(stMary, operator, Duty.PRESCRIBE | Duty.REVIEW)).to.equal(0n);
      expect(await registry.effectiveDuties(stMary, operator)).to.equal(Duty.PRESCRIBE);
      const { licensedThrough } = await registry.operatorOf(stMary, operator);
      expect([...licensedThrough]).to.eql([BigInt(throughDay), ...Array<bigint>(7).fill(0n)]);
    });
    it("may come before the appointment", async () => {
      const { registry, licenser } = await load();
      const { key } = actor("Dr Coming");
      await licenser.license(healthOffice, { ...licence, operator: key });
      expect(await registry.effectiveDuties(stMary, key)).to.equal(0n);
      const appointment = { operator: key, duties: Duty.PRESCRIBE, until: APPOINTED_UNTIL };
      await as(registry, people.stMaryAdmin).appoint(stMary, appointment);
      expect(await registry.effectiveDuties(stMary, key)).to.equal(Duty.PRESCRIBE);
    });
    it("holds through the whole last day and ends with it", async () => {
      const { registry, licenser } = await load();
      const today = Math.floor(START / DAY);
      await licenser.license(healthOffice, { ...licence, throughDay: today + 1 });
      await mineAt((today + 2) * DAY - 1);
      expect(await registry.effectiveDuties(stMary, licence.operator)).to.equal(Duty.PRESCRIBE);
      await mineAt((today + 2) * DAY);
      expect(await registry.effectiveDuties(stMary, licence.operator)).to.equal(0n);
    });
    it("never reaches the same key at another member", async () => {
      const { registry } = await load();
      const elsewhere = { operator: people.drLi.key, duties: Duty.PRESCRIBE, until: APPOINTED_UNTIL };
      await as(registry, people.northAdmin).appoint(northGeneral, elsewhere);
      expect(await registry.effectiveDuties(northGeneral, people.drLi.key)).to.equal(0n);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
    });
  });
  describe("given the authority's mask was emptied", () => {
    it("reverts with LicenceBeyondMask as well", async () => {
      const { registry, licenser, governed } = await load();
      await governed.setLicensingAuthority(healthOffice, 0, drugAgency);
      const sent = licenser.license(healthOffice, licence);
      await fails(sent, registry, "LicenceBeyondMask", healthOffice, Duty.PRESCRIBE);
    });
  });
});
