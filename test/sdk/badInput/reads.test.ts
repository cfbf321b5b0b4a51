import * as sdk from "@careledger/sdk";
import {
  type CareLedgerError,
  type Client,
  type Signer,
  createQrHolder,
  generateStealthKeys,
  isCareLedgerError,
  parseMetaAddress,
  prescriptionIdOf,
} from "@careledger/sdk";
import { expect } from "chai";

import { failsWith } from "../expect.ts";
import { CLINIC, DEPOT, NOVA } from "../supply/goods.ts";
import { exportedLike } from "./exported.ts";
import { type Leeway, spoil } from "./garbage.ts";
import { type Stage, type Theatre, handoverOf, lockOf, openTheatre, orderOf } from "./stage.ts";
import { suppliesOf } from "./supplyActions.ts";

const UNKNOWN_ID = `0x${"77".repeat(32)}`;

/** Places as `[].site`. */
interface ReadCase extends Leeway {
  /** Right arguments after the client. */
  readonly given: (stage: Stage) => Promise<readonly unknown[]>;
  /** Arguments that nobody knows, and the code. */
  readonly unknown?: readonly [args: readonly unknown[], code: string];
}

const person = ({ world }: Stage) => ({ member: 4, operator: world.operator("pharmacistBerg") });

/** Every read that takes a client. A new one belongs here. */
const reads: Readonly<Record<string, ReadCase>> = {
  actsFor: { given: async () => [{ member: 2, predecessor: 3 }] },
  getEffectiveDuties: { given: async (stage) => [person(stage)] },
  getEncryptionKey: { given: async () => [2], unknown: [[999], "MemberUnknown"] },
  getEndpoint: { given: async () => [2], unknown: [[999], "MemberUnknown"] },
  getLicensingAuthority: { given: async () => [1] },
  getLicensor: { given: async (stage) => [{ ...person(stage), duty: "DISPENSE" }] },
  getMember: { given: async () => [2] },
  getOperator: { given: async (stage) => [person(stage)] },
  getPausedUntil: { given: async () => ["memberRegistry"] },
  getSite: { given: async () => [{ member: 2, site: 1 }] },
  getSiteByGln: { given: async () => ["9521234000204"] },
  getSuspension: { given: async () => [{ member: 2, cause: "CourtOrder" }] },
  getVotes: {
    given: async ({ now }) => [{ group: 2, timepoint: now - 1 }],
    optional: ["[].group"],
    unknown: [[{ timepoint: 4_000_000_000 }], "VotesNotYetKnown"],
  },
  listMembers: { given: async () => [] },
  listOperators: { given: async () => [2] },
  listSites: { given: async () => [2] },
  findByHolder: {
    given: async (stage) => [{ holder: (await stage.issue()).prescription.holder, fromBlock: 1 }],
    optional: ["[].fromBlock"],
  },
  getDispense: {
    given: async (stage) => [
      { prescription: prescriptionIdOf((await stage.dispensed()).prescription), ordinal: 1 },
    ],
  },
  getHalt: {
    given: async ({ world }) => [{ issuer: 2, prescriber: world.operator("drAdler") }],
    optional: ["[].prescriber"],
  },
  getPrescription: {
    given: async (stage) => [prescriptionIdOf((await stage.issue()).prescription)],
    unknown: [[UNKNOWN_ID], "PrescriptionNotFound"],
  },
  getPrescriptionHistory: {
    given: async (stage) => [prescriptionIdOf((await stage.issue()).prescription)],
    unknown: [[UNKNOWN_ID], "PrescriptionNotFound"],
  },
  listIssued: {
    given: async () => [{ issuer: 2, fromBlock: 1, toBlock: 9 }],
    optional: ["[].fromBlock", "[].toBlock"],
  },
  listLocks: { given: async () => [{ member: 4, site: 1 }], optional: ["[].site"] },
  findDoses: {
    given: async () => {
      const { viewingKey, metaAddress } = generateStealthKeys();
      const { spendingPublicKey } = parseMetaAddress(metaAddress);
      return [{ viewingKey, spendingPublicKey, fromBlock: 1 }];
    },
    optional: ["[].fromBlock"],
  },
  getCompartment: { given: async () => [{ member: DEPOT, site: 1, storageClass: "Frozen" }] },
  getConsignment: { given: async () => [{ from: NOVA, sscc: 106_141_412_345_678_908n }] },
  getLot: { given: async () => [UNKNOWN_ID] },
  getProduct: { given: async () => [9_506_000_134_352n] },
  getRange: { given: async () => [{ lot: UNKNOWN_ID, member: CLINIC, site: 1, firstUnit: 5 }] },
  getRecallStatus: { given: async () => [UNKNOWN_ID] },
  getSerialState: {
    given: async () => [{ lot: UNKNOWN_ID, unit: 5, saltedSerial: UNKNOWN_ID, proof: [UNKNOWN_ID] }],
    mayBeEmpty: ["[0].proof"],
  },
  getStock: { given: async () => [{ lot: UNKNOWN_ID, member: CLINIC, site: 1 }] },
  getWatch: { given: async ({ world }) => [{ member: DEPOT, device: world.operator("depotSensor") }] },
  isSpent: {
    given: async (stage) => [{ lot: (await suppliesOf(stage).stocked(CLINIC)).lot, unit: 5 }],
    unknown: [[{ lot: UNKNOWN_ID, unit: 5 }], "LotUnknown"],
  },
  listConsignments: {
    given: async () => [{ member: NOVA, fromBlock: 1, toBlock: 9 }],
    optional: ["[].fromBlock", "[].toBlock"],
  },
  listHolders: { given: async () => [UNKNOWN_ID] },
  listLots: {
    given: async () => [{ maker: NOVA, fromBlock: 1, toBlock: 9 }],
    optional: ["[]", "[].maker", "[].fromBlock", "[].toBlock"],
  },
};

