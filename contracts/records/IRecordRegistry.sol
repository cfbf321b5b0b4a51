// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Attestation, IActTypes} from "../core/IActs.sol";
import {EphemeralKey, IAnnouncer} from "../core/IAnnouncer.sol";
import {IDomain} from "../core/IDomain.sol";

/// @notice The name of a record: the EIP-712 struct hash of its {IRecordTypes.Record}.
type RecordId is bytes32;

/// @notice The name of a referral: the EIP-712 struct hash of its {IRecordTypes.Referral}.
type ReferralId is bytes32;

/// @title IRecordTypes
/// @notice Types, events and errors of {IRecordRegistry}.
interface IRecordTypes is IActTypes, IAnnouncer {
    /// @notice Where a record stands. Numbers are stable.
    enum RecordStatus {
        Unknown,
        Current,
        Superseded,
        Retracted
    }

    /// @notice Why a record is retracted (FHIR DocumentReference.status `entered-in-error` and why).
    enum RetractionReason {
        Unspecified,
        WrongPatient,
        WrongContent,
        Duplicate,
        NotAuthorised
    }

    /// @notice Why a test is ordered again although a result may be used.
    enum RepeatReason {
        Unspecified,
        ClinicalChange,
        QualityDoubt,
        MethodDiffers,
        LegalRequirement
    }

    /// @notice Where a referral stands. Numbers are stable. Expiry is derived.
    enum ReferralStatus {
        Unknown,
        Proposed,
        Accepted,
        Declined,
        Completed,
        Withdrawn
    }

    /// @notice Why a referral is declined. Coarse on purpose.
    enum DeclineReason {
        Unspecified,
        NoCapacity,
        NotCompetent,
        InformationMissing
    }

    /// @notice The terms of a record entry; its EIP-712 struct hash is its id.
    /// @param custodian Member that keeps the document.
    /// @param holder Stealth address of the patient (ERC-5564), fresh for each record: it is what would link two.
    /// @param commitment Salted commitment to the document.
    /// @param category Bit number of its data category (StandardsRegistry), from 0 to 31.
    /// @param codeSystem Number of the code-system version in which it is coded (StandardsRegistry); 0 for uncoded content.
    /// @param reusableUntil End of the time in which the result may stand in for a repeat order, exclusive; 0 for none.
    struct Record {
        uint32 custodian;
        address holder;
        bytes32 commitment;
        uint8 category;
        uint16 codeSystem;
        uint32 reusableUntil;
    }

    /// @notice Where a record was anchored: by itself (all zero), or in a batch.
    /// @param root Root of the batch.
    /// @param proof Merkle proof of the record's leaf (OpenZeppelin MerkleProof, pairs sorted; leaf = keccak256 of the id).
    struct Origin {
        bytes32 root;
        bytes32[] proof;
    }

    /// @notice A record as it stands.
    /// @param anchoredAt Unix seconds.
    /// @param endedAt When it was superseded or retracted; 0 while current.
    /// @param reusable Whether its result may stand in for a repeat order now.
    struct RecordStanding {
        RecordStatus status;
        uint32 anchoredAt;
        uint32 endedAt;
        bool reusable;
    }

    /// @notice A batch as it stands.
    /// @param anchoredAt Unix seconds; 0 when unknown.
    struct Batch {
        uint32 anchoredAt;
        uint32 count;
    }

    /// @notice The terms of a referral; its EIP-712 struct hash is its id.
    /// @param from Member that refers.
    /// @param to Member that is asked.
    /// @param referrer Operator key of the professional who refers.
    /// @param commitment Salted commitment to the referral document (FHIR ServiceRequest).
    /// @param records Salted commitment to the list of the records that go with it; zero when none do.
    /// @param validUntil End of the time in which it may be accepted, exclusive; at most 1 year ahead.
    struct Referral {
        uint32 from;
        uint32 to;
        bytes32 referrer;
        bytes32 commitment;
        bytes32 records;
        uint32 validUntil;
    }

    /// @notice A referral as it stands.
    /// @param proposedAt Unix seconds.
    /// @param answeredAt When it was accepted, declined or withdrawn; 0 before.
    /// @param completedAt When it was completed; 0 before.
    /// @param expired Proposed, and its time is over.
    struct ReferralStanding {
        ReferralStatus status;
        uint32 proposedAt;
        uint32 answeredAt;
        uint32 completedAt;
        bool expired;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A record was anchored. The {IAnnouncer.Announcement} that follows it at once, in the same transaction, carries the
    /// holder (`stealthAddress`) and the custodian's operator (`caller`): together they carry all terms.
    event RecordAnchored(
        RecordId indexed record,
        uint32 indexed custodian,
        bytes32 commitment,
        uint8 category,
        uint16 codeSystem,
        uint32 reusableUntil
    );

