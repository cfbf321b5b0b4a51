// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Duties} from "../core/Duties.sol";
import {LotId} from "./ILotRegistry.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotSerials} from "./LotSerials.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord, TransitWord} from "./StockWords.sol";

/// @title LotGoods
/// @notice How units arrive at a place, and what a consignment carries.
abstract contract LotGoods is LotSerials {
    /// @notice Units that arrive.
    /// @param minutesOut Minutes out of range that they bring.
    /// @param aside They go into quarantine whatever they are.
    struct Arrival {
        uint32 units;
        uint32 firstUnit;
        uint32 endUnit;
        bool broken;
        uint256 minutesOut;
        bool aside;
    }

    /// @dev Put units into a place's stock: on hand, or into quarantine where they, or all of the lot there, must be. Goods that are
    /// put aside leave the minutes of counted stock as they are, for they never mix.
    function _credit(LotId id, LotWord lot, Place place, Arrival memory arrival, bytes32 operator) internal {
        StockWord stock = LotStorage.layout().stocks[id][place];
        bool held = stock.isHeld();
        bool serialised = lot.isSerialised();
        uint256 minutes_;
        if (serialised || !arrival.aside) (stock, minutes_) = _settled(lot, place, stock, arrival.minutesOut);
        if (serialised) {
            stock = _putSpan(id, place, stock, arrival.firstUnit, arrival.endUnit);
            if (arrival.broken) stock = stock.asBroken();
        }
        bool spoilt = lot.isMonitored() && minutes_ > lot.budget();
        if (!held && !spoilt && !arrival.aside) {
            LotStorage.layout().stocks[id][place] = stock.withOnHand(stock.onHand() + arrival.units);
            return;
        }
        uint32 moved = arrival.units;
        stock = stock.withQuarantined(stock.quarantined() + moved);
        // Serials in quarantine cannot be told from others, so all of the lot here is held; so is what was out of range too long.
        if (!held && (spoilt || serialised)) {
            moved += stock.onHand();
            stock = stock.allHeld();
            held = true;
        }
        LotStorage.layout().stocks[id][place] = stock;
        (uint32 member, uint16 site) = _parts(place);
        QuarantineReason reason = spoilt ? QuarantineReason.Excursion : QuarantineReason.Other;
        if (!spoilt && lot.recalledAt() != 0) reason = QuarantineReason.Recall;
        emit StockQuarantined(id, member, site, moved, reason, held, operator);
    }

    /// @dev A consignment that is in one of these states and holds exactly this.
    function _transitOf(
        Consignment calldata consignment,
        ConsignmentStatus first,
        ConsignmentStatus second
    ) internal view returns (TransitWord word) {
        (uint32 from, uint64 sscc) = (consignment.from, consignment.sscc);
        word = LotStorage.layout().transits[from][sscc];
        if (word.contents() != LotHashing.contentsOf(consignment)) revert ConsignmentUnknown(from, sscc);
        ConsignmentStatus status = ConsignmentStatus(word.status());
        if (status != first && status != second) revert ConsignmentStatusWrong(from, sscc, status);
    }

    /// @dev Minutes out of range that a consignment has now.
    function _transitMinutes(TransitWord word) internal view returns (uint256) {
        return word.transitMinutes() + _silence(word.reportedUntil(), GAP_MAX);
    }

    /// @dev Goods that stand before the receiver's door, and who takes them in.
    function _arriving(
        Consignment calldata consignment
    ) internal view returns (TransitWord word, uint16 minutes_, bytes32 operator) {
        operator = _sender();
        // Check: the receiver's stock keeper at the open site that they were sent to, the goods as they were sent.
        _requireDutyAt(consignment.to, operator, Duties.HANDLE_STOCK, consignment.toSite);
        word = _transitOf(consignment, ConsignmentStatus.InTransit, ConsignmentStatus.InTransit);
        minutes_ = _saturated(_transitMinutes(word));
    }

    /// @dev Take accepted units of a line in.
    function _takeIn(
        Consignment calldata consignment,
        Line calldata line,
        uint32 accepted,
        uint256 minutes_,
        bool intoQuarantine,
        bytes32 operator
    ) internal {
        if (accepted == 0) return;
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
        _credit(id, lot, place, arrival, operator);
    }

    function _requireWatched(LotWord lot, Place place) private view {
        if (!lot.isMonitored()) return;
        StorageClass class = lot.storageClass();
        if (LotStorage.layout().compartments[place][class].reportedUntil != 0) return;
        (uint32 member, uint16 site) = _parts(place);
        revert CompartmentUnwatched(member, site, class);
    }
}
