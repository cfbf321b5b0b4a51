import {
  type Bytes,
  type PrescriptionPlace,
  joinBytes,
  memberBytes,
  placeBytes,
  siteBytes,
  textBytes,
} from "./bytes.ts";
import { documentError } from "./errors.ts";
import { type WrapFaults, WRAPPED_LENGTH, unwrapKey, wrapKey } from "./keyWrap.ts";
import { SUITE } from "./keys.ts";

/** Whom an envelope is for. */
export interface EnvelopeRecipient extends PrescriptionPlace {
  /** Pharmacy that the holder chose. */
  readonly member: number;
  /** Its site that the holder chose. */
  readonly site: number;
}

/** Length of an envelope, bytes. */
export const ENVELOPE_LENGTH = WRAPPED_LENGTH;

const FAULTS: WrapFaults = {
  malformed: (length) => documentError("EnvelopeMalformed", { length }),
  notForYou: (cause) => documentError("EnvelopeNotForYou", {}, cause),
};

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
  return wrapKey(documentKey, encryptionKey, envelopeInfo(recipient));
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
  return unwrapKey(envelope, privateKey, envelopeInfo(recipient), FAULTS);
}

function envelopeInfo(recipient: EnvelopeRecipient): Bytes {
  return joinBytes(
    INFO_LABEL,
    SUITE,
    placeBytes(recipient),
    memberBytes(recipient.member, "member"),
    siteBytes(recipient.site),
  );
}
