// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {ILotTypes, LotId} from "./ILotRegistry.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord, TransitWord} from "./StockWords.sol";

/// @notice A site of a member: member 32, site 16, high to low.
type Place is uint48;

/// @title LotStorage
/// @notice Storage of LotRegistry (ERC-7201).
library LotStorage {
    /// @notice An approved product. One slot.
    struct ProductEntry {
        ILotTypes.ProductStatus status;
        uint32 maker;
        bool vaccine;
        bool serialised;
        bool discreet;
        uint8 unitsPerSerial;
        uint16 unitsPerPack;
        uint32 content;
        ILotTypes.StorageClass storage_;
        uint16 budget;
        uint16 openFor;
    }

    /// @notice Units of a lot that left a place's stock otherwise than by use, those withheld, and the releases from its
    /// quarantine. One slot.
    struct Outflow {
        uint32 wasted;
        uint32 destroyed;
        uint32 lost;
        uint32 returned;
        uint32 withheld;
        uint16 releases;
    }

    /// @notice A monitored compartment. One slot.
    struct CompartmentEntry {
        uint32 minutesOut;
        uint32 reportedUntil;
    }

    /// @notice What a device watches, and until when it reported. One slot.
    struct WatchEntry {
        ILotTypes.StorageClass storage_;
        uint16 site;
        uint32 from;
        uint64 sscc;
    }

    /// @custom:storage-location erc7201:careledger.storage.LotRegistry
    struct Layout {
        mapping(LotId => LotWord) lots;
        mapping(LotId => bytes32) serialRoots;
        mapping(LotId => mapping(Place => StockWord)) stocks;
        // Of a group of serials: its sub-root's first 192 bits once one of it was proven, and a bit a unit that is spent.
        mapping(LotId => mapping(uint32 group => uint256)) serials;
        mapping(uint32 from => mapping(uint64 sscc => TransitWord)) transits;
        mapping(LotId => mapping(Place => mapping(uint32 firstUnit => uint32 endUnit))) ranges;
        mapping(LotId => mapping(Place => Outflow)) outflows;
        // Eight openings of 32 bits, index = serial modulo 8.
        mapping(LotId => mapping(uint32 eighth => uint256)) openings;
        mapping(Place => mapping(ILotTypes.StorageClass => CompartmentEntry)) compartments;
        mapping(uint32 member => mapping(bytes32 device => WatchEntry)) watches;
        mapping(uint64 gtin => ProductEntry) products;
        mapping(bytes32 product => bool) proposals;
        // Doses that have no serial.
        mapping(address holder => bool) doses;
    }

    // keccak256(abi.encode(uint256(keccak256("careledger.storage.LotRegistry")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x665c59b3db0320109701ddea46925575b2c60592ca649bdf19db8cf75f81ca00;

    /// @dev The storage struct at its ERC-7201 slot.
    function layout() internal pure returns (Layout storage $) {
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }

    function placeOf(uint32 member, uint16 site) internal pure returns (Place) {
        return Place.wrap((uint48(member) << 16) | site);
    }
}
