import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, START, as, at, ethers, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { ecdsaKey, noKey, passkey } from "./keys.ts";
import {
  ALL_POWERS,
  Member,
  Power,
  REPLACEMENT_DELAY,
  UNSIGNED,
  appoint,
  authorize,
  field,
  freshConsents,
  grant,
  proposeKey,
  refuseKey,
  replaceKey,
  replacementOf,
  revokeDelegate,
  staff,
  subjectOf,
  type ConsentWorld,
  type How,
} from "./support.ts";

const { stMary, northGeneral, cityLab } = Member;
const fresh = ecdsaKey("Mara's next");

/** Mara lost her key; her carer may help. */
const load = async () => {
  const world = await freshConsents();
  await appoint(world, world.mara, world.carer);
  return world;
};

/** Propose with one of the two signatures made another way. */
const signedBy = async (
  world: ConsentWorld,
  { delegate = {}, key = {} }: { readonly delegate?: How; readonly key?: How },
) => {
  const { consents, mara, carer } = world;
  const message = { subject: mara.id, before: mara.key, key: fresh.key, delegate: 1, keyVersion: 0 };
  const agreed = await authorize(world, delegate.by ?? carer, "KeyRecovery", message, delegate);
  const signed = await authorize(world, key.by ?? fresh, "KeyRecovery", message, key);
  return await as(consents, staff.desk).proposeKey(stMary, mara.id, fresh.key, 1, agreed, signed);
};

