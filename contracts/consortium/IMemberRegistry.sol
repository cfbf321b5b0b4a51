// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IDomain} from "../core/IDomain.sol";

/// @title IAuthority
/// @notice The hot question that every domain call asks, answered by the registry's proxy itself without a delegate
/// call. The words are raw: {AuthorityWords} decodes them in the domain, so that the rules stay upgradeable.
interface IAuthority {
    /// @notice The operator's and the member's word.
    /// @param member Member for which the operator claims to act.
    /// @param operator Operator key.
    function authorityWords(
        uint32 member,
        bytes32 operator
    ) external view returns (uint256 operatorWord, uint256 memberWord);

    /// @notice The member's word alone.
    function memberWordOf(uint32 member) external view returns (uint256);

    /// @notice What kind of member it is; {ProfileWord} decodes it.
    function profileWordOf(uint32 member) external view returns (uint256);

    /// @notice The same as `authorityWords`, and the word of one of the member's sites.
    function authorityWordsAt(
        uint32 member,
        bytes32 operator,
        uint16 site
    ) external view returns (uint256 operatorWord, uint256 memberWord, uint256 siteWord);
}

/// @title IMemberTypes
/// @notice Types, events and errors of {IMemberRegistry}.
interface IMemberTypes {
    /// @notice Where a member stands. Numbers are stable.
    enum MemberStatus {
        Unknown,
        Active,
        Closed
    }

    /// @notice Why a regulator suspends duties. One unratified suspension a member and cause.
    enum SuspensionCause {
        Unspecified,
        LicenceLost,
        PatientSafety,
        KeyCompromise,
        SuspectedFraud,
        DataProtection,
        CourtOrder
    }

    /// @notice A member to admit.
    /// @param member Id, not zero, never used before.
    /// @param admin Key that appoints operators and manages sites; not zero.
    /// @param sectors Bit set of {Sectors}; not zero.
    /// @param group Controlling group, not zero: votes and validator caps count groups, never branches.
    /// @param licenceHash keccak256 over a 32-byte salt and the electronic licence; the salt keeps it from being guessed.
    struct Admission {
        uint32 member;
        address admin;
        uint16 sectors;
        uint32 group;
        bytes32 licenceHash;
    }

    /// @notice A member as it stands.
    /// @param licenceHash See {Admission}.
    /// @param encryptionKeyHash keccak256 of the published key; zero when none is published.
    /// @param endpointHash keccak256 of the published URL; zero when none is published.
    /// @param encryptionKeyBlock Block that published the key, so that one log query finds it.
    /// @param endpointBlock Block that published the URL.
    /// @param permittedDuties What the sectors allow; zero when closed.
    /// @param suspendedDuties What is suspended while `suspendedUntil` lies ahead.
    struct Member {
        MemberStatus status;
        uint16 sectors;
        uint32 group;
        uint32 successor;
        uint16 sites;
        address admin;
        address pendingAdmin;
        uint32 permittedDuties;
        uint32 suspendedDuties;
        uint32 suspendedUntil;
        bytes32 licenceHash;
        bytes32 encryptionKeyHash;
        bytes32 endpointHash;
        uint32 encryptionKeyBlock;
        uint32 endpointBlock;
    }

    /// @notice An appointment to make.
    /// @param operator Operator key.
    /// @param duties The whole new set of duties; replaces any earlier set.
    /// @param until End of the appointment, exclusive, unix seconds, in the future.
    struct Appointment {
        bytes32 operator;
        uint32 duties;
        uint32 until;
    }

    /// @notice A licence to give.
    /// @param member Member for which the operator works.
    /// @param operator Operator key.
    /// @param duties Professional duties, all within the authority's mask.
    /// @param throughDay Last day of validity, days since 1970-01-01 UTC, inclusive; today or later.
    struct Licence {
        uint32 member;
        bytes32 operator;
        uint32 duties;
        uint16 throughDay;
    }

    /// @notice An operator as it stands.
    /// @param duties Duties appointed by the member.
    /// @param suspended Duties suspended one by one; bit 31 marks a retired key, which a replacement left behind for good.
    /// @param suspender Regulator whose suspension stands; only it or governance restores. 2^32-1 when several suspended: then
    /// governance alone.
    /// @param appointedUntil End of the appointment, exclusive.
    /// @param licensedThrough Last licensed day per professional duty, index = duty bit; 0 = none.
    struct Operator {
        uint32 duties;
        uint32 suspended;
        uint32 suspender;
        uint32 appointedUntil;
        uint16[8] licensedThrough;
    }

