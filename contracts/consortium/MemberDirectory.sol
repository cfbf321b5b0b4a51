// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";

import {AuthorityWords, MemberWord, SiteWord} from "../core/AuthorityWords.sol";
import {ExtendedDomain} from "../core/ExtendedDomain.sol";
import {Gs1} from "../core/Gs1.sol";
import {Duties, Sectors} from "../core/Duties.sol";
import {IMemberDirectory} from "./IMemberRegistry.sol";
import {MemberGuards} from "./MemberGuards.sol";
import {MemberStorage} from "./MemberStorage.sol";

/// @title MemberDirectory
/// @notice The part of MemberRegistry about organisations: admission to closure, admin keys, publications, sites.
abstract contract MemberDirectory is IMemberDirectory, MemberGuards, ExtendedDomain {
    using Checkpoints for Checkpoints.Trace208;

    /// @notice Longest published key or endpoint, bytes.
    uint256 public constant PUBLICATION_MAX = 256;

    /// @notice Longest chain of successors that is followed.
    uint256 public constant SUCCESSORS_MAX = 8;

    /// @dev For the admin of an active member, unless a regulator suspended the admin key.
    modifier onlyAdmin(uint32 member) {
        MemberWord word = MemberStorage.layout().members[member];
        // Check: the member is active and its admin calls.
        if (!word.isActive()) revert MemberNotActive(member);
        if (word.admin() != msg.sender) revert MemberAdminOnly(member, word.admin(), msg.sender);
        _requireAdministering(member, word);
        _;
    }

    // ── governance ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IMemberDirectory
    function admitMember(Admission calldata admission) external restricted {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        uint32 member = admission.member;
        MemberStorage.Profile storage profile = $.profiles[member];
        // Check: a fresh id and complete fields.
        bool reserved = member == 0 || member == AuthorityWords.SEVERAL;
        if (reserved || profile.status != MemberStatus.Unknown) revert MemberIdUnavailable(member);
        if (admission.admin == address(0)) revert MemberFieldInvalid(member, "admin");
        if (admission.group == 0) revert MemberFieldInvalid(member, "group");
        if (admission.licenceHash == 0) revert MemberFieldInvalid(member, "licenceHash");
        _checkSectors(member, admission.sectors);
        // Effect: the profile, the hot word and the group's vote.
        profile.status = MemberStatus.Active;
        profile.sectors = admission.sectors;
        profile.group = admission.group;
        profile.licenceHash = admission.licenceHash;
        uint32 permitted = Duties.permittedTo(admission.sectors);
        $.members[member] = AuthorityWords.packMember(admission.admin, permitted, 0, 0);
        _joinGroup($, admission.group);
        // Log.
        emit MemberAdmitted(
            member,
            admission.group,
            admission.admin,
            admission.sectors,
            permitted,
            admission.licenceHash
        );
    }

    /// @inheritdoc IMemberDirectory
    function setMemberSectors(uint32 member, uint16 sectors) external restricted {
        MemberStorage.Profile storage profile = _activeProfile(member);
        _checkSectors(member, sectors);
        // Log and effect: the hot word changes with the sectors, so that operators follow in this block.
        uint32 permitted = Duties.permittedTo(sectors);
        emit MemberSectorsChanged(member, profile.sectors, sectors, permitted);
        profile.sectors = sectors;
        _setPermitted(member, permitted);
    }

    /// @inheritdoc IMemberDirectory
    function setMemberGroup(uint32 member, uint32 group) external restricted {
        MemberStorage.Profile storage profile = _activeProfile(member);
        if (group == 0) revert MemberFieldInvalid(member, "group");
        // Log and effect: the vote moves with the member.
        emit MemberGroupChanged(member, profile.group, group);
        MemberStorage.Layout storage $ = MemberStorage.layout();
        _leaveGroup($, profile.group);
        profile.group = group;
        _joinGroup($, group);
    }

    /// @inheritdoc IMemberDirectory
    function setMemberLicence(uint32 member, bytes32 licenceHash) external restricted {
        MemberStorage.Profile storage profile = _activeProfile(member);
        if (licenceHash == 0) revert MemberFieldInvalid(member, "licenceHash");
        emit MemberLicenceChanged(member, profile.licenceHash, licenceHash);
        profile.licenceHash = licenceHash;
    }

    /// @inheritdoc IMemberDirectory
    function setMemberAdmin(uint32 member, address admin) external restricted {
        MemberStorage.Profile storage profile = _activeProfile(member);
        if (admin == address(0)) revert MemberFieldInvalid(member, "admin");
        _setAdmin(member, profile, admin);
    }

    /// @inheritdoc IMemberDirectory
    function closeMember(uint32 member) external restricted {
        MemberStorage.Profile storage profile = _activeProfile(member);
        // Effect: no permitted duty is left, which stops every operator and voids every lock.
        profile.status = MemberStatus.Closed;
        _setPermitted(member, 0);
        _leaveGroup(MemberStorage.layout(), profile.group);
        // Log.
        emit MemberClosed(member);
    }

    /// @inheritdoc IMemberDirectory
    function nameSuccessor(uint32 member, uint32 successor) external restricted {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        MemberStorage.Profile storage profile = $.profiles[member];
        // Check: from a closed member to an active one; chains cannot become rings, for a link's end is active when set
        // and closure is final.
        if (profile.status != MemberStatus.Closed || !$.members[successor].isActive()) {
            revert MemberSuccessorInvalid(member, successor);
        }
        // Log and effect.
        emit MemberSuccessorNamed(member, profile.successor, successor);
        profile.successor = successor;
    }

    /// @inheritdoc IMemberDirectory
    function revokeSite(uint32 member, uint16 site) external restricted {
        _closeSite(member, site);
    }

    // ── the member's admin ──────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IMemberDirectory
    function proposeAdmin(uint32 member, address pendingAdmin) external whenNotPaused onlyAdmin(member) {
        MemberStorage.layout().profiles[member].pendingAdmin = pendingAdmin;
        emit MemberAdminProposed(member, msg.sender, pendingAdmin);
    }

    /// @inheritdoc IMemberDirectory
    function acceptAdmin(uint32 member) external whenNotPaused {
        MemberStorage.Profile storage profile = _activeProfile(member);
        // Check: no regulator stopped the admin key, and the proposed key calls.
        _requireAdministering(member, MemberStorage.layout().members[member]);
        if (profile.pendingAdmin != msg.sender) {
            revert MemberPendingAdminOnly(member, profile.pendingAdmin, msg.sender);
        }
        _setAdmin(member, profile, msg.sender);
    }

    /// @inheritdoc IMemberDirectory
    function publishEncryptionKey(
        uint32 member,
        bytes calldata encryptionKey
    ) external whenNotPaused onlyAdmin(member) {
        _checkSize(member, encryptionKey.length);
        MemberStorage.Profile storage profile = MemberStorage.layout().profiles[member];
        // Log and effect: the value goes into the log, its hash and block into storage.
        emit MemberEncryptionKeyPublished(member, profile.encryptionKeyHash, encryptionKey);
        profile.encryptionKeyHash = keccak256(encryptionKey);
        profile.encryptionKeyBlock = SafeCast.toUint32(block.number);
    }

    /// @inheritdoc IMemberDirectory
    function publishEndpoint(uint32 member, string calldata endpoint) external whenNotPaused onlyAdmin(member) {
        _checkSize(member, bytes(endpoint).length);
        MemberStorage.Profile storage profile = MemberStorage.layout().profiles[member];
        // Log and effect: the value goes into the log, its hash and block into storage.
        emit MemberEndpointPublished(member, profile.endpointHash, endpoint);
        profile.endpointHash = keccak256(bytes(endpoint));
        profile.endpointBlock = SafeCast.toUint32(block.number);
    }

    /// @inheritdoc IMemberDirectory
    function registerSite(uint32 member, uint64 gln) external whenNotPaused onlyAdmin(member) returns (uint16 site) {
        if (!Gs1.isKey(gln, Gs1.GLN_END)) revert SiteGlnInvalid(gln);
        site = _openSite(member, gln);
        emit SiteRegistered(member, site, gln);
    }

    /// @inheritdoc IMemberDirectory
    function closeSite(uint32 member, uint16 site) external onlyAdmin(member) {
        _closeSite(member, site);
    }

    /// @inheritdoc IMemberDirectory
    function adoptSite(
        uint32 member,
        uint32 from,
        uint16 fromSite
    ) external whenNotPaused onlyAdmin(member) returns (uint16 site) {
        // Check: governance named this member as successor, and the site was not adopted or closed before.
        if (member == from || !_actsFor(member, from)) revert SiteAdoptionRefused(from, member);
        uint64 gln = MemberStorage.layout().sites[from][fromSite].gln();
        _closeSite(from, fromSite);
        // Effect and log.
        site = _openSite(member, gln);
        emit SiteAdopted(from, fromSite, member, site, gln);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Whether `member` is active and is `predecessor` or follows it in the chain of successors.
    function _actsFor(uint32 member, uint32 predecessor) internal view returns (bool) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        if (!$.members[member].isActive()) return false;
        for (uint256 hops; hops <= SUCCESSORS_MAX && predecessor != 0; ++hops) {
            if (predecessor == member) return true;
            predecessor = $.profiles[predecessor].successor;
        }
        return false;
    }

    function _requireAdministering(uint32 member, MemberWord word) private view {
        if (word.memberSuspended() & Duties.ADMINISTER != 0 && block.timestamp < word.suspendedUntil()) {
            revert DutySuspendedForMember(member, Duties.ADMINISTER, word.suspendedUntil());
        }
    }

    function _checkSectors(uint32 member, uint16 sectors) private pure {
        if (sectors == 0 || sectors & ~Sectors.ALL != 0) revert MemberFieldInvalid(member, "sectors");
    }

    function _checkSize(uint32 member, uint256 size) private pure {
        if (size == 0 || size > PUBLICATION_MAX) revert MemberPublicationSize(member, size, PUBLICATION_MAX);
    }

    function _setPermitted(uint32 member, uint32 permitted) private {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        MemberWord word = $.members[member];
        $.members[member] = AuthorityWords.packMember(
            word.admin(),
            permitted,
            word.memberSuspended(),
            word.suspendedUntil()
        );
    }

    function _setAdmin(uint32 member, MemberStorage.Profile storage profile, address admin) private {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        MemberWord word = $.members[member];
        emit MemberAdminChanged(member, word.admin(), admin);
        profile.pendingAdmin = address(0);
        $.members[member] = AuthorityWords.packMember(
            admin,
            word.permitted(),
            word.memberSuspended(),
            word.suspendedUntil()
        );
    }

    function _openSite(uint32 member, uint64 gln) private returns (uint16 site) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        MemberStorage.SiteRef storage ref = $.siteOfGln[gln];
        // Check: one open site a GLN.
        if (ref.member != 0) revert SiteGlnInUse(gln, ref.member, ref.site);
        MemberStorage.Profile storage profile = $.profiles[member];
        if (profile.sites == type(uint16).max) revert SiteLimitReached(member, type(uint16).max);
        // Effect.
        site = ++profile.sites;
        (ref.member, ref.site) = (member, site);
        $.sites[member][site] = AuthorityWords.packSite(gln, true);
    }

    function _closeSite(uint32 member, uint16 site) private {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        SiteWord word = $.sites[member][site];
        if (!word.isOpen()) revert SiteNotOpen(member, site);
        // Effect and log: the GLN is free again.
        delete $.siteOfGln[word.gln()];
        $.sites[member][site] = AuthorityWords.packSite(word.gln(), false);
        emit SiteClosed(member, site);
    }

    function _joinGroup(MemberStorage.Layout storage $, uint32 group) private {
        if ($.activeInGroup[group]++ == 0) _moveVotes($, group, 1);
    }

    function _leaveGroup(MemberStorage.Layout storage $, uint32 group) private {
        if (--$.activeInGroup[group] == 0) _moveVotes($, group, 0);
    }

    function _moveVotes(MemberStorage.Layout storage $, uint32 group, uint208 votes) private {
        uint48 timepoint = uint48(block.timestamp);
        $.groupVotes[group].push(timepoint, votes);
        uint208 total = $.totalVotes.latest();
        $.totalVotes.push(timepoint, votes == 0 ? total - 1 : total + 1);
    }
}
