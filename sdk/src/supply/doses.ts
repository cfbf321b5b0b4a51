import type { DoseAdministeredEvent, DosesAdministeredEvent } from "../abi/index.ts";
import type { RecordedDose } from "./types.ts";

const BYTE = 0xffn;
const WORD_32 = 0xffff_ffffn;

/** A dose from its two events: the second tells of all doses of a transaction who gave them. */
export function doseOf(given: DoseAdministeredEvent, who: DosesAdministeredEvent): RecordedDose {
  const { lot, holder, commitment, ephemeralX, dose } = given;
  const { member, site, operator, span } = who;
  return {
    lot,
    member,
    site,
    operator,
    holder,
    ephemeralKey: { x: ephemeralX, ...keyTail(dose) },
    commitment,
    unit: Number(dose & WORD_32),
    seriesDose: Number((dose >> 32n) & BYTE),
    administeredAt: Number((span >> 64n) & WORD_32),
  };
}

/** Prefix and view tag of a dose's ephemeral key. */
export function keyTail(dose: bigint): { readonly prefix: string; readonly viewTag: string } {
  return { prefix: byteOf(dose >> 40n), viewTag: byteOf(dose >> 48n) };
}

function byteOf(word: bigint): string {
  return `0x${(word & BYTE).toString(16).padStart(2, "0")}`;
}
