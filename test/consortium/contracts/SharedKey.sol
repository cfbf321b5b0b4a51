// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title SharedKey
/// @notice A wallet contract with two owners, for a key that a ward shares: its signature (ERC-1271) is that of both, the
/// first owner's 65 bytes and then the second's.
contract SharedKey is IERC1271 {
    uint256 private constant ECDSA_SIZE = 65;

    address public immutable FIRST;
    address public immutable SECOND;

    constructor(address first, address second) {
        (FIRST, SECOND) = (first, second);
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 2 * ECDSA_SIZE) return 0xffffffff;
        bool both =
            ECDSA.recoverCalldata(hash, signature[:ECDSA_SIZE]) == FIRST &&
                ECDSA.recoverCalldata(hash, signature[ECDSA_SIZE:]) == SECOND;
        return both ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
