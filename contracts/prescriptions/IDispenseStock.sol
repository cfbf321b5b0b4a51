// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PrescriptionId} from "./IPrescriptionRegistry.sol";

/// @title IDispenseStock
/// @notice What the prescription registry asks of the stock registry when both are connected. Called within the
/// dispensing transaction, after every prescription rule held and its state was written: if it reverts, nothing happened.
interface IDispenseStock {
    /// @notice Take dispensed units out of a site's stock.
    /// @param prescription Prescription, with `ordinal` the name of the dispense.
    /// @param ordinal Ordinal of the dispense.
    /// @param member Pharmacy.
    /// @param site Its site.
    /// @param units Units dispensed, in thousandths.
    /// @param stock Lots, serials and proofs in the stock registry's encoding.
    function takeDispensed(
        PrescriptionId prescription,
        uint8 ordinal,
        uint32 member,
        uint16 site,
        uint40 units,
        bytes calldata stock
    ) external;

    /// @notice Put the stock of a withdrawn dispense into quarantine at the site that dispensed it.
    function quarantineWithdrawn(PrescriptionId prescription, uint8 ordinal, uint32 member, uint16 site) external;
}
