import canonicalize from "canonicalize";

import { type Bytes, textBytes } from "./bytes.ts";
import { documentError } from "./errors.ts";

/** What JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Deeper nesting than any medical document has; bounds the stack. */
const MAX_DEPTH = 128;

const serialize = canonicalize as unknown as (value: unknown) => string;

/**
 * Canonical JSON (RFC 8785, JCS) of a document, as UTF-8 bytes: names sorted by UTF-16 code units, no white space,
 * numbers as ECMAScript prints them. The same document gives the same bytes whatever order its names came in.
 *
 * JSON decimals are IEEE doubles here: `1.00` and `1` are the same number and become `1`.
 *
 * @param document Plain JSON. Refused are `undefined`, functions, dates and other class instances, bigints, NaN and the
 * infinities, integers beyond ±(2^53-1) (a parser has rounded them already), lone surrogates, holes in arrays and cycles.
 * @throws `DocumentNotJson` with the JSON pointer (RFC 6901) of the value as `path`. Names of elements, never values.
 * @see https://www.rfc-editor.org/rfc/rfc8785
 */
export function canonicalJson(document: unknown): Bytes {
  requireJson(document, "", 0);
  return textBytes(serialize(document));
}

/** Whether a value is a plain object, as a JSON parser makes them. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function requireJson(value: unknown, path: string, depth: number): asserts value is Json {
  if (depth > MAX_DEPTH)
    throw documentError("DocumentNotJson", { path, problem: "nested too deep or cyclic" });
  if (value === null || typeof value === "boolean") return;
  if (typeof value === "string") return requireWellFormed(value, path);
  if (typeof value === "number") {
    if (!Number.isFinite(value))
      throw documentError("DocumentNotJson", { path, problem: "not a finite number" });
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw documentError("DocumentNotJson", { path, problem: "an integer beyond 2^53-1" });
    }
    return;
  }
  if (typeof value !== "object") throw documentError("DocumentNotJson", { path, problem: typeof value });
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) requireJson(value[at], `${path}/${at}`, depth + 1);
    return;
  }
  if (!isPlainObject(value)) throw documentError("DocumentNotJson", { path, problem: "not a plain object" });
  if (Object.getOwnPropertySymbols(value).length > 0) {
    throw documentError("DocumentNotJson", { path, problem: "a symbol as a name" });
  }
  for (const [name, member] of Object.entries(value)) {
    if (name === "toJSON" && typeof member === "function") {
      throw documentError("DocumentNotJson", { path, problem: "a toJSON method" });
    }
    requireWellFormed(name, path);
    requireJson(member, `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1);
  }
}

function requireWellFormed(text: string, path: string): void {
  // A lone surrogate has no UTF-8 form: an encoder would put U+FFFD in its place and two texts would commit alike.
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(at + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) {
      throw documentError("DocumentNotJson", { path, problem: "a lone surrogate" });
    }
    at++;
  }
}
