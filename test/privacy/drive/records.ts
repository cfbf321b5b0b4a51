/** Records made from the examples: alone and in batches, superseded, retracted, ordered again, referred with. */
import {
  type DraftRecordParams,
  type RecordDraft,
  acceptReferral,
  anchorRecord,
  anchorRecords,
  commitRecordList,
  completeReferral,
  createRecordBatch,
  declineReferral,
  draftRecord,
  orderTest,
  parseMetaAddress,
  proposeReferral,
  repeatOrder,
  retractRecord,
  signReferral,
  supersedeRecord,
  withdrawReferral,
} from "@careledger/sdk";

import { type Cast, DAY, exampleOf } from "./cast.ts";

/** The patient of the published prescriptions; its records stand under the same meta-address. */
export const PATIENT = "Patient/pat1";
const OTHER = "Patient/f001";
const LOINC = { url: "http://loinc.org", version: "2.80" };

export async function driveRecords(cast: Cast): Promise<void> {
  const { world, member } = cast;
  const [stMary, city] = [member("stMary"), member("cityHospital")];
  const archive = world.as("stMaryArchive");
  const reusableUntil = (await world.now()) + 30 * DAY;
  const draft = (patient: string, example: string, change: Partial<DraftRecordParams> = {}) =>
    draftOf(cast, patient, example, { custodian: stMary, codeSystem: LOINC, ...change });

  // ── alone: two of one patient, at one custodian and at another ─────────────────────────────────────────────────────

  const image = await draft(PATIENT, "DiagnosticReport-f201", { category: "imaging" });
  const glucose = await draft(PATIENT, "Observation-f001", { reusableUntil });
  for (const each of [image, glucose]) await anchorRecord(archive, each);
  const culture = await draft(PATIENT, "Observation-f206", { custodian: city });
  await anchorRecord(world.as("cityHospitalArchive"), culture);

  // ── in a batch: superseded from it, retracted from it and alone ────────────────────────────────────────────────────

  const batched = await Promise.all([
    draft(PATIENT, "DocumentReference-example", { category: "clinical-notes" }),
    draft(OTHER, "Patient-f001", { category: "demographics" }),
    draft(PATIENT, "Patient-f201", { category: "demographics" }),
    draft(OTHER, "Observation-f001", { reusableUntil }),
    draft(PATIENT, "Observation-f206", { reusableUntil }),
    draft(OTHER, "DiagnosticReport-f201", { category: "imaging" }),
  ]);
  const batch = createRecordBatch(world.network, batched);
  await anchorRecords(archive, batch);
  // What the batch still holds is in its file alone.
  for (const [index, { record }] of batched.entries())
    if (index > 1 && index !== 4) cast.hide(`holder of record ${index} of the batch`, record.holder);
  const [note, demographics] = batched.map(({ record }, index) => ({
    record,
    origin: batch.originOf(index),
  }));
  const corrected = await draft(PATIENT, "DocumentReference-example", { category: "clinical-notes" });
  await supersedeRecord(archive, {
    ...note!,
    replacement: corrected.record,
    ephemeralKey: corrected.ephemeralKey,
  });
  await retractRecord(archive, { ...demographics!, member: stMary, reason: "WrongPatient" });
  await retractRecord(archive, { record: image.record, member: stMary, reason: "WrongContent" });

  // ── ordered again although a result may be used ────────────────────────────────────────────────────────────────────

  const { viewingKey, metaAddress } = cast.patient(PATIENT);
  const { spendingPublicKey } = parseMetaAddress(metaAddress);
  const viewing = { viewingKey, spendingPublicKey, fetchAnnouncements: () => Promise.resolve(batch.file) };
  await orderTest(world.as("drOkoye"), {
    ...viewing,
    member: city,
    category: "laboratory",
    reason: "ClinicalChange",
  });
  await repeatOrder(world.as("greenCrossSystem"), {
    record: glucose.record,
    member: member("greenCross"),
    reason: "QualityDoubt",
  });
  await driveReferrals(cast, [glucose, corrected, culture]);
}

const draftOf = async (
  cast: Cast,
  patient: string,
  example: string,
  change: Partial<DraftRecordParams> & { readonly custodian: number },
): Promise<RecordDraft> => {
  const drafted = await draftRecord(cast.world.as("stMaryArchive"), {
    patient: cast.patient(patient).metaAddress,
    commitment: cast.keep(example),
    category: "laboratory",
    ...change,
  });
  cast.hide(`shared secret of ${example}`, drafted.sharedSecret);
  return drafted;
};

const driveReferrals = async (
  { world, member, commit, hide, deadline }: Cast,
  [glucose, corrected, culture]: readonly RecordDraft[],
): Promise<void> => {
  const [stMary, city] = [member("stMary"), member("cityHospital")];
  const desk = world.as("cityHospitalSystem");
  const listOf = (...records: readonly RecordDraft[]): string => {
    const { commitment, salt } = commitRecordList(records.map(({ id }) => id));
    hide("salt of a list of records", salt);
    return commitment;
  };
  // The same letter and the same records, three times: nothing shows it.
  const referralOf = async () => ({
    from: stMary,
    to: city,
    referrer: world.operator("drAdler"),
    commitment: commit("derived-referral", exampleOf("ServiceRequest-derived-referral").resource),
    records: listOf(glucose!, corrected!),
    validUntil: (await world.now()) + 30 * DAY,
  });
  const referral = await referralOf();
  const signed = { referral, deadline: await deadline() };
  const attestation = await signReferral(world.network, world.wallet("drAdler"), signed);
  await proposeReferral(world.as("stMarySystem"), { referral, attestation });
  await acceptReferral(desk, { referral, member: city });
  await completeReferral(desk, { referral, member: city, outcome: listOf(culture!) });
  const [declined, withdrawn] = [await referralOf(), await referralOf()];
  for (const each of [declined, withdrawn]) await proposeReferral(world.as("drAdler"), { referral: each });
  await declineReferral(desk, { referral: declined, member: city, reason: "NoCapacity" });
  await withdrawReferral(world.as("stMarySystem"), { referral: withdrawn, member: stMary });
};
