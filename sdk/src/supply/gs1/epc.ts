import { checkNumber } from "../../core/input.ts";
import { supplyError } from "../errors.ts";
import { DIGITAL_LINK_STEM, formatLink, linkParts } from "./digitalLink.ts";
import { type Element, checkElement } from "./elements.ts";
import { digitBehind, formatGln, formatGtin, formatSscc, parseGln, parseGtin, parseSscc } from "./keys.ts";

/** What an EPCIS event is about or where it takes place. */
export type EpcId =
  /** Every pack of a trade item. */
  | { readonly kind: "gtin"; readonly gtin: bigint }
  /** Every pack of a lot. */
  | { readonly kind: "lgtin"; readonly gtin: bigint; readonly lot: string }
  /** One pack. */
  | { readonly kind: "sgtin"; readonly gtin: bigint; readonly serial: string }
  /** One logistic unit. */
  | { readonly kind: "sscc"; readonly sscc: bigint }
  /** A place, or with an extension a place within it. */
  | { readonly kind: "sgln"; readonly gln: bigint; readonly glnExtension?: string }
  /** A party. */
  | { readonly kind: "pgln"; readonly gln: bigint };

/** An id that was read from a URN, which also tells how many of its digits are the company's. */
export type EpcUrnId = EpcId & {
  /** Digits of the GS1 company prefix, 6 to 12. */
  readonly companyPrefixLength: number;
};

