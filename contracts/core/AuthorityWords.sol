// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDomainTypes} from "./IDomain.sol";

/// @notice One operator of one member. Low to high: duties 32, suspended 32, appointedUntil 32, suspender 32, then eight
/// licence ends of 16 bits, one per professional duty bit.
type OperatorWord is uint256;

/// @notice One member. Low to high: admin 160, permitted duties 32, suspended duties 32, suspendedUntil 32.
/// Permitted duties of zero mean: unknown or closed.
type MemberWord is uint256;

/// @notice One site of one member. Low to high: GLN 64, open 1.
type SiteWord is uint256;

/// @notice What kind of member it is. Low to high: status 8, sectors 16, sites 16, controlling group 32, successor 32; the first
/// slot of its profile.
type ProfileWord is uint256;

using AuthorityWords for OperatorWord global;
using AuthorityWords for MemberWord global;
using AuthorityWords for SiteWord global;
using AuthorityWords for ProfileWord global;

/// @title AuthorityWords
/// @notice The layout of the words that say who may do what, and the one rule that reads them.
library AuthorityWords {
    uint256 private constant SUSPENDED_SHIFT = 32;
    uint256 private constant APPOINTED_UNTIL_SHIFT = 64;
    uint256 private constant SUSPENDER_SHIFT = 96;
    uint256 private constant LICENCE_SHIFT = 128;
    uint256 private constant LICENCE_BITS = 16;
    uint256 private constant PERMITTED_SHIFT = 160;
    uint256 private constant MEMBER_SUSPENDED_SHIFT = 192;
    uint256 private constant SUSPENDED_UNTIL_SHIFT = 224;
    uint256 private constant OPEN_SHIFT = 64;
    uint256 private constant SECTORS_SHIFT = 8;
    uint256 private constant GROUP_SHIFT = 40;
    /// @dev IMemberTypes.MemberStatus.Active.
    uint256 private constant ACTIVE_STATUS = 1;
    uint256 private constant PROFESSIONAL_BITS = 0xff;

    /// @dev Set in an operator's suspended duties when a replacement left the key behind; never cleared.
    uint32 internal constant RETIRED = 1 << 31;

    /// @dev In place of a regulator where several ordered the same, so that governance alone undoes it; never a member's id.
    uint32 internal constant SEVERAL = type(uint32).max;

    // ── operator ────────────────────────────────────────────────────────────────────────────────────────────────────

    function duties(OperatorWord word) internal pure returns (uint32) {
        return uint32(OperatorWord.unwrap(word));
    }

    function suspended(OperatorWord word) internal pure returns (uint32) {
        return uint32(OperatorWord.unwrap(word) >> SUSPENDED_SHIFT);
    }

    function appointedUntil(OperatorWord word) internal pure returns (uint32) {
        return uint32(OperatorWord.unwrap(word) >> APPOINTED_UNTIL_SHIFT);
    }

    /// @dev The regulator whose suspension stands.
    function suspender(OperatorWord word) internal pure returns (uint32) {
        return uint32(OperatorWord.unwrap(word) >> SUSPENDER_SHIFT);
    }

    function isRetired(OperatorWord word) internal pure returns (bool) {
        return suspended(word) & RETIRED != 0;
    }

    /// @dev Last licensed day of the professional duty with bit number `index`.
    function licensedThrough(OperatorWord word, uint256 index) internal pure returns (uint16) {
        return uint16(OperatorWord.unwrap(word) >> (LICENCE_SHIFT + index * LICENCE_BITS));
    }

    function withAppointment(OperatorWord word, uint32 duties_, uint32 until) internal pure returns (OperatorWord) {
        uint256 kept =
            OperatorWord.unwrap(word) &
                ~(uint256(type(uint32).max) | (uint256(type(uint32).max) << APPOINTED_UNTIL_SHIFT));
        return OperatorWord.wrap(kept | duties_ | (uint256(until) << APPOINTED_UNTIL_SHIFT));
    }

    function withSuspended(
        OperatorWord word,
        uint32 suspended_,
        uint32 suspender_
    ) internal pure returns (OperatorWord) {
        uint256 mask = (uint256(type(uint32).max) << SUSPENDED_SHIFT) | (uint256(type(uint32).max) << SUSPENDER_SHIFT);
        uint256 kept = OperatorWord.unwrap(word) & ~mask;
        return
            OperatorWord.wrap(
                kept | (uint256(suspended_) << SUSPENDED_SHIFT) | (uint256(suspender_) << SUSPENDER_SHIFT)
            );
    }

    function withLicence(OperatorWord word, uint256 index, uint16 throughDay) internal pure returns (OperatorWord) {
        uint256 shift = LICENCE_SHIFT + index * LICENCE_BITS;
        uint256 kept = OperatorWord.unwrap(word) & ~(uint256(type(uint16).max) << shift);
        return OperatorWord.wrap(kept | (uint256(throughDay) << shift));
    }

    /// @dev The word with the licences of `source` in place of its own.
    function withLicencesOf(OperatorWord word, OperatorWord source) internal pure returns (OperatorWord) {
        uint256 licences = OperatorWord.unwrap(source) >> LICENCE_SHIFT;
        return OperatorWord.wrap(uint128(OperatorWord.unwrap(word)) | (licences << LICENCE_SHIFT));
    }

    // ── member ──────────────────────────────────────────────────────────────────────────────────────────────────────

    function admin(MemberWord word) internal pure returns (address) {
        return address(uint160(MemberWord.unwrap(word)));
    }

    function permitted(MemberWord word) internal pure returns (uint32) {
        return uint32(MemberWord.unwrap(word) >> PERMITTED_SHIFT);
    }

    function memberSuspended(MemberWord word) internal pure returns (uint32) {
        return uint32(MemberWord.unwrap(word) >> MEMBER_SUSPENDED_SHIFT);
    }

    function suspendedUntil(MemberWord word) internal pure returns (uint32) {
        return uint32(MemberWord.unwrap(word) >> SUSPENDED_UNTIL_SHIFT);
    }

    function isActive(MemberWord word) internal pure returns (bool) {
        return permitted(word) != 0;
    }

    /// @dev Duties that the member as a whole may exercise now.
    function exercisable(MemberWord word, uint256 timestamp) internal pure returns (uint32 mask) {
        mask = permitted(word);
        if (timestamp < suspendedUntil(word)) mask &= ~memberSuspended(word);
    }

    function packMember(
        address admin_,
        uint32 permitted_,
        uint32 suspended_,
        uint32 suspendedUntil_
    ) internal pure returns (MemberWord) {
        return
            MemberWord.wrap(
                uint160(admin_) |
                    (uint256(permitted_) << PERMITTED_SHIFT) |
                    (uint256(suspended_) << MEMBER_SUSPENDED_SHIFT) |
                    (uint256(suspendedUntil_) << SUSPENDED_UNTIL_SHIFT)
            );
    }

    // ── site ────────────────────────────────────────────────────────────────────────────────────────────────────────

    function gln(SiteWord word) internal pure returns (uint64) {
        return uint64(SiteWord.unwrap(word));
    }

    function isOpen(SiteWord word) internal pure returns (bool) {
        return SiteWord.unwrap(word) >> OPEN_SHIFT != 0;
    }

    function packSite(uint64 gln_, bool open) internal pure returns (SiteWord) {
        return SiteWord.wrap(gln_ | (open ? 1 << OPEN_SHIFT : 0));
    }

    // ── profile ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The sectors of an active member; none when it is unknown or closed.
    function activeSectors(ProfileWord word) internal pure returns (uint16) {
        uint256 raw = ProfileWord.unwrap(word);
        return uint8(raw) == ACTIVE_STATUS ? uint16(raw >> SECTORS_SHIFT) : 0;
    }

    /// @dev The controlling group, of a closed member too.
    function group(ProfileWord word) internal pure returns (uint32) {
        return uint32(ProfileWord.unwrap(word) >> GROUP_SHIFT);
    }

    // ── the rule ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Of the duties `asked`, those that the operator may exercise at `timestamp`: appointed, not suspended for it or
    /// its member, within the member's sectors, and licensed today where the duty is professional.
    function effective(
        OperatorWord operator,
        MemberWord member,
        uint32 asked,
        uint256 timestamp
    ) internal pure returns (uint32) {
        (uint256 word, uint256 memberWord) = (OperatorWord.unwrap(operator), MemberWord.unwrap(member));
        if (timestamp >= (word >> APPOINTED_UNTIL_SHIFT) & type(uint32).max) return 0;
        uint256 mask = word & ~(word >> SUSPENDED_SHIFT) & (memberWord >> PERMITTED_SHIFT) & asked;
        if (timestamp < memberWord >> SUSPENDED_UNTIL_SHIFT) mask &= ~(memberWord >> MEMBER_SUSPENDED_SHIFT);
        // A professional duty counts only while its licence lasts. Unchecked: shifts and a bit doubled up to 2^8.
        unchecked {
            uint256 today = timestamp / 1 days;
            uint256 licences = word >> LICENCE_SHIFT;
            uint256 bit = 1;
            for (uint256 left = mask & PROFESSIONAL_BITS; left != 0; left >>= 1) {
                if (left & 1 != 0 && licences & type(uint16).max < today) mask ^= bit;
                licences >>= LICENCE_BITS;
                bit += bit;
            }
        }
        return uint32(mask);
    }

    /// @dev Revert with the reason unless the operator may exercise at least one of the duties `anyOf` now.
    function requireAny(
        OperatorWord operator,
        MemberWord member,
        uint32 memberId,
        bytes32 operatorKey,
        uint32 anyOf
    ) internal view {
        if (effective(operator, member, anyOf, block.timestamp) == 0) {
            _explain(operator, member, memberId, operatorKey, anyOf);
        }
    }

    /// @dev Find the first rule that fails, from the member down to the licence.
    function _explain(
        OperatorWord operator,
        MemberWord member,
        uint32 memberId,
        bytes32 operatorKey,
        uint32 anyOf
    ) private view {
        uint32 held = permitted(member) & anyOf;
        if (held == 0) revert IDomainTypes.DutyNotPermitted(memberId, anyOf);
        held &= duties(operator);
        if (held == 0) revert IDomainTypes.DutyNotHeld(memberId, operatorKey, anyOf);
        if (block.timestamp >= appointedUntil(operator)) {
            revert IDomainTypes.DutyAppointmentEnded(memberId, operatorKey, appointedUntil(operator));
        }
        held &= exercisable(member, block.timestamp);
        if (held == 0) revert IDomainTypes.DutySuspendedForMember(memberId, anyOf, suspendedUntil(member));
        held &= ~suspended(operator);
        if (held == 0) revert IDomainTypes.DutySuspended(memberId, operatorKey, anyOf);
        uint16 latest;
        for (uint256 index; index < 8; ++index) {
            uint16 day = licensedThrough(operator, index);
            if (held & (1 << index) != 0 && day > latest) latest = day;
        }
        revert IDomainTypes.DutyLicenceLapsed(memberId, operatorKey, anyOf, latest);
    }
}
