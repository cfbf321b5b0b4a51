// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {LotId} from "./ILotRegistry.sol";
import {LotGoods} from "./LotGoods.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord} from "./StockWords.sol";

/// @title LotDoses
/// @notice What a single dose and a session of doses share.
abstract contract LotDoses is LotGoods {
    /// @dev How far back an administration may be entered.
    uint256 private constant OUTAGE_MAX = 72 hours;

    /// @dev The second of administration: now, or up to 72 hours back.
    function _secondOf(LotId id, uint32 administeredAt) internal view returns (uint32) {
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
    ) internal view returns (LotWord lot, Place place, StockWord stock) {
        lot = LotStorage.layout().lots[id];
        _requireUsable(id, lot, at);
        if (!lot.isVaccine() || lot.isDiscreet()) revert LotUsedOtherwise(id);
        place = LotStorage.placeOf(member, site);
        stock = LotStorage.layout().stocks[id][place];
        _requireOnHand(id, place, stock, doses);
        _requireCold(id, lot, place, stock);
    }

    function _logWho(LotId id, Place place, bytes32 operator, uint32 unit, uint256 doses, uint32 at) internal {
        (uint32 member, uint16 site) = _parts(place);
        emit DosesAdministered(id, member, site, operator, unit | (doses << 32) | (uint256(at) << 64));
    }
}
