// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @notice What a dataset's consents allow researchers, in one word: bit n is the term DUO:00000nn, and what a term needs
/// stands above. Low to high: terms 48, publishFrom 16, months 16, region 16, institution 32, disease 32, researchType 32,
/// users 32, project 32. Zero allows nothing. See {DuoTerm} for each term's rule.
type DatasetTerms is uint256;

/// @notice What a requester states of a use, in a word of the same layout: a purpose's bit names the purpose, any other bit
/// says that the use keeps this term. What is not stated counts as not kept.
type RequestTerms is uint256;

/// @title IDataUse
/// @notice Decisions and errors of research consent by the GA4GH Data Use Ontology, see {DataUse}.
/// @custom:source GA4GH DUO, release 2021-02-23 (CC BY 4.0), https://github.com/EBISPOT/DUO
interface IDataUse {
    /// @notice How dataset terms answer a request.
    enum Decision {
        DatasetInvalid,
        RequestInvalid,
        Refused,
        Permitted
    }

    /// @notice A bit that stands for no term here: an unknown or abstract one, in a request also "no restriction", which is
    /// no purpose. `bits` are all of them. Fix: set bits of {DuoTerm} alone.
    error DuoTermUnknown(uint256 bits);

    /// @notice The dataset terms hold no permission. Fix: add one of NRES, GRU, HMB, DS and POA; modifiers alone allow nothing.
    error DuoPermissionMissing();

    /// @notice The request names no purpose. Fix: add at least one of GRU, HMB, DS, POA and CC.
    error DuoPurposeMissing();

    /// @notice Two terms exclude each other; both are numbers of DUO. Fix: leave one of them out.
    error DuoTermsContradict(uint8 term, uint8 other);

    /// @notice The term needs a parameter, which is zero. Fix: give the parameter that {DuoTerm} names.
    error DuoParameterMissing(uint8 term);

    /// @notice A parameter without its term. Fix: add the term or leave out the parameter.
    error DuoParameterStray(uint8 term);

    /// @notice No region has this number. Fix: use an ISO 3166-1 numeric or UN M49 code, or 900 to 999 for one's own.
    error DuoRegionOutOfRange(uint16 region);
}

