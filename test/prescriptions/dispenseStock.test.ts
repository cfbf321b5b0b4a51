import { expect } from "chai";
import { keccak256 } from "ethers";

import { ethers, as, at, START, HOUR, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site, APPOINTED_UNTIL, LICENSED_THROUGH } from "../core/world.ts";
import { fails } from "../core/expect.ts";
import { stockedWorld } from "./stock.ts";
import {
  Withdrawal,
  type Handover,
  SENT,
  freshWorld,
  terms,
  handover,
  sign,
  issue,
  accept,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.dispenseStock", () => {
  const { sunPharmacy } = Member;
  const STOCK = "0x0badcafe";
  const load = async () => {
    const world = await stockedWorld(await freshWorld());
    const id = await issue(world, terms());
    await accept(world, terms());
    await world.stock.receiveUnits(sunPharmacy, Site.sunMarket, 15_000n);
    const hand = async (given: Handover, stock = STOCK) =>
      await as(world.prescriptions, people.anna).dispense(terms(), given, stock, SENT);
    const held = async () => await world.stock.held(sunPharmacy, Site.sunMarket);
    return { ...world, id, hand, held };
  };

  describe("given a stock registry is connected", () => {
    it("takes the units in the same transaction, and passes time and stock bytes on", async () => {
      const { hand, held, stock, id, prescriptions } = await load();
      expect(await prescriptions.STOCK()).to.equal(await stock.getAddress());
      await at(START + HOUR);
      await hand(handover());
      expect(await held()).to.equal(5_000n);
      expect([...(await stock.taken(id, 1))]).to.eql([10_000n, BigInt(START + HOUR), STOCK]);
    });
    it("asks the stock registry nothing when a dispense names no stock", async () => {
      const { hand, held } = await load();
      await hand(handover(), "0x");
      expect(await held()).to.equal(15_000n);
    });
    it("binds the stock bytes into the pharmacist's signature", async () => {
      const { prescriptions, id, held } = await load();
      const message = { prescription: id, ...handover(), stockHash: keccak256(STOCK) };
      const signed = await sign(prescriptions, people.anna, "Dispense", message, START + DAY);
      const till = as(prescriptions, people.sunTill);
      const swapped = till.dispense(terms(), handover(), "0x0badbeef", signed);
      await expect(swapped).to.be.revertedWithCustomError(prescriptions, "DutyNotHeld");
      await till.dispense(terms(), handover(), STOCK, signed);
      expect(await held()).to.equal(5_000n);
    });
    it("dispenses nothing when the stock registry refuses", async () => {
      const world = await load();
      await world.hand(handover());
      const sent = world.hand(handover({ ordinal: 2 }));
      const args = [sunPharmacy, Site.sunMarket, 5_000n, 10_000n];
      await fails(sent, world.stock, "StockInsufficient", ...args);
      const state = await stateOf(world, world.id);
      expect([state.dispenses, state.unitsLeft, await world.held()]).to.eql([1, 20_000n, 5_000n]);
      expect((await world.prescriptions.dispenseOf(world.id, 2)).member).to.equal(0n);
    });
    it("lets a stock registry that calls back change nothing twice", async () => {
      const world = await load();
      const { prescriptions, stock, id } = world;
      const address = await stock.getAddress();
      // The worst case: the stock registry is itself a licensed pharmacist of the very pharmacy that holds the lock.
      const key = ethers.zeroPadValue(address, 32);
      const duties = Duty.DISPENSE;
      await as(world.registry, people.sunAdmin).appoint(sunPharmacy, {
        operator: key,
        duties,
        until: APPOINTED_UNTIL,
      });
      const licence = { member: sunPharmacy, operator: key, duties, throughDay: LICENSED_THROUGH };
      await as(world.registry, people.licenser).license(Member.healthOffice, licence);
      const again = prescriptions.interface.encodeFunctionData("dispense", [
        terms(),
        handover(),
        STOCK,
        SENT,
      ]);
      await stock.callBackWith(again);
      await world.hand(handover());
      expect(await stock.callbackSucceeded()).to.equal(false);
      const state = await stateOf(world, id);
      expect([state.dispenses, state.unitsLeft, await world.held()]).to.eql([1, 20_000n, 5_000n]);
      const back = [terms(), sunPharmacy, 1, Withdrawal.wrongEntry, STOCK, SENT] as const;
      await stock.callBackWith(prescriptions.interface.encodeFunctionData("withdrawDispense", [...back]));
      await as(prescriptions, people.anna).withdrawDispense(...back);
      expect(await stock.callbackSucceeded()).to.equal(false);
      expect((await stateOf(world, id)).unitsLeft).to.equal(30_000n);
      expect(await stock.quarantined(sunPharmacy, Site.sunMarket)).to.equal(10_000n);
    });
    it("puts the stock of a withdrawn dispense into quarantine at the site that dispensed it", async () => {
      const { hand, held, stock, prescriptions } = await load();
      await hand(handover());
      const anna = as(prescriptions, people.anna);
      await anna.withdrawDispense(terms(), sunPharmacy, 1, Withdrawal.returned, STOCK, SENT);
      expect([await held(), await stock.quarantined(sunPharmacy, Site.sunMarket)]).to.eql([5_000n, 10_000n]);
    });
    it("refuses to withdraw with other stock than was dispensed, also with none", async () => {
      const { hand, held, prescriptions, id } = await load();
      await hand(handover());
      for (const other of ["0x", `${STOCK}00`]) {
        const sent = as(prescriptions, people.anna).withdrawDispense(
          terms(),
          sunPharmacy,
          1,
          Withdrawal.returned,
          other,
          SENT,
        );
        await fails(sent, prescriptions, "DispenseStockWrong", id, 1);
      }
      expect((await prescriptions.dispenseOf(id, 1)).stock).to.equal(keccak256(STOCK).slice(0, 24));
      expect(await held()).to.equal(5_000n);
    });
    it("quarantines nothing when a closing is withdrawn", async () => {
      const { hand, stock, prescriptions } = await load();
      await hand(handover());
      const anna = as(prescriptions, people.anna);
      await anna.closeFill(terms(), sunPharmacy, Site.sunMarket, 1, 2, SENT);
      await anna.withdrawDispense(terms(), sunPharmacy, 2, Withdrawal.wrongEntry, "0x", SENT);
      expect(await stock.quarantined(sunPharmacy, Site.sunMarket)).to.equal(0n);
    });
    it("withdraws nothing when the quarantine refuses", async () => {
      const world = await load();
      await world.hand(handover());
      await world.stock.getFunction("connect")(people.stranger.address);
      const anna = as(world.prescriptions, people.anna);
      const sent = anna.withdrawDispense(terms(), sunPharmacy, 1, Withdrawal.returned, STOCK, SENT);
      await fails(sent, world.stock, "StockRegistryOnly", await world.prescriptions.getAddress());
      expect((await world.prescriptions.dispenseOf(world.id, 1)).withdrawnAt).to.equal(0n);
      expect((await stateOf(world, world.id)).unitsLeft).to.equal(20_000n);
    });
  });
});
