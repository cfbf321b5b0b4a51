import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, START, as, at, ethers, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { ecdsaKey, noKey, p256Key, passkey, walletKey } from "./keys.ts";
import {
  ALL_CATEGORIES,
  ALL_POWERS,
  ALL_PURPOSES,
  Member,
  Ruling,
  authorize,
  enrol,
  enrolled,
  enrolment,
  field,
  freshConsents,
  grant,
  ruling,
  staff,
  subjectIdOf,
  subjectOf,
  type ConsentWorld,
} from "./support.ts";

const { stMary, northGeneral, cityLab, mediSure } = Member;
const SALT = ethers.id("salt");
const nova = ecdsaKey("patient Nova");
const novaId = subjectIdOf(stMary, nova.key, SALT);

/** A delegation as it stands: its first fields. */
const delegationOf = async ({ consents }: ConsentWorld, id: string) => {
  const { key, version, appointer, powers, categories, purposes, validUntil, live } =
    await consents.delegationOf(id, 1);
  return { key, version, appointer, powers, categories, purposes, validUntil, live };
};

describe("ConsentRegistry.enrol", () => {
  describe("when the custodian's desk sends it with the patient's signature", () => {
    it("emits SubjectEnrolled, and the subject stands", async () => {
      const world = await freshConsents();
      const args = [novaId, stMary, staff.desk.key, nova.key, ZeroAddress, 0];
      await emits(enrol(world, nova), world.consents, "SubjectEnrolled", ...args);
      expect(await subjectOf(world, novaId)).to.eql({
        key: nova.key,
        custodian: BigInt(stMary),
        epoch: 0n,
        sectors: 0n,
        keyVersion: 0n,
        replacementPending: false,
      });
    });
    it("takes all kinds of signers", async () => {
      const world = await freshConsents();
      const { verifiers } = world;
      for (const key of [
        await walletKey("patient Nova"),
        await p256Key(verifiers.p256, "patient Nova"),
        await passkey(verifiers.webAuthn, "patient Nova"),
      ]) {
        const patient = await enrolled(world, key);
        await grant(world, patient);
        expect(await ruling(world, patient)).to.equal(Ruling.permitted);
      }
    });
    it("enrols at each custodian by itself, with a key for each", async () => {
      const world = await freshConsents();
      const here = await enrolled(world, nova);
      const there = await enrolled(world, nova, { custodian: cityLab }, { relay: staff.labDesk });
      await grant(world, here);
      expect(await ruling(world, there)).to.equal(Ruling.noRule);
      expect(here.id).to.not.equal(there.id);
    });
  });
  describe("when a guardian is named beside the patient's key", () => {
    it("gives the guardian delegation 1 with every power, category and purpose", async () => {
      const world = await freshConsents();
      const guardianUntil = START + 1_500 * DAY;
      const { key } = world.guardian;
      const { id } = await enrolled(world, nova, { guardian: key, guardianUntil });
      expect(await delegationOf(world, id)).to.eql({
        key,
        version: 1n,
        appointer: 0n,
        powers: BigInt(ALL_POWERS),
        categories: BigInt(ALL_CATEGORIES),
        purposes: (await delegationOf(world, world.child.id)).purposes,
        validUntil: BigInt(guardianUntil),
        live: true,
      });
      const { purposes } = await delegationOf(world, id);
      expect(purposes & ALL_PURPOSES).to.equal(ALL_PURPOSES);
      expect((await subjectOf(world, id)).key).to.equal(nova.key);
    });
    it("tells of the delegation by DelegateAppointed", async () => {
      const world = await freshConsents();
      const guardianUntil = START + 1_500 * DAY;
      const { key } = world.guardian;
      const sent = enrol(world, nova, { guardian: key, guardianUntil });
      const { purposes } = await delegationOf(world, world.child.id);
      const args = [novaId, 1, 1, 0, key, ALL_POWERS, ALL_CATEGORIES, purposes, guardianUntil];
      await emits(sent, world.consents, "DelegateAppointed", ...args);
      const enrolledArgs = [novaId, stMary, staff.desk.key, nova.key, key, guardianUntil];
      await emits(sent, world.consents, "SubjectEnrolled", ...enrolledArgs);
    });
  });
  describe("when the patient has no key", () => {
    it("takes the guardian's signature, and a salt for each child", async () => {
      const world = await freshConsents();
      const { guardian } = world;
      const terms = { key: ZeroAddress, guardian: guardian.key, guardianUntil: START + 1_500 * DAY };
      const second = await enrolled(world, guardian, { ...terms, salt: ethers.id("second child") });
      expect((await subjectOf(world, second.id)).key).to.equal(ZeroAddress);
      await grant(world, second, { delegate: 1, number: 4 }, { by: guardian });
      expect(await ruling(world, world.child)).to.equal(Ruling.noRule);
      expect(await ruling(world, second)).to.equal(Ruling.permitted);
    });
    it("reverts with ConsentSignatureInvalid when anybody else signed", async () => {
      const world = await freshConsents();
      const { consents, guardian } = world;
      const terms = {
        key: ZeroAddress,
        guardian: guardian.key,
        guardianUntil: START + 1_500 * DAY,
        salt: ethers.id("second child"),
      };
      const id = subjectIdOf(stMary, guardian.key, terms.salt);
      for (const by of [nova, noKey]) {
        const sent = enrol(world, by, terms);
        const error = by === nova ? "ConsentSignatureInvalid" : "SignatureMalformed";
        const args = by === nova ? [id, guardian.key] : [];
        await fails(sent, consents, error, ...args);
      }
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid: nobody is enrolled with a key that nobody holds", async () => {
      const world = await freshConsents();
      const send = (how: object) => enrol(world, nova, {}, how);
      const forged = async ({ by = nova, ...how }: { by?: typeof nova }) =>
        await enrol(world, by, { key: nova.key }, how);
      await refusesForgeries(world, forged, novaId, nova);
      await send({});
    });
    it("reverts with ConsentSignatureInvalid when a field was altered on the way", async () => {
      const world = await freshConsents();
      const { consents } = world;
      const terms = enrolment({ key: nova.key });
      const signed = await authorize(world, nova, "Enrolment", terms);
      const altered = {
        ...terms,
        guardian: people.stranger.address,
        guardianUntil: START + 99 * DAY,
      };
      const sent = as(consents, staff.desk).enrol(altered, signed);
      await fails(sent, consents, "ConsentSignatureInvalid", novaId, nova.key);
      const there = as(consents, staff.labDesk).enrol({ ...terms, custodian: cityLab }, signed);
      const elsewhere = subjectIdOf(cityLab, nova.key, SALT);
      await fails(there, consents, "ConsentSignatureInvalid", elsewhere, nova.key);
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await freshConsents();
      const foreign = foreignKey(world);
      const sent = enrol(world, foreign);
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      await refusesUntimely(world, (how) => enrol(world, nova, {}, how));
    });
  });
  describe("when the subject is enrolled", () => {
    it("reverts with SubjectAlreadyEnrolled, and so for a replay", async () => {
      const world = await freshConsents();
      const { consents, mara, guardian, child } = world;
      await fails(enrol(world, mara), consents, "SubjectAlreadyEnrolled", mara.id);
      const terms = { key: ZeroAddress, guardian: guardian.key, guardianUntil: START + 1_000 * DAY };
      await fails(enrol(world, guardian, terms), consents, "SubjectAlreadyEnrolled", child.id);
      await enrol(world, mara, { salt: ethers.id("another salt") });
    });
  });
  describe("when a field is out of range", () => {
    it("reverts with EnrolmentInvalid naming key, guardian or guardianUntil", async () => {
      const world = await freshConsents();
      const { consents, guardian } = world;
      const until = START + 1_000 * DAY;
      const second = (await now()) + 100;
      const wrong = [
        ["key", { key: ZeroAddress }],
        ["guardian", { guardian: nova.key, guardianUntil: until }],
        ["guardianUntil", { guardian: guardian.key }],
        ["guardianUntil", { guardian: guardian.key, guardianUntil: second }],
        ["guardianUntil", { guardian: guardian.key, guardianUntil: second + 21 * 366 * DAY }],
        ["guardianUntil", { guardianUntil: until }],
      ] as const;
      let i = 0;
      for (const [name, changes] of wrong) {
        const signed = await authorize(world, nova, "Enrolment", enrolment({ key: nova.key, ...changes }));
        await at(second + i++);
        const sent = as(consents, staff.desk).enrol(enrolment({ key: nova.key, ...changes }), signed);
        await fails(sent, consents, "EnrolmentInvalid", field(name));
      }
    });
    it("takes a guardian for 19 years and not for 21", async () => {
      const world = await freshConsents();
      const guardian = world.guardian.key;
      await enrol(world, nova, { guardian, guardianUntil: START + 19 * 365 * DAY });
      const far = enrol(world, ecdsaKey("Nova's brother"), {
        guardian,
        guardianUntil: START + 21 * 365 * DAY,
      });
      await fails(far, world.consents, "EnrolmentInvalid", field("guardianUntil"));
    });
  });
  describe("when the caller keeps no consents for the custodian", () => {
    it("reverts with DutyNotHeld", async () => {
      const world = await freshConsents();
      for (const relay of [people.stranger, staff.discloser, staff.northDesk, people.stMaryAdmin]) {
        const sent = enrol(world, nova, {}, { relay });
        await fails(sent, world.consents, "DutyNotHeld", stMary, relay.key, Duty.CUSTODY);
      }
    });
    it("reverts with DutyNotHeld for another member's desk in its own name", async () => {
      const world = await freshConsents();
      const sent = enrol(world, nova, { custodian: northGeneral });
      const args = [northGeneral, staff.desk.key, Duty.CUSTODY];
      await fails(sent, world.consents, "DutyNotHeld", ...args);
      const insurer = enrol(world, nova, { custodian: mediSure });
      const held = [mediSure, staff.desk.key, Duty.CUSTODY];
      await fails(insurer, world.consents, "DutyNotHeld", ...held);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await freshConsents();
      const until = (await now()) + DAY;
      await as(world.consents, people.emergency).pause(until);
      await fails(enrol(world, nova), world.consents, "DomainIsPaused", until);
    });
  });
});
