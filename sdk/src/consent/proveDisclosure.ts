import { findBlockAt } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { isCareLedgerError } from "../core/errors.ts";
import { checkBytes32, checkList, checkMember, checkNumber, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { merkleTreeOf } from "../core/merkle.ts";
import { consentError } from "./errors.ts";
import { type DisclosureWords, disclosureLeafOf } from "./disclosure.ts";
import { checkSubject } from "./input.ts";
import { isInBatch } from "./listDisclosures.ts";

/** Which disclosure of which batch. */
export interface ProveDisclosureParams {
  /** Member that recorded the batch. */
  readonly custodian: number;
  /** Root of the batch (`DisclosureView.batch`). */
  readonly root: string;
  /** Commitment of the disclosure. */
  readonly document: string;
}

/** A proof that a disclosure is in a batch that was recorded: plain JSON, to show to a court or a patient. */
export interface DisclosureProof {
  readonly custodian: number;
  readonly root: string;
  readonly disclosure: DisclosureWords;
  /** Class of the rule that allowed it, 0 when the rule was for the member. */
  readonly sector: number;
  /** Number of the rule. */
  readonly number: number;
  /** Its version. */
  readonly version: number;
  /** From the leaf to the root. */
  readonly proof: readonly string[];
}

/**
 * Prove that a disclosure is in a batch: rebuilds the batch's tree from its events and checks it against the root.
 *
 * @throws `InputInvalid`, `DisclosureBatchUnknown`, `DisclosureNotInBatch`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const proof = await proveDisclosure(client, { custodian: 2, root, document });
 */
export async function proveDisclosure(
  client: Client,
  params: ProveDisclosureParams,
): Promise<DisclosureProof> {
  checkObject("params", params);
  const custodian = checkMember("custodian", params.custodian);
  const root = checkBytes32("root", params.root, false);
  const document = checkBytes32("document", params.document, false);
  const members = (await batchOf(client, custodian, root)).map(({ values }) => {
    const { sector, number, version, ...rest } = values as unknown as DisclosureWords & RuleNumbers;
    const { subject, grantee, category, purpose, breakGlass } = rest;
    const disclosure = { subject, grantee, category, purpose, document: rest.document, breakGlass };
    return { disclosure, sector, number, version };
  });
  const tree = merkleTreeOf(members.map((each) => disclosureLeafOf(each.disclosure, each)));
  if (tree.root !== root) throw consentError("DisclosureBatchUnknown", { custodian, root });
  const index = members.findIndex((each) => each.disclosure.document === document);
  if (index === -1) throw consentError("DisclosureNotInBatch");
  return { custodian, root, ...members[index]!, proof: tree.proofOf(index) };
}

interface RuleNumbers {
  readonly sector: number;
  readonly number: number;
  readonly version: number;
}

/** The disclosures of a batch, in its order. */
async function batchOf(client: Client, custodian: number, root: string): Promise<DecodedEvent[]> {
  const { recordedAt } = await client.read("consentRegistry", "disclosureBatchOf", [custodian, root]);
  if (recordedAt === 0) throw consentError("DisclosureBatchUnknown", { custodian, root });
  const range = await blockRange(client, recordedAt as number);
  const contract = "consentRegistry";
  const batches = await getEvents(client, {
    contract,
    events: ["DisclosuresRecorded"],
    indexed: [custodian, root],
    ...range,
  });
  const [batch] = batches;
  if (batch === undefined) throw consentError("DisclosureBatchUnknown", { custodian, root });
  const { blockNumber } = batch;
  const events = await getEvents(client, {
    contract,
    events: ["DisclosureRecorded"],
    indexed: [undefined, undefined, custodian],
    fromBlock: blockNumber,
    toBlock: blockNumber,
  });
  return events.filter((event) => isInBatch(event, batch));
}

/** The block of a time; several have it on chains whose times repeat, so the search goes on from there. */
async function blockRange(client: Client, timestamp: number): Promise<{ fromBlock?: number }> {
  try {
    return { fromBlock: (await findBlockAt(client, timestamp)).number };
  } catch (error) {
    if (!isCareLedgerError(error, "BlockUnknown")) throw error;
    return {};
  }
}

/**
 * Whether a disclosure is in a batch that was recorded, as the chain sees it.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const holds = await verifyDisclosure(client, proof);
 */
export async function verifyDisclosure(client: Client, proof: DisclosureProof): Promise<boolean> {
  checkObject("proof", proof);
  const { disclosure } = proof;
  checkObject("disclosure", disclosure);
  const words: DisclosureWords = {
    subject: checkSubject("disclosure.subject", disclosure.subject),
    grantee: checkMember("disclosure.grantee", disclosure.grantee),
    category: checkNumber("disclosure.category", disclosure.category, 8),
    purpose: checkNumber("disclosure.purpose", disclosure.purpose, 8),
    document: checkBytes32("disclosure.document", disclosure.document, false),
    breakGlass: checkBytes32("disclosure.breakGlass", disclosure.breakGlass),
  };
  const args = [
    checkMember("custodian", proof.custodian),
    checkBytes32("root", proof.root, false),
    words,
    checkNumber("sector", proof.sector, 16),
    checkNumber("number", proof.number, 8),
    checkNumber("version", proof.version, 32),
    checkList("proof", proof.proof, 32, 0).map((node, index) => checkBytes32(`proof[${index}]`, node)),
  ];
  const { 0: holds } = await client.read("consentRegistry", "isDisclosed", args);
  return holds as boolean;
}
