/** Wrong values for every place of a parameter object, made from the right ones. */

/** A copy with one place spoilt. */
export interface Spoilt {
  /** The place, as error messages name it: `acceptance.site`, `orders[0].prescription.fills`. */
  readonly place: string;
  /** What is wrong with it. */
  readonly what: string;
  readonly value: unknown;
}

type Step = string | number;

const nameOf = (path: readonly Step[]): string =>
  path.reduce<string>(
    (name, step) => (typeof step === "number" ? `${name}[${step}]` : name === "" ? step : `${name}.${step}`),
    "",
  );

/** What no place of this type takes. */
function garbageFor(value: unknown): readonly [string, unknown][] {
  const always: [string, unknown][] = [
    ["null", null],
    ["a symbol", Symbol("x")],
    ["a function", () => 1],
    ["a boolean", true],
  ];
  if (typeof value === "number") {
    return [
      ...always,
      ["a text", String(value)],
      ["a bigint", BigInt(value)],
      ["an object", {}],
      ["a list", [value]],
      ["no number", Number.NaN],
      ["infinite", Infinity],
      ["a fraction", value + 0.5],
      ["negative", -1],
      ["too large", 2 ** 53],
      ["unsafe", 1e300],
    ];
  }
  if (typeof value === "bigint") {
    return [
      ...always,
      ["a text", value.toString()],
      ["a number", Number(value)],
      ["an object", {}],
      ["negative", -1n],
      ["too large", 1n << 256n],
    ];
  }
  if (typeof value === "string") {
    return [
      ...always,
      ["a number", 7],
      ["a bigint", 7n],
      ["an object", { toString: () => value }],
      ["a list", [value]],
      ["empty", ""],
      ["nonsense", "zz"],
      ["hexadecimal without digits", "0x"],
      ["too long", `0x${"ab".repeat(70_000)}`],
    ];
  }
  return [...always, ["a number", 7], ["a text", "x"], ["a bigint", 7n]];
}

/** Which places may be what others may not. */
export interface Leeway {
  /** Places that may be absent, as `orders[].key`. */
  readonly optional?: readonly string[];
  /** Lists that may be empty. */
  readonly mayBeEmpty?: readonly string[];
  /** Texts that may say anything. */
  readonly mayBeNonsense?: readonly string[];
}

/** Every place of these parameters spoilt in every way; places that may be absent are not left out. */
export function spoil(
  right: unknown,
  { optional = [], mayBeEmpty = [], mayBeNonsense = [] }: Leeway = {},
): Spoilt[] {
  const changes = walk(right, [], optional).filter(({ path, what }) => {
    const allowing =
      what === "empty"
        ? mayBeEmpty
        : /^(nonsense|hexadecimal without digits)$/.test(what)
          ? mayBeNonsense
          : [];
    return !allowing.includes(nameOf(path));
  });
  return changes.map(({ path, what, put }) => ({
    place: nameOf(path),
    what,
    value: path.length === 0 ? put : changed(right, path, put),
  }));
}

interface Change {
  readonly path: readonly Step[];
  readonly what: string;
  readonly put: unknown;
}

/** Stands for a place that is left out. */
const ABSENT = Symbol("absent");

function walk(value: unknown, path: readonly Step[], optional: readonly string[]): Change[] {
  const name = nameOf(path);
  const mayBeAbsent = optional.includes(name.replaceAll(/\[\d+\]/g, "[]"));
  const own: Change[] = garbageFor(value)
    .filter(([, put]) => put !== value)
    .map(([what, put]) => ({ path, what, put }));
  if (path.length === 0) own.push({ path, what: "undefined", put: undefined });
  else if (!mayBeAbsent) {
    own.push({ path, what: "missing", put: ABSENT }, { path, what: "undefined", put: undefined });
  }
  if (Array.isArray(value)) {
    own.push({ path, what: "an object", put: {} }, { path, what: "empty", put: [] });
    own.push({ path, what: "too long", put: Array.from({ length: 300 }, () => value[0] as unknown) });
  }
  if (typeof value !== "object" || value === null) return own;
  const keys: Step[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    ...own,
    ...keys.flatMap((key) => walk((value as Record<Step, unknown>)[key], [...path, key], optional)),
  ];
}

function changed(value: unknown, path: readonly Step[], put: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return put;
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  const fields = copy as Record<Step, unknown>;
  if (rest.length === 0 && put === ABSENT) {
    if (Array.isArray(copy)) fields[step] = undefined;
    else Reflect.deleteProperty(fields, step);
  } else fields[step] = changed(fields[step], rest, put);
  return copy;
}
