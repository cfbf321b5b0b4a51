import { expect } from "chai";

import { DAY, HOUR, as, at, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { NOTHING, bind, coldStore, compartment, unbind } from "./cold.ts";
import {
  Member,
  Products,
  Site,
  Storage,
  freshWorld,
  goods,
  line,
  move,
  people,
  receive,
  release,
  ship,
  sscc,
} from "./support.ts";

describe("LotRegistry.bindDevice", () => {
  const { depotNorth, novaVaccines, harbourClinic } = Member;
  const sensor = people.depotSensor.key;
  const load = async () => {
    const world = await freshWorld();
    return { world, ...world, keeper: as(world.lots, people.depotStock) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { lots, keeper } = await load();
      const until = (await now()) + DAY;
      await as(lots, people.emergency).pause(until);
      await fails(keeper.bindDevice(depotNorth, sensor, coldStore()), lots, "DomainIsPaused", until);
    });
  });
  describe("when the caller keeps no stock of the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { lots } = await load();
      for (const who of [people.stranger, people.depotSensor, people.depotSystem, people.clinicStock]) {
        const sent = as(lots, who).bindDevice(depotNorth, sensor, coldStore());
        await fails(sent, lots, "DutyNotHeld", depotNorth, who.key, Duty.HANDLE_STOCK | Duty.QUALITY);
      }
    });
  });
  describe("when the device does not sense for the member", () => {
    it("reverts with DutyNotHeld, for another member's device too", async () => {
      const { lots, keeper } = await load();
      for (const { key } of [people.depotStock, people.clinicSensor]) {
        const sent = keeper.bindDevice(depotNorth, key, coldStore());
        await fails(sent, lots, "DutyNotHeld", depotNorth, key, Duty.SENSE);
      }
    });
    it("reverts with DutyNotHeld once it was revoked", async () => {
      const { lots, registry, keeper } = await load();
      await as(registry, people.depotAdmin).dismiss(depotNorth, [sensor]);
      const sent = keeper.bindDevice(depotNorth, sensor, coldStore());
      await fails(sent, lots, "DutyNotHeld", depotNorth, sensor, Duty.SENSE);
    });
  });
  describe("given the device watches something already", () => {
    it("reverts with DeviceWatchInvalid until it is unbound", async () => {
      const { world, lots, keeper } = await load();
      await bind(world);
      const sent = keeper.bindDevice(depotNorth, sensor, coldStore({ storage_: Storage.frozen }));
      await fails(sent, lots, "DeviceWatchInvalid", depotNorth, sensor);
      await unbind(world);
      await bind(world, coldStore({ storage_: Storage.frozen }));
    });
  });
  describe("when there is nothing to watch", () => {
    it("reverts with DeviceWatchInvalid for no class, for no open site, and for both kinds at once", async () => {
      const { lots, keeper } = await load();
      for (const wrong of [
        { storage_: Storage.unmonitored },
        { site: 9 },
        { site: 0 },
        { from: depotNorth },
        { sscc: sscc(1) },
      ]) {
        const sent = keeper.bindDevice(depotNorth, sensor, coldStore(wrong));
        await fails(sent, lots, "DeviceWatchInvalid", depotNorth, sensor);
      }
    });
    it("reverts with DeviceWatchInvalid for another's consignment, and for one that arrived", async () => {
      const { world, lots, keeper } = await load();
      const made = await release(world, Products.flu, 64);
      const sent = await ship(world, goods(made, 8));
      const foreign = coldStore({ site: 0, from: novaVaccines, sscc: sent.sscc });
      await fails(
        keeper.bindDevice(depotNorth, sensor, foreign),
        lots,
        "DeviceWatchInvalid",
        depotNorth,
        sensor,
      );
      await receive(world, sent);
      const own = {
        from: depotNorth,
        fromSite: Site.depotCold,
        to: harbourClinic,
        toSite: Site.clinicFridge,
      };
      const arrived = await move(world, made, 4, { ...own, lines: [line(made, 4)] });
      const late = coldStore({ site: 0, from: depotNorth, sscc: arrived.sscc });
      await fails(
        keeper.bindDevice(depotNorth, sensor, late),
        lots,
        "DeviceWatchInvalid",
        depotNorth,
        sensor,
      );
    });
  });
  describe("when all holds", () => {
    it("emits DeviceBound and the compartment counts from this second", async () => {
      const { world, lots, keeper } = await load();
      const second = (await now()) + HOUR;
      await at(second);
      const { storage_, site, from, sscc: none } = coldStore();
      const sent = keeper.bindDevice(depotNorth, sensor, coldStore());
      await emits(
        sent,
        lots,
        "DeviceBound",
        depotNorth,
        sensor,
        [storage_, site, from, none],
        people.depotStock.key,
      );
      expect(await compartment(world)).to.eql([0, second]);
      expect([...(await lots.watchOf(depotNorth, sensor))]).to.eql([1n, 1n, 0n, 0n]);
    });
    it("lets quality bind, and a second device does not begin the compartment anew", async () => {
      const { world, lots } = await load();
      const since = await bind(world);
      await unbind(world);
      await as(lots, people.depotQuality).bindDevice(depotNorth, sensor, coldStore());
      expect(await compartment(world)).to.eql([0, since]);
    });
    it("lets it watch a consignment that the member sent", async () => {
      const { world, lots } = await load();
      const made = await release(world, Products.flu, 64);
      await move(world, made, 8);
      const own = {
        from: depotNorth,
        fromSite: Site.depotCold,
        to: harbourClinic,
        toSite: Site.clinicFridge,
      };
      const sent = await ship(world, goods(made, 4, { ...own, lines: [line(made, 4)] }));
      await bind(world, coldStore({ site: 0, from: depotNorth, sscc: sent.sscc }));
      expect([...(await lots.watchOf(depotNorth, sensor))]).to.eql([1n, 0n, BigInt(depotNorth), sent.sscc]);
      expect([...(await lots.watchOf(harbourClinic, sensor))]).to.eql(NOTHING);
    });
  });
});
