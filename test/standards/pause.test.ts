import { expect } from "chai";

import { as, at, START, HOUR, DAY } from "../core/chain.ts";
import { people, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("StandardsRegistry.pause", () => {
  const LONGEST = 2 * DAY;
  const COOLDOWN = 7 * DAY;

  describe("when the caller has not the emergency role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { standards } = await freshConsortium();
      for (const who of [people.stranger, people.governance, people.deployer, people.inspector]) {
        const sent = as(standards, who).pause(START + DAY);
        await fails(sent, standards, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when the end is now, past or beyond the longest pause", () => {
    it("reverts with DomainPauseOutOfRange", async () => {
      const { standards } = await freshConsortium();
      const emergency = as(standards, people.emergency);
      let second = START + HOUR;
      for (const until of [0, second + 1, second + 2 + LONGEST + 1]) {
        await at(second);
        await fails(emergency.pause(until), standards, "DomainPauseOutOfRange", until, second + LONGEST);
        second += 1;
      }
      await at(second);
      await emergency.pause(second + LONGEST);
    });
  });
  describe("given a pause ended less than the cooldown ago", () => {
    it("reverts with DomainPauseTooSoon until the cooldown is over", async () => {
      const { standards } = await freshConsortium();
      const emergency = as(standards, people.emergency);
      const until = START + DAY;
      await emergency.pause(until);
      const soon = until + COOLDOWN;
      await at(soon - 1);
      await fails(emergency.pause(soon + 1), standards, "DomainPauseTooSoon", soon);
      await at(soon);
      await emergency.pause(soon + 1);
    });
  });
  describe("when the end holds", () => {
    it("emits DomainPaused and ends by itself, for this domain alone", async () => {
      const { standards, prescriptions } = await freshConsortium();
      const until = START + DAY;
      await emits(as(standards, people.emergency).pause(until), standards, "DomainPaused", until);
      expect([await standards.pausedUntil(), await prescriptions.pausedUntil()]).to.eql([BigInt(until), 0n]);
      await at(until - 1);
      await fails(
        (async () => await as(standards, people.governance).registerCodeSystem("http://example.org", "1"))(),
        standards,
        "DomainIsPaused",
        until,
      );
      await at(until);
      await as(standards, people.governance).registerCodeSystem("http://example.org", "1");
    });
  });
});
