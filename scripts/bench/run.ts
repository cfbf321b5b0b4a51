/**
 * `npm run bench`: writes snapshots/gas.json, throughput.json, vault.json and serials.json. With `--gas-only [--out <file>]` it
 * measures gas alone.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import Table from "cli-table3";

import { bars } from "./bars.ts";
import { measureGas } from "./gas.ts";
import { measureThroughput } from "./throughput.ts";

const { values } = parseArgs({ options: { "gas-only": { type: "boolean" }, out: { type: "string" } } });
const pathOf = (name: string): string => fileURLToPath(new URL(`../../snapshots/${name}`, import.meta.url));
const write = (path: string, value: unknown): void =>
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);

/** In a process of its own: its memory is a figure. */
const measuredApart = (name: string): unknown => {
  const program = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const { status, stdout } = spawnSync(process.execPath, [program], { stdio: [...stdio], encoding: "utf8" });
  if (status !== 0) throw new RangeError(`${program} ended with ${status}`);
  return JSON.parse(stdout) as unknown;
};

const gas = await measureGas();
write(values.out ?? pathOf("gas.json"), gas);
const table = new Table({
  style: { head: [], border: [] },
  head: ["operation", "gas", "floor", "gas / floor", "at most"],
});
for (const [key, row] of Object.entries(gas)) {
  table.push([key, row.gas, row.floor, (row.gas / row.floor).toFixed(2), bars[key] ?? ""]);
}
console.log(table.toString());

if (values["gas-only"] !== true) {
  const throughput = await measureThroughput();
  write(pathOf("throughput.json"), throughput);
  console.log(throughput);
  for (const name of ["vault", "serials"]) {
    const figures = measuredApart(name);
    write(pathOf(`${name}.json`), figures);
    console.log(figures);
  }
}
