/** Every action of the SDK: who may, what it needs, and what else is refused. A new action belongs here. */
import {
  type Attestation,
  type Handover,
  type Order,
  type PrescriptionTerms,
  type SignCloseFillParams,
  type SignDispenseParams,
  acceptAdmin,
  acceptPrescription,
  admitMember,
  adoptSite,
  appointOperator,
  appointOperators,
  cancelPrescription,
  cancelPrescriptionByHolder,
  closeFill,
  closeMember,
  closeSite,
  dayOf,
  dismissOperators,
  dispensePrescription,
  generateEncryptionKeys,
  haltPrescriptions,
  issuePrescription,
  issuePrescriptions,
  licenseOperator,
  licenseOperators,
  liftHalt,
  liftOperatorSuspension,
  liftSuspension,
  markClaimed,
  nameSuccessor,
  operatorKeyOf,
  pauseDomain,
  prescriptionIdOf,
  proposeAdmin,
  publishEncryptionKey,
  publishEndpoint,
  ratifySuspension,
  refreshSuspension,
  registerSite,
  releasePrescription,
  replaceOperator,
  replacePrescription,
  restoreOperator,
  resumeDomain,
  resumePrescriptions,
  returnPrescription,
  reviewPrescription,
  revokeLicence,
  revokeSite,
  setLicensingAuthority,
  setMemberAdmin,
  setMemberGroup,
  setMemberLicence,
  setMemberSectors,
  signAcceptance,
  signCancel,
  signCloseFill,
  signDispense,
  signHolderCancel,
  signIssue,
  signOperatorReplacement,
  signRelease,
  signReplace,
  signReview,
  signWithdraw,
  suspendMember,
  suspendOperator,
  unmarkClaimed,
  withdrawDispense,
} from "@careledger/sdk";
import { hexlify, randomBytes } from "ethers";

import { type ActionCase, type Params, REPEATABLE, type Refusal } from "./actionCase.ts";
import { type Stage, handoverOf, lockOf, orderOf } from "./stage.ts";
import { supplyActions } from "./supplyActions.ts";

const DAY = 86_400;
const UNKNOWN_MEMBER = 999;
const UNKNOWN_OPERATOR = `0x${"00".repeat(12)}${"77".repeat(20)}`;
const UNKNOWN_ID = `0x${"77".repeat(32)}`;
const ATTESTATION = ["attestation"];

const governed = ["stranger", "AccessManagedUnauthorized"] as const;
const random32 = (): string => hexlify(randomBytes(32));
const unknownMember = (code: string): Refusal => ["an unknown member", { member: UNKNOWN_MEMBER }, code];

const publishedKey = async (): Promise<string> => hexlify((await generateEncryptionKeys()).publicKey);

/** Terms of no prescription. */
const unknownTerms: Refusal = [
  "terms that nobody issued",
  ({ prescription }) => ({ prescription: { ...(prescription as object), commitment: UNKNOWN_ID } }),
  "PrescriptionUnknown",
];

