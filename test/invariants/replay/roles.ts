import type { AccessManager } from "../../../typechain-types/index.ts";
import { comparison, ensure, replay, type Domain, type Handlers } from "./engine.ts";

type Holder = { since: bigint; delay: bigint };

/** What the AccessManager's events tell. Delays that still wait for their second are told by `effect`. */
type Replayed = {
  /** By `${role} ${account}`. */
  readonly holders: Map<string, Holder>;
  readonly admins: Map<bigint, bigint>;
  readonly guardians: Map<bigint, bigint>;
  readonly functions: Map<string, bigint>;
  readonly closed: Map<string, boolean>;
  /** By operation: when it may run, 0 once it ran or was cancelled, and its last number. */
  readonly operations: Map<string, { at: bigint; nonce: bigint }>;
};

const NOBODY: Holder = { since: 0n, delay: 0n };

const handlers: Handlers<Replayed> = {
  RoleGranted: ({ holders }, value) => {
    const key = `${value("roleId") as bigint} ${value("account") as string}`;
    const known = ensure(holders, key, () => NOBODY);
    const since: bigint = value("newMember") ? value("since") : known.since;
    holders.set(key, { since, delay: value("delay") });
  },
  RoleRevoked: ({ holders }, value) => {
    holders.set(`${value("roleId") as bigint} ${value("account") as string}`, NOBODY);
  },
  RoleAdminChanged: ({ admins }, value) => {
    admins.set(value("roleId"), value("admin"));
  },
  RoleGuardianChanged: ({ guardians }, value) => {
    guardians.set(value("roleId"), value("guardian"));
  },
  TargetFunctionRoleUpdated: ({ functions }, value) => {
    functions.set(`${value("target") as string} ${value("selector") as string}`, value("roleId"));
  },
  TargetClosed: ({ closed }, value) => {
    closed.set(value("target"), value("closed"));
  },
  OperationScheduled: ({ operations }, value) => {
    operations.set(value("operationId"), { at: value("schedule"), nonce: value("nonce") });
  },
  OperationExecuted: ({ operations }, value) => {
    operations.set(value("operationId"), { at: 0n, nonce: value("nonce") });
  },
  OperationCanceled: ({ operations }, value) => {
    operations.set(value("operationId"), { at: 0n, nonce: value("nonce") });
  },
  // A name for people; nothing is stored.
  RoleLabel: () => undefined,
};

const compareAll = async (manager: AccessManager): Promise<string[]> => {
  const { found, compare } = comparison();
  const told = await replay<Replayed>(manager, handlers, {
    holders: new Map(),
    admins: new Map(),
    guardians: new Map(),
    functions: new Map(),
    closed: new Map(),
    operations: new Map(),
  });
  for (const [key, { since, delay }] of told.holders) {
    const [role = "", account = ""] = key.split(" ");
    const access = await manager.getAccess(role, account);
    compare(`role ${key}`, [since, delay], [access.since, access.currentDelay]);
  }
  for (const [role, admin] of told.admins)
    compare(`admin of ${role}`, admin, await manager.getRoleAdmin(role));
  for (const [role, guardian] of told.guardians)
    compare(`guardian of ${role}`, guardian, await manager.getRoleGuardian(role));
  for (const [key, role] of told.functions) {
    const [target = "", selector = ""] = key.split(" ");
    compare(`function ${key}`, role, await manager.getTargetFunctionRole(target, selector));
  }
  for (const [target, closed] of told.closed)
    compare(`closed ${target}`, closed, await manager.isTargetClosed(target));
  for (const [id, { at, nonce }] of told.operations)
    compare(`operation ${id}`, [at, nonce], [await manager.getSchedule(id), await manager.getNonce(id)]);
  return found.map((one) => `AccessManager: ${one}`);
};

/** Roles, who holds them, what they open, what is scheduled. OpenZeppelin's contract: its storage is in no snapshot. */
export const roleDomain: Domain = {
  namespace: "",
  fields: [],
  differences: async ({ manager }) => await compareAll(manager),
};
