import type { BreakGlassReason, BreakGlassStatus, RuleKind, Ruling } from "../abi/index.ts";
import type { Sector } from "../core/duties.ts";
import type { PurposeCode } from "./purposes.ts";

/** A class of members: all of one sector, or every member. */
export type GranteeClass = Sector | "EVERYONE";

/** Whom a rule is about: one member, or a class. */
export type Audience =
  | { readonly grantee: number; readonly sector?: undefined }
  | { readonly grantee?: undefined; readonly sector: GranteeClass };

/** What a delegate may do in a patient's place. */
export type DelegatePower = "GRANT" | "DENY" | "EXPORT" | "REDISCLOSE" | "REVOKE_ALL" | "RECOVER" | "APPOINT";

// ── what patients sign: plain JSON, as a wallet and a relay take it ─────────────────────────────────────────────────

/** A permit (EIP-712 `Grant`) or a deny (`Denial`). */
export interface RuleMessage {
  /** Subject id. */
  readonly subject: string;
  /** 0 when the subject itself signs, else the number of the delegation. */
  readonly delegate: number;
  /** Member, 0 for a class. */
  readonly grantee: number;
  /** Bit of a class, 0 for a member. */
  readonly sector: number;
  /** From 0 to 7; a delegate writes 4 to 7. */
  readonly number: number;
  /** In a permit the version that stands, in a deny the last one that it overrules. */
  readonly version: number;
  /** In a permit the subject's epoch, in a deny 0. */
  readonly epoch: number;
  /** Mask of data categories. */
  readonly categories: number;
  /** Mask of purposes, a decimal. */
  readonly purposes: string;
  /** Unix seconds. */
  readonly validFrom: number;
  /** Unix seconds, exclusive; {@link NO_END} for none. */
  readonly validUntil: number;
  readonly exportable: boolean;
  readonly redisclosable: boolean;
  /** Last second at which it may be relayed, at most 24 hours ahead. */
  readonly deadline: number;
}

/** The end of one rule (EIP-712 `Revocation`). */
export interface RevocationMessage {
  readonly subject: string;
  readonly delegate: number;
  readonly grantee: number;
  readonly sector: number;
  readonly number: number;
  /** Last version that it ends. */
  readonly version: number;
  readonly deadline: number;
}

/** Many rules under one signature (EIP-712 `Rules`). */
export interface RulesMessage {
  readonly revocations: readonly RevocationMessage[];
  readonly denials: readonly RuleMessage[];
  readonly grants: readonly RuleMessage[];
  readonly deadline: number;
}

/** The end of every permit (EIP-712 `RevocationOfAll`). */
export interface RevocationOfAllMessage {
  readonly subject: string;
  readonly delegate: number;
  /** The epoch that ends. */
  readonly epoch: number;
  readonly deadline: number;
}

/** The appointment of a delegate (EIP-712 `Delegation`). */
export interface DelegationMessage {
  readonly subject: string;
  readonly delegate: number;
  /** From 1 to 8. */
  readonly number: number;
  readonly version: number;
  readonly epoch: number;
  /** Signer key of the delegate. */
  readonly key: string;
  /** Mask of powers. */
  readonly powers: number;
  readonly categories: number;
  readonly purposes: string;
  readonly validUntil: number;
  readonly deadline: number;
}

/** The end of a delegation (EIP-712 `DelegationRevocation`). */
export interface DelegationRevocationMessage {
  readonly subject: string;
  readonly number: number;
  readonly version: number;
  /** 0 when the subject signs, `number` when the delegate resigns, or the delegation under which it was appointed. */
  readonly delegate: number;
  readonly deadline: number;
}

/** The enrolment of a subject (EIP-712 `Enrolment`). */
export interface EnrolmentMessage {
  readonly custodian: number;
  /** Signer key of the patient, the zero address for none. */
  readonly key: string;
  /** Signer key of a guardian, the zero address for none. */
  readonly guardian: string;
  readonly guardianUntil: number;
  readonly salt: string;
  readonly deadline: number;
}

/** The change to a new key (EIP-712 `KeyReplacement`), signed by the old and the new one. */
export interface KeyReplacementMessage {
  readonly subject: string;
  readonly before: string;
  readonly key: string;
  readonly keyVersion: number;
  readonly deadline: number;
}

/** A new key in place of a lost one (EIP-712 `KeyRecovery`), signed by a delegate and the new key. */
export interface KeyRecoveryMessage {
  readonly subject: string;
  readonly before: string;
  readonly key: string;
  /** Number of the delegation; 0 for a patient of age whose guardianship ended. */
  readonly delegate: number;
  readonly keyVersion: number;
  readonly deadline: number;
}

/** The refusal of a proposed key (EIP-712 `KeyRefusal`). */
export interface KeyRefusalMessage {
  readonly subject: string;
  readonly key: string;
  readonly keyVersion: number;
  readonly deadline: number;
}

/** What each EIP-712 type says. */
export interface ConsentMessages {
  readonly Grant: RuleMessage;
  readonly Denial: RuleMessage;
  readonly Revocation: RevocationMessage;
  readonly Rules: RulesMessage;
  readonly RevocationOfAll: RevocationOfAllMessage;
  readonly Delegation: DelegationMessage;
  readonly DelegationRevocation: DelegationRevocationMessage;
  readonly Enrolment: EnrolmentMessage;
  readonly KeyReplacement: KeyReplacementMessage;
  readonly KeyRecovery: KeyRecoveryMessage;
  readonly KeyRefusal: KeyRefusalMessage;
}

