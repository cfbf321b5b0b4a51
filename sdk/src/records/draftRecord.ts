import type { Client } from "../core/client.ts";
import { checkBytes32, checkMember, checkNumber, checkObject, checkTime, inputError } from "../core/input.ts";
import { type EphemeralKey, createStealthHolder } from "../holder/stealth.ts";
import { categoryNumberOf } from "../standards/categoryMask.ts";
import { checkCategoryCode, checkStandardText } from "../standards/input.ts";
import { listCodeSystems } from "../standards/listCodeSystems.ts";
import { hashRecord } from "./typedData.ts";
import type { RecordTerms } from "./types.ts";

/** A version of a code system, by its number or by its names. */
export type CodeSystemNamed = number | { readonly url: string; readonly version: string };

/** What draftRecord needs. */
export interface DraftRecordParams {
  /** The patient's meta-address, `st:eth:0x…`. */
  readonly patient: string;
  /** Member that keeps the document. */
  readonly custodian: number;
  /** Salted commitment to the document (`commitRecord`). */
  readonly commitment: string;
  /** Code of the data category, as `listCategories` has it. */
  readonly category: string;
  /** Code-system version in which it is coded, as `listCodeSystems` has it; leave out for uncoded content. */
  readonly codeSystem?: CodeSystemNamed | undefined;
  /** End of the time in which the result may stand in for a repeat order, exclusive, at most 366 days ahead, unix seconds; none when absent. */
  readonly reusableUntil?: number | undefined;
}

/** A record to anchor, with a holder of its own. */
export interface RecordDraft {
  readonly record: RecordTerms;
  /** Id of the record. */
  readonly id: string;
  /** What lets the patient's viewing key find it. */
  readonly ephemeralKey: EphemeralKey;
  /** The ECDH point that custodian and patient share; the custodian forgets it once the record is anchored. */
  readonly sharedSecret: Uint8Array<ArrayBuffer>;
}

/**
 * Make the terms of a record, with a holder address that only the patient's viewing key links to the patient. Keep the draft
 * until it is anchored: made anew it has another holder. Sends nothing.
 *
 * @throws `InputInvalid`, `MetaAddressInvalid`, `RpcUnavailable`, `LogRangeUnsearchable`
 * @example
 * const { commitment, salt } = commitRecord({ mediaType: "application/fhir+json", content });
 * const draft = await draftRecord(client, { patient: metaAddress, custodian: 2, commitment, category: "laboratory" });
 * await anchorRecord(client, draft);
 */
export async function draftRecord(client: Client, params: DraftRecordParams): Promise<RecordDraft> {
  checkObject("params", params);
  const custodian = checkMember("custodian", params.custodian);
  const commitment = checkBytes32("commitment", params.commitment, false);
  checkCategoryCode("category", params.category);
  checkCodeSystem(params.codeSystem);
  const { reusableUntil: until } = params;
  const reusableUntil = until === undefined ? 0 : checkTime("reusableUntil", until);
  if (typeof params.patient !== "string")
    throw inputError("patient", "it is no text", "a meta-address, st:eth:0x…");
  const { holder, ephemeralKey, sharedSecret } = createStealthHolder(params.patient);
  const category = await categoryNumberOf(client, "category", params.category);
  const codeSystem = await codeSystemNumber(client, params.codeSystem);
  const record = { custodian, holder, commitment, category, codeSystem, reusableUntil };
  return { record, id: hashRecord(record), ephemeralKey, sharedSecret };
}

/** Refuse what names no code-system version; absent for uncoded content. */
export function checkCodeSystem(named: CodeSystemNamed | undefined): void {
  if (named === undefined) return;
  if (typeof named === "number") return void checkNumber("codeSystem", named, 16, 1);
  checkObject("codeSystem", named);
  checkStandardText("codeSystem.url", named.url);
  checkStandardText("codeSystem.version", named.version);
}

/** The number of a code-system version; 0 for none. Throws `InputInvalid`. */
export async function codeSystemNumber(client: Client, named: CodeSystemNamed | undefined): Promise<number> {
  if (named === undefined) return 0;
  if (typeof named === "number") return named;
  const all = await listCodeSystems(client);
  const found = all.find(({ url, version }) => url === named.url && version === named.version);
  if (found === undefined) {
    throw inputError("codeSystem", "no such version is registered", "see listCodeSystems");
  }
  return found.number;
}
