import type { ProductStatus, StorageClass } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkGtin } from "./input.ts";
import type { ProductTerms, ProductView } from "./types.ts";

/** A product as the contract gives it. */
type RawProduct = Omit<ProductTerms, "storageClass" | "discreet"> & {
  readonly discreet: boolean;
  readonly storage_: StorageClass;
};

/**
 * The approved terms of a product, and whether they stand; undefined when none were ever approved.
 *
 * @param gtin As `parseGtin` gives it.
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const product = await getProduct(client, parseGtin("09506000134352"));
 */
export async function getProduct(client: Client, gtin: bigint): Promise<ProductView | undefined> {
  const { product, status } = await client.read("lotRegistry", "productOf", [checkGtin("gtin", gtin)]);
  if (status === "Unknown") return undefined;
  return { ...productTermsOf(product as RawProduct), status: status as ProductStatus };
}

/** Terms of a product from what the contract says. */
export function productTermsOf({ storage_, ...rest }: RawProduct): Omit<ProductView, "status"> {
  return { ...rest, storageClass: storage_ };
}
