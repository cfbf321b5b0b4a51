// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {MemberWord, OperatorWord, SiteWord} from "../core/AuthorityWords.sol";
import {IMemberTypes} from "./IMemberRegistry.sol";

/// @title MemberStorage
/// @notice Storage of MemberRegistry (ERC-7201), shared by its bodies and by the proxy that answers from it.
library MemberStorage {
    /// @notice What is known of a member beside its hot word.
    /// @param status packed with the next six fields into one slot.
    struct Profile {
        IMemberTypes.MemberStatus status;
        uint16 sectors;
        uint16 sites;
        uint32 group;
        uint32 successor;
        uint32 encryptionKeyBlock;
        uint32 endpointBlock;
        address pendingAdmin;
        bytes32 licenceHash;
        bytes32 encryptionKeyHash;
        bytes32 endpointHash;
    }

    /// @notice What an authority may license. One slot.
    struct Authority {
        uint32 duties;
        uint32 successor;
    }

    /// @notice A member's suspension for one cause. One slot.
    struct Suspension {
        uint32 duties;
        uint32 until;
        bool ratified;
    }

    /// @notice A regulator's use of its suspensions in the running period. One slot.
    struct Rate {
        uint32 periodEnd;
        uint32 membersSuspended;
        uint32 operatorsSuspended;
    }

    /// @notice Where a GLN is in use. One slot.
    struct SiteRef {
        uint32 member;
        uint16 site;
    }

    /// @custom:storage-location erc7201:careledger.storage.MemberRegistry
    struct Layout {
        mapping(uint32 member => MemberWord) members;
        mapping(uint32 member => mapping(bytes32 operator => OperatorWord)) operators;
        mapping(uint32 member => mapping(uint16 site => SiteWord)) sites;
        mapping(uint32 member => Profile) profiles;
        // Eight authorities of 32 bits, index = duty bit.
        mapping(uint32 member => mapping(bytes32 operator => uint256)) licensors;
        mapping(uint32 authority => Authority) authorities;
        mapping(uint32 regulator => Rate) rates;
        mapping(uint32 member => mapping(IMemberTypes.SuspensionCause => Suspension)) suspensions;
        mapping(uint64 gln => SiteRef) siteOfGln;
        mapping(uint32 group => uint32) activeInGroup;
        mapping(uint32 group => Checkpoints.Trace208) groupVotes;
        Checkpoints.Trace208 totalVotes;
        // Of an operator's first key: the key that it has now.
        mapping(uint32 member => mapping(bytes32 origin => bytes32)) replacements;
        // Of a key that replaced another: the operator's first key.
        mapping(uint32 member => mapping(bytes32 operator => bytes32)) origins;
    }

    // keccak256(abi.encode(uint256(keccak256("careledger.storage.MemberRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x17390fad4d852d4e742e98289e10ea5b7028b3c1f100de9852874660392d5400;

    /// @dev The storage struct at its ERC-7201 slot.
    function layout() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }

    /// @dev The first key of the operator that has this key, or had it: this one if it replaced none.
    function originOf(uint32 member, bytes32 operator) internal view returns (bytes32 origin) {
        origin = layout().origins[member][operator];
        if (origin == 0) origin = operator;
    }
}