    /// @notice A suspension of a member for one cause.
    /// @param duties Duties suspended.
    /// @param until Its end, exclusive; 0 when there was none.
    /// @param ratified Whether governance answered it.
    struct Suspension {
        uint32 duties;
        uint32 until;
        bool ratified;
    }

    /// @notice A site: a branch, a ward, a depot.
    /// @param gln Global Location Number (GS1), 13 digits as a number, check digit verified.
    /// @param open False once closed or adopted by a successor.
    struct Site {
        uint64 gln;
        bool open;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A member was admitted.
    event MemberAdmitted(
        uint32 indexed member,
        uint32 indexed group,
        address admin,
        uint16 sectors,
        uint32 permittedDuties,
        bytes32 licenceHash
    );

    /// @notice A member's sectors changed, and with them what its operators may do. Also when the same sectors are set again
    /// to take up a new table of permitted duties.
    event MemberSectorsChanged(uint32 indexed member, uint16 before, uint16 sectors, uint32 permittedDuties);

    /// @notice A member moved to another controlling group.
    event MemberGroupChanged(uint32 indexed member, uint32 indexed before, uint32 indexed group);

    /// @notice A member's electronic licence was renewed.
    event MemberLicenceChanged(uint32 indexed member, bytes32 before, bytes32 licenceHash);

    /// @notice A member was closed: all its operators stopped in this block, its locks are void. Final.
    event MemberClosed(uint32 indexed member);

    /// @notice Governance named who takes over a closed member's issuer rights, sites, custodianship and keys.
    event MemberSuccessorNamed(uint32 indexed member, uint32 indexed before, uint32 indexed successor);

    /// @notice The admin named its successor key; nothing changed yet.
    event MemberAdminProposed(uint32 indexed member, address indexed admin, address indexed pendingAdmin);

    /// @notice The admin key changed; a proposal that stood is gone.
    event MemberAdminChanged(uint32 indexed member, address indexed before, address indexed admin);

    /// @notice The key to which documents for this member are encrypted.
    /// @param encryptionKey HPKE public key (RFC 9180), 71 bytes: identifiers of KEM, KDF and AEAD (2 bytes each; 0x0010,
    /// 0x0001, 0x0002), then the uncompressed P-256 point. Not checked on chain.
    event MemberEncryptionKeyPublished(uint32 indexed member, bytes32 before, bytes encryptionKey);

    /// @notice The HTTPS address of the member's custodian service.
    event MemberEndpointPublished(uint32 indexed member, bytes32 before, string endpoint);

    /// @notice A site was opened.
    event SiteRegistered(uint32 indexed member, uint16 indexed site, uint64 indexed gln);

    /// @notice A site was closed; its locks are void.
    event SiteClosed(uint32 indexed member, uint16 indexed site);

    /// @notice A successor took a closed member's site over under a number of its own.
    event SiteAdopted(uint32 indexed from, uint16 fromSite, uint32 indexed member, uint16 site, uint64 gln);

    /// @notice An operator was appointed, or its duties or end changed.
    event OperatorAppointed(uint32 indexed member, bytes32 indexed operator, uint32 duties, uint32 until);

    /// @notice An operator was dismissed; it stopped in this block. Suspensions of its duties stay.
    event OperatorDismissed(uint32 indexed member, bytes32 indexed operator);

    /// @notice An operator's key was replaced: duties and suspensions moved, licences only if the old key agreed. The old key
    /// is retired for good.
    event OperatorReplaced(uint32 indexed member, bytes32 indexed before, bytes32 indexed operator, bool licencesKept);

    /// @notice Duties of one operator were suspended.
    event OperatorDutiesSuspended(
        uint32 indexed member,
        bytes32 indexed operator,
        uint32 indexed authority,
        uint32 duties
    );

    /// @notice Suspended duties of one operator were restored.
    event OperatorDutiesRestored(
        uint32 indexed member,
        bytes32 indexed operator,
        uint32 indexed authority,
        uint32 duties
    );

