import { sdkError } from "./errorCatalogue.ts";
import { isCareLedgerError } from "./errors.ts";

/** What a node says instead of a result. */
export interface RpcProblem {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** How a client reaches the nodes. */
export interface Rpc {
  /**
   * Ask one node, another one if it does not answer. Calls of the same moment travel in one HTTP request.
   *
   * @throws `RpcUnavailable` when none answers, `NetworkMismatch` when all serve another chain, `RpcRefused` when a
   * node answers with an error; its `cause` is the {@link RpcProblem}.
   */
  request(method: string, params: readonly unknown[], options?: RequestOptions): Promise<unknown>;
  /** Ask every node once, at the same time. */
  requestEach(method: string, params: readonly unknown[]): Promise<PromiseSettledResult<unknown>[]>;
  /** Ask several things of one and the same node, one after the other, so that its answers fit together. */
  requestInOrder(calls: readonly RpcCall[]): Promise<unknown[]>;
  /** What is known of each endpoint. */
  health(): readonly EndpointHealth[];
  /** Stop; what waits fails with `ClientClosed`. */
  close(): void;
}

/** One JSON-RPC call. */
export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface RequestOptions {
  /** Send in an HTTP request of its own: for calls that may take long. */
  readonly alone?: boolean;
  /**
   * Keep the order of all requests of this name: one HTTP request of them is on its way at a time, and what comes
   * meanwhile travels together in the next.
   */
  readonly lane?: string;
}

/** What is known of an endpoint. */
export interface EndpointHealth {
  readonly url: string;
  /** Failures since the last answer. */
  readonly failures: number;
  /** Its chain id was asked for and fits. */
  readonly checked: boolean;
  /** Last problem, if any. */
  readonly problem: string | undefined;
}

export interface RpcOptions {
  readonly urls: readonly string[];
  readonly chainId: number;
  /** How long one HTTP request may take, milliseconds. */
  readonly timeoutMs: number;
  /** Attempts over all endpoints before giving up. */
  readonly attempts: number;
  /** HTTP headers by endpoint, such as an Authorization. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Endpoint {
  readonly url: string;
  failures: number;
  restUntil: number;
  checked: boolean;
  mismatch: string | undefined;
  problem: string | undefined;
}

interface Waiting {
  readonly call: RpcCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Answer = { readonly result: unknown } | { readonly error: RpcProblem };

/** The endpoint did not answer; another one may. */
class TransportFault extends Error {}

/** Most calls in one HTTP request; Besu allows 1,024. */
const BATCH = 50;
/** First pause after a round over all endpoints failed, milliseconds; doubles to {@link PAUSE_MOST}. */
const PAUSE_FIRST = 100;
const PAUSE_MOST = 5_000;

/** Connect to the endpoints of a network; nothing is sent yet. */
export function createRpc(options: RpcOptions): Rpc {
  const endpoints: Endpoint[] = options.urls.map((url) => ({
    url,
    failures: 0,
    restUntil: 0,
    checked: false,
    mismatch: undefined,
    problem: undefined,
  }));
  const closing = new AbortController();
  const running = new Set<AbortController>();
  let queue: Waiting[] = [];
  let nextId = 1;

  const post = async (endpoint: Endpoint, calls: readonly RpcCall[]): Promise<Answer[]> => {
    const first = nextId;
    nextId += calls.length;
    const bodies = calls.map((call, index) => ({ jsonrpc: "2.0", id: first + index, ...call }));
    const response = await fetchText(endpoint.url, JSON.stringify(bodies.length === 1 ? bodies[0] : bodies));
    const parsed = parse(response);
    const list = Array.isArray(parsed) ? parsed : [parsed];
    if (calls.length > 1 && !Array.isArray(parsed)) {
      const problem = problemOf((parsed as { error?: unknown }).error);
      throw new TransportFault(problem === undefined ? "no batch in the answer" : problem.message);
    }
    const byId = new Map(
      list.map((each) => [(each as { id?: unknown }).id, each as Record<string, unknown>]),
    );
    return calls.map((call, index) => {
      const answer =
        byId.get(first + index) ?? (calls.length === 1 ? (list[0] as Record<string, unknown>) : undefined);
      if (answer === undefined) throw new TransportFault(`no answer to ${call.method}`);
      const error = problemOf(answer["error"]);
      if (error !== undefined) return { error };
      if (!("result" in answer)) throw new TransportFault(`neither result nor error to ${call.method}`);
      return { result: answer["result"] };
    });
  };

  const fetchText = async (url: string, body: string): Promise<string> => {
    const request = new AbortController();
    const timer = setTimeout(
      () => request.abort(new DOMException("too slow", "TimeoutError")),
      options.timeoutMs,
    );
    running.add(request);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...options.headers },
        body,
        signal: request.signal,
      });
      const text = await response.text();
      if (!response.ok && !text.trimStart().startsWith("{") && !text.trimStart().startsWith("[")) {
        throw new TransportFault(`HTTP ${response.status}`);
      }
      if (response.status === 429 || response.status >= 502)
        throw new TransportFault(`HTTP ${response.status}`);
      return text;
    } catch (error) {
      if (closing.signal.aborted) throw sdkError("ClientClosed");
      if (error instanceof TransportFault) throw error;
      throw new TransportFault(networkProblem(error), { cause: error });
    } finally {
      clearTimeout(timer);
      running.delete(request);
    }
  };

  const prove = async (endpoint: Endpoint): Promise<void> => {
    if (endpoint.checked) return;
    const [answer] = await post(endpoint, [{ method: "eth_chainId", params: [] }]);
    if (answer === undefined || "error" in answer) throw new TransportFault("eth_chainId failed");
    const actual = /^0x[0-9a-f]+$/i.test(String(answer.result))
      ? BigInt(String(answer.result)).toString()
      : "unknown";
    if (actual !== String(options.chainId)) {
      endpoint.mismatch = actual;
      throw new TransportFault(`chain ${actual}`);
    }
    endpoint.checked = true;
    endpoint.mismatch = undefined;
  };

  const ask = async (endpoint: Endpoint, calls: readonly RpcCall[]): Promise<Answer[]> => {
    try {
      await prove(endpoint);
      const answers = await post(endpoint, calls);
      endpoint.failures = 0;
      endpoint.restUntil = 0;
      endpoint.problem = undefined;
      return answers;
    } catch (error) {
      if (error instanceof TransportFault) {
        endpoint.failures += 1;
        endpoint.checked = false;
        endpoint.problem = error.message;
        endpoint.restUntil = Date.now() + Math.min(PAUSE_MOST, PAUSE_FIRST * 2 ** endpoint.failures);
      }
      throw error;
    }
  };

  /** Endpoints to try, healthy ones in the order of preference first. */
  const ordered = (): Endpoint[] => {
    const now = Date.now();
    return [...endpoints].sort((a, b) => Number(a.restUntil > now) - Number(b.restUntil > now));
  };

  const anywhere = async <T>(method: string, work: (endpoint: Endpoint) => Promise<T>): Promise<T> => {
    let attempts = 0;
    let pause = PAUSE_FIRST;
    let last: unknown;
    for (;;) {
      for (const endpoint of ordered()) {
        if (attempts >= options.attempts) break;
        attempts += 1;
        try {
          return await work(endpoint);
        } catch (error) {
          if (!(error instanceof TransportFault)) throw error;
          last = error;
        }
      }
      const wrong = endpoints.find((endpoint) => endpoint.mismatch !== undefined);
      if (wrong !== undefined && endpoints.every((endpoint) => endpoint.mismatch !== undefined)) {
        throw sdkError("NetworkMismatch", {
          endpoint: shown(wrong.url),
          actual: wrong.mismatch ?? "unknown",
          expected: options.chainId,
        });
      }
      if (attempts >= options.attempts) {
        const problem = last instanceof Error ? last.message : "unknown";
        throw sdkError("RpcUnavailable", { endpoints: endpoints.length, method, attempts, problem }, last);
      }
      await sleep(pause * (0.5 + Math.random() / 2), closing.signal);
      pause = Math.min(PAUSE_MOST, pause * 2);
    }
  };

  const deliver = async (batch: readonly Waiting[]): Promise<void> => {
    const first = batch[0];
    if (first === undefined) return;
    try {
      const calls = batch.map(({ call }) => call);
      const answers = await anywhere(first.call.method, (endpoint) => ask(endpoint, calls));
      batch.forEach((waiting, index) => settle(waiting, answers[index] as Answer));
    } catch (error) {
      for (const { reject, call } of batch) reject(forMethod(error, call.method));
    }
  };

  const lanes = new Map<string, Waiting[]>();

  const runLane = async (lane: string): Promise<void> => {
    const waiting = lanes.get(lane) ?? [];
    await nextTurn();
    while (waiting.length > 0) await deliver(waiting.splice(0, BATCH));
    lanes.delete(lane);
  };

  const flush = (): void => {
    const all = queue;
    queue = [];
    for (let start = 0; start < all.length; start += BATCH) void deliver(all.slice(start, start + BATCH));
  };

  return {
    request: (method, params, { alone = false, lane } = {}) =>
      new Promise((resolve, reject) => {
        if (closing.signal.aborted) return reject(sdkError("ClientClosed"));
        const waiting = { call: { method, params }, resolve, reject };
        if (alone) return void deliver([waiting]);
        if (lane !== undefined) {
          const others = lanes.get(lane);
          if (others !== undefined) return void others.push(waiting);
          lanes.set(lane, [waiting]);
          return void runLane(lane);
        }
        if (queue.length === 0) setImmediate(flush);
        queue.push(waiting);
      }),
    requestEach: (method, params) =>
      Promise.allSettled(
        endpoints.map(async (endpoint) => {
          const [answer] = await ask(endpoint, [{ method, params }]).catch((error: unknown) => {
            if (isCareLedgerError(error)) throw error;
            const problem = error instanceof Error ? error.message : "unknown";
            throw sdkError("RpcUnavailable", { endpoints: 1, method, attempts: 1, problem }, error);
          });
          return unwrap(method, answer as Answer);
        }),
      ),
    requestInOrder: async (calls) => {
      const answers = await anywhere(calls[0]?.method ?? "", async (endpoint) => {
        const list: Answer[] = [];
        for (const call of calls) list.push(...(await ask(endpoint, [call])));
        return list;
      });
      return calls.map((call, index) => unwrap(call.method, answers[index] as Answer));
    },
    health: () =>
      endpoints.map(({ url, failures, checked, problem }) => ({
        url: shown(url),
        failures,
        checked,
        problem,
      })),
    close: () => {
      closing.abort();
      for (const request of running) request.abort();
      const left = queue;
      queue = [];
      for (const { reject } of left) reject(sdkError("ClientClosed"));
    },
  };
}

