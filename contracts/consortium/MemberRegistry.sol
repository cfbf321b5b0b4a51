// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {MemberWord, OperatorWord, SiteWord} from "../core/AuthorityWords.sol";
import {ExtendedDomain} from "../core/ExtendedDomain.sol";
import {Duties} from "../core/Duties.sol";
import {IMemberDirectory, IMemberOperators} from "./IMemberRegistry.sol";
import {MemberOperators} from "./MemberOperators.sol";
import {MemberStorage} from "./MemberStorage.sol";

/// @title MemberRegistry
/// @notice See {IMemberRegistry}. Stands behind {MemberRegistryProxy}; {MemberSupervision} is its extension.
contract MemberRegistry is MemberOperators {
    using Checkpoints for Checkpoints.Trace208;

    /// @param supervision {MemberSupervision}.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address supervision) EIP712("CareLedger MemberRegistry", "1") ExtendedDomain(supervision) {
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IMemberDirectory
    function memberOf(uint32 member) external view returns (Member memory) {
        MemberStorage.Profile storage profile = MemberStorage.layout().profiles[member];
        MemberWord word = MemberStorage.layout().members[member];
        return
            Member({
                status: profile.status,
                sectors: profile.sectors,
                group: profile.group,
                successor: profile.successor,
                sites: profile.sites,
                admin: word.admin(),
                pendingAdmin: profile.pendingAdmin,
                permittedDuties: word.permitted(),
                suspendedDuties: word.memberSuspended(),
                suspendedUntil: word.suspendedUntil(),
                licenceHash: profile.licenceHash,
                encryptionKeyHash: profile.encryptionKeyHash,
                endpointHash: profile.endpointHash,
                encryptionKeyBlock: profile.encryptionKeyBlock,
                endpointBlock: profile.endpointBlock
            });
    }

    /// @inheritdoc IMemberOperators
    function operatorOf(uint32 member, bytes32 operator) external view returns (Operator memory result) {
        OperatorWord word = MemberStorage.layout().operators[member][operator];
        (result.duties, result.appointedUntil) = (word.duties(), word.appointedUntil());
        (result.suspended, result.suspender) = (word.suspended(), word.suspender());
        for (uint256 index; index < result.licensedThrough.length; ++index) {
            result.licensedThrough[index] = word.licensedThrough(index);
        }
    }

    /// @inheritdoc IMemberDirectory
    function siteOf(uint32 member, uint16 site) external view returns (Site memory) {
        SiteWord word = MemberStorage.layout().sites[member][site];
        return Site({gln: word.gln(), open: word.isOpen()});
    }

    /// @inheritdoc IMemberOperators
    function effectiveDuties(uint32 member, bytes32 operator) external view returns (uint32 duties) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        return $.operators[member][operator].effective($.members[member], Duties.ALL, block.timestamp);
    }

    /// @inheritdoc IMemberDirectory
    function actsFor(uint32 member, uint32 predecessor) external view returns (bool) {
        return _actsFor(member, predecessor);
    }

    /// @inheritdoc IMemberDirectory
    function siteOfGln(uint64 gln) external view returns (uint32 member, uint16 site) {
        MemberStorage.SiteRef storage ref = MemberStorage.layout().siteOfGln[gln];
        return (ref.member, ref.site);
    }

    /// @inheritdoc IMemberDirectory
    function getPastGroupVotes(uint32 group, uint48 timepoint) external view returns (uint256) {
        _checkPast(timepoint);
        return MemberStorage.layout().groupVotes[group].upperLookupRecent(timepoint);
    }

    /// @inheritdoc IMemberDirectory
    function getPastTotalVotes(uint48 timepoint) external view returns (uint256) {
        _checkPast(timepoint);
        return MemberStorage.layout().totalVotes.upperLookupRecent(timepoint);
    }

    /// @inheritdoc IMemberDirectory
    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IMemberDirectory
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    function _checkPast(uint48 timepoint) private view {
        if (timepoint >= block.timestamp) revert VotesNotYetKnown(timepoint, uint48(block.timestamp));
    }
}
