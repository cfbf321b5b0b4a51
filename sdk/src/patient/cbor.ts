/** What CTAP2's CBOR holds here; integers beyond 2^53 do not occur. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;
/** Keys are integers (COSE) or texts (attestation objects). */
export type CborMap = ReadonlyMap<CborValue, CborValue>;

/** One item, and the place after it. */
interface Item {
  readonly value: CborValue;
  readonly end: number;
}

/** CTAP2 allows four levels; attestation statements of some makers have one more. */
const DEEPEST = 8;

/**
 * Read one CBOR item of the canonical form that authenticators write: definite lengths, no tags, no fractions.
 * @throws `RangeError` for anything else, and for what is cut short.
 * @see https://fidoalliance.org/specs/fido-v2.1-ps-20210615/fido-client-to-authenticator-protocol-v2.1-ps-errata-20220621.html#ctap2-canonical-cbor-encoding-form
 */
export function readCbor(bytes: Uint8Array, start = 0, depth = 0): Item {
  if (depth > DEEPEST) throw new RangeError("nested too deep");
  const { major, argument, end } = readHead(bytes, start);
  switch (major) {
    case 0:
      return { value: argument, end };
    case 1:
      return { value: -1 - argument, end };
    case 2:
      return { value: take(bytes, end, argument), end: end + argument };
    case 3: {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(take(bytes, end, argument));
      return { value: text, end: end + argument };
    }
    case 4:
      return readList(bytes, end, argument, depth);
    case 5:
      return readMap(bytes, end, argument, depth);
    case 7:
      if (argument >= 20 && argument <= 22) return { value: [false, true, null][argument - 20]!, end };
  }
  throw new RangeError("not of the canonical form");
}

function readHead(bytes: Uint8Array, start: number): { major: number; argument: number; end: number } {
  const first = take(bytes, start, 1)[0]!;
  const major = first >> 5;
  const short = first & 0x1f;
  if (short < 24) return { major, argument: short, end: start + 1 };
  if (short > 26 || major === 7) throw new RangeError("not of the canonical form");
  const length = 2 ** (short - 24);
  const argument = take(bytes, start + 1, length).reduce((sum, byte) => sum * 256 + byte, 0);
  return { major, argument, end: start + 1 + length };
}

function readList(bytes: Uint8Array, start: number, length: number, depth: number): Item {
  const value: CborValue[] = [];
  let end = start;
  for (let index = 0; index < length; index++) {
    const item = readCbor(bytes, end, depth + 1);
    value.push(item.value);
    end = item.end;
  }
  return { value, end };
}

function readMap(bytes: Uint8Array, start: number, length: number, depth: number): Item {
  const value = new Map<CborValue, CborValue>();
  let end = start;
  for (let index = 0; index < length; index++) {
    const key = readCbor(bytes, end, depth + 1);
    const entry = readCbor(bytes, key.end, depth + 1);
    if (value.has(key.value)) throw new RangeError("a key comes twice");
    value.set(key.value, entry.value);
    end = entry.end;
  }
  return { value, end };
}

function take(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > bytes.length) throw new RangeError("cut short");
  return bytes.subarray(start, start + length);
}
