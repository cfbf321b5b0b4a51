// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Attestation} from "../core/IActs.sol";
import {Duties} from "../core/Duties.sol";
import {MemberWord} from "../core/AuthorityWords.sol";
import {DispenseRecords, RecordWord} from "./DispenseRecords.sol";
import {IPrescriptionOrders, PrescriptionId} from "./IPrescriptionRegistry.sol";
import {PrescriptionActs} from "./PrescriptionActs.sol";
import {PrescriptionHashing} from "./PrescriptionHashing.sol";
import {PrescriptionState, StateWord} from "./PrescriptionState.sol";
import {PrescriptionStorage} from "./PrescriptionStorage.sol";

/// @title PrescriptionDispensing
/// @notice The pharmacy's and the holder's part of PrescriptionRegistry: lock, hand over, return, release, cancel.
abstract contract PrescriptionDispensing is IPrescriptionOrders, PrescriptionActs {
    using PrescriptionHashing for Prescription;

    /// @notice Longest lock.
    uint32 public constant LOCK_MAX = 10 days;

    /// @notice How far back a hand-over may be entered.
    uint32 public constant OUTAGE_MAX = 72 hours;

    uint32 private constant AT_THE_COUNTER = Duties.DISPENSE | Duties.SUBMIT;

    // ── pharmacy ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IPrescriptionOrders
    /// @dev The second argument is in memory: decoded once and read often, that costs less than calldata.
    // solhint-disable-next-line gas-calldata-parameters
    function accept(
        Prescription calldata prescription,
        Acceptance memory acceptance,
        HolderSignature calldata authorisation
    ) external {
        uint64 standingHalts = _requireNotPaused();
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        // Check: open, in its window, not halted, and no other lock is live.
        _checkOpen(id, word);
        if (word.cancelPending()) revert PrescriptionCancellationPending(id);
        _checkWindow(id, prescription);
        if (standingHalts != 0) _checkHalts(id, prescription, word, _now());
        (uint32 member, uint16 site) = (acceptance.member, acceptance.site);
        bool same = word.lockMember() == member && word.lockSite() == site;
        bool renewal = same && word.lockRuns(block.timestamp);
        if (!renewal && _lockLive(word)) {
            revert PrescriptionLocked(id, word.lockMember(), word.lockSite(), word.lockedUntil());
        }
        // Check: an open site of a pharmacy that may dispense, a due fill, a bounded time, and the holder's word for all.
        _requirePharmacy(member, site);
        _checkAcceptance(id, prescription, acceptance, word);
        bytes32 structHash = PrescriptionHashing.acceptance(id, acceptance, authorisation.deadline);
        _checkHolder(id, prescription.holder, structHash, authorisation);
        // Effect and log.
        StateWord next = word.locked(acceptance, _now(), renewal);
        PrescriptionStorage.layout().states[id] = next;
        emit PrescriptionAccepted(
            id,
            member,
            site,
            acceptance.lockCount,
            acceptance.fill,
            next.lockedAt(),
            acceptance.lockedUntil
        );
    }

    /// @inheritdoc IPrescriptionOrders
    function returnToOpen(Prescription calldata prescription, uint32 member, uint16 site, uint16 lockCount) external {
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        // Check: this pharmacy's lock on an open prescription.
        _requireDuty(member, _sender(), AT_THE_COUNTER);
        if (word.status() != Status.Open) revert PrescriptionStatusWrong(id, word.status());
        if (!word.lockIs(member, site, lockCount)) revert PrescriptionLockNotHeld(id, member, site, lockCount);
        // Log and effect.
        emit PrescriptionReturned(id, member, site, lockCount);
        _advance(id, word, word.returned(_now()));
    }

    /// @inheritdoc IPrescriptionOrders
    /// @dev The second argument is in memory: decoded once and read often, that costs less than calldata.
    // solhint-disable-next-line gas-calldata-parameters
    function dispense(
        Prescription calldata prescription,
        Dispense memory handover,
        bytes calldata stock,
        Attestation calldata attestation
    ) external {
        uint64 standingHalts = _requireNotPaused();
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        // Check: a licensed professional at an open site, the pharmacy's lock, the window, no halt, the next ordinal.
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(
                    handover.member,
                    attestation,
                    PrescriptionHashing.dispense(id, handover, stock, attestation.deadline)
                );
        _requireDutyAt(handover.member, operator, Duties.DISPENSE, handover.site);
        _checkOrdinal(id, word, handover.ordinal);
        uint32 at = _checkHandover(id, prescription, handover, word);
        if (standingHalts != 0) _checkHalts(id, prescription, word, at);
        // Check and effect: fill, interval and units, in one word.
        (StateWord next, PrescriptionState.Fault fault) = word.dispensed(prescription, handover, at, _now());
        if (fault != PrescriptionState.Fault.None) _explain(id, prescription, handover, word, fault);
        _record(id, handover, at, stock);
        // Log.
        _logDispensed(id, handover, operator, at, next.isCompleted());
        _advance(id, word, next);
        // Effect elsewhere: the stock, all or nothing.
        if (stock.length == 0) return;
        if (address(STOCK) == address(0)) revert DispenseStockUnsupported(id);
        STOCK.takeDispensed(id, handover.ordinal, handover.member, handover.site, handover.units, at, stock);
    }

    // ── holder ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IPrescriptionOrders
    function release(
        Prescription calldata prescription,
        uint16 lockCount,
        HolderSignature calldata authorisation
    ) external {
        PrescriptionId id = prescription.idOf();
        StateWord word = _stateOf(id);
        // Check: this lock runs, nothing was dispensed under it, and the holder signed.
        (uint32 member, uint16 site) = (word.lockMember(), word.lockSite());
        if (!word.lockRuns(block.timestamp) || word.lockCount() != lockCount) {
            revert PrescriptionLockNotHeld(id, member, site, lockCount);
        }
        if (word.lockUsed()) revert PrescriptionLockUsed(id, lockCount);
        bytes32 structHash = PrescriptionHashing.release(id, lockCount, authorisation.deadline);
        _checkHolder(id, prescription.holder, structHash, authorisation);
        // Log and effect.
        emit PrescriptionReleased(id, member, site, lockCount);
        _advance(id, word, word.unlocked(_now()));
    }

    /// @inheritdoc IPrescriptionOrders
    function cancelByHolder(Prescription calldata prescription, HolderSignature calldata authorisation) external {
        PrescriptionId id = prescription.idOf();
        // Check: the holder signed.
        bytes32 structHash = PrescriptionHashing.holderCancel(id, authorisation.deadline);
        _checkHolder(id, prescription.holder, structHash, authorisation);
        // Effect and log.
        _cancel(id, 0);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Revert unless the sender stands at the counter of an open site whose member may itself dispense.
    function _requirePharmacy(uint32 member, uint16 site) private view {
        MemberWord word = _requireDutyAt(member, _sender(), AT_THE_COUNTER, site);
        if (word.exercisable(block.timestamp) & Duties.DISPENSE != 0) return;
        if (word.permitted() & Duties.DISPENSE == 0) revert DutyNotPermitted(member, Duties.DISPENSE);
        revert DutySuspendedForMember(member, Duties.DISPENSE, word.suspendedUntil());
    }

    function _checkAcceptance(
        PrescriptionId id,
        Prescription calldata terms,
        Acceptance memory acceptance,
        StateWord word
    ) private view {
        uint16 count = word.lockCount();
        if (count == type(uint16).max) revert PrescriptionLocksExhausted(id);
        if (acceptance.lockCount != count + 1) {
            revert PrescriptionLockCountWrong(id, acceptance.lockCount, count + 1);
        }
        uint256 latest = block.timestamp + LOCK_MAX;
        (uint8 fill, uint32 until) = (acceptance.fill, acceptance.lockedUntil);
        if (until <= block.timestamp || until > latest) revert PrescriptionLockOutOfRange(id, until, uint32(latest));
        uint40 left = word.unitsLeft();
        if (fill == word.fill() && left != 0) return;
        // The next fill, once the current one was begun and where its interval ends within the lock.
        if (fill != uint256(word.fill()) + 1 || fill > terms.fills || !word.fillBegun()) {
            revert PrescriptionFillWrong(id, fill, word.fillDue());
        }
        uint256 notBefore = uint256(word.fillOpenedAt()) + terms.interval;
        if (until <= notBefore) revert PrescriptionIntervalRunning(id, fill, uint32(notBefore));
    }

    /// @dev The second of hand-over: now under a running lock, or within the last lock for an outage entry.
    function _checkHandover(
        PrescriptionId id,
        Prescription calldata terms,
        Dispense memory handover,
        StateWord word
    ) private view returns (uint32 at) {
        at = handover.handedOverAt;
        bool held = _isHeld(word, handover);
        if (at == 0) {
            // Check: open under a running lock, which keeps a cancellation waiting, and within the window.
            if (!held || !word.isOpen() || !word.lockRuns(block.timestamp)) {
                _checkOpen(id, word);
                _refuseLock(id, handover);
            }
            _checkWindow(id, terms);
            return _now();
        }
        // Check: an outage entry, also after a cancellation or replacement that came later than the hand-over.
        if (!word.isOpen()) _checkClosedLater(id, word.status());
        if (!held) _refuseLock(id, handover);
        bool early = at < word.lockedAt() || at < terms.validFrom || uint256(at) + OUTAGE_MAX < block.timestamp;
        bool late = at > word.lockedUntil() || at >= terms.validUntil || at > block.timestamp;
        if (early || late) _refuseHandover(id, terms, at, word);
    }

    function _isHeld(StateWord word, Dispense memory handover) private pure returns (bool) {
        return word.lockIs(handover.member, handover.site, handover.lockCount);
    }

    /// @dev Revert with the seconds between which the hand-over may lie.
    function _refuseHandover(PrescriptionId id, Prescription calldata terms, uint32 at, StateWord word) private view {
        uint256 earliest = Math.max(Math.max(word.lockedAt(), terms.validFrom), block.timestamp - OUTAGE_MAX);
        uint256 latest = Math.min(Math.min(word.lockedUntil(), terms.validUntil - 1), block.timestamp);
        revert PrescriptionHandoverOutOfRange(id, at, uint32(earliest), uint32(latest));
    }

    function _refuseLock(PrescriptionId id, Dispense memory handover) private pure {
        revert PrescriptionLockNotHeld(id, handover.member, handover.site, handover.lockCount);
    }

    function _checkClosedLater(PrescriptionId id, Status status) private pure {
        if (status != Status.Cancelled && status != Status.Replaced) revert PrescriptionStatusWrong(id, status);
    }

    function _record(PrescriptionId id, Dispense memory handover, uint32 at, bytes calldata stock) private {
        RecordWord entry = DispenseRecords.pack(
            handover.member,
            handover.site,
            handover.fill,
            handover.units,
            _now(),
            at
        );
        if (stock.length != 0) entry = entry.withStock(_stockHash(stock));
        PrescriptionStorage.layout().records[id][handover.ordinal] = entry;
    }

    function _logDispensed(
        PrescriptionId id,
        Dispense memory handover,
        bytes32 operator,
        uint32 at,
        bool completed
    ) private {
        emit PrescriptionDispensed(
            id,
            handover.member,
            handover.site,
            operator,
            handover.ordinal,
            handover.fill,
            handover.units,
            at,
            handover.commitment,
            completed
        );
    }

    /// @dev Revert with what did not fit.
    function _explain(
        PrescriptionId id,
        Prescription calldata terms,
        Dispense memory handover,
        StateWord word,
        PrescriptionState.Fault fault
    ) private view {
        if (fault == PrescriptionState.Fault.Fill) revert PrescriptionFillWrong(id, handover.fill, word.lockFill());
        if (fault == PrescriptionState.Fault.Interval) {
            uint256 notBefore = uint256(word.fillOpenedAt()) + terms.interval;
            revert PrescriptionIntervalRunning(id, handover.fill, uint32(notBefore));
        }
        if (fault == PrescriptionState.Fault.Handover) {
            revert PrescriptionHandoverOutOfRange(id, handover.handedOverAt, word.fillOpenedAt(), _now());
        }
        uint40 left = word.lockNext() ? terms.unitsPerFill : word.unitsLeft();
        revert PrescriptionUnitsExceeded(id, handover.fill, handover.units, left);
    }
}
