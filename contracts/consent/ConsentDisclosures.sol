// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {Duties} from "../core/Duties.sol";
import {ConsentDecisions} from "./ConsentDecisions.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {SubjectWord} from "./ConsentWords.sol";
import {BreakGlassId, IConsentOversight, SubjectId} from "./IConsentRegistry.sol";
import {Purposes} from "./Purposes.sol";
import {ReviewDaysWord} from "./ReviewDays.sol";

/// @title ConsentDisclosures
/// @notice The custodian's part of ConsentRegistry: no disclosure is recorded but by a rule or a break-glass that allows it.
abstract contract ConsentDisclosures is IConsentOversight, ConsentDecisions {
    /// @notice How long after its opening a break-glass allows disclosures.
    uint32 public constant BREAK_GLASS_LIFE = 24 hours;

    /// @notice Most disclosures in a batch.
    uint256 public constant DISCLOSURES_MAX = 200;

    /// @dev Data categories are bits of 32.
    uint8 private constant CATEGORY_HIGHEST = 31;

    /// @inheritdoc IConsentOversight
    function recordDisclosure(uint32 custodian, Disclosure calldata disclosure) external {
        bytes32 operator = _sender();
        _requireDuty(custodian, operator, Duties.DISCLOSE);
        SubjectWord subject = _checkDisclosure(custodian, disclosure);
        Decision memory decision;
        if (BreakGlassId.unwrap(disclosure.breakGlass) == 0) {
            _requireNotPaused();
            decision = _checkPermitted(disclosure, subject);
        } else {
            _useBreakGlass(custodian, disclosure, subject);
        }
        _log(custodian, operator, disclosure, decision);
    }

    /// @inheritdoc IConsentOversight
    function recordDisclosures(
        uint32 custodian,
        Disclosure[] calldata disclosures
    ) external whenNotPaused returns (bytes32 root) {
        uint256 count = disclosures.length;
        // Check: a bounded batch.
        if (count == 0 || count > DISCLOSURES_MAX) revert DisclosureBatchSizeInvalid(count, DISCLOSURES_MAX);
        bytes32 operator = _sender();
        _requireDuty(custodian, operator, Duties.DISCLOSE);
        // A complete binary tree, leaves from the end: the layout of OpenZeppelin's merkle-tree library.
        bytes32[] memory tree = new bytes32[](2 * count - 1);
        for (uint256 i; i < count; ++i) {
            tree[tree.length - 1 - i] = _recordOne(custodian, operator, disclosures[i]);
        }
        for (uint256 i = count - 1; i != 0; --i) {
            tree[i - 1] = Hashes.commutativeKeccak256(tree[2 * i - 1], tree[2 * i]);
        }
        root = tree[0];
        mapping(bytes32 root => uint32) storage batches = ConsentStorage.layout().batches[custodian];
        // Check: not this batch again.
        if (batches[root] != 0) revert DisclosureBatchRecorded(custodian, root);
        // Effect and log.
        batches[root] = _now();
        emit DisclosuresRecorded(custodian, root, operator, count);
    }

    function _recordOne(
        uint32 custodian,
        bytes32 operator,
        Disclosure calldata disclosure
    ) private returns (bytes32 leaf) {
        SubjectWord subject = _checkDisclosure(custodian, disclosure);
        // Check: break-glass is recorded one by one.
        if (BreakGlassId.unwrap(disclosure.breakGlass) != 0) revert DisclosureInvalid(disclosure.subject, "breakGlass");
        Decision memory decision = _checkPermitted(disclosure, subject);
        _log(custodian, operator, disclosure, decision);
        return ConsentHashing.leaf(disclosure, decision.sector, decision.number, decision.version);
    }

    /// @dev Revert unless the subject's custodian discloses to another, with all fields in range.
    function _checkDisclosure(
        uint32 custodian,
        Disclosure calldata disclosure
    ) private view returns (SubjectWord subject) {
        SubjectId id = disclosure.subject;
        subject = _subjectOf(id);
        if (!_actsFor(custodian, subject.custodian())) revert SubjectOfOther(id, subject.custodian(), custodian);
        if (disclosure.grantee == custodian) revert DisclosureInvalid(id, "grantee");
        if (disclosure.category > CATEGORY_HIGHEST) revert DisclosureInvalid(id, "category");
        if (disclosure.purpose > Purposes.HIGHEST) revert DisclosureInvalid(id, "purpose");
        if (disclosure.document == 0) revert DisclosureInvalid(id, "document");
    }

    function _checkPermitted(
        Disclosure calldata disclosure,
        SubjectWord subject
    ) private view returns (Decision memory decision) {
        (uint8 category, uint8 purpose) = (disclosure.category, disclosure.purpose);
        decision = _decide(disclosure.subject, subject, disclosure.grantee, category, purpose);
        if (decision.ruling != Ruling.Permitted) {
            revert DisclosureNotPermitted(disclosure.subject, disclosure.grantee, category, purpose, decision.ruling);
        }
    }

    /// @dev Revert unless the break-glass allows this disclosure; the first binds it to the patient and starts the review.
    function _useBreakGlass(uint32 custodian, Disclosure calldata disclosure, SubjectWord subject) private {
        BreakGlassId id = disclosure.breakGlass;
        ConsentStorage.BreakGlassEntry storage entry = ConsentStorage.layout().breakGlasses[id];
        // Check: for this member, custodian and purpose, in time, not reviewed.
        if (entry.status == BreakGlassStatus.Unknown) revert BreakGlassUnknown(id);
        if (entry.status != BreakGlassStatus.Open) revert BreakGlassAlreadyReviewed(id, entry.status);
        if (entry.member != disclosure.grantee) revert BreakGlassMismatch(id, "member");
        if (!_actsFor(custodian, entry.custodian)) revert BreakGlassMismatch(id, "custodian");
        if (disclosure.purpose != Purposes.BTG) revert BreakGlassMismatch(id, "purpose");
        if (block.timestamp >= uint256(entry.openedAt) + BREAK_GLASS_LIFE) revert BreakGlassMismatch(id, "openedAt");
        // Check: the patient did not deny emergency access in so many words, and the member may receive.
        Ruling ruling = _decide(disclosure.subject, subject, entry.member, disclosure.category, Purposes.BTG).ruling;
        if (ruling == Ruling.Denied) revert BreakGlassDenied(id, disclosure.subject);
        if (ruling == Ruling.GranteeInactive) {
            revert DisclosureNotPermitted(
                disclosure.subject,
                disclosure.grantee,
                disclosure.category,
                disclosure.purpose,
                ruling
            );
        }
        _bind(id, entry, disclosure.subject);
    }

    function _bind(BreakGlassId id, ConsentStorage.BreakGlassEntry storage entry, SubjectId subject) private {
        bytes32 bound = SubjectId.unwrap(entry.subject);
        if (bound == SubjectId.unwrap(subject)) return;
        // Check: one patient, and no overdue review of the operator.
        if (bound != 0) revert BreakGlassMismatch(id, "subject");
        (uint32 member, bytes32 operator, bytes32 origin) = (entry.member, entry.operator, entry.origin);
        _checkReviewed(member, operator, origin);
        // Effect and log.
        entry.subject = subject;
        mapping(bytes32 place => ReviewDaysWord) storage reviewDays = ConsentStorage.layout().reviewDays;
        bytes32 place = _placeOf(member, operator, origin);
        reviewDays[place] = reviewDays[place].added(entry.openedAt / 1 days);
        emit BreakGlassBound(id, subject);
    }

    /// @dev Revert if a review of the operator's uses is overdue.
    function _checkReviewed(uint32 member, bytes32 operator, bytes32 origin) internal view {
        (bool suspended, uint32 dueAt, ) = _waiting(member, origin);
        if (suspended) revert BreakGlassSuspended(member, operator, dueAt);
    }

    /// @dev What waits for review of a key, wherever it acted, and of the keys that replaced it at this member.
    function _waiting(
        uint32 member,
        bytes32 origin
    ) internal view returns (bool suspended, uint32 dueAt, uint32 unreviewed) {
        mapping(bytes32 place => ReviewDaysWord) storage reviewDays = ConsentStorage.layout().reviewDays;
        ReviewDaysWord first = reviewDays[origin];
        ReviewDaysWord later = reviewDays[_placeOfReplaced(member, origin)];
        (uint32 one, uint32 other) = (first.dueAt(), later.dueAt());
        dueAt = one == 0 || (other != 0 && other < one) ? other : one;
        return (dueAt != 0 && block.timestamp >= dueAt, dueAt, first.total() + later.total());
    }

    /// @dev Where a use is counted: under the operator's first key if that acted, else for the member apart. Which key replaced
    /// which, an admin says alone: it must not count its own uses under a stranger's key.
    function _placeOf(uint32 member, bytes32 operator, bytes32 origin) internal pure returns (bytes32) {
        return operator == origin ? origin : _placeOfReplaced(member, origin);
    }

    function _placeOfReplaced(uint32 member, bytes32 origin) private pure returns (bytes32) {
        return keccak256(abi.encode(member, origin));
    }

    function _log(
        uint32 custodian,
        bytes32 operator,
        Disclosure calldata disclosure,
        Decision memory decision
    ) private {
        emit DisclosureRecorded(
            disclosure.subject,
            disclosure.grantee,
            custodian,
            operator,
            disclosure.category,
            disclosure.purpose,
            disclosure.document,
            decision.sector,
            decision.number,
            decision.version,
            disclosure.breakGlass
        );
    }
}
