import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as } from "../core/chain.ts";
import { fails } from "../core/expect.ts";
import type { World } from "../core/world.ts";
import {
  EVIDENCE,
  Loss,
  Member,
  Pocket,
  Products,
  SENT,
  Site,
  administer,
  atClinic,
  freshWorld,
  goods,
  people,
  receive,
  release,
  sessionDose,
  ship,
  stockArgument,
  type Made,
} from "./support.ts";
import { UNKNOWN_LOT } from "./refusals.ts";
import { atMarket, dispense, locked, takingOf, withdraw } from "./dispensing.ts";

describe("LotRegistry.isSpent", () => {
  const { harbourClinic } = Member;
  const { flu, polio, plain, pens } = Products;
  const CLINIC = [harbourClinic, Site.clinicFridge] as const;
  const PEN = 300_000n;

  /** All units that are spent. */
  const spentOf = async ({ lots }: World, { id, units }: Made): Promise<number[]> => {
    const found: number[] = [];
    for (let unit = 0; unit < units; unit += 1) if (await lots.isSpent(id, unit)) found.push(unit);
    return found;
  };
  const pen = async () => {
    const world = await freshWorld();
    const made = await atMarket(world, pens, 64);
    await locked(world, 1, PEN);
    const stock = stockArgument(takingOf(made, 9));
    await dispense(world, stock, { unitsPerFill: PEN });
    return { world, made, stock };
  };

  describe("when a unit was used, wasted or lost", () => {
    it("is true for what was administered, by session too, and for what was dispensed", async () => {
      const world = await freshWorld();
      const made = await atClinic(world, flu, 128);
      expect(await spentOf(world, made)).to.eql([]);
      await administer(world, made, 0);
      await administer(world, made, 127);
      const session = {
        lot: made.id,
        member: harbourClinic,
        site: Site.clinicFridge,
        firstUnit: 63,
        range: 0,
        administeredAt: 0,
      };
      const doses = [63, 64].map((unit) => sessionDose(made, unit));
      await as(world.lots, people.nora).administerSession(session, doses, made.tree.runProof(63, 2), SENT);
      expect(await spentOf(world, made)).to.eql([0, 63, 64, 127]);
      const dispensed = await pen();
      expect(await spentOf(dispensed.world, dispensed.made)).to.eql([9]);
    });
    it("is true for what was written off, damaged or missing", async () => {
      const world = await freshWorld();
      const made = await release(world, flu, 128);
      const sent = await ship(world, goods(made, 128, { to: CLINIC[0], toSite: CLINIC[1] }));
      await receive(world, sent, [{ damaged: 2, missing: 1, refused: 0, indices: [1, 64, 100] }]);
      const keeper = as(world.lots, people.clinicStock);
      const off = async (loss: number, unit: number, evidence: string) =>
        await keeper.writeOff(made.id, ...CLINIC, Pocket.onHand, loss, 1, [unit], 0, evidence);
      await off(Loss.wasted, 5, ZeroHash);
      await off(Loss.destroyed, 6, EVIDENCE);
      await off(Loss.lost, 126, ZeroHash);
      expect(await spentOf(world, made)).to.eql([1, 5, 6, 64, 100, 126]);
    });
    it("stays true for what was withdrawn", async () => {
      const { world, made, stock } = await pen();
      await withdraw(world, stock, { unitsPerFill: PEN });
      expect(await spentOf(world, made)).to.eql([9]);
    });
  });

  describe("when it was not", () => {
    it("is false for its neighbours, the ends of groups and of vials", async () => {
      const world = await freshWorld();
      const made = await atClinic(world, polio, 160);
      for (const unit of [9, 10, 39, 40, 159]) await administer(world, made, unit);
      expect(await spentOf(world, made)).to.eql([9, 10, 39, 40, 159]);
    });
    it("is false where units are counted, and beyond the lot", async () => {
      const world = await freshWorld();
      const counted = await atClinic(world, plain, 10);
      await administer(world, counted, 0);
      expect(await spentOf(world, counted)).to.eql([]);
      const made = await atClinic(world, flu, 100);
      await administer(world, made, 99);
      expect(await world.lots.isSpent(made.id, 100)).to.equal(false);
      expect(await world.lots.isSpent(made.id, 2 ** 32 - 1)).to.equal(false);
    });
  });

  describe("when the lot is unknown", () => {
    it("reverts with LotUnknown", async () => {
      const { lots } = await freshWorld();
      await fails(lots.isSpent(UNKNOWN_LOT, 0), lots, "LotUnknown", UNKNOWN_LOT);
    });
  });
});
