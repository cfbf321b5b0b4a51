// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Attestation, IActTypes} from "../core/IActs.sol";
import {EphemeralKey} from "../core/IAnnouncer.sol";
import {IDomain} from "../core/IDomain.sol";
import {IDispenseStock} from "../prescriptions/IDispenseStock.sol";
import {PrescriptionId} from "../prescriptions/IPrescriptionRegistry.sol";

/// @notice The name of a lot: keccak256(abi.encode(GTIN, lot number)), GS1 AI 01 and AI 10.
type LotId is bytes32;

/// @title ILotTypes
/// @notice Types, events and errors of {ILotRegistry}. *Units* are base units of the product: doses, tablets, millilitres.
/// A *place* is a site of a member. A *day* is a number of days since 1970-01-01 UTC.
interface ILotTypes is IActTypes {
    /// @notice Where a product stands.
    enum ProductStatus {
        Unknown,
        Approved,
        Withdrawn
    }

    /// @notice Where a lot stands. Numbers are stable. Recall and expiry are beside it.
    enum LotStatus {
        Unknown,
        Registered,
        Released,
        Refused
    }

    /// @notice The temperatures within which a product is kept, inclusive.
    /// @custom:source WHO TRS 961 Annex 9, and WHO PQS: 2 to 8, -25 to -15, -90 to -60 degrees Celsius; USP 659: controlled room
    /// temperature 20 to 25 with 15 to 30 allowed.
    enum StorageClass {
        Unmonitored,
        Refrigerated,
        Frozen,
        UltraCold,
        RoomTemperature
    }

    /// @notice Why goods move.
    enum Purpose {
        Delivery,
        Return
    }

    /// @notice Where a consignment stands.
    enum ConsignmentStatus {
        Unknown,
        InTransit,
        Received,
        Refused,
        TakenBack,
        Lost
    }

    /// @notice How grave a recall is.
    /// @custom:source 21 CFR 7.3(m), classes I to III.
    enum RecallClass {
        Unspecified,
        ClassI,
        ClassII,
        ClassIII
    }

    /// @notice What became of units that leave stock otherwise than by use.
    /// @custom:source GS1 CBV 2.0, dispositions and business steps: damaged, destroying, stock_taking.
    enum Loss {
        Unspecified,
        Wasted,
        Destroyed,
        Lost
    }

    /// @notice From which part of a place's stock units are written off.
    enum Pocket {
        OnHand,
        Quarantined,
        Withheld,
        Origin
    }

    /// @notice Why stock was quarantined.
    enum QuarantineReason {
        Unspecified,
        QualityDefect,
        Excursion,
        Recall,
        Counterfeit,
        Other
    }

    /// @notice What a serial is found to be at the point of use, the first that applies.
    enum SerialState {
        Active,
        UnknownLot,
        UnknownSerial,
        NotReleased,
        Refused,
        Recalled,
        Expired,
        Spent
    }

    /// @notice A product as its maker proposes it and a regulator approves it.
    /// @param gtin GTIN-14, check digit included (GS1 General Specifications, section 7.9).
    /// @param maker Member that makes it.
    /// @param vaccine Administered dose by dose; else dispensed.
    /// @param serialised Every pack, or every vial, has a serial.
    /// @param discreet Its lot stands in no dispense in the clear: a daily settlement is used (docs/decisions/0018).
    /// @param unitsPerSerial Units under one serial, from 1 to 64; a ten-dose vial has 10. 1 where there are no serials.
    /// @param unitsPerPack Units in the trade item that the GTIN names, from 1.
    /// @param content Thousandths of the prescribed unit (UCUM) in one unit, from 1: 1000 for a tablet counted in tablets.
    /// @param storage_ Temperatures within which it is kept.
    /// @param budget Minutes outside of them that it bears, in all.
    /// @param openFor Minutes in which an opened serial is used up, 0 for no limit.
    struct Product {
        uint64 gtin;
        uint32 maker;
        bool vaccine;
        bool serialised;
        bool discreet;
        uint8 unitsPerSerial;
        uint16 unitsPerPack;
        uint32 content;
        StorageClass storage_;
        uint16 budget;
        uint16 openFor;
    }

    /// @notice A lot to register.
    /// @param gtin An approved product of the maker.
    /// @param number Lot number, GS1 AI 10: up to 20 characters, filled with zero bytes.
    /// @param expiryDay Last day on which it may be used.
    /// @param units Units made, from 1.
    /// @param serialRoot Root of the lot's serials (docs/decisions/0019), zero where the product has none.
    /// @param site The maker's site where it lies.
    struct LotTerms {
        uint64 gtin;
        bytes20 number;
        uint16 expiryDay;
        uint32 units;
        bytes32 serialRoot;
        uint16 site;
    }

