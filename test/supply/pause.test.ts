import { expect } from "chai";

import { as, at, START, HOUR, DAY } from "../core/chain.ts";

import { fails, emits } from "../core/expect.ts";
import { Products, freshWorld, people, register } from "./support.ts";

describe("LotRegistry.pause", () => {
  const LONGEST = 2 * DAY;
  const COOLDOWN = 7 * DAY;

  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { lots } = await freshWorld();
      for (const who of [people.stranger, people.governance, people.deployer, people.inspector]) {
        const sent = as(lots, who).pause(START + DAY);
        await fails(sent, lots, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when the end is now, past or beyond the longest pause", () => {
    it("reverts with DomainPauseOutOfRange", async () => {
      const { lots } = await freshWorld();
      const emergency = as(lots, people.emergency);
      let second = START + HOUR;
      for (const until of [0, second + 1, second + 2 + LONGEST + 1]) {
        await at(second);
        await fails(emergency.pause(until), lots, "DomainPauseOutOfRange", until, second + LONGEST);
        second += 1;
      }
      await at(second);
      await emergency.pause(second + LONGEST);
    });
  });
  describe("given a pause ended less than the cooldown ago", () => {
    it("reverts with DomainPauseTooSoon until the cooldown is over", async () => {
      const { lots } = await freshWorld();
      const emergency = as(lots, people.emergency);
      const until = START + DAY;
      await emergency.pause(until);
      const soon = until + COOLDOWN;
      await at(soon - 1);
      await fails(emergency.pause(soon + 1), lots, "DomainPauseTooSoon", soon);
      await at(soon);
      await emergency.pause(soon + 1);
    });
  });
  describe("when the end holds", () => {
    it("emits DomainPaused and ends by itself, for this domain alone", async () => {
      const world = await freshWorld();
      const { lots, prescriptions } = world;
      const until = START + DAY;
      await emits(as(lots, people.emergency).pause(until), lots, "DomainPaused", until);
      expect([await lots.pausedUntil(), await prescriptions.pausedUntil()]).to.eql([BigInt(until), 0n]);
      await at(until - 1);
      await fails(register(world, Products.flu, 10), lots, "DomainIsPaused", until);
      await at(until);
      await register(world, Products.flu, 10);
    });
  });
});