const PREFIX_LEAST = 6;
const PREFIX_MOST = 12;
/** Characters of set 82 that stand percent-encoded in an EPC URN (EPC Tag Data Standard, table A). */
const ESCAPED = /["%&/<>?]/g;

/**
 * Write an id as EPC pure identity URN, or EPC class URN for a lot, or pattern for a trade item.
 *
 * @param companyPrefixLength Digits of the GS1 company prefix, 6 to 12. The number itself does not tell: it stands in the
 *   licence that GS1 gave the company.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`, `Gs1ElementMalformed`, `InputInvalid`
 * @see EPC Tag Data Standard, section 6.3; Core Business Vocabulary 2.0, section 8
 * @example
 * formatEpcUrn({ kind: "sgtin", gtin: 4012345111118n, serial: "987" }, 7); // "urn:epc:id:sgtin:4012345.011111.987"
 */
export function formatEpcUrn(id: EpcId, companyPrefixLength: number): string {
  const length = checkNumber("companyPrefixLength", companyPrefixLength, 32, PREFIX_LEAST, PREFIX_MOST);
  const split = (digits: string): string => `${digits.slice(0, length)}.${digits.slice(length)}`;
  const item = (gtin: bigint): string => {
    const digits = formatGtin(gtin);
    return `${digits.slice(1, 1 + length)}.${digits[0]}${digits.slice(1 + length, -1)}`;
  };
  switch (id.kind) {
    case "gtin":
      return `urn:epc:idpat:sgtin:${item(id.gtin)}.*`;
    case "lgtin":
      return `urn:epc:class:lgtin:${item(id.gtin)}.${escaped("10", id.lot)}`;
    case "sgtin":
      return `urn:epc:id:sgtin:${item(id.gtin)}.${escaped("21", id.serial)}`;
    case "sscc": {
      const digits = formatSscc(id.sscc);
      return `urn:epc:id:sscc:${digits.slice(1, 1 + length)}.${digits[0]}${digits.slice(1 + length, -1)}`;
    }
    case "sgln": {
      const extension = id.glnExtension === undefined ? "0" : escaped("254", id.glnExtension);
      return `urn:epc:id:sgln:${split(formatGln(id.gln).slice(0, -1))}.${extension}`;
    }
    case "pgln":
      return `urn:epc:id:pgln:${split(formatGln(id.gln).slice(0, -1))}`;
    default:
      throw malformed("its kind is unknown");
  }
}

/**
 * Read an EPC URN of a trade item, lot, pack, logistic unit, place or party. Check digits, which URNs leave out, are put
 * back. The extension `0` of a place means that it has none.
 *
 * @throws `EpcMalformed`, `Gs1ElementMalformed`
 * @see EPC Tag Data Standard, section 6.3
 * @example
 * parseEpcUrn("urn:epc:class:lgtin:4012345.011111.AB-12"); // { kind: "lgtin", gtin, lot: "AB-12", companyPrefixLength: 7 }
 */
export function parseEpcUrn(urn: string): EpcUrnId {
  const matched = typeof urn === "string" ? /^urn:epc:(id|class|idpat):([a-z]+):(.+)$/.exec(urn) : null;
  const [, form = "", scheme = "", body = ""] = matched ?? [];
  const [prefix = "", reference = "", ...rest] = body.split(".");
  const tail = body.slice(prefix.length + reference.length + 2);
  const companyPrefixLength = prefix.length;
  if (!/^\d{6,12}$/.test(prefix) || !/^\d*$/.test(reference)) {
    throw malformed("its scheme or company prefix is none");
  }
  const withTail = rest.length > 0;
  switch (`${form}:${scheme}`) {
    case "idpat:sgtin":
      if (tail !== "*") break;
      return { kind: "gtin", gtin: gtinOf(prefix, reference), companyPrefixLength };
    case "class:lgtin":
      return {
        kind: "lgtin",
        gtin: gtinOf(prefix, reference),
        lot: unescaped("10", tail),
        companyPrefixLength,
      };
    case "id:sgtin":
      return {
        kind: "sgtin",
        gtin: gtinOf(prefix, reference),
        serial: unescaped("21", tail),
        companyPrefixLength,
      };
    case "id:sscc":
      if (withTail) break;
      return { kind: "sscc", sscc: parseSscc(leadFirst(prefix, reference, 17)), companyPrefixLength };
    case "id:sgln": {
      const glnExtension = unescaped("254", tail);
      const gln = glnOf(prefix, reference);
      if (glnExtension === "0") return { kind: "sgln", gln, companyPrefixLength };
      return { kind: "sgln", gln, glnExtension, companyPrefixLength };
    }
    case "id:pgln":
      if (withTail) break;
      return { kind: "pgln", gln: glnOf(prefix, reference), companyPrefixLength };
  }
  throw malformed("it is of another scheme, or has parts too many");
}

/**
 * Write an id as the GS1 Digital Link that EPCIS 2.0 takes in place of a URN: key and the one qualifier that belongs to
 * it, no query.
 *
 * @param stem Domain of the resolver, `https://id.gs1.org` when absent.
 * @throws `Gs1KeyMalformed`, `Gs1CheckDigitWrong`, `Gs1ElementMalformed`, `DigitalLinkMalformed`
 * @see Core Business Vocabulary 2.0, section 8, "constrained subset" of GS1 Digital Link URIs
 * @example
 * formatEpcLink({ kind: "sgtin", gtin: 4012345111118n, serial: "987" }); // "https://id.gs1.org/01/04012345111118/21/987"
 */
export function formatEpcLink(id: EpcId, stem: string = DIGITAL_LINK_STEM): string {
  return formatLink(elementsOf(id), stem);
}

/**
 * Read the Digital Link of an EPCIS 2.0 event.
 *
 * @throws `EpcMalformed` when it has a query or other qualifiers than {@link formatEpcLink} writes; what
 *   {@link parseDigitalLink} throws
 * @example
 * parseEpcLink("https://id.gs1.org/00/106141412345678908"); // { kind: "sscc", sscc }
 */
export function parseEpcLink(uri: string): EpcId {
  const { path, query } = linkParts(uri);
  const [[ai, digits] = ["", ""], [qualifier, characters] = ["", ""], ...more] = path;
  if (query.length > 0 || more.length > 0) throw malformed("it says more than what the thing is");
  switch (`${ai}/${qualifier}`) {
    case "01/":
      return { kind: "gtin", gtin: parseGtin(digits) };
    case "01/10":
      return { kind: "lgtin", gtin: parseGtin(digits), lot: characters };
    case "01/21":
      return { kind: "sgtin", gtin: parseGtin(digits), serial: characters };
    case "00/":
      return { kind: "sscc", sscc: parseSscc(digits) };
    case "414/":
      return { kind: "sgln", gln: parseGln(digits) };
    case "414/254":
      return { kind: "sgln", gln: parseGln(digits), glnExtension: characters };
    case "417/":
      return { kind: "pgln", gln: parseGln(digits) };
    default:
      throw malformed("it is the link of something else");
  }
}

/**
 * Read an id in either form.
 * @throws what {@link parseEpcUrn} and {@link parseEpcLink} throw
 */
export function parseEpc(text: string): EpcId {
  return typeof text === "string" && text.startsWith("urn:") ? parseEpcUrn(text) : parseEpcLink(text);
}

function elementsOf(id: EpcId): Element[] {
  switch (id.kind) {
    case "gtin":
      return [["01", formatGtin(id.gtin)]];
    case "lgtin":
      return [
        ["01", formatGtin(id.gtin)],
        ["10", id.lot],
      ];
    case "sgtin":
      return [
        ["01", formatGtin(id.gtin)],
        ["21", id.serial],
      ];
    case "sscc":
      return [["00", formatSscc(id.sscc)]];
    case "sgln":
      return [
        ["414", formatGln(id.gln)],
        ...(id.glnExtension === undefined ? [] : [["254", id.glnExtension] as const]),
      ];
    case "pgln":
      return [["417", formatGln(id.gln)]];
    default:
      throw malformed("its kind is unknown");
  }
}

/** Indicator or extension digit, company prefix, reference, check digit. */
function leadFirst(prefix: string, reference: string, digits: number): string {
  if (reference === "" || prefix.length + reference.length !== digits) {
    throw malformed(`company prefix and reference do not have ${digits} digits together`);
  }
  const body = `${reference[0]}${prefix}${reference.slice(1)}`;
  return `${body}${digitBehind(body)}`;
}

function gtinOf(prefix: string, reference: string): bigint {
  return parseGtin(leadFirst(prefix, reference, 13));
}

function glnOf(prefix: string, reference: string): bigint {
  const body = prefix + reference;
  if (body.length !== 12) throw malformed("company prefix and reference do not have 12 digits together");
  return parseGln(`${body}${digitBehind(body)}`);
}

function escaped(ai: string, characters: string): string {
  return checkElement(ai, characters).replace(
    ESCAPED,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function unescaped(ai: string, encoded: string): string {
  if (/["&/<>?]|%(?!22|25|26|2F|3C|3E|3F)/i.test(encoded))
    throw malformed("a character of it is not encoded");
  return checkElement(ai, decodeURIComponent(encoded));
}

function malformed(problem: string) {
  return supplyError("EpcMalformed", { problem });
}
