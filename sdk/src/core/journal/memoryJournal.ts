import { sdkError } from "../errorCatalogue.ts";
import type { SendJournal, SendRecord } from "./sendJournal.ts";

/**
 * A journal that forgets with the process: keys guard against doubles within one run only. For tests and scripts.
 *
 * @example
 * const client = createClient({ network, signer, journal: createMemoryJournal() });
 */
export function createMemoryJournal(): SendJournal {
  const records = new Map<string, SendRecord>();
  const of = (chain: string, account: string): SendRecord[] =>
    [...records.values()].filter((record) => record.chain === chain && record.account === account);

  return {
    find: async (chain, account, key) =>
      of(chain, account).find(
        (each) => each.key === key && (each.state === "signed" || each.state === "mined"),
      ),
    findByHash: async (hash) => records.get(hash),
    listOpen: async (chain, account) =>
      of(chain, account)
        .filter(({ state }) => state === "signed")
        .sort((a, b) => a.nonce - b.nonce),
    record: async (record, supersedes) => {
      const others = of(record.chain, record.account).filter(({ hash }) => hash !== supersedes);
      const taken = others.some(
        ({ key, nonce, state }) =>
          (key === record.key && (state === "signed" || state === "mined")) ||
          (nonce === record.nonce && state !== "dead"),
      );
      if (taken) throw sdkError("StoreConflict", { path: "memory", problem: "key or nonce is taken" });
      const old = supersedes === undefined ? undefined : records.get(supersedes);
      if (old !== undefined) records.set(old.hash, { ...old, state: "dead" });
      records.set(record.hash, record);
    },
    settle: async (hash, state) => {
      const record = records.get(hash);
      if (record !== undefined) records.set(hash, { ...record, state });
    },
    close: () => records.clear(),
  };
}
