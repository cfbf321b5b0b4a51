// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Announcing} from "../core/Announcing.sol";
import {Duties} from "../core/Duties.sol";
import {ExtendedDomain} from "../core/ExtendedDomain.sol";
import {EphemeralKey} from "../core/IAnnouncer.sol";
import {EntryWords} from "./EntryWords.sol";
import {IRecordEntries, RecordId} from "./IRecordRegistry.sol";
import {RecordActs} from "./RecordActs.sol";
import {RecordHashing} from "./RecordHashing.sol";
import {RecordStandards} from "./RecordStandards.sol";
import {RecordStorage} from "./RecordStorage.sol";

/// @title RecordRegistry
/// @notice See {IRecordRegistry}. {RecordExchange} is its extension: what is only read stands there too, for each function that
/// comes before `anchor` in the dispatcher costs it 22 gas.
contract RecordRegistry is IRecordEntries, ExtendedDomain, RecordActs, Announcing {
    using RecordHashing for Record;

    /// @dev Most records in a batch.
    uint32 private constant BATCH_MAX = 1 << 20;

    /// @param members MemberRegistry's proxy.
    /// @param standards StandardsRegistry's proxy.
    /// @param exchange {RecordExchange}, made with the same members and standards.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(
        address members,
        address standards,
        address exchange
    ) ExtendedDomain(exchange) RecordActs(members, standards) {
        // Check: what the extension asks of members and standards, it asks the same contracts.
        bool agrees =
            address(RecordActs(exchange).MEMBERS()) == members &&
                address(RecordActs(exchange).STANDARDS()) == standards;
        if (!agrees) revert DomainExtensionInvalid(exchange);
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    /// @inheritdoc IRecordEntries
    function anchor(Record calldata record, EphemeralKey calldata ephemeralKey) external returns (RecordId id) {
        uint64 standing = _requireNotPaused();
        // Check: the custodian's operator.
        _requireDuty(record.custodian, _sender(), Duties.ANCHOR_RECORD);
        id = record.idOf();
        _anchor(id, record, ephemeralKey, standing);
    }

    /// @inheritdoc IRecordEntries
    function anchorBatch(uint32 custodian, bytes32 root, uint32 count, bytes32 announcements) external whenNotPaused {
        bytes32 operator = _sender();
        // Check: the custodian's operator, a batch of a bounded size, and never anchored before.
        _requireDuty(custodian, operator, Duties.ANCHOR_RECORD);
        if (root == 0 || count == 0 || count > BATCH_MAX) revert RecordBatchInvalid(root, count);
        if (announcements == 0) revert RecordTermInvalid("announcements");
        Batch storage batch = RecordStorage.layout().batches[custodian][root];
        if (batch.anchoredAt != 0) revert RecordBatchAlreadyAnchored(custodian, root);
        // Effect: one slot. Log.
        (batch.anchoredAt, batch.count) = (_now(), count);
        emit RecordsAnchored(custodian, root, operator, count, announcements);
    }

    /// @inheritdoc IRecordEntries
    function supersede(
        Record calldata record,
        Origin calldata origin,
        Record calldata replacement,
        EphemeralKey calldata ephemeralKey
    ) external returns (RecordId id) {
        uint64 standing = _requireNotPaused();
        bytes32 operator = _sender();
        RecordId ended = record.idOf();
        // Check: a current record, and its custodian or the successor anchors the new one.
        _requireCurrent(ended, record, origin);
        _requireKeeper(ended, record.custodian, replacement.custodian, operator);
        // Effect and log: the old one ends as the new one begins.
        id = replacement.idOf();
        _end(ended, RecordStatus.Superseded);
        emit RecordSuperseded(ended, id, operator, origin.root);
        _anchor(id, replacement, ephemeralKey, standing);
    }

    /// @inheritdoc IRecordEntries
    function retract(Record calldata record, Origin calldata origin, uint32 member, RetractionReason reason) external {
        RecordId id = record.idOf();
        bytes32 operator = _sender();
        // Check: a current record, its custodian or the successor, and a reason.
        _requireCurrent(id, record, origin);
        _requireKeeper(id, record.custodian, member, operator);
        if (reason == RetractionReason.Unspecified) revert RecordReasonMissing(id);
        // Effect and log.
        _end(id, RecordStatus.Retracted);
        emit RecordRetracted(id, record.custodian, operator, origin.root, reason);
    }

    // ── shared ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Write a record in the name of its custodian's operator, whose duty was checked.
    function _anchor(RecordId id, Record calldata record, EphemeralKey calldata ephemeralKey, uint64 standing) private {
        address holder = record.holder;
        // Check: complete terms, words that stand, and an id that is new: one that ended never comes back.
        if (holder == address(0)) revert RecordTermInvalid("holder");
        _checkTerms(record, standing);
        RecordStorage.Entry storage entry = RecordStorage.layout().entries[id];
        if (!entry.word.isEmpty()) _refuseAgain(id, entry.word.status());
        // Effect: one slot.
        entry.word = EntryWords.anchored(_now());
        // Log: all terms, and what lets the holder find them.
        _logAnchored(id, record);
        if (!_announce(holder, ephemeralKey)) revert RecordEphemeralKeyInvalid();
    }

    /// @dev emit RecordAnchored: the terms lie in calldata just as the event encodes them. The custodian, whose operator was asked
    /// for, and the last four, in {_checkTerms}, were read before, so that the decoder refused dirty ones.
    function _logAnchored(RecordId id, Record calldata record) private {
        bytes32 topic = RecordAnchored.selector;
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, add(record, 0x40), 0x80)
            log3(data, 0x80, topic, id, calldataload(record))
        }
    }

    function _end(RecordId id, RecordStatus status) private {
        RecordStorage.Entry storage entry = RecordStorage.layout().entries[id];
        entry.word = entry.word.ended(status, _now());
    }

    function _refuseAgain(RecordId id, RecordStatus status) private pure {
        if (status == RecordStatus.Current) revert RecordAlreadyAnchored(id);
        revert RecordStatusWrong(id, status);
    }

    /// @dev Revert unless the operator anchors records for `member`, and that is the custodian or its successor.
    function _requireKeeper(RecordId id, uint32 custodian, uint32 member, bytes32 operator) private view {
        _requireDuty(member, operator, Duties.ANCHOR_RECORD);
        if (!_actsFor(member, custodian)) revert RecordOfOther(id, custodian, member);
    }

    function _checkTerms(Record calldata record, uint64 standing) private view {
        if (record.commitment == 0) revert RecordTermInvalid("commitment");
        uint256 until = record.reusableUntil;
        // Unchecked: times of 32 bits.
        unchecked {
            if (until != 0 && (until <= block.timestamp || until > block.timestamp + REUSE_MAX)) {
                revert RecordTermInvalid("reusableUntil");
            }
        }
        (uint8 category, uint16 codeSystem) = (record.category, record.codeSystem);
        if (!RecordStandards.allows(standing, category, codeSystem)) revert RecordStandardUnknown(category, codeSystem);
    }
}
