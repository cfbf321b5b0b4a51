// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentActs} from "./ConsentActs.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {ConsentWords, RuleWord, SubjectWord} from "./ConsentWords.sol";
import {ConsentKeys} from "./ConsentKeys.sol";
import {DelegatePowers} from "./DelegatePowers.sol";
import {IConsentCustody, SubjectId} from "./IConsentRegistry.sol";
import {Purposes} from "./Purposes.sol";
import {Duties} from "../core/Duties.sol";

/// @title ConsentCustody
/// @notice The extension of {ConsentOversight}: subjects and their keys, delegates, paper denies, and the reads about them.
contract ConsentCustody is ConsentKeys {
    /// @notice Latest end of a guardianship, counted from enrolment: from birth to beyond full age.
    uint32 public constant GUARDIANSHIP_MAX = 20 * 365 days;

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
            (categories_, purposes, validUntil) = _joined(id, standing, categories_, purposes, validUntil);
            validFrom = standing.validFrom();
        }
        uint32 version = _nextPaperVersion(standing);
        RuleWord rule = ConsentWords.packDenial(categories_, purposes, validFrom, validUntil, version);
        _store(id, subject, sector, rules, PAPER_NUMBER, standing, rule);
        // Log.
        emit PaperDenialEntered(id, grantee, sector, version, _sender(), categories_, purposes, validFrom, validUntil);
    }

    /// @inheritdoc IConsentCustody
    function liftDenial(uint32 custodian, SubjectId id, uint32 grantee, uint16 sector) external whenNotPaused {
        SubjectWord subject = _checkCustody(custodian, id);
        mapping(uint8 number => RuleWord) storage rules = _rulesOf(id, grantee, sector);
        RuleWord standing = rules[PAPER_NUMBER];
        if (standing.kind() == RuleKind.None) revert ConsentRuleUnknown(id, PAPER_NUMBER);
        // Effect and log.
        uint32 version = _nextPaperVersion(standing);
        _store(id, subject, sector, rules, PAPER_NUMBER, standing, ConsentWords.packEnd(version));
        emit PaperDenialLifted(id, grantee, sector, version, _sender());
    }

    /// @dev Masks and end of a deny that stands and of another one together. Revert where one that names emergency access would
    /// come to cover more by one that does not: nobody asked for that in so many words.
    function _joined(
        SubjectId id,
        RuleWord standing,
        uint32 categories_,
        uint64 purposes,
        uint32 validUntil
    ) private pure returns (uint32 allCategories, uint64 allPurposes, uint32 latest) {
        allCategories = categories_ | standing.categories();
        allPurposes = purposes | standing.purposes();
        latest = validUntil > standing.validUntil() ? validUntil : standing.validUntil();
        bool named = purposes & Purposes.BTG_MASK != 0;
        bool stood = standing.purposes() & Purposes.BTG_MASK != 0;
        bool widened =
            named
                ? allCategories != categories_ || latest != validUntil
                : allCategories != standing.categories() || latest != standing.validUntil();
        if (named != stood && widened) revert ConsentRuleInvalid(id, "purposes");
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
