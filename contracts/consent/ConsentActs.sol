// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {MemberWord} from "../core/AuthorityWords.sol";
import {Duties, Sectors} from "../core/Duties.sol";
import {ProfessionalActs} from "../core/ProfessionalActs.sol";
import {IStandardsRegistry} from "../standards/IStandardsRegistry.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {ConsentWords, RuleWord, SubjectWord} from "./ConsentWords.sol";
import {IConsentTypes, SubjectId} from "./IConsentRegistry.sol";
import {Purposes} from "./Purposes.sol";

/// @title ConsentActs
/// @notice What both parts of ConsentRegistry ask and write: did the patient sign, does a delegation stand, where is a rule
/// kept.
abstract contract ConsentActs is IConsentTypes, ProfessionalActs {
    /// @notice How far ahead the deadline of a patient's or delegate's signature may lie.
    uint32 public constant CONSENT_SIGNATURE_LIFE = 24 hours;

    /// @notice The class of every member, as a rule's `sector`.
    uint16 public constant EVERYONE = 1 << 15;

    /// @notice How far above the version that stands a deny or a revocation may reach.
    uint32 public constant VERSION_REACH = 16;

    /// @notice StandardsRegistry's proxy.
    IStandardsRegistry public immutable STANDARDS;

    /// @notice Verifier of P-256 signers (ERC-7913).
    address public immutable P256_VERIFIER;

    /// @notice Verifier of WebAuthn signers (ERC-7913).
    address public immutable WEBAUTHN_VERIFIER;

    /// @dev An ERC-7913 signer is a verifier's address and a key.
    uint256 private constant ADDRESS_BYTES = 20;

    /// @dev ERC-2098 puts an ECDSA signature into 64 bytes.
    uint256 private constant COMPACT_BYTES = 64;

    /// @param members MemberRegistry's proxy.
    /// @param standards StandardsRegistry's proxy.
    /// @param p256Verifier Verifier of P-256 signers.
    /// @param webAuthnVerifier Verifier of WebAuthn signers.
    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(
        address members,
        address standards,
        address p256Verifier,
        address webAuthnVerifier
    ) EIP712("CareLedger ConsentRegistry", "1") ProfessionalActs(members) {
        STANDARDS = IStandardsRegistry(standards);
        P256_VERIFIER = p256Verifier;
        WEBAUTHN_VERIFIER = webAuthnVerifier;
    }

    /// @dev Revert unless an extension asks the same contracts.
    function _checkPeers(address extension) internal view {
        ConsentActs other = ConsentActs(extension);
        bool agrees =
            address(other.MEMBERS()) == address(MEMBERS) &&
                address(other.STANDARDS()) == address(STANDARDS) &&
                other.P256_VERIFIER() == P256_VERIFIER &&
                other.WEBAUTHN_VERIFIER() == WEBAUTHN_VERIFIER;
        if (!agrees) revert DomainExtensionInvalid(extension);
    }

    // ── who signs ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _subjectOf(SubjectId id) internal view returns (SubjectWord word) {
        word = ConsentStorage.layout().subjects[id];
        if (!word.isEnrolled()) revert SubjectUnknown(id);
    }

    /// @dev Revert unless the subject or the delegate signed. A delegate's delegation must stand.
    /// @param delegate 0 for the subject.
    function _checkSigned(
        SubjectId id,
        SubjectWord subject,
        uint8 delegate,
        bytes32 structHash,
        Authorization calldata authorization
    ) internal view {
        address expected = subject.key();
        if (delegate != 0) {
            if (!_delegationLives(id, delegate)) revert DelegateExceeds(id, delegate, "validUntil");
            expected = ConsentStorage.layout().delegations[id][delegate].key;
        }
        _checkSignature(id, expected, structHash, authorization);
    }

    /// @dev Revert unless the holder of this signer key signed in time: an ECDSA account, else an ERC-1271 wallet; an ERC-7913
    /// signer where one is passed. Recovery comes first, for asking an address for its code costs 2,600.
    function _checkSignature(
        SubjectId id,
        address expected,
        bytes32 structHash,
        Authorization calldata authorization
    ) internal view {
        _checkDeadline(authorization.deadline);
        // Check: somebody holds the key. Zero is what recovery gives for a bad signature.
        if (expected == address(0)) revert ConsentSignatureInvalid(id, expected);
        bytes32 digest = _hashTypedDataV4(structHash);
        bytes calldata signature = authorization.signature;
        if (authorization.signer.length != 0) {
            return _checkVerified(id, expected, digest, authorization);
        }
        (address signer, ECDSA.RecoverError fault) = _tryRecover(digest, signature);
        if (signer == expected) return;
        if (expected.code.length != 0) {
            if (SignatureChecker.isValidERC1271SignatureNowCalldata(expected, digest, signature)) return;
        } else if (fault != ECDSA.RecoverError.NoError) {
            revert SignatureMalformed();
        }
        revert ConsentSignatureInvalid(id, expected);
    }

    function _checkVerified(
        SubjectId id,
        address expected,
        bytes32 digest,
        Authorization calldata authorization
    ) private view {
        bytes calldata signer = authorization.signer;
        if (_signerKey(signer) != expected || signer.length <= ADDRESS_BYTES) {
            revert ConsentSignatureInvalid(id, expected);
        }
        address verifier = address(bytes20(signer[:ADDRESS_BYTES]));
        if (verifier != P256_VERIFIER && verifier != WEBAUTHN_VERIFIER) revert ConsentVerifierUnknown(verifier);
        if (!SignatureChecker.isValidSignatureNow(signer, digest, authorization.signature)) {
            revert ConsentSignatureInvalid(id, expected);
        }
    }

    function _tryRecover(
        bytes32 digest,
        bytes calldata signature
    ) private pure returns (address signer, ECDSA.RecoverError fault) {
        if (signature.length == COMPACT_BYTES) {
            (bytes32 r, bytes32 vs) = (bytes32(signature), bytes32(signature[32:]));
            (signer, fault, ) = ECDSA.tryRecover(digest, r, vs);
        } else {
            (signer, fault, ) = ECDSA.tryRecoverCalldata(digest, signature);
        }
    }

    function _checkDeadline(uint32 deadline) private view {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        // Unchecked: both fit 33 bits.
        unchecked {
            uint256 latest = block.timestamp + CONSENT_SIGNATURE_LIFE;
            if (deadline > latest) revert SignatureDeadlineTooFar(deadline, uint32(latest));
        }
    }

    /// @dev An address stands for itself, any other signer by the last 20 bytes of its hash.
    function _signerKey(bytes calldata signer) internal pure returns (address) {
        if (signer.length == ADDRESS_BYTES) return address(bytes20(signer));
        return address(uint160(uint256(keccak256(signer))));
    }

    /// @dev Whether a delegation stands now, and the one under which it was appointed.
    function _delegationLives(SubjectId id, uint8 number) internal view returns (bool) {
        mapping(uint8 number => ConsentStorage.DelegationEntry) storage ofSubject = ConsentStorage.layout().delegations[
            id
        ];
        ConsentStorage.DelegationEntry storage entry = ofSubject[number];
        if (entry.key == address(0) || block.timestamp >= entry.validUntil) return false;
        uint8 appointer = entry.appointer;
        if (appointer == 0) return true;
        ConsentStorage.DelegationEntry storage principal = ofSubject[appointer];
        return
            principal.key != address(0) &&
            principal.version == entry.appointerVersion &&
            block.timestamp < principal.validUntil;
    }

    // ── what a rule says ────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Revert unless the rule is for one member or one class.
    function _checkGrantee(SubjectId id, uint32 grantee, uint16 sector) internal pure {
        if ((grantee == 0) == (sector == 0)) revert ConsentRuleInvalid(id, "grantee");
        if (sector == 0) return;
        bool known = sector & ~(Sectors.ALL | EVERYONE) == 0;
        if (!known || sector & (sector - 1) != 0) revert ConsentRuleInvalid(id, "sector");
    }

    /// @dev Revert unless a deny names categories, and purposes that do not sweep in emergency access.
    function _checkDenied(SubjectId id, uint32 categories, uint64 purposes) internal pure {
        if (categories == 0) revert ConsentRuleInvalid(id, "categories");
        bool swept = purposes & Purposes.BTG_MASK != 0 && purposes != Purposes.BTG_MASK;
        if (purposes == 0 || swept) revert ConsentRuleInvalid(id, "purposes");
    }

    /// @dev The version after a deny or a revocation that reaches up to `version`.
    function _reach(SubjectId id, uint32 version, uint32 current, uint32 most) internal pure returns (uint32) {
        if (version < current || version > current + VERSION_REACH) {
            revert ConsentVersionStale(id, version, current);
        }
        return version < most ? version + 1 : most;
    }

    /// @dev Store a rule, and keep the map of a grantee's rules and the map of the subject's classes in step.
    /// @param standing What stood under the number.
    function _store(
        SubjectId id,
        SubjectWord subject,
        uint16 sector,
        mapping(uint8 number => RuleWord) storage rules,
        uint8 number,
        RuleWord standing,
        RuleWord rule
    ) internal {
        if (number == 0) {
            rules[0] = rule.withOthers(standing.others());
        } else {
            rules[number] = rule;
            RuleWord first = rules[0];
            uint8 bit = uint8(1 << (number - 1));
            uint8 others = rule.kind() == RuleKind.None ? first.others() & ~bit : first.others() | bit;
            if (others != first.others()) rules[0] = first.withOthers(others);
        }
        if (sector & ~subject.classes() != 0) ConsentStorage.layout().subjects[id] = subject.withClass(sector);
    }

    /// @dev The rules of a grantee, by number.
    function _rulesOf(
        SubjectId id,
        uint32 grantee,
        uint16 sector
    ) internal view returns (mapping(uint8 number => RuleWord) storage) {
        return ConsentStorage.layout().rules[id][ConsentStorage.granteeKey(grantee, sector)];
    }

    // ── who acts for the custodian ──────────────────────────────────────────────────────────────────────────────────

    /// @dev Revert unless the sender keeps this subject's consents for its custodian or the successor.
    function _checkCustody(uint32 custodian, SubjectId id) internal view returns (SubjectWord subject) {
        _requireDuty(custodian, _sender(), Duties.CUSTODY);
        subject = _subjectOf(id);
        if (!_actsFor(custodian, subject.custodian())) revert SubjectOfOther(id, subject.custodian(), custodian);
    }

    /// @dev Whether a member may receive data now: active, and not stopped by a regulator.
    function _mayReceive(uint32 member) internal view returns (bool) {
        MemberWord word = MemberWord.wrap(MEMBERS.memberWordOf(member));
        if (!word.isActive()) return false;
        return block.timestamp >= word.suspendedUntil() || word.memberSuspended() & Duties.RECEIVE == 0;
    }

    /// @dev Highest version from which a permit or a deny may still be set; what is above is left for revocations.
    function _checkVersionsLeft(SubjectId id, uint8 number, uint32 current) internal pure {
        if (current >= ConsentWords.COUNT_MAX - 4 * VERSION_REACH) revert ConsentVersionsExhausted(id, number);
    }
}
