import library from "digital-link.js";

import { supplyError } from "../errors.ts";
import {
  type Element,
  type Gs1Label,
  type ReadLabelOptions,
  checkElement,
  elementError,
  labelOf,
} from "./elements.ts";

/** Where GS1's own resolver is: the stem of canonical Digital Links. */
export const DIGITAL_LINK_STEM = "https://id.gs1.org";

/** As browsers and servers take it everywhere. */
const LONGEST = 2_048;
const PARTS = /^(https?):\/\/([^/?#@\s]+)(\/[^?#\s]*)(?:\?([^#\s]*))?(?:#\S*)?$/i;

/** A Digital Link in its parts. */
export interface LinkParts {
  /** Primary key first, then its qualifiers in order. */
  readonly path: readonly Element[];
  /** Elements of the query. */
  readonly query: readonly Element[];
}

/**
 * Read a GS1 Digital Link in its uncompressed form, from any domain and below any path. Parameters of the query that are no
 * application identifiers, such as `linkType`, are passed over.
 *
 * A library reads it and checks key, qualifiers and their order by the standard's grammar (docs/decisions/0016); the elements
 * are checked as those of an element string are.
 *
 * @throws `DigitalLinkMalformed`, `Gs1ElementMalformed` naming the element, `Gs1CheckDigitWrong`, `Gs1ElementRepeated`
 * @see GS1 Digital Link Standard: URI Syntax, section 4
 * @example
 * parseDigitalLink("https://id.gs1.org/01/09506000134352/10/AB-12/21/X7?17=271231"); // { gtin, lot, serial, expiresOn, others }
 */
export function parseDigitalLink(uri: string, options: ReadLabelOptions = {}): Gs1Label {
  const { path, query } = linkParts(uri);
  return labelOf([...path, ...query], options);
}

/**
 * Write a Digital Link: key and qualifiers as path, the rest as query. Every character that is no letter, digit, `-`, `.`
 * or `_` is percent-encoded.
 *
 * @param path Primary key first, then its qualifiers in the standard's order.
 * @param stem Domain, and path if any, without a slash at the end.
 * @throws `DigitalLinkMalformed`, `Gs1ElementMalformed`
 */
export function formatLink(path: readonly Element[], stem: string = DIGITAL_LINK_STEM): string {
  if (typeof stem !== "string" || !PARTS.test(`${stem}/`) || /[?#]|\/$/.test(stem)) {
    throw malformed("its stem is no http or https address without query and closing slash");
  }
  return (
    stem + path.map(([ai, characters]) => `/${ai}/${encodeSegment(checkElement(ai, characters))}`).join("")
  );
}

/** Take a Digital Link apart, its characters decoded and its form checked. */
export function linkParts(uri: string): LinkParts {
  if (typeof uri !== "string") throw malformed("it is no text");
  if (uri.length > LONGEST) throw malformed(`it has more than ${LONGEST} characters`);
  const [, scheme = "", host = "", rawPath = "", rawQuery = ""] = PARTS.exec(uri) ?? [];
  if (scheme === "" || !URL.canParse(uri)) throw malformed("it is no http or https address");
  const segments = rawPath
    .split("/")
    .slice(1)
    .map((segment) => encodeSegment(decodeText(segment)));
  if (segments.at(-1) === "") segments.pop();
  if (segments.includes("")) throw malformed("a part of its path is empty");
  const query = queryElements(rawQuery);
  const domain = `${scheme}://${host}`.toLowerCase();
  const suffix = query.map(([ai, characters]) => `${ai}=${encodeSegment(characters)}`).join("&");
  return read(`${domain}/${segments.join("/")}${suffix === "" ? "" : `?${suffix}`}`, query);
}

function read(uri: string, query: readonly Element[]): LinkParts {
  let path: Element[];
  let valid: boolean;
  try {
    if (library.Utils.isCompressedWebUri(uri)) throw new RangeError("compressed");
    // The standard's grammar names `"` as it is, against RFC 3986.
    const link = library.DigitalLink(uri.replaceAll("%22", '"'));
    const qualifiers = link.getKeyQualifiers();
    const found = [
      ...Object.entries(link.getIdentifier()),
      ...link.getKeyQualifiersOrder().map((ai) => [ai, qualifiers[ai]] as const),
    ];
    path = found.map(([ai, characters]): Element => [ai, decodeText(characters ?? "")]);
    // `isValid` refuses every key whose check digit it does not know; ours are checked below, so the grammar decides.
    valid = link.isValid() || link.getValidationTrace().success;
  } catch (cause) {
    throw malformed("it has no primary key, or is compressed", cause);
  }
  // The check of one element says more than the grammar's no.
  labelOf([...path, ...query]);
  if (!valid) throw malformed("its key, qualifiers or their order are not those of the standard");
  return { path, query };
}

function queryElements(query: string): Element[] {
  return query
    .split(/[&;]/)
    .filter((pair) => /^\d{2,4}=/.test(pair))
    .map((pair): Element => {
      const [ai = "", characters = ""] = [
        pair.slice(0, pair.indexOf("=")),
        pair.slice(pair.indexOf("=") + 1),
      ];
      if (characters === "") throw elementError(ai, "it is empty");
      return [ai, decodeText(characters)];
    });
}

function decodeText(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw malformed("a percent-encoding is broken", cause);
  }
}

/** A segment of one or two dots would be taken for a step in the path, however encoded (RFC 3986, section 5.2.4). */
function encodeSegment(characters: string): string {
  if (characters === "." || characters === "..")
    throw malformed("a value of dots alone cannot stand in a link");
  return encodeURIComponent(characters).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function malformed(problem: string, cause?: unknown) {
  return supplyError("DigitalLinkMalformed", { problem }, cause);
}