    /// @notice A lot's state.
    /// @param originUnits Units that still lie where the maker registered them; for serials, the last ones.
    /// @param recalledAt When the standing recall was ordered, 0 for none.
    struct Lot {
        LotStatus status;
        uint32 maker;
        uint16 originSite;
        uint16 expiryDay;
        uint32 units;
        uint32 originUnits;
        uint32 recalledAt;
        bool vaccine;
        bool serialised;
        bool discreet;
        uint8 unitsPerSerial;
        uint32 content;
        StorageClass storage_;
        uint16 budget;
        uint16 openFor;
        bytes32 serialRoot;
    }

    /// @notice Stock of a lot at a place.
    /// @param onHand Units that may move and be used.
    /// @param quarantined Units that may not.
    /// @param withheld Units that were used and came back; they are only destroyed.
    /// @param used Units administered or dispensed here.
    /// @param wasted Units spoilt or damaged here.
    /// @param destroyed Units destroyed here.
    /// @param lost Units missed here.
    /// @param returned Units that came back to their maker here.
    /// @param minutesOut Minutes out of range that the stock had when last written.
    /// @param minutesNow The same, with what the place's monitor added since.
    /// @param firstUnit First unit of the range that stands with the stock; further ranges see {rangeOf}.
    /// @param endUnit Its end, exclusive.
    /// @param held Everything of this lot here is in quarantine, and what arrives joins it.
    /// @param broken Some unit within the ranges here is spent, so that each move counts anew.
    /// @param releases Releases from quarantine so far; a releaser's signature names it.
    struct Stock {
        uint32 onHand;
        uint32 quarantined;
        uint32 withheld;
        uint32 used;
        uint32 wasted;
        uint32 destroyed;
        uint32 lost;
        uint32 returned;
        uint16 minutesOut;
        uint32 minutesNow;
        uint32 firstUnit;
        uint32 endUnit;
        bool held;
        bool broken;
        uint16 releases;
    }

    /// @notice Units of one lot that move.
    /// @param units How many. For serials: units of the span that are not spent.
    /// @param firstUnit First unit of the span, for serials; else 0.
    /// @param endUnit End of the span, exclusive, for serials; else 0.
    /// @param range First unit of the stored range that holds the span, see {rangeOf}; any value where the span lies within the
    /// range that stands with the stock.
    /// @param origin They lie where the maker registered them; serials then leave from the first one on.
    struct Line {
        LotId lot;
        uint32 units;
        uint32 firstUnit;
        uint32 endUnit;
        uint32 range;
        bool origin;
    }

    /// @notice Goods that move together under one SSCC.
    /// @param sscc GS1 AI 00, check digit included; the sender uses it again after a year at the earliest.
    /// @param lines 1 to 32 lots.
    struct Consignment {
        uint32 from;
        uint16 fromSite;
        uint32 to;
        uint16 toSite;
        uint64 sscc;
        Purpose purpose;
        Line[] lines;
    }

    /// @notice What the receiver found of one line; all else was accepted.
    /// @param damaged Units spoilt.
    /// @param missing Units not there.
    /// @param refused Units not accepted; the sender takes them back. Of serials, all of the line or none.
    /// @param indices For serials: the damaged units, then the missing ones, each rising. Else empty.
    struct Finding {
        uint32 damaged;
        uint32 missing;
        uint32 refused;
        uint32[] indices;
    }

    /// @notice A consignment's state.
    /// @param contents First 160 bits of the hash of what is in it, see {contentsOf}.
    /// @param minutesOut Minutes out of range, of the worst line when it left, with what its monitor added.
    /// @param reportedUntil Until when its monitor reported, when it left if there is none.
    struct Transit {
        ConsignmentStatus status;
        uint32 shippedAt;
        uint16 minutesOut;
        uint32 reportedUntil;
        bytes20 contents;
    }

    /// @notice A vaccination to record.
    /// @param unit Index of the dose within the lot, for serials; else 0.
    /// @param range First unit of the stored range that holds it, see {rangeOf}.
    /// @param saltedSerial Salted hash of the serial, for serials; else 0.
    /// @param holder The patient's one-time address, fresh for each dose.
    /// @param commitment Salted commitment to the FHIR Immunization.
    /// @param seriesDose Number within its series, from 1.
    /// @param administeredAt 0 for now; else the second of administration, up to 72 hours back.
    struct Administration {
        LotId lot;
        uint32 member;
        uint16 site;
        uint32 unit;
        uint32 range;
        bytes32 saltedSerial;
        address holder;
        bytes32 commitment;
        uint8 seriesDose;
        uint32 administeredAt;
    }

    /// @notice Doses with adjacent serials, given by one vaccinator at one place.
    /// @param firstUnit First of them.
    /// @param range First unit of the stored range that holds them.
    struct Session {
        LotId lot;
        uint32 member;
        uint16 site;
        uint32 firstUnit;
        uint32 range;
        uint32 administeredAt;
    }

