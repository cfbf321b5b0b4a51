// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IConsentTypes} from "./IConsentRegistry.sol";

/// @notice One subject. Low to high: key 160, custodian 32, epoch 24, classes 16, replacementPending 1, keyVersion 23.
type SubjectWord is uint256;

/// @notice One rule. Low to high: kind 2, exportable 1, redisclosable 1, delegate 4, delegation version 16, categories 32,
/// purposes 64, validFrom 32, validUntil 32, version 24, epoch 24, others 8: in the word of number 0, which of the numbers 1
/// to 8 hold a rule.
type RuleWord is uint256;

using ConsentWords for SubjectWord global;
using ConsentWords for RuleWord global;

/// @title ConsentWords
/// @notice The layout of subjects and rules, each in one slot, so that a question reads as few as can be.
library ConsentWords {
    uint256 private constant CUSTODIAN = 160;
    uint256 private constant SUBJECT_EPOCH = 192;
    uint256 private constant CLASSES = 216;
    uint256 private constant PENDING = 232;
    uint256 private constant KEY_VERSION = 233;

    uint256 private constant EXPORTABLE = 2;
    uint256 private constant REDISCLOSABLE = 3;
    uint256 private constant DELEGATE = 4;
    uint256 private constant DELEGATION_VERSION = 8;
    uint256 private constant CATEGORIES = 24;
    uint256 private constant PURPOSES = 56;
    uint256 private constant VALID_FROM = 120;
    uint256 private constant VALID_UNTIL = 152;
    uint256 private constant VERSION = 184;
    uint256 private constant RULE_EPOCH = 208;
    uint256 private constant OTHERS = 232;

    uint256 private constant MASK_16 = type(uint16).max;
    uint256 private constant MASK_24 = type(uint24).max;
    uint256 private constant MASK_32 = type(uint32).max;
    uint256 private constant MASK_64 = type(uint64).max;

    /// @dev Versions and epochs are counted in 24 bits, what happens to a key in 23.
    uint32 internal constant COUNT_MAX = type(uint24).max;
    uint32 internal constant KEY_VERSION_MAX = (1 << 23) - 1;

    // ── subject ─────────────────────────────────────────────────────────────────────────────────────────────────────

    function isEnrolled(SubjectWord word) internal pure returns (bool) {
        return custodian(word) != 0;
    }

    function key(SubjectWord word) internal pure returns (address) {
        return address(uint160(SubjectWord.unwrap(word)));
    }

    function custodian(SubjectWord word) internal pure returns (uint32) {
        return uint32(SubjectWord.unwrap(word) >> CUSTODIAN);
    }

    function epoch(SubjectWord word) internal pure returns (uint32) {
        return uint24(SubjectWord.unwrap(word) >> SUBJECT_EPOCH);
    }

    /// @dev Classes that ever had a rule; no other need be looked up.
    function classes(SubjectWord word) internal pure returns (uint16) {
        return uint16(SubjectWord.unwrap(word) >> CLASSES);
    }

    function replacementPending(SubjectWord word) internal pure returns (bool) {
        return (SubjectWord.unwrap(word) >> PENDING) & 1 != 0;
    }

    function keyVersion(SubjectWord word) internal pure returns (uint32) {
        return uint32(SubjectWord.unwrap(word) >> KEY_VERSION);
    }

    function enrolled(address key_, uint32 custodian_) internal pure returns (SubjectWord) {
        return SubjectWord.wrap(uint160(key_) | (uint256(custodian_) << CUSTODIAN));
    }

    function withEpoch(SubjectWord word, uint32 epoch_) internal pure returns (SubjectWord) {
        uint256 kept = SubjectWord.unwrap(word) & ~(MASK_24 << SUBJECT_EPOCH);
        return SubjectWord.wrap(kept | (uint256(epoch_) << SUBJECT_EPOCH));
    }

    function withClass(SubjectWord word, uint16 class) internal pure returns (SubjectWord) {
        return SubjectWord.wrap(SubjectWord.unwrap(word) | (uint256(class) << CLASSES));
    }

    /// @dev The key as it stands after one more thing happened to it.
    function withKey(SubjectWord word, address key_, bool pending) internal pure returns (SubjectWord) {
        uint256 kept = SubjectWord.unwrap(word) & (type(uint256).max >> (256 - PENDING));
        kept = (kept >> CUSTODIAN) << CUSTODIAN;
        uint256 count = uint256(keyVersion(word)) + 1;
        return SubjectWord.wrap(kept | uint160(key_) | (uint256(pending ? 1 : 0) << PENDING) | (count << KEY_VERSION));
    }

    // ── rule ────────────────────────────────────────────────────────────────────────────────────────────────────────

    function kind(RuleWord word) internal pure returns (IConsentTypes.RuleKind) {
        return IConsentTypes.RuleKind(RuleWord.unwrap(word) & 3);
    }

    function exportable(RuleWord word) internal pure returns (bool) {
        return _get(word, EXPORTABLE, 1) != 0;
    }

    function redisclosable(RuleWord word) internal pure returns (bool) {
        return _get(word, REDISCLOSABLE, 1) != 0;
    }

    /// @dev Bit 0: exportable, bit 1: redisclosable.
    function flags(RuleWord word) internal pure returns (uint8) {
        return uint8(_get(word, EXPORTABLE, 3));
    }

    function delegate(RuleWord word) internal pure returns (uint8) {
        return uint8(_get(word, DELEGATE, 0xf));
    }

    function delegationVersion(RuleWord word) internal pure returns (uint16) {
        return uint16(_get(word, DELEGATION_VERSION, MASK_16));
    }

    function categories(RuleWord word) internal pure returns (uint32) {
        return uint32(_get(word, CATEGORIES, MASK_32));
    }

    function purposes(RuleWord word) internal pure returns (uint64) {
        return uint64(_get(word, PURPOSES, MASK_64));
    }

    function validFrom(RuleWord word) internal pure returns (uint32) {
        return uint32(_get(word, VALID_FROM, MASK_32));
    }

    function validUntil(RuleWord word) internal pure returns (uint32) {
        return uint32(_get(word, VALID_UNTIL, MASK_32));
    }

    function version(RuleWord word) internal pure returns (uint32) {
        return uint32(_get(word, VERSION, MASK_24));
    }

    function ruleEpoch(RuleWord word) internal pure returns (uint32) {
        return uint32(_get(word, RULE_EPOCH, MASK_24));
    }

    /// @dev In the word of number 0: bit n-1 for a rule under number n.
    function others(RuleWord word) internal pure returns (uint8) {
        return uint8(RuleWord.unwrap(word) >> OTHERS);
    }

    function withOthers(RuleWord word, uint8 others_) internal pure returns (RuleWord) {
        uint256 kept = RuleWord.unwrap(word) & (type(uint256).max >> (256 - OTHERS));
        return RuleWord.wrap(kept | (uint256(others_) << OTHERS));
    }

    /// @dev Whether a rule of any kind speaks of this category and purpose at `timestamp`; epoch and delegation aside.
    function covers(RuleWord word, uint256 category, uint256 purpose, uint256 timestamp) internal pure returns (bool) {
        uint256 raw = RuleWord.unwrap(word);
        return
            raw & 3 != 0 &&
            ((raw >> CATEGORIES) & MASK_32) & (1 << category) != 0 &&
            ((raw >> PURPOSES) & MASK_64) & (1 << purpose) != 0 &&
            timestamp >= (raw >> VALID_FROM) & MASK_32 &&
            timestamp < (raw >> VALID_UNTIL) & MASK_32;
    }

    /// @dev A rule from its signed form.
    function packRule(
        IConsentTypes.RuleKind kind_,
        IConsentTypes.Rule memory rule,
        uint32 version_,
        uint16 delegationVersion_
    ) internal pure returns (RuleWord) {
        uint256 flags_ = (rule.exportable ? 1 << EXPORTABLE : 0) | (rule.redisclosable ? 1 << REDISCLOSABLE : 0);
        return
            RuleWord.wrap(
                uint256(kind_) |
                    flags_ |
                    (uint256(rule.delegate) << DELEGATE) |
                    (uint256(delegationVersion_) << DELEGATION_VERSION) |
                    (uint256(rule.categories) << CATEGORIES) |
                    (uint256(rule.purposes) << PURPOSES) |
                    (uint256(rule.validFrom) << VALID_FROM) |
                    (uint256(rule.validUntil) << VALID_UNTIL) |
                    (uint256(version_) << VERSION) |
                    (uint256(rule.epoch) << RULE_EPOCH)
            );
    }

    /// @dev A deny that the custodian enters.
    function packDenial(
        uint32 categories_,
        uint64 purposes_,
        uint32 validFrom_,
        uint32 validUntil_,
        uint32 version_
    ) internal pure returns (RuleWord) {
        return
            RuleWord.wrap(
                uint256(IConsentTypes.RuleKind.Deny) |
                    (uint256(categories_) << CATEGORIES) |
                    (uint256(purposes_) << PURPOSES) |
                    (uint256(validFrom_) << VALID_FROM) |
                    (uint256(validUntil_) << VALID_UNTIL) |
                    (uint256(version_) << VERSION)
            );
    }

    /// @dev Nothing but the version that was reached.
    function packEnd(uint32 version_) internal pure returns (RuleWord) {
        return RuleWord.wrap(uint256(version_) << VERSION);
    }

    function _get(RuleWord word, uint256 shift, uint256 mask) private pure returns (uint256) {
        return (RuleWord.unwrap(word) >> shift) & mask;
    }
}
