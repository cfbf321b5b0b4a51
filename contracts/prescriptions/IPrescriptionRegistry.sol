// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Attestation, IActTypes} from "../core/IActs.sol";
import {EphemeralKey, IAnnouncer} from "../core/IAnnouncer.sol";
import {IDomain} from "../core/IDomain.sol";

/// @notice The name of a prescription: the EIP-712 struct hash of its {IPrescriptionRegistry.Prescription}. It binds
/// issuer, prescriber, holder key, commitment and every term, so nothing of them needs a storage slot, nobody can squat
/// on it, and nobody can pass other terms for it (docs/decisions/0004-prescription-ids.md).
type PrescriptionId is bytes32;

/// @title IPrescriptionTypes
/// @notice Types, events and errors of {IPrescriptionRegistry}.
interface IPrescriptionTypes is IActTypes, IAnnouncer {
    /// @notice Where a prescription stands. Numbers are stable. Expiry, halts and locks are derived, not stored.
    enum Status {
        Unknown,
        AwaitingReview,
        Open,
        Completed,
        Cancelled,
        Replaced,
        Refused
    }

    /// @notice What a review found. Coarse on purpose: a finer code would tell an observer about the patient.
    enum ReviewOutcome {
        Unspecified,
        Approved,
        RefusedFormal,
        RefusedClinical,
        RefusedLegal
    }

    /// @notice Why a dispense is withdrawn.
    enum WithdrawalReason {
        Unspecified,
        NotCollected,
        WrongEntry,
        WrongProduct,
        Returned
    }

    /// @notice Why a regulator halts prescriptions.
    enum HaltReason {
        Unspecified,
        KeyCompromise,
        SuspectedFraud,
        PatientSafety,
        WindDown
    }

    /// @notice The terms of a prescription; its EIP-712 struct hash is its id.
    /// @param issuer Member in whose name it is written.
    /// @param prescriber Operator key of the person who prescribes.
    /// @param holder Address of the holder key, a secp256k1 key fresh for this prescription: an ERC-5564 stealth address or
    /// a random key printed as a QR code. Never reused: it is what would link two prescriptions of a patient.
    /// @param commitment Salted commitment to the document; see `sdk` `commit`.
    /// @param unitsPerFill Units of one fill, in thousandths, from 1 to 2^40-1.
    /// @param fills 1 + repeats (FHIR `dispenseRequest.numberOfRepeatsAllowed` + 1), from 1 to 99.
    /// @param interval Least time between the first parts of two fills, seconds.
    /// @param validFrom First second of the window.
    /// @param validUntil End of the window, exclusive; at most 2 years after issue.
    /// @param reviewer Member whose pharmacists must review it before it opens; 0 when no rule asks for a review.
    struct Prescription {
        uint32 issuer;
        bytes32 prescriber;
        address holder;
        bytes32 commitment;
        uint40 unitsPerFill;
        uint8 fills;
        uint32 interval;
        uint32 validFrom;
        uint32 validUntil;
        uint32 reviewer;
    }

    /// @notice A signature by the holder key.
    /// @param r First half of the ECDSA signature.
    /// @param vs Second half with the recovery bit (ERC-2098).
    /// @param deadline Last second at which it may be relayed.
    struct HolderSignature {
        bytes32 r;
        bytes32 vs;
        uint32 deadline;
    }

    /// @notice One prescription to issue.
    struct Order {
        Prescription prescription;
        EphemeralKey ephemeralKey;
        Attestation attestation;
    }

    /// @notice A lock to take.
    /// @param member Pharmacy.
    /// @param site Its open site.
    /// @param lockCount Number this lock will get: the prescription's last lock number + 1.
    /// @param fill The current fill while units of it are left, or the next one.
    /// @param lockedUntil End of the lock, exclusive; at most 10 days ahead.
    struct Acceptance {
        uint32 member;
        uint16 site;
        uint16 lockCount;
        uint8 fill;
        uint32 lockedUntil;
    }

