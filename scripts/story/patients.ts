/** What patients have: a wallet on the phone, or papers. Nothing of it reaches a hospital or a pharmacy but by the patient. */
import {
  type Announcement,
  type Client,
  computeHolderKey,
  createEnvelope,
  documentKeyFromStealth,
  findByHolder,
  generateStealthKeys,
  getEncryptionKey,
  getEvents,
  getPrescription,
  parseMetaAddress,
  scanAnnouncements,
  signAcceptance,
} from "@careledger/sdk";
import { Wallet, getBytes } from "ethers";

import type { AppHandover } from "./pharmacy.ts";
import { chainNow, missing } from "./system.ts";

/** A patient's app. */
export interface PatientApp {
  /** What the patient gives to prescribers. */
  readonly metaAddress: string;
  /** Looks through all announcements of the chain; ids of the patient's own prescriptions. */
  readonly scan: () => Promise<string[]>;
  /** Agrees that a site locks the fill that is due, and seals the document's key to its member. */
  readonly authorise: (prescription: string, member: number, site: number) => Promise<AppHandover>;
}

/** How long the patient lets the pharmacy keep the lock, seconds. */
const LOCK_TIME = 86_400;

/**
 * A new patient's app.
 * @param client Reads only: the patient sends no transaction and holds no gas.
 */
export const createApp = (client: Client): PatientApp => {
  const { spendingKey, viewingKey, metaAddress } = generateStealthKeys();
  const found = new Map<string, { readonly holderKey: string; readonly sharedSecret: Uint8Array }>();

  const scan = async (): Promise<string[]> => {
    const events = await getEvents(client, { contract: "prescriptionRegistry", events: ["Announcement"] });
    const announcements = events.map(({ values }) => values as unknown as Announcement);
    const { spendingPublicKey } = parseMetaAddress(metaAddress);
    for await (const match of scanAnnouncements({ viewingKey, spendingPublicKey }, announcements)) {
      const [view] = await findByHolder(client, { holder: match.holder });
      if (view === undefined) continue;
      const holderKey = computeHolderKey(spendingKey, match);
      found.set(view.prescription, { holderKey, sharedSecret: match.sharedSecret });
    }
    return [...found.keys()];
  };

  const authorise = async (prescription: string, member: number, site: number): Promise<AppHandover> => {
    const { holderKey, sharedSecret } = found.get(prescription) ?? missing("prescription of this patient");
    const { network } = client;
    const view = await getPrescription(client, prescription);
    const now = await chainNow(client);
    const fill = view.unitsLeft > 0n ? view.fill : view.fill + 1;
    const acceptance = { member, site, lockCount: view.lockCount + 1, fill, lockedUntil: now + LOCK_TIME };
    const authorisation = await signAcceptance(network, new Wallet(holderKey), {
      prescription: view,
      acceptance,
      deadline: now + 3_600,
    });
    const { value: encryptionKey } = await getEncryptionKey(client, member);
    const { prescriptionRegistry: registry } = network.addresses;
    const envelope = await createEnvelope(
      await documentKeyFromStealth(sharedSecret, prescription),
      getBytes(encryptionKey),
      { chainId: network.chainId, registry, prescription, member, site },
    );
    return { prescription, acceptance, authorisation, envelope };
  };

  return { metaAddress, scan, authorise };
};
