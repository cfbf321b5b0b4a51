// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Attestation, IActTypes} from "../core/IActs.sol";
import {IDomain} from "../core/IDomain.sol";

/// @notice The name of a patient at one custodian: the hash of the custodian, a salt and the signer that was enrolled
/// first. The patient's keys differ from custodian to custodian, so no two subjects share a value.
type SubjectId is bytes32;

/// @notice The name of a use of break-glass: the hash of member, operator, custodian and ticket.
type BreakGlassId is bytes32;

/// @title IConsentTypes
/// @notice Types, events and errors of {IConsentRegistry}.
interface IConsentTypes is IActTypes {
    /// @notice What a rule says. Numbers are stable.
    enum RuleKind {
        None,
        Permit,
        Deny
    }

    /// @notice How a question was decided, and by what. Numbers are stable.
    enum Ruling {
        NoRule,
        Permitted,
        Denied,
        GranteeInactive,
        SubjectUnknown
    }

    /// @notice Why a glass is broken. Coarse on purpose: a finer code would tell an observer about the patient.
    enum BreakGlassReason {
        Unspecified,
        LifeThreatening,
        PatientIncapable,
        PublicSafety
    }

    /// @notice Where a use of break-glass stands. Numbers are stable.
    enum BreakGlassStatus {
        Unknown,
        Open,
        Escalated,
        Justified,
        Unjustified
    }

    /// @notice A permit or a deny. Signed by the patient or a delegate as EIP-712 type `Grant` or `Denial`, both with these
    /// fields in this order and `uint32 deadline` last.
    /// @param subject Whose data.
    /// @param delegate 0 when the subject itself signs; else the number of the delegation under which a delegate signs.
    /// @param grantee Member that the rule is about; 0 for a class.
    /// @param sector 0 for one member; else the class: one bit of {Sectors}, or 2^15 for every member.
    /// @param number Which rule of this grantee is written, from 0 to 7; what stood there is replaced. A delegate writes 4 to 7, and
    /// only over what it set itself, so that it cannot outrun the subject.
    /// @param version In a permit the version of what stands there, 0 when nothing was ever written: a signature works once. In a
    /// deny the last version that it overrules: from the one that stands to 16 above it. The next version is one more.
    /// @param epoch In a permit the subject's epoch; `revokeAll` ends it. In a deny 0: a deny is of every epoch.
    /// @param categories Data categories, one bit each; not zero. In a permit all of them are registered; a deny may name any,
    /// so that it covers those to come.
    /// @param purposes HL7 PurposeOfUse codes, one bit each; not zero. See {Purposes}. BTG stands in no permit, and in a deny alone:
    /// nobody shuts out emergency help by a mask of all.
    /// @param validFrom First second.
    /// @param validUntil End, exclusive; 2^32-1 for a rule without an end.
    /// @param exportable The grantee may take the data out of the consortium; false in a deny.
    /// @param redisclosable The grantee may pass the data on; false in a deny.
    /// @custom:source HL7 v3 ActReason, PurposeOfUse; IHE Privacy Consent on FHIR; HL7 FAST consent
    struct Rule {
        SubjectId subject;
        uint8 delegate;
        uint32 grantee;
        uint16 sector;
        uint8 number;
        uint32 version;
        uint32 epoch;
        uint32 categories;
        uint64 purposes;
        uint32 validFrom;
        uint32 validUntil;
        bool exportable;
        bool redisclosable;
    }

    /// @notice The end of one rule. EIP-712 type `Revocation`: these fields and `uint32 deadline`.
    /// @param number From 0 to 7.
    /// @param version Last version that it ends: from the one that stands to 16 above it; the next version is one more. So a
    /// withheld grant dies whether it is relayed before the revocation or after. The subject may end what does not stand.
    struct Revocation {
        SubjectId subject;
        uint8 delegate;
        uint32 grantee;
        uint16 sector;
        uint8 number;
        uint32 version;
    }