    /// @notice What is handed over.
    /// @param member Pharmacy that holds the lock.
    /// @param site Its site that holds the lock.
    /// @param lockCount Lock counter at the time of signing.
    /// @param ordinal Ordinal this dispense will get: the prescription's last ordinal + 1. Makes a repeated call harmless.
    /// @param fill Fill of the lock.
    /// @param units Units handed over, in thousandths, from 1.
    /// @param handedOverAt 0 for now; else the second of hand-over, up to 72 hours back: an outage entry, seen as such by its
    /// hand-over before its recording.
    /// @param commitment Salted commitment to the FHIR MedicationDispense.
    struct Dispense {
        uint32 member;
        uint16 site;
        uint16 lockCount;
        uint8 ordinal;
        uint8 fill;
        uint40 units;
        uint32 handedOverAt;
        bytes32 commitment;
    }

    /// @notice A prescription's state.
    /// @param cancelPending A cancellation takes effect when the lock ends.
    /// @param lockUsed Something was dispensed under the current lock.
    /// @param lockNext The lock is for the next fill, which its first dispense opens.
    /// @param fillBegun Something of the current fill was handed over and stands.
    /// @param unitsLeft Units left of the current fill.
    /// @param fill Current fill, from 1.
    /// @param fillOpenedAt Earliest hand-over of the current fill that stands; the last that stood while none does.
    /// @param lockMember Member of the last lock, 0 when there was none or it was returned.
    /// @param lockSite Site of the last lock.
    /// @param lockedAt When the last lock began.
    /// @param lockedUntil When it ends or ended, exclusive.
    /// @param lockCount Locks so far; names a lock.
    /// @param dispenses Dispense ordinals given so far.
    /// @param issuedAt When it was issued.
    struct State {
        Status status;
        bool cancelPending;
        bool lockUsed;
        bool lockNext;
        bool fillBegun;
        uint40 unitsLeft;
        uint8 fill;
        uint32 fillOpenedAt;
        uint32 lockMember;
        uint16 lockSite;
        uint32 lockedAt;
        uint32 lockedUntil;
        uint16 lockCount;
        uint8 dispenses;
        uint32 issuedAt;
    }

    /// @notice How a prescription stands now, all things considered.
    /// @param status Stored status, with a pending cancellation that took effect.
    /// @param lockLive The lock runs, its member may dispense and its site is open.
    /// @param halted A regulator halted it.
    /// @param expired Its window is over.
    /// @param isFinal Nothing can change the status any more.
    struct Standing {
        Status status;
        bool lockLive;
        bool halted;
        bool expired;
        bool isFinal;
    }

    /// @notice A standing halt: prescriptions issued from `since` to `upTo`, both inclusive.
    /// @param haltedAt When it was first set, also if it was widened since; what was handed over before may still be entered.
    /// @param regulator Regulator that set it; 2^32-1 once another widened it: then governance alone lifts it.
    struct Halt {
        uint32 since;
        uint32 upTo;
        uint32 haltedAt;
        uint32 regulator;
    }

    /// @notice The record of one dispense, or of the closing of a fill.
    /// @param handedOverAt Before `recordedAt` in an outage entry.
    /// @param closing Not a hand-over: these units of the fill will not be supplied.
    /// @param withdrawnAt When it was withdrawn, 0 while it stands.
    /// @param stock First 11 bytes of the hash of what it took from stock, 0 when it named none. A pharmacy would have to
    /// search 2^44 pairs of arguments to withdraw another lot of its own than it dispensed.
    struct DispenseRecord {
        uint32 member;
        uint16 site;
        uint8 fill;
        uint40 units;
        uint32 recordedAt;
        uint32 handedOverAt;
        bool closing;
        bool claimed;
        uint32 withdrawnAt;
        bytes11 stock;
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A prescription was issued; carries all its terms.
    event PrescriptionIssued(
        PrescriptionId indexed prescription,
        uint32 indexed issuer,
        address indexed holder,
        bytes32 prescriber,
        bytes32 commitment,
        uint40 unitsPerFill,
        uint8 fills,
        uint32 interval,
        uint32 validFrom,
        uint32 validUntil,
        uint32 reviewer
    );

    /// @notice A pharmacist reviewed it.
    event PrescriptionReviewed(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        bytes32 operator,
        ReviewOutcome outcome
    );

    /// @notice A site locked it with the holder's authorisation.
    event PrescriptionAccepted(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 indexed site,
        uint16 lockCount,
        uint8 fill,
        uint32 lockedAt,
        uint32 lockedUntil
    );

