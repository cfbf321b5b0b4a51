// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MemberWord, OperatorWord, SiteWord} from "../core/AuthorityWords.sol";
import {Sectors} from "../core/Duties.sol";
import {ProfessionalActs} from "../core/ProfessionalActs.sol";
import {ILotTypes, LotId} from "./ILotRegistry.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord} from "./StockWords.sol";

/// @title LotActs
/// @notice What all parts of LotRegistry ask: who acts where, may the lot move, how long was it out of range.
abstract contract LotActs is ILotTypes, ProfessionalActs {
    /// @notice PrescriptionRegistry's proxy, which alone takes stock for dispenses.
    address public immutable PRESCRIPTIONS;

    /// @dev Longest silence of a monitor that does not count as out of range, minutes.
    uint256 internal constant GAP_MAX = 60;

    /// @dev How far a compartment's reports may lag before the silence counts, minutes; devices report daily.
    uint256 internal constant LAG_MAX = 26 * 60;

    /// @param members MemberRegistry's proxy.
    /// @param prescriptions PrescriptionRegistry's proxy.
    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(
        address members,
        address prescriptions
    ) EIP712("CareLedger LotRegistry", "1") ProfessionalActs(members) {
        PRESCRIPTIONS = prescriptions;
    }

    /// @dev Revert unless the extension asks the same peers.
    function _checkPeers(address extension) internal view {
        bool agrees =
            address(LotActs(extension).MEMBERS()) == address(MEMBERS) &&
                LotActs(extension).PRESCRIPTIONS() == PRESCRIPTIONS;
        if (!agrees) revert DomainExtensionInvalid(extension);
    }

    // ── who acts ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Revert unless the operator may exercise one of the duties at an open site of the member.
    function _requireDutyAt(uint32 member, bytes32 operator, uint32 anyOf, uint16 site) internal view {
        (uint256 first, uint256 second, uint256 third) = MEMBERS.authorityWordsAt(member, operator, site);
        OperatorWord.wrap(first).requireAny(MemberWord.wrap(second), member, operator, anyOf);
        if (!SiteWord.wrap(third).isOpen()) revert StockSiteNotOpen(member, site);
    }

    /// @dev Whether a site of an active member is open.
    function _isOpenSite(uint32 member, uint16 site) internal view returns (bool) {
        (, uint256 memberWord, uint256 siteWord) = MEMBERS.authorityWordsAt(member, 0, site);
        return MemberWord.wrap(memberWord).isActive() && SiteWord.wrap(siteWord).isOpen();
    }

    function _isRegulator(uint32 member) internal view returns (bool) {
        return _profileOf(member).activeSectors() & Sectors.REGULATOR != 0;
    }

    function _sameGroup(uint32 member, uint32 other) internal view returns (bool) {
        return _profileOf(member).group() == _profileOf(other).group();
    }

    // ── what holds ──────────────────────────────────────────────────────────────────────────────────────────────────

    function _lotOf(LotId id) internal view returns (LotWord lot) {
        lot = LotStorage.layout().lots[id];
        if (!lot.isKnown()) revert LotUnknown(id);
    }

    /// @dev Revert unless the lot was released, and at second `at` neither recalled nor expired.
    function _requireUsable(LotId id, LotWord lot, uint256 at) internal pure {
        if (!lot.isReleased()) _refuseStatus(id, lot);
        if (lot.isRecalledAt(at)) revert LotIsRecalled(id, lot.recalledAt());
        if (at / 1 days > lot.expiryDay()) revert LotExpired(id, lot.expiryDay());
    }

    function _refuseStatus(LotId id, LotWord lot) internal pure {
        if (!lot.isKnown()) revert LotUnknown(id);
        revert LotStatusWrong(id, lot.status());
    }

    /// @dev Revert unless so many units are on hand.
    function _requireOnHand(LotId id, Place place, StockWord stock, uint32 units) internal pure {
        if (units != 0 && stock.onHand() >= units) return;
        (uint32 member, uint16 site) = _parts(place);
        if (stock.isHeld()) revert StockInQuarantine(id, member, site, stock.quarantined());
        revert StockInsufficient(id, member, site, stock.onHand(), units);
    }

    /// @dev Revert if the stock was too long out of its range.
    function _requireCold(LotId id, LotWord lot, Place place, StockWord stock) internal view {
        if (!lot.isMonitored()) return;
        uint256 out = _minutesNow(lot, place, stock);
        if (out <= lot.budget()) return;
        (uint32 member, uint16 site) = _parts(place);
        revert StockExcursion(id, member, site, uint32(out), lot.budget());
    }

    // ── minutes out of range ────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Minutes that stock of a monitored lot has now: what was written, and what its compartment added since. Where none is
    /// on hand or held, the compartment's past is not that of what arrives.
    function _minutesNow(LotWord lot, Place place, StockWord stock) internal view returns (uint256) {
        if (stock.onHand() == 0 && !stock.isHeld()) return 0;
        uint256 shown = _compartmentNow(place, lot.storageClass());
        uint256 since = stock.compartmentAt();
        // Unchecked: of 32 bits and 16.
        unchecked {
            return stock.minutesOut() + (shown > since ? shown - since : 0);
        }
    }

    /// @dev What a compartment shows now, with a silence that is too long.
    function _compartmentNow(Place place, StorageClass storage_) internal view returns (uint256) {
        LotStorage.CompartmentEntry storage entry = LotStorage.layout().compartments[place][storage_];
        return entry.minutesOut + _silence(entry.reportedUntil, LAG_MAX);
    }

    /// @dev Minutes of a silence until now, all of them once it lasts longer than `longest`.
    function _silence(uint256 reportedUntil, uint256 longest) internal view returns (uint256) {
        if (reportedUntil == 0 || block.timestamp <= reportedUntil) return 0;
        // Unchecked: seconds up to now.
        unchecked {
            uint256 silent = (block.timestamp - reportedUntil + 59 seconds) / 1 minutes;
            return silent > longest ? silent : 0;
        }
    }

    /// @dev At most what 16 bits hold: more than any budget.
    function _saturated(uint256 minutes_) internal pure returns (uint16) {
        return minutes_ > type(uint16).max ? type(uint16).max : uint16(minutes_);
    }

    /// @dev Stock whose minutes out of range are written as they stand now, and at least `least`.
    function _settled(
        LotWord lot,
        Place place,
        StockWord stock,
        uint256 least
    ) internal view returns (StockWord, uint256 minutes_) {
        if (!lot.isMonitored()) return (stock, 0);
        minutes_ = Math.max(least, _minutesNow(lot, place, stock));
        uint256 shown = _compartmentNow(place, lot.storageClass());
        return (stock.withMinutes(_saturated(minutes_), uint32(shown)), minutes_);
    }

    // ── places ──────────────────────────────────────────────────────────────────────────────────────────────────────

    function _parts(Place place) internal pure returns (uint32 member, uint16 site) {
        uint48 raw = Place.unwrap(place);
        return (uint32(raw >> 16), uint16(raw));
    }
}
