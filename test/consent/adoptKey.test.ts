import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, as, at, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { people } from "../core/world.ts";
import { ecdsaKey } from "./keys.ts";
import {
  Member,
  REPLACEMENT_DELAY,
  REPLACEMENT_LIFE,
  Ruling,
  appoint,
  deny,
  field,
  freshConsents,
  grant,
  proposeKey,
  replacementOf,
  revoke,
  revokeDelegate,
  ruling,
  staff,
  subjectOf,
} from "./support.ts";

const fresh = ecdsaKey("Mara's next");

/** A proposal for Mara by her carer, and when it may be adopted. */
const load = async () => {
  const world = await freshConsents();
  const { mara, carer, consents } = world;
  await appoint(world, mara, carer, { validUntil: (await now()) + 100 * DAY });
  await proposeKey(world, mara, fresh, carer);
  const effectiveFrom = (await now()) + REPLACEMENT_DELAY;
  const adopt = (id = mara.id) => as(consents, people.stranger).adoptKey(id);
  return { ...world, world, effectiveFrom, adopt };
};

describe("ConsentRegistry.adoptKey", () => {
  describe("when the delay is over", () => {
    it("emits SubjectKeyReplaced, whoever calls, and the new key alone signs", async () => {
      const { world, consents, mara, effectiveFrom, adopt } = await load();
      await at(effectiveFrom);
      await emits(adopt(), consents, "SubjectKeyReplaced", mara.id, mara.key, fresh.key);
      const { key, replacementPending } = await subjectOf(world, mara.id);
      expect([key, replacementPending]).to.eql([fresh.key, false]);
      const none = { key: ZeroAddress, delegate: 0n, effectiveFrom: 0n };
      expect(await replacementOf(world, mara.id)).to.eql(none);
      await fails(grant(world, mara), consents, "ConsentSignatureInvalid", mara.id, fresh.key);
      await grant(world, { ...mara, ...fresh });
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
    });
    it("keeps what the old key denied and revoked meanwhile", async () => {
      const { world, mara, effectiveFrom, adopt } = await load();
      await deny(world, mara);
      await at(effectiveFrom);
      await adopt();
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
      await revoke(world, { ...mara, ...fresh });
    });
    it("takes it to the last second of 30 days, and reverts with ReplacementLapsed from then on", async () => {
      const { world, consents, mara, effectiveFrom, adopt } = await load();
      const lapsedAt = effectiveFrom + REPLACEMENT_LIFE;
      await at(lapsedAt);
      await fails(adopt(), consents, "ReplacementLapsed", mara.id, lapsedAt);
      expect((await subjectOf(world, mara.id)).key).to.equal(mara.key);
      const again = await load();
      await at(again.effectiveFrom + REPLACEMENT_LIFE - 1);
      await again.adopt();
    });
  });
  describe("when the delay runs", () => {
    it("reverts with ReplacementTooSoon to the second", async () => {
      const { consents, mara, effectiveFrom, adopt } = await load();
      await at(effectiveFrom - 1);
      await fails(adopt(), consents, "ReplacementTooSoon", mara.id, effectiveFrom);
      await adopt();
    });
  });
  describe("when none is proposed", () => {
    it("reverts with ReplacementUnknown, and so after refusal, withdrawal and adoption", async () => {
      const { consents, wim, mara, effectiveFrom, adopt } = await load();
      await fails(adopt(wim.id), consents, "ReplacementUnknown", wim.id);
      await at(effectiveFrom);
      await adopt();
      await fails(adopt(), consents, "ReplacementUnknown", mara.id);
      const again = await load();
      await as(consents, staff.desk).withdrawKey(Member.stMary, mara.id);
      await at(again.effectiveFrom);
      await fails(adopt(), consents, "ReplacementUnknown", mara.id);
    });
  });
  describe("when the delegation that agreed stands no more", () => {
    it("reverts with DelegateExceeds after its revocation by the old key, and after a new one", async () => {
      const { world, consents, mara, effectiveFrom, adopt } = await load();
      await revokeDelegate(world, mara);
      await at(effectiveFrom);
      await fails(adopt(), consents, "DelegateExceeds", mara.id, 1, field("version"));
      expect((await subjectOf(world, mara.id)).key).to.equal(mara.key);
    });
    it("reverts with DelegateExceeds when its time ended", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { validUntil: (await now()) + 10 * DAY });
      await proposeKey(world, mara, fresh, carer);
      await at((await now()) + REPLACEMENT_DELAY);
      const sent = as(consents, people.anyRelay).adoptKey(mara.id);
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("version"));
    });
  });
  describe("given the patient had no key and no guardian", () => {
    it("adopts without a delegation", async () => {
      const world = await freshConsents();
      const { consents, child, guardian } = world;
      await revokeDelegate(world, child, { delegate: 1 }, { by: guardian });
      await proposeKey(world, child, fresh, undefined, { delegate: 0 });
      await at((await now()) + REPLACEMENT_DELAY);
      const sent = as(consents, people.anyRelay).adoptKey(child.id);
      await emits(sent, consents, "SubjectKeyReplaced", child.id, ZeroAddress, fresh.key);
      await grant(world, { ...child, ...fresh });
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { consents, effectiveFrom, adopt } = await load();
      await at(effectiveFrom);
      await as(consents, people.emergency).pause(effectiveFrom + DAY);
      await fails(adopt(), consents, "DomainIsPaused", effectiveFrom + DAY);
    });
  });
});
