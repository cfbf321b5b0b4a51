import {
  type GrantTerms,
  NO_END,
  PAPER_NUMBER,
  type PatientSigner,
  VERSIONS_OVERRULED,
  adoptSubjectKey,
  appointDelegate,
  authorizeConsent,
  changeConsents,
  createEcdsaSigner,
  denyConsent,
  derivePatientKey,
  enrolSubject,
  enterDenial,
  generatePatientSeed,
  getDelegation,
  getReplacement,
  getRule,
  getSubject,
  grantConsent,
  isPermitted,
  liftDenial,
  listDelegations,
  listRules,
  prepareChanges,
  prepareDelegation,
  prepareDelegationRevocation,
  prepareDenial,
  prepareEnrolment,
  prepareGrant,
  prepareKeyRecovery,
  prepareKeyRefusal,
  prepareKeyReplacement,
  prepareRevocation,
  prepareRevocationOfAll,
  proposeSubjectKey,
  pauseDomain,
  refreshCategories,
  refuseSubjectKey,
  registerCategory,
  replaceSubjectKey,
  resumeDomain,
  revokeAllConsents,
  revokeConsent,
  revokeDelegate,
  signConsent,
  signerKeyOf,
  subjectIdOf,
  withdrawSubjectKey,
} from "@careledger/sdk";
import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { failsWith } from "../expect.ts";
import { type World, startWorld } from "../world.ts";
import { passkeyOf } from "./support.ts";

const DAY = 86_400;
const STMARY = 2;
const CITY = 3;
const GREEN = 4;

/** A permit for one member. */
type MemberGrant = Extract<GrantTerms, { readonly grantee: number }>;

