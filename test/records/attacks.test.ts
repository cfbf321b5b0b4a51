import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { as, ethers, inOneBlock } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails } from "../core/expect.ts";
import {
  ALONE,
  EPHEMERAL,
  FILE,
  Retraction,
  Standing,
  anchor,
  anchorBatch,
  batchOf,
  deployRecordBody,
  entry,
  five,
  freshWorld,
  holderOf,
  idOf,
  standingOf,
} from "./support.ts";

describe("RecordRegistry.attacks", () => {
  const { stMary, northGeneral } = Member;
  const { wrongContent, duplicate } = Retraction;
  const at0 = <T>(list: readonly T[]): T => {
    const [first] = list;
    if (first === undefined) throw new Error("the list is empty");
    return first;
  };

  describe("when another member anchors in the custodian's name", () => {
    it("is refused, alone, in a batch and as a replacement", async () => {
      const world = await freshWorld();
      const { records } = world;
      await anchor(world);
      const north = as(records, people.northArchive);
      const next = entry({ holder: holderOf(2) });
      const args = [stMary, people.northArchive.key, Duty.ANCHOR_RECORD];
      await fails(north.anchor(next, EPHEMERAL), records, "DutyNotHeld", ...args);
      await fails(north.anchorBatch(stMary, FILE, 1, FILE), records, "DutyNotHeld", ...args);
      await fails(north.supersede(entry(), ALONE, next, EPHEMERAL), records, "DutyNotHeld", ...args);
    });
  });
  describe("when another member anchors the custodian's root first", () => {
    it("proves nothing for the custodian's records, and does not keep the custodian from anchoring it", async () => {
      const world = await freshWorld();
      const { records } = world;
      const { root, origins } = batchOf(five);
      await as(records, people.northArchive).anchorBatch(northGeneral, root, 5, FILE);
      expect((await standingOf(world, at0(five), at0(origins))).status).to.equal(Standing.unknown);
      const claimed = { ...at0(five), custodian: northGeneral };
      expect((await standingOf(world, claimed, at0(origins))).status).to.equal(Standing.unknown);
      await anchorBatch(world, five);
      expect((await standingOf(world, at0(five), at0(origins))).status).to.equal(Standing.current);
    });
  });
  describe("when an inner node of a batch is passed for a record", () => {
    it("is unknown: a leaf hashes 32 bytes, an inner node 64", async () => {
      const world = await freshWorld();
      const { root, origins } = await anchorBatch(world, five);
      const record = at0(five);
      const proof = at0(origins).proof;
      const leaf = ethers.keccak256(idOf(record));
      // The shorter proofs belong to the nodes above the leaf, which have no terms; nor has the root itself.
      for (let skipped = 1; skipped <= proof.length; skipped += 1) {
        const origin = { root, proof: proof.slice(skipped) };
        expect((await standingOf(world, record, origin)).status).to.equal(Standing.unknown);
      }
      // A batch whose only "record" is the id itself, not its hash, shows that ids are hashed once more.
      await as(world.records, people.stMaryArchive).anchorBatch(stMary, idOf(record), 1, FILE);
      const bare = { root: idOf(record), proof: [] };
      expect((await standingOf(world, record, bare)).status).to.equal(Standing.unknown);
      await as(world.records, people.stMaryArchive).anchorBatch(stMary, leaf, 1, FILE);
      expect((await standingOf(world, record, { root: leaf, proof: [] })).status).to.equal(Standing.current);
    });
  });
  describe("when another member retracts the custodian's record", () => {
    it("is refused, for either member", async () => {
      const world = await freshWorld();
      const { records } = world;
      const id = await anchor(world);
      const north = as(records, people.northArchive);
      const own = north.retract(entry(), ALONE, northGeneral, wrongContent);
      await fails(own, records, "RecordOfOther", id, stMary, northGeneral);
      const named = north.retract(entry(), ALONE, stMary, wrongContent);
      const args = [stMary, people.northArchive.key, Duty.ANCHOR_RECORD];
      await fails(named, records, "DutyNotHeld", ...args);
      expect((await standingOf(world, entry())).status).to.equal(Standing.current);
    });
  });
  describe("when a retracted record is anchored again", () => {
    it("stays retracted: alone, in another batch, and from the batch it came from", async () => {
      const world = await freshWorld();
      const { records } = world;
      const archive = as(records, people.stMaryArchive);
      const record = at0(five);
      const { origins } = await anchorBatch(world, five);
      await archive.retract(record, at0(origins), stMary, wrongContent);
      const again = archive.anchor(record, EPHEMERAL);
      await fails(again, records, "RecordStatusWrong", idOf(record), Standing.retracted);
      const other = await anchorBatch(world, five.slice(0, 2));
      for (const origin of [at0(origins), at0(other.origins)])
        expect((await standingOf(world, record, origin)).status).to.equal(Standing.retracted);
      const twice = archive.retract(record, at0(other.origins), stMary, duplicate);
      await fails(twice, records, "RecordStatusWrong", idOf(record), Standing.retracted);
    });
    it("stays retracted when it was retracted alone and comes back in a batch", async () => {
      const world = await freshWorld();
      const archive = as(world.records, people.stMaryArchive);
      const record = at0(five);
      await anchor(world, record);
      await archive.retract(record, ALONE, stMary, wrongContent);
      const { origins } = await anchorBatch(world, five);
      expect((await standingOf(world, record, at0(origins))).status).to.equal(Standing.retracted);
    });
  });
  describe("when two replacements of one record reach the same block", () => {
    it("takes the first alone", async () => {
      const world = await freshWorld();
      const { records } = world;
      const id = await anchor(world);
      await as(world.registry, people.stMaryAdmin).appoint(stMary, {
        operator: people.stMarySystem.key,
        duties: Duty.ANCHOR_RECORD,
        until: 2 ** 32 - 1,
      });
      const [one, two] = [entry({ holder: holderOf(2) }), entry({ holder: holderOf(3) })];
      const fates = await inOneBlock(
        [records.interface],
        async () => await as(records, people.stMaryArchive).supersede(entry(), ALONE, one, EPHEMERAL),
        async () => await as(records, people.stMarySystem).supersede(entry(), ALONE, two, EPHEMERAL),
      );
      expect(fates).to.eql([
        { ok: true },
        { ok: false, error: "RecordStatusWrong", args: [id, Standing.superseded] },
      ]);
      expect((await standingOf(world, two)).status).to.equal(Standing.unknown);
    });
  });
  describe("when a body is made with an extension that does not fit", () => {
    const make = async (...parts: string[]) =>
      await ethers.deployContract("RecordRegistry", parts, people.deployer.wallet);

    it("reverts with DomainExtensionInvalid where the extension has no code", async () => {
      const { records, registry, standards } = await freshWorld();
      const peers = [await registry.getAddress(), await standards.getAddress()];
      for (const bare of [people.stranger.address, ZeroAddress])
        await fails(make(...peers, bare), records, "DomainExtensionInvalid", bare);
    });
    it("reverts with DomainExtensionInvalid where the extension has other members or other standards", async () => {
      const { records, registry, standards } = await freshWorld();
      const [members, lists] = [await registry.getAddress(), await standards.getAddress()];
      const other = people.stranger.address;
      const { wallet } = people.deployer;
      const exchange = await ethers.deployContract("RecordExchange", [members, lists], wallet);
      const extension = await exchange.getAddress();
      for (const parts of [
        [members, other],
        [other, lists],
      ]) {
        await fails(make(...parts, extension), records, "DomainExtensionInvalid", extension);
      }
      expect(await deployRecordBody(members, lists)).to.not.equal(ZeroAddress);
    });
  });
});
