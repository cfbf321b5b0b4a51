// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {DatasetTerms, DuoTerm, IDataUse, RequestTerms} from "./IDataUse.sol";

/// @title DataUse
/// @notice Research consent as pure functions of two words: what may be asked of a dataset. Total: every word gets an answer,
/// and one that breaks a rule gets no permission. Nothing is read, so a decision never changes by itself.
/// @dev Whether a statement is true is not seen here: the request is the requester's signed word
/// (docs/decisions/0010-research-terms.md).
library DataUse {
    uint256 private constant PUBLISH_FROM = 48;
    uint256 private constant MONTHS = 64;
    uint256 private constant REGION = 80;
    uint256 private constant INSTITUTION = 96;
    uint256 private constant DISEASE = 128;
    uint256 private constant RESEARCH_TYPE = 160;
    uint256 private constant USERS = 192;
    uint256 private constant PROJECT = 224;

    uint256 private constant TERMS_MASK = type(uint48).max;
    uint256 private constant PUBLISH_FROM_MASK = uint256(type(uint16).max) << PUBLISH_FROM;
    uint256 private constant MONTHS_MASK = uint256(type(uint16).max) << MONTHS;
    uint256 private constant REGION_MASK = uint256(type(uint16).max) << REGION;
    uint256 private constant INSTITUTION_MASK = uint256(type(uint32).max) << INSTITUTION;
    uint256 private constant DISEASE_MASK = uint256(type(uint32).max) << DISEASE;
    uint256 private constant RESEARCH_TYPE_MASK = uint256(type(uint32).max) << RESEARCH_TYPE;
    uint256 private constant USERS_MASK = uint256(type(uint32).max) << USERS;
    uint256 private constant PROJECT_MASK = uint256(type(uint32).max) << PROJECT;

    /// @dev Largest code of ISO 3166-1 numeric and UN M49.
    uint256 private constant LAST_REGION = 999;

    uint256 private constant NRES = 1 << DuoTerm.NO_RESTRICTION;
    uint256 private constant HMB = 1 << DuoTerm.BIOMEDICAL;
    uint256 private constant DS = 1 << DuoTerm.DISEASE;
    uint256 private constant POA = 1 << DuoTerm.ANCESTRY;
    uint256 private constant GRU = 1 << DuoTerm.GENERAL_RESEARCH;
    uint256 private constant CC = 1 << DuoTerm.CLINICAL_CARE;
    uint256 private constant NPOA = 1 << DuoTerm.NO_ANCESTRY;
    uint256 private constant NPUNCU = 1 << DuoTerm.NOT_FOR_PROFIT_NON_COMMERCIAL;
    uint256 private constant NPU_AND_NCU = (1 << DuoTerm.NOT_FOR_PROFIT) | (1 << DuoTerm.NON_COMMERCIAL);
    uint256 private constant RS = 1 << DuoTerm.RESEARCH_TYPE;
    uint256 private constant GS = 1 << DuoTerm.REGION;
    uint256 private constant MOR = 1 << DuoTerm.MORATORIUM;
    uint256 private constant TS = 1 << DuoTerm.TIME_LIMIT;
    uint256 private constant US = 1 << DuoTerm.USERS;
    uint256 private constant PS = 1 << DuoTerm.PROJECT;
    uint256 private constant IS = 1 << DuoTerm.INSTITUTION;

    uint256 private constant RESEARCH = GRU | HMB | DS | POA;
    uint256 private constant PERMISSIONS = NRES | RESEARCH;
    uint256 private constant PARAMETRIC = DS | RS | GS | MOR | TS | US | PS | IS;

    /// @dev Modifiers that the request must state; CC is none, it permits.
    uint256 private constant CONDITIONS =
        RS |
            (1 << DuoTerm.NO_METHODS) |
            (1 << DuoTerm.GENETIC_STUDY) |
            NPUNCU |
            (1 << DuoTerm.PUBLICATION) |
            (1 << DuoTerm.COLLABORATION) |
            (1 << DuoTerm.ETHICS_APPROVAL) |
            GS |
            MOR |
            TS |
            US |
            PS |
            IS |
            (1 << DuoTerm.RETURN) |
            NPOA |
            NPU_AND_NCU;

    /// @notice Why a word is none.
    enum Fault {
        None,
        TermUnknown,
        PermissionMissing,
        PurposeMissing,
        TermsContradict,
        ParameterMissing,
        ParameterStray,
        RegionOutOfRange
    }

    // ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Terms as bits, those that nobody knows included.
    function terms(DatasetTerms word) internal pure returns (uint48) {
        return uint48(DatasetTerms.unwrap(word));
    }

    function terms(RequestTerms word) internal pure returns (uint48) {
        return uint48(RequestTerms.unwrap(word));
    }

    /// @dev Whether the word has the term with this number.
    function has(DatasetTerms word, uint8 term) internal pure returns (bool) {
        return (uint256(terms(word)) >> term) & 1 != 0;
    }

    function has(RequestTerms word, uint8 term) internal pure returns (bool) {
        return (uint256(terms(word)) >> term) & 1 != 0;
    }

    /// @dev Months for which use is asked, 0 without TS.
    function months(RequestTerms word) internal pure returns (uint16) {
        return uint16(RequestTerms.unwrap(word) >> MONTHS);
    }

    /// @dev Months for which use is allowed, 0 for no limit.
    function months(DatasetTerms word) internal pure returns (uint16) {
        return uint16(DatasetTerms.unwrap(word) >> MONTHS);
    }

    /// @dev Member within which the data would be used, 0 without IS. The caller holds it against the member that asks.
    function institution(RequestTerms word) internal pure returns (uint32) {
        return uint32(RequestTerms.unwrap(word) >> INSTITUTION);
    }

    // ── validity ────────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Revert unless the word says what a dataset can: one permission, no contradiction, every parameter and no other.
    function validate(DatasetTerms word) internal pure {
        (Fault fault, uint256 value, uint8 other) = _faultOfDataset(DatasetTerms.unwrap(word));
        if (fault != Fault.None) _explain(fault, value, other);
    }

    /// @dev Revert unless the word says what a request can: a purpose, no contradiction, every parameter and no other.
    function validate(RequestTerms word) internal pure {
        (Fault fault, uint256 value, uint8 other) = _faultOfRequest(RequestTerms.unwrap(word));
        if (fault != Fault.None) _explain(fault, value, other);
    }

    // ── the decision ────────────────────────────────────────────────────────────────────────────────────────────────

    /// @dev Whether the dataset's terms permit what the request states. Refused by the permission first, then by CC, then by
    /// the modifier with the lowest number.
    /// @return decision What was decided.
    /// @return term Number in DUO of the first term that refuses; 0 unless refused.
    function decide(
        DatasetTerms dataset,
        RequestTerms request
    ) internal pure returns (IDataUse.Decision decision, uint8 term) {
        (uint256 given, uint256 asked) = (DatasetTerms.unwrap(dataset), RequestTerms.unwrap(request));
        (Fault fault, , ) = _faultOfDataset(given);
        if (fault != Fault.None) return (IDataUse.Decision.DatasetInvalid, 0);
        (fault, , ) = _faultOfRequest(asked);
        if (fault != Fault.None) return (IDataUse.Decision.RequestInvalid, 0);
        uint256 refusing = _refusingPermission(given, asked);
        if (refusing == 0) refusing = _refusingConditions(given, asked);
        if (refusing == 0) return (IDataUse.Decision.Permitted, 0);
        return (IDataUse.Decision.Refused, _lowest(refusing));
    }

    /// @dev The permission if it does not cover every purpose, or CC if that is what is missing; 0 when all are covered.
    function _refusingPermission(uint256 given, uint256 asked) private pure returns (uint256) {
        uint256 permission = given & PERMISSIONS;
        if (permission == NRES) return 0;
        // As DUO's classes nest: DS in HMB in GRU. Ancestry is a general research purpose and no biomedical one.
        uint256 covered = permission;
        if (permission == GRU) covered = RESEARCH;
        else if (permission == HMB) covered = HMB | DS;
        if (asked & RESEARCH & ~covered != 0) return permission;
        if (permission == DS && (given ^ asked) & DISEASE_MASK != 0) return permission;
        return asked & ~given & CC;
    }

    /// @dev The modifiers that the request does not keep.
    function _refusingConditions(uint256 given, uint256 asked) private pure returns (uint256 refusing) {
        uint256 stated = asked;
        if (asked & NPUNCU != 0) stated |= NPU_AND_NCU;
        else if (asked & NPU_AND_NCU == NPU_AND_NCU) stated |= NPUNCU;
        if (asked & (GRU | POA) == 0) stated |= NPOA;
        uint256 difference = given ^ asked;
        if (difference & RESEARCH_TYPE_MASK != 0) stated &= ~RS;
        if (difference & REGION_MASK != 0) stated &= ~GS;
        if (asked & PUBLISH_FROM_MASK < given & PUBLISH_FROM_MASK) stated &= ~MOR;
        if (asked & MONTHS_MASK > given & MONTHS_MASK) stated &= ~TS;
        if (difference & USERS_MASK != 0) stated &= ~US;
        if (difference & PROJECT_MASK != 0) stated &= ~PS;
        if (difference & INSTITUTION_MASK != 0) stated &= ~IS;
        return given & CONDITIONS & ~stated;
    }

    // ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────────

    function _faultOfDataset(uint256 word) private pure returns (Fault fault, uint256 value, uint8 other) {
        uint256 unknown = word & TERMS_MASK & ~(PERMISSIONS | CC | CONDITIONS);
        if (unknown != 0) return (Fault.TermUnknown, unknown, 0);
        uint256 permission = word & PERMISSIONS;
        if (permission == 0) return (Fault.PermissionMissing, 0, 0);
        uint256 further = permission & (permission - 1);
        if (further != 0) return (Fault.TermsContradict, _lowest(permission), _lowest(further));
        // No restriction is none; ancestry alone leaves no room for care, nor for no ancestry.
        uint256 excluded;
        if (permission == NRES) excluded = word & (CC | CONDITIONS);
        else if (permission == POA) excluded = word & (CC | NPOA);
        if (excluded != 0) return (Fault.TermsContradict, _lowest(permission), _lowest(excluded));
        (fault, value) = _faultOfParameters(word, word & PARAMETRIC, word & PARAMETRIC);
    }

    function _faultOfRequest(uint256 word) private pure returns (Fault fault, uint256 value, uint8 other) {
        uint256 unknown = word & TERMS_MASK & ~(RESEARCH | CC | CONDITIONS);
        if (unknown != 0) return (Fault.TermUnknown, unknown, 0);
        if (word & (RESEARCH | CC) == 0) return (Fault.PurposeMissing, 0, 0);
        if (word & (POA | NPOA) == POA | NPOA) {
            return (Fault.TermsContradict, DuoTerm.ANCESTRY, DuoTerm.NO_ANCESTRY);
        }
        // Care may be for a disease too: it then opens a dataset of that disease that allows care.
        uint256 allowed = word & PARAMETRIC;
        if (word & CC != 0) allowed |= DS;
        (fault, value) = _faultOfParameters(word, word & PARAMETRIC, allowed);
    }

    /// @param required Terms that need their parameter.
    /// @param allowed Terms that may have it.
    function _faultOfParameters(
        uint256 word,
        uint256 required,
        uint256 allowed
    ) private pure returns (Fault fault, uint256 value) {
        uint256 present;
        if (word & DISEASE_MASK != 0) present |= DS;
        if (word & RESEARCH_TYPE_MASK != 0) present |= RS;
        if (word & REGION_MASK != 0) present |= GS;
        if (word & PUBLISH_FROM_MASK != 0) present |= MOR;
        if (word & MONTHS_MASK != 0) present |= TS;
        if (word & USERS_MASK != 0) present |= US;
        if (word & PROJECT_MASK != 0) present |= PS;
        if (word & INSTITUTION_MASK != 0) present |= IS;
        if (required & ~present != 0) return (Fault.ParameterMissing, _lowest(required & ~present));
        if (present & ~allowed != 0) return (Fault.ParameterStray, _lowest(present & ~allowed));
        uint256 region = (word & REGION_MASK) >> REGION;
        if (region > LAST_REGION) return (Fault.RegionOutOfRange, region);
    }

    function _explain(Fault fault, uint256 value, uint8 other) private pure {
        if (fault == Fault.TermUnknown) revert IDataUse.DuoTermUnknown(value);
        if (fault == Fault.PermissionMissing) revert IDataUse.DuoPermissionMissing();
        if (fault == Fault.PurposeMissing) revert IDataUse.DuoPurposeMissing();
        if (fault == Fault.TermsContradict) revert IDataUse.DuoTermsContradict(uint8(value), other);
        if (fault == Fault.ParameterMissing) revert IDataUse.DuoParameterMissing(uint8(value));
        if (fault == Fault.ParameterStray) revert IDataUse.DuoParameterStray(uint8(value));
        revert IDataUse.DuoRegionOutOfRange(uint16(value));
    }

    /// @dev Number of the lowest bit; `bits` is not zero.
    function _lowest(uint256 bits) private pure returns (uint8) {
        return uint8(Math.log2(bits & (~bits + 1)));
    }
}