    /// @notice A batch of records was anchored.
    /// @param announcements keccak256 of the file with the batch's announcements, served by the custodian to viewing keys.
    event RecordsAnchored(
        uint32 indexed custodian,
        bytes32 indexed root,
        bytes32 operator,
        uint32 count,
        bytes32 announcements
    );

    /// @notice A record was superseded by another.
    event RecordSuperseded(RecordId indexed record, RecordId indexed replacement, bytes32 operator, bytes32 root);

    /// @notice A record was retracted.
    /// @param root Batch in which it was anchored; zero when by itself.
    event RecordRetracted(
        RecordId indexed record,
        uint32 indexed custodian,
        bytes32 operator,
        bytes32 root,
        RetractionReason reason
    );

    /// @notice A test was ordered again although its result could have been used.
    event RepeatOrdered(RecordId indexed record, uint32 indexed member, bytes32 operator, RepeatReason reason);

    /// @notice A referral was proposed; carries all its terms.
    event ReferralProposed(
        ReferralId indexed referral,
        uint32 indexed from,
        uint32 indexed to,
        bytes32 referrer,
        bytes32 commitment,
        bytes32 records,
        uint32 validUntil
    );

    /// @notice A referral was accepted.
    event ReferralAccepted(ReferralId indexed referral, uint32 indexed member, bytes32 operator);

    /// @notice A referral was declined.
    event ReferralDeclined(ReferralId indexed referral, uint32 indexed member, bytes32 operator, DeclineReason reason);

    /// @notice A referral was withdrawn by the member that proposed it.
    event ReferralWithdrawn(ReferralId indexed referral, uint32 indexed member, bytes32 operator);

    /// @notice A referral was completed.
    /// @param outcome Salted commitment to the list of the records that answer it.
    event ReferralCompleted(ReferralId indexed referral, uint32 indexed member, bytes32 operator, bytes32 outcome);

    /// @notice The copy of the governed lists was brought up to date.
    event StandardsRefreshed(uint32 categories, uint16 codeSystems);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A term is out of range. Fix: see {Record} for `field`.
    error RecordTermInvalid(bytes32 field);

    /// @notice The category or the code-system version is unknown or retired. Fix: use one that is active; if it is new in
    /// StandardsRegistry, call `refreshStandards` first.
    error RecordStandardUnknown(uint8 category, uint16 codeSystem);

    /// @notice The ephemeral key is no compressed point. Fix: prefix 0x02 or 0x03 and a non-zero X.
    error RecordEphemeralKeyInvalid();

    /// @notice This very record was anchored before. Fix: nothing; it stands.
    error RecordAlreadyAnchored(RecordId record);

    /// @notice No record with exactly these terms was anchored, or not in this batch. Fix: pass terms and origin as anchored.
    error RecordUnknown(RecordId record);

    /// @notice It was superseded or retracted. Fix: read `standingOf`.
    error RecordStatusWrong(RecordId record, RecordStatus status);

    /// @notice Only the custodian or its successor may do this. Fix: ask member `custodian`.
    error RecordOfOther(RecordId record, uint32 custodian, uint32 member);

    /// @notice A batch is empty, longer than 2^20, or has no root. Fix: split it.
    error RecordBatchInvalid(bytes32 root, uint32 count);

    /// @notice The custodian anchored a batch with this root before. Fix: nothing; it stands.
    error RecordBatchAlreadyAnchored(uint32 custodian, bytes32 root);

    /// @notice A reason is missing. Fix: pass one.
    error RecordReasonMissing(RecordId record);

    /// @notice This member gave a reason before. Fix: nothing; it stands.
    error RecordRepeatKnown(RecordId record, uint32 member);

    /// @notice Its result may not stand in any more, so a repeat needs no reason. Fix: order it.
    error RecordNotReusable(RecordId record, uint32 reusableUntil);

    /// @notice A term is out of range. Fix: see {Referral} for `field`.
    error ReferralTermInvalid(bytes32 field);

    /// @notice Who sent or signed is not the referrer that the terms name. Fix: the referrer sends or signs exactly these terms.
    error ReferralReferrerMismatch(ReferralId referral, bytes32 referrer, bytes32 operator);

    /// @notice This very referral was proposed before. Fix: nothing; it stands.
    error ReferralAlreadyProposed(ReferralId referral);

