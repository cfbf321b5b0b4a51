import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, as, ethers, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { ecdsaKey, noKey, passkey, type Key } from "./keys.ts";
import {
  Member,
  Ruling,
  UNSIGNED,
  appoint,
  authorize,
  delegated,
  freshConsents,
  grant,
  proposeKey,
  replaceKey,
  revoke,
  ruling,
  setSubjectCounts,
  subjectOf,
  type ConsentWorld,
  type How,
  type Patient,
} from "./support.ts";

const fresh = ecdsaKey("Mara's next");

/** What happens to a key is counted in 23 bits. */
const KEY_VERSION_MAX = 2 ** 23 - 1;

/** Replace Mara's key where `how` is about the new key's signature, and the old one's is good. */
const withFresh = async (world: ConsentWorld, { by = fresh, until, domain = {} }: How): Promise<unknown> => {
  const { consents, mara } = world;
  const message = { subject: mara.id, before: mara.key, key: fresh.key, keyVersion: 0 };
  const old = await authorize(world, mara, "KeyReplacement", message);
  const how = until === undefined ? { domain } : { domain, until };
  const signed = await authorize(world, by, "KeyReplacement", message, how);
  return await as(consents, people.anyRelay).replaceKey(mara.id, fresh.key, old, signed);
};

describe("ConsentRegistry.replaceKey", () => {
  describe("when the old and the new key sign", () => {
    it("emits SubjectKeyReplaced, and from then on the new key alone signs", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara);
      const sent = replaceKey(world, mara, fresh);
      await emits(sent, consents, "SubjectKeyReplaced", mara.id, mara.key, fresh.key);
      const { key, keyVersion } = await subjectOf(world, mara.id);
      expect([key, keyVersion]).to.eql([fresh.key, 1n]);
      const old = revoke(world, mara);
      await fails(old, consents, "ConsentSignatureInvalid", mara.id, fresh.key);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await revoke(world, { ...mara, ...fresh });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
    it("changes between all kinds of signers", async () => {
      const world = await freshConsents();
      const { mara, wim, pia, toni, verifiers } = world;
      const next = await passkey(verifiers.webAuthn, "the next passkey");
      const steps: readonly (readonly [Patient, Key])[] = [
        [mara, next],
        [wim, ecdsaKey("Wim's account")],
        [pia, await passkey(verifiers.webAuthn, "Pia's passkey")],
        [toni, fresh],
      ];
      for (const [patient, key] of steps) {
        await replaceKey(world, patient, key);
        await grant(world, patient, {}, { by: key });
        expect(await ruling(world, patient)).to.equal(Ruling.permitted);
      }
    });
    it("keeps the subject's name, rules and delegates", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara, delegated(), { by: carer });
      await replaceKey(world, mara, fresh);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await grant(world, mara, delegated({ number: 5 }), { by: carer });
    });
  });
  describe("when the old key did not sign", () => {
    it("reverts with ConsentSignatureInvalid for each kind of signer", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        const send = async ({ by = patient, ...how }: How) => {
          const message = { subject: patient.id, before: patient.key, key: fresh.key, keyVersion: 0 };
          const old = await authorize(world, by, "KeyReplacement", message, how);
          const signed = await authorize(world, fresh, "KeyReplacement", message);
          return await as(world.consents, people.stranger).replaceKey(patient.id, fresh.key, old, signed);
        };
        await refusesForgeries(world, send, patient.id, patient);
      }
    });
    it("reverts with ConsentSignatureInvalid for whoever has no key: a guardian replaces none at once", async () => {
      const world = await freshConsents();
      const { consents, child, guardian } = world;
      for (const by of [noKey, guardian]) {
        const sent = replaceKey(world, child, fresh, { by });
        await fails(sent, consents, "ConsentSignatureInvalid", child.id, ZeroAddress);
      }
    });
  });
  describe("when the new key did not sign", () => {
    it("reverts with ConsentSignatureInvalid: nobody ends up with a key that nobody holds", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await refusesForgeries(world, (how) => withFresh(world, how), mara.id, fresh);
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await freshConsents();
      const foreign = foreignKey(world);
      const sent = replaceKey(world, world.mara, foreign);
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when a signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar for the old key's and the new one's", async () => {
      const world = await freshConsents();
      await refusesUntimely(world, (how) => replaceKey(world, world.mara, fresh, how));
      await refusesUntimely(world, (how) => withFresh(world, how));
    });
  });
  describe("when it was signed for another state of the key", () => {
    it("reverts with ConsentSignatureInvalid for another key version, and so for a replay", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const ahead = replaceKey(world, mara, fresh, { keyVersion: 1 });
      await fails(ahead, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      const message = { subject: mara.id, before: mara.key, key: fresh.key, keyVersion: 0 };
      const old = await authorize(world, mara, "KeyReplacement", message);
      const signed = await authorize(world, fresh, "KeyReplacement", message);
      const relay = as(consents, people.stranger);
      await relay.replaceKey(mara.id, fresh.key, old, signed);
      const back = { ...mara, ...fresh };
      await replaceKey(world, back, mara, { keyVersion: 1 });
      const replayed = relay.replaceKey(mara.id, fresh.key, old, signed);
      await fails(replayed, consents, "ConsentSignatureInvalid", mara.id, mara.key);
    });
  });
  describe("when the key is zero or the one that stands", () => {
    it("reverts with SubjectKeyInvalid", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const same = replaceKey(world, mara, mara);
      await fails(same, consents, "SubjectKeyInvalid", mara.id, mara.key);
      const zero = as(consents, people.anyRelay).replaceKey(mara.id, ZeroAddress, UNSIGNED, UNSIGNED);
      await fails(zero, consents, "SubjectKeyInvalid", mara.id, ZeroAddress);
    });
  });
  describe("when changes of the key can be counted no further", () => {
    it("reverts with SubjectKeyInvalid from the last but one on", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await setSubjectCounts(world, mara.id, { keyVersion: KEY_VERSION_MAX - 2 });
      await replaceKey(world, mara, fresh, { keyVersion: KEY_VERSION_MAX - 2 });
      const { key, keyVersion } = await subjectOf(world, mara.id);
      expect([key, keyVersion]).to.eql([fresh.key, BigInt(KEY_VERSION_MAX - 1)]);
      const renewed = { ...fresh, id: mara.id, custodian: mara.custodian };
      const sent = replaceKey(world, renewed, mara, { keyVersion: KEY_VERSION_MAX - 1 });
      await fails(sent, consents, "SubjectKeyInvalid", mara.id, mara.key);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const nobody = { ...ecdsaKey("nobody"), id: ethers.id("nobody"), custodian: Member.stMary };
      await fails(replaceKey(world, nobody, fresh), world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("given a new key is proposed", () => {
    it("reverts with SubjectKeyContested: a stolen key does not outrun the recovery", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await proposeKey(world, mara, fresh, carer);
      const thief = ecdsaKey("thief");
      for (const keyVersion of [0, 1]) {
        const sent = replaceKey(world, mara, thief, { keyVersion });
        await fails(sent, consents, "SubjectKeyContested", mara.id);
      }
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await freshConsents();
      const until = (await now()) + DAY;
      await as(world.consents, people.emergency).pause(until);
      await fails(replaceKey(world, world.mara, fresh), world.consents, "DomainIsPaused", until);
    });
  });
});
