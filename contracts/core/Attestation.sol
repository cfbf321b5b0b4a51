// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice A professional's signature over its act, or all zero when the professional sends the act itself.
/// @param r First half of the ECDSA signature.
/// @param vs Second half with the recovery bit (ERC-2098).
/// @param deadline Last second at which the act may be relayed; 0 = not relayed.
struct Attestation {
    bytes32 r;
    bytes32 vs;
    uint32 deadline;
}
