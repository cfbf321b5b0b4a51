/**
 * Write `sdk/src/abi/` from the compiled artifacts: one `as const` ABI a contract, the enums by name, and an interface
 * for each event with its NatSpec. Same artifacts, same bytes. With `--check` it writes nothing and fails on a difference.
 *
 * Usage: npx hardhat build && node scripts/generate-abi.ts [--check]
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { format, resolveConfig } from "prettier";

interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly internalType?: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParameter[];
}

interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
  readonly outputs?: readonly AbiParameter[];
  readonly stateMutability?: string;
  readonly anonymous?: boolean;
}

interface Contract {
  /** Base name of the file and, with the suffix `Abi`, of the constant. */
  readonly name: string;
  /** Artifacts whose entries are merged, relative to `artifacts/`. */
  readonly artifacts: readonly string[];
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TARGET = join(ROOT, "sdk/src/abi");

/** Registries answer through a proxy and keep what is called rarely in an extension: callers see all of it as one. */
const CONTRACTS: readonly Contract[] = [
  {
    name: "memberRegistry",
    artifacts: [
      "contracts/consortium/IMemberRegistry.sol/IMemberRegistry.json",
      "contracts/consortium/MemberRegistry.sol/MemberRegistry.json",
      "contracts/consortium/MemberSupervision.sol/MemberSupervision.json",
      "contracts/consortium/MemberRegistryProxy.sol/MemberRegistryProxy.json",
    ],
  },
  {
    name: "prescriptionRegistry",
    artifacts: [
      "contracts/prescriptions/IPrescriptionRegistry.sol/IPrescriptionRegistry.json",
      "contracts/prescriptions/PrescriptionRegistry.sol/PrescriptionRegistry.json",
      "contracts/prescriptions/PrescriptionOversight.sol/PrescriptionOversight.json",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
    ],
  },
  {
    name: "consentRegistry",
    artifacts: [
      "contracts/consent/IConsentRegistry.sol/IConsentRegistry.json",
      "contracts/consent/ConsentRegistry.sol/ConsentRegistry.json",
      "contracts/consent/ConsentOversight.sol/ConsentOversight.json",
      "contracts/consent/ConsentCustody.sol/ConsentCustody.json",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
    ],
  },
  {
    name: "recordRegistry",
    artifacts: [
      "contracts/records/IRecordRegistry.sol/IRecordRegistry.json",
      "contracts/records/RecordRegistry.sol/RecordRegistry.json",
      "contracts/records/RecordExchange.sol/RecordExchange.json",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
    ],
  },
  {
    name: "standardsRegistry",
    artifacts: [
      "contracts/standards/IStandardsRegistry.sol/IStandardsRegistry.json",
      "contracts/standards/StandardsRegistry.sol/StandardsRegistry.json",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
    ],
  },
  {
    name: "researchRegistry",
    artifacts: [
      "contracts/research/IResearchRegistry.sol/IResearchRegistry.json",
      "contracts/research/ResearchRegistry.sol/ResearchRegistry.json",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
    ],
  },
  {
    name: "lotRegistry",
    artifacts: [
      "contracts/supply/ILotRegistry.sol/ILotRegistry.json",
      "contracts/supply/LotRegistry.sol/LotRegistry.json",
      "contracts/supply/LotEntries.sol/LotEntries.json",
      "contracts/supply/LotKeeping.sol/LotKeeping.json",
      "contracts/supply/LotOversight.sol/LotOversight.json",
      "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
    ],
  },
  {
    name: "accessManager",
    artifacts: ["@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager.json"],
  },
];

/** I-files whose enums and event docs are taken over. */
const SOURCES: readonly string[] = [
  "contracts/core/IDomain.sol",
  "contracts/consortium/IMemberRegistry.sol",
  "contracts/prescriptions/IPrescriptionRegistry.sol",
  "contracts/consent/IConsentRegistry.sol",
  "contracts/records/IRecordRegistry.sol",
  "contracts/standards/IStandardsRegistry.sol",
  "contracts/research/IResearchRegistry.sol",
  "contracts/supply/ILotRegistry.sol",
];

/** Enums that need a longer name outside their interface. */
const ENUM_NAMES: Readonly<Record<string, string>> = { Status: "PrescriptionStatus" };

/** Event parameters that are masks although their names do not say so. */
const MASKS: Readonly<Record<string, "duties" | "sectors">> = {
  "LicensingAuthoritySet.before": "duties",
  "MemberSectorsChanged.before": "sectors",
};

const KIND_ORDER = ["function", "event", "error"];

