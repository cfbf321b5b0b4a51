/** stMary keeps records of a patient and serves them; cityHospital reads; everybody else tries to. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type Client,
  type CustodianServer,
  type DisclosureDesk,
  type EncryptionKeys,
  type FetchRecordParams,
  type PatientSigner,
  type RecordChain,
  type RecordCustodianOptions,
  type RecordIndex,
  type RecordOrigin,
  type RecordTerms,
  type Vault,
  type VaultStore,
  anchorRecord,
  appointOperator,
  commitRecord,
  createEcdsaSigner,
  createRecordCustodian,
  createSqliteJournal,
  dayOf,
  draftRecord,
  enrolSubject,
  fetchRecord,
  generateEncryptionKeys,
  generateStealthKeys,
  grantConsent,
  licenseOperator,
  openDisclosureDesk,
  openRecordIndex,
  openVault,
  openVaultKeyring,
  openVaultStore,
  prepareEnrolment,
  prepareGrant,
  prepareRevocation,
  publishEncryptionKey,
  publishEndpoint,
  recordChain,
  revokeConsent,
  serveCustodian,
  signConsent,
  storeRecord,
} from "@careledger/sdk";
import { Wallet, ZeroHash, hexlify } from "ethers";

import { type World, startWorld } from "../world.ts";

export const NO_ORIGIN: RecordOrigin = { root: ZeroHash, proof: [] };
export const identity = "urn:oid:2.999.1|4711";

/** A record that was stored and anchored. */
export interface Kept {
  readonly record: string;
  readonly terms: RecordTerms;
  readonly origin: RecordOrigin;
  readonly text: string;
}

/** Everything of one custodian and one patient on one chain. */
export interface Ward {
  readonly world: World;
  readonly folder: string;
  readonly vault: Vault;
  readonly index: RecordIndex;
  desk: DisclosureDesk;
  /** The archive's client: ANCHOR_RECORD, DISCLOSE, CUSTODY; its journal is a file. */
  archive: Client;
  readonly patient: PatientSigner;
  readonly subject: string;
  readonly keys: EncryptionKeys;
  readonly stMary: number;
  readonly cityHospital: number;
  /** Store a text, anchor it, enter it in the index. */
  keep(text: string, category?: string, subject?: string): Promise<Kept>;
  grant(change?: object): Promise<number>;
  revoke(number: number): Promise<void>;
  /** A custodian on a port of its own, closed with the ward. */
  serve(change?: Partial<RecordCustodianOptions>): Promise<CustodianServer>;
  fetch(
    endpoint: string,
    kept: Kept,
    change?: Partial<FetchRecordParams>,
    actor?: string,
  ): ReturnType<typeof fetchRecord>;
  /** Take up work as another process would: desk and client opened anew on the same files. */
  restart(): void;
  close(): Promise<void>;
}

