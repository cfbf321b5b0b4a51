import type { ProductWithdrawnEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkGtin } from "./input.ts";

/** What withdrawProduct needs. */
export interface WithdrawProductParams extends SendParams {
  /** As `parseGtin` gives it. */
  readonly gtin: bigint;
  /** Its maker, or a regulator. */
  readonly member: number;
}

/**
 * End the registration of further lots of a product. Caller: a QUALITY operator of its maker, or a RELEASE_LOT operator of a
 * regulator.
 *
 * @throws `InputInvalid`, `ProductNotApproved`, `ProductOfStranger`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await withdrawProduct(client, { gtin, member: 7 });
 */
export async function withdrawProduct(
  client: Client,
  params: WithdrawProductParams,
): Promise<ProductWithdrawnEvent & Acted> {
  checkObject("params", params);
  return act(client, "lotRegistry", "ProductWithdrawn", {
    name: "withdrawProduct",
    args: [checkGtin("gtin", params.gtin), checkMember("member", params.member)],
    key: params.key,
  });
}
