/** The fixed part of what an authenticator signs. */
export interface AuthenticatorData {
  /** SHA-256 of the relying party's id, 32 bytes. */
  readonly rpIdHash: Uint8Array;
  readonly flags: number;
  /** What follows: a new credential and extensions. */
  readonly rest: Uint8Array;
}

/** Bits of the flags. */
export const USER_PRESENT = 0x01;
export const USER_VERIFIED = 0x04;
export const BACKUP_ELIGIBLE = 0x08;
export const BACKED_UP = 0x10;
export const NEW_CREDENTIAL = 0x40;

/** Hash, flags and a signature counter of four bytes. */
const FIXED_LENGTH = 37;

/**
 * Read authenticator data; `undefined` when it is too short.
 * @see https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
 */
export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData | undefined {
  if (bytes.length < FIXED_LENGTH) return undefined;
  return { rpIdHash: bytes.subarray(0, 32), flags: bytes[32]!, rest: bytes.subarray(FIXED_LENGTH) };
}
