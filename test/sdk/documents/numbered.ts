import { createHash } from "node:crypto";

/** Key of the n-th document of the kill test. */
export function numberedKey(number: number): string {
  return `0x${createHash("sha256").update(`key ${number}`).digest("hex")}`;
}

/** Content of the n-th document of the kill test, 4,125 bytes that depend on n. */
export function numberedDocument(number: number): Uint8Array {
  const block = createHash("sha256").update(`document ${number}`).digest();
  return Uint8Array.from({ length: 4_125 }, (_each, at) => block[at % 32]!);
}
