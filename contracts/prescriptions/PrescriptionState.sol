// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPrescriptionTypes} from "./IPrescriptionRegistry.sol";

/// @notice The state of one prescription in one slot. Low to high: status 4, cancelPending 1, lockUsed 1, lockNext 1, fillBegun 1,
/// unitsLeft 40, fill 8, fillOpenedAt 32, lockMember 32, lockSite 16, lockedAt 32, lockedUntil 32, lockCount 16,
/// dispenses 8, issuedAt 32. See {IPrescriptionTypes.State}.
type StateWord is uint256;

using PrescriptionState for StateWord global;

/// @title PrescriptionState
/// @notice The life cycle of a prescription as pure functions from word to word: what may follow what, never who may.
library PrescriptionState {
    uint256 private constant STATUS = 0;
    uint256 private constant CANCEL_PENDING = 4;
    uint256 private constant LOCK_USED = 5;
    uint256 private constant LOCK_NEXT = 6;
    uint256 private constant FILL_BEGUN = 7;
    uint256 private constant UNITS_LEFT = 8;
    uint256 private constant FILL = 48;
    uint256 private constant FILL_OPENED_AT = 56;
    uint256 private constant LOCK_MEMBER = 88;
    uint256 private constant LOCK_SITE = 120;
    uint256 private constant LOCKED_AT = 136;
    uint256 private constant LOCKED_UNTIL = 168;
    uint256 private constant LOCK_COUNT = 200;
    uint256 private constant DISPENSES = 216;
    uint256 private constant ISSUED_AT = 224;

    uint256 private constant MASK_4 = 0xf;
    uint256 private constant MASK_8 = type(uint8).max;
    uint256 private constant MASK_16 = type(uint16).max;
    uint256 private constant MASK_32 = type(uint32).max;
    uint256 private constant MASK_40 = type(uint40).max;

    /// @dev Everything of a lock but its counter: flags, member, site, begin and end.
    uint256 private constant LOCK_MASK =
        (1 << LOCK_USED) |
            (1 << LOCK_NEXT) |
            (MASK_32 << LOCK_MEMBER) |
            (MASK_16 << LOCK_SITE) |
            (MASK_32 << LOCKED_AT) |
            (MASK_32 << LOCKED_UNTIL);

    /// @dev What names a lock: member, site and counter.
    uint256 private constant LOCK_NAME_MASK =
        (MASK_32 << LOCK_MEMBER) | (MASK_16 << LOCK_SITE) | (MASK_16 << LOCK_COUNT);

    /// @dev What a renewal keeps of a lock.
    uint256 private constant LOCK_USED_MASK = 1 << LOCK_USED;
    uint256 private constant LOCKED_AT_MASK = MASK_32 << LOCKED_AT;

    /// @dev The current fill, when it was opened, and whether the lock is for the next.
    uint256 private constant FILL_MASK = (MASK_8 << FILL) | (MASK_32 << FILL_OPENED_AT) | (1 << LOCK_NEXT);

    // ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    function status(StateWord word) internal pure returns (IPrescriptionTypes.Status) {
        return IPrescriptionTypes.Status(_get(word, STATUS, MASK_4));
    }

    function isIssued(StateWord word) internal pure returns (bool) {
        return StateWord.unwrap(word) & MASK_4 != 0;
    }

    function isOpen(StateWord word) internal pure returns (bool) {
        return StateWord.unwrap(word) & MASK_4 == uint256(IPrescriptionTypes.Status.Open);
    }

    function isCompleted(StateWord word) internal pure returns (bool) {
        return StateWord.unwrap(word) & MASK_4 == uint256(IPrescriptionTypes.Status.Completed);
    }

    function hasStatusOf(StateWord word, StateWord other) internal pure returns (bool) {
        return (StateWord.unwrap(word) ^ StateWord.unwrap(other)) & MASK_4 == 0;
    }

    function cancelPending(StateWord word) internal pure returns (bool) {
        return _get(word, CANCEL_PENDING, 1) != 0;
    }

    function lockUsed(StateWord word) internal pure returns (bool) {
        return _get(word, LOCK_USED, 1) != 0;
    }

    function lockNext(StateWord word) internal pure returns (bool) {
        return _get(word, LOCK_NEXT, 1) != 0;
    }

    function fillBegun(StateWord word) internal pure returns (bool) {
        return _get(word, FILL_BEGUN, 1) != 0;
    }

    function unitsLeft(StateWord word) internal pure returns (uint40) {
        return uint40(_get(word, UNITS_LEFT, MASK_40));
    }

    function fill(StateWord word) internal pure returns (uint8) {
        return uint8(_get(word, FILL, MASK_8));
    }

    function fillOpenedAt(StateWord word) internal pure returns (uint32) {
        return uint32(_get(word, FILL_OPENED_AT, MASK_32));
    }

    function lockMember(StateWord word) internal pure returns (uint32) {
        return uint32(_get(word, LOCK_MEMBER, MASK_32));
    }

    function lockSite(StateWord word) internal pure returns (uint16) {
        return uint16(_get(word, LOCK_SITE, MASK_16));
    }

    function lockedAt(StateWord word) internal pure returns (uint32) {
        return uint32(_get(word, LOCKED_AT, MASK_32));
    }

    function lockedUntil(StateWord word) internal pure returns (uint32) {
        return uint32(_get(word, LOCKED_UNTIL, MASK_32));
    }

    function lockCount(StateWord word) internal pure returns (uint16) {
        return uint16(_get(word, LOCK_COUNT, MASK_16));
    }

    function dispenses(StateWord word) internal pure returns (uint8) {
        return uint8(_get(word, DISPENSES, MASK_8));
    }

    function issuedAt(StateWord word) internal pure returns (uint32) {
        return uint32(_get(word, ISSUED_AT, MASK_32));
    }

    /// @dev Whether a lock runs at `timestamp`, its member's and site's standing left aside.
    function lockRuns(StateWord word, uint256 timestamp) internal pure returns (bool) {
        return lockMember(word) != 0 && timestamp < lockedUntil(word);
    }

    /// @dev Whether exactly this lock was the last one, running or not.
    function lockIs(StateWord word, uint32 member, uint16 site, uint16 count) internal pure returns (bool) {
        uint256 lock = (uint256(member) << LOCK_MEMBER) | (uint256(site) << LOCK_SITE) | (uint256(count) << LOCK_COUNT);
        return StateWord.unwrap(word) & LOCK_NAME_MASK == lock && member != 0;
    }

    /// @dev Whether a pending cancellation took effect: no lock runs any more.
    function cancellationEffective(StateWord word, uint256 timestamp) internal pure returns (bool) {
        return cancelPending(word) && isOpen(word) && !lockRuns(word, timestamp);
    }

    /// @dev The word as the I-file's struct.
    function unpack(StateWord word) internal pure returns (IPrescriptionTypes.State memory) {
        return
            IPrescriptionTypes.State({
                status: status(word),
                cancelPending: cancelPending(word),
                lockUsed: lockUsed(word),
                lockNext: lockNext(word),
                fillBegun: fillBegun(word),
                unitsLeft: unitsLeft(word),
                fill: fill(word),
                fillOpenedAt: fillOpenedAt(word),
                lockMember: lockMember(word),
                lockSite: lockSite(word),
                lockedAt: lockedAt(word),
                lockedUntil: lockedUntil(word),
                lockCount: lockCount(word),
                dispenses: dispenses(word),
                issuedAt: issuedAt(word)
            });
    }

    /// @dev The fill that the last lock is for.
    function lockFill(StateWord word) internal pure returns (uint8) {
        return lockNext(word) ? fill(word) + 1 : fill(word);
    }

    /// @dev The fill that a lock may be taken for: the current one while units of it are left, else the next.
    /// Once the current one was begun, the next may be chosen too.
    function fillDue(StateWord word) internal pure returns (uint8) {
        return unitsLeft(word) == 0 ? fill(word) + 1 : fill(word);
    }

    // ── transitions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Issued now: the first fill stands whole and unopened.
    function issued(
        IPrescriptionTypes.Status status_,
        uint40 unitsPerFill,
        uint32 timestamp
    ) internal pure returns (StateWord) {
        return
            StateWord.wrap(
                (uint256(status_) << STATUS) |
                    (uint256(unitsPerFill) << UNITS_LEFT) |
                    (uint256(1) << FILL) |
                    (uint256(timestamp) << ISSUED_AT)
            );
    }

    function withStatus(StateWord word, IPrescriptionTypes.Status status_) internal pure returns (StateWord) {
        return _set(word, STATUS, MASK_4, uint256(status_));
    }

    /// @dev A cancellation waits for the lock's end, or for the withdrawal that would open a completed prescription.
    function withCancellation(StateWord word) internal pure returns (StateWord) {
        return _set(word, CANCEL_PENDING, 1, 1);
    }

    /// @dev Closed for good as cancelled or replaced. The last lock ends now and stays on record.
    function closed(
        StateWord word,
        IPrescriptionTypes.Status status_,
        uint32 timestamp
    ) internal pure returns (StateWord) {
        return withStatus(_set(_lockEnded(word, timestamp), CANCEL_PENDING, 1, 0), status_);
    }

    /// @dev A new lock under the next number. A renewal by the holder of the running lock keeps its begin and its use.
    function locked(
        StateWord word,
        IPrescriptionTypes.Acceptance memory acceptance,
        uint32 timestamp,
        bool renewal
    ) internal pure returns (StateWord) {
        uint256 raw = StateWord.unwrap(word);
        uint256 kept = renewal ? LOCK_USED_MASK | LOCKED_AT_MASK : 0;
        uint256 next = acceptance.fill == fill(word) ? 0 : 1;
        raw = (raw & ~(LOCK_MASK | (MASK_16 << LOCK_COUNT))) | (raw & kept);
        if (!renewal) raw |= uint256(timestamp) << LOCKED_AT;
        raw |= next << LOCK_NEXT;
        raw |= uint256(acceptance.member) << LOCK_MEMBER;
        raw |= uint256(acceptance.site) << LOCK_SITE;
        raw |= uint256(acceptance.lockedUntil) << LOCKED_UNTIL;
        return StateWord.wrap(raw | (uint256(acceptance.lockCount) << LOCK_COUNT));
    }

    /// @dev The pharmacy gave the lock back: nothing was handed over that is not recorded, so nothing of it stays.
    function returned(StateWord word, uint32 timestamp) internal pure returns (StateWord) {
        if (status(word) == IPrescriptionTypes.Status.Open && cancelPending(word)) {
            word = closed(word, IPrescriptionTypes.Status.Cancelled, timestamp);
        }
        return StateWord.wrap(StateWord.unwrap(word) & ~LOCK_MASK);
    }

    /// @dev The lock ended by release or use; member, site and begin stay for an entry of what was handed over before. A
    /// pending cancellation takes effect.
    function unlocked(StateWord word, uint32 timestamp) internal pure returns (StateWord) {
        bool cancels = cancelPending(word) && status(word) == IPrescriptionTypes.Status.Open;
        return cancels ? closed(word, IPrescriptionTypes.Status.Cancelled, timestamp) : _lockEnded(word, timestamp);
    }

    /// @dev Units of the lock's fill are handed over; opens the fill where it is due. When the fill is spent its lock ends,
    /// and after the last fill the prescription is completed. A cancelled or replaced one keeps its status.
    /// @param at Second of hand-over.
    /// @param timestamp Now.
    function dispensed(
        StateWord word,
        IPrescriptionTypes.Prescription calldata terms,
        IPrescriptionTypes.Dispense memory handover,
        uint32 at,
        uint32 timestamp
    ) internal pure returns (StateWord next, Fault fault) {
        // Unchecked: sums of 32-bit fields, and a subtraction after its comparison.
        unchecked {
            uint256 raw = StateWord.unwrap(word);
            uint256 next_ = (raw >> LOCK_NEXT) & 1;
            uint256 fill_ = handover.fill;
            uint256 left = (raw >> UNITS_LEFT) & MASK_40;
            uint256 openedAt = (raw >> FILL_OPENED_AT) & MASK_32;
            if (fill_ != ((raw >> FILL) & MASK_8) + next_) return (word, Fault.Fill);
            if (next_ == 1) {
                // What is left of the current fill lapses.
                if (at < openedAt + terms.interval) return (word, Fault.Interval);
                (left, openedAt) = (terms.unitsPerFill, at);
            } else {
                // No part lies before its fill was begun; a fill of which nothing stands begins now.
                if (at < openedAt) return (word, Fault.Handover);
                if (!fillBegun(word)) openedAt = at;
            }
            uint256 units = handover.units;
            if (units == 0 || units > left) return (word, Fault.Units);
            raw = (raw & ~FILL_MASK) | (fill_ << FILL) | (openedAt << FILL_OPENED_AT) | (1 << FILL_BEGUN);
            return (recorded(StateWord.wrap(raw), uint40(left - units), terms.fills, timestamp), Fault.None);
        }
    }

    /// @dev The next ordinal is given and so many units of the current fill are left. An entry after a cancellation took
    /// effect settles it. The caller made sure that an ordinal is free, so that the counter cannot run over.
    function recorded(StateWord word, uint40 left, uint8 fills, uint32 timestamp) internal pure returns (StateWord) {
        uint256 raw = StateWord.unwrap(word) & ~(MASK_40 << UNITS_LEFT);
        unchecked {
            word = StateWord.wrap((raw | (uint256(left) << UNITS_LEFT) | (1 << LOCK_USED)) + (1 << DISPENSES));
        }
        if (!isOpen(word)) return word;
        bool cancels = cancellationEffective(word, timestamp);
        if (cancels) return closed(word, IPrescriptionTypes.Status.Cancelled, timestamp);
        if (left != 0) return word;
        if (fill(word) < fills) return unlocked(word, timestamp);
        return withStatus(_lockEnded(word, timestamp), IPrescriptionTypes.Status.Completed);
    }

    /// @dev Units of a withdrawn record of the current fill come back, and the fill counts from its earliest hand-over that
    /// stands. A completed prescription opens again, or is cancelled if that was ordered.
    /// @param beginning That hand-over's second, 0 when none stands: then the lock is unused too.
    function withdrawn(
        StateWord word,
        uint40 units,
        uint32 beginning,
        uint32 timestamp
    ) internal pure returns (StateWord) {
        word = _set(word, UNITS_LEFT, MASK_40, uint256(unitsLeft(word)) + units);
        if (beginning != 0) word = _set(word, FILL_OPENED_AT, MASK_32, beginning);
        else word = _set(_set(word, FILL_BEGUN, 1, 0), LOCK_USED, 1, 0);
        if (status(word) != IPrescriptionTypes.Status.Completed) return word;
        if (cancelPending(word)) return closed(word, IPrescriptionTypes.Status.Cancelled, timestamp);
        return withStatus(word, IPrescriptionTypes.Status.Open);
    }

    /// @notice Why a hand-over does not fit.
    enum Fault {
        None,
        Handover,
        Fill,
        Interval,
        Units
    }

    function _lockEnded(StateWord word, uint32 timestamp) private pure returns (StateWord) {
        return lockedUntil(word) > timestamp ? _set(word, LOCKED_UNTIL, MASK_32, timestamp) : word;
    }

    function _get(StateWord word, uint256 shift, uint256 mask) private pure returns (uint256) {
        return (StateWord.unwrap(word) >> shift) & mask;
    }

    function _set(StateWord word, uint256 shift, uint256 mask, uint256 value) private pure returns (StateWord) {
        return StateWord.wrap((StateWord.unwrap(word) & ~(mask << shift)) | (value << shift));
    }
}
