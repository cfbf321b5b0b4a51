// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Proxy} from "@openzeppelin/contracts/proxy/Proxy.sol";

import {Domain} from "./Domain.sol";

/// @title ExtendedDomain
/// @notice A {Domain} with an extension.
/// @dev Some domains are larger than EIP-170 lets one contract be. What is called daily stands in the implementation; what
/// is called rarely stands in the extension, to which unknown selectors are delegated. The extension's address is part of
/// the implementation's code, so both are upgraded, and voted, as one (docs/decisions/0002-proxy-pattern.md).
abstract contract ExtendedDomain is Domain, Proxy {
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
