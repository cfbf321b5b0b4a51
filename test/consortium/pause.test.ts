import { expect } from "chai";

import { as, at, START, HOUR, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import {
  people,
  Member,
  Site,
  gln,
  freshConsortium,
  APPOINTED_UNTIL,
  LICENSED_THROUGH,
} from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Cause, deployMemberBody } from "./support.ts";

describe("MemberRegistry.pause", () => {
  const LONGEST = 2 * DAY;
  const WEEK = 7 * DAY;
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, emergency: as(registry, people.emergency) };
  };

  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry } = await load();
      for (const who of [
        people.stranger,
        people.governance,
        people.deployer,
        people.inspector,
        people.claims,
      ]) {
        await fails(as(registry, who).pause(START + DAY), registry, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when the end is now, past or beyond the longest pause", () => {
    it("reverts with DomainPauseOutOfRange", async () => {
      const { registry, emergency } = await load();
      let second = START + HOUR;
      for (const until of [0, START, second + 2, second + 3 + LONGEST + 1]) {
        await at(second);
        await fails(emergency.pause(until), registry, "DomainPauseOutOfRange", until, second + LONGEST);
        second += 1;
      }
      await at(second);
      await emergency.pause(second + LONGEST);
      expect(await registry.pausedUntil()).to.equal(second + LONGEST);
    });
  });
  describe("given a pause ended less than the cooldown ago", () => {
    it("reverts with DomainPauseTooSoon until the cooldown is over", async () => {
      const { registry, emergency } = await load();
      const until = START + DAY;
      await emergency.pause(until);
      await fails(emergency.pause(until + DAY), registry, "DomainPauseTooSoon", until + WEEK);
      await at(until + WEEK - 1);
      await fails(emergency.pause(until + WEEK + DAY), registry, "DomainPauseTooSoon", until + WEEK);
      await at(until + WEEK);
      await emergency.pause(until + WEEK + DAY);
      const resumed = until + WEEK + HOUR;
      await at(resumed);
      await emergency.resume();
      await fails(emergency.pause(resumed + DAY), registry, "DomainPauseTooSoon", resumed + WEEK);
    });
  });
  describe("when the end holds", () => {
    it("emits DomainPaused and stops what gives power", async () => {
      const { registry, emergency } = await load();
      const until = START + DAY;
      await as(registry, people.stMaryAdmin).proposeAdmin(Member.stMary, people.stranger.address);
      await emits(emergency.pause(until), registry, "DomainPaused", until);
      const admin = as(registry, people.stMaryAdmin);
      const appointment = { operator: people.drLi.key, duties: Duty.PRESCRIBE, until: APPOINTED_UNTIL };
      const licence = {
        member: Member.stMary,
        operator: people.drIdle.key,
        duties: Duty.PRESCRIBE,
        throughDay: LICENSED_THROUGH,
      };
      const licenser = as(registry, people.licenser);
      const stopped = [
        async () => await admin.appoint(Member.stMary, appointment),
        async () => await admin.appointBatch(Member.stMary, [appointment]),
        async () => await admin.replaceOperator(Member.stMary, people.drLi.key, people.stranger.key, 0, "0x"),
        async () => await admin.registerSite(Member.stMary, gln(70)),
        async () => await admin.adoptSite(Member.stMary, Member.sunPharmacy, 1),
        async () => await admin.proposeAdmin(Member.stMary, people.stranger.address),
        async () => await as(registry, people.stranger).acceptAdmin(Member.stMary),
        async () => await admin.publishEncryptionKey(Member.stMary, "0x01"),
        async () => await admin.publishEndpoint(Member.stMary, "https://stmary.example"),
        async () => await licenser.license(Member.healthOffice, licence),
        async () => await licenser.licenseBatch(Member.healthOffice, [licence]),
      ];
      for (const send of stopped) await fails(send(), registry, "DomainIsPaused", until);
    });
    it("ends by itself", async () => {
      const { registry, emergency } = await load();
      const until = START + DAY;
      await emergency.pause(until);
      const admin = as(registry, people.stMaryAdmin);
      await at(until - 1);
      await fails(admin.registerSite(Member.stMary, gln(70)), registry, "DomainIsPaused", until);
      await at(until);
      await admin.registerSite(Member.stMary, gln(70));
    });
    it("leaves what protects people working", async () => {
      const { registry, emergency } = await load();
      await emergency.pause(START + DAY);
      await as(registry, people.stMaryAdmin).dismiss(Member.stMary, [people.drChen.key]);
      await as(registry, people.stMaryAdmin).closeSite(Member.stMary, Site.hallPharmacy);
      const { healthOffice, stMary } = Member;
      await as(registry, people.licenser).revokeLicence(
        healthOffice,
        stMary,
        people.drLi.key,
        Duty.PRESCRIBE,
      );
      const inspect = as(registry, people.inspector);
      await inspect.suspendOperator(healthOffice, stMary, people.stMarySystem.key, Duty.SUBMIT);
      await inspect.suspendMember(healthOffice, stMary, Duty.REVIEW, START + DAY, Cause.patientSafety);
      await as(registry, people.governance).setMemberAdmin(stMary, people.stranger.address);
      await as(registry, people.governance).closeMember(stMary);
      expect((await registry.memberOf(stMary)).status).to.equal(2n);
    });
    it("leaves upgrades to governance and survives them", async () => {
      const { registry, emergency } = await load();
      await emergency.pause(START + DAY);
      const target = await deployMemberBody(people.deployer);
      const sent = emergency.upgradeToAndCall(target, "0x");
      await fails(sent, registry, "AccessManagedUnauthorized", people.emergency.address);
      await as(registry, people.governance).upgradeToAndCall(target, "0x");
      expect(await registry.pausedUntil()).to.equal(START + DAY);
    });
  });
});