    /// @notice One dose of a session.
    /// @param person Low to high: holder 160, prefix 8, view tag 8, series dose 8.
    struct SessionDose {
        bytes32 saltedSerial;
        bytes32 commitment;
        bytes32 ephemeralX;
        uint256 person;
    }

    /// @notice Units of one lot that a dispense takes. The stock argument of a dispense is 1 to 8 of these rows, one behind the
    /// other: the lot; a word with, low to high, units 32, firstUnit 32, range 32, length of the proof 8, 1 for a serial; and
    /// for a serial its salted hash and the proof, 32 bytes each. Or it is 32 bytes, a salted link.
    /// @param units How many; of serials, all under the one named.
    /// @param firstUnit First of them, for serials; else 0.
    /// @param range First unit of the stored range that holds them; else 0.
    /// @param saltedSerial Salted hash of the serial, for serials; else 0.
    /// @param proof Proof that it is the lot's.
    struct Taking {
        LotId lot;
        uint32 units;
        uint32 firstUnit;
        uint32 range;
        bytes32 saltedSerial;
        bytes32[] proof;
    }

    /// @notice What a device measured without a break.
    /// @param member Member that the device senses for.
    /// @param device The device's operator key.
    /// @param from First second.
    /// @param to End, exclusive.
    /// @param minutesOut Minutes out of the range of the class that it was bound with.
    /// @param readings Hash of the readings, which stay off chain.
    struct Segment {
        uint32 member;
        bytes32 device;
        uint32 from;
        uint32 to;
        uint16 minutesOut;
        bytes32 readings;
    }

    /// @notice What a device watches: a place's compartment of a class, or a consignment.
    /// @param site Site of the device's member; 0 for a consignment.
    /// @param from Sender of the consignment; 0 for a site.
    struct Watch {
        StorageClass storage_;
        uint16 site;
        uint32 from;
        uint64 sscc;
    }

    /// @notice A compartment's monitor.
    /// @param minutesOut Minutes out of range since it is watched.
    /// @param reportedUntil Until when it was reported.
    struct Compartment {
        uint32 minutesOut;
        uint32 reportedUntil;
    }

    // ── events: products and lots ───────────────────────────────────────────────────────────────────────────────────

    /// @notice A maker proposed a product.
    event ProductProposed(uint64 indexed gtin, uint32 indexed maker, bytes32 operator, Product product);

    /// @notice A regulator approved a product, for the first time or with other terms.
    event ProductApproved(
        uint64 indexed gtin,
        uint32 indexed maker,
        uint32 indexed regulator,
        bytes32 operator,
        Product product
    );

    /// @notice No further lot of it may be registered.
    event ProductWithdrawn(uint64 indexed gtin, uint32 indexed member, bytes32 operator);

    /// @notice A maker registered a lot.
    event LotRegistered(
        LotId indexed lot,
        uint64 indexed gtin,
        uint32 indexed maker,
        bytes20 number,
        uint16 site,
        uint16 expiryDay,
        uint32 units,
        bytes32 serialRoot,
        bytes32 operator
    );

    /// @notice A regulator let a lot move.
    /// @param certificate Hash of the release certificate.
    event LotReleased(LotId indexed lot, uint32 indexed regulator, bytes32 operator, bytes32 certificate);

    /// @notice A regulator refused a lot for good.
    event LotRefused(LotId indexed lot, uint32 indexed regulator, bytes32 operator, bytes32 certificate);

    /// @notice Every movement and use of a lot stopped.
    /// @param notice Hash of the recall notice.
    event LotRecalled(
        LotId indexed lot,
        uint32 indexed member,
        RecallClass recallClass,
        bytes32 operator,
        bytes32 notice
    );

    /// @notice A regulator ended a recall.
    event LotRecallEnded(LotId indexed lot, uint32 indexed regulator, bytes32 operator);

    /// @notice A holder answered a recall: what lay there is in quarantine.
    /// @param quarantined Units in quarantine by the chain's books.
    /// @param counted Units that the holder counted.
    event LotRecallAcknowledged(
        LotId indexed lot,
        uint32 indexed member,
        uint16 indexed site,
        bytes32 operator,
        uint32 quarantined,
        uint32 counted
    );

    // ── events: movements ───────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Goods left a place.
    /// @param minutesOut Minutes out of range of the worst line.
    event ConsignmentShipped(
        uint32 indexed from,
        uint64 indexed sscc,
        uint32 indexed to,
        uint16 fromSite,
        uint16 toSite,
        Purpose purpose,
        uint16 minutesOut,
        Line[] lines,
        bytes32 operator
    );

