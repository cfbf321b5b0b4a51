// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {DatasetTerms, IDataUse, RequestTerms} from "./IDataUse.sol";
import {IDomain} from "../core/IDomain.sol";

/// @notice A dataset: EIP-712 struct hash of {IResearchTypes.Dataset}.
type DatasetId is bytes32;

/// @notice One member's access to one dataset for one project: EIP-712 struct hash of {IResearchTypes.Access}.
type AccessId is bytes32;

/// @title IResearchTypes
/// @notice Types, events and errors of {IResearchRegistry}.
interface IResearchTypes is IDataUse {
    /// @notice What names a dataset, for good.
    /// @param custodian Member that holds the data and answers for them.
    /// @param commitment keccak256 over a 32-byte salt and the first description; the salt keeps it from being guessed.
    struct Dataset {
        uint32 custodian;
        bytes32 commitment;
    }

    /// @notice A dataset as it stands.
    /// @param terms What research it allows now.
    /// @param custodian See {Dataset}; 0 when the dataset is unknown.
    /// @param version Counted up by each amendment, from 1.
    /// @param registeredAt Unix seconds.
    /// @param amendedAt Of the version that stands, unix seconds.
    /// @param retiredAt Unix seconds; 0 while it stands.
    struct DatasetState {
        DatasetTerms terms;
        uint32 custodian;
        uint32 version;
        uint32 registeredAt;
        uint32 amendedAt;
        uint32 retiredAt;
    }

    /// @notice What a member asks for, and states.
    /// @param dataset Dataset that it asks for.
    /// @param member Member that asks; its word binds it.
    /// @param terms Purposes, and each term that the use keeps.
    /// @param commitment keccak256 over a 32-byte salt and the project's description with its approvals.
    struct Access {
        DatasetId dataset;
        uint32 member;
        RequestTerms terms;
        bytes32 commitment;
    }

    /// @notice What is kept of an access. One slot.
    /// @param permittedAt Unix seconds; 0 when it is unknown.
    /// @param until End of use, exclusive, unix seconds: so many calendar months after `permittedAt` as the request states; 0
    /// for none.
    /// @param version The dataset's version that permitted it.
    /// @param withdrawnAt Unix seconds; 0 unless withdrawn.
    /// @param reason Why it was withdrawn.
    struct AccessState {
        uint32 permittedAt;
        uint40 until;
        uint32 version;
        uint32 withdrawnAt;
        AccessWithdrawalReason reason;
    }

    /// @notice Why a custodian ends an access. After any but `Agreed` the member gets no other to this dataset until it is
    /// readmitted. Numbers are stable.
    enum AccessWithdrawalReason {
        Unspecified,
        Agreed,
        StatementUntrue,
        TermsBroken,
        DataAtRisk,
        LawOrCourt
    }

    /// @notice How an access stands for a member; what is found first. Numbers are stable.
    enum AccessAnswer {
        Unknown,
        OfOther,
        Withdrawn,
        DatasetRetired,
        Ended,
        MemberNotReceiving,
        TermsRefuse,
        Permitted
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A dataset was registered; its version is 1.
    /// @param terms Word of {DatasetTerms}.
    event DatasetRegistered(
        DatasetId indexed dataset,
        uint32 indexed custodian,
        bytes32 operator,
        DatasetTerms terms,
        bytes32 commitment
    );

    /// @notice A dataset's terms or description changed: accesses that run are judged by these terms from this block on.
    /// @param member The custodian or its successor, that acted.
    /// @param commitment keccak256 over a 32-byte salt and the description of this version.
    event DatasetAmended(
        DatasetId indexed dataset,
        uint32 indexed custodian,
        uint32 member,
        bytes32 operator,
        uint32 version,
        DatasetTerms before,
        DatasetTerms terms,
        bytes32 commitment
    );

    /// @notice A dataset was retired: every access to it ended in this block. Final.
    /// @param member The custodian or its successor, that acted.
    event DatasetRetired(DatasetId indexed dataset, uint32 indexed custodian, uint32 member, bytes32 operator);

