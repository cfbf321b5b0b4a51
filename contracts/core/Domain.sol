// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

import {DomainGuards} from "./DomainGuards.sol";
import {IDomain} from "./IDomain.sol";

/// @title Domain
/// @notice Base of every CareLedger implementation behind a proxy: upgrades and privileged calls through AccessManager, the
/// emergency pause, and an extension.
/// @dev A domain is larger than EIP-170 lets one contract be. What is called daily stands in the implementation; what is
/// called rarely stands in the extension, to which unknown selectors are delegated. The extension's address is part of
/// the implementation's code, so both are upgraded, and voted, as one (docs/decisions/0002-proxy-pattern.md).
abstract contract Domain is IDomain, DomainGuards, UUPSUpgradeable, Proxy {
    /// @notice Longest pause; well below the 72 hours within which an outage entry must be made.
    uint32 public constant PAUSE_MAX = 2 days;

    /// @notice Least time between the end of a pause and the next.
    uint32 public constant PAUSE_COOLDOWN = 7 days;

    /// @notice Where the domain's other functions are.
    address public immutable EXTENSION;

    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(address extension) {
        // Check: calls delegated to an address without code would succeed and do nothing.
        if (extension.code.length == 0) revert DomainExtensionInvalid(extension);
        EXTENSION = extension;
    }

    /// @dev The chain's coin has no use here, and nobody could take it out again.
    receive() external payable {
        revert DomainTakesNoCoin(msg.sender, msg.value);
    }

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

    /// @dev Where {Proxy} delegates unknown selectors.
    function _implementation() internal view override returns (address) {
        return EXTENSION;
    }
}
