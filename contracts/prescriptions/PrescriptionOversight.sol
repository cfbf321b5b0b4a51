// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Attestation} from "../core/IActs.sol";
import {AuthorityWords} from "../core/AuthorityWords.sol";
import {Duties} from "../core/Duties.sol";
import {DispenseRecords, RecordWord} from "./DispenseRecords.sol";
import {IPrescriptionOversight, PrescriptionId} from "./IPrescriptionRegistry.sol";
import {PrescriptionActs} from "./PrescriptionActs.sol";
import {PrescriptionHashing} from "./PrescriptionHashing.sol";
import {StateWord} from "./PrescriptionState.sol";
import {PrescriptionStorage} from "./PrescriptionStorage.sol";

/// @title PrescriptionOversight
/// @notice The extension of PrescriptionRegistry: review, correction, halts, claims, and the reads about them.
contract PrescriptionOversight is IPrescriptionOversight, PrescriptionActs {
    using PrescriptionHashing for Prescription;

    /// @notice Length of the period in which a regulator's halts are counted.
    uint32 public constant HALT_PERIOD = 1 days;

    /// @notice Halts that one regulator may order in a period.
    uint32 public constant HALTS_MAX = 20;

    /// @param members MemberRegistry's proxy.
    /// @param stock Stock registry, or zero while there is none.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address members, address stock) PrescriptionActs(members, stock) {}

    // ── review and correction ───────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IPrescriptionOversight
    function review(
        Prescription calldata prescription,
        uint32 member,
        ReviewOutcome outcome,
        Attestation calldata attestation
    ) external whenNotPaused {
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        // Check: it awaits a review, and a pharmacist of the member asked gives it, not its prescriber.
        if (word.status() != Status.AwaitingReview) revert PrescriptionStatusWrong(id, word.status());
        if (outcome == ReviewOutcome.Unspecified) revert PrescriptionOutcomeMissing(id);
        if (!_actsFor(member, prescription.reviewer))
            revert PrescriptionReviewerOnly(id, prescription.reviewer, member);
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(member, attestation, PrescriptionHashing.review(id, member, outcome, attestation.deadline));
        _requireDuty(member, operator, Duties.REVIEW);
        if (operator == prescription.prescriber) revert PrescriptionSelfReview(id, operator);
        // Effect and log.
        Status status = outcome == ReviewOutcome.Approved ? Status.Open : Status.Refused;
        PrescriptionStorage.layout().states[id] = word.withStatus(status);
        emit PrescriptionReviewed(id, member, operator, outcome);
    }

    /// @inheritdoc IPrescriptionOversight
    function closeFill(
        Prescription calldata prescription,
        uint32 member,
        uint16 site,
        uint16 lockCount,
        uint8 ordinal,
        Attestation calldata attestation
    ) external whenNotPaused {
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        (uint8 fill, uint40 left) = (word.fill(), word.unitsLeft());
        // Check: a licensed professional of the pharmacy whose lock runs, for a fill that was begun and is not spent.
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(
                    member,
                    attestation,
                    PrescriptionHashing.closeFill(id, member, site, lockCount, ordinal, fill, attestation.deadline)
                );
        _requireDutyAt(member, operator, Duties.DISPENSE, site);
        _checkOpen(id, word);
        _checkOrdinal(id, word, ordinal);
        if (!word.lockIs(member, site, lockCount) || !word.lockRuns(block.timestamp)) {
            revert PrescriptionLockNotHeld(id, member, site, lockCount);
        }
        if (word.lockNext() || !word.fillBegun()) revert PrescriptionFillNotOpen(id, fill);
        // Effect and log: the rest has an ordinal and a record of its own, so that it can be withdrawn.
        PrescriptionStorage.layout().records[id][ordinal] = DispenseRecords
            .pack(member, site, fill, left, _now(), _now())
            .asClosing();
        StateWord next = word.recorded(0, prescription.fills, _now());
        emit PrescriptionFillClosed(id, member, site, operator, ordinal, fill, left, next.isCompleted());
        _advance(id, word, next);
    }

    /// @inheritdoc IPrescriptionOversight
    function withdrawDispense(
        Prescription calldata prescription,
        uint32 member,
        uint8 ordinal,
        WithdrawalReason reason,
        bytes calldata stock,
        Attestation calldata attestation
    ) external {
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        PrescriptionStorage.Layout storage $ = PrescriptionStorage.layout();
        RecordWord entry = $.records[id][ordinal];
        // Check: an own, standing, unclaimed record within its window, and a reason.
        _checkWithdrawable(id, ordinal, entry);
        if (!_actsFor(member, entry.member())) revert DispenseOfOther(id, ordinal, entry.member());
        if (reason == WithdrawalReason.Unspecified) revert DispenseReasonMissing(id, ordinal);
        if (entry.stock() != _stockHash(stock)) revert DispenseStockWrong(id, ordinal);
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(
                    member,
                    attestation,
                    PrescriptionHashing.withdraw(id, member, ordinal, reason, attestation.deadline)
                );
        _requireDuty(member, operator, Duties.DISPENSE);
        // Effect and log.
        $.records[id][ordinal] = entry.asWithdrawn(_now());
        emit DispenseWithdrawn(id, member, ordinal, operator, reason);
        StateWord next = word;
        if (entry.fill() == word.fill()) next = word.withdrawn(entry.units(), _fillBeginning(id, word), _now());
        _advance(id, word, next);
        // Effect elsewhere: what was handed over goes into quarantine at the site that dispensed it.
        if (stock.length != 0) STOCK.quarantineWithdrawn(id, ordinal, entry.member(), entry.site(), stock);
    }

    // ── regulator ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IPrescriptionOversight
    function halt(uint32 regulator, uint32 issuer, bytes32 prescriber, uint32 since, HaltReason reason) external {
        _requireDuty(regulator, _sender(), Duties.INSPECT);
        PrescriptionStorage.Layout storage $ = PrescriptionStorage.layout();
        PrescriptionStorage.HaltEntry storage entry = $.halts[issuer][prescriber];
        bool standing = entry.since != 0;
        // Check: a past date and a reason; a standing halt is only widened; the regulator's share of the period.
        if (since == 0 || since > block.timestamp || reason == HaltReason.Unspecified) {
            revert HaltInvalid(issuer, since, reason);
        }
        if (standing && since > entry.since) revert HaltNarrowed(issuer, prescriber, entry.since, entry.regulator);
        _countHalt(regulator);
        // Effect.
        (entry.since, entry.upTo) = (since, _now());
        if (standing && entry.regulator != regulator) entry.regulator = AuthorityWords.SEVERAL;
        if (!standing) {
            entry.regulator = regulator;
            entry.haltedAt = _now();
            _setStanding(_standing() + 1);
            if (prescriber != 0) ++$.halts[issuer][0].prescribers;
        }
        // Log.
        emit PrescriptionsHalted(issuer, prescriber, regulator, since, _now(), reason);
    }

    /// @inheritdoc IPrescriptionOversight
    function resumeHalted(uint32 regulator, uint32 issuer, bytes32 prescriber) external {
        _requireDuty(regulator, _sender(), Duties.INSPECT);
        uint32 owner = PrescriptionStorage.layout().halts[issuer][prescriber].regulator;
        // Check: its own halt.
        if (owner != 0 && owner != regulator) revert HaltOfOther(issuer, prescriber, owner);
        _resume(regulator, issuer, prescriber);
    }

    /// @inheritdoc IPrescriptionOversight
    function liftHalt(uint32 issuer, bytes32 prescriber) external restricted {
        _resume(0, issuer, prescriber);
    }

    // ── claims ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IPrescriptionOversight
    function markClaimed(PrescriptionId prescription, uint8 ordinal) external restricted {
        RecordWord entry = _recordOf(prescription, ordinal);
        // Check: a hand-over that stands and is not claimed.
        if (entry.isClosing()) revert DispenseIsClosing(prescription, ordinal);
        if (entry.withdrawnAt() != 0) revert DispenseAlreadyWithdrawn(prescription, ordinal);
        if (entry.isClaimed()) revert DispenseIsClaimed(prescription, ordinal);
        // Effect and log.
        PrescriptionStorage.layout().records[prescription][ordinal] = entry.asClaimed(true);
        emit DispenseClaimed(prescription, ordinal);
    }

    /// @inheritdoc IPrescriptionOversight
    function unmarkClaimed(PrescriptionId prescription, uint8 ordinal) external restricted {
        RecordWord entry = _recordOf(prescription, ordinal);
        // Check: it is claimed.
        if (!entry.isClaimed()) revert DispenseNotClaimed(prescription, ordinal);
        // Effect and log.
        PrescriptionStorage.layout().records[prescription][ordinal] = entry.asClaimed(false);
        emit DispenseClaimReversed(prescription, ordinal);
    }

    // ── reads ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IPrescriptionOversight
    function standingOf(Prescription calldata prescription) external view returns (Standing memory standing) {
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        bool cancelled = word.cancellationEffective(block.timestamp);
        standing.status = cancelled ? Status.Cancelled : word.status();
        standing.lockLive = _lockLive(word);
        (standing.halted, ) = _haltOn(prescription, word);
        standing.expired = block.timestamp >= prescription.validUntil;
        bool live = standing.status == Status.Open || standing.status == Status.AwaitingReview;
        standing.isFinal = !live && !(standing.status == Status.Completed && _isCorrectable(id, word));
    }

    /// @inheritdoc IPrescriptionOversight
    function dispenseOf(PrescriptionId prescription, uint8 ordinal) external view returns (DispenseRecord memory) {
        return PrescriptionStorage.layout().records[prescription][ordinal].unpack();
    }

    /// @inheritdoc IPrescriptionOversight
    function haltOf(uint32 issuer, bytes32 prescriber) external view returns (Halt memory) {
        PrescriptionStorage.HaltEntry storage entry = PrescriptionStorage.layout().halts[issuer][prescriber];
        return Halt({since: entry.since, upTo: entry.upTo, haltedAt: entry.haltedAt, regulator: entry.regulator});
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _recordOf(PrescriptionId id, uint8 ordinal) private view returns (RecordWord entry) {
        entry = PrescriptionStorage.layout().records[id][ordinal];
        if (entry.member() == 0) revert DispenseUnknown(id, ordinal);
    }

    /// @dev Count a halt against the regulator's period, started anew when the last is over.
    function _countHalt(uint32 regulator) private {
        PrescriptionStorage.Rate storage rate = PrescriptionStorage.layout().rates[regulator];
        if (block.timestamp >= rate.periodEnd) (rate.periodEnd, rate.halts) = (_now() + HALT_PERIOD, 0);
        if (rate.halts >= HALTS_MAX) revert HaltRateExceeded(regulator, rate.periodEnd);
        ++rate.halts;
    }

    function _resume(uint32 regulator, uint32 issuer, bytes32 prescriber) private {
        PrescriptionStorage.Layout storage $ = PrescriptionStorage.layout();
        PrescriptionStorage.HaltEntry storage entry = $.halts[issuer][prescriber];
        // Check: a halt stands.
        if (entry.since == 0) revert HaltUnknown(issuer, prescriber);
        // Effect: the counter of the issuer's halted prescribers stays in its entry.
        (entry.since, entry.upTo, entry.haltedAt, entry.regulator) = (0, 0, 0, 0);
        _setStanding(_standing() - 1);
        if (prescriber != 0) --$.halts[issuer][0].prescribers;
        // Log.
        emit PrescriptionsResumed(issuer, prescriber, regulator);
    }

    /// @dev When the current fill began: its earliest hand-over that stands, or 0 when none stands. The interval to the
    /// next fill runs from it, so it is looked up again after a withdrawal; at most 255 records.
    function _fillBeginning(PrescriptionId id, StateWord word) private view returns (uint32 beginning) {
        mapping(uint8 ordinal => RecordWord) storage records = PrescriptionStorage.layout().records[id];
        for (uint8 ordinal = word.dispenses(); ordinal != 0; --ordinal) {
            RecordWord entry = records[ordinal];
            if (entry.fill() != word.fill()) break;
            if (entry.withdrawnAt() != 0 || entry.isClosing()) continue;
            if (beginning == 0 || entry.handedOverAt() < beginning) beginning = entry.handedOverAt();
        }
    }

    function _checkWithdrawable(PrescriptionId id, uint8 ordinal, RecordWord entry) private view {
        if (entry.member() == 0) revert DispenseUnknown(id, ordinal);
        if (entry.withdrawnAt() != 0) revert DispenseAlreadyWithdrawn(id, ordinal);
        if (entry.isClaimed()) revert DispenseIsClaimed(id, ordinal);
        uint256 until = uint256(entry.recordedAt()) + CORRECTION_WINDOW;
        if (block.timestamp >= until) revert DispenseFinal(id, ordinal, uint32(until));
    }
}
