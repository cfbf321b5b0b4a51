import { soliditySources, type Check } from "./core.ts";
import { contractsOf, parseSolidity, signatureOf, type Node } from "./solidity.ts";

/**
 * Errors for which nothing can be done, with the reason; every other error says "Fix:".
 */
const withoutFix: Readonly<Record<string, string>> = {
  PrescriptionCancellationEffective: "it is cancelled for good",
  PrescriptionLockUsed: "the text names who may act",
  DispenseAlreadyWithdrawn: "what was asked stands",
  DispenseNotClaimed: "there is no claim",
  MemberSuccessorInvalid: "the text states the rule",
  SuspensionOfRegulator: "the text names who may act",
  SiteLimitReached: "the number of a site has 16 bits",
  DispenseIsClosing: "it records no dispense",
};

const isInterface = (node: Node): boolean => node.contractKind === "interface";
const isCallable = ({ nodeType, kind, visibility }: Node): boolean =>
  nodeType === "FunctionDefinition" &&
  kind === "function" &&
  (visibility === "external" || visibility === "public");
const textOfDocs = (node: Node): string => node.documentation?.text ?? "";

const documented = new Set([
  "FunctionDefinition",
  "EventDefinition",
  "ErrorDefinition",
  "StructDefinition",
  "EnumDefinition",
]);

const interfaceProblems = (path: string, contract: Node): string[] => {
  const problems: string[] = [];
  for (const node of contract.nodes ?? []) {
    if (!documented.has(node.nodeType)) continue;
    const where = `${path}: ${contract.name}.${node.name}`;
    if (!textOfDocs(node).includes("@notice")) problems.push(`${where} has no @notice`);
    if (node.nodeType !== "ErrorDefinition") continue;
    const hasFix = textOfDocs(node).includes("Fix:");
    const excused = node.name !== undefined && node.name in withoutFix;
    if (!hasFix && !excused) problems.push(`${where} says no "Fix:"`);
    if (hasFix && excused) problems.push(`${where} has a fix now: take it out of \`withoutFix\``);
  }
  return problems;
};

const bodyProblems = (path: string, contract: Node, declared: ReadonlySet<string>): string[] => {
  const problems: string[] = [];
  for (const node of contract.nodes ?? []) {
    const where = `${path}: ${contract.name}.${node.name}`;
    if (node.nodeType === "EventDefinition" || node.nodeType === "ErrorDefinition") {
      problems.push(`${where} is declared in a body; declare it in the I-file`);
    }
    if (!isCallable(node) || contract.contractKind === "library") continue;
    if (node.name === "initialize") {
      if (!textOfDocs(node).includes("@notice")) problems.push(`${where} has no @notice`);
      continue;
    }
    if (!declared.has(signatureOf(node))) problems.push(`${where} is declared in no I-file`);
    if (!textOfDocs(node).includes("@inheritdoc")) problems.push(`${where} has no @inheritdoc`);
  }
  return problems;
};

/** Everything that outsiders see is declared and explained in an I-file; bodies refer to it. */
export const interfaces: Check = {
  name: "interfaces",
  run: (root) => {
    const trees = [...parseSolidity(soliditySources(root))].flatMap(([path, ast]) =>
      contractsOf(ast).map((contract) => ({ path, contract })),
    );
    const declared = new Set(
      trees
        .filter(({ contract }) => isInterface(contract))
        .flatMap(({ contract }) => (contract.nodes ?? []).filter(isCallable).map(signatureOf)),
    );
    return trees.flatMap(({ path, contract }) =>
      isInterface(contract) ? interfaceProblems(path, contract) : bodyProblems(path, contract, declared),
    );
  },
};
