import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";

import { documentError } from "./errors.ts";
import type { CustodianHandler } from "./handler.ts";

/** Where to listen. */
export interface ServeOptions {
  /** Default 127.0.0.1: put a TLS-terminating proxy in front before anyone else can reach it. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** A running custodian. */
export interface CustodianServer {
  /** `http://host:port`. */
  readonly url: string;
  /** Stop: open requests are cut off. */
  close(): Promise<void>;
}

/** Milliseconds for the headers of a request, and for the whole of it. */
const HEADERS_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 15_000;

/**
 * Mount a custodian's handler on a Node HTTP server.
 *
 * @throws `CustodianOptionInvalid` when the address cannot be bound.
 * @example
 * const server = await serveCustodian(createCustodian({ member: 1, store, log, chain }));
 * console.log(server.url);
 */
export async function serveCustodian(
  handle: CustodianHandler,
  { host = "127.0.0.1", port = 0 }: ServeOptions = {},
): Promise<CustodianServer> {
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, maxHeaderSize: 8_192 },
    (incoming, outgoing) => {
      void forward(handle, incoming, outgoing);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(documentError("CustodianOptionInvalid", { field: "port" }, cause)),
    );
    server.listen(port, host, resolve);
  });
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function forward(
  handle: CustodianHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const response = await handle(toRequest(incoming));
    // Bytes of a body that was refused half-read would be taken for the next request.
    const rest = incoming.readableEnded ? {} : { connection: "close" };
    outgoing.writeHead(response.status, { ...Object.fromEntries(response.headers), ...rest });
    if (response.body !== null) await send(response.body, outgoing);
    outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

/** A part is asked for when the one before has left, so that a handler knows how far its answer went. */
async function send(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const cut = new Promise<never>((_resolve, reject) => {
    outgoing.once("close", () => reject(documentError("CustodianUnreachable")));
  });
  cut.catch(() => undefined);
  const write = (part: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      outgoing.write(part, (error) => (error ? reject(error) : resolve()));
    });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await Promise.race([write(value), cut]);
    }
  } catch (error) {
    void reader.cancel().catch(() => undefined);
    throw error;
  }
}

function toRequest(incoming: IncomingMessage): Request {
  const method = incoming.method ?? "GET";
  const hasBody = method !== "GET" && method !== "HEAD";
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  // The host is the client's word; only the path is used. A leading double slash is a path here, never an authority.
  const url = new URL("http://custodian.invalid");
  const [pathname = "/", ...search] = (incoming.url ?? "/").split("?");
  url.pathname = pathname;
  url.search = search.join("?");
  return new Request(url, {
    method,
    headers,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream<Uint8Array>, duplex: "half" } : {}),
  } as RequestInit);
}
