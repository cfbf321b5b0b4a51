/** How the orchestrating process talks to a member's own process, and how that process answers. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import { CareLedgerError, type ErrorValues } from "@careledger/sdk";

/** What a member's process can be asked to do, by name. */
export type Desk = Readonly<Record<string, (params: never) => Promise<unknown>>>;

type Params<D extends Desk, K extends keyof D> = Parameters<D[K]>[0];
type Result<D extends Desk, K extends keyof D> = Awaited<ReturnType<D[K]>>;

interface Question {
  readonly id: number;
  readonly name: string;
  readonly params: unknown;
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
  readonly values: ErrorValues;
}

type Answer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly fault: Fault };

/** A member's process, seen from the one that started it. */
export interface MemberProcess<D extends Desk> {
  readonly pid: number;
  /** @throws the typed error that the member's own process met. */
  readonly ask: <K extends keyof D & string>(name: K, params: Params<D, K>) => Promise<Result<D, K>>;
  /** Lets it put its things away and end. */
  readonly stop: () => Promise<void>;
}

/** How long a member's process may take to put its things away, milliseconds. */
const STOP_PATIENCE = 5_000;

/** An error of the story itself. */
export const storyError = (code: string, message: string, fix: string, values: ErrorValues = {}) =>
  new CareLedgerError({ code, message, fix, values });

/** Starts the program of a member. Structured clones carry bigints and bytes. */
export const startMember = <D extends Desk>(program: "hospital" | "pharmacy"): MemberProcess<D> => {
  const file = fileURLToPath(new URL(`./${program}.ts`, import.meta.url));
  const child = fork(file, [], { serialization: "advanced", stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  child.on("message", (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.on("exit", (status) => {
    const fault = {
      code: "StoryProcessEnded",
      message: `A ${program}'s process ended with status ${status ?? "none"}.`,
      fix: "Read what it printed; nothing else of the run is to be trusted.",
      values: {},
    };
    for (const [id, settle] of waiting) settle({ id, fault });
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    ask: (name, params) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        waiting.set(id, (answer) => {
          if ("result" in answer) resolve(answer.result as never);
          else reject(new CareLedgerError(answer.fault));
        });
        child.send({ id, name, params } satisfies Question, (error) => {
          if (error !== null) reject(error);
        });
      }),
    stop: () => stop(child),
  };
};

const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const giveUp = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE);
    child.once("exit", () => {
      clearTimeout(giveUp);
      resolve();
    });
    if (child.connected) child.disconnect();
  });

/**
 * Answers questions until the starting process lets go, and then puts things away. Ctrl-C reaches the whole group of
 * processes; the one that started this one decides what it means.
 */
export const serveDesk = (desk: Desk, close: () => Promise<void>): void => {
  process.on("SIGINT", () => undefined);
  process.on("message", (question: Question) => void answer(desk, question));
  process.on("disconnect", () => {
    void close().finally(() => process.exit(0));
  });
};

const answer = async (desk: Desk, { id, name, params }: Question): Promise<void> => {
  const reply = (message: Answer): void => void (process.connected && process.send?.(message));
  try {
    reply({ id, result: await desk[name]?.(params as never) });
  } catch (error) {
    reply({ id, fault: faultOf(error) });
  }
};

const faultOf = (error: unknown): Fault => {
  if (error instanceof CareLedgerError) {
    const { code, message, fix, values } = error;
    return { code, message, fix, values };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    code: "StoryProcessFailed",
    message,
    fix: "This is a defect of the story: report it.",
    values: {},
  };
};