    /// @notice A delegate to appoint: a guardian or carer. EIP-712 type `Delegation`: these fields and `uint32 deadline`.
    /// @param delegate 0 when the subject itself signs; else the delegation with the APPOINT power under which a delegate signs: then
    /// powers, categories, purposes and end lie within its own, and APPOINT is not passed on.
    /// @param number From 1 to 8; what stood there is replaced and its permits end.
    /// @param version Version of the delegation that stands there, 0 when none was ever written. The next is one more.
    /// @param key Signer key of the delegate, see {Authorization}.
    /// @param powers Bit set of {DelegatePowers}; not zero.
    /// @param categories What it may speak about.
    /// @param purposes What for.
    /// @param validUntil End, exclusive; at most 5 years ahead. Permits of a delegate end with it.
    struct Delegation {
        SubjectId subject;
        uint8 delegate;
        uint8 number;
        uint32 version;
        uint32 epoch;
        address key;
        uint8 powers;
        uint32 categories;
        uint64 purposes;
        uint32 validUntil;
    }

    /// @notice A subject to enrol. EIP-712 type `Enrolment`: these fields and `uint32 deadline`, signed by `key`, or by
    /// `guardian` for a patient without a key: nobody is enrolled with a key that nobody holds.
    /// @param custodian Member that keeps the records.
    /// @param key Signer key of the patient; 0 for one who cannot sign (a child).
    /// @param guardian Signer key of a guardian, who gets delegation 1 with every power; 0 for none.
    /// @param guardianUntil End of the guardianship, exclusive, at most 20 years ahead; 0 without a guardian. Round it up to the end
    /// of a year: the day would tell a child's age.
    /// @param salt Random: a guardian may have several children.
    struct Enrolment {
        uint32 custodian;
        address key;
        address guardian;
        uint32 guardianUntil;
        bytes32 salt;
    }

    /// @notice A signature by a patient or a delegate. A signer key is the address of an ECDSA account or an ERC-1271 wallet, or
    /// the last 20 bytes of the keccak256 of an ERC-7913 signer (verifier ‖ key).
    /// @param signer The ERC-7913 signer whose hash is the signer key; empty for ECDSA and ERC-1271.
    /// @param signature 64 (ERC-2098) or 65 bytes for ECDSA; else what the wallet or verifier takes.
    /// @param deadline Last second at which it may be relayed; at most 24 hours ahead.
    struct Authorization {
        bytes signer;
        bytes signature;
        uint32 deadline;
    }

    /// @notice A subject as it stands.
    /// @param key Signer key; 0 while only a guardian signs.
    /// @param epoch Permits of other epochs are void.
    /// @param sectors Classes that have had a rule: one bit a sector, bit 15 for every member.
    /// @param keyVersion Counts what happens to the key; signatures about the key name it and work once.
    /// @param replacementPending A new key is proposed: until it is adopted, refused or withdrawn, the key that stands can deny and
    /// revoke, but neither permit nor appoint, and no delegate permits or appoints.
    struct Subject {
        address key;
        uint32 custodian;
        uint32 epoch;
        uint16 sectors;
        uint32 keyVersion;
        bool replacementPending;
    }

    /// @notice A rule as it stands.
    /// @param delegate Delegation under which it was set, 0 for the subject itself or the custodian.
    /// @param live Whether it counts now: kind, window, epoch and delegation all considered.
    struct RuleState {
        RuleKind kind;
        uint8 delegate;
        uint32 version;
        uint32 epoch;
        uint32 categories;
        uint64 purposes;
        uint32 validFrom;
        uint32 validUntil;
        bool exportable;
        bool redisclosable;
        bool live;
    }

    /// @notice A delegation as it stands; key 0 when it was revoked.
    /// @param appointer Delegation under which a delegate appointed it, with which it ends; 0 for the subject.
    /// @param live Whether it counts now.
    struct DelegationState {
        address key;
        uint32 version;
        uint8 appointer;
        uint8 powers;
        uint32 categories;
        uint64 purposes;
        uint32 validUntil;
        bool live;
    }

    /// @notice The answer to "may this member see that data for this purpose now?".
    /// @param ruling What was decided.
    /// @param grantee Grantee of the rule that decided, 0 for a class or when there is none.
    /// @param sector Class of the rule that decided.
    /// @param number Number of the rule that decided.
    /// @param version Its version.
    /// @param exportable See {Rule}; false unless permitted.
    /// @param redisclosable See {Rule}; false unless permitted.
    struct Decision {
        Ruling ruling;
        uint32 grantee;
        uint16 sector;
        uint8 number;
        uint32 version;
        bool exportable;
        bool redisclosable;
    }

