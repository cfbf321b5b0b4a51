/** Consents: what FHIR consents become, all that a patient, a guardian, a delegate and a custodian can do to them, and keys. */
import {
  type PatientSigner,
  adoptSubjectKey,
  appointDelegate,
  authorizeConsent,
  changeConsents,
  denyConsent,
  enrolSubject,
  enterDenial,
  grantConsent,
  liftDenial,
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
  refuseSubjectKey,
  replaceSubjectKey,
  revokeAllConsents,
  revokeConsent,
  revokeDelegate,
  signConsent,
  withdrawSubjectKey,
} from "@careledger/sdk";

import { readConsentWith } from "../../../scripts/story/archive.ts";
import { createSoftwarePasskey } from "../../../scripts/story/passkey.ts";
import { createRecordApp } from "../../../scripts/story/subjects.ts";
import { type ExampleFolder, type MemberSystem, exampleIds } from "../../../scripts/story/system.ts";
import { APP, type Cast, DAY } from "./cast.ts";

/** The patient who is enrolled at two custodians, and whose records and prescriptions stand beside it. */
const PATIENT = "Patient/f201";
/** How long a proposed key waits. */
const OBJECTION = 14 * DAY;

export async function driveConsents(cast: Cast): Promise<void> {
  await agreeToExamples(cast);
  await driveRules(cast);
  await driveDelegates(cast);
  await driveKeys(cast);
}

/** Enrol at a custodian. */
export async function enrol(
  { world, member }: Cast,
  at: "stMary" | "cityHospital",
  signer: PatientSigner,
): Promise<string> {
  const custodian = member(at);
  const prepared = await prepareEnrolment(world.as(`${at}Archive`), { custodian, key: signer.signer });
  const signed = await signConsent(signer, prepared);
  return (await enrolSubject(world.as(`${at}Archive`), signed)).subject;
}

/** A permit for treatment at another member. */
export async function permit(
  { world, member }: Cast,
  signer: PatientSigner,
  subject: string,
  change: { readonly grantee?: number; readonly delegate?: number } = {},
): Promise<void> {
  const prepared = await prepareGrant(world.as("greenCrossSystem"), {
    subject,
    grantee: member("cityHospital"),
    categories: ["laboratory"],
    purposes: ["TREAT"],
    validUntil: (await world.now()) + 60 * DAY,
    ...change,
  });
  await grantConsent(world.as("greenCrossSystem"), await signConsent(signer, prepared));
}

/** Every example consent that becomes rules, signed by a passkey of its own for each. */
const agreeToExamples = async (cast: Cast): Promise<void> => {
  const { world, member } = cast;
  const custodian = member("stMary");
  const system = { as: (name: string) => world.as(name), member: { id: custodian, name: "stMary" } };
  const examples = (["fhir-r4", "derived"] as const).flatMap((folder: ExampleFolder) =>
    exampleIds(folder, "Consent").map((resource) => ({ folder, resource })),
  );
  let agreed = 0;
  for (const each of examples) {
    const rules = await readConsentWith(system as unknown as MemberSystem, each);
    if ("refused" in rules || rules.permits.length + rules.denies.length === 0) continue;
    const signer = await createSoftwarePasskey(world.network.verifiers.webAuthn, APP);
    const subject = await enrol(cast, "stMary", signer);
    const app = createRecordApp(world.as("stMarySystem"), custodian, signer);
    const signed = await app.agree(subject, rules);
    if ("changes" in signed) await changeConsents(world.as("stMarySystem"), signed.changes);
    agreed += 1;
  }
  if (agreed < 2) throw new RangeError("fewer than two example consents became rules");
};