    /// @notice The pharmacy gave its lock back.
    event PrescriptionReturned(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 indexed site,
        uint16 lockCount
    );

    /// @notice The holder ended an unused lock.
    event PrescriptionReleased(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 indexed site,
        uint16 lockCount
    );

    /// @notice Units were handed over under the last accepted lock; before this block in an outage entry.
    /// @param completed Nothing is left to dispense. Final once no dispense can be withdrawn any more.
    event PrescriptionDispensed(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 indexed site,
        bytes32 operator,
        uint8 ordinal,
        uint8 fill,
        uint40 units,
        uint32 handedOverAt,
        bytes32 commitment,
        bool completed
    );

    /// @notice The rest of a fill will not be supplied; has an ordinal like a dispense and can be withdrawn like one.
    /// @param completed Nothing is left to dispense, as in {PrescriptionDispensed}.
    event PrescriptionFillClosed(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 indexed site,
        bytes32 operator,
        uint8 ordinal,
        uint8 fill,
        uint40 units,
        bool completed
    );

    /// @notice A withdrawal opened a completed prescription again.
    event PrescriptionReopened(PrescriptionId indexed prescription);

    /// @notice A dispense or the closing of a fill was withdrawn.
    event DispenseWithdrawn(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint8 indexed ordinal,
        bytes32 operator,
        WithdrawalReason reason
    );

    /// @notice A dispense was claimed from an insurer.
    event DispenseClaimed(PrescriptionId indexed prescription, uint8 indexed ordinal);

    /// @notice The claim on a dispense was reversed.
    event DispenseClaimReversed(PrescriptionId indexed prescription, uint8 indexed ordinal);

    /// @notice A cancellation was ordered while a lock is live, or of a completed prescription; it takes effect when the lock
    /// ends, or when a withdrawal would open it again.
    /// @param operator Operator of the issuer, zero when the holder cancels.
    event PrescriptionCancellationOrdered(PrescriptionId indexed prescription, bytes32 operator);

    /// @notice It is cancelled. Final.
    /// @param operator Operator of the issuer, zero when the holder cancels or a pending cancellation took effect.
    event PrescriptionCancelled(PrescriptionId indexed prescription, bytes32 operator);

    /// @notice It was replaced by another. Final.
    event PrescriptionReplaced(
        PrescriptionId indexed prescription,
        PrescriptionId indexed replacement,
        bytes32 operator
    );

    /// @notice A regulator halted prescriptions issued since a date.
    /// @param prescriber Operator key, or zero for all of the issuer's.
    /// @param since First second of issue that is halted.
    /// @param upTo Last second of issue that is halted: that of the halt.
    event PrescriptionsHalted(
        uint32 indexed issuer,
        bytes32 indexed prescriber,
        uint32 indexed regulator,
        uint32 since,
        uint32 upTo,
        HaltReason reason
    );

    /// @notice A halt was lifted.
    /// @param regulator Regulator that lifted it, 0 when governance did.
    event PrescriptionsResumed(uint32 indexed issuer, bytes32 indexed prescriber, uint32 indexed regulator);

    // ── errors ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A term is out of range. Fix: see {Prescription} for `field`.
    error PrescriptionTermInvalid(PrescriptionId prescription, bytes32 field);

    /// @notice The window is empty, over, or ends after `latest`. Fix: name a window that ends between now and `latest`.
    error PrescriptionWindowInvalid(PrescriptionId prescription, uint32 validFrom, uint32 validUntil, uint32 latest);

    /// @notice The ephemeral key is no compressed point. Fix: prefix 0x02 or 0x03 and a non-zero X.
    error PrescriptionEphemeralKeyInvalid(PrescriptionId prescription);

    /// @notice A batch is empty or longer than `longest`. Fix: split it.
    error PrescriptionBatchSizeInvalid(uint256 size, uint256 longest);

    /// @notice This very prescription was issued before. Fix: nothing; it stands. A second one needs a fresh holder key.
    error PrescriptionAlreadyIssued(PrescriptionId prescription);

    /// @notice No prescription with exactly these terms was issued. Fix: pass the terms from `PrescriptionIssued`.
    error PrescriptionUnknown(PrescriptionId prescription);

