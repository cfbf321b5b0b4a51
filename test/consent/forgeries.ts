import { concat, dataSlice, recoverAddress } from "ethers";

import { HOUR, at, ethers, now } from "../core/chain.ts";
import { fails } from "../core/expect.ts";
import { people } from "../core/world.ts";
import { compact, ecdsaKey, keyOfSigner, p256Key, passkey, withHighS, type Key } from "./keys.ts";
import { FOREIGN_DOMAINS, SIGNATURE_LIFE, type ConsentWorld, type How } from "./support.ts";

/** Sends an act that would succeed, signed and sent in this way. */
export type Send = (how: How) => Promise<unknown>;

/** Whether an ECDSA signature says whose it is, rightly or wrongly; one with the other `s` does not. */
const isRecoverable = (digest: string, signature: string): boolean => {
  try {
    recoverAddress(digest, signature);
    return true;
  } catch {
    return false;
  }
};

/** An act that counts only when the holder of `expected` signed exactly it. */
export const refusesForgeries = async (
  { consents, mara, wim, pia, toni, verifiers }: ConsentWorld,
  send: Send,
  subject: string,
  signer: Key,
  expected: string = signer.key,
): Promise<void> => {
  const hasCode = (await ethers.provider.getCode(expected)) !== "0x";
  const refused = async ({ by, ...how }: How & { readonly by: Key }): Promise<void> => {
    let readable = true;
    const sign = async (digest: string): Promise<string> => {
      const signature = await by.sign(digest);
      readable = by.signer !== "0x" || hasCode || isRecoverable(digest, signature);
      return signature;
    };
    const sent = send({ ...how, by: { ...by, sign } });
    await sent.catch(() => undefined);
    if (readable) await fails(sent, consents, "ConsentSignatureInvalid", subject, expected);
    else await fails(sent, consents, "SignatureMalformed");
  };
  const stranger = ecdsaKey("stranger's own");
  const others = [
    stranger,
    compact(stranger),
    await p256Key(verifiers.p256, "stranger's own"),
    await passkey(verifiers.webAuthn, "stranger's own"),
    ...[mara, wim, pia, toni].filter(({ key }) => key !== signer.key),
  ];
  // Another's signature, under one's own name and under the signer's.
  for (const by of others) {
    await refused({ by });
    await refused({ by: { ...by, signer: signer.signer } });
  }
  // No signature, one that says nothing, one of the wrong length, one with the other `s`.
  for (const signature of ["0x", `0x${"00".repeat(64)}`, `0x${"ff".repeat(65)}`, "0x1b"])
    await refused({ by: { ...signer, sign: () => Promise.resolve(signature) } });
  if (signer.key !== wim.key && signer.key !== toni.key) await refused({ by: withHighS(signer) });
  for (const domain of FOREIGN_DOMAINS) await refused({ by: signer, domain });
};

/** An act whose signature must be timely. */
export const refusesUntimely = async ({ consents }: ConsentWorld, send: Send): Promise<void> => {
  const expired = (await now()) + HOUR;
  await at(expired + 1);
  await fails(send({ until: expired }), consents, "SignatureExpired", expired);
  const second = expired + HOUR;
  const until = second + SIGNATURE_LIFE + 1;
  await at(second);
  await fails(send({ until }), consents, "SignatureDeadlineTooFar", until, second + SIGNATURE_LIFE);
};

/** A key under a verifier that is not ours, and the verifier. */
export const foreignKey = ({ toni }: ConsentWorld): Key & { readonly verifier: string } => {
  const verifier = people.stranger.address;
  const signer = concat([verifier, dataSlice(toni.signer, 20)]);
  return { ...toni, key: keyOfSigner(signer), signer, verifier };
};
