import { ethers } from "../../core/chain.ts";
import {
  compareShell,
  comparison,
  need,
  newShell,
  replay,
  shellHandlers,
  wordOf,
  type Domain,
  type Handlers,
  type Shell,
} from "./engine.ts";

const NAMESPACE = "careledger.storage.StandardsRegistry";
const PAGE = 256n;

/** In the order of the contract's struct. */
type CategoryState = { code: string; registeredAt: bigint; retiredAt: bigint };

/** In the order of the contract's struct. */
type CodeSystemState = { urlHash: string; versionHash: string; registeredAt: bigint; retiredAt: bigint };

type ReplayedStandards = {
  categories: Map<bigint, CategoryState>;
  codeSystems: Map<bigint, CodeSystemState>;
  readonly shell: Shell;
};

const handlers: Handlers<ReplayedStandards> = {
  ...shellHandlers,
  CategoryRegistered: ({ categories }, value, { at }) => {
    categories.set(value("number"), { code: value("code"), registeredAt: at, retiredAt: 0n });
  },
  CategoryRetired: ({ categories }, value, { at }) => {
    const state = need(categories, value("number"));
    if (state.code !== value("code")) throw new Error("a retirement tells another code");
    state.retiredAt = at;
  },
  CodeSystemRegistered: ({ codeSystems }, value, { at }) => {
    const [urlHash, versionHash] = [ethers.id(value("url")), ethers.id(value("version"))];
    codeSystems.set(value("number"), { urlHash, versionHash, registeredAt: at, retiredAt: 0n });
  },
  CodeSystemRetired: ({ codeSystems }, value, { at }) => {
    need(codeSystems, value("number")).retiredAt = at;
  },
};

/** Pages of a bit set of numbers. */
export const pagesOf = (numbers: Iterable<bigint>): Map<bigint, bigint> => {
  const pages = new Map<bigint, bigint>();
  for (const number of numbers) {
    const page = number / PAGE;
    pages.set(page, (pages.get(page) ?? 0n) | (1n << (number % PAGE)));
  }
  return pages;
};

/** Categories and code-system versions. */
export const standardsDomain: Domain = {
  namespace: NAMESPACE,
  fields: [
    "active",
    "categoryCount",
    "codeSystemCount",
    "categories",
    "codes",
    "codeSystems",
    "pairs",
    "retired",
  ],
  differences: async ({ standards }) => {
    const { found, compare } = comparison();
    const { categories, codeSystems, shell } = await replay<ReplayedStandards>(standards, handlers, {
      categories: new Map(),
      codeSystems: new Map(),
      shell: newShell(),
    });
    const active = [...categories].reduce(
      (mask, [number, { retiredAt }]) => (retiredAt === 0n ? mask | (1n << number) : mask),
      0n,
    );
    const counts = active | (BigInt(categories.size) << 32n) | (BigInt(codeSystems.size) << 40n);
    compare("active and counts", counts, await wordOf(standards, NAMESPACE, "active"));
    for (const [number, state] of categories) {
      compare(`category ${number}`, Object.values(state), [...(await standards.categoryOf(number))]);
      compare(`code ${state.code}`, 1n, await wordOf(standards, NAMESPACE, "codes", ["bytes32", state.code]));
    }
    for (const [number, state] of codeSystems) {
      compare(`code system ${number}`, Object.values(state), [...(await standards.codeSystemOf(number))]);
      const pair = [
        ["bytes32", state.urlHash],
        ["bytes32", state.versionHash],
      ] as const;
      compare(`pair ${number}`, 1n, await wordOf(standards, NAMESPACE, "pairs", ...pair));
    }
    const retired = [...codeSystems].flatMap(([number, { retiredAt }]) => (retiredAt === 0n ? [] : [number]));
    const pages = pagesOf(retired);
    for (let page = 0n; page <= BigInt(codeSystems.size) / PAGE; page++) {
      const stored = await wordOf(standards, NAMESPACE, "retired", ["uint8", page]);
      compare(`retired page ${page}`, pages.get(page) ?? 0n, stored);
    }
    await compareShell(compare, standards, shell, 0);
    return found.map((one) => `StandardsRegistry: ${one}`);
  },
};
