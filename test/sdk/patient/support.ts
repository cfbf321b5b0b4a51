import { generateKeyPairSync, sign } from "node:crypto";

import type { Passkey, PasskeyAssertion, PatientSigner } from "@careledger/sdk";
import { expect } from "chai";
import {
  AbiCoder,
  type Contract,
  ContractFactory,
  concat,
  dataLength,
  dataSlice,
  getBytes,
  hexlify,
  sha256,
  toBeHex,
  toUtf8Bytes,
} from "ethers";

import { compileTestContracts } from "../../core/compile.ts";
import { type Deployed, deployed, walletOf } from "../../fixtures/deployed.ts";

const SOURCE = "test/sdk/patient/contracts/Signatures.sol";
/** Order of P-256 (FIPS 186-5). */
export const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** What asks the chain about signatures, with the verifiers that the real deployment made. */
export interface Probe {
  readonly world: Deployed;
  readonly isSigned: (signer: string, digest: string, signature: string) => Promise<boolean>;
  /** A contract wallet with this owner. */
  readonly walletOwnedBy: (owner: string) => Promise<string>;
}

export async function startProbe(): Promise<Probe> {
  const world = await deployed();
  const contracts = compileTestContracts(SOURCE);
  const create = async (name: string, ...args: unknown[]): Promise<Contract> => {
    const { abi, bytecode } = contracts[name]!;
    const contract = await new ContractFactory(abi, bytecode, walletOf("probe")).deploy(...args);
    await contract.waitForDeployment();
    return contract as Contract;
  };
  const probe = await create("SignatureProbe");
  return {
    world,
    isSigned: (signer, digest, signature) =>
      probe.getFunction("isSigned").staticCall(signer, digest, signature) as Promise<boolean>,
    walletOwnedBy: async (owner) => (await create("OneOwnerWallet", owner)).getAddress(),
  };
}

/** The chain takes it; not for another digest, nor with any one bit of these places flipped. */
export async function expectSound(
  { isSigned }: Probe,
  { signer, sign }: Pick<PatientSigner, "signer" | "sign">,
  digest: string,
  places: readonly number[],
): Promise<string> {
  const signature = await sign(digest);
  expect(await isSigned(signer, digest, signature)).to.equal(true);
  expect(await isSigned(signer, sha256(digest), signature), "another digest").to.equal(false);
  for (const place of places) {
    expect(await isSigned(signer, digest, flipBit(signature, place)), `byte ${place}`).to.equal(false);
  }
  return signature;
}

/** The same bytes, the lowest bit of one flipped. */
export function flipBit(data: string, place: number): string {
  const bytes = getBytes(data);
  bytes[place]! ^= 1;
  return hexlify(bytes);
}

/** `n - s`. */
export function otherS(s: string): string {
  return toBeHex(ORDER - BigInt(s), 32);
}

/** What a test has its authenticator say instead of the ordinary. */
export interface Saying {
  readonly type?: string;
  readonly challenge?: Uint8Array;
  readonly flags?: number;
  readonly rpId?: string;
  /** Between the braces, instead of the ordinary members. */
  readonly json?: string;
  /** After the fixed part of the authenticator data. */
  readonly extensions?: Uint8Array;
  readonly highS?: boolean;
}

export const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** An assertion, and what its signature says. */
export interface Asserted extends PasskeyAssertion {
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
}

/** An authenticator of the test's own, which says whatever it is told and signs it correctly. */
export function testAuthenticator() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const passkey: Passkey = {
    publicKey: hexlify(publicKey.export({ type: "spki", format: "der" }).subarray(-64)),
    credentialId: "0x0102",
    rpIdHash: sha256(toUtf8Bytes("patient.example")),
  };
  const assert = (digest: Uint8Array, saying: Saying = {}): Asserted => {
    const { type = "webauthn.get", challenge = digest, flags = 0x05, rpId = "patient.example" } = saying;
    const members =
      saying.json ??
      `"type":"${type}","challenge":"${base64Url(challenge)}","origin":"https://patient.example","crossOrigin":false`;
    const clientDataJSON = hexlify(toUtf8Bytes(`{${members}}`));
    const fixed = concat([sha256(toUtf8Bytes(rpId)), toBeHex(flags, 1), toBeHex(0, 4)]);
    const authenticatorData = concat([fixed, saying.extensions ?? "0x"]);
    const signed = getBytes(concat([authenticatorData, sha256(clientDataJSON)]));
    const given = hexlify(sign("sha256", signed, { key: privateKey, dsaEncoding: "ieee-p1363" }));
    const [r, s] = [dataSlice(given, 0, 32), dataSlice(given, 32)];
    const isHigh = BigInt(s) > ORDER / 2n;
    return {
      authenticatorData,
      clientDataJSON,
      signature: derOf(r, isHigh === (saying.highS ?? false) ? s : otherS(s)),
    };
  };
  return { passkey, assert };
}

/** ASN.1: a sequence of two integers, each as short as it can be and not negative. */
export function derOf(r: string, s: string): string {
  const integers = [r, s].map((half) => {
    const digits = BigInt(half).toString(16);
    const even = digits.length % 2 === 0 ? digits : `0${digits}`;
    const body = /^[89a-f]/.test(even) ? `0x00${even}` : `0x${even}`;
    return concat(["0x02", toBeHex(dataLength(body), 1), body]);
  });
  return concat(["0x30", toBeHex(dataLength(concat(integers)), 1), ...integers]);
}

/** Both halves of a DER signature. */
export function halvesOf(der: string): readonly [string, string] {
  const rLength = getBytes(der)[3]!;
  return [dataSlice(der, 4, 4 + rLength), dataSlice(der, 6 + rLength)].map((half) =>
    toBeHex(BigInt(half), 32),
  ) as [string, string];
}

/** OpenZeppelin's struct as `abi.encode` writes it, whatever the assertion says. */
export function abiEncoded({ authenticatorData, clientDataJSON, signature }: Asserted): string {
  const json = Buffer.from(getBytes(clientDataJSON)).toString("latin1");
  const place = (name: string) => Math.max(json.indexOf(`"${name}":`), 0);
  const fields = [...halvesOf(signature), place("challenge"), place("type")];
  const types = ["bytes32", "bytes32", "uint256", "uint256", "bytes", "bytes"];
  return AbiCoder.defaultAbiCoder().encode(types, [...fields, authenticatorData, clientDataJSON]);
}