    /// @notice Its status does not allow this act. Fix: read the state; a final one stays as it is.
    error PrescriptionStatusWrong(PrescriptionId prescription, Status status);

    /// @notice A cancellation was ordered and no lock is live any more: it is cancelled.
    error PrescriptionCancellationEffective(PrescriptionId prescription);

    /// @notice A cancellation was ordered and waits for the lock's end. Fix: wait; nothing else is to be ordered.
    error PrescriptionCancellationPending(PrescriptionId prescription);

    /// @notice A regulator halted it. Fix: ask the regulator; the holder's doctor may issue a new one.
    error PrescriptionHalted(PrescriptionId prescription, uint32 since, uint32 regulator);

    /// @notice The window has not begun. Fix: wait until `validFrom`.
    error PrescriptionNotYetValid(PrescriptionId prescription, uint32 validFrom);

    /// @notice The window is over. Fix: the prescriber issues a new one.
    error PrescriptionExpired(PrescriptionId prescription, uint32 validUntil);

    /// @notice Another lock is live. Fix: wait until `lockedUntil`, or that pharmacy returns it, or the holder releases it.
    error PrescriptionLocked(PrescriptionId prescription, uint32 member, uint16 site, uint32 lockedUntil);

    /// @notice This site does not hold a live lock, or not this one. Fix: accept again with the holder's authorisation.
    error PrescriptionLockNotHeld(PrescriptionId prescription, uint32 member, uint16 site, uint16 lockCount);

    /// @notice Something was dispensed under this lock: only the pharmacy may return it.
    error PrescriptionLockUsed(PrescriptionId prescription, uint16 lockCount);

    /// @notice The lock's end is past or after `latest`. Fix: lock for a time within the bound.
    error PrescriptionLockOutOfRange(PrescriptionId prescription, uint32 lockedUntil, uint32 latest);

    /// @notice The authorisation names another lock number. Fix: read the state and let the holder sign for `expected`.
    error PrescriptionLockCountWrong(PrescriptionId prescription, uint16 lockCount, uint16 expected);

    /// @notice The lock counter is spent. Fix: the prescriber replaces the prescription.
    error PrescriptionLocksExhausted(PrescriptionId prescription);

    /// @notice The site is not open. Fix: use an open site of the member.
    error PrescriptionSiteNotOpen(uint32 member, uint16 site);

    /// @notice The holder key did not sign exactly this. Fix: sign again for this prescription, site and lock counter.
    error PrescriptionHolderSignatureInvalid(PrescriptionId prescription, address holder, address signer);

    /// @notice The prescriber did not send or sign this order. Fix: the operator named in the terms sends or signs.
    error PrescriptionPrescriberMismatch(PrescriptionId prescription, bytes32 prescriber, bytes32 signer);

    /// @notice The act belongs to the issuer or its successor. Fix: an operator of `issuer` acts.
    error PrescriptionIssuerOnly(PrescriptionId prescription, uint32 issuer, uint32 member);

    /// @notice The member named to review may not review. Fix: name an active member whose sectors have the REVIEW duty.
    error PrescriptionReviewerInvalid(PrescriptionId prescription, uint32 reviewer);

    /// @notice The review belongs to the pharmacists of `reviewer` or its successor. Fix: one of them reviews.
    error PrescriptionReviewerOnly(PrescriptionId prescription, uint32 reviewer, uint32 member);

    /// @notice The prescriber may not review its own prescription. Fix: another pharmacist reviews.
    error PrescriptionSelfReview(PrescriptionId prescription, bytes32 operator);

    /// @notice The outcome is unspecified. Fix: name one.
    error PrescriptionOutcomeMissing(PrescriptionId prescription);

    /// @notice The lock can only be for the current fill while units of it are left, or for the next one once the current
    /// one was begun; a dispense only for the lock's fill. Fix: use fill `expected`.
    error PrescriptionFillWrong(PrescriptionId prescription, uint8 fill, uint8 expected);

    /// @notice The next fill may not open before `notBefore`. Fix: wait, or dispense a part of the current fill.
    error PrescriptionIntervalRunning(PrescriptionId prescription, uint8 fill, uint32 notBefore);

    /// @notice Fewer units are left of this fill. Fix: dispense at most `unitsLeft`; zero is never a dispense.
    error PrescriptionUnitsExceeded(PrescriptionId prescription, uint8 fill, uint40 units, uint40 unitsLeft);