    /// @notice A disclosure to record.
    /// @param subject Whose data.
    /// @param grantee Member that gets it.
    /// @param category Bit number of the data category.
    /// @param purpose Bit number of the purpose.
    /// @param document Salted commitment to what is disclosed; never a record's id, which would link the records of a patient.
    /// @param breakGlass Id of the break-glass that allows it; zero when a rule does.
    struct Disclosure {
        SubjectId subject;
        uint32 grantee;
        uint8 category;
        uint8 purpose;
        bytes32 document;
        BreakGlassId breakGlass;
    }

    /// @notice A use of break-glass as it stands.
    /// @param overruled Whether a regulator's review is the one that counts: it is final.
    /// @param member Member that opened it.
    /// @param custodian Member that is asked.
    /// @param operator Professional who opened it.
    /// @param subject Patient to whom the first disclosure bound it; zero before.
    struct BreakGlass {
        BreakGlassStatus status;
        BreakGlassReason reason;
        uint32 member;
        uint32 custodian;
        uint32 openedAt;
        bool overruled;
        bytes32 operator;
        SubjectId subject;
    }

    /// @notice A key that shall replace a lost one.
    /// @param key Signer key; 0 when none is proposed.
    /// @param delegate Delegation that agreed, which must still stand when the key is adopted; 0 where none was needed.
    /// @param effectiveFrom First second at which it may be adopted; 30 days later it lapses.
    struct Replacement {
        address key;
        uint8 delegate;
        uint32 effectiveFrom;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A custodian enrolled a subject.
    /// @param operator Operator of the custodian.
    event SubjectEnrolled(
        SubjectId indexed subject,
        uint32 indexed custodian,
        bytes32 operator,
        address key,
        address guardian,
        uint32 guardianUntil
    );

    /// @notice The subject's signer key changed.
    event SubjectKeyReplaced(SubjectId indexed subject, address before, address key);

    /// @notice Custodian and delegate ask for a new signer key; the old one may still object.
    event SubjectKeyProposed(
        SubjectId indexed subject,
        bytes32 operator,
        uint8 delegate,
        address key,
        uint32 effectiveFrom
    );

    /// @notice A proposed key was withdrawn by the custodian, or refused by the old key.
    event SubjectKeyProposalCancelled(SubjectId indexed subject, bytes32 operator, address key);

    /// @notice A permit was set, in the subject's present epoch.
    /// @param flags Bit 0: exportable, bit 1: redisclosable.
    event ConsentGranted(
        SubjectId indexed subject,
        uint32 indexed grantee,
        uint16 indexed sector,
        uint8 number,
        uint32 version,
        uint8 delegate,
        uint32 categories,
        uint64 purposes,
        uint32 validFrom,
        uint32 validUntil,
        uint8 flags
    );

    /// @notice A deny was set.
    event ConsentDenied(
        SubjectId indexed subject,
        uint32 indexed grantee,
        uint16 indexed sector,
        uint8 number,
        uint32 version,
        uint8 delegate,
        uint32 categories,
        uint64 purposes,
        uint32 validFrom,
        uint32 validUntil
    );

    /// @notice A rule ended; nothing stands under its number.
    /// @param version The version after it, as in every event.
    event ConsentRevoked(
        SubjectId indexed subject,
        uint32 indexed grantee,
        uint16 indexed sector,
        uint8 number,
        uint32 version,
        uint8 delegate
    );

    /// @notice The custodian entered a deny from paper under number 8, or widened the one that stood there.
    /// @param operator Operator of the custodian.
    event PaperDenialEntered(
        SubjectId indexed subject,
        uint32 indexed grantee,
        uint16 indexed sector,
        uint32 version,
        bytes32 operator,
        uint32 categories,
        uint64 purposes,
        uint32 validFrom,
        uint32 validUntil
    );

    /// @notice The custodian lifted the deny that it had entered from paper.
    /// @param operator Operator of the custodian.
    event PaperDenialLifted(
        SubjectId indexed subject,
        uint32 indexed grantee,
        uint16 indexed sector,
        uint32 version,
        bytes32 operator
    );