/** Places as `dose.unit`. */
interface SignatureCase {
  /** Whose key must sign; any operator's when absent. */
  readonly by?: "prescriber" | "holder" | "operator";
  readonly given: (stage: Stage) => Promise<{ params: object; signer: Signer }>;
  /** Places that may be absent, besides the deadline. */
  readonly optional?: readonly string[];
}

const drafted =
  (signer: string, more: (stage: Stage) => object): SignatureCase["given"] =>
  async (stage) => {
    const draft = await stage.world.draft();
    const { prescription, holder } = draft;
    const params = { prescription, deadline: stage.now + 600, ...more(stage) };
    return { params, signer: signer === "holder" ? holder : stage.world.wallet(signer) };
  };
const place = { member: 4, site: 1, lockCount: 1 };
const stock = { lot: UNKNOWN_ID, member: CLINIC, site: 1 };

/** Every function that signs. */
const signatures: Readonly<Record<string, SignatureCase>> = {
  signIssue: {
    by: "prescriber",
    given: async (stage) => {
      const params = { ...orderOf(await stage.world.draft()), deadline: stage.now + 600 };
      return { params, signer: stage.world.wallet("drAdler") };
    },
  },
  signReplace: {
    by: "prescriber",
    given: async (stage) => {
      const [{ prescription }, next] = [await stage.world.draft(), await stage.world.draft()];
      const { ephemeralKey } = next;
      const params = {
        prescription,
        replacement: next.prescription,
        ephemeralKey,
        deadline: stage.now + 600,
      };
      return { params, signer: stage.world.wallet("drAdler") };
    },
  },
  signReview: { given: drafted("pharmacistAmsel", () => ({ member: 4, outcome: "Approved" })) },
  signCancel: { given: drafted("drAdler", () => ({ member: 2 })) },
  signDispense: { given: drafted("pharmacistBerg", () => ({ handover: handoverOf(), stock: "0x" })) },
  signCloseFill: { given: drafted("pharmacistBerg", () => ({ ...place, ordinal: 1, fill: 1 })) },
  signWithdraw: { given: drafted("pharmacistBerg", () => ({ member: 4, ordinal: 1, reason: "WrongEntry" })) },
  signAcceptance: { by: "holder", given: drafted("holder", (stage) => ({ acceptance: lockOf(stage) })) },
  signRelease: { by: "holder", given: drafted("holder", () => ({ lockCount: 1 })) },
  signHolderCancel: { by: "holder", given: drafted("holder", () => ({})) },
  signOperatorReplacement: {
    by: "operator",
    given: async ({ world, now }) => ({
      params: {
        member: 4,
        operator: world.operator("pharmacistBerg"),
        replacement: world.operator("stranger"),
        deadline: now + 600,
      },
      signer: world.wallet("pharmacistBerg"),
    }),
  },
  signAdministration: {
    given: async ({ world, now }) => {
      const { holder, ephemeralKey } = createQrHolder();
      const dose = {
        lot: UNKNOWN_ID,
        member: CLINIC,
        site: 1,
        unit: 5,
        saltedSerial: UNKNOWN_ID,
        holder,
        commitment: UNKNOWN_ID,
        seriesDose: 1,
        administeredAt: now,
      };
      return { params: { dose, ephemeralKey, deadline: now + 600 }, signer: world.wallet("nurseNora") };
    },
    optional: ["dose.unit", "dose.saltedSerial", "dose.administeredAt"],
  },
  signAdministrationSession: {
    given: async ({ world, now }) => {
      const session = { lot: UNKNOWN_ID, member: CLINIC, site: 1, firstUnit: 5, administeredAt: now };
      const { holder, ephemeralKey } = createQrHolder();
      const doses = [
        { saltedSerial: UNKNOWN_ID, holder, ephemeralKey, commitment: UNKNOWN_ID, seriesDose: 1 },
      ];
      return { params: { session, doses, deadline: now + 600 }, signer: world.wallet("nurseNora") };
    },
    optional: ["session.administeredAt"],
  },
  signRecallAcknowledgment: {
    given: async ({ world, now }) => ({
      params: { ...stock, recalledAt: now, counted: 7, deadline: now + 600 },
      signer: world.wallet("clinicStock"),
    }),
  },
  signQuarantineRelease: {
    given: async ({ world, now }) => ({
      params: { ...stock, releaser: DEPOT, units: 7, minutesOut: 3, releases: 2, deadline: now + 600 },
      signer: world.wallet("depotQuality"),
    }),
  },
  signSegment: {
    by: "operator",
    given: async ({ world, now }) => {
      const device = world.operator("depotSensor");
      const segment = { member: DEPOT, device, from: now, to: now + 60, minutesOut: 1, readings: UNKNOWN_ID };
      return { params: { segment, deadline: now + 600 }, signer: world.wallet("depotSensor") };
    },
  },
};

