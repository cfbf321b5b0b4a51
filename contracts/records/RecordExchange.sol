// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MemberWord} from "../core/AuthorityWords.sol";
import {Duties} from "../core/Duties.sol";
import {Attestation} from "../core/IActs.sol";
import {IRecordExchange, RecordId, ReferralId} from "./IRecordRegistry.sol";
import {RecordActs} from "./RecordActs.sol";
import {RecordHashing} from "./RecordHashing.sol";
import {RecordStandards} from "./RecordStandards.sol";
import {RecordStorage} from "./RecordStorage.sol";

/// @title RecordExchange
/// @notice The extension of RecordRegistry: repeat orders, referrals, the copy of the governed lists, and the reads.
contract RecordExchange is IRecordExchange, RecordActs {
    using RecordHashing for Record;
    using RecordHashing for Referral;

    /// @notice Longest time in which a referral may be accepted.
    uint32 public constant REFERRAL_MAX = 365 days;

    uint32 private constant AT_THE_DESK = Duties.PRESCRIBE | Duties.SUBMIT;

    /// @param members MemberRegistry's proxy.
    /// @param standards_ StandardsRegistry's proxy.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address members, address standards_) RecordActs(members, standards_) {}

    // ── reuse of results ────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRecordExchange
    function repeatOrder(
        Record calldata record,
        Origin calldata origin,
        uint32 member,
        RepeatReason reason
    ) external whenNotPaused {
        RecordId id = record.idOf();
        bytes32 operator = _sender();
        // Check: who orders for the member, a result that may be used, a reason, and none given before.
        _requireDuty(member, operator, AT_THE_DESK);
        if (!_requireCurrent(id, record, origin).reusable) revert RecordNotReusable(id, record.reusableUntil);
        if (reason == RepeatReason.Unspecified) revert RecordReasonMissing(id);
        mapping(uint32 member => bool) storage given = RecordStorage.layout().repeats[id];
        if (given[member]) revert RecordRepeatKnown(id, member);
        // Effect and log.
        given[member] = true;
        emit RepeatOrdered(id, member, operator, reason);
    }

    // ── referrals ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRecordExchange
    function proposeReferral(
        Referral calldata referral,
        Attestation calldata attestation
    ) external whenNotPaused returns (ReferralId id) {
        id = referral.idOf();
        uint32 deadline = attestation.deadline;
        bytes32 operator =
            deadline == 0 ? _sender() : _signer(referral.from, attestation, RecordHashing.proposal(id, deadline));
        // Check: the referrer itself, with the duty; terms that hold; never proposed before.
        if (operator != referral.referrer) revert ReferralReferrerMismatch(id, referral.referrer, operator);
        _requireDuty(referral.from, operator, Duties.PRESCRIBE);
        _checkTerms(referral);
        RecordStorage.ReferralEntry storage entry = RecordStorage.layout().referrals[id];
        if (entry.status != ReferralStatus.Unknown) revert ReferralAlreadyProposed(id);
        // Effect: one slot. Log: all terms.
        (entry.status, entry.proposedAt) = (ReferralStatus.Proposed, _now());
        emit ReferralProposed(
            id,
            referral.from,
            referral.to,
            operator,
            referral.commitment,
            referral.records,
            referral.validUntil
        );
    }

    /// @inheritdoc IRecordExchange
    function acceptReferral(Referral calldata referral, uint32 member) external whenNotPaused {
        ReferralId id = referral.idOf();
        // Check, effect and log.
        _answer(id, referral, member, referral.to, ReferralStatus.Accepted);
        emit ReferralAccepted(id, member, _sender());
    }

    /// @inheritdoc IRecordExchange
    function declineReferral(Referral calldata referral, uint32 member, DeclineReason reason) external {
        ReferralId id = referral.idOf();
        // Check, effect and log.
        _answer(id, referral, member, referral.to, ReferralStatus.Declined);
        if (reason == DeclineReason.Unspecified) revert ReferralReasonMissing(id);
        emit ReferralDeclined(id, member, _sender(), reason);
    }

    /// @inheritdoc IRecordExchange
    function withdrawReferral(Referral calldata referral, uint32 member) external {
        ReferralId id = referral.idOf();
        // Check, effect and log.
        _answer(id, referral, member, referral.from, ReferralStatus.Withdrawn);
        emit ReferralWithdrawn(id, member, _sender());
    }

    /// @inheritdoc IRecordExchange
    function completeReferral(Referral calldata referral, uint32 member, bytes32 outcome) external whenNotPaused {
        ReferralId id = referral.idOf();
        RecordStorage.ReferralEntry storage entry = _requireParty(id, member, referral.to);
        // Check: it was accepted, and the outcome is named.
        if (entry.status != ReferralStatus.Accepted) revert ReferralStatusWrong(id, entry.status);
        if (outcome == 0) revert ReferralTermInvalid("outcome");
        // Effect and log.
        (entry.status, entry.completedAt) = (ReferralStatus.Completed, _now());
        emit ReferralCompleted(id, member, _sender(), outcome);
    }

    // ── governed lists ──────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRecordExchange
    function refreshStandards() external {
        // Effect and log.
        uint64 standing = RecordStandards.copyFrom(STANDARDS);
        _setStanding(standing);
        emit StandardsRefreshed(RecordStandards.categoriesOf(standing), RecordStandards.codeSystemsOf(standing));
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IRecordExchange
    function standingOf(Record calldata record, Origin calldata origin) external view returns (RecordStanding memory) {
        return _standingOf(record.idOf(), record, origin);
    }

    /// @inheritdoc IRecordExchange
    function recordId(Record calldata record) external pure returns (RecordId) {
        return record.idOf();
    }

    /// @inheritdoc IRecordExchange
    function batchOf(uint32 custodian, bytes32 root) external view returns (Batch memory) {
        return RecordStorage.layout().batches[custodian][root];
    }

    /// @inheritdoc IRecordExchange
    function referralOf(Referral calldata referral) external view returns (ReferralStanding memory) {
        RecordStorage.ReferralEntry storage entry = RecordStorage.layout().referrals[referral.idOf()];
        return
            ReferralStanding({
                status: entry.status,
                proposedAt: entry.proposedAt,
                answeredAt: entry.answeredAt,
                completedAt: entry.completedAt,
                expired: entry.status == ReferralStatus.Proposed && block.timestamp >= referral.validUntil
            });
    }

    /// @inheritdoc IRecordExchange
    function referralId(Referral calldata referral) external pure returns (ReferralId) {
        return referral.idOf();
    }

    /// @inheritdoc IRecordExchange
    function standards() external view returns (uint32 categories, uint16 codeSystems) {
        uint64 standing = _standing();
        return (RecordStandards.categoriesOf(standing), RecordStandards.codeSystemsOf(standing));
    }

    // ── shared ──────────────────────────────────────────────────────────────────────────────────────────────────────

    function _checkTerms(Referral calldata referral) private view {
        if (referral.to == referral.from || !MemberWord.wrap(MEMBERS.memberWordOf(referral.to)).isActive()) {
            revert ReferralTermInvalid("to");
        }
        if (referral.commitment == 0) revert ReferralTermInvalid("commitment");
        uint256 until = referral.validUntil;
        if (until <= block.timestamp || until > block.timestamp + REFERRAL_MAX)
            revert ReferralTermInvalid("validUntil");
    }

    /// @dev Revert unless the referral is known and the sender acts for `member`, which is `expected` or its successor.
    function _requireParty(
        ReferralId id,
        uint32 member,
        uint32 expected
    ) private view returns (RecordStorage.ReferralEntry storage entry) {
        entry = RecordStorage.layout().referrals[id];
        if (entry.status == ReferralStatus.Unknown) revert ReferralUnknown(id);
        _requireDuty(member, _sender(), AT_THE_DESK);
        if (!_actsFor(member, expected)) revert ReferralOfOther(id, expected, member);
    }

    /// @dev What becomes of a proposal, by one of its parties, within its time.
    function _answer(
        ReferralId id,
        Referral calldata referral,
        uint32 member,
        uint32 expected,
        ReferralStatus status
    ) private {
        RecordStorage.ReferralEntry storage entry = _requireParty(id, member, expected);
        if (entry.status != ReferralStatus.Proposed) revert ReferralStatusWrong(id, entry.status);
        if (block.timestamp >= referral.validUntil) revert ReferralExpired(id, referral.validUntil);
        (entry.status, entry.answeredAt) = (status, _now());
    }
}
