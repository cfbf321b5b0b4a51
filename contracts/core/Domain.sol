// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

import {DomainGuards} from "./DomainGuards.sol";
import {IDomain} from "./IDomain.sol";
import {TakesNoCoin} from "./TakesNoCoin.sol";

/// @title Domain
/// @notice Base of every CareLedger implementation behind a proxy: upgrades and privileged calls through AccessManager, and
/// the emergency pause.
abstract contract Domain is IDomain, DomainGuards, TakesNoCoin, UUPSUpgradeable {
    /// @notice Longest pause; well below the 72 hours within which an outage entry must be made.
    uint32 public constant PAUSE_MAX = 2 days;

    /// @notice Least time between the end of a pause and the next.
    uint32 public constant PAUSE_COOLDOWN = 7 days;

    /// @inheritdoc IDomain
    function pause(uint32 until) external restricted {
        uint32 last = _pausedUntil();
        // Check: the pause is bounded and cannot be renewed into a shutdown.
        if (last != 0 && block.timestamp < uint256(last) + PAUSE_COOLDOWN) {
            revert DomainPauseTooSoon(last + PAUSE_COOLDOWN);
        }
        uint256 latest = block.timestamp + PAUSE_MAX;
        if (until <= block.timestamp || until > latest) revert DomainPauseOutOfRange(until, uint32(latest));
        // Effect and log.
        _setPausedUntil(until);
        emit DomainPaused(until);
    }

    /// @inheritdoc IDomain
    function resume() external restricted {
        // Check: there is a pause to end.
        if (block.timestamp >= _pausedUntil()) revert DomainNotPaused();
        // Effect and log.
        _setPausedUntil(_now());
        emit DomainResumed();
    }

    /// @inheritdoc IDomain
    function pausedUntil() external view returns (uint32) {
        return _pausedUntil();
    }

    /// @dev Upgrades are privileged calls like any other; the AccessManager names who may and after which delay.
    function _authorizeUpgrade(address newImplementation) internal override restricted {}
}
