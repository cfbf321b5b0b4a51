// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ILotTypes} from "./ILotRegistry.sol";
import {LotStorage} from "./LotStorage.sol";

/// @notice What every movement and use of a lot must know, in one slot. Low to high: status 8, expiryDay 16, units 32,
/// originUnits 32, maker 32, originSite 16, recalledAt 32, unitsPerSerial 8, flags 8, budget 16, openFor 16, content 32,
/// storage 8. The product's terms are those of the day of registration.
type LotWord is uint256;

using LotWords for LotWord global;

/// @title LotWords
/// @notice Layout of a {LotWord}.
library LotWords {
    uint256 private constant EXPIRY_DAY = 8;
    uint256 private constant UNITS = 24;
    uint256 private constant ORIGIN_UNITS = 56;
    uint256 private constant MAKER = 88;
    uint256 private constant ORIGIN_SITE = 120;
    uint256 private constant RECALLED_AT = 136;
    uint256 private constant UNITS_PER_SERIAL = 168;
    uint256 private constant VACCINE = 176;
    uint256 private constant SERIALISED = 177;
    uint256 private constant DISCREET = 178;
    uint256 private constant BUDGET = 184;
    uint256 private constant OPEN_FOR = 200;
    uint256 private constant CONTENT = 216;
    uint256 private constant STORAGE = 248;
    uint256 private constant MASK_32 = type(uint32).max;

    // ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    function status(LotWord word) internal pure returns (ILotTypes.LotStatus) {
        return ILotTypes.LotStatus(uint8(LotWord.unwrap(word)));
    }

    function isKnown(LotWord word) internal pure returns (bool) {
        return LotWord.unwrap(word) != 0;
    }

    function isReleased(LotWord word) internal pure returns (bool) {
        return uint8(LotWord.unwrap(word)) == uint8(ILotTypes.LotStatus.Released);
    }

    function expiryDay(LotWord word) internal pure returns (uint16) {
        return uint16(LotWord.unwrap(word) >> EXPIRY_DAY);
    }

    function units(LotWord word) internal pure returns (uint32) {
        return uint32(LotWord.unwrap(word) >> UNITS);
    }

    function originUnits(LotWord word) internal pure returns (uint32) {
        return uint32(LotWord.unwrap(word) >> ORIGIN_UNITS);
    }

    function maker(LotWord word) internal pure returns (uint32) {
        return uint32(LotWord.unwrap(word) >> MAKER);
    }

    function originSite(LotWord word) internal pure returns (uint16) {
        return uint16(LotWord.unwrap(word) >> ORIGIN_SITE);
    }

    function recalledAt(LotWord word) internal pure returns (uint32) {
        return uint32(LotWord.unwrap(word) >> RECALLED_AT);
    }

    function unitsPerSerial(LotWord word) internal pure returns (uint8) {
        return uint8(LotWord.unwrap(word) >> UNITS_PER_SERIAL);
    }

    function isVaccine(LotWord word) internal pure returns (bool) {
        return (LotWord.unwrap(word) >> VACCINE) & 1 != 0;
    }

    function isSerialised(LotWord word) internal pure returns (bool) {
        return (LotWord.unwrap(word) >> SERIALISED) & 1 != 0;
    }

    function isDiscreet(LotWord word) internal pure returns (bool) {
        return (LotWord.unwrap(word) >> DISCREET) & 1 != 0;
    }

    function budget(LotWord word) internal pure returns (uint16) {
        return uint16(LotWord.unwrap(word) >> BUDGET);
    }

    function openFor(LotWord word) internal pure returns (uint16) {
        return uint16(LotWord.unwrap(word) >> OPEN_FOR);
    }

    function content(LotWord word) internal pure returns (uint32) {
        return uint32(LotWord.unwrap(word) >> CONTENT);
    }

    function storageClass(LotWord word) internal pure returns (ILotTypes.StorageClass) {
        return ILotTypes.StorageClass(uint8(LotWord.unwrap(word) >> STORAGE));
    }

    function isMonitored(LotWord word) internal pure returns (bool) {
        return LotWord.unwrap(word) >> STORAGE != 0;
    }

    /// @dev Whether a recall stood at second `at`.
    function isRecalledAt(LotWord word, uint256 at) internal pure returns (bool) {
        uint32 since = recalledAt(word);
        return since != 0 && at >= since;
    }

    // ── transitions ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Registered: all units lie at the origin.
    function registered(
        LotStorage.ProductEntry memory product,
        uint32 maker_,
        ILotTypes.LotTerms calldata terms
    ) internal pure returns (LotWord) {
        uint256 raw = uint256(ILotTypes.LotStatus.Registered) | (uint256(terms.expiryDay) << EXPIRY_DAY);
        raw |= (uint256(terms.units) << UNITS) | (uint256(terms.units) << ORIGIN_UNITS);
        raw |= (uint256(maker_) << MAKER) | (uint256(terms.site) << ORIGIN_SITE);
        raw |= uint256(product.unitsPerSerial) << UNITS_PER_SERIAL;
        if (product.vaccine) raw |= 1 << VACCINE;
        if (product.serialised) raw |= 1 << SERIALISED;
        if (product.discreet) raw |= 1 << DISCREET;
        raw |= (uint256(product.budget) << BUDGET) | (uint256(product.openFor) << OPEN_FOR);
        return LotWord.wrap(raw | (uint256(product.content) << CONTENT) | (uint256(product.storage_) << STORAGE));
    }

    function withStatus(LotWord word, ILotTypes.LotStatus status_) internal pure returns (LotWord) {
        return LotWord.wrap((LotWord.unwrap(word) & ~uint256(type(uint8).max)) | uint256(status_));
    }

    function withOriginUnits(LotWord word, uint32 units_) internal pure returns (LotWord) {
        uint256 kept = LotWord.unwrap(word) & ~(MASK_32 << ORIGIN_UNITS);
        return LotWord.wrap(kept | (uint256(units_) << ORIGIN_UNITS));
    }

    function withRecall(LotWord word, uint32 timestamp) internal pure returns (LotWord) {
        uint256 kept = LotWord.unwrap(word) & ~(MASK_32 << RECALLED_AT);
        return LotWord.wrap(kept | (uint256(timestamp) << RECALLED_AT));
    }
}