    /// @notice Every permit of the subject ended, and every signature not yet relayed. Denies stand.
    /// @param epoch The new epoch.
    event ConsentAllRevoked(SubjectId indexed subject, uint8 delegate, uint32 epoch);

    /// @notice A delegate was appointed.
    /// @param appointer Delegation under which a delegate appointed it; 0 for the subject, or the custodian at enrolment.
    event DelegateAppointed(
        SubjectId indexed subject,
        uint8 indexed number,
        uint32 version,
        uint8 appointer,
        address key,
        uint8 powers,
        uint32 categories,
        uint64 purposes,
        uint32 validUntil
    );

    /// @notice A delegation ended, by the subject or by the delegate, and with it the permits set under it.
    /// @param byDelegate Number of the delegation that ended it: its own, or its appointer's; 0 for the subject.
    event DelegateRevoked(SubjectId indexed subject, uint8 indexed number, uint32 version, uint8 byDelegate);

    /// @notice The custodian disclosed data. The rule that allowed it is named by `sector`, `number` and `version` (with
    /// `grantee`, or 0 where `sector` is set), or the break-glass.
    event DisclosureRecorded(
        SubjectId indexed subject,
        uint32 indexed grantee,
        uint32 indexed custodian,
        bytes32 operator,
        uint8 category,
        uint8 purpose,
        bytes32 document,
        uint16 sector,
        uint8 number,
        uint32 version,
        BreakGlassId breakGlass
    );

    /// @notice A batch of disclosures was recorded; each was allowed at this block and has its own `DisclosureRecorded`.
    /// Leaves: {IConsentOversight.disclosureLeaf}.
    /// @param root Root of the Merkle tree over the leaves: a complete binary tree with the leaves at its end, the first of the call
    /// last, pairs sorted (the layout of OpenZeppelin's merkle-tree library).
    event DisclosuresRecorded(uint32 indexed custodian, bytes32 indexed root, bytes32 operator, uint256 count);

    /// @notice A professional broke the glass.
    /// @param id See {IConsentOversight.breakGlassId}.
    /// @param ticket Salted, one-time; tells who the patient is to the custodian alone.
    event GlassBroken(
        BreakGlassId indexed id,
        uint32 indexed member,
        uint32 indexed custodian,
        bytes32 operator,
        bytes32 ticket,
        BreakGlassReason reason
    );

    /// @notice A use of break-glass was bound to the patient whose data was first disclosed under it.
    event BreakGlassBound(BreakGlassId indexed id, SubjectId indexed subject);

    /// @notice A use of break-glass was not reviewed in time.
    event BreakGlassEscalated(
        BreakGlassId indexed id,
        uint32 indexed member,
        uint32 indexed custodian,
        bytes32 operator
    );

    /// @notice A use of break-glass was reviewed.
    /// @param reviewer Member that reviewed.
    event BreakGlassReviewed(
        BreakGlassId indexed id,
        uint32 indexed member,
        uint32 indexed reviewer,
        bytes32 operator,
        bytes32 reviewOperator,
        BreakGlassStatus outcome
    );

    /// @notice The copy of the registered categories was brought up to date.
    event CategoriesRefreshed(uint32 before, uint32 categories);

    // ── errors: signatures ──────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The signature is not by the key that must sign: another signer, chain, contract or content, or altered.
    /// Fix: let the holder of `expected` sign exactly these fields.
    error ConsentSignatureInvalid(SubjectId subject, address expected);

    /// @notice The verifier of an ERC-7913 signer is not one of ours. Fix: use the P-256 or WebAuthn verifier of the network.
    error ConsentVerifierUnknown(address verifier);

    /// @notice The rule has another version: this was relayed before, or something newer came first. Fix: read the rule and
    /// sign for version `current`.
    error ConsentVersionStale(SubjectId subject, uint32 version, uint32 current);

    /// @notice The subject revoked all since this was signed. Fix: sign for epoch `current`.
    error ConsentEpochStale(SubjectId subject, uint32 epoch, uint32 current);

    // ── errors: subjects ────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice No such subject. Fix: its custodian enrols it.
    error SubjectUnknown(SubjectId subject);

    /// @notice This signer is enrolled with this custodian already. Fix: nothing; use the subject.
    error SubjectAlreadyEnrolled(SubjectId subject);

