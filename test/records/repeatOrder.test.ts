import { as, at, START, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  ALONE,
  Repeat,
  Retraction,
  Standing,
  anchor,
  anchorBatch,
  entry,
  five,
  freshWorld,
  idOf,
} from "./support.ts";

describe("RecordRegistry.repeatOrder", () => {
  const { stMary, northGeneral, sunPharmacy } = Member;
  const { clinicalChange, qualityDoubt, unspecified } = Repeat;
  const load = async () => {
    const world = await freshWorld();
    const id = await anchor(world);
    return { world, ...world, id, order: as(world.records, people.drWu) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { records, order } = await load();
      await as(records, people.emergency).pause(START + DAY);
      const sent = order.repeatOrder(entry(), ALONE, northGeneral, clinicalChange);
      await fails(sent, records, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller neither prescribes nor submits for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { records } = await load();
      const duty = Duty.PRESCRIBE | Duty.SUBMIT;
      for (const who of [people.stranger, people.northArchive, people.drLi, people.stMarySystem]) {
        const sent = as(records, who).repeatOrder(entry(), ALONE, northGeneral, clinicalChange);
        await fails(sent, records, "DutyNotHeld", northGeneral, who.key, duty);
      }
    });
  });
  describe("given no such record was anchored, or it ended", () => {
    it("reverts with RecordUnknown or RecordStatusWrong", async () => {
      const { records, order, id } = await load();
      const other = entry({ category: 6 });
      const unknown = order.repeatOrder(other, ALONE, northGeneral, clinicalChange);
      await fails(unknown, records, "RecordUnknown", idOf(other));
      await as(records, people.stMaryArchive).retract(entry(), ALONE, stMary, Retraction.wrongContent);
      const ended = order.repeatOrder(entry(), ALONE, northGeneral, clinicalChange);
      await fails(ended, records, "RecordStatusWrong", id, Standing.retracted);
    });
  });
  describe("given its result may not stand in any more", () => {
    it("reverts with RecordNotReusable from the end of the window on", async () => {
      const { world, records, order, id } = await load();
      const until = entry().reusableUntil;
      const never = entry({ reusableUntil: 0 });
      await anchor(world, never);
      const none = order.repeatOrder(never, ALONE, northGeneral, clinicalChange);
      await fails(none, records, "RecordNotReusable", idOf(never), 0);
      await at(until - 1);
      await order.repeatOrder(entry(), ALONE, northGeneral, clinicalChange);
      await at(until);
      const sent = as(records, people.sunTill).repeatOrder(entry(), ALONE, sunPharmacy, clinicalChange);
      await fails(sent, records, "RecordNotReusable", id, until);
    });
  });
  describe("when no reason is given", () => {
    it("reverts with RecordReasonMissing", async () => {
      const { records, order, id } = await load();
      const sent = order.repeatOrder(entry(), ALONE, northGeneral, unspecified);
      await fails(sent, records, "RecordReasonMissing", id);
    });
  });
  describe("given this member gave a reason before", () => {
    it("reverts with RecordRepeatKnown, and another member may still give one", async () => {
      const { records, order, id } = await load();
      await order.repeatOrder(entry(), ALONE, northGeneral, clinicalChange);
      const again = as(records, people.northSystem).repeatOrder(entry(), ALONE, northGeneral, qualityDoubt);
      await fails(again, records, "RecordRepeatKnown", id, northGeneral);
      await as(records, people.sunTill).repeatOrder(entry(), ALONE, sunPharmacy, qualityDoubt);
    });
  });
  describe("when all holds", () => {
    it("emits RepeatOrdered, by the prescriber or its member's system", async () => {
      const { world, records, order, id } = await load();
      const sent = order.repeatOrder(entry(), ALONE, northGeneral, clinicalChange);
      await emits(sent, records, "RepeatOrdered", id, northGeneral, people.drWu.key, clinicalChange);
      const { origins } = await anchorBatch(world, five);
      const [, second] = five;
      if (!second) throw new Error("the batch is too short");
      const system = as(records, people.northSystem);
      const relayed = system.repeatOrder(second, origins[1] ?? ALONE, northGeneral, qualityDoubt);
      const args = [idOf(second), northGeneral, people.northSystem.key, qualityDoubt];
      await emits(relayed, records, "RepeatOrdered", ...args);
    });
  });
});
