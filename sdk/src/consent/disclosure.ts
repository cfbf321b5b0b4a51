import { AbiCoder, keccak256 } from "ethers";

import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkObject } from "../core/input.ts";
import { categoryNumberOf } from "../standards/categoryMask.ts";
import { checkCategoryCode } from "../standards/input.ts";
import { checkSubject } from "./input.ts";
import { BREAK_THE_GLASS, type PurposeCode, checkPurpose } from "./purposes.ts";

/** A disclosure to record. */
export interface DisclosureTerms {
  /** Subject id. */
  readonly subject: string;
  /** Member that gets the data. */
  readonly grantee: number;
  /** Code of the data category. */
  readonly category: string;
  /** Code of the purpose; BTG under break-glass. */
  readonly purpose: PurposeCode;
  /** Salted commitment to what is disclosed, fresh for each disclosure (`commitDocument`); never a record's id, which would link a patient's records. */
  readonly document: string;
}

/** A disclosure as the chain has it. */
export interface DisclosureWords {
  readonly subject: string;
  readonly grantee: number;
  /** Bit number. */
  readonly category: number;
  /** Bit number. */
  readonly purpose: number;
  readonly document: string;
  /** Zero when a rule allowed it. */
  readonly breakGlass: string;
}

const ZERO_WORD = `0x${"00".repeat(32)}`;

/** Check a disclosure before the chain is asked; `prefix` leads to it in messages. */
export function checkDisclosure(prefix: string, disclosure: DisclosureTerms): void {
  checkObject(prefix === "" ? "params" : prefix.slice(0, -1), disclosure);
  checkSubject(`${prefix}subject`, disclosure.subject);
  checkMember(`${prefix}grantee`, disclosure.grantee);
  checkCategoryCode(`${prefix}category`, disclosure.category);
  checkPurpose(`${prefix}purpose`, disclosure.purpose);
  checkBytes32(`${prefix}document`, disclosure.document, false);
}

/** A checked disclosure as the chain has it. */
export async function disclosureWords(
  client: Client,
  prefix: string,
  disclosure: DisclosureTerms,
  breakGlass: string = ZERO_WORD,
): Promise<DisclosureWords> {
  return {
    subject: checkSubject(`${prefix}subject`, disclosure.subject),
    grantee: disclosure.grantee,
    category: await categoryNumberOf(client, `${prefix}category`, disclosure.category),
    purpose: checkPurpose(`${prefix}purpose`, disclosure.purpose),
    document: checkBytes32(`${prefix}document`, disclosure.document, false),
    breakGlass,
  };
}

/** Whether a purpose is that of break-glass. */
export function isBreakGlass(purpose: PurposeCode): boolean {
  return purpose === BREAK_THE_GLASS;
}

/** The leaf of a disclosure in its batch's tree: its ABI encoding with the rule that allowed it, hashed twice. */
export function disclosureLeafOf(
  words: DisclosureWords,
  rule: { readonly sector: number; readonly number: number; readonly version: number },
): string {
  const types = ["tuple(bytes32,uint32,uint8,uint8,bytes32,bytes32)", "uint16", "uint8", "uint32"];
  const { subject, grantee, category, purpose, document, breakGlass } = words;
  const tuple = [subject, grantee, category, purpose, document, breakGlass];
  const encoded = AbiCoder.defaultAbiCoder().encode(types, [tuple, rule.sector, rule.number, rule.version]);
  return keccak256(keccak256(encoded));
}