    /// @notice Governance set what an authority may license and who administers its licences after it.
    event LicensingAuthoritySet(uint32 indexed authority, uint32 before, uint32 duties, uint32 successor);

    /// @notice An authority licensed an operator.
    event OperatorLicensed(
        uint32 indexed member,
        bytes32 indexed operator,
        uint32 indexed authority,
        uint32 duties,
        uint16 throughDay
    );

    /// @notice An authority revoked licences; they stopped counting in this block.
    event OperatorLicenceRevoked(
        uint32 indexed member,
        bytes32 indexed operator,
        uint32 indexed authority,
        uint32 duties
    );

    /// @notice Governance restored all suspended duties of one operator.
    event OperatorSuspensionLifted(uint32 indexed member, bytes32 indexed operator, uint32 duties);

    /// @notice A regulator suspended duties of a member.
    event MemberSuspended(
        uint32 indexed member,
        uint32 indexed regulator,
        SuspensionCause indexed cause,
        uint32 duties,
        uint32 until
    );

    /// @notice Governance ratified a suspension and set its new end.
    event MemberSuspensionRatified(uint32 indexed member, SuspensionCause indexed cause, uint32 duties, uint32 until);

    /// @notice Governance lifted a suspension; its cause may be used again.
    event MemberSuspensionLifted(uint32 indexed member, SuspensionCause indexed cause, uint32 duties);

    /// @notice What is suspended for a member as a whole, over all causes that run: their duties together, until the last
    /// of them ends. Follows each event about a suspension.
    event MemberSuspensionChanged(uint32 indexed member, uint32 duties, uint32 until);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice No active member has this id. Fix: check the id; a closed member cannot act, its successor can.
    error MemberNotActive(uint32 member);

    /// @notice The id is taken, zero or 2^32-1. Fix: use the next free id.
    error MemberIdUnavailable(uint32 member);

    /// @notice A field of the admission or change is zero or has unknown bits. Fix: see {Admission}.
    error MemberFieldInvalid(uint32 member, bytes32 field);

    /// @notice Only the member's admin key may do this. Fix: send from `admin`.
    error MemberAdminOnly(uint32 member, address admin, address caller);

    /// @notice Only the proposed admin may accept. Fix: send from `pendingAdmin`.
    error MemberPendingAdminOnly(uint32 member, address pendingAdmin, address caller);

    /// @notice A successor must be another member, active, and the member itself closed; the chain of successors ends.
    error MemberSuccessorInvalid(uint32 member, uint32 successor);

    /// @notice The published value is empty or longer than `longest` bytes. Fix: publish a value within the limit.
    error MemberPublicationSize(uint32 member, uint256 size, uint256 longest);

    /// @notice The site is unknown or closed. Fix: use an open site of this member.
    error SiteNotOpen(uint32 member, uint16 site);

    /// @notice The number is no GLN. Fix: 13 digits with a correct GS1 check digit.
    error SiteGlnInvalid(uint64 gln);

    /// @notice An open site has this GLN. Fix: close that site first; if its member took the number wrongly, governance
    /// revokes it.
    error SiteGlnInUse(uint64 gln, uint32 member, uint16 site);

    /// @notice The member already has as many sites as a number of 16 bits can name.
    error SiteLimitReached(uint32 member, uint16 limit);

    /// @notice Only the closed member's successor may adopt its sites. Fix: governance names the successor.
    error SiteAdoptionRefused(uint32 from, uint32 member);

    /// @notice The duties are empty, unknown, or not permitted to the member's sectors. Fix: drop `refused`.
    error OperatorDutiesInvalid(uint32 member, bytes32 operator, uint32 refused);

    /// @notice The appointment's end is not in the future. Fix: name a later end.
    error OperatorAppointmentPast(bytes32 operator, uint32 until);

    /// @notice The operator key is zero. Fix: pass the operator's key.
    error OperatorKeyInvalid(bytes32 operator);

    /// @notice This member has not appointed the operator. Fix: appoint it first.
    error OperatorUnknown(uint32 member, bytes32 operator);

    /// @notice The new key is appointed already, or it once replaced another key. Fix: use a fresh key.
    error OperatorKeyInUse(uint32 member, bytes32 operator);

