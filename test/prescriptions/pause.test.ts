import { expect } from "chai";

import { as, at, START, HOUR, DAY } from "../core/chain.ts";
import { people } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { freshWorld, terms, issue } from "./support.ts";

describe("PrescriptionRegistry.pause", () => {
  const LONGEST = 2 * DAY;
  const COOLDOWN = 7 * DAY;

  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { prescriptions } = await freshWorld();
      for (const who of [
        people.stranger,
        people.governance,
        people.deployer,
        people.inspector,
        people.claims,
      ]) {
        const sent = as(prescriptions, who).pause(START + DAY);
        await fails(sent, prescriptions, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when the end is now, past or beyond the longest pause", () => {
    it("reverts with DomainPauseOutOfRange", async () => {
      const { prescriptions } = await freshWorld();
      const emergency = as(prescriptions, people.emergency);
      let second = START + HOUR;
      for (const until of [0, second + 1, second + 2 + LONGEST + 1]) {
        await at(second);
        await fails(emergency.pause(until), prescriptions, "DomainPauseOutOfRange", until, second + LONGEST);
        second += 1;
      }
      await at(second);
      await emergency.pause(second + LONGEST);
    });
  });
  describe("given a pause ended less than the cooldown ago", () => {
    it("reverts with DomainPauseTooSoon until the cooldown is over", async () => {
      const { prescriptions } = await freshWorld();
      const emergency = as(prescriptions, people.emergency);
      const until = START + DAY;
      await emergency.pause(until);
      await at(until + COOLDOWN - 1);
      await fails(
        emergency.pause(until + COOLDOWN + 1),
        prescriptions,
        "DomainPauseTooSoon",
        until + COOLDOWN,
      );
      await at(until + COOLDOWN);
      await emergency.pause(until + COOLDOWN + 1);
    });
  });
  describe("when the end holds", () => {
    it("emits DomainPaused and ends by itself, for this domain alone", async () => {
      const world = await freshWorld();
      const { prescriptions, registry } = world;
      const until = START + DAY;
      await emits(as(prescriptions, people.emergency).pause(until), prescriptions, "DomainPaused", until);
      expect([await prescriptions.pausedUntil(), await registry.pausedUntil()]).to.eql([BigInt(until), 0n]);
      await at(until - 1);
      await fails(issue(world, terms()), prescriptions, "DomainIsPaused", until);
      await at(until);
      await issue(world, terms());
    });
  });
});