/** One patient at two custodians says the same to both; rules end one by one, all at once, and by paper. */
const driveRules = async (cast: Cast): Promise<void> => {
  const { world, member } = cast;
  const relay = world.as("greenCrossSystem");
  const grantee = member("sunPharmacy");
  for (const at of ["stMary", "cityHospital"] as const) {
    const signer = await cast.signer(PATIENT, member(at));
    const subject = await enrol(cast, at, signer);
    await permit(cast, signer, subject, { grantee });
    await permit(cast, signer, subject, { grantee: member("greenCross") });
    const denial = { subject, grantee, categories: ["billing"], purposes: ["HPAYMT"] } as const;
    await denyConsent(relay, await signConsent(signer, await prepareDenial(relay, denial)));
    const revocation = await prepareRevocation(relay, { subject, grantee, number: 0 });
    await revokeConsent(relay, await signConsent(signer, revocation));
    const all = await prepareRevocationOfAll(relay, { subject });
    await revokeAllConsents(relay, await signConsent(signer, all));
    const paper = { custodian: member(at), subject, grantee };
    const desk = world.as(`${at}Archive`);
    await enterDenial(desk, { ...paper, categories: ["laboratory"], purposes: ["TREAT"] });
    await liftDenial(desk, paper);
  }
};

/** A guardian enrols a child at two custodians and appoints a carer, who acts and steps back. */
const driveDelegates = async (cast: Cast): Promise<void> => {
  const { world, member } = cast;
  const relay = world.as("sunPharmacySystem");
  for (const at of ["stMary", "cityHospital"] as const) {
    const custodian = member(at);
    const [guardian, carer] = await Promise.all([
      cast.signer("guardian", custodian),
      cast.signer("carer", custodian),
    ]);
    const guardianUntil = (await world.now()) + 5 * 365 * DAY;
    const prepared = await prepareEnrolment(relay, { custodian, guardian: guardian.signer, guardianUntil });
    const signed = await signConsent(guardian, prepared);
    const { subject } = await enrolSubject(world.as(`${at}Archive`), signed);
    const delegation = await prepareDelegation(relay, {
      subject,
      delegate: 1,
      key: carer.signer,
      powers: ["GRANT", "DENY"],
      categories: ["laboratory"],
      purposes: ["TREAT"],
      validUntil: (await world.now()) + 90 * DAY,
    });
    const { number } = await appointDelegate(relay, await signConsent(guardian, delegation));
    await permit(cast, carer, subject, { delegate: number, grantee: member("greenCross") });
    const resigning = await prepareDelegationRevocation(relay, { subject, number, delegate: number });
    await revokeDelegate(relay, await signConsent(carer, resigning));
  }
};

/** A key is changed; a lost one is proposed anew three times: refused, withdrawn, adopted. */
const driveKeys = async (cast: Cast): Promise<void> => {
  const { world, member } = cast;
  const custodian = member("stMary");
  const [relay, archive] = [world.as("greenCrossSystem"), world.as("stMaryArchive")];
  const [lost, kept, ...fresh] = await Promise.all(
    [10, 11, 12, 13, 14].map((generation) => cast.signer(PATIENT, custodian, generation)),
  );
  const helper = await cast.signer("helper", custodian);
  const subject = await enrol(cast, "stMary", lost!);
  const change = await prepareKeyReplacement(relay, { subject, key: kept!.signer });
  await replaceSubjectKey(relay, {
    message: change.message,
    old: await authorizeConsent(lost!, change),
    fresh: await authorizeConsent(kept!, change),
  });
  const delegation = await prepareDelegation(relay, {
    subject,
    key: helper.signer,
    powers: ["RECOVER"],
    categories: "ALL",
    purposes: "ALL",
    validUntil: (await world.now()) + 365 * DAY,
  });
  await appointDelegate(relay, await signConsent(kept!, delegation));
  const propose = async (key: PatientSigner): Promise<void> => {
    const recovery = await prepareKeyRecovery(relay, { subject, key: key.signer, delegate: 1 });
    await proposeSubjectKey(archive, {
      custodian,
      message: recovery.message,
      byDelegate: await authorizeConsent(helper, recovery),
      fresh: await authorizeConsent(key, recovery),
    });
  };
  await propose(fresh[0]!);
  await refuseSubjectKey(relay, await signConsent(kept!, await prepareKeyRefusal(relay, { subject })));
  await propose(fresh[1]!);
  await withdrawSubjectKey(archive, { custodian, subject });
  await propose(fresh[2]!);
  await world.pass(OBJECTION);
  await adoptSubjectKey(relay, { subject });
};
