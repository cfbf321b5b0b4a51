// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Purposes
/// @notice HL7 PurposeOfUse codes (v3 ActReason), one bit each. Bits never move. A rule names codes one by one: that a code lies
/// under another in HL7's tree is resolved by whoever signs. Which code has which bit: sdk, `purposes`.
/// @custom:source HL7 v3 Code System ActReason, value set PurposeOfUse
library Purposes {
    /// @dev Break the glass: never permitted, denied only by itself.
    uint8 internal constant BTG = 60;
    uint64 internal constant BTG_MASK = uint64(1) << BTG;

    /// @dev What a permit may name.
    uint64 internal constant PERMITTED = BTG_MASK - 1;

    /// @dev Highest bit that a question may name.
    uint8 internal constant HIGHEST = BTG;
}