    /// @notice Neither patient nor guardian has a key, both are the same, or the guardian's end is missing, past or too far.
    /// Fix: see {Enrolment} for `field`.
    error EnrolmentInvalid(bytes32 field);

    /// @notice Only the subject's custodian or its successor may do this. Fix: ask member `custodian`.
    error SubjectOfOther(SubjectId subject, uint32 custodian, uint32 member);

    /// @notice The key is zero or the one that stands. Fix: pass another one.
    error SubjectKeyInvalid(SubjectId subject, address key);

    /// @notice No replacement is proposed. Fix: custodian and delegate propose one.
    error ReplacementUnknown(SubjectId subject);

    /// @notice A replacement is proposed already. Fix: wait for it, or cancel it.
    error ReplacementPending(SubjectId subject, address key);

    /// @notice The proposal lapsed. Fix: withdraw it or propose anew.
    error ReplacementLapsed(SubjectId subject, uint32 lapsedAt);

    /// @notice The delay runs; the old key may object. Fix: wait until `effectiveFrom`.
    error ReplacementTooSoon(SubjectId subject, uint32 effectiveFrom);

    // ── errors: rules ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A field is out of range. Fix: see {Rule} for `field`.
    error ConsentRuleInvalid(SubjectId subject, bytes32 field);

    /// @notice Some of the categories are not registered. Fix: use registered ones (StandardsRegistry), or refresh the copy.
    error ConsentCategoryUnknown(SubjectId subject, uint32 unknown);

    /// @notice A new key is proposed: until then nobody permits or appoints, delegates neither.
    /// Fix: refuse the proposal, or wait for it.
    error SubjectKeyContested(SubjectId subject);

    /// @notice A batch is empty, longer than `longest`, or not all of one subject and signer. Fix: split it.
    error ConsentBatchInvalid(uint256 size, uint256 longest);

    /// @notice The delegate was not given this power, or not for these categories or purposes, or not for so long, or the
    /// delegation ended. Fix: the subject signs, or widens the delegation.
    error DelegateExceeds(SubjectId subject, uint8 delegate, bytes32 field);

    /// @notice What stands there was not set under this delegation. Fix: the subject signs, or another number is used.
    error ConsentRuleOfSubject(SubjectId subject, uint8 number);

    /// @notice The versions of this number are spent. Fix: use another number.
    error ConsentVersionsExhausted(SubjectId subject, uint8 number);

    /// @notice A field is out of range. Fix: see {Delegation} for `field`.
    error DelegationInvalid(SubjectId subject, bytes32 field);

    /// @notice No paper deny stands there, or nothing that this delegate set. Fix: nothing to end.
    error ConsentRuleUnknown(SubjectId subject, uint8 number);

    // ── errors: disclosure and break-glass ──────────────────────────────────────────────────────────────────────────

    /// @notice The patient has a key, or a delegation still runs: a delegate must agree. Fix: pass its signature.
    error DelegateRequired(SubjectId subject);

    /// @notice No rule allows this disclosure now. Fix: ask the patient; in an emergency, break the glass.
    error DisclosureNotPermitted(SubjectId subject, uint32 grantee, uint8 category, uint8 purpose, Ruling ruling);

    /// @notice A category or purpose number, or the commitment, is out of range. Fix: see {Disclosure} for `field`.
    error DisclosureInvalid(SubjectId subject, bytes32 field);

    /// @notice A batch is empty or longer than `longest`. Fix: split it.
    error DisclosureBatchSizeInvalid(uint256 size, uint256 longest);

    /// @notice The custodian recorded a batch with this root before. Fix: nothing; it stands.
    error DisclosureBatchRecorded(uint32 custodian, bytes32 root);

    /// @notice No such use. Fix: a BREAK_GLASS operator opens one first.
    error BreakGlassUnknown(BreakGlassId id);

    /// @notice This operator used this ticket before. Fix: draw a fresh one.
    error BreakGlassTicketUsed(BreakGlassId id);

    /// @notice A field is out of range. Fix: see {IConsentOversight.breakGlass} for `field`.
    error BreakGlassInvalid(BreakGlassId id, bytes32 field);

