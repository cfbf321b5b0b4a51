// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRecordTypes} from "./IRecordRegistry.sol";

/// @notice What is kept of a record, by id alone: wherever it came from, it ends once and for all. Low to high: status 8,
/// anchoredAt 32 (zero when it was never anchored by itself), endedAt 32. The status is Unknown also for a current record
/// that was anchored in batches only.
type EntryWord is uint256;

using EntryWords for EntryWord global;

/// @title EntryWords
/// @notice Layout of an {EntryWord}.
library EntryWords {
    uint256 private constant ANCHORED_AT = 8;
    uint256 private constant ENDED_AT = 40;

    function status(EntryWord word) internal pure returns (IRecordTypes.RecordStatus) {
        return IRecordTypes.RecordStatus(uint8(EntryWord.unwrap(word)));
    }

    function isEmpty(EntryWord word) internal pure returns (bool) {
        return EntryWord.unwrap(word) == 0;
    }

    function anchoredAt(EntryWord word) internal pure returns (uint32) {
        return uint32(EntryWord.unwrap(word) >> ANCHORED_AT);
    }

    function endedAt(EntryWord word) internal pure returns (uint32) {
        return uint32(EntryWord.unwrap(word) >> ENDED_AT);
    }

    /// @dev Anchored by itself, now.
    function anchored(uint32 timestamp) internal pure returns (EntryWord) {
        return EntryWord.wrap(uint256(IRecordTypes.RecordStatus.Current) | (uint256(timestamp) << ANCHORED_AT));
    }

    /// @dev Superseded or retracted, now; what it was before stays readable.
    function ended(
        EntryWord word,
        IRecordTypes.RecordStatus status_,
        uint32 timestamp
    ) internal pure returns (EntryWord) {
        uint256 kept = EntryWord.unwrap(word) & ~uint256(type(uint8).max);
        return EntryWord.wrap(kept | uint256(status_) | (uint256(timestamp) << ENDED_AT));
    }
}