    /// @notice The dataset's terms permitted what the member stated.
    /// @param terms Word of {RequestTerms}.
    /// @param version The dataset's version that permitted it.
    /// @param until End of use, exclusive, unix seconds; 0 for none.
    event AccessPermitted(
        AccessId indexed access,
        DatasetId indexed dataset,
        uint32 indexed member,
        bytes32 operator,
        RequestTerms terms,
        bytes32 commitment,
        uint32 version,
        uint40 until
    );

    /// @notice The custodian ended an access in this block. Final; see {AccessWithdrawalReason} for what follows.
    /// @param custodian The custodian or its successor, that acted.
    event AccessWithdrawn(
        AccessId indexed access,
        DatasetId indexed dataset,
        uint32 indexed member,
        uint32 custodian,
        bytes32 operator,
        AccessWithdrawalReason reason
    );

    /// @notice The custodian lets a member ask again, after it withdrew an access of it.
    /// @param custodian The custodian or its successor, that acted.
    event ResearcherReadmitted(DatasetId indexed dataset, uint32 indexed member, uint32 custodian, bytes32 operator);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The dataset was registered before. Fix: nothing to do; amend it, or commit with a fresh salt.
    error DatasetAlreadyRegistered(DatasetId dataset);

    /// @notice No dataset has this id. Fix: check custodian and commitment.
    error DatasetUnknown(DatasetId dataset);

    /// @notice The dataset was retired. Fix: the custodian registers a new one.
    error DatasetIsRetired(DatasetId dataset, uint32 retiredAt);

    /// @notice The dataset is another member's. Fix: act for its custodian, or for the successor that governance named.
    error DatasetOfOther(DatasetId dataset, uint32 custodian, uint32 member);

    /// @notice Another version stands than the one to be amended. Fix: read version `current`, and amend that.
    error DatasetVersionStale(DatasetId dataset, uint32 version, uint32 current);

    /// @notice The commitment is zero. Fix: commit to the description with a random salt of 32 bytes.
    error ResearchCommitmentMissing();

    /// @notice The dataset does not allow what was stated; `term` is the number in DUO of the first term that refuses. Fix: see
    /// {DuoTerm} for what that term asks, and state it if it is true.
    error AccessRefused(DatasetId dataset, uint8 term);

    /// @notice The request says that the use stays within an institution which the asking member is not. Fix: name the
    /// asking member, or the closed one whose successor it is.
    error AccessInstitutionOfOther(uint32 member, uint32 institution);

    /// @notice The custodian withdrew an access of this member and has not readmitted it. Fix: settle it with the custodian.
    error AccessBarred(DatasetId dataset, uint32 member);

    /// @notice The access was permitted before. Fix: nothing to do; for a new approval commit with a fresh salt.
    error AccessAlreadyPermitted(AccessId access);

    /// @notice No access has this id. Fix: pass exactly what was asked for.
    error AccessUnknown(AccessId access);

    /// @notice The access was withdrawn before. Fix: nothing to do.
    error AccessAlreadyWithdrawn(AccessId access, uint32 withdrawnAt);

    /// @notice The withdrawal's reason is unspecified. Fix: name one of {AccessWithdrawalReason}.
    error AccessReasonMissing(AccessId access);

