// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice Stock of one lot at one place. Low to high: onHand 32, quarantined 32, used 32, minutesOut 16, compartmentAt 32 (what the
/// place's monitor showed when minutesOut was written), firstUnit 32, endUnit 32, held 1, broken 1.
type StockWord is uint256;

/// @notice A consignment. Low to high: status 8, shippedAt 32, minutesOut 16, reportedUntil 32, unused 8, contents 160.
type TransitWord is uint256;

using StockWords for StockWord global;
using StockWords for TransitWord global;

/// @title StockWords
/// @notice Layout of a {StockWord} and of a {TransitWord}.
library StockWords {
    uint256 private constant QUARANTINED = 32;
    uint256 private constant USED = 64;
    uint256 private constant MINUTES = 96;
    uint256 private constant COMPARTMENT_AT = 112;
    uint256 private constant FIRST = 144;
    uint256 private constant END = 176;
    uint256 private constant HELD = 208;
    uint256 private constant BROKEN = 209;

    uint256 private constant SHIPPED_AT = 8;
    uint256 private constant TRANSIT_MINUTES = 40;
    uint256 private constant REPORTED_UNTIL = 56;
    uint256 private constant CONTENTS = 96;

    uint256 private constant MASK_16 = type(uint16).max;
    uint256 private constant MASK_32 = type(uint32).max;

    // ── stock ───────────────────────────────────────────────────────────────────────────────────────────────────────

    function onHand(StockWord word) internal pure returns (uint32) {
        return uint32(StockWord.unwrap(word));
    }

    function quarantined(StockWord word) internal pure returns (uint32) {
        return uint32(StockWord.unwrap(word) >> QUARANTINED);
    }

    function used(StockWord word) internal pure returns (uint32) {
        return uint32(StockWord.unwrap(word) >> USED);
    }

    function minutesOut(StockWord word) internal pure returns (uint16) {
        return uint16(StockWord.unwrap(word) >> MINUTES);
    }

    function compartmentAt(StockWord word) internal pure returns (uint32) {
        return uint32(StockWord.unwrap(word) >> COMPARTMENT_AT);
    }

    function firstUnit(StockWord word) internal pure returns (uint32) {
        return uint32(StockWord.unwrap(word) >> FIRST);
    }

    function endUnit(StockWord word) internal pure returns (uint32) {
        return uint32(StockWord.unwrap(word) >> END);
    }

    function isHeld(StockWord word) internal pure returns (bool) {
        return (StockWord.unwrap(word) >> HELD) & 1 != 0;
    }

    function isBroken(StockWord word) internal pure returns (bool) {
        return (StockWord.unwrap(word) >> BROKEN) & 1 != 0;
    }

    function withOnHand(StockWord word, uint32 units) internal pure returns (StockWord) {
        return _set(word, 0, MASK_32, units);
    }

    function withQuarantined(StockWord word, uint32 units) internal pure returns (StockWord) {
        return _set(word, QUARANTINED, MASK_32, units);
    }

    function withUsed(StockWord word, uint32 units) internal pure returns (StockWord) {
        return _set(word, USED, MASK_32, units);
    }

    function withMinutes(StockWord word, uint16 minutes_, uint32 compartmentAt_) internal pure returns (StockWord) {
        return _set(_set(word, MINUTES, MASK_16, minutes_), COMPARTMENT_AT, MASK_32, compartmentAt_);
    }

    function withSpan(StockWord word, uint32 first, uint32 end) internal pure returns (StockWord) {
        return _set(_set(word, FIRST, MASK_32, first), END, MASK_32, end);
    }

    function withHeld(StockWord word, bool held) internal pure returns (StockWord) {
        return _set(word, HELD, 1, held ? 1 : 0);
    }

    function asBroken(StockWord word) internal pure returns (StockWord) {
        return StockWord.wrap(StockWord.unwrap(word) | (1 << BROKEN));
    }

    /// @dev So many units on hand are used now. The caller made sure that they are on hand and that no sum runs over: units of
    /// a lot have 32 bits in all.
    function spent(StockWord word, uint32 units) internal pure returns (StockWord) {
        unchecked {
            return StockWord.wrap(StockWord.unwrap(word) - units + (uint256(units) << USED));
        }
    }

    /// @dev All that is on hand goes into quarantine, and what arrives joins it.
    function allHeld(StockWord word) internal pure returns (StockWord) {
        word = withQuarantined(word, quarantined(word) + onHand(word));
        return withHeld(withOnHand(word, 0), true);
    }

    // ── consignment ─────────────────────────────────────────────────────────────────────────────────────────────────

    function status(TransitWord word) internal pure returns (uint8) {
        return uint8(TransitWord.unwrap(word));
    }

    function shippedAt(TransitWord word) internal pure returns (uint32) {
        return uint32(TransitWord.unwrap(word) >> SHIPPED_AT);
    }

    function transitMinutes(TransitWord word) internal pure returns (uint16) {
        return uint16(TransitWord.unwrap(word) >> TRANSIT_MINUTES);
    }

    function reportedUntil(TransitWord word) internal pure returns (uint32) {
        return uint32(TransitWord.unwrap(word) >> REPORTED_UNTIL);
    }

    function contents(TransitWord word) internal pure returns (bytes20) {
        return bytes20(uint160(TransitWord.unwrap(word) >> CONTENTS));
    }

    function packTransit(
        uint8 status_,
        uint32 shippedAt_,
        uint16 minutes_,
        uint32 reportedUntil_,
        bytes20 contents_
    ) internal pure returns (TransitWord) {
        return
            TransitWord.wrap(
                uint256(status_) |
                    (uint256(shippedAt_) << SHIPPED_AT) |
                    (uint256(minutes_) << TRANSIT_MINUTES) |
                    (uint256(reportedUntil_) << REPORTED_UNTIL) |
                    (uint256(uint160(contents_)) << CONTENTS)
            );
    }

    function withStatus(TransitWord word, uint8 status_) internal pure returns (TransitWord) {
        return TransitWord.wrap((TransitWord.unwrap(word) & ~uint256(type(uint8).max)) | status_);
    }

    function _set(StockWord word, uint256 shift, uint256 mask, uint256 value) private pure returns (StockWord) {
        return StockWord.wrap((StockWord.unwrap(word) & ~(mask << shift)) | (value << shift));
    }
}