/// @title DuoTerm
/// @notice The terms, by their number in DUO, and the rule of each. "States" means that the request has the same bit.
/// @dev A term's number is also its bit. DUO:0000001 and DUO:0000017 are headings: they tag nothing and have no bit here.
library DuoTerm {
    // ── permissions: a dataset has exactly one; in a request, purposes ──────────────────────────────────────────────
    /// @dev NRES. Every purpose is permitted and nothing is asked. No purpose of a request; stands with no modifier.
    /// @custom:source GA4GH DUO, DUO:0000004 no restriction
    uint8 internal constant NO_RESTRICTION = 4;

    /// @dev HMB. Permits the purposes HMB and DS; not GRU, which is wider, and not POA.
    /// @custom:source GA4GH DUO, DUO:0000006 health or medical or biomedical research
    uint8 internal constant BIOMEDICAL = 6;

    /// @dev DS. Permits the purpose DS, and clinical care where CC stands, when `disease` is the dataset's own.
    /// @custom:source GA4GH DUO, DUO:0000007 disease specific research
    uint8 internal constant DISEASE = 7;

    /// @dev POA. Permits the purpose POA and no other.
    /// @custom:source GA4GH DUO, DUO:0000011 population origins or ancestry research only
    uint8 internal constant ANCESTRY = 11;

    /// @dev GRU. Permits every research purpose: GRU, HMB, DS and POA.
    /// @custom:source GA4GH DUO, DUO:0000042 general research use
    uint8 internal constant GENERAL_RESEARCH = 42;

    // ── the modifier that adds a purpose ────────────────────────────────────────────────────────────────────────────
    /// @dev CC. Permits the purpose CC besides those of the permission; without it only NRES does.
    /// @custom:source GA4GH DUO, DUO:0000043 clinical care use
    uint8 internal constant CLINICAL_CARE = 43;

    // ── modifiers that restrict: the request states that its use lies within ────────────────────────────────────────
    /// @dev RS. The request states RS with the same `researchType`.
    /// @custom:source GA4GH DUO, DUO:0000012 research specific restrictions
    uint8 internal constant RESEARCH_TYPE = 12;

    /// @dev NMDS. The request states that it develops no methods.
    /// @custom:source GA4GH DUO, DUO:0000015 no general methods research
    uint8 internal constant NO_METHODS = 15;

    /// @dev GSO. The request states that it is a genetic study: of genotypes, alone or with phenotypes.
    /// @custom:source GA4GH DUO, DUO:0000016 genetic studies only
    uint8 internal constant GENETIC_STUDY = 16;

    /// @dev NPUNCU. The request states NPUNCU, or NPU and NCU.
    /// @custom:source GA4GH DUO, DUO:0000018 not for profit, non commercial use only
    uint8 internal constant NOT_FOR_PROFIT_NON_COMMERCIAL = 18;

    /// @dev GS. The request states GS with the same `region`: its use stays in there.
    /// @custom:source GA4GH DUO, DUO:0000022 geographical restriction
    uint8 internal constant REGION = 22;

    /// @dev TS. The request states TS with at most as many `months`.
    /// @custom:source GA4GH DUO, DUO:0000025 time limit on use
    uint8 internal constant TIME_LIMIT = 25;

    /// @dev US. The request states US with the same `users`.
    /// @custom:source GA4GH DUO, DUO:0000026 user specific restriction
    uint8 internal constant USERS = 26;

    /// @dev PS. The request states PS with the same `project`.
    /// @custom:source GA4GH DUO, DUO:0000027 project specific restriction
    uint8 internal constant PROJECT = 27;

    /// @dev IS. The request states IS with the same `institution`.
    /// @custom:source GA4GH DUO, DUO:0000028 institution specific restriction
    uint8 internal constant INSTITUTION = 28;

    /// @dev NPOA. POA is no purpose of the request, and one that names GRU states NPOA: the other purposes exclude ancestry.
    /// @custom:source GA4GH DUO, DUO:0000044 population origins or ancestry research prohibited
    uint8 internal constant NO_ANCESTRY = 44;

    /// @dev NPU. The request states NPU, or NPUNCU: the requester is a not-for-profit organisation.
    /// @custom:source GA4GH DUO, DUO:0000045 not for profit organisation use only
    uint8 internal constant NOT_FOR_PROFIT = 45;

    /// @dev NCU. The request states NCU, or NPUNCU: the use is not commercial.
    /// @custom:source GA4GH DUO, DUO:0000046 non-commercial use only
    uint8 internal constant NON_COMMERCIAL = 46;

    // ── modifiers that oblige: the request states that the requester accepts ────────────────────────────────────────
    /// @dev PUB. The request states PUB: results will be made available.
    /// @custom:source GA4GH DUO, DUO:0000019 publication required
    uint8 internal constant PUBLICATION = 19;

    /// @dev COL. The request states COL: the requester collaborates with the study's investigators.
    /// @custom:source GA4GH DUO, DUO:0000020 collaboration required
    uint8 internal constant COLLABORATION = 20;

    /// @dev IRB. The request states IRB: the requester has an ethics approval and hands in its document.
    /// @custom:source GA4GH DUO, DUO:0000021 ethics approval required
    uint8 internal constant ETHICS_APPROVAL = 21;

    /// @dev MOR. The request states MOR with a `publishFrom` that is no earlier.
    /// @custom:source GA4GH DUO, DUO:0000024 publication moratorium
    uint8 internal constant MORATORIUM = 24;

    /// @dev RTN. The request states RTN: derived data goes back to the source.
    /// @custom:source GA4GH DUO, DUO:0000029 return to database or resource
    uint8 internal constant RETURN = 29;
}