    /// @notice The ordinal is not the next one: this dispense was recorded before, or another came first. Fix: read the
    /// state and sign again with `expected`.
    error PrescriptionOrdinalWrong(PrescriptionId prescription, uint8 ordinal, uint8 expected);

    /// @notice All 255 ordinals are given. Fix: the prescriber replaces the prescription.
    error PrescriptionOrdinalsExhausted(PrescriptionId prescription);

    /// @notice The hand-over time is in the future, older than 72 hours, outside this pharmacy's lock, or before what
    /// already stands. Fix: name a time from `earliest` to `latest`.
    error PrescriptionHandoverOutOfRange(
        PrescriptionId prescription,
        uint32 handedOverAt,
        uint32 earliest,
        uint32 latest
    );

    /// @notice Nothing of this fill was dispensed, or nothing is left of it. Fix: return the lock instead.
    error PrescriptionFillNotOpen(PrescriptionId prescription, uint8 fill);

    /// @notice No such dispense. Fix: pass an ordinal from `PrescriptionDispensed`.
    error DispenseUnknown(PrescriptionId prescription, uint8 ordinal);

    /// @notice It was withdrawn already.
    error DispenseAlreadyWithdrawn(PrescriptionId prescription, uint8 ordinal);

    /// @notice Another pharmacy dispensed it. Fix: an operator of `member` or its successor withdraws.
    error DispenseOfOther(PrescriptionId prescription, uint8 ordinal, uint32 member);

    /// @notice The correction window closed at `until`. Fix: none on chain; the record is final.
    error DispenseFinal(PrescriptionId prescription, uint8 ordinal, uint32 until);

    /// @notice It is claimed. Fix: reverse the claim first.
    error DispenseIsClaimed(PrescriptionId prescription, uint8 ordinal);

    /// @notice It is not claimed.
    error DispenseNotClaimed(PrescriptionId prescription, uint8 ordinal);

    /// @notice The closing of a fill is nothing to be paid for.
    error DispenseIsClosing(PrescriptionId prescription, uint8 ordinal);

    /// @notice The reason is unspecified. Fix: name one.
    error DispenseReasonMissing(PrescriptionId prescription, uint8 ordinal);

    /// @notice What was passed is not the stock that this dispense took. Fix: pass the dispense's stock argument.
    error DispenseStockWrong(PrescriptionId prescription, uint8 ordinal);

    /// @notice Stock was passed but no stock registry is connected. Fix: pass empty `stock`.
    error DispenseStockUnsupported(PrescriptionId prescription);

    /// @notice A halt must name a second from 1 to now and a reason. Fix: see {halt}.
    error HaltInvalid(uint32 issuer, uint32 since, HaltReason reason);

    /// @notice A halt stands that begins earlier; a halt is widened, never narrowed. Fix: name `since` or earlier, or let
    /// `regulator` or governance lift it first.
    error HaltNarrowed(uint32 issuer, bytes32 prescriber, uint32 since, uint32 regulator);

    /// @notice Another regulator's halt stands. Fix: `regulator` or governance lifts it.
    error HaltOfOther(uint32 issuer, bytes32 prescriber, uint32 regulator);

    /// @notice The regulator spent its halts for this period. Fix: wait until `notBefore`, or ask governance.
    error HaltRateExceeded(uint32 regulator, uint32 notBefore);

    /// @notice No halt stands. Fix: check issuer and prescriber.
    error HaltUnknown(uint32 issuer, bytes32 prescriber);
}

/// @title IPrescriptionOrders
/// @notice The daily part of {IPrescriptionRegistry}: what issuer, pharmacy and holder do with an order.
interface IPrescriptionOrders is IPrescriptionTypes {
    /// @notice Issue a prescription. Professional act, duty PRESCRIBE at `issuer`, by `prescriber` itself.
    /// Signed: `Issue(Prescription prescription,EphemeralKey ephemeralKey,uint32 deadline)`.
    function issue(Order calldata order) external returns (PrescriptionId prescription);

    /// @notice Issue up to 200 prescriptions, all or none; each as {issue}.
    function issueBatch(Order[] calldata orders) external;

