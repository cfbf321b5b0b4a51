import {
  type CertificateOrder,
  type PublishedRoots,
  anchorRecord,
  anchorRecords,
  certificateContent,
  certificateToQr,
  draftCertificates,
  draftRecord,
  findRecords,
  generateStealthKeys,
  issueCertificates,
  parseMetaAddress,
  publishedRoots,
  readAnnouncements,
  retractRecord,
  supersedeRecord,
  verifyCertificate,
  verifyRecord,
} from "@careledger/sdk";
import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";

import { failsWith } from "../expect.ts";
import { type World, startWorld } from "../world.ts";

const STMARY = 2;
const CITY = 3;
const CVX = { url: "http://hl7.org/fhir/sid/cvx", version: "20250101" };

describe("sdk certificates", () => {
  let world: World;

  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  const archive = () => world.as("stMaryArchive");
  const reader = () => world.as("reader");
  const orderOf = (name: string, patient?: string): CertificateOrder => ({
    certificate: {
      name,
      birthDate: "1987",
      vaccine: { system: CVX.url, code: "104" },
      lotNumber: "PT123F",
      administeredOn: "2026-03-02",
      seriesDose: 1,
    },
    patient,
  });
  const draft = (orders: readonly CertificateOrder[], issuer = STMARY) =>
    draftCertificates(reader(), { issuer, category: "immunizations", codeSystem: CVX, certificates: orders });
  /** What a device stores: nothing but text. */
  const stored = (roots: PublishedRoots): PublishedRoots =>
    JSON.parse(JSON.stringify(roots)) as PublishedRoots;

  it("are issued once as a batch, shown as a code, and verified from a file alone until they are retracted", async () => {
    const patient = generateStealthKeys();
    const { spendingPublicKey } = parseMetaAddress(patient.metaAddress);
    const names = ["Noor van Dijk", "J. de Vries", "王小明", "Ada"];
    const orders = names.map((name, index) => orderOf(name, index === 0 ? patient.metaAddress : undefined));
    const batch = await draft(orders);
    expect(batch.certificates.map(({ certificate }) => certificate.name)).to.deep.equal(names);
    expect(batch.certificates[0]!.certificate.issuer).to.equal(STMARY);
    expect(readAnnouncements(batch.file).records).to.have.length(4);

    const empty = await publishedRoots(reader());
    const issued = await issueCertificates(archive(), { ...batch, key: "certificates-1" });
    const again = await issueCertificates(archive(), { ...batch, key: "certificates-1" });
    expect(again.transactionHash).to.equal(issued.transactionHash);
    await failsWith(
      issueCertificates(archive(), { ...(await draft(orders)), key: "certificates-1" }),
      "SendKeyReused",
    );
    await failsWith(issueCertificates(archive(), batch), "RecordBatchAlreadyAnchored");
    await failsWith(issueCertificates(world.as("stranger"), await draft(orders)), "DutyNotHeld");

    const codes = issued.certificates.map((each) => certificateToQr(each));
    const roots = stored(await publishedRoots(reader()));
    expect(roots).to.include({ chainId: world.network.chainId, time: await world.now() });
    expect(roots.batches.map(({ custodian, root, count }) => [custodian, root, count])).to.deep.equal([
      [STMARY, batch.root, 4],
    ]);
    const asked = world.node.asked.length;
    const verify = (qr: string, file = roots, now = roots.time) =>
      verifyCertificate({ qr, roots: file, maxAge: 86_400, issuers: [STMARY], now });
    for (const [index, qr] of codes.entries()) {
      const { certificate, publishedAt, asOf } = verify(qr);
      expect(certificate).to.deep.equal({ ...orders[index]!.certificate, issuer: STMARY });
      expect([publishedAt, asOf]).to.deep.equal([roots.batches[0]!.anchoredAt, roots.time]);
    }
    await failsWith(() => verify(codes[0]!, stored(empty)), "CertificateRootUnknown");
    await failsWith(() => verify(codes[0]!, roots, roots.time + 86_401), "RootsTooOld");
    expect(world.node.asked.length, "asked the node").to.equal(asked);

    // Wallet and ledger know the record too.
    const [first, second] = issued.certificates;
    const { records } = await findRecords(reader(), {
      viewingKey: patient.viewingKey,
      spendingPublicKey,
      fetchAnnouncements: async () => batch.file,
    });
    expect(records.map(({ record }) => record)).to.deep.equal([first!.record]);
    const { record, origin, salt } = first!;
    const content = certificateContent(first!.certificate);
    expect(await verifyRecord(reader(), { record, origin, content, salt })).to.include({
      authentic: true,
      status: "Current",
    });

    await retractRecord(archive(), { record, origin, member: STMARY, reason: "WrongPatient" });
    const replacement = await draftRecord(reader(), {
      patient: patient.metaAddress,
      custodian: STMARY,
      commitment: hexlify(randomBytes(32)),
      category: "immunizations",
    });
    await supersedeRecord(archive(), {
      record: second!.record,
      origin: second!.origin,
      replacement: replacement.record,
      ephemeralKey: replacement.ephemeralKey,
    });
    const later = stored(await publishedRoots(reader(), { previous: roots }));
    expect(later).to.deep.equal(stored(await publishedRoots(reader())));
    await failsWith(() => verify(codes[0]!, later), "CertificateRetracted");
    await failsWith(() => verify(codes[1]!, later), "CertificateSuperseded");
    expect(verify(codes[2]!, later).certificate.name).to.equal("王小明");
    // Who did not renew the file does not know it yet; its limit says for how long.
    expect(verify(codes[0]!, roots).certificate.name).to.equal("Noor van Dijk");
  });

  it("do not hold when another member anchors the issuer's records, or in its name", async () => {
    const city = world.as("cityHospitalArchive");
    const forged = await draft([orderOf("Mallory"), orderOf("Eve")]);
    await anchorRecords(city, { ...forged, custodian: CITY });
    const qr = certificateToQr(forged.certificates[0]!);
    const before = await publishedRoots(reader());
    const check = (roots: PublishedRoots) => verifyCertificate({ qr, roots, maxAge: 60, now: roots.time });
    await failsWith(() => check(before), "CertificateIssuerWrong", { named: STMARY, issuer: CITY });
    await failsWith(issueCertificates(city, { ...forged, custodian: CITY }), "InputInvalid", {
      parameter: "certificates[0]",
    });
    await issueCertificates(archive(), forged);
    expect(check(await publishedRoots(reader(), { previous: before })).certificate.name).to.equal("Mallory");
  });

  it("roots are read on from earlier ones of the same network only, and hold records that were anchored alone", async () => {
    const single = await draftRecord(reader(), {
      patient: generateStealthKeys().metaAddress,
      custodian: STMARY,
      commitment: hexlify(randomBytes(32)),
      category: "immunizations",
    });
    const before = await publishedRoots(reader());
    await anchorRecord(archive(), single);
    await retractRecord(archive(), { record: single.record, member: STMARY, reason: "Duplicate" });
    const after = await publishedRoots(reader(), { previous: before });
    expect(after.batches).to.deep.equal(before.batches);
    expect(after.ended.slice(before.ended.length)).to.deep.equal([
      { record: single.id, status: "Retracted" },
    ]);
    const other = async (change: Partial<PublishedRoots>, code: string, values = {}) =>
      failsWith(publishedRoots(reader(), { previous: { ...after, ...change } }), code, values);
    await other({ chainId: 1 }, "RootsOfOther", { field: "chain" });
    await other({ registry: world.network.addresses.memberRegistry }, "RootsOfOther", { field: "registry" });
    await other({ block: after.block + 1 }, "BlockUnknown");
    await other({ batches: [{}] as never }, "RootsMalformed", { field: "batches[0].custodian" });
  });

  it("refuses drafts and batches that cannot be", async () => {
    const right = { issuer: STMARY, category: "immunizations", certificates: [orderOf("Noor")] };
    const drafting = (change: object, code: string, values = {}) =>
      failsWith(draftCertificates(reader(), { ...right, ...change }), code, values);
    await drafting({ issuer: 0 }, "InputInvalid", { parameter: "issuer" });
    await drafting({ category: "nothing" }, "InputInvalid", { parameter: "category" });
    await drafting({ codeSystem: 0 }, "InputInvalid", { parameter: "codeSystem" });
    await drafting({ codeSystem: { ...CVX, version: "0" } }, "InputInvalid", { parameter: "codeSystem" });
    await drafting({ certificates: [] }, "InputInvalid", { parameter: "certificates" });
    await drafting({ certificates: [{}] }, "InputInvalid", { parameter: "certificates[0].certificate" });
    await drafting({ certificates: [{ ...orderOf("Noor"), patient: 1 }] }, "InputInvalid");
    await drafting({ certificates: [orderOf("Noor", "st:eth:0x00")] }, "MetaAddressInvalid");
    await drafting({ certificates: [orderOf(" ")] }, "CertificateInvalid", { field: "name" });

    const [batch, other] = [await draft([orderOf("Noor")]), await draft([orderOf("Ada")])];
    const issuing = (change: object, parameter: string) =>
      failsWith(issueCertificates(archive(), { ...batch, ...change }), "InputInvalid", { parameter });
    await issuing({ certificates: other.certificates }, "certificates[0]");
    await issuing({ certificates: [] }, "certificates");
    await issuing({ count: 2 }, "certificates");
    await issuing({ root: "0x" }, "certificates[0]");
    await issuing({ certificates: [{}] }, "certificates[0]");
    await issuing({ announcements: "0x" }, "announcements");
  });
});
