/** What all of a run share: the example files, the patients with their secrets, and what is committed to. */
import { readFileSync, readdirSync } from "node:fs";

import {
  type PatientSigner,
  type StealthKeys,
  commitDocument,
  commitRecord,
  createEcdsaSigner,
  derivePatientKey,
  generatePatientSeed,
  generateStealthKeys,
  parseMetaAddress,
} from "@careledger/sdk";
import type { MedicationDispense, MedicationRequest } from "fhir/r4.js";

import type { World } from "../../sdk/world.ts";
import { type Input, type Needle, secretNeedles } from "../needles.ts";

const EXAMPLES = new URL("../../../examples/", import.meta.url);
export const reading = { timeZone: "Europe/Amsterdam" };
/** In which a date may begin. */
export const ZONES = [reading.timeZone, "Asia/Shanghai"];
export const HOUR = 3_600;
export const DAY = 24 * HOUR;
/** In which patients sign with passkeys, as in the story. */
export const APP = "mijn.stmary.test";
/** Media type of FHIR's JSON. */
const FHIR_JSON = "application/fhir+json";

/** Who and what takes part in a run; whatever goes into it is gathered here. */
export interface Cast {
  readonly world: World;
  readonly inputs: Input[];
  readonly secrets: Needle[];
  readonly open: Set<bigint>;
  /** Number of a member. */
  member(name: string): number;
  /** Last second of a signature made now. */
  deadline(): Promise<number>;
  /** The wallet of a patient, the same each time. */
  patient(name: string): StealthKeys;
  /** The key with which a patient, or a carer, signs at a custodian; another one for each subject or generation. */
  signer(name: string, custodian: number, generation?: number): Promise<PatientSigner>;
  /** Salted commitment to a document. */
  commit(name: string, document: unknown): string;
  /** Salted commitment to a record: an example as a custodian keeps it. */
  keep(name: string): string;
  /** Bytes that nobody may find on chain. */
  hide(source: string, bytes: Uint8Array | string): void;
}

/** All example files. */
export function exampleInputs(): (Input & { readonly resource: MedicationRequest | MedicationDispense })[] {
  return ["fhir-r4", "derived"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, EXAMPLES))
      .filter((name) => name.endsWith(".json"))
      .sort()
      .map((name) => {
        const raw = readFileSync(new URL(`${folder}/${name}`, EXAMPLES), "utf8");
        return { name, raw, resource: JSON.parse(raw) as MedicationRequest | MedicationDispense };
      }),
  );
}

/** An example by the name of its file. */
export function exampleOf(name: string): Input {
  const found = exampleInputs().find((each) => each.name === `${name}.json`);
  if (found === undefined) throw new RangeError(`no example ${name}`);
  return found;
}

export function createCast(world: World): Cast {
  const inputs: Input[] = [...exampleInputs()];
  const secrets: Needle[] = [];
  const patients = new Map<string, StealthKeys>();
  const seeds = new Map<string, string>();
  const hide = (source: string, bytes: Uint8Array | string): void => {
    secrets.push(...secretNeedles(source, bytes));
  };
  return {
    world,
    inputs,
    secrets,
    open: new Set(),
    hide,
    member: (name) => world.members[name] as number,
    deadline: async () => (await world.now()) + HOUR,
    patient: (name) => {
      const known = patients.get(name) ?? generateStealthKeys();
      if (patients.has(name)) return known;
      patients.set(name, known);
      const { spendingPublicKey, viewingPublicKey } = parseMetaAddress(known.metaAddress);
      for (const [what, key] of Object.entries({ ...known, spendingPublicKey, viewingPublicKey })) {
        if (what !== "metaAddress") hide(`${name} ${what}`, key as string);
      }
      // The X alone is a compressed key without its first byte.
      for (const key of [spendingPublicKey, viewingPublicKey])
        hide(`${name} X of a public key`, key.slice(4));
      return known;
    },
    signer: async (name, custodian, generation = 0) => {
      const seed = seeds.get(name) ?? generatePatientSeed();
      if (!seeds.has(name)) hide(`seed of ${name}`, seed);
      seeds.set(name, seed);
      const { chainId } = world.network;
      const key = await derivePatientKey(seed, { chainId, custodian, curve: "secp256k1", generation });
      hide(`key of ${name} at ${custodian}, ${generation}`, key);
      return createEcdsaSigner(key);
    },
    commit: (name, document) => {
      const { commitment, salt } = commitDocument(document as never);
      inputs.push({ name: `${name} as committed`, resource: document });
      hide(`salt of ${name}`, salt);
      return commitment;
    },
    keep: (name) => {
      const text = JSON.stringify(exampleOf(name).resource);
      const content = new TextEncoder().encode(text);
      const { commitment, salt } = commitRecord({ mediaType: FHIR_JSON, content });
      inputs.push({ name: `${name} as kept`, raw: text, resource: {} });
      hide(`salt of ${name}`, salt);
      return commitment;
    },
  };
}
