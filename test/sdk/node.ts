/** A real chain behind HTTP whose connection the tests can break. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What is asked of a node. */
export interface RpcAsk {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * What happens to a request: `pass` it on; `cut` the connection before it is carried out, or after (`cutAfter`); never
 * answer (`hang`); answer with a status, a text or a JSON-RPC error instead.
 */
export type Fault =
  | "pass"
  | "cut"
  | "cutAfter"
  | "hang"
  | { readonly status: number; readonly text: string }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } }
  | { readonly result: unknown };

/** Something that carries requests out: a Hardhat connection's provider. */
export interface Backend {
  request(ask: { method: string; params: unknown[] }): Promise<unknown>;
}

/** A node's address and its faults. */
export interface TestNode {
  readonly url: string;
  /** All requests so far. */
  readonly asked: RpcAsk[];
  /** HTTP requests so far. */
  readonly requests: number;
  /** Decides what happens to a request; all pass by default. */
  fault: (ask: RpcAsk) => Fault;
  /** Requests of a method so far. */
  count(method: string): number;
  /** Stop and cut every connection; `start` again on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Start a node on a free port of the loopback interface. */
export async function startNode(backend: Backend): Promise<TestNode> {
  let server: Server;
  let port = 0;
  const asked: RpcAsk[] = [];
  const node = {
    url: "",
    asked,
    requests: 0,
    fault: (): Fault => "pass",
    count: (method: string) => asked.filter((ask) => ask.method === method).length,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    start: async () => {
      server = createServer((request, response) => {
        void answer(node, backend, request, response);
      });
      await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
      port = (server.address() as AddressInfo).port;
      node.url = `http://127.0.0.1:${port}`;
    },
  } as TestNode & { url: string; requests: number };
  await node.start();
  return node;
}

async function answer(
  node: TestNode & { requests: number },
  backend: Backend,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  node.requests += 1;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as RpcAsk | RpcAsk[];
  const asks = Array.isArray(body) ? body : [body];
  const answers: unknown[] = [];
  for (const ask of asks) {
    node.asked.push(ask);
    const fault = node.fault(ask);
    if (fault === "hang") return;
    if (fault === "cut") return void request.socket.destroy();
    if (typeof fault === "object" && "status" in fault) {
      response.writeHead(fault.status).end(fault.text);
      return;
    }
    if (typeof fault === "object") {
      answers.push({ jsonrpc: "2.0", id: ask.id, ...fault });
      continue;
    }
    answers.push({ jsonrpc: "2.0", id: ask.id, ...(await carryOut(backend, ask)) });
    if (fault === "cutAfter") return void request.socket.destroy();
  }
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
}

async function carryOut(backend: Backend, ask: RpcAsk): Promise<object> {
  try {
    return { result: await backend.request({ method: ask.method, params: [...ask.params] }) };
  } catch (error) {
    const { code, message, data } = error as { code?: number; message: string; data?: unknown };
    return { error: { code: code ?? -32_603, message, ...(data === undefined ? {} : { data }) } };
  }
}
