import { expect } from "chai";

import { as, now, inOneBlock, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium, APPOINTED_UNTIL } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("MemberRegistry.dismiss", () => {
  const { stMary, northGeneral, healthOffice } = Member;
  const load = async () => {
    const { registry } = await freshConsortium();
    return { registry, admin: as(registry, people.stMaryAdmin) };
  };

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await load();
      for (const who of [people.northAdmin, people.drChen, people.inspector]) {
        const sent = as(registry, who).dismiss(stMary, [people.drLi.key]);
        await fails(sent, registry, "MemberAdminOnly", stMary, people.stMaryAdmin.address, who.address);
      }
    });
  });
  describe("when the list is empty or longer than 200", () => {
    it("reverts with BatchSizeInvalid", async () => {
      const { registry, admin } = await load();
      for (const size of [0, 201]) {
        const sent = admin.dismiss(stMary, Array<string>(size).fill(people.drLi.key));
        await fails(sent, registry, "BatchSizeInvalid", size, 200);
      }
    });
  });
  describe("when an operator was never appointed", () => {
    it("reverts with OperatorUnknown and dismisses nobody", async () => {
      const { registry, admin } = await load();
      const sent = admin.dismiss(stMary, [people.drLi.key, people.drWu.key]);
      await fails(sent, registry, "OperatorUnknown", stMary, people.drWu.key);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(Duty.PRESCRIBE);
      const twice = admin.dismiss(stMary, [people.drLi.key, people.drLi.key]);
      await fails(twice, registry, "OperatorUnknown", stMary, people.drLi.key);
    });
  });
  describe("given the operators are appointed", () => {
    it("emits OperatorDismissed and they stop in the same block", async () => {
      const { registry, admin } = await load();
      await emits(
        admin.dismiss(stMary, [people.drChen.key]),
        registry,
        "OperatorDismissed",
        stMary,
        people.drChen.key,
      );
      const fates = await inOneBlock(
        [registry.interface],
        async () => await as(registry, people.officeAdmin).dismiss(healthOffice, [people.licenser.key]),
        async () =>
          await as(registry, people.licenser).revokeLicence(
            healthOffice,
            stMary,
            people.drLi.key,
            Duty.PRESCRIBE,
          ),
      );
      expect(fates).to.eql([
        { ok: true },
        {
          ok: false,
          error: "DutyNotHeld",
          args: [BigInt(healthOffice), people.licenser.key, BigInt(Duty.LICENSE)],
        },
      ]);
    });
    it("leaves suspensions standing for a later appointment", async () => {
      const { registry, admin } = await load();
      const { key } = people.stMarySystem;
      await as(registry, people.inspector).suspendOperator(healthOffice, stMary, key, Duty.SUBMIT);
      await admin.dismiss(stMary, [key]);
      await admin.appoint(stMary, { operator: key, duties: Duty.SUBMIT, until: APPOINTED_UNTIL });
      expect(await registry.effectiveDuties(stMary, key)).to.equal(0n);
    });
    it("leaves the same key at another member as it was", async () => {
      const { registry, admin } = await load();
      const shared = { operator: people.drLi.key, duties: Duty.SUBMIT, until: APPOINTED_UNTIL };
      await as(registry, people.northAdmin).appoint(northGeneral, shared);
      await admin.dismiss(stMary, [people.drLi.key]);
      expect(await registry.effectiveDuties(northGeneral, people.drLi.key)).to.equal(Duty.SUBMIT);
    });
  });
  describe("given the domain is paused", () => {
    it("dismisses all the same", async () => {
      const { registry, admin } = await load();
      await as(registry, people.emergency).pause((await now()) + DAY);
      await admin.dismiss(stMary, [people.drLi.key]);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
    });
  });
});
