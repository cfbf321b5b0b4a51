import { expect } from "chai";
import { zeroPadValue, toBeHex } from "ethers";

import { as } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium, APPOINTED_UNTIL } from "../core/world.ts";
import { fails } from "../core/expect.ts";

describe("MemberRegistry.appointBatch", () => {
  const { stMary } = Member;
  const some = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      operator: zeroPadValue(toBeHex(0xabc000 + i), 32),
      duties: Duty.SUBMIT,
      until: APPOINTED_UNTIL,
    }));

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.northAdmin).appointBatch(stMary, some(1));
      await fails(
        sent,
        registry,
        "MemberAdminOnly",
        stMary,
        people.stMaryAdmin.address,
        people.northAdmin.address,
      );
    });
  });
  describe("when the batch is empty", () => {
    it("reverts with BatchSizeInvalid", async () => {
      const { registry } = await freshConsortium();
      await fails(
        as(registry, people.stMaryAdmin).appointBatch(stMary, []),
        registry,
        "BatchSizeInvalid",
        0,
        200,
      );
    });
  });
  describe("when the batch is longer than 200", () => {
    it("reverts with BatchSizeInvalid again", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.stMaryAdmin).appointBatch(stMary, some(201));
      await fails(sent, registry, "BatchSizeInvalid", 201, 200);
    });
  });
  describe("when one appointment does not hold", () => {
    it("appoints nobody", async () => {
      const { registry } = await freshConsortium();
      const batch = [...some(2), { operator: people.drLi.key, duties: Duty.INSPECT, until: APPOINTED_UNTIL }];
      const sent = as(registry, people.stMaryAdmin).appointBatch(stMary, batch);
      await fails(sent, registry, "OperatorDutiesInvalid", stMary, people.drLi.key, Duty.INSPECT);
      for (const { operator } of some(2))
        expect((await registry.operatorOf(stMary, operator)).duties).to.equal(0n);
    });
  });
  describe("when all hold", () => {
    it("emits one OperatorAppointed each and each stands", async () => {
      const { registry } = await freshConsortium();
      const batch = some(200);
      const sent = await as(registry, people.stMaryAdmin).appointBatch(stMary, batch);
      const receipt = await sent.wait();
      const logs = await registry.queryFilter(
        registry.filters.OperatorAppointed(stMary),
        receipt?.blockNumber,
      );
      expect(logs.map((log) => log.args.operator)).to.eql(batch.map((one) => one.operator));
      for (const { operator } of [batch[0]!, batch[199]!]) {
        expect(await registry.effectiveDuties(stMary, operator)).to.equal(Duty.SUBMIT);
      }
    });
  });
});