describe("sdk consents", () => {
  let world: World;

  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  const newPatient = async (): Promise<PatientSigner> => {
    const place = { chainId: world.network.chainId, custodian: STMARY, curve: "secp256k1" } as const;
    return createEcdsaSigner(await derivePatientKey(generatePatientSeed(), place));
  };
  const enrol = async (patient: PatientSigner): Promise<string> => {
    const prepared = await prepareEnrolment(world.as("relay"), { custodian: STMARY, key: patient.signer });
    const enrolled = await enrolSubject(world.as("stMaryArchive"), await signConsent(patient, prepared));
    expect(enrolled.subject).to.equal(prepared.subject);
    return enrolled.subject;
  };
  const grant = async (patient: PatientSigner, subject: string, terms: GrantTerms, delegate = 0) => {
    const prepared = await prepareGrant(world.as("relay"), { subject, delegate, ...terms });
    return grantConsent(world.as("relay"), await signConsent(patient, prepared));
  };
  const ask = async (
    subject: string,
    grantee: number,
    category: string,
    purpose: "TREAT" | "HPAYMT" | "ERTREAT",
  ) =>
    isPermitted(world.as("reader", { signer: undefined as never }), { subject, grantee, category, purpose });
  const treatment = async (): Promise<MemberGrant> => ({
    grantee: CITY,
    categories: ["laboratory", "imaging"],
    purposes: ["TREAT"],
    validUntil: (await world.now()) + 30 * DAY,
  });

  it("lets a patient permit by a signature that anybody relays, and revoke it: it bites at once", async () => {
    const patient = await newPatient();
    const subject = await enrol(patient);
    expect(await getSubject(world.as("relay"), subject)).to.include({ custodian: STMARY, epoch: 0 });
    expect((await ask(subject, CITY, "laboratory", "TREAT")).ruling).to.equal("NoRule");
    await failsWith(
      signConsent(
        await newPatient(),
        await prepareGrant(world.as("relay"), { subject, ...(await treatment()) }),
      ),
      "ConsentSignerWrong",
    );

    const granted = await grant(patient, subject, { ...(await treatment()), exportable: true });
    expect(granted).to.include({ subject, grantee: CITY, number: 0, version: 1, exportable: true });
    const decision = await ask(subject, CITY, "laboratory", "ERTREAT");
    expect(decision).to.deep.include({
      permitted: true,
      rule: { grantee: CITY, sector: undefined, number: 0, version: 1 },
      exportable: true,
      redisclosable: false,
    });
    expect((await ask(subject, CITY, "billing", "TREAT")).ruling).to.equal("NoRule");
    expect((await ask(subject, CITY, "laboratory", "HPAYMT")).ruling).to.equal("NoRule");

    const withheld = await signConsent(
      patient,
      await prepareGrant(world.as("relay"), { subject, ...(await treatment()), number: 0 }),
    );
    const named = { subject, grantee: CITY, number: 0 };
    const revocation = await signConsent(patient, await prepareRevocation(world.as("relay"), named));
    const revoked = await revokeConsent(world.as("stranger"), revocation);
    expect(revoked.version).to.equal(1 + VERSIONS_OVERRULED + 1);
    expect((await ask(subject, CITY, "laboratory", "TREAT")).permitted).to.equal(false);
    await failsWith(grantConsent(world.as("relay"), withheld), "ConsentVersionStale", { current: 10 });
    await failsWith(revokeConsent(world.as("relay"), revocation), "ConsentVersionStale");
    expect(await getRule(world.as("relay"), named)).to.equal(undefined);
  });

  it("ends a withheld permit that is relayed before the revocation, too", async () => {
    const patient = await newPatient();
    const subject = await enrol(patient);
    const withheld = await signConsent(
      patient,
      await prepareGrant(world.as("relay"), { subject, ...(await treatment()), number: 0 }),
    );
    const prepared = await prepareRevocation(world.as("relay"), { subject, grantee: CITY, number: 0 });
    const revocation = await signConsent(patient, prepared);
    await grantConsent(world.as("relay"), withheld);
    await revokeConsent(world.as("relay"), revocation);
    expect((await ask(subject, CITY, "laboratory", "TREAT")).permitted).to.equal(false);
  });

  it("takes a passkey's signature, and refuses it altered, late or for other terms", async () => {
    const patient = passkeyOf(world.network);
    const subject = await enrol(patient);
    expect((await getSubject(world.as("relay"), subject)).key).to.equal(signerKeyOf(patient.signer));
    const prepared = await prepareGrant(world.as("relay"), { subject, ...(await treatment()) });
    expect(JSON.parse(JSON.stringify(prepared))).to.deep.equal(prepared);
    const signed = await signConsent(patient, prepared);
    const altered = { ...signed, message: { ...signed.message, categories: signed.message.categories | 1 } };
    await failsWith(grantConsent(world.as("relay"), altered), "ConsentSignatureInvalid");
    const late = { ...signed, message: { ...signed.message, deadline: (await world.now()) - 5 } };
    await failsWith(grantConsent(world.as("relay"), late), "SignatureExpired");
    await grantConsent(world.as("relay"), signed);
    expect((await ask(subject, CITY, "imaging", "TREAT")).permitted).to.equal(true);
  });

  it("lets a denial of a class beat every permit, and lists what stands", async () => {
    const patient = await newPatient();
    const subject = await enrol(patient);
    const relay = world.as("relay");
    const prepared = await prepareChanges(relay, {
      subject,
      denials: [{ sector: "INSURER", categories: "ALL", purposes: "ALL" }],
      grants: [
        { sector: "EVERYONE", categories: ["allergies"], purposes: ["ETREAT"], validUntil: NO_END },
        { ...(await treatment()), grantee: 7 },
        await treatment(),
      ],
    });
    const { denied, granted } = await changeConsents(relay, await signConsent(patient, prepared));
    expect([denied.length, granted.length]).to.deep.equal([1, 3]);
    expect((await ask(subject, 7, "laboratory", "TREAT")).ruling).to.equal("Denied");
    expect((await ask(subject, GREEN, "allergies", "ERTREAT")).rule?.sector).to.equal("EVERYONE");

    const rules = await listRules(relay, { subject });
    expect(rules.map(({ grantee, sector, kind }) => [grantee, sector, kind])).to.deep.equal([
      [CITY, undefined, "Permit"],
      [7, undefined, "Permit"],
      [0, "INSURER", "Deny"],
      [0, "EVERYONE", "Permit"],
    ]);
    expect(rules[2]).to.include({ categories: "ALL", purposes: "ALL", validUntil: NO_END, live: true });
    expect(rules[3]?.purposes).to.deep.equal(["ETREAT", "ERTREAT"]);
    expect((await getSubject(relay, subject)).sectors).to.deep.equal(["INSURER", "EVERYONE"]);

    const swapped = await prepareChanges(relay, {
      subject,
      revocations: [{ grantee: CITY, number: 0 }],
      grants: [{ ...(await treatment()), categories: ["genomics"] }],
    });
    await changeConsents(relay, await signConsent(patient, swapped));
    expect((await getRule(relay, { subject, grantee: CITY, number: 0 }))?.categories).to.deep.equal([
      "genomics",
    ]);

    const [first] = swapped.message.grants;
    await failsWith(
      prepareChanges(relay, { subject, grants: [{ ...(await treatment()), purposes: ["BTG"] }] }),
      "InputInvalid",
      { parameter: "grants[0].purposes[0]" },
    );
    expect(first?.number).to.equal(0);
    await failsWith(
      prepareDenial(relay, { subject, grantee: CITY, categories: "ALL", purposes: ["BTG", "TREAT"] }),
      "InputInvalid",
    );
    await failsWith(
      prepareGrant(relay, { subject, ...(await treatment()), categories: ["astrology"] }),
      "InputInvalid",
      { parameter: "categories[0]" },
    );
  });

  it("ends all permits by one epoch, while denials stand", async () => {
    const patient = await newPatient();
    const subject = await enrol(patient);
    const relay = world.as("relay");
    await grant(patient, subject, await treatment());
    const denial = await prepareDenial(relay, {
      subject,
      grantee: GREEN,
      categories: ["billing"],
      purposes: ["HPAYMT"],
    });
    await denyConsent(relay, await signConsent(patient, denial));
    const withheld = await signConsent(
      patient,
      await prepareGrant(relay, { subject, ...(await treatment()) }),
    );
    const all = await signConsent(patient, await prepareRevocationOfAll(relay, { subject }));
    expect((await revokeAllConsents(relay, all)).epoch).to.equal(1);
    await failsWith(grantConsent(relay, withheld), "ConsentEpochStale");
    await failsWith(revokeAllConsents(relay, all), "ConsentEpochStale");
    expect((await ask(subject, CITY, "laboratory", "TREAT")).permitted).to.equal(false);
    expect((await ask(subject, GREEN, "billing", "HPAYMT")).ruling).to.equal("Denied");
    expect((await grant(patient, subject, await treatment())).number).to.equal(0);
  });

  it("lets a guardian act for a child, and a delegate within its powers", async () => {
    const guardian = await newPatient();
    const carer = await newPatient();
    const relay = world.as("relay");
    const guardianUntil = (await world.now()) + 5 * 365 * DAY;
    const prepared = await prepareEnrolment(relay, {
      custodian: STMARY,
      guardian: guardian.signer,
      guardianUntil,
    });
    const { subject, guardianUntil: rounded } = await enrolSubject(
      world.as("stMaryArchive"),
      await signConsent(guardian, prepared),
    );
    expect(new Date(rounded * 1_000).toISOString()).to.match(/-01-01T00:00:00.000Z$/);
    const { custodian, salt } = prepared.message;
    expect(subjectIdOf({ custodian, key: guardian.signer, salt })).to.equal(subject);
    expect((await getSubject(relay, subject)).key).to.equal(ZeroAddress);
    await failsWith(prepareGrant(relay, { subject, ...(await treatment()) }), "InputInvalid", {
      parameter: "delegate",
    });
    expect((await grant(guardian, subject, await treatment(), 1)).number).to.equal(4);

    const validUntil = (await world.now()) + 60 * DAY;
    const delegation = await prepareDelegation(relay, {
      subject,
      delegate: 1,
      key: carer.signer,
      powers: ["GRANT", "DENY"],
      categories: ["laboratory"],
      purposes: ["TREAT"],
      validUntil,
    });
    const { number } = await appointDelegate(relay, await signConsent(guardian, delegation));
    expect(number).to.equal(2);
    expect(await getDelegation(relay, { subject, number })).to.deep.include({
      appointer: 1,
      powers: ["GRANT", "DENY"],
      categories: ["laboratory"],
      live: true,
    });
    expect((await listDelegations(relay, subject)).map(({ categories }) => categories)).to.deep.equal([
      "ALL",
      ["laboratory"],
    ]);
    await failsWith(grant(carer, subject, await treatment(), 2), "DelegateExceeds", { field: "categories" });
    await grant(carer, subject, { ...(await treatment()), grantee: GREEN, categories: ["laboratory"] }, 2);
    expect((await ask(subject, GREEN, "laboratory", "TREAT")).permitted).to.equal(true);

    const resigning = await prepareDelegationRevocation(relay, { subject, number, delegate: number });
    await revokeDelegate(relay, await signConsent(carer, resigning));
    expect((await ask(subject, GREEN, "laboratory", "TREAT")).permitted).to.equal(false);
    await failsWith(
      prepareGrant(relay, { subject, delegate: 2, ...(await treatment()) }),
      "ConsentNothingStands",
    );
  });

  it("changes a key with both signatures, and recovers a lost one with a delegate after 14 days", async () => {
    const [old, fresh, helper, thief] = await Promise.all([1, 2, 3, 4].map(newPatient));
    const subject = await enrol(old!);
    const relay = world.as("relay");
    const archive = world.as("stMaryArchive");
    const change = await prepareKeyReplacement(relay, { subject, key: fresh!.signer });
    const { message } = change;
    const both = { old: await authorizeConsent(old!, change), fresh: await authorizeConsent(fresh!, change) };
    await failsWith(
      replaceSubjectKey(relay, { message, ...both, fresh: both.old }),
      "ConsentSignatureInvalid",
    );
    expect((await replaceSubjectKey(relay, { message, ...both })).key).to.equal(signerKeyOf(fresh!.signer));
    await failsWith(grant(old!, subject, await treatment()), "ConsentSignerWrong");

    const delegation = await prepareDelegation(relay, {
      subject,
      key: helper!.signer,
      powers: ["RECOVER"],
      categories: "ALL",
      purposes: "ALL",
      validUntil: (await world.now()) + 365 * DAY,
    });
    await appointDelegate(relay, await signConsent(fresh!, delegation));
    const propose = async (newKey: PatientSigner) => {
      const recovery = await prepareKeyRecovery(relay, { subject, key: newKey.signer, delegate: 1 });
      return proposeSubjectKey(archive, {
        custodian: STMARY,
        message: recovery.message,
        byDelegate: await authorizeConsent(helper!, recovery),
        fresh: await authorizeConsent(newKey, recovery),
      });
    };
    await propose(thief!);
    expect((await getReplacement(relay, subject))?.key).to.equal(signerKeyOf(thief!.signer));
    await failsWith(grant(fresh!, subject, await treatment()), "SubjectKeyContested");
    await failsWith(adoptSubjectKey(relay, { subject }), "ReplacementTooSoon");
    await refuseSubjectKey(relay, await signConsent(fresh!, await prepareKeyRefusal(relay, { subject })));
    await failsWith(prepareKeyRefusal(relay, { subject }), "ConsentNothingStands");

    await propose(thief!);
    await withdrawSubjectKey(archive, { custodian: STMARY, subject });
    await propose(old!);
    await world.pass(14 * DAY);
    expect((await adoptSubjectKey(world.as("stranger"), { subject })).key).to.equal(signerKeyOf(old!.signer));
    await grant(old!, subject, await treatment());
  });

  it("enters a denial from paper, which no signature ends, and lifts it", async () => {
    const patient = await newPatient();
    const subject = await enrol(patient);
    const relay = world.as("relay");
    await grant(patient, subject, await treatment());
    const paper = { custodian: STMARY, subject, grantee: CITY } as const;
    await failsWith(
      enterDenial(world.as("cityHospitalSystem"), { ...paper, categories: "ALL", purposes: "ALL" }),
      "DutyNotHeld",
    );
    const entered = await enterDenial(world.as("stMaryArchive"), {
      ...paper,
      categories: ["laboratory"],
      purposes: ["TREAT"],
    });
    expect(entered.operator).to.equal(world.operator("stMaryArchive"));
    expect((await ask(subject, CITY, "laboratory", "TREAT")).rule?.number).to.equal(PAPER_NUMBER);
    const all = await prepareRevocationOfAll(relay, { subject });
    await revokeAllConsents(relay, await signConsent(patient, all));
    const paperRules = (await listRules(relay, { subject })).filter(({ number }) => number === PAPER_NUMBER);
    expect(paperRules.map(({ live }) => live)).to.deep.equal([true]);
    await liftDenial(world.as("stMaryArchive"), paper);
    expect((await ask(subject, CITY, "laboratory", "TREAT")).ruling).to.equal("NoRule");
  });

  it("revokes under a pause, permits nothing under it, and knows new categories after a refresh", async () => {
    const patient = await newPatient();
    const subject = await enrol(patient);
    const relay = world.as("relay");
    await grant(patient, subject, await treatment());
    const until = (await world.now()) + 3_600;
    await pauseDomain(world.as("emergency"), { domain: "consentRegistry", until });
    const more = await signConsent(patient, await prepareGrant(relay, { subject, ...(await treatment()) }));
    await failsWith(grantConsent(relay, more), "DomainIsPaused");
    const revocation = await prepareRevocation(relay, { subject, grantee: CITY, number: 0 });
    await revokeConsent(relay, await signConsent(patient, revocation));
    await resumeDomain(world.as("emergency"), { domain: "consentRegistry" });

    await registerCategory(world.as("governance"), { number: 14, code: "dental" });
    const dental = { ...(await treatment()), categories: ["dental"] };
    await failsWith(grant(patient, subject, dental), "ConsentCategoryUnknown");
    const { before, categories } = await refreshCategories(world.as("stranger"), {});
    expect(categories.filter((code) => !before.includes(code))).to.deep.equal(["dental"]);
    await grant(patient, subject, dental);
    expect((await ask(subject, CITY, "dental", "TREAT")).permitted).to.equal(true);
  });
});
