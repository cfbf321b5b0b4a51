import { expect } from "chai";

import { DAY, HOUR, as, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { NOTHING, compartment, measure, record, segment, unbind, watched } from "./cold.ts";
import { Member, Products, Site, freshWorld, move, people, release, stockOf } from "./support.ts";

describe("LotRegistry.unbindDevice", () => {
  const { depotNorth } = Member;
  const sensor = people.depotSensor.key;

  describe("when the caller keeps no stock of the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { world } = await watched();
      const { lots } = world;
      for (const who of [people.stranger, people.depotSensor, people.clinicQuality]) {
        const sent = as(lots, who).unbindDevice(depotNorth, sensor);
        await fails(sent, lots, "DutyNotHeld", depotNorth, who.key, Duty.HANDLE_STOCK | Duty.QUALITY);
      }
    });
  });
  describe("given the device watches nothing", () => {
    it("reverts with DeviceUnboundYet", async () => {
      const world = await freshWorld();
      await fails(unbind(world), world.lots, "DeviceUnboundYet", depotNorth, sensor);
    });
  });
  describe("when all holds", () => {
    it("emits DeviceUnbound, while the domain is paused too", async () => {
      const { world } = await watched();
      const { lots } = world;
      await as(lots, people.emergency).pause((await now()) + DAY);
      const sent = as(lots, people.depotQuality).unbindDevice(depotNorth, sensor);
      await emits(sent, lots, "DeviceUnbound", depotNorth, sensor, people.depotQuality.key);
      expect([...(await lots.watchOf(depotNorth, sensor))]).to.eql(NOTHING);
    });
    it("refuses the device's further segments, and the silence that follows counts", async () => {
      const { world, since } = await watched();
      const made = await release(world, Products.cold, 64);
      await move(world, made, 8);
      await measure(world, since, since + HOUR);
      await unbind(world);
      const next = record(world, segment(since + HOUR, since + HOUR + 1));
      await fails(next, world.lots, "DeviceUnboundYet", depotNorth, sensor);
      await mineAt(since + HOUR + 26 * HOUR);
      expect((await stockOf(world, made.id, depotNorth, Site.depotCold)).minutesNow).to.equal(0);
      await mineAt(since + HOUR + 26 * HOUR + 1);
      expect((await stockOf(world, made.id, depotNorth, Site.depotCold)).minutesNow).to.equal(26 * 60 + 1);
      expect(await compartment(world)).to.eql([0, since + HOUR]);
    });
  });
});
