import { type DispenseWithdrawnEvent, WITHDRAWAL_REASON_NAMES, type WithdrawalReason } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkName, checkNumber, checkObject } from "../core/input.ts";
import { checkAttestation, checkTerms } from "./input.ts";
import { checkStock, prescriptionIdOf } from "./typedData.ts";
import type { Attestation, PrescriptionTerms } from "./types.ts";

/** What withdrawDispense needs. */
export interface WithdrawDispenseParams extends SendParams {
  readonly prescription: PrescriptionTerms;
  /** Member that recorded it, or its successor. */
  readonly member: number;
  /** Ordinal of the dispense, or of the closing of a fill. */
  readonly ordinal: number;
  /** Why. */
  readonly reason: Exclude<WithdrawalReason, "Unspecified">;
  /** The stock argument that the dispense passed, whose units are withheld; leave out when it named none. */
  readonly stock?: string;
  /** The pharmacist's signature (signWithdraw); leave out when the pharmacist sends it itself. */
  readonly attestation?: Attestation;
}

/**
 * Withdraw a dispense within 7 days of its recording; its units come back if its fill is still the current one. Caller:
 * a DISPENSE operator of the member that recorded it, or with its attestation a SUBMIT operator of that member.
 *
 * @throws `InputInvalid`, `DispenseUnknown`, `DispenseAlreadyWithdrawn`, `DispenseOfOther`, `DispenseFinal`,
 * `DispenseIsClaimed`, `DispenseStockWrong`, `DutyNotHeld`, `DutyLicenceLapsed`, and what sending can meet.
 * @example
 * await withdrawDispense(client, { prescription: terms, member: 9, ordinal: 1, reason: "WrongEntry" });
 */
export async function withdrawDispense(
  client: Client,
  params: WithdrawDispenseParams,
): Promise<DispenseWithdrawnEvent & Acted> {
  checkObject("params", params);
  const terms = checkTerms("prescription", params.prescription);
  const member = checkMember("member", params.member);
  const ordinal = checkNumber("ordinal", params.ordinal, 8, 1);
  const reason = checkName("reason", params.reason, WITHDRAWAL_REASON_NAMES, true);
  const stock = checkStock(params.stock);
  return act(client, "prescriptionRegistry", "DispenseWithdrawn", {
    name: "withdrawDispense",
    args: [terms, member, ordinal, reason, stock, checkAttestation(params.attestation)],
    key: params.key,
    intent: `withdraw:${prescriptionIdOf(terms)}:${member}:${ordinal}:${reason}`,
  });
}
