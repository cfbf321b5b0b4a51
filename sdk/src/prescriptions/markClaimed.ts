import type { DispenseClaimedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkNumber, checkObject } from "../core/input.ts";

/** What markClaimed needs. */
export interface MarkClaimedParams extends SendParams {
  /** Id of the prescription. */
  readonly prescription: string;
  /** Ordinal of the dispense. */
  readonly ordinal: number;
}

/**
 * Mark a dispense as claimed: it can be neither withdrawn nor claimed again. Caller: the claims role.
 *
 * @throws `InputInvalid`, `DispenseUnknown`, `DispenseIsClosing`, `DispenseIsClaimed`, `DispenseAlreadyWithdrawn`,
 * `AccessManagedUnauthorized`, and what sending can meet.
 * @example
 * await markClaimed(client, { prescription, ordinal: 1 });
 */
export async function markClaimed(
  client: Client,
  params: MarkClaimedParams,
): Promise<DispenseClaimedEvent & Acted> {
  checkObject("params", params);
  const args = [
    checkBytes32("prescription", params.prescription, false),
    checkNumber("ordinal", params.ordinal, 8, 1),
  ];
  return act(client, "prescriptionRegistry", "DispenseClaimed", {
    name: "markClaimed",
    args,
    key: params.key,
  });
}
