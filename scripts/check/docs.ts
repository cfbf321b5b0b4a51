import { existsSync } from "node:fs";
import { join, posix } from "node:path";

import { filesOf, soliditySources, textOf, type Check } from "./core.ts";
import { contractsOf, parseSolidity } from "./solidity.ts";

const slug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[`*]/g, "")
    .replace(/[^\p{L}\p{N}\s-]/gu, "")
    .replace(/\s/g, "-");

const anchorsOf = (text: string): Set<string> =>
  new Set([...text.matchAll(/^#{1,6}\s+(.*)$/gm)].map((match) => slug(match[1] ?? "")));

const linkProblems = (root: string): string[] => {
  const problems: string[] = [];
  for (const path of filesOf(root).filter((file) => file.endsWith(".md") && !file.startsWith("examples/"))) {
    const text = textOf(root, path).replace(/```[\s\S]*?```/g, "");
    for (const [, link = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : posix.join(posix.dirname(path), file);
      if (!existsSync(join(root, target))) problems.push(`${path} links to ${link}, which is not there`);
      else if (
        anchor !== undefined &&
        target.endsWith(".md") &&
        !anchorsOf(textOf(root, target)).has(anchor)
      ) {
        problems.push(`${path} links to ${link}, which has no such heading`);
      }
    }
  }
  return problems;
};

/** Decisions that the contracts point to must exist. */
const referenceProblems = (root: string): string[] =>
  [...soliditySources(root)].flatMap(([path, text]) =>
    [...text.matchAll(/docs\/[\w/.-]+\.md/g)]
      .filter(([target]) => !existsSync(join(root, target)))
      .map(([target]) => `${path} points to ${target}, which is not there`),
  );

const firstWord = (name: string): string => /^[A-Z][a-z0-9]*/.exec(name)?.[0] ?? name;

/** Each concept that events and errors are named after has an entry. */
const glossaryProblems = (root: string): string[] => {
  const glossary = existsSync(join(root, "docs/glossary.md")) ? textOf(root, "docs/glossary.md") : "";
  const terms = new Set(
    [...glossary.matchAll(/^\|\s*\*\*([^*]+)\*\*/gm)].map((match) => (match[1] ?? "").toLowerCase()),
  );
  const names = new Map<string, string>();
  for (const [path, ast] of parseSolidity(soliditySources(root))) {
    for (const node of contractsOf(ast).flatMap((contract) => contract.nodes ?? [])) {
      if (node.nodeType !== "EventDefinition" && node.nodeType !== "ErrorDefinition") continue;
      names.set(firstWord(node.name ?? ""), `${path}: ${node.name}`);
    }
  }
  const known = (word: string): boolean =>
    [word, word.replace(/s$/, "")].some((form) => terms.has(form.toLowerCase()));
  return [...names]
    .filter(([word]) => !known(word))
    .map(([word, where]) => `docs/glossary.md does not explain "${word}" (${where})`);
};

/** Links and references lead somewhere; the glossary has every word that names an event or an error. */
export const docs: Check = {
  name: "docs",
  run: (root) => [...linkProblems(root), ...referenceProblems(root), ...glossaryProblems(root)],
};
