// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ExtendedDomain} from "../core/ExtendedDomain.sol";
import {IPrescriptionOrders, PrescriptionId} from "./IPrescriptionRegistry.sol";
import {PrescriptionActs} from "./PrescriptionActs.sol";
import {PrescriptionDispensing} from "./PrescriptionDispensing.sol";
import {PrescriptionHashing} from "./PrescriptionHashing.sol";
import {PrescriptionIssuing} from "./PrescriptionIssuing.sol";
import {PrescriptionStorage} from "./PrescriptionStorage.sol";

/// @title PrescriptionRegistry
/// @notice See {IPrescriptionRegistry}. {PrescriptionOversight} is its extension.
contract PrescriptionRegistry is ExtendedDomain, PrescriptionIssuing, PrescriptionDispensing {
    using PrescriptionHashing for Prescription;

    /// @param members MemberRegistry's proxy.
    /// @param stock Stock registry, or zero while there is none.
    /// @param oversight {PrescriptionOversight}, made with the same members and stock.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address stock,
        address oversight
    ) ExtendedDomain(oversight) PrescriptionActs(members, stock) {
        // Check: what the extension asks of members and stock, it asks the same contracts.
        bool agrees =
            address(PrescriptionActs(oversight).MEMBERS()) == members &&
                address(PrescriptionActs(oversight).STOCK()) == stock;
        if (!agrees) revert DomainExtensionInvalid(oversight);
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IPrescriptionOrders
    function prescriptionId(Prescription calldata prescription) external pure returns (PrescriptionId) {
        return prescription.idOf();
    }

    /// @inheritdoc IPrescriptionOrders
    function stateOf(PrescriptionId prescription) external view returns (State memory) {
        return PrescriptionStorage.layout().states[prescription].unpack();
    }
}