    /// @notice Goods arrived.
    /// @param quarantined All that was accepted went into quarantine.
    /// @param findings One for each line, or none when all was accepted.
    event ConsignmentReceived(
        uint32 indexed from,
        uint64 indexed sscc,
        uint32 indexed to,
        uint16 minutesOut,
        bool quarantined,
        Finding[] findings,
        bytes32 operator
    );

    /// @notice The sender took goods back that were refused or never received.
    event ConsignmentTakenBack(uint32 indexed from, uint64 indexed sscc, uint16 minutesOut, bytes32 operator);

    /// @notice The sender declared goods lost.
    event ConsignmentLost(uint32 indexed from, uint64 indexed sscc, bytes32 operator);

    // ── events: use ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A dose was administered. The holder's viewing key finds it (ERC-5564, scheme 1).
    /// @param dose Low to high: unit 32, series dose 8, prefix 8, view tag 8; in one word, for a session logs 100 of these.
    event DoseAdministered(
        LotId indexed lot,
        address indexed holder,
        bytes32 commitment,
        bytes32 ephemeralX,
        uint256 dose
    );

    /// @notice Who administered the doses that the same transaction logs.
    /// @param span Low to high: first unit 32, doses 32, second of administration 32.
    event DosesAdministered(
        LotId indexed lot,
        uint32 indexed member,
        uint16 indexed site,
        bytes32 operator,
        uint256 span
    );

    /// @notice A dispense took units of a lot.
    /// @param taking Low to high: site 16, ordinal 8, units 32, first unit 32; above bit 168 the 88 bits of the stock argument's
    /// hash that the dispense's record keeps.
    event LotDispensed(LotId indexed lot, PrescriptionId indexed prescription, uint32 indexed member, uint256 taking);

    /// @notice A dispense was withdrawn; its units are withheld.
    event LotDispenseWithdrawn(
        LotId indexed lot,
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 site,
        uint8 ordinal,
        uint32 units
    );

    /// @notice A dispense named its lot by a salted link only.
    event DispenseLinked(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 indexed site,
        uint8 ordinal,
        bytes32 link
    );

    /// @notice A dispense with a link was withdrawn; the next settlement counts it.
    event DispenseLinkWithdrawn(
        PrescriptionId indexed prescription,
        uint32 indexed member,
        uint16 indexed site,
        uint8 ordinal
    );

    /// @notice A place settled what it dispensed of a discreet lot.
    /// @param root Merkle root of the openings of the links that it settles.
    event DispensesSettled(
        LotId indexed lot,
        uint32 indexed member,
        uint16 indexed site,
        uint32 dispensed,
        uint32 returned,
        bytes32 root,
        bytes32 operator
    );

    /// @notice A serial was found that is not as it should be.
    /// @custom:source Commission Delegated Regulation (EU) 2016/161, article 36(b) and (f).
    event SerialAlertRaised(
        LotId indexed lot,
        uint32 indexed member,
        SerialState indexed state,
        uint32 unit,
        bytes32 saltedSerial,
        bytes32 operator
    );

    // ── events: stock ───────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice Units went into quarantine.
    /// @param held Everything of the lot here, and what arrives.
    event StockQuarantined(
        LotId indexed lot,
        uint32 indexed member,
        uint16 indexed site,
        uint32 units,
        QuarantineReason reason,
        bool held,
        bytes32 operator
    );

    /// @notice Quarantined units are on hand again.
    /// @param releaser Member whose quality operator decided, or the regulator.
    /// @param minutesOut Minutes out of range that count from now on.
    event QuarantineReleased(
        LotId indexed lot,
        uint32 indexed member,
        uint16 indexed site,
        uint32 releaser,
        uint32 units,
        uint16 minutesOut,
        bytes32 operator
    );

    /// @notice Units left stock otherwise than by use.
    /// @param evidence Hash of the report or certificate, 0 for none.
    event StockWrittenOff(
        LotId indexed lot,
        uint32 indexed member,
        uint16 indexed site,
        Pocket pocket,
        Loss loss,
        uint32 units,
        uint32[] indices,
        bytes32 evidence,
        bytes32 operator
    );

    /// @notice A regulator moved the custody of a place's whole stock of a lot; it is in quarantine at its new place.
    /// @param ranges First units of the stored ranges that moved too.
    event CustodyOrdered(
        LotId indexed lot,
        uint32 indexed member,
        uint32 indexed to,
        uint16 site,
        uint16 toSite,
        uint32 units,
        uint32 regulator,
        uint32[] ranges,
        bytes32 operator
    );

    // ── events: cold chain ──────────────────────────────────────────────────────────────────────────────────────────

    /// @notice A device watches a compartment or a consignment from now on.
    event DeviceBound(uint32 indexed member, bytes32 indexed device, Watch watch, bytes32 operator);

    /// @notice A device watches nothing any more.
    event DeviceUnbound(uint32 indexed member, bytes32 indexed device, bytes32 operator);

