// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Duties} from "../core/Duties.sol";
import {Attestation} from "../core/IActs.sol";
import {IColdChain} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotHashing} from "./LotHashing.sol";
import {LotStorage} from "./LotStorage.sol";
import {StockWords, TransitWord} from "./StockWords.sol";

/// @title ColdChain
/// @notice The monitored part of LotRegistry: what devices watch, and what they report.
abstract contract ColdChain is IColdChain, LotActs {
    uint32 private constant KEEPERS = Duties.HANDLE_STOCK | Duties.QUALITY;

    /// @inheritdoc IColdChain
    function bindDevice(uint32 member, bytes32 device, Watch calldata watch) external whenNotPaused {
        bytes32 operator = _sender();
        LotStorage.WatchEntry storage entry = LotStorage.layout().watches[member][device];
        // Check: a keeper of the member; its device, which watches nothing; something to watch.
        _requireDuty(member, operator, KEEPERS);
        _requireDuty(member, device, Duties.SENSE);
        bool free = entry.storage_ == StorageClass.Unmonitored && watch.storage_ != StorageClass.Unmonitored;
        if (!free || !_isWatchable(member, watch)) revert DeviceWatchInvalid(member, device);
        // Effect: a compartment counts from its first device on, whichever reports later.
        (entry.storage_, entry.site, entry.from, entry.sscc) = (watch.storage_, watch.site, watch.from, watch.sscc);
        if (watch.site != 0) {
            LotStorage.CompartmentEntry storage compartment = _compartment(member, watch.site, watch.storage_);
            if (compartment.reportedUntil == 0) compartment.reportedUntil = _now();
        }
        // Log.
        emit DeviceBound(member, device, watch, operator);
    }

    /// @inheritdoc IColdChain
    function unbindDevice(uint32 member, bytes32 device) external {
        _requireProxy();
        bytes32 operator = _sender();
        // Check: a keeper of the member; a device that watches something.
        _requireDuty(member, operator, KEEPERS);
        _watchOf(member, device);
        // Effect and log: the silence that follows counts.
        delete LotStorage.layout().watches[member][device];
        emit DeviceUnbound(member, device, operator);
    }

    /// @inheritdoc IColdChain
    function recordSegment(Segment calldata segment, Attestation calldata attestation) external {
        _requireProxy();
        (uint32 member, bytes32 device) = (segment.member, segment.device);
        // Check: the device itself, with its duty, bound to something.
        bytes32 operator =
            attestation.deadline == 0
                ? _sender()
                : _signer(member, attestation, LotHashing.segment(segment, attestation.deadline));
        if (operator != device) revert DutyNotHeld(member, operator, Duties.SENSE);
        _requireDuty(member, device, Duties.SENSE);
        LotStorage.WatchEntry memory entry = _watchOf(member, device);
        // Check and effect: it follows what was reported, and what lies between counts where that is long.
        uint256 gap = entry.site != 0 ? _recordThere(segment, entry) : _recordTransit(segment, entry);
        // Log.
        emit SegmentRecorded(
            member,
            device,
            segment.from,
            segment.to,
            segment.minutesOut,
            uint32(gap),
            segment.readings
        );
    }

    /// @inheritdoc IColdChain
    function watchOf(uint32 member, bytes32 device) external view returns (Watch memory) {
        LotStorage.WatchEntry memory entry = LotStorage.layout().watches[member][device];
        return Watch({storage_: entry.storage_, site: entry.site, from: entry.from, sscc: entry.sscc});
    }

    /// @inheritdoc IColdChain
    function compartmentOf(
        uint32 member,
        uint16 site,
        StorageClass storage_
    ) external view returns (Compartment memory) {
        LotStorage.CompartmentEntry memory entry = _compartment(member, site, storage_);
        return Compartment({minutesOut: entry.minutesOut, reportedUntil: entry.reportedUntil});
    }

    // ── internals ───────────────────────────────────────────────────────────────────────────────────────────────────

    function _compartment(
        uint32 member,
        uint16 site,
        StorageClass storage_
    ) private view returns (LotStorage.CompartmentEntry storage) {
        return LotStorage.layout().compartments[LotStorage.placeOf(member, site)][storage_];
    }

    function _watchOf(uint32 member, bytes32 device) private view returns (LotStorage.WatchEntry memory entry) {
        entry = LotStorage.layout().watches[member][device];
        if (entry.storage_ == StorageClass.Unmonitored) revert DeviceUnboundYet(member, device);
    }

    /// @dev An open site of the member, or a consignment in transit that it sent.
    function _isWatchable(uint32 member, Watch calldata watch) private view returns (bool) {
        if (watch.site == 0) {
            TransitWord word = LotStorage.layout().transits[watch.from][watch.sscc];
            return watch.from == member && word.status() == uint8(ConsignmentStatus.InTransit);
        }
        return watch.from == 0 && watch.sscc == 0 && _isOpenSite(member, watch.site);
    }

    function _recordThere(Segment calldata segment, LotStorage.WatchEntry memory entry) private returns (uint256 gap) {
        LotStorage.CompartmentEntry storage compartment = _compartment(segment.member, entry.site, entry.storage_);
        gap = _gapBefore(segment, compartment.reportedUntil);
        compartment.minutesOut += uint32(segment.minutesOut + gap);
        compartment.reportedUntil = segment.to;
    }

    function _recordTransit(
        Segment calldata segment,
        LotStorage.WatchEntry memory entry
    ) private returns (uint256 gap) {
        TransitWord word = LotStorage.layout().transits[entry.from][entry.sscc];
        if (word.status() != uint8(ConsignmentStatus.InTransit)) {
            revert ConsignmentStatusWrong(entry.from, entry.sscc, ConsignmentStatus(word.status()));
        }
        gap = _gapBefore(segment, word.reportedUntil());
        LotStorage.layout().transits[entry.from][entry.sscc] = StockWords.packTransit(
            word.status(),
            word.shippedAt(),
            _saturated(word.transitMinutes() + gap + segment.minutesOut),
            segment.to,
            word.contents()
        );
    }

    /// @dev Minutes of silence before a segment that count; revert unless it follows what was reported.
    function _gapBefore(Segment calldata segment, uint32 reportedUntil) private view returns (uint256 gap) {
        (uint32 from, uint32 to) = (segment.from, segment.to);
        bool fits = from >= reportedUntil && to > from && to <= block.timestamp;
        if (!fits || uint256(segment.minutesOut) * 1 minutes > uint256(to) - from + 59 seconds) {
            revert SegmentInvalid(segment.member, segment.device, from, to, reportedUntil);
        }
        gap = (from - reportedUntil + 59 seconds) / 1 minutes;
        if (gap <= GAP_MAX) gap = 0;
    }
}
