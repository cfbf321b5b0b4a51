import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, as, ethers, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty, Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import {
  Category,
  DISCLOSURES_MAX,
  Member,
  Purpose,
  Ruling,
  breakGlass,
  deny,
  disclosure,
  emergency,
  field,
  forClass,
  freshConsents,
  grant,
  leafOf,
  mask,
  merkle,
  staff,
  type Allowed,
  type ConsentWorld,
  type Disclosure,
} from "./support.ts";

const { stMary, northGeneral, cityLab } = Member;
const BY_RULE: Allowed = { sector: 0, number: 0, version: 1 };

const record = async ({ consents }: ConsentWorld, batch: readonly Disclosure[], by = staff.discloser) =>
  await as(consents, by).recordDisclosures(stMary, [...batch]);

/** Disclosures of different documents of Mara's laboratory data. */
const documents = ({ mara }: ConsentWorld, count: number): Disclosure[] =>
  Array.from({ length: count }, (_, i) => disclosure(mara.id, { document: ethers.id(`document ${i}`) }));

describe("ConsentRegistry.recordDisclosures", () => {
  describe("when each is allowed by a rule", () => {
    it("emits DisclosuresRecorded with the root and each with its own event", async () => {
      const world = await freshConsents();
      const { consents, mara, wim } = world;
      await grant(world, mara);
      await grant(world, wim, { ...forClass(Sector.LABORATORY), number: 2 });
      const [first, second] = [disclosure(mara.id), disclosure(wim.id, { grantee: cityLab })];
      const allowed = { sector: Sector.LABORATORY, number: 2, version: 1 };
      const { root } = merkle([leafOf(first, BY_RULE), leafOf(second, allowed)]);
      const sent = record(world, [first, second]);
      await emits(sent, consents, "DisclosuresRecorded", stMary, root, staff.discloser.key, 2);
      const what = [Category.laboratory, Purpose.treatment, first.document];
      const head = [mara.id, northGeneral, stMary, staff.discloser.key, ...what];
      await emits(sent, consents, "DisclosureRecorded", ...head, 0, 0, 1, ZeroHash);
      const other = [wim.id, cityLab, stMary, staff.discloser.key, ...what];
      await emits(sent, consents, "DisclosureRecorded", ...other, Sector.LABORATORY, 2, 1, ZeroHash);
      const second1 = (await ethers.provider.getBlock("latest"))!.timestamp;
      expect(await consents.disclosureBatchOf(stMary, root)).to.equal(BigInt(second1));
    });
    it("returns the root that can be computed beforehand, for every size of batch", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      for (const size of [1, 2, 3, 5, 8, 13]) {
        const batch = documents(world, size);
        const { root } = merkle(batch.map((one) => leafOf(one, BY_RULE)));
        const sender = as(world.consents, staff.discloser);
        expect(await sender.recordDisclosures.staticCall(stMary, batch)).to.equal(root);
      }
    });
    it("takes 200", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      const batch = documents(world, DISCLOSURES_MAX);
      const { root } = merkle(batch.map((one) => leafOf(one, BY_RULE)));
      await record(world, batch);
      expect(await world.consents.disclosureBatchOf(stMary, root)).to.not.equal(0n);
    });
  });
  describe("when one of them is not allowed", () => {
    it("reverts with DisclosureNotPermitted and records none", async () => {
      const world = await freshConsents();
      const { consents, mara, wim } = world;
      await grant(world, mara);
      const args = [wim.id, northGeneral, Category.laboratory, Purpose.treatment];
      const sent = record(world, [disclosure(mara.id), disclosure(wim.id)]);
      await fails(sent, consents, "DisclosureNotPermitted", ...args, Ruling.noRule);
      await grant(world, wim);
      await deny(world, wim, { number: 1 });
      const denied = record(world, [disclosure(mara.id), disclosure(wim.id)]);
      await fails(denied, consents, "DisclosureNotPermitted", ...args, Ruling.denied);
    });
    it("reverts with DisclosureInvalid for a field out of range, and for a break-glass", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara, { categories: mask(Category.laboratory) });
      await breakGlass(world);
      const wrong: readonly (readonly [string, Partial<Disclosure>])[] = [
        ["category", { category: 32 }],
        ["purpose", { purpose: 64 }],
        ["document", { document: ZeroHash }],
        ["breakGlass", emergency(mara.id)],
      ];
      for (const [name, changes] of wrong) {
        const sent = record(world, [disclosure(mara.id), disclosure(mara.id, changes)]);
        await fails(sent, consents, "DisclosureInvalid", mara.id, field(name));
      }
    });
    it("reverts with SubjectUnknown, and with SubjectOfOther for another custodian's", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const unknown = record(world, [disclosure(mara.id), disclosure(ZeroHash)]);
      await fails(unknown, consents, "SubjectUnknown", ZeroHash);
      const lab = as(consents, staff.labDiscloser);
      const foreign = lab.recordDisclosures(cityLab, [disclosure(mara.id)]);
      await fails(foreign, consents, "SubjectOfOther", mara.id, stMary, cityLab);
    });
  });
  describe("when the batch is empty or too long", () => {
    it("reverts with DisclosureBatchSizeInvalid", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      for (const size of [0, DISCLOSURES_MAX + 1]) {
        const sent = record(world, documents(world, size));
        await fails(sent, world.consents, "DisclosureBatchSizeInvalid", size, DISCLOSURES_MAX);
      }
    });
  });
  describe("when the custodian recorded this root before", () => {
    it("reverts with DisclosureBatchRecorded", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      const batch = documents(world, 3);
      await record(world, batch);
      const { root } = merkle(batch.map((one) => leafOf(one, BY_RULE)));
      await fails(record(world, batch), world.consents, "DisclosureBatchRecorded", stMary, root);
    });
  });
  describe("when the caller is no DISCLOSE operator of the custodian", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      for (const who of [people.stranger, staff.desk, staff.northDiscloser]) {
        const sent = record(world, documents(world, 1), who);
        await fails(sent, world.consents, "DutyNotHeld", stMary, who.key, Duty.DISCLOSE);
      }
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      const until = (await now()) + DAY;
      await as(world.consents, people.emergency).pause(until);
      await fails(record(world, documents(world, 1)), world.consents, "DomainIsPaused", until);
    });
  });
});
