/** A log as JSON-RPC gives it: quantities in hexadecimal. */
export interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly transactionHash: string;
  readonly logIndex: string;
}

/** A receipt as JSON-RPC gives it. */
export interface RpcReceipt {
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly status: string;
  readonly gasUsed: string;
  readonly from: string;
  readonly to: string | null;
  readonly logs: readonly Log[];
  /** Besu with `--revert-reason-enabled`. */
  readonly revertReason?: string;
}

/** A block as JSON-RPC gives it, as far as it is needed. */
export interface RpcBlock {
  readonly number: string;
  readonly hash: string;
  readonly timestamp: string;
  readonly transactions: readonly (
    string | { readonly hash: string; readonly from: string; readonly nonce: string }
  )[];
}
