/** Starts a browser of its own, without a window, and speaks the DevTools protocol to it. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Calls one method of the DevTools protocol. */
export type Call = <T = object>(method: string, parameters?: object) => Promise<T>;

export interface Browser {
  /** Name and version, as the browser says it. */
  readonly version: string;
  /** Opens a page and waits until it is loaded; the calls go to that page. */
  readonly open: (url: string) => Promise<Call>;
  readonly close: () => Promise<void>;
}

const START_MILLIS = 30_000;
const CALL_MILLIS = 20_000;
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

interface Answer {
  readonly id?: number;
  readonly result?: object;
  readonly error?: { readonly message: string };
}

/** Within so many milliseconds, or not at all. */
const within = <T>(millis: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RangeError(`${what} took over ${millis / 1_000} seconds`)), millis);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** The browser prints where it listens. */
const endpointOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new RangeError(`the browser ended with ${code}`)));
    if (child.stderr === null) return;
    createInterface(child.stderr).on("line", (line) => {
      const url = /^DevTools listening on (ws:\S+)$/.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });

const connect = (url: string): Promise<{ call: (session?: string) => Call; close: () => void }> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const waiting = new Map<number, { done: (result: object) => void; failed: (error: Error) => void }>();
    let last = 0;
    socket.addEventListener("error", () => reject(new RangeError(`no connection to ${url}`)));
    socket.addEventListener("message", ({ data }) => {
      const { id, result, error } = JSON.parse(String(data)) as Answer;
      const call = id === undefined ? undefined : waiting.get(id);
      if (id === undefined || call === undefined) return;
      waiting.delete(id);
      if (error === undefined) call.done(result ?? {});
      else call.failed(new RangeError(error.message));
    });
    const call =
      (sessionId?: string): Call =>
      <T>(method: string, params: object = {}) =>
        within(
          CALL_MILLIS,
          method,
          new Promise<T>((done, failed) => {
            const id = (last += 1);
            waiting.set(id, { done: (result) => done(result as T), failed });
            socket.send(JSON.stringify({ id, method, params, sessionId }));
          }),
        );
    socket.addEventListener("open", () => resolve({ call, close: () => socket.close() }));
  });

/** Starts the program with a fresh profile; `close` ends it and removes the profile. */
export const startBrowser = async (program: string): Promise<Browser> => {
  const profile = mkdtempSync(join(tmpdir(), "careledger-browser-"));
  const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, "about:blank"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const stop = async (): Promise<void> => {
    await within(5_000, "the browser's end", ended).catch(() => child.kill("SIGKILL"));
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const { call, close } = await connect(
      await within(START_MILLIS, "the browser's start", endpointOf(child)),
    );
    const browser = call();
    const { product } = await browser<{ product: string }>("Browser.getVersion");
    return {
      version: product,
      open: async (url) => {
        const { targetId } = await browser<{ targetId: string }>("Target.createTarget", {
          url: "about:blank",
        });
        const attach = { targetId, flatten: true };
        const { sessionId } = await browser<{ sessionId: string }>("Target.attachToTarget", attach);
        const page = call(sessionId);
        // It answers when the page is there, though not yet loaded.
        await page("Page.navigate", { url });
        const expression =
          'new Promise((done) => document.readyState === "complete" ? done() : addEventListener("load", done))';
        await page("Runtime.evaluate", { expression: `${expression}.then(() => true)`, awaitPromise: true });
        return page;
      },
      close: async () => {
        await browser("Browser.close").catch(() => child.kill());
        close();
        await stop();
      },
    };
  } catch (error) {
    child.kill();
    await stop();
    throw error;
  }
};