const check = process.argv.includes("--check");
const files = await render();
const stale = check ? differences(files) : [];
if (check) {
  for (const file of stale) process.stderr.write(`${file} differs from the artifacts\n`);
  if (stale.length > 0) {
    process.stderr.write("Run: npx hardhat build && node scripts/generate-abi.ts\n");
    process.exitCode = 1;
  } else {
    process.stdout.write(`${files.size} ABI files fit the artifacts\n`);
  }
} else {
  write(files);
  process.stdout.write(`wrote ${files.size} files to ${relative(ROOT, TARGET)}\n`);
}

async function render(): Promise<Map<string, string>> {
  const abis = new Map(CONTRACTS.map((contract) => [contract.name, merge(contract)]));
  const sources = SOURCES.map((path) => readFileSync(join(ROOT, path), "utf8"));
  const plain = new Map<string, string>();
  for (const [name, abi] of abis) plain.set(`${name}.ts`, renderAbi(name, abi));
  plain.set("enums.ts", renderEnums(sources));
  plain.set("events.ts", renderEvents(abis, docsOf(sources), enumsOf(sources)));
  plain.set(
    "index.ts",
    [...plain.keys()]
      .sort()
      .map((file) => `export * from "./${file}";\n`)
      .join(""),
  );

  const options = { ...(await resolveConfig(join(TARGET, "index.ts"))), parser: "typescript" };
  const formatted = new Map<string, string>();
  for (const [file, text] of plain) {
    const head = "// Generated by scripts/generate-abi.ts from the compiled contracts; do not edit.\n";
    formatted.set(file, await format(`${head}${text}`, options));
  }
  return formatted;
}

