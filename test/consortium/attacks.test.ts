import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, START, actor, as, ethers, inOneBlock, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { ADMINISTER, Duty, SEVERAL, Sector } from "../core/words.ts";
import { Member, freshConsortium, licenceHash, people } from "../core/world.ts";
import { order, terms } from "../prescriptions/support.ts";
import { Cause, signReplacement } from "./support.ts";

describe("MemberRegistry.attacks", () => {
  const { stMary, sunPharmacy, healthOffice, drugAgency } = Member;
  const { PRESCRIBE, DISPENSE, REVIEW, VACCINATE } = Duty;
  const li = people.drLi.key;
  const fresh = actor("Dr Li's next key");
  const deadline = START + 10 * DAY;
  const load = async () => {
    const world = await freshConsortium();
    const { registry } = world;
    const replacement = { member: stMary, operator: li, replacement: fresh.key, deadline };
    const signature = await signReplacement(registry, people.drLi, replacement);
    const replace = async () =>
      await as(registry, people.stMaryAdmin).replaceOperator(stMary, li, fresh.key, deadline, signature);
    const issue = async () =>
      await as(world.prescriptions, fresh).issue(order(terms({ prescriber: fresh.key })));
    return { ...world, replace, issue };
  };

  describe("given the key was replaced earlier in the same block", () => {
    it("suspends the operator's present key, and the operator can issue nothing", async () => {
      const { registry, prescriptions, replace, issue } = await load();
      const suspend = async () =>
        await as(registry, people.inspector).suspendOperator(healthOffice, stMary, li, PRESCRIBE);
      const fates = await inOneBlock([registry.interface], replace, suspend);
      expect(fates).to.eql([{ ok: true }, { ok: true }]);
      const suspended = await registry.queryFilter(registry.filters.OperatorDutiesSuspended());
      expect(suspended.map(({ args }) => args.operator)).to.eql([fresh.key]);
      await fails(issue(), prescriptions, "DutySuspended", stMary, fresh.key, PRESCRIBE);
    });
    it("revokes the licence of the operator's present key, and the operator can issue nothing", async () => {
      const { registry, prescriptions, replace, issue } = await load();
      const revoke = async () =>
        await as(registry, people.licenser).revokeLicence(healthOffice, stMary, li, PRESCRIBE);
      const fates = await inOneBlock([registry.interface], replace, revoke);
      expect(fates).to.eql([{ ok: true }, { ok: true }]);
      const revoked = await registry.queryFilter(registry.filters.OperatorLicenceRevoked());
      expect(revoked.map(({ args }) => args.operator)).to.eql([fresh.key]);
      await fails(issue(), prescriptions, "DutyLicenceLapsed", stMary, fresh.key, PRESCRIBE, 0);
    });
  });
  describe("given a suspended key was replaced", () => {
    it("restores the operator by the key that the regulator knows", async () => {
      const { registry, prescriptions, replace, issue } = await load();
      const inspect = as(registry, people.inspector);
      await inspect.suspendOperator(healthOffice, stMary, li, PRESCRIBE);
      await replace();
      await fails(issue(), prescriptions, "DutySuspended", stMary, fresh.key, PRESCRIBE);
      const sent = inspect.restoreOperator(healthOffice, stMary, li, PRESCRIBE);
      const args = [stMary, fresh.key, healthOffice, PRESCRIBE];
      await emits(sent, registry, "OperatorDutiesRestored", ...args);
      await issue();
      expect(await registry.effectiveDuties(stMary, li)).to.equal(0);
    });
    it("lifts the operator's suspension by the key that governance knows", async () => {
      const { registry, replace, issue } = await load();
      await as(registry, people.inspector).suspendOperator(healthOffice, stMary, li, PRESCRIBE);
      await replace();
      const sent = as(registry, people.governance).liftOperatorSuspension(stMary, li);
      await emits(sent, registry, "OperatorSuspensionLifted", stMary, fresh.key, PRESCRIBE);
      await issue();
      expect(await registry.effectiveDuties(stMary, li)).to.equal(0);
    });
  });
  describe("given a stolen admin key proposed its successor", () => {
    it("reverts with DutySuspendedForMember while ADMINISTER is suspended", async () => {
      const { registry } = await load();
      const thief = actor("thief");
      await as(registry, people.sunAdmin).proposeAdmin(sunPharmacy, thief.address);
      const until = (await now()) + 30 * DAY;
      const inspect = as(registry, people.inspector);
      await inspect.suspendMember(healthOffice, sunPharmacy, ADMINISTER, until, Cause.keyCompromise);
      const args = [sunPharmacy, ADMINISTER, until];
      const accept = async () => await as(registry, thief).acceptAdmin(sunPharmacy);
      await fails(accept(), registry, "DutySuspendedForMember", ...args);
      // Governance has the whole suspension to name another admin, which ends the proposal.
      const rescuer = actor("sun admin's new key");
      await as(registry, people.governance).setMemberAdmin(sunPharmacy, rescuer.address);
      await mineAt(until);
      await fails(accept(), registry, "MemberPendingAdminOnly", sunPharmacy, ZeroAddress, thief.address);
      expect((await registry.memberOf(sunPharmacy)).admin).to.equal(rescuer.address);
    });
  });
  describe("given another authority added to a suspension", () => {
    it("lets neither restore any of it, and governance lifts it", async () => {
      const { registry } = await load();
      const anna = people.anna.key;
      const inspect = as(registry, people.inspector);
      await inspect.suspendOperator(healthOffice, sunPharmacy, anna, DISPENSE | REVIEW);
      // She never held VACCINATE; it lies in the agency's mask, as DISPENSE does.
      const clerk = as(registry, people.agencyLicenser);
      await clerk.suspendOperator(drugAgency, sunPharmacy, anna, VACCINATE);
      const args = [sunPharmacy, anna, SEVERAL];
      for (const duties of [VACCINATE | DISPENSE, VACCINATE, DISPENSE]) {
        const taken = clerk.restoreOperator(drugAgency, sunPharmacy, anna, duties);
        await fails(taken, registry, "SuspensionOfOther", ...args);
      }
      const own = inspect.restoreOperator(healthOffice, sunPharmacy, anna, DISPENSE | REVIEW);
      await fails(own, registry, "SuspensionOfOther", ...args);
      expect(await registry.effectiveDuties(sunPharmacy, anna)).to.equal(0);
      await as(registry, people.governance).liftOperatorSuspension(sunPharmacy, anna);
      expect(await registry.effectiveDuties(sunPharmacy, anna)).to.equal(DISPENSE | REVIEW);
    });
  });
  describe("when a member would be admitted under the mark of several regulators", () => {
    it("reverts with MemberIdUnavailable", async () => {
      const { registry } = await load();
      const member = Number(SEVERAL);
      const sent = as(registry, people.governance).admitMember({
        member,
        admin: people.stranger.address,
        sectors: Sector.HOSPITAL,
        group: 107,
        licenceHash: licenceHash(member),
      });
      await fails(sent, registry, "MemberIdUnavailable", member);
    });
  });
  describe("when a body is made with an extension without code", () => {
    it("reverts with DomainExtensionInvalid", async () => {
      const { registry } = await load();
      for (const bare of [people.stranger.address, ZeroAddress]) {
        const made = ethers.deployContract("MemberRegistry", [bare], people.deployer.wallet);
        await fails(made, registry, "DomainExtensionInvalid", bare);
      }
    });
  });
});
