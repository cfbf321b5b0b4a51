import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, CATEGORIES, CODE_SYSTEMS } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  ALONE,
  EPHEMERAL,
  REUSE_MAX,
  Retraction,
  Standing,
  anchor,
  entry,
  freshWorld,
  holderOf,
  idOf,
  standingOf,
  type Entry,
} from "./support.ts";

describe("RecordRegistry.anchor", () => {
  const { stMary, northGeneral, healthOffice } = Member;
  const load = async () => {
    const world = await freshWorld();
    return { world, ...world, archive: as(world.records, people.stMaryArchive) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { records, archive } = await load();
      await as(records, people.emergency).pause(START + DAY);
      await fails(archive.anchor(entry(), EPHEMERAL), records, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller does not anchor for the custodian", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      for (const who of [people.stranger, people.stMarySystem, people.drLi, people.northArchive]) {
        const sent = as(records, who).anchor(entry(), EPHEMERAL);
        await fails(sent, records, "DutyNotHeld", stMary, who.key, Duty.ANCHOR_RECORD);
      }
    });
    it("reverts with DutyNotPermitted for a member that is unknown or closed", async () => {
      const { records, registry, archive } = await load();
      const unknown = archive.anchor(entry({ custodian: 99 }), EPHEMERAL);
      await fails(unknown, records, "DutyNotPermitted", 99, Duty.ANCHOR_RECORD);
      await as(registry, people.governance).closeMember(stMary);
      const closed = archive.anchor(entry(), EPHEMERAL);
      await fails(closed, records, "DutyNotPermitted", stMary, Duty.ANCHOR_RECORD);
    });
    it("reverts with DutySuspendedForMember once a regulator suspended it", async () => {
      const { records, registry, archive } = await load();
      const until = START + DAY;
      await as(registry, people.inspector).suspendMember(healthOffice, stMary, Duty.ANCHOR_RECORD, until, 1);
      const sent = archive.anchor(entry(), EPHEMERAL);
      await fails(sent, records, "DutySuspendedForMember", stMary, Duty.ANCHOR_RECORD, until);
    });
  });
  describe("when a term is out of range", () => {
    it("reverts with RecordTermInvalid naming it", async () => {
      const { records, archive } = await load();
      await at(START + HOUR);
      const wrong: readonly (readonly [string, Partial<Entry>])[] = [
        ["holder", { holder: ZeroAddress }],
        ["commitment", { commitment: ZeroHash }],
        ["reusableUntil", { reusableUntil: 1 }],
        ["reusableUntil", { reusableUntil: START }],
        ["reusableUntil", { reusableUntil: START + 2 * REUSE_MAX }],
      ];
      for (const [field, change] of wrong) {
        const sent = archive.anchor(entry(change), EPHEMERAL);
        await fails(sent, records, "RecordTermInvalid", ethers.encodeBytes32String(field));
      }
    });
    it("takes a reuse window of a second, of the longest time, and none", async () => {
      const { records, archive } = await load();
      const field = ethers.encodeBytes32String("reusableUntil");
      let second = START + HOUR;
      for (const [length, holds] of [
        [0, false],
        [1, true],
        [REUSE_MAX, true],
        [REUSE_MAX + 1, false],
      ] as const) {
        await at(second);
        const sent = archive.anchor(entry({ reusableUntil: second + length }), EPHEMERAL);
        if (holds) await sent;
        else await fails(sent, records, "RecordTermInvalid", field);
        second += 1;
      }
      await archive.anchor(entry({ reusableUntil: 0 }), EPHEMERAL);
    });
  });
  describe("when the category or the code system is not registered", () => {
    it("reverts with RecordStandardUnknown", async () => {
      const { records, archive } = await load();
      for (const [category, codeSystem] of [
        [CATEGORIES.length, 1],
        [31, 1],
        [32, 0],
        [48, 0],
        [255, 0],
        [0, CODE_SYSTEMS.length + 1],
        [0, 65_535],
      ] as const) {
        const sent = archive.anchor(entry({ category, codeSystem }), EPHEMERAL);
        await fails(sent, records, "RecordStandardUnknown", category, codeSystem);
      }
      await archive.anchor(entry({ category: CATEGORIES.length - 1, codeSystem: 0 }), EPHEMERAL);
      await archive.anchor(entry({ category: 0, codeSystem: CODE_SYSTEMS.length }), EPHEMERAL);
    });
  });
  describe("given the category or the code system was retired, and the copy refreshed", () => {
    it("reverts with RecordStandardUnknown for it and takes others", async () => {
      const { records, standards, archive } = await load();
      const governed = as(standards, people.governance);
      await governed.retireCategory(7);
      await governed.retireCodeSystem(2);
      await as(records, people.stranger).refreshStandards();
      for (const change of [
        { category: 7, codeSystem: 1 },
        { category: 7, codeSystem: 0 },
        { category: 5, codeSystem: 2 },
      ]) {
        const sent = archive.anchor(entry(change), EPHEMERAL);
        await fails(sent, records, "RecordStandardUnknown", change.category, change.codeSystem);
      }
      for (const change of [{ codeSystem: 1 }, { codeSystem: 3 }, { codeSystem: 0 }])
        await archive.anchor(entry(change), EPHEMERAL);
    });
  });
  describe("when the ephemeral key is no compressed point", () => {
    it("reverts with RecordEphemeralKeyInvalid", async () => {
      const { records, archive } = await load();
      for (const wrong of [{ x: ZeroHash }, { prefix: "0x00" }, { prefix: "0x01" }, { prefix: "0x04" }]) {
        const sent = archive.anchor(entry(), { ...EPHEMERAL, ...wrong });
        await fails(sent, records, "RecordEphemeralKeyInvalid");
      }
      await archive.anchor(entry(), { ...EPHEMERAL, prefix: "0x02" });
    });
  });
  describe("given it was anchored before", () => {
    it("reverts with RecordAlreadyAnchored", async () => {
      const { world, records, archive } = await load();
      const id = await anchor(world);
      await fails(archive.anchor(entry(), EPHEMERAL), records, "RecordAlreadyAnchored", id);
    });
  });
  describe("given it ended", () => {
    it("reverts with RecordStatusWrong", async () => {
      const { world, records, archive } = await load();
      const id = await anchor(world);
      await archive.retract(entry(), ALONE, stMary, Retraction.wrongPatient);
      const again = archive.anchor(entry(), EPHEMERAL);
      await fails(again, records, "RecordStatusWrong", id, Standing.retracted);
      const other = entry({ holder: holderOf(2) });
      await anchor(world, other);
      await archive.supersede(other, ALONE, entry({ holder: holderOf(3) }), EPHEMERAL);
      const back = archive.anchor(other, EPHEMERAL);
      await fails(back, records, "RecordStatusWrong", idOf(other), Standing.superseded);
    });
  });
  describe("when all holds", () => {
    it("emits RecordAnchored with the terms, and stands from this second", async () => {
      const { world, records, archive } = await load();
      const record = entry();
      await at(START + HOUR);
      const { commitment, category, codeSystem, reusableUntil } = record;
      const args = [idOf(record), stMary, commitment, category, codeSystem, reusableUntil];
      await emits(archive.anchor(record, EPHEMERAL), records, "RecordAnchored", ...args);
      expect(await standingOf(world, record)).to.eql({
        status: Standing.current,
        anchoredAt: START + HOUR,
        endedAt: 0,
        reusable: true,
      });
    });
    it("emits Announcement right after it, with the holder, the operator and the key", async () => {
      const { records, archive } = await load();
      const receipt = await (await archive.anchor(entry(), EPHEMERAL)).wait();
      const names = receipt?.logs.map((log) => records.interface.parseLog(log)?.name);
      expect(names).to.eql(["RecordAnchored", "Announcement"]);
      const other = entry({ holder: holderOf(2) });
      const key = `${EPHEMERAL.prefix}${EPHEMERAL.x.slice(2)}`;
      const args = [1, other.holder, people.stMaryArchive.address, key, EPHEMERAL.viewTag];
      await emits(archive.anchor(other, EPHEMERAL), records, "Announcement", ...args);
    });
    it("returns the id", async () => {
      const { archive } = await load();
      expect(await archive.anchor.staticCall(entry(), EPHEMERAL)).to.equal(idOf(entry()));
    });
    it("lets two custodians anchor the same commitment", async () => {
      const { world } = await load();
      await anchor(world);
      const other = entry({ custodian: northGeneral });
      await anchor(world, other, people.northArchive);
      expect((await standingOf(world, other)).status).to.equal(Standing.current);
    });
  });
});
