import type { Client } from "../core/client.ts";
import { DUTY_BITS, PROFESSIONAL_DUTIES, type ProfessionalDuty } from "../core/duties.ts";
import { checkMember, checkName, checkObject, checkOperator } from "../core/input.ts";

/**
 * Which authority licensed a duty of an operator; 0 when none did.
 *
 * @param operator Operator key, or its address.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const authority = await getLicensor(client, { member: 7, operator: drAdler, duty: "PRESCRIBE" });
 */
export async function getLicensor(
  client: Client,
  params: { readonly member: number; readonly operator: string; readonly duty: ProfessionalDuty },
): Promise<number> {
  checkObject("params", params);
  checkName("duty", params.duty, PROFESSIONAL_DUTIES);
  const args = [
    checkMember("member", params.member),
    checkOperator("operator", params.operator),
    1 << DUTY_BITS[params.duty],
  ];
  const { authority } = await client.read("memberRegistry", "licensorOf", args);
  return authority as number;
}
