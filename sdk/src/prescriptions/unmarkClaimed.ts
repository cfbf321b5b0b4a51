import type { DispenseClaimReversedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkNumber, checkObject } from "../core/input.ts";

/** What unmarkClaimed needs. */
export interface UnmarkClaimedParams extends SendParams {
  /** Id of the prescription. */
  readonly prescription: string;
  /** Ordinal of the dispense. */
  readonly ordinal: number;
}

/**
 * Free a dispense after its claim was reversed. Caller: the claims role.
 *
 * @throws `InputInvalid`, `DispenseNotClaimed`, `DispenseUnknown`, `AccessManagedUnauthorized`, and what
 * sending can meet.
 * @example
 * await unmarkClaimed(client, { prescription, ordinal: 1 });
 */
export async function unmarkClaimed(
  client: Client,
  params: UnmarkClaimedParams,
): Promise<DispenseClaimReversedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkBytes32("prescription", params.prescription, false),
    checkNumber("ordinal", params.ordinal, 8, 1),
  ];
  return act(client, "prescriptionRegistry", "DispenseClaimReversed", {
    name: "unmarkClaimed",
    args,
    key: params.key,
  });
}
