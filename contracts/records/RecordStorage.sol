// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EntryWord} from "./EntryWords.sol";
import {IRecordTypes, RecordId, ReferralId} from "./IRecordRegistry.sol";

/// @title RecordStorage
/// @notice Storage of RecordRegistry (ERC-7201).
library RecordStorage {
    /// @notice What is kept of a record. One slot.
    struct Entry {
        EntryWord word;
    }

    /// @notice What is kept of a referral. One slot.
    struct ReferralEntry {
        IRecordTypes.ReferralStatus status;
        uint32 proposedAt;
        uint32 answeredAt;
        uint32 completedAt;
    }

    /// @custom:storage-location erc7201:careledger.storage.RecordRegistry
    /// @param retiredCodeSystems Copied from StandardsRegistry; looked at only once any is retired.
    struct Layout {
        mapping(RecordId => Entry) entries;
        mapping(uint32 custodian => mapping(bytes32 root => IRecordTypes.Batch)) batches;
        mapping(RecordId => mapping(uint32 member => bool)) repeats;
        mapping(ReferralId => ReferralEntry) referrals;
        mapping(uint8 page => uint256 numbers) retiredCodeSystems;
    }

    // keccak256(abi.encode(uint256(keccak256("careledger.storage.RecordRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x4fcaeb57d0b6947027b35aaa3e821a375498d2b80f10286db4f0173c0de38500;

    /// @dev The storage struct at its ERC-7201 slot.
    function layout() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
