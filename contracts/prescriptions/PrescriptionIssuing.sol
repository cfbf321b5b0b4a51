// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Announcing} from "../core/Announcing.sol";
import {Attestation} from "../core/IActs.sol";
import {Duties} from "../core/Duties.sol";
import {MemberWord} from "../core/AuthorityWords.sol";
import {IPrescriptionOrders, PrescriptionId} from "./IPrescriptionRegistry.sol";
import {PrescriptionActs} from "./PrescriptionActs.sol";
import {PrescriptionHashing} from "./PrescriptionHashing.sol";
import {PrescriptionState, StateWord} from "./PrescriptionState.sol";
import {PrescriptionStorage} from "./PrescriptionStorage.sol";

/// @title PrescriptionIssuing
/// @notice The issuer's part of PrescriptionRegistry: issue, cancel, replace.
abstract contract PrescriptionIssuing is IPrescriptionOrders, PrescriptionActs, Announcing {
    using PrescriptionHashing for Prescription;

    /// @notice Most prescriptions in a batch.
    uint256 public constant BATCH_MAX = 200;

    /// @notice Most fills: FHIR sets no bound; 99 covers daily dispensing for a quarter.
    uint8 public constant FILLS_MAX = 99;

    /// @notice Latest end of a window, counted from issue.
    uint32 public constant VALIDITY_MAX = 731 days;

    /// @inheritdoc IPrescriptionOrders
    function issue(Order calldata order) external whenNotPaused returns (PrescriptionId id) {
        return _issueOne(order);
    }

    /// @inheritdoc IPrescriptionOrders
    function issueBatch(Order[] calldata orders) external whenNotPaused {
        // Check: a bounded batch.
        if (orders.length == 0 || orders.length > BATCH_MAX) {
            revert PrescriptionBatchSizeInvalid(orders.length, BATCH_MAX);
        }
        for (uint256 i; i < orders.length; ++i) {
            _issueOne(orders[i]);
        }
    }

    /// @inheritdoc IPrescriptionOrders
    function cancel(Prescription calldata prescription, uint32 member, Attestation calldata attestation) external {
        PrescriptionId id = prescription.idOf();
        // Check: a prescriber of the issuer or its successor.
        if (!_actsFor(member, prescription.issuer)) revert PrescriptionIssuerOnly(id, prescription.issuer, member);
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(member, attestation, PrescriptionHashing.cancel(id, member, attestation.deadline));
        _requireDuty(member, operator, Duties.PRESCRIBE);
        // Effect and log.
        _cancel(id, operator);
    }

    /// @inheritdoc IPrescriptionOrders
    function replace(
        Prescription calldata prescription,
        Order calldata order
    ) external whenNotPaused returns (PrescriptionId replacement) {
        PrescriptionId id = prescription.idOf();
        replacement = order.prescription.idOf();
        StateWord word = _stateOf(id);
        // Check: nothing of it is final, no pharmacy holds it, and the issuer or its successor writes the new one.
        if (word.status() != Status.AwaitingReview) _checkOpen(id, word);
        if (_lockLive(word)) revert PrescriptionLocked(id, word.lockMember(), word.lockSite(), word.lockedUntil());
        if (!_actsFor(order.prescription.issuer, prescription.issuer)) {
            revert PrescriptionIssuerOnly(id, prescription.issuer, order.prescription.issuer);
        }
        uint32 deadline = order.attestation.deadline;
        bytes32 operator =
            deadline == 0
                ? _sender()
                : _signer(
                    order.prescription.issuer,
                    order.attestation,
                    PrescriptionHashing.replace(id, replacement, order.ephemeralKey, deadline)
                );
        // Effect and log: the old one ends as the new one begins.
        PrescriptionStorage.layout().states[id] = word.closed(Status.Replaced, _now());
        emit PrescriptionReplaced(id, replacement, operator);
        _issue(replacement, order, operator);
    }

    function _issueOne(Order calldata order) private returns (PrescriptionId id) {
        id = order.prescription.idOf();
        uint32 deadline = order.attestation.deadline;
        bytes32 operator =
            deadline == 0
                ? _sender()
                : _signer(
                    order.prescription.issuer,
                    order.attestation,
                    PrescriptionHashing.issue(id, order.ephemeralKey, deadline)
                );
        _issue(id, order, operator);
    }

    /// @dev Write a prescription in the name of `operator`, who sent or signed it.
    function _issue(PrescriptionId id, Order calldata order, bytes32 operator) private {
        Prescription calldata terms = order.prescription;
        // Check: the prescriber itself, with the duty; complete terms; never issued before.
        if (operator != terms.prescriber) revert PrescriptionPrescriberMismatch(id, terms.prescriber, operator);
        _requireDuty(terms.issuer, operator, Duties.PRESCRIBE);
        _checkTerms(id, terms);
        PrescriptionStorage.Layout storage $ = PrescriptionStorage.layout();
        if ($.states[id].status() != Status.Unknown) revert PrescriptionAlreadyIssued(id);
        // Effect: one slot.
        Status status = terms.reviewer == 0 ? Status.Open : Status.AwaitingReview;
        $.states[id] = PrescriptionState.issued(status, terms.unitsPerFill, _now());
        // Log: all terms, and what lets the holder find them.
        _logIssued(id, terms);
        if (!_announce(terms.holder, order.ephemeralKey)) revert PrescriptionEphemeralKeyInvalid(id);
    }

    function _checkTerms(PrescriptionId id, Prescription calldata terms) private view {
        if (terms.holder == address(0)) revert PrescriptionTermInvalid(id, "holder");
        if (terms.commitment == 0) revert PrescriptionTermInvalid(id, "commitment");
        if (terms.unitsPerFill == 0) revert PrescriptionTermInvalid(id, "unitsPerFill");
        if (terms.fills == 0 || terms.fills > FILLS_MAX) revert PrescriptionTermInvalid(id, "fills");
        if (terms.interval > VALIDITY_MAX) revert PrescriptionTermInvalid(id, "interval");
        (uint32 from, uint32 until) = (terms.validFrom, terms.validUntil);
        uint256 latest = block.timestamp + VALIDITY_MAX;
        if (until <= block.timestamp || until <= from || until > latest) {
            revert PrescriptionWindowInvalid(id, from, until, uint32(latest));
        }
        if (terms.reviewer != 0) {
            (, uint256 reviewerWord) = MEMBERS.authorityWords(terms.reviewer, 0);
            if (MemberWord.wrap(reviewerWord).permitted() & Duties.REVIEW == 0) {
                revert PrescriptionReviewerInvalid(id, terms.reviewer);
            }
        }
    }

    function _logIssued(PrescriptionId id, Prescription calldata terms) private {
        emit PrescriptionIssued(
            id,
            terms.issuer,
            terms.holder,
            terms.prescriber,
            terms.commitment,
            terms.unitsPerFill,
            terms.fills,
            terms.interval,
            terms.validFrom,
            terms.validUntil,
            terms.reviewer
        );
    }
}
