import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, HOUR, START, as, at, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { compact, ecdsaKey, keyOfSigner, noKey, passkey } from "./keys.ts";
import {
  ALL_PURPOSES,
  Category,
  EVERYONE,
  FOREVER,
  Kind,
  Member,
  Power,
  Purpose,
  REGISTERED,
  Ruling,
  VERSION_MAX,
  appoint,
  authorize,
  decide,
  delegated,
  delegation,
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
  subjectOf,
  wide,
  type Rule,
  NEXT_CATEGORY,
  FAR_CATEGORY,
} from "./support.ts";

describe("ConsentRegistry.grant", () => {
  describe("when the subject signs", () => {
    it("emits ConsentGranted with the version after it, and the rule stands", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const terms = rule(mara.id, { exportable: true, redisclosable: true, validUntil: FOREVER });
      const { categories, purposes, validFrom, validUntil } = terms;
      const args = [mara.id, Member.northGeneral, 0, 0, 1, 0, categories, purposes, validFrom, validUntil];
      await emits(grant(world, mara, terms), consents, "ConsentGranted", ...args, 3);
      expect(await ruleOf(world, mara.id)).to.eql({
        kind: Kind.permit,
        delegate: 0n,
        version: 1n,
        epoch: 0n,
        categories: BigInt(categories),
        purposes,
        validFrom: BigInt(validFrom),
        validUntil: BigInt(validUntil),
        exportable: true,
        redisclosable: true,
        live: true,
      });
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("takes ECDSA signatures of 65 and of 64 bytes", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await grant(world, world.mara, { number: 1 }, { by: compact(world.mara) });
      expect((await ruleOf(world, world.mara.id, { number: 1 })).version).to.equal(1n);
    });
    it("takes a wallet contract, a P-256 key and a passkey", async () => {
      const world = await freshConsents();
      for (const patient of [world.wim, world.pia, world.toni]) {
        await grant(world, patient);
        expect(await ruling(world, patient)).to.equal(Ruling.permitted);
      }
    });
    it("costs the patient no gas and no account: any relay sends it, and gains nothing by being first", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const terms = rule(mara.id);
      const signed = await authorize(world, mara, "Grant", terms);
      await as(consents, people.stranger).grant(terms, signed);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      const late = as(consents, people.anyRelay).grant(terms, signed);
      await fails(late, consents, "ConsentVersionStale", mara.id, 0, 1);
    });
    it("counts through the last second of the deadline", async () => {
      const world = await freshConsents();
      const until = (await now()) + HOUR;
      const signed = await authorize(world, world.mara, "Grant", rule(world.mara.id), { until });
      await at(until);
      await as(world.consents, people.anyRelay).grant(rule(world.mara.id), signed);
    });
    it("marks the class of a class rule on the subject", async () => {
      const world = await freshConsents();
      await grant(world, world.mara, forClass(Sector.HOSPITAL));
      await grant(world, world.mara, forClass(EVERYONE));
      const { sectors } = await subjectOf(world, world.mara.id);
      expect(sectors).to.equal(BigInt(Sector.HOSPITAL | EVERYONE));
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid for an ECDSA patient", async () => {
      const world = await freshConsents();
      await refusesForgeries(world, (how) => grant(world, world.mara, {}, how), world.mara.id, world.mara);
    });
    it("reverts with ConsentSignatureInvalid for a wallet contract", async () => {
      const world = await freshConsents();
      await refusesForgeries(world, (how) => grant(world, world.wim, {}, how), world.wim.id, world.wim);
    });
    it("reverts with ConsentSignatureInvalid for a P-256 key", async () => {
      const world = await freshConsents();
      await refusesForgeries(world, (how) => grant(world, world.pia, {}, how), world.pia.id, world.pia);
    });
    it("reverts with ConsentSignatureInvalid for a passkey", async () => {
      const world = await freshConsents();
      await refusesForgeries(world, (how) => grant(world, world.toni, {}, how), world.toni.id, world.toni);
    });
    it("reverts with ConsentSignatureInvalid when any field was altered on the way", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const terms = rule(mara.id);
      const signed = await authorize(world, mara, "Grant", terms);
      const alterations: Partial<Rule>[] = [
        { grantee: Member.cityLab },
        { number: 1 },
        { categories: REGISTERED },
        { purposes: ALL_PURPOSES },
        { validFrom: START - 1 },
        { validUntil: FOREVER },
        { exportable: true },
        { redisclosable: true },
        forClass(Sector.HOSPITAL),
      ];
      for (const altered of alterations) {
        const sent = as(consents, people.anyRelay).grant({ ...terms, ...altered }, signed);
        await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      }
      const redated = { ...signed, deadline: signed.deadline + 1 };
      const sent = as(consents, people.anyRelay).grant(terms, redated);
      await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
    });
    it("reverts with ConsentSignatureInvalid for a signature over a deny or for another subject", async () => {
      const world = await freshConsents();
      const { consents, mara, wim } = world;
      const relay = as(consents, people.anyRelay);
      const denial = await authorize(world, mara, "Denial", rule(mara.id));
      const sent = relay.grant(rule(mara.id), denial);
      await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      const hers = await authorize(world, mara, "Grant", rule(mara.id));
      await fails(relay.grant(rule(wim.id), hers), consents, "ConsentSignatureInvalid", wim.id, wim.key);
    });
    it("reverts with ConsentSignatureInvalid for a passkey that was not verified, or signed no request", async () => {
      const world = await freshConsents();
      const { consents, toni, verifiers } = world;
      for (const saying of [{ flags: 0x01 }, { flags: 0x04 }, { type: "webauthn.create" }]) {
        const by = await passkey(verifiers.webAuthn, "patient Toni", saying);
        expect(by.key).to.equal(toni.key);
        const sent = grant(world, toni, {}, { by });
        await fails(sent, consents, "ConsentSignatureInvalid", toni.id, toni.key);
      }
    });
    it("reverts with ConsentSignatureInvalid for whoever has no key: key 0 signs nothing", async () => {
      const world = await freshConsents();
      const { consents, child } = world;
      for (const by of [noKey, world.mara, world.guardian]) {
        const sent = grant(world, child, {}, { by });
        await fails(sent, consents, "ConsentSignatureInvalid", child.id, ZeroAddress);
      }
    });
    it("reverts with ConsentSignatureInvalid for a signer too short to name a verifier and a key", async () => {
      const world = await freshConsents();
      const { consents, mara, verifiers } = world;
      // Her own address and signature; what has no room for a verifier; a verifier without a key.
      const own = grant(world, mara, {}, { by: { ...mara, signer: mara.key } });
      await fails(own, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      const short = { ...noKey, signer: "0x7913", key: keyOfSigner("0x7913") };
      const keyless = { ...noKey, signer: verifiers.p256, key: verifiers.p256 };
      for (const [index, by] of [short, keyless].entries()) {
        const delegate = index + 1;
        await appoint(world, mara, by, { number: delegate });
        const sent = grant(world, mara, delegated({ delegate }), { by });
        await fails(sent, consents, "ConsentSignatureInvalid", mara.id, by.key);
      }
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await freshConsents();
      const foreign = foreignKey(world);
      await appoint(world, world.mara, foreign);
      const sent = grant(world, world.mara, delegated(), { by: foreign });
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      await refusesUntimely(world, (how) => grant(world, world.mara, {}, how));
    });
  });
  describe("when the version is not the one that stands", () => {
    it("reverts with ConsentVersionStale for a replay and for one that runs ahead", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      await fails(grant(world, mara), consents, "ConsentVersionStale", mara.id, 0, 1);
      await fails(grant(world, mara, { version: 2 }), consents, "ConsentVersionStale", mara.id, 2, 1);
      await grant(world, mara, { version: 1 });
      expect((await ruleOf(world, mara.id)).version).to.equal(2n);
    });
    it("reverts with ConsentVersionStale for a withheld grant that is relayed after the revocation", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const withheld = await authorize(world, mara, "Grant", rule(mara.id));
      await revoke(world, mara, { version: 0 });
      const sent = as(consents, people.stranger).grant(rule(mara.id), withheld);
      await fails(sent, consents, "ConsentVersionStale", mara.id, 0, 1);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("dies by the revocation too when the withheld grant is relayed before it", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const withheld = await authorize(world, mara, "Grant", rule(mara.id));
      const message = { subject: mara.id, delegate: 0, grantee: Member.northGeneral, sector: 0, number: 0 };
      const ending = { ...message, version: 1 };
      const revocation = await authorize(world, mara, "Revocation", ending);
      await as(consents, people.stranger).grant(rule(mara.id), withheld);
      await as(consents, people.anyRelay).revoke(ending, revocation);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("counts each number of each grantee by itself", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await grant(world, world.mara, { number: 7 });
      await grant(world, world.mara, { grantee: Member.cityLab });
      await grant(world, world.mara, forClass(Sector.LABORATORY));
      expect((await ruleOf(world, world.mara.id, { number: 7 })).version).to.equal(1n);
    });
    it("reverts with ConsentVersionsExhausted near the last version, so that a revocation stays possible", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      await setVersion(world, mara.id, {}, VERSION_MAX - 65);
      await grant(world, mara, { version: VERSION_MAX - 65 });
      const spent = grant(world, mara, { version: VERSION_MAX - 64 });
      await fails(spent, consents, "ConsentVersionsExhausted", mara.id, 0);
      await revoke(world, mara, { version: VERSION_MAX - 64 });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
  });
  describe("when the epoch is not the subject's", () => {
    it("reverts with ConsentEpochStale", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await fails(grant(world, mara, { epoch: 1 }), consents, "ConsentEpochStale", mara.id, 1, 0);
      await revokeAll(world, mara);
      await fails(grant(world, mara), consents, "ConsentEpochStale", mara.id, 0, 1);
      await grant(world, mara, { epoch: 1 });
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const nobody = { ...ecdsaKey("nobody"), id: `0x${"07".repeat(32)}`, custodian: Member.stMary };
      await fails(grant(world, nobody), world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("when a field is out of range", () => {
    it("reverts with ConsentRuleInvalid naming the grantee for none and for both", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      for (const changes of [
        { grantee: 0, sector: 0 },
        { sector: Sector.HOSPITAL },
        { sector: EVERYONE },
      ] satisfies Partial<Rule>[]) {
        const sent = grant(world, mara, changes);
        await fails(sent, consents, "ConsentRuleInvalid", mara.id, field("grantee"));
      }
    });
    it("reverts with ConsentRuleInvalid naming the sector for none that exists and for several", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const several = Sector.HOSPITAL | Sector.PHARMACY;
      for (const sector of [1 << 10, 1 << 14, several, EVERYONE | Sector.HOSPITAL]) {
        const sent = grant(world, mara, forClass(sector));
        await fails(sent, consents, "ConsentRuleInvalid", mara.id, field("sector"));
      }
    });
    it("reverts with ConsentRuleInvalid naming the number above 7: number 8 is the paper deny's", async () => {
      const world = await freshConsents();
      for (const number of [8, 9, 255]) {
        const sent = grant(world, world.mara, { number });
        await fails(sent, world.consents, "ConsentRuleInvalid", world.mara.id, field("number"));
      }
    });
    it("reverts with ConsentRuleInvalid naming the purposes for none, for BTG and for more", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const { breakGlass, treatment } = Purpose;
      for (const purposes of [0n, wide(breakGlass), wide(treatment, breakGlass), wide(61), 2n ** 64n - 1n]) {
        const sent = grant(world, mara, { purposes });
        await fails(sent, consents, "ConsentRuleInvalid", mara.id, field("purposes"));
      }
      await grant(world, mara, { purposes: ALL_PURPOSES });
    });
    it("reverts with ConsentRuleInvalid naming the window that is inverted, empty or past", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const inverted = { validFrom: START + 9 * DAY, validUntil: START + 8 * DAY };
      const empty = { validFrom: START + 9 * DAY, validUntil: START + 9 * DAY };
      const past = { validFrom: START - 9 * DAY, validUntil: START };
      for (const span of [inverted, empty, past]) {
        const sent = grant(world, mara, span);
        await fails(sent, consents, "ConsentRuleInvalid", mara.id, field("validUntil"));
      }
    });
    it("reverts with ConsentRuleInvalid naming no category", async () => {
      const world = await freshConsents();
      const sent = grant(world, world.mara, { categories: 0 });
      await fails(sent, world.consents, "ConsentRuleInvalid", world.mara.id, field("categories"));
    });
    it("reverts with ConsentCategoryUnknown for categories that are not registered", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const beyond = mask(NEXT_CATEGORY, FAR_CATEGORY);
      const sent = grant(world, mara, { categories: mask(Category.laboratory) | beyond });
      await fails(sent, consents, "ConsentCategoryUnknown", mara.id, beyond);
    });
    it("takes one that was registered since, once the copy is refreshed, and one that was retired", async () => {
      const world = await freshConsents();
      const { consents, standards, mara } = world;
      const code = `0x${"61".padEnd(64, "0")}`;
      await as(standards, people.governance).registerCategory(NEXT_CATEGORY, code);
      const terms = { categories: mask(NEXT_CATEGORY) };
      await fails(
        grant(world, mara, terms),
        consents,
        "ConsentCategoryUnknown",
        mara.id,
        mask(NEXT_CATEGORY),
      );
      await as(consents, people.stranger).refreshCategories();
      await grant(world, mara, terms);
      await as(standards, people.governance).retireCategory(Category.imaging);
      await as(consents, people.stranger).refreshCategories();
      await grant(world, mara, { categories: mask(Category.imaging), number: 1 });
    });
  });
  describe("when a delegate signs", () => {
    it("sets the permit under its delegation, which ends with it", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara, delegated(), { by: carer });
      expect((await ruleOf(world, mara.id, { number: 4 })).delegate).to.equal(1n);
      const { number, version } = await decide(world, mara);
      expect([number, version]).to.eql([4n, 1n]);
      await revokeDelegate(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      expect((await ruleOf(world, mara.id, { number: 4 })).live).to.equal(false);
      await appoint(world, mara, carer, { version: 2 });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("reverts with ConsentSignatureInvalid when subject or another delegate signed in its place", async () => {
      const world = await freshConsents();
      const { consents, mara, carer, guardian } = world;
      await appoint(world, mara, carer);
      await appoint(world, mara, guardian, { number: 2 });
      for (const by of [mara, guardian]) {
        const sent = grant(world, mara, delegated(), { by });
        await fails(sent, consents, "ConsentSignatureInvalid", mara.id, carer.key);
      }
    });
    it("reverts with DelegateExceeds naming the number below 4", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      for (const number of [0, 1, 2, 3]) {
        const sent = grant(world, mara, delegated({ number }), { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("number"));
      }
      for (const number of [4, 5, 6, 7]) await grant(world, mara, delegated({ number }), { by: carer });
    });
    it("reverts with DelegateExceeds naming the powers it lacks: to grant, to export, to pass on", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.deny | Power.revokeAll | Power.export });
      const lacks = async (changes: Partial<Rule>, delegate = 1) => {
        const sent = grant(world, mara, delegated({ ...changes, delegate }), { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, delegate, field("powers"));
      };
      await lacks({});
      await appoint(world, mara, carer, { number: 2, powers: Power.grant | Power.export });
      await lacks({ redisclosable: true }, 2);
      await grant(world, mara, delegated({ delegate: 2, exportable: true }), { by: carer });
      await appoint(world, mara, carer, { number: 3, powers: Power.grant | Power.redisclose });
      await lacks({ exportable: true, number: 5 }, 3);
      await grant(world, mara, delegated({ delegate: 3, number: 5, redisclosable: true }), { by: carer });
    });
    it("reverts with DelegateExceeds naming categories, purposes or end beyond its delegation", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const { validUntil } = delegation(mara.id, carer.key);
      await appoint(world, mara, carer);
      const beyond = {
        categories: { categories: mask(Category.laboratory, Category.imaging) },
        purposes: { purposes: wide(Purpose.treatment, Purpose.research) },
        validUntil: { validUntil: validUntil + 1 },
      };
      for (const [name, changes] of Object.entries(beyond)) {
        const sent = grant(world, mara, delegated(changes), { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, 1, field(name));
      }
      await grant(world, mara, delegated({ validUntil }), { by: carer });
    });
    it("reverts with ConsentRuleOfSubject over what it did not set", async () => {
      const world = await freshConsents();
      const { consents, mara, carer, guardian } = world;
      await appoint(world, mara, carer);
      await appoint(world, mara, guardian, { number: 2 });
      await deny(world, mara, { number: 4 });
      await grant(world, mara, { number: 5 });
      await grant(world, mara, delegated({ number: 6, delegate: 2 }), { by: guardian });
      for (const number of [4, 5, 6]) {
        const sent = grant(world, mara, delegated({ number, version: 1 }), { by: carer });
        await fails(sent, consents, "ConsentRuleOfSubject", mara.id, number);
      }
      await grant(world, mara, delegated({ number: 7 }), { by: carer });
      await grant(world, mara, delegated({ number: 7, version: 1 }), { by: carer });
    });
    it("reverts with ConsentRuleOfSubject over what an earlier holder of its number set", async () => {
      const world = await freshConsents();
      const { consents, mara, carer, guardian } = world;
      await appoint(world, mara, carer);
      await deny(world, mara, delegated(), { by: carer });
      await appoint(world, mara, guardian, { version: 1 });
      const sent = grant(world, mara, delegated({ version: 1 }), { by: guardian });
      await fails(sent, consents, "ConsentRuleOfSubject", mara.id, 4);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
    it("reverts with DelegateExceeds naming the end once the delegation ended or was revoked", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const validUntil = (await now()) + 10 * HOUR;
      await appoint(world, mara, carer, { validUntil });
      const terms = delegated({ validUntil });
      const until = validUntil + HOUR;
      const signed = await authorize(world, carer, "Grant", rule(mara.id, terms), { until });
      await at(validUntil);
      const late = as(consents, people.anyRelay).grant(rule(mara.id, terms), signed);
      await fails(late, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
      await revokeDelegate(world, mara);
      const revoked = grant(world, mara, delegated(), { by: carer });
      await fails(revoked, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
    });
    it("reverts with DelegateExceeds for a delegation that was never made", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      for (const delegate of [1, 8, 9, 255]) {
        const sent = grant(world, mara, delegated({ delegate }), { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, delegate, field("validUntil"));
      }
    });
    it("grants for a child without a key as its guardian", async () => {
      const world = await freshConsents();
      const { child, guardian } = world;
      await grant(world, child, delegated({ validUntil: START + 900 * DAY }), { by: guardian });
      expect(await ruling(world, child)).to.equal(Ruling.permitted);
    });
  });
  describe("given a new key is proposed", () => {
    it("reverts with SubjectKeyContested for the subject, and for the delegate whom a thief may have appointed", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await grant(world, mara, { number: 1 });
      await appoint(world, mara, carer);
      await proposeKey(world, mara, ecdsaKey("Mara's next"), carer);
      await fails(grant(world, mara), consents, "SubjectKeyContested", mara.id);
      const sent = grant(world, mara, delegated(), { by: carer });
      await fails(sent, consents, "SubjectKeyContested", mara.id);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await freshConsents();
      const until = (await now()) + DAY;
      await as(world.consents, people.emergency).pause(until);
      await fails(grant(world, world.mara), world.consents, "DomainIsPaused", until);
    });
  });
});
