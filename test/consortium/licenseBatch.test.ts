import { expect } from "chai";
import { zeroPadValue, toBeHex } from "ethers";

import { as } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, freshConsortium, LICENSED_THROUGH } from "../core/world.ts";
import { fails } from "../core/expect.ts";

describe("MemberRegistry.licenseBatch", () => {
  const { stMary, healthOffice } = Member;
  const some = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      member: stMary,
      operator: zeroPadValue(toBeHex(0xabc000 + i), 32),
      duties: Duty.PRESCRIBE,
      throughDay: LICENSED_THROUGH,
    }));

  describe("when the caller is no LICENSE operator of the authority", () => {
    it("reverts with DutyNotHeld", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.inspector).licenseBatch(healthOffice, some(1));
      await fails(sent, registry, "DutyNotHeld", healthOffice, people.inspector.key, Duty.LICENSE);
    });
  });
  describe("when the batch is empty or longer than 200", () => {
    it("reverts with BatchSizeInvalid", async () => {
      const { registry } = await freshConsortium();
      for (const size of [0, 201]) {
        const sent = as(registry, people.licenser).licenseBatch(healthOffice, some(size));
        await fails(sent, registry, "BatchSizeInvalid", size, 200);
      }
    });
  });
  describe("when one licence does not hold", () => {
    it("licenses nobody", async () => {
      const { registry } = await freshConsortium();
      const [first, second] = some(2);
      const batch = [first!, { ...second!, duties: Duty.VACCINATE }];
      const sent = as(registry, people.licenser).licenseBatch(healthOffice, batch);
      await fails(sent, registry, "LicenceBeyondMask", healthOffice, Duty.VACCINATE);
      expect(await registry.licensorOf(stMary, first!.operator, Duty.PRESCRIBE)).to.equal(0n);
    });
  });
  describe("when all hold", () => {
    it("emits one OperatorLicensed each", async () => {
      const { registry } = await freshConsortium();
      const batch = some(200);
      const sent = await as(registry, people.licenser).licenseBatch(healthOffice, batch);
      const receipt = await sent.wait();
      const logs = await registry.queryFilter(
        registry.filters.OperatorLicensed(stMary),
        receipt?.blockNumber,
      );
      expect(logs.map((log) => log.args.operator)).to.eql(batch.map((one) => one.operator));
      const { licensedThrough } = await registry.operatorOf(stMary, batch[199]!.operator);
      expect(licensedThrough[0]).to.equal(LICENSED_THROUGH);
    });
  });
});
