import { expect } from "chai";

import { DAY, HOUR, as, at, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { people } from "../core/world.ts";
import {
  ESCALATION_AFTER,
  Member,
  Status,
  breakGlass,
  disclose,
  emergency,
  freshConsents,
  glassIdOf,
  glassOf,
  review,
  staff,
  ticket,
} from "./support.ts";

const { northGeneral, stMary } = Member;

/** A use that gave access, and when it may be escalated. */
const load = async () => {
  const world = await freshConsents();
  const opened = (await now()) + HOUR;
  await at(opened);
  await breakGlass(world);
  await disclose(world, emergency(world.mara.id));
  const escalate = (id = glassIdOf()) => as(world.consents, people.stranger).escalateBreakGlass(id);
  return { world, consents: world.consents, escalate, dueAt: opened + ESCALATION_AFTER };
};

describe("ConsentRegistry.escalateBreakGlass", () => {
  describe("when a use that gave access waits for 72 hours", () => {
    it("emits BreakGlassEscalated, whoever calls", async () => {
      const { world, consents, escalate, dueAt } = await load();
      await at(dueAt);
      const args = [glassIdOf(), northGeneral, stMary, staff.drVega.key];
      await emits(escalate(), consents, "BreakGlassEscalated", ...args);
      expect((await glassOf(world)).status).to.equal(Status.escalated);
    });
  });
  describe("when it is too soon", () => {
    it("reverts with BreakGlassNotOverdue to the second", async () => {
      const { consents, escalate, dueAt } = await load();
      await at(dueAt - 1);
      await fails(escalate(), consents, "BreakGlassNotOverdue", glassIdOf(), dueAt);
      await escalate();
    });
  });
  describe("when it was escalated or reviewed", () => {
    it("reverts with BreakGlassNotOverdue", async () => {
      const { world, consents, escalate, dueAt } = await load();
      await at(dueAt);
      await escalate();
      await fails(escalate(), consents, "BreakGlassNotOverdue", glassIdOf(), dueAt);
      await review(world);
      await fails(escalate(), consents, "BreakGlassNotOverdue", glassIdOf(), dueAt);
      expect((await glassOf(world)).status).to.equal(Status.justified);
    });
  });
  describe("when it gave no access", () => {
    it("reverts with BreakGlassNotOverdue however long it waits", async () => {
      const { world, consents, escalate } = await load();
      const opened = (await now()) + HOUR;
      await at(opened);
      await breakGlass(world, { ticketHash: ticket(2) });
      await at(opened + 6 * DAY);
      const id = glassIdOf(staff.drVega, ticket(2));
      const args = [id, opened + ESCALATION_AFTER];
      await fails(escalate(id), consents, "BreakGlassNotOverdue", ...args);
    });
  });
  describe("when it is unknown", () => {
    it("reverts with BreakGlassUnknown", async () => {
      const { consents, escalate } = await load();
      const id = glassIdOf(staff.drVega, ticket(9));
      await fails(escalate(id), consents, "BreakGlassUnknown", id);
    });
  });
  describe("given the domain is paused", () => {
    it("escalates all the same", async () => {
      const { world, consents, escalate, dueAt } = await load();
      await at(dueAt);
      await as(consents, people.emergency).pause(dueAt + DAY);
      await escalate();
      expect((await glassOf(world)).status).to.equal(Status.escalated);
    });
  });
});
