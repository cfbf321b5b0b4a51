// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title CalendarMonths
/// @notice Adds calendar months, UTC, proleptic Gregorian: the same second of the same day of a later month, or of its last day
/// where the month is shorter.
/// @dev Counts days from 0000-03-01, so that a leap day is the last of its year. Months since then: March is 0.
library CalendarMonths {
    /// @dev Days from 0000-03-01 to 1970-01-01.
    uint256 private constant EPOCH = 719_468;
    /// @dev Days of 400 years, 100 years, 4 years and a common year.
    uint256 private constant ERA_DAYS = 146_097;
    uint256 private constant CENTURY_DAYS = 36_524;
    uint256 private constant OLYMPIAD_DAYS = 1_461;
    uint256 private constant YEAR_DAYS = 365;
    uint256 private constant ERA_YEARS = 400;
    uint256 private constant YEAR_MONTHS = 12;
    /// @dev Five months from March on have 153 days, and so have the next five.
    uint256 private constant FIVE_MONTHS_DAYS = 153;

    /// @dev The second that lies `months` calendar months after `timestamp`.
    function add(uint256 timestamp, uint256 months) internal pure returns (uint256) {
        uint256 day = timestamp / 1 days + EPOCH;
        uint256 month = _monthOf(day);
        uint256 first = _firstDay(month + months);
        uint256 last = _firstDay(month + months + 1) - 1;
        uint256 target = Math.min(first + day - _firstDay(month), last);
        return (target - EPOCH) * 1 days + (timestamp % 1 days);
    }

    /// @dev Month in which a day lies.
    function _monthOf(uint256 day) private pure returns (uint256) {
        uint256 inEra = day % ERA_DAYS;
        // Take out the leap days before: one in 4 years, none in 100, one in 400.
        uint256 year =
            (inEra - inEra / (OLYMPIAD_DAYS - 1) + inEra / CENTURY_DAYS - inEra / (ERA_DAYS - 1)) / YEAR_DAYS;
        uint256 inYear = inEra - _daysOfYears(year);
        return ((day / ERA_DAYS) * ERA_YEARS + year) * YEAR_MONTHS + (5 * inYear + 2) / FIVE_MONTHS_DAYS;
    }

    /// @dev First day of a month.
    function _firstDay(uint256 month) private pure returns (uint256) {
        return _daysOfYears(month / YEAR_MONTHS) + (FIVE_MONTHS_DAYS * (month % YEAR_MONTHS) + 2) / 5;
    }

    /// @dev Days of so many years.
    function _daysOfYears(uint256 years_) private pure returns (uint256) {
        return YEAR_DAYS * years_ + years_ / 4 - years_ / 100 + years_ / ERA_YEARS;
    }
}
