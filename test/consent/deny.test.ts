import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, START, as, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { compact, ecdsaKey, noKey } from "./keys.ts";
import {
  ALL_CATEGORIES,
  ALL_PURPOSES,
  Category,
  EVERYONE,
  FOREVER,
  Kind,
  Member,
  Power,
  Purpose,
  Ruling,
  VERSION_MAX,
  VERSIONS_AHEAD,
  appoint,
  authorize,
  decide,
  delegated,
  deny,
  field,
  forClass,
  freshConsents,
  grant,
  mask,
  proposeKey,
  revoke,
  revokeAll,
  revokeDelegate,
  rule,
  ruleOf,
  ruling,
  setVersion,
  wide,
  type Rule,
  NEXT_CATEGORY,
} from "./support.ts";

describe("ConsentRegistry.deny", () => {
  describe("when the subject signs", () => {
    it("emits ConsentDenied, and the rule stands", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const terms = rule(mara.id, { categories: ALL_CATEGORIES, purposes: ALL_PURPOSES });
      const { validFrom, validUntil } = terms;
      const head = [mara.id, Member.northGeneral, 0, 0, 1, 0, ALL_CATEGORIES, ALL_PURPOSES];
      const sent = deny(world, mara, terms);
      await emits(sent, consents, "ConsentDenied", ...head, validFrom, validUntil);
      expect(await ruleOf(world, mara.id)).to.eql({
        kind: Kind.deny,
        delegate: 0n,
        version: 1n,
        epoch: 0n,
        categories: BigInt(ALL_CATEGORIES),
        purposes: ALL_PURPOSES,
        validFrom: BigInt(validFrom),
        validUntil: BigInt(validUntil),
        exportable: false,
        redisclosable: false,
        live: true,
      });
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
    it("takes all kinds of signers", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        await deny(world, patient);
        expect(await ruling(world, patient)).to.equal(Ruling.denied);
      }
      await deny(world, world.mara, { number: 1 }, { by: compact(world.mara) });
    });
    it("replaces the permit that stands under its number", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await deny(world, world.mara, { version: 1 });
      expect(await ruling(world, world.mara)).to.equal(Ruling.denied);
      expect((await ruleOf(world, world.mara.id)).version).to.equal(2n);
    });
    it("stands through a revocation of all, in every epoch", async () => {
      const world = await freshConsents();
      await deny(world, world.mara);
      await revokeAll(world, world.mara);
      await grant(world, world.mara, { number: 1, epoch: 1 });
      expect(await ruling(world, world.mara)).to.equal(Ruling.denied);
      await deny(world, world.mara, { number: 2 });
      expect((await ruleOf(world, world.mara.id, { number: 2 })).live).to.equal(true);
    });
    it("names categories that are not registered, so that it covers those to come", async () => {
      const world = await freshConsents();
      const { consents, standards, mara } = world;
      await deny(world, mara, { categories: ALL_CATEGORIES });
      await as(standards, people.governance).registerCategory(NEXT_CATEGORY, `0x${"61".padEnd(64, "0")}`);
      await as(consents, people.anyRelay).refreshCategories();
      await grant(world, mara, { number: 1, categories: mask(NEXT_CATEGORY) });
      expect(await ruling(world, mara, { category: NEXT_CATEGORY })).to.equal(Ruling.denied);
    });
    it("denies emergency access by purpose BTG alone", async () => {
      const world = await freshConsents();
      await deny(world, world.mara, { purposes: wide(Purpose.breakGlass) });
      expect(await ruling(world, world.mara, { purpose: Purpose.breakGlass })).to.equal(Ruling.denied);
      expect(await ruling(world, world.mara)).to.equal(Ruling.noRule);
    });
  });
  describe("when deny and permit meet, in whatever order and at whatever level", () => {
    it("denies with the deny first or last, on one member, a sector or everybody", async () => {
      const levels: Partial<Rule>[] = [{}, forClass(Sector.HOSPITAL), forClass(EVERYONE)];
      for (const denied of levels) {
        for (const permitted of levels) {
          for (const first of ["deny", "grant"] as const) {
            const world = await freshConsents();
            const numbered = { ...permitted, number: 1 };
            if (first === "grant") await grant(world, world.mara, numbered);
            await deny(world, world.mara, { ...denied, number: 2 });
            if (first === "deny") await grant(world, world.mara, numbered);
            expect(await ruling(world, world.mara)).to.equal(Ruling.denied);
          }
        }
      }
    });
    it("names the deny that decided", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await deny(world, world.mara, { ...forClass(Sector.HOSPITAL), number: 3 });
      const { grantee, sector, number, version } = await decide(world, world.mara);
      expect([grantee, sector, number, version]).to.eql([0n, BigInt(Sector.HOSPITAL), 3n, 1n]);
    });
    it("lets through what the deny does not name", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara, { categories: mask(Category.laboratory, Category.imaging) });
      await deny(world, mara, { number: 1, categories: mask(Category.imaging) });
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      expect(await ruling(world, mara, { category: Category.imaging })).to.equal(Ruling.denied);
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid for each kind of signer", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni])
        await refusesForgeries(world, (how) => deny(world, patient, {}, how), patient.id, patient);
    });
    it("reverts with ConsentSignatureInvalid for a signature over a permit", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const permit = await authorize(world, mara, "Grant", rule(mara.id));
      const sent = as(consents, people.anyRelay).deny(rule(mara.id), permit);
      await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
    });
    it("reverts with ConsentSignatureInvalid for whoever has no key", async () => {
      const world = await freshConsents();
      const { consents, child } = world;
      const sent = deny(world, child, {}, { by: noKey });
      await fails(sent, consents, "ConsentSignatureInvalid", child.id, ZeroAddress);
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await freshConsents();
      const foreign = foreignKey(world);
      await appoint(world, world.mara, foreign);
      const sent = deny(world, world.mara, delegated(), { by: foreign });
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      await refusesUntimely(world, (how) => deny(world, world.mara, {}, how));
    });
  });
  describe("when the version is outside its range", () => {
    it("overrules what stands and up to 16 versions that were signed and withheld", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const withheld = await authorize(world, mara, "Grant", rule(mara.id, { version: 1 }));
      await deny(world, mara, { version: 1 + VERSIONS_AHEAD });
      expect((await ruleOf(world, mara.id)).version).to.equal(BigInt(2 + VERSIONS_AHEAD));
      const sent = as(consents, people.stranger).grant(rule(mara.id, { version: 1 }), withheld);
      await fails(sent, consents, "ConsentVersionStale", mara.id, 1, 2 + VERSIONS_AHEAD);
    });
    it("reverts with ConsentVersionStale below what stands and beyond 16 above it", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      for (const version of [0, 2 + VERSIONS_AHEAD]) {
        const sent = deny(world, mara, { version });
        await fails(sent, consents, "ConsentVersionStale", mara.id, version, 1);
      }
    });
    it("reverts with ConsentVersionsExhausted near the last version", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      await setVersion(world, mara.id, {}, VERSION_MAX - 63);
      const sent = deny(world, mara, { version: VERSION_MAX - 63 });
      await fails(sent, consents, "ConsentVersionsExhausted", mara.id, 0);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const nobody = { ...ecdsaKey("nobody"), id: `0x${"07".repeat(32)}`, custodian: Member.stMary };
      await fails(deny(world, nobody), world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("when a field is out of range", () => {
    it("reverts with ConsentRuleInvalid naming the field", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const wrong: readonly (readonly [string, Partial<Rule>])[] = [
        ["grantee", { grantee: 0 }],
        ["grantee", { sector: EVERYONE }],
        ["sector", forClass(Sector.HOSPITAL | Sector.PHARMACY)],
        ["sector", forClass(1 << 11)],
        ["number", { number: 8 }],
        ["categories", { categories: 0 }],
        ["purposes", { purposes: 0n }],
        ["validUntil", { validFrom: START + 2 * DAY, validUntil: START + DAY }],
        ["validUntil", { validFrom: START - 9 * DAY, validUntil: START }],
        ["epoch", { epoch: 1 }],
        ["exportable", { exportable: true }],
        ["redisclosable", { redisclosable: true }],
      ];
      for (const [name, changes] of wrong)
        await fails(deny(world, mara, changes), consents, "ConsentRuleInvalid", mara.id, field(name));
    });
    it("reverts with ConsentRuleInvalid for BTG beside others: no mask of all shuts out emergency help", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      for (const purposes of [2n ** 61n - 1n, 2n ** 64n - 1n, wide(Purpose.treatment, Purpose.breakGlass)]) {
        const sent = deny(world, mara, { purposes });
        await fails(sent, consents, "ConsentRuleInvalid", mara.id, field("purposes"));
      }
    });
  });
  describe("when a delegate signs", () => {
    it("sets a deny that outlives its delegation", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.deny });
      await deny(world, mara, delegated(), { by: carer });
      await revokeDelegate(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
    it("reverts with DelegateExceeds without the power, or beyond numbers, categories, purposes and end", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.grant | Power.revokeAll });
      const powerless = deny(world, mara, delegated(), { by: carer });
      await fails(powerless, consents, "DelegateExceeds", mara.id, 1, field("powers"));
      await appoint(world, mara, carer, { number: 2, powers: Power.deny });
      const beyond: readonly (readonly [string, Partial<Rule>])[] = [
        ["number", { number: 3 }],
        ["categories", { categories: ALL_CATEGORIES }],
        ["purposes", { purposes: wide(Purpose.research) }],
        ["purposes", { purposes: wide(Purpose.breakGlass) }],
        ["validUntil", { validUntil: FOREVER }],
      ];
      for (const [name, changes] of beyond) {
        const sent = deny(world, mara, delegated({ delegate: 2, ...changes }), { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, 2, field(name));
      }
    });
    it("reverts with ConsentRuleOfSubject over what the subject set", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara, { number: 4 });
      const sent = deny(world, mara, delegated({ version: 1 }), { by: carer });
      await fails(sent, consents, "ConsentRuleOfSubject", mara.id, 4);
    });
    it("reverts with DelegateExceeds once the delegation was revoked", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await revokeDelegate(world, mara);
      const sent = deny(world, mara, delegated(), { by: carer });
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
    });
  });
  describe("given a new key is proposed", () => {
    it("lets the key that stands deny", async () => {
      const world = await freshConsents();
      await appoint(world, world.mara, world.carer);
      await proposeKey(world, world.mara, ecdsaKey("Mara's next"), world.carer);
      await deny(world, world.mara);
      expect(await ruling(world, world.mara)).to.equal(Ruling.denied);
    });
  });
  describe("given the domain is paused", () => {
    it("denies and revokes all the same", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await as(world.consents, people.emergency).pause((await now()) + DAY);
      await deny(world, world.mara, { version: 1 });
      expect(await ruling(world, world.mara)).to.equal(Ruling.denied);
      await revoke(world, world.mara, { version: 2 });
    });
  });
});
