import { expect } from "chai";

import { as, ethers } from "../core/chain.ts";
import { people, Member } from "../core/world.ts";
import {
  ALONE,
  EPHEMERAL,
  Retraction,
  anchor,
  entry,
  freshWorld,
  holderOf,
  idOf,
  referral,
  referralIdOf,
  type Entry,
} from "./support.ts";

describe("RecordRegistry.recordId", () => {
  describe("when any one term differs", () => {
    it("is another id", async () => {
      const { records } = await freshWorld();
      const changes: Partial<Entry>[] = [
        {},
        { custodian: 2 },
        { holder: holderOf(2) },
        { commitment: ethers.id("another") },
        { category: 1 },
        { codeSystem: 2 },
        { reusableUntil: 1 },
      ];
      const ids = new Set<string>();
      for (const change of changes) ids.add(await records.recordId(entry(change)));
      expect(ids.size).to.equal(changes.length);
    });
  });
  describe("when the id is computed off chain", () => {
    it("equals the EIP-712 struct hash, of records and of referrals", async () => {
      const { records } = await freshWorld();
      const extreme = entry({ custodian: 2 ** 32 - 1, category: 255, codeSystem: 65_535 });
      for (const one of [entry(), extreme]) expect(await records.recordId(one)).to.equal(idOf(one));
      const far = referral({ validUntil: 2 ** 32 - 1 });
      for (const one of [referral(), far]) expect(await records.referralId(one)).to.equal(referralIdOf(one));
    });
  });
  describe("when a word of the terms has dirty high bits", () => {
    it("never names a record that was anchored", async () => {
      const world = await freshWorld();
      await anchor(world);
      const { records } = world;
      const to = await records.getAddress();
      const { wrongContent } = Retraction;
      const calls = [
        records.interface.encodeFunctionData("anchor", [entry({ holder: holderOf(3) }), EPHEMERAL]),
        records.interface.encodeFunctionData("retract", [entry(), ALONE, Member.stMary, wrongContent]),
      ];
      const words = [0, 1, 3, 4, 5];
      for (const data of calls) {
        for (const word of words) {
          const place = 10 + word * 64;
          const dirty = `${data.slice(0, place)}01${data.slice(place + 2)}`;
          const sent = people.stMaryArchive.wallet.sendTransaction({ to, data: dirty });
          await expect(sent).to.be.revert(ethers);
        }
      }
      await as(records, people.stMaryArchive).retract(entry(), ALONE, Member.stMary, wrongContent);
    });
  });
});
