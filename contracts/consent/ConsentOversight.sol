// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IMemberRegistry} from "../consortium/IMemberRegistry.sol";
import {MemberWord} from "../core/AuthorityWords.sol";
import {Duties, Sectors} from "../core/Duties.sol";
import {Extended} from "../core/Extended.sol";
import {Attestation} from "../core/IActs.sol";
import {ConsentActs} from "./ConsentActs.sol";
import {ConsentDisclosures} from "./ConsentDisclosures.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {BreakGlassId, IConsentOversight, SubjectId} from "./IConsentRegistry.sol";
import {ReviewDaysWord} from "./ReviewDays.sol";

/// @title ConsentOversight
/// @notice The extension of {ConsentRegistry}: disclosures, break-glass and its review, and the reads about them.
/// {ConsentCustody} is its own.
contract ConsentOversight is Extended, ConsentDisclosures {
    /// @notice How long after its opening a break-glass may wait for its review before it escalates.
    uint32 public constant ESCALATION_DELAY = 72 hours;

    /// @param members MemberRegistry's proxy.
    /// @param standards StandardsRegistry's proxy.
    /// @param p256Verifier Verifier of P-256 signers (ERC-7913).
    /// @param webAuthnVerifier Verifier of WebAuthn signers (ERC-7913).
    /// @param custody {ConsentCustody}, made with the same peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address standards,
        address p256Verifier,
        address webAuthnVerifier,
        address custody
    ) Extended(custody) ConsentActs(members, standards, p256Verifier, webAuthnVerifier) {
        _checkPeers(custody);
    }

    // ── break-glass ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IConsentOversight
    function breakGlass(
        uint32 member,
        uint32 custodian,
        bytes32 ticket,
        BreakGlassReason reason,
        Attestation calldata attestation
    ) external returns (BreakGlassId id) {
        _requireProxy();
        bytes32 operator = _sender();
        if (attestation.deadline != 0) {
            uint32 deadline = attestation.deadline;
            bytes32 structHash = ConsentHashing.breakGlass(member, custodian, ticket, reason, deadline);
            operator = _signer(member, attestation, structHash);
        }
        _requireDuty(member, operator, Duties.BREAK_GLASS);
        id = ConsentHashing.breakGlassId(member, operator, custodian, ticket);
        ConsentStorage.Layout storage $ = ConsentStorage.layout();
        // Check: a fresh ticket for an active custodian, with a reason.
        if (ticket == 0) revert BreakGlassInvalid(id, "ticket");
        if (reason == BreakGlassReason.Unspecified) revert BreakGlassInvalid(id, "reason");
        if (!MemberWord.wrap(MEMBERS.memberWordOf(custodian)).isActive()) revert BreakGlassInvalid(id, "custodian");
        if ($.breakGlasses[id].status != BreakGlassStatus.Unknown) revert BreakGlassTicketUsed(id);
        // Check: no review of this person's earlier uses, under whichever key, is overdue.
        bytes32 origin = _originOf(member, operator);
        _checkReviewed(member, operator, origin);
        // Effect and log.
        $.breakGlasses[id] = ConsentStorage.BreakGlassEntry({
            status: BreakGlassStatus.Open,
            reason: reason,
            overruled: false,
            member: member,
            custodian: custodian,
            openedAt: _now(),
            operator: operator,
            origin: origin,
            subject: SubjectId.wrap(0)
        });
        emit GlassBroken(id, member, custodian, operator, ticket, reason);
    }

    /// @inheritdoc IConsentOversight
    function escalateBreakGlass(BreakGlassId id) external {
        ConsentStorage.BreakGlassEntry storage entry = _breakGlassOf(id);
        bool gaveAccess = SubjectId.unwrap(entry.subject) != 0;
        uint32 due = entry.openedAt + ESCALATION_DELAY;
        // Check: it gave access, nobody reviewed it in time, and nobody said so before.
        if (!gaveAccess || entry.status != BreakGlassStatus.Open || block.timestamp < due) {
            revert BreakGlassNotOverdue(id, due);
        }
        // Effect and log.
        entry.status = BreakGlassStatus.Escalated;
        emit BreakGlassEscalated(id, entry.member, entry.custodian, entry.operator);
    }

    /// @inheritdoc IConsentOversight
    function reviewBreakGlass(BreakGlassId id, uint32 reviewer, BreakGlassStatus outcome) external {
        ConsentStorage.BreakGlassEntry storage entry = _breakGlassOf(id);
        if (outcome != BreakGlassStatus.Justified && outcome != BreakGlassStatus.Unjustified) {
            revert BreakGlassOutcomeMissing(id);
        }
        bool isRegulator = _checkReviewer(id, entry, reviewer);
        bool reviewed = entry.status == BreakGlassStatus.Justified || entry.status == BreakGlassStatus.Unjustified;
        // Check: not reviewed, or by the custodian alone.
        if (reviewed && (entry.overruled || !isRegulator)) revert BreakGlassAlreadyReviewed(id, entry.status);
        // Effect: the first review ends the wait.
        if (!reviewed && SubjectId.unwrap(entry.subject) != 0) {
            mapping(bytes32 place => ReviewDaysWord) storage reviewDays = ConsentStorage.layout().reviewDays;
            bytes32 place = _placeOf(entry.member, entry.operator, entry.origin);
            reviewDays[place] = reviewDays[place].removed(entry.openedAt / 1 days);
        }
        (entry.status, entry.overruled) = (outcome, isRegulator);
        // Log.
        emit BreakGlassReviewed(id, entry.member, reviewer, entry.operator, _sender(), outcome);
    }

    /// @dev Revert unless the sender reviews for the custodian or a regulator, and is neither the actor nor of its group.
    function _checkReviewer(
        BreakGlassId id,
        ConsentStorage.BreakGlassEntry storage entry,
        uint32 reviewer
    ) private view returns (bool isRegulator) {
        isRegulator = _profileOf(reviewer).activeSectors() & Sectors.REGULATOR != 0;
        bool isCustodian = _actsFor(reviewer, entry.custodian);
        bool sameGroup = _profileOf(reviewer).group() == _profileOf(entry.member).group();
        bool samePerson = _originOf(reviewer, _sender()) == entry.origin;
        if ((!isRegulator && !isCustodian) || sameGroup || samePerson) revert BreakGlassReviewerInvalid(id, reviewer);
        _requireDuty(reviewer, _sender(), isRegulator ? Duties.INSPECT : Duties.CUSTODY);
    }

    function _breakGlassOf(BreakGlassId id) private view returns (ConsentStorage.BreakGlassEntry storage entry) {
        entry = ConsentStorage.layout().breakGlasses[id];
        if (entry.status == BreakGlassStatus.Unknown) revert BreakGlassUnknown(id);
    }

    function _originOf(uint32 member, bytes32 operator) private view returns (bytes32) {
        return IMemberRegistry(address(MEMBERS)).originOf(member, operator);
    }

    // ── reads ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IConsentOversight
    function breakGlassId(
        uint32 member,
        bytes32 operator,
        uint32 custodian,
        bytes32 ticket
    ) external pure returns (BreakGlassId) {
        return ConsentHashing.breakGlassId(member, operator, custodian, ticket);
    }

    /// @inheritdoc IConsentOversight
    function breakGlassOf(BreakGlassId id) external view returns (BreakGlass memory) {
        ConsentStorage.BreakGlassEntry storage entry = ConsentStorage.layout().breakGlasses[id];
        return
            BreakGlass({
                status: entry.status,
                reason: entry.reason,
                member: entry.member,
                custodian: entry.custodian,
                openedAt: entry.openedAt,
                overruled: entry.overruled,
                operator: entry.operator,
                subject: entry.subject
            });
    }

    /// @inheritdoc IConsentOversight
    function breakGlassStandingOf(
        uint32 member,
        bytes32 operator
    ) external view returns (bool suspended, uint32 dueAt, uint32 unreviewed) {
        return _waiting(member, _originOf(member, operator));
    }

    /// @inheritdoc IConsentOversight
    function disclosureBatchOf(uint32 custodian, bytes32 root) external view returns (uint32 recordedAt) {
        return ConsentStorage.layout().batches[custodian][root];
    }

    /// @inheritdoc IConsentOversight
    function isDisclosed(
        uint32 custodian,
        bytes32 root,
        Disclosure calldata disclosure,
        uint16 sector,
        uint8 number,
        uint32 version,
        bytes32[] calldata proof
    ) external view returns (bool) {
        bytes32 leaf = ConsentHashing.leaf(disclosure, sector, number, version);
        bool recorded = ConsentStorage.layout().batches[custodian][root] != 0;
        return recorded && MerkleProof.verifyCalldata(proof, root, leaf);
    }

    /// @inheritdoc IConsentOversight
    function disclosureLeaf(
        Disclosure calldata disclosure,
        uint16 sector,
        uint8 number,
        uint32 version
    ) external pure returns (bytes32) {
        return ConsentHashing.leaf(disclosure, sector, number, version);
    }
}
