import type { CodeableConcept, Consent, FhirResource, Identifier, Reference } from "fhir/r4.js";

import type { Sector } from "../../core/duties.ts";

/** Whom a rule is about: one member, or the class of a sector or of every member. */
export type RuleAudience =
  | { readonly grantee: number; readonly sector?: undefined }
  | { readonly grantee?: undefined; readonly sector: Sector | "EVERYONE" };

/** What a permit or a deny says, in the ledger's masks; version, epoch and number are the signer's part. */
export type ConsentTerms = RuleAudience & {
  /** Mask of data categories. */
  readonly categories: number;
  /** Mask of purposes: exactly these, with nothing below them added. */
  readonly purposes: bigint;
  /** First second, unix seconds; 0 where the consent names no start. */
  readonly validFrom: number;
  /** End, exclusive; {@link WITHOUT_END} for none. */
  readonly validUntil: number;
  /** The grantee may take the data out of the consortium; false in a deny. */
  readonly exportable: boolean;
  /** The grantee may pass the data on; false in a deny. */
  readonly redisclosable: boolean;
};

/** A rule that stands. */
export type StandingRule = ConsentTerms & {
  readonly kind: "Permit" | "Deny";
  /** From 0 to 7; 8 for the custodian's deny from paper. */
  readonly number: number;
  /** Delegation under which it was set, 0 for the subject itself or the custodian. */
  readonly delegate: number;
};

/** A rule to end. */
export type RuleToEnd = RuleAudience & { readonly number: number };

/**
 * How the root provision of a consent is to be read when it has criteria and no type. R4 calls it both the base rule
 * and an exception to it, and its examples use both. `scope`: it says where the policy holds, as in IHE's Privacy Consent
 * on FHIR. `exception`: it is an exception to the policy.
 */
export type RootReading = "scope" | "exception";

/** What a policy means where nothing else is said; `stated`: the root provision's type says it. */
export type PolicyBase = "permit" | "deny" | "stated";

/** The governed categories and what stands for them in FHIR. */
export interface CategoryTables {
  /** Bit number of each registered category by its governed code, as StandardsRegistry has them. */
  readonly categories: Readonly<Record<string, number>>;
  /** Governed codes that a `class` stands for, by `system|code`. */
  readonly classes?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The same for a `code`: categories that hold nothing else and all of it. */
  readonly codes?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The same for a `securityLabel`. A label of v3-Confidentiality also stands for those below it, as R4 says. */
  readonly labels?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** How a consent is read. */
export interface ConsentReading extends CategoryTables {
  /** IANA name of the custodian's time zone: where dates begin and end. */
  readonly timeZone: string;
  /** Unix seconds: what is over by then is refused. */
  readonly now: number;
  /** Member that keeps the records. Rules are its patient's; a consent about another custodian's data is signed there. */
  readonly custodian: number;
  /** See {@link RootReading}. Leave it out to refuse what is ambiguous. */
  readonly root?: RootReading | undefined;
  /** What policies mean, by `system|code` of `policyRule` or by `policy.uri`. OPTIN and OPTOUT of v3-ActCode are known. */
  readonly policies?: Readonly<Record<string, PolicyBase>> | undefined;
  /**
   * Whom an Organization stands for: a member, a class, or undefined for none. References that `rulesToConsent` wrote
   * are known without it.
   * @param resource The contained resource, for a reference within the consent.
   */
  readonly organization?:
    ((reference: Reference, resource: FhirResource | undefined) => RuleAudience | undefined) | undefined;
  /** Number of the delegation of a performer who is not the patient, from 1 to 8, or undefined. */
  readonly delegate?: ((performer: Reference) => number | undefined) | undefined;
  /** Rules that stand for this subject and have not ended. */
  readonly standing?: readonly StandingRule[] | undefined;
}

/** What a consent becomes. */
export interface ConsentRules {
  readonly permits: readonly ConsentTerms[];
  readonly denies: readonly ConsentTerms[];
  /** Standing rules that say more than the consent: end them under the same signature. */
  readonly revocations: readonly RuleToEnd[];
  /** Delegation under which it is signed; 0 for the patient. */
  readonly delegate: number;
  readonly base: {
    /** What the policy says where no exception does. */
    readonly effect: "permit" | "deny";
    /** `rules`: a permit says it. `absence`: no rule says it, and none is access. */
    readonly expressedBy: "rules" | "absence";
  };
  /** What no rule carries; all of it stands in `document` too. */
  readonly context: ConsentContext;
  /**
   * The consent, unchanged. Keep it in the vault, as `application/fhir+json`, and anchor it: the rules are what the
   * ledger enforces, the document is what was agreed.
   */
  readonly document: Consent;
}

/** What surrounds the rules. */
export interface ConsentContext {
  readonly patient: Reference;
  readonly identifier: readonly Identifier[];
  readonly scope: CodeableConcept;
  readonly category: readonly CodeableConcept[];
  readonly dateTime: string | undefined;
  readonly performer: readonly Reference[];
  readonly organization: readonly Reference[];
  readonly source: Consent["sourceAttachment"] | Consent["sourceReference"];
  readonly policy: NonNullable<Consent["policy"]>;
  readonly policyRule: CodeableConcept | undefined;
}

/** The end of a rule that has none. */
export const WITHOUT_END = 2 ** 32 - 1;
