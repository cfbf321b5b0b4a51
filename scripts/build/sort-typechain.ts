/**
 * typechain lists contracts in the order in which they were compiled, which varies from build to build. Sorted, the same
 * contracts give the same files.
 */
import { readFileSync, writeFileSync } from "node:fs";

const runs: Readonly<Record<string, RegExp>> = {
  "typechain-types/index.ts": /^export (type )?\{ \w+ \} from /,
  "typechain-types/hardhat.d.ts": /^\s*(getContractFactory|getContractAt|deployContract)\(name: '/,
};

/** Sorts each run of neighbouring lines that match. */
const sortRuns = (text: string, matches: RegExp): string => {
  const lines = text.split("\n").map((line) => (matches.test(line) ? line.trim() : line));
  const sorted: string[] = [];
  let run: string[] = [];
  const end = () => {
    sorted.push(...run.sort());
    run = [];
  };
  for (const line of lines) {
    if (matches.test(line)) run.push(line);
    else {
      end();
      sorted.push(line);
    }
  }
  end();
  return sorted.join("\n");
};

for (const [file, matches] of Object.entries(runs)) {
  const path = new URL(`../../${file}`, import.meta.url);
  const before = readFileSync(path, "utf8");
  const after = sortRuns(before, matches);
  if (after !== before) writeFileSync(path, after);
}
