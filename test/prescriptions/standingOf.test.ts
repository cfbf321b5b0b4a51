import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, mineAt, START, HOUR, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, Site, type World } from "../core/world.ts";
import { fails } from "../core/expect.ts";
import {
  Status,
  CORRECTION_WINDOW,
  freshWorld,
  terms,
  handover,
  idOf,
  issue,
  accept,
  freshLock,
  dispense,
} from "./support.ts";

describe("PrescriptionRegistry.standingOf", () => {
  const { sunPharmacy, stMary, healthOffice } = Member;

  describe("given it is unknown", () => {
    it("reverts with PrescriptionUnknown", async () => {
      const { prescriptions } = await freshWorld();
      await fails(prescriptions.standingOf(terms()), prescriptions, "PrescriptionUnknown", idOf(terms()));
    });
  });
  describe("given a live lock", () => {
    it("tells live until the lock ends, its member stops or its site closes", async () => {
      const live = async (world: World) => (await world.prescriptions.standingOf(terms())).lockLive;
      const timed = await freshLock();
      await mineAt(START + DAY - 1);
      expect(await live(timed)).to.equal(true);
      await mineAt(START + DAY);
      expect(await live(timed)).to.equal(false);
      const closed = await freshLock();
      await as(closed.registry, people.sunAdmin).closeSite(sunPharmacy, Site.sunMarket);
      expect(await live(closed)).to.equal(false);
      const held = await freshLock();
      const inspect = as(held.registry, people.inspector);
      await inspect.suspendMember(healthOffice, sunPharmacy, Duty.DISPENSE, START + HOUR, 1);
      expect(await live(held)).to.equal(false);
      await mineAt(START + HOUR);
      expect(await live(held)).to.equal(true);
    });
  });
  describe("given its window is over", () => {
    it("tells expired from the first second after the last, and not final", async () => {
      const world = await freshWorld();
      const short = terms({ validUntil: START + HOUR });
      await issue(world, short);
      await mineAt(START + HOUR - 1);
      expect((await world.prescriptions.standingOf(short)).expired).to.equal(false);
      await mineAt(START + HOUR);
      const standing = await world.prescriptions.standingOf(short);
      expect([standing.expired, standing.status, standing.isFinal]).to.eql([true, Status.open, false]);
    });
  });
  describe("given it is completed", () => {
    it("is final when the last correction window closes, to the second", async () => {
      const world = await freshWorld();
      const single = terms({ fills: 1 });
      await issue(world, single);
      await accept(world, single);
      await at(START + HOUR);
      await dispense(world, single);
      await at(START + 2 * HOUR);
      await dispense(world, single, handover({ ordinal: 2, units: 20_000n }));
      const final = async () => (await world.prescriptions.standingOf(single)).isFinal;
      await mineAt(START + 2 * HOUR + CORRECTION_WINDOW - 1);
      expect(await final()).to.equal(false);
      await mineAt(START + 2 * HOUR + CORRECTION_WINDOW);
      expect(await final()).to.equal(true);
    });
  });
  describe("given an issuer and a prescriber are halted", () => {
    it("tells halted while either halt stands", async () => {
      const world = await freshWorld();
      await issue(world, terms());
      const inspect = as(world.prescriptions, people.inspector);
      const halted = async () => (await world.prescriptions.standingOf(terms())).halted;
      await inspect.halt(healthOffice, stMary, people.drChen.key, START, 1);
      expect(await halted()).to.equal(false);
      await inspect.halt(healthOffice, stMary, people.drLi.key, START, 1);
      expect(await halted()).to.equal(true);
      await inspect.resumeHalted(healthOffice, stMary, people.drLi.key);
      await inspect.halt(healthOffice, stMary, ZeroHash, START, 1);
      expect(await halted()).to.equal(true);
    });
  });
});
