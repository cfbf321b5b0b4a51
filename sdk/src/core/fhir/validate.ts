import { isDateTime } from "./dates.ts";
import type { ProblemList } from "./errors.ts";
import { STRUCTURES, VALUE_SETS } from "./structures.ts";

/** A JSON object that is being looked at. */
export type JsonObject = Readonly<Record<string, unknown>>;

interface Walk {
  readonly problems: ProblemList;
  /** Type of each contained resource by its id. */
  readonly contained: ReadonlyMap<string, string>;
}

interface Rule {
  readonly cardinality: string;
  readonly types: readonly string[];
}

const CHANGES_MEANING =
  "Leave it out if the resource is right without it; otherwise this resource cannot go through the ledger.";

/** Whether a value is a JSON object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Check the whole structure of a resource against R4: every element, its type, its cardinality, its codes, its
 * references and contained resources. Whatever is unknown, and whatever would change the meaning, is a problem.
 *
 * @returns Whether it is a resource of this type at all; without that nothing else is looked at.
 */
export function checkResource(
  value: unknown,
  resourceType: string,
  problems: ProblemList,
): value is JsonObject {
  if (!isJsonObject(value) || value["resourceType"] !== resourceType) {
    problems.add(
      "ResourceWrong",
      resourceType,
      `It is no ${resourceType}.`,
      `Pass one FHIR R4 ${resourceType} as parsed JSON.`,
    );
    return false;
  }
  const contained = new Map<string, string>();
  for (const each of Array.isArray(value["contained"]) ? value["contained"] : []) {
    if (!isJsonObject(each) || typeof each["id"] !== "string") continue;
    if (contained.has(each["id"])) {
      problems.add(
        "ReferenceWrong",
        `${resourceType}.contained`,
        "Two contained resources have the same id.",
        "Give each its own id.",
      );
    }
    contained.set(each["id"], String(each["resourceType"]));
  }
  checkResourceElements(value, resourceType, resourceType, { problems, contained });
  return true;
}

function checkResourceElements(value: JsonObject, type: string, path: string, walk: Walk): void {
  const { problems } = walk;
  const { resourceType: _type, implicitRules, contained, ...rest } = value;
  if (implicitRules !== undefined) {
    problems.add(
      "ModifierUnknown",
      `${path}.implicitRules`,
      "It is to be read under rules of its own.",
      CHANGES_MEANING,
    );
  }
  if (contained !== undefined) checkContained(contained, path, walk);
  const common = { id: "? id", meta: "? Meta", language: "? code", text: "? Narrative" };
  checkElements(rest, { ...common, ...STRUCTURES[type] }, path, walk);
}

function checkContained(contained: unknown, path: string, walk: Walk): void {
  const { problems } = walk;
  const here = `${path}.contained`;
  if (path.includes(".contained")) {
    problems.add(
      "ElementUnknown",
      here,
      "A contained resource contains another.",
      "Contain both in the outer resource.",
    );
    return;
  }
  if (!Array.isArray(contained) || contained.length === 0) {
    problems.add(
      "CardinalityWrong",
      here,
      "It is no list of resources.",
      "Give a list of at least one resource, or leave it out.",
    );
    return;
  }
  contained.forEach((each: unknown, index) => {
    const place = `${here}[${index}]`;
    if (!isJsonObject(each) || typeof each["resourceType"] !== "string") {
      problems.add(
        "ResourceWrong",
        place,
        "It is no resource.",
        "Give each contained resource its resourceType.",
      );
    } else if (each["id"] === undefined) {
      problems.add(
        "ElementMissing",
        `${place}.id`,
        "A contained resource has no id.",
        "Give it an id and refer to it as #id.",
      );
    } else if (Object.hasOwn(STRUCTURES, each["resourceType"]) && /^Medication/.test(each["resourceType"])) {
      checkResourceElements(each, each["resourceType"], place, walk);
    } else {
      checkUnread(each, place, walk);
    }
  });
}

