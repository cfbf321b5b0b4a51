import { expect } from "chai";

import { as, mineAt, START, DAY } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { Cause } from "./support.ts";

describe("MemberRegistry.effectiveDuties", () => {
  describe("given every reason at once why a duty may not count", () => {
    it("equals the duties that pass each of them", async () => {
      const { registry } = await freshConsortium();
      const { stMary, healthOffice } = Member;
      const { key } = people.hallPharmacist;
      const admin = as(registry, people.stMaryAdmin);
      const inspect = as(registry, people.inspector);
      const duties =
        Duty.PRESCRIBE | Duty.REVIEW | Duty.DISPENSE | Duty.VACCINATE | Duty.SUBMIT | Duty.QUALITY;
      const until = START + 100 * DAY;
      await admin.appoint(stMary, { operator: key, duties, until });
      // Licensed: REVIEW and DISPENSE; not PRESCRIBE, not VACCINATE.
      let expected = Duty.REVIEW | Duty.DISPENSE | Duty.SUBMIT | Duty.QUALITY;
      const effective = async () => Number(await registry.effectiveDuties(stMary, key));
      expect(await effective()).to.equal(expected);
      await inspect.suspendOperator(healthOffice, stMary, key, Duty.QUALITY);
      expect(await effective()).to.equal((expected &= ~Duty.QUALITY));
      await inspect.suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, Cause.courtOrder);
      expect(await effective()).to.equal((expected &= ~Duty.SUBMIT));
      await mineAt(START + DAY);
      expect(await effective()).to.equal((expected |= Duty.SUBMIT));
      await as(registry, people.governance).setMemberSectors(stMary, Sector.PHARMACY | Sector.INSURER);
      expect(await effective()).to.equal(expected);
      await as(registry, people.governance).setMemberSectors(stMary, Sector.REGULATOR);
      expect(await effective()).to.equal((expected &= ~Duty.DISPENSE));
      await mineAt(until);
      expect(await effective()).to.equal(0);
    });
  });
});
