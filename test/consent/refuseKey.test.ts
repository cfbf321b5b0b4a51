import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { DAY, as, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { people } from "../core/world.ts";
import { refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { ecdsaKey } from "./keys.ts";
import {
  Ruling,
  appoint,
  freshConsents,
  grant,
  proposeKey,
  refuseKey,
  replacementOf,
  ruling,
  subjectOf,
} from "./support.ts";

const fresh = ecdsaKey("Mara's next");

const load = async () => {
  const world = await freshConsents();
  await appoint(world, world.mara, world.carer);
  await proposeKey(world, world.mara, fresh, world.carer);
  const { keyVersion } = await subjectOf(world, world.mara.id);
  return { ...world, world, keyVersion: Number(keyVersion) };
};

describe("ConsentRegistry.refuseKey", () => {
  describe("when the key that stands signs", () => {
    it("emits SubjectKeyProposalCancelled without an operator, and the key signs again", async () => {
      const { world, consents, mara, keyVersion } = await load();
      const sent = refuseKey(world, mara, fresh.key, keyVersion);
      const args = [mara.id, ZeroHash, fresh.key];
      await emits(sent, consents, "SubjectKeyProposalCancelled", ...args);
      const none = { key: ZeroAddress, delegate: 0n, effectiveFrom: 0n };
      expect(await replacementOf(world, mara.id)).to.eql(none);
      expect((await subjectOf(world, mara.id)).replacementPending).to.equal(false);
      await grant(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("refuses to the end: also after the delay, while nobody adopted it", async () => {
      const { world, mara, keyVersion } = await load();
      await mineAt((await now()) + 20 * DAY);
      await refuseKey(world, mara, fresh.key, keyVersion);
      expect((await subjectOf(world, mara.id)).key).to.equal(mara.key);
    });
    it("takes all kinds of signers", async () => {
      const { world, wim, pia, toni, carer } = await load();
      for (const patient of [wim, pia, toni]) {
        await appoint(world, patient, carer);
        await proposeKey(world, patient, fresh, carer);
        const { keyVersion } = await subjectOf(world, patient.id);
        await refuseKey(world, patient, fresh.key, Number(keyVersion));
        expect((await subjectOf(world, patient.id)).replacementPending).to.equal(false);
      }
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid, for delegate and new key too", async () => {
      const { world, consents, mara, carer, keyVersion } = await load();
      const send = (how: object) => refuseKey(world, mara, fresh.key, keyVersion, how);
      await refusesForgeries(world, send, mara.id, mara);
      for (const by of [carer, fresh])
        await fails(send({ by }), consents, "ConsentSignatureInvalid", mara.id, mara.key);
    });
    it("reverts with ConsentSignatureInvalid for a refusal of another proposal, and so for a replay", async () => {
      const { world, consents, mara, carer, keyVersion } = await load();
      const other = refuseKey(world, mara, ecdsaKey("another").key, keyVersion);
      await fails(other, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      await refuseKey(world, mara, fresh.key, keyVersion);
      const { keyVersion: next } = await subjectOf(world, mara.id);
      await proposeKey(world, mara, fresh, carer, { keyVersion: Number(next) });
      const replayed = refuseKey(world, mara, fresh.key, keyVersion);
      await fails(replayed, consents, "ConsentSignatureInvalid", mara.id, mara.key);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const { world, mara, keyVersion } = await load();
      await refusesUntimely(world, (how) => refuseKey(world, mara, fresh.key, keyVersion, how));
    });
  });
  describe("when none is proposed", () => {
    it("reverts with ReplacementUnknown", async () => {
      const { world, consents, wim } = await load();
      const sent = refuseKey(world, wim, fresh.key, 0);
      await fails(sent, consents, "ReplacementUnknown", wim.id);
    });
  });
  describe("given the domain is paused", () => {
    it("refuses all the same", async () => {
      const { world, consents, mara, keyVersion } = await load();
      await as(consents, people.emergency).pause((await now()) + DAY);
      await refuseKey(world, mara, fresh.key, keyVersion);
      expect((await subjectOf(world, mara.id)).replacementPending).to.equal(false);
    });
  });
});
