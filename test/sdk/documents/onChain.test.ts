/** The way of a document from the hospital to the pharmacy, on the real contracts. */
import { expect } from "chai";
import { Wallet, getBytes, hexlify } from "ethers";

import {
  closeMember,
  getEndpoint,
  nameSuccessor,
  publishEndpoint,
} from "../../../sdk/src/consortium/index.ts";
import { createClient } from "../../../sdk/src/core/client.ts";
import { operatorKeyOf } from "../../../sdk/src/core/input.ts";
import {
  type CustodianServer,
  commitDocument,
  createCustodian,
  createEnvelope,
  custodianChain,
  documentKeyFromQr,
  documentKeyFromStealth,
  fetchDocument,
  generateEncryptionKeys,
  openDisclosureLog,
  openDocumentStore,
  openEnvelope,
  sealDocument,
  serveCustodian,
} from "../../../sdk/src/documents/index.ts";
import {
  ANNOUNCEMENT_TOPIC,
  type EphemeralKey,
  computeHolderKey,
  createQrHolder,
  createStealthHolder,
  formatQr,
  generateStealthKeys,
  parseAnnouncement,
  parseMetaAddress,
  parseQr,
  scanAnnouncements,
} from "../../../sdk/src/holder/index.ts";
import { fromMedicationRequest, shiftWindow } from "../../../sdk/src/prescriptions/fhir/index.ts";
import {
  type PrescriptionTerms,
  acceptPrescription,
  issuePrescription,
  prescriptionIdOf,
  returnPrescription,
  signAcceptance,
} from "../../../sdk/src/prescriptions/index.ts";
import { verifiersOf } from "../../../deploy/index.ts";
import { type Deployed, connection, deployed, ethers, networkHelpers } from "../../fixtures/deployed.ts";
import { publishedRequest } from "../fhir/support.ts";
import { type Backend, type TestNode, startNode } from "../node.ts";
import { expectFault } from "./support.ts";

const reading = { timeZone: "Europe/Amsterdam" };
const site = 1;

