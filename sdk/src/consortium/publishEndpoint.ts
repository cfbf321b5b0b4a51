import type { MemberEndpointPublishedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject, inputError } from "../core/input.ts";
import { PUBLICATION_LONGEST } from "./publishEncryptionKey.ts";

/** What publishEndpoint needs. */
export interface PublishEndpointParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** Address of the member's custodian service (https; http for loopback only), at most 256 bytes. */
  readonly endpoint: string;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Publish or move the address of the member's custodian service. Caller: the member's admin.
 *
 * @throws `InputInvalid`, `MemberAdminOnly`, `MemberNotActive`, and what sending can meet.
 * @example
 * await publishEndpoint(client, { member: 7, endpoint: "https://documents.st-mary.example" });
 */
export async function publishEndpoint(
  client: Client,
  params: PublishEndpointParams,
): Promise<MemberEndpointPublishedEvent & Acted> {
  checkObject("params", params);
  const args = [checkMember("member", params.member), checkEndpoint(params.endpoint)];
  return act(client, "memberRegistry", "MemberEndpointPublished", {
    name: "publishEndpoint",
    args,
    key: params.key,
  });
}

function checkEndpoint(endpoint: string): string {
  const expected = `an https address of at most ${PUBLICATION_LONGEST} bytes (http for loopback only)`;
  if (typeof endpoint !== "string" || !URL.canParse(endpoint)) {
    throw inputError("endpoint", "it is no address", expected);
  }
  const { protocol, hostname, username, password } = new URL(endpoint);
  const isSafe = protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
  if (!isSafe) throw inputError("endpoint", "it is not served over https", expected);
  if (username !== "" || password !== "")
    throw inputError("endpoint", "it holds a user or password", expected);
  if (new TextEncoder().encode(endpoint).length > PUBLICATION_LONGEST) {
    throw inputError("endpoint", "it is too long", expected);
  }
  return endpoint;
}
