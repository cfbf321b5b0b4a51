// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Duties} from "../core/Duties.sol";
import {Gs1} from "../core/Gs1.sol";
import {ILotMovements, LotId} from "./ILotRegistry.sol";
import {LotGoods} from "./LotGoods.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord, StockWords, TransitWord} from "./StockWords.sol";

/// @title LotMovements
/// @notice Goods between places: sent, and taken in.
abstract contract LotMovements is ILotMovements, LotGoods {
    /// @dev Most lots in a consignment.
    uint256 private constant LINES_MAX = 32;

    /// @dev GS1 General Specifications, section 2.2.1: an SSCC is not used again within one year.
    uint256 private constant SSCC_REST = 365 days;

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
        if (consignment.to == 0 || consignment.toSite == 0) revert StockSiteNotOpen(consignment.to, consignment.toSite);
        // Check and effect: each lot may move and lies here.
        Place place = LotStorage.placeOf(from, site);
        uint256 worst;
        for (uint256 i; i < count; ++i)
            worst = Math.max(worst, _send(consignment.purpose, consignment.to, consignment.lines[i], place));
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
        _logShipped(consignment, minutes_, operator);
    }

    /// @inheritdoc ILotMovements
    function receiveConsignment(Consignment calldata consignment, bool intoQuarantine) external {
        _requireNotPaused();
        (TransitWord word, uint16 minutes_, bytes32 operator) = _arriving(consignment);
        // Log.
        emit ConsignmentReceived(
            consignment.from,
            consignment.sscc,
            consignment.to,
            minutes_,
            intoQuarantine,
            new Finding[](0),
            operator
        );
        // Check and effect: each lot.
        for (uint256 i; i < consignment.lines.length; ++i) {
            Line calldata line = consignment.lines[i];
            _takeIn(consignment, line, line.units, minutes_, intoQuarantine, operator);
        }
        LotStorage.layout().transits[consignment.from][consignment.sscc] = word.withStatus(
            uint8(ConsignmentStatus.Received)
        );
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev emit ConsignmentShipped: the lines lie in calldata just as the event encodes them, and each was read before, so that
    /// the decoder refused dirty ones.
    function _logShipped(Consignment calldata consignment, uint16 minutes_, bytes32 operator) private {
        Line[] calldata lines = consignment.lines;
        bytes32 topic = ConsignmentShipped.selector;
        uint256 size = lines.length * LotHashing.LINE_SIZE;
        assembly ("memory-safe") {
            let data := mload(0x40)
            mstore(data, calldataload(add(consignment, 0x20))) // fromSite
            mstore(add(data, 0x20), calldataload(add(consignment, 0x60))) // toSite
            mstore(add(data, 0x40), calldataload(add(consignment, 0xa0))) // purpose
            mstore(add(data, 0x60), minutes_)
            mstore(add(data, 0x80), 0xc0) // where the lines begin
            mstore(add(data, 0xa0), operator)
            mstore(add(data, 0xc0), lines.length)
            calldatacopy(add(data, 0xe0), lines.offset, size)
            log4(
                data,
                add(0xe0, size),
                topic,
                calldataload(consignment),
                calldataload(add(consignment, 0x80)),
                calldataload(add(consignment, 0x40))
            )
        }
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
    function _send(Purpose purpose, uint32 to, Line calldata line, Place place) private returns (uint256 minutes_) {
        LotId id = line.lot;
        LotWord lot = LotStorage.layout().lots[id];
        // Check: it may move; what returns to its maker may be expired or spoilt.
        if (purpose == Purpose.Delivery) _requireUsable(id, lot, block.timestamp);
        else _requireReturn(id, lot, to);
        // What is logged is what was read.
        uint32 range = line.range;
        if (line.origin) {
            if (range != 0) revert StockSpanWrong(id, line.units, line.firstUnit, line.endUnit);
            _sendOrigin(id, lot, line, place);
            return 0;
        }
        StockWord stock = LotStorage.layout().stocks[id][place];
        _requireOnHand(id, place, stock, line.units);
        if (purpose == Purpose.Delivery) _requireCold(id, lot, place, stock);
        _checkSpan(id, lot, line, stock.isBroken());
        // Effect.
        (stock, minutes_) = _settled(lot, place, stock, 0);
        if (lot.isSerialised()) {
            stock = _takeSpan(id, place, stock, line.firstUnit, line.endUnit, range);
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
}
