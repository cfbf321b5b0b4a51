import { expect } from "chai";

import { ethers, as, now, START, DAY, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, gln, freshConsortium, type World } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { deployMemberBody } from "./support.ts";

describe("MemberRegistry.upgradeToAndCall", () => {
  const IMPLEMENTATION = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
  const load = async () => {
    const { registry } = await freshConsortium();
    const target = await deployMemberBody(people.deployer);
    return { registry, target, governed: as(registry, people.governance) };
  };
  const picture = async ({ registry }: World) => {
    const found: unknown[] = [];
    for (const member of Object.values(Member)) {
      found.push(plain(await registry.memberOf(member)));
      found.push(plain(await registry.licensingAuthorityOf(member)));
      for (const site of [1, 2, 3]) found.push(plain(await registry.siteOf(member, site)));
      for (const { key } of Object.values(people)) {
        found.push(plain(await registry.operatorOf(member, key)));
        found.push(await registry.licensorOf(member, key, Duty.DISPENSE));
      }
    }
    return found;
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { registry, target } = await load();
      for (const who of [
        people.stranger,
        people.deployer,
        people.emergency,
        people.claims,
        people.stMaryAdmin,
      ]) {
        const sent = as(registry, who).upgradeToAndCall(target, "0x");
        await fails(sent, registry, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when somebody initialises the implementation", () => {
    it("reverts with InvalidInitialization", async () => {
      const { target, registry } = await load();
      const used = `0x${(await ethers.provider.getStorage(await registry.getAddress(), IMPLEMENTATION)).slice(26)}`;
      for (const address of [target, used]) {
        const implementation = await ethers.getContractAt("MemberRegistry", address, people.stranger.wallet);
        await fails(implementation.initialize(people.stranger.address), registry, "InvalidInitialization");
      }
    });
  });
  describe("when somebody initialises the proxy again", () => {
    it("reverts with InvalidInitialization again", async () => {
      const { registry } = await load();
      for (const who of [people.stranger, people.governance]) {
        await fails(as(registry, who).initialize(who.address), registry, "InvalidInitialization");
      }
    });
  });
  describe("when the new code is no UUPS implementation", () => {
    it("reverts and the old code stays", async () => {
      const { registry, governed } = await load();
      const manager = await registry.authority();
      await fails(
        governed.upgradeToAndCall(manager, "0x"),
        registry,
        "ERC1967InvalidImplementation",
        manager,
      );
      const nobody = people.stranger.address;
      await expect(governed.upgradeToAndCall(nobody, "0x")).to.be.revert(ethers);
      expect((await registry.memberOf(Member.stMary)).status).to.equal(1n);
      expect((await registry.authorityWords(Member.stMary, people.drLi.key)).memberWord).to.not.equal(0n);
    });
  });
  describe("when governance upgrades", () => {
    it("emits Upgraded and keeps every member, site and operator", async () => {
      const world = await freshConsortium();
      const { registry } = world;
      const target = await deployMemberBody(people.deployer);
      const before = await picture(world);
      await emits(
        as(registry, people.governance).upgradeToAndCall(target, "0x"),
        registry,
        "Upgraded",
        target,
      );
      expect(await picture(world)).to.eql(before);
      expect(before.length).to.be.greaterThan(200);
    });
    it("keeps a running pause, and the pause keeps the new implementation", async () => {
      const { registry, governed, target } = await load();
      const emergency = as(registry, people.emergency);
      await emergency.pause(START + DAY);
      await governed.upgradeToAndCall(target, "0x");
      expect(await registry.pausedUntil()).to.equal(START + DAY);
      const sent = as(registry, people.stMaryAdmin).registerSite(Member.stMary, gln(70));
      await fails(sent, registry, "DomainIsPaused", START + DAY);
      await emergency.resume();
      const slot = await ethers.provider.getStorage(await registry.getAddress(), IMPLEMENTATION);
      expect(`0x${slot.slice(26)}`).to.equal(target.toLowerCase());
      expect(await registry.pausedUntil()).to.equal(await now());
      await as(registry, people.stMaryAdmin).registerSite(Member.stMary, gln(70));
    });
  });
});
