// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What lets a patient's viewing key find an entry (ERC-5564, scheme 1). An entry that is for no wallet carries a
/// random one, so that an observer cannot tell the two kinds apart.
/// @param x X coordinate of the ephemeral public key.
/// @param prefix 0x02 or 0x03 (SEC 1 compressed point, section 2.3.3).
/// @param viewTag First byte of the hashed shared secret.
struct EphemeralKey {
    bytes32 x;
    bytes1 prefix;
    bytes1 viewTag;
}

/// @title IAnnouncer
/// @notice What a contract shares that announces entries to viewing keys.
interface IAnnouncer {
    /// @notice ERC-5564 announcement, word for word the standard's event.
    event Announcement(
        uint256 indexed schemeId,
        address indexed stealthAddress,
        address indexed caller,
        bytes ephemeralPubKey,
        bytes metadata
    );
}
