import { hkdfSync } from "node:crypto";

import {
  type PatientCurve,
  createEcdsaSigner,
  createP256Signer,
  derivePatientKey,
  generatePatientSeed,
} from "@careledger/sdk";
import { expect } from "chai";
import { getBytes, toBeHex } from "ethers";
import fc from "fast-check";

import { failsWith } from "../expect.ts";
import { ORDER } from "./support.ts";

const seed = `0x${"5e".repeat(32)}`;
const place = { chainId: 20_261, custodian: 2, curve: "secp256k1" } as const;
const orders: Record<PatientCurve, bigint> = {
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  p256: ORDER,
};
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((each) => each.some((byte) => byte > 0));
const member = fc.integer({ min: 1, max: 2 ** 32 - 1 });

/** As documented, by Node's own HKDF. */
const documented = (
  secret: Uint8Array,
  chainId: number,
  custodian: number,
  curve: PatientCurve,
  generation: number,
) => {
  const numbers = [toBeHex(chainId, 32), toBeHex(custodian, 4), toBeHex(generation, 4)].map((each) =>
    Buffer.from(getBytes(each)),
  );
  const info = Buffer.concat([Buffer.from(`${curve}\0`), ...numbers]);
  const drawn = Buffer.from(hkdfSync("sha256", secret, "CareLedger patient keys 1", info, 48));
  return toBeHex((BigInt(`0x${drawn.toString("hex")}`) % (orders[curve] - 1n)) + 1n, 32);
};

describe("derivePatientKey", () => {
  it("keeps its keys from version to version", async () => {
    expect(await derivePatientKey(seed, place)).to.equal(
      "0xc2cceb802b89865f322abf90c3b3e8d76f83ef29c0dd4d23a0944c2a632514d6",
    );
    expect(await derivePatientKey(seed, { ...place, curve: "p256" })).to.equal(
      "0xb3505bf6c157ac679dee6c8f313d9667a3c622a23a019f5197f596b4db79a007",
    );
    expect(await derivePatientKey(seed, { ...place, generation: 0 })).to.equal(
      "0xc2cceb802b89865f322abf90c3b3e8d76f83ef29c0dd4d23a0944c2a632514d6",
    );
  });

  it("is the documented derivation for any seed and place", async () => {
    const generation = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const chain = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    const curves = fc.constantFrom<PatientCurve>("secp256k1", "p256");
    await fc.assert(
      fc.asyncProperty(
        bytes,
        chain,
        member,
        curves,
        generation,
        async (secret, chainId, custodian, curve, count) => {
          const given = { chainId, custodian, curve, generation: count };
          const key = await derivePatientKey(
            toBeHex(BigInt(`0x${Buffer.from(secret).toString("hex")}`), 32),
            given,
          );
          expect(key).to.equal(documented(secret, chainId, custodian, curve, count));
        },
      ),
    );
  });

  it("gives every custodian, chain, curve and generation another key, which shares no value with the rest", async () => {
    const places = [1, 2, 256].flatMap((custodian) =>
      [1, 20_261].flatMap((chainId) =>
        (["secp256k1", "p256"] as const).flatMap((curve) =>
          [0, 1].map((generation) => ({ chainId, custodian, curve, generation })),
        ),
      ),
    );
    const verifier = `0x${"71".repeat(20)}`;
    const subjects = await Promise.all(
      places.map(async (each) => {
        const key = await derivePatientKey(seed, each);
        return each.curve === "p256"
          ? (await createP256Signer(verifier, key)).signer.slice(42)
          : createEcdsaSigner(key).signer.slice(2);
      }),
    );
    const pieces = subjects.flatMap((subject) => subject.match(/.{8}/g) ?? []);
    expect(subjects).to.have.length(24);
    expect(new Set(pieces).size).to.equal(pieces.length);
  });

  it("takes a fresh seed", async () => {
    const seeds = [generatePatientSeed(), generatePatientSeed()];
    expect(new Set(seeds).size).to.equal(2);
    const keys = await Promise.all(seeds.map((each) => derivePatientKey(each, place)));
    expect(new Set(keys).size).to.equal(2);
  });

  it("refuses what is no seed and no place", async () => {
    for (const wrong of ["0x12", `0x${"00".repeat(32)}`, undefined as never, `${seed}00`]) {
      await failsWith(derivePatientKey(wrong, place), "PatientSeedInvalid");
    }
    const wrongs: [object, string][] = [
      [{ chainId: 0 }, "chainId"],
      [{ chainId: 2 ** 53 }, "chainId"],
      [{ custodian: 0 }, "custodian"],
      [{ custodian: 2 ** 32 }, "custodian"],
      [{ curve: "ed25519" }, "curve"],
      [{ curve: undefined }, "curve"],
      [{ generation: -1 }, "generation"],
      [{ generation: 1.5 }, "generation"],
    ];
    for (const [change, parameter] of wrongs) {
      const changed = { ...place, ...change } as typeof place;
      await failsWith(derivePatientKey(seed, changed), "InputInvalid", { parameter });
    }
    await failsWith(derivePatientKey(seed, undefined as never), "InputInvalid", { parameter: "place" });
  });
});
