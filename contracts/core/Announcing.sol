// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EphemeralKey, IAnnouncer} from "./IAnnouncer.sol";

/// @title Announcing
/// @notice Announces an entry to the viewing key of the wallet that it is for (ERC-5564).
abstract contract Announcing is IAnnouncer {
    /// @dev ERC-5564: secp256k1 with view tags.
    uint256 private constant SCHEME_ID = 1;

    /// @dev emit Announcement(SCHEME_ID, holder, msg.sender, prefix ‖ x, viewTag), laid out by hand: the compiler copies each of
    /// the two byte strings twice, at 700 gas an entry. False, and nothing is emitted, when the key is no compressed point (SEC
    /// 1, section 2.3.3).
    function _announce(address holder, EphemeralKey calldata key) internal returns (bool) {
        (bytes32 x, bytes1 prefix, bytes1 viewTag) = (key.x, key.prefix, key.viewTag);
        if (x == 0 || prefix & 0xfe != 0x02) return false;
        bytes32 topic = Announcement.selector;
        uint256 scheme = SCHEME_ID;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, 0x40) // where ephemeralPubKey begins
            mstore(add(data, 0x20), 0xa0) // where metadata begins
            mstore(add(data, 0x40), 33)
            mstore(add(data, 0x80), 0) // what follows the key's last byte
            mstore(add(data, 0x60), prefix)
            mstore(add(data, 0x61), x)
            mstore(add(data, 0xa0), 1)
            mstore(add(data, 0xc0), viewTag)
            log4(data, 0xe0, topic, scheme, holder, caller())
        }
        return true;
    }
}
