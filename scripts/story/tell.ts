/** What the person at the terminal sees. Names of examples and of members; nothing of what a document says. */
import Table from "cli-table3";
import ora from "ora";

import type { ConsentOutcome } from "./consents.ts";
import type { Chronicle, Origin } from "./record.ts";
import type { Refusal } from "./system.ts";

/** Whether somebody sees it; a terminal that does not know its width cannot show a spinner. */
const isSeen = process.stdout.isTTY && process.stdout.columns > 0;

/** Shows one step after the other: a spinner on a terminal, plain lines anywhere else. */
export const step = async <T>(
  text: string,
  work: () => Promise<T>,
  said: (result: T) => string,
): Promise<T> => {
  const began = performance.now();
  const spinner = isSeen ? ora({ text, stream: process.stdout, discardStdin: false }).start() : undefined;
  const seconds = (): string => `${((performance.now() - began) / 1_000).toFixed(1)} s`;
  try {
    const result = await work();
    const line = `${said(result)} (${seconds()})`;
    if (spinner === undefined) console.log(`- ${line}`);
    else spinner.succeed(line);
    return result;
  } catch (error) {
    if (spinner === undefined) console.log(`- failed: ${text} (${seconds()})`);
    else spinner.fail(`${text}: failed (${seconds()})`);
    throw error;
  }
};

/** No rule between two rows. */
const NO_RULES = { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" };

/** Colours only where somebody sees them. */
const tableOf = (head: string[], options: Table.TableConstructorOptions = {}): Table.Table => {
  const plain = isSeen ? {} : { style: { head: [], border: [] } };
  return new Table({ head, chars: NO_RULES, ...plain, ...options });
};

const TITLES: Readonly<Record<Origin, string>> = {
  published: "Published HL7 examples (examples/fhir-r4), windows of 2015 shifted in a tagged copy",
  derived: "Derived examples (examples/derived): CareLedger's own, not HL7's",
};

/** The table of all acts, published and derived apart. */
export const actsText = ({ rows }: Chronicle): string =>
  (["published", "derived"] as const)
    .map((origin) => {
      const table = tableOf(["what", "member", "state", "gas"], {
        colAligns: ["left", "left", "left", "right"],
      });
      const own = rows.filter((row) => row.origin === origin);
      for (const resource of [...new Set(own.map((row) => row.resource))].sort()) {
        for (const { act, member, state, gas } of own.filter((row) => row.resource === resource))
          table.push([`${resource}: ${act}`, member, state, gas.toLocaleString("en")]);
      }
      return `${TITLES[origin]}\n${table.toString()}`;
    })
    .join("\n\n");

/** The list of refused resources: each problem with its element, its code and how to mend it. */
export const refusalsText = (refusals: readonly Refusal[]): string => {
  const table = tableOf(["resource", "element", "error", "fix"], {
    colWidths: [null, null, null, 70],
    wordWrap: true,
  });
  for (const { resource, element, code, fix } of sortedRefusals(refusals))
    table.push([resource, element, code, fix]);
  return table.toString();
};

/** Refusals by resource; those of one resource stay in their order. */
export const sortedRefusals = <R extends Refusal>(refusals: readonly R[]): R[] =>
  [...refusals].sort((one, other) => one.resource.localeCompare(other.resource));

/** The list of refused acts. */
export const refusedActsText = ({ refusedActs }: Chronicle): string => {
  const table = tableOf(["what", "member", "error", "fix"], {
    colWidths: [null, null, null, 60],
    wordWrap: true,
  });
  for (const { resource, act, member, code, reason, fix } of refusedActs) {
    table.push([`${resource}: ${act}`, member, reason === undefined ? code : `${code}: ${reason}`, fix]);
  }
  return table.toString();
};

/** What the patients read: who saw what, when and why; and how the rest of the consent story stands. */
export const consentsText = ({ disclosures, standings }: ConsentOutcome): string => {
  const seen = tableText(
    ["record", "seen by", "category", "purpose", "allowed by", "when (UTC)"],
    disclosures.map(({ resource, member, category, purpose, by, at }) => [
      resource,
      member,
      category,
      purpose,
      by,
      at,
    ]),
  );
  return `${seen}\n${tableText(["consents and records", "state"], Object.entries(standings))}`;
};

/** A plain table. */
export const tableText = (head: string[], rows: readonly string[][]): string => {
  const table = tableOf(head);
  table.push(...rows);
  return table.toString();
};
