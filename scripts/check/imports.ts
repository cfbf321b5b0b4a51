import { posix } from "node:path";

import ts from "typescript";

import { filesOf, soliditySources, textOf, type Check } from "./core.ts";
import { parseSolidity } from "./solidity.ts";

/**
 * "Import anyone's I-file, but no body except your own and core's; product TypeScript reaches the chain only through
 * sdk/." Product TypeScript is what a member runs: the SDK and what stands on it. Deployment, benchmarks and tests may
 * use the artifacts.
 */
export const importRule: Check = {
  name: "imports",
  run: (root) => [...solidityProblems(root), ...typescriptProblems(root)],
};

const packagesOfContracts = ["@openzeppelin/contracts/", "@openzeppelin/contracts-upgradeable/"];
const isInterfaceFile = (path: string): boolean => /^I[A-Z]\w*\.sol$/.test(posix.basename(path));
const domainOf = (path: string): string => path.split("/")[1] ?? "";

const solidityProblems = (root: string): string[] => {
  const problems: string[] = [];
  for (const [path, ast] of parseSolidity(soliditySources(root))) {
    for (const node of ast.nodes ?? []) {
      if (node.nodeType !== "ImportDirective") continue;
      const target = node.file ?? "";
      if (!target.startsWith(".")) {
        if (!packagesOfContracts.some((name) => target.startsWith(name)))
          problems.push(`${path} imports ${target}`);
        continue;
      }
      const resolved = posix.join(posix.dirname(path), target);
      const domain = domainOf(resolved);
      if (domain === domainOf(path) || domain === "core" || isInterfaceFile(resolved)) continue;
      problems.push(`${path} imports the body ${resolved}; import its I-file`);
    }
  }
  return problems;
};

/** Module names that a file imports, and the names that it takes from ethers. */
const importsOf = (path: string, text: string): { from: string; names: string[]; isType: boolean }[] =>
  ts.createSourceFile(path, text, ts.ScriptTarget.Latest).statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement);
    if (!isImport && !ts.isExportDeclaration(statement)) return [];
    const { moduleSpecifier } = statement;
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    const bindings = isImport ? statement.importClause?.namedBindings : statement.exportClause;
    const names =
      bindings !== undefined && (ts.isNamedImports(bindings) || ts.isNamedExports(bindings))
        ? bindings.elements.map((element) => (element.propertyName ?? element.name).text)
        : [];
    const isType = isImport
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    return [{ from: moduleSpecifier.text, names, isType }];
  });

const productFolders = ["sdk/src/", "scripts/story/", "cli/"];
/** What speaks ABI directly. */
const rawNames = new Set(["Contract", "BaseContract", "ContractFactory", "Interface", "AbiCoder"]);

const typescriptProblems = (root: string): string[] => {
  const files = filesOf(root).filter(
    (path) => path.endsWith(".ts") && productFolders.some((folder) => path.startsWith(folder)),
  );
  const problems: string[] = [];
  for (const path of files) {
    const inSdk = path.startsWith("sdk/src/");
    for (const { from, names } of importsOf(path, textOf(root, path))) {
      const target = from.startsWith(".") ? posix.join(posix.dirname(path), from) : from;
      if (/^(typechain-types|artifacts|contracts)\//.test(target) || target === "hardhat") {
        problems.push(`${path} imports ${target}; product code reaches the chain through sdk/`);
      }
      if (inSdk && from.startsWith(".") && !target.startsWith("sdk/src/")) {
        problems.push(`${path} imports ${target}, which is not in the package`);
      }
      if (!inSdk && /(^|\/)sdk\/src\/(?!index\.)/.test(target)) {
        problems.push(`${path} imports the inside of the SDK (${target}); import @careledger/sdk`);
      }
      const raw = names.filter((name) => from === "ethers" && rawNames.has(name));
      if (!inSdk && raw.length > 0) problems.push(`${path} uses ${raw.join(", ")} of ethers; call the SDK`);
    }
  }
  return problems;
};
