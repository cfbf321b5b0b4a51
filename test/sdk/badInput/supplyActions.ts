/** The actions of lots: who may, what each needs, and what else is refused. */
import {
  type AdministerDoseParams,
  type AdministerSessionParams,
  type ConsignmentTerms,
  type SegmentTerms,
  acknowledgeRecall,
  administerDose,
  administerSession,
  approveProduct,
  bindDevice,
  checkSerial,
  declareConsignmentLost,
  endRecall,
  getLot,
  orderCustody,
  proposeProduct,
  quarantineStock,
  recallLot,
  receiveConsignment,
  recordSegment,
  refuseLot,
  registerLot,
  releaseLot,
  releaseQuarantine,
  settleDispenses,
  shipConsignment,
  signAdministration,
  signAdministrationSession,
  signQuarantineRelease,
  signRecallAcknowledgment,
  signSegment,
  takeBackConsignment,
  unbindDevice,
  withdrawProduct,
  writeOffStock,
} from "@careledger/sdk";
import { hexlify, randomBytes } from "ethers";

import {
  CLINIC,
  DEPOT,
  GREEN_CROSS,
  INSPECTOR,
  type Made,
  NOVA,
  type Supply,
  TABLETS,
  doseOf,
  expiryDay,
  goodsOf,
  lineOf,
  productTerms,
  sessionDosesOf,
  supplyOf,
} from "../supply/goods.ts";
import { type ActionCase, type Params, REPEATABLE, type Refusal } from "./actionCase.ts";
import type { Stage } from "./stage.ts";

const DAY = 86_400;
const HOUR = 3_600;
const UNKNOWN_LOT = `0x${"77".repeat(32)}`;
const random32 = (): string => hexlify(randomBytes(32));
const unlicensed = ["stranger", "DutyNotHeld"] as const;
const unknownLot: Refusal = ["a lot that nobody registered", { lot: UNKNOWN_LOT }, "LotUnknown"];
const ATTESTATION = ["attestation"];

/** What cases prepare on a stage. */
export const suppliesOf = ({ as, world }: Stage): Supply => supplyOf(as, () => world.now());

const recalled = async (stage: Stage): Promise<Made> => {
  const made = await suppliesOf(stage).stocked(CLINIC);
  const order = { lot: made.lot, member: NOVA, recallClass: "ClassI", notice: random32() } as const;
  await recallLot(stage.as("novaQuality"), order);
  return made;
};

/** Goods of which the depot accepted nothing, as their sender takes them back. */
const refusedGoods = async (stage: Stage): Promise<ConsignmentTerms> => {
  const supply = suppliesOf(stage);
  const made = await supply.lot(await supply.product(), 100);
  const consignment = await supply.ship(made, 60, DEPOT);
  await receiveConsignment(stage.as("depotStock"), {
    consignment,
    findings: [{ damaged: 0, missing: 0, refused: 60 }],
  });
  const { range: _range, origin: _origin, ...line } = consignment.lines[0]!;
  return { ...consignment, lines: [line] };
};

const shipped = async (stage: Stage): Promise<ConsignmentTerms> => {
  const supply = suppliesOf(stage);
  return supply.ship(await supply.lot(await supply.product(), 100), 60, DEPOT);
};

const otherGoods: Refusal = [
  "other goods than were shipped",
  ({ consignment }) => ({ consignment: { ...(consignment as ConsignmentTerms), toSite: 2 } }),
  "ConsignmentUnknown",
];

const signedDose = async (stage: Stage): Promise<Params> => {
  const given = doseOf(await suppliesOf(stage).stocked(CLINIC), 3);
  return { ...given, attestation: await attested(stage, given) };
};

const attested = (
  { world, now }: Stage,
  { dose, ephemeralKey }: Pick<AdministerDoseParams, "dose" | "ephemeralKey">,
) =>
  signAdministration(world.network, world.wallet("nurseNora"), {
    dose,
    ephemeralKey,
    deadline: now + HOUR,
  });

/** Another dose, signed as it is. */
const changedDose =
  (change: Partial<AdministerDoseParams["dose"]>): Refusal[1] =>
  async (right, stage) => {
    const given = right as unknown as AdministerDoseParams;
    const dose = { ...given.dose, ...change };
    return { dose, attestation: await attested(stage, { ...given, dose }) };
  };

const watched = async (stage: Stage): Promise<Params> => {
  const device = stage.world.operator("depotSensor");
  await bindDevice(stage.as("depotStock"), {
    member: DEPOT,
    device,
    watch: { storageClass: "Refrigerated", site: 1 },
  });
  return { member: DEPOT, device };
};

