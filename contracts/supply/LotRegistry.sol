// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ExtendedDomain} from "../core/ExtendedDomain.sol";
import {Attestation} from "../core/IActs.sol";
import {EphemeralKey} from "../core/IAnnouncer.sol";
import {IDispenseStock} from "../prescriptions/IDispenseStock.sol";
import {PrescriptionId} from "../prescriptions/IPrescriptionRegistry.sol";
import {ILotUse} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotMovements} from "./LotMovements.sol";
import {LotStorage} from "./LotStorage.sol";
import {LotUse} from "./LotUse.sol";

/// @title LotRegistry
/// @notice See {ILotRegistry}. {LotEntries} is its extension, {LotKeeping} that one's, {LotOversight} the last.
contract LotRegistry is ExtendedDomain, LotMovements, LotUse, ILotUse {
    /// @param members MemberRegistry's proxy.
    /// @param prescriptions PrescriptionRegistry's proxy.
    /// @param entries {LotEntries}, made with the same peers.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address prescriptions,
        address entries
    ) ExtendedDomain(entries) LotActs(members, prescriptions) {
        _checkPeers(entries);
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
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
}
