import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, HOUR, as, at, mineAt, now, type Actor } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty, Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import {
  ALL_CATEGORIES,
  ALL_PURPOSES,
  Category,
  EVERYONE,
  FOREVER,
  Kind,
  Member,
  PAPER,
  Purpose,
  Ruling,
  VERSION_MAX,
  field,
  freshConsents,
  grant,
  mask,
  revokeAll,
  ruleOf,
  ruling,
  setVersion,
  staff,
  subjectOf,
  wide,
  type ConsentWorld,
} from "./support.ts";

const { stMary, northGeneral, cityLab } = Member;
const LAB = mask(Category.laboratory);
const TREAT = wide(Purpose.treatment);

/** What a paper says, where it is not laboratory data for treatment at North General without end. */
type Paper = {
  readonly custodian?: number;
  readonly id?: string;
  readonly grantee?: number;
  readonly sector?: number;
  readonly categories?: number;
  readonly purposes?: bigint;
  readonly validUntil?: number;
};

const enter = async ({ consents, mara }: ConsentWorld, paper: Paper = {}, by: Actor = staff.desk) =>
  await as(consents, by).enterDenial(
    paper.custodian ?? stMary,
    paper.id ?? mara.id,
    paper.grantee ?? northGeneral,
    paper.sector ?? 0,
    paper.categories ?? LAB,
    paper.purposes ?? TREAT,
    paper.validUntil ?? FOREVER,
  );

