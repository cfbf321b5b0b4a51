import { createRequire } from "node:module";

/** What the rules need of solc's syntax tree. */
export interface Node {
  readonly nodeType: string;
  readonly src: string;
  readonly name?: string;
  readonly kind?: string;
  readonly contractKind?: "contract" | "interface" | "library";
  readonly abstract?: boolean;
  readonly visibility?: string;
  readonly documentation?: { readonly text: string } | null;
  readonly nodes?: readonly Node[];
  readonly parameters?: { readonly parameters: readonly Node[] };
  readonly typeName?: Node;
  readonly pathNode?: { readonly name: string };
  readonly baseType?: Node;
  readonly modifiers?: readonly { readonly modifierName: { readonly name: string } }[];
  readonly members?: readonly Node[];
  readonly absolutePath?: string;
  readonly file?: string;
  readonly body?: Node | null;
}

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly sources?: Record<string, { readonly ast: Node }>;
  readonly contracts?: Record<string, Record<string, { readonly storageLayout: StorageLayout }>>;
}

/** solc's storage layout. */
export interface StorageLayout {
  readonly storage: readonly StorageSlot[];
  readonly types: Readonly<Record<string, StorageType>> | null;
}

export interface StorageSlot {
  readonly label: string;
  readonly offset: number;
  readonly slot: string;
  readonly type: string;
}

export interface StorageType {
  readonly encoding: string;
  readonly label: string;
  readonly numberOfBytes: string;
  readonly members?: readonly StorageSlot[];
  readonly base?: string;
  readonly key?: string;
  readonly value?: string;
}

interface Solc {
  compile: (
    input: string,
    callbacks?: { import: (path: string) => { contents: string } | { error: string } },
  ) => string;
}

const solc = createRequire(import.meta.url)("solc") as Solc;

const compile = (
  sources: ReadonlyMap<string, string>,
  settings: object,
  find: (path: string) => string | undefined = () => undefined,
): SolcOutput => {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...sources].map(([path, content]) => [path, { content }])),
    settings,
  };
  const answer = (path: string) => {
    const contents = find(path);
    return contents === undefined ? { error: `not found: ${path}` } : { contents };
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: answer })) as SolcOutput;
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new SyntaxError(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return output;
};

/** Syntax trees by path; nothing is resolved, so a part of a project will do. */
export const parseSolidity = (sources: ReadonlyMap<string, string>): Map<string, Node> => {
  if (sources.size === 0) return new Map();
  const output = compile(sources, { stopAfter: "parsing", outputSelection: { "*": { "": ["ast"] } } });
  return new Map(Object.entries(output.sources ?? {}).map(([path, { ast }]) => [path, ast]));
};

/** Storage layouts of the contracts in `probe`, which may import `find`able files. */
export const storageLayouts = (
  probe: string,
  find: (path: string) => string | undefined,
): Record<string, StorageLayout> => {
  const settings = { evmVersion: "osaka", outputSelection: { "Probe.sol": { "*": ["storageLayout"] } } };
  const output = compile(new Map([["Probe.sol", probe]]), settings, find);
  const contracts = output.contracts?.["Probe.sol"] ?? {};
  return Object.fromEntries(
    Object.entries(contracts).map(([name, { storageLayout }]) => [name, storageLayout]),
  );
};

/** Contracts, interfaces and libraries of a file. */
export const contractsOf = (ast: Node): readonly Node[] =>
  (ast.nodes ?? []).filter(({ nodeType }) => nodeType === "ContractDefinition");

/** Start and length of a node, in bytes. */
export const spanOf = (node: Node): { start: number; length: number } => {
  const [start, length] = node.src.split(":").map(Number);
  return { start: start ?? 0, length: length ?? 0 };
};

/** Lines from the first to the last of a node. */
export const lineCount = (source: string, node: Node): number => {
  const { start, length } = spanOf(node);
  return Buffer.from(source)
    .subarray(start, start + length)
    .toString("utf8")
    .split("\n").length;
};

const typeText = (node: Node | undefined): string => {
  if (node === undefined) return "?";
  if (node.nodeType === "ArrayTypeName") return `${typeText(node.baseType)}[]`;
  return node.pathNode?.name.split(".").at(-1) ?? node.name ?? node.nodeType;
};

/** Name and parameter types as written. */
export const signatureOf = (node: Node): string =>
  `${node.name ?? ""}(${(node.parameters?.parameters ?? []).map(({ typeName }) => typeText(typeName)).join(",")})`;
