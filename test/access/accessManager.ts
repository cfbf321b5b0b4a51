import { DAY, MINUTE, as, mineAt, now, type Actor } from "../core/chain.ts";
import { Member, Role, licenceHash, people, type World } from "../core/world.ts";
import {
  call,
  everybody,
  operationId,
  roles,
  type Opened,
  type Refusal,
  type Refuse,
  type Row,
  type RowSet,
  type View,
} from "./table.ts";

/** The delay under which the stage gives one account governance: only then is there anything to schedule. */
const DELAY = 10 * MINUTE;
const ROOT = 0n;

/** Every role that is handed out, the root role among them. */
const HELD: Readonly<Record<string, bigint>> = { root: ROOT, ...Role };

/** The AccessManager's own functions: the root role's, which governance alone holds after hand-over. */
const rootOnly = {
  allowed: ["governance"],
  refusal: (caller: Actor): Refusal => ["AccessManagerUnauthorizedAccount", caller.address, ROOT],
} as const;

const open = async ({ manager, registry }: World): Promise<Opened> => {
  const delayed = roles["governance under a delay"];
  const target = await registry.getAddress();
  const self = await manager.getAddress();
  const governed = (hash: number): string =>
    registry.interface.encodeFunctionData("setMemberLicence", [Member.stMary, licenceHash(hash)]);
  const selector = governed(1).slice(0, 10);
  const [ripe, unripe, never] = [governed(71), governed(72), governed(73)];
  await as(manager, people.governance).grantRole(Role.governance, delayed.address, DELAY);
  await as(manager, delayed).schedule(target, ripe, 0);
  await mineAt((await now()) + DELAY);
  await as(manager, delayed).schedule(target, unripe, 0);

  const noCall: Refuse = (caller) => ["AccessManagerUnauthorizedCall", caller.address, target, selector];
  const operation = (data: string): string => operationId(delayed, { to: target, data });
  const unlessDelayed =
    (error: string, data: string): Refuse =>
    (caller, role, sent) =>
      role === "governance under a delay" ? [error, operation(data)] : noCall(caller, role, sent);
  const account = people.anyRelay.address;

  const rows: readonly Row[] = [
    // ── the root role: who holds what, and what that opens ──
    ...Object.entries(HELD).flatMap(([note, role]) => [
      { ...call("grantRole(uint64,address,uint32)", role, account, 0), note, ...rootOnly },
      { ...call("revokeRole(uint64,address)", role, people.emergency.address), note, ...rootOnly },
    ]),
    { ...call("labelRole(uint64,string)", Role.emergency, "ALARM"), ...rootOnly },
    { ...call("setRoleAdmin(uint64,uint64)", Role.claims, Role.emergency), ...rootOnly },
    { ...call("setRoleGuardian(uint64,uint64)", Role.claims, Role.emergency), ...rootOnly },
    { ...call("setGrantDelay(uint64,uint32)", Role.claims, DAY), ...rootOnly },
    { ...call("setTargetAdminDelay(address,uint32)", target, DAY), ...rootOnly },
    { ...call("setTargetClosed(address,bool)", target, true), ...rootOnly },
    {
      ...call("setTargetFunctionRole(address,bytes4[],uint64)", target, [selector], Role.claims),
      ...rootOnly,
    },
    { ...call("updateAuthority(address,address)", target, self), ...rootOnly },
    {
      ...call("multicall(bytes[])", [manager.interface.encodeFunctionData("grantRole", [ROOT, account, 0])]),
      note: "of a grant",
      ...rootOnly,
    },
    { ...call("multicall(bytes[])", []), note: "of nothing", ...everybody },
    // ── one's own roles ──
    {
      call: "renounceRole(uint64,address)",
      note: "for oneself",
      args: (caller) => [Role.governance, caller.address],
      ...everybody,
    },
    {
      ...call("renounceRole(uint64,address)", Role.governance, people.governance.address),
      note: "for governance",
      allowed: ["governance"],
      refusal: () => ["AccessManagerBadConfirmation"],
    },
    // ── calls under a delay ──
    {
      ...call("schedule(address,bytes,uint48)", target, never, 0),
      allowed: ["governance under a delay"],
      refusal: noCall,
    },
    {
      ...call(
        "schedule(address,bytes,uint48)",
        self,
        manager.interface.encodeFunctionData("grantRole", [ROOT, account, 0]),
        0,
      ),
      note: "of a grant",
      allowed: [],
      refusal: (caller) => [
        "AccessManagerUnauthorizedCall",
        caller.address,
        self,
        manager.interface.getFunction("grantRole").selector,
      ],
    },
    {
      ...call("execute(address,bytes)", target, ripe),
      note: "scheduled, after its delay",
      allowed: ["governance", "governance under a delay"],
      refusal: noCall,
    },
    {
      ...call("execute(address,bytes)", target, unripe),
      note: "scheduled, before its delay ended",
      allowed: ["governance"],
      refusal: unlessDelayed("AccessManagerNotReady", unripe),
    },
    {
      ...call("execute(address,bytes)", target, never),
      note: "never scheduled",
      allowed: ["governance"],
      refusal: unlessDelayed("AccessManagerNotScheduled", never),
    },
    {
      ...call("cancel(address,address,bytes)", delayed.address, target, unripe),
      allowed: ["governance", "governance under a delay"],
      refusal: (caller) => [
        "AccessManagerUnauthorizedCancel",
        caller.address,
        delayed.address,
        target,
        selector,
      ],
    },
    {
      ...call("consumeScheduledOp(address,bytes)", delayed.address, ripe),
      note: "a target's own call: an account has no code to be asked",
      allowed: [],
      refusal: () => ["0x"],
    },
  ];

  const views: Readonly<Record<string, View>> = {
    "canCall(address,address,bytes4)": { args: [people.governance.address, target, selector] },
    "getAccess(uint64,address)": { args: [Role.governance, delayed.address] },
    "getNonce(bytes32)": { args: [operation(ripe)] },
    "getRoleAdmin(uint64)": { args: [Role.claims] },
    "getRoleGrantDelay(uint64)": { args: [Role.claims] },
    "getRoleGuardian(uint64)": { args: [Role.claims] },
    "getSchedule(bytes32)": { args: [operation(ripe)] },
    "getTargetAdminDelay(address)": { args: [target] },
    "getTargetFunctionRole(address,bytes4)": { args: [target, selector] },
    "hasRole(uint64,address)": { args: [Role.governance, people.governance.address] },
    "hashOperation(address,address,bytes)": { args: [delayed.address, target, ripe] },
    "isTargetClosed(address)": { args: [target] },
  };
  return { contract: manager, rows, bodies: [], views, notFound: [] };
};

/** The one place that says who may call what. */
export const accessManager: RowSet = { name: "AccessManager", parts: ["AccessManager"], open };
