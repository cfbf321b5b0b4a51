// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title DelegatePowers
/// @notice What a delegate may do in a patient's place, one bit each. Bits never move.
library DelegatePowers {
    /// @dev Set permits within its categories, purposes and end.
    uint8 internal constant GRANT = 1 << 0;
    /// @dev Set denies within them, and end what it set.
    uint8 internal constant DENY = 1 << 1;
    /// @dev Let a grantee take data out of the consortium.
    uint8 internal constant EXPORT = 1 << 2;
    /// @dev Let a grantee pass data on.
    uint8 internal constant REDISCLOSE = 1 << 3;
    /// @dev End every permit at once.
    uint8 internal constant REVOKE_ALL = 1 << 4;
    /// @dev Agree to a new key in place of a lost one.
    uint8 internal constant RECOVER = 1 << 5;
    /// @dev Appoint further delegates within its own scope, without this power.
    uint8 internal constant APPOINT = 1 << 6;

    /// @dev All powers there are; a mask with any other bit is refused.
    uint8 internal constant ALL = (1 << 7) - 1;
}
