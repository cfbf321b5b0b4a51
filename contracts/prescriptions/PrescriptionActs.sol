// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {MemberWord, OperatorWord, SiteWord} from "../core/AuthorityWords.sol";
import {Duties} from "../core/Duties.sol";
import {ProfessionalActs} from "../core/ProfessionalActs.sol";
import {IDispenseStock} from "./IDispenseStock.sol";
import {IPrescriptionTypes, PrescriptionId} from "./IPrescriptionRegistry.sol";
import {PrescriptionStorage} from "./PrescriptionStorage.sol";
import {StateWord} from "./PrescriptionState.sol";

/// @title PrescriptionActs
/// @notice What all parts of PrescriptionRegistry ask: who acts, did the holder sign, is a lock live, does a halt stand.
abstract contract PrescriptionActs is IPrescriptionTypes, ProfessionalActs {
    /// @notice How long after its recording a dispense may be withdrawn.
    uint32 public constant CORRECTION_WINDOW = 7 days;

    /// @notice The stock registry, zero while none is connected.
    IDispenseStock public immutable STOCK;

    /// @param members MemberRegistry's proxy.
    /// @param stock Stock registry, or zero while there is none.
    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(
        address members,
        address stock
    ) EIP712("CareLedger PrescriptionRegistry", "1") ProfessionalActs(members) {
        STOCK = IDispenseStock(stock);
    }

    // ── who acts ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The same at an open site.
    function _requireDutyAt(
        uint32 member,
        bytes32 operator,
        uint32 anyOf,
        uint16 site
    ) internal view returns (MemberWord memberWord) {
        (uint256 first, uint256 second, uint256 third) = MEMBERS.authorityWordsAt(member, operator, site);
        memberWord = MemberWord.wrap(second);
        OperatorWord.wrap(first).requireAny(memberWord, member, operator, anyOf);
        if (!SiteWord.wrap(third).isOpen()) revert PrescriptionSiteNotOpen(member, site);
    }

    /// @dev Revert unless the holder key signed this and the signature is timely.
    function _checkHolder(
        PrescriptionId id,
        address holder,
        bytes32 structHash,
        HolderSignature calldata signature
    ) internal view {
        address signer = _recover(structHash, signature.r, signature.vs, signature.deadline);
        if (signer != holder) revert PrescriptionHolderSignatureInvalid(id, holder, signer);
    }

    /// @dev What a dispense's record keeps of its stock argument.
    function _stockHash(bytes calldata stock) internal pure returns (bytes11) {
        return stock.length == 0 ? bytes11(0) : bytes11(keccak256(stock));
    }

    // ── what holds ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The state of a prescription that was issued.
    function _stateOf(PrescriptionId id) internal view returns (StateWord word) {
        word = PrescriptionStorage.layout().states[id];
        if (!word.isIssued()) revert PrescriptionUnknown(id);
    }

    /// @dev Revert unless it is open and no cancellation took effect.
    function _checkOpen(PrescriptionId id, StateWord word) internal view {
        if (!word.isOpen()) revert PrescriptionStatusWrong(id, word.status());
        if (word.cancellationEffective(block.timestamp)) revert PrescriptionCancellationEffective(id);
    }

    /// @dev Revert unless the window is open now.
    function _checkWindow(PrescriptionId id, Prescription calldata terms) internal view {
        if (block.timestamp < terms.validFrom) revert PrescriptionNotYetValid(id, terms.validFrom);
        if (block.timestamp >= terms.validUntil) revert PrescriptionExpired(id, terms.validUntil);
    }

    /// @dev Revert if a halt stood at second `at`.
    function _checkHalts(PrescriptionId id, Prescription calldata terms, StateWord word, uint32 at) internal view {
        mapping(bytes32 prescriber => PrescriptionStorage.HaltEntry) storage ofIssuer = PrescriptionStorage
            .layout()
            .halts[terms.issuer];
        _checkHalt(id, ofIssuer[0], word, at);
        if (ofIssuer[0].prescribers != 0) _checkHalt(id, ofIssuer[terms.prescriber], word, at);
    }

    function _checkHalt(
        PrescriptionId id,
        PrescriptionStorage.HaltEntry storage entry,
        StateWord word,
        uint32 at
    ) private view {
        if (_covers(entry, word) && at >= entry.haltedAt) {
            revert PrescriptionHalted(id, entry.since, entry.regulator);
        }
    }

    /// @dev The halt on the issuer or, when it has any, on the prescriber.
    function _haltOn(
        Prescription calldata terms,
        StateWord word
    ) internal view returns (bool halted, PrescriptionStorage.HaltEntry storage entry) {
        mapping(bytes32 prescriber => PrescriptionStorage.HaltEntry) storage ofIssuer = PrescriptionStorage
            .layout()
            .halts[terms.issuer];
        entry = ofIssuer[0];
        halted = _covers(entry, word);
        if (!halted && entry.prescribers != 0) {
            entry = ofIssuer[terms.prescriber];
            halted = _covers(entry, word);
        }
    }

    function _covers(PrescriptionStorage.HaltEntry storage entry, StateWord word) private view returns (bool) {
        return entry.since != 0 && word.issuedAt() >= entry.since && word.issuedAt() <= entry.upTo;
    }

    /// @dev Whether a lock runs, its member may still dispense and its site is open.
    function _lockLive(StateWord word) internal view returns (bool) {
        if (!word.lockRuns(block.timestamp)) return false;
        (, uint256 memberWord, uint256 siteWord) = MEMBERS.authorityWordsAt(word.lockMember(), 0, word.lockSite());
        return
            MemberWord.wrap(memberWord).exercisable(block.timestamp) & Duties.DISPENSE != 0 &&
            SiteWord.wrap(siteWord).isOpen();
    }

    /// @dev Whether some dispense can still be withdrawn. Records are in the order of their time.
    function _isCorrectable(PrescriptionId id, StateWord word) internal view returns (bool) {
        PrescriptionStorage.Layout storage $ = PrescriptionStorage.layout();
        for (uint8 ordinal = word.dispenses(); ordinal != 0; --ordinal) {
            if (block.timestamp >= uint256($.records[id][ordinal].recordedAt()) + CORRECTION_WINDOW) return false;
            if ($.records[id][ordinal].withdrawnAt() == 0) return true;
        }
        return false;
    }

    /// @dev Cancel now, or when the lock ends, or when a withdrawal would open a completed prescription again.
    /// @param operator Operator of the issuer, zero for the holder.
    function _cancel(PrescriptionId id, bytes32 operator) internal {
        StateWord word = _stateOf(id);
        Status status = word.status();
        bool completed = status == Status.Completed && _isCorrectable(id, word);
        // Check: something is left to cancel, and it was not ordered before.
        if (status != Status.Open && status != Status.AwaitingReview && !completed) {
            revert PrescriptionStatusWrong(id, status);
        }
        bool waits = completed || _lockLive(word);
        if (waits && word.cancelPending()) revert PrescriptionCancellationPending(id);
        // Effect and log.
        PrescriptionStorage.Layout storage $ = PrescriptionStorage.layout();
        if (waits) {
            $.states[id] = word.withCancellation();
            emit PrescriptionCancellationOrdered(id, operator);
        } else {
            $.states[id] = word.closed(Status.Cancelled, _now());
            emit PrescriptionCancelled(id, operator);
        }
    }

    /// @dev Store the next state and log what became of it; a dispense or closing logs itself that it completes.
    function _advance(PrescriptionId id, StateWord before, StateWord next) internal {
        PrescriptionStorage.layout().states[id] = next;
        if (next.hasStatusOf(before)) return;
        if (next.status() == Status.Cancelled) emit PrescriptionCancelled(id, 0);
        else if (before.isCompleted()) emit PrescriptionReopened(id);
    }

    /// @dev Revert unless this is the next ordinal.
    function _checkOrdinal(PrescriptionId id, StateWord word, uint8 ordinal) internal pure {
        uint256 last = word.dispenses();
        // Unchecked: a field of 8 bits and one.
        unchecked {
            if (ordinal == last + 1) return;
        }
        if (last == type(uint8).max) revert PrescriptionOrdinalsExhausted(id);
        revert PrescriptionOrdinalWrong(id, ordinal, uint8(last + 1));
    }
}