export const actions: Readonly<Record<string, ActionCase>> = {
  // ── members ────────────────────────────────────────────────────────────────────────────────────────────────────────

  admitMember: {
    action: admitMember,
    by: "governance",
    wrong: governed,
    given: async ({ world }) => ({
      member: 30,
      admin: world.wallet("moon.admin").address,
      sectors: ["PHARMACY"],
      group: 30,
      licenceHash: random32(),
    }),
    refused: [["an id that is taken", { member: 2 }, "MemberIdUnavailable"]],
    again: "MemberIdUnavailable",
  },
  setMemberSectors: {
    action: setMemberSectors,
    by: "governance",
    wrong: governed,
    given: async (stage) => ({ member: await stage.admit(), sectors: ["PHARMACY", "LABORATORY"] }),
    refused: [unknownMember("MemberNotActive")],
    again: REPEATABLE,
  },
  setMemberGroup: {
    action: setMemberGroup,
    by: "governance",
    wrong: governed,
    given: async (stage) => ({ member: await stage.admit(), group: 4 }),
    refused: [unknownMember("MemberNotActive")],
    again: REPEATABLE,
  },
  setMemberLicence: {
    action: setMemberLicence,
    by: "governance",
    wrong: governed,
    given: async (stage) => ({ member: await stage.admit(), licenceHash: random32() }),
    refused: [unknownMember("MemberNotActive")],
    again: REPEATABLE,
  },
  setMemberAdmin: {
    action: setMemberAdmin,
    by: "governance",
    wrong: governed,
    given: async (stage) => ({
      member: await stage.admit(),
      admin: stage.world.wallet("moon.next").address,
    }),
    refused: [unknownMember("MemberNotActive")],
    again: REPEATABLE,
  },
  proposeAdmin: {
    action: proposeAdmin,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => ({
      member: await stage.admit(),
      pendingAdmin: stage.world.wallet("moon.next").address,
    }),
    refused: [unknownMember("MemberNotActive")],
    again: REPEATABLE,
  },
  acceptAdmin: {
    action: acceptAdmin,
    by: "moon.next",
    wrong: ["stranger", "MemberPendingAdminOnly"],
    given: async (stage) => {
      const member = await stage.admit();
      const pendingAdmin = stage.world.wallet("moon.next").address;
      await proposeAdmin(stage.as("moon.admin"), { member, pendingAdmin });
      return { member };
    },
    refused: [unknownMember("MemberNotActive")],
    again: "MemberPendingAdminOnly",
  },
  closeMember: {
    action: closeMember,
    by: "governance",
    wrong: governed,
    given: async (stage) => ({ member: await stage.admit() }),
    refused: [unknownMember("MemberNotActive")],
    again: "MemberNotActive",
  },
  nameSuccessor: {
    action: nameSuccessor,
    by: "governance",
    wrong: governed,
    given: async (stage) => {
      await stage.close();
      return { member: 31, successor: 4 };
    },
    refused: [
      unknownMember("MemberSuccessorInvalid"),
      ["a successor that nobody knows", { successor: UNKNOWN_MEMBER }, "MemberSuccessorInvalid"],
    ],
    again: REPEATABLE,
  },
  publishEncryptionKey: {
    action: publishEncryptionKey,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => ({ member: await stage.admit(), encryptionKey: await publishedKey() }),
    refused: [unknownMember("MemberNotActive")],
    again: REPEATABLE,
  },
  publishEndpoint: {
    action: publishEndpoint,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => ({ member: await stage.admit(), endpoint: "https://vault.moon.test" }),
    refused: [unknownMember("MemberNotActive")],
    again: REPEATABLE,
  },
  registerSite: {
    action: registerSite,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => ({ member: await stage.admit(), gln: "9521234022008" }),
    refused: [unknownMember("MemberNotActive"), ["a GLN in use", { gln: "9521234000204" }, "SiteGlnInUse"]],
    again: "SiteGlnInUse",
  },
  closeSite: {
    action: closeSite,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => {
      const member = await stage.admit();
      await registerSite(stage.as("moon.admin"), { member, gln: "9521234022008" });
      return { member, site: 1 };
    },
    refused: [unknownMember("MemberNotActive"), ["an unknown site", { site: 9 }, "SiteNotOpen"]],
    again: "SiteNotOpen",
  },
  revokeSite: {
    action: revokeSite,
    by: "governance",
    wrong: governed,
    given: async (stage) => {
      const member = await stage.admit();
      await registerSite(stage.as("moon.admin"), { member, gln: "9521234022008" });
      return { member, site: 1 };
    },
    refused: [unknownMember("SiteNotOpen"), ["an unknown site", { site: 9 }, "SiteNotOpen"]],
    again: "SiteNotOpen",
  },
  adoptSite: {
    action: adoptSite,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => {
      await stage.close();
      return { member: 30, from: 31, fromSite: 1 };
    },
    refused: [
      unknownMember("MemberNotActive"),
      ["a member that it does not follow", { from: 4 }, "SiteAdoptionRefused"],
      ["an unknown site", { fromSite: 9 }, "SiteNotOpen"],
    ],
    again: "SiteNotOpen",
  },
  setLicensingAuthority: {
    action: setLicensingAuthority,
    by: "governance",
    wrong: governed,
    given: async () => ({ authority: 6, duties: ["PRESCRIBE"], successor: 1 }),
    mayBeEmpty: ["duties"],
    refused: [
      ["an unknown authority", { authority: UNKNOWN_MEMBER }, "MemberNotActive"],
      ["itself as successor", { successor: 6 }, "MemberSuccessorInvalid"],
    ],
    again: REPEATABLE,
  },
  pauseDomain: {
    action: pauseDomain,
    by: "emergency",
    wrong: governed,
    given: async ({ now }) => ({ domain: "memberRegistry", until: now + 3_600 }),
    refused: [
      ["an end in the past", ({ domain }, { now }) => ({ domain, until: now - 1 }), "DomainPauseOutOfRange"],
      ["too long", ({ domain }, { now }) => ({ domain, until: now + 3 * DAY }), "DomainPauseOutOfRange"],
    ],
    again: "DomainPauseTooSoon",
  },
  resumeDomain: {
    action: resumeDomain,
    by: "emergency",
    wrong: governed,
    given: async (stage) => {
      const domain = "prescriptionRegistry";
      await pauseDomain(stage.as("emergency"), { domain, until: stage.now + 3_600 });
      return { domain };
    },
    refused: [["what is not paused", { domain: "memberRegistry" }, "DomainNotPaused"]],
    again: "DomainNotPaused",
  },

  // ── operators ──────────────────────────────────────────────────────────────────────────────────────────────────────

  appointOperator: {
    action: appointOperator,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => ({
      member: await stage.admit(),
      operator: stage.world.wallet("moon.system").address,
      duties: ["SUBMIT"],
      until: stage.now + 100 * DAY,
    }),
    refused: [
      unknownMember("MemberNotActive"),
      ["an end in the past", (_, { now }) => ({ until: now - 1 }), "OperatorAppointmentPast"],
      ["a duty that its sector has not", { duties: ["INSPECT"] }, "OperatorDutiesInvalid"],
    ],
    again: REPEATABLE,
  },
  appointOperators: {
    action: appointOperators,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => ({
      member: await stage.admit(),
      appointments: ["ada", "bo"].map((name) => ({
        operator: stage.world.wallet(name).address,
        duties: ["DISPENSE", "REVIEW"],
        until: stage.now + 100 * DAY,
      })),
    }),
    refused: [
      unknownMember("MemberNotActive"),
      [
        "one end in the past",
        ({ appointments }, { now }) => {
          const [first, ...rest] = appointments as object[];
          return { appointments: [...rest, { ...first, until: now - 1 }] };
        },
        "OperatorAppointmentPast",
      ],
    ],
    again: REPEATABLE,
  },
  dismissOperators: {
    action: dismissOperators,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => {
      const member = await stage.admit();
      return { member, operators: [await stage.appoint()] };
    },
    refused: [
      unknownMember("MemberNotActive"),
      ["an unknown operator", { operators: [UNKNOWN_OPERATOR] }, "OperatorUnknown"],
    ],
    again: "OperatorUnknown",
  },
  replaceOperator: {
    action: replaceOperator,
    by: "moon.admin",
    wrong: ["stranger", "MemberAdminOnly"],
    given: async (stage) => {
      const member = await stage.admit();
      const operator = await stage.appoint();
      const replacement = operatorKeyOf(stage.world.wallet("moon.next").address);
      const deadline = stage.now + 3_600;
      const signed = { member, operator, replacement, deadline };
      const signature = await signOperatorReplacement(
        stage.world.network,
        stage.world.wallet("moon.system"),
        signed,
      );
      return { member, operator, replacement, consent: { signature, deadline } };
    },
    optional: ["consent"],
    refused: [
      unknownMember("MemberNotActive"),
      ["an unknown operator", { operator: UNKNOWN_OPERATOR, consent: undefined }, "OperatorUnknown"],
      ["another key than was signed", { replacement: UNKNOWN_OPERATOR }, "OperatorReplacementUnsigned"],
      [
        "a signature that is late",
        ({ consent }, { now }) => ({ consent: { ...(consent as object), deadline: now - 1 } }),
        "OperatorSignatureExpired",
      ],
    ],
    again: "OperatorUnknown",
  },
  licenseOperator: {
    action: licenseOperator,
    by: "inspectorLicensing",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => ({
      authority: 1,
      member: 4,
      operator: stage.world.operator("pharmacistBerg"),
      duties: ["REVIEW"],
      throughDay: dayOf(new Date((stage.now + 100 * DAY) * 1_000)),
    }),
    refused: [
      unknownMember("MemberNotActive"),
      ["a day in the past", { throughDay: 1 }, "LicenceDayPast"],
      ["another's authority", { authority: 6 }, "DutyNotHeld"],
    ],
    again: REPEATABLE,
  },
  licenseOperators: {
    action: licenseOperators,
    by: "inspectorLicensing",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => ({
      authority: 1,
      licences: ["pharmacistBerg", "pharmacistAmsel"].map((name) => ({
        member: 4,
        operator: stage.world.operator(name),
        duties: ["DISPENSE"],
        throughDay: dayOf(new Date((stage.now + 100 * DAY) * 1_000)),
      })),
    }),
    refused: [
      ["another's authority", { authority: 6 }, "DutyNotHeld"],
      [
        "one day in the past",
        ({ licences }) => {
          const [first, ...rest] = licences as object[];
          return { licences: [...rest, { ...first, throughDay: 1 }] };
        },
        "LicenceDayPast",
      ],
    ],
    again: REPEATABLE,
  },
  revokeLicence: {
    action: revokeLicence,
    by: "inspectorLicensing",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => ({
      authority: 1,
      member: 4,
      operator: stage.world.operator("pharmacistBerg"),
      duties: ["DISPENSE"],
    }),
    refused: [["an operator without a licence", { operator: UNKNOWN_OPERATOR }, "LicenceUnknown"]],
    again: REPEATABLE,
  },
  suspendOperator: {
    action: suspendOperator,
    by: "inspectorField",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const member = await stage.admit();
      return { regulator: 1, member, operator: await stage.appoint(), duties: ["SUBMIT"] };
    },
    refused: [["another regulator's name", { regulator: 6 }, "DutyNotHeld"]],
    again: REPEATABLE,
  },
  restoreOperator: {
    action: restoreOperator,
    by: "inspectorField",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => ({
      regulator: 1,
      member: 30,
      operator: await stage.suspendSystem(),
      duties: ["SUBMIT"],
    }),
    refused: [["another regulator's name", { regulator: 6 }, "DutyNotHeld"]],
    again: "OperatorDutiesInvalid",
  },
  liftOperatorSuspension: {
    action: liftOperatorSuspension,
    by: "governance",
    wrong: governed,
    given: async (stage) => ({ operator: await stage.suspendSystem(), member: 30 }),
    refused: [],
    again: "OperatorDutiesInvalid",
  },
  suspendMember: {
    action: suspendMember,
    by: "inspectorField",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => ({
      regulator: 1,
      member: await stage.admit(),
      duties: ["SUBMIT", "ADMINISTER"],
      until: stage.now + 10 * DAY,
      cause: "PatientSafety",
    }),
    refused: [
      unknownMember("MemberNotActive"),
      ["another regulator", { member: 6 }, "SuspensionOfRegulator"],
      ["an end in the past", (_, { now }) => ({ until: now - 1 }), "SuspensionOutOfRange"],
      ["too long", (_, { now }) => ({ until: now + 400 * DAY }), "SuspensionOutOfRange"],
    ],
    again: "SuspensionRepeated",
  },
  ratifySuspension: {
    action: ratifySuspension,
    by: "governance",
    wrong: governed,
    given: async (stage) => {
      await stage.suspendMoon();
      return { member: 30, cause: "PatientSafety", until: stage.now + 20 * DAY };
    },
    refused: [
      unknownMember("SuspensionUnknown"),
      ["a cause that nobody named", { cause: "CourtOrder" }, "SuspensionUnknown"],
      ["an end in the past", (_, { now }) => ({ until: now - 1 }), "SuspensionOutOfRange"],
    ],
    again: REPEATABLE,
  },
  liftSuspension: {
    action: liftSuspension,
    by: "governance",
    wrong: governed,
    given: async (stage) => {
      await stage.suspendMoon();
      return { member: 30, cause: "PatientSafety" };
    },
    refused: [unknownMember("SuspensionUnknown")],
    again: "SuspensionUnknown",
  },
  refreshSuspension: {
    action: refreshSuspension,
    by: "stranger",
    given: async (stage) => {
      await stage.suspendMoon();
      return { member: 30 };
    },
    refused: [],
    again: REPEATABLE,
  },

  // ── prescriptions ──────────────────────────────────────────────────────────────────────────────────────────────────

  issuePrescription: {
    action: issuePrescription,
    by: "stMarySystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async ({ world, now }) => {
      const order = orderOf(await world.draft());
      const signed = { ...order, deadline: now + 3_600 };
      return { ...order, attestation: await signIssue(world.network, world.wallet("drAdler"), signed) };
    },
    optional: ATTESTATION,
    refused: [
      ...lateSignatures("attestation"),
      [
        "another's signature",
        async ({ prescription, ephemeralKey }, { world, now }) => {
          const prescriber = world.operator("drLind");
          const forged = { prescription: { ...(prescription as object), prescriber }, ephemeralKey };
          const signed = { ...forged, deadline: now + 3_600 } as never;
          return { attestation: await signIssue(world.network, world.wallet("drLind"), signed) };
        },
        "PrescriptionPrescriberMismatch",
      ],
      ["other terms than were signed", changedTerms({ fills: 3 }), "PrescriptionPrescriberMismatch"],
      ["a window that is over", windowOf(-20 * DAY, -DAY), "PrescriptionWindowInvalid"],
      ["a window that is too long", windowOf(0, 3_000 * DAY), "PrescriptionWindowInvalid"],
      [
        "an unknown reviewer",
        signedTerms(() => ({ reviewer: UNKNOWN_MEMBER })),
        "PrescriptionReviewerInvalid",
      ],
      ["an unknown issuer", changedTerms({ issuer: UNKNOWN_MEMBER }), "DutyNotPermitted"],
    ],
    again: "PrescriptionAlreadyIssued",
  },
  issuePrescriptions: {
    action: issuePrescriptions,
    by: "drAdler",
    wrong: ["stranger", "PrescriptionPrescriberMismatch"],
    given: async ({ world }) => ({
      orders: [orderOf(await world.draft()), orderOf(await world.draft({ fills: 3 }))],
    }),
    optional: ["orders[].attestation"],
    refused: [
      [
        "one window that is over",
        ({ orders }, { now }) => {
          const [first, ...rest] = orders as { prescription: object }[];
          const window = { validFrom: now - 20 * DAY, validUntil: now - DAY };
          return { orders: [...rest, { ...first, prescription: { ...first!.prescription, ...window } }] };
        },
        "PrescriptionWindowInvalid",
      ],
    ],
    again: "PrescriptionAlreadyIssued",
  },
  reviewPrescription: {
    action: reviewPrescription,
    by: "greenCrossSystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const { prescription } = await stage.issue({ reviewer: 4 });
      const review = { prescription, member: 4, outcome: "Approved" } as const;
      const signed = { ...review, deadline: stage.now + 3_600 };
      const { network } = stage.world;
      const attestation = await signReview(network, stage.world.wallet("pharmacistAmsel"), signed);
      return { ...review, attestation };
    },
    optional: ATTESTATION,
    refused: [
      ...lateSignatures("attestation"),
      unknownTerms,
      ["another outcome than was signed", { outcome: "RefusedFormal" }, "DutyNotHeld"],
      ["a member that is not the reviewer", { member: 5 }, "PrescriptionReviewerOnly"],
    ],
    again: "PrescriptionStatusWrong",
  },
  acceptPrescription: {
    action: acceptPrescription,
    by: "greenCrossSystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const { prescription, holder } = await stage.issue();
      const acceptance = lockOf(stage);
      const signed = { prescription, acceptance, deadline: stage.now + 3_600 };
      const authorisation = await signAcceptance(stage.world.network, holder, signed);
      return { prescription, acceptance, authorisation };
    },
    refused: [
      ...lateSignatures("authorisation"),
      unknownTerms,
      [
        "another site than was signed",
        ({ acceptance }) => ({ acceptance: { ...(acceptance as object), site: 2 } }),
        "PrescriptionHolderSignatureInvalid",
      ],
      [
        "an unknown site",
        ({ acceptance }) => ({ acceptance: { ...(acceptance as object), site: 99 } }),
        "PrescriptionSiteNotOpen",
      ],
      [
        "a lock counter that is spent",
        ({ acceptance }) => ({ acceptance: { ...(acceptance as object), lockCount: 7 } }),
        "PrescriptionLockCountWrong",
      ],
      [
        "a fill that is not due",
        ({ acceptance }) => ({ acceptance: { ...(acceptance as object), fill: 2 } }),
        "PrescriptionFillWrong",
      ],
      [
        "a lock that is over",
        ({ acceptance }, { now }) => ({ acceptance: { ...(acceptance as object), lockedUntil: now - 1 } }),
        "PrescriptionLockOutOfRange",
      ],
      [
        "a lock that is too long",
        ({ acceptance }, { now }) => ({
          acceptance: { ...(acceptance as object), lockedUntil: now + 11 * DAY },
        }),
        "PrescriptionLockOutOfRange",
      ],
    ],
    again: "PrescriptionLockCountWrong",
  },
  returnPrescription: {
    action: returnPrescription,
    by: "greenCrossSystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const draft = await stage.issue();
      await stage.accept(draft);
      return { prescription: draft.prescription, member: 4, site: 1, lockCount: 1 };
    },
    refused: [
      unknownTerms,
      ["a lock that it has not", { lockCount: 2 }, "PrescriptionLockNotHeld"],
      ["another's site", { site: 2 }, "PrescriptionLockNotHeld"],
    ],
    again: "PrescriptionLockNotHeld",
  },
  releasePrescription: {
    action: releasePrescription,
    by: "stranger",
    given: async (stage) => {
      const draft = await stage.issue();
      await stage.accept(draft);
      const signed = { prescription: draft.prescription, lockCount: 1, deadline: stage.now + 3_600 };
      const authorisation = await signRelease(stage.world.network, draft.holder, signed);
      return { prescription: draft.prescription, lockCount: 1, authorisation };
    },
    refused: [
      ...lateSignatures("authorisation"),
      unknownTerms,
      ["another lock", { lockCount: 2 }, "PrescriptionLockNotHeld"],
      ["a signature for something else", foreignSignature, "PrescriptionHolderSignatureInvalid"],
    ],
    again: "PrescriptionLockNotHeld",
  },
  cancelPrescription: {
    action: cancelPrescription,
    by: "stMarySystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const { prescription } = await stage.issue();
      const signed = { prescription, member: 2, deadline: stage.now + 3_600 };
      const attestation = await signCancel(stage.world.network, stage.world.wallet("drAdler"), signed);
      return { prescription, member: 2, attestation };
    },
    optional: ATTESTATION,
    refused: [
      ...lateSignatures("attestation"),
      [
        "terms that nobody issued",
        async (right, stage) => {
          const prescription = { ...(right["prescription"] as PrescriptionTerms), commitment: UNKNOWN_ID };
          const signed = { prescription, member: 2, deadline: stage.now + 3_600 };
          const attestation = await signCancel(stage.world.network, stage.world.wallet("drAdler"), signed);
          return { prescription, attestation };
        },
        "PrescriptionUnknown",
      ],
      ["a member that is not the issuer", { member: 3 }, "PrescriptionIssuerOnly"],
    ],
    again: "PrescriptionStatusWrong",
  },
  cancelPrescriptionByHolder: {
    action: cancelPrescriptionByHolder,
    by: "stranger",
    given: async (stage) => {
      const { prescription, holder } = await stage.issue();
      const signed = { prescription, deadline: stage.now + 3_600 };
      return { prescription, authorisation: await signHolderCancel(stage.world.network, holder, signed) };
    },
    refused: [
      ...lateSignatures("authorisation"),
      ["terms that nobody signed", changedTerms({ fills: 9 }), "PrescriptionHolderSignatureInvalid"],
      ["a signature for something else", foreignSignature, "PrescriptionHolderSignatureInvalid"],
    ],
    again: "PrescriptionStatusWrong",
  },
  replacePrescription: {
    action: replacePrescription,
    by: "stMarySystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const { prescription } = await stage.issue();
      const order = orderOf(await stage.world.draft());
      const attestation = await signedReplacement({ prescription }, order, stage);
      return { prescription, order: { ...order, attestation } };
    },
    optional: ["order.attestation"],
    refused: [
      unknownTerms,
      [
        "a replacement that was issued before",
        async (right, stage) => {
          const order = orderOf(await stage.issue());
          return { order: { ...order, attestation: await signedReplacement(right, order, stage) } };
        },
        "PrescriptionAlreadyIssued",
      ],
      [
        "a replacement that is over",
        async (right, stage) => {
          const window = { validFrom: stage.now - 20 * DAY, validUntil: stage.now - DAY };
          const order = orderOf(await stage.world.draft(window));
          return { order: { ...order, attestation: await signedReplacement(right, order, stage) } };
        },
        "PrescriptionWindowInvalid",
      ],
    ],
    again: "PrescriptionStatusWrong",
  },
  dispensePrescription: {
    action: dispensePrescription,
    by: "greenCrossSystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const draft = await stage.issue();
      await stage.accept(draft);
      const { prescription } = draft;
      const handover = handoverOf();
      const signed = { prescription, handover, deadline: stage.now + 3_600 };
      const { network } = stage.world;
      const attestation = await signDispense(network, stage.world.wallet("pharmacistBerg"), signed);
      return { prescription, handover, attestation, stock: "0x" };
    },
    optional: [...ATTESTATION, "stock"],
    refused: [
      ...lateSignatures("attestation"),
      unknownTerms,
      ["more than is left", handed({ units: 30_001n }), "PrescriptionUnitsExceeded"],
      ["a fill that is not due", handed({ fill: 2 }), "PrescriptionFillWrong"],
      ["an ordinal that is not next", handed({ ordinal: 2 }), "PrescriptionOrdinalWrong"],
      ["a lock that it has not", handed({ lockCount: 2 }), "PrescriptionLockNotHeld"],
      ["another's site", handed({ site: 2 }), "PrescriptionLockNotHeld"],
      [
        "a hand-over before the lock",
        handed({ handedOverAt: 1_500_000_000 }),
        "PrescriptionHandoverOutOfRange",
      ],
      [
        "other units than were signed",
        ({ handover }) => ({ handover: { ...(handover as object), units: 9_999n } }),
        "DutyNotHeld",
      ],
      [
        "stock that is no row",
        async (right, { world, now }) => {
          const signed = { ...right, stock: "0x01", deadline: now + 3_600 } as unknown as SignDispenseParams;
          const pharmacist = world.wallet("pharmacistBerg");
          return { stock: "0x01", attestation: await signDispense(world.network, pharmacist, signed) };
        },
        "DispenseStockMalformed",
      ],
    ],
    again: "PrescriptionOrdinalWrong",
  },
  closeFill: {
    action: closeFill,
    by: "greenCrossSystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const { prescription } = await stage.dispensed();
      const closing = { prescription, member: 4, site: 1, lockCount: 1, ordinal: 2 };
      const signed = { ...closing, fill: 1, deadline: stage.now + 3_600 };
      const { network } = stage.world;
      const attestation = await signCloseFill(network, stage.world.wallet("pharmacistAmsel"), signed);
      return { ...closing, attestation };
    },
    optional: ATTESTATION,
    refused: [
      ...lateSignatures("attestation"),
      unknownTerms,
      ["an ordinal that is not next", closed({ ordinal: 1 }), "PrescriptionOrdinalWrong"],
      ["another's site", closed({ site: 2 }), "PrescriptionLockNotHeld"],
    ],
    again: "PrescriptionOrdinalWrong",
  },
  withdrawDispense: {
    action: withdrawDispense,
    by: "greenCrossSystem",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      const { prescription } = await stage.dispensed();
      const withdrawal = { prescription, member: 4, ordinal: 1, reason: "WrongEntry" } as const;
      const signed = { ...withdrawal, deadline: stage.now + 3_600 };
      const { network } = stage.world;
      const attestation = await signWithdraw(network, stage.world.wallet("pharmacistAmsel"), signed);
      return { ...withdrawal, attestation };
    },
    optional: ATTESTATION,
    refused: [
      ...lateSignatures("attestation"),
      unknownTerms,
      ["an unknown dispense", { ordinal: 2 }, "DispenseUnknown"],
      ["another's dispense", { member: 5 }, "DispenseOfOther"],
    ],
    again: "DispenseAlreadyWithdrawn",
  },
  markClaimed: {
    action: markClaimed,
    by: "claims",
    wrong: governed,
    given: async (stage) => {
      const { prescription } = await stage.dispensed();
      return { prescription: prescriptionIdOf(prescription), ordinal: 1 };
    },
    refused: [
      ["an unknown prescription", { prescription: UNKNOWN_ID }, "DispenseUnknown"],
      ["an unknown dispense", { ordinal: 2 }, "DispenseUnknown"],
    ],
    again: "DispenseIsClaimed",
  },
  unmarkClaimed: {
    action: unmarkClaimed,
    by: "claims",
    wrong: governed,
    given: async (stage) => {
      const { prescription } = await stage.dispensed();
      const dispense = { prescription: prescriptionIdOf(prescription), ordinal: 1 };
      await markClaimed(stage.as("claims"), dispense);
      return dispense;
    },
    refused: [
      ["an unknown prescription", { prescription: UNKNOWN_ID }, "DispenseUnknown"],
      ["an unknown dispense", { ordinal: 2 }, "DispenseUnknown"],
    ],
    again: "DispenseNotClaimed",
  },
  haltPrescriptions: {
    action: haltPrescriptions,
    by: "inspectorField",
    wrong: ["stranger", "DutyNotHeld"],
    given: async ({ world, now }) => ({
      regulator: 1,
      issuer: 2,
      prescriber: world.operator("drAdler"),
      since: now - DAY,
      reason: "KeyCompromise",
    }),
    optional: ["prescriber"],
    refused: [
      ["a time to come", (_, { now }) => ({ since: now + DAY }), "HaltInvalid"],
      ["another regulator's name", { regulator: 6 }, "DutyNotHeld"],
    ],
    again: REPEATABLE,
  },
  resumePrescriptions: {
    action: resumePrescriptions,
    by: "inspectorField",
    wrong: ["stranger", "DutyNotHeld"],
    given: async (stage) => {
      await stage.halt();
      return { regulator: 1, issuer: 2, prescriber: stage.world.operator("drAdler") };
    },
    optional: ["prescriber"],
    refused: [
      ["an issuer that nobody halted", { issuer: 3 }, "HaltUnknown"],
      ["a prescriber that nobody halted", { prescriber: UNKNOWN_OPERATOR }, "HaltUnknown"],
    ],
    again: "HaltUnknown",
  },
  liftHalt: {
    action: liftHalt,
    by: "governance",
    wrong: governed,
    given: async (stage) => {
      await stage.halt();
      return { issuer: 2, prescriber: stage.world.operator("drAdler") };
    },
    optional: ["prescriber"],
    refused: [["an issuer that nobody halted", { issuer: 3 }, "HaltUnknown"]],
    again: "HaltUnknown",
  },
  ...supplyActions,
};

