// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {LotId} from "./ILotRegistry.sol";
import {LotActs} from "./LotActs.sol";
import {LotStorage, Place} from "./LotStorage.sol";
import {LotWord} from "./LotWords.sol";
import {StockWord} from "./StockWords.sol";

/// @title LotSerials
/// @notice Which serials are a lot's, which units of it are spent, and which spans of it lie where.
/// @dev Serials are leaves of the lot's tree, keccak256(index 32 bits ‖ salted serial): 36 bytes, where a node hashes 64, so that
/// neither passes for the other. Serials whose units fit 64 bits are a group; its sub-tree is complete, and once a serial of it
/// was proven, the first 192 bits of its root stand in the word that has the spent bits (docs/decisions/0019).
abstract contract LotSerials is LotActs {
    /// @dev Bits of a group's word that are not its sub-root.
    uint256 internal constant GROUP_BITS = 64;
    uint256 private constant SPENT_MASK = type(uint64).max;

    /// @dev Most groups that are looked through when a span of broken stock moves.
    uint256 private constant GROUPS_MAX = 64;

    uint256 private constant OPENINGS = 8;

    // ── proofs and spending ─────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Levels of a group's sub-tree: the largest power of two of serials whose units fit 64 bits.
    function _levelsOf(uint256 unitsPerSerial) internal pure returns (uint256) {
        return unitsPerSerial == 1 ? 6 : 6 - Math.log2(unitsPerSerial, Math.Rounding.Ceil);
    }

    /// @dev Where a unit's bit stands.
    function _bitOf(LotWord lot, uint32 unit) internal pure returns (uint32 group, uint256 bit, uint32 serial) {
        uint256 each = lot.unitsPerSerial();
        uint256 levels = _levelsOf(each);
        // Unchecked: of 32 bits, at most 64 units a serial.
        unchecked {
            serial = uint32(unit / each);
            group = uint32(serial >> levels);
            bit = (serial & ((1 << levels) - 1)) * each + (unit % each);
        }
    }

    /// @dev Spend units under one serial, which is proven to be the lot's.
    function _spendProven(
        LotId id,
        LotWord lot,
        uint32 unit,
        uint32 units,
        bytes32 saltedSerial,
        bytes32[] memory proof
    ) internal {
        (uint32 group, uint256 bit, uint32 serial) = _bitOf(lot, unit);
        uint256 each = lot.unitsPerSerial();
        if (unit >= lot.units()) revert SerialUnknown(id, unit, saltedSerial);
        if (units == 0 || (unit % each) + units > each) revert StockSpanWrong(id, units, unit, unit);
        mapping(uint32 group => uint256) storage words = LotStorage.layout().serials[id];
        uint256 word = words[group];
        uint256 mask = ((1 << units) - 1) << bit;
        if (word & mask != 0) revert SerialSpent(id, unit);
        (bool proven, bytes32 subRoot) = _prove(id, lot, word, serial, saltedSerial, proof);
        if (!proven) revert SerialUnknown(id, unit, saltedSerial);
        words[group] = ((uint256(subRoot) >> GROUP_BITS) << GROUP_BITS) | (word & SPENT_MASK) | mask;
    }

    /// @dev Whether a serial is the lot's: by its group's sub-root where that is known and the proof is so short, else by the root.
    function _prove(
        LotId id,
        LotWord lot,
        uint256 word,
        uint32 serial,
        bytes32 saltedSerial,
        bytes32[] memory proof
    ) internal view returns (bool proven, bytes32 subRoot) {
        uint256 levels = _levelsOf(lot.unitsPerSerial());
        uint256 length = proof.length;
        if (length < levels) return (false, 0);
        subRoot = _leafOf(serial, saltedSerial);
        // Unchecked: counters below the proof's length.
        unchecked {
            for (uint256 i; i < levels; ++i) subRoot = Hashes.commutativeKeccak256(subRoot, proof[i]);
        }
        if (length == levels && word >> GROUP_BITS != 0) {
            return (uint256(subRoot) >> GROUP_BITS == word >> GROUP_BITS, subRoot);
        }
        bytes32 node = subRoot;
        unchecked {
            for (uint256 i = levels; i < length; ++i) node = Hashes.commutativeKeccak256(node, proof[i]);
        }
        proven = node == LotStorage.layout().serialRoots[id];
    }

    /// @dev A serial's leaf: keccak256(index 32 bits ‖ salted serial).
    function _leafOf(uint256 serial, bytes32 saltedSerial) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            mstore(0x00, shl(224, serial))
            mstore(0x04, saltedSerial)
            leaf := keccak256(0x00, 0x24)
        }
    }

    /// @dev Root above a run of adjacent nodes, which it overwrites; zero when the siblings are too few or too many.
    /// @param first Place of the first node in its row.
    /// @param width Nodes of that row in the whole tree; where it is odd, the last is carried up.
    function _runRoot(
        bytes32[] memory nodes,
        uint256 first,
        uint256 width,
        bytes32[] calldata siblings
    ) internal pure returns (bytes32) {
        uint256 length = nodes.length;
        uint256 used;
        // Unchecked: places within a row of at most 2^32.
        unchecked {
            while (width > 1) {
                (uint256 from, uint256 to) = (0, 0);
                bool before = first & 1 == 1;
                bool behind = (first + length) & 1 == 1 && first + length < width;
                if (used + (before ? 1 : 0) + (behind ? 1 : 0) > siblings.length) return 0;
                if (before) {
                    nodes[0] = Hashes.commutativeKeccak256(siblings[used++], nodes[0]);
                    (from, to) = (1, 1);
                }
                for (; from + 1 < length; from += 2) {
                    nodes[to++] = Hashes.commutativeKeccak256(nodes[from], nodes[from + 1]);
                }
                if (from < length) {
                    nodes[to++] = behind ? Hashes.commutativeKeccak256(nodes[from], siblings[used++]) : nodes[from];
                }
                (first, length, width) = (first >> 1, to, (width + 1) >> 1);
            }
        }
        return used == siblings.length ? nodes[0] : bytes32(0);
    }

    /// @dev Spend units by their index alone: they are gone, whoever has them.
    function _spendGone(LotId id, LotWord lot, uint32 unit) internal {
        (uint32 group, uint256 bit, ) = _bitOf(lot, unit);
        mapping(uint32 group => uint256) storage words = LotStorage.layout().serials[id];
        if ((words[group] >> bit) & 1 != 0) revert SerialSpent(id, unit);
        words[group] |= 1 << bit;
    }

    function _isSpent(LotId id, LotWord lot, uint32 unit) internal view returns (bool) {
        (uint32 group, uint256 bit, ) = _bitOf(lot, unit);
        return (LotStorage.layout().serials[id][group] >> bit) & 1 != 0;
    }

    /// @dev Note when a serial of several units is opened, and refuse one that was open too long.
    function _open(LotId id, LotWord lot, uint32 unit, uint256 at) internal {
        uint256 limit = lot.openFor();
        if (limit == 0 || lot.unitsPerSerial() == 1) return;
        uint32 serial = unit / lot.unitsPerSerial();
        mapping(uint32 eighth => uint256) storage words = LotStorage.layout().openings[id];
        (uint32 eighth, uint256 shift) = (uint32(serial / OPENINGS), (serial % OPENINGS) * 32);
        uint256 openedAt = uint32(words[eighth] >> shift);
        if (openedAt == 0) words[eighth] |= at << shift;
        else if (at > openedAt + limit * 1 minutes) revert SerialOpenTooLong(id, unit, uint32(openedAt), uint16(limit));
    }

    // ── spans ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Revert unless the span lies within the stock's own range, or within the stored range named.
    function _requireHere(
        LotId id,
        Place place,
        StockWord stock,
        uint32 first,
        uint256 end,
        uint32 range
    ) internal view returns (bool own, uint32 rangeEnd) {
        if (first >= stock.firstUnit() && end <= stock.endUnit()) return (true, stock.endUnit());
        rangeEnd = LotStorage.layout().ranges[id][place][range];
        if (first < range || end > rangeEnd) {
            (uint32 member, uint16 site) = _parts(place);
            revert StockElsewhere(id, member, site, first, uint32(end));
        }
    }

    /// @dev Take a span out of a place.
    function _takeSpan(
        LotId id,
        Place place,
        StockWord stock,
        uint32 first,
        uint32 end,
        uint32 range
    ) internal returns (StockWord) {
        (bool own, uint32 rangeEnd) = _requireHere(id, place, stock, first, end, range);
        mapping(uint32 firstUnit => uint32 endUnit) storage ranges = LotStorage.layout().ranges[id][place];
        if (!own) {
            // What lies before the span keeps its name; what lies behind it gets its own.
            ranges[range] = first == range ? 0 : first;
            if (end != rangeEnd) ranges[end] = rangeEnd;
            return stock;
        }
        uint32 ownFirst = stock.firstUnit();
        if (first == ownFirst) return end == rangeEnd ? stock.withSpan(0, 0) : stock.withSpan(end, rangeEnd);
        if (end != rangeEnd) ranges[end] = rangeEnd;
        return stock.withSpan(ownFirst, first);
    }

    /// @dev Put a span into a place: to the stock's own range where it joins that, else beside it.
    function _putSpan(LotId id, Place place, StockWord stock, uint32 first, uint32 end) internal returns (StockWord) {
        if (end == 0) return stock;
        (uint32 ownFirst, uint32 ownEnd) = (stock.firstUnit(), stock.endUnit());
        if (ownEnd == 0) return stock.withSpan(first, end);
        if (first == ownEnd) return stock.withSpan(ownFirst, end);
        if (end == ownFirst) return stock.withSpan(first, ownEnd);
        LotStorage.layout().ranges[id][place][first] = end;
        return stock;
    }

    /// @dev Units of a span that are not spent.
    function _unspent(LotId id, LotWord lot, uint32 first, uint32 end) internal view returns (uint256 count) {
        uint256 size = uint256(lot.unitsPerSerial()) << _levelsOf(lot.unitsPerSerial());
        uint256 group = first / size;
        uint256 last = (end - 1) / size;
        if (last - group >= GROUPS_MAX) {
            revert StockSpanTooLong(id, first, end, uint32((GROUPS_MAX - 1) * size));
        }
        count = end - first;
        for (; group <= last; ++group) {
            uint256 spent = LotStorage.layout().serials[id][uint32(group)] & SPENT_MASK;
            uint256 start = group * size;
            if (start < first) spent = (spent >> (first - start)) << (first - start);
            if (start + size > end) spent &= (1 << (end - start)) - 1;
            for (; spent != 0; spent &= spent - 1) --count;
        }
    }
}
