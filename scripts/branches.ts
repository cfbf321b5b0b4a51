/**
 * `npm run coverage:branches [-- words]`: which conditions of contracts/ the tests meet both true and false. Hardhat counts
 * statements alone, so this runs its coverage over a copy in which each condition passes through a function of its own
 * with one statement for either answer, and reads from the report which of those statements were run.
 */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What is asked of a node of solc's syntax tree. */
type Node = { readonly [key: string]: unknown; readonly nodeType?: string; readonly src?: string };
/** solc, as Hardhat uses it. */
type Compiler = { compile(input: string, callbacks: { import(path: string): { contents: string } }): string };

/** A condition without `!`, `&&`, `||` or brackets of its own: where it stands, and the line of its function's first answer. */
interface Condition {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly text: string;
}

const root = fileURLToPath(new URL("../", import.meta.url));
const NOT_COPIED = [".git", "artifacts", "cache", "coverage", "node_modules"].map((name) => join(root, name));

const sources = readdirSync(join(root, "contracts"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".sol"))
  .map((path) => join("contracts", path))
  .sort();

const treesOf = (paths: readonly string[]): Map<string, Node> => {
  const compiler = createRequire(import.meta.url)("solc") as Compiler;
  const read = (path: string): string =>
    readFileSync(join(root, path.startsWith("@") ? "node_modules" : "", path), "utf8");
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(paths.map((path) => [path, { content: read(path) }])),
    settings: { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(
    compiler.compile(JSON.stringify(input), { import: (path) => ({ contents: read(path) }) }),
  ) as { sources: Record<string, { ast: Node }> };
  return new Map(paths.map((path) => [path, output.sources[path]!.ast]));
};

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null;
const isJunction = (node: Node): boolean =>
  node.nodeType === "BinaryOperation" && (node["operator"] === "&&" || node["operator"] === "||");
const isNegation = (node: Node): boolean => node.nodeType === "UnaryOperation" && node["operator"] === "!";

/** The parts of a condition that are true or false by themselves. */
const partsOf = (node: Node): Node[] => {
  if (isJunction(node))
    return [node["leftExpression"], node["rightExpression"]].filter(isNode).flatMap(partsOf);
  if (isNegation(node) && isNode(node["subExpression"])) return partsOf(node["subExpression"]);
  if (node.nodeType === "TupleExpression") return (node["components"] as Node[]).flatMap(partsOf);
  return [node];
};

const conditionsOf = (tree: Node, text: Buffer): Condition[] => {
  const found = new Map<string, Node>();
  const visit = (node: Node): void => {
    const decides = ["IfStatement", "Conditional", "WhileStatement", "ForStatement"].includes(
      node.nodeType ?? "",
    );
    const decision = decides ? node["condition"] : isJunction(node) ? node : undefined;
    if (isNode(decision)) for (const part of partsOf(decision)) found.set(part.src!, part);
    for (const child of Object.values(node)) if (isNode(child)) visit(child);
  };
  visit(tree);
  return [...found.keys()].map((src) => {
    const [start, length] = src.split(":").map(Number) as [number, number];
    const line = text.subarray(0, start).toString().split("\n").length;
    return { start, end: start + length, line, text: text.subarray(start, start + length).toString() };
  });
};

/** Writes each condition as `answer7(condition)`, the inner ones first, and the functions below the source's last line. */
const asked = (text: Buffer, conditions: readonly Condition[]): string => {
  const marks = conditions.flatMap(({ start, end }, index) => [
    { at: start, end, opens: true, index },
    { at: end, end: start, opens: false, index },
  ]);
  // At one place closing comes before opening; of two that open the outer one, of two that close the inner one comes first.
  marks.sort((a, b) => a.at - b.at || Number(a.opens) - Number(b.opens) || b.end - a.end);
  let [written, from] = ["", 0];
  for (const { at, opens, index } of marks) {
    written += text.subarray(from, at).toString() + (opens ? `answer${index}(` : ")");
    from = at;
  }
  const functions = conditions.map(
    (_, index) =>
      `function answer${index}(bool held) pure returns (bool) { if (held)\nreturn true;\nreturn false; }\n`,
  );
  return `${written}${text.subarray(from).toString().trimEnd()}\n${functions.join("")}`;
};

/** Lines that were run, by file, of Hardhat's report. */
const linesRun = (report: string): Map<string, Set<number>> => {
  const run = new Map<string, Set<number>>();
  for (const part of report.split("end_of_record")) {
    const path = /^SF:(.*)$/m.exec(part)?.[1];
    if (path === undefined) continue;
    run.set(path, new Set([...part.matchAll(/^DA:(\d+),[1-9]/gm)].map((match) => Number(match[1]))));
  }
  return run;
};

/**
 * The copy's configuration: says of all assembly that it is memory-safe, that of Hardhat's coverage library and OpenZeppelin's
 * Proxy included. Only then does the compiler move from the stack to memory what answers leave no room for. Blocks are larger, as the code is.
 */
const CONFIGURATION = `import plain from "./plain.config.ts";
const preprocessSolcInputBeforeBuilding = async (context: any, before: any, next: any): Promise<any> => {
  const input = await next(context, before);
  for (const source of Object.values<any>(input.sources))
    source.content = source.content.replaceAll("assembly {", 'assembly ("memory-safe") {');
  return input;
};
const solidity = async () => ({ default: async () => ({ preprocessSolcInputBeforeBuilding }) });
const networks = Object.fromEntries(
  Object.entries<any>(plain.networks).map(([name, network]) => [name, { ...network, blockGasLimit: 1_000_000_000 }]),
);
export default { ...plain, networks, plugins: [...plain.plugins, { id: "branches", hookHandlers: { solidity } }] };
`;

/** Files whose transactions have as much gas as one may have, and what they say of it; answers need more. */
const GAS_CAPS = ["deploy/context.ts", "test/core/chain.ts", "test/fixtures/deployed.ts"];
const GAS_CAP = /16_\d{3}_\d{3}n/g;

const copy = mkdtempSync(join(tmpdir(), "branches-"));
try {
  cpSync(root, copy, { recursive: true, filter: (path) => !NOT_COPIED.includes(path) });
  renameSync(join(copy, "hardhat.config.ts"), join(copy, "plain.config.ts"));
  writeFileSync(join(copy, "hardhat.config.ts"), CONFIGURATION);
  for (const path of GAS_CAPS) {
    const text = readFileSync(join(root, path), "utf8");
    writeFileSync(join(copy, path), text.replaceAll(GAS_CAP, "60_000_000n"));
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const conditions = new Map<string, { first: number; of: Condition[] }>();
  for (const [path, tree] of treesOf(sources)) {
    const text = readFileSync(join(root, path));
    const of = conditionsOf(tree, text);
    conditions.set(path, { first: text.toString().trimEnd().split("\n").length + 2, of });
    if (of.length > 0) writeFileSync(join(copy, path), asked(text, of));
  }
  const words = process.argv.slice(2);
  const { status } = spawnSync(process.execPath, ["scripts/test.ts", "--coverage", ...words], {
    cwd: copy,
    stdio: "inherit",
  });
  const report = join(copy, "coverage/lcov.info");
  const run = linesRun(existsSync(report) ? readFileSync(report, "utf8") : "");
  let [sides, missed] = [0, 0];
  for (const [path, { first, of }] of conditions) {
    of.forEach(({ line, text }, index) => {
      for (const [answer, at] of [
        ["true", first + 3 * index] as const,
        ["false", first + 3 * index + 1] as const,
      ]) {
        sides += 1;
        if (run.get(path)?.has(at) === true) continue;
        missed += 1;
        console.log(`never ${answer}: ${path}:${line} ${text.replace(/\s+/g, " ")}`);
      }
    });
  }
  console.log(`${sides - missed} of ${sides} answers of ${sides / 2} conditions`);
  process.exitCode = status ?? 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}