    /// @notice No withdrawal keeps this member from asking. Fix: nothing to do.
    error ResearcherNotBarred(DatasetId dataset, uint32 member);
}

/// @title IResearchRegistry
/// @notice Research consent on chain: custodians say by GA4GH DUO terms what research a dataset is open to, members state what
/// they want it for, and the terms decide.
/// @dev A dataset holds no patient, no count of them and no record: it is the custodian's summary, at most as wide as the
/// narrowest consent among those whose data it holds, and the custodian answers for that. It opens no record by itself.
/// Single patients' records still go out one by one, or in batches, under a permit of {IConsentRegistry} whose purpose is
/// HRESCH or a code below it: a patient who revokes is out in that block, whatever the dataset's terms. So a handover of data
/// of identifiable patients needs both answers, and one of data that are nobody's any more needs this one.
/// What a request states is the asking member's word; the custodian checks it before it serves, and withdraws
/// (docs/decisions/0015-research-registry.md).
/// @custom:source GA4GH DUO, release 2021-02-23 (CC BY 4.0), https://github.com/EBISPOT/DUO
interface IResearchRegistry is IResearchTypes, IDomain, IAccessManaged {
    // ── datasets ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Register a dataset. Caller: an ANCHOR_RECORD or CUSTODY operator of the custodian.
    /// @param dataset What names it.
    /// @param terms What research it allows; one permission of DUO and its modifiers.
    /// @return id See {DatasetId}.
    function registerDataset(Dataset calldata dataset, DatasetTerms terms) external returns (DatasetId id);

    /// @notice Put new terms or a new description in the place of a dataset's. Accesses that run are judged by them at once: what
    /// they no longer allow stops in this block, and runs again if a later version allows it. Caller: an ANCHOR_RECORD or
    /// CUSTODY operator of `member`.
    /// @param member The custodian, or the successor of a closed one.
    /// @param version The version that stands, which is amended.
    /// @param terms The new terms, or the same.
    /// @param commitment To the new description, or the same.
    function amendDataset(
        DatasetId dataset,
        uint32 member,
        uint32 version,
        DatasetTerms terms,
        bytes32 commitment
    ) external;

    /// @notice Take a dataset out of use, for good; also while the domain is paused. Caller: an ANCHOR_RECORD or CUSTODY operator
    /// of `member`.
    /// @param member The custodian, or the successor of a closed one.
    function retireDataset(DatasetId dataset, uint32 member) external;

    // ── accesses ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Ask for a dataset; the dataset's terms decide at once. Reverts unless they permit it. A request after the
    /// end of an access is a new approval; a custodian that wants none withdraws the last. Caller: a DISCLOSE operator of
    /// `access.member`, whose duty RECEIVE is not suspended.
    /// @return id See {AccessId}.
    function requestAccess(Access calldata access) external returns (AccessId id);

    /// @notice End an access, for good; also while the domain is paused. Caller: an ANCHOR_RECORD or CUSTODY operator of
    /// `custodian`.
    /// @param access What was asked for.
    /// @param custodian The dataset's custodian, or the successor of a closed one.
    /// @param reason Why; not `Unspecified`.
    function withdrawAccess(Access calldata access, uint32 custodian, AccessWithdrawalReason reason) external;

    /// @notice Let a member ask again, after a withdrawal kept it from that. Caller: an ANCHOR_RECORD or CUSTODY operator of
    /// `custodian`.
    /// @param custodian The dataset's custodian, or the successor of a closed one.
    /// @param member Member to let ask.
    function readmitResearcher(DatasetId dataset, uint32 custodian, uint32 member) external;

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Whether `member` may use the dataset now, by the terms and suspensions as they stand in this block.
    /// @param access What was asked for.
    /// @param member Who would use it: the member that asked, or its successor once that is closed.
    /// @return answer `Permitted`, or what is found first that stands against it.
    /// @return term Number in DUO of the term that refuses, with `TermsRefuse`; else 0.
    function isAccessPermitted(
        Access calldata access,
        uint32 member
    ) external view returns (AccessAnswer answer, uint8 term);

    /// @notice A dataset as it stands; all zero when it is unknown.
    function datasetOf(DatasetId dataset) external view returns (DatasetState memory);

    /// @notice What is kept of an access; all zero when it is unknown. Whether it holds now: {isAccessPermitted}.
    function accessOf(AccessId access) external view returns (AccessState memory);

    /// @notice Whether a withdrawal keeps a member from asking for a dataset.
    function isBarred(DatasetId dataset, uint32 member) external view returns (bool);

    /// @notice The id of a dataset.
    function datasetId(Dataset calldata dataset) external pure returns (DatasetId);

    /// @notice The id of an access.
    function accessId(Access calldata access) external pure returns (AccessId);
}
