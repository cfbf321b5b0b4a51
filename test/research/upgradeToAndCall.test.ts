import { expect } from "chai";

import { as, at, ethers, plain, START, DAY } from "../core/chain.ts";
import { Member, people, researchAt } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Answer,
  KEEPS,
  access,
  accessIdOf,
  answerTo,
  commitment,
  dataset,
  datasetIdOf,
  register,
  withAccess,
  withdraw,
} from "./support.ts";

const id = datasetIdOf(dataset());

describe("ResearchRegistry.upgradeToAndCall", () => {
  const load = async () => {
    const world = await withAccess();
    const members = await world.registry.getAddress();
    const body = await ethers.deployContract("ResearchRegistry", [members], people.deployer.wallet);
    const governed = as(world.research, people.governance);
    return { ...world, world, target: await body.getAddress(), governed };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { research, target } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, people.stMaryArchive]) {
        const sent = as(research, who).upgradeToAndCall(target, "0x");
        await fails(sent, research, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when somebody initialises the implementation or the proxy again", () => {
    it("reverts with InvalidInitialization", async () => {
      const { research, target } = await load();
      for (const address of [target, await research.getAddress()]) {
        const body = as(await researchAt(address), people.stranger);
        await fails(body.initialize(people.stranger.address), research, "InvalidInitialization");
      }
    });
  });
  describe("when somebody calls the body past the proxy", () => {
    it("reverts with DomainProxyBypassed, or knows nothing", async () => {
      const { research, target } = await load();
      const body = await researchAt(target);
      const sent = as(body, people.stMaryArchive).registerDataset(dataset(), KEEPS);
      await fails(sent, research, "DomainProxyBypassed", target);
      const retired = as(body, people.stMaryArchive).retireDataset(id, Member.stMary);
      await fails(retired, research, "DatasetUnknown", id);
      const upgraded = as(body, people.governance).upgradeToAndCall(target, "0x");
      await fails(upgraded, research, "UUPSUnauthorizedCallContext");
    });
  });
  describe("when the new code is no UUPS implementation", () => {
    it("reverts and the old code stays", async () => {
      const { world, research, governed } = await load();
      const other = await research.authority();
      const sent = governed.upgradeToAndCall(other, "0x");
      await fails(sent, research, "ERC1967InvalidImplementation", other);
      expect(await answerTo(world)).to.eql([Answer.permitted, 0n]);
    });
  });
  describe("when governance upgrades", () => {
    it("keeps datasets, accesses and withdrawals, which go on under the new code", async () => {
      const { world, research, governed, target } = await load();
      const picture = async () => [
        plain(await research.datasetOf(id)),
        plain(await research.accessOf(accessIdOf(access()))),
        await answerTo(world),
      ];
      const before = await picture();
      await emits(governed.upgradeToAndCall(target, "0x"), research, "Upgraded", target);
      expect(await picture()).to.eql(before);
      await withdraw(world);
      await governed.upgradeToAndCall(target, "0x");
      expect(await answerTo(world)).to.eql([Answer.withdrawn, 0n]);
      expect(await research.isBarred(id, Member.northGeneral)).to.equal(true);
    });
    it("keeps a running pause", async () => {
      const { world, research, governed, target } = await load();
      await as(research, people.emergency).pause(START + DAY);
      await governed.upgradeToAndCall(target, "0x");
      await at(START + DAY - 1);
      const sent = register(world, KEEPS, dataset({ commitment: commitment("other") }));
      await fails(sent, research, "DomainIsPaused", START + DAY);
    });
  });
});
