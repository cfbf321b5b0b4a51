import ts from "typescript";

import { filesOf, textOf, type Check } from "./core.ts";

/** A title under its parents, joined. */
type Path = string;

const JOIN = " › ";

/** Trees write "it reverts ..."; so do titles, or they leave out the "it". */
const plain = (title: string): string => title.trim().replace(/^it /, "");

/** The root of a tree is a function; a test may say of which contract. */
const withoutContract = (title: string): string => plain(title).replace(/^[A-Z]\w*\./, "");

/** Paths of a tree drawn with box characters. */
export const pathsOfTree = (text: string): Path[] => {
  const paths: Path[] = [];
  const parents: string[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const match = /^((?:[│ ] {3})*)(?:[├└]── )?(.*)$/.exec(line);
    const hasBranch = /[├└]── /.test(line);
    const depth = hasBranch ? (match?.[1]?.length ?? 0) / 4 + 1 : 0;
    parents.length = depth;
    const title = match?.[2] ?? line;
    parents[depth] = depth === 0 ? withoutContract(title) : plain(title);
    paths.push(parents.join(JOIN));
  }
  return paths;
};

const titleOf = (node: ts.Expression | undefined): string | undefined =>
  node !== undefined && (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))
    ? node.text
    : undefined;

/** Paths of the describe and it titles of a test file, and calls whose title is computed. */
export const pathsOfTest = (text: string): { paths: Path[]; computed: number } => {
  const paths: Path[] = [];
  let computed = 0;
  const visit = (node: ts.Node, parents: readonly string[]): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const called = node.expression.text;
      if (called === "describe" || called === "it" || called === "context") {
        const title = titleOf(node.arguments[0]);
        if (title === undefined) computed += 1;
        else {
          const path = [...parents, parents.length === 0 ? withoutContract(title) : plain(title)];
          paths.push(path.join(JOIN));
          node.arguments.slice(1).forEach((argument) => visit(argument, path));
          return;
        }
      }
    }
    ts.forEachChild(node, (child) => visit(child, parents));
  };
  visit(ts.createSourceFile("test.ts", text, ts.ScriptTarget.Latest), []);
  return { paths, computed };
};

const repeated = (paths: readonly Path[]): Path[] =>
  paths.filter((path, index) => paths.indexOf(path) !== index);

/** Each tree under test/ and its test say the same. */
export const trees: Check = {
  name: "trees",
  run: (root) => {
    const files = new Set(filesOf(root));
    const problems: string[] = [];
    for (const path of files) {
      if (!path.startsWith("test/") || !path.endsWith(".tree")) continue;
      const test = path.replace(/\.tree$/, ".test.ts");
      if (!files.has(test)) {
        problems.push(`${path} has no test`);
        continue;
      }
      const planned = pathsOfTree(textOf(root, path));
      const { paths: written, computed } = pathsOfTest(textOf(root, test));
      if (computed > 0) problems.push(`${test} computes ${computed} titles; write them out`);
      for (const twice of repeated(planned)) problems.push(`${path} says twice: ${twice}`);
      for (const missing of planned.filter((title) => !written.includes(title))) {
        problems.push(`${test} lacks: ${missing}`);
      }
      for (const extra of written.filter((title) => !planned.includes(title))) {
        problems.push(`${path} lacks: ${extra}`);
      }
    }
    return problems;
  },
};
