import { keccak256, toUtf8Bytes } from "ethers";

import type { Client } from "../core/client.ts";
import { sdkError } from "../core/errorCatalogue.ts";
import { getEvents } from "../core/logs.ts";
import { getMember } from "./getMember.ts";
import type { Member } from "./types.ts";

/** Most successors that are followed, as on chain. */
const SUCCESSORS_MOST = 8;

/** What a member published, proven against the chain. */
export interface Publication {
  /** Who published it: the member asked for, or its last successor. */
  readonly member: number;
  readonly value: string;
  /** Block of the publication. */
  readonly blockNumber: number;
}

interface Kind {
  readonly what: string;
  readonly event: string;
  readonly field: string;
  readonly hashOf: (value: string) => string;
  readonly placeOf: (member: Member) => { readonly hash: string; readonly block: number };
}

/** The encryption key that a member publishes. */
export const encryptionKeyKind: Kind = {
  what: "encryption key",
  event: "MemberEncryptionKeyPublished",
  field: "encryptionKey",
  hashOf: keccak256,
  placeOf: (member) => ({ hash: member.encryptionKeyHash, block: member.encryptionKeyBlock }),
};

/** The endpoint that a member publishes. */
export const endpointKind: Kind = {
  what: "endpoint",
  event: "MemberEndpointPublished",
  field: "endpoint",
  hashOf: (value) => keccak256(toUtf8Bytes(value)),
  placeOf: (member) => ({ hash: member.endpointHash, block: member.endpointBlock }),
};

/** What a member published last; a closed member's successor speaks for it. The value is checked against its hash. */
export async function readPublication(client: Client, asked: number, kind: Kind): Promise<Publication> {
  const found = await standingMember(client, asked);
  const { member } = found;
  const { hash, block } = kind.placeOf(found);
  if (BigInt(hash) === 0n) throw sdkError("PublicationMissing", { member, what: kind.what });
  const events = await getEvents(client, {
    contract: "memberRegistry",
    events: [kind.event],
    indexed: [member],
    fromBlock: block,
    toBlock: block,
  });
  const values = events.map((event) => String(event.values[kind.field]));
  const value = values.findLast((each) => kind.hashOf(each) === hash);
  if (value === undefined) throw sdkError("PublicationMismatch", { member, what: kind.what });
  return { member, value, blockNumber: block };
}

async function standingMember(client: Client, asked: number): Promise<Member> {
  let found = await getMember(client, asked);
  if (found.status === "Unknown") throw sdkError("MemberUnknown", { member: asked });
  for (let hops = 0; hops < SUCCESSORS_MOST && found.status === "Closed" && found.successor !== 0; hops++) {
    found = await getMember(client, found.successor);
  }
  return found;
}
