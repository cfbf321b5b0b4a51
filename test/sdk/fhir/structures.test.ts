import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { expect } from "chai";
import ts from "typescript";

import { STRUCTURES } from "../../../sdk/src/core/fhir/structures.ts";

/** Elements that every element or resource has; the walk knows them. */
const COMMON = new Set([
  "id",
  "extension",
  "modifierExtension",
  "meta",
  "implicitRules",
  "language",
  "text",
  "contained",
  "resourceType",
]);

/** Names of the interfaces of @types/fhir for the structures of this SDK. */
function interfaceName(structure: string): string {
  if (structure === "SimpleQuantity" || structure === "Duration") return "Quantity";
  return structure
    .split(".")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}

/** Elements of an R4 interface: name to whether it repeats and whether it is required. */
function elementsOf(file: ts.SourceFile, name: string): Map<string, { repeats: boolean; required: boolean }> {
  const elements = new Map<string, { repeats: boolean; required: boolean }>();
  file.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== name) return;
    for (const member of node.members) {
      if (!ts.isPropertySignature(member) || member.type === undefined) continue;
      const element = member.name.getText(file).replaceAll(/["']/g, "");
      elements.set(element, {
        repeats: isList(member.type),
        required: member.questionToken === undefined,
      });
    }
  });
  return elements;
}

/** `X[]`, also as `X[] | undefined`. */
function isList(type: ts.TypeNode): boolean {
  return ts.isUnionTypeNode(type) ? type.types.some(isList) : ts.isArrayTypeNode(type);
}

describe("the structures of R4 in this SDK", () => {
  const types = join(createRequire(import.meta.url).resolve("@types/fhir/package.json"), "../r4.d.ts");
  const file = ts.createSourceFile(types, readFileSync(types, "utf8"), ts.ScriptTarget.ES2022);

  for (const [structure, rules] of Object.entries(STRUCTURES)) {
    it(`${structure} has the elements that @types/fhir has for it`, () => {
      const expected = elementsOf(file, interfaceName(structure));
      expect(expected.size).to.be.greaterThan(0);
      const seen = new Set<string>();
      for (const [element, rule] of Object.entries(rules)) {
        const forms = element.endsWith("[x]")
          ? rule
              .slice(2)
              .split(" | ")
              .map((type) => type.replace(/[(:].*$/, "").replace("SimpleQuantity", "Quantity"))
              .map((type) => element.slice(0, -3) + type.charAt(0).toUpperCase() + type.slice(1))
          : [element];
        for (const form of forms) {
          const found = expected.get(form);
          expect(found, `${structure}.${form}`).not.to.equal(undefined);
          expect(found!.repeats, `${structure}.${form} repeats`).to.equal(/^[*+]/.test(rule));
          if (forms.length === 1)
            expect(found!.required, `${structure}.${form} required`).to.equal(/^[1+]/.test(rule));
          seen.add(form);
        }
      }
      const left = [...expected.keys()].filter(
        (name) => !name.startsWith("_") && !seen.has(name) && !COMMON.has(name),
      );
      expect(left).to.deep.equal(structure === "SimpleQuantity" ? ["comparator"] : []);
    });
  }
});
