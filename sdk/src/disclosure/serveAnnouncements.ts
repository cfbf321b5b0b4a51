import { isCareLedgerError } from "../core/errors.ts";
import type { Bytes } from "../documents/bytes.ts";
import { documentError } from "../documents/errors.ts";
import { requirePath } from "../documents/handler.ts";
import type { AnnouncementsStore, KeptAnnouncements } from "./announcementsStore.ts";
import { disclosureError } from "./errors.ts";
import type { RecordChain } from "./recordChain.ts";

/** Path of a batch's announcements below a custodian's endpoint. */
export const ANNOUNCEMENTS_PATH = /^\/announcements\/(0x[0-9a-fA-F]{64})$/;

/** Headers of a file: it never changes and tells nothing without a viewing key, so whoever stands between may keep it. */
const PUBLIC_HEADERS = {
  "cache-control": "public, max-age=31536000, immutable",
  "x-content-type-options": "nosniff",
};

/** Answers a request for an announcements' file. */
export type AnnouncementsServer = (http: Request, basePath: string) => Promise<Response>;

/**
 * Serve the announcements' files of a store, each once it is known to be the one that the chain has: the hash that was taken
 * when it was put is compared with the batch's event, and all its pieces are read once. As long as that file is kept this
 * holds, for the chain's hash never changes; from then on a request costs its bytes, and no read of the chain. Memory is
 * bounded by a piece a reader.
 */
export function announcementsServer(store: AnnouncementsStore, chain: RecordChain): AnnouncementsServer {
  const proofs = new Map<string, Promise<void>>();
  const requireProven = async (root: string, kept: KeptAnnouncements): Promise<void> => {
    const name = `${root} ${kept.announcements}`;
    const before = proofs.get(name);
    if (before !== undefined) return before;
    const proof = prove(store, chain, root, kept);
    proofs.set(name, proof);
    // A refusal is no knowledge: the batch may be anchored, or the store mended, a moment later.
    return proof.catch((error: unknown) => {
      proofs.delete(name);
      throw error;
    });
  };
  return async (http, basePath) => {
    const root = requirePath(http, basePath, ANNOUNCEMENTS_PATH, "GET").toLowerCase();
    const kept = await ofStore(() => store.find(root));
    if (kept === undefined) throw disclosureError("AnnouncementsNotHeld");
    await requireProven(root, kept);
    const etag = `"${kept.announcements}"`;
    const headers = { ...PUBLIC_HEADERS, etag };
    if (http.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
    const pieces = store.read(root)[Symbol.asyncIterator]();
    // The head of the answer leaves when the first piece is there.
    const first = await ofStore(() => pieces.next());
    if (first.done === true) throw disclosureError("AnnouncementsNotHeld");
    return new Response(streamOf(first.value, pieces), {
      status: 200,
      headers: {
        ...headers,
        "content-type": "application/octet-stream",
        "content-length": String(kept.length),
      },
    });
  };
}

async function prove(
  store: AnnouncementsStore,
  chain: RecordChain,
  root: string,
  kept: KeptAnnouncements,
): Promise<void> {
  const anchored = await chain.announcementsOf(kept.custodian, root).catch((cause: unknown) => {
    throw documentError("CustodianChainUnavailable", {}, cause);
  });
  if (anchored === undefined) throw disclosureError("AnnouncementsNotHeld");
  if (anchored !== kept.announcements) throw disclosureError("AnnouncementsCorrupt");
  await ofStore(async () => {
    let length = 0;
    for await (const piece of store.read(root)) {
      length += piece.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (length !== kept.length) throw disclosureError("AnnouncementsCorrupt");
  });
}

/** A piece is read when the one before has left. What breaks on the way cuts the answer short of its length. */
function streamOf(first: Bytes, pieces: AsyncIterator<Bytes>): ReadableStream<Bytes> {
  let next: Bytes | undefined = first;
  return new ReadableStream<Bytes>(
    {
      pull: async (controller) => {
        if (next !== undefined) {
          controller.enqueue(next);
          next = undefined;
          return;
        }
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await pieces.return?.()),
    },
    { highWaterMark: 0 },
  );
}

async function ofStore<T>(work: () => Promise<T>): Promise<T> {
  return work().catch((cause: unknown) => {
    if (isCareLedgerError(cause, "AnnouncementsCorrupt", "AnnouncementsNotHeld")) throw cause;
    throw documentError("CustodianStoreUnavailable", {}, cause);
  });
}
