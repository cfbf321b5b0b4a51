// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.34;

/// @title Duties
/// @notice What an operator may do, one bit each, and which sector's members may hold it.
/// @dev Bits 0 to 7 are *professional*: such a duty counts only while a licensing authority licenses the same operator
/// for it, and its bit number is the index of its licence end in the operator's word. Bits never move.
library Duties {
    // ── professional: appointed by the member, licensed by an authority ─────────────────────────────────────────────
    /// @dev Write, replace and cancel prescriptions.
    uint32 internal constant PRESCRIBE = 1 << 0;
    /// @dev Check a prescription before it may be filled.
    uint32 internal constant REVIEW = 1 << 1;
    /// @dev Hand out medication and correct one's own member's records of it.
    uint32 internal constant DISPENSE = 1 << 2;
    /// @dev Administer vaccine doses.
    uint32 internal constant VACCINATE = 1 << 3;
    /// @dev Open a record in an emergency, reviewed afterwards.
    uint32 internal constant BREAK_GLASS = 1 << 4;

    // ── organisational: appointed by the member alone ───────────────────────────────────────────────────────────────
    /// @dev Ship, receive and count stock.
    uint32 internal constant HANDLE_STOCK = 1 << 8;
    /// @dev Quarantine and release stock by quality decision.
    uint32 internal constant QUALITY = 1 << 9;
    /// @dev Release a vaccine or drug lot before it moves (lot release).
    uint32 internal constant RELEASE_LOT = 1 << 10;
    /// @dev Recall a lot.
    uint32 internal constant RECALL = 1 << 11;
    /// @dev Anchor records and evidence.
    uint32 internal constant ANCHOR_RECORD = 1 << 12;
    /// @dev Record disclosures as custodian.
    uint32 internal constant DISCLOSE = 1 << 13;
    /// @dev File insurance claims.
    uint32 internal constant FILE_CLAIM = 1 << 14;
    /// @dev Decide insurance claims.
    uint32 internal constant ADJUDICATE = 1 << 15;
    /// @dev Sign sensor segments (devices).
    uint32 internal constant SENSE = 1 << 16;
    /// @dev Relay the signed acts of one's own member's professionals; lock and return prescriptions at the counter.
    uint32 internal constant SUBMIT = 1 << 17;
    /// @dev Grant and revoke licences for an authority.
    uint32 internal constant LICENSE = 1 << 18;
    /// @dev Supervise: suspend duties, halt prescriptions, review break-glass use.
    uint32 internal constant INSPECT = 1 << 19;

    /// @dev Keep consents as custodian: enrol patients, enter paper denies, replace lost keys, review break-glass use.
    uint32 internal constant CUSTODY = 1 << 20;

    /// @dev Receive other members' data. Nobody is appointed to it; it is listed so that a regulator can stop disclosures to a
    /// member at once.
    uint32 internal constant RECEIVE = 1 << 30;

    /// @dev What a member's admin key does: appoint, publish, open sites. Nobody is appointed to it; it is listed so that a
    /// regulator can suspend it when the admin key is compromised.
    uint32 internal constant ADMINISTER = 1 << 31;

    /// @dev All professional duties.
    uint32 internal constant PROFESSIONAL = PRESCRIBE | REVIEW | DISPENSE | VACCINATE | BREAK_GLASS;
    /// @dev All duties an operator can hold; a mask with any other bit is refused.
    uint32 internal constant ALL =
        PROFESSIONAL |
            HANDLE_STOCK |
            QUALITY |
            RELEASE_LOT |
            RECALL |
            ANCHOR_RECORD |
            DISCLOSE |
            FILE_CLAIM |
            ADJUDICATE |
            SENSE |
            SUBMIT |
            LICENSE |
            INSPECT |
            CUSTODY;

    /// @notice The duties that a member of these sectors may appoint operators to.
    /// @dev Authority over others (LICENSE, INSPECT, RELEASE_LOT) is the regulator's alone. Fixed in code, so that a
    /// change is a voted upgrade and not a setting.
    /// @param sectors Bit set of {Sectors}.
    /// @return duties Bit set of duties.
    function permittedTo(uint16 sectors) internal pure returns (uint32 duties) {
        if (sectors == 0) return 0;
        duties = SUBMIT | SENSE | ANCHOR_RECORD;
        if (sectors & Sectors.HOSPITAL != 0) {
            duties |=
                PRESCRIBE |
                REVIEW |
                DISPENSE |
                VACCINATE |
                BREAK_GLASS |
                HANDLE_STOCK |
                QUALITY |
                DISCLOSE |
                CUSTODY |
                FILE_CLAIM;
        }
        if (sectors & Sectors.PHARMACY != 0) {
            duties |= REVIEW | DISPENSE | VACCINATE | HANDLE_STOCK | QUALITY | DISCLOSE | CUSTODY | FILE_CLAIM;
        }
        if (sectors & Sectors.MANUFACTURER != 0) duties |= HANDLE_STOCK | QUALITY | RECALL;
        if (sectors & Sectors.DISTRIBUTOR != 0) duties |= HANDLE_STOCK | QUALITY;
        if (sectors & Sectors.VACCINATION_SITE != 0)
            duties |= VACCINATE | HANDLE_STOCK | QUALITY | DISCLOSE | CUSTODY | FILE_CLAIM;
        if (sectors & Sectors.LABORATORY != 0) duties |= QUALITY | DISCLOSE | CUSTODY | FILE_CLAIM;
        if (sectors & Sectors.INSURER != 0) duties |= ADJUDICATE | DISCLOSE | CUSTODY;
        if (sectors & Sectors.REGULATOR != 0) duties |= LICENSE | INSPECT | RELEASE_LOT | RECALL | QUALITY | REVIEW;
        if (sectors & Sectors.RESEARCH != 0) duties |= DISCLOSE | CUSTODY;
    }
}

/// @title Sectors
/// @notice What kind of organisation a member is; a member may be of several sectors.
library Sectors {
    uint16 internal constant HOSPITAL = 1 << 0;
    uint16 internal constant PHARMACY = 1 << 1;
    uint16 internal constant MANUFACTURER = 1 << 2;
    uint16 internal constant DISTRIBUTOR = 1 << 3;
    uint16 internal constant VACCINATION_SITE = 1 << 4;
    uint16 internal constant LABORATORY = 1 << 5;
    uint16 internal constant INSURER = 1 << 6;
    uint16 internal constant REGULATOR = 1 << 7;
    uint16 internal constant STANDARDS_BODY = 1 << 8;
    uint16 internal constant RESEARCH = 1 << 9;

    /// @dev All sectors there are; a mask with any other bit is refused.
    uint16 internal constant ALL = (1 << 10) - 1;
}
