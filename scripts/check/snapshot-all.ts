/** `npm run snapshot [-- --breaking]`: writes the snapshots that the checks compare with. Needs a build. */
import { fileURLToPath } from "node:url";

import { breakingChanges, currentLayouts, type Layouts } from "./layouts.ts";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";
import { currentAbi, currentExports, surfaceSnapshots } from "./surface.ts";

const LAYOUTS = "snapshots/layouts.json";
const root = fileURLToPath(new URL("../../", import.meta.url));

const layouts = currentLayouts(root);
const broken = breakingChanges(readSnapshot<Layouts>(root, LAYOUTS) ?? {}, layouts);
if (broken.length > 0 && !process.argv.includes("--breaking")) {
  console.error("An upgrade would misread stored state:");
  for (const change of broken) console.error(`  ${change}`);
  console.error("Append fields instead. If no chain carries the old layout: npm run snapshot -- --breaking");
  process.exit(1);
}
writeSnapshot(root, LAYOUTS, layouts);
writeSnapshot(root, surfaceSnapshots.abi, currentAbi(root));
writeSnapshot(root, surfaceSnapshots.exports, currentExports(root));
console.log(
  "Wrote snapshots/layouts.json, abi.json and sdk-exports.json. Review the difference before you commit it.",
);
