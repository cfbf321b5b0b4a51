// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {AccessId, DatasetId, IResearchTypes} from "./IResearchRegistry.sol";

/// @title ResearchStorage
/// @notice Storage of ResearchRegistry (ERC-7201).
library ResearchStorage {
    /// @custom:storage-location erc7201:careledger.storage.ResearchRegistry
    /// @param barred Members that a withdrawal keeps from asking again.
    struct Layout {
        mapping(DatasetId => IResearchTypes.DatasetState) datasets;
        mapping(AccessId => IResearchTypes.AccessState) accesses;
        mapping(DatasetId => mapping(uint32 member => bool)) barred;
    }

    // keccak256(abi.encode(uint256(keccak256("careledger.storage.ResearchRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x9136c832b71e4bf43a1ce9ad87b5096521f14be5f287e38ae88844c59dbd1f00;

    /// @dev The storage struct at its ERC-7201 slot.
    function layout() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