    /// @notice It is for another member, custodian, patient or purpose, or its time is over. Fix: see `breakGlassOf`; open another.
    error BreakGlassMismatch(BreakGlassId id, bytes32 field);

    /// @notice The patient denied emergency access (purpose BTG) to this member in so many words. Fix: none.
    error BreakGlassDenied(BreakGlassId id, SubjectId subject);

    /// @notice A use of this operator was not reviewed until `dueAt`: the duty is suspended until a late review.
    /// Fix: the custodian or a regulator reviews it.
    error BreakGlassSuspended(uint32 member, bytes32 operator, uint32 dueAt);

    /// @notice It was reviewed. Fix: nothing.
    error BreakGlassAlreadyReviewed(BreakGlassId id, BreakGlassStatus status);

    /// @notice It is not overdue, or was escalated. Fix: wait until `dueAt`.
    error BreakGlassNotOverdue(BreakGlassId id, uint32 dueAt);

    /// @notice The reviewer belongs to the actor's member or controlling group, or is neither the custodian nor a regulator.
    /// Fix: another member reviews.
    error BreakGlassReviewerInvalid(BreakGlassId id, uint32 reviewer);

    /// @notice The outcome must be Justified or Unjustified. Fix: pass one of them.
    error BreakGlassOutcomeMissing(BreakGlassId id);
}

/// @title IConsentRules
/// @notice What patients and delegates decide, and the question that everybody asks.
/// @dev Whatever a patient signs, anybody may relay: a relay's standing must not stand between a patient and a revocation.
interface IConsentRules is IConsentTypes {
    /// @notice Set a permit. Caller: anybody, with the signature of subject or delegate (EIP-712 `Grant`).
    function grant(Rule calldata rule, Authorization calldata authorization) external;

    /// @notice Set a deny. Caller: anybody, with the signature of subject or delegate (EIP-712 `Denial`). Works under a pause.
    function deny(Rule calldata rule, Authorization calldata authorization) external;

    /// @notice End a rule. Caller: anybody, with the signature of subject or delegate (EIP-712 `Revocation`). Works under a
    /// pause.
    function revoke(Revocation calldata revocation, Authorization calldata authorization) external;

    /// @notice Many rules under one signature (EIP-712
    /// `Rules(Revocation[] revocations,Denial[] denials,Grant[] grants,uint32 deadline)`, each with the same deadline), all or
    /// none, in this order. All are of one subject and one delegate; at most 32 together.
    function changeRules(
        Revocation[] calldata revocations,
        Rule[] calldata denials,
        Rule[] calldata grants,
        Authorization calldata authorization
    ) external;

    /// @notice End every permit and outdate every grant not yet relayed; denies stand. EIP-712
    /// `RevocationOfAll(bytes32 subject,uint8 delegate,uint32 epoch,uint32 deadline)`. Works under a pause. A delegate needs the
    /// REVOKE_ALL power.
    /// @param epoch The epoch that ends.
    function revokeAll(SubjectId subject, uint8 delegate, uint32 epoch, Authorization calldata authorization) external;

    /// @notice Whether a member may see a category of a subject's data for a purpose now, and which rule says so.
    /// @dev Deny beats permit at every level. Among permits that cover the question the most specific decides: a rule for the
    /// member, then for one of its sectors, then for every member; within a level the lowest number. Bounded: at most 9 rules a
    /// level and 12 levels; the usual case reads three or four slots.
    /// @param category Bit number, from 0 to 31.
    /// @param purpose Bit number, from 0 to 63.
    function isPermitted(
        SubjectId subject,
        uint32 grantee,
        uint8 category,
        uint8 purpose
    ) external view returns (Decision memory);

    /// @notice The name that a subject has or would get.
    /// @param key Signer key of the patient, or of the guardian for a patient without a key.
    function subjectId(uint32 custodian, address key, bytes32 salt) external pure returns (SubjectId);

    /// @notice The signer key of an ERC-7913 signer.
    function signerKey(bytes calldata signer) external pure returns (address key);

    /// @notice A subject; all zero when unknown.
    function subjectOf(SubjectId subject) external view returns (Subject memory);

