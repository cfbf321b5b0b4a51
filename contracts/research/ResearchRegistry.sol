// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {DataUse} from "./DataUse.sol";
import {DatasetTerms, RequestTerms} from "./IDataUse.sol";
import {MemberWord, OperatorWord} from "../core/AuthorityWords.sol";
import {Domain} from "../core/Domain.sol";
import {Duties} from "../core/Duties.sol";
import {ProfessionalActs} from "../core/ProfessionalActs.sol";
import {CalendarMonths} from "./CalendarMonths.sol";
import {AccessId, DatasetId, IResearchRegistry} from "./IResearchRegistry.sol";
import {ResearchStorage} from "./ResearchStorage.sol";

/// @title ResearchRegistry
/// @notice See {IResearchRegistry}.
contract ResearchRegistry is IResearchRegistry, Domain, ProfessionalActs {
    using DataUse for DatasetTerms;
    using DataUse for RequestTerms;

    bytes32 private constant DATASET_TYPEHASH = keccak256("Dataset(uint32 custodian,bytes32 commitment)");
    bytes32 private constant ACCESS_TYPEHASH = keccak256(
        "Access(bytes32 dataset,uint32 member,uint256 terms,bytes32 commitment)"
    );

    /// @dev Duties that keep a member's datasets.
    uint32 private constant KEEPING = Duties.ANCHOR_RECORD | Duties.CUSTODY;

    /// @param members MemberRegistry's proxy.
    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor(address members) EIP712("CareLedger ResearchRegistry", "1") ProfessionalActs(members) {
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    // ── datasets ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IResearchRegistry
    function registerDataset(
        Dataset calldata dataset,
        DatasetTerms terms
    ) external whenNotPaused returns (DatasetId id) {
        bytes32 operator = _sender();
        // Check: the custodian's operator, terms that say something, and a dataset that is new.
        _requireDuty(dataset.custodian, operator, KEEPING);
        _requireCommitment(dataset.commitment);
        terms.validate();
        id = _idOf(dataset);
        DatasetState storage state = ResearchStorage.layout().datasets[id];
        if (state.registeredAt != 0) revert DatasetAlreadyRegistered(id);
        // Effect: two slots. Log.
        uint32 timestamp = _now();
        state.terms = terms;
        (state.custodian, state.version) = (dataset.custodian, 1);
        (state.registeredAt, state.amendedAt) = (timestamp, timestamp);
        emit DatasetRegistered(id, dataset.custodian, operator, terms, dataset.commitment);
    }

    /// @inheritdoc IResearchRegistry
    function amendDataset(
        DatasetId dataset,
        uint32 member,
        uint32 version,
        DatasetTerms terms,
        bytes32 commitment
    ) external whenNotPaused {
        // Check: a keeper of the dataset, the version that it looked at, and terms that say something.
        DatasetState storage state = _requireKeeper(dataset, member);
        _requireStanding(dataset, state);
        if (version != state.version) revert DatasetVersionStale(dataset, version, state.version);
        _requireCommitment(commitment);
        terms.validate();
        // Effect and log.
        DatasetTerms before = state.terms;
        state.terms = terms;
        (state.version, state.amendedAt) = (version + 1, _now());
        emit DatasetAmended(dataset, state.custodian, member, _sender(), version + 1, before, terms, commitment);
    }

    /// @inheritdoc IResearchRegistry
    function retireDataset(DatasetId dataset, uint32 member) external {
        // Check: a keeper of the dataset, which stands.
        DatasetState storage state = _requireKeeper(dataset, member);
        _requireStanding(dataset, state);
        // Effect and log.
        state.retiredAt = _now();
        emit DatasetRetired(dataset, state.custodian, member, _sender());
    }

    // ── accesses ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IResearchRegistry
    function requestAccess(Access calldata access) external whenNotPaused returns (AccessId id) {
        bytes32 operator = _sender();
        // Check: the asking member's operator, for itself, and nothing keeps it from receiving data.
        _requireRecipient(access.member, operator);
        _requireCommitment(access.commitment);
        DatasetState storage dataset = _datasetOf(access.dataset);
        _requireStanding(access.dataset, dataset);
        if (ResearchStorage.layout().barred[access.dataset][access.member]) {
            revert AccessBarred(access.dataset, access.member);
        }
        // Check: the terms decide.
        _requirePermitted(access, dataset.terms);
        id = _idOf(access);
        AccessState storage state = ResearchStorage.layout().accesses[id];
        if (state.permittedAt != 0) revert AccessAlreadyPermitted(id);
        // Effect: one slot. Log.
        uint32 version = dataset.version;
        uint256 months = access.terms.months();
        uint40 until = months == 0 ? 0 : uint40(CalendarMonths.add(block.timestamp, months));
        (state.permittedAt, state.until, state.version) = (_now(), until, version);
        _logPermitted(id, access, operator, version, until);
    }

    /// @inheritdoc IResearchRegistry
    function withdrawAccess(Access calldata access, uint32 custodian, AccessWithdrawalReason reason) external {
        AccessId id = _idOf(access);
        // Check: a keeper of the dataset, an access that runs, and a reason.
        _requireKeeper(access.dataset, custodian);
        AccessState storage state = ResearchStorage.layout().accesses[id];
        if (state.permittedAt == 0) revert AccessUnknown(id);
        if (state.withdrawnAt != 0) revert AccessAlreadyWithdrawn(id, state.withdrawnAt);
        if (reason == AccessWithdrawalReason.Unspecified) revert AccessReasonMissing(id);
        // Effect: it could otherwise ask again at once. Log.
        (state.withdrawnAt, state.reason) = (_now(), reason);
        if (reason != AccessWithdrawalReason.Agreed)
            ResearchStorage.layout().barred[access.dataset][access.member] = true;
        emit AccessWithdrawn(id, access.dataset, access.member, custodian, _sender(), reason);
    }

    /// @inheritdoc IResearchRegistry
    function readmitResearcher(DatasetId dataset, uint32 custodian, uint32 member) external whenNotPaused {
        ResearchStorage.Layout storage $ = ResearchStorage.layout();
        // Check: a keeper of the dataset, and a member that is kept out.
        _requireKeeper(dataset, custodian);
        if (!$.barred[dataset][member]) revert ResearcherNotBarred(dataset, member);
        // Effect and log.
        $.barred[dataset][member] = false;
        emit ResearcherReadmitted(dataset, member, custodian, _sender());
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IResearchRegistry
    function isAccessPermitted(
        Access calldata access,
        uint32 member
    ) external view returns (AccessAnswer answer, uint8 term) {
        AccessState memory state = ResearchStorage.layout().accesses[_idOf(access)];
        if (state.permittedAt == 0) return (AccessAnswer.Unknown, 0);
        if (!_actsFor(member, access.member)) return (AccessAnswer.OfOther, 0);
        if (state.withdrawnAt != 0) return (AccessAnswer.Withdrawn, 0);
        DatasetState storage dataset = ResearchStorage.layout().datasets[access.dataset];
        if (dataset.retiredAt != 0) return (AccessAnswer.DatasetRetired, 0);
        if (state.until != 0 && block.timestamp >= state.until) return (AccessAnswer.Ended, 0);
        if (!_mayReceive(MemberWord.wrap(MEMBERS.memberWordOf(member)))) return (AccessAnswer.MemberNotReceiving, 0);
        // Both words are valid: registering, amending and asking refuse others.
        Decision decision;
        (decision, term) = dataset.terms.decide(access.terms);
        return (decision == Decision.Permitted ? AccessAnswer.Permitted : AccessAnswer.TermsRefuse, term);
    }

    /// @inheritdoc IResearchRegistry
    function datasetOf(DatasetId dataset) external view returns (DatasetState memory) {
        return ResearchStorage.layout().datasets[dataset];
    }

    /// @inheritdoc IResearchRegistry
    function accessOf(AccessId access) external view returns (AccessState memory) {
        return ResearchStorage.layout().accesses[access];
    }

    /// @inheritdoc IResearchRegistry
    function isBarred(DatasetId dataset, uint32 member) external view returns (bool) {
        return ResearchStorage.layout().barred[dataset][member];
    }

    /// @inheritdoc IResearchRegistry
    function datasetId(Dataset calldata dataset) external pure returns (DatasetId) {
        return _idOf(dataset);
    }

    /// @inheritdoc IResearchRegistry
    function accessId(Access calldata access) external pure returns (AccessId) {
        return _idOf(access);
    }

    // ── shared ──────────────────────────────────────────────────────────────────────────────────────────────────────

    function _idOf(Dataset calldata dataset) private pure returns (DatasetId) {
        return DatasetId.wrap(keccak256(abi.encode(DATASET_TYPEHASH, dataset.custodian, dataset.commitment)));
    }

    function _idOf(Access calldata access) private pure returns (AccessId) {
        bytes32 hash = keccak256(
            abi.encode(ACCESS_TYPEHASH, access.dataset, access.member, access.terms, access.commitment)
        );
        return AccessId.wrap(hash);
    }

    /// @dev A dataset that was registered.
    function _datasetOf(DatasetId dataset) private view returns (DatasetState storage state) {
        state = ResearchStorage.layout().datasets[dataset];
        if (state.registeredAt == 0) revert DatasetUnknown(dataset);
    }

    function _requireStanding(DatasetId dataset, DatasetState storage state) private view {
        if (state.retiredAt != 0) revert DatasetIsRetired(dataset, state.retiredAt);
    }

    /// @dev Revert unless the sender keeps the datasets of `member`, and that is the custodian or its successor.
    function _requireKeeper(DatasetId dataset, uint32 member) private view returns (DatasetState storage state) {
        _requireDuty(member, _sender(), KEEPING);
        state = _datasetOf(dataset);
        if (!_actsFor(member, state.custodian)) revert DatasetOfOther(dataset, state.custodian, member);
    }

    function _requireCommitment(bytes32 commitment) private pure {
        if (commitment == 0) revert ResearchCommitmentMissing();
    }

    /// @dev Revert unless the operator answers for what the member takes, and the member may take data now.
    function _requireRecipient(uint32 member, bytes32 operator) private view {
        (uint256 operatorWord, uint256 raw) = MEMBERS.authorityWords(member, operator);
        MemberWord memberWord = MemberWord.wrap(raw);
        OperatorWord.wrap(operatorWord).requireAny(memberWord, member, operator, Duties.DISCLOSE);
        if (!_mayReceive(memberWord)) {
            revert DutySuspendedForMember(member, Duties.RECEIVE, memberWord.suspendedUntil());
        }
    }

    /// @dev Whether a member may receive data now: active, and not stopped by a regulator.
    function _mayReceive(MemberWord word) private view returns (bool) {
        if (!word.isActive()) return false;
        return block.timestamp >= word.suspendedUntil() || word.memberSuspended() & Duties.RECEIVE == 0;
    }

    /// @dev Revert with the fault of the request or the term that refuses it.
    function _requirePermitted(Access calldata access, DatasetTerms given) private view {
        access.terms.validate();
        (Decision decision, uint8 term) = given.decide(access.terms);
        if (decision != Decision.Permitted) revert AccessRefused(access.dataset, term);
        // What the dataset means by an institution, the asking member has to be.
        uint32 institution = access.terms.institution();
        if (institution != 0 && !_actsFor(access.member, institution)) {
            revert AccessInstitutionOfOther(access.member, institution);
        }
    }

    function _logPermitted(
        AccessId id,
        Access calldata access,
        bytes32 operator,
        uint32 version,
        uint40 until
    ) private {
        emit AccessPermitted(
            id,
            access.dataset,
            access.member,
            operator,
            access.terms,
            access.commitment,
            version,
            until
        );
    }
}