function merge(contract: Contract): AbiEntry[] {
  const entries = new Map<string, AbiEntry>();
  for (const path of contract.artifacts) {
    const file = join(ROOT, "artifacts", path);
    if (!existsSync(file)) throw new Error(`${path} is not built: run npx hardhat build first.`);
    const { abi } = JSON.parse(readFileSync(file, "utf8")) as { abi: AbiEntry[] };
    for (const entry of abi) {
      if (KIND_ORDER.includes(entry.type) && !entries.has(keyOf(entry))) entries.set(keyOf(entry), entry);
    }
  }
  return [...entries.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

function keyOf(entry: AbiEntry): string {
  const kind = KIND_ORDER.indexOf(entry.type);
  return `${kind} ${entry.name ?? ""}(${(entry.inputs ?? []).map((input) => typeOf(input)).join(",")})`;
}

function typeOf(parameter: AbiParameter): string {
  if (!parameter.type.startsWith("tuple")) return parameter.type;
  const inner = (parameter.components ?? []).map(typeOf).join(",");
  return `(${inner})${parameter.type.slice("tuple".length)}`;
}

function renderAbi(name: string, abi: readonly AbiEntry[]): string {
  return `/** ABI of ${name[0]?.toUpperCase()}${name.slice(1)}, its proxy and all errors it can raise. */
export const ${name}Abi = ${JSON.stringify(abi)} as const;\n`;
}

interface SolidityEnum {
  readonly name: string;
  readonly doc: string;
  readonly members: readonly string[];
}

function enumsOf(sources: readonly string[]): SolidityEnum[] {
  return sources.flatMap((source) =>
    [...source.matchAll(/((?:[ \t]*\/\/\/[^\n]*\n)*)[ \t]*enum (\w+) \{([^}]*)\}/g)].map(
      ([, doc, name, body]) => ({
        name: name ?? "",
        doc: notice(doc ?? ""),
        members: (body ?? "").split(",").map((member) => member.trim()),
      }),
    ),
  );
}

function renderEnums(sources: readonly string[]): string {
  const enums = enumsOf(sources);
  const parts = enums.map(({ name, doc, members }) => {
    const type = ENUM_NAMES[name] ?? name;
    return `/** ${doc} */
export const ${constantName(type)} = ${JSON.stringify(members)} as const;

/** ${doc} */
export type ${type} = (typeof ${constantName(type)})[number];\n`;
  });
  const table = enums.map(({ name }) => `${name}: ${constantName(ENUM_NAMES[name] ?? name)}`).join(", ");
  return `${parts.join("\n")}
/** Members of each enum by its name in Solidity; the position is the number on chain. */
export const enumMembers: Readonly<Record<string, readonly string[]>> = { ${table} };\n`;
}

function constantName(type: string): string {
  return type
    .replace(/(?<=[a-z])(?=[A-Z])/g, "_")
    .toUpperCase()
    .concat("_NAMES");
}

interface EventDoc {
  readonly text: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function docsOf(sources: readonly string[]): ReadonlyMap<string, EventDoc> {
  const docs = new Map<string, EventDoc>();
  for (const source of sources) {
    for (const [, doc, name] of source.matchAll(/((?:[ \t]*\/\/\/[^\n]*\n)+)[ \t]*event (\w+)\(/g)) {
      const parameters = new Map<string, string>();
      for (const [, parameter, text] of flat(doc ?? "").matchAll(/@param (\w+) ([^@]*)/g)) {
        parameters.set(parameter ?? "", (text ?? "").trim());
      }
      docs.set(name ?? "", { text: notice(doc ?? ""), parameters });
    }
  }
  return docs;
}

function flat(doc: string): string {
  return doc.replace(/\s*\/\/\/\s?/g, " ").trim();
}

function notice(doc: string): string {
  return (/@notice ([^@]*)/.exec(flat(doc))?.[1] ?? "").trim();
}

function renderEvents(
  abis: ReadonlyMap<string, readonly AbiEntry[]>,
  docs: ReadonlyMap<string, EventDoc>,
  enums: readonly SolidityEnum[],
): string {
  const interfaces = new Map<string, string>();
  const maps: string[] = [];
  const enumTypes = new Set<string>();
  for (const [contract, abi] of abis) {
    if (contract === "accessManager") continue;
    const names: string[] = [];
    for (const entry of abi) {
      const { name } = entry;
      if (entry.type !== "event" || name === undefined) continue;
      names.push(name);
      interfaces.set(name, renderEvent(name, entry, docs.get(name), enums, enumTypes));
    }
    const title = `${contract[0]?.toUpperCase()}${contract.slice(1)}Events`;
    maps.push(`/** Events by name. */
export interface ${title} { ${names.map((name) => `${name}: ${name}Event;`).join(" ")} }\n`);
  }
  const imports = [...enumTypes].sort().join(", ");
  return `import type { Duty, Sector } from "../core/duties.ts";
import type { ${imports} } from "./enums.ts";

${[...interfaces.values()].join("\n")}
${maps.join("\n")}`;
}

function renderEvent(
  name: string,
  entry: AbiEntry,
  doc: EventDoc | undefined,
  enums: readonly SolidityEnum[],
  enumTypes: Set<string>,
): string {
  const fields = (entry.inputs ?? []).map((input) => {
    const text = doc?.parameters.get(input.name);
    const comment = text === undefined ? "" : `/** ${text} */\n`;
    return `${comment}readonly ${input.name}: ${typescriptType(name, input, enums, enumTypes)};`;
  });
  return `/** ${doc?.text ?? `OpenZeppelin's event \`${name}\`.`} */
export interface ${name}Event { ${fields.join("\n")} }\n`;
}

function typescriptType(
  event: string,
  parameter: AbiParameter,
  enums: readonly SolidityEnum[],
  enumTypes: Set<string>,
): string {
  const element = /^(.*)\[\d*\]$/.exec(parameter.type)?.[1];
  if (element !== undefined) {
    const internalType = parameter.internalType?.replace(/\[\d*\]$/, "") ?? element;
    const each = { ...parameter, type: element, internalType };
    return `readonly (${typescriptType(event, each, enums, enumTypes)})[]`;
  }
  if (parameter.type === "tuple") {
    const fields = (parameter.components ?? []).map(
      (field) => `readonly ${field.name}: ${typescriptType("", field, enums, enumTypes)};`,
    );
    return `{ ${fields.join(" ")} }`;
  }
  const mask = MASKS[`${event}.${parameter.name}`] ?? parameter.name;
  if (/duties$/i.test(mask) && parameter.type === "uint32") return "readonly Duty[]";
  if (mask === "sectors" && parameter.type === "uint16") return "readonly Sector[]";
  const enumName = /^enum (?:\w+\.)?(\w+)$/.exec(parameter.internalType ?? "")?.[1];
  if (enumName !== undefined && enums.some(({ name: known }) => known === enumName)) {
    const type = ENUM_NAMES[enumName] ?? enumName;
    enumTypes.add(type);
    return type;
  }
  if (parameter.type === "bool") return "boolean";
  const bits = /^uint(\d+)$/.exec(parameter.type)?.[1];
  if (bits !== undefined) return Number(bits) <= 32 ? "number" : "bigint";
  return "string";
}

function differences(files: ReadonlyMap<string, string>): string[] {
  const present = existsSync(TARGET) ? readdirSync(TARGET) : [];
  const extra = present.filter((file) => !files.has(file));
  const changed = [...files].filter(
    ([file, text]) => !present.includes(file) || readFileSync(join(TARGET, file), "utf8") !== text,
  );
  return [...extra, ...changed.map(([file]) => file)].map((file) => join(relative(ROOT, TARGET), file));
}

function write(files: ReadonlyMap<string, string>): void {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  for (const [file, text] of files) writeFileSync(join(TARGET, file), text);
}
