import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { bars } from "../bench/bars.ts";
import type { GasTable } from "../bench/floor.ts";
import { runTool, type Check } from "./core.ts";
import { readSnapshot, snapshotProblems } from "./snapshot.ts";

export const GAS = "snapshots/gas.json";

/** Operations that cost more than they may, or that nobody measured. */
export const overBars = (table: GasTable, limits: Readonly<Record<string, number>> = bars): string[] =>
  Object.entries(limits).flatMap(([key, most]) => {
    const row = table[key];
    if (row === undefined) return [`${key} is not measured`];
    return row.gas > most ? [`${key} costs ${row.gas}, over ${most} (floor ${row.floor})`] : [];
  });

/** A fresh measurement, in a process of its own. */
const measureAnew = (root: string): { table: GasTable | undefined; problems: string[] } => {
  const folder = mkdtempSync(join(tmpdir(), "careledger-gas-"));
  try {
    const file = join(folder, "gas.json");
    const problems = runTool(root, join(root, "scripts/bench/run.ts"), ["--gas-only", "--out", file]);
    return {
      table: problems.length > 0 ? undefined : (JSON.parse(readFileSync(file, "utf8")) as GasTable),
      problems,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

/** The committed figures are those of this code, to the gas, and within the bars. */
export const gas: Check = {
  name: "gas",
  run: (root) => {
    const committed = readSnapshot<GasTable>(root, GAS);
    if (committed === undefined) return [`${GAS} is missing; run \`npm run bench\``];
    const { table, problems } = measureAnew(root);
    if (table === undefined) return problems;
    return [...overBars(table), ...snapshotProblems(root, GAS, table, "npm run bench")];
  },
};
