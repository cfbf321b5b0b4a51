// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {BreakGlassId, IConsentTypes, SubjectId} from "./IConsentRegistry.sol";

/// @title ConsentHashing
/// @notice EIP-712 struct hashes of all that is signed, and the names that are hashes.
library ConsentHashing {
    bytes private constant RULE_FIELDS =
        "(bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 epoch,"
        "uint32 categories,uint64 purposes,uint32 validFrom,uint32 validUntil,bool exportable,bool redisclosable,"
        "uint32 deadline)";
    bytes private constant REVOCATION_FIELDS =
        "(bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 deadline)";

    bytes32 internal constant GRANT_TYPEHASH = keccak256(abi.encodePacked("Grant", RULE_FIELDS));
    bytes32 internal constant DENIAL_TYPEHASH = keccak256(abi.encodePacked("Denial", RULE_FIELDS));
    bytes32 internal constant REVOCATION_TYPEHASH = keccak256(abi.encodePacked("Revocation", REVOCATION_FIELDS));
    /// @dev EIP-712 orders the types that a type uses by name.
    bytes32 internal constant RULES_TYPEHASH = keccak256(
        abi.encodePacked(
            "Rules(Revocation[] revocations,Denial[] denials,Grant[] grants,uint32 deadline)Denial",
            RULE_FIELDS,
            "Grant",
            RULE_FIELDS,
            "Revocation",
            REVOCATION_FIELDS
        )
    );
    bytes32 internal constant REVOCATION_OF_ALL_TYPEHASH = keccak256(
        "RevocationOfAll(bytes32 subject,uint8 delegate,uint32 epoch,uint32 deadline)"
    );
    bytes32 internal constant DELEGATION_TYPEHASH = keccak256(
        "Delegation(bytes32 subject,uint8 delegate,uint8 number,uint32 version,uint32 epoch,address key,uint8 powers,"
        "uint32 categories,uint64 purposes,uint32 validUntil,uint32 deadline)"
    );
    bytes32 internal constant DELEGATION_REVOCATION_TYPEHASH = keccak256(
        "DelegationRevocation(bytes32 subject,uint8 number,uint32 version,uint8 delegate,uint32 deadline)"
    );
    bytes32 internal constant ENROLMENT_TYPEHASH = keccak256(
        "Enrolment(uint32 custodian,address key,address guardian,uint32 guardianUntil,bytes32 salt,uint32 deadline)"
    );
    bytes32 internal constant KEY_REPLACEMENT_TYPEHASH = keccak256(
        "KeyReplacement(bytes32 subject,address before,address key,uint32 keyVersion,uint32 deadline)"
    );
    bytes32 internal constant KEY_RECOVERY_TYPEHASH = keccak256(
        "KeyRecovery(bytes32 subject,address before,address key,uint8 delegate,uint32 keyVersion,uint32 deadline)"
    );
    bytes32 internal constant KEY_REFUSAL_TYPEHASH = keccak256(
        "KeyRefusal(bytes32 subject,address key,uint32 keyVersion,uint32 deadline)"
    );
    bytes32 internal constant BREAK_GLASS_TYPEHASH = keccak256(
        "BreakGlass(uint32 member,uint32 custodian,bytes32 ticket,uint8 reason,uint32 deadline)"
    );

    /// @dev Fields of a rule and of a revocation, one word each.
    uint256 private constant RULE_WORDS = 13;
    uint256 private constant REVOCATION_WORDS = 6;

    // ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────

    function subjectId(uint32 custodian, address key, bytes32 salt) internal pure returns (SubjectId) {
        return SubjectId.wrap(keccak256(abi.encode(custodian, key, salt)));
    }

    function breakGlassId(
        uint32 member,
        bytes32 operator,
        uint32 custodian,
        bytes32 ticket
    ) internal pure returns (BreakGlassId) {
        return BreakGlassId.wrap(keccak256(abi.encode(member, operator, custodian, ticket)));
    }

    /// @dev Hashed twice, so that no inner node of a tree is a leaf.
    function leaf(
        IConsentTypes.Disclosure calldata disclosure,
        uint16 sector,
        uint8 number,
        uint32 version
    ) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(disclosure, sector, number, version))));
    }

    // ── signed acts ─────────────────────────────────────────────────────────────────────────────────────────────────

    function grant(IConsentTypes.Rule calldata rule, uint32 deadline) internal pure returns (bytes32) {
        return _hashRule(GRANT_TYPEHASH, rule, deadline);
    }

    function denial(IConsentTypes.Rule calldata rule, uint32 deadline) internal pure returns (bytes32) {
        return _hashRule(DENIAL_TYPEHASH, rule, deadline);
    }

    function revocation(
        IConsentTypes.Revocation calldata revocation_,
        uint32 deadline
    ) internal pure returns (bytes32) {
        uint256 place;
        assembly ("memory-safe") {
            place := revocation_
        }
        return _hashCalldata(REVOCATION_TYPEHASH, place, REVOCATION_WORDS, deadline);
    }

    function rules(
        bytes32[] memory revocations,
        bytes32[] memory denials,
        bytes32[] memory grants,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    RULES_TYPEHASH,
                    keccak256(abi.encodePacked(revocations)),
                    keccak256(abi.encodePacked(denials)),
                    keccak256(abi.encodePacked(grants)),
                    deadline
                )
            );
    }

    function revocationOfAll(
        SubjectId subject,
        uint8 delegate,
        uint32 epoch,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(REVOCATION_OF_ALL_TYPEHASH, subject, delegate, epoch, deadline));
    }

    function delegation(
        IConsentTypes.Delegation calldata delegation_,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(DELEGATION_TYPEHASH, delegation_, deadline));
    }

    function delegationRevocation(
        SubjectId subject,
        uint8 number,
        uint32 version,
        uint8 delegate,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(DELEGATION_REVOCATION_TYPEHASH, subject, number, version, delegate, deadline));
    }

    function enrolment(IConsentTypes.Enrolment calldata enrolment_, uint32 deadline) internal pure returns (bytes32) {
        return keccak256(abi.encode(ENROLMENT_TYPEHASH, enrolment_, deadline));
    }

    function keyReplacement(
        SubjectId subject,
        address before,
        address key,
        uint32 keyVersion,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(KEY_REPLACEMENT_TYPEHASH, subject, before, key, keyVersion, deadline));
    }

    function keyRecovery(
        SubjectId subject,
        address before,
        address key,
        uint8 delegate,
        uint32 keyVersion,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(KEY_RECOVERY_TYPEHASH, subject, before, key, delegate, keyVersion, deadline));
    }

    function keyRefusal(
        SubjectId subject,
        address key,
        uint32 keyVersion,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(KEY_REFUSAL_TYPEHASH, subject, key, keyVersion, deadline));
    }

    function breakGlass(
        uint32 member,
        uint32 custodian,
        bytes32 ticket,
        IConsentTypes.BreakGlassReason reason,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(BREAK_GLASS_TYPEHASH, member, custodian, ticket, reason, deadline));
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _hashRule(
        bytes32 typehash,
        IConsentTypes.Rule calldata rule,
        uint32 deadline
    ) private pure returns (bytes32) {
        uint256 place;
        assembly ("memory-safe") {
            place := rule
        }
        return _hashCalldata(typehash, place, RULE_WORDS, deadline);
    }

    /// @dev keccak256(typehash ‖ words of calldata ‖ deadline). Encoding the struct anew would check and copy each field once
    /// more. The words are checked for stray bits where the caller reads the struct into memory, which it must.
    function _hashCalldata(
        bytes32 typehash,
        uint256 place,
        uint256 words,
        uint32 deadline
    ) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let start := mload(0x40)
            let length := mul(words, 0x20)
            mstore(start, typehash)
            calldatacopy(add(start, 0x20), place, length)
            mstore(add(add(start, 0x20), length), deadline)
            hash := keccak256(start, add(length, 0x40))
        }
    }
}
