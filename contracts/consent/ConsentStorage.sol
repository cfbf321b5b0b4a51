// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {RuleWord, SubjectWord} from "./ConsentWords.sol";
import {BreakGlassId, IConsentTypes, SubjectId} from "./IConsentRegistry.sol";
import {ReviewDaysWord} from "./ReviewDays.sol";

/// @title ConsentStorage
/// @notice Storage of ConsentRegistry (ERC-7201).
library ConsentStorage {
    /// @notice A delegation. Two slots.
    /// @param appointer Delegation under which a delegate appointed it; 0 for the subject or the custodian.
    /// @param appointerVersion That delegation's version then.
    struct DelegationEntry {
        address key;
        uint32 validUntil;
        uint16 version;
        uint8 powers;
        uint8 appointer;
        uint16 appointerVersion;
        uint32 categories;
        uint64 purposes;
    }

    /// @notice A proposed key. One slot.
    struct ReplacementEntry {
        address key;
        uint8 delegate;
        uint16 delegationVersion;
        uint32 effectiveFrom;
    }

    /// @notice A use of break-glass. Three slots.
    /// @param origin First key of the operator, whom a change of keys does not make another person.
    struct BreakGlassEntry {
        IConsentTypes.BreakGlassStatus status;
        IConsentTypes.BreakGlassReason reason;
        bool overruled;
        uint32 member;
        uint32 custodian;
        uint32 openedAt;
        bytes32 operator;
        bytes32 origin;
        SubjectId subject;
    }

    /// @custom:storage-location erc7201:careledger.storage.ConsentRegistry
    struct Layout {
        mapping(SubjectId => SubjectWord) subjects;
        // Grantee: class in the high 16 bits, member in the low 32.
        mapping(SubjectId => mapping(uint48 grantee => mapping(uint8 number => RuleWord))) rules;
        mapping(SubjectId => mapping(uint8 number => DelegationEntry)) delegations;
        mapping(SubjectId => ReplacementEntry) replacements;
        mapping(BreakGlassId => BreakGlassEntry) breakGlasses;
        // See ConsentDisclosures._placeOf.
        mapping(bytes32 place => ReviewDaysWord) reviewDays;
        mapping(uint32 custodian => mapping(bytes32 root => uint32 recordedAt)) batches;
    }

    // keccak256(abi.encode(uint256(keccak256("careledger.storage.ConsentRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x338cfab5f944146808dcbb4b3ab9ace050be57a2c45a8e2984e97c07a7af7000;

    /// @dev The storage struct at its ERC-7201 slot.
    function layout() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }

    /// @dev How a grantee is written as a key.
    function granteeKey(uint32 grantee, uint16 sector) internal pure returns (uint48) {
        return (uint48(sector) << 32) | grantee;
    }
}
