// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IRecordTypes, RecordId, ReferralId} from "./IRecordRegistry.sol";

/// @title RecordHashing
/// @notice Ids of records and referrals, which are EIP-712 struct hashes, and what a referrer signs.
library RecordHashing {
    bytes32 private constant RECORD_TYPEHASH = keccak256(
        "Record(uint32 custodian,address holder,bytes32 commitment,uint8 category,uint16 codeSystem,uint32 reusableUntil)"
    );
    bytes32 private constant REFERRAL_TYPEHASH = keccak256(
        "Referral(uint32 from,uint32 to,bytes32 referrer,bytes32 commitment,bytes32 records,uint32 validUntil)"
    );
    bytes32 private constant REFERRAL_PROPOSAL_TYPEHASH = keccak256(
        "ReferralProposal(bytes32 referral,uint32 deadline)"
    );

    /// @dev Bytes of the ABI-encoded terms of either: six words.
    uint256 private constant TERMS_SIZE = 192;

    /// @dev hashStruct(record). Terms lie in calldata just as EIP-712 encodes them; words with dirty high bits give an id that
    /// was never anchored by itself, for `anchor` reads each field and the decoder refuses dirty ones.
    function idOf(IRecordTypes.Record calldata record) internal pure returns (RecordId id) {
        bytes32 typehash = RECORD_TYPEHASH;
        uint256 size = TERMS_SIZE;
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, typehash)
            calldatacopy(add(buffer, 0x20), record, size)
            id := keccak256(buffer, add(size, 0x20))
        }
    }

    /// @dev hashStruct(referral). As for records: `proposeReferral` reads each field.
    function idOf(IRecordTypes.Referral calldata referral) internal pure returns (ReferralId id) {
        bytes32 typehash = REFERRAL_TYPEHASH;
        uint256 size = TERMS_SIZE;
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, typehash)
            calldatacopy(add(buffer, 0x20), referral, size)
            id := keccak256(buffer, add(size, 0x20))
        }
    }

    function proposal(ReferralId referral, uint32 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(REFERRAL_PROPOSAL_TYPEHASH, referral, deadline));
    }

    /// @dev A record's leaf in its batch. 32 bytes are hashed, where an inner node hashes 64: neither passes for the other.
    function leafOf(RecordId id) internal pure returns (bytes32) {
        return keccak256(abi.encode(id));
    }
}