/** A signature whose time is over, and one that would hold too long. */
function lateSignatures(name: "attestation" | "authorisation"): Refusal[] {
  const until = (deadline: (now: number) => number): Refusal[1] =>
    ((right: Params, { now }: Stage) => ({
      [name]: { ...(right[name] as object), deadline: deadline(now) },
    })) as Refusal[1];
  return [
    ["a signature that is late", until((now) => now - 10), "SignatureExpired"],
    ["a signature that holds too long", until((now) => now + 4 * DAY), "SignatureDeadlineTooFar"],
  ];
}

function changedTerms(change: Params): Refusal[1] {
  return ({ prescription }) => ({ prescription: { ...(prescription as object), ...change } });
}

/** Other terms, signed as they are. */
function signedTerms(change: (now: number) => Partial<PrescriptionTerms>): Refusal[1] {
  return async (right, { world, now }) => {
    const prescription = { ...(right["prescription"] as PrescriptionTerms), ...change(now) };
    const order = { prescription, ephemeralKey: right["ephemeralKey"] as Order["ephemeralKey"] };
    const signed = { ...order, deadline: now + 3_600 };
    return { ...order, attestation: await signIssue(world.network, world.wallet("drAdler"), signed) };
  };
}

function windowOf(from: number, until: number): Refusal[1] {
  return signedTerms((now) => ({ validFrom: now + from, validUntil: now + until }));
}