const measured = async (stage: Stage): Promise<{ segment: SegmentTerms }> => {
  await watched(stage);
  const from = await stage.world.now();
  await stage.world.pass(HOUR);
  const device = stage.world.operator("depotSensor");
  return { segment: { member: DEPOT, device, from, to: from + 600, minutesOut: 1, readings: random32() } };
};

export const supplyActions: Readonly<Record<string, ActionCase>> = {
  // ── products and lots ──────────────────────────────────────────────────────────────────────────────────────────────

  proposeProduct: {
    action: proposeProduct,
    by: "novaQuality",
    wrong: unlicensed,
    given: async () => ({ product: productTerms() }),
    refused: [
      [
        "a budget where nothing is measured",
        { product: { ...productTerms(), budget: 5 } },
        "ProductTermInvalid",
      ],
    ],
    again: REPEATABLE,
  },
  approveProduct: {
    action: approveProduct,
    by: "inspectorLots",
    wrong: unlicensed,
    given: async (stage) => {
      const product = productTerms();
      await proposeProduct(stage.as("novaQuality"), { product });
      return { product, regulator: INSPECTOR };
    },
    refused: [
      [
        "other terms than were proposed",
        ({ product }) => ({ product: { ...(product as object), unitsPerPack: 11 } }),
        "ProductNotProposed",
      ],
    ],
    again: "ProductNotProposed",
  },
  withdrawProduct: {
    action: withdrawProduct,
    by: "novaQuality",
    wrong: unlicensed,
    given: async (stage) => ({ gtin: (await suppliesOf(stage).product()).gtin, member: NOVA }),
    refused: [
      ["a product that nobody approved", () => ({ gtin: productTerms().gtin }), "ProductNotApproved"],
    ],
    again: "ProductNotApproved",
  },
  registerLot: {
    action: registerLot,
    by: "novaStock",
    wrong: unlicensed,
    given: async (stage) => ({
      member: NOVA,
      gtin: (await suppliesOf(stage).product()).gtin,
      lotNumber: "AB-12/3",
      expiryDay: expiryDay(stage.now),
      units: 100,
      serialRoot: random32(),
      site: 1,
    }),
    optional: ["serialRoot"],
    mayBeNonsense: ["lotNumber"],
    refused: [
      ["a product that nobody approved", () => ({ gtin: productTerms().gtin }), "ProductNotApproved"],
      ["a day that is over", { expiryDay: 1 }, "LotTermInvalid"],
      ["an unknown site", { site: 9 }, "StockSiteNotOpen"],
    ],
    again: "LotAlreadyRegistered",
  },
  releaseLot: {
    action: releaseLot,
    by: "inspectorLots",
    wrong: unlicensed,
    given: async (stage) => {
      const supply = suppliesOf(stage);
      const { lot } = await supply.register(await supply.product(), 100);
      return { lot, regulator: INSPECTOR, certificate: random32() };
    },
    refused: [unknownLot],
    again: "LotStatusWrong",
  },
  refuseLot: {
    action: refuseLot,
    by: "inspectorLots",
    wrong: unlicensed,
    given: async (stage) => {
      const supply = suppliesOf(stage);
      const { lot } = await supply.register(await supply.product(), 100);
      return { lot, regulator: INSPECTOR, certificate: random32() };
    },
    refused: [unknownLot],
    again: "LotStatusWrong",
  },
  recallLot: {
    action: recallLot,
    by: "novaQuality",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot } = await suppliesOf(stage).stocked(CLINIC);
      return { lot, member: NOVA, recallClass: "ClassI", notice: random32() };
    },
    refused: [unknownLot],
    again: "LotIsRecalled",
  },
  endRecall: {
    action: endRecall,
    by: "inspectorLots",
    wrong: unlicensed,
    given: async (stage) => ({ lot: (await recalled(stage)).lot, regulator: INSPECTOR }),
    refused: [unknownLot],
    again: "LotNotRecalled",
  },
  acknowledgeRecall: {
    action: acknowledgeRecall,
    by: "clinicSystem",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot } = await recalled(stage);
      const { recalledAt } = await getLot(stage.as("clinicSystem"), lot);
      const answer = { lot, member: CLINIC, site: 1, counted: 100 };
      const signed = { ...answer, recalledAt, deadline: stage.now + HOUR };
      const { network } = stage.world;
      const attestation = await signRecallAcknowledgment(network, stage.world.wallet("clinicStock"), signed);
      return { ...answer, attestation };
    },
    optional: ATTESTATION,
    refused: [unknownLot, ["another count than was signed", { counted: 99 }, "DutyNotHeld"]],
    again: REPEATABLE,
  },

  // ── goods ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  shipConsignment: {
    action: shipConsignment,
    by: "novaStock",
    wrong: unlicensed,
    given: async (stage) => {
      const supply = suppliesOf(stage);
      const made = await supply.lot(await supply.product(), 100);
      return { consignment: { ...goodsOf(made, 60, DEPOT), lines: [lineOf(made, 60)] } };
    },
    optional: ["firstUnit", "endUnit", "origin"].map((field) => `consignment.lines[].${field}`),
    refused: [
      [
        "units that are not there",
        ({ consignment }) => {
          const { lines, ...rest } = consignment as ConsignmentTerms;
          return { consignment: { ...rest, lines: [{ ...lines[0]!, origin: false }] } };
        },
        "StockInsufficient",
      ],
    ],
    again: "ConsignmentStatusWrong",
  },
  receiveConsignment: {
    action: receiveConsignment,
    by: "depotStock",
    wrong: unlicensed,
    given: async (stage) => ({
      consignment: await shipped(stage),
      findings: [{ damaged: 1, missing: 1, refused: 0, indices: [4, 9] }],
      intoQuarantine: true,
    }),
    optional: [
      "findings",
      "findings[].indices",
      "intoQuarantine",
      ...["firstUnit", "endUnit", "origin"].map((field) => `consignment.lines[].${field}`),
    ],
    mayBeEmpty: ["findings[0].indices"],
    refused: [
      ["other goods than were shipped", otherSscc, "ConsignmentUnknown"],
      [
        "findings that do not fit",
        { findings: [{ damaged: 61, missing: 0, refused: 0 }] },
        "ConsignmentFindingInvalid",
      ],
    ],
    again: "ConsignmentStatusWrong",
  },
  takeBackConsignment: {
    action: takeBackConsignment,
    by: "novaStock",
    wrong: unlicensed,
    given: async (stage) => ({ consignment: await refusedGoods(stage) }),
    optional: ["firstUnit", "endUnit"].map((field) => `consignment.lines[].${field}`),
    refused: [otherGoods],
    again: "ConsignmentStatusWrong",
  },
  declareConsignmentLost: {
    action: declareConsignmentLost,
    by: "novaStock",
    wrong: unlicensed,
    given: async (stage) => {
      const consignment = await shipped(stage);
      await stage.world.pass(31 * DAY);
      return { consignment };
    },
    optional: ["firstUnit", "endUnit", "origin"].map((field) => `consignment.lines[].${field}`),
    refused: [
      otherGoods,
      [
        "goods that left just now",
        async (_, stage) => ({ consignment: await shipped(stage) }),
        "ConsignmentTooEarly",
      ],
    ],
    again: "ConsignmentStatusWrong",
  },

  // ── use ────────────────────────────────────────────────────────────────────────────────────────────────────────────

  administerDose: {
    action: administerDose,
    by: "clinicSystem",
    wrong: unlicensed,
    given: signedDose,
    optional: ["dose.unit", "dose.saltedSerial", "proof", ...ATTESTATION],
    mayBeEmpty: ["proof"],
    refused: [
      ["a lot that nobody registered", changedDose({ lot: UNKNOWN_LOT }), "LotUnknown"],
      ["another serial", changedDose({ unit: 4 }), "SerialUnknown"],
      [
        "a dose that nobody signed",
        ({ dose }) => ({ dose: { ...(dose as object), seriesDose: 9 } }),
        "DutyNotHeld",
      ],
      [
        "a signature that is late",
        ({ attestation }, { now }) => ({ attestation: { ...(attestation as object), deadline: now - 10 } }),
        "SignatureExpired",
      ],
    ],
    again: "SerialSpent",
  },
  administerSession: {
    action: administerSession,
    by: "clinicSystem",
    wrong: unlicensed,
    given: async (stage) => {
      const made = await suppliesOf(stage).stocked(CLINIC);
      const session = { lot: made.lot, member: CLINIC, site: 1, firstUnit: 5 };
      const doses = sessionDosesOf(made, 5, 3);
      const { network } = stage.world;
      const signed = { session, doses, deadline: stage.now + HOUR };
      const attestation = await signAdministrationSession(network, stage.world.wallet("nurseNora"), signed);
      return { session, doses, proof: made.tree.runProofOf(5, 3), attestation };
    },
    optional: ATTESTATION,
    mayBeEmpty: ["proof"],
    refused: [
      ["a proof of others", { proof: [] }, "SerialUnknown"],
      [
        "a session that nobody signed",
        ({ session }) => ({ session: { ...(session as AdministerSessionParams["session"]), firstUnit: 6 } }),
        "DutyNotHeld",
      ],
    ],
    again: "SerialSpent",
  },
  checkSerial: {
    action: checkSerial,
    by: "nurseNora",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot, tree } = await suppliesOf(stage).stocked(CLINIC);
      // Another's serial: an alert.
      return { member: CLINIC, lot, unit: 3, saltedSerial: tree.saltedSerialOf(4), proof: tree.proofOf(3) };
    },
    mayBeEmpty: ["proof"],
    refused: [["another member's name", { member: DEPOT }, "DutyNotHeld"]],
    again: REPEATABLE,
  },

  // ── stock ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  quarantineStock: {
    action: quarantineStock,
    by: "clinicStock",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot } = await suppliesOf(stage).stocked(CLINIC);
      return { lot, member: CLINIC, site: 1, units: 100, reason: "QualityDefect" };
    },
    refused: [unknownLot, ["a part of serialised stock", { units: 5 }, "StockInsufficient"]],
    again: "StockEmpty",
  },
  releaseQuarantine: {
    action: releaseQuarantine,
    by: "clinicStock",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot } = await suppliesOf(stage).stocked(CLINIC);
      const stock = { lot, member: CLINIC, site: 1, units: 100 };
      await quarantineStock(stage.as("clinicStock"), { ...stock, reason: "QualityDefect" });
      const release = { ...stock, releaser: DEPOT, minutesOut: 0 };
      const signed = { ...release, releases: 0, deadline: stage.now + HOUR };
      const { network } = stage.world;
      const attestation = await signQuarantineRelease(network, stage.world.wallet("depotQuality"), signed);
      return { ...release, attestation };
    },
    optional: ATTESTATION,
    refused: [unknownLot, ["other units than were signed", { units: 99 }, "DutyNotHeld"]],
    again: "DutyNotHeld",
  },
  writeOffStock: {
    action: writeOffStock,
    by: "clinicStock",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot } = await suppliesOf(stage).stocked(CLINIC);
      return {
        lot,
        member: CLINIC,
        site: 1,
        pocket: "OnHand",
        loss: "Destroyed",
        units: 2,
        indices: [7, 8],
        range: 0,
        evidence: random32(),
      };
    },
    optional: ["indices", "range", "evidence"],
    mayBeEmpty: ["indices"],
    refused: [
      unknownLot,
      ["no evidence", { evidence: undefined }, "StockReasonMissing"],
      ["no indices", { indices: undefined }, "StockSpanWrong"],
    ],
    again: "SerialSpent",
  },
  settleDispenses: {
    action: settleDispenses,
    by: "pharmacistAmsel",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot } = await suppliesOf(stage).stocked(GREEN_CROSS, 60, { ...TABLETS, discreet: true });
      return { lot, member: GREEN_CROSS, site: 1, dispensed: 60, returned: 0, root: random32() };
    },
    refused: [unknownLot, ["more than was there", { dispensed: 61 }, "StockInsufficient"]],
    again: "StockInsufficient",
  },
  orderCustody: {
    action: orderCustody,
    by: "inspectorField",
    wrong: unlicensed,
    given: async (stage) => {
      const { lot } = await suppliesOf(stage).stocked(CLINIC, 60, TABLETS);
      return { lot, member: CLINIC, site: 1, to: DEPOT, toSite: 1, regulator: INSPECTOR };
    },
    refused: [unknownLot, ["an unknown site", { toSite: 9 }, "CustodyOrderInvalid"]],
    again: "StockEmpty",
  },

  // ── cold chain ─────────────────────────────────────────────────────────────────────────────────────────────────────

  bindDevice: {
    action: bindDevice,
    by: "depotStock",
    wrong: unlicensed,
    given: async ({ world }) => ({
      member: DEPOT,
      device: world.operator("depotSensor"),
      watch: { storageClass: "Refrigerated", site: 1 },
    }),
    refused: [
      ["an unknown site", { watch: { storageClass: "Refrigerated", site: 9 } }, "DeviceWatchInvalid"],
    ],
    again: "DeviceWatchInvalid",
  },
  unbindDevice: {
    action: unbindDevice,
    by: "depotStock",
    wrong: unlicensed,
    given: watched,
    refused: [["a device that watches nothing", { device: UNKNOWN_LOT }, "DeviceUnboundYet"]],
    again: "DeviceUnboundYet",
  },
  recordSegment: {
    action: recordSegment,
    by: "depotSystem",
    wrong: unlicensed,
    given: async (stage) => {
      const { segment } = await measured(stage);
      const { network } = stage.world;
      const signed = { segment, deadline: (await stage.world.now()) + HOUR };
      return {
        segment,
        attestation: await signSegment(network, stage.world.wallet("depotSensor"), signed),
      };
    },
    optional: ATTESTATION,
    refused: [
      [
        "what nobody signed",
        ({ segment }) => ({ segment: { ...(segment as SegmentTerms), minutesOut: 2 } }),
        "DutyNotHeld",
      ],
    ],
    again: "SegmentInvalid",
  },
};

/** The same goods under another SSCC. */
function otherSscc({ consignment }: Params): Params {
  return { consignment: { ...(consignment as ConsignmentTerms), sscc: 106_141_412_345_678_908n } };
}