    /// @notice No referral with exactly these terms was proposed. Fix: pass the terms as proposed.
    error ReferralUnknown(ReferralId referral);

    /// @notice Its status does not allow this act. Fix: read `referralOf`.
    error ReferralStatusWrong(ReferralId referral, ReferralStatus status);

    /// @notice Only the member that refers, or that is asked, or its successor may do this. Fix: act for `expected`.
    error ReferralOfOther(ReferralId referral, uint32 expected, uint32 member);

    /// @notice Its time is over. Fix: propose another.
    error ReferralExpired(ReferralId referral, uint32 validUntil);

    /// @notice A reason is missing. Fix: pass one.
    error ReferralReasonMissing(ReferralId referral);
}

/// @title IRecordEntries
/// @notice Entries of documents: anchor, supersede, retract.
interface IRecordEntries is IRecordTypes {
    /// @notice Anchor a record. Caller: an ANCHOR_RECORD operator of the custodian.
    function anchor(Record calldata record, EphemeralKey calldata ephemeralKey) external returns (RecordId);

    /// @notice Anchor many records under one Merkle root. Caller: an ANCHOR_RECORD operator of `custodian`.
    /// @param count Number of records, from 1 to 2^20.
    /// @param announcements keccak256 of the announcements' file.
    function anchorBatch(uint32 custodian, bytes32 root, uint32 count, bytes32 announcements) external;

    /// @notice Anchor a record in place of another. Caller: an ANCHOR_RECORD operator of the replacement's custodian, which is the
    /// record's or its successor.
    function supersede(
        Record calldata record,
        Origin calldata origin,
        Record calldata replacement,
        EphemeralKey calldata ephemeralKey
    ) external returns (RecordId);

    /// @notice Retract a record. Caller: an ANCHOR_RECORD operator of `member`, the custodian or its successor. Works under a pause.
    function retract(Record calldata record, Origin calldata origin, uint32 member, RetractionReason reason) external;
}

/// @title IRecordExchange
/// @notice What members do with each other's records, repeat orders and referrals, and all that is only read.
interface IRecordExchange is IRecordTypes {
    /// @notice Say why a test is ordered again while an earlier result may be used, once a record and member. Caller: a PRESCRIBE or
    /// SUBMIT operator of `member`.
    function repeatOrder(Record calldata record, Origin calldata origin, uint32 member, RepeatReason reason) external;

    /// @notice Propose a referral. Caller: the referrer, a PRESCRIBE professional of `from`, or a SUBMIT operator of it with the
    /// referrer's signature (EIP-712 `Referral` with `uint32 deadline`).
    function proposeReferral(
        Referral calldata referral,
        Attestation calldata attestation
    ) external returns (ReferralId);

    /// @notice Accept a referral. Caller: a PRESCRIBE or SUBMIT operator of `member`, the one asked or its successor.
    function acceptReferral(Referral calldata referral, uint32 member) external;

    /// @notice Decline a referral. Caller: as for accepting. Works under a pause.
    function declineReferral(Referral calldata referral, uint32 member, DeclineReason reason) external;

    /// @notice Withdraw a referral that was not answered. Caller: a PRESCRIBE or SUBMIT operator of `member`, the one that refers or
    /// its successor. Works under a pause.
    function withdrawReferral(Referral calldata referral, uint32 member) external;

    /// @notice Complete an accepted referral. Caller: as for accepting.
    /// @param outcome Salted commitment to the list of the records that answer it; not zero.
    function completeReferral(Referral calldata referral, uint32 member, bytes32 outcome) external;

    /// @notice Bring the copy of the governed lists up to date. Caller: anybody.
    function refreshStandards() external;

    /// @notice How a record stands; `Unknown` unless it was anchored with exactly these terms and this origin.
    function standingOf(Record calldata record, Origin calldata origin) external view returns (RecordStanding memory);

    /// @notice The id of a record.
    function recordId(Record calldata record) external pure returns (RecordId);

    /// @notice A batch.
    function batchOf(uint32 custodian, bytes32 root) external view returns (Batch memory);

    /// @notice How a referral stands.
    function referralOf(Referral calldata referral) external view returns (ReferralStanding memory);

    /// @notice The id of a referral.
    function referralId(Referral calldata referral) external pure returns (ReferralId);

    /// @notice The copy of the governed lists: active categories, and code-system versions registered.
    function standards() external view returns (uint32 categories, uint16 codeSystems);
}

/// @title IRecordRegistry
/// @notice What was recorded, by whom and when, and which records travel with a patient: commitments, never content.
interface IRecordRegistry is IRecordEntries, IRecordExchange, IDomain, IAccessManaged {}