    /// @notice A device reported.
    /// @param gap Minutes since the last report that count as out of range.
    event SegmentRecorded(
        uint32 indexed member,
        bytes32 indexed device,
        uint32 from,
        uint32 to,
        uint16 minutesOut,
        uint32 gap,
        bytes32 readings
    );

    // ── errors: products and lots ───────────────────────────────────────────────────────────────────────────────────

    /// @notice A product's term is out of range. Fix: correct the named field (see {Product}).
    error ProductTermInvalid(uint64 gtin, bytes32 field);

    /// @notice No such proposal. Fix: the maker calls `proposeProduct` with exactly these terms first.
    error ProductNotProposed(uint64 gtin, uint32 maker);

    /// @notice Another maker's product has this GTIN. Fix: withdraw that one first, or name the right GTIN.
    error ProductOfOther(uint64 gtin, uint32 maker);

    /// @notice The product is not approved. Fix: a regulator calls `approveProduct`.
    error ProductNotApproved(uint64 gtin, ProductStatus status);

    /// @notice Only a manufacturer proposes products. Fix: governance gives the member that sector.
    error ProductMakerOnly(uint32 member);

    /// @notice The member has no say over this product. Fix: its maker or a regulator calls.
    error ProductOfStranger(uint64 gtin, uint32 maker, uint32 member);

    /// @notice A lot's term is out of range. Fix: correct the named field (see {LotTerms}).
    error LotTermInvalid(LotId lot, bytes32 field);

    /// @notice The lot is known already. Fix: a lot number is used once for a GTIN.
    error LotAlreadyRegistered(LotId lot);

    /// @notice No such lot. Fix: check GTIN and lot number; the maker registers it.
    error LotUnknown(LotId lot);

    /// @notice The lot is not in the status that this needs. Fix: see `status`; unreleased lots wait for a regulator.
    error LotStatusWrong(LotId lot, LotStatus status);

    /// @notice The lot is recalled. Fix: quarantine what is there and answer with `acknowledgeRecall`.
    error LotIsRecalled(LotId lot, uint32 recalledAt);

    /// @notice The lot is not recalled. Fix: nothing to answer or to end.
    error LotNotRecalled(LotId lot);

    /// @notice The lot expired. Fix: write it off, or return it to its maker.
    error LotExpired(LotId lot, uint16 expiryDay);

    /// @notice A regulator decides about no lot of its own group. Fix: another regulator decides.
    error LotOfOwn(LotId lot, uint32 regulator);

    /// @notice Only the maker or a regulator recalls it. Fix: report to either.
    error LotRecallRefused(LotId lot, uint32 member);

    /// @notice A recall names its class and the hash of its notice. Fix: pass both.
    error LotRecallUnnamed(LotId lot);

    /// @notice A release or refusal names the hash of its certificate. Fix: pass it.
    error LotCertificateMissing(LotId lot);

    // ── errors: movements ───────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The site is closed or unknown. Fix: name an open site of the member.
    error StockSiteNotOpen(uint32 member, uint16 site);

    /// @notice A place has fewer units that may move. Fix: see `onHand`; quarantined units do not count.
    error StockInsufficient(LotId lot, uint32 member, uint16 site, uint32 onHand, uint32 asked);

    /// @notice All of the lot here is in quarantine. Fix: another member's QUALITY operator, or a regulator, releases it.
    error StockInQuarantine(LotId lot, uint32 member, uint16 site, uint32 quarantined);

    /// @notice The units do not lie at this place. Fix: name units, and the stored range, that this place received.
    error StockElsewhere(LotId lot, uint32 member, uint16 site, uint32 firstUnit, uint32 endUnit);

    /// @notice The stock was out of its temperature range for longer than it bears. Fix: quarantine it; see
    /// `releaseQuarantine`.
    error StockExcursion(LotId lot, uint32 member, uint16 site, uint32 minutesOut, uint16 budget);

    /// @notice Units and span do not agree. Fix: for serials name the span and how many of it are not spent, whole serials only;
    /// else only units.
    error StockSpanWrong(LotId lot, uint32 units, uint32 firstUnit, uint32 endUnit);

    /// @notice A span of broken stock is too long to be counted. Fix: split it into lines of at most `longest` units.
    error StockSpanTooLong(LotId lot, uint32 firstUnit, uint32 endUnit, uint32 longest);

    /// @notice The SSCC is malformed. Fix: pass 18 digits with the check digit of GS1 General Specifications, section 7.9.
    error ConsignmentSsccInvalid(uint64 sscc);

    /// @notice The sender used this SSCC within a year. Fix: take a new one.
    error ConsignmentSsccInUse(uint32 from, uint64 sscc, uint32 notBefore);

