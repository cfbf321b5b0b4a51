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

/// @title IActTypes
/// @notice Errors of signed acts, the same in every domain.
interface IActTypes {
    /// @notice A signature came after its deadline. Fix: sign again with a later deadline.
    error SignatureExpired(uint32 deadline);

    /// @notice The deadline lies further ahead than `latest`. Fix: sign with a deadline within 72 hours.
    error SignatureDeadlineTooFar(uint32 deadline, uint32 latest);

    /// @notice The signature is malformed. Fix: pass `r` and `vs` of an ERC-2098 signature.
    error SignatureMalformed();
}