/** A patient's or delegate's signature, as the chain takes it. */
export interface PatientSignature {
  /** The ERC-7913 signer in hexadecimal; `0x` for ECDSA accounts and ERC-1271 wallets. */
  readonly signer: string;
  /** In hexadecimal. */
  readonly signature: string;
}

// ── how things stand ────────────────────────────────────────────────────────────────────────────────────────────────

/** A subject: a patient at one custodian. */
export interface Subject {
  /** Subject id. */
  readonly subject: string;
  /** Signer key; the zero address while only a guardian signs. */
  readonly key: string;
  /** Member that keeps the records. */
  readonly custodian: number;
  /** Permits of other epochs are void. */
  readonly epoch: number;
  /** Classes that have had a rule. */
  readonly sectors: readonly GranteeClass[];
  /** Counts what happens to the key. */
  readonly keyVersion: number;
  /** A new key is proposed: until that is settled the key can deny and revoke, but neither permit nor appoint. */
  readonly replacementPending: boolean;
}

/** A rule as it stands. */
export interface ConsentRule {
  readonly subject: string;
  /** Member, 0 for a class. */
  readonly grantee: number;
  /** The class; undefined for a member. */
  readonly sector: GranteeClass | undefined;
  /** From 0 to 7; 8 is the custodian's deny from paper. */
  readonly number: number;
  readonly kind: RuleKind;
  /** Delegation under which it was set; 0 for the subject itself or the custodian. */
  readonly delegate: number;
  readonly version: number;
  readonly epoch: number;
  /** Codes of the data categories, `BIT_n` for one that nobody registered yet; `ALL` for those to come too. */
  readonly categories: readonly string[] | "ALL";
  /** `ALL`: every purpose but BTG. */
  readonly purposes: readonly PurposeCode[] | "ALL";
  /** Unix seconds. */
  readonly validFrom: number;
  /** Unix seconds, exclusive; {@link NO_END} for none. */
  readonly validUntil: number;
  readonly exportable: boolean;
  readonly redisclosable: boolean;
  /** Whether it counts now: kind, window, epoch and delegation all considered. */
  readonly live: boolean;
}

/** A delegation as it stands. */
export interface DelegationState {
  readonly subject: string;
  /** From 1 to 8. */
  readonly number: number;
  /** Signer key of the delegate. */
  readonly key: string;
  readonly version: number;
  /** Delegation under which a delegate appointed it, with which it ends; 0 for the subject. */
  readonly appointer: number;
  readonly powers: readonly DelegatePower[];
  /** As in {@link ConsentRule}. */
  readonly categories: readonly string[] | "ALL";
  /** As in {@link ConsentRule}. */
  readonly purposes: readonly PurposeCode[] | "ALL";
  /** Unix seconds, exclusive. */
  readonly validUntil: number;
  /** Whether it counts now. */
  readonly live: boolean;
}

/** The answer to "may this member see that data for this purpose now?". */
export interface ConsentDecision {
  readonly permitted: boolean;
  readonly ruling: Ruling;
  /** The rule that decided; undefined when none did. */
  readonly rule:
    | {
        /** Member, 0 for a class. */
        readonly grantee: number;
        readonly sector: GranteeClass | undefined;
        readonly number: number;
        readonly version: number;
      }
    | undefined;
  /** The grantee may take the data out of the consortium. */
  readonly exportable: boolean;
  /** The grantee may pass the data on. */
  readonly redisclosable: boolean;
}

/** A key that shall replace a lost one. */
export interface KeyReplacementState {
  /** Signer key. */
  readonly key: string;
  /** Delegation that agreed; 0 where none was needed. */
  readonly delegate: number;
  /** First second at which it may be adopted; 30 days later it lapses. */
  readonly effectiveFrom: number;
}

/** Who saw what, when and why. */
export interface DisclosureView {
  readonly subject: string;
  /** Member that got it. */
  readonly grantee: number;
  /** Member that gave it. */
  readonly custodian: number;
  /** Operator of the custodian. */
  readonly operator: string;
  /** Code of the data category. */
  readonly category: string;
  /** Code of the purpose; `BIT_n` for a bit without one. */
  readonly purpose: PurposeCode | `BIT_${number}`;
  /** Salted commitment to what was disclosed. */
  readonly document: string;
  /** The rule that allowed it; undefined under break-glass. */
  readonly rule: ConsentDecision["rule"];
  /** Id of the break-glass that allowed it; undefined under a rule. */
  readonly breakGlass: string | undefined;
  /** Root of its batch; undefined when it was recorded by itself. */
  readonly batch: string | undefined;
  /** Unix seconds. */
  readonly disclosedAt: number;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/** A use of break-glass as it stands. */
export interface BreakGlassView {
  readonly breakGlass: string;
  readonly status: BreakGlassStatus;
  readonly reason: BreakGlassReason;
  /** Member that opened it. */
  readonly member: number;
  /** Member that is asked. */
  readonly custodian: number;
  /** Professional who opened it. */
  readonly operator: string;
  /** Unix seconds. */
  readonly openedAt: number;
  /** End of the time in which it allows disclosures, exclusive, unix seconds. */
  readonly endsAt: number;
  /** Patient to whom the first disclosure bound it; undefined before. */
  readonly subject: string | undefined;
  /** A regulator's review is the one that counts: it is final. */
  readonly overruled: boolean;
  /** From when it may be escalated, once bound, unix seconds. */
  readonly escalatesAt: number;
  /** End of the time for a review, once bound, unix seconds: after it the operator's duty is suspended by itself. */
  readonly reviewDueAt: number;
  /** It gave access, the time for a review is over, and nobody reviewed it. */
  readonly overdue: boolean;
}
