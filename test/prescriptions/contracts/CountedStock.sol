// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IDispenseStock} from "../../../contracts/prescriptions/IDispenseStock.sol";
import {PrescriptionId} from "../../../contracts/prescriptions/IPrescriptionRegistry.sol";

/// @title CountedStock
/// @notice A small stock registry: counts units by site, refuses what it has not, quarantines what comes back. Anybody
/// fills it; only the prescription registry takes from it. It can be told to call back in the middle of an act.
contract CountedStock is IDispenseStock {
    /// @notice Units of a dispense that were taken.
    struct Taken {
        uint40 units;
        uint32 at;
        bytes stock;
    }

    /// @notice Only the prescription registry takes stock. Fix: dispense there.
    error StockRegistryOnly(address caller);

    /// @notice The site has fewer units. Fix: receive stock first.
    error StockInsufficient(uint32 member, uint16 site, uint256 held, uint40 asked);

    /// @notice The dispense was never taken, or quarantined already.
    error StockNotTaken(PrescriptionId prescription, uint8 ordinal);

    address public registry;
    bytes public callback;
    bool public callbackSucceeded;
    mapping(uint32 member => mapping(uint16 site => uint256)) public held;
    mapping(uint32 member => mapping(uint16 site => uint256)) public quarantined;
    mapping(PrescriptionId => mapping(uint8 ordinal => Taken)) public taken;

    function connect(address registry_) external {
        registry = registry_;
    }

    function receiveUnits(uint32 member, uint16 site, uint256 units) external {
        held[member][site] += units;
    }

    /// @notice Call the registry with this in the middle of the next acts; empty for not at all.
    function callBackWith(bytes calldata data) external {
        callback = data;
        callbackSucceeded = false;
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
    ) external {
        if (msg.sender != registry) revert StockRegistryOnly(msg.sender);
        uint256 there = held[member][site];
        if (there < units) revert StockInsufficient(member, site, there, units);
        held[member][site] = there - units;
        taken[prescription][ordinal] = Taken({units: units, at: handedOverAt, stock: stock});
        _callBack();
    }

    /// @inheritdoc IDispenseStock
    function quarantineWithdrawn(
        PrescriptionId prescription,
        uint8 ordinal,
        uint32 member,
        uint16 site,
        bytes calldata stock
    ) external {
        if (msg.sender != registry) revert StockRegistryOnly(msg.sender);
        uint40 units = taken[prescription][ordinal].units;
        if (units == 0 || keccak256(stock) != keccak256(taken[prescription][ordinal].stock)) {
            revert StockNotTaken(prescription, ordinal);
        }
        delete taken[prescription][ordinal];
        quarantined[member][site] += units;
        _callBack();
    }

    function _callBack() private {
        if (callback.length == 0) return;
        (bool success, ) = registry.call(callback);
        callbackSucceeded = success;
    }
}
