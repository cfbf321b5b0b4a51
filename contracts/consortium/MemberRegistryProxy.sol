// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";

import {MemberWord, OperatorWord, SiteWord} from "../core/AuthorityWords.sol";
import {IAuthority} from "./IMemberRegistry.sol";
import {MemberStorage} from "./MemberStorage.sol";

/// @title MemberRegistryProxy
/// @notice The ERC-1967 proxy of MemberRegistry. It answers the hot question of every domain call from its own storage,
/// which saves the caller the implementation slot and the delegate call (about 5,000 gas), and delegates all else.
/// @dev It hands out raw words and knows no rule, for its own code cannot be upgraded.
contract MemberRegistryProxy is ERC1967Proxy, IAuthority {
    /// @param implementation MemberRegistry implementation.
    /// @param initialization Call to `initialize`.
    constructor(address implementation, bytes memory initialization) ERC1967Proxy(implementation, initialization) {}

    /// @dev Plain transfers go to the implementation like all else, which refuses them.
    receive() external payable {
        _fallback();
    }

    /// @inheritdoc IAuthority
    function authorityWords(
        uint32 member,
        bytes32 operator
    ) external view returns (uint256 operatorWord, uint256 memberWord) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        operatorWord = OperatorWord.unwrap($.operators[member][operator]);
        memberWord = MemberWord.unwrap($.members[member]);
    }

    /// @inheritdoc IAuthority
    function authorityWordsAt(
        uint32 member,
        bytes32 operator,
        uint16 site
    ) external view returns (uint256 operatorWord, uint256 memberWord, uint256 siteWord) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        operatorWord = OperatorWord.unwrap($.operators[member][operator]);
        memberWord = MemberWord.unwrap($.members[member]);
        siteWord = SiteWord.unwrap($.sites[member][site]);
    }

    /// @inheritdoc IAuthority
    function memberWordOf(uint32 member) external view returns (uint256) {
        return MemberWord.unwrap(MemberStorage.layout().members[member]);
    }

    /// @inheritdoc IAuthority
    function profileWordOf(uint32 member) external view returns (uint256 word) {
        MemberStorage.Profile storage profile = MemberStorage.layout().profiles[member];
        assembly ("memory-safe") {
            word := sload(profile.slot)
        }
    }
}
