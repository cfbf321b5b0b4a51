// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Domain} from "./Domain.sol";
import {Extended} from "./Extended.sol";

/// @title ExtendedDomain
/// @notice A {Domain} with an extension.
abstract contract ExtendedDomain is Domain, Extended {
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address extension) Extended(extension) {}
}
