// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ProfessionalActs} from "../core/ProfessionalActs.sol";
import {IStandardsRegistry} from "../standards/IStandardsRegistry.sol";
import {EntryWord} from "./EntryWords.sol";
import {IRecordTypes, RecordId} from "./IRecordRegistry.sol";
import {RecordHashing} from "./RecordHashing.sol";
import {RecordStorage} from "./RecordStorage.sol";

/// @title RecordActs
/// @notice What both parts of RecordRegistry ask: where a record stands, and whether its result may be used again.
abstract contract RecordActs is IRecordTypes, ProfessionalActs {
    /// @dev Longest time, counted from anchoring, in which a result may stand in for a repeat order.
    uint32 internal constant REUSE_MAX = 366 days;

    /// @notice StandardsRegistry's proxy.
    IStandardsRegistry public immutable STANDARDS;

    /// @dev One bit each for categories 0 to 31.
    uint8 internal constant CATEGORIES_MAX = 32;

    /// @param members MemberRegistry's proxy.
    /// @param standards StandardsRegistry's proxy.
    /// @custom:oz-upgrades-unsafe-allow constructor state-variable-immutable
    constructor(address members, address standards) EIP712("CareLedger RecordRegistry", "1") ProfessionalActs(members) {
        STANDARDS = IStandardsRegistry(standards);
    }

    /// @dev A record as it stands; `Unknown` unless it was anchored with exactly these terms and this origin.
    function _standingOf(
        RecordId id,
        Record calldata record,
        Origin calldata origin
    ) internal view returns (RecordStanding memory standing) {
        EntryWord entry = RecordStorage.layout().entries[id].word;
        standing.anchoredAt = origin.root == 0 ? _anchoredAlone(entry, origin) : _anchoredInBatch(id, record, origin);
        if (standing.anchoredAt == 0) return standing;
        RecordStatus status = entry.status();
        standing.status = status == RecordStatus.Unknown ? RecordStatus.Current : status;
        standing.endedAt = entry.endedAt();
        // A batch's terms were never looked at: what goes beyond the longest time does not count.
        standing.reusable =
            standing.status == RecordStatus.Current &&
            block.timestamp < record.reusableUntil &&
            record.reusableUntil <= uint256(standing.anchoredAt) + REUSE_MAX;
    }

    /// @dev Revert unless the record is known and current.
    function _requireCurrent(
        RecordId id,
        Record calldata record,
        Origin calldata origin
    ) internal view returns (RecordStanding memory standing) {
        standing = _standingOf(id, record, origin);
        if (standing.status == RecordStatus.Unknown) revert RecordUnknown(id);
        if (standing.status != RecordStatus.Current) revert RecordStatusWrong(id, standing.status);
    }

    function _anchoredAlone(EntryWord entry, Origin calldata origin) private pure returns (uint32 anchoredAt) {
        return origin.proof.length == 0 ? entry.anchoredAt() : 0;
    }

    /// @dev Zero unless the custodian anchored the batch and the record is a leaf of it, with terms that could be anchored.
    function _anchoredInBatch(
        RecordId id,
        Record calldata record,
        Origin calldata origin
    ) private view returns (uint32 anchoredAt) {
        Batch storage batch = RecordStorage.layout().batches[record.custodian][origin.root];
        anchoredAt = batch.anchoredAt;
        // No leaf of a tree of so many lies deeper; a batch has at least one, so the logarithm is defined.
        if (anchoredAt == 0 || origin.proof.length > Math.log2(batch.count, Math.Rounding.Ceil)) return 0;
        if (!MerkleProof.verifyCalldata(origin.proof, origin.root, RecordHashing.leafOf(id))) return 0;
        // Each field is read, so that the decoder refuses words with dirty high bits.
        bool complete =
            record.holder != address(0) &&
                record.commitment != 0 &&
                record.category < CATEGORIES_MAX &&
                record.codeSystem <= type(uint16).max &&
                record.reusableUntil <= type(uint32).max;
        return complete ? anchoredAt : 0;
    }
}
