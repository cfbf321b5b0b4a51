import type { Check } from "./core.ts";
import { docs } from "./docs.ts";
import { gas } from "./gas.ts";
import { generated } from "./generated.ts";
import { importRule } from "./imports.ts";
import { interfaces } from "./interfaces.ts";
import { layouts } from "./layouts.ts";
import { lockfile } from "./lockfile.ts";
import { privacy } from "./privacy.ts";
import { sizes } from "./sizes.ts";
import { abi, sdkExports } from "./surface.ts";
import { format, lint, types } from "./tools.ts";
import { trees } from "./trees.ts";
import { upgrades } from "./upgrades.ts";
import { words } from "./words.ts";

/** Every rule. `generated` builds and comes first: what follows reads that build. Then the quick ones. */
export const checks: readonly Check[] = [
  generated,
  words,
  lockfile,
  docs,
  trees,
  importRule,
  interfaces,
  sizes,
  format,
  lint,
  types,
  upgrades,
  layouts,
  abi,
  sdkExports,
  gas,
  privacy,
];