    /// @notice The key was replaced and is retired for good. Fix: use the operator's current key.
    error OperatorKeyRetired(uint32 member, bytes32 operator);

    /// @notice The old key did not sign this replacement. Fix: let the operator sign `OperatorReplacement`, or pass an
    /// empty signature and have the licences given anew.
    error OperatorReplacementUnsigned(uint32 member, bytes32 operator, bytes32 replacement);

    /// @notice The signature came after its deadline. Fix: sign again with a later deadline.
    error OperatorSignatureExpired(uint32 deadline);

    /// @notice A batch is empty or longer than `longest`. Fix: split it.
    error BatchSizeInvalid(uint256 size, uint256 longest);

    /// @notice The authority may not license these duties. Fix: governance sets its mask; drop `refused`.
    error LicenceBeyondMask(uint32 authority, uint32 refused);

    /// @notice The licence's last day lies in the past. Fix: name today or a later day.
    error LicenceDayPast(bytes32 operator, uint16 throughDay, uint16 today);

    /// @notice Another authority gave this licence and this one is not its successor. Fix: the giver revokes it.
    error LicenceOfOther(uint32 authority, bytes32 operator, uint32 duty, uint32 licensor);

    /// @notice No authority licensed the operator for this duty. Fix: check the key and name only licensed duties.
    error LicenceUnknown(uint32 member, bytes32 operator, uint32 duty);

    /// @notice An authority may not license operators of itself or of its own controlling group: two keys, two
    /// organisations. Fix: another authority licenses them.
    error LicenceOfOwn(uint32 authority, uint32 member);

    /// @notice Another regulator's suspension stands. Fix: `suspender` or governance restores.
    error SuspensionOfOther(uint32 member, bytes32 operator, uint32 suspender);

    /// @notice An authority's members act as regulators; regulators are suspended by governance alone.
    error SuspensionOfRegulator(uint32 member);

    /// @notice The suspension's end is past or further than `latest`. Fix: name an end within the bound.
    error SuspensionOutOfRange(uint32 until, uint32 latest);

    /// @notice This cause was used on this member and governance has not ratified or lifted it. Fix: ask governance.
    error SuspensionRepeated(uint32 member, SuspensionCause cause);

    /// @notice No suspension of this cause awaits ratification. Fix: check the cause.
    error SuspensionUnknown(uint32 member, SuspensionCause cause);

    /// @notice The regulator spent its suspensions for this period. Fix: wait until `notBefore`, or ask governance.
    error SuspensionRateExceeded(uint32 regulator, uint32 notBefore);

    /// @notice Votes are known only for past seconds. Fix: ask for a second before `current`.
    error VotesNotYetKnown(uint48 timepoint, uint48 current);

    /// @notice The cause is unspecified. Fix: name one of {SuspensionCause}.
    error SuspensionCauseMissing(uint32 member);
}

/// @title IMemberDirectory
/// @notice The part of {IMemberRegistry} about organisations: admission to closure, admin keys, publications, sites, votes.
interface IMemberDirectory is IMemberTypes {
    /// @notice Admit a member. Caller: governance.
    function admitMember(Admission calldata admission) external;

    /// @notice Change a member's sectors; what its operators may do changes in the same block. Caller: governance.
    function setMemberSectors(uint32 member, uint16 sectors) external;

    /// @notice Move a member to another controlling group. Caller: governance.
    function setMemberGroup(uint32 member, uint32 group) external;

    /// @notice Record a renewed electronic licence. Caller: governance.
    function setMemberLicence(uint32 member, bytes32 licenceHash) external;

    /// @notice Replace a lost or stolen admin key. Caller: governance.
    function setMemberAdmin(uint32 member, address admin) external;

    /// @notice Close a member for good. Caller: governance.
    function closeMember(uint32 member) external;

    /// @notice Name who takes over a closed member's rights. Caller: governance.
    function nameSuccessor(uint32 member, uint32 successor) external;

    /// @notice Close a site registered under a GLN that is not the member's. Caller: governance.
    function revokeSite(uint32 member, uint16 site) external;

    /// @notice Name the next admin key; it must accept. Zero takes the proposal back. Caller: the admin.
    function proposeAdmin(uint32 member, address pendingAdmin) external;