describe("ConsentRegistry.enterDenial", () => {
  describe("when the custodian's desk enters one", () => {
    it("emits PaperDenialEntered, and it stands under number 8", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const second = (await now()) + HOUR;
      await at(second);
      const args = [mara.id, northGeneral, 0, 1, staff.desk.key, LAB, TREAT, second, FOREVER];
      await emits(enter(world), consents, "PaperDenialEntered", ...args);
      const state = await ruleOf(world, mara.id, { number: PAPER });
      expect([state.kind, state.live, state.delegate]).to.eql([Kind.deny, true, 0n]);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
    it("stands for a class, and marks the class on the subject", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara, { grantee: cityLab });
      await enter(world, { grantee: 0, sector: EVERYONE });
      expect(await ruling(world, mara, { grantee: cityLab })).to.equal(Ruling.denied);
      expect((await subjectOf(world, mara.id)).sectors).to.equal(BigInt(EVERYONE));
    });
    it("stands through a revocation of all and for a patient without a key", async () => {
      const world = await freshConsents();
      const { mara, child, guardian } = world;
      await enter(world);
      await revokeAll(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
      await grant(world, child, { delegate: 1, number: 4 }, { by: guardian });
      await enter(world, { id: child.id });
      expect(await ruling(world, child)).to.equal(Ruling.denied);
    });
    it("ends with its time", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara);
      const validUntil = (await now()) + DAY;
      await enter(world, { validUntil });
      await mineAt(validUntil - 1);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
      await mineAt(validUntil);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("takes it from the custodian's successor", async () => {
      const world = await freshConsents();
      const governed = as(world.registry, people.governance);
      await governed.closeMember(stMary);
      await governed.nameSuccessor(stMary, cityLab);
      await enter(world, { custodian: cityLab }, staff.labDesk);
      expect(await ruling(world, world.mara)).to.equal(Ruling.denied);
    });
  });
  describe("given one stands", () => {
    it("widens it: masks are joined, the later end counts, the begin stays", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const first = (await now()) + HOUR;
      const validUntil = first + 10 * DAY;
      await at(first);
      await enter(world, { validUntil });
      const more = { categories: mask(Category.imaging), purposes: wide(Purpose.payment) };
      const sent = enter(world, { ...more, validUntil: first + DAY });
      const joined = [LAB | more.categories, TREAT | more.purposes, first, validUntil] as const;
      const args = [mara.id, northGeneral, 0, 2, staff.desk.key, ...joined];
      await emits(sent, consents, "PaperDenialEntered", ...args);
      const across = { category: Category.imaging, purpose: Purpose.treatment };
      expect(await ruling(world, mara, across)).to.equal(Ruling.denied);
      await enter(world, { validUntil: FOREVER });
      const state = await ruleOf(world, mara.id, { number: PAPER });
      expect([state.validUntil, state.version]).to.eql([BigInt(FOREVER), 3n]);
    });
    it("starts anew where the one that stood has ended", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const validUntil = (await now()) + DAY;
      await enter(world, { categories: ALL_CATEGORIES, purposes: ALL_PURPOSES, validUntil });
      await mineAt(validUntil);
      await enter(world);
      const state = await ruleOf(world, mara.id, { number: PAPER });
      expect([state.categories, state.purposes, state.version]).to.eql([BigInt(LAB), TREAT, 2n]);
    });
    it("counts to the last version and stays there", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await enter(world);
      await setVersion(world, mara.id, { number: PAPER }, VERSION_MAX - 1);
      for (let times = 0; times < 2; times += 1) {
        await enter(world);
        expect((await ruleOf(world, mara.id, { number: PAPER })).version).to.equal(BigInt(VERSION_MAX));
        expect(await ruling(world, mara)).to.equal(Ruling.denied);
      }
    });
    it("joins a deny of emergency access, asked for by itself, with others of the same data and end", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await enter(world, { purposes: wide(Purpose.breakGlass) });
      await enter(world);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
      expect(await ruling(world, mara, { purpose: Purpose.breakGlass })).to.equal(Ruling.denied);
    });
    it("reverts with ConsentRuleInvalid where emergency access would be denied for more than it was asked for", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const validUntil = (await now()) + 10 * DAY;
      const named = { purposes: wide(Purpose.breakGlass), validUntil };
      const args = [mara.id, field("purposes")] as const;
      await enter(world, named);
      for (const wider of [{ validUntil, categories: ALL_CATEGORIES }, { validUntil: FOREVER }])
        await fails(enter(world, wider), consents, "ConsentRuleInvalid", ...args);
      const elsewhere = { grantee: cityLab };
      await enter(world, { ...elsewhere, categories: ALL_CATEGORIES, validUntil });
      const narrow = enter(world, { ...elsewhere, ...named });
      await fails(narrow, consents, "ConsentRuleInvalid", ...args);
      await as(consents, staff.desk).liftDenial(stMary, mara.id, northGeneral, 0);
      await enter(world);
    });
  });
  describe("when a field is out of range", () => {
    it("reverts with ConsentRuleInvalid naming the field", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const wrong: readonly (readonly [string, Paper])[] = [
        ["grantee", { grantee: 0 }],
        ["grantee", { sector: EVERYONE }],
        ["sector", { grantee: 0, sector: Sector.HOSPITAL | Sector.PHARMACY }],
        ["sector", { grantee: 0, sector: 1 << 12 }],
        ["categories", { categories: 0 }],
        ["purposes", { purposes: 0n }],
        ["purposes", { purposes: 2n ** 61n - 1n }],
        ["validUntil", { validUntil: 0 }],
        ["validUntil", { validUntil: await now() }],
      ];
      for (const [name, paper] of wrong)
        await fails(enter(world, paper), consents, "ConsentRuleInvalid", mara.id, field(name));
    });
  });
  describe("when the caller keeps no consents for the custodian", () => {
    it("reverts with DutyNotHeld, and with SubjectOfOther for another member's desk", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      for (const by of [people.stranger, staff.discloser, staff.northDesk]) {
        const sent = enter(world, {}, by);
        await fails(sent, consents, "DutyNotHeld", stMary, by.key, Duty.CUSTODY);
      }
      const other = enter(world, { custodian: northGeneral }, staff.northDesk);
      await fails(other, consents, "SubjectOfOther", mara.id, stMary, northGeneral);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const sent = enter(world, { id: ZeroHash });
      await fails(sent, world.consents, "SubjectUnknown", ZeroHash);
    });
  });
  describe("given the domain is paused", () => {
    it("enters all the same", async () => {
      const world = await freshConsents();
      await as(world.consents, people.emergency).pause((await now()) + DAY);
      await enter(world);
      expect(await ruling(world, world.mara)).to.equal(Ruling.denied);
    });
  });
});
