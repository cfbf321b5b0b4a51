// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {AuthorityWords, MemberWord, OperatorWord} from "../core/AuthorityWords.sol";
import {Duties, Sectors} from "../core/Duties.sol";
import {IMemberSupervision} from "./IMemberRegistry.sol";
import {MemberGuards} from "./MemberGuards.sol";
import {MemberStorage} from "./MemberStorage.sol";

/// @title MemberSupervision
/// @notice The extension of MemberRegistry, in which authorities license operators and regulators suspend duties.
contract MemberSupervision is IMemberSupervision, MemberGuards {
    /// @notice Longest suspension before governance ratifies it.
    uint32 public constant SUSPENSION_MAX = 30 days;

    /// @notice Length of the period in which a regulator's suspensions are counted.
    uint32 public constant SUSPENSION_PERIOD = 1 days;

    /// @notice Members that one regulator may suspend in a period.
    uint32 public constant MEMBERS_SUSPENDED_MAX = 5;

    /// @notice Operators that one regulator may suspend in a period.
    uint32 public constant OPERATORS_SUSPENDED_MAX = 100;

    uint256 private constant LICENSOR_BITS = 32;

    // ── governance ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IMemberSupervision
    function setLicensingAuthority(uint32 authority, uint32 duties, uint32 successor) external restricted {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        // Check: a regulator with professional duties, or the end of any authority; a successor that can license.
        if (duties & ~Duties.PROFESSIONAL != 0) revert LicenceBeyondMask(authority, duties & ~Duties.PROFESSIONAL);
        if (duties != 0) _checkRegulator(authority);
        if (successor == authority) revert MemberSuccessorInvalid(authority, successor);
        if (successor != 0) _checkRegulator(successor);
        // Log and effect.
        emit LicensingAuthoritySet(authority, $.authorities[authority].duties, duties, successor);
        $.authorities[authority] = MemberStorage.Authority({duties: duties, successor: successor});
    }

    /// @inheritdoc IMemberSupervision
    function ratifySuspension(uint32 member, SuspensionCause cause, uint32 until) external restricted {
        MemberStorage.Suspension storage suspension = MemberStorage.layout().suspensions[member][cause];
        // Check: there is a suspension to answer; the end is ahead.
        if (suspension.until == 0) revert SuspensionUnknown(member, cause);
        if (until <= block.timestamp) revert SuspensionOutOfRange(until, type(uint32).max);
        // Effect and log: governance's end replaces the regulator's.
        (suspension.until, suspension.ratified) = (until, true);
        emit MemberSuspensionRatified(member, cause, suspension.duties, until);
        _refreshSuspension(member);
    }

    /// @inheritdoc IMemberSupervision
    function liftSuspension(uint32 member, SuspensionCause cause) external restricted {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        uint32 duties = $.suspensions[member][cause].duties;
        if (duties == 0) revert SuspensionUnknown(member, cause);
        // Effect and log.
        delete $.suspensions[member][cause];
        emit MemberSuspensionLifted(member, cause, duties);
        _refreshSuspension(member);
    }

    /// @inheritdoc IMemberSupervision
    function liftOperatorSuspension(uint32 member, bytes32 key) external restricted {
        bytes32 operator = _currentKey(member, key);
        MemberStorage.Layout storage $ = MemberStorage.layout();
        OperatorWord word = $.operators[member][operator];
        uint32 duties = word.suspended() & ~AuthorityWords.RETIRED;
        // Check: something is suspended.
        if (duties == 0) revert OperatorDutiesInvalid(member, operator, duties);
        // Effect and log.
        $.operators[member][operator] = word.withSuspended(word.suspended() & AuthorityWords.RETIRED, 0);
        emit OperatorSuspensionLifted(member, operator, duties);
    }

    // ── authorities ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IMemberSupervision
    function license(uint32 authority, Licence calldata licence) external whenNotPaused {
        _requireDuty(authority, Duties.LICENSE);
        _license(authority, licence);
    }

    /// @inheritdoc IMemberSupervision
    function licenseBatch(uint32 authority, Licence[] calldata licences) external whenNotPaused {
        _requireDuty(authority, Duties.LICENSE);
        _checkBatch(licences.length);
        for (uint256 i; i < licences.length; ++i) {
            _license(authority, licences[i]);
        }
    }

    /// @inheritdoc IMemberSupervision
    function revokeLicence(uint32 authority, uint32 member, bytes32 key, uint32 duties) external {
        bytes32 operator = _currentKey(member, key);
        _requireDuty(authority, Duties.LICENSE);
        MemberStorage.Layout storage $ = MemberStorage.layout();
        OperatorWord word = $.operators[member][operator];
        uint256 licensors = $.licensors[member][operator];
        if (duties == 0 || duties & ~Duties.PROFESSIONAL != 0) revert OperatorDutiesInvalid(member, operator, duties);
        for (uint256 index; duties >> index != 0; ++index) {
            if (duties & (1 << index) == 0) continue;
            // Check: this authority gave it, or succeeds the one that did.
            uint32 licensor = _licensor(licensors, index);
            if (licensor == 0) revert LicenceUnknown(member, operator, uint32(1 << index));
            if (!_administers($, authority, licensor)) {
                revert LicenceOfOther(authority, operator, uint32(1 << index), licensor);
            }
            // Effect: no licensed day is left.
            word = word.withLicence(index, 0);
        }
        $.operators[member][operator] = word;
        // Log.
        emit OperatorLicenceRevoked(member, operator, authority, duties);
    }

    // ── regulators ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IMemberSupervision
    function suspendOperator(uint32 regulator, uint32 member, bytes32 key, uint32 duties) external {
        bytes32 operator = _currentKey(member, key);
        _checkSupervision(regulator, member, operator, duties);
        if (_activeProfile(member).sectors & Sectors.REGULATOR != 0) revert SuspensionOfRegulator(member);
        if (operator == 0) revert OperatorKeyInvalid(operator);
        MemberStorage.Rate storage rate = _openPeriod(regulator);
        if (rate.operatorsSuspended >= OPERATORS_SUSPENDED_MAX) {
            revert SuspensionRateExceeded(regulator, rate.periodEnd);
        }
        // Effect and log: also for a key that is not appointed, so that a dismissal does not outrun it.
        ++rate.operatorsSuspended;
        MemberStorage.Layout storage $ = MemberStorage.layout();
        OperatorWord word = $.operators[member][operator];
        bool shared = word.suspended() != 0 && word.suspender() != regulator;
        $.operators[member][operator] = word.withSuspended(
            word.suspended() | duties,
            shared ? AuthorityWords.SEVERAL : regulator
        );
        emit OperatorDutiesSuspended(member, operator, regulator, duties);
    }

    /// @inheritdoc IMemberSupervision
    function restoreOperator(uint32 regulator, uint32 member, bytes32 key, uint32 duties) external {
        bytes32 operator = _currentKey(member, key);
        _checkSupervision(regulator, member, operator, duties);
        MemberStorage.Layout storage $ = MemberStorage.layout();
        OperatorWord word = $.operators[member][operator];
        // Check: all of it is suspended, by this regulator.
        if (duties & ~word.suspended() != 0) revert OperatorDutiesInvalid(member, operator, duties & ~word.suspended());
        if (word.suspender() != regulator) revert SuspensionOfOther(member, operator, word.suspender());
        // Effect and log.
        $.operators[member][operator] = word.withSuspended(word.suspended() & ~duties, regulator);
        emit OperatorDutiesRestored(member, operator, regulator, duties);
    }

    /// @inheritdoc IMemberSupervision
    function suspendMember(
        uint32 regulator,
        uint32 member,
        uint32 duties,
        uint32 until,
        SuspensionCause cause
    ) external {
        _requireDuty(regulator, Duties.INSPECT);
        MemberStorage.Suspension storage suspension = MemberStorage.layout().suspensions[member][cause];
        // Check: a bounded suspension of somebody else than a regulator, with a cause that is not spent.
        if (_activeProfile(member).sectors & Sectors.REGULATOR != 0) revert SuspensionOfRegulator(member);
        uint32 unknown = duties & ~(Duties.ALL | Duties.ADMINISTER | Duties.RECEIVE);
        if (duties == 0 || unknown != 0) revert MemberFieldInvalid(member, "duties");
        if (cause == SuspensionCause.Unspecified) revert SuspensionCauseMissing(member);
        bool answered = suspension.ratified && block.timestamp >= suspension.until;
        if (suspension.until != 0 && !answered) revert SuspensionRepeated(member, cause);
        uint256 latest = block.timestamp + SUSPENSION_MAX;
        if (until <= block.timestamp || until > latest) revert SuspensionOutOfRange(until, SafeCast.toUint32(latest));
        MemberStorage.Rate storage rate = _openPeriod(regulator);
        if (rate.membersSuspended >= MEMBERS_SUSPENDED_MAX) revert SuspensionRateExceeded(regulator, rate.periodEnd);
        // Effect and log.
        ++rate.membersSuspended;
        (suspension.duties, suspension.until, suspension.ratified) = (duties, until, false);
        emit MemberSuspended(member, regulator, cause, duties, until);
        _refreshSuspension(member);
    }

    /// @inheritdoc IMemberSupervision
    function refreshSuspension(uint32 member) external {
        _activeProfile(member);
        _refreshSuspension(member);
    }

    // ── reads ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IMemberSupervision
    function suspensionOf(uint32 member, SuspensionCause cause) external view returns (Suspension memory) {
        MemberStorage.Suspension storage suspension = MemberStorage.layout().suspensions[member][cause];
        return Suspension({duties: suspension.duties, until: suspension.until, ratified: suspension.ratified});
    }

    /// @inheritdoc IMemberSupervision
    function licensorOf(uint32 member, bytes32 operator, uint32 duty) external view returns (uint32 authority) {
        uint256 licensors = MemberStorage.layout().licensors[member][operator];
        for (uint256 index; index < 8; ++index) {
            if (duty == 1 << index) return _licensor(licensors, index);
        }
        return 0;
    }

    /// @inheritdoc IMemberSupervision
    function originOf(uint32 member, bytes32 operator) external view returns (bytes32 origin) {
        return MemberStorage.originOf(member, operator);
    }

    /// @inheritdoc IMemberSupervision
    function licensingAuthorityOf(uint32 authority) external view returns (uint32 duties, uint32 successor) {
        MemberStorage.Authority storage entry = MemberStorage.layout().authorities[authority];
        return (entry.duties, entry.successor);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _license(uint32 authority, Licence calldata licence) private {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        (uint32 member, bytes32 operator, uint32 duties) = (licence.member, licence.operator, licence.duties);
        // Check: an active member, a key, duties within the mask, a day that is not over.
        if (!$.members[member].isActive()) revert MemberNotActive(member);
        if (operator == 0) revert OperatorKeyInvalid(operator);
        if (member == authority || $.profiles[member].group == $.profiles[authority].group) {
            revert LicenceOfOwn(authority, member);
        }
        uint32 refused = duties & ~$.authorities[authority].duties;
        if (duties == 0 || refused != 0) revert LicenceBeyondMask(authority, refused);
        uint16 today = SafeCast.toUint16(block.timestamp / 1 days);
        if (licence.throughDay < today) revert LicenceDayPast(operator, licence.throughDay, today);

        if ($.operators[member][operator].isRetired()) revert OperatorKeyRetired(member, operator);
        // Effect and log.
        for (uint256 index; duties >> index != 0; ++index) {
            if (duties & (1 << index) != 0) _licenseDuty($, authority, licence, index, today);
        }
        emit OperatorLicensed(member, operator, authority, duties, licence.throughDay);
    }

    /// @dev License one duty, unless the licence of another authority still runs.
    function _licenseDuty(
        MemberStorage.Layout storage $,
        uint32 authority,
        Licence calldata licence,
        uint256 index,
        uint16 today
    ) private {
        (uint32 member, bytes32 operator) = (licence.member, licence.operator);
        OperatorWord word = $.operators[member][operator];
        uint256 licensors = $.licensors[member][operator];
        // Check: a licence that runs is its licensor's to change.
        uint32 licensor = _licensor(licensors, index);
        if (word.licensedThrough(index) >= today && !_administers($, authority, licensor)) {
            revert LicenceOfOther(authority, operator, uint32(1 << index), licensor);
        }
        // Effect: the licence and who gave it.
        uint256 shift = index * LICENSOR_BITS;
        uint256 others = licensors & ~(uint256(type(uint32).max) << shift);
        $.operators[member][operator] = word.withLicence(index, licence.throughDay);
        $.licensors[member][operator] = others | (uint256(authority) << shift);
    }

    /// @dev The key that an operator has now, however often it was replaced. A regulator names the key it knows; a
    /// replacement in the same block must not outrun it.
    function _currentKey(uint32 member, bytes32 key) private view returns (bytes32) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        if (!$.operators[member][key].isRetired()) return key;
        return $.replacements[member][MemberStorage.originOf(member, key)];
    }

    /// @dev An INSPECT operator of the regulator, or its LICENSE operator for duties within its mask.
    function _checkSupervision(uint32 regulator, uint32 member, bytes32 operator, uint32 duties) private view {
        uint32 mask = MemberStorage.layout().authorities[regulator].duties;
        bool withinMask = duties & ~mask == 0;
        _requireDuty(regulator, withinMask ? Duties.INSPECT | Duties.LICENSE : Duties.INSPECT);
        if (duties == 0 || duties & ~Duties.ALL != 0) revert OperatorDutiesInvalid(member, operator, duties);
    }

    /// @dev Whether `authority` gave the licence or is the named successor of the one that did.
    function _administers(
        MemberStorage.Layout storage $,
        uint32 authority,
        uint32 licensor
    ) private view returns (bool) {
        return licensor == authority || (licensor != 0 && $.authorities[licensor].successor == authority);
    }

    /// @dev The regulator's counters, started anew when their period is over.
    function _openPeriod(uint32 regulator) private returns (MemberStorage.Rate storage rate) {
        rate = MemberStorage.layout().rates[regulator];
        if (block.timestamp >= rate.periodEnd) {
            rate.periodEnd = SafeCast.toUint32(block.timestamp + SUSPENSION_PERIOD);
            rate.membersSuspended = 0;
            rate.operatorsSuspended = 0;
        }
    }

    /// @dev The member's word from all causes that run: their duties together, until the last of them ends.
    function _refreshSuspension(uint32 member) private {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        (uint32 duties, uint32 until) = (0, 0);
        for (uint8 cause; cause <= uint8(type(SuspensionCause).max); ++cause) {
            MemberStorage.Suspension storage suspension = $.suspensions[member][SuspensionCause(cause)];
            if (block.timestamp >= suspension.until) continue;
            duties |= suspension.duties;
            if (suspension.until > until) until = suspension.until;
        }
        MemberWord word = $.members[member];
        $.members[member] = AuthorityWords.packMember(word.admin(), word.permitted(), duties, until);
        emit MemberSuspensionChanged(member, duties, until);
    }

    function _checkRegulator(uint32 member) private view {
        if (_activeProfile(member).sectors & Sectors.REGULATOR == 0) revert MemberFieldInvalid(member, "sectors");
    }

    function _licensor(uint256 licensors, uint256 index) private pure returns (uint32) {
        return uint32(licensors >> (index * LICENSOR_BITS));
    }
}
