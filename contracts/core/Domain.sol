// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

import {IDomain} from "./IDomain.sol";

/// @title Domain
/// @notice Base of every CareLedger contract behind a proxy: upgrades and privileged calls through AccessManager, and the
/// emergency pause.
/// @dev The pause deadline sits in the 96 bits above the address in the ERC-1967 implementation slot. The proxy reads
/// that slot on every call, so asking for the pause costs a warm read; Solidity keeps the bits above an address when
/// ERC1967Utils writes one, so an upgrade leaves a pause standing (docs/decisions/0002-proxy-pattern.md).
abstract contract Domain is IDomain, UUPSUpgradeable, AccessManagedUpgradeable {
    /// @notice Longest pause; well below the 72 hours within which an outage entry must be made.
    uint32 public constant PAUSE_MAX = 2 days;

    /// @notice Least time between the end of a pause and the next.
    uint32 public constant PAUSE_COOLDOWN = 7 days;

    uint256 private constant PAUSE_SHIFT = 160;

    /// @dev For acts that a pause stops.
    modifier whenNotPaused() {
        uint32 until = _pausedUntil();
        // Check: no pause stands.
        if (block.timestamp < until) revert DomainIsPaused(until);
        _;
    }

    /// @inheritdoc IDomain
    function pause(uint32 until) external restricted {
        uint32 last = _pausedUntil();
        // Check: the pause is bounded and cannot be renewed into a shutdown.
        if (last != 0 && block.timestamp < uint256(last) + PAUSE_COOLDOWN)
            revert DomainPauseTooSoon(last + PAUSE_COOLDOWN);
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
        _setPausedUntil(uint32(block.timestamp));
        emit DomainResumed();
    }

    /// @inheritdoc IDomain
    function pausedUntil() external view returns (uint32) {
        return _pausedUntil();
    }

    /// @dev Upgrades are privileged calls like any other; the AccessManager names who may and after which delay.
    function _authorizeUpgrade(address newImplementation) internal override restricted {}

    function _pausedUntil() private view returns (uint32) {
        return uint32(StorageSlot.getUint256Slot(ERC1967Utils.IMPLEMENTATION_SLOT).value >> PAUSE_SHIFT);
    }

    function _setPausedUntil(uint32 until) private {
        StorageSlot.Uint256Slot storage slot = StorageSlot.getUint256Slot(ERC1967Utils.IMPLEMENTATION_SLOT);
        slot.value = uint160(slot.value) | (uint256(until) << PAUSE_SHIFT);
    }
}