/** Until all that is ready now has run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Wait; fails with `ClientClosed` when the signal ends. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(sdkError("ClientClosed"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** The {@link RpcProblem} that a node gave, if that is why it failed. */
export function rpcProblemOf(error: unknown): RpcProblem | undefined {
  return isCareLedgerError(error, "RpcRefused") ? problemOf(error.cause) : undefined;
}

function settle(waiting: Waiting, answer: Answer): void {
  try {
    waiting.resolve(unwrap(waiting.call.method, answer));
  } catch (error) {
    waiting.reject(error);
  }
}

function unwrap(method: string, answer: Answer): unknown {
  if ("result" in answer) return answer.result;
  const { code, message } = answer.error;
  throw sdkError("RpcRefused", { method, rpcCode: code, problem: message.slice(0, 200) }, answer.error);
}

/** The same fault, told for one of the calls of a batch. */
function forMethod(error: unknown, method: string): unknown {
  if (!isCareLedgerError(error, "RpcUnavailable")) return error;
  return sdkError("RpcUnavailable", { ...error.values, method }, error.cause);
}

function problemOf(value: unknown): RpcProblem | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { code, message, data } = value as { code?: unknown; message?: unknown; data?: unknown };
  return {
    code: Number(code ?? 0),
    message: String(message ?? "no message"),
    ...(data === undefined ? {} : { data }),
  };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Falls through to the fault below.
  }
  throw new TransportFault("the answer is no JSON-RPC");
}

function networkProblem(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError") return "timeout";
  const code = ((error as { cause?: { code?: unknown } }).cause ?? {}).code;
  return typeof code === "string" ? code : "no connection";
}

/** An address without user, password and query: they may hold secrets. */
function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}
