// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IStandardsRegistry} from "../standards/IStandardsRegistry.sol";
import {RecordStorage} from "./RecordStorage.sol";

/// @title RecordStandards
/// @notice The copy of the governed lists that RecordRegistry keeps in its standing bits, where each call finds it warm. Low
/// to high: active categories 32, code-system versions registered 16, one bit that says whether any of them is retired.
library RecordStandards {
    uint256 private constant CATEGORIES = type(uint32).max;
    uint256 private constant COUNT_SHIFT = 32;
    /// @dev The highest bit of all.
    uint64 private constant ANY_RETIRED = 1 << 48;
    uint256 private constant PAGE_BITS = 256;

    /// @dev Whether a new record may name this category and this version, 0 for none.
    function allows(uint64 standing, uint8 category, uint16 codeSystem) internal view returns (bool) {
        // In words of full width, which need no cleaning.
        (uint256 bits, uint256 version) = (standing, codeSystem);
        if (((bits & CATEGORIES) >> category) & 1 == 0 || version > (bits >> COUNT_SHIFT) & type(uint16).max)
            return false;
        if (bits < ANY_RETIRED || version == 0) return true;
        uint256 retired = RecordStorage.layout().retiredCodeSystems[uint8(version >> 8)];
        return (retired >> (version & 0xff)) & 1 == 0;
    }

    function categoriesOf(uint64 standing) internal pure returns (uint32) {
        return uint32(standing);
    }

    function codeSystemsOf(uint64 standing) internal pure returns (uint16) {
        return uint16(standing >> COUNT_SHIFT);
    }

    /// @dev Copy the retired versions, page by page; returns the standing bits for what the registry says now.
    function copyFrom(IStandardsRegistry source) internal returns (uint64 standing) {
        uint16 count = source.codeSystemCount();
        standing = uint64(source.activeCategories()) | (uint64(count) << uint64(COUNT_SHIFT));
        RecordStorage.Layout storage $ = RecordStorage.layout();
        for (uint256 page; page <= count / PAGE_BITS; ++page) {
            uint256 numbers = source.retiredCodeSystems(uint8(page));
            if (numbers == 0) continue;
            standing |= ANY_RETIRED;
            if ($.retiredCodeSystems[uint8(page)] != numbers) $.retiredCodeSystems[uint8(page)] = numbers;
        }
    }
}