    /// @notice Cancel what is left. Professional act, duty PRESCRIBE at the issuer or its successor. With a live lock the
    /// cancellation takes effect when the lock ends; of a completed one, when a withdrawal would open it again.
    /// Signed: `Cancel(bytes32 prescription,uint32 member,uint32 deadline)`.
    /// @param member The issuer or its successor.
    function cancel(Prescription calldata prescription, uint32 member, Attestation calldata attestation) external;

    /// @notice Replace a prescription that no pharmacy holds by another, in one step. Professional act, duty PRESCRIBE at
    /// the issuer or its successor, by the new prescription's prescriber.
    /// Signed: `Replace(bytes32 prescription,Prescription
    /// replacement,EphemeralKey ephemeralKey,uint32 deadline)`.
    function replace(
        Prescription calldata prescription,
        Order calldata order
    ) external returns (PrescriptionId replacement);

    /// @notice Lock one fill of a prescription to a site with the holder's authorisation. The site that holds a live lock may
    /// accept again to renew it. Caller: DISPENSE or SUBMIT at `member`, which may dispense.
    /// Signed by the holder: `Acceptance(bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8 fill,uint32
    /// lockedUntil,uint32 deadline)`.
    /// @param acceptance Whose lock, for which fill, until when.
    function accept(
        Prescription calldata prescription,
        Acceptance calldata acceptance,
        HolderSignature calldata authorisation
    ) external;

    /// @notice Give the lock back; also possible while paused. Caller: DISPENSE or SUBMIT at `member`.
    function returnToOpen(Prescription calldata prescription, uint32 member, uint16 site, uint16 lockCount) external;

    /// @notice Record what was handed over. Professional act, duty DISPENSE at the lock's member.
    /// Signed: `Dispense(bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8 ordinal,uint8 fill,uint40
    /// units,uint32 handedOverAt,bytes32 commitment,bytes32 stockHash,uint32 deadline)`.
    /// @param stock What to take from stock, encoded for the stock registry; empty to name no lot (docs/decisions/0018).
    function dispense(
        Prescription calldata prescription,
        Dispense calldata handover,
        bytes calldata stock,
        Attestation calldata attestation
    ) external;

    /// @notice End an unused lock. Signed by the holder: `Release(bytes32 prescription,uint16 lockCount,uint32 deadline)`.
    function release(
        Prescription calldata prescription,
        uint16 lockCount,
        HolderSignature calldata authorisation
    ) external;

    /// @notice Cancel what is left, as the issuer's {cancel}. Signed by the holder: `HolderCancel(bytes32
    /// prescription,uint32 deadline)`.
    function cancelByHolder(Prescription calldata prescription, HolderSignature calldata authorisation) external;

    /// @notice The id of these terms, issued or not.
    function prescriptionId(Prescription calldata prescription) external pure returns (PrescriptionId);

    /// @notice The stored state; all zero when unknown.
    function stateOf(PrescriptionId prescription) external view returns (State memory);
}

/// @title IPrescriptionOversight
/// @notice The part of {IPrescriptionRegistry} for review, correction, halts and claims.
interface IPrescriptionOversight is IPrescriptionTypes {
    /// @notice Review a prescription that asks for it. Professional act, duty REVIEW at `reviewer` or its successor, not by
    /// the prescriber. Signed: `Review(bytes32 prescription,uint32 member,uint8 outcome,uint32 deadline)`.
    /// @param member The reviewer or its successor.
    function review(
        Prescription calldata prescription,
        uint32 member,
        ReviewOutcome outcome,
        Attestation calldata attestation
    ) external;

    /// @notice Say that the rest of the current fill will not be supplied; ends the lock. Professional act, duty DISPENSE at
    /// the lock's member. Signed: `CloseFill(bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8
    /// ordinal,uint8 fill,uint32 deadline)`.
    /// @param ordinal Ordinal the closing will get.
    function closeFill(
        Prescription calldata prescription,
        uint32 member,
        uint16 site,
        uint16 lockCount,
        uint8 ordinal,
        Attestation calldata attestation
    ) external;

