// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EphemeralKey} from "../core/IAnnouncer.sol";
import {IPrescriptionTypes, PrescriptionId} from "./IPrescriptionRegistry.sol";

/// @title PrescriptionHashing
/// @notice EIP-712 struct hashes of everything that is signed, and the id of a prescription, which is one of them.
library PrescriptionHashing {
    bytes32 private constant PRESCRIPTION_TYPEHASH = keccak256(
        "Prescription(uint32 issuer,bytes32 prescriber,address holder,bytes32 commitment,uint40 unitsPerFill,uint8 fills,uint32 interval,uint32 validFrom,uint32 validUntil,uint32 reviewer)"
    );
    bytes32 private constant EPHEMERAL_KEY_TYPEHASH = keccak256("EphemeralKey(bytes32 x,bytes1 prefix,bytes1 viewTag)");
    bytes32 private constant ISSUE_TYPEHASH = keccak256(
        "Issue(Prescription prescription,EphemeralKey ephemeralKey,uint32 deadline)EphemeralKey(bytes32 x,bytes1 prefix,bytes1 viewTag)Prescription(uint32 issuer,bytes32 prescriber,address holder,bytes32 commitment,uint40 unitsPerFill,uint8 fills,uint32 interval,uint32 validFrom,uint32 validUntil,uint32 reviewer)"
    );
    bytes32 private constant REPLACE_TYPEHASH = keccak256(
        "Replace(bytes32 prescription,Prescription replacement,EphemeralKey ephemeralKey,uint32 deadline)EphemeralKey(bytes32 x,bytes1 prefix,bytes1 viewTag)Prescription(uint32 issuer,bytes32 prescriber,address holder,bytes32 commitment,uint40 unitsPerFill,uint8 fills,uint32 interval,uint32 validFrom,uint32 validUntil,uint32 reviewer)"
    );
    bytes32 private constant REVIEW_TYPEHASH = keccak256(
        "Review(bytes32 prescription,uint32 member,uint8 outcome,uint32 deadline)"
    );
    bytes32 private constant CANCEL_TYPEHASH = keccak256("Cancel(bytes32 prescription,uint32 member,uint32 deadline)");
    bytes32 private constant DISPENSE_TYPEHASH = keccak256(
        "Dispense(bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8 ordinal,uint8 fill,uint40 units,uint32 handedOverAt,bytes32 commitment,bytes32 stockHash,uint32 deadline)"
    );
    bytes32 private constant CLOSE_FILL_TYPEHASH = keccak256(
        "CloseFill(bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8 ordinal,uint8 fill,uint32 deadline)"
    );
    bytes32 private constant WITHDRAW_TYPEHASH = keccak256(
        "Withdraw(bytes32 prescription,uint32 member,uint8 ordinal,uint8 reason,uint32 deadline)"
    );
    bytes32 private constant ACCEPTANCE_TYPEHASH = keccak256(
        "Acceptance(bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8 fill,uint32 lockedUntil,uint32 deadline)"
    );
    bytes32 private constant RELEASE_TYPEHASH = keccak256(
        "Release(bytes32 prescription,uint16 lockCount,uint32 deadline)"
    );
    bytes32 private constant HOLDER_CANCEL_TYPEHASH = keccak256("HolderCancel(bytes32 prescription,uint32 deadline)");

    /// @dev Bytes of the ABI-encoded terms: ten words.
    uint256 private constant TERMS_SIZE = 320;

    /// @dev hashStruct(terms). The terms lie in calldata just as EIP-712 encodes them; a word with dirty high bits gives an
    /// id that was never issued, for `issue` reads each field and the decoder refuses dirty ones.
    function idOf(IPrescriptionTypes.Prescription calldata terms) internal pure returns (PrescriptionId id) {
        bytes32 typehash = PRESCRIPTION_TYPEHASH;
        uint256 size = TERMS_SIZE;
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            mstore(buffer, typehash)
            calldatacopy(add(buffer, 0x20), terms, size)
            id := keccak256(buffer, add(size, 0x20))
        }
    }

    function issue(PrescriptionId id, EphemeralKey calldata key, uint32 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(ISSUE_TYPEHASH, id, _ephemeralKey(key), deadline));
    }

    function replace(
        PrescriptionId id,
        PrescriptionId replacement,
        EphemeralKey calldata key,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(REPLACE_TYPEHASH, id, replacement, _ephemeralKey(key), deadline));
    }

    function review(
        PrescriptionId id,
        uint32 member,
        IPrescriptionTypes.ReviewOutcome outcome,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVIEW_TYPEHASH, id, member, outcome, deadline));
    }

    function cancel(PrescriptionId id, uint32 member, uint32 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(CANCEL_TYPEHASH, id, member, deadline));
    }

    function dispense(
        PrescriptionId id,
        IPrescriptionTypes.Dispense memory handover,
        bytes calldata stock,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(DISPENSE_TYPEHASH, id, handover, keccak256(stock), deadline));
    }

    function closeFill(
        PrescriptionId id,
        uint32 member,
        uint16 site,
        uint16 lockCount,
        uint8 ordinal,
        uint8 fill,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(CLOSE_FILL_TYPEHASH, id, member, site, lockCount, ordinal, fill, deadline));
    }

    function withdraw(
        PrescriptionId id,
        uint32 member,
        uint8 ordinal,
        IPrescriptionTypes.WithdrawalReason reason,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(WITHDRAW_TYPEHASH, id, member, ordinal, reason, deadline));
    }

    function acceptance(
        PrescriptionId id,
        IPrescriptionTypes.Acceptance memory lock,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACCEPTANCE_TYPEHASH, id, lock, deadline));
    }

    function release(PrescriptionId id, uint16 lockCount, uint32 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(RELEASE_TYPEHASH, id, lockCount, deadline));
    }

    function holderCancel(PrescriptionId id, uint32 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(HOLDER_CANCEL_TYPEHASH, id, deadline));
    }

    function _ephemeralKey(EphemeralKey calldata key) private pure returns (bytes32) {
        return keccak256(abi.encode(EPHEMERAL_KEY_TYPEHASH, key.x, key.prefix, key.viewTag));
    }
}
