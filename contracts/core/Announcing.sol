// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EphemeralKey, IAnnouncer} from "./IAnnouncer.sol";

/// @title Announcing
/// @notice Announces an entry to the viewing key of the wallet that it is for (ERC-5564).
abstract contract Announcing is IAnnouncer {
    /// @dev ERC-5564: secp256k1 with view tags.
    uint256 private constant SCHEME_ID = 1;

    /// @dev Whether the key is a compressed point (SEC 1, section 2.3.3).
    function _isPoint(EphemeralKey calldata key) internal pure returns (bool) {
        return key.x != 0 && (key.prefix == 0x02 || key.prefix == 0x03);
    }

    function _announce(address holder, EphemeralKey calldata key) internal {
        emit Announcement(
            SCHEME_ID,
            holder,
            msg.sender,
            abi.encodePacked(key.prefix, key.x),
            abi.encodePacked(key.viewTag)
        );
    }
}
