// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IStandardsTypes} from "./IStandardsRegistry.sol";

/// @title StandardsStorage
/// @notice Storage of StandardsRegistry (ERC-7201).
library StandardsStorage {
    /// @custom:storage-location erc7201:careledger.storage.StandardsRegistry
    /// @param active Categories that are not retired, one bit each.
    /// @param categoryCount Categories registered; the next number.
    /// @param codeSystemCount Code-system versions registered; the last number.
    struct Layout {
        uint32 active;
        uint8 categoryCount;
        uint16 codeSystemCount;
        mapping(uint8 number => IStandardsTypes.Category) categories;
        mapping(bytes32 code => bool) codes;
        mapping(uint16 number => IStandardsTypes.CodeSystem) codeSystems;
        mapping(bytes32 urlHash => mapping(bytes32 versionHash => bool)) pairs;
        mapping(uint8 page => uint256 numbers) retired;
    }

    // keccak256(abi.encode(uint256(keccak256("careledger.storage.StandardsRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x181ced8fca51c5fc658d5aea514dd001f37025275768be3cca842b5c5d11f000;

    /// @dev The storage struct at its ERC-7201 slot.
    function layout() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