describe("a document's way to the pharmacy, on the real contracts", () => {
  let world: Deployed;
  let node: TestNode;
  let server: CustodianServer;
  let close: (() => void | Promise<void>)[];
  let clientOf: (signer?: Wallet) => ReturnType<typeof createClient>;
  const store = openDocumentStore(":memory:");
  const log = openDisclosureLog(":memory:");

  beforeEach(async () => {
    world = await deployed();
    node = await startNode(connection.provider as unknown as Backend);
    close = [];
    const network = {
      name: "test",
      chainId: 20_261,
      rpcUrls: [node.url],
      addresses: world.addresses as never,
      verifiers: verifiersOf(world.addresses),
      deployedInBlock: 1,
    };
    clientOf = (signer) => {
      const client = createClient({ network, pollMs: 10, ...(signer === undefined ? {} : { signer }) });
      close.push(() => client.close());
      return client;
    };
    const chain = custodianChain(clientOf());
    const now = (): number => Math.floor(Date.now() / 1000);
    server = await serveCustodian(
      createCustodian({ member: world.members.stMary.id, store, log, chain, now, maxHeadAge: Infinity }),
    );
    close.push(
      () => server.close(),
      () => node.stop(),
    );
  });
  afterEach(async () => {
    for (const each of close) await each();
  });

  /** stMary writes a published request for a holder; what it seals under the key that `keyOf` gives goes to its custodian. */
  async function issue(
    holder: string,
    ephemeralKey: EphemeralKey,
    keyOf: (prescription: string) => Promise<Uint8Array>,
  ): Promise<PrescriptionTerms> {
    const now = await networkHelpers.time.latest();
    const request = shiftWindow(publishedRequest("medrx0302"), now, reading);
    const { unitsPerFill, fills, interval, validFrom, validUntil } = fromMedicationRequest(request, reading);
    const { commitment, salt } = commitDocument(request);
    const terms: PrescriptionTerms = {
      issuer: world.members.stMary.id,
      prescriber: operatorKeyOf(world.actors.drAdler.address),
      holder,
      commitment,
      unitsPerFill,
      fills,
      interval,
      validFrom,
      validUntil,
      reviewer: 0,
    };
    const prescription = prescriptionIdOf(terms);
    await store.put(
      prescription,
      await sealDocument(request, salt, await keyOf(prescription), placeOf(terms)),
    );
    await issuePrescription(clientOf(world.actors.drAdler), { prescription: terms, ephemeralKey });
    return terms;
  }

  const placeOf = (terms: PrescriptionTerms) => ({
    chainId: 20_261,
    registry: world.addresses.prescriptionRegistry,
    prescription: prescriptionIdOf(terms),
    custodian: terms.issuer,
  });

  async function accept(terms: PrescriptionTerms, holderKey: string): Promise<void> {
    const client = clientOf(world.actors.greenCrossSystem);
    const now = await networkHelpers.time.latest();
    const member = world.members.greenCross.id;
    const acceptance = { member, site, lockCount: 1, fill: 1, lockedUntil: now + 86_400 };
    const authorisation = await signAcceptance(client.network, new Wallet(holderKey), {
      prescription: terms,
      acceptance,
      deadline: now + 3_600,
    });
    await acceptPrescription(client, { prescription: terms, acceptance, authorisation });
  }

  const fetchAs = (signer: Wallet, terms: PrescriptionTerms, documentKey: Uint8Array, member: number) =>
    fetchDocument({
      ...placeOf(terms),
      endpoint: server.url,
      signer,
      member,
      site,
      documentKey,
      commitment: terms.commitment,
    });

  it("goes through an app: found by its announcement, handed on in an envelope, served to the lock holder only", async () => {
    const patient = generateStealthKeys();
    const stealth = createStealthHolder(patient.metaAddress);
    const terms = await issue(stealth.holder, stealth.ephemeralKey, (id) =>
      documentKeyFromStealth(stealth.sharedSecret, id),
    );

    const logs = await ethers.provider.getLogs({
      address: world.addresses.prescriptionRegistry,
      topics: [ANNOUNCEMENT_TOPIC],
      fromBlock: 0,
    });
    const announcements = logs.map((each) => parseAnnouncement(each)!);
    const keys = { viewingKey: patient.viewingKey, ...parseMetaAddress(patient.metaAddress) };
    const found = [];
    for await (const each of scanAnnouncements(keys, announcements)) found.push(each);
    expect(found.map((each) => each.holder)).to.deep.equal([stealth.holder]);
    const [match] = found;

    const { publicKey, privateKey } = await generateEncryptionKeys();
    const prescription = prescriptionIdOf(terms);
    const member = world.members.greenCross.id;
    const recipient = { ...placeOf(terms), member, site };
    const sent = await createEnvelope(
      await documentKeyFromStealth(match!.sharedSecret, prescription),
      publicKey,
      recipient,
    );
    const documentKey = await openEnvelope(sent, privateKey, recipient);

    const { greenCrossSystem, pharmacistBerg, sunPharmacySystem, drAdler, stranger } = world.actors;
    await expectFault(fetchAs(greenCrossSystem, terms, documentKey, member), "CustodianRefused");
    await accept(terms, computeHolderKey(patient.spendingKey, match!));
    for (const signer of [greenCrossSystem, pharmacistBerg]) {
      const { document } = await fetchAs(signer, terms, documentKey, member);
      expect((document as { id: string }).id).to.equal("medrx0302");
    }
    for (const signer of [sunPharmacySystem, drAdler, stranger]) {
      await expectFault(fetchAs(signer, terms, documentKey, member), "CustodianRefused");
    }
    await expectFault(
      fetchAs(sunPharmacySystem, terms, documentKey, world.members.sunPharmacy.id),
      "CustodianRefused",
    );
    const records = await log.list(prescription);
    expect(records.map((each) => each.operator)).to.deep.equal(
      [greenCrossSystem, pharmacistBerg].map((each) => operatorKeyOf(each.address)),
    );
    expect(records[0]).to.include({ member, site, lockCount: 1 });

    await returnPrescription(clientOf(greenCrossSystem), { prescription: terms, member, site, lockCount: 1 });
    await expectFault(fetchAs(greenCrossSystem, terms, documentKey, member), "CustodianRefused");

    await node.stop();
    const down = await expectFault(fetchAs(greenCrossSystem, terms, documentKey, member), "CustodianRefused");
    expect(down.values).to.deep.equal({ status: 503, reason: "CustodianChainUnavailable" });
    await node.start();
  });

  it("goes by paper: the QR code opens lock and document", async () => {
    const paper = createQrHolder();
    const terms = await issue(paper.holder, paper.ephemeralKey, (id) =>
      documentKeyFromQr(paper.holderKey, id),
    );
    const text = formatQr({
      chainId: 20_261,
      prescription: prescriptionIdOf(terms),
      holderKey: paper.holderKey,
    });
    const scanned = parseQr(text, 20_261);
    expect(scanned.holder).to.equal(terms.holder);
    await accept(terms, scanned.holderKey);
    const documentKey = await documentKeyFromQr(scanned.holderKey, scanned.prescription);
    const { document, salt } = await fetchAs(
      world.actors.greenCrossSystem,
      terms,
      documentKey,
      world.members.greenCross.id,
    );
    expect(commitDocument(document, salt).commitment).to.equal(terms.commitment);
    expect(hexlify(salt)).not.to.equal(hexlify(getBytes(terms.commitment)));
  });

  it("goes on through a successor: what the closed issuer sealed, served and opened", async () => {
    const { governance, cityHospitalAdmin, greenCrossSystem } = world.actors;
    const successor = world.members.cityHospital.id;
    const paper = createQrHolder();
    const terms = await issue(paper.holder, paper.ephemeralKey, (id) =>
      documentKeyFromQr(paper.holderKey, id),
    );
    await accept(terms, paper.holderKey);
    await closeMember(clientOf(governance), { member: terms.issuer });
    await nameSuccessor(clientOf(governance), { member: terms.issuer, successor });
    await publishEndpoint(clientOf(cityHospitalAdmin), {
      member: successor,
      endpoint: "https://documents.cityhospital.example",
    });
    const { member: custodian } = await getEndpoint(clientOf(), terms.issuer);
    expect(custodian).to.equal(successor);

    const successorServer = await serveCustodian(
      createCustodian({
        member: successor,
        store,
        log,
        chain: custodianChain(clientOf()),
        maxHeadAge: Infinity,
      }),
    );
    close.unshift(() => successorServer.close());
    const request = {
      ...placeOf(terms),
      custodian,
      endpoint: successorServer.url,
      signer: greenCrossSystem,
      member: world.members.greenCross.id,
      site,
      documentKey: await documentKeyFromQr(paper.holderKey, prescriptionIdOf(terms)),
      commitment: terms.commitment,
    };
    const { document } = await fetchDocument({ ...request, sealedFor: terms.issuer });
    expect((document as { id: string }).id).to.equal("medrx0302");
    await expectFault(fetchDocument(request), "DocumentUnreadable");
    const refused = await expectFault(
      fetchDocument({ ...request, custodian: terms.issuer }),
      "CustodianRefused",
    );
    expect(refused.values).to.deep.equal({ status: 401, reason: "DocumentRequestNotForUs" });
  });
});
