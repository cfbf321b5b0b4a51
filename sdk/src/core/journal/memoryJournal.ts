import { sdkError } from "../errorCatalogue.ts";
import type { SendJournal, SendRecord, SendState } from "./sendJournal.ts";

/**
 * A journal that forgets with the process: keys guard against doubles within one run only. For tests and scripts.
 *
 * @example
 * const client = createClient({ network, signer, journal: createMemoryJournal() });
 */
export function createMemoryJournal(): SendJournal {
  const byHash = new Map<string, SendRecord>();
  const byKey = new Map<string, string>();
  const byNonce = new Map<string, string>();
  const keyOf = ({ chain, account, key }: SendRecord): string => JSON.stringify([chain, account, key]);
  const nonceOf = ({ chain, account, nonce }: SendRecord): string => JSON.stringify([chain, account, nonce]);

  const put = (record: SendRecord): void => {
    byHash.set(record.hash, record);
    if (record.state === "signed" || record.state === "mined") byKey.set(keyOf(record), record.hash);
    else if (byKey.get(keyOf(record)) === record.hash) byKey.delete(keyOf(record));
    if (record.state !== "dead") byNonce.set(nonceOf(record), record.hash);
    else if (byNonce.get(nonceOf(record)) === record.hash) byNonce.delete(nonceOf(record));
  };
  const settle = (hash: string, state: SendState): void => {
    const record = byHash.get(hash);
    if (record !== undefined) put({ ...record, state });
  };

  return {
    find: async (chain, account, key) => byHash.get(byKey.get(JSON.stringify([chain, account, key])) ?? ""),
    findByHash: async (hash) => byHash.get(hash),
    listOpen: async (chain, account) =>
      [...byHash.values()]
        .filter((each) => each.chain === chain && each.account === account && each.state === "signed")
        .sort((a, b) => a.nonce - b.nonce),
    record: async (record, supersedes) => {
      const holders = [byKey.get(keyOf(record)), byNonce.get(nonceOf(record))];
      if (holders.some((hash) => hash !== undefined && hash !== supersedes)) {
        throw sdkError("StoreConflict", { path: "memory", problem: "key or nonce is taken" });
      }
      if (supersedes !== undefined) settle(supersedes, "dead");
      put(record);
    },
    settle: async (hash, state) => settle(hash, state),
    close: () => {
      byHash.clear();
      byKey.clear();
      byNonce.clear();
    },
  };
}