    /// @notice Take the admin role over. Caller: the pending admin.
    function acceptAdmin(uint32 member) external;

    /// @notice Publish or rotate the encryption key. Caller: the admin. At most 256 bytes.
    function publishEncryptionKey(uint32 member, bytes calldata encryptionKey) external;

    /// @notice Publish or move the custodian endpoint. Caller: the admin. At most 256 bytes.
    function publishEndpoint(uint32 member, string calldata endpoint) external;

    /// @notice Open a site. Caller: the admin.
    /// @return site Number of the site within the member, from 1.
    function registerSite(uint32 member, uint64 gln) external returns (uint16 site);

    /// @notice Close a site; its locks are void at once. Caller: the admin.
    function closeSite(uint32 member, uint16 site) external;

    /// @notice Take over a site of a closed member whose successor `member` is. Caller: the admin of `member`.
    /// @return site Number of the site within `member`.
    function adoptSite(uint32 member, uint32 from, uint16 fromSite) external returns (uint16 site);

    /// @notice A member as it stands; all zero when unknown.
    function memberOf(uint32 member) external view returns (Member memory);

    /// @notice A site as it stands; all zero when unknown.
    function siteOf(uint32 member, uint16 site) external view returns (Site memory);

    /// @notice The open site that has this GLN; zeros when none has.
    function siteOfGln(uint64 gln) external view returns (uint32 member, uint16 site);

    /// @notice Whether `member` is `predecessor` itself or stands at the end of its chain of successors.
    function actsFor(uint32 member, uint32 predecessor) external view returns (bool);

    /// @notice Votes of a controlling group at a past second: 1 if it had an active member, else 0 (ERC-6372 clock).
    function getPastGroupVotes(uint32 group, uint48 timepoint) external view returns (uint256);

    /// @notice All votes at a past second: the number of groups with an active member.
    function getPastTotalVotes(uint48 timepoint) external view returns (uint256);

    /// @notice The clock that votes are counted by: unix seconds.
    /// @custom:source ERC-6372
    function clock() external view returns (uint48);

    /// @notice How {clock} counts: "mode=timestamp".
    /// @custom:source ERC-6372
    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() external view returns (string memory);
}

/// @title IMemberOperators
/// @notice The part of {IMemberRegistry} in which a member's admin appoints the keys that act for it.
interface IMemberOperators is IMemberTypes {
    /// @notice Appoint an operator or change its duties and end. Caller: the admin.
    function appoint(uint32 member, Appointment calldata appointment) external;

    /// @notice Appoint up to 200 operators, all or none. Caller: the admin.
    function appointBatch(uint32 member, Appointment[] calldata appointments) external;

    /// @notice Dismiss operators in this block. Caller: the admin.
    function dismiss(uint32 member, bytes32[] calldata operators) external;

    /// @notice Give an operator a new key. Duties and suspensions move with it; the old key is retired. Licences move only
    /// if the old key signed `OperatorReplacement(uint32 member,bytes32 operator,bytes32 replacement,uint32 deadline)`:
    /// otherwise an admin could act in a professional's name. Without a signature, licences that wait for the new key stay;
    /// with one, the old key's take their place. Caller: the admin.
    /// @param signature Signature by the old key, ECDSA or that of an ERC-1271 wallet; empty when the key is lost.
    function replaceOperator(
        uint32 member,
        bytes32 operator,
        bytes32 replacement,
        uint32 deadline,
        bytes calldata signature
    ) external;

    /// @notice An operator as it stands; all zero when unknown.
    function operatorOf(uint32 member, bytes32 operator) external view returns (Operator memory);

    /// @notice Duties that the operator may exercise for the member at this block's time.
    function effectiveDuties(uint32 member, bytes32 operator) external view returns (uint32 duties);
}

/// @title IMemberSupervision
/// @notice The part of {IMemberRegistry} in which authorities license operators and regulators suspend duties.
interface IMemberSupervision is IMemberTypes {
    /// @notice Set which professional duties an authority may license and who administers its licences after it;
    /// a mask of zero ends its right to license, licences given stand until they end or a successor revokes them.
    /// Caller: governance.
    /// @param authority A member of the regulator sector; also a closed member, with a mask of zero.
    /// @param duties Professional duties it may license.
    /// @param successor Member that may revoke and renew its licences, 0 for none.
    function setLicensingAuthority(uint32 authority, uint32 duties, uint32 successor) external;

