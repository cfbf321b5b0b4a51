// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

/// @dev OpenZeppelin's check of a lot's serial, with its leaf made as the ledger makes it.
contract SerialProofs {
    function isOfLot(
        bytes32[] memory proof,
        bytes32 root,
        uint32 index,
        bytes32 saltedSerial
    ) external pure returns (bool) {
        return MerkleProof.verify(proof, root, keccak256(abi.encodePacked(index, saltedSerial)));
    }
}
