// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title OperatorKeys
/// @notice How a key is written as 32 bytes: an address left-padded with zeros; any other signer as the keccak256 of its
/// ERC-7913 form (verifier ‖ key), which never has 96 leading zero bits in practice.
library OperatorKeys {
    /// @dev The key of an ECDSA account.
    function ofAddress(address account) internal pure returns (bytes32) {
        return bytes32(uint256(uint160(account)));
    }

    /// @dev The account of a key, if it is one.
    function toAddress(bytes32 operator) internal pure returns (bool isAddress, address account) {
        isAddress = uint256(operator) >> 160 == 0;
        account = address(uint160(uint256(operator)));
    }
}
