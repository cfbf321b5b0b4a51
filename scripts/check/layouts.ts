import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { AbiCoder, keccak256, toUtf8Bytes } from "ethers";

import { soliditySources, type Check } from "./core.ts";
import { readSnapshot, snapshotProblems } from "./snapshot.ts";
import {
  contractsOf,
  parseSolidity,
  storageLayouts,
  type Node,
  type StorageLayout,
  type StorageSlot,
} from "./solidity.ts";

/**
 * Storage of the upgradeable contracts. solc's own report leaves ERC-7201 structs out, so a probe contract holds one
 * variable of each annotated struct, and solc reports that.
 */

/** One field: where it lies within its struct and what it is. */
interface Field {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

/** Fields of the namespace's struct and of every struct that it holds, by struct name. */
type Namespace = Readonly<Record<string, readonly Field[]>>;

export type Layouts = Readonly<Record<string, Namespace>>;

interface Annotated {
  readonly namespace: string;
  readonly path: string;
  readonly contract: Node;
  readonly struct: Node;
}

const LAYOUTS = "snapshots/layouts.json";

const annotated = (sources: ReadonlyMap<string, string>): Annotated[] =>
  [...parseSolidity(sources)].flatMap(([path, ast]) =>
    contractsOf(ast).flatMap((contract) =>
      (contract.nodes ?? []).flatMap((struct) => {
        const match = /@custom:storage-location erc7201:(\S+)/.exec(struct.documentation?.text ?? "");
        if (struct.nodeType !== "StructDefinition" || match === null) return [];
        return [{ namespace: match[1] ?? "", path, contract, struct }];
      }),
    ),
  );

/** ERC-7201: keccak256(abi.encode(uint256(keccak256(id)) - 1)) & ~0xff. */
export const erc7201Slot = (namespace: string): string => {
  const inner = BigInt(keccak256(toUtf8Bytes(namespace))) - 1n;
  const outer = BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["uint256"], [inner])));
  return `0x${(outer & ~0xffn).toString(16).padStart(64, "0")}`;
};

/** Names of types carry the compiler's node numbers; those change with every edit elsewhere. */
const stable = (type: string): string => type.replace(/\)\d+/g, ")");

const fieldsOf = (slots: readonly StorageSlot[]): Field[] =>
  slots.map(({ label, slot, offset, type }) => ({ label, slot, offset, type: stable(type) }));

const structsOf = (
  layout: StorageLayout,
  type: string,
  found: Record<string, readonly Field[]> = {},
): Namespace => {
  const described = layout.types?.[type];
  if (described === undefined || stable(type) in found) return found;
  if (described.members !== undefined) {
    found[stable(type)] = fieldsOf(described.members);
    for (const member of described.members) structsOf(layout, member.type, found);
  }
  for (const part of [described.base, described.value])
    if (part !== undefined) structsOf(layout, part, found);
  return found;
};

/** Layout of every ERC-7201 struct under contracts/. */
export const currentLayouts = (root: string): Layouts => {
  const sources = soliditySources(root);
  const structs = annotated(sources);
  if (structs.length === 0) return {};
  const imports = [...new Set(structs.map(({ path }) => path))].map((path) => `import "${path}";`);
  const probes = structs.map(
    ({ contract, struct }, i) => `contract P${i} { ${contract.name}.${struct.name} x; }`,
  );
  const probe = [
    "// SPDX-License-Identifier: Apache-2.0",
    "pragma solidity 0.8.34;",
    ...imports,
    ...probes,
  ].join("\n");
  const find = (path: string): string | undefined => {
    const installed = join(root, "node_modules", path);
    return sources.get(path) ?? (existsSync(installed) ? readFileSync(installed, "utf8") : undefined);
  };
  const layouts = storageLayouts(probe, find);
  return Object.fromEntries(
    structs.map(({ namespace }, i) => {
      const layout = layouts[`P${i}`] ?? { storage: [], types: null };
      return [namespace, structsOf(layout, layout.storage[0]?.type ?? "")];
    }),
  );
};

/** What an upgrade would misread: a field that is gone, moved or of another type. Fields may be appended. */
export const breakingChanges = (before: Layouts, after: Layouts): string[] =>
  Object.entries(before).flatMap(([namespace, structs]) => {
    const now = after[namespace];
    if (now === undefined) return [`${namespace} is gone`];
    return Object.entries(structs).flatMap(([struct, fields]) =>
      fields.flatMap((field, i) => {
        const found = now[struct]?.[i];
        return JSON.stringify(found) === JSON.stringify(field)
          ? []
          : [`${namespace}: ${field.label} of ${struct} is not where and what it was`];
      }),
    );
  });

/** Every namespace's slot stands in the source as ERC-7201 derives it. */
const slotProblems = (root: string): string[] => {
  const sources = soliditySources(root);
  const all = [...sources.values()].join("\n").toLowerCase();
  return annotated(sources)
    .filter(({ namespace }) => !all.includes(erc7201Slot(namespace)))
    .map(({ namespace, path }) => `${path}: ${namespace} does not lie at ${erc7201Slot(namespace)}`);
};

/** A contract behind a proxy keeps nothing in plain slots, for another base could push them. */
const plainProblems = (root: string): string[] =>
  [...parseSolidity(soliditySources(root))].flatMap(([path, ast]) =>
    contractsOf(ast).flatMap((contract) =>
      (contract.nodes ?? [])
        .filter((node) => node.nodeType === "VariableDeclaration" && isMutable(node))
        .map(
          (node) =>
            `${path}: ${contract.name}.${node.name} lies in a plain slot; put it into the ERC-7201 struct`,
        ),
    ),
  );

const isMutable = (node: Node): boolean => (node as { mutability?: string }).mutability === "mutable";

export const layouts: Check = {
  name: "layouts",
  run: (root) => {
    const now = currentLayouts(root);
    const before = readSnapshot<Layouts>(root, LAYOUTS);
    return [
      ...plainProblems(root),
      ...slotProblems(root),
      ...(before === undefined ? [] : breakingChanges(before, now)),
      ...snapshotProblems(root, LAYOUTS, now),
    ];
  },
};
