export * from "./derive.ts";
export * from "./ecdsaSigner.ts";
export * from "./errors.ts";
export type { BytesLike } from "./p256.ts";
export * from "./p256Signer.ts";
export * from "./passkey.ts";
export type { PatientSigner, PatientSignerKind, TypedDataTypes } from "./signer.ts";
export * from "./walletSigner.ts";
export * from "./webAuthnSigner.ts";
