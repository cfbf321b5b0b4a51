import { Signature, getAddress, verifyTypedData } from "ethers";

import { isCareLedgerError } from "./errors.ts";
import { sdkError } from "./errorCatalogue.ts";
import { checkTime, operatorKeyOf } from "./input.ts";
import type { Signer, TypedDataDomain } from "./sender.ts";

/** A signature in compact form (ERC-2098) with the last second at which it may be relayed, at most 72 hours ahead. */
export interface CompactSignature {
  /** First half, 32 bytes in hexadecimal. */
  readonly r: string;
  /** Second half with the recovery bit, 32 bytes in hexadecimal. */
  readonly vs: string;
  /** Unix seconds. */
  readonly deadline: number;
}

/** How long a signature holds when no deadline is named, seconds. The chain allows 72 hours. */
export const SIGNATURE_LIFETIME = 3_600;

/** What is signed, and by whom. */
export interface ToAttest {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, { name: string; type: string }[]>;
  /** Without the deadline. */
  readonly value: Record<string, unknown>;
  /** An hour from now when absent. */
  readonly deadline?: number | undefined;
  /** Operator key of who must sign; anybody when absent. */
  readonly expected?: string | undefined;
}

/** Let somebody sign an act as typed data. Throws `InputInvalid`, `SignerRefused`, `SignerMismatch`. */
export async function attest(
  signer: Signer,
  { domain, types, value, deadline, expected }: ToAttest,
): Promise<CompactSignature> {
  const until =
    deadline === undefined
      ? Math.floor(Date.now() / 1_000) + SIGNATURE_LIFETIME
      : checkTime("deadline", deadline);
  const signed = { ...value, deadline: until };
  try {
    const signature = Signature.from(await signer.signTypedData(domain, types, signed));
    const actual = getAddress(verifyTypedData(domain, types, signed, signature));
    if (expected !== undefined && operatorKeyOf(actual) !== expected) {
      throw sdkError("SignerMismatch", { actual, expected });
    }
    return { r: signature.r, vs: signature.yParityAndS, deadline: until };
  } catch (error) {
    if (isCareLedgerError(error)) throw error;
    const code = (error as { code?: unknown } | null)?.code;
    throw sdkError("SignerRefused", { problem: typeof code === "string" ? code : "no signature" }, error);
  }
}
