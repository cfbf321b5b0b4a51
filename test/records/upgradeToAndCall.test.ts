import { expect } from "chai";

import { as, at, ethers, plain, START, DAY } from "../core/chain.ts";
import { people, Member, recordsAt } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  ALONE,
  EPHEMERAL,
  Repeat,
  Retraction,
  anchor,
  anchorBatch,
  deployRecordBody,
  entry,
  five,
  freshWorld,
  holderOf,
  propose,
  referral,
} from "./support.ts";

describe("RecordRegistry.upgradeToAndCall", () => {
  const IMPLEMENTATION = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
  const { stMary, northGeneral } = Member;
  const load = async () => {
    const world = await freshWorld();
    const { registry, standards, records } = world;
    const target = await deployRecordBody(await registry.getAddress(), await standards.getAddress());
    return { world, ...world, target, governed: as(records, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { records, target } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, people.stMaryArchive]) {
        const sent = as(records, who).upgradeToAndCall(target, "0x");
        await fails(sent, records, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when somebody initialises the implementation or the proxy again", () => {
    it("reverts with InvalidInitialization", async () => {
      const { records, target } = await load();
      const slot = await ethers.provider.getStorage(await records.getAddress(), IMPLEMENTATION);
      for (const address of [target, `0x${slot.slice(26)}`, await records.getAddress()]) {
        const body = as(await recordsAt(address), people.stranger);
        await fails(body.initialize(people.stranger.address), records, "InvalidInitialization");
      }
    });
  });
  describe("when somebody calls the body or the extension past the proxy", () => {
    it("reverts with DomainProxyBypassed, or knows nothing", async () => {
      const { records, target } = await load();
      const body = await recordsAt(target);
      const exchange = await body.EXTENSION();
      const archive = people.stMaryArchive;
      await fails(as(body, archive).anchor(entry(), EPHEMERAL), records, "DomainProxyBypassed", target);
      for (const address of [target, exchange]) {
        const called = as(await recordsAt(address), people.stranger);
        await fails(called.refreshStandards(), records, "DomainProxyBypassed", address);
      }
      const governed = as(body, people.governance);
      await fails(governed.upgradeToAndCall(target, "0x"), records, "UUPSUnauthorizedCallContext");
    });
  });
  describe("when the new code is no UUPS implementation", () => {
    it("reverts and the old code stays", async () => {
      const { world, records, registry, governed } = await load();
      const other = await registry.authority();
      const sent = governed.upgradeToAndCall(other, "0x");
      await fails(sent, records, "ERC1967InvalidImplementation", other);
      await anchor(world);
    });
  });
  describe("when governance upgrades", () => {
    it("keeps records, batches, reasons, referrals and the lists, and goes on under the new code", async () => {
      const { world, records, governed, target } = await load();
      await anchor(world);
      const gone = entry({ holder: holderOf(2) });
      await anchor(world, gone);
      await as(records, people.stMaryArchive).retract(gone, ALONE, stMary, Retraction.duplicate);
      const { root, origins } = await anchorBatch(world, five);
      await propose(world);
      const drWu = as(records, people.drWu);
      await drWu.repeatOrder(entry(), ALONE, northGeneral, Repeat.clinicalChange);
      const [first] = five;
      if (first === undefined) throw new Error("no record");
      const picture = async () => [
        plain(await records.standingOf(entry(), ALONE)),
        plain(await records.standingOf(gone, ALONE)),
        plain(await records.standingOf(first, origins[0] ?? ALONE)),
        plain(await records.batchOf(stMary, root)),
        plain(await records.referralOf(referral())),
        plain(await records.standards()),
      ];
      const before = await picture();
      await emits(governed.upgradeToAndCall(target, "0x"), records, "Upgraded", target);
      expect(await picture()).to.eql(before);
      const again = drWu.repeatOrder(entry(), ALONE, northGeneral, Repeat.clinicalChange);
      await fails(again, records, "RecordRepeatKnown", await records.recordId(entry()), northGeneral);
      await drWu.acceptReferral(referral(), northGeneral);
      await anchor(world, entry({ holder: holderOf(3) }));
    });
    it("keeps a running pause", async () => {
      const { world, records, governed, target } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await governed.upgradeToAndCall(target, "0x");
      await at(START + DAY - 1);
      await fails(anchor(world), records, "DomainIsPaused", START + DAY);
    });
  });
});
