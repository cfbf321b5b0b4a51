import { expect } from "chai";

import { ethers, as, mineAt, inOneBlock, START, DAY } from "../core/chain.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails } from "../core/expect.ts";
import {
  Status,
  Outcome,
  Withdrawal,
  SENT,
  holder,
  freshWorld,
  terms,
  order,
  lock,
  handover,
  idOf,
  authorise,
  issue,
  accept,
  dispense,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.peers", () => {
  const { stMary, sunPharmacy, moonPharmacy } = Member;

  describe("given what public peers leave open", () => {
    it("refuses to issue in another doctor's name", async () => {
      const { prescriptions } = await freshWorld();
      for (const who of [
        people.drChen,
        people.drWu,
        people.stranger,
        people.stMaryAdmin,
        people.governance,
      ]) {
        const sent = as(prescriptions, who).issue(order(terms()));
        const args = [idOf(terms()), people.drLi.key, who.key];
        await fails(sent, prescriptions, "PrescriptionPrescriberMismatch", ...args);
      }
    });
    it("refuses what is not yet valid and what is over, and takes what is valid", async () => {
      const world = await freshWorld();
      const later = terms({ validFrom: START + DAY, validUntil: START + 2 * DAY });
      await issue(world, later);
      const taken = lock({ lockedUntil: START + 5 * DAY });
      const early = accept(world, later, taken);
      await fails(early, world.prescriptions, "PrescriptionNotYetValid", idOf(later), START + DAY);
      await mineAt(START + DAY);
      await accept(world, later, taken);
      await dispense(world, later);
      await mineAt(START + 2 * DAY);
      const late = dispense(world, later, handover({ ordinal: 2 }));
      await fails(late, world.prescriptions, "PrescriptionExpired", idOf(later), START + 2 * DAY);
    });
    it("has no setter that a stranger may call", async () => {
      const { prescriptions, registry, manager } = await freshWorld();
      const nobody = people.stranger.address;
      const refused = [
        async () => await as(prescriptions, people.stranger).pause(START + DAY),
        async () => await as(prescriptions, people.stranger).upgradeToAndCall(nobody, "0x"),
        async () => await as(prescriptions, people.stranger).setAuthority(nobody),
        async () => await as(registry, people.stranger).setAuthority(nobody),
        async () => await as(registry, people.stranger).setMemberAdmin(stMary, nobody),
        async () => await as(manager, people.stranger).grantRole(0n, nobody, 0),
      ];
      for (const send of refused) await expect(send()).to.be.revert(ethers);
      expect(refused.length).to.equal(6);
    });
    it("shares no value between two prescriptions of a patient but the terms that all patients share", async () => {
      const world = await freshWorld();
      const first = terms();
      const second = terms({ holder: holder(2).address, commitment: ethers.id("salted anew") });
      for (const one of [first, second]) await issue(world, one);
      const logs = await world.prescriptions.queryFilter(world.prescriptions.filters.PrescriptionIssued());
      const [a, b] = logs.map((log) => [log.args.prescription, log.args.holder, log.args.commitment]);
      expect(a!.filter((value) => b!.includes(value))).to.eql([]);
    });
    it("lets nobody steal or race a lock from what the pool shows", async () => {
      const world = await freshWorld();
      const id = await issue(world, terms());
      const taken = lock();
      const signed = await authorise(world, terms(), taken);
      const stolen = lock({ member: moonPharmacy, site: Site.moonSquare });
      const fates = await inOneBlock(
        [world.prescriptions.interface],
        async () => await as(world.prescriptions, people.moonTill).accept(terms(), stolen, signed),
        async () => await as(world.prescriptions, people.sunTill).accept(terms(), taken, signed),
        async () => await as(world.prescriptions, people.anna).accept(terms(), taken, signed),
      );
      expect(fates.map((fate) => (fate.ok ? "ok" : fate.error))).to.eql([
        "PrescriptionHolderSignatureInvalid",
        "ok",
        "PrescriptionLockCountWrong",
      ]);
      expect((await stateOf(world, id)).lockMember).to.equal(sunPharmacy);
    });
    it("resurrects no state that was final", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const id = await issue(world, terms());
      await accept(world, terms());
      await dispense(world, terms());
      await as(prescriptions, people.sunTill).returnToOpen(terms(), sunPharmacy, Site.sunMarket, 1);
      await as(prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      const attempts = [
        async () => await as(prescriptions, people.drLi).issue(order(terms())),
        async () => await as(prescriptions, people.drLi).replace(terms(), order(terms({ fills: 9 }))),
        async () => await accept(world, terms(), lock({ lockCount: 2 })),
        async () => await dispense(world, terms(), handover({ ordinal: 2 })),
        async () =>
          await as(prescriptions, people.sunTill).returnToOpen(terms(), sunPharmacy, Site.sunMarket, 1),
        async () => await as(prescriptions, people.anna).review(terms(), sunPharmacy, Outcome.approved, SENT),
      ];
      for (const attempt of attempts) await expect(attempt()).to.be.revert(ethers);
      await as(prescriptions, people.anna).withdrawDispense(
        terms(),
        sunPharmacy,
        1,
        Withdrawal.wrongEntry,
        "0x",
        SENT,
      );
      expect((await stateOf(world, id)).status).to.equal(Status.cancelled);
    });
  });
});
