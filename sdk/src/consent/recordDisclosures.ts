import type { DisclosureRecordedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, eventsOf, onlyEvent, submit } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkList, checkMember, checkObject, inputError } from "../core/input.ts";
import { type DisclosureTerms, checkDisclosure, disclosureWords, isBreakGlass } from "./disclosure.ts";

/** Most disclosures at once. */
export const DISCLOSURES_MOST = 200;

/** What recordDisclosures needs. */
export interface RecordDisclosuresParams extends SendParams {
  /** The subjects' custodian, or its successor, for which the caller acts. */
  readonly custodian: number;
  /** 1 to 200, each allowed by a rule; those by break-glass are recorded one by one. */
  readonly disclosures: readonly DisclosureTerms[];
}

/** A batch of disclosures. */
export interface DisclosuresRecorded extends Acted {
  /** Root of the Merkle tree over them, see `proveDisclosure`. */
  readonly root: string;
  /** In the order of the call. */
  readonly disclosures: readonly DisclosureRecordedEvent[];
}

/**
 * Record up to 200 disclosures under one Merkle root, all or none, each of them allowed now by a rule. Caller: a DISCLOSE
 * operator of the custodian.
 *
 * @throws `InputInvalid`, `DisclosureBatchSizeInvalid`, `DisclosureBatchRecorded`, `DisclosureNotPermitted`,
 * `DisclosureInvalid`, `SubjectUnknown`, `SubjectOfOther`, `DutyNotHeld`, `DomainIsPaused`, and what sending can meet.
 * @example
 * const { root } = await recordDisclosures(client, { custodian: 2, disclosures });
 */
export async function recordDisclosures(
  client: Client,
  params: RecordDisclosuresParams,
): Promise<DisclosuresRecorded> {
  checkObject("params", params);
  const custodian = checkMember("custodian", params.custodian);
  const disclosures = checkList("disclosures", params.disclosures, DISCLOSURES_MOST);
  disclosures.forEach((disclosure, index) => {
    checkDisclosure(`disclosures[${index}].`, disclosure);
    if (isBreakGlass(disclosure.purpose)) {
      const expected = "a purpose other than BTG; recordDisclosure takes those by break-glass";
      throw inputError(`disclosures[${index}].purpose`, "no rule allows BTG", expected);
    }
  });
  const words = await Promise.all(
    disclosures.map((disclosure, index) => disclosureWords(client, `disclosures[${index}].`, disclosure)),
  );
  const contract = "consentRegistry";
  const receipt = await submit(client, contract, {
    name: "recordDisclosures",
    args: [custodian, words],
    key: params.key,
  });
  const { root, transactionHash, blockNumber, gasUsed } = onlyEvent(
    client,
    contract,
    "DisclosuresRecorded",
    receipt,
  );
  const recorded = eventsOf(client, contract, "DisclosureRecorded", receipt);
  return { root, transactionHash, blockNumber, gasUsed, disclosures: recorded };
}
