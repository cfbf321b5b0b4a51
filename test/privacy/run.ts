/** A run to look at: every action of the SDK at least once, with the FHIR examples behind it. */
import { hexlify, sha256, toUtf8Bytes } from "ethers";

import { testConfig } from "../fixtures/consortium.ts";
import type { World } from "../sdk/world.ts";
import { APP, ZONES, createCast, exampleInputs } from "./drive/cast.ts";
import { driveConsents } from "./drive/consents.ts";
import { driveDisclosures } from "./drive/disclosures.ts";
import { driveMembers } from "./drive/members.ts";
import { type Case, drivePrescriptions } from "./drive/prescriptions.ts";
import { driveRecords } from "./drive/records.ts";
import { driveResearch } from "./drive/research.ts";
import { driveStandards } from "./drive/standards.ts";
import { eventTopics } from "./entries.ts";
import { type Input, type Needle, needlesOf } from "./needles.ts";
import {
  type Dump,
  type Footprints,
  type RecordedTransaction,
  cutUp,
  recordChain,
  recordOfDump,
} from "./record.ts";
import { type Finding, scan } from "./scanner.ts";

/** What went into a run. */
export interface Run {
  /** Prescriptions. */
  readonly cases: readonly Case[];
  /** Acts of members, each on a chain of its own that was taken back. */
  readonly members: readonly RecordedTransaction[];
  readonly inputs: readonly Input[];
  readonly secrets: readonly Needle[];
  readonly open: ReadonlySet<bigint>;
  /** First block of it. */
  readonly from: number;
}

/** What a scan found, and what was scanned for what. */
export interface Scanned {
  readonly findings: Finding[];
  readonly footprints: Footprints;
  readonly needles: Needle[];
}

/** Everything that may be named on chain. */
export function publicValuesOf(world: World): string[] {
  const { addresses } = world.network;
  return [...Object.values(addresses), ...publicConstants()];
}

/** Names of events, members and their operators, and what a passkey says of the app it signs in, not of its patient. */
function publicConstants(): string[] {
  const said = [
    sha256(toUtf8Bytes(APP)),
    hexlify(toUtf8Bytes(`","origin":"https://${APP}","crossOrigin":false}`)),
  ];
  const clientData = hexlify(toUtf8Bytes('{"type":"webauthn.get","challenge":"'));
  return [...eventTopics(), ...testConfig().developmentKeys.keys(), clientData, ...said];
}

/** What the governed lists say. */
function listedTexts(): string[] {
  const { categories, codeSystems } = testConfig().standards;
  return [...categories, ...codeSystems.flatMap(({ url, version }) => [url, version])];
}

/** Record what is on chain since a block. */
export async function footprintsSince(world: World, from: number): Promise<Footprints> {
  const head = Number(await world.ask("eth_blockNumber"));
  const recorded = await recordChain(world.ask, from, head);
  return cutUp(recorded, listedTexts());
}

/** Needles of a run. */
export const needlesOfRun = ({ inputs, open, secrets }: Run): Needle[] => [
  ...needlesOf(inputs, ZONES, open),
  ...secrets,
];

/** Scan a whole run. */
export async function scanRun(world: World, run: Run): Promise<Scanned> {
  const footprints = await footprintsSince(world, run.from);
  const needles = needlesOfRun(run);
  const publicValues = publicValuesOf(world);
  const members = cutUp(run.members, listedTexts());
  const findings = [members, footprints].flatMap((each) => scan(each, needles, publicValues));
  return { findings, footprints, needles };
}

/** Scan a dump for all that the example files say; their open numbers lie in the time of the run, not in the files. */
export function scanDump(dump: Dump): Scanned {
  const footprints = cutUp(recordOfDump(dump), listedTexts());
  const needles = needlesOf(exampleInputs(), ZONES, new Set());
  const publicValues = [...new Set(dump.logs.map(({ address }) => address)), ...publicConstants()];
  return { findings: scan(footprints, needles, publicValues), footprints, needles };
}

/** Every action of the SDK, by domain. */
export async function drive(world: World): Promise<Run> {
  const members = await driveMembers(world);
  const from = Number(await world.ask("eth_blockNumber")) + 1;
  const cast = createCast(world);
  const cases = await drivePrescriptions(cast);
  await driveStandards(cast);
  await driveRecords(cast);
  await driveConsents(cast);
  await driveDisclosures(cast);
  await driveResearch(cast);
  const { inputs, secrets, open } = cast;
  return { cases, members, inputs, secrets, open, from };
}