/** A contained resource of another kind is carried, not read: its JSON must be sound, and nothing in it may modify. */
function checkUnread(value: unknown, path: string, walk: Walk): void {
  const { problems } = walk;
  if (Array.isArray(value)) {
    if (value.length === 0) malformed(walk, path, "an empty list");
    value.forEach((each, index) => checkUnread(each, `${path}[${index}]`, walk));
  } else if (isJsonObject(value)) {
    for (const [name, each] of Object.entries(value)) {
      const here = `${path}.${name}`;
      if (name === "modifierExtension" || name === "implicitRules") {
        problems.add(
          "ModifierUnknown",
          here,
          "It changes the meaning of what it stands in.",
          CHANGES_MEANING,
        );
      } else if (name === "reference" && typeof each === "string") {
        checkLocalReference(each, here, [], walk);
      } else {
        checkUnread(each, here, walk);
      }
    }
  } else if (value === null || value === "") {
    malformed(walk, path, value === null ? "null" : "an empty text");
  }
}

function checkElements(
  value: JsonObject,
  rules: Readonly<Record<string, string>>,
  path: string,
  walk: Walk,
): void {
  const seen = new Set<string>();
  if (Object.keys(value).length === 0) malformed(walk, path, "an empty object");
  for (const name of Object.keys(value)) {
    if (name.startsWith("_")) continue;
    if (name === "extension") {
      checkExtensions(value[name], `${path}.extension`, walk);
      continue;
    }
    if (name === "modifierExtension") {
      walk.problems.add(
        "ModifierUnknown",
        `${path}.modifierExtension`,
        "It changes the meaning of what it stands in.",
        CHANGES_MEANING,
      );
      continue;
    }
    const found =
      name === "id"
        ? { element: "id", rule: parseRule(rules["id"] ?? "? string"), place: `${path}.id` }
        : ruleFor(name, rules, path);
    if (found === undefined) {
      walk.problems.add(
        "ElementUnknown",
        `${path}.${name}`,
        "R4 has no such element here.",
        "Correct the name, or put it into an extension.",
      );
      continue;
    }
    if (seen.has(found.element)) {
      walk.problems.add(
        "CardinalityWrong",
        `${path}.${found.element.replace("[x]", "")}`,
        "It is given in two forms.",
        "Keep one of them.",
      );
      continue;
    }
    seen.add(found.element);
    checkElement(
      value[name],
      found.rule,
      found.place,
      isJsonObject(value) ? value[`_${name}`] : undefined,
      walk,
    );
  }
  checkSiblings(value, rules, path, walk);
  for (const [element, rule] of Object.entries(rules)) {
    if (seen.has(element) || !/^[1+]/.test(rule)) continue;
    walk.problems.add(
      "ElementMissing",
      `${path}.${element.replace("[x]", "")}`,
      "It is missing.",
      "R4 requires it: add it.",
    );
  }
}

/** `_name` carries id and extensions of a primitive element. */
function checkSiblings(
  value: JsonObject,
  rules: Readonly<Record<string, string>>,
  path: string,
  walk: Walk,
): void {
  for (const [key, sibling] of Object.entries(value)) {
    if (!key.startsWith("_")) continue;
    const name = key.slice(1);
    const found = name === "id" ? undefined : ruleFor(name, rules, path);
    if (found === undefined || !/^[a-z]/.test(found.rule.types[0] ?? "")) {
      walk.problems.add(
        "ElementUnknown",
        `${path}.${key}`,
        "No primitive element has this name.",
        "Correct the name.",
      );
      continue;
    }
    for (const [index, each] of (Array.isArray(sibling) ? sibling : [sibling]).entries()) {
      if (each === null && Array.isArray(sibling)) continue;
      const place = Array.isArray(sibling) ? `${found.place}[${index}]` : found.place;
      if (isJsonObject(each)) checkElements(each, {}, place, walk);
      else malformed(walk, place, "not an object beside a primitive");
    }
  }
}

interface FoundRule {
  readonly element: string;
  readonly rule: Rule;
  /** FHIRPath. */
  readonly place: string;
}

/** The rule of a JSON name; `medicationReference` falls under `medication[x]`, of which FHIRPath says `ofType(Reference)`. */
function ruleFor(name: string, rules: Readonly<Record<string, string>>, path: string): FoundRule | undefined {
  if (Object.hasOwn(rules, name) && !name.endsWith("[x]")) {
    return { element: name, rule: parseRule(rules[name]!), place: `${path}.${name}` };
  }
  for (const [element, text] of Object.entries(rules)) {
    if (!element.endsWith("[x]")) continue;
    const stem = element.slice(0, -3);
    const rule = parseRule(text);
    const type = rule.types.find((each) => name === stem + capital(jsonType(each)));
    if (type === undefined) continue;
    return { element, rule: { ...rule, types: [type] }, place: `${path}.${stem}.ofType(${jsonType(type)})` };
  }
  return undefined;
}

