import { expect } from "chai";

import { DAY, HOUR, actor, as, at, mineAt, now } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { APPOINTED_UNTIL, LICENSED_THROUGH, people } from "../core/world.ts";
import { ecdsaKey } from "./keys.ts";
import {
  Member,
  breakGlass,
  disclose,
  emergency,
  enrolled,
  freshConsents,
  glassIdOf,
  review,
  reviewDueOf,
  staff,
  ticket,
  type ConsentWorld,
} from "./support.ts";

const { stMary, northGeneral, healthOffice } = Member;

const standing = async ({ consents }: ConsentWorld, key = staff.drVega.key) => [
  ...(await consents.breakGlassStandingOf(northGeneral, key)),
];

/** Licensed for emergencies. */
const licensed = async ({ registry }: ConsentWorld, member: number, operator: string): Promise<void> => {
  const licence = { member, operator, duties: Duty.BREAK_GLASS, throughDay: LICENSED_THROUGH };
  await as(registry, people.licenser).license(healthOffice, licence);
};

/** Open a use at this second and bind it to Mara at once. */
const useAt = async (world: ConsentWorld, second: number, number: number): Promise<string> => {
  await at(second);
  await breakGlass(world, { ticketHash: ticket(number) });
  const id = glassIdOf(staff.drVega, ticket(number));
  await disclose(world, emergency(world.mara.id, { breakGlass: id }));
  return id;
};

/** The first second of the day after the next. */
const midnight = async (): Promise<number> => (Math.floor((await now()) / DAY) + 2) * DAY;

describe("ConsentRegistry.breakGlassStandingOf", () => {
  describe("when an operator never broke the glass", () => {
    it("says that nothing is due, of strangers too", async () => {
      const world = await freshConsents();
      for (const key of [staff.drVega.key, people.stranger.key])
        expect(await standing(world, key)).to.eql([false, 0n, 0n]);
    });
  });
  describe("when uses wait", () => {
    it("counts only those that gave access, and names the oldest", async () => {
      const world = await freshConsents();
      const start = await midnight();
      await at(start);
      await breakGlass(world);
      await mineAt(start + HOUR);
      expect(await standing(world)).to.eql([false, 0n, 0n]);
      const second = await useAt(world, start + 2 * HOUR, 2);
      await useAt(world, start + 2 * DAY, 3);
      expect(await standing(world)).to.eql([false, BigInt(reviewDueOf(start)), 2n]);
      await review(world, second);
      expect(await standing(world)).to.eql([false, BigInt(reviewDueOf(start + 2 * DAY)), 1n]);
    });
    it("counts by the day of opening, though the first disclosure comes on the next", async () => {
      const world = await freshConsents();
      const start = await midnight();
      await at(start + DAY - 1);
      await breakGlass(world);
      await at(start + DAY + HOUR);
      await disclose(world, emergency(world.mara.id));
      expect(await standing(world)).to.eql([false, BigInt(start + 8 * DAY), 1n]);
    });
    it("suspends at the end of the seventh day after the opening, to the second", async () => {
      const world = await freshConsents();
      const start = await midnight();
      for (const [number, second] of [start, start + DAY - 1].entries()) {
        const id = await useAt(world, second - number, number + 1);
        const dueAt = start + 8 * DAY;
        if (number === 0) continue;
        await mineAt(dueAt - 1);
        expect(await standing(world)).to.eql([false, BigInt(dueAt), 2n]);
        await mineAt(dueAt);
        expect(await standing(world)).to.eql([true, BigInt(dueAt), 2n]);
        await review(world, id);
        expect(await standing(world)).to.eql([true, BigInt(dueAt), 1n]);
      }
    });
    it("keeps count of eight days with a use on each", async () => {
      const world = await freshConsents();
      const start = await midnight();
      const ids: string[] = [];
      for (let day = 0; day < 8; day++) ids.push(await useAt(world, start + day * DAY + HOUR, day + 1));
      for (const [day, id] of ids.entries()) {
        const told = [false, BigInt(start + (day + 8) * DAY), BigInt(8 - day)];
        expect(await standing(world), `${day} reviewed`).to.eql(told);
        await review(world, id);
      }
      expect(await standing(world)).to.eql([false, 0n, 0n]);
      // The ninth day falls into the place of the first.
      await useAt(world, start + 8 * DAY + HOUR, 9);
      expect(await standing(world)).to.eql([false, BigInt(start + 16 * DAY), 1n]);
    });
    it("keeps count over months between uses", async () => {
      const world = await freshConsents();
      const start = await midnight();
      const first = await useAt(world, start, 1);
      await review(world, first);
      await useAt(world, start + 100 * DAY, 2);
      expect(await standing(world)).to.eql([false, BigInt(start + 108 * DAY), 1n]);
      await mineAt(start + 400 * DAY);
      expect(await standing(world)).to.eql([true, BigInt(start + 108 * DAY), 1n]);
      await review(world, glassIdOf(staff.drVega, ticket(2)));
      expect(await standing(world)).to.eql([false, 0n, 0n]);
    });
  });
  describe("when the operator's key was replaced", () => {
    it("tells the same of the new key", async () => {
      const world = await freshConsents();
      const start = await midnight();
      await useAt(world, start, 1);
      const card = actor("Dr Vega's new card");
      const admin = as(world.registry, people.northAdmin);
      await admin.replaceOperator(northGeneral, staff.drVega.key, card.key, 0, "0x");
      const told = [false, BigInt(start + 8 * DAY), 1n];
      expect(await standing(world, card.key)).to.eql(told);
    });
    it("counts the uses of both together and names the oldest, whichever key's it is", async () => {
      const world = await freshConsents();
      const { mara, registry } = world;
      const start = await midnight();
      const first = await useAt(world, start, 1);
      const card = actor("Dr Vega's new card");
      const admin = as(registry, people.northAdmin);
      await admin.replaceOperator(northGeneral, staff.drVega.key, card.key, 0, "0x");
      await licensed(world, northGeneral, card.key);
      await at(start + 2 * DAY);
      await breakGlass(world, { by: card, ticketHash: ticket(2) });
      await disclose(world, emergency(mara.id, { breakGlass: glassIdOf(card, ticket(2)) }));
      expect(await standing(world, card.key)).to.eql([false, BigInt(start + 8 * DAY), 2n]);
      // The first key goes on at another member, after the second's use.
      const vega = { operator: staff.drVega.key, duties: Duty.BREAK_GLASS, until: APPOINTED_UNTIL };
      await as(registry, people.stMaryAdmin).appoint(stMary, vega);
      await licensed(world, stMary, staff.drVega.key);
      const relay = staff.northDesk;
      const nova = await enrolled(world, ecdsaKey("patient Nova"), { custodian: northGeneral }, { relay });
      await at(start + 3 * DAY);
      await breakGlass(world, { member: stMary, custodian: northGeneral, ticketHash: ticket(3) });
      const third = glassIdOf(staff.drVega, ticket(3), stMary, northGeneral);
      const given = emergency(nova.id, { grantee: stMary, breakGlass: third });
      await disclose(world, given, staff.northDiscloser, northGeneral);
      await review(world, first);
      expect(await standing(world, card.key)).to.eql([false, BigInt(start + 10 * DAY), 2n]);
    });
  });
});
