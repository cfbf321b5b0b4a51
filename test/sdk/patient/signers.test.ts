import {
  createEcdsaSigner,
  createP256Signer,
  createWalletSigner,
  derivePatientKey,
  generatePatientSeed,
  type P256CryptoKey,
} from "@careledger/sdk";
import { expect } from "chai";
import { Wallet, concat, dataLength, dataSlice, getBytes, hexlify, id, toBeHex } from "ethers";

import { failsWith } from "../expect.ts";
import { type Probe, ORDER, expectSound, otherS, startProbe } from "./support.ts";

const digest = id("a grant");
const domain = {
  name: "Consents",
  version: "1",
  chainId: 20_261,
  verifyingContract: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
};
const types = { Grant: [{ name: "grantee", type: "uint32" }] };
const SECP256K1_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("patient signers", () => {
  let probe: Probe;
  beforeEach(async () => {
    probe = await startProbe();
  });

  describe("createEcdsaSigner", () => {
    const key = id("a patient");

    it("signs as the key's address, in 65 bytes that the chain takes, and takes for nothing else", async () => {
      const patient = createEcdsaSigner(key);
      expect([patient.kind, patient.signer]).to.deep.equal(["ecdsa", new Wallet(key).address.toLowerCase()]);
      const signature = await expectSound(probe, patient, digest, [0, 31, 32, 63, 64]);
      expect(dataLength(signature)).to.equal(65);
      const high = toBeHex(SECP256K1_ORDER - BigInt(dataSlice(signature, 32, 64)), 32);
      const v = dataSlice(signature, 64) === "0x1b" ? "0x1c" : "0x1b";
      const other = concat([dataSlice(signature, 0, 32), high, v]);
      expect(await probe.isSigned(patient.signer, digest, other), "high s").to.equal(false);
    });

    it("signs typed data as any wallet of the key does", async () => {
      const signature = await createEcdsaSigner(key).signTypedData(domain, types, { grantee: 3 });
      expect(signature).to.equal(await new Wallet(key).signTypedData(domain, types, { grantee: 3 }));
    });

    it("refuses what does not fit the types", async () => {
      const { signTypedData } = createEcdsaSigner(key);
      for (const value of [{ grantee: -1 }, { grantee: "x" }, {}, undefined as never]) {
        await failsWith(signTypedData(domain, types, value), "InputInvalid", { parameter: "value" });
      }
      await failsWith(signTypedData(undefined as never, types, {}), "InputInvalid", { parameter: "domain" });
    });

    it("refuses what is no key and no digest", async () => {
      for (const wrong of [
        "0x12",
        `0x${"00".repeat(32)}`,
        toBeHex(SECP256K1_ORDER, 32),
        undefined as never,
      ]) {
        await failsWith(() => createEcdsaSigner(wrong), "PatientKeyInvalid", { curve: "secp256k1" });
      }
      const { sign } = createEcdsaSigner(key);
      await failsWith(sign("0x12"), "InputInvalid", { parameter: "digest" });
      await failsWith(sign(id("a grant").slice(2)), "InputInvalid", { parameter: "digest" });
    });
  });

  describe("createWalletSigner", () => {
    const owner = createEcdsaSigner(id("an owner"));

    it("signs as a contract that answers for its owner", async () => {
      const address = await probe.walletOwnedBy(owner.signer);
      const patient = createWalletSigner(address, owner.sign);
      expect([patient.kind, patient.signer]).to.deep.equal(["wallet", address.toLowerCase()]);
      await expectSound(probe, patient, digest, [0, 40, 64]);
      const stranger = createWalletSigner(address, createEcdsaSigner(id("a stranger")).sign);
      expect(await probe.isSigned(address, digest, await stranger.sign(digest))).to.equal(false);
    });

    it("lets a wallet app show typed data, and says that it takes no digest", async () => {
      const account = new Wallet(id("an owner"));
      const patient = createWalletSigner(account.address, account);
      const signature = await patient.signTypedData(domain, types, { grantee: 3 });
      expect(signature).to.equal(await owner.signTypedData(domain, types, { grantee: 3 }));
      await failsWith(patient.sign(digest), "PatientTypedDataOnly");
    });

    it("refuses what is no wallet, and types what a wallet does", async () => {
      await failsWith(() => createWalletSigner("0x12", owner.sign), "InputInvalid", { parameter: "address" });
      await failsWith(() => createWalletSigner(owner.signer, {} as never), "InputInvalid", {
        parameter: "sign",
      });
      const cancelled = createWalletSigner(owner.signer, () => Promise.reject(new RangeError("cancelled")));
      const error = await failsWith(cancelled.sign(digest), "PatientSignerRefused");
      expect(error.cause).to.be.instanceOf(RangeError);
      for (const wrong of ["0x", "0x1", "no", undefined as never]) {
        const odd = createWalletSigner(owner.signer, () => Promise.resolve(wrong));
        await failsWith(odd.sign(digest), "PatientSignatureMalformed");
      }
    });
  });

  describe("createP256Signer", () => {
    const seed = generatePatientSeed();
    const keyOf = (custodian: number) =>
      derivePatientKey(seed, { chainId: 20_261, custodian, curve: "p256" });
    const verifier = () => probe.world.addresses.p256Verifier;

    it("signs as verifier and public key, in 64 bytes that the chain takes, and takes for nothing else", async () => {
      const patient = await createP256Signer(verifier(), await keyOf(2));
      expect([patient.kind, dataLength(patient.signer)]).to.deep.equal(["p256", 84]);
      expect(dataSlice(patient.signer, 0, 20)).to.equal(verifier().toLowerCase());
      const signature = await expectSound(probe, patient, digest, [0, 31, 32, 63]);
      expect(dataLength(signature)).to.equal(64);
      const [r, s] = [dataSlice(signature, 0, 32), dataSlice(signature, 32)];
      expect(await probe.isSigned(patient.signer, digest, concat([r, otherS(s)])), "high s").to.equal(false);
      const another = await createP256Signer(verifier(), await keyOf(3));
      expect(await probe.isSigned(another.signer, digest, signature), "another key").to.equal(false);
    });

    it("gives a low s for every digest", async () => {
      const { sign } = await createP256Signer(verifier(), await keyOf(2));
      for (let index = 0; index < 40; index++) {
        const s = BigInt(dataSlice(await sign(id(String(index))), 32));
        expect(s <= ORDER / 2n).to.equal(true);
      }
    });

    it("takes a WebCrypto pair that is extractable", async () => {
      const algorithm = { name: "ECDSA", namedCurve: "P-256" };
      const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
      const patient = await createP256Signer(verifier(), keys);
      const raw = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
      expect(dataSlice(patient.signer, 20)).to.equal(hexlify(raw.slice(1)));
      await expectSound(probe, patient, digest, [0, 63]);
    });

    it("takes a device, turns a high s over, and notices another's signature", async () => {
      const inner = await createP256Signer(verifier(), await keyOf(2));
      const publicKey = dataSlice(inner.signer, 20);
      const signDigest = async (data: Uint8Array): Promise<string> => {
        const signature = await inner.sign(hexlify(data));
        return concat([dataSlice(signature, 0, 32), otherS(dataSlice(signature, 32))]);
      };
      await expectSound(
        probe,
        await createP256Signer(verifier(), { publicKey, signDigest }),
        digest,
        [0, 63],
      );
      const other = await createP256Signer(verifier(), await keyOf(3));
      const swapped = { publicKey, signDigest: async () => getBytes(await other.sign(digest)) };
      await failsWith((await createP256Signer(verifier(), swapped)).sign(digest), "PatientSignatureWrong");
      for (const wrong of ["0x12", new Uint8Array(63), new Uint8Array(64), undefined as never]) {
        const odd = { publicKey, signDigest: () => Promise.resolve(wrong) };
        await failsWith((await createP256Signer(verifier(), odd)).sign(digest), "PatientSignatureMalformed");
      }
    });

    it("refuses keys that cannot sign so", async () => {
      const pair = async (algorithm: object, extractable: boolean) =>
        (await crypto.subtle.generateKey(algorithm as { name: "ECDSA"; namedCurve: string }, extractable, [
          "sign",
          "verify",
        ])) as unknown as { readonly privateKey: P256CryptoKey };
      const unsuitable: [{ readonly privateKey: P256CryptoKey }, string][] = [
        [await pair({ name: "ECDSA", namedCurve: "P-256" }, false), "its private key is not extractable"],
        [await pair({ name: "ECDSA", namedCurve: "P-384" }, true), "it is not on the curve P-256"],
        [await pair({ name: "Ed25519" }, true), "it is not on the curve P-256"],
        [{} as never, "it has no private key"],
      ];
      for (const [keys, problem] of unsuitable) {
        await failsWith(createP256Signer(verifier(), keys), "PatientKeyPairUnsuitable", { problem });
      }
      await failsWith(createP256Signer(verifier(), toBeHex(ORDER, 32)), "PatientKeyInvalid", {
        curve: "P-256",
      });
      await failsWith(createP256Signer(verifier(), undefined as never), "InputInvalid", { parameter: "key" });
      await failsWith(createP256Signer("0x12", id("key")), "InputInvalid", { parameter: "verifier" });
      const nowhere = { publicKey: `0x${"11".repeat(64)}`, signDigest: () => Promise.resolve("0x") };
      await failsWith(createP256Signer(verifier(), nowhere), "PatientPublicKeyInvalid");
    });
  });
});