    /// @notice Confirm a regulator's suspension and set its new end, or shorten it. Caller: governance.
    /// @param until New end, unix seconds; in the future, no bound.
    function ratifySuspension(uint32 member, SuspensionCause cause, uint32 until) external;

    /// @notice End a suspension at once; its cause may be used again. Caller: governance.
    function liftSuspension(uint32 member, SuspensionCause cause) external;

    /// @notice Restore all suspended duties of an operator. Caller: governance.
    function liftOperatorSuspension(uint32 member, bytes32 operator) external;

    /// @notice License an operator, also before its appointment. Caller: a LICENSE operator of `authority`.
    function license(uint32 authority, Licence calldata licence) external;

    /// @notice Give up to 200 licences, all or none. Caller: a LICENSE operator of `authority`.
    function licenseBatch(uint32 authority, Licence[] calldata licences) external;

    /// @notice Revoke licences in this block. Caller: a LICENSE operator of the authority that gave them, or of its
    /// successor.
    function revokeLicence(uint32 authority, uint32 member, bytes32 operator, uint32 duties) external;

    /// @notice Suspend duties of one operator, appointed or not; at most 100 a day and regulator, never a regulator's.
    /// Caller: an INSPECT operator of `regulator`, or a LICENSE operator for duties within its authority's mask.
    /// @param operator Key of the operator; one that was replaced, however often, stands for the present key, here and in
    /// {restoreOperator}, {liftOperatorSuspension} and {revokeLicence}. The events name the present key.
    function suspendOperator(uint32 regulator, uint32 member, bytes32 operator, uint32 duties) external;

    /// @notice Restore suspended duties of one operator. Caller: as for {suspendOperator}, at the regulator whose
    /// suspension stands; where several suspended, governance alone restores.
    function restoreOperator(uint32 regulator, uint32 member, bytes32 operator, uint32 duties) external;

    /// @notice Suspend duties of a whole member at once. Once per member and cause until governance answers, at most 5
    /// members a day and regulator, at most 30 days, never a regulator. Votes and validators are not touched. With
    /// `Duties.ADMINISTER` the admin key is stopped too. Caller: an INSPECT operator of `regulator`.
    function suspendMember(
        uint32 regulator,
        uint32 member,
        uint32 duties,
        uint32 until,
        SuspensionCause cause
    ) external;

    /// @notice Take suspensions that ended out of the member's word, so that a wide but short one does not run on with a
    /// narrow but long one. Caller: anybody.
    function refreshSuspension(uint32 member) external;

    /// @notice A member's suspension for one cause; all zero when there was none.
    function suspensionOf(uint32 member, SuspensionCause cause) external view returns (Suspension memory);

    /// @notice Which authority licensed this duty of the operator; 0 when none did.
    function licensorOf(uint32 member, bytes32 operator, uint32 duty) external view returns (uint32 authority);

    /// @notice The key that an operator had first, before any replacement; the key itself when it replaced none.
    function originOf(uint32 member, bytes32 operator) external view returns (bytes32 origin);

    /// @notice What an authority may license, and its successor.
    function licensingAuthorityOf(uint32 authority) external view returns (uint32 duties, uint32 successor);
}

/// @title IMemberRegistry
/// @notice Who is a member of the consortium, which sites and operators it has, and what each operator may do now.
///
/// A *member* is an organisation. Its *admin* key appoints *operators*: keys of persons, systems and devices that act
/// for that member with named *duties* ({Duties}). A professional duty counts only while an *authority* licenses the
/// same operator for it: two keys, held by two organisations. An operator is named by its member and its key together,
/// so that nobody can take another's key hostage by appointing it first, and a licence never travels to another member.
///
/// An operator's key is 32 bytes: an ECDSA address left-padded with zeros, or the keccak256 of an ERC-7913 signer.
/// Times are unix seconds in uint32. Licence ends are days since 1970-01-01 UTC, inclusive, in uint16.
interface IMemberRegistry is
    IDomain,
    IAccessManaged,
    IAuthority,
    IMemberDirectory,
    IMemberOperators,
    IMemberSupervision
{}
