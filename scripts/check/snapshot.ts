import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Text of a snapshot. */
const render = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** A snapshot as committed. */
export const readSnapshot = <T>(root: string, path: string): T | undefined =>
  existsSync(join(root, path)) ? (JSON.parse(readFileSync(join(root, path), "utf8")) as T) : undefined;

/** Writes a snapshot. */
export const writeSnapshot = (root: string, path: string, value: unknown): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), render(value));
};

/** Lines that only one of two texts has. */
const differences = (before: string, after: string): string[] => {
  const was = new Set(before.split("\n"));
  const is = new Set(after.split("\n"));
  return [
    ...[...was].filter((line) => !is.has(line)).map((line) => `- ${line.trim()}`),
    ...[...is].filter((line) => !was.has(line)).map((line) => `+ ${line.trim()}`),
  ];
};

const SHOWN = 12;

/** Whether what is now differs from what was committed. */
export const snapshotProblems = (
  root: string,
  path: string,
  now: unknown,
  command = "npm run snapshot",
): string[] => {
  const file = join(root, path);
  if (!existsSync(file)) return [`${path} is missing; run \`${command}\` and review it`];
  const before = readFileSync(file, "utf8");
  if (before === render(now)) return [];
  const lines = differences(before, render(now)).slice(0, SHOWN);
  return [
    `${path} is out of date; run \`${command}\` and review the change:`,
    ...lines.map((line) => `  ${line}`),
  ];
};
