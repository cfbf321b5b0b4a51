import { compareShell, comparison, need, newShell, replay, shellHandlers } from "./engine.ts";
import type { Domain, Handlers, Shell } from "./engine.ts";

const NAMESPACE = "careledger.storage.ResearchRegistry";

/** In the order of the contract's struct. */
type DatasetState = {
  terms: bigint;
  custodian: bigint;
  version: bigint;
  registeredAt: bigint;
  amendedAt: bigint;
  retiredAt: bigint;
};

/** In the order of the contract's struct. */
type AccessState = {
  permittedAt: bigint;
  until: bigint;
  version: bigint;
  withdrawnAt: bigint;
  reason: bigint;
};

type ReplayedResearch = {
  datasets: Map<string, DatasetState>;
  accesses: Map<string, AccessState>;
  /** By dataset and member. */
  barred: Map<string, boolean>;
  readonly shell: Shell;
};

const AGREED = 1n;

const handlers: Handlers<ReplayedResearch> = {
  ...shellHandlers,
  DatasetRegistered: ({ datasets }, value, { at }) => {
    datasets.set(value("dataset"), {
      terms: value("terms"),
      custodian: value("custodian"),
      version: 1n,
      registeredAt: at,
      amendedAt: at,
      retiredAt: 0n,
    });
  },
  DatasetAmended: ({ datasets }, value, { at }) => {
    const state = need(datasets, value("dataset"));
    if (state.terms !== value("before")) throw new Error("an amendment tells other terms before");
    Object.assign(state, { terms: value("terms"), version: value("version"), amendedAt: at });
  },
  DatasetRetired: ({ datasets }, value, { at }) => {
    need(datasets, value("dataset")).retiredAt = at;
  },
  AccessPermitted: ({ datasets, accesses }, value, { at }) => {
    need(datasets, value("dataset"));
    accesses.set(value("access"), {
      permittedAt: at,
      until: value("until"),
      version: value("version"),
      withdrawnAt: 0n,
      reason: 0n,
    });
  },
  AccessWithdrawn: ({ accesses, barred }, value, { at }) => {
    const reason: bigint = value("reason");
    Object.assign(need(accesses, value("access")), { withdrawnAt: at, reason });
    if (reason !== AGREED) barred.set(`${value("dataset") as string} ${value("member") as bigint}`, true);
  },
  ResearcherReadmitted: ({ barred }, value) => {
    barred.set(`${value("dataset") as string} ${value("member") as bigint}`, false);
  },
};

/** Datasets, accesses and who is kept from asking. */
export const researchDomain: Domain = {
  namespace: NAMESPACE,
  fields: ["datasets", "accesses", "barred"],
  differences: async ({ research }) => {
    const { found, compare } = comparison();
    const told = await replay<ReplayedResearch>(research, handlers, {
      datasets: new Map(),
      accesses: new Map(),
      barred: new Map(),
      shell: newShell(),
    });
    for (const [id, state] of told.datasets) {
      compare(`dataset ${id}`, Object.values(state), [...(await research.datasetOf(id))]);
    }
    for (const [id, state] of told.accesses) {
      compare(`access ${id}`, Object.values(state), [...(await research.accessOf(id))]);
    }
    for (const [key, stands] of told.barred) {
      const [id = "", member = ""] = key.split(" ");
      compare(`barred ${key}`, stands, await research.isBarred(id, Number(member)));
    }
    await compareShell(compare, research, told.shell, 0);
    return found.map((one) => `ResearchRegistry: ${one}`);
  },
};
