import type { ProductApprovedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { checkProduct } from "./input.ts";
import { productTermsOf } from "./getProduct.ts";
import type { ProductTerms } from "./types.ts";

/** What approveProduct needs. */
export interface ApproveProductParams extends SendParams {
  readonly product: ProductTerms;
  /** Regulator that approves, of another group than the maker. */
  readonly regulator: number;
}

/** A product that was approved. */
export interface ProductApproved extends Omit<ProductApprovedEvent, "product">, Acted {
  readonly product: ProductTerms;
}

/**
 * Approve exactly what was proposed. Caller: a RELEASE_LOT operator of the regulator.
 *
 * @throws `InputInvalid`, `ProductNotProposed`, `ProductOfOther`, `ProductOfStranger`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await approveProduct(client, { product, regulator: 1 });
 */
export async function approveProduct(client: Client, params: ApproveProductParams): Promise<ProductApproved> {
  checkObject("params", params);
  const acted = await act(client, "lotRegistry", "ProductApproved", {
    name: "approveProduct",
    args: [checkProduct("product", params.product), checkMember("regulator", params.regulator)],
    key: params.key,
  });
  return { ...acted, product: productTermsOf(acted.product) };
}
