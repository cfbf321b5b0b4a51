import { expect } from "chai";

import { ethers } from "../core/chain.ts";
import { NOTHING, bind, coldStore, unbind } from "./cold.ts";
import { Member, freshWorld, people } from "./support.ts";

describe("LotRegistry.watchOf", () => {
  const { depotNorth, harbourClinic } = Member;
  const sensor = people.depotSensor.key;

  describe("given the device watches nothing", () => {
    it("is nothing, for an unknown device and another member too", async () => {
      const world = await freshWorld();
      await bind(world);
      for (const [member, device] of [
        [depotNorth, people.clinicSensor.key],
        [harbourClinic, sensor],
        [0, ethers.ZeroHash],
      ] as const)
        expect([...(await world.lots.watchOf(member, device))]).to.eql(NOTHING);
    });
  });
  describe("given it watches something", () => {
    it("tells what, until it is unbound", async () => {
      const world = await freshWorld();
      await bind(world);
      const { storage_, site } = coldStore();
      const told = [...(await world.lots.watchOf(depotNorth, sensor))];
      expect(told).to.eql([BigInt(storage_), BigInt(site), 0n, 0n]);
      await unbind(world);
      expect([...(await world.lots.watchOf(depotNorth, sensor))]).to.eql(NOTHING);
    });
  });
});
