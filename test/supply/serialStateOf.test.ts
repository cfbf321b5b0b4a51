import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, as, mineAt } from "../core/chain.ts";
import type { World } from "../core/world.ts";
import {
  CERTIFICATE,
  EXPIRY_DAY,
  Loss,
  Member,
  NOTICE,
  Pocket,
  Products,
  Reason,
  Recall,
  SerialState,
  Site,
  administer,
  atClinic,
  freshWorld,
  goods,
  people,
  proofOf,
  register,
  release,
  ship,
  type Made,
} from "./support.ts";
import { UNKNOWN_LOT } from "./refusals.ts";

describe("LotRegistry.serialStateOf", () => {
  const { harbourClinic, drugAgency } = Member;
  const { flu, polio, plain } = Products;
  const CLINIC = [harbourClinic, Site.clinicFridge] as const;
  const { active, unknownLot, unknownSerial, notReleased, refused, recalled, expired, spent } = SerialState;

  const stateOf = async ({ lots }: World, made: Made, unit: number, proof = proofOf(made, unit)) => {
    const serial = Math.floor(unit / made.product.unitsPerSerial);
    return await lots.serialStateOf(made.id, unit, made.tree.saltedSerial(serial), [...proof]);
  };
  const recall = async ({ lots }: World, made: Made) =>
    await as(lots, people.agencyRecall).recallLot(made.id, drugAgency, Recall.classI, NOTICE);

  describe("when a serial is the lot's", () => {
    it("is Active once released, and Spent once used", async () => {
      const world = await freshWorld();
      const made = await atClinic(world, flu, 128);
      expect(await stateOf(world, made, 5)).to.equal(active);
      await administer(world, made, 5);
      expect([await stateOf(world, made, 5), await stateOf(world, made, 6)]).to.eql([spent, active]);
      const keeper = as(world.lots, people.clinicStock);
      await keeper.writeOff(made.id, ...CLINIC, Pocket.onHand, Loss.lost, 1, [70], 0, ZeroHash);
      expect([await stateOf(world, made, 70), await stateOf(world, made, 71)]).to.eql([spent, active]);
    });
    it("is NotReleased before a decision, and Refused after a refusal", async () => {
      const world = await freshWorld();
      const made = await register(world, flu, 128);
      expect(await stateOf(world, made, 5)).to.equal(notReleased);
      await as(world.lots, people.releaser).refuseLot(made.id, drugAgency, CERTIFICATE);
      expect(await stateOf(world, made, 5)).to.equal(refused);
    });
    it("is Recalled while a recall stands, and Active again after its end", async () => {
      const world = await freshWorld();
      const made = await release(world, flu, 128);
      await recall(world, made);
      expect(await stateOf(world, made, 5)).to.equal(recalled);
      await as(world.lots, people.agencyRecall).endRecall(made.id, drugAgency);
      expect(await stateOf(world, made, 5)).to.equal(active);
    });
    it("is Active in the last second of the last day, and Expired in the next", async () => {
      const world = await freshWorld();
      const made = await release(world, flu, 128);
      await mineAt((EXPIRY_DAY + 1) * DAY - 1);
      expect(await stateOf(world, made, 5)).to.equal(active);
      await mineAt((EXPIRY_DAY + 1) * DAY);
      expect(await stateOf(world, made, 5)).to.equal(expired);
    });
    it("is told by the unit where a serial has several", async () => {
      const world = await freshWorld();
      const made = await atClinic(world, polio, 640);
      await administer(world, made, 3);
      const states = [];
      for (const unit of [2, 3, 4, 13, 43]) states.push(await stateOf(world, made, unit));
      expect(states).to.eql([active, spent, active, active, active]);
    });
    it("is Active too where it is in quarantine, under way, or at another place", async () => {
      const world = await freshWorld();
      const held = await atClinic(world, flu, 128);
      const keeper = as(world.lots, people.clinicStock);
      await keeper.quarantine(held.id, ...CLINIC, 128, Reason.qualityDefect);
      const sent = await release(world, flu, 128, "LOT-2");
      await ship(world, goods(sent, 128));
      expect([await stateOf(world, held, 5), await stateOf(world, sent, 5)]).to.eql([active, active]);
    });
  });

  describe("when several apply", () => {
    it("is the first of them", async () => {
      const world = await freshWorld();
      const made = await atClinic(world, flu, 128);
      const waiting = await register(world, flu, 128, "LOT-2");
      const bad = await register(world, flu, 128, "LOT-3");
      await as(world.lots, people.releaser).refuseLot(bad.id, drugAgency, CERTIFICATE);
      await administer(world, made, 5);
      for (const each of [made, waiting, bad]) await recall(world, each);
      expect(await stateOf(world, made, 5)).to.equal(recalled);
      expect(await stateOf(world, made, 5, [])).to.equal(unknownSerial);
      await mineAt((EXPIRY_DAY + 1) * DAY);
      const states = [];
      for (const each of [made, waiting, bad]) states.push(await stateOf(world, each, 5));
      expect(states).to.eql([recalled, notReleased, refused]);
      await as(world.lots, people.agencyRecall).endRecall(made.id, drugAgency);
      expect(await stateOf(world, made, 5)).to.equal(expired);
    });
  });

  describe("when a serial is not the lot's", () => {
    it("is UnknownLot for a lot that nobody registered", async () => {
      const { lots } = await freshWorld();
      expect(await lots.serialStateOf(UNKNOWN_LOT, 0, ZeroHash, [])).to.equal(unknownLot);
      expect(await lots.serialStateOf(ZeroHash, 0, ZeroHash, [ZeroHash])).to.equal(unknownLot);
    });
    it("is UnknownSerial for a unit beyond the lot, and for a lot without serials", async () => {
      const world = await freshWorld();
      const made = await release(world, flu, 100);
      expect(await stateOf(world, made, 99)).to.equal(active);
      for (const unit of [100, 127, 2 ** 32 - 1]) {
        const found = await world.lots.serialStateOf(made.id, unit, ZeroHash, made.tree.proof(100));
        expect(found).to.equal(unknownSerial);
      }
      const counted = await release(world, plain, 100);
      expect(await world.lots.serialStateOf(counted.id, 0, ZeroHash, [])).to.equal(unknownSerial);
      expect(await world.lots.serialStateOf(counted.id, 0, ZeroHash, proofOf(made, 0))).to.equal(
        unknownSerial,
      );
    });
    it("is UnknownSerial for a forged proof, another serial and another lot's", async () => {
      const world = await freshWorld();
      const made = await release(world, flu, 200);
      const other = await release(world, flu, 200, "LOT-2");
      const whole = made.tree.proof(5);
      for (const proof of [
        [],
        whole.slice(0, -1),
        whole.slice(1),
        [...whole, ZeroHash],
        made.tree.proof(4),
        other.tree.proof(5),
        whole.map(() => ZeroHash),
      ]) {
        expect(await stateOf(world, made, 5, proof)).to.equal(unknownSerial);
      }
      const ask = async (unit: number, salted: string, proof: string[]) =>
        await world.lots.serialStateOf(made.id, unit, salted, proof);
      expect(await ask(5, made.tree.saltedSerial(4), whole)).to.equal(unknownSerial);
      expect(await ask(4, made.tree.saltedSerial(5), whole)).to.equal(unknownSerial);
      expect(await ask(5, other.tree.saltedSerial(5), other.tree.proof(5))).to.equal(unknownSerial);
      const node = whole[1] ?? "";
      expect(await ask(5, node, [...whole.slice(1), ZeroHash])).to.equal(unknownSerial);
      expect(await ask(5, made.tree.saltedSerial(5), whole)).to.equal(active);
    });
  });

  describe("when the proof is short", () => {
    it("is UnknownSerial until a serial of the group was proven", async () => {
      const world = await freshWorld();
      const made = await atClinic(world, flu, 128);
      const short = async (unit: number) => await stateOf(world, made, unit, made.tree.shortProof(unit));
      expect(await short(5)).to.equal(unknownSerial);
      await administer(world, made, 0);
      const states = [];
      for (const unit of [0, 5, 63, 64]) states.push(await short(unit));
      expect(states).to.eql([spent, active, active, unknownSerial]);
      expect(await stateOf(world, made, 5, made.tree.shortProof(6))).to.equal(unknownSerial);
    });
  });
});
