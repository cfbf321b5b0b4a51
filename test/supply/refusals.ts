import { START, DAY, as, at, ethers, type Actor } from "../core/chain.ts";
import { fails } from "../core/expect.ts";
import { APPOINTED_UNTIL, Member as Firm, people, type World } from "../core/world.ts";
import type { Product } from "./support.ts";

/** An act as sent by somebody. */
export type Act = (who: Actor) => Promise<unknown>;

/** The act refuses whoever has another duty, no duty, or duties at another member only. */
export const refusesOthers = async (
  { lots }: World,
  member: number,
  duties: number,
  act: Act,
  ...others: readonly Actor[]
): Promise<void> => {
  for (const who of [people.stranger, people.governance, people.deployer, ...others]) {
    await fails(act(who), lots, "DutyNotHeld", member, who.key, duties);
  }
};

/** The act refuses an operator that a regulator suspended, and one whose member it suspended. */
export const refusesSuspended = async (
  { lots, registry }: World,
  member: number,
  duties: number,
  act: Act,
  who: Actor,
): Promise<void> => {
  const inspector = as(registry, people.inspector);
  const until = START + DAY;
  await inspector.suspendOperator(Firm.healthOffice, member, who.key, duties);
  await fails(act(who), lots, "DutySuspended", member, who.key, duties);
  await inspector.restoreOperator(Firm.healthOffice, member, who.key, duties);
  await inspector.suspendMember(Firm.healthOffice, member, duties, until, 1);
  await fails(act(who), lots, "DutySuspendedForMember", member, duties, until);
};

/** The act refuses an operator from the second in which its appointment ends. */
export const refusesEnded = async ({ lots }: World, member: number, act: Act, who: Actor): Promise<void> => {
  await at(APPOINTED_UNTIL);
  await fails(act(who), lots, "DutyAppointmentEnded", member, who.key, APPOINTED_UNTIL);
};

/** The act refuses an operator of a member that is closed. */
export const refusesClosed = async (
  { lots, registry }: World,
  member: number,
  duties: number,
  act: Act,
  who: Actor,
): Promise<void> => {
  await as(registry, people.governance).closeMember(member);
  await fails(act(who), lots, "DutyNotPermitted", member, duties);
};

/** The act waits for the end of a pause. */
export const refusesPaused = async ({ lots }: World, act: Act, who: Actor): Promise<void> => {
  await as(lots, people.emergency).pause(START + DAY);
  await fails(act(who), lots, "DomainIsPaused", START + DAY);
  await as(lots, people.emergency).resume();
  await act(who);
};

/** Name of a field as errors have it. */
export const field = (name: string): string => ethers.encodeBytes32String(name);

/** A product's terms as events and views give them. */
export const termsOf = (product: Product): unknown[] =>
  Object.values(product).map((value) => (typeof value === "number" ? BigInt(value) : value));

/** A lot that nobody registered. */
export const UNKNOWN_LOT = ethers.id("no such lot");