    /// @notice A consignment has 1 to 32 lines. Fix: split it.
    error ConsignmentSizeInvalid(uint256 lines);

    /// @notice What was passed is not what was shipped. Fix: pass the consignment as ConsignmentShipped tells it.
    error ConsignmentUnknown(uint32 from, uint64 sscc);

    /// @notice The consignment is not in the status that this needs. Fix: see `status`.
    error ConsignmentStatusWrong(uint32 from, uint64 sscc, ConsignmentStatus status);

    /// @notice Returns go to the lot's maker. Fix: name the maker as receiver.
    error ConsignmentReturnMisrouted(LotId lot, uint32 maker, uint32 to);

    /// @notice Findings do not fit the lines. Fix: one for each line, within its units, indices rising and within its span.
    error ConsignmentFindingInvalid(uint32 from, uint64 sscc, uint256 line);

    /// @notice It is too early. Fix: wait until `notBefore`, or let the receiver refuse.
    error ConsignmentTooEarly(uint32 from, uint64 sscc, uint32 notBefore);

    // ── errors: use ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// @notice The unit was used, wasted or lost before. Fix: take another; report a serial seen twice with `checkSerial`.
    error SerialSpent(LotId lot, uint32 unit);

    /// @notice The serial is not one of this lot. Fix: check serial and proof; report it with `checkSerial`.
    error SerialUnknown(LotId lot, uint32 unit, bytes32 saltedSerial);

    /// @notice The opened serial's time is over. Fix: write the rest off, open another.
    error SerialOpenTooLong(LotId lot, uint32 unit, uint32 openedAt, uint16 openFor);

    /// @notice The product is used another way. Fix: administer vaccines, dispense drugs; settle discreet ones, and only those.
    error LotUsedOtherwise(LotId lot);

    /// @notice A dose's term is out of range. Fix: correct the named field (see {Administration}).
    error DoseTermInvalid(LotId lot, bytes32 field);

    /// @notice The holder's address was used before. Fix: take a fresh one-time address for each dose.
    error DoseHolderUsed(address holder);

    /// @notice The ephemeral key is no compressed point. Fix: pass x, and the prefix 0x02 or 0x03.
    error DoseEphemeralKeyInvalid(address holder);

    /// @notice A session has 1 to 200 doses of single-dose serials. Fix: split it; record multi-dose vials dose by dose.
    error SessionSizeInvalid(LotId lot, uint256 doses, uint8 unitsPerSerial);

    /// @notice Only the prescription registry takes stock for a dispense. Fix: call `dispense` there.
    error DispenseCallerOnly(address caller);

    /// @notice The lots named do not make up the units dispensed. Fix: units times the product's content give `dispensed`.
    error DispenseStockMismatch(PrescriptionId prescription, uint40 dispensed, uint256 named);

    /// @notice The stock argument is malformed. Fix: pass 1 to 8 rows as {Taking} says, or 32 bytes of a salted link.
    error DispenseStockMalformed(PrescriptionId prescription);

    // ── errors: stock and cold chain ────────────────────────────────────────────────────────────────────────────────

    /// @notice The reason is missing. Fix: name one.
    error StockReasonMissing(LotId lot);

    /// @notice Nothing is there to do this with. Fix: see {Stock}.
    error StockEmpty(LotId lot, uint32 member, uint16 site);

    /// @notice Nobody releases its own group's quarantine. Fix: another member's QUALITY operator, or a regulator, decides.
    error QuarantineOfOwn(LotId lot, uint32 member, uint32 releaser);

    /// @notice Only a regulator releases by itself. Fix: sign, and let the holder of the stock send it.
    error QuarantineRegulatorOnly(LotId lot, uint32 releaser);

    /// @notice More minutes than the product bears, or than the stock had, cannot be set. Fix: at most `latest`.
    error QuarantineMinutesInvalid(LotId lot, uint16 minutesOut, uint32 latest);

    /// @notice Regulators order custody to another place. Fix: name an open site other than `site`.
    error CustodyOrderInvalid(LotId lot, uint32 member, uint16 site);

    /// @notice The device cannot watch this. Fix: a class other than Unmonitored, and either an open site or a consignment of
    /// the member in transit; unbind it first where it watches something.
    error DeviceWatchInvalid(uint32 member, bytes32 device);

    /// @notice The device watches nothing. Fix: call `bindDevice` first.
    error DeviceUnboundYet(uint32 member, bytes32 device);

    /// @notice The segment does not follow what was reported. Fix: begin at `reportedUntil` or later, end by now, and count no
    /// more minutes than it has.
    error SegmentInvalid(uint32 member, bytes32 device, uint32 from, uint32 to, uint32 reportedUntil);

    /// @notice Nobody watches this class there, or its device was silent for too long. Fix: bind a device with SENSE and let it
    /// report, then receive or release.
    error CompartmentUnwatched(uint32 member, uint16 site, StorageClass storage_);
}

