import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of supply that is found before the chain is asked to act. Texts never repeat what was on a pack. */
const FAULTS = {
  Gs1KeyMalformed: {
    message: "This is no {key}: {problem}.",
    fix: "Take the {key} from the label or the trade item's master data; it has {expected}.",
    issue: "value",
  },
  Gs1CheckDigitWrong: {
    message: "The check digit of this {key} is wrong: the digits before it ask for {expected}.",
    fix: "Scan the label again, or compare every digit; never mend the check digit alone.",
    issue: "value",
  },
  Gs1ElementMalformed: {
    message: "The element ({element}) is malformed: {problem}.",
    fix: "It takes {expected}. Scan again; if it stays so, the label is at fault: ask who printed it.",
    issue: "value",
  },
  Gs1ElementUnknown: {
    message: "An element of the label cannot be told apart: {problem}.",
    fix: "Let the scanner send the separators (FNC1 as ASCII 29), then scan again; an element before this one may lack its separator.",
    issue: "structure",
  },
  Gs1ElementRepeated: {
    message: "The element ({element}) stands on the label more than once.",
    fix: "Scan one pack at a time; if it stays so, the label is at fault: ask who printed it.",
    issue: "structure",
  },
  Gs1ElementMissing: {
    message: "The label has no element ({element}).",
    fix: "Scan the code that carries ({element}): on a pack of medicine it is the GS1 DataMatrix.",
    issue: "required",
  },
  Gs1TextUnreadable: {
    message: "This is no GS1 element string: {problem}.",
    fix: "Pass what a scanner sends, with its separators (ASCII 29), or the text with brackets as printed below the code.",
    issue: "structure",
  },
  DigitalLinkMalformed: {
    message: "This is no GS1 Digital Link that can be read: {problem}.",
    fix: "Use the uncompressed form, such as https://id.gs1.org/01/<14 digits>/10/<lot number>.",
    issue: "structure",
  },
  EpcMalformed: {
    message: "This is no EPC of a lot, unit, parcel or place: {problem}.",
    fix: "Use a pure-identity URN of sgtin, lgtin, sscc, sgln or pgln (`urn:epc:id:sgtin:…`), or the GS1 Digital Link of the same.",
    issue: "structure",
  },
  SerialMalformed: {
    message: "Serial {index} is malformed: {problem}.",
    fix: "A serial is 1 to 20 characters of GS1 character set 82 (AI 21).",
    issue: "value",
  },
  SerialDuplicated: {
    message: "Serial {index} is the same as serial {first}.",
    fix: "Number every pack once: take out the second, or mend the line that wrote it.",
    issue: "duplicate",
  },
  SerialNotInLot: {
    message: "This serial is none of the lot's.",
    fix: "Check GTIN, lot number and serial on the pack; if they are right, the pack is not from this lot: quarantine it and tell the maker.",
    issue: "not-found",
  },
  SerialFileMalformed: {
    message: "This is no serial file: {problem}.",
    fix: "Ask the maker for the file of this lot again.",
    issue: "structure",
  },
  SerialFileAltered: {
    message: "The serial file is not what its maker wrote: its {field} differs.",
    fix: "Ask the maker for the file of this lot again, and accept none of it until it fits.",
    issue: "security",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of supply. */
export type SupplyFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const supplyError = defineFaults<SupplyFault>(FAULTS);
