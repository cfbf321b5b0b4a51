import { concat } from "ethers";

import type { Client } from "../core/client.ts";
import { checkBytes, checkBytes32, checkNumber, checkObject } from "../core/input.ts";
import { type Announcement, scanAnnouncements } from "../holder/stealth.ts";
import { type FoundDose, recordedDoses } from "./recordedDoses.ts";

/** A dose that is the patient's. */
export interface PatientDose extends FoundDose {
  /** `documentKeyFromStealth` and `computeHolderKey` take it. */
  readonly sharedSecret: Uint8Array<ArrayBuffer>;
}

/**
 * The doses that were given to a patient, found by the viewing key among all doses (ERC-5564, scheme 1). Nobody is told which.
 *
 * @param params.viewingKey The patient's, private; never leaves this process.
 * @param params.spendingPublicKey From the meta-address (`parseMetaAddress`).
 * @param params.fromBlock First block to search; the deployment's when absent.
 * @throws `InputInvalid`, `HolderKeyInvalid`, `MetaAddressInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const { spendingPublicKey } = parseMetaAddress(metaAddress);
 * const doses = await findDoses(client, { viewingKey, spendingPublicKey });
 */
export async function findDoses(
  client: Client,
  params: {
    readonly viewingKey: string;
    readonly spendingPublicKey: string;
    readonly fromBlock?: number;
  },
): Promise<PatientDose[]> {
  checkObject("params", params);
  const viewingKey = checkBytes32("viewingKey", params.viewingKey, false);
  const spendingPublicKey = checkBytes("spendingPublicKey", params.spendingPublicKey, 33, 33);
  const { fromBlock } = params;
  if (fromBlock !== undefined) checkNumber("fromBlock", fromBlock, 32);
  const doses = await recordedDoses(client, undefined, fromBlock);
  const announcements = doses.map((dose): Announcement & { readonly dose: FoundDose } => ({
    schemeId: 1n,
    stealthAddress: dose.holder,
    ephemeralPubKey: concat([dose.ephemeralKey.prefix, dose.ephemeralKey.x]),
    metadata: dose.ephemeralKey.viewTag,
    dose,
  }));
  const found: PatientDose[] = [];
  for await (const { announcement, sharedSecret } of scanAnnouncements(
    { viewingKey, spendingPublicKey },
    announcements,
  )) {
    found.push({ ...announcement.dose, sharedSecret });
  }
  return found;
}
