// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {RecordWord} from "./DispenseRecords.sol";
import {PrescriptionId} from "./IPrescriptionRegistry.sol";
import {StateWord} from "./PrescriptionState.sol";

/// @title PrescriptionStorage
/// @notice Storage of PrescriptionRegistry (ERC-7201).
library PrescriptionStorage {
    /// @notice A halt. One slot.
    /// @param prescribers In the entry of a whole issuer: how many of its prescribers are halted one by one, so that the
    /// usual case reads one slot.
    struct HaltEntry {
        uint32 since;
        uint32 upTo;
        uint32 haltedAt;
        uint32 regulator;
        uint32 prescribers;
    }

    /// @notice A regulator's use of its halts in the running period. One slot.
    struct Rate {
        uint32 periodEnd;
        uint32 halts;
    }

    /// @custom:storage-location erc7201:careledger.storage.PrescriptionRegistry
    struct Layout {
        mapping(PrescriptionId => StateWord) states;
        mapping(PrescriptionId => mapping(uint8 ordinal => RecordWord)) records;
        mapping(uint32 issuer => mapping(bytes32 prescriber => HaltEntry)) halts;
        mapping(uint32 regulator => Rate) rates;
    }

    // keccak256(abi.encode(uint256(keccak256("careledger.storage.PrescriptionRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x612a08e0983da10ce3932a98e5260aeca164997f36a77e8358cb716adc134000;

    /// @dev The storage struct at its ERC-7201 slot.
    function layout() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
