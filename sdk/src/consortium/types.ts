import type { MemberStatus } from "../abi/index.ts";
import type { Duty, ProfessionalDuty, Sector } from "../core/duties.ts";

/** A member as it stands. */
export interface Member {
  /** Member id, from 1. */
  readonly member: number;
  /** Unknown, Active or Closed. */
  readonly status: MemberStatus;
  /** What it is: they bound its duties. */
  readonly sectors: readonly Sector[];
  /** Controlling group. */
  readonly group: number;
  /** Who took over its rights, 0 for nobody. */
  readonly successor: number;
  /** Sites registered so far; they are numbered from 1. */
  readonly sites: number;
  /** Key that appoints operators and manages sites. */
  readonly admin: string;
  /** Proposed admin key, the zero address for none. */
  readonly pendingAdmin: string;
  /** What its sectors allow; empty when closed. */
  readonly permittedDuties: readonly Duty[];
  /** What is suspended while `suspendedUntil` lies ahead. */
  readonly suspendedDuties: readonly Duty[];
  /** End of the suspensions, exclusive, unix seconds. */
  readonly suspendedUntil: number;
  /** keccak256 of a salt and the electronic licence. */
  readonly licenceHash: string;
  /** keccak256 of the published key, zero for none. */
  readonly encryptionKeyHash: string;
  /** keccak256 of the published address, zero for none. */
  readonly endpointHash: string;
  /** Block that published the key. */
  readonly encryptionKeyBlock: number;
  /** Block that published the address. */
  readonly endpointBlock: number;
}

/** An operator as it stands. */
export interface Operator {
  /** Member it acts for. */
  readonly member: number;
  /** Operator key, 32 bytes. */
  readonly operator: string;
  /** Duties appointed by the member; empty when dismissed or never appointed. */
  readonly duties: readonly Duty[];
  /** Duties suspended one by one. */
  readonly suspended: readonly Duty[];
  /** Regulator whose suspension stands, 0 for none. */
  readonly suspender: number;
  /** A replacement left this key behind for good. */
  readonly retired: boolean;
  /** End of the appointment, exclusive, unix seconds. */
  readonly appointedUntil: number;
  /** Last licensed day of each licensed duty, days since 1970-01-01 UTC, inclusive. */
  readonly licensedThrough: Readonly<Partial<Record<ProfessionalDuty, number>>>;
}

/** A site as it stands. */
export interface Site {
  /** Member that runs it. */
  readonly member: number;
  /** Number within the member, from 1. */
  readonly site: number;
  /** Global Location Number, 13 digits. */
  readonly gln: string;
  /** False once closed or adopted by a successor. */
  readonly open: boolean;
}

/** A regulator's suspension of a member for one cause. */
export interface Suspension {
  /** Duties that it holds back, of all the member's operators. */
  readonly duties: readonly Duty[];
  /** End, exclusive, unix seconds; 0 when there was none. */
  readonly until: number;
  /** Governance answered it. */
  readonly ratified: boolean;
}