    /// @notice Withdraw a dispense within 7 days of its recording; its units come back if its fill is still the current
    /// one. The right record can be entered without a new lock while nobody else accepted (see above). Professional act, duty
    /// DISPENSE at the member that recorded it, or its successor.
    /// Signed: `Withdraw(bytes32 prescription,uint32 member,uint8 ordinal,uint8 reason,uint32 deadline)`.
    /// @param stock What the dispense passed: it goes into quarantine at the site that dispensed it.
    function withdrawDispense(
        Prescription calldata prescription,
        uint32 member,
        uint8 ordinal,
        WithdrawalReason reason,
        bytes calldata stock,
        Attestation calldata attestation
    ) external;

    /// @notice Halt the prescriptions of a member, or of one prescriber of it, issued since a date and until now. They can be
    /// neither locked nor dispensed until resumed; returns and cancellations work. A standing halt is widened, never
    /// narrowed. At most 20 a day and regulator. Caller: INSPECT at `regulator`.
    /// @param prescriber Operator key, or zero for all of the issuer's. A replaced key is halted by itself.
    /// @param since First second of issue that is halted, from 1 to now.
    function halt(uint32 regulator, uint32 issuer, bytes32 prescriber, uint32 since, HaltReason reason) external;

    /// @notice Lift a halt. Caller: INSPECT at `regulator`, which set it and alone widened it.
    function resumeHalted(uint32 regulator, uint32 issuer, bytes32 prescriber) external;

    /// @notice Lift any regulator's halt. Caller: governance.
    function liftHalt(uint32 issuer, bytes32 prescriber) external;

    /// @notice Mark a dispense as claimed: it cannot be withdrawn or claimed again. Caller: the claims role.
    function markClaimed(PrescriptionId prescription, uint8 ordinal) external;

    /// @notice Free a dispense after its claim was reversed. Caller: the claims role.
    function unmarkClaimed(PrescriptionId prescription, uint8 ordinal) external;

    /// @notice How a prescription stands now.
    function standingOf(Prescription calldata prescription) external view returns (Standing memory);

    /// @notice The record of a dispense; all zero when unknown.
    function dispenseOf(PrescriptionId prescription, uint8 ordinal) external view returns (DispenseRecord memory);

    /// @notice The standing halt on an issuer (prescriber zero) or on one prescriber; all zero when there is none.
    function haltOf(uint32 issuer, bytes32 prescriber) external view returns (Halt memory);
}

/// @title IPrescriptionRegistry
/// @notice E-prescriptions that no two pharmacies can fill twice.
///
/// One prescription is one FHIR R4 MedicationRequest. The document stays off chain; the chain keeps a salted commitment,
/// how much may be dispensed and when, and where it stands:
///
/// `issue` → (`review`) → open → `accept` (locked to one site for a bounded time) → `dispense` whole or in parts →
/// completed; `returnToOpen`, `release`, `cancel`, `replace`; a window that ends; a correction window for withdrawals.
///
/// Every call passes the whole {Prescription}; the registry hashes it to the id and finds its state.
///
/// A *professional act* (issue, review, dispense, close, withdraw, cancel, replace) is sent by the licensed operator, or
/// carries its EIP-712 signature in an {Attestation} and is relayed by a SUBMIT operator of the same member. Institutional
/// acts (accept, return) are sent by any DISPENSE or SUBMIT operator of the pharmacy. The holder's acts are signatures by
/// the holder key that anybody may relay; neither a pause nor a relay's suspension can hold them back.
///
/// A signature holds for at most 72 hours: its deadline lies no further ahead.
///
/// A lock is for one fill. It ends when that fill is spent, when the pharmacy returns it, when the holder releases it
/// unused, or by time; it is *live* while it runs, its member may still dispense and its site is open. Until somebody
/// accepts again, the pharmacy may enter what it handed over from the second in which its lock began to that in which it
/// ended (outage entry, or the right record after a withdrawal) up to 72 hours back, also if the prescription was
/// cancelled, replaced, halted or ran out since then.
///
/// A cancellation ordered while a lock runs takes effect when it ends by return, release, use or time. A lock made void
/// by a suspension does not bring a pending one about, for a suspension can be lifted; but a cancellation ordered while
/// no lock is live takes effect at once.
///
/// Units: quantities in thousandths of the UCUM unit that stands in the committed document. Times in unix seconds.
interface IPrescriptionRegistry is IDomain, IAccessManaged, IPrescriptionOrders, IPrescriptionOversight {}
