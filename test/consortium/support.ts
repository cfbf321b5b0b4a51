import { ZeroHash, type TypedDataDomain } from "ethers";

import type { MemberRegistry } from "../../typechain-types/index.ts";
import { ethers, type Actor } from "../core/chain.ts";

/** Causes of a suspension, by number. */
export const Cause = {
  unspecified: 0,
  licenceLost: 1,
  patientSafety: 2,
  keyCompromise: 3,
  suspectedFraud: 4,
  dataProtection: 5,
  courtOrder: 6,
} as const;

/** Text as the contract writes a field's name. */
export const field = (name: string): string => ethers.encodeBytes32String(name);

/** EIP-712 domain of the member registry. */
export const memberDomain = async (registry: MemberRegistry): Promise<TypedDataDomain> => ({
  name: "CareLedger MemberRegistry",
  version: "1",
  chainId: (await ethers.provider.getNetwork()).chainId,
  verifyingContract: await registry.getAddress(),
});

/** What an operator signs to let its licences move to a new key. */
export type Replacement = {
  readonly member: number;
  readonly operator: string;
  readonly replacement: string;
  readonly deadline: number;
};

/** Sign a replacement; `domain` overrides parts of the registry's own. */
export const signReplacement = async (
  registry: MemberRegistry,
  signer: Actor,
  terms: Replacement,
  domain: TypedDataDomain = {},
): Promise<string> =>
  await signer.wallet.signTypedData(
    { ...(await memberDomain(registry)), ...domain },
    {
      OperatorReplacement: [
        { name: "member", type: "uint32" },
        { name: "operator", type: "bytes32" },
        { name: "replacement", type: "bytes32" },
        { name: "deadline", type: "uint32" },
      ],
    },
    terms,
  );

/** Nothing published yet. */
export const NONE = ZeroHash;
