// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Duties} from "../core/Duties.sol";
import {Extended} from "../core/Extended.sol";
import {Gs1} from "../core/Gs1.sol";
import {ILotMovements, LotId} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotGoods} from "./LotGoods.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord, StockWords, TransitWord} from "./StockWords.sol";

/// @title LotTransport
/// @notice The extension of {LotRegistry}: goods between places, sent, taken in, taken back. {LotKeeping} is its own.
contract LotTransport is ILotMovements, Extended, LotGoods {
    /// @notice How long goods must have been under way before their sender takes them back unasked.
    uint32 public constant TAKE_BACK_AFTER = 72 hours;

    /// @notice How long before they may be given up.
    uint32 public constant LOST_AFTER = 30 days;

    /// @dev Most lots in a consignment.
    uint256 private constant LINES_MAX = 32;

    /// @dev GS1 General Specifications, section 2.2.1: an SSCC is not used again within one year.
    uint256 private constant SSCC_REST = 365 days;

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

    /// @inheritdoc ILotMovements
    function ship(Consignment calldata consignment) external {
        _requireNotPaused();
        bytes32 operator = _sender();
        (uint32 from, uint16 site, uint64 sscc) = (consignment.from, consignment.fromSite, consignment.sscc);
        // Check: the sender's stock keeper at an open site, a free SSCC, a bounded number of lots.
        _requireDutyAt(from, operator, Duties.HANDLE_STOCK, site);
        _checkSscc(from, sscc);
        uint256 count = consignment.lines.length;
        if (count == 0 || count > LINES_MAX) revert ConsignmentSizeInvalid(count);
        // Check and effect: each lot may move and lies here.
        Place place = LotStorage.placeOf(from, site);
        uint256 worst;
        for (uint256 i; i < count; ++i) worst = Math.max(worst, _send(consignment, consignment.lines[i], place));
        // Effect: one slot.
        uint16 minutes_ = _saturated(worst);
        LotStorage.layout().transits[from][sscc] = StockWords.packTransit(
            uint8(ConsignmentStatus.InTransit),
            _now(),
            minutes_,
            _now(),
            LotHashing.contentsOf(consignment)
        );
        // Log.
        emit ConsignmentShipped(
            from,
            sscc,
            consignment.to,
            site,
            consignment.toSite,
            consignment.purpose,
            minutes_,
            consignment.lines,
            operator
        );
    }

    /// @inheritdoc ILotMovements
    function receiveConsignment(
        Consignment calldata consignment,
        Finding[] calldata findings,
        bool intoQuarantine
    ) external {
        _requireNotPaused();
        bytes32 operator = _sender();
        (uint32 from, uint32 to, uint64 sscc) = (consignment.from, consignment.to, consignment.sscc);
        // Check: the receiver's stock keeper at the open site that it was sent to, the goods as they were sent.
        _requireDutyAt(to, operator, Duties.HANDLE_STOCK, consignment.toSite);
        TransitWord word = _transitOf(consignment, ConsignmentStatus.InTransit, ConsignmentStatus.InTransit);
        if (findings.length != 0 && findings.length != consignment.lines.length) {
            revert ConsignmentFindingInvalid(from, sscc, findings.length);
        }
        uint16 minutes_ = _saturated(_transitMinutes(word));
        // Log.
        emit ConsignmentReceived(from, sscc, to, minutes_, intoQuarantine, findings, operator);
        // Check and effect: each lot, and what was refused waits for its sender.
        uint256 refused;
        for (uint256 i; i < consignment.lines.length; ++i) {
            if (findings.length == 0) _takeIn(consignment, i, consignment.lines[i].units, minutes_, intoQuarantine);
            else refused += _takeInFound(consignment, i, findings[i], minutes_, intoQuarantine);
        }
        LotStorage.layout().transits[from][sscc] =
            refused == 0
                ? word.withStatus(uint8(ConsignmentStatus.Received))
                : _refusedPart(consignment, findings, word, minutes_);
    }

    /// @inheritdoc ILotMovements
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
            Arrival memory arrival = Arrival({
                units: line.units,
                firstUnit: line.firstUnit,
                endUnit: line.endUnit,
                broken: line.units != line.endUnit - line.firstUnit,
                minutesOut: minutes_,
                aside: false
            });
            _credit(line.lot, _lotOf(line.lot), LotStorage.placeOf(from, site), arrival, operator);
        }
    }

    /// @inheritdoc ILotMovements
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

    function _requireAge(uint32 from, uint64 sscc, TransitWord word, uint256 age) private view {
        uint256 notBefore = word.shippedAt() + age;
        if (block.timestamp < notBefore) revert ConsignmentTooEarly(from, sscc, uint32(notBefore));
    }

    function _checkSscc(uint32 from, uint64 sscc) private view {
        if (!Gs1.isKey(sscc, Gs1.SSCC_END)) revert ConsignmentSsccInvalid(sscc);
        TransitWord word = LotStorage.layout().transits[from][sscc];
        ConsignmentStatus status = ConsignmentStatus(word.status());
        if (status == ConsignmentStatus.Unknown) return;
        bool moving = status == ConsignmentStatus.InTransit || status == ConsignmentStatus.Refused;
        if (moving) revert ConsignmentStatusWrong(from, sscc, status);
        uint256 notBefore = word.shippedAt() + SSCC_REST;
        if (block.timestamp < notBefore) revert ConsignmentSsccInUse(from, sscc, uint32(notBefore));
    }

    /// @dev Take the units of a line out of a place; returns the minutes out of range that they have.
    function _send(
        Consignment calldata consignment,
        Line calldata line,
        Place place
    ) private returns (uint256 minutes_) {
        LotId id = line.lot;
        LotWord lot = LotStorage.layout().lots[id];
        // Check: it may move; what returns to its maker may be expired or spoilt.
        if (consignment.purpose == Purpose.Delivery) _requireUsable(id, lot, block.timestamp);
        else _requireReturn(id, lot, consignment.to);
        if (line.origin) {
            _sendOrigin(id, lot, line, place);
            return 0;
        }
        StockWord stock = LotStorage.layout().stocks[id][place];
        _requireOnHand(id, place, stock, line.units);
        if (consignment.purpose == Purpose.Delivery) _requireCold(id, lot, place, stock);
        _checkSpan(id, lot, line, stock.isBroken());
        // Effect.
        (stock, minutes_) = _settled(lot, place, stock, 0);
        if (lot.isSerialised()) {
            stock = _takeSpan(id, place, stock, line.firstUnit, line.endUnit, line.range);
        }
        LotStorage.layout().stocks[id][place] = stock.withOnHand(stock.onHand() - line.units);
    }

    /// @dev Units leave where the maker registered them, serials from the first one on.
    function _sendOrigin(LotId id, LotWord lot, Line calldata line, Place place) private {
        uint32 left = lot.originUnits();
        (uint32 member, uint16 site) = _parts(place);
        if (member != lot.maker() || site != lot.originSite() || line.units == 0 || line.units > left) {
            revert StockInsufficient(id, member, site, left, line.units);
        }
        _checkSpan(id, lot, line, false);
        uint32 first = lot.units() - left;
        if (lot.isSerialised() && line.firstUnit != first) {
            revert StockElsewhere(id, member, site, line.firstUnit, line.endUnit);
        }
        LotStorage.layout().lots[id] = lot.withOriginUnits(left - line.units);
    }

    function _requireReturn(LotId id, LotWord lot, uint32 to) private view {
        if (!lot.isReleased()) _refuseStatus(id, lot);
        if (lot.recalledAt() != 0) revert LotIsRecalled(id, lot.recalledAt());
        if (!_actsFor(to, lot.maker())) revert ConsignmentReturnMisrouted(id, lot.maker(), to);
    }

    /// @dev Whole serials, as many as stand in the span; or units alone.
    function _checkSpan(LotId id, LotWord lot, Line calldata line, bool broken) private view {
        (uint32 first, uint32 end) = (line.firstUnit, line.endUnit);
        bool fits;
        if (!lot.isSerialised()) {
            fits = first == 0 && end == 0;
        } else if (end > first && first % lot.unitsPerSerial() == 0 && end % lot.unitsPerSerial() == 0) {
            fits = line.units == (broken ? _unspent(id, lot, first, end) : end - first);
        }
        if (!fits) revert StockSpanWrong(id, line.units, first, end);
    }

    /// @dev Take accepted units of a line in.
    function _takeIn(
        Consignment calldata consignment,
        uint256 index,
        uint32 accepted,
        uint256 minutes_,
        bool intoQuarantine
    ) private {
        if (accepted == 0) return;
        Line calldata line = consignment.lines[index];
        LotId id = line.lot;
        LotWord lot = LotStorage.layout().lots[id];
        Place place = LotStorage.placeOf(consignment.to, consignment.toSite);
        // Effect: what returned to its maker is stock no more.
        if (consignment.purpose == Purpose.Return) {
            LotStorage.layout().outflows[id][place].returned += accepted;
            return;
        }
        // Check: it may be used, and its temperature is watched here.
        if (!intoQuarantine) {
            _requireUsable(id, lot, block.timestamp);
            _requireWatched(lot, place);
        }
        // Effect.
        Arrival memory arrival = Arrival({
            units: accepted,
            firstUnit: line.firstUnit,
            endUnit: line.endUnit,
            broken: accepted != line.endUnit - line.firstUnit,
            minutesOut: minutes_,
            aside: intoQuarantine
        });
        _credit(id, lot, place, arrival, _sender());
    }

    function _requireWatched(LotWord lot, Place place) private view {
        if (!lot.isMonitored()) return;
        StorageClass class = lot.storageClass();
        if (LotStorage.layout().compartments[place][class].reportedUntil != 0) return;
        (uint32 member, uint16 site) = _parts(place);
        revert CompartmentUnwatched(member, site, class);
    }

    /// @dev Take a line in as it was found; returns the units refused.
    function _takeInFound(
        Consignment calldata consignment,
        uint256 index,
        Finding calldata finding,
        uint256 minutes_,
        bool intoQuarantine
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
        _takeIn(consignment, index, line.units - uint32(gone + refused), minutes_, intoQuarantine);
    }

    /// @dev The consignment as it goes back to its sender: the refused units alone.
    function _refusedPart(
        Consignment calldata consignment,
        Finding[] calldata findings,
        TransitWord word,
        uint16 minutes_
    ) private view returns (TransitWord) {
        Consignment memory back = consignment;
        uint256 count;
        for (uint256 i; i < findings.length; ++i) {
            if (findings[i].refused == 0) continue;
            Line memory line = back.lines[i];
            (line.units, line.range, line.origin) = (findings[i].refused, 0, false);
            back.lines[count++] = line;
        }
        Line[] memory lines = back.lines;
        assembly ("memory-safe") {
            mstore(lines, count)
        }
        return
            StockWords.packTransit(
                uint8(ConsignmentStatus.Refused),
                word.shippedAt(),
                minutes_,
                _now(),
                LotHashing.contentsOf(back)
            );
    }
}
