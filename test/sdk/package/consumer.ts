/** A hospital's system as somebody else would write it: nothing but the installed package. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
  type CareLedgerError,
  type Network,
  type PrescriptionTerms,
  type PrescriptionView,
  commitDocument,
  createClient,
  createQrHolder,
  createSqliteJournal,
  documentKeyFromQr,
  fromMedicationRequest,
  getPrescription,
  isCareLedgerError,
  issuePrescription,
  openDocument,
  openDocumentStore,
  openPostgresVaultStore,
  operatorKeyOf,
  prescriptionIdOf,
  sealDocument,
  shiftWindow,
} from "@careledger/sdk";
import { Wallet } from "ethers";

/** What the system is told. */
interface Task {
  readonly network: Network;
  readonly signerKey: string;
  readonly issuer: number;
  /** File of a FHIR MedicationRequest. */
  readonly request: string;
  /** Unix seconds. */
  readonly now: number;
  /** Where it may write. */
  readonly folder: string;
}

const task = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Task;
const reading = { timeZone: "Europe/Amsterdam" };
const { network, issuer, folder } = task;
const signer = new Wallet(task.signerKey);
const journal = createSqliteJournal(join(folder, "sends.db"));
const client = createClient({ network, signer, journal, pollMs: 20 });
const store = openDocumentStore(join(folder, "documents.db"));

const request = shiftWindow(JSON.parse(readFileSync(task.request, "utf8")), task.now, reading);
const { unitsPerFill, fills, interval, validFrom, validUntil } = fromMedicationRequest(request, reading);
const { commitment, salt } = commitDocument(request);
const paper = createQrHolder();
const prescription: PrescriptionTerms = {
  issuer,
  prescriber: operatorKeyOf(signer.address),
  holder: paper.holder,
  commitment,
  unitsPerFill,
  fills,
  interval,
  validFrom,
  validUntil,
  reviewer: 0,
};

const id: string = prescriptionIdOf(prescription);
const place = {
  chainId: network.chainId,
  registry: network.addresses.prescriptionRegistry,
  prescription: id,
  custodian: issuer,
};
const key = await documentKeyFromQr(paper.holderKey, id);
await store.put(id, await sealDocument(request, salt, key, place));
const issued = await issuePrescription(client, {
  prescription,
  ephemeralKey: paper.ephemeralKey,
  key: "order-1",
});
const again = await issuePrescription(client, {
  prescription,
  ephemeralKey: paper.ephemeralKey,
  key: "order-1",
});

const view: PrescriptionView = await getPrescription(client, id);
const opened = await openDocument((await store.get(id)) ?? new Uint8Array(), key, place, view.commitment);
const refused: unknown = await issuePrescription(client, {
  prescription: { ...prescription, fills: 0 },
  ephemeralKey: paper.ephemeralKey,
}).catch((error: unknown) => error);
// The PostgreSQL driver is optional and not installed here.
const withoutDriver: unknown = await openPostgresVaultStore({ url: "postgresql://127.0.0.1/none" }).catch(
  (error: unknown) => error,
);
const typed: CareLedgerError | undefined = isCareLedgerError(refused, "InputInvalid") ? refused : undefined;

client.close();
journal.close();
await store.close();
const units: bigint = view.unitsPerFill;
console.log(
  JSON.stringify({
    node: process.versions.node,
    id,
    issuedOnce: issued.transactionHash === again.transactionHash,
    status: view.effectiveStatus,
    units: units.toString(),
    document: (opened.document as { id: string }).id,
    refused: typed?.toJSON(),
    withoutDriver: isCareLedgerError(withoutDriver) ? withoutDriver.code : undefined,
  }),
);
