import { AbiCoder, keccak256 } from "ethers";

import { type CompactSignature, attest } from "../core/attestation.ts";
import { checkMember, checkNumber, checkObject, checkTime } from "../core/input.ts";
import type { Network } from "../core/network.ts";
import type { Signer, TypedDataDomain } from "../core/sender.ts";
import { type Field, typedFields } from "../core/typedFields.ts";
import type { EphemeralKey } from "../holder/stealth.ts";
import { checkEphemeralKey } from "../prescriptions/input.ts";
import {
  checkAdministration,
  checkSegment,
  checkSession,
  checkSessionDoses,
  checkStockPlace,
} from "./input.ts";
import type { Administration, AdministrationSession, SegmentTerms, SessionDose } from "./types.ts";

/** EIP-712 types of everything that is signed for the LotRegistry, by primary type. */
export const lotTypes = {
  Administration: {
    Administration: typedFields(
      "bytes32 lot, uint32 member, uint16 site, uint32 unit, bytes32 saltedSerial, address holder, bytes32 commitment, " +
        "bytes32 ephemeralKey, uint8 seriesDose, uint32 administeredAt, uint32 deadline",
    ),
  },
  AdministrationSession: {
    AdministrationSession: typedFields(
      "bytes32 lot, uint32 member, uint16 site, uint32 firstUnit, uint32 administeredAt, bytes32 doses, uint32 deadline",
    ),
  },
  RecallAcknowledgment: {
    RecallAcknowledgment: typedFields(
      "bytes32 lot, uint32 member, uint16 site, uint32 recalledAt, uint32 counted, uint32 deadline",
    ),
  },
  QuarantineRelease: {
    QuarantineRelease: typedFields(
      "bytes32 lot, uint32 member, uint16 site, uint32 releaser, uint32 units, uint16 minutesOut, uint16 releases, " +
        "uint32 deadline",
    ),
  },
  Segment: {
    Segment: typedFields(
      "uint32 member, bytes32 device, uint32 from, uint32 to, uint16 minutesOut, bytes32 readings, uint32 deadline",
    ),
  },
} as const satisfies Record<string, Record<string, Field[]>>;

/** A primary type that is signed for the LotRegistry. */
export type LotTypeName = keyof typeof lotTypes;

/** EIP-712 domain of the LotRegistry of a network. */
export function lotRegistryDomain(network: Network): TypedDataDomain {
  return {
    name: "CareLedger LotRegistry",
    version: "1",
    chainId: network.chainId,
    verifyingContract: network.addresses.lotRegistry,
  };
}

/** What every signature takes besides its own parameters. */
interface Deadline {
  /** Last second at which it may be relayed, at most 72 hours ahead; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/** What {@link signAdministration} needs. */
export interface SignAdministrationParams extends Deadline {
  readonly dose: Administration;
  readonly ephemeralKey: EphemeralKey;
}

/**
 * Sign a dose as the vaccinator who gave it, for `administerDose` relayed by the site's system.
 *
 * @throws `InputInvalid`, `SignerRefused`
 * @example
 * const attestation = await signAdministration(network, card, { dose, ephemeralKey });
 */
export async function signAdministration(
  network: Network,
  signer: Signer,
  params: SignAdministrationParams,
): Promise<CompactSignature> {
  checkObject("params", params);
  const { range: _range, ...dose } = checkAdministration("dose", params.dose);
  const { x, prefix, viewTag } = checkEphemeralKey("ephemeralKey", params.ephemeralKey);
  const ephemeralKey = hashOf(["bytes32", "bytes1", "bytes1"], [x, prefix, viewTag]);
  return sign(network, signer, "Administration", { ...dose, ephemeralKey }, params);
}

/** What {@link signAdministrationSession} needs. */
export interface SignAdministrationSessionParams extends Deadline {
  readonly session: AdministrationSession;
  readonly doses: readonly SessionDose[];
}

/** Sign a session as the vaccinator who gave it, for `administerSession`. Throws as {@link signAdministration}. */
export async function signAdministrationSession(
  network: Network,
  signer: Signer,
  params: SignAdministrationSessionParams,
): Promise<CompactSignature> {
  checkObject("params", params);
  const { range: _range, ...session } = checkSession("session", params.session);
  const doses = hashDoses(checkSessionDoses("doses", params.doses));
  return sign(network, signer, "AdministrationSession", { ...session, doses }, params);
}

/** What {@link signRecallAcknowledgment} needs. */
export interface SignRecallAcknowledgmentParams extends Deadline {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** When the recall was ordered, unix seconds: `getLot` tells. */
  readonly recalledAt: number;
  /** Units that were counted. */
  readonly counted: number;
}

/** Sign the answer to a recall as its stock keeper, for `acknowledgeRecall`. Throws as {@link signAdministration}. */
export async function signRecallAcknowledgment(
  network: Network,
  signer: Signer,
  params: SignRecallAcknowledgmentParams,
): Promise<CompactSignature> {
  checkObject("params", params);
  const value = {
    ...checkStockPlace(params),
    recalledAt: checkTime("recalledAt", params.recalledAt),
    counted: checkNumber("counted", params.counted, 32),
  };
  return sign(network, signer, "RecallAcknowledgment", value, params);
}

/** What {@link signQuarantineRelease} needs. */
export interface SignQuarantineReleaseParams extends Deadline {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** Member whose quality operator signs, of another group. */
  readonly releaser: number;
  readonly units: number;
  /** Minutes out of range that count from now on. */
  readonly minutesOut: number;
  /** Releases so far: `getStock` tells. */
  readonly releases: number;
}

/** Sign a release as the quality operator who decides it, for `releaseQuarantine`. Throws as {@link signAdministration}. */
export async function signQuarantineRelease(
  network: Network,
  signer: Signer,
  params: SignQuarantineReleaseParams,
): Promise<CompactSignature> {
  checkObject("params", params);
  const value = {
    ...checkStockPlace(params),
    releaser: checkMember("releaser", params.releaser),
    units: checkNumber("units", params.units, 32, 1),
    minutesOut: checkNumber("minutesOut", params.minutesOut, 16),
    releases: checkNumber("releases", params.releases, 16),
  };
  return sign(network, signer, "QuarantineRelease", value, params);
}

/** What {@link signSegment} needs. */
export interface SignSegmentParams extends Deadline {
  readonly segment: SegmentTerms;
}

/**
 * Sign what was measured, as the device, for `recordSegment` relayed by its member's system.
 *
 * @throws `InputInvalid`, `SignerRefused`, `SignerMismatch` when another key than the device's signs.
 */
export async function signSegment(
  network: Network,
  signer: Signer,
  params: SignSegmentParams,
): Promise<CompactSignature> {
  checkObject("params", params);
  const segment = checkSegment("segment", params.segment);
  return sign(network, signer, "Segment", segment, params, segment.device);
}

/** Hash of a session's doses, as it is signed. */
export function hashDoses(doses: ReturnType<typeof checkSessionDoses>): string {
  const rows = doses.map(({ saltedSerial, commitment, ephemeralX, person }) => [
    saltedSerial,
    commitment,
    ephemeralX,
    person,
  ]);
  return hashOf(["tuple(bytes32, bytes32, bytes32, uint256)[]"], [rows]);
}

function hashOf(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
}

async function sign(
  network: Network,
  signer: Signer,
  type: LotTypeName,
  value: Record<string, unknown>,
  { deadline }: Deadline,
  expected?: string,
): Promise<CompactSignature> {
  const domain = lotRegistryDomain(network);
  return attest(signer, { domain, types: lotTypes[type], value, deadline, expected });
}
