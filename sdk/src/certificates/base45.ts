/** RFC 9285: the characters of QR's alphanumeric mode, by value. */
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const BASE = 45;

/**
 * Base45 of bytes: three characters for two bytes, two for a last one; 8.25 bits of a QR code a byte.
 * @see https://www.rfc-editor.org/rfc/rfc9285
 */
export function toBase45(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? bytes[at]! * 256 + bytes[at + 1]! : bytes[at]!;
    for (let digit = 0; digit < (isPair ? 3 : 2); digit++) {
      text += ALPHABET.charAt(value % BASE);
      value = Math.floor(value / BASE);
    }
  }
  return text;
}

/** The bytes of a Base45 text, or the place of what cannot be in one. */
export function fromBase45(text: string): Uint8Array<ArrayBuffer> | number {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    const digits = Array.from(group, (character) => ALPHABET.indexOf(character));
    const wrong = digits.indexOf(-1);
    if (wrong !== -1) return at + wrong;
    const value = digits.reduceRight((sum, digit) => sum * BASE + digit, 0);
    if (group.length === 1 || value > (group.length === 3 ? 0xffff : 0xff)) return at;
    if (group.length === 3) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}