    /// @notice A rule.
    function ruleOf(
        SubjectId subject,
        uint32 grantee,
        uint16 sector,
        uint8 number
    ) external view returns (RuleState memory);
}

/// @title IConsentOversight
/// @notice Disclosure, break-glass and its review.
interface IConsentOversight is IConsentTypes {
    /// @notice Record a disclosure that a rule or a break-glass allows now; one by break-glass works under a pause. Caller:
    /// a DISCLOSE operator of the custodian or its
    /// successor.
    /// @param custodian Member for which the caller acts.
    function recordDisclosure(uint32 custodian, Disclosure calldata disclosure) external;

    /// @notice Record up to 200 disclosures, each of them allowed now by a rule, under one Merkle root. Caller: a DISCLOSE
    /// operator of the custodian. Break-glass disclosures are recorded one by one.
    /// @return root See {IConsentTypes.DisclosuresRecorded}.
    function recordDisclosures(uint32 custodian, Disclosure[] calldata disclosures) external returns (bytes32 root);

    /// @notice Open a patient's records in an emergency. Caller: a BREAK_GLASS professional of `member`, or a SUBMIT operator of it
    /// with the professional's signature (EIP-712
    /// `BreakGlass(uint32 member,uint32 custodian,bytes32 ticket,uint8 reason,uint32 deadline)`). Works under a pause.
    /// @param custodian Active member that is asked.
    /// @param ticket Hash of a random salt and of who the patient is at the custodian, used once; not zero. It allows disclosures to
    /// `member` for 24 hours, of the one patient to whom the first disclosure binds it.
    function breakGlass(
        uint32 member,
        uint32 custodian,
        bytes32 ticket,
        BreakGlassReason reason,
        Attestation calldata attestation
    ) external returns (BreakGlassId);

    /// @notice Escalate a use that gave access and was not reviewed within 72 hours. Caller: anybody. Works under a pause.
    function escalateBreakGlass(BreakGlassId id) external;

    /// @notice Review a use. Caller: a CUSTODY operator of the custodian or an INSPECT operator of a regulator; never the actor or
    /// its controlling group. A regulator may overrule the custodian's review once. When a use that gave access is not reviewed by
    /// the end of the 7th day (UTC) after its opening, the operator's duty is suspended by itself; a late review restores it. Works
    /// under a pause.
    /// @param outcome Justified or Unjustified; after it, nothing more is disclosed under this use.
    function reviewBreakGlass(BreakGlassId id, uint32 reviewer, BreakGlassStatus outcome) external;

    /// @notice The name of a use: a hash of the four, so that nobody takes another's ticket.
    function breakGlassId(
        uint32 member,
        bytes32 operator,
        uint32 custodian,
        bytes32 ticket
    ) external pure returns (BreakGlassId);

    /// @notice A use of break-glass.
    function breakGlassOf(BreakGlassId id) external view returns (BreakGlass memory);

    /// @notice Whether an operator's duty BREAK_GLASS is suspended by an overdue review. Replacing the key does not shed it.
    /// @return suspended Whether it is.
    /// @return dueAt When the oldest unreviewed use is or was due, unix seconds; 0 when none is.
    /// @return unreviewed Uses without a review.
    function breakGlassStandingOf(
        uint32 member,
        bytes32 operator
    ) external view returns (bool suspended, uint32 dueAt, uint32 unreviewed);

    /// @notice When a batch of disclosures was recorded, unix seconds; 0 when it was not.
    function disclosureBatchOf(uint32 custodian, bytes32 root) external view returns (uint32 recordedAt);

    /// @notice Whether a disclosure is in a batch that was recorded.
    function isDisclosed(
        uint32 custodian,
        bytes32 root,
        Disclosure calldata disclosure,
        uint16 sector,
        uint8 number,
        uint32 version,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice The leaf of a disclosure: keccak256 of the keccak256 of its ABI encoding with the rule that allowed it.
    function disclosureLeaf(
        Disclosure calldata disclosure,
        uint16 sector,
        uint8 number,
        uint32 version
    ) external pure returns (bytes32);
}

/// @title IConsentCustody
/// @notice Subjects and their keys, delegates, paper denies.
interface IConsentCustody is IConsentTypes {
    /// @notice Enrol a subject. Caller: a CUSTODY operator of the custodian, with the signature of the patient's key or, for a
    /// patient without one, of the guardian's.
    function enrol(Enrolment calldata enrolment, Authorization calldata authorization) external returns (SubjectId);

