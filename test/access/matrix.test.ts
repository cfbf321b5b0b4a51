import { expect } from "chai";
import type { FunctionFragment, Interface } from "ethers";

import { decodeRevert, ethers, type Actor, type Fate } from "../core/chain.ts";
import { people } from "../core/world.ts";
import { deployMemberBody } from "../consortium/support.ts";
import { AUTHORITY_ERRORS, accessWorld, roles, spelt, table, type RoleName, type Row } from "./table.ts";

/** Ask the chain what this call would do if this caller sent it now. */
const attempt = async (to: string, data: string, from: Actor, iface: Interface): Promise<Fate> => {
  try {
    await ethers.provider.call({ to, data, from: from.address });
    return { ok: true };
  } catch (error) {
    const raw = (error as { data?: unknown }).data;
    const nested = (raw as { data?: unknown } | null | undefined)?.data;
    const found = typeof raw === "string" ? raw : typeof nested === "string" ? nested : "0x";
    return decodeRevert(found, [iface]);
  }
};

const setup = async () => {
  const world = await accessWorld();
  const rows = table(world.signatures, await deployMemberBody(people.deployer));
  const contracts = { registry: world.registry, prescriptions: world.prescriptions };
  return { world, rows, contracts };
};

const titleOf = (row: Row): string =>
  `${row.contract}.${row.call.split("(")[0] ?? ""}${row.note ? `, ${row.note}` : ""}`;

describe("access", () => {
  it("has a row for every function that can change anything, and no row beyond", async () => {
    const { rows, contracts } = await setup();
    for (const name of ["registry", "prescriptions"] as const) {
      const inAbi: string[] = [];
      contracts[name].interface.forEachFunction((fragment: FunctionFragment) => {
        if (!fragment.constant) inAbi.push(fragment.format("sighash"));
      });
      const inTable = new Set(rows.filter((row) => row.contract === name).map((row) => row.call));
      expect([...inTable].sort()).to.eql(inAbi.sort());
    }
  });

  it("lets each role do what the table says, and refuses the rest with the exact error", async () => {
    const { rows, contracts } = await setup();
    const wrong: string[] = [];
    let cells = 0;
    for (const row of rows) {
      const contract = contracts[row.contract];
      const to = await contract.getAddress();
      let reached = 0;
      for (const role of Object.keys(roles) as RoleName[]) {
        const caller = roles[role];
        const data = (contract.interface as Interface).encodeFunctionData(row.call, [...row.args(caller)]);
        const fate = await attempt(to, data, caller, contract.interface);
        cells += 1;
        const allowed = row.allowed === "everybody" || row.allowed.includes(role);
        if (allowed) {
          if (fate.ok) reached += 1;
          else if (AUTHORITY_ERRORS.includes(fate.error))
            wrong.push(`${titleOf(row)}: ${role} met ${fate.error}`);
          continue;
        }
        const [error, ...args] = row.refusal(caller, role);
        const same =
          !fate.ok &&
          fate.error === error &&
          (args.length === 0 || args.map(spelt).join() === fate.args.map(spelt).join());
        if (!same) {
          const met = fate.ok ? "no refusal" : `${fate.error}(${fate.args.map(spelt).join()})`;
          wrong.push(`${titleOf(row)}: ${role} met ${met}, not ${error}(${args.map(spelt).join()})`);
        }
      }
      const mayFail = ["nameSuccessor", "adoptSite", "resume"].some((name) =>
        row.call.startsWith(`${name}(`),
      );
      if (row.allowed.length > 0 && reached === 0 && !mayFail)
        wrong.push(`${titleOf(row)}: nobody succeeded`);
    }
    expect(wrong).to.eql([]);
    expect(cells).to.equal(rows.length * Object.keys(roles).length);
  });
});
