// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Duties, Sectors} from "../core/Duties.sol";
import {Gs1} from "../core/Gs1.sol";
import {ColdChain} from "./ColdChain.sol";
import {ILotOversight, IProducts, LotId} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotSerials} from "./LotSerials.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord, TransitWord} from "./StockWords.sol";

/// @title LotOversight
/// @notice The extension of {LotKeeping}: products, the regulator's part, the cold chain, and the reads.
contract LotOversight is IProducts, ILotOversight, LotSerials, ColdChain {
    uint32 private constant CHECKERS =
        Duties.HANDLE_STOCK | Duties.QUALITY | Duties.DISPENSE | Duties.VACCINATE | Duties.INSPECT;

    /// @dev Most units under one serial: the bits of a group.
    uint256 private constant UNITS_PER_SERIAL_MAX = 64;

    /// @param members MemberRegistry's proxy.
    /// @param prescriptions PrescriptionRegistry's proxy.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address members, address prescriptions) LotActs(members, prescriptions) {}

    // ── products ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IProducts
    function proposeProduct(Product calldata product) external whenNotPaused {
        bytes32 operator = _sender();
        (uint64 gtin, uint32 maker) = (product.gtin, product.maker);
        // Check: the quality of a manufacturer, and terms within their bounds.
        _requireDuty(maker, operator, Duties.QUALITY);
        if (_profileOf(maker).activeSectors() & Sectors.MANUFACTURER == 0) revert ProductMakerOnly(maker);
        _checkProduct(product);
        // Effect and log.
        LotStorage.layout().proposals[LotHashing.productHash(product)] = true;
        emit ProductProposed(gtin, maker, operator, product);
    }

    /// @inheritdoc IProducts
    function approveProduct(Product calldata product, uint32 regulator) external whenNotPaused {
        bytes32 operator = _sender();
        (uint64 gtin, uint32 maker) = (product.gtin, product.maker);
        LotStorage.Layout storage $ = LotStorage.layout();
        bytes32 hash = LotHashing.productHash(product);
        LotStorage.ProductEntry storage entry = $.products[gtin];
        // Check: a regulator of another group, exactly these terms, no other maker's product.
        _requireDuty(regulator, operator, Duties.RELEASE_LOT);
        if (!$.proposals[hash]) revert ProductNotProposed(gtin, maker);
        if (_sameGroup(regulator, maker)) revert ProductOfStranger(gtin, maker, regulator);
        if (entry.status == ProductStatus.Approved && entry.maker != maker) revert ProductOfOther(gtin, entry.maker);
        // Effect and log: a proposal is approved once.
        delete $.proposals[hash];
        $.products[gtin] = LotStorage.ProductEntry({
            status: ProductStatus.Approved,
            maker: maker,
            vaccine: product.vaccine,
            serialised: product.serialised,
            discreet: product.discreet,
            unitsPerSerial: product.unitsPerSerial,
            unitsPerPack: product.unitsPerPack,
            content: product.content,
            storage_: product.storage_,
            budget: product.budget,
            openFor: product.openFor
        });
        emit ProductApproved(gtin, maker, regulator, operator, product);
    }

    /// @inheritdoc IProducts
    function withdrawProduct(uint64 gtin, uint32 member) external whenNotPaused {
        bytes32 operator = _sender();
        LotStorage.ProductEntry storage entry = LotStorage.layout().products[gtin];
        // Check: an approved product, by its maker or a regulator.
        if (entry.status != ProductStatus.Approved) revert ProductNotApproved(gtin, entry.status);
        bool regulator = _isRegulator(member);
        _requireDuty(member, operator, regulator ? Duties.RELEASE_LOT : Duties.QUALITY);
        if (!regulator && !_actsFor(member, entry.maker)) revert ProductOfStranger(gtin, entry.maker, member);
        // Effect and log.
        entry.status = ProductStatus.Withdrawn;
        emit ProductWithdrawn(gtin, member, operator);
    }

    /// @inheritdoc IProducts
    function productOf(uint64 gtin) external view returns (Product memory product, ProductStatus status) {
        LotStorage.ProductEntry memory entry = LotStorage.layout().products[gtin];
        if (entry.status == ProductStatus.Unknown) return (product, status);
        product = Product({
            gtin: gtin,
            maker: entry.maker,
            vaccine: entry.vaccine,
            serialised: entry.serialised,
            discreet: entry.discreet,
            unitsPerSerial: entry.unitsPerSerial,
            unitsPerPack: entry.unitsPerPack,
            content: entry.content,
            storage_: entry.storage_,
            budget: entry.budget,
            openFor: entry.openFor
        });
        status = entry.status;
    }

    // ── regulator ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotOversight
    function releaseLot(LotId lot, uint32 regulator, bytes32 certificate) external whenNotPaused {
        bytes32 operator = _decide(lot, regulator, certificate, LotStatus.Released);
        emit LotReleased(lot, regulator, operator, certificate);
    }

    /// @inheritdoc ILotOversight
    function refuseLot(LotId lot, uint32 regulator, bytes32 certificate) external whenNotPaused {
        bytes32 operator = _decide(lot, regulator, certificate, LotStatus.Refused);
        emit LotRefused(lot, regulator, operator, certificate);
    }

    /// @inheritdoc ILotOversight
    function endRecall(LotId lot, uint32 regulator) external whenNotPaused {
        bytes32 operator = _sender();
        LotWord word = _lotOf(lot);
        // Check: a recall stands, and a regulator of another group ends it.
        _requireDuty(regulator, operator, Duties.RECALL);
        if (!_isRegulator(regulator)) revert LotRecallRefused(lot, regulator);
        if (_sameGroup(regulator, word.maker())) revert LotOfOwn(lot, regulator);
        if (word.recalledAt() == 0) revert LotNotRecalled(lot);
        // Effect and log.
        LotStorage.layout().lots[lot] = word.withRecall(0);
        emit LotRecallEnded(lot, regulator, operator);
    }

    // ── serials ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotOversight
    function checkSerial(
        uint32 member,
        LotId lot,
        uint32 unit,
        bytes32 saltedSerial,
        bytes32[] calldata proof
    ) external whenNotPaused returns (SerialState state) {
        bytes32 operator = _sender();
        // Check: who may hold goods in hand.
        _requireDuty(member, operator, CHECKERS);
        state = _serialStateOf(lot, unit, saltedSerial, proof);
        // Log.
        if (state != SerialState.Active) emit SerialAlertRaised(lot, member, state, unit, saltedSerial, operator);
    }

    /// @inheritdoc ILotOversight
    function serialStateOf(
        LotId lot,
        uint32 unit,
        bytes32 saltedSerial,
        bytes32[] calldata proof
    ) external view returns (SerialState) {
        return _serialStateOf(lot, unit, saltedSerial, proof);
    }

    /// @inheritdoc ILotOversight
    function isSpent(LotId lot, uint32 unit) external view returns (bool) {
        return _isSpent(lot, _lotOf(lot), unit);
    }

    // ── reads ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotOversight
    function lotOf(LotId lot) external view returns (Lot memory) {
        LotWord word = LotStorage.layout().lots[lot];
        return
            Lot({
                status: word.status(),
                maker: word.maker(),
                originSite: word.originSite(),
                expiryDay: word.expiryDay(),
                units: word.units(),
                originUnits: word.originUnits(),
                recalledAt: word.recalledAt(),
                vaccine: word.isVaccine(),
                serialised: word.isSerialised(),
                discreet: word.isDiscreet(),
                unitsPerSerial: word.unitsPerSerial(),
                content: word.content(),
                storage_: word.storageClass(),
                budget: word.budget(),
                openFor: word.openFor(),
                serialRoot: LotStorage.layout().serialRoots[lot]
            });
    }

    /// @inheritdoc ILotOversight
    function lotId(uint64 gtin, bytes20 number) external pure returns (LotId) {
        return LotHashing.lotId(gtin, number);
    }

    /// @inheritdoc ILotOversight
    function stockOf(LotId lot, uint32 member, uint16 site) external view returns (Stock memory) {
        Place place = LotStorage.placeOf(member, site);
        LotWord word = LotStorage.layout().lots[lot];
        StockWord stock = LotStorage.layout().stocks[lot][place];
        LotStorage.Outflow memory outflow = LotStorage.layout().outflows[lot][place];
        return
            Stock({
                onHand: stock.onHand(),
                quarantined: stock.quarantined(),
                withheld: outflow.withheld,
                used: stock.used(),
                wasted: outflow.wasted,
                destroyed: outflow.destroyed,
                lost: outflow.lost,
                returned: outflow.returned,
                minutesOut: stock.minutesOut(),
                minutesNow: word.isMonitored() ? uint32(_minutesNow(word, place, stock)) : 0,
                firstUnit: stock.firstUnit(),
                endUnit: stock.endUnit(),
                held: stock.isHeld(),
                broken: stock.isBroken(),
                releases: outflow.releases
            });
    }

    /// @inheritdoc ILotOversight
    function rangeOf(LotId lot, uint32 member, uint16 site, uint32 firstUnit) external view returns (uint32 endUnit) {
        return LotStorage.layout().ranges[lot][LotStorage.placeOf(member, site)][firstUnit];
    }

    /// @inheritdoc ILotOversight
    function consignmentOf(uint32 from, uint64 sscc) external view returns (Transit memory) {
        TransitWord word = LotStorage.layout().transits[from][sscc];
        return
            Transit({
                status: ConsignmentStatus(word.status()),
                shippedAt: word.shippedAt(),
                minutesOut: word.transitMinutes(),
                reportedUntil: word.reportedUntil(),
                contents: word.contents()
            });
    }

    /// @inheritdoc ILotOversight
    function contentsOf(Consignment calldata consignment) external pure returns (bytes20) {
        return LotHashing.contentsOf(consignment);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _checkProduct(Product calldata product) private pure {
        uint64 gtin = product.gtin;
        uint256 each = product.unitsPerSerial;
        if (!Gs1.isKey(gtin, Gs1.GTIN_END)) revert ProductTermInvalid(gtin, "gtin");
        if (each == 0 || each > UNITS_PER_SERIAL_MAX || (!product.serialised && each != 1)) {
            revert ProductTermInvalid(gtin, "unitsPerSerial");
        }
        if (product.unitsPerPack == 0) revert ProductTermInvalid(gtin, "unitsPerPack");
        if (product.content == 0) revert ProductTermInvalid(gtin, "content");
        // A discreet lot is settled by count, and a vaccination names its lot.
        if (product.discreet && (product.serialised || product.vaccine)) revert ProductTermInvalid(gtin, "discreet");
        if (product.storage_ == StorageClass.Unmonitored && product.budget != 0) {
            revert ProductTermInvalid(gtin, "budget");
        }
        // Minutes are written up to 65,535, which must be more than any budget.
        if (product.budget == type(uint16).max) revert ProductTermInvalid(gtin, "budget");
        if (each == 1 && product.openFor != 0) revert ProductTermInvalid(gtin, "openFor");
    }

    /// @dev Release or refuse a registered lot.
    function _decide(
        LotId id,
        uint32 regulator,
        bytes32 certificate,
        LotStatus status
    ) private returns (bytes32 operator) {
        operator = _sender();
        LotWord lot = _lotOf(id);
        // Check: a regulator of another group, an undecided lot, a certificate.
        _requireDuty(regulator, operator, Duties.RELEASE_LOT);
        if (_sameGroup(regulator, lot.maker())) revert LotOfOwn(id, regulator);
        if (lot.status() != LotStatus.Registered) revert LotStatusWrong(id, lot.status());
        if (certificate == 0) revert LotCertificateMissing(id);
        // Effect.
        LotStorage.layout().lots[id] = lot.withStatus(status);
    }

    function _serialStateOf(
        LotId id,
        uint32 unit,
        bytes32 saltedSerial,
        bytes32[] calldata proof
    ) private view returns (SerialState) {
        LotWord lot = LotStorage.layout().lots[id];
        if (!lot.isKnown()) return SerialState.UnknownLot;
        if (!lot.isSerialised() || unit >= lot.units()) return SerialState.UnknownSerial;
        (uint32 group, uint256 bit, uint32 serial) = _bitOf(lot, unit);
        uint256 word = LotStorage.layout().serials[id][group];
        (bool proven, ) = _prove(id, lot, word, serial, saltedSerial, proof);
        if (!proven) return SerialState.UnknownSerial;
        if (lot.status() == LotStatus.Registered) return SerialState.NotReleased;
        if (lot.status() == LotStatus.Refused) return SerialState.Refused;
        if (lot.recalledAt() != 0) return SerialState.Recalled;
        if (block.timestamp / 1 days > lot.expiryDay()) return SerialState.Expired;
        return (word >> bit) & 1 != 0 ? SerialState.Spent : SerialState.Active;
    }
}
