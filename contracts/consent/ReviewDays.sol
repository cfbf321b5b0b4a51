// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice An operator's uses of break-glass that gave access and were not reviewed, counted by the UTC day of opening. Low to high:
/// eight counts of 24 bits, index = day modulo 8; the latest day that was counted, 32.
type ReviewDaysWord is uint256;

using ReviewDays for ReviewDaysWord global;

/// @title ReviewDays
/// @notice Tells in one slot and without a timer whether a review is overdue. A use is due at the end of the 7th day after its
/// opening; nothing is counted for an operator while one is overdue, so the days that have counts are never more than eight.
library ReviewDays {
    uint256 private constant DAYS = 8;
    uint256 private constant COUNT_BITS = 24;
    uint256 private constant LATEST = DAYS * COUNT_BITS;

    /// @dev One more use, opened on `day`.
    function added(ReviewDaysWord word, uint256 day) internal pure returns (ReviewDaysWord) {
        uint256 raw = ReviewDaysWord.unwrap(word) + (1 << _shift(day));
        if (day > raw >> LATEST) raw = (raw & ((1 << LATEST) - 1)) | (day << LATEST);
        return ReviewDaysWord.wrap(raw);
    }

    /// @dev A use that was opened on `day` is reviewed.
    function removed(ReviewDaysWord word, uint256 day) internal pure returns (ReviewDaysWord) {
        return ReviewDaysWord.wrap(ReviewDaysWord.unwrap(word) - (1 << _shift(day)));
    }

    /// @dev When the oldest use is due, unix seconds; 0 when none waits.
    function dueAt(ReviewDaysWord word) internal pure returns (uint32) {
        uint256 latest = ReviewDaysWord.unwrap(word) >> LATEST;
        // Nothing was ever counted.
        if (latest == 0) return 0;
        for (uint256 back = DAYS; back != 0; --back) {
            uint256 day = latest + 1 - back;
            if (count(word, day) != 0) return uint32((day + DAYS) * 1 days);
        }
        return 0;
    }

    /// @dev Uses that wait.
    function total(ReviewDaysWord word) internal pure returns (uint32 sum) {
        for (uint256 day; day < DAYS; ++day) {
            sum += uint32(count(word, day));
        }
    }

    /// @dev Uses that wait and were opened on this day or on one that is eight days off.
    function count(ReviewDaysWord word, uint256 day) internal pure returns (uint256) {
        return uint24(ReviewDaysWord.unwrap(word) >> _shift(day));
    }

    function _shift(uint256 day) private pure returns (uint256) {
        return (day % DAYS) * COUNT_BITS;
    }
}
