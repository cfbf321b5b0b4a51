// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDomainTypes} from "./IDomain.sol";

/// @title TakesNoCoin
/// @notice Refuses the chain's coin: it has no use here, and nobody could take it out again.
abstract contract TakesNoCoin is IDomainTypes {
    /// @dev A plain transfer.
    receive() external payable {
        revert DomainTakesNoCoin(msg.sender, msg.value);
    }
}
