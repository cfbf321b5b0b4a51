/** Who plays: the members of deploy/config/embedded.json, each with a process of its own, the regulator and the patients. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { type Client, type Network, createClient } from "@careledger/sdk";
import { Wallet } from "ethers";

import type { HospitalDesk } from "./hospital.ts";
import type { PharmacyDesk } from "./pharmacy.ts";
import { type MemberProcess, startMember } from "./protocol.ts";
import { type Opening, missing } from "./system.ts";

/** The members' processes. */
export interface Processes {
  readonly stMary: MemberProcess<HospitalDesk>;
  readonly cityHospital: MemberProcess<HospitalDesk>;
  readonly greenCross: MemberProcess<PharmacyDesk>;
  readonly sunPharmacy: MemberProcess<PharmacyDesk>;
}

/** A member as the story must know it. */
export interface CastMember {
  readonly id: number;
  readonly name: string;
  /** Names of its people and systems. */
  readonly operators: readonly string[];
}

/** What the story needs of the deployed network. */
export interface Cast {
  readonly network: Network;
  readonly members: readonly CastMember[];
  /** Private key of an account by its name in the configuration. */
  readonly keyOf: (name: string) => string;
  /** Folder for the members' files, one each. */
  readonly folder: string;
  readonly processes: Processes;
}

/** New blocks are asked for so often, milliseconds. */
const POLL = 100;

/** Starts the members' programs; they wait until they are opened. */
export const startProcesses = (): Processes => ({
  stMary: startMember<HospitalDesk>("hospital"),
  cityHospital: startMember<HospitalDesk>("hospital"),
  greenCross: startMember<PharmacyDesk>("pharmacy"),
  sunPharmacy: startMember<PharmacyDesk>("pharmacy"),
});

/** Lets all members' processes end. */
export const stopProcesses = async (processes: Processes): Promise<void> => {
  await Promise.all(Object.values(processes).map((each: { stop: () => Promise<void> }) => each.stop()));
};

/** Id of a member. */
export const idOf = ({ members }: Cast, name: string): number =>
  members.find((member) => member.name === name)?.id ?? missing(`member ${name}`);

/** What a member's process is opened with: its own keys and nobody else's. */
export const openingOf = ({ network, members, keyOf, folder }: Cast, name: string): Opening => {
  const member = members.find((each) => each.name === name) ?? missing(`member ${name}`);
  const own = [`${name}.admin`, ...member.operators];
  const keys = Object.fromEntries(own.map((each) => [each, keyOf(each)]));
  const files = join(folder, name);
  mkdirSync(files, { recursive: true });
  return { network, member: { id: member.id, name }, keys, folder: files };
};

/** A client that only reads. */
export const readerOf = ({ network }: Cast): Client => createClient({ network, pollMs: POLL });

/** A client of an account that has no process of its own: the regulator's inspector, and governance. */
export const clientOf = ({ network, keyOf }: Cast, name: string): Client =>
  createClient({ network, signer: new Wallet(keyOf(name)), pollMs: POLL });
