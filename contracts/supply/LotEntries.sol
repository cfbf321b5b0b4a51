// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Duties} from "../core/Duties.sol";
import {Extended} from "../core/Extended.sol";
import {Attestation} from "../core/IActs.sol";
import {ILotEntries, LotId} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotDoses} from "./LotDoses.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord, LotWords} from "./LotWords.sol";
import {StockWord, StockWords, TransitWord} from "./StockWords.sol";

/// @title LotEntries
/// @notice The extension of {LotRegistry}: lots registered and recalled, sessions, goods that do not arrive as they were sent.
/// {LotKeeping} is its own.
contract LotEntries is ILotEntries, Extended, LotDoses {
    /// @notice How long goods must have been under way before their sender takes them back unasked.
    uint32 public constant TAKE_BACK_AFTER = 72 hours;

    /// @notice How long before they may be given up.
    uint32 public constant LOST_AFTER = 30 days;

    /// @dev Most doses in a session.
    uint256 private constant SESSION_MAX = 200;

    uint256 private constant PREFIX = 160;
    uint256 private constant SERIES = 176;

    /// @param members MemberRegistry's proxy.
    /// @param prescriptions PrescriptionRegistry's proxy.
    /// @param keeping {LotKeeping}, made with the same peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address prescriptions,
        address keeping
    ) Extended(keeping) LotActs(members, prescriptions) {
        _checkPeers(keeping);
    }

    // ── lots ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotEntries
    function registerLot(uint32 member, LotTerms calldata terms) external whenNotPaused returns (LotId id) {
        bytes32 operator = _sender();
        id = LotHashing.lotId(terms.gtin, terms.number);
        LotStorage.Layout storage $ = LotStorage.layout();
        LotStorage.ProductEntry memory product = $.products[terms.gtin];
        // Check: the maker's stock keeper, an approved product, a new lot, terms within their bounds.
        _requireDutyAt(member, operator, Duties.HANDLE_STOCK, terms.site);
        if (product.status != ProductStatus.Approved) revert ProductNotApproved(terms.gtin, product.status);
        if (!_actsFor(member, product.maker)) revert ProductOfStranger(terms.gtin, product.maker, member);
        if ($.lots[id].isKnown()) revert LotAlreadyRegistered(id);
        _checkTerms(id, product, terms);
        // Effect: two slots.
        $.lots[id] = LotWords.registered(product, member, terms);
        if (product.serialised) $.serialRoots[id] = terms.serialRoot;
        // Log.
        emit LotRegistered(
            id,
            terms.gtin,
            member,
            terms.number,
            terms.site,
            terms.expiryDay,
            terms.units,
            terms.serialRoot,
            operator
        );
    }

    /// @inheritdoc ILotEntries
    function recallLot(LotId lot, uint32 member, RecallClass recallClass, bytes32 notice) external {
        _requireProxy();
        LotWord word = _lotOf(lot);
        bytes32 operator = _sender();
        // Check: the maker or a regulator, for the first time, with class and notice.
        _requireDuty(member, operator, Duties.RECALL);
        if (member != word.maker() && !_isRegulator(member) && !_actsFor(member, word.maker())) {
            revert LotRecallRefused(lot, member);
        }
        if (word.recalledAt() != 0) revert LotIsRecalled(lot, word.recalledAt());
        if (recallClass == RecallClass.Unspecified || notice == 0) revert LotRecallUnnamed(lot);
        // Effect and log.
        LotStorage.layout().lots[lot] = word.withRecall(_now());
        emit LotRecalled(lot, member, recallClass, operator, notice);
    }

    // ── sessions ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotEntries
    function administerSession(
        Session calldata session,
        SessionDose[] calldata doses,
        bytes32[] calldata proof,
        Attestation calldata attestation
    ) external whenNotPaused {
        LotId id = session.lot;
        // Check: a licensed vaccinator at an open site.
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(session.member, attestation, LotHashing.session(session, doses, attestation.deadline));
        _requireDutyAt(session.member, operator, Duties.VACCINATE, session.site);
        // Check: the lot and the stock; single-dose serials that lie here and are the lot's.
        uint32 at = _secondOf(id, session.administeredAt);
        uint256 count = doses.length;
        (LotWord lot, Place place, StockWord stock) = _readyDoses(id, session.member, session.site, uint32(count), at);
        bool fits = count != 0 && count <= SESSION_MAX && lot.isSerialised() && lot.unitsPerSerial() == 1;
        if (!fits) revert SessionSizeInvalid(id, count, lot.unitsPerSerial());
        uint256 end = uint256(session.firstUnit) + count;
        _requireHere(id, place, stock, session.firstUnit, end, session.range);
        _proveSession(id, lot, session.firstUnit, doses, proof);
        // Effect: each once.
        _spendRun(id, session.firstUnit, end);
        LotStorage.layout().stocks[id][place] = stock.asBroken().spent(uint32(count));
        // Log.
        uint256 first = session.firstUnit;
        unchecked {
            for (uint256 i; i < count; ++i) _logSessionDose(id, first + i, doses[i]);
        }
        _logWho(id, place, operator, session.firstUnit, count, at);
    }

    // ── goods ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotEntries
    function receiveFound(
        Consignment calldata consignment,
        Finding[] calldata findings,
        bool intoQuarantine
    ) external whenNotPaused {
        (uint32 from, uint64 sscc) = (consignment.from, consignment.sscc);
        (TransitWord word, uint16 minutes_, bytes32 operator) = _arriving(consignment);
        uint256 count = consignment.lines.length;
        if (findings.length != count) revert ConsignmentFindingInvalid(from, sscc, findings.length);
        // Log.
        emit ConsignmentReceived(from, sscc, consignment.to, minutes_, intoQuarantine, findings, operator);
        // Check and effect: each lot, and what was refused waits for its sender.
        uint256 refused;
        for (uint256 i; i < count; ++i) {
            refused += _takeInFound(consignment, i, findings[i], minutes_, intoQuarantine, operator);
        }
        LotStorage.layout().transits[from][sscc] =
            refused == 0
                ? word.withStatus(uint8(ConsignmentStatus.Received))
                : StockWords.packTransit(
                    uint8(ConsignmentStatus.Refused),
                    word.shippedAt(),
                    minutes_,
                    _now(),
                    _refusedPart(consignment, findings)
                );
    }

    /// @inheritdoc ILotEntries
    function takeBack(Consignment calldata consignment) external whenNotPaused {
        bytes32 operator = _sender();
        (uint32 from, uint16 site, uint64 sscc) = (consignment.from, consignment.fromSite, consignment.sscc);
        // Check: the sender's stock keeper; refused, or long under way.
        _requireDutyAt(from, operator, Duties.HANDLE_STOCK, site);
        TransitWord word = _transitOf(consignment, ConsignmentStatus.InTransit, ConsignmentStatus.Refused);
        bool refused = word.status() == uint8(ConsignmentStatus.Refused);
        if (!refused) _requireAge(from, sscc, word, TAKE_BACK_AFTER);
        // Log and effect.
        uint16 minutes_ = _saturated(_transitMinutes(word));
        LotStorage.layout().transits[from][sscc] = word.withStatus(uint8(ConsignmentStatus.TakenBack));
        emit ConsignmentTakenBack(from, sscc, minutes_, operator);
        for (uint256 i; i < consignment.lines.length; ++i) {
            Line calldata line = consignment.lines[i];
            LotWord lot = _lotOf(line.lot);
            // What was out of range too long on the way is put aside: a receiver that refuses spoils nothing but the goods.
            Arrival memory arrival = Arrival({
                units: line.units,
                firstUnit: line.firstUnit,
                endUnit: line.endUnit,
                broken: line.units != line.endUnit - line.firstUnit,
                minutesOut: minutes_,
                aside: lot.isMonitored() && minutes_ > lot.budget()
            });
            _credit(line.lot, lot, LotStorage.placeOf(from, site), arrival, operator);
        }
    }

    /// @inheritdoc ILotEntries
    function declareLost(Consignment calldata consignment) external whenNotPaused {
        bytes32 operator = _sender();
        (uint32 from, uint64 sscc) = (consignment.from, consignment.sscc);
        // Check: the sender's stock keeper; very long under way.
        _requireDutyAt(from, operator, Duties.HANDLE_STOCK, consignment.fromSite);
        TransitWord word = _transitOf(consignment, ConsignmentStatus.InTransit, ConsignmentStatus.Refused);
        _requireAge(from, sscc, word, LOST_AFTER);
        // Effect: no place has these units any more.
        LotStorage.layout().transits[from][sscc] = word.withStatus(uint8(ConsignmentStatus.Lost));
        Place place = LotStorage.placeOf(from, consignment.fromSite);
        for (uint256 i; i < consignment.lines.length; ++i) {
            Line calldata line = consignment.lines[i];
            LotStorage.layout().outflows[line.lot][place].lost += line.units;
        }
        // Log.
        emit ConsignmentLost(from, sscc, operator);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _checkTerms(LotId id, LotStorage.ProductEntry memory product, LotTerms calldata terms) private view {
        if (terms.number == 0) revert LotTermInvalid(id, "number");
        if (terms.expiryDay <= block.timestamp / 1 days) revert LotTermInvalid(id, "expiryDay");
        if (terms.units == 0 || terms.units % product.unitsPerSerial != 0) revert LotTermInvalid(id, "units");
        if ((terms.serialRoot != 0) != product.serialised) revert LotTermInvalid(id, "serialRoot");
    }

    function _requireAge(uint32 from, uint64 sscc, TransitWord word, uint256 age) private view {
        uint256 notBefore = word.shippedAt() + age;
        if (block.timestamp < notBefore) revert ConsignmentTooEarly(from, sscc, uint32(notBefore));
    }

    /// @dev Take a line in as it was found; returns the units refused.
    function _takeInFound(
        Consignment calldata consignment,
        uint256 index,
        Finding calldata finding,
        uint256 minutes_,
        bool intoQuarantine,
        bytes32 operator
    ) private returns (uint256 refused) {
        Line calldata line = consignment.lines[index];
        LotWord lot = LotStorage.layout().lots[line.lot];
        refused = finding.refused;
        uint256 gone = uint256(finding.damaged) + finding.missing;
        // Check: within the units; serials by index, refused as a whole.
        bool serialised = lot.isSerialised();
        bool fits = gone + refused <= line.units && finding.indices.length == (serialised ? gone : 0);
        if (!fits || (serialised && refused != 0 && refused != line.units)) {
            revert ConsignmentFindingInvalid(consignment.from, consignment.sscc, index);
        }
        // Effect: what is damaged or missing is gone.
        if (gone != 0) {
            Place place = LotStorage.placeOf(consignment.to, consignment.toSite);
            LotStorage.Outflow storage outflow = LotStorage.layout().outflows[line.lot][place];
            (outflow.wasted, outflow.lost) = (outflow.wasted + finding.damaged, outflow.lost + finding.missing);
            for (uint256 i; i < finding.indices.length; ++i) {
                uint32 unit = finding.indices[i];
                if (unit < line.firstUnit || unit >= line.endUnit) {
                    revert ConsignmentFindingInvalid(consignment.from, consignment.sscc, index);
                }
                _spendGone(line.lot, lot, unit);
            }
        }
        _takeIn(consignment, line, line.units - uint32(gone + refused), minutes_, intoQuarantine, operator);
    }

    /// @dev The consignment as it goes back to its sender: the refused units alone.
    function _refusedPart(
        Consignment calldata consignment,
        Finding[] calldata findings
    ) private pure returns (bytes20) {
        bytes memory lines;
        for (uint256 i; i < findings.length; ++i) {
            if (findings[i].refused == 0) continue;
            Line memory line = consignment.lines[i];
            (line.units, line.range, line.origin) = (findings[i].refused, 0, false);
            lines = bytes.concat(lines, abi.encode(line));
        }
        return LotHashing.contentsWith(consignment, lines);
    }

    /// @dev Revert unless the run of serials is the lot's.
    function _proveSession(
        LotId id,
        LotWord lot,
        uint256 first,
        SessionDose[] calldata doses,
        bytes32[] calldata proof
    ) private view {
        bytes32[] memory nodes = new bytes32[](doses.length);
        // Unchecked: a run within the lot's 32 bits.
        unchecked {
            for (uint256 i; i < nodes.length; ++i) nodes[i] = _leafOf(first + i, doses[i].saltedSerial);
        }
        // Groups are filled up, so that a row of leaves is a multiple of them.
        uint256 width = Math.ceilDiv(lot.units(), GROUP_BITS) * GROUP_BITS;
        if (
            first + nodes.length > lot.units() ||
            _runRoot(nodes, first, width, proof) != LotStorage.layout().serialRoots[id]
        ) {
            revert SerialUnknown(id, uint32(first), doses[0].saltedSerial);
        }
    }

    /// @dev Spend adjacent units of single-unit serials, 64 to a word.
    function _spendRun(LotId id, uint256 unit, uint256 end) private {
        mapping(uint32 group => uint256) storage words = LotStorage.layout().serials[id];
        while (unit < end) {
            uint256 bit = unit % GROUP_BITS;
            uint256 run = end - unit < GROUP_BITS - bit ? end - unit : GROUP_BITS - bit;
            uint256 mask = ((1 << run) - 1) << bit;
            uint32 group = uint32(unit / GROUP_BITS);
            uint256 word = words[group];
            if (word & mask != 0) revert SerialSpent(id, uint32(unit));
            words[group] = word | mask;
            unit += run;
        }
    }

    function _logSessionDose(LotId id, uint256 unit, SessionDose calldata dose) private {
        uint256 person = dose.person;
        (bytes32 commitment, bytes32 x) = (dose.commitment, dose.ephemeralX);
        address holder = address(uint160(person));
        uint256 series = person >> SERIES;
        if (holder == address(0)) revert DoseTermInvalid(id, "holder");
        if (commitment == 0) revert DoseTermInvalid(id, "commitment");
        if (series == 0 || series > type(uint8).max) revert DoseTermInvalid(id, "seriesDose");
        if (x == 0 || (person >> PREFIX) & 0xfe != 2) revert DoseEphemeralKeyInvalid(holder);
        // Of the person's bits above the holder, the event has series, prefix and view tag in another order.
        uint256 word = unit | (series << 32) | (((person >> PREFIX) & type(uint16).max) << 40);
        bytes32 topic = DoseAdministered.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, commitment)
            mstore(add(data, 0x20), x)
            mstore(add(data, 0x40), word)
            log3(data, 0x60, topic, id, holder)
        }
    }
}
