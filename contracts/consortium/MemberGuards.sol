// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MemberWord} from "../core/AuthorityWords.sol";
import {DomainGuards} from "../core/DomainGuards.sol";
import {OperatorKeys} from "../core/OperatorKeys.sol";
import {IMemberTypes} from "./IMemberRegistry.sol";
import {MemberStorage} from "./MemberStorage.sol";

/// @title MemberGuards
/// @notice What all parts of MemberRegistry ask before an act.
abstract contract MemberGuards is IMemberTypes, DomainGuards {
    /// @notice Most entries of a batch.
    uint256 public constant BATCH_MAX = 200;

    /// @dev The profile of an active member.
    function _activeProfile(uint32 member) internal view returns (MemberStorage.Profile storage profile) {
        profile = MemberStorage.layout().profiles[member];
        if (profile.status != MemberStatus.Active) revert MemberNotActive(member);
    }

    function _checkBatch(uint256 size) internal pure {
        if (size == 0 || size > BATCH_MAX) revert BatchSizeInvalid(size, BATCH_MAX);
    }

    /// @dev Revert unless the caller may exercise one of the duties `anyOf` for `member` now.
    function _requireDuty(uint32 member, uint32 anyOf) internal view {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        bytes32 operator = OperatorKeys.ofAddress(msg.sender);
        MemberWord word = $.members[member];
        $.operators[member][operator].requireAny(word, member, operator, anyOf);
    }
}
