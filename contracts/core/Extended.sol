// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

import {TakesNoCoin} from "./TakesNoCoin.sol";

/// @title Extended
/// @notice A contract with an extension, to which unknown selectors are delegated.
/// @dev Some domains are larger than EIP-170 lets one contract be. What is called daily stands in the implementation, what is
/// called less often in its extension, which may have one too. The extension's address is part of the code, so all are
/// upgraded, and voted, as one (docs/decisions/0002-proxy-pattern.md).
abstract contract Extended is TakesNoCoin, Proxy {
    /// @notice Where the domain's other functions are.
    address public immutable EXTENSION;

    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(address extension) {
        // Check: calls delegated to an address without code would succeed and do nothing.
        if (extension.code.length == 0) revert DomainExtensionInvalid(extension);
        EXTENSION = extension;
    }

    /// @dev Where {Proxy} delegates unknown selectors.
    function _implementation() internal view override returns (address) {
        return EXTENSION;
    }
}