    /// @notice Appoint a delegate. Caller: anybody, with the signature of the subject or of a delegate that may appoint (EIP-712
    /// `Delegation`).
    function appointDelegate(Delegation calldata delegation, Authorization calldata authorization) external;

    /// @notice End a delegation. Caller: anybody, with the signature of the subject or of that delegate (EIP-712
    /// `DelegationRevocation(bytes32 subject,uint8 number,uint32 version,uint8 delegate,uint32 deadline)`). Works under a pause,
    /// and where none stands: it outdates an appointment that was signed and not relayed.
    /// @param version Last version that it ends: from the one that stands to 16 above it; the next version is one more.
    /// @param delegate 0 when the subject signs, `number` when the delegate resigns, or the delegation under which it was appointed.
    function revokeDelegate(
        SubjectId subject,
        uint8 number,
        uint32 version,
        uint8 delegate,
        Authorization calldata authorization
    ) external;

    /// @notice Change to a new key at once; not while a replacement is proposed. Caller: anybody, with a signature of the
    /// old and of the new key (EIP-712
    /// `KeyReplacement(bytes32 subject,address before,address key,uint32 keyVersion,uint32 deadline)`).
    function replaceKey(
        SubjectId subject,
        address key,
        Authorization calldata old,
        Authorization calldata fresh
    ) external;

    /// @notice Ask for a new key in place of a lost one; it may be adopted after 14 days. Caller: a CUSTODY operator of the custodian,
    /// with the signatures of a delegate that has the RECOVER power and of the new key (EIP-712
    /// `KeyRecovery(bytes32 subject,address before,address key,uint8 delegate,uint32 keyVersion,uint32 deadline)`).
    /// @param delegate Its number; 0, with an empty signature, for a patient without a key whose guardianship ended: one who came of
    /// age asks at the desk.
    function proposeKey(
        uint32 custodian,
        SubjectId subject,
        address key,
        uint8 delegate,
        Authorization calldata byDelegate,
        Authorization calldata fresh
    ) external;

    /// @notice Refuse a proposed key. Caller: anybody, with the old key's signature (EIP-712
    /// `KeyRefusal(bytes32 subject,address key,uint32 keyVersion,uint32 deadline)`). Works under a pause.
    function refuseKey(SubjectId subject, Authorization calldata authorization) external;

    /// @notice Withdraw a proposed key. Caller: a CUSTODY operator of the custodian. Works under a pause.
    function withdrawKey(uint32 custodian, SubjectId subject) external;

    /// @notice Let a proposed key take effect after its delay. Caller: anybody.
    function adoptKey(SubjectId subject) external;

    /// @notice Enter a deny that the patient asked for on paper, under number 8, or widen the one that stands there: masks are
    /// joined, the later end counts; but one that names emergency access (BTG) is not widened by one that does not: lift it first.
    /// No signature ends it: a stolen key must not. Caller: a CUSTODY operator of the custodian. Works under a pause.
    function enterDenial(
        uint32 custodian,
        SubjectId subject,
        uint32 grantee,
        uint16 sector,
        uint32 categories,
        uint64 purposes,
        uint32 validUntil
    ) external;

    /// @notice Lift a deny that was entered from paper. Caller: a CUSTODY operator of the custodian.
    function liftDenial(uint32 custodian, SubjectId subject, uint32 grantee, uint16 sector) external;

    /// @notice Bring the copy of the registered categories up to date. Caller: anybody.
    function refreshCategories() external;

    /// @notice A delegation.
    function delegationOf(SubjectId subject, uint8 number) external view returns (DelegationState memory);

    /// @notice A proposed key; all zero when none.
    function replacementOf(SubjectId subject) external view returns (Replacement memory);

    /// @notice Categories that new rules may name: the copy of StandardsRegistry's.
    function categories() external view returns (uint32);
}

/// @title IConsentRegistry
/// @notice Who may see which of a patient's data for which purpose: the patient decides, the custodian keeps and discloses,
/// break-glass is public and reviewed.
interface IConsentRegistry is IConsentRules, IConsentOversight, IConsentCustody, IDomain, IAccessManaged {}
