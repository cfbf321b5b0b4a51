import { expect } from "chai";

import { DAY, HOUR, MINUTE, as, at, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { bind, coldStore, compartment, measure, record, segment, watched, type Segment } from "./cold.ts";
import {
  FOREIGN_DOMAINS,
  Member,
  Products,
  Site,
  Transit,
  freshWorld,
  goods,
  line,
  move,
  people,
  receive,
  release,
  ship,
  sign,
} from "./support.ts";

describe("LotRegistry.recordSegment", () => {
  const { depotNorth, harbourClinic } = Member;
  const sensor = people.depotSensor;
  const UNTIL_LATER = 3 * HOUR;
  const own = {
    from: depotNorth,
    fromSite: Site.depotCold,
    to: harbourClinic,
    toSite: Site.clinicFridge,
  } as const;
  const onTheWay = async () => {
    const world = await freshWorld();
    const made = await release(world, Products.flu, 64);
    await move(world, made, 8);
    const sent = await ship(world, goods(made, 4, { ...own, lines: [line(made, 4)] }));
    const left = await now();
    await bind(world, coldStore({ site: 0, from: depotNorth, sscc: sent.sscc }));
    return { world, sent, left };
  };

  describe("when neither the device sends nor a relay with its signature", () => {
    it("reverts with DutyNotHeld for another sender", async () => {
      const { world, since } = await watched();
      const { lots } = world;
      for (const who of [people.stranger, people.depotStock, people.clinicSensor]) {
        const sent = record(world, segment(since, since + 1), who);
        await fails(sent, lots, "DutyNotHeld", depotNorth, who.key, Duty.SENSE);
      }
    });
    it("reverts with DutyNotHeld for a relay without SUBMIT, and for another's signature", async () => {
      const { world, since } = await watched();
      const { lots } = world;
      const measured = segment(since, since + 1);
      const deadline = since + UNTIL_LATER;
      const signed = await sign(world, sensor, "Segment", measured, deadline);
      const stranger = as(lots, people.depotStock).recordSegment(measured, signed);
      await fails(stranger, lots, "DutyNotHeld", depotNorth, people.depotStock.key, Duty.SUBMIT);
      const other = await sign(world, people.clinicSensor, "Segment", measured, deadline);
      const relayed = as(lots, people.depotSystem).recordSegment(measured, other);
      await fails(relayed, lots, "DutyNotHeld", depotNorth, people.clinicSensor.key, Duty.SENSE);
    });
    it("takes no signature for other readings or another contract, chain or version", async () => {
      const { world, since } = await watched();
      const { lots } = world;
      const [measured, deadline] = [segment(since, since + 1), since + UNTIL_LATER];
      const relay = as(lots, people.depotSystem);
      const others: Segment[] = [
        { ...measured, minutesOut: 1 },
        { ...measured, to: since + 2 },
        { ...measured, readings: segment(1, 2).readings },
      ];
      const signed = await sign(world, sensor, "Segment", measured, deadline);
      for (const other of others)
        await expect(relay.recordSegment(other, signed)).to.be.revertedWithCustomError(lots, "DutyNotHeld");
      for (const domain of FOREIGN_DOMAINS) {
        const foreign = await sign(world, sensor, "Segment", measured, deadline, domain);
        await expect(relay.recordSegment(measured, foreign)).to.be.revertedWithCustomError(
          lots,
          "DutyNotHeld",
        );
      }
    });
    it("reverts with SignatureExpired after the deadline, and SignatureDeadlineTooFar beyond 72 hours", async () => {
      const { world, since } = await watched();
      const { lots } = world;
      const measured = segment(since, since + 1);
      const relay = as(lots, people.depotSystem);
      const far = await sign(world, sensor, "Segment", measured, since + 10 + 72 * HOUR);
      await at(since + 9);
      const early = relay.recordSegment(measured, far);
      await fails(early, lots, "SignatureDeadlineTooFar", since + 10 + 72 * HOUR, since + 9 + 72 * HOUR);
      const short = await sign(world, sensor, "Segment", measured, since + 20);
      await at(since + 21);
      await fails(relay.recordSegment(measured, short), lots, "SignatureExpired", since + 20);
    });
  });
  describe("given the device was revoked", () => {
    it("reverts with DutyNotHeld, sent and relayed", async () => {
      const { world, since } = await watched();
      const { lots, registry } = world;
      const measured = segment(since, since + 1);
      const signed = await sign(world, sensor, "Segment", measured, since + UNTIL_LATER);
      await as(registry, people.depotAdmin).dismiss(depotNorth, [sensor.key]);
      for (const sent of [
        () => record(world, measured),
        () => as(lots, people.depotSystem).recordSegment(measured, signed),
      ])
        await fails(sent(), lots, "DutyNotHeld", depotNorth, sensor.key, Duty.SENSE);
    });
  });
  describe("given the device watches nothing", () => {
    it("reverts with DeviceUnboundYet", async () => {
      const world = await freshWorld();
      const second = await now();
      const sent = record(world, segment(second - 1, second));
      await fails(sent, world.lots, "DeviceUnboundYet", depotNorth, sensor.key);
    });
  });
  describe("when the segment does not follow what was reported", () => {
    it("reverts with SegmentInvalid for what was reported before, by the same segment too", async () => {
      const { world, since } = await watched();
      const { lots } = world;
      await measure(world, since, since + HOUR);
      for (const [from, to] of [
        [since, since + HOUR],
        [since + HOUR - 1, since + HOUR + 1],
      ] as const) {
        const sent = record(world, segment(from, to));
        await fails(sent, lots, "SegmentInvalid", depotNorth, sensor.key, from, to, since + HOUR);
      }
    });
    it("reverts with SegmentInvalid for an empty one, and one that ends in the future", async () => {
      const { world, since } = await watched();
      for (const [from, to] of [
        [since, since],
        [since, since + DAY],
      ] as const) {
        const sent = record(world, segment(from, to));
        await fails(sent, world.lots, "SegmentInvalid", depotNorth, sensor.key, from, to, since);
      }
    });
    it("reverts with SegmentInvalid for more minutes than it has, a begun one included", async () => {
      const { world, since } = await watched();
      await at(since + HOUR);
      const long = record(world, segment(since, since + 61, 3));
      await fails(long, world.lots, "SegmentInvalid", depotNorth, sensor.key, since, since + 61, since);
      await record(world, segment(since, since + 61, 2));
      expect(await compartment(world)).to.eql([2, since + 61]);
    });
  });
  describe("given the consignment that it watches arrived", () => {
    it("reverts with ConsignmentStatusWrong", async () => {
      const { world, sent, left } = await onTheWay();
      await receive(world, sent);
      const late = record(world, segment(left, left + 1));
      await fails(late, world.lots, "ConsignmentStatusWrong", depotNorth, sent.sscc, Transit.received);
    });
  });
  describe("when all holds", () => {
    it("emits SegmentRecorded and adds to the compartment", async () => {
      const { world, since } = await watched();
      await at(since + HOUR);
      const measured = segment(since, since + 30 * MINUTE, 7);
      const { from, to, minutesOut, readings } = measured;
      const told = [depotNorth, sensor.key, from, to, minutesOut, 0, readings];
      await emits(record(world, measured), world.lots, "SegmentRecorded", ...told);
      await measure(world, to, to + MINUTE, 1);
      expect(await compartment(world)).to.eql([8, to + MINUTE]);
    });
    it("takes the word of the member's system with the device's signature, while paused too", async () => {
      const { world, since } = await watched();
      const { lots } = world;
      await as(lots, people.emergency).pause(since + DAY);
      const measured = segment(since, since + 1, 1);
      const signed = await sign(world, sensor, "Segment", measured, since + UNTIL_LATER);
      await as(lots, people.depotSystem).recordSegment(measured, signed);
      expect(await compartment(world)).to.eql([1, since + 1]);
    });
    it("counts a gap of more than an hour as out of range, and none of an hour", async () => {
      const { world, since } = await watched();
      await measure(world, since + HOUR, since + HOUR + MINUTE);
      expect(await compartment(world)).to.eql([0, since + HOUR + MINUTE]);
      const again = since + 2 * HOUR + MINUTE + 1;
      await at(again + MINUTE);
      const measured = segment(again, again + MINUTE);
      const { readings } = measured;
      const told = [depotNorth, sensor.key, again, again + MINUTE, 0, 61, readings];
      await emits(record(world, measured), world.lots, "SegmentRecorded", ...told);
      expect(await compartment(world)).to.eql([61, again + MINUTE]);
    });
    it("adds to the consignment that it watches, gaps included", async () => {
      const { world, sent, left } = await onTheWay();
      await measure(world, left, left + HOUR, 5);
      await measure(world, left + 3 * HOUR, left + 4 * HOUR, 6);
      const { status, minutesOut, reportedUntil } = await world.lots.consignmentOf(depotNorth, sent.sscc);
      expect([status, minutesOut, reportedUntil]).to.eql([Transit.inTransit, 131n, BigInt(left + 4 * HOUR)]);
    });
  });
});
