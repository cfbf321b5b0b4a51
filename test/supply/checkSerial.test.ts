import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, as, at, type Actor } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import type { World } from "../core/world.ts";
import {
  CERTIFICATE,
  EXPIRY_DAY,
  Member,
  NOTICE,
  Products,
  Recall,
  SerialState,
  administer,
  atClinic,
  freshWorld,
  people,
  proofOf,
  register,
  stockOf,
  type Made,
} from "./support.ts";
import { UNKNOWN_LOT, refusesOthers, refusesPaused, refusesSuspended } from "./refusals.ts";

describe("LotRegistry.checkSerial", () => {
  const { harbourClinic, drugAgency, depotNorth, sunPharmacy } = Member;
  const { flu } = Products;
  const { clinicStock } = people;
  const CHECKERS = Duty.HANDLE_STOCK | Duty.QUALITY | Duty.DISPENSE | Duty.VACCINATE | Duty.INSPECT;

  type Asked = readonly [member: number, lot: string, unit: number, salted: string, proof: string[]];
  const asked = (made: Made, unit: number, member: number = harbourClinic): Asked => [
    member,
    made.id,
    unit,
    made.tree.saltedSerial(unit),
    [...proofOf(made, unit)],
  ];
  const load = async () => {
    const world = await freshWorld();
    return { world, lots: world.lots, made: await atClinic(world, flu, 128) };
  };
  /** It answers so, and raises an alert that says so. */
  const alerts = async ({ lots }: World, question: Asked, state: bigint, by: Actor = clinicStock) => {
    const [member, lot, unit, salted] = question;
    expect(await as(lots, by).checkSerial.staticCall(...question)).to.equal(state);
    const sent = as(lots, by).checkSerial(...question);
    await emits(sent, lots, "SerialAlertRaised", lot, member, state, unit, salted, by.key);
  };

  describe("when the serial is active", () => {
    it("gives Active and raises no alert", async () => {
      const { lots, made } = await load();
      const checker = as(lots, clinicStock);
      expect(await checker.checkSerial.staticCall(...asked(made, 5))).to.equal(SerialState.active);
      const receipt = await (await checker.checkSerial(...asked(made, 5))).wait();
      expect(receipt?.logs).to.eql([]);
    });
  });

  describe("when it is not", () => {
    it("gives the state and emits SerialAlertRaised with every value, for each state", async () => {
      const { world, lots, made } = await load();
      await administer(world, made, 5);
      await alerts(world, asked(made, 5), SerialState.spent);
      await alerts(world, [harbourClinic, UNKNOWN_LOT, 7, ZeroHash, []], SerialState.unknownLot);
      const forged: Asked = [harbourClinic, made.id, 6, made.tree.saltedSerial(7), proofOf(made, 6)];
      await alerts(world, forged, SerialState.unknownSerial);
      const waiting = await register(world, flu, 128, "LOT-2");
      await alerts(world, asked(waiting, 5), SerialState.notReleased);
      await as(lots, people.releaser).refuseLot(waiting.id, drugAgency, CERTIFICATE);
      await alerts(world, asked(waiting, 5), SerialState.refused);
      await as(lots, people.agencyRecall).recallLot(made.id, drugAgency, Recall.classI, NOTICE);
      await alerts(world, asked(made, 6), SerialState.recalled);
      await as(lots, people.agencyRecall).endRecall(made.id, drugAgency);
      await at((EXPIRY_DAY + 1) * DAY);
      const sent = as(lots, clinicStock).checkSerial(...asked(made, 6));
      const args = [made.id, harbourClinic, SerialState.expired, 6, made.tree.saltedSerial(6)];
      await emits(sent, lots, "SerialAlertRaised", ...args, clinicStock.key);
    });
    it("raises an alert each time that it is asked", async () => {
      const { world, made } = await load();
      await administer(world, made, 5);
      for (const by of [clinicStock, people.nora]) await alerts(world, asked(made, 5), SerialState.spent, by);
    });
    it("changes nothing but the log", async () => {
      const { world, lots, made } = await load();
      const before = await stockOf(world, made.id, harbourClinic, 1);
      await as(lots, clinicStock).checkSerial(...asked(made, 5));
      await alerts(world, [harbourClinic, made.id, 5, ZeroHash, []], SerialState.unknownSerial);
      expect(await stockOf(world, made.id, harbourClinic, 1)).to.eql(before);
      expect(await lots.isSpent(made.id, 5)).to.equal(false);
      // A check teaches no group: the short proof stays unknown.
      const short = await lots.serialStateOf(made.id, 5, made.tree.saltedSerial(5), made.tree.shortProof(5));
      expect(short).to.equal(SerialState.unknownSerial);
    });
  });

  describe("when the caller holds no goods in hand", () => {
    it("takes stock keepers, quality, pharmacists, vaccinators and inspectors, for their member alone", async () => {
      const { world, lots, made } = await load();
      await administer(world, made, 5);
      const checkers: [number, Actor][] = [
        [harbourClinic, clinicStock],
        [harbourClinic, people.clinicQuality],
        [harbourClinic, people.nora],
        [sunPharmacy, people.anna],
        [drugAgency, people.agencyInspector],
      ];
      for (const [member, by] of checkers) {
        await alerts(world, asked(made, 5, member), SerialState.spent, by);
        const other = as(lots, by).checkSerial(...asked(made, 5, depotNorth));
        await fails(other, lots, "DutyNotHeld", depotNorth, by.key, CHECKERS);
      }
    });
    it("reverts with DutyNotHeld for others", async () => {
      const { world, lots, made } = await load();
      const act = async (who: Actor) => await as(lots, who).checkSerial(...asked(made, 5));
      const { clinicSystem, clinicSensor, clinicAdmin, releaser, agencyRecall } = people;
      const others = [clinicSystem, clinicSensor, clinicAdmin, releaser, agencyRecall];
      await refusesOthers(world, harbourClinic, CHECKERS, act, ...others);
      for (const who of [releaser, agencyRecall]) {
        const sent = as(lots, who).checkSerial(...asked(made, 5, drugAgency));
        await fails(sent, lots, "DutyNotHeld", drugAgency, who.key, CHECKERS);
      }
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { world, lots, made } = await load();
      const act = async (who: Actor) => await as(lots, who).checkSerial(...asked(made, 5));
      await refusesSuspended(world, harbourClinic, CHECKERS, act, clinicStock);
    });
  });

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, lots, made } = await load();
      const act = async (who: Actor) => await as(lots, who).checkSerial(...asked(made, 5));
      await refusesPaused(world, act, clinicStock);
    });
  });
});
