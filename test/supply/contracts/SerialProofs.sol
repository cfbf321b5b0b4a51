// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @dev OpenZeppelin's checks of a lot's serials, with leaves made as the ledger makes them.
contract SerialProofs {
    function isOfLot(
        bytes32[] memory proof,
        bytes32 root,
        uint32 index,
        bytes32 saltedSerial
    ) external pure returns (bool) {
        return MerkleProof.verify(proof, root, keccak256(abi.encodePacked(index, saltedSerial)));
    }

    function areOfLot(
        bytes32[] memory proof,
        bool[] memory proofFlags,
        bytes32 root,
        uint32 firstIndex,
        bytes32[] memory saltedSerials
    ) external pure returns (bool) {
        bytes32[] memory leaves = new bytes32[](saltedSerials.length);
        for (uint32 i = 0; i < saltedSerials.length; i++) {
            leaves[i] = keccak256(abi.encodePacked(firstIndex + i, saltedSerials[i]));
        }
        return MerkleProof.multiProofVerify(proof, proofFlags, root, leaves);
    }
}
