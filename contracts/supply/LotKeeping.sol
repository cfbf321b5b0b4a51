// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Duties} from "../core/Duties.sol";
import {Extended} from "../core/Extended.sol";
import {Attestation} from "../core/IActs.sol";
import {OperatorKeys} from "../core/OperatorKeys.sol";
import {ILotKeeping, LotId} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotGoods} from "./LotGoods.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord} from "./StockWords.sol";

/// @title LotKeeping
/// @notice The extension of {LotEntries}: quarantine, losses, settlements, custody by order. {LotOversight} is its own.
contract LotKeeping is ILotKeeping, Extended, LotGoods {
    uint32 private constant KEEPERS = Duties.HANDLE_STOCK | Duties.QUALITY;

    /// @param members MemberRegistry's proxy.
    /// @param prescriptions PrescriptionRegistry's proxy.
    /// @param oversight {LotOversight}, made with the same peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address prescriptions,
        address oversight
    ) Extended(oversight) LotActs(members, prescriptions) {
        _checkPeers(oversight);
    }

    // ── quarantine ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotKeeping
    function acknowledgeRecall(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 counted,
        Attestation calldata attestation
    ) external {
        _requireProxy();
        LotWord word = _lotOf(lot);
        uint32 recalledAt = word.recalledAt();
        // Check: a recall stands, and a stock keeper or quality operator says what lies there.
        if (recalledAt == 0) revert LotNotRecalled(lot);
        bytes32 operator = _sender();
        if (attestation.deadline != 0) {
            uint32 deadline = attestation.deadline;
            bytes32 hash = LotHashing.acknowledgment(lot, member, site, recalledAt, counted, deadline);
            operator = _signer(member, attestation, hash);
        }
        _requireDuty(member, operator, KEEPERS);
        // Effect: all of it is held, what still lies where it was registered too.
        Place place = LotStorage.placeOf(member, site);
        StockWord stock = _withOrigin(lot, word, place);
        uint32 moved = stock.onHand();
        if (moved != 0 || !stock.isHeld()) {
            emit StockQuarantined(lot, member, site, moved, QuarantineReason.Recall, true, operator);
        }
        stock = stock.allHeld();
        LotStorage.layout().stocks[lot][place] = stock;
        // Log.
        uint32 quarantined = stock.quarantined() + LotStorage.layout().outflows[lot][place].withheld;
        emit LotRecallAcknowledged(lot, member, site, operator, quarantined, counted);
    }

    /// @inheritdoc ILotKeeping
    function quarantine(LotId lot, uint32 member, uint16 site, uint32 units, QuarantineReason reason) external {
        _requireProxy();
        bytes32 operator = _sender();
        LotWord word = _lotOf(lot);
        // Check: a keeper of the stock, a reason, units on hand; all of them where they cannot be told from others.
        _requireDuty(member, operator, KEEPERS);
        if (reason == QuarantineReason.Unspecified) revert StockReasonMissing(lot);
        Place place = LotStorage.placeOf(member, site);
        StockWord stock = _withOrigin(lot, word, place);
        if (stock.onHand() == 0) revert StockEmpty(lot, member, site);
        _requireOnHand(lot, place, stock, units);
        bool whole = word.isSerialised() || reason == QuarantineReason.Excursion;
        if (whole && units != stock.onHand()) {
            revert StockInsufficient(lot, member, site, stock.onHand(), units);
        }
        // Effect.
        if (whole) stock = stock.allHeld();
        else stock = stock.withOnHand(stock.onHand() - units).withQuarantined(stock.quarantined() + units);
        LotStorage.layout().stocks[lot][place] = stock;
        // Log.
        emit StockQuarantined(lot, member, site, units, reason, whole, operator);
    }

    /// @inheritdoc ILotKeeping
    function releaseQuarantine(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 releaser,
        uint32 units,
        uint16 minutesOut,
        Attestation calldata attestation
    ) external whenNotPaused {
        LotWord word = _lotOf(lot);
        Place place = LotStorage.placeOf(member, site);
        StockWord stock = LotStorage.layout().stocks[lot][place];
        LotStorage.Outflow storage outflow = LotStorage.layout().outflows[lot][place];
        // Check: decided by the quality of another group; no recall stands; that much is in quarantine, and all of it where it is
        // held as a whole.
        bytes32 operator = _releaserOf(
            LotHashing.quarantineRelease(
                lot,
                member,
                site,
                releaser,
                units,
                minutesOut,
                outflow.releases,
                attestation.deadline
            ),
            lot,
            member,
            releaser,
            attestation
        );
        uint32 quarantined = _releasable(lot, word, place, stock, units, minutesOut);
        // Check and effect: what is on hand already bears it, and keeps the minutes that it has.
        if (word.isMonitored()) (stock, minutesOut) = _cooled(lot, word, place, stock, minutesOut);
        // Effect.
        stock = stock.withQuarantined(quarantined - units).withOnHand(stock.onHand() + units).withHeld(false);
        LotStorage.layout().stocks[lot][place] = stock;
        ++outflow.releases;
        // Log.
        emit QuarantineReleased(lot, member, site, releaser, units, minutesOut, operator);
    }

    // ── losses and settlements ──────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotKeeping
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
    ) external whenNotPaused {
        bytes32 operator = _sender();
        LotWord word = _lotOf(lot);
        // Check: a keeper of the stock, a reason, and evidence of a destruction.
        _requireDuty(member, operator, KEEPERS);
        if (loss == Loss.Unspecified || (loss == Loss.Destroyed && evidence == 0)) revert StockReasonMissing(lot);
        // Check and effect: out of its pocket, serials by index.
        Place place = LotStorage.placeOf(member, site);
        _takeFrom(lot, word, place, pocket, units);
        bool byIndex = word.isSerialised() && (pocket == Pocket.OnHand || pocket == Pocket.Quarantined);
        if (indices.length != (byIndex ? units : 0)) revert StockSpanWrong(lot, units, 0, uint32(indices.length));
        if (byIndex) _spendIndices(lot, word, place, indices, range);
        LotStorage.Outflow storage outflow = LotStorage.layout().outflows[lot][place];
        if (loss == Loss.Wasted) outflow.wasted += units;
        else if (loss == Loss.Destroyed) outflow.destroyed += units;
        else outflow.lost += units;
        // Log.
        emit StockWrittenOff(lot, member, site, pocket, loss, units, indices, evidence, operator);
    }

    /// @inheritdoc ILotKeeping
    function settleDispenses(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 dispensed,
        uint32 returned,
        bytes32 root
    ) external whenNotPaused {
        bytes32 operator = _sender();
        LotWord word = _lotOf(lot);
        // Check: a licensed dispenser of the place, a discreet lot without serials, something to settle. What has been recalled
        // or expired since was handed over before, so neither holds a settlement back.
        _requireDuty(member, operator, Duties.DISPENSE);
        if (!word.isDiscreet() || word.isSerialised() || root == 0) revert LotUsedOtherwise(lot);
        Place place = LotStorage.placeOf(member, site);
        StockWord stock = LotStorage.layout().stocks[lot][place];
        uint32 there = stock.onHand() + stock.quarantined();
        if (dispensed > there) revert StockInsufficient(lot, member, site, there, dispensed);
        uint256 used = uint256(stock.used()) + dispensed;
        if (returned > used || (dispensed == 0 && returned == 0)) {
            revert StockInsufficient(lot, member, site, uint32(used), returned);
        }
        // Effect: out of what is on hand, and where a quarantine came between, out of that; what came back is withheld.
        uint32 fromHand = dispensed < stock.onHand() ? dispensed : stock.onHand();
        stock = stock.withOnHand(stock.onHand() - fromHand);
        stock = stock.withQuarantined(stock.quarantined() - (dispensed - fromHand));
        LotStorage.layout().stocks[lot][place] = stock.withUsed(uint32(used - returned));
        if (returned != 0) LotStorage.layout().outflows[lot][place].withheld += returned;
        // Log.
        emit DispensesSettled(lot, member, site, dispensed, returned, root, operator);
    }

    // ── custody ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotKeeping
    function orderCustody(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 to,
        uint16 toSite,
        uint32 regulator,
        uint32[] calldata ranges
    ) external {
        _requireProxy();
        bytes32 operator = _sender();
        LotWord word = _lotOf(lot);
        // Check: a regulator, another place with an open site, something there.
        _requireDuty(regulator, operator, Duties.INSPECT);
        Place place = LotStorage.placeOf(member, site);
        Place target = LotStorage.placeOf(to, toSite);
        if (Place.unwrap(place) == Place.unwrap(target) || !_isOpenSite(to, toSite)) {
            revert CustodyOrderInvalid(lot, member, site);
        }
        StockWord stock = _withOrigin(lot, word, place);
        uint32 units = stock.onHand() + stock.quarantined();
        // What an earlier order left behind is ranges alone.
        if (units == 0 && ranges.length == 0) revert StockEmpty(lot, member, site);
        // Log and effect: all of it, with its ranges, goes into quarantine there.
        emit CustodyOrdered(lot, member, to, site, toSite, units, regulator, ranges, operator);
        uint256 minutes_ = word.isMonitored() ? _minutesNow(word, place, stock) : 0;
        Arrival memory arrival = Arrival({
            units: units,
            firstUnit: stock.firstUnit(),
            endUnit: stock.endUnit(),
            broken: stock.isBroken(),
            minutesOut: minutes_,
            aside: true
        });
        LotStorage.layout().stocks[lot][place] = stock.withOnHand(0).withQuarantined(0).withSpan(0, 0).withHeld(
            word.isSerialised()
        );
        _credit(lot, word, target, arrival, operator);
        _moveRanges(lot, place, target, ranges);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The quality operator that releases: who sends it, or who signed what a keeper of the stock sends.
    function _releaserOf(
        bytes32 structHash,
        LotId lot,
        uint32 member,
        uint32 releaser,
        Attestation calldata attestation
    ) private view returns (bytes32 operator) {
        operator = _sender();
        if (attestation.deadline != 0) {
            _requireDuty(member, operator, KEEPERS);
            address signer = _recover(structHash, attestation.r, attestation.vs, attestation.deadline);
            operator = OperatorKeys.ofAddress(signer);
        }
        _requireDuty(releaser, operator, Duties.QUALITY);
        if (_sameGroup(member, releaser)) revert QuarantineOfOwn(lot, member, releaser);
        if (attestation.deadline == 0 && !_isRegulator(releaser)) revert QuarantineRegulatorOnly(lot, releaser);
    }

    /// @dev Units in quarantine; revert unless so many of them may be released with these minutes.
    function _releasable(
        LotId id,
        LotWord lot,
        Place place,
        StockWord stock,
        uint32 units,
        uint16 minutesOut
    ) private pure returns (uint32 quarantined) {
        if (lot.recalledAt() != 0) revert LotIsRecalled(id, lot.recalledAt());
        quarantined = stock.quarantined();
        if (units == 0 || units > quarantined || (stock.isHeld() && units != quarantined)) {
            (uint32 member, uint16 site) = _parts(place);
            revert StockInsufficient(id, member, site, quarantined, units);
        }
        uint32 latest = lot.isMonitored() ? lot.budget() : 0;
        if (minutesOut > latest) revert QuarantineMinutesInvalid(id, minutesOut, latest);
    }

    /// @dev Stock with the minutes out of range that count after a release: those decided, and at least those of what is on hand.
    function _cooled(
        LotId id,
        LotWord lot,
        Place place,
        StockWord stock,
        uint16 minutesOut
    ) private view returns (StockWord, uint16) {
        _requireReported(lot, place);
        if (stock.onHand() != 0) {
            _requireCold(id, lot, place, stock);
            minutesOut = uint16(Math.max(minutesOut, _minutesNow(lot, place, stock)));
        }
        return (stock.withMinutes(minutesOut, uint32(_compartmentNow(place, lot.storageClass()))), minutesOut);
    }

    /// @dev Revert unless the compartment is watched, and no silence counts: a report that comes later would take back the minutes
    /// from which the released stock counts.
    function _requireReported(LotWord lot, Place place) private view {
        StorageClass class = lot.storageClass();
        uint32 until = LotStorage.layout().compartments[place][class].reportedUntil;
        if (until != 0 && _silence(until, LAG_MAX) == 0) return;
        (uint32 member, uint16 site) = _parts(place);
        revert CompartmentUnwatched(member, site, class);
    }

    /// @dev A place's stock, with what still lies there as it was registered; that joins the rest.
    function _withOrigin(LotId id, LotWord lot, Place place) private returns (StockWord stock) {
        stock = LotStorage.layout().stocks[id][place];
        uint32 left = lot.originUnits();
        (uint32 member, uint16 site) = _parts(place);
        if (left == 0 || member != lot.maker() || site != lot.originSite()) return stock;
        LotStorage.layout().lots[id] = lot.withOriginUnits(0);
        (stock, ) = _settled(lot, place, stock, 0);
        if (lot.isSerialised()) stock = _putSpan(id, place, stock, lot.units() - left, lot.units());
        stock = stock.withOnHand(stock.onHand() + left);
    }

    function _takeFrom(LotId id, LotWord lot, Place place, Pocket pocket, uint32 units) private {
        (uint32 member, uint16 site) = _parts(place);
        StockWord stock = LotStorage.layout().stocks[id][place];
        LotStorage.Outflow storage outflow = LotStorage.layout().outflows[id][place];
        bool origin = member == lot.maker() && site == lot.originSite();
        uint32 there = stock.onHand();
        if (pocket == Pocket.Quarantined) there = stock.quarantined();
        else if (pocket == Pocket.Withheld) there = outflow.withheld;
        else if (pocket == Pocket.Origin) there = origin ? lot.originUnits() : 0;
        if (units == 0 || units > there) revert StockInsufficient(id, member, site, there, units);
        // Whole serials, or the rest could never leave.
        if (pocket == Pocket.Origin && units % lot.unitsPerSerial() != 0) revert StockSpanWrong(id, units, 0, 0);
        uint32 left = there - units;
        if (pocket == Pocket.Withheld) outflow.withheld = left;
        else if (pocket == Pocket.Origin) LotStorage.layout().lots[id] = lot.withOriginUnits(left);
        else if (pocket == Pocket.Quarantined) LotStorage.layout().stocks[id][place] = stock.withQuarantined(left);
        else LotStorage.layout().stocks[id][place] = stock.withOnHand(left);
    }

    function _spendIndices(LotId id, LotWord lot, Place place, uint32[] calldata indices, uint32 range) private {
        StockWord stock = LotStorage.layout().stocks[id][place];
        for (uint256 i; i < indices.length; ++i) {
            _requireHere(id, place, stock, indices[i], uint256(indices[i]) + 1, range);
            _spendGone(id, lot, indices[i]);
        }
        LotStorage.layout().stocks[id][place] = stock.asBroken();
    }

    function _moveRanges(LotId id, Place place, Place target, uint32[] calldata ranges) private {
        (uint32 member, uint16 site) = _parts(place);
        mapping(Place => mapping(uint32 firstUnit => uint32 endUnit)) storage of_ = LotStorage.layout().ranges[id];
        for (uint256 i; i < ranges.length; ++i) {
            (uint32 first, uint32 end) = (ranges[i], of_[place][ranges[i]]);
            if (end == 0) revert StockElsewhere(id, member, site, first, end);
            of_[place][first] = 0;
            StockWord stock = LotStorage.layout().stocks[id][target];
            LotStorage.layout().stocks[id][target] = _putSpan(id, target, stock, first, end);
        }
    }
}
