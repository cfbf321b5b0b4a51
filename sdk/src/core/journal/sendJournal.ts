/**
 * Where a signed transaction stands. `signed`: it may be in a block some day. `mined`: in a block, succeeded.
 * `reverted`: in a block, without effect. `dead`: another transaction used its nonce, so it can never be mined.
 */
export type SendState = "signed" | "mined" | "reverted" | "dead";

/** A signed transaction, recorded before it is first sent. */
export interface SendRecord {
  /** Chain: id and hash of block 0, so that a chain that began anew is another one. */
  readonly chain: string;
  /** Account that signed. */
  readonly account: string;
  /** Idempotency key of the act. */
  readonly key: string;
  /** Hash of what the key stands for; guards against a key used twice. */
  readonly intent: string;
  readonly nonce: number;
  /** Hash of the transaction. */
  readonly hash: string;
  /** The signed bytes. */
  readonly raw: string;
  /** A block after which the nonce was still free. */
  readonly freeAtBlock: number;
  readonly state: SendState;
}

/**
 * The durable memory of the sender. Per chain and account, at most one record that is `signed` or `mined` has a given
 * key, and at most one that is not `dead` has a given nonce; whoever breaks that gets `StoreConflict`.
 */
export interface SendJournal {
  /** The `signed` or `mined` record of a key. */
  find(chain: string, account: string, key: string): Promise<SendRecord | undefined>;
  /** The record of a transaction. */
  findByHash(hash: string): Promise<SendRecord | undefined>;
  /** All `signed` records of an account, by nonce. */
  listOpen(chain: string, account: string): Promise<SendRecord[]>;
  /**
   * Record a signed transaction; resolves once it is durable. In the same step the record with hash `supersedes`, if
   * named, becomes `dead`.
   */
  record(record: SendRecord, supersedes?: string): Promise<void>;
  /** Say what became of a transaction. */
  settle(hash: string, state: SendState): Promise<void>;
  /** Close it. */
  close(): void;
}
