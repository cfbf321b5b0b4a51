import type { Client } from "../core/client.ts";
import type { DecodedEvent } from "../core/codec.ts";
import { type CursorStore, watch } from "../core/watch.ts";
import type { Vault } from "../vault/vault.ts";
import { recordChain } from "./recordChain.ts";
import type { RecordIndex } from "./recordIndex.ts";

/** What {@link followRevocations} needs. */
export interface FollowRevocationsOptions {
  readonly vault: Vault;
  readonly index: RecordIndex;
  /** Where the position on the chain is kept. */
  readonly store: CursorStore;
  /** Name of the cursor. Default `revocations`. */
  readonly cursor?: string;
  /** How long a wrapped key may stay at all, seconds: permits end by time without an event. Default 86,400. */
  readonly life?: number;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Return when the head is reached instead of following it. */
  readonly once?: boolean;
}

/** Events after which a permit of a subject may have ended or become narrower. */
const EVENTS = [
  "ConsentGranted",
  "ConsentDenied",
  "ConsentRevoked",
  "PaperDenialEntered",
  "ConsentAllRevoked",
  "DelegateAppointed",
  "DelegateRevoked",
  "BreakGlassReviewed",
] as const;

const DAY = 86_400;
const SWEEP_MS = 60_000;

/**
 * Follow the chain and delete the record keys that are wrapped to a grantee when its permit ends: a store, or a backup of it,
 * then opens nothing for somebody whose consent was revoked. A key that is deleted too early costs nothing: the next request
 * that is allowed wraps it again. Keys of permits that end by time go by age.
 *
 * Reading stops with the revocation itself, whether this runs or not; it cleans up what was wrapped before.
 *
 * @throws As `watch`.
 * @example
 * await followRevocations(client, { vault, index, store: createSqliteCursors("data/cursors.db"), signal });
 */
export async function followRevocations(client: Client, options: FollowRevocationsOptions): Promise<void> {
  const { vault, index, store, cursor = "revocations", life = DAY, signal, once } = options;
  const sweep = async (): Promise<void> => {
    await vault.store.deleteGranteeKeysBefore(vault.now() - life);
  };
  await sweep();
  const timer = setInterval(() => void sweep().catch(() => undefined), SWEEP_MS);
  timer.unref();
  try {
    await watch(client, {
      cursor,
      store,
      events: { consentRegistry: EVENTS },
      onEvent: (event) => forget(client, vault, index, event),
      ...(signal === undefined ? {} : { signal }),
      ...(once === undefined ? {} : { once }),
    });
  } finally {
    clearInterval(timer);
  }
}

async function forget(
  client: Client,
  vault: Vault,
  index: RecordIndex,
  { event, values }: DecodedEvent,
): Promise<void> {
  const isReview = event === "BreakGlassReviewed";
  const subject = isReview
    ? (await recordChain(client).breakGlass(String(values["id"]))).subject
    : String(values["subject"]);
  // 0, or none in the event, stands for everybody.
  const grantee = Number(values[isReview ? "member" : "grantee"] ?? 0);
  for (let after = ""; ;) {
    const page = await index.listBySubject(subject, { after });
    for (const { record } of page) {
      if (grantee !== 0) await vault.store.deleteGranteeKey(record, grantee);
      else await deleteAll(vault, record);
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.record;
  }
}

async function deleteAll({ store }: Vault, record: string): Promise<void> {
  for (const { grantee } of await store.listGranteeKeys(record))
    await store.deleteGranteeKey(record, grantee);
}
