import { readFileSync } from "node:fs";

import type { BaseContract, Log } from "ethers";

import { ethers } from "../../core/chain.ts";
import type { World } from "../../core/world.ts";

/**
 * The replay of one domain: from the logs of its contract alone, all that the contract stores. A new domain adds a file
 * beside these and its name to index.ts; a test fails until it does, and until each field of its storage is compared.
 */
export type Domain = {
  /** ERC-7201 name of its storage, as in snapshots/layouts.json; empty for a contract of another maker. */
  readonly namespace: string;
  /** Fields of its storage that {@link differences} compares. */
  readonly fields: readonly string[];
  /** What its events tell otherwise than it stores. */
  readonly differences: (world: World) => Promise<string[]>;
};

/** Values of an event by name; never `args.fill`, which an ethers Result answers with an array method. */
export type Values = (name: string) => never;

/** Where an event stands. */
export type Place = { readonly at: bigint; readonly block: bigint };

/** What each event does to the rebuilt state. */
export type Handlers<S> = Readonly<Record<string, (state: S, value: Values, place: Place) => void>>;

/** What the map holds; an event that names what no event made is a defect. */
export const need = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const found = map.get(key);
  if (found === undefined) throw new Error(`an event names ${String(key)}, which no event made`);
  return found;
};

/** What the map holds, made on first use. */
export const ensure = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
};

/** Let every log of a contract, from the first block on, change the state. An event without a handler is refused. */
export const replay = async <S>(contract: BaseContract, handlers: Handlers<S>, state: S): Promise<S> => {
  const address = await contract.getAddress();
  const logs: Log[] = await ethers.provider.getLogs({ address, fromBlock: 0, toBlock: "latest" });
  const times = new Map<number, bigint>();
  for (const log of logs) {
    const event = contract.interface.parseLog(log);
    if (event === null) throw new Error(`the interface lacks the event ${log.topics[0] ?? ""}`);
    const handler = handlers[event.name];
    if (handler === undefined) throw new Error(`no replay is written for ${event.name}`);
    if (!times.has(log.blockNumber)) {
      const block = await ethers.provider.getBlock(log.blockNumber);
      times.set(log.blockNumber, BigInt(block?.timestamp ?? 0));
    }
    const value = (name: string) => event.args.getValue(name) as never;
    handler(state, value, { at: need(times, log.blockNumber), block: BigInt(log.blockNumber) });
  }
  return state;
};

/** Collects what differs. */
export const comparison = () => {
  const found: string[] = [];
  const compare = (what: string, told: unknown, stored: unknown): void => {
    const [a, b] = [told, stored].map((side) =>
      JSON.stringify(side, (_, item: unknown) => (typeof item === "bigint" ? item.toString() : item)),
    );
    if (a !== b) found.push(`${what}: events tell ${String(a)}, the chain stores ${String(b)}`);
  };
  return { found, compare };
};

// ── storage that no view shows ─────────────────────────────────────────────────────────────────────────────────────

type Layouts = Readonly<
  Record<string, Readonly<Record<string, readonly { readonly label: string; readonly slot: string }[]>>>
>;

/** The storage of every domain, as the snapshot holds it. */
export const layouts = JSON.parse(
  readFileSync(new URL("../../../snapshots/layouts.json", import.meta.url), "utf8"),
) as Layouts;

/** Fields of a domain's storage. */
export const fieldsOf = (namespace: string): readonly string[] =>
  (layouts[namespace]?.["t_struct(Layout)_storage"] ?? []).map(({ label }) => label);

const coder = ethers.AbiCoder.defaultAbiCoder();

/** Base slot of a namespace (ERC-7201). */
const baseOf = (namespace: string): bigint =>
  BigInt(ethers.keccak256(coder.encode(["uint256"], [BigInt(ethers.id(namespace)) - 1n]))) & ~0xffn;

/** Word of a mapping, or mapping of mappings, of the domain's storage. */
export const wordOf = async (
  contract: BaseContract,
  namespace: string,
  field: string,
  ...keys: readonly (readonly [type: string, key: unknown])[]
): Promise<bigint> => {
  const position = (layouts[namespace]?.["t_struct(Layout)_storage"] ?? []).find(
    ({ label }) => label === field,
  );
  if (position === undefined) throw new Error(`${namespace} has no field ${field}`);
  let slot = ethers.toBeHex(baseOf(namespace) + BigInt(position.slot), 32);
  for (const [type, key] of keys) slot = ethers.keccak256(coder.encode([type, "bytes32"], [key, slot]));
  return BigInt(await ethers.provider.getStorage(await contract.getAddress(), slot));
};

/** The 32 bits of a word from bit `shift` on. */
export const bits32 = (word: bigint, shift: bigint): bigint => (word >> shift) & 0xffffffffn;

// ── what every domain has ──────────────────────────────────────────────────────────────────────────────────────────

/** Pause, code, authority and version of a domain. */
export type Shell = { pausedUntil: bigint; implementation: string; authority: string; version: bigint };

export const newShell = (): Shell => ({
  pausedUntil: 0n,
  implementation: ethers.ZeroAddress,
  authority: ethers.ZeroAddress,
  version: 0n,
});

/** Events of every domain. */
export const shellHandlers: Handlers<{ readonly shell: Shell }> = {
  DomainPaused: ({ shell }, value) => {
    shell.pausedUntil = value("until");
  },
  DomainResumed: ({ shell }, _, { at }) => {
    shell.pausedUntil = at;
  },
  Upgraded: ({ shell }, value) => {
    shell.implementation = value("implementation");
  },
  AuthorityUpdated: ({ shell }, value) => {
    shell.authority = value("authority");
  },
  Initialized: ({ shell }, value) => {
    shell.version = value("version");
  },
};

const IMPLEMENTATION_SLOT = BigInt(ethers.id("eip1967.proxy.implementation")) - 1n;
const INITIALIZABLE = "openzeppelin.storage.Initializable";

/** A domain's reads of {@link Shell}. */
type Shelled = BaseContract & { pausedUntil(): Promise<bigint>; authority(): Promise<string> };

/**
 * Compare what every domain has. The ERC-1967 word holds the code's address, the pause and the number of standing orders.
 */
export const compareShell = async (
  compare: (what: string, told: unknown, stored: unknown) => void,
  contract: Shelled,
  shell: Shell,
  standingOrders: number,
): Promise<void> => {
  const address = await contract.getAddress();
  const word = BigInt(shell.implementation) | (shell.pausedUntil << 160n) | (BigInt(standingOrders) << 192n);
  compare("ERC-1967 word", word, BigInt(await ethers.provider.getStorage(address, IMPLEMENTATION_SLOT)));
  compare("paused until", shell.pausedUntil, await contract.pausedUntil());
  compare("authority", shell.authority, await contract.authority());
  const version = await ethers.provider.getStorage(address, baseOf(INITIALIZABLE));
  compare("version", shell.version, BigInt(version));
};
