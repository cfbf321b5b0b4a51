// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IAuthority, IMemberRegistry} from "../consortium/IMemberRegistry.sol";
import {MemberWord, OperatorWord, ProfileWord} from "./AuthorityWords.sol";
import {DomainGuards} from "./DomainGuards.sol";
import {Duties} from "./Duties.sol";
import {Attestation, IActTypes} from "./IActs.sol";
import {OperatorKeys} from "./OperatorKeys.sol";

/// @title ProfessionalActs
/// @notice What domains ask about those who act: who is it, may he do it for that member, did he sign.
abstract contract ProfessionalActs is IActTypes, EIP712, DomainGuards {
    /// @notice How far ahead the deadline of a professional's signature may lie.
    uint32 public constant SIGNATURE_LIFE = 72 hours;

    /// @notice MemberRegistry's proxy.
    IAuthority public immutable MEMBERS;

    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(address members) {
        MEMBERS = IAuthority(members);
    }

    /// @dev The professional that signed an act, which a SUBMIT operator of the same member relays.
    function _signer(
        uint32 member,
        Attestation calldata attestation,
        bytes32 structHash
    ) internal view returns (bytes32) {
        // Check: the relay submits for the member, and the signature is timely.
        _requireDuty(member, _sender(), Duties.SUBMIT);
        return OperatorKeys.ofAddress(_recover(structHash, attestation.r, attestation.vs, attestation.deadline));
    }

    /// @dev The operator key of the sender.
    function _sender() internal view returns (bytes32) {
        return OperatorKeys.ofAddress(msg.sender);
    }

    /// @dev Revert unless the operator may exercise one of the duties for the member now.
    function _requireDuty(uint32 member, bytes32 operator, uint32 anyOf) internal view {
        (uint256 operatorWord, uint256 memberWord) = MEMBERS.authorityWords(member, operator);
        OperatorWord.wrap(operatorWord).requireAny(MemberWord.wrap(memberWord), member, operator, anyOf);
    }

    /// @dev Whether `member` is `named` or its successor; asked across contracts only where they differ.
    function _actsFor(uint32 member, uint32 named) internal view returns (bool) {
        return member == named || IMemberRegistry(address(MEMBERS)).actsFor(member, named);
    }

    /// @dev What kind of member it is: status, sectors, controlling group.
    function _profileOf(uint32 member) internal view returns (ProfileWord) {
        return ProfileWord.wrap(MEMBERS.profileWordOf(member));
    }

    /// @dev The signer of a timely, well-formed ECDSA signature.
    function _recover(bytes32 structHash, bytes32 r, bytes32 vs, uint32 deadline) internal view returns (address) {
        if (block.timestamp > deadline) revert SignatureExpired(deadline);
        uint256 latest = block.timestamp + SIGNATURE_LIFE;
        if (deadline > latest) revert SignatureDeadlineTooFar(deadline, uint32(latest));
        (address signer, ECDSA.RecoverError fault, ) = ECDSA.tryRecover(_hashTypedDataV4(structHash), r, vs);
        if (fault != ECDSA.RecoverError.NoError) revert SignatureMalformed();
        return signer;
    }
}
