import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, as, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { people } from "../core/world.ts";
import { refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { ecdsaKey } from "./keys.ts";
import {
  ALL_POWERS,
  Member,
  Power,
  Ruling,
  VERSIONS_AHEAD,
  appoint,
  authorize,
  delegated,
  delegation,
  deny,
  field,
  freshConsents,
  grant,
  proposeKey,
  revokeDelegate,
  ruling,
} from "./support.ts";

const helper = ecdsaKey("helper Hank");
const inner = { delegate: 1, number: 2, powers: ALL_POWERS & ~Power.appoint } as const;

describe("ConsentRegistry.revokeDelegate", () => {
  describe("when the subject signs", () => {
    it("emits DelegateRevoked with the version after it, and the delegation is gone", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await emits(revokeDelegate(world, mara), consents, "DelegateRevoked", mara.id, 1, 2, 0);
      const { key, version, live } = await consents.delegationOf(mara.id, 1);
      expect([key, version, live]).to.eql([ZeroAddress, 2n, false]);
    });
    it("ends the permits that were set under it, and no denies", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara, delegated(), { by: carer });
      await deny(world, mara, delegated({ grantee: Member.cityLab }), { by: carer });
      await revokeDelegate(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      expect(await ruling(world, mara, { grantee: Member.cityLab })).to.equal(Ruling.denied);
    });
    it("takes all kinds of signers", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        await appoint(world, patient, world.carer);
        await revokeDelegate(world, patient);
        expect((await world.consents.delegationOf(patient.id, 1)).key).to.equal(ZeroAddress);
      }
    });
    it("outdates up to 16 appointments that were signed and withheld, though none stands", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const terms = delegation(mara.id, carer.key, { version: VERSIONS_AHEAD });
      const withheld = await authorize(world, mara, "Delegation", terms);
      await revokeDelegate(world, mara, { version: VERSIONS_AHEAD });
      const sent = as(consents, people.stranger).appointDelegate(terms, withheld);
      const args = [mara.id, VERSIONS_AHEAD, VERSIONS_AHEAD + 1];
      await fails(sent, consents, "ConsentVersionStale", ...args);
    });
  });
  describe("when the delegate resigns", () => {
    it("emits DelegateRevoked with its number, and its permits end", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.grant });
      await grant(world, mara, delegated(), { by: carer });
      const sent = revokeDelegate(world, mara, { delegate: 1 }, { by: carer });
      await emits(sent, consents, "DelegateRevoked", mara.id, 1, 2, 1);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
  });
  describe("when the delegate who appointed it signs", () => {
    it("emits DelegateRevoked with the appointer's number", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await appoint(world, mara, helper, inner, { by: carer });
      const sent = revokeDelegate(world, mara, { number: 2, delegate: 1 }, { by: carer });
      await emits(sent, consents, "DelegateRevoked", mara.id, 2, 2, 1);
    });
    it("reverts with DelegateExceeds for what it did not appoint, and where none stands", async () => {
      const world = await freshConsents();
      const { consents, mara, carer, guardian } = world;
      await appoint(world, mara, carer);
      await appoint(world, mara, guardian, { number: 3 });
      const other = revokeDelegate(world, mara, { number: 3, delegate: 1 }, { by: carer });
      await fails(other, consents, "DelegateExceeds", mara.id, 1, field("number"));
      const none = revokeDelegate(world, mara, { number: 4, version: 0, delegate: 1 }, { by: carer });
      await fails(none, consents, "DelegateExceeds", mara.id, 1, field("number"));
      expect((await consents.delegationOf(mara.id, 3)).key).to.equal(guardian.key);
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid for each kind of signer", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        await appoint(world, patient, world.carer);
        const send = (how: object) => revokeDelegate(world, patient, {}, how);
        await refusesForgeries(world, send, patient.id, patient);
      }
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      await appoint(world, world.mara, world.carer);
      await refusesUntimely(world, (how) => revokeDelegate(world, world.mara, {}, how));
    });
  });
  describe("when the version is outside its range", () => {
    it("reverts with ConsentVersionStale for a replay, and beyond 16 above what stands", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await revokeDelegate(world, mara);
      await appoint(world, mara, carer, { version: 2 });
      await fails(revokeDelegate(world, mara), consents, "ConsentVersionStale", mara.id, 1, 3);
      const version = 4 + VERSIONS_AHEAD;
      const beyond = revokeDelegate(world, mara, { version });
      await fails(beyond, consents, "ConsentVersionStale", mara.id, version, 3);
    });
  });
  describe("when the number is out of range", () => {
    it("reverts with DelegationInvalid", async () => {
      const world = await freshConsents();
      for (const number of [0, 9, 255]) {
        const sent = revokeDelegate(world, world.mara, { number, version: 0 });
        await fails(sent, world.consents, "DelegationInvalid", world.mara.id, field("number"));
      }
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const nobody = { ...ecdsaKey("nobody"), id: `0x${"07".repeat(32)}`, custodian: Member.stMary };
      const sent = revokeDelegate(world, nobody, { version: 0 });
      await fails(sent, world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("given a new key is proposed", () => {
    it("lets the key that stands end it", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await proposeKey(world, mara, ecdsaKey("Mara's next"), carer);
      await revokeDelegate(world, mara);
      expect((await consents.delegationOf(mara.id, 1)).key).to.equal(ZeroAddress);
    });
  });
  describe("given the domain is paused", () => {
    it("ends all the same", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await as(consents, people.emergency).pause((await now()) + DAY);
      await revokeDelegate(world, mara);
      expect((await consents.delegationOf(mara.id, 1)).key).to.equal(ZeroAddress);
    });
  });
});
