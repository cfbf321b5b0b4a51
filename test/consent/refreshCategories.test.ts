import { expect } from "chai";

import { as, ethers } from "../core/chain.ts";
import { emits } from "../core/expect.ts";
import { people } from "../core/world.ts";
import { NEXT_CATEGORY, REGISTERED, deployConsentBody, freshConsents, peersOf } from "./support.ts";

const CODE = ethers.encodeBytes32String("new-category");

describe("ConsentRegistry.refreshCategories", () => {
  describe("when a category was registered since", () => {
    it("emits CategoriesRefreshed and takes it over, whoever calls", async () => {
      const { consents, standards } = await freshConsents();
      expect(await consents.categories()).to.equal(BigInt(REGISTERED));
      await as(standards, people.governance).registerCategory(NEXT_CATEGORY, CODE);
      expect(await consents.categories()).to.equal(BigInt(REGISTERED));
      const more = REGISTERED | (1 << NEXT_CATEGORY);
      const sent = as(consents, people.stranger).refreshCategories();
      await emits(sent, consents, "CategoriesRefreshed", REGISTERED, more);
      expect(await consents.categories()).to.equal(BigInt(more));
    });
  });
  describe("when nothing changed, or one was retired", () => {
    it("keeps the copy: what was registered once stays in rules", async () => {
      const { consents, standards } = await freshConsents();
      await as(standards, people.governance).retireCategory(0);
      const sent = as(consents, people.stranger).refreshCategories();
      await emits(sent, consents, "CategoriesRefreshed", REGISTERED, REGISTERED);
      expect(await consents.categories()).to.equal(BigInt(REGISTERED));
    });
  });
  describe("given a pause and an upgrade", () => {
    it("keeps the copy beside the pause and the code, each untouched by the others", async () => {
      const world = await freshConsents();
      const { consents } = world;
      const until = (await ethers.provider.getBlock("latest"))!.timestamp + 3_600;
      await as(consents, people.emergency).pause(until);
      await as(consents, people.stranger).refreshCategories();
      expect(await consents.pausedUntil()).to.equal(BigInt(until));
      const { body } = await deployConsentBody(...(await peersOf(world)));
      await as(consents, people.governance).upgradeToAndCall(body, "0x");
      expect(await consents.categories()).to.equal(BigInt(REGISTERED));
      expect(await consents.pausedUntil()).to.equal(BigInt(until));
    });
  });
});
