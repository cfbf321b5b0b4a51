import { expect } from "chai";

import { DAY, as, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { compact, ecdsaKey } from "./keys.ts";
import {
  EVERYONE,
  Kind,
  Member,
  Power,
  Ruling,
  VERSION_MAX,
  VERSIONS_AHEAD,
  appoint,
  authorize,
  delegated,
  deny,
  field,
  forClass,
  freshConsents,
  grant,
  proposeKey,
  revocation,
  revoke,
  revokeDelegate,
  rule,
  ruleOf,
  ruling,
  setVersion,
  Category,
  Purpose,
} from "./support.ts";

describe("ConsentRegistry.revoke", () => {
  describe("when the subject signs", () => {
    it("emits ConsentRevoked with the version after it, and nothing stands under the number", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const args = [mara.id, Member.northGeneral, 0, 0, 2, 0];
      await emits(revoke(world, mara), consents, "ConsentRevoked", ...args);
      const state = await ruleOf(world, mara.id);
      expect([state.kind, state.version, state.live]).to.eql([Kind.none, 2n, false]);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("takes all kinds of signers", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        await grant(world, patient);
        await revoke(world, patient);
        expect(await ruling(world, patient)).to.equal(Ruling.noRule);
      }
      await revoke(world, world.mara, { version: 2 }, { by: compact(world.mara) });
    });
    it("ends a deny and a class rule too", async () => {
      const world = await freshConsents();
      await deny(world, world.mara);
      await revoke(world, world.mara);
      await grant(world, world.mara, forClass(EVERYONE));
      await revoke(world, world.mara, forClass(EVERYONE));
      await grant(world, world.mara, forClass(Sector.HOSPITAL));
      await revoke(world, world.mara, forClass(Sector.HOSPITAL));
      expect(await ruling(world, world.mara)).to.equal(Ruling.noRule);
    });
    it("ends what does not stand: up to 16 grants that were signed and withheld", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await revoke(world, mara, { version: VERSIONS_AHEAD });
      for (const version of [0, 1, VERSIONS_AHEAD]) {
        const signed = await authorize(world, mara, "Grant", rule(mara.id, { version }));
        const sent = as(consents, people.stranger).grant(rule(mara.id, { version }), signed);
        await fails(sent, consents, "ConsentVersionStale", mara.id, version, VERSIONS_AHEAD + 1);
      }
    });
    it("bites in its own block", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      const { blockNumber } = await revoke(world, world.mara);
      const { id } = world.mara;
      const asked = (blockTag: number) =>
        world.consents.isPermitted(id, Member.northGeneral, Category.laboratory, Purpose.treatment, {
          blockTag,
        });
      expect((await asked(blockNumber! - 1))[0]).to.equal(Ruling.permitted);
      expect((await asked(blockNumber!))[0]).to.equal(Ruling.noRule);
    });
    it("leaves other numbers and grantees alone", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await grant(world, world.mara, { number: 1 });
      await revoke(world, world.mara);
      expect(await ruling(world, world.mara)).to.equal(Ruling.permitted);
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid for each kind of signer", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        await grant(world, patient);
        await refusesForgeries(world, (how) => revoke(world, patient, {}, how), patient.id, patient);
        expect(await ruling(world, patient)).to.equal(Ruling.permitted);
      }
    });
    it("reverts with ConsentSignatureInvalid when a field was altered on the way", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const terms = revocation(mara.id);
      const signed = await authorize(world, mara, "Revocation", terms);
      for (const altered of [{ number: 1 }, { version: 2 }, { grantee: Member.cityLab }, { delegate: 0 }]) {
        const sent = as(consents, people.stranger).revoke({ ...terms, ...altered }, signed);
        if ("delegate" in altered) await sent;
        else await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      }
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await freshConsents();
      const foreign = foreignKey(world);
      await appoint(world, world.mara, foreign);
      const sent = revoke(world, world.mara, { delegate: 1, number: 4, version: 0 }, { by: foreign });
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await refusesUntimely(world, (how) => revoke(world, world.mara, {}, how));
    });
  });
  describe("when the version is outside its range", () => {
    it("reverts with ConsentVersionStale for a replay, and beyond 16 above what stands", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      await revoke(world, mara);
      await grant(world, mara, { version: 2 });
      await fails(revoke(world, mara), consents, "ConsentVersionStale", mara.id, 1, 3);
      const beyond = revoke(world, mara, { version: 4 + VERSIONS_AHEAD });
      await fails(beyond, consents, "ConsentVersionStale", mara.id, 4 + VERSIONS_AHEAD, 3);
      await revoke(world, mara, { version: 3 + VERSIONS_AHEAD });
    });
    it("saturates at the last version and ends what stands there all the same", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      await setVersion(world, mara.id, {}, VERSION_MAX - 1);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      const args = [mara.id, Member.northGeneral, 0, 0, VERSION_MAX, 0];
      const sent = revoke(world, mara, { version: VERSION_MAX - 1 });
      await emits(sent, consents, "ConsentRevoked", ...args);
      await emits(revoke(world, mara, { version: VERSION_MAX }), consents, "ConsentRevoked", ...args);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const nobody = { ...ecdsaKey("nobody"), id: `0x${"07".repeat(32)}`, custodian: Member.stMary };
      await fails(revoke(world, nobody), world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("when a field is out of range", () => {
    it("reverts with ConsentRuleInvalid naming the number: a paper deny is not ended by a signature", async () => {
      const world = await freshConsents();
      for (const number of [8, 255]) {
        const sent = revoke(world, world.mara, { number, version: 0 });
        await fails(sent, world.consents, "ConsentRuleInvalid", world.mara.id, field("number"));
      }
    });
    it("reverts with ConsentRuleInvalid naming grantee or sector", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const none = revoke(world, mara, { grantee: 0, version: 0 });
      await fails(none, consents, "ConsentRuleInvalid", mara.id, field("grantee"));
      const two = revoke(world, mara, { ...forClass(3), version: 0 });
      await fails(two, consents, "ConsentRuleInvalid", mara.id, field("sector"));
    });
  });
  describe("when a delegate signs", () => {
    it("ends what it set, permit or deny", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.grant | Power.deny });
      await grant(world, mara, delegated(), { by: carer });
      const sent = revoke(world, mara, { delegate: 1, number: 4 }, { by: carer });
      const args = [mara.id, Member.northGeneral, 0, 4, 2, 1];
      await emits(sent, consents, "ConsentRevoked", ...args);
      await deny(world, mara, delegated({ version: 2 }), { by: carer });
      await revoke(world, mara, { delegate: 1, number: 4, version: 3 }, { by: carer });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("reverts with DelegateExceeds without the power to deny", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.grant });
      await grant(world, mara, delegated(), { by: carer });
      const sent = revoke(world, mara, { delegate: 1, number: 4 }, { by: carer });
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("powers"));
    });
    it("reverts with ConsentRuleOfSubject over what it did not set, below number 4 too", async () => {
      const world = await freshConsents();
      const { consents, mara, carer, guardian } = world;
      await appoint(world, mara, carer);
      await appoint(world, mara, guardian, { number: 2 });
      await deny(world, mara, { number: 3 });
      const low = revoke(world, mara, { delegate: 1, number: 3 }, { by: carer });
      await fails(low, consents, "ConsentRuleOfSubject", mara.id, 3);
      await deny(world, mara, { number: 4 });
      const hers = revoke(world, mara, { delegate: 1, number: 4 }, { by: carer });
      await fails(hers, consents, "ConsentRuleOfSubject", mara.id, 4);
      await grant(world, mara, delegated({ number: 5, delegate: 2 }), { by: guardian });
      const others = revoke(world, mara, { delegate: 1, number: 5 }, { by: carer });
      await fails(others, consents, "ConsentRuleOfSubject", mara.id, 5);
    });
    it("reverts with ConsentRuleUnknown where nothing stands: it cannot outrun the subject's signatures", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      const sent = revoke(world, mara, { delegate: 1, number: 6, version: 0 }, { by: carer });
      await fails(sent, consents, "ConsentRuleUnknown", mara.id, 6);
    });
    it("reverts with DelegateExceeds once the delegation was revoked", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await deny(world, mara, delegated(), { by: carer });
      await revokeDelegate(world, mara);
      const sent = revoke(world, mara, { delegate: 1, number: 4 }, { by: carer });
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
    });
  });
  describe("given a new key is proposed", () => {
    it("lets the key that stands revoke", async () => {
      const world = await freshConsents();
      await appoint(world, world.mara, world.carer);
      await grant(world, world.mara);
      await proposeKey(world, world.mara, ecdsaKey("Mara's next"), world.carer);
      await revoke(world, world.mara);
      expect(await ruling(world, world.mara)).to.equal(Ruling.noRule);
    });
  });
  describe("given the domain is paused", () => {
    it("revokes all the same", async () => {
      const world = await freshConsents();
      await grant(world, world.mara);
      await as(world.consents, people.emergency).pause((await now()) + DAY);
      await revoke(world, world.mara);
      expect(await ruling(world, world.mara)).to.equal(Ruling.noRule);
    });
  });
});
