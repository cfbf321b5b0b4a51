// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {AuthorityWords, OperatorWord} from "../core/AuthorityWords.sol";
import {OperatorKeys} from "../core/OperatorKeys.sol";
import {IMemberOperators} from "./IMemberRegistry.sol";
import {MemberDirectory} from "./MemberDirectory.sol";
import {MemberStorage} from "./MemberStorage.sol";

/// @title MemberOperators
/// @notice The part of MemberRegistry in which a member's admin appoints the keys that act for it.
abstract contract MemberOperators is IMemberOperators, EIP712, MemberDirectory {
    bytes32 private constant REPLACEMENT_TYPEHASH = keccak256(
        "OperatorReplacement(uint32 member,bytes32 operator,bytes32 replacement,uint32 deadline)"
    );

    /// @inheritdoc IMemberOperators
    function appoint(uint32 member, Appointment calldata appointment) external whenNotPaused onlyAdmin(member) {
        _appoint(member, appointment);
    }

    /// @inheritdoc IMemberOperators
    function appointBatch(uint32 member, Appointment[] calldata appointments) external whenNotPaused onlyAdmin(member) {
        _checkBatch(appointments.length);
        for (uint256 i; i < appointments.length; ++i) {
            _appoint(member, appointments[i]);
        }
    }

    /// @inheritdoc IMemberOperators
    function dismiss(uint32 member, bytes32[] calldata operators) external onlyAdmin(member) {
        _checkBatch(operators.length);
        MemberStorage.Layout storage $ = MemberStorage.layout();
        for (uint256 i; i < operators.length; ++i) {
            bytes32 operator = operators[i];
            OperatorWord word = $.operators[member][operator];
            // Check: there is an appointment to end.
            if (word.duties() == 0) revert OperatorUnknown(member, operator);
            // Effect and log: suspensions and licences stay, so that a new appointment cannot wash them off.
            $.operators[member][operator] = word.withAppointment(0, 0);
            emit OperatorDismissed(member, operator);
        }
    }

    /// @inheritdoc IMemberOperators
    function replaceOperator(
        uint32 member,
        bytes32 operator,
        bytes32 replacement,
        uint32 deadline,
        bytes calldata signature
    ) external whenNotPaused onlyAdmin(member) {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        OperatorWord word = $.operators[member][operator];
        OperatorWord fresh = $.operators[member][replacement];
        // Check: from an appointed key to one that is not, and with the old key's consent where licences go along.
        if (word.duties() == 0) revert OperatorUnknown(member, operator);
        if (replacement == 0) revert OperatorKeyInvalid(replacement);
        if (fresh.isRetired()) revert OperatorKeyRetired(member, replacement);
        // Check: the key stands for one operator, so that whoever names an old key means one present key.
        bool taken = fresh.duties() != 0 || $.origins[member][replacement] != 0;
        if (taken) revert OperatorKeyInUse(member, replacement);
        bool licencesKept = signature.length != 0;
        if (licencesKept) _checkReplacement(member, operator, replacement, deadline, signature);
        // Effect: duties and suspensions move, onto any that wait for the new key; the old key is retired.
        uint32 suspender = fresh.suspended() == 0 ? word.suspender() : fresh.suspender();
        if (fresh.suspended() != 0 && word.suspended() != 0 && word.suspender() != suspender) {
            suspender = AuthorityWords.SEVERAL;
        }
        OperatorWord moved = word.withSuspended(word.suspended() | fresh.suspended(), suspender);
        $.operators[member][replacement] = moved.withLicencesOf(licencesKept ? word : fresh);
        $.operators[member][operator] = OperatorWord.wrap(0).withSuspended(
            word.suspended() | AuthorityWords.RETIRED,
            word.suspender()
        );
        if (licencesKept) $.licensors[member][replacement] = $.licensors[member][operator];
        delete $.licensors[member][operator];
        bytes32 origin = MemberStorage.originOf(member, operator);
        ($.origins[member][replacement], $.replacements[member][origin]) = (origin, replacement);
        // Log.
        emit OperatorReplaced(member, operator, replacement, licencesKept);
    }

    function _appoint(uint32 member, Appointment calldata appointment) private {
        MemberStorage.Layout storage $ = MemberStorage.layout();
        (bytes32 operator, uint32 duties, uint32 until) = (appointment.operator, appointment.duties, appointment.until);
        // Check: a key, duties that the member's sectors have, an end ahead.
        if (operator == 0) revert OperatorKeyInvalid(operator);
        uint32 refused = duties & ~$.members[member].permitted();
        if (duties == 0 || refused != 0) revert OperatorDutiesInvalid(member, operator, refused);
        if (until <= block.timestamp) revert OperatorAppointmentPast(operator, until);
        OperatorWord word = $.operators[member][operator];
        if (word.isRetired()) revert OperatorKeyRetired(member, operator);
        // Effect and log: suspensions and licences of the key stay.
        $.operators[member][operator] = word.withAppointment(duties, until);
        emit OperatorAppointed(member, operator, duties, until);
    }

    function _checkReplacement(
        uint32 member,
        bytes32 operator,
        bytes32 replacement,
        uint32 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert OperatorSignatureExpired(deadline);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(REPLACEMENT_TYPEHASH, member, operator, replacement, deadline))
        );
        (bool isAddress, address signer) = OperatorKeys.toAddress(operator);
        if (!isAddress || !SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) {
            revert OperatorReplacementUnsigned(member, operator, replacement);
        }
    }
}
