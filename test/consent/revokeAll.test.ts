import { expect } from "chai";

import { DAY, as, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { ecdsaKey } from "./keys.ts";
import {
  ALL_POWERS,
  EVERYONE,
  Member,
  Power,
  Ruling,
  VERSION_MAX,
  appoint,
  authorize,
  delegated,
  delegation,
  deny,
  field,
  forClass,
  freshConsents,
  grant,
  proposeKey,
  revokeAll,
  revokeDelegate,
  rule,
  ruleOf,
  ruling,
  setSubjectCounts,
  subjectOf,
} from "./support.ts";

describe("ConsentRegistry.revokeAll", () => {
  describe("when the subject signs", () => {
    it("emits ConsentAllRevoked with the new epoch and ends every permit, of members, classes and delegates", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara);
      await grant(world, mara, forClass(Sector.HOSPITAL));
      await grant(world, mara, forClass(EVERYONE));
      await grant(world, mara, delegated(), { by: carer });
      await emits(revokeAll(world, mara), consents, "ConsentAllRevoked", mara.id, 0, 1);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      expect((await ruleOf(world, mara.id)).live).to.equal(false);
      expect((await subjectOf(world, mara.id)).epoch).to.equal(1n);
    });
    it("takes all kinds of signers", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        await grant(world, patient);
        await revokeAll(world, patient);
        expect(await ruling(world, patient)).to.equal(Ruling.noRule);
      }
    });
    it("leaves denies and delegations standing", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer);
      await deny(world, mara);
      await revokeAll(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
      const terms = delegated({ grantee: Member.cityLab, epoch: 1 });
      await grant(world, mara, terms, { by: carer });
      expect(await ruling(world, mara, { grantee: Member.cityLab })).to.equal(Ruling.permitted);
    });
    it("outdates grants and appointments that were signed and withheld", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const permit = await authorize(world, mara, "Grant", rule(mara.id));
      const terms = delegation(mara.id, carer.key);
      const appointment = await authorize(world, mara, "Delegation", terms);
      await revokeAll(world, mara);
      const relay = as(consents, people.stranger);
      await fails(relay.grant(rule(mara.id), permit), consents, "ConsentEpochStale", mara.id, 0, 1);
      const appointed = relay.appointDelegate(terms, appointment);
      await fails(appointed, consents, "ConsentEpochStale", mara.id, 0, 1);
    });
    it("keeps versions: a permit of a former epoch never counts again", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      await revokeAll(world, mara);
      await fails(grant(world, mara, { epoch: 1 }), consents, "ConsentVersionStale", mara.id, 0, 1);
      await grant(world, mara, { epoch: 1, version: 1 });
      await revokeAll(world, mara, { epoch: 1 });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid for each kind of signer", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni])
        await refusesForgeries(world, (how) => revokeAll(world, patient, {}, how), patient.id, patient);
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await freshConsents();
      const foreign = foreignKey(world);
      await appoint(world, world.mara, foreign);
      const sent = revokeAll(world, world.mara, { delegate: 1 }, { by: foreign });
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      await refusesUntimely(world, (how) => revokeAll(world, world.mara, {}, how));
    });
  });
  describe("when the epoch is not the one that stands", () => {
    it("reverts with ConsentEpochStale, and so for a replay", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await revokeAll(world, mara);
      await fails(revokeAll(world, mara), consents, "ConsentEpochStale", mara.id, 0, 1);
      await fails(revokeAll(world, mara, { epoch: 2 }), consents, "ConsentEpochStale", mara.id, 2, 1);
    });
    it("counts to the last epoch and reverts with ConsentEpochStale there", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await setSubjectCounts(world, mara.id, { epoch: VERSION_MAX - 1 });
      const sent = revokeAll(world, mara, { epoch: VERSION_MAX - 1 });
      await emits(sent, consents, "ConsentAllRevoked", mara.id, 0, VERSION_MAX);
      const args = [mara.id, VERSION_MAX, VERSION_MAX];
      await fails(revokeAll(world, mara, { epoch: VERSION_MAX }), consents, "ConsentEpochStale", ...args);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const nobody = { ...ecdsaKey("nobody"), id: `0x${"07".repeat(32)}`, custodian: Member.stMary };
      await fails(revokeAll(world, nobody), world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("when a delegate signs", () => {
    it("ends every permit with the power to", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.revokeAll });
      await grant(world, mara);
      const sent = revokeAll(world, mara, { delegate: 1 }, { by: carer });
      await emits(sent, consents, "ConsentAllRevoked", mara.id, 1, 1);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("reverts with DelegateExceeds without it", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: ALL_POWERS & ~Power.revokeAll });
      const sent = revokeAll(world, mara, { delegate: 1 }, { by: carer });
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("powers"));
    });
    it("reverts with DelegateExceeds once the delegation was revoked", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await revokeDelegate(world, mara);
      const sent = revokeAll(world, mara, { delegate: 1 }, { by: carer });
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
    });
  });
  describe("given a new key is proposed", () => {
    it("lets the key that stands end all", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara);
      await proposeKey(world, mara, ecdsaKey("Mara's next"), carer);
      await revokeAll(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
  });
  describe("given the domain is paused", () => {
    it("ends all the same", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await as(world.consents, people.emergency).pause((await now()) + DAY);
      await revokeAll(world, world.mara);
      expect(await ruling(world, world.mara)).to.equal(Ruling.noRule);
    });
  });
});
