// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Duties} from "../core/Duties.sol";
import {ExtendedDomain} from "../core/ExtendedDomain.sol";
import {Attestation} from "../core/IActs.sol";
import {EphemeralKey} from "../core/IAnnouncer.sol";
import {IDispenseStock} from "../prescriptions/IDispenseStock.sol";
import {PrescriptionId} from "../prescriptions/IPrescriptionRegistry.sol";
import {ILotEntries, ILotUse, LotId} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotUse} from "./LotUse.sol";
import {LotWord, LotWords} from "./LotWords.sol";
import {StockWord} from "./StockWords.sol";

/// @title LotRegistry
/// @notice See {ILotRegistry}. {LotTransport} is its extension, {LotKeeping} that one's, {LotOversight} the last.
contract LotRegistry is ILotEntries, ExtendedDomain, LotUse, ILotUse {
    /// @param members MemberRegistry's proxy.
    /// @param prescriptions PrescriptionRegistry's proxy.
    /// @param transport {LotTransport}, made with the same peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address prescriptions,
        address transport
    ) ExtendedDomain(transport) LotActs(members, prescriptions) {
        _checkPeers(transport);
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
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
    function recallLot(LotId lot, uint32 member, RecallClass class, bytes32 notice) external {
        _requireProxy();
        LotWord word = _lotOf(lot);
        bytes32 operator = _sender();
        // Check: the maker or a regulator, for the first time, with class and notice.
        _requireDuty(member, operator, Duties.RECALL);
        if (member != word.maker() && !_isRegulator(member) && !_actsFor(member, word.maker())) {
            revert LotRecallRefused(lot, member);
        }
        if (word.recalledAt() != 0) revert LotIsRecalled(lot, word.recalledAt());
        if (class == RecallClass.Unspecified || notice == 0) revert LotRecallUnnamed(lot);
        // Effect and log.
        LotStorage.layout().lots[lot] = word.withRecall(_now());
        emit LotRecalled(lot, member, class, operator, notice);
    }

    // ── use ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc ILotUse
    function administer(
        Administration calldata dose,
        EphemeralKey calldata ephemeralKey,
        bytes32[] calldata proof,
        Attestation calldata attestation
    ) external whenNotPaused {
        _administer(dose, ephemeralKey, proof, attestation);
    }

    /// @inheritdoc ILotUse
    function administerSession(
        Session calldata session,
        SessionDose[] calldata doses,
        SerialProof calldata proof,
        Attestation calldata attestation
    ) external whenNotPaused {
        _administerSession(session, doses, proof, attestation);
    }

    /// @inheritdoc IDispenseStock
    function takeDispensed(
        PrescriptionId prescription,
        uint8 ordinal,
        uint32 member,
        uint16 site,
        uint40 units,
        uint32 handedOverAt,
        bytes calldata stock
    ) external whenNotPaused {
        if (msg.sender != PRESCRIPTIONS) revert DispenseCallerOnly(msg.sender);
        _takeDispensed(prescription, ordinal, LotStorage.placeOf(member, site), units, handedOverAt, stock);
    }

    /// @inheritdoc IDispenseStock
    function quarantineWithdrawn(
        PrescriptionId prescription,
        uint8 ordinal,
        uint32 member,
        uint16 site,
        bytes calldata stock
    ) external {
        if (msg.sender != PRESCRIPTIONS) revert DispenseCallerOnly(msg.sender);
        _withholdWithdrawn(prescription, ordinal, LotStorage.placeOf(member, site), stock);
    }

    function _checkTerms(LotId id, LotStorage.ProductEntry memory product, LotTerms calldata terms) private view {
        if (terms.number == 0) revert LotTermInvalid(id, "number");
        if (terms.expiryDay <= block.timestamp / 1 days) revert LotTermInvalid(id, "expiryDay");
        if (terms.units == 0 || terms.units % product.unitsPerSerial != 0) revert LotTermInvalid(id, "units");
        if ((terms.serialRoot != 0) != product.serialised) revert LotTermInvalid(id, "serialRoot");
    }
}
