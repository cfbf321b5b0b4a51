import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { ethers, as, START, DAY, plain } from "../core/chain.ts";
import { people, Member, prescriptionsAt } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Status, deployPrescriptionBody, terms, handover, freshLock, dispense } from "./support.ts";

describe("PrescriptionRegistry.upgradeToAndCall", () => {
  const IMPLEMENTATION = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
  const { stMary, healthOffice } = Member;
  const load = async () => {
    const world = await freshLock();
    const target = await deployPrescriptionBody(await world.registry.getAddress(), ZeroAddress);
    return { ...world, target, governed: as(world.prescriptions, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { prescriptions, target } = await load();
      for (const who of [
        people.stranger,
        people.deployer,
        people.emergency,
        people.claims,
        people.inspector,
      ]) {
        const sent = as(prescriptions, who).upgradeToAndCall(target, "0x");
        await fails(sent, prescriptions, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when somebody initialises the implementation or the proxy again", () => {
    it("reverts with InvalidInitialization", async () => {
      const { prescriptions, target } = await load();
      const slot = await ethers.provider.getStorage(await prescriptions.getAddress(), IMPLEMENTATION);
      const used = `0x${slot.slice(26)}`;
      for (const address of [target, used, await prescriptions.getAddress()]) {
        const body = as(await prescriptionsAt(address), people.stranger);
        await fails(body.initialize(people.stranger.address), prescriptions, "InvalidInitialization");
      }
    });
  });
  describe("when somebody calls the body or the extension past the proxy", () => {
    it("finds no authority there and can do nothing", async () => {
      const { prescriptions, target } = await load();
      const body = as(await prescriptionsAt(target), people.governance);
      await expect(body.pause(START + DAY)).to.be.revert(ethers);
      await fails(body.upgradeToAndCall(target, "0x"), prescriptions, "UUPSUnauthorizedCallContext");
    });
  });
  describe("when the new code is no UUPS implementation", () => {
    it("reverts and the old code stays", async () => {
      const { prescriptions, registry, governed, id } = await load();
      const other = await registry.authority();
      await fails(
        governed.upgradeToAndCall(other, "0x"),
        prescriptions,
        "ERC1967InvalidImplementation",
        other,
      );
      expect((await prescriptions.stateOf(id)).status).to.equal(Status.open);
    });
  });
  describe("when governance upgrades", () => {
    it("keeps every state, record and halt, and a lock goes on under the new code", async () => {
      const world = await load();
      const { prescriptions, id, governed, target } = world;
      await dispense(world, terms());
      await as(prescriptions, people.inspector).halt(healthOffice, stMary, people.drChen.key, START, 1);
      const picture = async () => [
        plain(await prescriptions.stateOf(id)),
        plain(await prescriptions.dispenseOf(id, 1)),
        plain(await prescriptions.haltOf(stMary, people.drChen.key)),
      ];
      const before = await picture();
      await emits(governed.upgradeToAndCall(target, "0x"), prescriptions, "Upgraded", target);
      expect(await picture()).to.eql(before);
      await dispense(world, terms(), handover({ ordinal: 2 }));
    });
    it("keeps a running pause, and the pause keeps the new implementation", async () => {
      const world = await load();
      const { prescriptions, governed, target } = world;
      await as(prescriptions, people.emergency).pause(START + DAY);
      await governed.upgradeToAndCall(target, "0x");
      expect(await prescriptions.pausedUntil()).to.equal(START + DAY);
      await fails(dispense(world, terms()), prescriptions, "DomainIsPaused", START + DAY);
      await as(prescriptions, people.emergency).resume();
      const slot = await ethers.provider.getStorage(await prescriptions.getAddress(), IMPLEMENTATION);
      expect(`0x${slot.slice(26)}`).to.equal(target.toLowerCase());
      await dispense(world, terms());
    });
  });
});
