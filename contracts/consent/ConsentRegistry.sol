// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ExtendedDomain} from "../core/ExtendedDomain.sol";
import {ConsentActs} from "./ConsentActs.sol";
import {ConsentDecisions} from "./ConsentDecisions.sol";
import {ConsentHashing} from "./ConsentHashing.sol";
import {ConsentPatients} from "./ConsentPatients.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {RuleWord, SubjectWord} from "./ConsentWords.sol";
import {IConsentRules, SubjectId} from "./IConsentRegistry.sol";

/// @title ConsentRegistry
/// @notice See {IConsentRegistry}. {ConsentOversight} is its extension.
contract ConsentRegistry is ExtendedDomain, ConsentPatients, ConsentDecisions {
    /// @param members MemberRegistry's proxy.
    /// @param standards StandardsRegistry's proxy.
    /// @param p256Verifier Verifier of P-256 signers (ERC-7913).
    /// @param webAuthnVerifier Verifier of WebAuthn signers (ERC-7913).
    /// @param oversight {ConsentOversight}, made with the same peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address standards,
        address p256Verifier,
        address webAuthnVerifier,
        address oversight
    ) ExtendedDomain(oversight) ConsentActs(members, standards, p256Verifier, webAuthnVerifier) {
        _checkPeers(oversight);
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IConsentRules
    function isPermitted(
        SubjectId subject,
        uint32 grantee,
        uint8 category,
        uint8 purpose
    ) external view returns (Decision memory) {
        return _decide(subject, ConsentStorage.layout().subjects[subject], grantee, category, purpose);
    }

    /// @inheritdoc IConsentRules
    function subjectId(uint32 custodian, address key, bytes32 salt) external pure returns (SubjectId) {
        return ConsentHashing.subjectId(custodian, key, salt);
    }

    /// @inheritdoc IConsentRules
    function signerKey(bytes calldata signer) external pure returns (address key) {
        return _signerKey(signer);
    }

    /// @inheritdoc IConsentRules
    function subjectOf(SubjectId subject) external view returns (Subject memory) {
        SubjectWord word = ConsentStorage.layout().subjects[subject];
        return
            Subject({
                key: word.key(),
                custodian: word.custodian(),
                epoch: word.epoch(),
                sectors: word.classes(),
                keyVersion: word.keyVersion(),
                replacementPending: word.replacementPending()
            });
    }

    /// @inheritdoc IConsentRules
    function ruleOf(
        SubjectId subject,
        uint32 grantee,
        uint16 sector,
        uint8 number
    ) external view returns (RuleState memory) {
        RuleWord word = _rulesOf(subject, grantee, sector)[number];
        uint32 epoch = ConsentStorage.layout().subjects[subject].epoch();
        bool counts = word.kind() == RuleKind.Deny || _permitLives(subject, epoch, word);
        bool runs = block.timestamp >= word.validFrom() && block.timestamp < word.validUntil();
        return
            RuleState({
                kind: word.kind(),
                delegate: word.delegate(),
                version: word.version(),
                epoch: word.ruleEpoch(),
                categories: word.categories(),
                purposes: word.purposes(),
                validFrom: word.validFrom(),
                validUntil: word.validUntil(),
                exportable: word.exportable(),
                redisclosable: word.redisclosable(),
                live: word.kind() != RuleKind.None && runs && counts
            });
    }
}
