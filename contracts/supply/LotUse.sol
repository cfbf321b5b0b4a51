// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Duties} from "../core/Duties.sol";
import {Attestation} from "../core/IActs.sol";
import {EphemeralKey} from "../core/IAnnouncer.sol";
import {PrescriptionId} from "../prescriptions/IPrescriptionRegistry.sol";
import {LotId} from "./ILotRegistry.sol";
import {LotDoses} from "./LotDoses.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord} from "./StockWords.sol";

/// @title LotUse
/// @notice The point of use: administered, or taken for a dispense.
abstract contract LotUse is LotDoses {
    /// @dev Most lots that one dispense takes.
    uint256 private constant TAKINGS_MAX = 8;

    /// @dev Bytes of a salted link in place of takings, and of a taking without a serial.
    uint256 private constant LINK_SIZE = 32;
    uint256 private constant ROW_SIZE = 64;

    /// @dev A dispense's record keeps 88 bits of the hash of its stock argument.
    uint256 private constant HASH_SHIFT = 168;

    // ── administer ──────────────────────────────────────────────────────────────────────────────────────────────────

    function _administer(
        Administration calldata dose,
        EphemeralKey calldata key,
        bytes32[] calldata proof,
        Attestation calldata attestation
    ) internal {
        // Check: a licensed vaccinator at an open site.
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(dose.member, attestation, LotHashing.administration(dose, key, attestation.deadline));
        _requireDutyAt(dose.member, operator, Duties.VACCINATE, dose.site);
        // Check: the lot, the stock, the terms.
        uint32 at = _secondOf(dose.lot, dose.administeredAt);
        (LotWord lot, Place place, StockWord stock) = _readyDoses(dose.lot, dose.member, dose.site, 1, at);
        _checkDose(dose, key);
        // Check and effect: one dose, once.
        if (lot.isSerialised()) {
            _requireHere(dose.lot, place, stock, dose.unit, uint256(dose.unit) + 1, dose.range);
            _spendProven(dose.lot, lot, dose.unit, 1, dose.saltedSerial, proof);
            _open(dose.lot, lot, dose.unit, at);
            stock = stock.asBroken();
        } else {
            _spendCounted(dose, proof);
        }
        LotStorage.layout().stocks[dose.lot][place] = stock.spent(1);
        // Log.
        uint256 word = uint256(dose.unit) | (uint256(dose.seriesDose) << 32);
        word |= (uint256(uint8(key.prefix)) << 40) | (uint256(uint8(key.viewTag)) << 48);
        emit DoseAdministered(dose.lot, dose.holder, dose.commitment, key.x, word);
        _logWho(dose.lot, place, operator, dose.unit, 1, at);
    }

    // ── dispense ────────────────────────────────────────────────────────────────────────────────────────────────────

    function _takeDispensed(
        PrescriptionId prescription,
        uint8 ordinal,
        Place place,
        uint40 units,
        uint32 at,
        bytes calldata stock
    ) internal {
        (uint32 member, uint16 site) = _parts(place);
        if (stock.length == LINK_SIZE) {
            emit DispenseLinked(prescription, member, site, ordinal, bytes32(stock));
            return;
        }
        // Check and effect: each lot's units, which together are what was dispensed.
        uint256 named;
        uint256 offset;
        uint256 head = _headOf(place, ordinal, stock);
        for (uint256 rows; offset < stock.length; ++rows) {
            Taking memory taking;
            (taking, offset) = _takingAt(prescription, stock, offset, rows);
            LotWord lot = LotStorage.layout().lots[taking.lot];
            _take(taking, lot, place, at);
            named += uint256(taking.units) * lot.content();
            // Log.
            _logTaking(prescription, member, head, taking);
        }
        if (named != units) revert DispenseStockMismatch(prescription, units, named);
    }

    /// @dev What came back of a withdrawn dispense is withheld where it was taken: nobody knows how it was kept. It was taken
    /// there, so that it is among what was used.
    function _withholdWithdrawn(
        PrescriptionId prescription,
        uint8 ordinal,
        Place place,
        bytes calldata stock
    ) internal {
        (uint32 member, uint16 site) = _parts(place);
        if (stock.length == LINK_SIZE) {
            emit DispenseLinkWithdrawn(prescription, member, site, ordinal);
            return;
        }
        uint256 offset;
        for (uint256 rows; offset < stock.length; ++rows) {
            Taking memory taking;
            (taking, offset) = _takingAt(prescription, stock, offset, rows);
            (LotId id, uint32 units) = (taking.lot, taking.units);
            StockWord word = LotStorage.layout().stocks[id][place];
            LotStorage.layout().stocks[id][place] = word.withUsed(word.used() - units);
            LotStorage.layout().outflows[id][place].withheld += units;
            emit LotDispenseWithdrawn(id, prescription, member, site, ordinal, units);
        }
    }

    /// @dev The row of a stock argument at an offset, and where the next begins.
    function _takingAt(
        PrescriptionId prescription,
        bytes calldata stock,
        uint256 offset,
        uint256 rows
    ) private pure returns (Taking memory taking, uint256 next) {
        // Unchecked: offsets within calldata.
        unchecked {
            next = offset + ROW_SIZE;
            if (rows == TAKINGS_MAX || next > stock.length) revert DispenseStockMalformed(prescription);
            (bytes32 lot, uint256 head) = _pairAt(stock, offset);
            taking.lot = LotId.wrap(lot);
            taking.units = uint32(head);
            taking.firstUnit = uint32(head >> 32);
            taking.range = uint32(head >> 64);
            head >>= 96;
            if (head == 0) return (taking, next);
            uint256 length = uint8(head);
            uint256 end = next + 32 + 32 * length;
            if (head >> 8 != 1 || end > stock.length) revert DispenseStockMalformed(prescription);
            (taking.saltedSerial, ) = _pairAt(stock, next);
            bytes32[] memory proof = new bytes32[](length);
            assembly ("memory-safe") {
                calldatacopy(add(proof, 0x20), add(stock.offset, add(next, 0x20)), mul(length, 0x20))
            }
            taking.proof = proof;
            next = end;
        }
    }

    /// @dev Two words of a stock argument, whose length the caller looked at.
    function _pairAt(bytes calldata stock, uint256 offset) private pure returns (bytes32 first, uint256 second) {
        assembly ("memory-safe") {
            let at := add(stock.offset, offset)
            first := calldataload(at)
            second := calldataload(add(at, 0x20))
        }
    }

    /// @dev What the logs of all takings share: site, ordinal, and what the dispense's record keeps of its stock argument.
    function _headOf(Place place, uint8 ordinal, bytes calldata stock) private pure returns (uint256) {
        (, uint16 site) = _parts(place);
        return uint256(site) | (uint256(ordinal) << 16) | ((uint256(keccak256(stock)) >> HASH_SHIFT) << HASH_SHIFT);
    }

    function _logTaking(PrescriptionId prescription, uint32 member, uint256 head, Taking memory taking) private {
        uint256 word = head | (uint256(taking.units) << 24) | (uint256(taking.firstUnit) << 56);
        emit LotDispensed(taking.lot, prescription, member, word);
    }

    function _take(Taking memory taking, LotWord lot, Place place, uint32 at) private {
        LotId id = taking.lot;
        _requireUsable(id, lot, at);
        if (lot.isDiscreet()) revert LotUsedOtherwise(id);
        StockWord stock = LotStorage.layout().stocks[id][place];
        _requireOnHand(id, place, stock, taking.units);
        _requireCold(id, lot, place, stock);
        if (lot.isSerialised()) {
            _requireHere(id, place, stock, taking.firstUnit, uint256(taking.firstUnit) + taking.units, taking.range);
            _spendProven(id, lot, taking.firstUnit, taking.units, taking.saltedSerial, taking.proof);
            _open(id, lot, taking.firstUnit, at);
            stock = stock.asBroken();
        } else if (taking.firstUnit != 0 || taking.range != 0 || taking.saltedSerial != 0) {
            revert StockSpanWrong(id, taking.units, taking.firstUnit, taking.firstUnit);
        }
        LotStorage.layout().stocks[id][place] = stock.spent(taking.units);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _checkDose(Administration calldata dose, EphemeralKey calldata key) private pure {
        if (dose.holder == address(0)) revert DoseTermInvalid(dose.lot, "holder");
        if (dose.commitment == 0) revert DoseTermInvalid(dose.lot, "commitment");
        if (dose.seriesDose == 0) revert DoseTermInvalid(dose.lot, "seriesDose");
        if (key.x == 0 || key.prefix & 0xfe != 0x02) revert DoseEphemeralKeyInvalid(dose.holder);
    }

    /// @dev A dose without a serial is told from others by its holder's address alone.
    function _spendCounted(Administration calldata dose, bytes32[] calldata proof) private {
        if (dose.unit != 0 || dose.saltedSerial != 0 || proof.length != 0) {
            revert StockSpanWrong(dose.lot, 1, dose.unit, dose.unit);
        }
        mapping(address holder => bool) storage given = LotStorage.layout().doses;
        if (given[dose.holder]) revert DoseHolderUsed(dose.holder);
        given[dose.holder] = true;
    }
}
