// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IPrescriptionTypes} from "./IPrescriptionRegistry.sol";

/// @notice The record of one dispense in one slot. Low to high: member 32, site 16, fill 8, units 40, recordedAt 32, seconds from
/// hand-over to recording 18, seconds from recording to withdrawal and one 20, closing 1, claimed 1, stock 88: the first bits
/// of the hash of the stock argument. A member of zero means: no such dispense. An outage entry comes within 72 hours,
/// a withdrawal within 7 days, which fit 18 and 20 bits.
type RecordWord is uint256;

using DispenseRecords for RecordWord global;

/// @title DispenseRecords
/// @notice Layout of dispense records.
library DispenseRecords {
    uint256 private constant SITE = 32;
    uint256 private constant FILL = 48;
    uint256 private constant UNITS = 56;
    uint256 private constant RECORDED_AT = 96;
    uint256 private constant DELAY = 128;
    uint256 private constant WITHDRAWN_AFTER = 146;
    uint256 private constant CLOSING = 166;
    uint256 private constant CLAIMED = 167;
    uint256 private constant STOCK = 168;
    uint256 private constant DELAY_MASK = (1 << 18) - 1;
    uint256 private constant WITHDRAWN_MASK = (1 << 20) - 1;

    /// @dev A record without flags.
    function pack(
        uint32 member_,
        uint16 site_,
        uint8 fill_,
        uint40 units_,
        uint32 recordedAt_,
        uint32 handedOverAt_
    ) internal pure returns (RecordWord) {
        // Unchecked: no hand-over lies after its recording.
        unchecked {
            return
                RecordWord.wrap(
                    uint256(member_) |
                        (uint256(site_) << SITE) |
                        (uint256(fill_) << FILL) |
                        (uint256(units_) << UNITS) |
                        (uint256(recordedAt_) << RECORDED_AT) |
                        (uint256(recordedAt_ - handedOverAt_) << DELAY)
                );
        }
    }

    function member(RecordWord word) internal pure returns (uint32) {
        return uint32(RecordWord.unwrap(word));
    }

    function site(RecordWord word) internal pure returns (uint16) {
        return uint16(RecordWord.unwrap(word) >> SITE);
    }

    function fill(RecordWord word) internal pure returns (uint8) {
        return uint8(RecordWord.unwrap(word) >> FILL);
    }

    function units(RecordWord word) internal pure returns (uint40) {
        return uint40(RecordWord.unwrap(word) >> UNITS);
    }

    function recordedAt(RecordWord word) internal pure returns (uint32) {
        return uint32(RecordWord.unwrap(word) >> RECORDED_AT);
    }

    function handedOverAt(RecordWord word) internal pure returns (uint32) {
        return recordedAt(word) - uint32((RecordWord.unwrap(word) >> DELAY) & DELAY_MASK);
    }

    function withdrawnAt(RecordWord word) internal pure returns (uint32) {
        uint256 after_ = (RecordWord.unwrap(word) >> WITHDRAWN_AFTER) & WITHDRAWN_MASK;
        return after_ == 0 ? 0 : uint32(recordedAt(word) + after_ - 1);
    }

    function isClosing(RecordWord word) internal pure returns (bool) {
        return RecordWord.unwrap(word) & (1 << CLOSING) != 0;
    }

    function isClaimed(RecordWord word) internal pure returns (bool) {
        return RecordWord.unwrap(word) & (1 << CLAIMED) != 0;
    }

    function asWithdrawn(RecordWord word, uint32 timestamp) internal pure returns (RecordWord) {
        uint256 after_ = uint256(timestamp) - recordedAt(word) + 1;
        return RecordWord.wrap(RecordWord.unwrap(word) | (after_ << WITHDRAWN_AFTER));
    }

    /// @dev First 88 bits of the stock argument's hash, zero when it was empty.
    function stock(RecordWord word) internal pure returns (bytes11) {
        return bytes11(uint88(RecordWord.unwrap(word) >> STOCK));
    }

    function withStock(RecordWord word, bytes11 hash) internal pure returns (RecordWord) {
        return RecordWord.wrap(RecordWord.unwrap(word) | (uint256(uint88(hash)) << STOCK));
    }

    function asClosing(RecordWord word) internal pure returns (RecordWord) {
        return RecordWord.wrap(RecordWord.unwrap(word) | (1 << CLOSING));
    }

    function asClaimed(RecordWord word, bool claimed) internal pure returns (RecordWord) {
        uint256 kept = RecordWord.unwrap(word) & ~(uint256(1) << CLAIMED);
        return RecordWord.wrap(claimed ? kept | (1 << CLAIMED) : kept);
    }

    /// @dev The word as the I-file's struct.
    function unpack(RecordWord word) internal pure returns (IPrescriptionTypes.DispenseRecord memory) {
        return
            IPrescriptionTypes.DispenseRecord({
                member: member(word),
                site: site(word),
                fill: fill(word),
                units: units(word),
                recordedAt: recordedAt(word),
                handedOverAt: handedOverAt(word),
                closing: isClosing(word),
                claimed: isClaimed(word),
                withdrawnAt: withdrawnAt(word),
                stock: stock(word)
            });
    }
}
