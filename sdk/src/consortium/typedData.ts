import { getAddress, verifyTypedData } from "ethers";

import { sdkError } from "../core/errorCatalogue.ts";
import {
  SIGNATURE_LONGEST,
  checkBytes,
  checkMember,
  checkObject,
  checkOperator,
  checkTime,
  operatorKeyOf,
} from "../core/input.ts";
import type { Network } from "../core/network.ts";
import type { Signer, TypedDataDomain } from "../core/sender.ts";

/** EIP-712 types of the MemberRegistry. */
export const memberRegistryTypes = {
  OperatorReplacement: [
    { name: "member", type: "uint32" },
    { name: "operator", type: "bytes32" },
    { name: "replacement", type: "bytes32" },
    { name: "deadline", type: "uint32" },
  ],
};

/** An operator's consent to the replacement of its key. */
export interface OperatorReplacement {
  /** Member for which the operator works. */
  readonly member: number;
  /** The old key, or its address; it signs. */
  readonly operator: string;
  /** The new key, or its address. */
  readonly replacement: string;
  /** Last second at which the replacement may be made. */
  readonly deadline: number;
}

/**
 * A wallet contract (ERC-1271) that an operator's key stands for: what it signs is whatever its contract takes, such as the
 * signatures of several owners one after the other. Only the chain can tell whether that holds.
 */
export interface ContractSigner {
  readonly kind: "ERC-1271";
  /** Address of the wallet contract. */
  getAddress(): Promise<string>;
  /** The contract's signature over EIP-712 typed data: 1 to 4,096 bytes in hexadecimal. */
  signTypedData: Signer["signTypedData"];
}

/** EIP-712 domain of the MemberRegistry of a network. */
export function memberRegistryDomain(network: Network): TypedDataDomain {
  return {
    name: "CareLedger MemberRegistry",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.addresses.memberRegistry,
  };
}

/**
 * Let an operator consent to its new key, so that its licences go along. Signed by the old key: an account of any kind
 * (wallet, card, HSM), or a wallet contract (ERC-1271), see {@link ContractSigner}.
 *
 * @returns The signature in hexadecimal, for {@link replaceOperator}: 65 bytes, or what the wallet contract takes. Of a
 * wallet contract the chain alone judges it: a wrong one meets `OperatorReplacementUnsigned` there.
 * @throws `InputInvalid`, `SignerRefused`, `SignerMismatch` when another key signs.
 * @example
 * const signature = await signOperatorReplacement(network, oldKey, { member: 7, operator, replacement, deadline });
 */
export async function signOperatorReplacement(
  network: Network,
  signer: Signer | ContractSigner,
  replacement: OperatorReplacement,
): Promise<string> {
  checkObject("params", replacement);
  const value = {
    member: checkMember("member", replacement.member),
    operator: checkOperator("operator", replacement.operator),
    replacement: checkOperator("replacement", replacement.replacement),
    deadline: checkTime("deadline", replacement.deadline),
  };
  const domain = memberRegistryDomain(network);
  let signature: string;
  let actual: string;
  try {
    signature = await signer.signTypedData(domain, memberRegistryTypes, value);
    if ("kind" in signer) {
      signature = checkBytes("signature", signature, SIGNATURE_LONGEST, 1);
      actual = getAddress(await signer.getAddress());
    } else {
      actual = getAddress(verifyTypedData(domain, memberRegistryTypes, value, signature));
    }
  } catch (error) {
    throw sdkError("SignerRefused", { problem: "no signature" }, error);
  }
  if (operatorKeyOf(actual) !== value.operator) {
    throw sdkError("SignerMismatch", { actual, expected: value.operator });
  }
  return signature;
}