/// @title ILotMovements
/// @notice Goods between places, in two steps.
interface ILotMovements is ILotTypes {
    /// @notice Send goods. Caller: HANDLE_STOCK at an open site of the sender.
    function ship(Consignment calldata consignment) external;

    /// @notice Take goods in as they were sent. Caller: HANDLE_STOCK at the open site that they were sent to. Stopped lots are
    /// only taken in into quarantine.
    /// @param intoQuarantine Put all of it into quarantine.
    function receiveConsignment(Consignment calldata consignment, bool intoQuarantine) external;
}

/// @title ILotUse
/// @notice The point of use.
interface ILotUse is ILotTypes, IDispenseStock {
    /// @notice Administer one dose. Caller: a VACCINATE operator at an open site, or SUBMIT with its signature.
    /// @param proof From the serial to the lot's root; to its group of serials once one of the group was proven.
    function administer(
        Administration calldata dose,
        EphemeralKey calldata ephemeralKey,
        bytes32[] calldata proof,
        Attestation calldata attestation
    ) external;
}

/// @title ILotEntries
/// @notice Lots registered and recalled, sessions, and goods that do not arrive as they were sent.
interface ILotEntries is ILotTypes {
    /// @notice Register a lot of an approved product. Caller: HANDLE_STOCK of the maker.
    function registerLot(uint32 member, LotTerms calldata terms) external returns (LotId lot);

    /// @notice Stop every movement and use at once. No pause holds it back. Caller: RECALL of the maker or a regulator.
    function recallLot(LotId lot, uint32 member, RecallClass recallClass, bytes32 notice) external;

    /// @notice Administer doses with adjacent serials. Caller: a VACCINATE operator at an open site, or SUBMIT with its
    /// signature.
    /// @param proof What stands beside the run of serials in the lot's tree: level by level from the leaves up, first what stands
    /// before it, then what stands behind.
    function administerSession(
        Session calldata session,
        SessionDose[] calldata doses,
        bytes32[] calldata proof,
        Attestation calldata attestation
    ) external;

    /// @notice Take goods in as they were found. Caller, and stopped lots: as for `receiveConsignment`.
    /// @param findings One for each line.
    /// @param intoQuarantine Put all that is accepted into quarantine.
    function receiveFound(Consignment calldata consignment, Finding[] calldata findings, bool intoQuarantine) external;

    /// @notice Take refused goods back, or after 72 hours those that nobody received. Caller: HANDLE_STOCK of the sender.
    function takeBack(Consignment calldata consignment) external;

    /// @notice Give goods up that nobody received within 30 days. Caller: HANDLE_STOCK of the sender.
    function declareLost(Consignment calldata consignment) external;
}

/// @title ILotKeeping
/// @notice What becomes of goods and stock otherwise.
interface ILotKeeping is ILotTypes {
    /// @notice Answer a recall: all of the lot at this place goes into quarantine. Callable again, with a new count. Caller:
    /// HANDLE_STOCK or QUALITY of the member, or SUBMIT with its signature.
    function acknowledgeRecall(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 counted,
        Attestation calldata attestation
    ) external;

    /// @notice Quarantine units; of serialised lots, and of what was too long out of range, all. No pause holds it back. Caller:
    /// HANDLE_STOCK or QUALITY of the member.
    function quarantine(LotId lot, uint32 member, uint16 site, uint32 units, QuarantineReason reason) external;

    /// @notice Put quarantined units on hand. Caller: QUALITY of a regulator; or HANDLE_STOCK or QUALITY of the member, with the
    /// signature of a QUALITY operator of a member of another group.
    /// @param minutesOut Minutes out of range that count from now on; more where what is on hand already has more.
    function releaseQuarantine(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 releaser,
        uint32 units,
        uint16 minutesOut,
        Attestation calldata attestation
    ) external;

    /// @notice Write units off. Caller: HANDLE_STOCK or QUALITY of the member.
    /// @param units How many; of serials at their origin, whole ones, the first that lie there.
    /// @param indices For serials on hand or in quarantine: which units, rising; else empty.
    /// @param range First unit of the stored range that holds them.
    /// @param evidence Hash of the report or certificate; needed for what is destroyed.
    function writeOff(
        LotId lot,
        uint32 member,
        uint16 site,
        Pocket pocket,
        Loss loss,
        uint32 units,
        uint32[] calldata indices,
        uint32 range,
        bytes32 evidence
    ) external;

    /// @notice Settle what a place dispensed of a discreet lot, and what came back. Caller: DISPENSE of the member.
    /// @param root Merkle root of the openings of the links that it settles.
    function settleDispenses(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 dispensed,
        uint32 returned,
        bytes32 root
    ) external;

