import { REPEAT_REASON_NAMES, type RepeatOrderedEvent, type RepeatReason } from "../abi/index.ts";
import type { Acted } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { isCareLedgerError } from "../core/errors.ts";
import { checkMember, checkName, checkObject, inputError } from "../core/input.ts";
import { categoryNumberOf } from "../standards/categoryMask.ts";
import { checkCategoryCode } from "../standards/input.ts";
import { type FindRecordsParams, type FoundRecord, type MissingBatch, findRecords } from "./findRecords.ts";
import { repeatOrder } from "./repeatOrder.ts";

/** Which results may stand in for a test. */
export interface FindReusableParams extends FindRecordsParams {
  /** Code of the data category of the test's results. */
  readonly category: string;
  /**
   * Whether a record is of this very test, for categories are coarse: opens the document and compares its code. Every
   * reusable record of the category when absent.
   */
  readonly isSameTest?: ((record: FoundRecord) => boolean | Promise<boolean>) | undefined;
}

/**
 * Results of a patient that may stand in for a test now: current, of the category, inside their reuse window.
 *
 * @throws What {@link findRecords} can meet.
 * @example
 * const [earlier] = await findReusable(client, { viewingKey, spendingPublicKey, category: "laboratory", isSameTest });
 */
export async function findReusable(client: Client, params: FindReusableParams): Promise<FoundRecord[]> {
  return [...(await reusableOf(client, params)).reusable];
}

async function reusableOf(
  client: Client,
  params: FindReusableParams,
): Promise<Pick<OrderedTest, "reusable" | "missing">> {
  checkObject("params", params);
  checkCategoryCode("category", params.category);
  const { isSameTest = () => true } = params;
  if (typeof isSameTest !== "function") {
    throw inputError("isSameTest", "it is no function", "a function of a record");
  }
  const [{ records, missing }, category] = await Promise.all([
    findRecords(client, params),
    categoryNumberOf(client, "category", params.category),
  ]);
  const reusable: FoundRecord[] = [];
  for (const found of records) {
    const fits = found.standing.reusable && found.record.category === category;
    if (fits && (await isSameTest(found))) reusable.push(found);
  }
  return { reusable, missing };
}

/** What orderTest needs. */
export interface OrderTestParams extends FindReusableParams {
  /** Member that orders. */
  readonly member: number;
  /** Why the test is wanted although a result may be used; leave out to be told first. */
  readonly reason?: Exclude<RepeatReason, "Unspecified"> | undefined;
  /** Idempotency key; each record's repeat gets one of its own from it. */
  readonly key?: string | undefined;
}

/** Whether a test may be ordered. */
export interface OrderedTest {
  /** No result may stand in for it, or the reason was put on record. False: use one of `reusable`, or call again with a reason. */
  readonly cleared: boolean;
  /** Results that may stand in for it. */
  readonly reusable: readonly FoundRecord[];
  /** Batches whose file could not be had: a result in them may stand in too. */
  readonly missing: readonly MissingBatch[];
  /** What was put on record now. */
  readonly repeats: readonly (RepeatOrderedEvent & Acted)[];
}

/**
 * Ask before a test is ordered whether an earlier result may be used (mutual recognition of results). If so the order is
 * flagged: without a reason it is not cleared; with one, the reason is put on record for each such result. Caller, with a
 * reason: a PRESCRIBE or SUBMIT operator of `member`.
 *
 * @throws What {@link findRecords} and {@link repeatOrder} can meet. A repeat that is on record already is passed over.
 * @example
 * const { cleared, reusable } = await orderTest(client, { member: 3, category: "laboratory", viewingKey, spendingPublicKey });
 * if (!cleared) showResults(reusable);
 */
export async function orderTest(client: Client, params: OrderTestParams): Promise<OrderedTest> {
  checkObject("params", params);
  const member = checkMember("member", params.member);
  const { reason, key } = params;
  if (reason !== undefined) checkName("reason", reason, REPEAT_REASON_NAMES, true);
  const { reusable, missing } = await reusableOf(client, params);
  if (reusable.length === 0 || reason === undefined) {
    return { cleared: reusable.length === 0, reusable, missing, repeats: [] };
  }
  const repeats: (RepeatOrderedEvent & Acted)[] = [];
  for (const { id, record, origin } of reusable) {
    const own = key === undefined ? undefined : `${key}:${id}`;
    try {
      repeats.push(await repeatOrder(client, { record, origin, member, reason, key: own }));
    } catch (error) {
      if (!isCareLedgerError(error, "RecordRepeatKnown")) throw error;
    }
  }
  return { cleared: true, reusable, missing, repeats };
}
