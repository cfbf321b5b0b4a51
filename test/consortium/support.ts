import { ZeroHash, type TypedDataDomain } from "ethers";

import { ethers, networkHelpers, type Actor } from "../core/chain.ts";
import type { Registry } from "../core/world.ts";

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
export const memberDomain = async (registry: Registry): Promise<TypedDataDomain> => ({
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
  registry: Registry,
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

/** ERC-7201 slot of the registry's storage (contracts/consortium/MemberStorage.sol). */
const LAYOUT = 0x17390fad4d852d4e742e98289e10ea5b7028b3c1f100de9852874660392d5400n;

/** Profiles are the fourth field of the layout; `sites` starts at bit 24 of a profile's first slot. */
const PROFILES = 3n;
const SITES_SHIFT = 24n;

/** Write a member's site counter: 65,535 registrations would take minutes and show no more. */
export const setSiteCount = async (registry: Registry, member: number, sites: number): Promise<void> => {
  const address = await registry.getAddress();
  const slot = ethers.keccak256(
    ethers.AbiCoder.defaultAbiCoder().encode(["uint32", "uint256"], [member, LAYOUT + PROFILES]),
  );
  const word = BigInt(await ethers.provider.getStorage(address, slot));
  const changed = (word & ~(0xffffn << SITES_SHIFT)) | (BigInt(sites) << SITES_SHIFT);
  await networkHelpers.setStorageAt(address, slot, ethers.toBeHex(changed, 32));
  if ((await registry.memberOf(member)).sites !== BigInt(sites)) throw new Error("the storage layout moved");
};

/** Deploy a body of the member registry with its extension, ready to upgrade to; returns its address. */
export const deployMemberBody = async (by: Actor): Promise<string> => {
  const supervision = await ethers.deployContract("MemberSupervision", [], by.wallet);
  const body = await ethers.deployContract("MemberRegistry", [await supervision.getAddress()], by.wallet);
  return await body.getAddress();
};
