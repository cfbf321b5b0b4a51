import { expect } from "chai";

import { DAY, START, actor, as, type Actor } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { APPOINTED_UNTIL, Member, freshConsortium, people } from "../core/world.ts";
import { signReplacement } from "./support.ts";

describe("MemberRegistry.replacedKeys", () => {
  const { stMary, northGeneral, healthOffice } = Member;
  const { PRESCRIBE } = Duty;
  const REPLACEMENTS = 20;
  const deadline = START + DAY;
  const load = async () => {
    const { registry } = await freshConsortium();
    const admin = as(registry, people.stMaryAdmin);
    const inspect = as(registry, people.inspector);
    const governed = as(registry, people.governance);
    const replace = async (old: Actor, next: Actor) => {
      const terms = { member: stMary, operator: old.key, replacement: next.key, deadline };
      const signature = await signReplacement(registry, old, terms);
      await admin.replaceOperator(stMary, old.key, next.key, deadline, signature);
    };
    const appoint = async ({ key }: Actor) =>
      await admin.appoint(stMary, { operator: key, duties: PRESCRIBE, until: APPOINTED_UNTIL });
    /** A suspension that names one key stops the operator that acts with the other. */
    const suspends = async (named: Actor, present: Actor) => {
      const sent = inspect.suspendOperator(healthOffice, stMary, named.key, PRESCRIBE);
      await emits(sent, registry, "OperatorDutiesSuspended", stMary, present.key, healthOffice, PRESCRIBE);
    };
    return { registry, admin, inspect, governed, replace, appoint, suspends };
  };
  const replaceOften = async (replace: (old: Actor, next: Actor) => Promise<void>): Promise<Actor[]> => {
    const keys = [people.drLi];
    for (let i = 1; i <= REPLACEMENTS; i++) {
      const [old, next] = [keys[i - 1] ?? people.drLi, actor(`Dr Li's card ${i}`)];
      await replace(old, next);
      keys.push(next);
    }
    return keys;
  };

  describe("given an operator's key was replaced twenty times", () => {
    it("suspends, restores and lifts under whichever key is named", async () => {
      const { registry, inspect, governed, replace, suspends } = await load();
      const keys = await replaceOften(replace);
      const present = keys[REPLACEMENTS] ?? people.drLi;
      for (const named of keys) {
        await suspends(named, present);
        expect(await registry.effectiveDuties(stMary, present.key)).to.equal(0n);
        const restored = inspect.restoreOperator(healthOffice, stMary, named.key, PRESCRIBE);
        const args = [stMary, present.key, healthOffice, PRESCRIBE];
        await emits(restored, registry, "OperatorDutiesRestored", ...args);
        await suspends(present, present);
        const lifted = governed.liftOperatorSuspension(stMary, named.key);
        await emits(lifted, registry, "OperatorSuspensionLifted", stMary, present.key, PRESCRIBE);
        expect(await registry.effectiveDuties(stMary, present.key)).to.equal(PRESCRIBE);
      }
    });
    it("revokes the licence under whichever key is named", async () => {
      const { registry, replace } = await load();
      const keys = await replaceOften(replace);
      const present = keys[REPLACEMENTS] ?? people.drLi;
      for (const named of keys) {
        const licenser = as(registry, people.licenser);
        const sent = licenser.revokeLicence(healthOffice, stMary, named.key, PRESCRIBE);
        const args = [stMary, present.key, healthOffice, PRESCRIBE];
        await emits(sent, registry, "OperatorLicenceRevoked", ...args);
      }
      expect(await registry.effectiveDuties(stMary, present.key)).to.equal(0n);
    });
  });
  describe("given the replacement was appointed and dismissed before", () => {
    it("stands for the replaced key all the same", async () => {
      const { admin, replace, appoint, suspends } = await load();
      const [second, third] = [actor("Dr Li's old card"), actor("Dr Li's new card")];
      await appoint(second);
      await admin.dismiss(stMary, [second.key]);
      await replace(people.drLi, second);
      await suspends(people.drLi, second);
      await replace(second, third);
      await suspends(people.drLi, third);
      await suspends(second, third);
    });
  });
  describe("given the newest key was dismissed and appointed again before its own replacement", () => {
    it("follows the operator to the key after it", async () => {
      const { admin, replace, appoint, suspends } = await load();
      const [second, third] = [actor("Dr Li's second card"), actor("Dr Li's third card")];
      await replace(people.drLi, second);
      await admin.dismiss(stMary, [second.key]);
      await suspends(people.drLi, second);
      await appoint(second);
      await replace(second, third);
      await suspends(people.drLi, third);
      await suspends(second, third);
    });
  });
  describe("given another member replaced the same key by another", () => {
    it("follows each member's own replacements", async () => {
      const { registry, inspect, replace, suspends } = await load();
      const [here, there] = [actor("Dr Li's card here"), actor("Dr Li's card there")];
      const north = as(registry, people.northAdmin);
      const { key } = people.drLi;
      await north.appoint(northGeneral, { operator: key, duties: PRESCRIBE, until: APPOINTED_UNTIL });
      await north.replaceOperator(northGeneral, key, there.key, 0, "0x");
      await suspends(people.drLi, people.drLi);
      await replace(people.drLi, here);
      await suspends(people.drLi, here);
      const sent = inspect.suspendOperator(healthOffice, northGeneral, key, PRESCRIBE);
      const args = [northGeneral, there.key, healthOffice, PRESCRIBE];
      await emits(sent, registry, "OperatorDutiesSuspended", ...args);
    });
  });
  describe("given a dismissed key has itself replaced another", () => {
    it("reverts with OperatorKeyInUse when it is to replace a second", async () => {
      const { registry, admin, replace, suspends } = await load();
      const second = actor("Dr Li's card");
      await replace(people.drLi, second);
      await admin.dismiss(stMary, [second.key]);
      const sent = admin.replaceOperator(stMary, people.drChen.key, second.key, 0, "0x");
      await fails(sent, registry, "OperatorKeyInUse", stMary, second.key);
      await suspends(people.drChen, people.drChen);
      await suspends(people.drLi, second);
    });
  });
});
