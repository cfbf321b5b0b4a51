import { createP256Signer } from "@careledger/sdk";
import {
  AbiCoder,
  Signature,
  concat,
  dataSlice,
  getBytes,
  keccak256,
  sha256,
  toBeHex,
  toUtf8Bytes,
} from "ethers";

import { developmentKey } from "../../deploy/index.ts";
import { ethers } from "../core/chain.ts";
import { people } from "../core/world.ts";

/** A patient's or delegate's key. */
export type Key = {
  /** What the contract knows it by. */
  readonly key: string;
  /** The ERC-7913 signer; empty for ECDSA accounts and wallets. */
  readonly signer: string;
  readonly sign: (digest: string) => Promise<string>;
};

/** Orders of the two curves: of two signatures that hold, only that with the low `s` counts. */
const ORDERS = {
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
} as const;

/** The name of a key at the contract: the last 20 bytes of the hash of its ERC-7913 signer. */
export const keyOfSigner = (signer: string): string => ethers.getAddress(dataSlice(keccak256(signer), 12));

/** An ECDSA key of this name; signatures of 65 bytes. */
export const ecdsaKey = (name: string): Key => {
  const key = developmentKey(name);
  return {
    key: ethers.computeAddress(key),
    signer: "0x",
    sign: async (digest) => key.sign(digest).serialized,
  };
};

/** The same key, signatures of 64 bytes (ERC-2098). */
export const compact = (key: Key): Key => ({
  ...key,
  sign: async (digest) => Signature.from(await key.sign(digest)).compactSerialized,
});

/** The other signature of the same digest that ECDSA would take: `s` in the upper half. */
export const withHighS = (key: Key): Key => ({
  ...key,
  sign: async (digest) => {
    const signature = await key.sign(digest);
    const curve = key.signer === "0x" ? "secp256k1" : "p256";
    const s = toBeHex(ORDERS[curve] - BigInt(dataSlice(signature, 32, 64)), 32);
    const rest = dataSlice(signature, 64);
    const v = rest === "0x1b" ? "0x1c" : rest === "0x1c" ? "0x1b" : rest;
    return concat([dataSlice(signature, 0, 32), s, v]);
  },
});

/** A wallet contract with two owners (ERC-1271). */
export const walletKey = async (name: string): Promise<Key> => {
  const owners = [ecdsaKey(`${name}, first owner`), ecdsaKey(`${name}, second owner`)] as const;
  const addresses = owners.map(({ key }) => key);
  const wallet = await ethers.deployContract("SharedKey", addresses, people.deployer.wallet);
  return {
    key: await wallet.getAddress(),
    signer: "0x",
    sign: async (digest) => concat(await Promise.all(owners.map(async (owner) => await owner.sign(digest)))),
  };
};

/** A bare P-256 key. */
export const p256Key = async (verifier: string, name: string): Promise<Key> => {
  const { signer, sign } = await createP256Signer(verifier, developmentKey(name).privateKey);
  return { key: keyOfSigner(signer), signer, sign };
};

/** What a test has the authenticator of a passkey say otherwise. */
export type Saying = { readonly flags?: number; readonly type?: string; readonly challenge?: string };

const PRESENT_AND_VERIFIED = 0x05;

/** A passkey (WebAuthn): the assertion is written here a second time, beside the SDK's. */
export const passkey = async (verifier: string, name: string, saying: Saying = {}): Promise<Key> => {
  const { signer, sign: signDigest } = await createP256Signer(verifier, developmentKey(name).privateKey);
  const sign = async (digest: string): Promise<string> => {
    const type = saying.type ?? "webauthn.get";
    const challenge = Buffer.from(getBytes(saying.challenge ?? digest)).toString("base64url");
    const json = `{"type":"${type}","challenge":"${challenge}","origin":"https://patient.example"}`;
    const flags = toBeHex(saying.flags ?? PRESENT_AND_VERIFIED, 1);
    const authenticatorData = concat([sha256(toUtf8Bytes("patient.example")), flags, toBeHex(0, 4)]);
    const signature = await signDigest(sha256(concat([authenticatorData, sha256(toUtf8Bytes(json))])));
    return AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "bytes32", "uint256", "uint256", "bytes", "string"],
      [
        dataSlice(signature, 0, 32),
        dataSlice(signature, 32, 64),
        json.indexOf('"challenge"'),
        json.indexOf('"type"'),
        authenticatorData,
        json,
      ],
    );
  };
  return { key: keyOfSigner(signer), signer, sign };
};

/** A signature that nobody made. */
export const noKey: Key = { key: ethers.ZeroAddress, signer: "0x", sign: () => Promise.resolve("0x") };
