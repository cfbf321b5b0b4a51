// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {ERC1967Utils} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Utils.sol";
import {StorageSlot} from "@openzeppelin/contracts/utils/StorageSlot.sol";

import {IDomainTypes} from "./IDomain.sol";

/// @title DomainGuards
/// @notice What a domain's implementation and its extension both ask before an act: the pause and the AccessManager.
/// @dev The pause deadline sits in the 96 bits above the address in the ERC-1967 implementation slot. The proxy reads
/// that slot on every call, so asking for the pause costs a warm read; Solidity keeps the bits above an address when
/// ERC1967Utils writes one, so an upgrade leaves a pause standing (docs/decisions/0002-proxy-pattern.md).
abstract contract DomainGuards is IDomainTypes, AccessManagedUpgradeable {
    uint256 private constant PAUSE_SHIFT = 160;

    /// @dev For acts that a pause stops.
    modifier whenNotPaused() {
        uint32 until = _pausedUntil();
        // Check: no pause stands.
        if (block.timestamp < until) revert DomainIsPaused(until);
        _;
    }

    function _pausedUntil() internal view returns (uint32) {
        return uint32(StorageSlot.getUint256Slot(ERC1967Utils.IMPLEMENTATION_SLOT).value >> PAUSE_SHIFT);
    }

    function _setPausedUntil(uint32 until) internal {
        StorageSlot.Uint256Slot storage slot = StorageSlot.getUint256Slot(ERC1967Utils.IMPLEMENTATION_SLOT);
        slot.value = uint160(slot.value) | (uint256(until) << PAUSE_SHIFT);
    }

    /// @dev This block's time; fits until 2106.
    function _now() internal view returns (uint32) {
        return uint32(block.timestamp);
    }
}
