// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

import {IDomainTypes} from "./IDomain.sol";

/// @title DomainGuards
/// @notice What a domain's implementation and its extension both ask before an act: the pause and the AccessManager.
/// @dev The pause deadline (32 bits) and the number of standing orders (32 bits) sit above the address in the ERC-1967
/// implementation slot. The proxy reads that slot on every call, so asking for them costs a warm read; Solidity keeps
/// the bits above an address when ERC1967Utils writes one, so an upgrade leaves them standing
/// (docs/decisions/0002-proxy-pattern.md). In an implementation or extension that is called by itself the slot is zero:
/// it asks the same authority as its proxy, and would otherwise take acts into a storage that nobody reads.
abstract contract DomainGuards is IDomainTypes, AccessManagedUpgradeable {
    uint256 private constant PAUSE_SHIFT = 160;
    uint256 private constant ORDERS_SHIFT = 192;

    /// @dev For acts that a pause stops.
    modifier whenNotPaused() {
        _requireNotPaused();
        _;
    }

    /// @dev What {whenNotPaused} asks, for hot calls that need the number of standing orders from the same read.
    function _requireNotPaused() internal view returns (uint32 standingOrders) {
        uint256 word = _slot().value;
        // Check: a proxy was called, and no pause stands.
        if (word == 0) revert DomainProxyBypassed(address(this));
        uint32 until = uint32(word >> PAUSE_SHIFT);
        if (block.timestamp < until) revert DomainIsPaused(until);
        return uint32(word >> ORDERS_SHIFT);
    }

    function _pausedUntil() internal view returns (uint32) {
        return uint32(_slot().value >> PAUSE_SHIFT);
    }

    function _setPausedUntil(uint32 until) internal {
        StorageSlot.Uint256Slot storage slot = _slot();
        uint256 kept = slot.value & ~(uint256(type(uint32).max) << PAUSE_SHIFT);
        slot.value = kept | (uint256(until) << PAUSE_SHIFT);
    }

    /// @dev One more order stands that domain calls must look up, such as a halt. While none stands, none is looked up.
    function _addStandingOrder() internal {
        StorageSlot.Uint256Slot storage slot = _slot();
        // Check: a proxy was called.
        if (slot.value == 0) revert DomainProxyBypassed(address(this));
        slot.value += 1 << ORDERS_SHIFT;
    }

    function _removeStandingOrder() internal {
        _slot().value -= 1 << ORDERS_SHIFT;
    }

    function _slot() private pure returns (StorageSlot.Uint256Slot storage) {
        return StorageSlot.getUint256Slot(ERC1967Utils.IMPLEMENTATION_SLOT);
    }

    /// @dev This block's time; fits until 2106.
    function _now() internal view returns (uint32) {
        return uint32(block.timestamp);
    }
}