describe("ConsentRegistry.proposeKey", () => {
  describe("when the desk sends it with the delegate's signature and the new key's", () => {
    it("emits SubjectKeyProposed; the key may be adopted 14 days later", async () => {
      const world = await load();
      const { consents, mara, carer } = world;
      const second = (await now()) + DAY;
      await at(second);
      const sent = proposeKey(world, mara, fresh, carer, { until: second + 60 });
      const effectiveFrom = second + REPLACEMENT_DELAY;
      const args = [mara.id, staff.desk.key, 1, fresh.key, effectiveFrom];
      await emits(sent, consents, "SubjectKeyProposed", ...args);
      expect(await replacementOf(world, mara.id)).to.eql({
        key: fresh.key,
        delegate: 1n,
        effectiveFrom: BigInt(effectiveFrom),
      });
      const { key, replacementPending } = await subjectOf(world, mara.id);
      expect([key, replacementPending]).to.eql([mara.key, true]);
    });
    it("takes a passkey as the new key and as the delegate's", async () => {
      const world = await freshConsents();
      const { mara, toni, verifiers } = world;
      const next = await passkey(verifiers.webAuthn, "Mara's passkey");
      await appoint(world, mara, toni, { powers: Power.recover });
      await proposeKey(world, mara, next, toni);
      expect((await replacementOf(world, mara.id)).key).to.equal(next.key);
    });
    it("gives a child its first key with the guardian's signature", async () => {
      const world = await freshConsents();
      const { child, guardian } = world;
      await proposeKey(world, child, fresh, guardian);
      expect((await replacementOf(world, child.id)).delegate).to.equal(1n);
    });
    it("takes it from the custodian's successor", async () => {
      const world = await load();
      const governed = as(world.registry, people.governance);
      await governed.closeMember(stMary);
      await governed.nameSuccessor(stMary, cityLab);
      const how = { custodian: cityLab, relay: staff.labDesk };
      await proposeKey(world, world.mara, fresh, world.carer, how);
    });
  });
  describe("when the patient has no key and no guardianship runs any more", () => {
    it("takes the desk's word: one who came of age asks there", async () => {
      const world = await freshConsents();
      const { consents, child } = world;
      await as(world.registry, people.stMaryAdmin).appoint(stMary, {
        operator: staff.desk.key,
        duties: Duty.CUSTODY,
        until: START + 2_000 * DAY,
      });
      await mineAt(START + 1_000 * DAY);
      const sent = proposeKey(world, child, fresh, undefined, { delegate: 0 });
      const effectiveFrom = (await now()) + 1 + REPLACEMENT_DELAY;
      const args = [child.id, staff.desk.key, 0, fresh.key, effectiveFrom];
      await emits(sent, consents, "SubjectKeyProposed", ...args);
    });
    it("takes it too once the guardianship was ended", async () => {
      const world = await freshConsents();
      const { child, guardian } = world;
      await revokeDelegate(world, child, { delegate: 1 }, { by: guardian });
      await proposeKey(world, child, fresh, undefined, { delegate: 0 });
    });
    it("reverts with DelegateRequired while a delegation runs, of the guardian or of another", async () => {
      const world = await freshConsents();
      const { consents, child, guardian, carer } = world;
      const early = proposeKey(world, child, fresh, undefined, { delegate: 0 });
      await fails(early, consents, "DelegateRequired", child.id);
      const inner = { delegate: 1, number: 8, powers: ALL_POWERS & ~Power.appoint };
      await appoint(world, child, carer, inner, { by: guardian });
      const again = proposeKey(world, child, fresh, undefined, { delegate: 0 });
      await fails(again, consents, "DelegateRequired", child.id);
    });
  });
  describe("when the patient has a key and no delegate agrees", () => {
    it("reverts with DelegateRequired: a desk alone takes nobody's key", async () => {
      const world = await freshConsents();
      const sent = proposeKey(world, world.mara, fresh, undefined, { delegate: 0 });
      await fails(sent, world.consents, "DelegateRequired", world.mara.id);
    });
  });
  describe("when the delegate did not sign", () => {
    it("reverts with ConsentSignatureInvalid", async () => {
      const world = await load();
      const { mara, carer } = world;
      const send = (how: How) => signedBy(world, { delegate: how });
      await refusesForgeries(world, send, mara.id, carer);
    });
    it("reverts with DelegateExceeds without the power to, and once its delegation ended", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const none = proposeKey(world, mara, fresh, carer);
      await fails(none, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
      await appoint(world, mara, carer, { powers: ALL_POWERS & ~Power.recover });
      const powerless = proposeKey(world, mara, fresh, carer);
      await fails(powerless, consents, "DelegateExceeds", mara.id, 1, field("powers"));
      await revokeDelegate(world, mara);
      const ended = proposeKey(world, mara, fresh, carer);
      await fails(ended, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
    });
  });
  describe("when the new key did not sign", () => {
    it("reverts with ConsentSignatureInvalid", async () => {
      const world = await load();
      const send = (how: How) => signedBy(world, { key: how });
      await refusesForgeries(world, send, world.mara.id, fresh);
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await load();
      const foreign = foreignKey(world);
      const sent = proposeKey(world, world.mara, foreign, world.carer);
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when a signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar for either", async () => {
      const world = await load();
      await refusesUntimely(world, (how) => signedBy(world, { delegate: how }));
      await refusesUntimely(world, (how) => signedBy(world, { key: how }));
    });
  });
  describe("when it was signed for another state of the key", () => {
    it("reverts with ConsentSignatureInvalid for another version, and so for a replay after a refusal", async () => {
      const world = await load();
      const { consents, mara, carer } = world;
      const ahead = proposeKey(world, mara, fresh, carer, { keyVersion: 1 });
      await fails(ahead, consents, "ConsentSignatureInvalid", mara.id, fresh.key);
      const message = { subject: mara.id, before: mara.key, key: fresh.key, delegate: 1, keyVersion: 0 };
      const agreed = await authorize(world, carer, "KeyRecovery", message);
      const signed = await authorize(world, fresh, "KeyRecovery", message);
      const desk = as(consents, staff.desk);
      await desk.proposeKey(stMary, mara.id, fresh.key, 1, agreed, signed);
      const { keyVersion } = await subjectOf(world, mara.id);
      await refuseKey(world, mara, fresh.key, Number(keyVersion));
      const replayed = desk.proposeKey(stMary, mara.id, fresh.key, 1, agreed, signed);
      await fails(replayed, consents, "ConsentSignatureInvalid", mara.id, fresh.key);
    });
    it("reverts with ConsentSignatureInvalid when the key changed since", async () => {
      const world = await load();
      const { consents, mara, carer } = world;
      await replaceKey(world, mara, ecdsaKey("Mara's second"));
      const sent = proposeKey(world, mara, fresh, carer, { keyVersion: 1 });
      await fails(sent, consents, "ConsentSignatureInvalid", mara.id, fresh.key);
    });
  });
  describe("when the key is zero or the one that stands", () => {
    it("reverts with SubjectKeyInvalid", async () => {
      const world = await load();
      const { consents, mara, carer } = world;
      const same = proposeKey(world, mara, mara, carer);
      await fails(same, consents, "SubjectKeyInvalid", mara.id, mara.key);
      const desk = as(consents, staff.desk);
      const zero = desk.proposeKey(stMary, mara.id, ZeroAddress, 1, UNSIGNED, UNSIGNED);
      await fails(zero, consents, "SubjectKeyInvalid", mara.id, ZeroAddress);
    });
  });
  describe("when one is proposed already", () => {
    it("reverts with ReplacementPending", async () => {
      const world = await load();
      const { consents, mara, carer } = world;
      await proposeKey(world, mara, fresh, carer);
      for (const keyVersion of [0, 1]) {
        const sent = proposeKey(world, mara, ecdsaKey("another"), carer, { keyVersion });
        await fails(sent, consents, "ReplacementPending", mara.id, fresh.key);
      }
    });
  });
  describe("when the caller keeps no consents for the custodian", () => {
    it("reverts with DutyNotHeld, and with SubjectOfOther for another member's desk", async () => {
      const world = await load();
      const { consents, mara, carer } = world;
      for (const relay of [people.stranger, staff.discloser, staff.northDesk]) {
        const sent = proposeKey(world, mara, fresh, carer, { relay });
        await fails(sent, consents, "DutyNotHeld", stMary, relay.key, Duty.CUSTODY);
      }
      const how = { custodian: northGeneral, relay: staff.northDesk };
      const other = proposeKey(world, mara, fresh, carer, how);
      await fails(other, consents, "SubjectOfOther", mara.id, stMary, northGeneral);
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await load();
      const nobody = { ...noKey, id: ethers.id("nobody"), custodian: stMary };
      const sent = proposeKey(world, nobody, fresh, world.carer);
      await fails(sent, world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await load();
      const until = (await now()) + DAY;
      await as(world.consents, people.emergency).pause(until);
      const sent = proposeKey(world, world.mara, fresh, world.carer);
      await fails(sent, world.consents, "DomainIsPaused", until);
      await mineAt(until);
      await grant(world, world.mara);
    });
  });
});
