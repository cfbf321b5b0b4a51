import { readFileSync, readdirSync } from "node:fs";

import * as sdk from "@careledger/sdk";

const SOURCES = new URL("../../../sdk/src/", import.meta.url);

/** Exported functions of these folders whose head matches; the pattern's group is the name. */
export function exportedLike(folders: readonly string[], head: RegExp): string[] {
  const named = sdk as unknown as Readonly<Record<string, unknown>>;
  return folders
    .flatMap((folder) => readdirSync(new URL(`${folder}/`, SOURCES)).map((file) => `${folder}/${file}`))
    .filter((path) => path.endsWith(".ts"))
    .flatMap((path) =>
      [...readFileSync(new URL(path, SOURCES), "utf8").matchAll(head)].map(([, name]) => name!),
    )
    .filter((name) => typeof named[name] === "function")
    .sort();
}
