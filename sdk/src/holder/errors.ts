import type { ErrorEntry } from "../core/errorCatalogue.ts";
import { defineFaults } from "../core/faults.ts";

/** Every fault of holder keys. Texts carry no key and nothing that was on a paper. */
const FAULTS = {
  MetaAddressInvalid: {
    message: "This is no stealth meta-address.",
    fix: "Use the form `st:eth:0x…` with one or two compressed secp256k1 keys of 33 bytes (ERC-5564).",
    issue: "value",
  },
  HolderKeyInvalid: {
    message: "{field} is no secp256k1 private key.",
    fix: "Pass 32 bytes in hexadecimal, from 1 to the curve's order less one.",
    issue: "value",
  },
  HolderKeyMismatch: {
    message: "These keys do not lead to this holder address.",
    fix: "Use the spending key of the meta-address that the prescription was issued to, and the match from `scanAnnouncements`.",
    issue: "value",
  },
  QrNotCareLedger: {
    message: "This text is no prescription code.",
    fix: "Scan the code on the prescription; its text begins with `CARELEDGER:`.",
    issue: "structure",
  },
  QrVersionUnknown: {
    message: "The prescription code has version {version}, which this software does not know.",
    fix: "Update this software.",
    issue: "not-supported",
  },
  QrCharacterInvalid: {
    message: "The prescription code holds a character that cannot be in it, at place {place}.",
    fix: "Scan it again, or type it again: letters A to Z and digits 2 to 7 only.",
    issue: "value",
  },
  QrLengthWrong: {
    message: "The prescription code is {length} characters long instead of {expected}.",
    fix: "Scan or type the whole code.",
    issue: "value",
  },
  QrChecksumWrong: {
    message: "The prescription code does not add up: a character was misread.",
    fix: "Scan it again, or compare it character by character.",
    issue: "value",
  },
  QrContentInvalid: {
    message: "The prescription code adds up but its {field} cannot be.",
    fix: "The paper was printed by faulty software: the prescriber issues the prescription again.",
    issue: "value",
  },
  QrOtherChain: {
    message: "The prescription code belongs to chain {chainId}, not to this one, {expected}.",
    fix: "Take it to a pharmacy of the consortium that it belongs to.",
    issue: "value",
  },
  PaperSplitImpossible: {
    message: "The prescription cannot be split into one paper a fill.",
    fix: "See {field}: whole numbers, 1 to 99 fills, and a window that is longer than all intervals together.",
    issue: "business-rule",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Code of a fault of holder keys. */
export type HolderFault = keyof typeof FAULTS;

/** Build the typed error of a fault. */
export const holderError = defineFaults<HolderFault>(FAULTS);
