// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {MemberWord, OperatorWord, SiteWord} from "../core/AuthorityWords.sol";
import {Duties} from "../core/Duties.sol";
import {IMemberRegistry} from "./IMemberRegistry.sol";
import {MemberStorage} from "./MemberStorage.sol";
import {MemberSupervision} from "./MemberSupervision.sol";

/// @title MemberRegistry
/// @notice See {IMemberRegistry}. Stands behind {MemberRegistryProxy}.
contract MemberRegistry is MemberSupervision {
    using Checkpoints for Checkpoints.Trace208;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() EIP712("CareLedger MemberRegistry", "1") {
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IMemberRegistry
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

    /// @inheritdoc IMemberRegistry
    function operatorOf(uint32 member, bytes32 operator) external view returns (Operator memory result) {
        OperatorWord word = MemberStorage.layout().operators[member][operator];
        (result.duties, result.appointedUntil) = (word.duties(), word.appointedUntil());
        (result.suspended, result.suspender) = (word.suspended(), word.suspender());
        for (uint256 index; index < result.licensedThrough.length; ++index) {
            result.licensedThrough[index] = word.licensedThrough(index);
        }
    }

    /// @inheritdoc IMemberRegistry
    function siteOf(uint32 member, uint16 site) external view returns (Site memory) {
        SiteWord word = MemberStorage.layout().sites[member][site];
        return Site({gln: word.gln(), open: word.isOpen()});
    }

    /// @inheritdoc IMemberRegistry
    function effectiveDuties(uint32 member, bytes32 operator) external view returns (uint32 duties) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        return $.operators[member][operator].effective($.members[member], Duties.ALL, block.timestamp);
    }

    /// @inheritdoc IMemberRegistry
    function suspensionOf(uint32 member, SuspensionCause cause) external view returns (Suspension memory) {
        MemberStorage.Suspension storage suspension = MemberStorage.layout().suspensions[member][cause];
        return Suspension({duties: suspension.duties, until: suspension.until, ratified: suspension.ratified});
    }

    /// @inheritdoc IMemberRegistry
    function actsFor(uint32 member, uint32 predecessor) external view returns (bool) {
        return _actsFor(member, predecessor);
    }

    /// @inheritdoc IMemberRegistry
    function licensorOf(uint32 member, bytes32 operator, uint32 duty) external view returns (uint32 authority) {
        uint256 licensors = MemberStorage.layout().licensors[member][operator];
        for (uint256 index; index < 8; ++index) {
            if (duty == 1 << index) return _licensor(licensors, index);
        }
        return 0;
    }

    /// @inheritdoc IMemberRegistry
    function licensingAuthorityOf(uint32 authority) external view returns (uint32 duties, uint32 successor) {
        MemberStorage.Authority storage entry = MemberStorage.layout().authorities[authority];
        return (entry.duties, entry.successor);
    }

    /// @inheritdoc IMemberRegistry
    function siteOfGln(uint64 gln) external view returns (uint32 member, uint16 site) {
        MemberStorage.SiteRef storage ref = MemberStorage.layout().siteOfGln[gln];
        return (ref.member, ref.site);
    }

    /// @inheritdoc IMemberRegistry
    function getPastGroupVotes(uint32 group, uint48 timepoint) external view returns (uint256) {
        _checkPast(timepoint);
        return MemberStorage.layout().groupVotes[group].upperLookupRecent(timepoint);
    }

    /// @inheritdoc IMemberRegistry
    function getPastTotalVotes(uint48 timepoint) external view returns (uint256) {
        _checkPast(timepoint);
        return MemberStorage.layout().totalVotes.upperLookupRecent(timepoint);
    }

    /// @inheritdoc IMemberRegistry
    function clock() external view returns (uint48) {
        return uint48(block.timestamp);
    }

    /// @inheritdoc IMemberRegistry
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external pure returns (string memory) {
        return "mode=timestamp";
    }

    function _checkPast(uint48 timepoint) private view {
        if (timepoint >= block.timestamp) revert VotesNotYetKnown(timepoint, uint48(block.timestamp));
    }
}
