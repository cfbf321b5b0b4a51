// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentActs} from "./ConsentActs.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {ConsentWords, RuleWord, SubjectWord} from "./ConsentWords.sol";
import {DelegatePowers} from "./DelegatePowers.sol";
import {IConsentRules, SubjectId} from "./IConsentRegistry.sol";
import {Purposes} from "./Purposes.sol";

/// @title ConsentPatients
/// @notice The patient's part of ConsentRegistry: permit, deny, revoke. Whoever relays changes nothing but who pays.
abstract contract ConsentPatients is IConsentRules, ConsentActs {
    /// @notice Most rules under one signature.
    uint256 public constant RULES_MAX = 32;

    /// @notice Highest number of a rule that a patient or a delegate sets.
    uint8 public constant NUMBER_MAX = 7;

    /// @notice Lowest number of a rule that a delegate sets.
    uint8 public constant DELEGATE_NUMBER_MIN = 4;

    /// @inheritdoc IConsentRules
    function grant(Rule calldata signed, Authorization calldata authorization) external {
        uint64 standing = _requireNotPaused();
        Rule memory rule = signed;
        SubjectWord subject = _subjectOf(rule.subject);
        bytes32 structHash = ConsentHashing.grant(signed, authorization.deadline);
        _checkSigned(rule.subject, subject, rule.delegate, structHash, authorization);
        _grant(rule, subject, uint32(standing));
    }

    /// @inheritdoc IConsentRules
    function deny(Rule calldata signed, Authorization calldata authorization) external {
        Rule memory rule = signed;
        SubjectWord subject = _subjectOf(rule.subject);
        bytes32 structHash = ConsentHashing.denial(signed, authorization.deadline);
        _checkSigned(rule.subject, subject, rule.delegate, structHash, authorization);
        _deny(rule, subject);
    }

    /// @inheritdoc IConsentRules
    function revoke(Revocation calldata signed, Authorization calldata authorization) external {
        Revocation memory revocation = signed;
        SubjectWord subject = _subjectOf(revocation.subject);
        bytes32 structHash = ConsentHashing.revocation(signed, authorization.deadline);
        _checkSigned(revocation.subject, subject, revocation.delegate, structHash, authorization);
        _revoke(revocation, subject);
    }

    /// @inheritdoc IConsentRules
    function changeRules(
        Revocation[] calldata revocations,
        Rule[] calldata denials,
        Rule[] calldata grants,
        Authorization calldata authorization
    ) external {
        uint256 size = revocations.length + denials.length + grants.length;
        if (size == 0 || size > RULES_MAX) revert ConsentBatchInvalid(size, RULES_MAX);
        (SubjectId id, uint8 delegate, bytes32 structHash) = _bundle(
            revocations,
            denials,
            grants,
            authorization.deadline
        );
        // Check: no permit under a pause; the signature over all of them.
        uint32 registered = grants.length == 0 ? 0 : uint32(_requireNotPaused());
        _checkSigned(id, _subjectOf(id), delegate, structHash, authorization);
        // Effect and log, each upon what the one before left.
        for (uint256 i; i < revocations.length; ++i) _revoke(revocations[i], _subjectOf(id));
        for (uint256 i; i < denials.length; ++i) _deny(denials[i], _subjectOf(id));
        for (uint256 i; i < grants.length; ++i) _grant(grants[i], _subjectOf(id), registered);
    }

    /// @inheritdoc IConsentRules
    function revokeAll(SubjectId id, uint8 delegate, uint32 epoch, Authorization calldata authorization) external {
        SubjectWord subject = _subjectOf(id);
        bytes32 structHash = ConsentHashing.revocationOfAll(id, delegate, epoch, authorization.deadline);
        _checkSigned(id, subject, delegate, structHash, authorization);
        // Check: the present epoch, and the power to end what others set.
        if (epoch != subject.epoch() || epoch == ConsentWords.COUNT_MAX) {
            revert ConsentEpochStale(id, epoch, subject.epoch());
        }
        if (delegate != 0) _checkPower(id, delegate, DelegatePowers.REVOKE_ALL);
        // Effect and log.
        ConsentStorage.layout().subjects[id] = subject.withEpoch(epoch + 1);
        emit ConsentAllRevoked(id, delegate, epoch + 1);
    }

    // ── one rule ────────────────────────────────────────────────────────────────────────────────────────────────────

    function _grant(Rule memory rule, SubjectWord subject, uint32 registered) private {
        SubjectId id = rule.subject;
        mapping(uint8 number => RuleWord) storage rules = _rulesOf(id, rule.grantee, rule.sector);
        RuleWord standing = rules[rule.number];
        uint32 current = standing.version();
        // Check: when and by which state it was signed; who, what, what for, until when.
        _checkCurrent(rule, subject, current);
        _checkGrantee(id, rule.grantee, rule.sector);
        if (rule.categories == 0) revert ConsentRuleInvalid(id, "categories");
        uint32 unknown = rule.categories & ~registered;
        if (unknown != 0) revert ConsentCategoryUnknown(id, unknown);
        if (rule.purposes == 0 || rule.purposes & ~Purposes.PERMITTED != 0) revert ConsentRuleInvalid(id, "purposes");
        _checkPlace(rule);
        uint16 delegationVersion = rule.delegate == 0 ? 0 : _checkScope(rule, standing, DelegatePowers.GRANT);
        // Effect and log.
        RuleWord word = ConsentWords.packRule(RuleKind.Permit, rule, current + 1, delegationVersion);
        _store(id, subject, rule.sector, rules, rule.number, standing, word);
        emit ConsentGranted(
            id,
            rule.grantee,
            rule.sector,
            rule.number,
            current + 1,
            rule.delegate,
            rule.categories,
            rule.purposes,
            rule.validFrom,
            rule.validUntil,
            word.flags()
        );
    }

    function _deny(Rule memory rule, SubjectWord subject) private {
        SubjectId id = rule.subject;
        mapping(uint8 number => RuleWord) storage rules = _rulesOf(id, rule.grantee, rule.sector);
        RuleWord standing = rules[rule.number];
        uint32 current = standing.version();
        _checkVersionsLeft(id, rule.number, current);
        uint32 version = _reach(id, rule.version, current, ConsentWords.COUNT_MAX);
        // Check: who, what, what for, until when; a deny is of every epoch and gives nothing.
        _checkGrantee(id, rule.grantee, rule.sector);
        _checkDenied(id, rule.categories, rule.purposes);
        if (rule.epoch != 0) revert ConsentRuleInvalid(id, "epoch");
        if (rule.exportable) revert ConsentRuleInvalid(id, "exportable");
        if (rule.redisclosable) revert ConsentRuleInvalid(id, "redisclosable");
        _checkPlace(rule);
        uint16 delegationVersion = rule.delegate == 0 ? 0 : _checkScope(rule, standing, DelegatePowers.DENY);
        // Effect and log.
        _store(
            id,
            subject,
            rule.sector,
            rules,
            rule.number,
            standing,
            ConsentWords.packRule(RuleKind.Deny, rule, version, delegationVersion)
        );
        emit ConsentDenied(
            id,
            rule.grantee,
            rule.sector,
            rule.number,
            version,
            rule.delegate,
            rule.categories,
            rule.purposes,
            rule.validFrom,
            rule.validUntil
        );
    }

    function _revoke(Revocation memory revocation, SubjectWord subject) private {
        (SubjectId id, uint8 number) = (revocation.subject, revocation.number);
        mapping(uint8 number => RuleWord) storage rules = _rulesOf(id, revocation.grantee, revocation.sector);
        RuleWord standing = rules[number];
        uint32 version = _reach(id, revocation.version, standing.version(), ConsentWords.COUNT_MAX);
        _checkGrantee(id, revocation.grantee, revocation.sector);
        if (number > NUMBER_MAX) revert ConsentRuleInvalid(id, "number");
        // Check: a delegate ends only what stands and was set under its delegation.
        if (revocation.delegate != 0) {
            if (standing.kind() == RuleKind.None) revert ConsentRuleUnknown(id, number);
            _checkPower(id, revocation.delegate, DelegatePowers.DENY);
            _checkOwn(id, revocation.delegate, standing, number);
        }
        // Effect and log.
        _store(id, subject, revocation.sector, rules, number, standing, ConsentWords.packEnd(version));
        emit ConsentRevoked(id, revocation.grantee, revocation.sector, number, version, revocation.delegate);
    }

    // ── checks ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Revert unless the key is not contested and the signature is of this epoch and this version.
    function _checkCurrent(Rule memory rule, SubjectWord subject, uint32 current) private pure {
        SubjectId id = rule.subject;
        if (subject.replacementPending()) revert SubjectKeyContested(id);
        if (rule.epoch != subject.epoch()) revert ConsentEpochStale(id, rule.epoch, subject.epoch());
        if (rule.version != current) revert ConsentVersionStale(id, rule.version, current);
        _checkVersionsLeft(id, rule.number, current);
    }

    /// @dev A number that a signature may write, and a window that is not over.
    function _checkPlace(Rule memory rule) private view {
        if (rule.number > NUMBER_MAX) revert ConsentRuleInvalid(rule.subject, "number");
        if (rule.validUntil <= rule.validFrom || rule.validUntil <= block.timestamp) {
            revert ConsentRuleInvalid(rule.subject, "validUntil");
        }
    }

    /// @dev Revert unless the rule lies within the delegation and stands over nothing that others set.
    /// @return version Version of the delegation.
    function _checkScope(Rule memory rule, RuleWord standing, uint8 power) private view returns (uint16 version) {
        (SubjectId id, uint8 delegate) = (rule.subject, rule.delegate);
        ConsentStorage.DelegationEntry storage entry = ConsentStorage.layout().delegations[id][delegate];
        if (rule.exportable) power |= DelegatePowers.EXPORT;
        if (rule.redisclosable) power |= DelegatePowers.REDISCLOSE;
        _checkPower(id, delegate, power);
        if (rule.number < DELEGATE_NUMBER_MIN) revert DelegateExceeds(id, delegate, "number");
        if (rule.categories & ~entry.categories != 0) revert DelegateExceeds(id, delegate, "categories");
        if (rule.purposes & ~entry.purposes != 0) revert DelegateExceeds(id, delegate, "purposes");
        if (rule.validUntil > entry.validUntil) revert DelegateExceeds(id, delegate, "validUntil");
        if (standing.kind() != RuleKind.None) _checkOwn(id, delegate, standing, rule.number);
        return entry.version;
    }

    function _checkPower(SubjectId id, uint8 delegate, uint8 power) private view {
        uint8 powers = ConsentStorage.layout().delegations[id][delegate].powers;
        if (powers & power != power) revert DelegateExceeds(id, delegate, "powers");
    }

    function _checkOwn(SubjectId id, uint8 delegate, RuleWord standing, uint8 number) private view {
        uint16 version = ConsentStorage.layout().delegations[id][delegate].version;
        if (standing.delegate() != delegate || standing.delegationVersion() != version) {
            revert ConsentRuleOfSubject(id, number);
        }
    }

    // ── many rules ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The one subject and delegate of a batch, and what is signed for it.
    function _bundle(
        Revocation[] calldata revocations,
        Rule[] calldata denials,
        Rule[] calldata grants,
        uint32 deadline
    ) private pure returns (SubjectId id, uint8 delegate, bytes32 structHash) {
        bytes32[] memory first = new bytes32[](revocations.length);
        bytes32[] memory second = new bytes32[](denials.length);
        bytes32[] memory third = new bytes32[](grants.length);
        if (revocations.length != 0) (id, delegate) = (revocations[0].subject, revocations[0].delegate);
        else if (denials.length != 0) (id, delegate) = (denials[0].subject, denials[0].delegate);
        else (id, delegate) = (grants[0].subject, grants[0].delegate);
        bool same = true;
        for (uint256 i; i < first.length; ++i) {
            same = same && _isOf(revocations[i].subject, revocations[i].delegate, id, delegate);
            first[i] = ConsentHashing.revocation(revocations[i], deadline);
        }
        for (uint256 i; i < second.length; ++i) {
            same = same && _isOf(denials[i].subject, denials[i].delegate, id, delegate);
            second[i] = ConsentHashing.denial(denials[i], deadline);
        }
        for (uint256 i; i < third.length; ++i) {
            same = same && _isOf(grants[i].subject, grants[i].delegate, id, delegate);
            third[i] = ConsentHashing.grant(grants[i], deadline);
        }
        if (!same) revert ConsentBatchInvalid(first.length + second.length + third.length, RULES_MAX);
        structHash = ConsentHashing.rules(first, second, third, deadline);
    }

    function _isOf(SubjectId a, uint8 delegateOfA, SubjectId b, uint8 delegateOfB) private pure returns (bool) {
        return SubjectId.unwrap(a) == SubjectId.unwrap(b) && delegateOfA == delegateOfB;
    }
}
