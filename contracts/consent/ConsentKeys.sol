// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentDelegates} from "./ConsentDelegates.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {ConsentWords, SubjectWord} from "./ConsentWords.sol";
import {DelegatePowers} from "./DelegatePowers.sol";
import {IConsentCustody, SubjectId} from "./IConsentRegistry.sol";

/// @title ConsentKeys
/// @notice Another signer key for a subject: at once by the old one, after a delay by custodian and delegate.
abstract contract ConsentKeys is ConsentDelegates {
    /// @notice How long the old key may object to a new one.
    uint32 public constant REPLACEMENT_DELAY = 14 days;

    /// @notice How long after the delay a new key may be adopted.
    uint32 public constant REPLACEMENT_LIFE = 30 days;

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
        if (delegate == 0) _checkNobodyLeft(id, before);
        else _checkRecoverer(id, subject, key, delegate, byDelegate);
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

    /// @dev Revert unless a delegate that may agrees to the new key.
    function _checkRecoverer(
        SubjectId id,
        SubjectWord subject,
        address key,
        uint8 delegate,
        Authorization calldata authorization
    ) private view {
        bytes32 structHash = ConsentHashing.keyRecovery(
            id,
            subject.key(),
            key,
            delegate,
            subject.keyVersion(),
            authorization.deadline
        );
        _checkSigned(id, subject, delegate, structHash, authorization);
        if (ConsentStorage.layout().delegations[id][delegate].powers & DelegatePowers.RECOVER == 0) {
            revert DelegateExceeds(id, delegate, "powers");
        }
    }

    /// @dev Revert if the patient has a key, or a delegate who could agree.
    function _checkNobodyLeft(SubjectId id, address key) private view {
        if (key != address(0)) revert DelegateRequired(id);
        for (uint8 number = 1; number <= DELEGATIONS_MAX; ++number) {
            if (_delegationLives(id, number)) revert DelegateRequired(id);
        }
    }
}
