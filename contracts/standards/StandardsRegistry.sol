// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Domain} from "../core/Domain.sol";
import {IStandardsRegistry} from "./IStandardsRegistry.sol";
import {StandardsStorage} from "./StandardsStorage.sol";

/// @title StandardsRegistry
/// @notice See {IStandardsRegistry}. Small and rarely changed: other domains copy what their hot calls need from it.
contract StandardsRegistry is IStandardsRegistry, Domain {
    /// @notice Most categories: one bit each in a 32-bit mask.
    uint8 public constant CATEGORIES_MAX = 32;

    /// @notice Longest URL and longest version, in bytes.
    uint256 public constant TEXT_MAX = 255;

    /// @custom:oz-upgrades-unsafe-allow constructor
    constructor() {
        _disableInitializers();
    }

    /// @notice Set the root authority. Called once, by the proxy's constructor.
    /// @param authority AccessManager.
    function initialize(address authority) external initializer {
        __AccessManaged_init(authority);
    }

    // ── categories ──────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IStandardsRegistry
    function registerCategory(uint8 number, bytes32 code) external restricted whenNotPaused {
        StandardsStorage.Layout storage $ = StandardsStorage.layout();
        // Check: the next of 32 numbers, and a code that is new.
        uint8 next = $.categoryCount;
        if (number != next || next == CATEGORIES_MAX) revert CategoryNumberInvalid(number, next);
        if (code == 0 || $.codes[code]) revert CategoryCodeInvalid(code);
        // Effect and log.
        $.codes[code] = true;
        $.categories[number] = Category({code: code, registeredAt: _now(), retiredAt: 0});
        $.categoryCount = next + 1;
        $.active |= _bit(number);
        emit CategoryRegistered(number, code);
    }

    /// @inheritdoc IStandardsRegistry
    function retireCategory(uint8 number) external restricted {
        StandardsStorage.Layout storage $ = StandardsStorage.layout();
        // Check: it is active.
        if (number >= CATEGORIES_MAX || $.active & _bit(number) == 0) revert CategoryNotActive(number);
        // Effect and log.
        $.active &= ~_bit(number);
        $.categories[number].retiredAt = _now();
        emit CategoryRetired(number, $.categories[number].code);
    }

    // ── code systems ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IStandardsRegistry
    function registerCodeSystem(
        string calldata url,
        string calldata version
    ) external restricted whenNotPaused returns (uint16 number) {
        StandardsStorage.Layout storage $ = StandardsStorage.layout();
        (bytes32 urlHash, bytes32 versionHash) = (keccak256(bytes(url)), keccak256(bytes(version)));
        // Check: two texts of bounded length, and a pair that is new.
        if (!_isText(url) || !_isText(version) || $.pairs[urlHash][versionHash]) revert CodeSystemInvalid(url, version);
        // Effect and log.
        number = $.codeSystemCount + 1;
        $.codeSystemCount = number;
        $.pairs[urlHash][versionHash] = true;
        $.codeSystems[number] = CodeSystem({
            urlHash: urlHash,
            versionHash: versionHash,
            registeredAt: _now(),
            retiredAt: 0
        });
        emit CodeSystemRegistered(number, url, version);
    }

    /// @inheritdoc IStandardsRegistry
    function retireCodeSystem(uint16 number) external restricted {
        StandardsStorage.Layout storage $ = StandardsStorage.layout();
        CodeSystem storage entry = $.codeSystems[number];
        // Check: it is active.
        if (entry.registeredAt == 0 || entry.retiredAt != 0) revert CodeSystemNotActive(number);
        // Effect and log.
        entry.retiredAt = _now();
        $.retired[uint8(number >> 8)] |= 1 << uint8(number);
        emit CodeSystemRetired(number);
    }

    // ── views ───────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @inheritdoc IStandardsRegistry
    function activeCategories() external view returns (uint32) {
        return StandardsStorage.layout().active;
    }

    /// @inheritdoc IStandardsRegistry
    function registeredCategories() external view returns (uint32) {
        return uint32((uint256(1) << StandardsStorage.layout().categoryCount) - 1);
    }

    /// @inheritdoc IStandardsRegistry
    function codeSystemCount() external view returns (uint16) {
        return StandardsStorage.layout().codeSystemCount;
    }

    /// @inheritdoc IStandardsRegistry
    function retiredCodeSystems(uint8 page) external view returns (uint256) {
        return StandardsStorage.layout().retired[page];
    }

    /// @inheritdoc IStandardsRegistry
    function categoryOf(uint8 number) external view returns (Category memory) {
        return StandardsStorage.layout().categories[number];
    }

    /// @inheritdoc IStandardsRegistry
    function codeSystemOf(uint16 number) external view returns (CodeSystem memory) {
        return StandardsStorage.layout().codeSystems[number];
    }

    /// @dev The bit of a category below 32.
    function _bit(uint8 number) private pure returns (uint32) {
        return uint32(1) << number;
    }

    function _isText(string calldata text) private pure returns (bool) {
        return bytes(text).length != 0 && bytes(text).length <= TEXT_MAX;
    }
}
