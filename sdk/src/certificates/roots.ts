import { isAddress, isHexString } from "ethers";

import { RECORD_BATCH_MOST } from "../records/input.ts";
import { certificateError } from "./errors.ts";

/** Form of the file. */
export const ROOTS_FORMAT = "careledger-roots-1";

/** A batch that a member anchored. */
export interface PublishedBatch {
  readonly custodian: number;
  readonly root: string;
  readonly count: number;
  /** Unix seconds. */
  readonly anchoredAt: number;
}

/** A record that ended, alone or in whatever batches it was. */
export interface EndedRecord {
  /** Id of the record, 32 bytes. */
  readonly record: string;
  readonly status: "Retracted" | "Superseded";
}

/** Every batch of records on a chain up to a block, and every record that ended: what `publishedRoots` reads. */
export interface PublishedRoots {
  readonly format: typeof ROOTS_FORMAT;
  readonly chainId: number;
  /** Address of the RecordRegistry. */
  readonly registry: string;
  /** Last block that is covered. */
  readonly block: number;
  /** Its time, unix seconds: what was retracted later is not in it. */
  readonly time: number;
  /** In the order of the chain. */
  readonly batches: readonly PublishedBatch[];
  readonly ended: readonly EndedRecord[];
}

/**
 * Check a file of published roots.
 * @throws `RootsMalformed` naming the field.
 */
export function checkRoots(roots: unknown): PublishedRoots {
  const file = objectOf("roots", roots);
  mustHold("format", file["format"] === ROOTS_FORMAT);
  mustHold("chainId", isInteger(file["chainId"], 1, Number.MAX_SAFE_INTEGER));
  mustHold("registry", isAddress(file["registry"]));
  mustHold("block", isInteger(file["block"], 0, Number.MAX_SAFE_INTEGER));
  mustHold("time", isInteger(file["time"], 0, 0xffff_ffff));
  for (const [index, each] of listOf("batches", file["batches"]).entries()) {
    const at = `batches[${index}]`;
    const batch = objectOf(at, each);
    mustHold(`${at}.custodian`, isInteger(batch["custodian"], 1, 0xffff_ffff));
    mustHold(`${at}.root`, isHexString(batch["root"], 32));
    mustHold(`${at}.count`, isInteger(batch["count"], 1, RECORD_BATCH_MOST));
    mustHold(`${at}.anchoredAt`, isInteger(batch["anchoredAt"], 0, 0xffff_ffff));
  }
  for (const [index, each] of listOf("ended", file["ended"]).entries()) {
    const at = `ended[${index}]`;
    const { record, status } = objectOf(at, each);
    mustHold(`${at}.record`, isHexString(record, 32));
    mustHold(`${at}.status`, status === "Retracted" || status === "Superseded");
  }
  return roots as PublishedRoots;
}

function mustHold(field: string, holds: boolean): void {
  if (!holds) throw certificateError("RootsMalformed", { field });
}

function objectOf(field: string, value: unknown): Readonly<Record<string, unknown>> {
  mustHold(field, typeof value === "object" && value !== null && !Array.isArray(value));
  return value as Readonly<Record<string, unknown>>;
}

function listOf(field: string, value: unknown): readonly unknown[] {
  mustHold(field, Array.isArray(value));
  return value as readonly unknown[];
}

function isInteger(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
