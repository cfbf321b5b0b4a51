// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Gs1
/// @notice Check digits of GS1 keys.
library Gs1 {
    /// @dev First number with more digits than a GLN (13), a GTIN-14, an SSCC (18).
    uint256 internal constant GLN_END = 1e13;
    uint256 internal constant GTIN_END = 1e14;
    uint256 internal constant SSCC_END = 1e18;

    /// @dev GS1 General Specifications, section 7.9: from the right, before the check digit, weights 3 and 1 by turns; the sum
    /// with the check digit is a multiple of ten.
    /// @param end First number with too many digits.
    function isKey(uint64 number, uint256 end) internal pure returns (bool) {
        if (number == 0 || number >= end) return false;
        // Unchecked: sums of at most 18 digits of at most 27 each.
        unchecked {
            uint256 rest = number;
            uint256 sum;
            for (; rest != 0; rest /= 100) {
                uint256 two = rest % 100;
                sum += (two % 10) + (two / 10) * 3;
            }
            return sum % 10 == 0;
        }
    }
}
