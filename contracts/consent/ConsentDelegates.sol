// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentActs} from "./ConsentActs.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {SubjectWord} from "./ConsentWords.sol";
import {DelegatePowers} from "./DelegatePowers.sol";
import {IConsentCustody, SubjectId} from "./IConsentRegistry.sol";

/// @title ConsentDelegates
/// @notice Guardians and carers: appointed within bounds, ended at once.
abstract contract ConsentDelegates is IConsentCustody, ConsentActs {
    /// @notice Latest end of a delegation, counted from its appointment.
    uint32 public constant DELEGATION_MAX = 5 * 365 days;

    /// @notice Most delegations of a subject.
    uint8 public constant DELEGATIONS_MAX = 8;

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

    function _writeDelegation(Delegation memory delegation) internal {
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
}
