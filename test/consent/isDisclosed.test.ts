import { expect } from "chai";

import { as, ethers } from "../core/chain.ts";
import {
  Category,
  Member,
  Purpose,
  disclosure,
  freshConsents,
  grant,
  leafOf,
  mask,
  merkle,
  staff,
  type Disclosure,
} from "./support.ts";

const { stMary, northGeneral } = Member;
const RULE = [0, 0, 1] as const;
const BY_RULE = { sector: 0, number: 0, version: 1 };

/** Seven disclosures that were recorded in one batch. */
const load = async () => {
  const world = await freshConsents();
  const { consents, mara } = world;
  await grant(world, mara, { categories: mask(Category.laboratory, Category.imaging) });
  const batch = Array.from({ length: 7 }, (_, i) =>
    disclosure(mara.id, { document: ethers.id(`document ${i}`), category: Category.laboratory + (i % 2) }),
  );
  const tree = merkle(batch.map((one) => leafOf(one, BY_RULE)));
  await as(consents, staff.discloser).recordDisclosures(stMary, batch);
  return { ...world, batch, tree };
};

describe("ConsentRegistry.isDisclosed", () => {
  describe("when the disclosure is in the batch", () => {
    it("says so for each with its proof", async () => {
      const { consents, batch, tree } = await load();
      for (const [index, one] of batch.entries()) {
        const proof = tree.proofOf(index);
        expect(await consents.disclosureLeaf(one, ...RULE)).to.equal(leafOf(one, BY_RULE));
        expect(await consents.isDisclosed(stMary, tree.root, one, ...RULE, proof)).to.equal(true);
      }
    });
  });
  describe("when anything differs", () => {
    it("denies it for another disclosure, rule, proof, root or custodian", async () => {
      const { consents, mara, batch, tree } = await load();
      const [first] = batch;
      const proof = tree.proofOf(0);
      const ask = async (given: Disclosure, rule: readonly [number, number, number] = RULE) =>
        await consents.isDisclosed(stMary, tree.root, given, ...rule, proof);
      expect(await ask(first!)).to.equal(true);
      const others: Partial<Disclosure>[] = [
        { subject: ethers.id("another") },
        { grantee: Member.cityLab },
        { category: Category.genetics },
        { purpose: Purpose.research },
        { document: ethers.id("another document") },
        { breakGlass: ethers.id("a use") },
      ];
      for (const changes of others) expect(await ask({ ...first!, ...changes })).to.equal(false);
      for (const rule of [[1, 0, 1] as const, [0, 1, 1] as const, [0, 0, 2] as const])
        expect(await ask(first!, rule)).to.equal(false);
      const other = await consents.isDisclosed(stMary, tree.root, first!, ...RULE, tree.proofOf(1));
      const short = await consents.isDisclosed(stMary, tree.root, first!, ...RULE, proof.slice(1));
      const foreign = await consents.isDisclosed(northGeneral, tree.root, first!, ...RULE, proof);
      expect([other, short, foreign]).to.eql([false, false, false]);
      expect(mara.id).to.equal(first!.subject);
    });
    it("denies it for a root that was never recorded, though the proof fits", async () => {
      const { consents, mara } = await load();
      const invented = disclosure(mara.id, { document: ethers.id("invented") });
      const { root } = merkle([leafOf(invented, BY_RULE)]);
      expect(await consents.isDisclosed(stMary, root, invented, ...RULE, [])).to.equal(false);
      expect(await consents.disclosureBatchOf(stMary, root)).to.equal(0n);
    });
    it("denies it for an inner node that is passed off as a leaf", async () => {
      const { consents, batch, tree } = await load();
      const ask = consents.isDisclosed(stMary, tree.root, batch[0]!, ...RULE, []);
      expect(await ask).to.equal(false);
    });
  });
});
