/** One run of the story for all tests of a process, with its report and everything that it left on the chain. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Dump } from "../../scripts/story/dump.ts";
import type { StoryReport } from "../../scripts/story/report.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A run that ended. */
export interface StoryRun {
  readonly status: number | null;
  /** All that it printed. */
  readonly output: string;
  readonly report: StoryReport;
  readonly dump: Dump;
  /** Port that was asked for and taken by somebody else. */
  readonly takenPort: number;
}

/** Starts `scripts/start.ts` in a process of its own. */
export const startStory = (...options: string[]): ChildProcess =>
  spawn(process.execPath, ["scripts/start.ts", ...options], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });

/** Status and output once it ended and nobody who came from it holds its output open. */
export const ended = async (child: ChildProcess): Promise<{ status: number | null; output: string }> => {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => void (output += text));
  }
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, output };
};

const run = async (): Promise<StoryRun> => {
  const folder = mkdtempSync(join(tmpdir(), "careledger-story-"));
  const blocker = createServer();
  await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
  const { port: takenPort } = blocker.address() as AddressInfo;
  try {
    const [report, dump] = [join(folder, "report.json"), join(folder, "dump.json")];
    const files = ["--report", report, "--dump", dump];
    const { status, output } = await ended(startStory("--once", "--port", String(takenPort), ...files));
    const read = <T>(path: string): T => {
      try {
        return JSON.parse(readFileSync(path, "utf8")) as T;
      } catch (cause) {
        throw new Error(`the story left no report; it printed:\n${output}`, { cause });
      }
    };
    return { status, output, report: read(report), dump: read(dump), takenPort };
  } finally {
    blocker.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

let only: Promise<StoryRun> | undefined;

/** The one run of this process; the first who asks waits about half a minute. */
export const storyRun = (): Promise<StoryRun> => (only ??= run());
