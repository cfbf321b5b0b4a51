// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentActs} from "./ConsentActs.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {ConsentWords, RuleWord, SubjectWord} from "./ConsentWords.sol";
import {DelegatePowers} from "./DelegatePowers.sol";
import {IConsentCustody, SubjectId} from "./IConsentRegistry.sol";
import {Duties} from "../core/Duties.sol";

/// @title ConsentCustody
/// @notice The extension of {ConsentOversight}: subjects and their keys, delegates, paper denies, and the reads about them.
contract ConsentCustody is IConsentCustody, ConsentActs {
    /// @notice How long the old key may object to a new one.
    uint32 public constant REPLACEMENT_DELAY = 14 days;

    /// @notice How long after the delay a new key may be adopted.
    uint32 public constant REPLACEMENT_LIFE = 30 days;

    /// @notice Latest end of a delegation, counted from its appointment.
    uint32 public constant DELEGATION_MAX = 5 * 365 days;

    /// @notice Latest end of a guardianship, counted from enrolment: from birth to beyond full age.
    uint32 public constant GUARDIANSHIP_MAX = 20 * 365 days;

    /// @notice Most delegations of a subject.
    uint8 public constant DELEGATIONS_MAX = 8;

    /// @notice Number of the custodian's paper deny.
    uint8 public constant PAPER_NUMBER = 8;

    uint8 private constant GUARDIAN_NUMBER = 1;

    /// @param members MemberRegistry's proxy.
    /// @param standards StandardsRegistry's proxy.
    /// @param p256Verifier Verifier of P-256 signers (ERC-7913).
    /// @param webAuthnVerifier Verifier of WebAuthn signers (ERC-7913).
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address standards,
        address p256Verifier,
        address webAuthnVerifier
    ) ConsentActs(members, standards, p256Verifier, webAuthnVerifier) {}

    // ── enrolment ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IConsentCustody
    function enrol(
        Enrolment calldata enrolment,
        Authorization calldata authorization
    ) external whenNotPaused returns (SubjectId id) {
        _requireDuty(enrolment.custodian, _sender(), Duties.CUSTODY);
        _checkEnrolment(enrolment);
        address signer = enrolment.key == address(0) ? enrolment.guardian : enrolment.key;
        id = ConsentHashing.subjectId(enrolment.custodian, signer, enrolment.salt);
        ConsentStorage.Layout storage $ = ConsentStorage.layout();
        // Check: new, and the key that shall sign does sign.
        if ($.subjects[id].isEnrolled()) revert SubjectAlreadyEnrolled(id);
        _checkSignature(id, signer, ConsentHashing.enrolment(enrolment, authorization.deadline), authorization);
        // Effect and log.
        $.subjects[id] = ConsentWords.enrolled(enrolment.key, enrolment.custodian);
        emit SubjectEnrolled(
            id,
            enrolment.custodian,
            _sender(),
            enrolment.key,
            enrolment.guardian,
            enrolment.guardianUntil
        );
        if (enrolment.guardian != address(0)) {
            _writeDelegation(
                Delegation({
                    subject: id,
                    delegate: 0,
                    number: GUARDIAN_NUMBER,
                    version: 0,
                    epoch: 0,
                    key: enrolment.guardian,
                    powers: DelegatePowers.ALL,
                    categories: type(uint32).max,
                    purposes: type(uint64).max,
                    validUntil: enrolment.guardianUntil
                })
            );
        }
    }

    function _checkEnrolment(Enrolment calldata enrolment) private view {
        (address key, address guardian) = (enrolment.key, enrolment.guardian);
        if (key == address(0) && guardian == address(0)) revert EnrolmentInvalid("key");
        if (key == guardian) revert EnrolmentInvalid("guardian");
        uint32 until = enrolment.guardianUntil;
        bool ahead = until > block.timestamp && until <= block.timestamp + GUARDIANSHIP_MAX;
        if (guardian == address(0) ? until != 0 : !ahead) revert EnrolmentInvalid("guardianUntil");
    }

    // ── delegates ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IConsentCustody
    function appointDelegate(
        Delegation calldata delegation,
        Authorization calldata authorization
    ) external whenNotPaused {
        SubjectId id = delegation.subject;
        SubjectWord subject = _subjectOf(id);
        bytes32 structHash = ConsentHashing.delegation(delegation, authorization.deadline);
        _checkSigned(id, subject, delegation.delegate, structHash, authorization);
        // Check: the key is not contested, the signature is of this epoch and this version.
        if (subject.replacementPending()) revert SubjectKeyContested(id);
        if (delegation.epoch != subject.epoch()) revert ConsentEpochStale(id, delegation.epoch, subject.epoch());
        _checkDelegation(delegation, subject);
        ConsentStorage.DelegationEntry storage standing = ConsentStorage.layout().delegations[id][delegation.number];
        if (delegation.version != standing.version) {
            revert ConsentVersionStale(id, delegation.version, standing.version);
        }
        if (delegation.delegate != 0) _checkAppointer(delegation, standing.key);
        // Effect and log.
        _writeDelegation(delegation);
    }

    /// @inheritdoc IConsentCustody
    function revokeDelegate(
        SubjectId id,
        uint8 number,
        uint32 version,
        uint8 delegate,
        Authorization calldata authorization
    ) external {
        SubjectWord subject = _subjectOf(id);
        if (number == 0 || number > DELEGATIONS_MAX) revert DelegationInvalid(id, "number");
        ConsentStorage.DelegationEntry storage entry = ConsentStorage.layout().delegations[id][number];
        // Check: the subject, the delegate itself, or the delegate that appointed it.
        if (delegate != 0 && delegate != number && delegate != entry.appointer) {
            revert DelegateExceeds(id, delegate, "number");
        }
        bytes32 structHash = ConsentHashing.delegationRevocation(id, number, version, delegate, authorization.deadline);
        _checkSigned(id, subject, delegate, structHash, authorization);
        uint32 next = _reach(id, version, entry.version, type(uint16).max);
        // Effect and log.
        delete ConsentStorage.layout().delegations[id][number];
        entry.version = uint16(next);
        emit DelegateRevoked(id, number, next, delegate);
    }

    function _checkDelegation(Delegation calldata delegation, SubjectWord subject) private view {
        SubjectId id = delegation.subject;
        if (delegation.number == 0 || delegation.number > DELEGATIONS_MAX) revert DelegationInvalid(id, "number");
        if (delegation.key == address(0) || delegation.key == subject.key()) revert DelegationInvalid(id, "key");
        bool known = delegation.powers & ~DelegatePowers.ALL == 0;
        if (delegation.powers == 0 || !known) revert DelegationInvalid(id, "powers");
        if (delegation.categories == 0) revert DelegationInvalid(id, "categories");
        if (delegation.purposes == 0) revert DelegationInvalid(id, "purposes");
        uint32 until = delegation.validUntil;
        if (until <= block.timestamp || until > block.timestamp + DELEGATION_MAX) {
            revert DelegationInvalid(id, "validUntil");
        }
        if (delegation.version >= type(uint16).max - 4 * VERSION_REACH) revert DelegationInvalid(id, "version");
    }

    /// @dev Revert unless what a delegate appoints lies within its own scope and replaces nobody.
    function _checkAppointer(Delegation calldata delegation, address standing) private view {
        (SubjectId id, uint8 delegate) = (delegation.subject, delegation.delegate);
        ConsentStorage.DelegationEntry storage own = ConsentStorage.layout().delegations[id][delegate];
        bool may =
            own.powers & DelegatePowers.APPOINT != 0 &&
                delegation.powers & ~(own.powers & ~DelegatePowers.APPOINT) == 0;
        if (!may) revert DelegateExceeds(id, delegate, "powers");
        if (delegation.categories & ~own.categories != 0) revert DelegateExceeds(id, delegate, "categories");
        if (delegation.purposes & ~own.purposes != 0) revert DelegateExceeds(id, delegate, "purposes");
        if (delegation.validUntil > own.validUntil) revert DelegateExceeds(id, delegate, "validUntil");
        if (standing != address(0)) revert DelegateExceeds(id, delegate, "number");
    }

    function _writeDelegation(Delegation memory delegation) private {
        mapping(uint8 number => ConsentStorage.DelegationEntry) storage ofSubject = ConsentStorage.layout().delegations[
            delegation.subject
        ];
        uint8 appointer = delegation.delegate;
        ofSubject[delegation.number] = ConsentStorage.DelegationEntry({
            key: delegation.key,
            validUntil: delegation.validUntil,
            version: uint16(delegation.version + 1),
            powers: delegation.powers,
            appointer: appointer,
            appointerVersion: appointer == 0 ? 0 : ofSubject[appointer].version,
            categories: delegation.categories,
            purposes: delegation.purposes
        });
        emit DelegateAppointed(
            delegation.subject,
            delegation.number,
            delegation.version + 1,
            appointer,
            delegation.key,
            delegation.powers,
            delegation.categories,
            delegation.purposes,
            delegation.validUntil
        );
    }

    // ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IConsentCustody
    function replaceKey(
        SubjectId id,
        address key,
        Authorization calldata old,
        Authorization calldata fresh
    ) external whenNotPaused {
        SubjectWord subject = _subjectOf(id);
        (address before, uint32 keyVersion) = (subject.key(), subject.keyVersion());
        if (subject.replacementPending()) revert SubjectKeyContested(id);
        _checkNewKey(id, subject, key);
        // Check: both keys sign the change.
        _checkSignature(id, before, ConsentHashing.keyReplacement(id, before, key, keyVersion, old.deadline), old);
        _checkSignature(id, key, ConsentHashing.keyReplacement(id, before, key, keyVersion, fresh.deadline), fresh);
        // Effect and log.
        ConsentStorage.layout().subjects[id] = subject.withKey(key, false);
        emit SubjectKeyReplaced(id, before, key);
    }

    /// @inheritdoc IConsentCustody
    function proposeKey(
        uint32 custodian,
        SubjectId id,
        address key,
        uint8 delegate,
        Authorization calldata byDelegate,
        Authorization calldata fresh
    ) external whenNotPaused {
        SubjectWord subject = _checkCustody(custodian, id);
        ConsentStorage.Layout storage $ = ConsentStorage.layout();
        ConsentStorage.ReplacementEntry storage standing = $.replacements[id];
        bool lapsed = block.timestamp >= uint256(standing.effectiveFrom) + REPLACEMENT_LIFE;
        if (subject.replacementPending() && !lapsed) revert ReplacementPending(id, standing.key);
        _checkNewKey(id, subject, key);
        // Check: the new key's holder asks, and a delegate that may, or nobody is left who could.
        (address before, uint32 keyVersion) = (subject.key(), subject.keyVersion());
        _checkSignature(
            id,
            key,
            ConsentHashing.keyRecovery(id, before, key, delegate, keyVersion, fresh.deadline),
            fresh
        );
        if (delegate == 0) {
            _checkNobodyLeft(id, before);
        } else {
            bytes32 structHash = ConsentHashing.keyRecovery(id, before, key, delegate, keyVersion, byDelegate.deadline);
            _checkSigned(id, subject, delegate, structHash, byDelegate);
            if ($.delegations[id][delegate].powers & DelegatePowers.RECOVER == 0) {
                revert DelegateExceeds(id, delegate, "powers");
            }
        }
        // Effect and log.
        uint32 effectiveFrom = _now() + REPLACEMENT_DELAY;
        $.replacements[id] = ConsentStorage.ReplacementEntry({
            key: key,
            delegate: delegate,
            delegationVersion: delegate == 0 ? 0 : $.delegations[id][delegate].version,
            effectiveFrom: effectiveFrom
        });
        $.subjects[id] = subject.withKey(before, true);
        emit SubjectKeyProposed(id, _sender(), delegate, key, effectiveFrom);
    }

    /// @inheritdoc IConsentCustody
    function refuseKey(SubjectId id, Authorization calldata authorization) external {
        SubjectWord subject = _subjectOf(id);
        address key = _pendingKey(id, subject);
        bytes32 structHash = ConsentHashing.keyRefusal(id, key, subject.keyVersion(), authorization.deadline);
        _checkSignature(id, subject.key(), structHash, authorization);
        _endReplacement(id, subject, 0, key);
    }

    /// @inheritdoc IConsentCustody
    function withdrawKey(uint32 custodian, SubjectId id) external {
        SubjectWord subject = _checkCustody(custodian, id);
        _endReplacement(id, subject, _sender(), _pendingKey(id, subject));
    }

    /// @inheritdoc IConsentCustody
    function adoptKey(SubjectId id) external whenNotPaused {
        SubjectWord subject = _subjectOf(id);
        address key = _pendingKey(id, subject);
        ConsentStorage.Layout storage $ = ConsentStorage.layout();
        ConsentStorage.ReplacementEntry storage entry = $.replacements[id];
        (uint8 delegate, uint32 from) = (entry.delegate, entry.effectiveFrom);
        // Check: the delay is over and the proposal has not lapsed; the delegate that agreed still is one.
        if (block.timestamp < from) revert ReplacementTooSoon(id, from);
        if (block.timestamp >= uint256(from) + REPLACEMENT_LIFE) revert ReplacementLapsed(id, from + REPLACEMENT_LIFE);
        bool agreed =
            delegate == 0 ||
                ($.delegations[id][delegate].version == entry.delegationVersion && _delegationLives(id, delegate));
        if (!agreed) revert DelegateExceeds(id, delegate, "version");
        // Effect and log.
        delete $.replacements[id];
        $.subjects[id] = subject.withKey(key, false);
        emit SubjectKeyReplaced(id, subject.key(), key);
    }

    function _pendingKey(SubjectId id, SubjectWord subject) private view returns (address) {
        if (!subject.replacementPending()) revert ReplacementUnknown(id);
        return ConsentStorage.layout().replacements[id].key;
    }

    function _endReplacement(SubjectId id, SubjectWord subject, bytes32 operator, address key) private {
        delete ConsentStorage.layout().replacements[id];
        ConsentStorage.layout().subjects[id] = subject.withKey(subject.key(), false);
        emit SubjectKeyProposalCancelled(id, operator, key);
    }

    /// @dev Revert unless the key is another one and its changes can still be counted.
    function _checkNewKey(SubjectId id, SubjectWord subject, address key) private pure {
        bool countable = subject.keyVersion() < ConsentWords.KEY_VERSION_MAX - 1;
        if (key == address(0) || key == subject.key() || !countable) revert SubjectKeyInvalid(id, key);
    }

    /// @dev Revert if the patient has a key, or a delegate who could agree.
    function _checkNobodyLeft(SubjectId id, address key) private view {
        if (key != address(0)) revert DelegateRequired(id);
        for (uint8 number = 1; number <= DELEGATIONS_MAX; ++number) {
            if (_delegationLives(id, number)) revert DelegateRequired(id);
        }
    }

    // ── paper ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IConsentCustody
    function enterDenial(
        uint32 custodian,
        SubjectId id,
        uint32 grantee,
        uint16 sector,
        uint32 categories_,
        uint64 purposes,
        uint32 validUntil
    ) external {
        SubjectWord subject = _checkCustody(custodian, id);
        _checkGrantee(id, grantee, sector);
        _checkDenied(id, categories_, purposes);
        if (validUntil <= block.timestamp) revert ConsentRuleInvalid(id, "validUntil");
        // Effect: a deny that stands is only widened.
        mapping(uint8 number => RuleWord) storage rules = _rulesOf(id, grantee, sector);
        RuleWord standing = rules[PAPER_NUMBER];
        uint32 validFrom = _now();
        if (standing.kind() == RuleKind.Deny && standing.validUntil() > block.timestamp) {
            categories_ |= standing.categories();
            purposes |= standing.purposes();
            validFrom = standing.validFrom();
            if (standing.validUntil() > validUntil) validUntil = standing.validUntil();
        }
        uint32 version = _nextPaperVersion(standing);
        RuleWord rule = ConsentWords.packDenial(categories_, purposes, validFrom, validUntil, version);
        _store(id, subject, sector, rules, PAPER_NUMBER, standing, rule);
        // Log.
        emit PaperDenialEntered(id, grantee, sector, version, _sender(), categories_, purposes, validFrom, validUntil);
    }

    /// @inheritdoc IConsentCustody
    function liftDenial(uint32 custodian, SubjectId id, uint32 grantee, uint16 sector) external {
        SubjectWord subject = _checkCustody(custodian, id);
        mapping(uint8 number => RuleWord) storage rules = _rulesOf(id, grantee, sector);
        RuleWord standing = rules[PAPER_NUMBER];
        if (standing.kind() == RuleKind.None) revert ConsentRuleUnknown(id, PAPER_NUMBER);
        // Effect and log.
        uint32 version = _nextPaperVersion(standing);
        _store(id, subject, sector, rules, PAPER_NUMBER, standing, ConsentWords.packEnd(version));
        emit PaperDenialLifted(id, grantee, sector, version, _sender());
    }

    /// @dev Nobody signs for a version of a paper deny: it tells them apart in disclosures and stays at its highest.
    function _nextPaperVersion(RuleWord standing) private pure returns (uint32) {
        uint32 version = standing.version();
        return version < ConsentWords.COUNT_MAX ? version + 1 : version;
    }

    // ── lists and reads ─────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IConsentCustody
    function refreshCategories() external {
        uint64 standing = _standing();
        (uint32 before, uint32 registered) = (uint32(standing), STANDARDS.registeredCategories());
        // Effect and log.
        _setStanding((standing & ~uint64(type(uint32).max)) | registered);
        emit CategoriesRefreshed(before, registered);
    }

    /// @inheritdoc IConsentCustody
    function categories() external view returns (uint32) {
        return uint32(_standing());
    }

    /// @inheritdoc IConsentCustody
    function delegationOf(SubjectId subject, uint8 number) external view returns (DelegationState memory) {
        ConsentStorage.DelegationEntry storage entry = ConsentStorage.layout().delegations[subject][number];
        return
            DelegationState({
                key: entry.key,
                version: entry.version,
                appointer: entry.appointer,
                powers: entry.powers,
                categories: entry.categories,
                purposes: entry.purposes,
                validUntil: entry.validUntil,
                live: _delegationLives(subject, number)
            });
    }

    /// @inheritdoc IConsentCustody
    function replacementOf(SubjectId subject) external view returns (Replacement memory) {
        ConsentStorage.ReplacementEntry storage entry = ConsentStorage.layout().replacements[subject];
        return Replacement({key: entry.key, delegate: entry.delegate, effectiveFrom: entry.effectiveFrom});
    }
}
