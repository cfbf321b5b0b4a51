import type { ProductProposedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkProduct } from "./input.ts";
import { productTermsOf } from "./getProduct.ts";
import type { ProductTerms } from "./types.ts";

/** What proposeProduct needs. */
export interface ProposeProductParams extends SendParams {
  readonly product: ProductTerms;
}

/** A product that was proposed. */
export interface ProductProposed extends Omit<ProductProposedEvent, "product">, Acted {
  readonly product: ProductTerms;
}

/**
 * Propose a product, or new terms of one. Caller: a QUALITY operator of its manufacturer.
 *
 * @throws `InputInvalid`, `ProductTermInvalid`, `ProductMakerOnly`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await proposeProduct(client, { product });
 */
export async function proposeProduct(client: Client, params: ProposeProductParams): Promise<ProductProposed> {
  checkObject("params", params);
  const acted = await act(client, "lotRegistry", "ProductProposed", {
    name: "proposeProduct",
    args: [checkProduct("product", params.product)],
    key: params.key,
  });
  return { ...acted, product: productTermsOf(acted.product) };
}