/** @param open The vault's store; SQLite in the ward's folder when left out. */
export async function openWard(open?: () => Promise<VaultStore>): Promise<Ward> {
  const world = await startWorld();
  const folder = mkdtempSync(join(tmpdir(), "careledger-ward-"));
  const { stMary, cityHospital, inspector } = world.members as Record<string, number>;
  if (stMary === undefined || cityHospital === undefined || inspector === undefined)
    throw new Error("no members");
  const until = (await world.now()) + 5 * 365 * 86_400;
  const throughDay = dayOf(new Date((until - 86_400) * 1_000));
  const drVega = { member: cityHospital, operator: world.operator("drVega") };
  await appointOperator(world.as("cityHospital.admin"), { ...drVega, duties: ["BREAK_GLASS"], until });
  await licenseOperator(world.as("inspectorLicensing"), {
    ...drVega,
    authority: inspector,
    duties: ["BREAK_GLASS"],
    throughDay,
  });
  const keys = await generateEncryptionKeys();
  await publishEncryptionKey(world.as("cityHospital.admin"), {
    member: cityHospital,
    encryptionKey: hexlify(keys.publicKey),
  });

  const journals: ReturnType<typeof createSqliteJournal>[] = [];
  const connect = (): Client => {
    const journal = createSqliteJournal(join(folder, "sends.db"));
    journals.push(journal);
    return world.as("stMaryArchive", { journal });
  };
  const store = open === undefined ? openVaultStore(join(folder, "vault.db")) : await open();
  const keyring = openVaultKeyring(join(folder, "keys.db"), new Uint8Array(32).fill(7));
  const place = { chainId: world.network.chainId, registry: world.network.addresses.recordRegistry };
  const vault = await openVault({ ...place, member: stMary, store, keyring });
  const archive = connect();
  const patient = createEcdsaSigner(Wallet.createRandom().privateKey);
  const enrolment = await prepareEnrolment(archive, { custodian: stMary, key: patient.signer });
  const { subject } = await enrolSubject(archive, await signConsent(patient, enrolment));
  const { metaAddress } = generateStealthKeys();
  const relay = world.as("stranger");
  const servers: CustodianServer[] = [];
  const ward: Ward = {
    world,
    folder,
    vault,
    index: openRecordIndex(join(folder, "index.db")),
    desk: openDisclosureDesk(join(folder, "desk.db")),
    archive,
    patient,
    subject,
    keys,
    stMary,
    cityHospital,
    keep: async (text, category = "laboratory", whose = subject) => {
      const content = { mediaType: "text/plain", content: new TextEncoder().encode(text) };
      const { commitment, salt } = commitRecord(content);
      const draft = await draftRecord(ward.archive, {
        patient: metaAddress,
        custodian: stMary,
        commitment,
        category,
      });
      await storeRecord(vault, { record: draft.id, ...content, salt });
      await anchorRecord(ward.archive, draft);
      const entry = { record: draft.id, subject: whose, terms: draft.record, origin: NO_ORIGIN };
      await ward.index.put([entry]);
      return { record: draft.id, terms: draft.record, origin: NO_ORIGIN, text };
    },
    grant: async (change = {}) => {
      const terms = {
        subject,
        grantee: cityHospital,
        categories: ["laboratory"],
        purposes: ["TREAT"],
        validUntil: (await world.now()) + 86_400,
        ...change,
      };
      const prepared = await prepareGrant(relay, terms as Parameters<typeof prepareGrant>[1]);
      return (await grantConsent(relay, await signConsent(patient, prepared))).number;
    },
    revoke: async (number) => {
      const prepared = await prepareRevocation(relay, { subject, grantee: cityHospital, number });
      await revokeConsent(relay, await signConsent(patient, prepared));
    },
    serve: async (change = {}) => {
      const { index, desk } = ward;
      const options = {
        vault,
        index,
        desk,
        chain: recordChain(ward.archive),
        maxHeadAge: 86_400 * 30,
        ...change,
      };
      const server = await serveCustodian(createRecordCustodian(options));
      servers.push(server);
      return server;
    },
    fetch: (endpoint, kept, change = {}, actor = "cityHospitalSystem") =>
      fetchRecord(world.as(actor), {
        record: kept.record,
        subject,
        category: "laboratory",
        purpose: "TREAT",
        custodian: stMary,
        member: cityHospital,
        privateKey: keys.privateKey,
        endpoint,
        ...change,
      }),
    restart: () => {
      ward.archive = connect();
      ward.desk = openDisclosureDesk(join(folder, "desk.db"));
    },
    close: async () => {
      for (const server of servers) await server.close();
      await world.close();
      for (const journal of journals) journal.close();
      await vault.store.close();
      await vault.keyring.close();
      await ward.index.close();
      await ward.desk.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await publishEndpoint(world.as("stMary.admin"), { member: stMary, endpoint: "http://127.0.0.1:9" });
  return ward;
}

/** A chain that is asked through `over` first. */
export function chainWith(chain: RecordChain, over: Partial<RecordChain>): RecordChain {
  return { ...chain, ...over };
}
