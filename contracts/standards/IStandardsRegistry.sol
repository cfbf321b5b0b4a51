// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IDomain} from "../core/IDomain.sol";

/// @title IStandardsTypes
/// @notice Types, events and errors of {IStandardsRegistry}.
interface IStandardsTypes {
    /// @notice A data category: how coarsely a patient's data is told apart in consents and on record entries.
    /// @param code Short name in ASCII, left-aligned, such as "laboratory"; never a word that itself tells a diagnosis.
    /// @param registeredAt Unix seconds; 0 when the number is free.
    /// @param retiredAt Unix seconds; 0 while it is active. Rules and records that name it stay valid.
    struct Category {
        bytes32 code;
        uint32 registeredAt;
        uint32 retiredAt;
    }

    /// @notice One version of a code system.
    /// @param urlHash keccak256 of its canonical URL (FHIR `CodeSystem.url`).
    /// @param versionHash keccak256 of its version (FHIR `CodeSystem.version`).
    /// @param registeredAt Unix seconds; 0 when the number is free.
    /// @param retiredAt Unix seconds; 0 while it is active. Records that name it stay valid.
    struct CodeSystem {
        bytes32 urlHash;
        bytes32 versionHash;
        uint32 registeredAt;
        uint32 retiredAt;
    }

    /// @notice A category was registered.
    /// @param number Its bit in category masks, from 0 to 31; never given twice.
    event CategoryRegistered(uint8 indexed number, bytes32 code);

    /// @notice A category takes no new rules and records any more.
    event CategoryRetired(uint8 indexed number, bytes32 code);

    /// @notice A version of a code system was registered.
    /// @param number From 1, counted up; never given twice.
    event CodeSystemRegistered(uint16 indexed number, string url, string version);

    /// @notice A version of a code system takes no new records any more.
    event CodeSystemRetired(uint16 indexed number);

    /// @notice The number is not the next free one, or there are 32 categories. Fix: pass `next`; after 32, retire none but
    /// widen the word by an upgrade.
    error CategoryNumberInvalid(uint8 number, uint8 next);

    /// @notice The code is empty, or another category has it. Fix: name a new one.
    error CategoryCodeInvalid(bytes32 code);

    /// @notice No such category is active. Fix: see `activeCategories`.
    error CategoryNotActive(uint8 number);

    /// @notice The URL or the version is empty or longer than 255 bytes, or this pair is registered. Fix: pass the canonical URL
    /// and one exact version.
    error CodeSystemInvalid(string url, string version);

    /// @notice No such version is active. Fix: see `codeSystemOf`.
    error CodeSystemNotActive(uint16 number);
}

/// @title IStandardsRegistry
/// @notice What words mean here: the governed lists that every member's consents and records refer to by number.
interface IStandardsRegistry is IStandardsTypes, IDomain, IAccessManaged {
    /// @notice Register a data category. Caller: governance.
    /// @param number The next free number: a vote fails if another came first.
    /// @param code See {IStandardsTypes.Category}.
    function registerCategory(uint8 number, bytes32 code) external;

    /// @notice Take a category out of use for new rules and records. Caller: governance.
    function retireCategory(uint8 number) external;

    /// @notice Register one version of a code system. Caller: governance.
    function registerCodeSystem(string calldata url, string calldata version) external returns (uint16 number);

    /// @notice Take a version out of use for new records. Caller: governance.
    function retireCodeSystem(uint16 number) external;

    /// @notice Categories that may be used in new rules and records, one bit each.
    function activeCategories() external view returns (uint32 categories);

    /// @notice Categories that were ever registered, one bit each.
    function registeredCategories() external view returns (uint32 categories);

    /// @notice Number of versions registered, retired ones too: numbers run from 1 to it.
    function codeSystemCount() external view returns (uint16 count);

    /// @notice Numbers of the versions that were retired, one bit each.
    /// @param page Bit `i` of a page is number `page * 256 + i`.
    function retiredCodeSystems(uint8 page) external view returns (uint256 numbers);

    /// @notice A category; all zero when the number is free.
    function categoryOf(uint8 number) external view returns (Category memory);

    /// @notice A version of a code system; all zero when the number is free.
    function codeSystemOf(uint16 number) external view returns (CodeSystem memory);
}
