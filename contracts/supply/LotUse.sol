// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {Duties} from "../core/Duties.sol";
import {Attestation} from "../core/IActs.sol";
import {EphemeralKey} from "../core/IAnnouncer.sol";
import {PrescriptionId} from "../prescriptions/IPrescriptionRegistry.sol";
import {ILotTypes, LotId} from "./ILotRegistry.sol";
import {LotGoods} from "./LotGoods.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord} from "./StockWords.sol";

/// @title LotUse
/// @notice The point of use: administered, or taken for a dispense.
abstract contract LotUse is ILotTypes, LotGoods {
    /// @dev Most doses in a session.
    uint256 private constant SESSION_MAX = 200;

    /// @dev Most lots that one dispense takes.
    uint256 private constant TAKINGS_MAX = 8;

    /// @dev How far back an administration or dispense may be entered.
    uint256 private constant OUTAGE_MAX = 72 hours;

    /// @dev Bytes of a salted link in place of takings.
    uint256 private constant LINK_SIZE = 32;

    uint256 private constant PREFIX = 160;
    uint256 private constant VIEW_TAG = 168;
    uint256 private constant SERIES = 176;

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
        emit DosesAdministered(dose.lot, dose.member, dose.site, operator, dose.unit, 1, at);
    }

    function _administerSession(
        Session calldata session,
        SessionDose[] calldata doses,
        SerialProof calldata proof,
        Attestation calldata attestation
    ) internal {
        LotId id = session.lot;
        // Check: a licensed vaccinator at an open site.
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(session.member, attestation, LotHashing.session(session, doses, attestation.deadline));
        _requireDutyAt(session.member, operator, Duties.VACCINATE, session.site);
        // Check: the lot and the stock; single-dose serials that lie here and are the lot's.
        uint32 at = _secondOf(id, session.administeredAt);
        uint256 count = doses.length;
        (LotWord lot, Place place, StockWord stock) = _readyDoses(id, session.member, session.site, uint32(count), at);
        bool fits = count <= SESSION_MAX && lot.isSerialised() && lot.unitsPerSerial() == 1;
        if (!fits) revert SessionSizeInvalid(id, count, lot.unitsPerSerial());
        uint256 end = uint256(session.firstUnit) + count;
        _requireHere(id, place, stock, session.firstUnit, end, session.range);
        _proveSession(session, doses, proof);
        // Effect: each once.
        _spendRun(id, session.firstUnit, end);
        LotStorage.layout().stocks[id][place] = stock.asBroken().spent(uint32(count));
        // Log.
        for (uint256 i; i < count; ++i) _logSessionDose(id, session.firstUnit + uint32(i), doses[i]);
        emit DosesAdministered(id, session.member, session.site, operator, session.firstUnit, uint32(count), at);
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
        Taking[] memory takings = _takingsOf(prescription, stock);
        // Check and effect: each lot's units, which together are what was dispensed.
        uint256 named;
        for (uint256 i; i < takings.length; ++i) {
            Taking memory taking = takings[i];
            LotWord lot = LotStorage.layout().lots[taking.lot];
            _take(taking, lot, place, at);
            named += uint256(taking.units) * lot.content();
            // Log.
            emit LotDispensed(taking.lot, prescription, member, site, ordinal, taking.units, taking.firstUnit);
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
        Taking[] memory takings = _takingsOf(prescription, stock);
        for (uint256 i; i < takings.length; ++i) {
            (LotId id, uint32 units) = (takings[i].lot, takings[i].units);
            StockWord word = LotStorage.layout().stocks[id][place];
            LotStorage.layout().stocks[id][place] = word.withUsed(word.used() - units);
            LotStorage.layout().outflows[id][place].withheld += units;
            emit LotDispenseWithdrawn(id, prescription, member, site, ordinal, units);
        }
    }

    /// @dev The rows of a stock argument.
    function _takingsOf(
        PrescriptionId prescription,
        bytes calldata stock
    ) internal pure returns (Taking[] memory takings) {
        // Check: not so short that decoding reverts without a reason.
        if (stock.length < 8 * 32) revert DispenseStockMalformed(prescription);
        takings = abi.decode(stock, (Taking[]));
        if (takings.length == 0 || takings.length > TAKINGS_MAX) revert DispenseStockMalformed(prescription);
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
        } else if (taking.firstUnit != 0 || taking.saltedSerial != 0 || taking.proof.length != 0) {
            revert StockSpanWrong(id, taking.units, taking.firstUnit, taking.firstUnit);
        }
        LotStorage.layout().stocks[id][place] = stock.spent(taking.units);
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev The second of administration: now, or up to 72 hours back.
    function _secondOf(LotId id, uint32 administeredAt) private view returns (uint32) {
        if (administeredAt == 0) return _now();
        bool fits = administeredAt <= block.timestamp && uint256(administeredAt) + OUTAGE_MAX >= block.timestamp;
        if (!fits) revert DoseTermInvalid(id, "administeredAt");
        return administeredAt;
    }

    /// @dev A vaccine lot that may be used, with so many doses on hand that were not out of range too long.
    function _readyDoses(
        LotId id,
        uint32 member,
        uint16 site,
        uint32 doses,
        uint32 at
    ) private view returns (LotWord lot, Place place, StockWord stock) {
        lot = LotStorage.layout().lots[id];
        _requireUsable(id, lot, at);
        if (!lot.isVaccine() || lot.isDiscreet()) revert LotUsedOtherwise(id);
        place = LotStorage.placeOf(member, site);
        stock = LotStorage.layout().stocks[id][place];
        _requireOnHand(id, place, stock, doses);
        _requireCold(id, lot, place, stock);
    }

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

    function _proveSession(
        Session calldata session,
        SessionDose[] calldata doses,
        SerialProof calldata proof
    ) private view {
        uint32 first = session.firstUnit;
        bytes32[] memory leaves = new bytes32[](doses.length);
        for (uint256 i; i < leaves.length; ++i) {
            leaves[i] = keccak256(abi.encodePacked(first + uint32(i), doses[i].saltedSerial));
        }
        bytes32 root = LotStorage.layout().serialRoots[session.lot];
        // Check: as many flags as the multiproof needs, so that it gives an answer and does not revert without one.
        bool fits = proof.flags.length + 1 == leaves.length + proof.proof.length;
        if (!fits || !MerkleProof.multiProofVerifyCalldata(proof.proof, proof.flags, root, leaves)) {
            revert SerialUnknown(session.lot, first, doses[0].saltedSerial);
        }
    }

    /// @dev Spend adjacent units of single-unit serials, 64 to a word.
    function _spendRun(LotId id, uint256 unit, uint256 end) private {
        mapping(uint32 group => uint256) storage words = LotStorage.layout().serials[id];
        while (unit < end) {
            uint256 bit = unit % GROUP_BITS;
            uint256 run = end - unit < GROUP_BITS - bit ? end - unit : GROUP_BITS - bit;
            uint256 mask = ((1 << run) - 1) << bit;
            uint32 group = uint32(unit / GROUP_BITS);
            uint256 word = words[group];
            if (word & mask != 0) revert SerialSpent(id, uint32(unit));
            words[group] = word | mask;
            unit += run;
        }
    }

    function _logSessionDose(LotId id, uint32 unit, SessionDose calldata dose) private {
        uint256 person = dose.person;
        address holder = address(uint160(person));
        bytes32 commitment = dose.commitment;
        if (holder == address(0)) revert DoseTermInvalid(id, "holder");
        if (commitment == 0) revert DoseTermInvalid(id, "commitment");
        uint256 series = uint8(person >> SERIES);
        if (series == 0 || person >> (SERIES + 8) != 0) revert DoseTermInvalid(id, "seriesDose");
        uint256 prefix = uint8(person >> PREFIX);
        if (dose.ephemeralX == 0 || prefix & 0xfe != 2) revert DoseEphemeralKeyInvalid(holder);
        uint256 word = unit | (series << 32) | (prefix << 40) | (uint256(uint8(person >> VIEW_TAG)) << 48);
        emit DoseAdministered(id, holder, commitment, dose.ephemeralX, word);
    }
}
