import { expect } from "chai";
import type { Interface } from "ethers";

import { decodeRevert, ethers, type Actor, type Fate } from "../core/chain.ts";
import { freshConsortium } from "../core/world.ts";
import { accessManager } from "./accessManager.ts";
import { consentRegistry } from "./consentRegistry.ts";
import { lotRegistry } from "./lotRegistry.ts";
import { memberRegistry } from "./memberRegistry.ts";
import { prescriptionRegistry } from "./prescriptionRegistry.ts";
import { recordRegistry } from "./recordRegistry.ts";
import { researchRegistry } from "./researchRegistry.ts";
import { standardsRegistry } from "./standardsRegistry.ts";
import {
  AUTHORITY_ERRORS,
  deployable,
  functionsOf,
  roles,
  spelt,
  unknown,
  type Opened,
  type Refusal,
  type RoleName,
  type Row,
  type RowSet,
  type Sent,
} from "./table.ts";

/** Each contract that accounts can call. A new one joins here; without it the first test fails. */
const rowSets: readonly RowSet[] = [
  memberRegistry,
  prescriptionRegistry,
  standardsRegistry,
  recordRegistry,
  researchRegistry,
  consentRegistry,
  lotRegistry,
  accessManager,
];
const everyRole = Object.keys(roles) as RoleName[];

type Answer = Fate & { readonly data?: string };

/** Ask the chain what this call would do if this caller sent it now. */
const attempt = async (sent: Sent, from: Actor, interfaces: readonly Interface[]): Promise<Answer> => {
  try {
    return { ok: true, data: await ethers.provider.call({ ...sent, from: from.address }) };
  } catch (error) {
    const raw = (error as { data?: unknown }).data;
    const nested = (raw as { data?: unknown } | null | undefined)?.data;
    const found = typeof raw === "string" ? raw : typeof nested === "string" ? nested : "0x";
    return decodeRevert(found, interfaces);
  }
};

const written = (error: string, args: readonly unknown[]): string => `${error}(${args.map(spelt).join()})`;
const met = (fate: Fate): string => (fate.ok ? "no refusal" : written(fate.error, fate.args));

/** What stands against an expected refusal; undefined when it came exactly so. */
const unlike = (fate: Fate, [error, ...args]: Refusal): string | undefined =>
  met(fate) === written(error, args) ? undefined : `met ${met(fate)}, not ${written(error, args)}`;

const titleOf = (set: RowSet, row: Row): string =>
  `${set.name}.${row.call.split("(")[0] ?? ""}${row.note ? `, ${row.note}` : ""}`;

/** All sets on one stage. Nothing is sent after that, so their order does not matter. */
const stage = async (): Promise<{ sets: readonly (readonly [RowSet, Opened])[]; manager: Interface }> => {
  const world = await freshConsortium();
  const sets: (readonly [RowSet, Opened])[] = [];
  for (const set of rowSets) sets.push([set, await set.open(world)]);
  return { sets, manager: world.manager.interface };
};

/** Functions of all parts of a contract, by signature. */
const functionsOfSet = async ({ parts }: RowSet) => {
  const all = await Promise.all(parts.map(functionsOf));
  return new Map(all.flatMap((one) => [...one]));
};

