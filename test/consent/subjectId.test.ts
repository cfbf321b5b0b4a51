import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { ethers } from "../core/chain.ts";
import { Member, enrolled, freshConsents, subjectIdOf, subjectOf } from "./support.ts";
import { ecdsaKey } from "./keys.ts";

describe("ConsentRegistry.subjectId", () => {
  describe("when custodian, key and salt are given", () => {
    it("is the hash of the three, and another for each change of one", async () => {
      const { consents, mara, wim } = await freshConsents();
      const base = [Member.stMary, mara.key, ethers.id("salt")] as const;
      const others = [
        [Member.northGeneral, mara.key, ethers.id("salt")],
        [Member.stMary, wim.key, ethers.id("salt")],
        [Member.stMary, mara.key, ethers.id("other salt")],
        [0, ZeroAddress, ethers.ZeroHash],
      ] as const;
      const ids = new Set<string>();
      for (const [custodian, key, salt] of [base, ...others]) {
        const id = await consents.subjectId(custodian, key, salt);
        expect(id).to.equal(subjectIdOf(custodian, key, salt));
        ids.add(id);
      }
      expect(ids.size).to.equal(5);
    });
    it("is the name under which the custodian enrols, of whoever signed: patient or guardian", async () => {
      const world = await freshConsents();
      const patient = ecdsaKey("a further patient");
      const { id } = await enrolled(world, patient);
      expect(await world.consents.subjectId(Member.stMary, patient.key, ethers.id("salt"))).to.equal(id);
      expect((await subjectOf(world, id)).key).to.equal(patient.key);
      const asked = [Member.stMary, world.guardian.key, ethers.id("salt")] as const;
      expect(await world.consents.subjectId(...asked)).to.equal(world.child.id);
    });
  });
});
