import type { SerialState } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkNumber, checkObject } from "../core/input.ts";
import { checkLot, checkRunProof } from "./input.ts";

/**
 * What a serial is, without a trace; `checkSerial` raises an alert where it is not active.
 *
 * @param params.proof As `proofOf` of the serial tree gives it.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const state = await getSerialState(client, { lot, unit, saltedSerial, proof: tree.proofOf(unit) });
 */
export async function getSerialState(
  client: Client,
  params: {
    readonly lot: string;
    readonly unit: number;
    readonly saltedSerial: string;
    readonly proof: readonly string[];
  },
): Promise<SerialState> {
  checkObject("params", params);
  const args = [
    checkLot("lot", params.lot),
    checkNumber("unit", params.unit, 32),
    checkBytes32("saltedSerial", params.saltedSerial),
    checkRunProof("proof", params.proof),
  ];
  const { 0: state } = await client.read("lotRegistry", "serialStateOf", args);
  return state as SerialState;
}
