import {
  type Bytes,
  type PrescriptionPlace,
  copyBytes,
  joinBytes,
  memberBytes,
  placeBytes,
  siteBytes,
  textBytes,
} from "./bytes.ts";
import { documentError } from "./errors.ts";
import { SUITE, hpke, importDecryptionKey, importEncryptionKey } from "./keys.ts";

/** Whom an envelope is for. */
export interface EnvelopeRecipient extends PrescriptionPlace {
  /** Pharmacy that the holder chose. */
  readonly member: number;
  /** Its site that the holder chose. */
  readonly site: number;
}

const VERSION = 0x01;
const ENC_LENGTH = 65;
const CIPHERTEXT_LENGTH = 32 + 16;

/** Length of an envelope, bytes. */
export const ENVELOPE_LENGTH = 1 + ENC_LENGTH + CIPHERTEXT_LENGTH;

const INFO_LABEL = textBytes("CareLedger.Envelope.v1");

/**
 * Seal the document key to the pharmacy that the holder chose, so that it travels beside the holder's authorisation.
 *
 * ```text
 * envelope = 0x01 ‖ enc(65) ‖ ciphertext(48)                 HPKE base mode, single shot, empty aad
 * info     = "CareLedger.Envelope.v1" ‖ suite(6) ‖ uint256 chainId ‖ registry(20) ‖ prescription(32)
 *            ‖ uint32 member ‖ uint16 site
 * ```
 *
 * @param documentKey 32 bytes, see `documentKeyFromStealth`.
 * @param encryptionKey The key that the member publishes now.
 * @throws `DocumentKeyInvalid`, `EncryptionKeyInvalid`, `DocumentContextInvalid`.
 * @see https://www.rfc-editor.org/rfc/rfc9180#section-6.1
 */
export async function createEnvelope(
  documentKey: Uint8Array,
  encryptionKey: Uint8Array,
  recipient: EnvelopeRecipient,
): Promise<Bytes> {
  if (documentKey.length !== 32) throw documentError("DocumentKeyInvalid", { field: "documentKey" });
  const info = envelopeInfo(recipient);
  const recipientPublicKey = await importEncryptionKey(encryptionKey);
  const { enc, ct } = await hpke.seal({ recipientPublicKey, info }, copyBytes(documentKey).buffer);
  return joinBytes(Uint8Array.of(VERSION), new Uint8Array(enc), new Uint8Array(ct));
}

/**
 * Open an envelope that the holder handed over.
 *
 * @param privateKey The member's private encryption key, 32 bytes.
 * @param recipient What the pharmacy believes it is for; anything else does not open.
 * @returns The document key, 32 bytes.
 * @throws `EnvelopeMalformed`, `EnvelopeNotForYou`, `DecryptionKeyInvalid`, `DocumentContextInvalid`.
 */
export async function openEnvelope(
  envelope: Uint8Array,
  privateKey: Uint8Array,
  recipient: EnvelopeRecipient,
): Promise<Bytes> {
  if (envelope.length !== ENVELOPE_LENGTH || envelope[0] !== VERSION) {
    throw documentError("EnvelopeMalformed", { length: envelope.length });
  }
  const info = envelopeInfo(recipient);
  const recipientKey = await importDecryptionKey(privateKey);
  const enc = copyBytes(envelope.subarray(1, 1 + ENC_LENGTH)).buffer;
  const ciphertext = copyBytes(envelope.subarray(1 + ENC_LENGTH)).buffer;
  try {
    return new Uint8Array(await hpke.open({ recipientKey, enc, info }, ciphertext));
  } catch (cause) {
    throw documentError("EnvelopeNotForYou", {}, cause);
  }
}

function envelopeInfo(recipient: EnvelopeRecipient): ArrayBuffer {
  return joinBytes(
    INFO_LABEL,
    SUITE,
    placeBytes(recipient),
    memberBytes(recipient.member, "member"),
    siteBytes(recipient.site),
  ).buffer;
}
