/**
 * Runs every action (test/privacy/run.ts) on a chain of its own and scans all of it; one line for each finding.
 * `--dump <file>` scans what `npm start -- --dump <file>` wrote instead.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { startWorld } from "../sdk/world.ts";
import type { Dump } from "./record.ts";
import { drive, scanDump, scanRun } from "./run.ts";
import { lineOf } from "./scanner.ts";

const { dump } = parseArgs({ options: { dump: { type: "string" } } }).values;

const scanOwnRun = async () => {
  const world = await startWorld();
  try {
    return await scanRun(world, await drive(world));
  } finally {
    await world.close();
  }
};

const { findings, footprints, needles } =
  dump === undefined ? await scanOwnRun() : scanDump(JSON.parse(readFileSync(dump, "utf8")) as Dump);
for (const finding of findings) console.error(lineOf(finding));
const bytes = footprints.stretches.reduce((sum, { hex }) => sum + hex.length / 2, 0);
console.log(
  `${footprints.entries.length} entries, ${bytes} bytes on chain, ${needles.length} needles, ${findings.length} findings`,
);
process.exit(findings.length === 0 ? 0 : 1);