    /// @notice Move a place's whole stock of a lot, by order. Caller: INSPECT of a regulator.
    /// @param ranges First units of the stored ranges there.
    function orderCustody(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 to,
        uint16 toSite,
        uint32 regulator,
        uint32[] calldata ranges
    ) external;
}

/// @title IProducts
/// @notice Products: proposed by their maker, approved by a regulator.
interface IProducts is ILotTypes {
    /// @notice Propose a product, or new terms of one. Caller: QUALITY of a manufacturer.
    function proposeProduct(Product calldata product) external;

    /// @notice Approve exactly what was proposed. Caller: RELEASE_LOT of a regulator of another group.
    function approveProduct(Product calldata product, uint32 regulator) external;

    /// @notice End the registration of lots of a product. Caller: QUALITY of its maker, RELEASE_LOT of a regulator.
    function withdrawProduct(uint64 gtin, uint32 member) external;

    /// @notice The approved terms of a product, and whether they stand.
    function productOf(uint64 gtin) external view returns (Product memory product, ProductStatus status);
}

/// @title IColdChain
/// @notice Devices that watch compartments and consignments.
interface IColdChain is ILotTypes {
    /// @notice Let a device watch. Caller: HANDLE_STOCK or QUALITY of the device's member.
    function bindDevice(uint32 member, bytes32 device, Watch calldata watch) external;

    /// @notice Let a device watch nothing. Caller: HANDLE_STOCK or QUALITY of the device's member.
    function unbindDevice(uint32 member, bytes32 device) external;

    /// @notice Record what a device measured. Caller: the device, or SUBMIT of its member with its signature. The device has SENSE.
    function recordSegment(Segment calldata segment, Attestation calldata attestation) external;

    /// @notice What a device watches.
    function watchOf(uint32 member, bytes32 device) external view returns (Watch memory);

    /// @notice A compartment's monitor.
    function compartmentOf(
        uint32 member,
        uint16 site,
        StorageClass storage_
    ) external view returns (Compartment memory);
}

/// @title ILotOversight
/// @notice A regulator's part, checks of serials, and reads.
interface ILotOversight is ILotTypes {
    /// @notice Let a lot move. Caller: RELEASE_LOT of a regulator of another group than the maker's.
    function releaseLot(LotId lot, uint32 regulator, bytes32 certificate) external;

    /// @notice Refuse a registered lot for good. Caller: as for `releaseLot`.
    function refuseLot(LotId lot, uint32 regulator, bytes32 certificate) external;

    /// @notice End a recall; what was quarantined stays so. Caller: RECALL of a regulator of another group than the maker's.
    function endRecall(LotId lot, uint32 regulator) external;

    /// @notice The same, and an alert where it is not active. Caller: HANDLE_STOCK, QUALITY, DISPENSE, VACCINATE or INSPECT.
    function checkSerial(
        uint32 member,
        LotId lot,
        uint32 unit,
        bytes32 saltedSerial,
        bytes32[] calldata proof
    ) external returns (SerialState);

    /// @notice What a serial is, without changing anything.
    /// @custom:source Commission Delegated Regulation (EU) 2016/161, article 36(a).
    function serialStateOf(
        LotId lot,
        uint32 unit,
        bytes32 saltedSerial,
        bytes32[] calldata proof
    ) external view returns (SerialState);

    /// @notice Whether a unit was used, wasted or lost.
    function isSpent(LotId lot, uint32 unit) external view returns (bool);

    /// @notice A lot's state.
    function lotOf(LotId lot) external view returns (Lot memory);

    /// @notice The name of a lot.
    function lotId(uint64 gtin, bytes20 number) external pure returns (LotId);

    /// @notice Stock of a lot at a place.
    function stockOf(LotId lot, uint32 member, uint16 site) external view returns (Stock memory);

    /// @notice End of a stored range of serials at a place, 0 when there is none with this first unit.
    function rangeOf(LotId lot, uint32 member, uint16 site, uint32 firstUnit) external view returns (uint32 endUnit);

    /// @notice A consignment's state.
    function consignmentOf(uint32 from, uint64 sscc) external view returns (Transit memory);

    /// @notice What `Transit.contents` is: the first 160 bits of the keccak256 of the consignment's six fields and the six fields of
    /// each line, 32 bytes each.
    function contentsOf(Consignment calldata consignment) external pure returns (bytes20);
}

/// @title ILotRegistry
/// @notice Vaccine lots and drug lots from release to use: where every unit is, and that a recalled, expired, unreleased or spoilt
/// one is not used.
interface ILotRegistry is
    ILotEntries,
    ILotMovements,
    ILotUse,
    ILotKeeping,
    IProducts,
    IColdChain,
    ILotOversight,
    IDomain,
    IAccessManaged
{
    /// @notice Set the root authority. Called once, by the proxy's constructor.
    function initialize(address authority) external;
}