describe("access", () => {
  it("has a row set for every contract of the product that can be called", async () => {
    const covered = new Set(rowSets.flatMap(({ parts }) => parts));
    expect((await deployable()).filter((name) => !covered.has(name))).to.eql([]);
    expect(await deployable()).to.include.members(["MemberRegistry", "PrescriptionOversight"]);
  });

  it("has a row for every function that can change anything, and no row beyond", async () => {
    const { sets } = await stage();
    for (const [set, { rows, contract }] of sets) {
      const all = await functionsOfSet(set);
      const changing = [...all].filter(([, one]) => !one.constant).map(([signature]) => signature);
      expect([...new Set(rows.map((row) => row.call))].sort(), set.name).to.eql(changing.sort());
      for (const signature of all.keys())
        expect(contract.interface.getFunction(signature), signature).not.to.equal(null);
    }
  });

  it("lets each role do what the table says, and refuses the rest with the exact error", async () => {
    const { sets, manager } = await stage();
    const wrong: string[] = [];
    let [cells, expected] = [0, 0];
    for (const [set, { rows, contract }] of sets) {
      const interfaces = [contract.interface as Interface, manager];
      const to = await contract.getAddress();
      expected += rows.length * everyRole.length;
      for (const row of rows) {
        let reached = 0;
        for (const role of everyRole) {
          const caller = roles[role];
          const data = contract.interface.encodeFunctionData(row.call, [...row.args(caller)]);
          const fate = await attempt({ to, data }, caller, interfaces);
          cells += 1;
          if (row.allowed === "everybody" || row.allowed.includes(role)) {
            if (fate.ok || fate.error === row.meets) reached += 1;
            else if (AUTHORITY_ERRORS.includes(fate.error))
              wrong.push(`${titleOf(set, row)}: ${role} met ${fate.error}`);
            continue;
          }
          const problem = unlike(fate, row.refusal(caller, role, { to, data }));
          if (problem !== undefined) wrong.push(`${titleOf(set, row)}: ${role} ${problem}`);
        }
        if (row.allowed.length > 0 && reached === 0) wrong.push(`${titleOf(set, row)}: nobody succeeded`);
      }
    }
    expect(wrong).to.eql([]);
    expect(cells).to.equal(expected).and.to.be.greaterThan(2_000);
  });

  it("refuses everybody every change at a body that is called past its proxy, with the exact error", async () => {
    const { sets, manager } = await stage();
    const wrong: string[] = [];
    let cells = 0;
    for (const [set, { rows, bodies, contract }] of sets) {
      const interfaces = [contract.interface as Interface, manager];
      for (const [position, { artifact, address: to }] of bodies.entries()) {
        // The implementation delegates what it does not know to its extension; the extension knows only its own.
        const own = await functionsOf(artifact);
        const asked = rows.filter((row) => position === 0 || own.has(row.call));
        expect(asked.length, artifact).to.be.greaterThan(5);
        for (const row of asked) {
          for (const role of everyRole) {
            const caller = roles[role];
            const data = contract.interface.encodeFunctionData(row.call, [...row.args(caller)]);
            const fate = await attempt({ to, data }, caller, interfaces);
            cells += 1;
            const told = row.alone?.(caller, role, { to, data }) ?? (["a row without `alone`"] as const);
            const problem = unlike(fate, told);
            if (problem !== undefined) wrong.push(`${titleOf(set, row)} at ${artifact}: ${role} ${problem}`);
          }
        }
      }
    }
    expect(wrong).to.eql([]);
    expect(cells).to.be.greaterThan(2_000);
  });

  it("opens every view to all alike, and says by name what it does not know", async () => {
    const { sets, manager } = await stage();
    const wrong: string[] = [];
    for (const [set, { views, notFound, contract }] of sets) {
      const interfaces = [contract.interface as Interface, manager];
      const to = await contract.getAddress();
      const all = [...(await functionsOfSet(set))].filter(([, one]) => one.constant);
      const names = all.map(([signature]) => signature);
      expect(names, set.name).to.include.members(Object.keys(views));
      const bare = all
        .filter(([signature, one]) => one.inputs.length > 0 && views[signature] === undefined)
        .map(([signature]) => signature);
      expect(bare, `${set.name}: views without known arguments`).to.eql([]);
      for (const [signature, fragment] of all) {
        const view = views[signature] ?? { args: [] };
        const known = contract.interface.encodeFunctionData(signature, [...view.args]);
        const strange = contract.interface.encodeFunctionData(signature, fragment.inputs.map(unknown));
        const first = await attempt({ to, data: known }, roles.stranger, interfaces);
        const problem =
          view.refusal === undefined
            ? first.ok
              ? undefined
              : `met ${met(first)}`
            : unlike(first, view.refusal);
        if (problem !== undefined) wrong.push(`${set.name}.${signature}: stranger ${problem}`);
        for (const role of everyRole) {
          const same = await attempt({ to, data: known }, roles[role], interfaces);
          if (met(same) !== met(first) || same.data !== first.data)
            wrong.push(`${set.name}.${signature}: ${role} learns something else than a stranger`);
        }
        if (view.refusal !== undefined) continue;
        const lost = await attempt({ to, data: strange }, roles.stranger, interfaces);
        if (!lost.ok && !notFound.includes(lost.error))
          wrong.push(`${set.name}.${signature}: of what is unknown it says ${met(lost)}`);
      }
    }
    expect(wrong).to.eql([]);
  });
});
