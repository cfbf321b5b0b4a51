import { soliditySources, type Check } from "./core.ts";
import { contractsOf, lineCount, parseSolidity } from "./solidity.ts";

const CONTRACT_LINES = 400;
const FUNCTION_LINES = 40;

/** Small enough to be read at one sitting. I-files are the reading copy and may be long. */
export const sizes: Check = {
  name: "sizes",
  run: (root) => {
    const sources = soliditySources(root);
    const problems: string[] = [];
    for (const [path, ast] of parseSolidity(sources)) {
      const source = sources.get(path) ?? "";
      for (const contract of contractsOf(ast)) {
        if (contract.contractKind === "interface") continue;
        const lines = lineCount(source, contract);
        if (lines > CONTRACT_LINES)
          problems.push(`${path}: ${contract.name} has ${lines} lines, over ${CONTRACT_LINES}`);
        for (const node of contract.nodes ?? []) {
          if (node.nodeType !== "FunctionDefinition") continue;
          const length = lineCount(source, node);
          if (length <= FUNCTION_LINES) continue;
          problems.push(`${path}: ${contract.name}.${node.name} has ${length} lines, over ${FUNCTION_LINES}`);
        }
      }
    }
    return problems;
  },
};
