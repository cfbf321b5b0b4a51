/**
 * A passkey without a browser: it answers a challenge as an authenticator does (WebAuthn, level 3), with a P-256 key of the
 * platform's WebCrypto. What the chain verifies is the same; assertions of a real browser stand in examples/webauthn.
 */
import { type PatientSigner, createWebAuthnSigner, readPublicKey } from "@careledger/sdk";
import { concat, getBytes, hexlify, sha256, toUtf8Bytes } from "ethers";

const CURVE = { name: "ECDSA", namedCurve: "P-256" } as const;
/** User present, user verified. */
const FLAGS = 0b101;
/** This authenticator counts nothing: a counter that runs over several passkeys would link them. */
const COUNTER = "0x00000000";
/** Bytes of r and of s. */
const HALF = 32;
const DER = { sequence: 0x30, integer: 0x02, signBit: 0x80 } as const;

/**
 * A new passkey of a patient, for one custodian.
 * @param verifier Address of the WebAuthn verifier.
 * @param relyingParty Domain of the app in which the patient signs.
 */
export const createSoftwarePasskey = async (
  verifier: string,
  relyingParty: string,
): Promise<PatientSigner> => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", publicKey));
  const rpIdHash = sha256(toUtf8Bytes(relyingParty));
  const authenticatorData = getBytes(concat([rpIdHash, hexlify(Uint8Array.of(FLAGS)), COUNTER]));
  const passkey = { publicKey: readPublicKey(spki), rpIdHash };
  return createWebAuthnSigner(verifier, passkey, async (challenge) => {
    const clientDataJSON = toUtf8Bytes(
      JSON.stringify({
        type: "webauthn.get",
        challenge: Buffer.from(challenge).toString("base64url"),
        origin: `https://${relyingParty}`,
        crossOrigin: false,
      }),
    );
    const signed = getBytes(concat([authenticatorData, sha256(clientDataJSON)]));
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    const signature = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, new Uint8Array(signed)));
    return { authenticatorData, clientDataJSON, signature: derOf(signature) };
  });
};

/** `r ‖ s`, as WebCrypto gives it, in the DER that authenticators give. */
const derOf = (signature: Uint8Array): Uint8Array => {
  const content = Buffer.concat([
    derInteger(signature.subarray(0, HALF)),
    derInteger(signature.subarray(HALF)),
  ]);
  return Buffer.concat([Uint8Array.of(DER.sequence, content.length), content]);
};

const derInteger = (bytes: Uint8Array): Uint8Array => {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = bytes.subarray(first === -1 ? bytes.length - 1 : first);
  const padded = (digits[0] ?? 0) >= DER.signBit ? Uint8Array.of(0, ...digits) : digits;
  return Uint8Array.of(DER.integer, padded.length, ...padded);
};