/** All signatures but the replacement's have a deadline of their own when none is named. */
const optionalOf = (name: string, more: readonly string[]): string[] =>
  name === "signOperatorReplacement" ? [] : ["deadline", "stock", ...more];

const exported = sdk as unknown as Readonly<
  Record<string, (...args: readonly unknown[]) => Promise<unknown>>
>;

describe("bad input to the SDK's reads and signatures", () => {
  let theatre: Theatre;

  before(async () => {
    theatre = await openTheatre();
  });
  after(() => theatre.close());

  it("every exported read and every function that signs is in the tables", () => {
    const folders = ["consortium", "prescriptions", "supply"];
    const reading = exportedLike(
      folders,
      /^export async function ((?:get|list|find|is(?=[A-Z])|actsFor)\w*)\(\s*client: Client/gm,
    );
    expect(Object.keys(reads).sort()).to.deep.equal(reading);
    const taking = exportedLike(folders, /^export async function (\w+)\(\s*client: Client/gm);
    const acting = exportedLike(
      folders,
      /^export async function (\w+)\(\s*client: Client,\s*params: \w+Params,?\s*\)/gm,
    );
    expect([...reading, ...acting].sort(), "reads and actions").to.deep.equal(taking);
    const signing = exportedLike(folders, /^export async function (\w+)\(\s*network: Network/gm);
    expect(Object.keys(signatures).sort()).to.deep.equal(signing);
  });

  /** Each spoilt copy is `InputInvalid`, names its place, and asks no node. */
  const namesEachPlace = async (
    stage: Stage,
    right: readonly unknown[],
    leeway: Leeway,
    call: (args: readonly unknown[]) => Promise<unknown>,
  ): Promise<void> => {
    const asked = stage.world.node.asked.length;
    for (const { place: full, what, value } of spoil(right, leeway)) {
      if (full === "" || !Array.isArray(value)) continue; // The list of arguments itself.
      const name = full.replace(/^\[\d+\]\.?/, "");
      const error = await call(value as readonly unknown[]).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      const said = `${full} ${what}: ${String(error)}`;
      expect(isCareLedgerError(error, "InputInvalid"), said).to.equal(true);
      const { values, fix } = error as CareLedgerError;
      const parameter = String(values["parameter"]);
      const isNamed =
        name === "" || parameter === name || name.startsWith(`${parameter}.`) || parameter === "params";
      expect(isNamed, `${full}: said ${parameter}`).to.equal(true);
      expect(fix).to.match(/\.$/);
    }
    expect(stage.world.node.asked.length, "asked the node").to.equal(asked);
  };

  for (const [name, { given, unknown, ...leeway }] of Object.entries(reads)) {
    it(`${name}: refuses malformed arguments and what is unknown, and says when no node answers`, () =>
      theatre.play(async (stage) => {
        const right = await given(stage);
        const client: Client = stage.as("reader", {
          signer: undefined as never,
          rpcAttempts: 2,
          rpcTimeoutMs: 300,
        });
        const call = (args: readonly unknown[]): Promise<unknown> => exported[name]!(client, ...args);
        await namesEachPlace(stage, right, leeway, call);
        if (unknown !== undefined) await failsWith(call(unknown[0]), unknown[1]);
        stage.world.node.fault = () => "cut";
        await failsWith(call(right), "RpcUnavailable");
      }));
  }

  for (const [name, { by, given, optional = [] }] of Object.entries(signatures)) {
    it(`${name}: refuses malformed parameters, another's key, and a signer that fails`, () =>
      theatre.play(async (stage) => {
        const { params, signer } = await given(stage);
        const { network } = stage.world;
        const call = (args: readonly unknown[], key: Signer = signer): Promise<unknown> =>
          exported[name]!(network, key, ...args);
        await namesEachPlace(
          stage,
          [params],
          { optional: optionalOf(name, optional).map((each) => `[].${each}`) },
          call,
        );
        const failing = (work: () => Promise<string>): Signer => ({ ...signer, signTypedData: work });
        const refused = [
          failing(() => Promise.reject(new Error("card removed"))),
          failing(() => Promise.resolve("0x12")),
          failing(() => Promise.resolve(undefined as never)),
        ];
        for (const key of refused) await failsWith(call([params], key), "SignerRefused");
        const stranger = stage.world.wallet("stranger");
        if (by === undefined) await call([params], stranger);
        else await failsWith(call([params], stranger), "SignerMismatch");
      }));
  }
});