function parseRule(text: string): Rule {
  return { cardinality: text.charAt(0), types: text.slice(2).split(" | ") };
}

function jsonType(type: string): string {
  const bare = type.replace(/[(:].*$/, "");
  return bare === "SimpleQuantity" ? "Quantity" : bare;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function checkElement(value: unknown, rule: Rule, place: string, sibling: unknown, walk: Walk): void {
  const repeats = rule.cardinality === "*" || rule.cardinality === "+";
  const type = rule.types[0]!;
  if (!repeats) {
    if (Array.isArray(value)) {
      walk.problems.add(
        "CardinalityWrong",
        place,
        "It is a list, but R4 has it once.",
        "Give the one value without brackets.",
      );
    } else {
      checkType(value, type, place, walk);
    }
    return;
  }
  if (!Array.isArray(value) || value.length === 0) {
    walk.problems.add(
      "CardinalityWrong",
      place,
      "It is no list of values.",
      "Put it in brackets, or leave it out when there is none.",
    );
    return;
  }
  value.forEach((each: unknown, index) => {
    if (each === null && Array.isArray(sibling) && isJsonObject(sibling[index])) return;
    checkType(each, type, `${place}[${index}]`, walk);
  });
}

function checkType(value: unknown, type: string, place: string, walk: Walk): void {
  if (type.startsWith("code:")) {
    checkCode(value, VALUE_SETS[type.slice(5)] ?? [], place, walk);
  } else if (Object.hasOwn(PRIMITIVES, type)) {
    const problem = PRIMITIVES[type]!(value);
    if (problem !== undefined) malformed(walk, place, problem);
  } else if (!isJsonObject(value)) {
    malformed(walk, place, `no ${jsonType(type)}`);
  } else if (type === "Reference" || type.startsWith("Reference(")) {
    checkElements(value, STRUCTURES["Reference"]!, place, walk);
    checkReference(value, place, type.slice(10, -1).split(",").filter(Boolean), walk);
  } else {
    checkElements(value, STRUCTURES[type] ?? {}, place, walk);
  }
}

function checkCode(value: unknown, codes: readonly string[], place: string, walk: Walk): void {
  if (typeof value !== "string") return malformed(walk, place, "no code");
  if (!codes.includes(value)) {
    walk.problems.add(
      "CodeUnknown",
      place,
      "The code is not in the value set that R4 requires.",
      `Use one of: ${codes.join(", ")}.`,
    );
  }
}

/** `Type/id`, with or without a base address before it and a version behind it. */
const LITERAL =
  /^(?:https?:\/\/[^\s#?]*\/)?([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;

function checkReference(value: JsonObject, place: string, targets: readonly string[], walk: Walk): void {
  const { reference, identifier, display, extension, type } = value;
  if (
    reference === undefined &&
    identifier === undefined &&
    display === undefined &&
    extension === undefined
  ) {
    walk.problems.add(
      "ReferenceWrong",
      place,
      "It refers to nothing.",
      "Give a reference, an identifier or a display text.",
    );
  }
  if (typeof type === "string" && targets.length > 0 && !targets.includes(type))
    wrongTarget(`${place}.type`, targets, walk);
  if (typeof reference !== "string") return;
  if (reference.startsWith("#")) return checkLocalReference(reference, `${place}.reference`, targets, walk);
  const literal = LITERAL.exec(reference);
  if (literal === null) {
    if (/^(urn:(uuid|oid):\S+|https?:\/\/\S+)$/.test(reference)) return;
    walk.problems.add(
      "ReferenceWrong",
      `${place}.reference`,
      "It is no reference.",
      "Write Type/id, #id, an address that begins with http, or urn:uuid: and urn:oid:.",
    );
  } else if (targets.length > 0 && !targets.includes(literal[1]!)) {
    wrongTarget(`${place}.reference`, targets, walk);
  }
}

function checkLocalReference(reference: string, place: string, targets: readonly string[], walk: Walk): void {
  if (!reference.startsWith("#") || reference === "#") return;
  const target = walk.contained.get(reference.slice(1));
  if (target === undefined) {
    walk.problems.add(
      "ReferenceWrong",
      place,
      "No contained resource has this id.",
      "Contain the resource, or correct the id after #.",
    );
  } else if (targets.length > 0 && !targets.includes(target)) {
    wrongTarget(place, targets, walk);
  }
}

function wrongTarget(place: string, targets: readonly string[], walk: Walk): void {
  walk.problems.add(
    "ReferenceWrong",
    place,
    "It refers to a resource of the wrong type.",
    `Refer to: ${targets.join(", ")}.`,
  );
}

function checkExtensions(value: unknown, path: string, walk: Walk): void {
  if (!Array.isArray(value) || value.length === 0) return malformed(walk, path, "no list of extensions");
  value.forEach((each: unknown, index) => {
    const place = `${path}[${index}]`;
    if (!isJsonObject(each)) return malformed(walk, place, "no extension");
    const { url, id: _id, extension, ...rest } = each;
    if (typeof url !== "string" || !/^\S+$/.test(url)) {
      walk.problems.add(
        "ElementMissing",
        `${place}.url`,
        "It is missing or malformed.",
        "Name the extension by its address.",
      );
    }
    if (extension !== undefined) checkExtensions(extension, `${place}.extension`, walk);
    const values = Object.keys(rest);
    const known = values.every((name) => /^_?value[A-Z]/.test(name));
    const forms = new Set(values.map((name) => name.replace(/^_/, "")));
    if (!known)
      walk.problems.add(
        "ElementUnknown",
        place,
        "R4 has no such element here.",
        "Keep url and one value[x] or extension.",
      );
    if (forms.size > 1 || (forms.size === 1) === (extension !== undefined)) {
      walk.problems.add(
        "CardinalityWrong",
        place,
        "It has not exactly one of value[x] and extension.",
        "Keep one of them.",
      );
    }
    for (const name of values)
      checkUnread(rest[name], `${place}.${name.startsWith("_") ? name : "value"}`, walk);
  });
}

function malformed(walk: Walk, place: string, what: string): void {
  walk.problems.add(
    "ElementMalformed",
    place,
    `It is malformed: ${what}.`,
    "Give it the type and form that R4 has for it.",
  );
}

/** Base64 with its padding; white space may stand anywhere in it. */
export function isBase64(value: string): boolean {
  const bare = value.replace(/\s+/g, "");
  return bare.length > 0 && bare.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(bare);
}

type Check = (value: unknown) => string | undefined;

function text(pattern: RegExp, what: string): Check {
  return (value) => (typeof value === "string" && pattern.test(value) ? undefined : `no ${what}`);
}

function integer(least: number, what: string): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= 2_147_483_647
      ? undefined
      : `no ${what}`;
}

/** Form of each primitive type (R4, section 2.24.0.1). */
const PRIMITIVES: Readonly<Record<string, Check>> = {
  boolean: (value) => (typeof value === "boolean" ? undefined : "neither true nor false"),
  integer: integer(-2_147_483_648, "integer"),
  unsignedInt: integer(0, "integer from 0"),
  positiveInt: integer(1, "integer from 1"),
  decimal: (value) => (typeof value === "number" && Number.isFinite(value) ? undefined : "no number"),
  string: text(/\S/, "text"),
  markdown: text(/\S/, "text"),
  xhtml: text(/^\s*<div[\s>]/, "XHTML division"),
  uri: text(/^\S+$/, "URI"),
  url: text(/^\S+$/, "URL"),
  canonical: text(/^\S+$/, "canonical URL"),
  code: text(/^[^\s]+(\s[^\s]+)*$/, "code"),
  base64Binary: (value) => (typeof value === "string" && isBase64(value) ? undefined : "no base64"),
  id: text(/^[A-Za-z0-9\-.]{1,64}$/, "id of 1 to 64 letters, digits, dots and hyphens"),
  time: text(/^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/, "time"),
  instant: (value) =>
    typeof value === "string" && value.includes("T") && isDateTime(value) ? undefined : "no instant",
  date: (value) =>
    typeof value === "string" && !value.includes("T") && isDateTime(value)
      ? undefined
      : "no date that exists",
  dateTime: (value) =>
    typeof value === "string" && isDateTime(value) ? undefined : "no date or time that exists",
};
