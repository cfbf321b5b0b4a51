// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

import {IDomainTypes} from "./IDomain.sol";

/// @title DomainGuards
/// @notice What a domain's implementation and its extension both ask before an act: the pause and the AccessManager.
/// @dev The pause deadline (32 bits) and 64 bits that are the domain's own sit above the address in the ERC-1967
/// implementation slot. The proxy reads that slot on every call, so asking for them costs a warm read; Solidity keeps
/// the bits above an address when ERC1967Utils writes one, so an upgrade leaves them standing
/// (docs/decisions/0002-proxy-pattern.md). In an implementation or extension that is called by itself the slot is zero:
/// it asks the same authority as its proxy, and would otherwise take acts into a storage that nobody reads.
abstract contract DomainGuards is IDomainTypes, AccessManagedUpgradeable {
    uint256 private constant PAUSE_SHIFT = 160;
    uint256 private constant STANDING_SHIFT = 192;

    /// @dev For acts that a pause stops.
    modifier whenNotPaused() {
        _requireNotPaused();
        _;
    }

    /// @dev What {whenNotPaused} asks, for hot calls that need the domain's own bits from the same read.
    function _requireNotPaused() internal view returns (uint64 standing) {
        uint256 word = _slot().value;
        // Check: a proxy was called, and no pause stands.
        if (word == 0) revert DomainProxyBypassed(address(this));
        uint32 until = uint32(word >> PAUSE_SHIFT);
        if (block.timestamp < until) revert DomainIsPaused(until);
        return uint64(word >> STANDING_SHIFT);
    }

    /// @dev For acts that no pause stops and that need nothing which only a proxy's storage has.
    function _requireProxy() internal view {
        if (_slot().value == 0) revert DomainProxyBypassed(address(this));
    }

    function _pausedUntil() internal view returns (uint32) {
        return uint32(_slot().value >> PAUSE_SHIFT);
    }

    function _setPausedUntil(uint32 until) internal {
        StorageSlot.Uint256Slot storage slot = _slot();
        uint256 kept = slot.value & ~(uint256(type(uint32).max) << PAUSE_SHIFT);
        slot.value = kept | (uint256(until) << PAUSE_SHIFT);
    }

    /// @dev The domain's own bits: what every call must know, such as how many halts stand or which categories are active.
    function _standing() internal view returns (uint64) {
        return uint64(_slot().value >> STANDING_SHIFT);
    }

    function _setStanding(uint64 standing) internal {
        StorageSlot.Uint256Slot storage slot = _slot();
        // Check: a proxy was called.
        if (slot.value == 0) revert DomainProxyBypassed(address(this));
        uint256 kept = slot.value & ~(uint256(type(uint64).max) << STANDING_SHIFT);
        slot.value = kept | (uint256(standing) << STANDING_SHIFT);
    }

    function _slot() private pure returns (StorageSlot.Uint256Slot storage) {
        return StorageSlot.getUint256Slot(ERC1967Utils.IMPLEMENTATION_SLOT);
    }

    /// @dev This block's time; fits until 2106.
    function _now() internal view returns (uint32) {
        return uint32(block.timestamp);
    }
}
