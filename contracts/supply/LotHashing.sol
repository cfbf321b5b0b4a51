// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EphemeralKey} from "../core/IAnnouncer.sol";
import {ILotTypes, LotId} from "./ILotRegistry.sol";

/// @title LotHashing
/// @notice Names of lots, hashes of consignments, and what is signed (EIP-712).
library LotHashing {
    bytes32 private constant ADMINISTRATION_TYPEHASH = keccak256(
        "Administration(bytes32 lot,uint32 member,uint16 site,uint32 unit,bytes32 saltedSerial,address holder,bytes32 commitment,bytes32 ephemeralKey,uint8 seriesDose,uint32 administeredAt,uint32 deadline)"
    );
    bytes32 private constant SESSION_TYPEHASH = keccak256(
        "AdministrationSession(bytes32 lot,uint32 member,uint16 site,uint32 firstUnit,uint32 administeredAt,bytes32 doses,uint32 deadline)"
    );
    bytes32 private constant ACKNOWLEDGMENT_TYPEHASH = keccak256(
        "RecallAcknowledgment(bytes32 lot,uint32 member,uint16 site,uint32 recalledAt,uint32 counted,uint32 deadline)"
    );
    bytes32 private constant RELEASE_TYPEHASH = keccak256(
        "QuarantineRelease(bytes32 lot,uint32 member,uint16 site,uint32 releaser,uint32 units,uint16 minutesOut,uint16 releases,uint32 deadline)"
    );
    bytes32 private constant SEGMENT_TYPEHASH = keccak256(
        "Segment(uint32 member,bytes32 device,uint32 from,uint32 to,uint16 minutesOut,bytes32 readings,uint32 deadline)"
    );

    /// @dev Bytes of a consignment's fields without its lines, and of a line.
    uint256 private constant HEAD_SIZE = 192;
    uint256 internal constant LINE_SIZE = 192;

    function lotId(uint64 gtin, bytes20 number) internal pure returns (LotId) {
        return LotId.wrap(keccak256(abi.encode(gtin, number)));
    }

    /// @dev Of exactly these terms; what was proposed is what is approved.
    function productHash(ILotTypes.Product calldata product) internal pure returns (bytes32) {
        return keccak256(abi.encode(product));
    }

    /// @dev 160 bits: a sender that makes two consignments of one hash would have to search 2^80 of them. Fields lie in calldata
    /// just as they are hashed; where the lines lie is left out.
    function contentsOf(ILotTypes.Consignment calldata consignment) internal pure returns (bytes20 contents) {
        ILotTypes.Line[] calldata lines = consignment.lines;
        uint256 head = HEAD_SIZE;
        uint256 size = lines.length * LINE_SIZE;
        assembly ("memory-safe") {
            let buffer := mload(0x40)
            calldatacopy(buffer, consignment, head)
            calldatacopy(add(buffer, head), lines.offset, size)
            contents := and(keccak256(buffer, add(head, size)), not(sub(shl(96, 1), 1)))
        }
    }

    /// @dev The same of a consignment that has these lines instead.
    function contentsWith(
        ILotTypes.Consignment calldata consignment,
        bytes memory lines
    ) internal pure returns (bytes20) {
        bytes memory head = abi.encode(
            consignment.from,
            consignment.fromSite,
            consignment.to,
            consignment.toSite,
            consignment.sscc,
            consignment.purpose
        );
        return bytes20(keccak256(bytes.concat(head, lines)));
    }

    function administration(
        ILotTypes.Administration calldata dose,
        EphemeralKey calldata key,
        uint32 deadline
    ) internal pure returns (bytes32) {
        bytes32 keyHash = keccak256(abi.encode(key.x, key.prefix, key.viewTag));
        return
            keccak256(
                bytes.concat(
                    abi.encode(ADMINISTRATION_TYPEHASH, dose.lot, dose.member, dose.site, dose.unit, dose.saltedSerial),
                    abi.encode(dose.holder, dose.commitment, keyHash, dose.seriesDose, dose.administeredAt, deadline)
                )
            );
    }

    function session(
        ILotTypes.Session calldata given,
        ILotTypes.SessionDose[] calldata doses,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    SESSION_TYPEHASH,
                    given.lot,
                    given.member,
                    given.site,
                    given.firstUnit,
                    given.administeredAt,
                    keccak256(abi.encode(doses)),
                    deadline
                )
            );
    }

    function acknowledgment(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 recalledAt,
        uint32 counted,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(ACKNOWLEDGMENT_TYPEHASH, lot, member, site, recalledAt, counted, deadline));
    }

    function quarantineRelease(
        LotId lot,
        uint32 member,
        uint16 site,
        uint32 releaser,
        uint32 units,
        uint16 minutesOut,
        uint16 releases,
        uint32 deadline
    ) internal pure returns (bytes32) {
        return
            keccak256(abi.encode(RELEASE_TYPEHASH, lot, member, site, releaser, units, minutesOut, releases, deadline));
    }

    function segment(ILotTypes.Segment calldata measured, uint32 deadline) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    SEGMENT_TYPEHASH,
                    measured.member,
                    measured.device,
                    measured.from,
                    measured.to,
                    measured.minutesOut,
                    measured.readings,
                    deadline
                )
            );
    }
}
