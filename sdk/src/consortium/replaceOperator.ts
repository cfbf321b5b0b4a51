import type { OperatorReplacedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import {
  SIGNATURE_LONGEST,
  checkBytes,
  checkMember,
  checkObject,
  checkOperator,
  checkTime,
} from "../core/input.ts";

/** What replaceOperator needs. */
export interface ReplaceOperatorParams extends SendParams {
  /** Member id. */
  readonly member: number;
  /** The old key, or its address; it is retired for good. */
  readonly operator: string;
  /** The new key, or its address. */
  readonly replacement: string;
  /** The old key's consent, see {@link signOperatorReplacement}; leave out when it is lost: then licences are given anew. */
  readonly consent?: {
    /** 65 bytes in hexadecimal; of a wallet contract (ERC-1271) what it takes, up to 4,096. */
    readonly signature: string;
    /** Last second at which it holds. */
    readonly deadline: number;
  };
}

/**
 * Give an operator a new key. Duties and suspensions move with it; licences only if the old key consents, otherwise an
 * admin could act in a professional's name. Caller: the member's admin.
 *
 * @throws `InputInvalid`, `OperatorUnknown`, `OperatorKeyInUse`, `OperatorKeyRetired`, `OperatorReplacementUnsigned`,
 * `OperatorSignatureExpired`, `MemberAdminOnly`, and what sending can meet.
 * @example
 * await replaceOperator(client, { member: 7, operator: oldKey, replacement: newKey, consent: { signature, deadline } });
 */
export async function replaceOperator(
  client: Client,
  params: ReplaceOperatorParams,
): Promise<OperatorReplacedEvent & Acted> {
  checkObject("params", params);
  const consent = params.consent === undefined ? undefined : checkObject("consent", params.consent);
  const member = checkMember("member", params.member);
  const operator = checkOperator("operator", params.operator);
  const replacement = checkOperator("replacement", params.replacement);
  const deadline = consent === undefined ? 0 : checkTime("consent.deadline", consent.deadline);
  const signature =
    consent === undefined ? "0x" : checkBytes("consent.signature", consent.signature, SIGNATURE_LONGEST, 1);
  return act(client, "memberRegistry", "OperatorReplaced", {
    name: "replaceOperator",
    args: [member, operator, replacement, deadline, signature],
    key: params.key,
    ...(params.key === undefined ? {} : { intent: `replaceOperator:${member}:${operator}:${replacement}` }),
  });
}
