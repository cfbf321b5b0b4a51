/** `npm run check [-- names]`: the rules of the repository. */
import { fileURLToPath } from "node:url";

import { checks } from "./all.ts";

const SHOWN = 60;
const root = fileURLToPath(new URL("../../", import.meta.url));
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  console.error(
    `No such check: ${unknown.join(", ")}. There are: ${checks.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(2);
}

let failed = 0;
for (const { name, run } of checks.filter((check) => asked.length === 0 || asked.includes(check.name))) {
  const began = performance.now();
  const problems = await run(root);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(`${problems.length === 0 ? "ok  " : "FAIL"} ${name.padEnd(12)} ${seconds.padStart(6)} s`);
  for (const problem of problems.slice(0, SHOWN)) console.log(`     ${problem}`);
  if (problems.length > SHOWN) console.log(`     and ${problems.length - SHOWN} more`);
  if (problems.length > 0) failed += 1;
}
console.log(failed === 0 ? "Every check holds." : `${failed} checks failed.`);
process.exit(failed === 0 ? 0 : 1);
