import { CareLedgerError, type ErrorValues } from "./errors.ts";
import { dutyNames } from "./duties.ts";
import type { IssueType } from "./operationOutcome.ts";

/**
 * What an error says. `{name}` stands for a value, `{name|time}` for unix seconds as ISO 8601, `{name|day}` for days
 * since 1970-01-01, `{name|duties}` for a duty mask by names, `{name|units}` for thousandths as a decimal,
 * `{name|duo}` for a term's number as a CURIE of DUO.
 */
export interface ErrorEntry {
  /** What went wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** FHIR R4 issue type. */
  readonly issue: IssueType;
}

/** Every custom error of every contract, by name. A test holds this equal to the ABIs. */
export const contractErrors = {
  // ── every domain ──────────────────────────────────────────────────────────────────────────────────────────────
  DomainIsPaused: {
    message: "This part of the ledger is paused until {until|time}.",
    fix: "Wait until {until|time}, or ask a holder of the emergency role to resume it; returns, releases, cancellations and withdrawals of dispenses still work.",
    issue: "transient",
  },
  DomainPauseOutOfRange: {
    message: "A pause until {until|time} is past or longer than allowed.",
    fix: "Name a time after now and at most {latest|time}.",
    issue: "value",
  },
  DomainPauseTooSoon: {
    message: "The last pause is too recent to pause again.",
    fix: "Wait until {notBefore|time}, or let governance mend the cause.",
    issue: "business-rule",
  },
  DomainNotPaused: {
    message: "No pause stands.",
    fix: "Nothing to do: this part of the ledger works.",
    issue: "business-rule",
  },
  DomainExtensionInvalid: {
    message: "The extension {extension} has no code, or was made with other peers.",
    fix: "Deploy the extension first, with the same members and stock as the implementation.",
    issue: "processing",
  },
  DomainProxyBypassed: {
    message: "The contract at {body} is the body of another and takes no acts by itself.",
    fix: "Name the proxy's address in the network (see network.json of the deployment).",
    issue: "processing",
  },
  DomainTakesNoCoin: {
    message: "The contract takes none of the chain's coin; {sender} sent {value}.",
    fix: "Call a function of the contract, with no value.",
    issue: "business-rule",
  },
  DutyNotHeld: {
    message: "Operator {operator} of member {member} is not appointed to {duty|duties}.",
    fix: "The admin of member {member} appoints the operator to {duty|duties} (appointOperator).",
    issue: "forbidden",
  },
  DutyAppointmentEnded: {
    message: "The appointment of operator {operator} at member {member} ended at {appointedUntil|time}.",
    fix: "The admin of member {member} appoints the operator again (appointOperator).",
    issue: "expired",
  },
  DutySuspended: {
    message: "{duty|duties} of operator {operator} at member {member} is suspended.",
    fix: "Whoever suspended it, or governance, restores it (restoreOperator).",
    issue: "forbidden",
  },
  DutyNotPermitted: {
    message:
      "Member {member} may not exercise {duty|duties}: it is unknown or closed, or none of its sectors has it.",
    fix: "Check the member id; governance admits the member or changes its sectors.",
    issue: "forbidden",
  },
  DutySuspendedForMember: {
    message: "A regulator suspended {duty|duties} of member {member} until {suspendedUntil|time}.",
    fix: "Wait until {suspendedUntil|time}, or governance lifts the suspension (liftSuspension).",
    issue: "forbidden",
  },
  DutyLicenceLapsed: {
    message:
      "Operator {operator} of member {member} holds no valid licence for {duty|duties} (last day: {throughDay|day}).",
    fix: "A licensing authority licenses the operator for {duty|duties} (licenseOperator).",
    issue: "expired",
  },

  // ── members ───────────────────────────────────────────────────────────────────────────────────────────────────
  MemberNotActive: {
    message: "Member {member} is unknown or closed.",
    fix: "Check the member id; a closed member cannot act, its successor can.",
    issue: "not-found",
  },
  MemberIdUnavailable: {
    message: "Member id {member} is taken or zero.",
    fix: "Use the next free id (listMembers).",
    issue: "duplicate",
  },
  MemberFieldInvalid: {
    message: "Field {field} of member {member} is zero or has unknown bits.",
    fix: "Give {field} a value from the documented set.",
    issue: "value",
  },
  MemberAdminOnly: {
    message: "Only the admin key {admin} of member {member} may do this, not {caller}.",
    fix: "Send from {admin}.",
    issue: "forbidden",
  },
  MemberPendingAdminOnly: {
    message: "Only the proposed admin {pendingAdmin} of member {member} may accept, not {caller}.",
    fix: "Send from {pendingAdmin}, or let the admin propose another key (proposeAdmin).",
    issue: "forbidden",
  },
  MemberSuccessorInvalid: {
    message: "Member {successor} cannot succeed member {member}.",
    fix: "Close {member} first; name another, active member whose chain of successors does not lead back.",
    issue: "business-rule",
  },
  MemberPublicationSize: {
    message: "The published value of member {member} has {size} bytes.",
    fix: "Publish 1 to {longest} bytes.",
    issue: "too-long",
  },
  SiteNotOpen: {
    message: "Site {site} of member {member} is unknown or closed.",
    fix: "Use an open site of this member (listSites).",
    issue: "not-found",
  },
  SiteGlnInvalid: {
    message: "{gln} is no Global Location Number.",
    fix: "Pass 13 digits with a correct GS1 check digit.",
    issue: "value",
  },
  SiteGlnInUse: {
    message: "GLN {gln} belongs to open site {site} of member {member}.",
    fix: "Close that site first (closeSite); if its member took the number wrongly, governance revokes it (revokeSite).",
    issue: "duplicate",
  },
  SiteLimitReached: {
    message: "Member {member} already has {limit} sites.",
    fix: "Use one of its sites, or register the branch under another member of the group.",
    issue: "too-costly",
  },
  SiteAdoptionRefused: {
    message: "Member {member} is not the successor of member {from}, or {from} is not closed.",
    fix: "Governance closes {from} and names {member} its successor (nameSuccessor).",
    issue: "forbidden",
  },
  OperatorDutiesInvalid: {
    message: "Operator {operator} of member {member} cannot hold these duties (refused: {refused|duties}).",
    fix: "Name at least one duty and drop the refused ones; governance decides the member's sectors.",
    issue: "value",
  },
  OperatorAppointmentPast: {
    message: "The end {until|time} of operator {operator}'s appointment is not in the future.",
    fix: "Name a later end.",
    issue: "value",
  },
  OperatorKeyInvalid: {
    message: "The operator key is zero.",
    fix: "Pass the operator's address or 32-byte key.",
    issue: "value",
  },
  OperatorUnknown: {
    message: "Member {member} has not appointed operator {operator}.",
    fix: "Appoint it first (appointOperator), or check the key (listOperators).",
    issue: "not-found",
  },
  OperatorKeyInUse: {
    message:
      "Key {operator} already names an operator of member {member}, or once did in place of another key.",
    fix: "Use a fresh key.",
    issue: "duplicate",
  },
  OperatorKeyRetired: {
    message: "Key {operator} of member {member} was replaced and is retired for good.",
    fix: "Use the operator's current key (listOperators).",
    issue: "deleted",
  },
  OperatorReplacementUnsigned: {
    message: "Operator {operator} of member {member} did not sign its replacement by {replacement}.",
    fix: "Let the old key sign (signOperatorReplacement), or leave the signature out and have the licences given anew.",
    issue: "security",
  },
  OperatorSignatureExpired: {
    message: "The signature came after its deadline {deadline|time}.",
    fix: "Sign again with a later deadline.",
    issue: "expired",
  },
  BatchSizeInvalid: {
    message: "A batch of {size} is empty or too long.",
    fix: "Pass 1 to {longest} at a time.",
    issue: "too-long",
  },
  LicenceBeyondMask: {
    message: "Authority {authority} may not license {refused|duties}.",
    fix: "Drop the refused duties, or governance widens the authority's mask (setLicensingAuthority).",
    issue: "forbidden",
  },
  LicenceDayPast: {
    message: "The licence of operator {operator} would end on {throughDay|day}, before today ({today|day}).",
    fix: "Name today or a later day.",
    issue: "value",
  },
  LicenceOfOther: {
    message:
      "Authority {licensor} gave operator {operator} its licence for {duty|duties}, not authority {authority}.",
    fix: "Authority {licensor}, or its successor, renews or revokes it.",
    issue: "forbidden",
  },
  LicenceUnknown: {
    message: "No authority licensed operator {operator} of member {member} for {duty|duties}.",
    fix: "Check the key (listOperators) and name only duties that it is licensed for (getOperator).",
    issue: "not-found",
  },
  LicenceOfOwn: {
    message:
      "Authority {authority} may not license operators of member {member}: they are of one controlling group.",
    fix: "Another authority licenses them: two keys, two organisations.",
    issue: "forbidden",
  },
  SuspensionOfOther: {
    message: "The suspension of operator {operator} of member {member} is regulator {suspender}'s.",
    fix: "Regulator {suspender}, or governance, restores it.",
    issue: "forbidden",
  },
  SuspensionOfRegulator: {
    message: "Member {member} is a regulator and cannot be suspended by another.",
    fix: "Governance decides about regulators.",
    issue: "forbidden",
  },
  SuspensionOutOfRange: {
    message: "A suspension until {until|time} is past or too long.",
    fix: "Name an end after now and at most {latest|time}.",
    issue: "value",
  },
  SuspensionRepeated: {
    message: "Member {member} is under a suspension for {cause} that governance has not answered yet.",
    fix: "Ask governance to ratify or lift it (ratifySuspension, liftSuspension).",
    issue: "business-rule",
  },
  SuspensionUnknown: {
    message: "No suspension of member {member} for {cause} awaits ratification.",
    fix: "Check the cause.",
    issue: "not-found",
  },
  SuspensionRateExceeded: {
    message: "Regulator {regulator} has spent its suspensions for this period.",
    fix: "Wait until {notBefore|time}, or ask governance.",
    issue: "throttled",
  },
  VotesNotYetKnown: {
    message: "Votes at {timepoint|time} are not known yet.",
    fix: "Ask for a second before {current|time}.",
    issue: "value",
  },
  SuspensionCauseMissing: {
    message: "The suspension of member {member} names no cause.",
    fix: "Name a cause other than Unspecified.",
    issue: "required",
  },

  // ── prescriptions ─────────────────────────────────────────────────────────────────────────────────────────────
  PrescriptionBatchSizeInvalid: {
    message: "A batch of {size} prescriptions is empty or too long.",
    fix: "Pass 1 to {longest} at a time.",
    issue: "too-long",
  },
  PrescriptionTermInvalid: {
    message: "Term {field} of prescription {prescription} is out of range.",
    fix: "Give {field} a value in its documented range.",
    issue: "value",
  },
  PrescriptionWindowInvalid: {
    message:
      "The window from {validFrom|time} to {validUntil|time} of prescription {prescription} is empty, over or too long.",
    fix: "Name a window that ends after now and at most at {latest|time}.",
    issue: "value",
  },
  PrescriptionEphemeralKeyInvalid: {
    message: "The ephemeral key of prescription {prescription} is no compressed point.",
    fix: "Use the prefix 0x02 or 0x03 and a non-zero X.",
    issue: "value",
  },
  PrescriptionAlreadyIssued: {
    message: "Prescription {prescription} was issued before.",
    fix: "Nothing to do: it stands. A second prescription needs a fresh holder key.",
    issue: "duplicate",
  },
  PrescriptionUnknown: {
    message: "No prescription with exactly these terms was issued ({prescription}).",
    fix: "Pass the terms as they stand in PrescriptionIssued (getPrescription).",
    issue: "not-found",
  },
  PrescriptionStatusWrong: {
    message: "Prescription {prescription} is {status} and does not allow this.",
    fix: "Read its state (getPrescription); a final one stays as it is.",
    issue: "business-rule",
  },
  PrescriptionCancellationEffective: {
    message: "Prescription {prescription} is cancelled: the cancellation took effect when its lock ended.",
    fix: "The prescriber issues a new one if it is still needed.",
    issue: "deleted",
  },
  PrescriptionCancellationPending: {
    message: "A cancellation of prescription {prescription} waits for the end of its lock.",
    fix: "Wait; nothing else is to be ordered.",
    issue: "duplicate",
  },
  PrescriptionHalted: {
    message:
      "Regulator {regulator} halted the prescriptions issued since {since|time}, {prescription} among them.",
    fix: "Ask regulator {regulator}; a prescriber may issue a new one.",
    issue: "suppressed",
  },
  PrescriptionNotYetValid: {
    message: "Prescription {prescription} is valid from {validFrom|time}.",
    fix: "Wait until {validFrom|time}.",
    issue: "business-rule",
  },
  PrescriptionExpired: {
    message: "Prescription {prescription} was valid until {validUntil|time}.",
    fix: "The prescriber issues a new one.",
    issue: "expired",
  },
  PrescriptionLocked: {
    message:
      "Prescription {prescription} is locked by site {site} of member {member} until {lockedUntil|time}.",
    fix: "Wait until {lockedUntil|time}, or that pharmacy returns it, or the holder releases the unused lock.",
    issue: "lock-error",
  },
  PrescriptionLockNotHeld: {
    message:
      "Site {site} of member {member} does not hold live lock {lockCount} of prescription {prescription}.",
    fix: "Read the state and accept again with the holder's authorisation.",
    issue: "lock-error",
  },
  PrescriptionLockUsed: {
    message: "Something was dispensed under lock {lockCount} of prescription {prescription}.",
    fix: "Only the pharmacy may return it now (returnPrescription).",
    issue: "lock-error",
  },
  PrescriptionLockOutOfRange: {
    message: "A lock of prescription {prescription} until {lockedUntil|time} is past or too long.",
    fix: "Lock until a time after now and at most {latest|time}.",
    issue: "value",
  },
  PrescriptionLockCountWrong: {
    message:
      "The authorisation names lock {lockCount} of prescription {prescription}, the next one is {expected}.",
    fix: "Read the state and let the holder sign for lock {expected}.",
    issue: "conflict",
  },
  PrescriptionLocksExhausted: {
    message: "The lock counter of prescription {prescription} is spent.",
    fix: "The prescriber replaces the prescription (replacePrescription).",
    issue: "too-costly",
  },
  PrescriptionSiteNotOpen: {
    message: "Site {site} of member {member} is unknown or closed.",
    fix: "Use an open site of the member (listSites).",
    issue: "not-found",
  },
  PrescriptionHolderSignatureInvalid: {
    message: "The key of {signer} signed for prescription {prescription}, not its holder key {holder}.",
    fix: "Let the holder key sign again for this prescription, site and lock counter.",
    issue: "security",
  },
  PrescriptionPrescriberMismatch: {
    message: "Order {prescription} names prescriber {prescriber}, but {signer} sent or signed it.",
    fix: "The prescriber named in the terms sends or signs the order, unchanged.",
    issue: "security",
  },
  SignatureExpired: {
    message: "The signature came after its deadline {deadline|time}.",
    fix: "Sign again with a later deadline.",
    issue: "expired",
  },
  SignatureDeadlineTooFar: {
    message: "The signature's deadline {deadline|time} lies too far ahead.",
    fix: "Sign with a deadline at most {latest|time}.",
    issue: "value",
  },
  SignatureMalformed: {
    message: "The signature is malformed.",
    fix: "Pass r and vs of an ERC-2098 signature, as the SDK's sign functions make them.",
    issue: "security",
  },
  PrescriptionIssuerOnly: {
    message: "Prescription {prescription} belongs to issuer {issuer}, not to member {member}.",
    fix: "An operator of member {issuer}, or of its successor, acts.",
    issue: "forbidden",
  },
  PrescriptionReviewerInvalid: {
    message: "Member {reviewer}, named to review prescription {prescription}, may not review.",
    fix: "Name an active member whose sectors have the REVIEW duty, or 0 when no review is asked for.",
    issue: "value",
  },
  PrescriptionReviewerOnly: {
    message: "Prescription {prescription} is reviewed by member {reviewer}, not by member {member}.",
    fix: "A pharmacist of member {reviewer}, or of its successor, reviews it.",
    issue: "forbidden",
  },
  PrescriptionSelfReview: {
    message: "Operator {operator} prescribed {prescription} and may not review it.",
    fix: "Another pharmacist reviews it.",
    issue: "forbidden",
  },
  PrescriptionOutcomeMissing: {
    message: "The review of prescription {prescription} names no outcome.",
    fix: "Name an outcome other than Unspecified.",
    issue: "required",
  },
  PrescriptionFillWrong: {
    message: "Fill {fill} of prescription {prescription} is not the one that can be locked or dispensed now.",
    fix: "Use fill {expected}.",
    issue: "business-rule",
  },
  PrescriptionIntervalRunning: {
    message: "Fill {fill} of prescription {prescription} may not open before {notBefore|time}.",
    fix: "Wait until {notBefore|time}, or dispense a part of the current fill.",
    issue: "business-rule",
  },
  PrescriptionUnitsExceeded: {
    message:
      "{units|units} units were asked of fill {fill} of prescription {prescription}, {unitsLeft|units} are left.",
    fix: "Dispense more than zero and at most {unitsLeft|units} units.",
    issue: "business-rule",
  },
  PrescriptionOrdinalWrong: {
    message: "Dispense {ordinal} of prescription {prescription} is not the next one.",
    fix: "Read the state: it was recorded before, or another came first; sign again with ordinal {expected}.",
    issue: "conflict",
  },
  PrescriptionOrdinalsExhausted: {
    message: "All dispenses of prescription {prescription} are numbered.",
    fix: "The prescriber replaces the prescription (replacePrescription).",
    issue: "too-costly",
  },
  PrescriptionHandoverOutOfRange: {
    message: "The hand-over at {handedOverAt|time} of prescription {prescription} cannot be entered.",
    fix: "Name a time from {earliest|time} to {latest|time}.",
    issue: "value",
  },
  PrescriptionFillNotOpen: {
    message: "Fill {fill} of prescription {prescription} was not begun, or nothing is left of it.",
    fix: "Return the lock instead (returnPrescription).",
    issue: "business-rule",
  },
  DispenseUnknown: {
    message: "Prescription {prescription} has no dispense {ordinal}.",
    fix: "Pass an ordinal from PrescriptionDispensed (getPrescriptionHistory).",
    issue: "not-found",
  },
  DispenseStockWrong: {
    message: "What was passed is not the stock that dispense {ordinal} of prescription {prescription} took.",
    fix: "Pass the dispense's own stock argument, as its transaction has it, or none where it named none.",
    issue: "value",
  },
  DispenseAlreadyWithdrawn: {
    message: "Dispense {ordinal} of prescription {prescription} was withdrawn already.",
    fix: "Nothing to do: it stands withdrawn.",
    issue: "duplicate",
  },
  DispenseOfOther: {
    message: "Dispense {ordinal} of prescription {prescription} was recorded by member {member}.",
    fix: "An operator of member {member}, or of its successor, withdraws it.",
    issue: "forbidden",
  },
  DispenseFinal: {
    message: "Dispense {ordinal} of prescription {prescription} could be withdrawn until {until|time}.",
    fix: "None on chain: the record is final; correct it in the pharmacy's own books.",
    issue: "expired",
  },
  DispenseIsClaimed: {
    message: "Dispense {ordinal} of prescription {prescription} is claimed from an insurer.",
    fix: "Reverse the claim first.",
    issue: "conflict",
  },
  DispenseNotClaimed: {
    message: "Dispense {ordinal} of prescription {prescription} is not claimed.",
    fix: "Check the ordinal; there is no claim to reverse.",
    issue: "conflict",
  },
  DispenseIsClosing: {
    message: "Entry {ordinal} of prescription {prescription} closes a fill: nothing was handed over.",
    fix: "Claim a dispense.",
    issue: "business-rule",
  },
  DispenseReasonMissing: {
    message: "The withdrawal of dispense {ordinal} of prescription {prescription} names no reason.",
    fix: "Name a reason other than Unspecified.",
    issue: "required",
  },
  DispenseStockUnsupported: {
    message:
      "Stock was passed with a dispense of prescription {prescription}, but no stock registry is connected.",
    fix: "Leave stock empty.",
    issue: "not-supported",
  },
  HaltInvalid: {
    message: "A halt of issuer {issuer} since {since|time} for {reason} cannot be ordered.",
    fix: "Name a past or present second and a reason other than Unspecified.",
    issue: "value",
  },
  HaltNarrowed: {
    message:
      "A halt of issuer {issuer}, prescriber {prescriber} stands since {since|time}; it cannot be narrowed.",
    fix: "Name {since|time} or earlier, or let regulator {regulator} or governance lift it first.",
    issue: "conflict",
  },
  HaltOfOther: {
    message: "The halt of issuer {issuer}, prescriber {prescriber} is regulator {regulator}'s.",
    fix: "Regulator {regulator}, or governance, lifts it (liftHalt).",
    issue: "forbidden",
  },
  HaltRateExceeded: {
    message: "Regulator {regulator} has spent its halts for this period.",
    fix: "Wait until {notBefore|time}, or ask governance.",
    issue: "throttled",
  },
  HaltUnknown: {
    message: "No halt stands for issuer {issuer}, prescriber {prescriber}.",
    fix: "Check issuer and prescriber.",
    issue: "not-found",
  },

  // ── records ───────────────────────────────────────────────────────────────────────────────────────────────────
  RecordTermInvalid: {
    message: "The term {field} of the record is out of range.",
    fix: "Give a holder and a commitment, and a reuse window that ends after now and within 366 days; a batch names the hash of its announcements.",
    issue: "value",
  },
  RecordStandardUnknown: {
    message: "Category {category} or code system {codeSystem} is unknown or retired.",
    fix: "Use ones that are active; if they are new in StandardsRegistry, anybody calls refreshStandards first.",
    issue: "code-invalid",
  },
  RecordEphemeralKeyInvalid: {
    message: "The ephemeral key of the record is no compressed point.",
    fix: "Use the prefix 0x02 or 0x03 and a non-zero X.",
    issue: "value",
  },
  RecordAlreadyAnchored: {
    message: "Record {record} was anchored before.",
    fix: "Nothing to do: it stands.",
    issue: "duplicate",
  },
  RecordUnknown: {
    message: "No record {record} was anchored, or not where the origin says.",
    fix: "Pass the terms exactly as anchored, and the batch's root and proof if it came in one.",
    issue: "not-found",
  },
  RecordStatusWrong: {
    message: "Record {record} is {status}.",
    fix: "Read how it stands; what was superseded or retracted never comes back.",
    issue: "conflict",
  },
  RecordOfOther: {
    message: "Member {member} is neither custodian {custodian} of record {record} nor its successor.",
    fix: "Ask member {custodian}.",
    issue: "forbidden",
  },
  RecordBatchInvalid: {
    message: "A batch of {count} records with the root {root} is empty, too long, or has no root.",
    fix: "Anchor between 1 and 1,048,576 records at a time.",
    issue: "value",
  },
  RecordBatchAlreadyAnchored: {
    message: "Member {custodian} anchored the batch {root} before.",
    fix: "Nothing to do: it stands.",
    issue: "duplicate",
  },
  RecordReasonMissing: {
    message: "No reason is given for record {record}.",
    fix: "Give one.",
    issue: "required",
  },
  RecordRepeatKnown: {
    message: "Member {member} gave a reason for repeating record {record} before.",
    fix: "Nothing to do: it stands.",
    issue: "duplicate",
  },
  RecordNotReusable: {
    message:
      "The result of record {record} may not stand in any more; its window ended at {reusableUntil|time}.",
    fix: "Order the test: a repeat needs no reason now.",
    issue: "business-rule",
  },
  ReferralTermInvalid: {
    message: "The term {field} of the referral is out of range.",
    fix: "Ask another, active member; give a commitment, an end after now and within a year, and, when it is completed, an outcome.",
    issue: "value",
  },
  ReferralReferrerMismatch: {
    message: "Referral {referral} names {referrer} as its referrer; {operator} sent or signed it.",
    fix: "Let the referrer send or sign exactly these terms.",
    issue: "security",
  },
  ReferralAlreadyProposed: {
    message: "Referral {referral} was proposed before.",
    fix: "Nothing to do: read how it stands.",
    issue: "duplicate",
  },
  ReferralUnknown: {
    message: "No referral {referral} was proposed.",
    fix: "Pass the terms exactly as proposed.",
    issue: "not-found",
  },
  ReferralStatusWrong: {
    message: "Referral {referral} is {status}.",
    fix: "Read how it stands.",
    issue: "conflict",
  },
  ReferralOfOther: {
    message: "Member {member} is neither member {expected} of referral {referral} nor its successor.",
    fix: "Act for member {expected}.",
    issue: "forbidden",
  },
  ReferralExpired: {
    message: "The time of referral {referral} ended at {validUntil|time}.",
    fix: "Propose another.",
    issue: "expired",
  },
  ReferralReasonMissing: {
    message: "No reason is given for referral {referral}.",
    fix: "Give one.",
    issue: "required",
  },

  // ── standards ─────────────────────────────────────────────────────────────────────────────────────────────────
  CategoryNumberInvalid: {
    message: "Category {number} is not the next, which is {next}, or there are 32.",
    fix: "Propose again with {next}; after 32, widen the word by an upgrade.",
    issue: "conflict",
  },
  CategoryCodeInvalid: {
    message: "The category code {code} is empty or taken.",
    fix: "Name a new one.",
    issue: "duplicate",
  },
  CategoryNotActive: {
    message: "No category {number} is active.",
    fix: "See which are active.",
    issue: "not-found",
  },
  CodeSystemInvalid: {
    message:
      "The code system {url} in version {version} is registered, or a text is empty or longer than 255 bytes.",
    fix: "Pass the canonical URL and one exact version that is new.",
    issue: "value",
  },
  CodeSystemNotActive: {
    message: "No code system {number} is active.",
    fix: "See which are active.",
    issue: "not-found",
  },

  // ── consents: signatures ──────────────────────────────────────────────────────────────────────────────────────
  ConsentSignatureInvalid: {
    message: "The signature is not by the key {expected} over exactly this content, chain and contract.",
    fix: "Let the holder of {expected} sign what the matching prepare function gives, and relay it unchanged.",
    issue: "security",
  },
  ConsentVerifierUnknown: {
    message: "The verifier {verifier} of the signer is none of the network's.",
    fix: "Make the signer with `network.verifiers.p256` or `network.verifiers.webAuthn`.",
    issue: "security",
  },
  ConsentVersionStale: {
    message:
      "The signature is for version {version}; {current} stands: it was relayed before, or something newer came first.",
    fix: "Prepare it again, which reads version {current}, and let the patient sign anew.",
    issue: "conflict",
  },
  ConsentEpochStale: {
    message: "The signature is for epoch {epoch}; since then the patient revoked all, and {current} stands.",
    fix: "Ask the patient; if it is still wanted, prepare and sign it anew.",
    issue: "conflict",
  },

  // ── consents: subjects ────────────────────────────────────────────────────────────────────────────────────────
  SubjectUnknown: {
    message: "No such subject is enrolled.",
    fix: "Check the subject id; its custodian enrols the patient (enrolSubject).",
    issue: "not-found",
  },
  SubjectAlreadyEnrolled: {
    message: "This signer is enrolled with this custodian under this salt already.",
    fix: "Nothing to do: use the subject that stands.",
    issue: "duplicate",
  },
  EnrolmentInvalid: {
    message: "Field {field} of the enrolment is out of range.",
    fix: "Give a key or a guardian, two different ones, and with a guardian an end within 20 years.",
    issue: "value",
  },
  SubjectOfOther: {
    message: "The subject is kept by member {custodian}, not by member {member}.",
    fix: "Act for member {custodian} or its successor.",
    issue: "forbidden",
  },
  SubjectKeyInvalid: {
    message: "The key {key} is zero or the one that stands, or the changes of this key are spent.",
    fix: "Pass another key; after eight million changes enrol the patient anew.",
    issue: "value",
  },
  ReplacementUnknown: {
    message: "No new key is proposed for this subject.",
    fix: "Custodian and delegate propose one first (proposeSubjectKey).",
    issue: "not-found",
  },
  ReplacementPending: {
    message: "The key {key} is proposed for this subject already.",
    fix: "Wait until it is adopted, or withdraw it (withdrawSubjectKey).",
    issue: "conflict",
  },
  ReplacementLapsed: {
    message: "The proposed key lapsed at {lapsedAt|time}.",
    fix: "Withdraw it (withdrawSubjectKey), or propose it anew (proposeSubjectKey).",
    issue: "expired",
  },
  ReplacementTooSoon: {
    message:
      "The proposed key may be adopted from {effectiveFrom|time} on; until then the old key may object.",
    fix: "Wait until {effectiveFrom|time}.",
    issue: "business-rule",
  },

  // ── consents: rules ───────────────────────────────────────────────────────────────────────────────────────────
  ConsentRuleInvalid: {
    message: "Field {field} of the rule is out of range.",
    fix: "Give {field} a value as documented: one member or one class, some categories and purposes, a window that is not over; BTG stands alone in a denial and in no permit.",
    issue: "value",
  },
  ConsentCategoryUnknown: {
    message: "Some data categories (mask {unknown}) are not known to the ConsentRegistry.",
    fix: "Name registered ones (listCategories); after a new one was registered call refreshCategories.",
    issue: "code-invalid",
  },
  SubjectKeyContested: {
    message:
      "A new key is proposed for this subject: the one that stands can deny and revoke, but neither permit nor appoint.",
    fix: "Refuse the proposal with the old key (refuseSubjectKey), or wait for its end.",
    issue: "business-rule",
  },
  ConsentBatchInvalid: {
    message: "The batch has {size} rules, or they are not all of one subject and one signer.",
    fix: "Pass 1 to {longest} rules of one subject, signed by one key.",
    issue: "value",
  },
  DelegateExceeds: {
    message: "Delegation {delegate} ended, or its {field} does not allow this.",
    fix: "Let the patient sign, or let it widen the delegation (appointDelegate).",
    issue: "forbidden",
  },
  ConsentRuleOfSubject: {
    message: "What stands under number {number} was not set under this delegation.",
    fix: "Use another number from 4 to 7, or let the patient sign.",
    issue: "forbidden",
  },
  ConsentVersionsExhausted: {
    message: "The versions of rule number {number} are spent.",
    fix: "Use another number.",
    issue: "business-rule",
  },
  DelegationInvalid: {
    message: "Field {field} of the delegation is out of range.",
    fix: "Give a number from 1 to 8, a key other than the patient's, some powers, categories and purposes, and an end within 5 years.",
    issue: "value",
  },
  ConsentRuleUnknown: {
    message: "Nothing stands under number {number} that this signer could end.",
    fix: "Nothing to do: see listRules for what stands.",
    issue: "not-found",
  },
  DelegateRequired: {
    message: "The patient has a key, or a delegation still runs: a delegate must agree to a new key.",
    fix: "Let a delegate with the power RECOVER sign (prepareKeyRecovery with `delegate`).",
    issue: "forbidden",
  },

  // ── consents: disclosure and break-glass ──────────────────────────────────────────────────────────────────────
  DisclosureNotPermitted: {
    message: "No rule lets member {grantee} see category {category} for purpose {purpose} now: {ruling}.",
    fix: "Ask the patient for consent; in an emergency, break the glass (breakGlass).",
    issue: "forbidden",
  },
  DisclosureInvalid: {
    message: "Field {field} of the disclosure is out of range.",
    fix: "Name a category, a purpose, a commitment that is not zero and a grantee other than the custodian; record disclosures by break-glass one by one.",
    issue: "value",
  },
  DisclosureBatchSizeInvalid: {
    message: "The batch has {size} disclosures.",
    fix: "Pass 1 to {longest} at once.",
    issue: "value",
  },
  DisclosureBatchRecorded: {
    message: "Member {custodian} recorded a batch with this root before.",
    fix: "Nothing to do: it stands.",
    issue: "duplicate",
  },
  BreakGlassUnknown: {
    message: "No use of break-glass {id} was opened.",
    fix: "A BREAK_GLASS professional opens one first (breakGlass).",
    issue: "not-found",
  },
  BreakGlassTicketUsed: {
    message: "This professional used this ticket before: break-glass {id}.",
    fix: "Go on with {id}, or make a fresh ticket (createBreakGlassTicket).",
    issue: "duplicate",
  },
  BreakGlassInvalid: {
    message: "Field {field} of the break-glass is out of range.",
    fix: "Name a ticket, a reason and an active custodian.",
    issue: "value",
  },
  BreakGlassMismatch: {
    message: "Break-glass {id} does not allow this disclosure: its {field} is another, or its time is over.",
    fix: "Compare with getBreakGlass; for another patient, or after 24 hours, open another one.",
    issue: "forbidden",
  },
  BreakGlassDenied: {
    message: "The patient denied emergency access to this member in so many words.",
    fix: "Treat without these records, or ask the patient to revoke the denial of BTG.",
    issue: "suppressed",
  },
  BreakGlassSuspended: {
    message:
      "A use of break-glass by operator {operator} of member {member} was not reviewed until {dueAt|time}; the duty is suspended.",
    fix: "The custodian or a regulator reviews the use that is overdue (reviewBreakGlass), which restores the duty.",
    issue: "forbidden",
  },
  BreakGlassAlreadyReviewed: {
    message: "Break-glass {id} is {status}: it is no longer open for this.",
    fix: "See getBreakGlass; for a further disclosure open another one.",
    issue: "conflict",
  },
  BreakGlassNotOverdue: {
    message: "Break-glass {id} gave no access, was reviewed or escalated, or may wait until {dueAt|time}.",
    fix: "See getBreakGlass; escalate it from {dueAt|time} on.",
    issue: "business-rule",
  },
  BreakGlassReviewerInvalid: {
    message:
      "Member {reviewer} may not review break-glass {id}: it is the actor's or of its group, or neither the custodian nor a regulator.",
    fix: "Let the custodian or a regulator outside the actor's group review it.",
    issue: "forbidden",
  },
  BreakGlassOutcomeMissing: {
    message: "The review of break-glass {id} has no outcome.",
    fix: "Pass Justified or Unjustified.",
    issue: "required",
  },
  // ── research ──────────────────────────────────────────────────────────────────────────────────────────────────
  DatasetAlreadyRegistered: {
    message: "Dataset {dataset} was registered before.",
    fix: "Nothing to do; amend it (amendDataset), or commit with a fresh salt.",
    issue: "duplicate",
  },
  DatasetUnknown: {
    message: "No dataset {dataset} is registered.",
    fix: "Check custodian and commitment (datasetIdOf).",
    issue: "not-found",
  },
  DatasetIsRetired: {
    message: "Dataset {dataset} was retired at {retiredAt|time}.",
    fix: "The custodian registers a new one (registerDataset).",
    issue: "expired",
  },
  DatasetOfOther: {
    message: "Dataset {dataset} is member {custodian}'s, not member {member}'s.",
    fix: "Act for member {custodian}, or for the successor that governance named.",
    issue: "forbidden",
  },
  DatasetVersionStale: {
    message: "Version {version} of dataset {dataset} does not stand; version {current} does.",
    fix: "Read version {current} (getDataset), and amend that.",
    issue: "conflict",
  },
  ResearchCommitmentMissing: {
    message: "The commitment is zero.",
    fix: "Commit to the description with a random salt (commitDocument).",
    issue: "required",
  },
  AccessRefused: {
    message: "Dataset {dataset} does not allow what was stated: {term|duo} refuses.",
    fix: "See what {term|duo} asks (`DUO_TERMS`, `rule`), and state it if it is true.",
    issue: "forbidden",
  },
  AccessInstitutionOfOther: {
    message: "The request says that the use stays within member {institution}, but member {member} asks.",
    fix: "Name member {member}, or the closed member whose successor it is.",
    issue: "forbidden",
  },
  AccessBarred: {
    message: "The custodian withdrew an access of member {member} to dataset {dataset}.",
    fix: "Settle it with the custodian, which readmits the member (readmitResearcher).",
    issue: "forbidden",
  },
  AccessAlreadyPermitted: {
    message: "Access {access} was permitted before.",
    fix: "Nothing to do; for a new approval commit with a fresh salt.",
    issue: "duplicate",
  },
  AccessUnknown: {
    message: "Access {access} was never permitted.",
    fix: "Pass exactly what was asked for (getAccess).",
    issue: "not-found",
  },
  AccessAlreadyWithdrawn: {
    message: "Access {access} was withdrawn at {withdrawnAt|time}.",
    fix: "Nothing to do.",
    issue: "duplicate",
  },
  AccessReasonMissing: {
    message: "The withdrawal of access {access} names no reason.",
    fix: "Name one.",
    issue: "required",
  },
  ResearcherNotBarred: {
    message: "Nothing keeps member {member} from asking for dataset {dataset}.",
    fix: "Nothing to do.",
    issue: "business-rule",
  },
  DuoTermUnknown: {
    message: "The word of research terms has bits that stand for no term ({bits}).",
    fix: "Make the word of CURIEs (dataUseOf, dataUseRequestOf).",
    issue: "code-invalid",
  },
  DuoPermissionMissing: {
    message: "The dataset's terms hold no permission, so nothing is allowed.",
    fix: "Add one of DUO:0000004, DUO:0000006, DUO:0000007, DUO:0000011 and DUO:0000042.",
    issue: "required",
  },
  DuoPurposeMissing: {
    message: "The request names no purpose.",
    fix: "Add at least one of DUO:0000006, DUO:0000007, DUO:0000011, DUO:0000042 and DUO:0000043.",
    issue: "required",
  },
  DuoTermsContradict: {
    message: "{term|duo} and {other|duo} exclude each other.",
    fix: "Leave out {term|duo} or {other|duo}.",
    issue: "invariant",
  },
  DuoParameterMissing: {
    message: "{term|duo} needs its parameter.",
    fix: "Give the parameter with {term|duo} (`DUO_TERMS`, `parameter`).",
    issue: "required",
  },
  DuoParameterStray: {
    message: "A parameter belongs to {term|duo}, which is not among the terms.",
    fix: "Add {term|duo}, or leave out its parameter.",
    issue: "invariant",
  },
  DuoRegionOutOfRange: {
    message: "No region of DUO:0000022 has the number {region}.",
    fix: "Use an ISO 3166-1 numeric or UN M49 code, or 900 to 999 for the consortium's own regions.",
    issue: "value",
  },

  // ── OpenZeppelin: access ──────────────────────────────────────────────────────────────────────────────────────
  AccessManagedUnauthorized: {
    message: "Account {caller} has no role that may call this.",
    fix: "Governance grants the role in the AccessManager, or the right account sends it.",
    issue: "forbidden",
  },
  AccessManagedRequiredDelay: {
    message: "Account {caller} may call this only {delay} seconds after scheduling it.",
    fix: "Schedule the call in the AccessManager and execute it after the delay.",
    issue: "forbidden",
  },
  AccessManagedInvalidAuthority: {
    message: "{authority} is no contract and cannot be the authority.",
    fix: "Pass the address of the AccessManager.",
    issue: "value",
  },
  AccessManagerAlreadyScheduled: {
    message: "Operation {operationId} is scheduled already.",
    fix: "Execute or cancel it first.",
    issue: "duplicate",
  },
  AccessManagerNotScheduled: {
    message: "Operation {operationId} is not scheduled.",
    fix: "Schedule it first.",
    issue: "not-found",
  },
  AccessManagerNotReady: {
    message: "Operation {operationId} is still within its delay.",
    fix: "Wait until the delay is over.",
    issue: "transient",
  },
  AccessManagerExpired: {
    message: "Operation {operationId} was not executed in time.",
    fix: "Schedule it again.",
    issue: "expired",
  },
  AccessManagerLockedRole: {
    message: "Role {roleId} cannot be changed.",
    fix: "Use a role of your own.",
    issue: "forbidden",
  },
  AccessManagerLockedFunction: {
    message: "Function {selector} cannot be assigned.",
    fix: "Leave this function as it is.",
    issue: "forbidden",
  },
  AccessManagerBadConfirmation: {
    message: "Only an account itself may renounce its role.",
    fix: "Send from the account that renounces, and pass its own address.",
    issue: "forbidden",
  },
  AccessManagerUnauthorizedAccount: {
    message: "Account {msgsender} does not hold role {roleId}.",
    fix: "An account with the role sends it, or the role is granted.",
    issue: "forbidden",
  },
  AccessManagerUnauthorizedCall: {
    message: "Account {caller} may not call {selector} on {target}.",
    fix: "Governance grants the role, or the right account sends it.",
    issue: "forbidden",
  },
  AccessManagerUnauthorizedConsume: {
    message: "Contract {target} may not consume this operation now.",
    fix: "Execute the operation through the AccessManager.",
    issue: "forbidden",
  },
  AccessManagerUnauthorizedCancel: {
    message: "Account {msgsender} may not cancel the operation of {caller}.",
    fix: "The caller, a guardian of the role or an admin cancels it.",
    issue: "forbidden",
  },
  AccessManagerInvalidInitialAdmin: {
    message: "{initialAdmin} cannot be the first admin.",
    fix: "Pass an account that is not zero.",
    issue: "value",
  },

  // ── OpenZeppelin: proxies, upgrades, utilities ────────────────────────────────────────────────────────────────
  UUPSUnauthorizedCallContext: {
    message: "This may be called through the proxy only, or never through it.",
    fix: "Call the proxy's address from the network's configuration.",
    issue: "forbidden",
  },
  UUPSUnsupportedProxiableUUID: {
    message: "The new implementation keeps its address in slot {slot}, which is not the ERC-1967 one.",
    fix: "Upgrade to a UUPS implementation.",
    issue: "value",
  },
  ERC1967InvalidImplementation: {
    message: "{implementation} is no UUPS implementation.",
    fix: "Deploy the implementation first and pass its address.",
    issue: "value",
  },
  ERC1967NonPayable: {
    message: "Value was sent with an upgrade that calls nothing.",
    fix: "Send no value.",
    issue: "value",
  },
  ERC1967ProxyUninitialized: {
    message: "A proxy must be initialised in the transaction that deploys it.",
    fix: "Pass the initialiser's call data to the constructor.",
    issue: "required",
  },
  InvalidInitialization: {
    message: "The contract is initialised already.",
    fix: "Nothing to do; an upgrade uses the next version's initialiser.",
    issue: "conflict",
  },
  NotInitializing: {
    message: "This is possible while initialising only.",
    fix: "Call the contract's initialiser.",
    issue: "business-rule",
  },
  AddressEmptyCode: {
    message: "No contract stands at {target}.",
    fix: "Check the address.",
    issue: "not-found",
  },
  FailedCall: {
    message: "A call within the transaction failed without a reason.",
    fix: "Simulate the inner call alone to see why.",
    issue: "processing",
  },
  InsufficientBalance: {
    message: "{needed} wei are needed, {balance} are there.",
    fix: "Send no value: the chain has no fees.",
    issue: "value",
  },
  CheckpointUnorderedInsertion: {
    message: "A vote was entered before an earlier one.",
    fix: "Report it: block times never fall.",
    issue: "exception",
  },
  InvalidShortString: {
    message: "The contract was built with a malformed name.",
    fix: "Check the deployed code against the release.",
    issue: "exception",
  },
  StringTooLong: {
    message: "The text {str} is too long for the contract.",
    fix: "Check the deployed code against the release.",
    issue: "too-long",
  },
  SafeCastOverflowedUintDowncast: {
    message: "{value} does not fit into {bits} bits.",
    fix: "Pass a smaller number.",
    issue: "value",
  },
  // ── supply ────────────────────────────────────────────────────────────────────────────────────────────────────
  ProductTermInvalid: {
    message: "A product's term is out of range: gtin {gtin}, field {field}.",
    fix: "Correct the named field (see Product of the contract).",
    issue: "value",
  },
  ProductNotProposed: {
    message: "No such proposal: gtin {gtin}, maker {maker}.",
    fix: "The maker calls 'proposeProduct' with exactly these terms first.",
    issue: "not-found",
  },
  ProductOfOther: {
    message: "Another maker's product has this GTIN: gtin {gtin}, maker {maker}.",
    fix: "Withdraw that one first, or name the right GTIN.",
    issue: "forbidden",
  },
  ProductNotApproved: {
    message: "The product is not approved: gtin {gtin}, status {status}.",
    fix: "A regulator calls 'approveProduct'.",
    issue: "business-rule",
  },
  ProductMakerOnly: {
    message: "Only a manufacturer proposes products: member {member}.",
    fix: "Governance gives the member that sector.",
    issue: "forbidden",
  },
  ProductOfStranger: {
    message: "The member has no say over this product: gtin {gtin}, maker {maker}, member {member}.",
    fix: "Its maker or a regulator calls.",
    issue: "forbidden",
  },
  LotTermInvalid: {
    message: "A lot's term is out of range: lot {lot}, field {field}.",
    fix: "Correct the named field (see LotTerms of the contract).",
    issue: "value",
  },
  LotAlreadyRegistered: {
    message: "The lot is known already: lot {lot}.",
    fix: "A lot number is used once for a GTIN.",
    issue: "duplicate",
  },
  LotUnknown: {
    message: "No such lot: lot {lot}.",
    fix: "Check GTIN and lot number; the maker registers it.",
    issue: "not-found",
  },
  LotStatusWrong: {
    message: "The lot is not in the status that this needs: lot {lot}.",
    fix: "See {status}; unreleased lots wait for a regulator.",
    issue: "value",
  },
  LotIsRecalled: {
    message: "The lot is recalled: lot {lot}, recalled at {recalledAt|time}.",
    fix: "Quarantine what is there and answer with 'acknowledgeRecall'.",
    issue: "business-rule",
  },
  LotNotRecalled: {
    message: "The lot is not recalled: lot {lot}.",
    fix: "Nothing to answer or to end.",
    issue: "business-rule",
  },
  LotExpired: {
    message: "The lot expired: lot {lot}, expiry day {expiryDay|day}.",
    fix: "Write it off, or return it to its maker.",
    issue: "expired",
  },
  LotOfOwn: {
    message: "A regulator decides about no lot of its own group: lot {lot}, regulator {regulator}.",
    fix: "Another regulator decides.",
    issue: "forbidden",
  },
  LotRecallRefused: {
    message: "Only the maker or a regulator recalls it: lot {lot}, member {member}.",
    fix: "Report to either.",
    issue: "forbidden",
  },
  LotRecallUnnamed: {
    message: "A recall names its class and the hash of its notice: lot {lot}.",
    fix: "Pass both.",
    issue: "required",
  },
  LotCertificateMissing: {
    message: "A release or refusal names the hash of its certificate: lot {lot}.",
    fix: "Pass it.",
    issue: "required",
  },
  StockSiteNotOpen: {
    message: "The site is closed or unknown: member {member}, site {site}.",
    fix: "Name an open site of the member.",
    issue: "business-rule",
  },
  StockInsufficient: {
    message: "A place has fewer units that may move: lot {lot}, member {member}, site {site}, asked {asked}.",
    fix: "See {onHand}; quarantined units do not count.",
    issue: "business-rule",
  },
  StockInQuarantine: {
    message:
      "All of the lot here is in quarantine: lot {lot}, member {member}, site {site}, quarantined {quarantined}.",
    fix: "Another member's QUALITY operator, or a regulator, releases it.",
    issue: "business-rule",
  },
  StockElsewhere: {
    message:
      "The units do not lie at this place: lot {lot}, member {member}, site {site}, first unit {firstUnit}, end unit {endUnit}.",
    fix: "Name units, and the stored range, that this place received.",
    issue: "business-rule",
  },
  StockExcursion: {
    message:
      "The stock was out of its temperature range for longer than it bears: lot {lot}, member {member}, site {site}, minutes out {minutesOut}, budget {budget}.",
    fix: "Quarantine it; see 'releaseQuarantine'.",
    issue: "business-rule",
  },
  StockSpanWrong: {
    message:
      "Units and span do not agree: lot {lot}, units {units}, first unit {firstUnit}, end unit {endUnit}.",
    fix: "For serials name the span and how many of it are not spent, whole serials only; else only units.",
    issue: "value",
  },
  StockSpanTooLong: {
    message:
      "A span of broken stock is too long to be counted: lot {lot}, first unit {firstUnit}, end unit {endUnit}.",
    fix: "Split it into lines of at most {longest} units.",
    issue: "value",
  },
  ConsignmentSsccInvalid: {
    message: "The SSCC is malformed: sscc {sscc}.",
    fix: "Pass 18 digits with the check digit of GS1 General Specifications, section 7.9.",
    issue: "value",
  },
  ConsignmentSsccInUse: {
    message:
      "The sender used this SSCC within a year: from {from|time}, sscc {sscc}, not before {notBefore|time}.",
    fix: "Take a new one.",
    issue: "duplicate",
  },
  ConsignmentSizeInvalid: {
    message: "A consignment has 1 to 32 lines: lines {lines}.",
    fix: "Split it.",
    issue: "value",
  },
  ConsignmentUnknown: {
    message: "What was passed is not what was shipped: from {from|time}, sscc {sscc}.",
    fix: "Pass the consignment as ConsignmentShipped tells it.",
    issue: "not-found",
  },
  ConsignmentStatusWrong: {
    message: "The consignment is not in the status that this needs: from {from|time}, sscc {sscc}.",
    fix: "See {status}.",
    issue: "value",
  },
  ConsignmentReturnMisrouted: {
    message: "Returns go to the lot's maker: lot {lot}, maker {maker}, to {to|time}.",
    fix: "Name the maker as receiver.",
    issue: "business-rule",
  },
  ConsignmentFindingInvalid: {
    message: "Findings do not fit the lines: from {from|time}, sscc {sscc}, line {line}.",
    fix: "One for each line, within its units, indices rising and within its span.",
    issue: "value",
  },
  ConsignmentTooEarly: {
    message: "It is too early: from {from|time}, sscc {sscc}.",
    fix: "Wait until {notBefore|time}, or let the receiver refuse.",
    issue: "business-rule",
  },
  SerialSpent: {
    message: "The unit was used, wasted or lost before: lot {lot}, unit {unit}.",
    fix: "Take another; report a serial seen twice with 'checkSerial'.",
    issue: "duplicate",
  },
  SerialUnknown: {
    message: "The serial is not one of this lot: lot {lot}, unit {unit}, salted serial {saltedSerial}.",
    fix: "Check serial and proof; report it with 'checkSerial'.",
    issue: "not-found",
  },
  SerialOpenTooLong: {
    message:
      "The opened serial's time is over: lot {lot}, unit {unit}, opened at {openedAt|time}, open for {openFor}.",
    fix: "Write the rest off, open another.",
    issue: "expired",
  },
  LotUsedOtherwise: {
    message: "The product is used another way: lot {lot}.",
    fix: "Administer vaccines, dispense drugs; settle discreet ones, and only those.",
    issue: "business-rule",
  },
  DoseTermInvalid: {
    message: "A dose's term is out of range: lot {lot}, field {field}.",
    fix: "Correct the named field (see Administration of the contract).",
    issue: "value",
  },
  DoseHolderUsed: {
    message: "The holder's address was used before: holder {holder}.",
    fix: "Take a fresh one-time address for each dose.",
    issue: "duplicate",
  },
  DoseEphemeralKeyInvalid: {
    message: "The ephemeral key is no compressed point: holder {holder}.",
    fix: "Pass x, and the prefix 0x02 or 0x03.",
    issue: "value",
  },
  SessionSizeInvalid: {
    message:
      "A session has 1 to 200 doses of single-dose serials: lot {lot}, doses {doses}, units per serial {unitsPerSerial}.",
    fix: "Split it; record multi-dose vials dose by dose.",
    issue: "value",
  },
  DispenseCallerOnly: {
    message: "Only the prescription registry takes stock for a dispense: caller {caller}.",
    fix: "Call 'dispense' there.",
    issue: "forbidden",
  },
  DispenseStockMismatch: {
    message: "The lots named do not make up the units dispensed: prescription {prescription}, named {named}.",
    fix: "Units times the product's content give {dispensed}.",
    issue: "value",
  },
  DispenseStockMalformed: {
    message: "The stock argument is malformed: prescription {prescription}.",
    fix: "Pass 1 to 8 rows as Taking of the contract says, or 32 bytes of a salted link.",
    issue: "value",
  },
  StockReasonMissing: {
    message: "The reason is missing: lot {lot}.",
    fix: "Name one.",
    issue: "required",
  },
  StockEmpty: {
    message: "Nothing is there to do this with: lot {lot}, member {member}, site {site}.",
    fix: "See Stock of the contract.",
    issue: "business-rule",
  },
  QuarantineOfOwn: {
    message: "Nobody releases its own group's quarantine: lot {lot}, member {member}, releaser {releaser}.",
    fix: "Another member's QUALITY operator, or a regulator, decides.",
    issue: "forbidden",
  },
  QuarantineRegulatorOnly: {
    message: "Only a regulator releases by itself: lot {lot}, releaser {releaser}.",
    fix: "Sign, and let the holder of the stock send it.",
    issue: "forbidden",
  },
  QuarantineMinutesInvalid: {
    message:
      "More minutes than the product bears, or than the stock had, cannot be set: lot {lot}, minutes out {minutesOut}.",
    fix: "At most {latest}.",
    issue: "value",
  },
  CustodyOrderInvalid: {
    message: "Regulators order custody to another place: lot {lot}, member {member}.",
    fix: "Name an open site other than {site}.",
    issue: "value",
  },
  DeviceWatchInvalid: {
    message: "The device cannot watch this: member {member}, device {device}.",
    fix: "A class other than Unmonitored, and either an open site or a consignment of the member in transit; unbind it first where it watches something.",
    issue: "value",
  },
  DeviceUnboundYet: {
    message: "The device watches nothing: member {member}, device {device}.",
    fix: "Call 'bindDevice' first.",
    issue: "business-rule",
  },
  SegmentInvalid: {
    message:
      "The segment does not follow what was reported: member {member}, device {device}, from {from|time}, to {to|time}.",
    fix: "Begin at {reportedUntil|time} or later, end by now, and count no more minutes than it has.",
    issue: "value",
  },
  CompartmentUnwatched: {
    message:
      "Nobody watches this class there, or its device was silent for too long: member {member}, site {site}, storage_ {storage_}.",
    fix: "Bind a device with SENSE and let it report, then receive or release.",
    issue: "business-rule",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Errors of the SDK itself. */
export const sdkErrors = {
  // ── input ─────────────────────────────────────────────────────────────────────────────────────────────────────
  InputInvalid: {
    message: "Parameter {parameter} is wrong: {problem}.",
    fix: "Pass {expected}.",
    issue: "value",
  },
  SignerMissing: {
    message: "This needs a signer and the client has none.",
    fix: "Create the client with the signer that acts.",
    issue: "login",
  },
  SignerRefused: {
    message: "The signer did not sign ({problem}).",
    fix: "Check the key store or card and sign again; nothing was sent.",
    issue: "security",
  },
  SignerMismatch: {
    message: "The signature is by {actual}, not by {expected}.",
    fix: "Sign with the key of {expected}.",
    issue: "security",
  },

  // ── network ───────────────────────────────────────────────────────────────────────────────────────────────────
  NetworkConfigInvalid: {
    message: "Setting {setting} of the network is wrong: {problem}.",
    fix: "Take the network's settings from deployments/<network>/ or from the consortium.",
    issue: "invalid",
  },
  NetworkMismatch: {
    message: "The endpoint {endpoint} serves chain {actual}, not chain {expected}.",
    fix: "Correct rpcUrls or chainId of the network; nothing was sent.",
    issue: "invalid",
  },
  ContractMissing: {
    message: "No contract stands at {address} ({contract}) on this chain.",
    fix: "Correct the network's addresses, or deploy the contracts first.",
    issue: "not-found",
  },
  RpcUnavailable: {
    message: "None of {endpoints} RPC endpoints answered {method} in {attempts} attempts ({problem}).",
    fix: "Check that a node runs and can be reached; then call again with the same key: nothing happens twice.",
    issue: "transient",
  },
  RpcRefused: {
    message: "The node refused {method} ({rpcCode}: {problem}).",
    fix: "Check that the node offers this method and the request is within its limits.",
    issue: "processing",
  },
  RpcResponseInvalid: {
    message: "The node answered {method} with something else than it should ({problem}).",
    fix: "Check that the endpoint is a node of this chain and up to date.",
    issue: "processing",
  },
  LogRangeUnsearchable: {
    message: "The node does not give the logs of block {block} ({problem}).",
    fix: "Narrow the query, raise the node's limit, or use another endpoint.",
    issue: "too-costly",
  },
  BlockUnknown: {
    message: "No block of this chain fits {wanted}.",
    fix: "Name a time or number up to the present head.",
    issue: "not-found",
  },

  // ── sending ───────────────────────────────────────────────────────────────────────────────────────────────────
  SendUncertain: {
    message: "Transaction {transactionHash} was signed but not seen in a block yet ({problem}).",
    fix: "Call again with the same key, also after a restart: the same bytes go out, and nothing happens twice.",
    issue: "timeout",
  },
  SendRefused: {
    message: "No node takes transaction {transactionHash} ({problem}).",
    fix: "Mend the cause and call again; this transaction can no longer be included.",
    issue: "processing",
  },
  SendKeyReused: {
    message: "Idempotency key {key} was used for another act before.",
    fix: "Use one key for one act; read the earlier act's result with its own parameters.",
    issue: "duplicate",
  },
  SendQueueFull: {
    message: "{waiting} transactions of {account} wait already.",
    fix: "Await earlier ones first, or raise maxWaiting.",
    issue: "throttled",
  },
  SendNonceLost: {
    message: "Nonce {nonce} of {account} was used by a transaction from elsewhere again and again.",
    fix: "Let one system alone send from this account, or let all of them share one journal.",
    issue: "conflict",
  },
  GasLimitExceeded: {
    message: "The transaction needs more gas ({gas}) than one may have ({limit}).",
    fix: "Split the batch.",
    issue: "too-costly",
  },
  TransactionReverted: {
    message: "The transaction {transactionHash} was refused without a reason.",
    fix: "Read the state again; another transaction may have come first.",
    issue: "processing",
  },
  TransactionOutOfGas: {
    message: "The transaction {transactionHash} ran out of its {gasLimit} gas.",
    fix: "Call again: gas is estimated anew.",
    issue: "too-costly",
  },
  CallReverted: {
    message: "The contract refused the call without a reason that is known here ({data}).",
    fix: "Check the addresses of the network and that the SDK fits the deployed contracts.",
    issue: "processing",
  },
  ContractPanic: {
    message: "The contract stopped on an internal check (panic {panic}).",
    fix: "Report it with the call's parameters: a contract should never panic.",
    issue: "exception",
  },
  EventMissing: {
    message: "The receipt of {transactionHash} lacks {event}.",
    fix: "Check the addresses of the network and that the SDK fits the deployed contracts.",
    issue: "processing",
  },

  // ── reads ─────────────────────────────────────────────────────────────────────────────────────────────────────
  MemberUnknown: {
    message: "There is no member {member}.",
    fix: "Check the id (listMembers).",
    issue: "not-found",
  },
  PublicationMissing: {
    message: "Member {member} has published no {what}.",
    fix: "The member's admin publishes it (publishEncryptionKey, publishEndpoint).",
    issue: "not-found",
  },
  PublicationMismatch: {
    message: "What the node gives as {what} of member {member} does not fit the hash on chain.",
    fix: "Do not use it; ask another endpoint.",
    issue: "security",
  },
  PrescriptionNotFound: {
    message: "No prescription {prescription} was issued.",
    fix: "Check the id.",
    issue: "not-found",
  },
  PrescriptionTermsMissing: {
    message: "The node does not give the event that issued prescription {prescription}.",
    fix: "Ask an endpoint that keeps all logs.",
    issue: "incomplete",
  },

  // ── following the chain ───────────────────────────────────────────────────────────────────────────────────────
  CursorForeign: {
    message: "Cursor {cursor} belongs to another chain or to other events.",
    fix: "Use one cursor name for one purpose, and a new one after a new chain.",
    issue: "conflict",
  },
  WatchFailed: {
    message: "The handler of cursor {cursor} failed at block {block}; the cursor stays before it.",
    fix: "Mend the handler and watch again: it continues with the same event.",
    issue: "exception",
  },

  // ── stores ────────────────────────────────────────────────────────────────────────────────────────────────────
  StoreUnavailable: {
    message: "The store {path} cannot be used ({problem}).",
    fix: "Check path, permissions, disk space, and that the file is a database of this SDK.",
    issue: "no-store",
  },
  StoreConflict: {
    message: "The store {path} already holds another value ({problem}).",
    fix: "Use another key.",
    issue: "duplicate",
  },
  StoreClosed: {
    message: "The store {path} is closed.",
    fix: "Open it again.",
    issue: "no-store",
  },
  ClientClosed: {
    message: "The client is closed.",
    fix: "Create a new one.",
    issue: "processing",
  },
  Aborted: {
    message: "The caller stopped waiting.",
    fix: "Call again with the same key to learn the result.",
    issue: "processing",
  },
} as const satisfies Record<string, ErrorEntry>;

/** Name of an error of the SDK itself. */
export type SdkErrorCode = keyof typeof sdkErrors;

/** Make an error of the SDK's own catalogue. */
export function sdkError(code: SdkErrorCode, values: ErrorValues = {}, cause?: unknown): CareLedgerError {
  const entry = sdkErrors[code];
  return new CareLedgerError({
    code,
    message: fillTemplate(entry.message, values),
    fix: fillTemplate(entry.fix, values),
    values,
    cause,
  });
}

/** Make the typed error of a contract's custom error; undefined when the catalogue does not know it. */
export function contractError(
  name: string,
  values: ErrorValues,
  cause?: unknown,
): CareLedgerError | undefined {
  const entry = entryOf(contractErrors, name);
  if (entry === undefined) return undefined;
  return new CareLedgerError({
    code: name,
    message: fillTemplate(entry.message, values),
    fix: fillTemplate(entry.fix, values),
    values,
    cause,
  });
}

/** FHIR R4 issue type of an error code; `processing` for one that no catalogue knows. */
export function issueTypeOf(code: string): IssueType {
  return (entryOf(contractErrors, code) ?? entryOf(sdkErrors, code))?.issue ?? "processing";
}

/** Fill `{name}` and `{name|format}` with values, see {@link ErrorEntry}. */
export function fillTemplate(template: string, values: ErrorValues): string {
  return template.replace(/\{(\w+)(?:\|(\w+))?\}/g, (_, name: string, format: string | undefined) =>
    show(values[name], format),
  );
}

function entryOf(catalogue: Readonly<Record<string, ErrorEntry>>, name: string): ErrorEntry | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}

function show(value: unknown, format: string | undefined): string {
  if (value === undefined || value === null) return "none";
  if (format === "time") return new Date(Number(value) * 1_000).toISOString().replace(".000Z", "Z");
  if (format === "day") {
    return Number(value) === 0 ? "none" : new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  }
  if (format === "duties") return dutyNames(Number(value)).join(", ") || "none";
  if (format === "duo") return `DUO:${String(Number(value)).padStart(7, "0")}`;
  if (format === "units") return thousandths(BigInt(value as bigint | number | string));
  return Array.isArray(value)
    ? value.map((each: unknown) => show(each, undefined)).join(", ")
    : String(value);
}

function thousandths(units: bigint): string {
  const rest = (units % 1_000n).toString().padStart(3, "0").replace(/0+$/, "");
  return rest === "" ? `${units / 1_000n}` : `${units / 1_000n}.${rest}`;
}
