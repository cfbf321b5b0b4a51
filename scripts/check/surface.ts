import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { FunctionFragment, id, Interface, type InterfaceAbi } from "ethers";
import ts from "typescript";

import { soliditySources, type Check } from "./core.ts";
import { snapshotProblems } from "./snapshot.ts";
import { contractsOf, parseSolidity } from "./solidity.ts";

const ABI = "snapshots/abi.json";
/** Characters of a declaration that a person reads. */
const LONGEST = 2_000;

const EXPORTS = "snapshots/sdk-exports.json";

/** ABI per contract, one line an entry. */
export type Surface = Readonly<Record<string, readonly string[]>>;

/** ABIs of the interfaces and deployable contracts under contracts/, from the build. */
export const currentAbi = (root: string): Surface => {
  const surface: Record<string, string[]> = {};
  for (const [path, ast] of parseSolidity(soliditySources(root))) {
    for (const { name = "", contractKind, abstract } of contractsOf(ast)) {
      if (contractKind === "library" || abstract === true) continue;
      const artifact = join(root, "artifacts", path, `${name}.json`);
      if (!existsSync(artifact)) continue;
      const { abi } = JSON.parse(readFileSync(artifact, "utf8")) as { abi: InterfaceAbi };
      surface[name] = [...new Interface(abi).format(false)].sort();
    }
  }
  return Object.fromEntries(Object.entries(surface).sort(([a], [b]) => (a < b ? -1 : 1)));
};

/**
 * Functions that a proxy and its implementation both have, or two functions with one selector in a proxy's reach: the
 * proxy would answer for the implementation. Meant ones are named here.
 */
const proxies: readonly { readonly proxy: string; readonly implementation: string }[] = [
  { proxy: "MemberRegistryProxy", implementation: "MemberRegistry" },
];

const selectorsOf = (lines: readonly string[]): Map<string, string> =>
  new Map(
    new Interface(lines).fragments
      .filter((fragment) => fragment instanceof FunctionFragment)
      .map((fragment) => [fragment.selector, fragment.format("sighash")]),
  );

/** Clashes of selectors between proxies and what stands behind them. */
export const selectorClashes = (surface: Surface): string[] =>
  proxies.flatMap(({ proxy, implementation }) => {
    const own = selectorsOf(surface[proxy] ?? []);
    return [...selectorsOf(surface[implementation] ?? [])]
      .filter(([selector]) => own.has(selector))
      .map(
        ([selector, name]) => `${proxy}.${own.get(selector)} hides ${implementation}.${name} (${selector})`,
      );
  });

/** The contracts' outer shape. */
export const abi: Check = {
  name: "abi",
  run: (root) => {
    const now = currentAbi(root);
    if (Object.keys(now).length === 0) return ["no contract is built; run `npm run build`"];
    return [...selectorClashes(now), ...snapshotProblems(root, ABI, now)];
  },
};

/** What the SDK exports, by name: its declared type as the compiler prints it. */
export const currentExports = (root: string): Readonly<Record<string, string>> => {
  const entry = join(root, "sdk/dist/index.d.ts");
  if (!existsSync(entry)) return {};
  const program = ts.createProgram([entry], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    skipLibCheck: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) return {};
  const exported: Record<string, string> = {};
  for (const symbol of checker.getExportsOfModule(module)) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    // An ABI is a page of text; its hash says that it changed, snapshots/abi.json says how.
    const declared = (target.declarations ?? []).map((node) => withoutComments(node.getText()));
    const text = declared.join(" ").replaceAll(dirname(entry), "");
    exported[symbol.name] = text.length > LONGEST ? id(text) : text;
  }
  return Object.fromEntries(Object.entries(exported).sort(([a], [b]) => (a < b ? -1 : 1)));
};

const withoutComments = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\s+/g, " ")
    .trim();

/** The SDK's public surface. */
export const sdkExports: Check = {
  name: "sdk-exports",
  run: (root) => {
    const now = currentExports(root);
    if (Object.keys(now).length === 0) return ["the SDK is not built; run `npm run build`"];
    return snapshotProblems(root, EXPORTS, now);
  },
};

export const surfaceSnapshots = { abi: ABI, exports: EXPORTS } as const;