function signedReplacement(right: Params, order: Order, { world, now }: Stage): Promise<Attestation> {
  return signReplace(world.network, world.wallet("drAdler"), {
    prescription: right["prescription"] as PrescriptionTerms,
    replacement: order.prescription,
    ephemeralKey: order.ephemeralKey,
    deadline: now + 3_600,
  });
}

/** Another hand-over, signed as it is. */
function handed(change: Partial<Handover>): Refusal[1] {
  return async (right, { world, now }) => {
    const handover = { ...(right["handover"] as Handover), ...change };
    const prescription = right["prescription"] as PrescriptionTerms;
    const signed = { prescription, handover, deadline: now + 3_600 };
    return {
      handover,
      attestation: await signDispense(world.network, world.wallet("pharmacistBerg"), signed),
    };
  };
}

/** Another closing, signed as it is. */
function closed(change: Params): Refusal[1] {
  return async (right, { world, now }) => {
    const closing = { ...right, ...change, fill: 1, deadline: now + 3_600 } as unknown as SignCloseFillParams;
    const { network } = world;
    return { ...change, attestation: await signCloseFill(network, world.wallet("pharmacistAmsel"), closing) };
  };
}

/** What another holder signed, for another prescription. */
async function foreignSignature(_: Params, { world, now }: Stage): Promise<Params> {
  const { prescription, holder } = await world.draft();
  const signed = { prescription, lockCount: 1, deadline: now + 3_600 };
  return { authorisation: await signRelease(world.network, holder, signed) };
}
