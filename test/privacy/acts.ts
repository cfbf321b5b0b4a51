/** Which actions the SDK exports, read from its sources, and the function of a contract that each calls. */
import { readFileSync, readdirSync } from "node:fs";

import * as sdk from "@careledger/sdk";

import { INTERFACES } from "./entries.ts";
import type { RecordedTransaction } from "./record.ts";

/** The domains, in order. */
export const DOMAINS = [
  "consortium",
  "prescriptions",
  "consent",
  "records",
  "research",
  "standards",
] as const;

/** An action of the SDK. */
export interface Act {
  readonly action: string;
  /** Function that it calls. */
  readonly call: string;
}

const SOURCES = new URL("../../sdk/src/", import.meta.url);

/** Actions of a domain: exported functions that send. */
export function actsOf(domain: (typeof DOMAINS)[number]): Act[] {
  const folder = new URL(`${domain}/`, SOURCES);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .flatMap((file) => readFileSync(new URL(file, folder), "utf8").split(/^(?=export (?:async )?function )/m))
    .flatMap((text): Act[] => {
      const action = /^export async function (\w+)\(\s*client: Client/.exec(text)?.[1];
      const isExported = action !== undefined && typeof sdk[action as keyof typeof sdk] === "function";
      if (!isExported || !/\b(act|actAll|submit)\(/.test(text)) return [];
      const call = /\bname: "(\w+)"/.exec(text)?.[1];
      if (call === undefined) throw new RangeError(`what ${action} calls cannot be read`);
      return [{ action, call }];
    });
}

/** Functions that transactions called and that left an event: the chain's own word that an act took place. */
export function functionsCalled(transactions: readonly RecordedTransaction[]): Set<string> {
  const carriedOut = transactions.filter(({ logs }) => logs.length > 0);
  return new Set(
    carriedOut.flatMap(({ input }) =>
      Object.values(INTERFACES).flatMap((each) => each.getFunction(input.slice(0, 10))?.name ?? []),
    ),
  );
}

/** Functions by which anybody changes a contract. */
export function functionsOf(contract: string): string[] {
  const names: string[] = [];
  INTERFACES[contract]?.forEachFunction(({ name, constant }) => {
    if (!constant) names.push(name);
  });
  return names;
}
