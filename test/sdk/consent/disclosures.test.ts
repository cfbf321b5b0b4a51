import {
  type DisclosureTerms,
  breakGlass,
  breakGlassIdOf,
  checkBreakGlassTicket,
  createBreakGlassTicket,
  createEcdsaSigner,
  denyConsent,
  disclosureLeafOf,
  enrolSubject,
  escalateBreakGlass,
  appointOperator,
  dayOf,
  getBreakGlass,
  getBreakGlassStanding,
  grantConsent,
  licenseOperator,
  listBreakGlass,
  listDisclosures,
  merkleTreeOf,
  prepareDenial,
  prepareEnrolment,
  prepareGrant,
  prepareRevocation,
  proveDisclosure,
  recordDisclosure,
  recordDisclosures,
  reviewBreakGlass,
  revokeConsent,
  signBreakGlass,
  signConsent,
  verifyDisclosure,
  verifyMerkleProof,
} from "@careledger/sdk";
import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";

import { failsWith } from "../expect.ts";
import { type World, startWorld } from "../world.ts";

const DAY = 86_400;
const STMARY = 2;
const CITY = 3;
const random32 = (): string => hexlify(randomBytes(32));

describe("sdk disclosures and break-glass", () => {
  let world: World;

  before(async () => {
    world = await startWorld();
    const [operator, until] = [world.operator("drOkoye"), (await world.now()) + 300 * DAY];
    const duties = ["PRESCRIBE", "BREAK_GLASS"] as const;
    await appointOperator(world.as("cityHospital.admin"), { member: CITY, operator, duties, until });
    await licenseOperator(world.as("inspectorLicensing"), {
      authority: 1,
      member: CITY,
      operator,
      duties,
      throughDay: dayOf(new Date(until * 1_000)),
    });
  });
  after(() => world.close());

  const enrol = async () => {
    const patient = createEcdsaSigner(random32());
    const prepared = await prepareEnrolment(world.as("relay"), { custodian: STMARY, key: patient.signer });
    const { subject } = await enrolSubject(world.as("stMaryArchive"), await signConsent(patient, prepared));
    return { patient, subject };
  };
  const permitted = async () => {
    const { patient, subject } = await enrol();
    const prepared = await prepareGrant(world.as("relay"), {
      subject,
      grantee: CITY,
      categories: ["laboratory", "imaging"],
      purposes: ["TREAT"],
      validUntil: (await world.now()) + 30 * DAY,
    });
    await grantConsent(world.as("relay"), await signConsent(patient, prepared));
    return { patient, subject };
  };
  const disclosureOf = (subject: string, change: Partial<DisclosureTerms> = {}): DisclosureTerms => ({
    subject,
    grantee: CITY,
    category: "laboratory",
    purpose: "TREAT",
    document: random32(),
    ...change,
  });
  const archive = () => world.as("stMaryArchive");

  it("records what a rule allows, refuses the rest, and tells the patient who saw what, when and why", async () => {
    const { patient, subject } = await permitted();
    const disclosure = disclosureOf(subject);
    const recorded = await recordDisclosure(archive(), { custodian: STMARY, ...disclosure });
    expect(recorded).to.include({ subject, grantee: CITY, document: disclosure.document, version: 1 });
    await failsWith(
      recordDisclosure(archive(), { custodian: STMARY, ...disclosureOf(subject, { category: "billing" }) }),
      "DisclosureNotPermitted",
      { ruling: "NoRule" },
    );
    await failsWith(
      recordDisclosure(world.as("stMarySystem"), { custodian: STMARY, ...disclosure }),
      "DutyNotHeld",
    );
    await failsWith(
      recordDisclosure(archive(), { custodian: STMARY, ...disclosureOf(subject, { purpose: "BTG" }) }),
      "InputInvalid",
      { parameter: "purpose" },
    );
    const revocation = await prepareRevocation(world.as("relay"), { subject, grantee: CITY, number: 0 });
    await revokeConsent(world.as("relay"), await signConsent(patient, revocation));
    await failsWith(
      recordDisclosure(archive(), { custodian: STMARY, ...disclosure }),
      "DisclosureNotPermitted",
    );

    const [seen, ...more] = await listDisclosures(world.as("reader"), { subject });
    expect(more).to.deep.equal([]);
    expect(seen).to.deep.include({
      subject,
      grantee: CITY,
      custodian: STMARY,
      category: "laboratory",
      purpose: "TREAT",
      rule: { grantee: CITY, sector: undefined, number: 0, version: 1 },
      breakGlass: undefined,
      batch: undefined,
    });
    expect(Math.abs((seen?.disclosedAt ?? 0) - (await world.now()))).to.be.below(60);
  });

  it("records a batch under one root, and proves each of its disclosures", async () => {
    const [one, two] = [await permitted(), await permitted()];
    const disclosures = [one, two, one, two, one].map(({ subject }) => disclosureOf(subject));
    const single = disclosureOf(one.subject);
    await recordDisclosure(archive(), { custodian: STMARY, ...single });
    const { root, disclosures: recorded } = await recordDisclosures(archive(), {
      custodian: STMARY,
      disclosures,
    });
    expect(recorded.map(({ document }) => document)).to.deep.equal(
      disclosures.map(({ document }) => document),
    );
    await failsWith(
      recordDisclosures(archive(), { custodian: STMARY, disclosures }),
      "DisclosureBatchRecorded",
    );

    const seen = await listDisclosures(world.as("reader"), { subject: one.subject });
    expect(seen.map(({ batch }) => batch)).to.deep.equal([undefined, root, root, root]);
    for (const { document } of disclosures) {
      const proof = await proveDisclosure(world.as("reader"), { custodian: STMARY, root, document });
      expect(proof.disclosure.document).to.equal(document);
      expect(JSON.parse(JSON.stringify(proof))).to.deep.equal(proof);
      expect(await verifyDisclosure(world.as("reader"), proof)).to.equal(true);
      expect(verifyMerkleProof(root, disclosureLeafOf(proof.disclosure, proof), proof.proof)).to.equal(true);
      const forged = { ...proof, disclosure: { ...proof.disclosure, grantee: 4 } };
      expect(await verifyDisclosure(world.as("reader"), forged)).to.equal(false);
    }
    const asked = { custodian: STMARY, root, document: single.document };
    await failsWith(proveDisclosure(world.as("reader"), asked), "DisclosureNotInBatch");
    await failsWith(
      proveDisclosure(world.as("reader"), { ...asked, root: random32() }),
      "DisclosureBatchUnknown",
    );
    const mixed = [disclosureOf(one.subject), disclosureOf(one.subject, { category: "billing" })];
    await failsWith(
      recordDisclosures(archive(), { custodian: STMARY, disclosures: mixed }),
      "DisclosureNotPermitted",
    );
  });

  it("builds trees of every size that the contracts' proofs fit", () => {
    for (let size = 1; size <= 33; size++) {
      const leaves = Array.from({ length: size }, random32);
      const { root, proofOf } = merkleTreeOf(leaves);
      leaves.forEach((leaf, index) => {
        const proof = proofOf(index);
        expect(proof.length).to.be.at.most(Math.ceil(Math.log2(size)));
        expect(verifyMerkleProof(root, leaf, proof)).to.equal(true);
        expect(verifyMerkleProof(root, random32(), proof)).to.equal(false);
      });
    }
  });

  it("opens one patient's records in an emergency, binds them to the first, and lets others review it", async () => {
    const { subject } = await enrol();
    const other = await enrol();
    const name = { custodian: STMARY, patient: "urn:oid:2.999.1|4711" };
    const { ticket, salt } = createBreakGlassTicket(name);
    expect(checkBreakGlassTicket(ticket, name, salt)).to.equal(true);
    expect(checkBreakGlassTicket(ticket, { ...name, patient: "urn:oid:2.999.1|4712" }, salt)).to.equal(false);
    const terms = { member: CITY, custodian: STMARY, ticket, reason: "LifeThreatening" } as const;
    await failsWith(breakGlass(world.as("cityHospitalSystem"), terms), "DutyNotHeld");
    const deadline = (await world.now()) + 3_600;
    const attestation = await signBreakGlass(world.network, world.wallet("drOkoye"), { ...terms, deadline });
    const { id } = await breakGlass(world.as("cityHospitalSystem"), { ...terms, attestation });
    expect(id).to.equal(breakGlassIdOf({ ...terms, operator: world.operator("drOkoye") }));
    await failsWith(breakGlass(world.as("drOkoye"), terms), "BreakGlassTicketUsed");
    expect(await getBreakGlass(world.as("reader"), id)).to.include({ status: "Open", subject: undefined });
    expect(await listBreakGlass(world.as("reader"), { custodian: STMARY, unreviewed: true })).to.deep.equal(
      [],
    );

    const emergency = { purpose: "BTG", category: "allergies" } as const;
    const use = { custodian: STMARY, breakGlass: id, ...disclosureOf(subject, emergency) };
    await recordDisclosure(archive(), use);
    await failsWith(
      recordDisclosure(archive(), { ...use, ...disclosureOf(other.subject, emergency) }),
      "BreakGlassMismatch",
      { field: "subject" },
    );
    const [seen] = await listDisclosures(world.as("reader"), { subject });
    expect(seen).to.include({ purpose: "BTG", breakGlass: id, rule: undefined });
    const waiting = await listBreakGlass(world.as("reader"), { custodian: STMARY, unreviewed: true });
    expect(waiting.map(({ breakGlass: each }) => each)).to.deep.equal([id]);

    await failsWith(escalateBreakGlass(world.as("stranger"), { breakGlass: id }), "BreakGlassNotOverdue");
    await failsWith(
      reviewBreakGlass(world.as("cityHospitalSystem"), {
        breakGlass: id,
        reviewer: CITY,
        outcome: "Justified",
      }),
      "BreakGlassReviewerInvalid",
    );
    await reviewBreakGlass(archive(), { breakGlass: id, reviewer: STMARY, outcome: "Justified" });
    await failsWith(recordDisclosure(archive(), use), "BreakGlassAlreadyReviewed", { status: "Justified" });
    await reviewBreakGlass(world.as("inspectorField"), {
      breakGlass: id,
      reviewer: 1,
      outcome: "Unjustified",
    });
    expect(await getBreakGlass(world.as("reader"), id)).to.include({
      status: "Unjustified",
      overruled: true,
    });
    await failsWith(getBreakGlass(world.as("reader"), random32()), "BreakGlassNotFound");
  });

  it("suspends the duty of who is not reviewed, until a late review; obeys a denial of emergency access", async () => {
    const { patient, subject } = await enrol();
    const { ticket } = createBreakGlassTicket({ custodian: STMARY, patient: "4713" });
    const terms = { member: CITY, custodian: STMARY, ticket, reason: "PatientIncapable" } as const;
    const { id } = await breakGlass(world.as("drOkoye"), terms);
    const denial = await prepareDenial(world.as("relay"), {
      subject,
      grantee: CITY,
      categories: ["genomics"],
      purposes: ["BTG"],
    });
    await denyConsent(world.as("relay"), await signConsent(patient, denial));
    const use = { custodian: STMARY, breakGlass: id };
    const genes = disclosureOf(subject, { purpose: "BTG", category: "genomics" });
    await failsWith(recordDisclosure(archive(), { ...use, ...genes }), "BreakGlassDenied");
    await recordDisclosure(archive(), { ...use, ...disclosureOf(subject, { purpose: "BTG" }) });

    const { escalatesAt, reviewDueAt } = await getBreakGlass(world.as("reader"), id);
    const who = { member: CITY, operator: world.operator("drOkoye") };
    expect(await getBreakGlassStanding(world.as("reader"), who)).to.deep.equal({
      suspended: false,
      dueAt: reviewDueAt,
      unreviewed: 1,
    });
    await world.pass(escalatesAt - (await world.now()));
    const escalatable = await listBreakGlass(world.as("reader"), { escalatable: true });
    expect(escalatable.map(({ breakGlass: each }) => each)).to.deep.equal([id]);
    await escalateBreakGlass(world.as("stranger"), { breakGlass: id });
    expect(await listBreakGlass(world.as("reader"), { overdue: true })).to.deep.equal([]);
    await world.pass(reviewDueAt - (await world.now()));
    const overdue = await listBreakGlass(world.as("reader"), { member: CITY, overdue: true });
    expect(overdue.map(({ breakGlass: each, status }) => [each, status])).to.deep.equal([[id, "Escalated"]]);
    const again = { ...terms, ticket: random32() };
    await failsWith(breakGlass(world.as("drOkoye"), again), "BreakGlassSuspended", { dueAt: reviewDueAt });
    await reviewBreakGlass(world.as("inspectorField"), { breakGlass: id, reviewer: 1, outcome: "Justified" });
    await breakGlass(world.as("drOkoye"), again);
  });
});
