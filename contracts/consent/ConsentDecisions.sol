// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ConsentActs} from "./ConsentActs.sol";
import {ConsentStorage} from "./ConsentStorage.sol";
import {RuleWord, SubjectWord} from "./ConsentWords.sol";
import {SubjectId} from "./IConsentRegistry.sol";

/// @title ConsentDecisions
/// @notice Whether a member may see a category of a subject's data for a purpose now.
abstract contract ConsentDecisions is ConsentActs {
    /// @dev A question and what is known of its answer.
    struct Question {
        SubjectId subject;
        uint32 epoch;
        uint8 category;
        uint8 purpose;
    }

    /// @dev Deny beats permit, so every rule that covers the question is looked at; the first permit found is the most specific.
    function _decide(
        SubjectId id,
        SubjectWord subject,
        uint32 grantee,
        uint8 category,
        uint8 purpose
    ) internal view returns (Decision memory decision) {
        if (!subject.isEnrolled()) {
            decision.ruling = Ruling.SubjectUnknown;
            return decision;
        }
        if (!_mayReceive(grantee)) {
            decision.ruling = Ruling.GranteeInactive;
            return decision;
        }
        Question memory question = Question(id, subject.epoch(), category, purpose);
        if (_scan(question, grantee, 0, decision) || subject.classes() == 0) return decision;
        uint16 classes = (_profileOf(grantee).activeSectors() | EVERYONE) & subject.classes();
        for (uint16 class = 1; class != 0 && class <= classes; class <<= 1) {
            if (classes & class != 0 && _scan(question, 0, class, decision)) return decision;
        }
    }

    /// @dev Look at all rules of one grantee.
    /// @return denied Whether one of them denies: then nothing else matters.
    function _scan(
        Question memory question,
        uint32 grantee,
        uint16 sector,
        Decision memory decision
    ) private view returns (bool denied) {
        mapping(uint8 number => RuleWord) storage rules = _rulesOf(question.subject, grantee, sector);
        RuleWord first = rules[0];
        if (_weigh(question, first, grantee, sector, 0, decision)) return true;
        uint256 others = first.others();
        for (uint8 number = 1; others != 0; ++number) {
            if (others & 1 != 0 && _weigh(question, rules[number], grantee, sector, number, decision)) return true;
            others >>= 1;
        }
    }

    function _weigh(
        Question memory question,
        RuleWord rule,
        uint32 grantee,
        uint16 sector,
        uint8 number,
        Decision memory decision
    ) private view returns (bool denied) {
        if (!rule.covers(question.category, question.purpose, block.timestamp)) return false;
        denied = rule.kind() == RuleKind.Deny;
        if (!denied && (decision.ruling == Ruling.Permitted || !_permitLives(question.subject, question.epoch, rule))) {
            return false;
        }
        decision.ruling = denied ? Ruling.Denied : Ruling.Permitted;
        (decision.grantee, decision.sector, decision.number) = (grantee, sector, number);
        decision.version = rule.version();
        (decision.exportable, decision.redisclosable) = (!denied && rule.exportable(), !denied && rule.redisclosable());
    }

    /// @dev Whether a permit is of the present epoch and its delegation stands.
    function _permitLives(SubjectId id, uint32 epoch, RuleWord rule) internal view returns (bool) {
        if (rule.ruleEpoch() != epoch) return false;
        uint8 delegate = rule.delegate();
        if (delegate == 0) return true;
        return
            ConsentStorage.layout().delegations[id][delegate].version == rule.delegationVersion() &&
            _delegationLives(id, delegate);
    }
}
