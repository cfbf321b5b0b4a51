// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {CalendarMonths} from "../../../contracts/research/CalendarMonths.sol";

/// @title CalendarMonthsHarness
/// @notice Shows {CalendarMonths} to tests.
contract CalendarMonthsHarness {
    function add(uint256 timestamp, uint256 months) external pure returns (uint256) {
        return CalendarMonths.add(timestamp, months);
    }
}
