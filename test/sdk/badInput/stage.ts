/** A consortium that every case finds in the same state, with clients and acts to prepare one. */
import {
  type Acceptance,
  type Client,
  type ClientOptions,
  type Handover,
  type Order,
  acceptPrescription,
  admitMember,
  appointOperator,
  closeMember,
  dispensePrescription,
  haltPrescriptions,
  issuePrescription,
  nameSuccessor,
  operatorKeyOf,
  registerSite,
  signAcceptance,
  suspendMember,
  suspendOperator,
} from "@careledger/sdk";
import { hexlify, randomBytes } from "ethers";

import { type Draft, type World, startWorld } from "../world.ts";

const DAY = 86_400;

/** Where a case is played. */
export interface Stage {
  readonly world: World;
  /** Time when the case began. */
  readonly now: number;
  /** A client of this case alone. */
  as(actor: string, options?: Partial<ClientOptions>): Client;
  /** Admit pharmacy `moon` as member 30, or another; its admin is `<name>.admin`. */
  admit(name?: string, member?: number): Promise<number>;
  /** Close a member that has a site, and name `moon` its successor. */
  close(): Promise<void>;
  /** A system of `moon`: its operator key. */
  appoint(): Promise<string>;
  /** Suspend the system of `moon`, or `moon` itself. */
  suspendSystem(): Promise<string>;
  suspendMoon(): Promise<void>;
  /** An order that was issued. */
  issue(change?: Partial<Draft["prescription"]>): Promise<Draft>;
  accept(draft: Draft): Promise<void>;
  /** Issued, accepted by greenCross at site 1, and a part of it dispensed. */
  dispensed(): Promise<Draft>;
  halt(): Promise<void>;
}

/** The lock that cases take. */
export const lockOf = (stage: Stage): Acceptance => ({
  member: 4,
  site: 1,
  lockCount: 1,
  fill: 1,
  lockedUntil: stage.now + DAY,
});

/** What cases hand over. */
export const handoverOf = (ordinal = 1): Handover => ({
  member: 4,
  site: 1,
  lockCount: 1,
  ordinal,
  fill: 1,
  units: 10_000n,
  handedOverAt: 0,
  commitment: hexlify(randomBytes(32)),
});

/** An order without the holder's key. */
export const orderOf = ({ prescription, ephemeralKey }: Draft): Order => ({ prescription, ephemeralKey });

/** One consortium for all cases of a file. */
export interface Theatre {
  readonly world: World;
  /** Play a case from the first state. */
  play<T>(work: (stage: Stage) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openTheatre(): Promise<Theatre> {
  const world = await startWorld();
  return { world, play: await playOn(world), close: () => world.close() };
}

/** Plays cases from the state in which the world is now. */
export async function playOn(world: World): Promise<Theatre["play"]> {
  let snapshot = await world.ask("evm_snapshot");
  return async (work) => {
    await world.ask("evm_revert", snapshot);
    snapshot = await world.ask("evm_snapshot");
    world.node.fault = () => "pass";
    return work(await setStage(world));
  };
}

async function setStage(world: World): Promise<Stage> {
  const now = await world.now();
  const clients = new Map<string, Client>();
  const as = (actor: string, options: Partial<ClientOptions> = {}): Client => {
    const known = clients.get(actor);
    if (known !== undefined && Object.keys(options).length === 0) return known;
    const client = world.as(actor, { pollMs: 5, ...options });
    if (Object.keys(options).length === 0) clients.set(actor, client);
    return client;
  };
  const admit = async (name = "moon", member = 30): Promise<number> => {
    await admitMember(as("governance"), {
      member,
      admin: world.wallet(`${name}.admin`).address,
      sectors: ["PHARMACY"],
      group: member,
      licenceHash: hexlify(randomBytes(32)),
    });
    return member;
  };
  const appoint = async (): Promise<string> => {
    const operator = operatorKeyOf(world.wallet("moon.system").address);
    const until = now + 100 * DAY;
    await appointOperator(as("moon.admin"), { member: 30, operator, duties: ["SUBMIT"], until });
    return operator;
  };
  const issue: Stage["issue"] = async (change) => {
    const draft = await world.draft(change);
    await issuePrescription(as("drAdler"), orderOf(draft));
    return draft;
  };
  const stage: Stage = {
    world,
    now,
    as,
    admit,
    appoint,
    issue,
    close: async () => {
      await admit();
      await admit("old", 31);
      await registerSite(as("old.admin"), { member: 31, gln: "9521234031000" });
      await closeMember(as("governance"), { member: 31 });
      await nameSuccessor(as("governance"), { member: 31, successor: 30 });
    },
    suspendSystem: async () => {
      await admit();
      const operator = await appoint();
      await suspendOperator(as("inspectorField"), { regulator: 1, member: 30, operator, duties: ["SUBMIT"] });
      return operator;
    },
    suspendMoon: async () => {
      await admit();
      await suspendMember(as("inspectorField"), {
        regulator: 1,
        member: 30,
        duties: ["SUBMIT"],
        until: now + 10 * DAY,
        cause: "PatientSafety",
      });
    },
    accept: async ({ prescription, holder }) => {
      const acceptance = lockOf(stage);
      const signed = { prescription, acceptance, deadline: now + 3_600 };
      const authorisation = await signAcceptance(world.network, holder, signed);
      await acceptPrescription(as("greenCrossSystem"), { prescription, acceptance, authorisation });
    },
    dispensed: async () => {
      const draft = await issue();
      await stage.accept(draft);
      const { prescription } = draft;
      await dispensePrescription(as("pharmacistAmsel"), { prescription, handover: handoverOf() });
      return draft;
    },
    halt: async () => {
      const target = { regulator: 1, issuer: 2, prescriber: world.operator("drAdler"), since: now - DAY };
      await haltPrescriptions(as("inspectorField"), { ...target, reason: "KeyCompromise" });
    },
  };
  return stage;
}
