// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {PrescriptionId} from "./IPrescriptionRegistry.sol";

/// @title IDispenseStock
/// @notice What the prescription registry asks of the stock registry for dispenses that name stock. Called within the
/// dispensing transaction, after every prescription rule held and its state was written: if it reverts, nothing happened.
/// Release, recall and expiry are judged at the second of hand-over, so that an outage entry of what has been recalled
/// since is recorded, and recall tracing finds it.
interface IDispenseStock {
    /// @notice Take dispensed units out of a site's stock.
    /// @param prescription Prescription, with `ordinal` the name of the dispense.
    /// @param ordinal Ordinal of the dispense.
    /// @param member Pharmacy.
    /// @param site Its site.
    /// @param units Units dispensed, in thousandths.
    /// @param handedOverAt Second of hand-over, in the past for an outage entry.
    /// @param stock Lots, serials and proofs in the stock registry's encoding.
    function takeDispensed(
        PrescriptionId prescription,
        uint8 ordinal,
        uint32 member,
        uint16 site,
        uint40 units,
        uint32 handedOverAt,
        bytes calldata stock
    ) external;

    /// @notice Put the stock of a withdrawn dispense into quarantine at the site that dispensed it. Must not refuse because of
    /// a pause, a recall or an expiry: quarantine is where such stock belongs.
    /// @param stock What the dispense passed.
    function quarantineWithdrawn(
        PrescriptionId prescription,
        uint8 ordinal,
        uint32 member,
        uint16 site,
        bytes calldata stock
    ) external;
}
