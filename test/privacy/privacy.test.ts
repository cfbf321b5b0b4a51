import { createHash } from "node:crypto";

import {
  type Order,
  type PrescriptionTerms,
  canonicalJson,
  cancelPrescriptionByHolder,
  createClient,
  createQrHolder,
  createStealthHolder,
  haltPrescriptions,
  issuePrescription,
  issuePrescriptions,
  parseMetaAddress,
  publishEndpoint,
  prescriptionRegistryAbi,
  resumePrescriptions,
  signHolderCancel,
} from "@careledger/sdk";
import { expect } from "chai";
import {
  Interface,
  type InterfaceAbi,
  Wallet,
  encodeBytes32String,
  hexlify,
  id,
  keccak256,
  randomBytes,
  toUtf8Bytes,
} from "ethers";

import { dumpChain } from "../../scripts/story/dump.ts";
import { QUICK } from "../sdk/core/chain.ts";
import { type World, startWorld } from "../sdk/world.ts";
import { DOMAINS, actsOf, functionsCalled, functionsOf } from "./acts.ts";
import { orderFor } from "./drive/prescriptions.ts";
import { INTERFACES, eventTopics } from "./entries.ts";
import { type Leaks, leaksIn } from "./leaks.ts";
import type { Needle } from "./needles.ts";
import { type Dump, type Footprints, recordChain } from "./record.ts";
import { type Run, drive, footprintsSince, publicValuesOf, scanDump, scanRun } from "./run.ts";
import { type Finding, lineOf, scan } from "./scanner.ts";

const DAY = 86_400;
/** Midnight of the day on which the published requests were written, in Amsterdam. */
const AUTHORED = Date.parse("2015-01-14T23:00:00Z") / 1_000;

/** What deployment and upgrades call, with nothing about anybody. */
const UPKEEP = ["initialize", "setAuthority", "upgradeToAndCall", "refreshStandards"];
const UPKEEP_EVENTS =
  /^(Initialized|AuthorityUpdated|Upgraded|EIP712DomainChanged|Domain\w+|StandardsRefreshed)$/;
/** Kinds of entries that share an id on purpose (docs/observer.md). */
const LINKED = [
  "access and access",
  "access and dataset",
  "act and act",
  "act and break-glass",
  "act and disclosure",
  "act and subject",
  "batch and record",
  "break-glass and disclosure",
  "disclosure and disclosure",
  "prescription and prescription",
  "record and record",
];

describe("the privacy scan", () => {
  let world: World;
  let run: Run;
  let needles: readonly Needle[];
  let footprints: Footprints;
  let findings: readonly Finding[];

  before(async () => {
    world = await startWorld();
    run = await drive(world);
    ({ needles, footprints, findings } = await scanRun(world, run));
  });
  after(() => world.close());

  it("finds nothing in any act that the SDK exports, made from every example that can be taken", () => {
    expect(findings.map(lineOf)).to.deep.equal([]);
  });

  it("finds nothing in a dump of the whole chain, its founding included, and reads it as it reads the chain", async () => {
    const dump = await dumpChain(world.as("stranger"));
    const scanned = scanDump(JSON.parse(JSON.stringify(dump)) as Dump);
    expect(scanned.findings.map(lineOf)).to.deep.equal([]);
    expect(scanned.footprints.entries).to.deep.equal(footprints.entries);
    const dumped = new Set(scanned.footprints.stretches.map((stretch) => JSON.stringify(stretch)));
    const missed = footprints.stretches.filter((stretch) => !dumped.has(JSON.stringify(stretch)));
    expect(missed).to.deep.equal([]);
  });

  it("looks at all of them, through all that can happen to a prescription", () => {
    const published = run.cases.filter(({ name }) => name.startsWith("medrx"));
    expect(new Set(published.map(({ name }) => name.split(" ")[0]))).to.have.property("size", 10);
    expect(run.cases.filter(({ name }) => name.startsWith("derived-"))).to.have.length(8);
    const issued = footprints.entries.filter((each) => each.startsWith("prescription "));
    expect(issued).to.have.length(run.cases.length);
    const registry = new Interface(prescriptionRegistryAbi as unknown as InterfaceAbi);
    const happened = footprints.stretches
      .filter(({ at }) => at.endsWith("topic 0"))
      .map(({ hex }) => registry.getEvent(`0x${hex}`)?.name);
    expect(happened).to.include.members([
      "Announcement",
      "PrescriptionIssued",
      "PrescriptionReviewed",
      "PrescriptionAccepted",
      "PrescriptionReturned",
      "PrescriptionReleased",
      "PrescriptionDispensed",
      "PrescriptionFillClosed",
      "DispenseWithdrawn",
      "DispenseClaimed",
      "DispenseClaimReversed",
      "PrescriptionCancelled",
      "PrescriptionReplaced",
      "PrescriptionsHalted",
      "PrescriptionsResumed",
    ]);
    expect(eventTopics()).to.have.length.greaterThan(40);
  });

  it("sees every event of consents, records, research and standards", () => {
    const topics = new Set(
      footprints.stretches.filter(({ at }) => at.endsWith("topic 0")).map(({ hex }) => `0x${hex}`),
    );
    const missing = ["consentRegistry", "recordRegistry", "researchRegistry", "standardsRegistry"].flatMap(
      (name) => {
        const unseen: string[] = [];
        INTERFACES[name]!.forEachEvent((event) => {
          if (!topics.has(event.topicHash) && !UPKEEP_EVENTS.test(event.name)) unseen.push(event.name);
        });
        return unseen;
      },
    );
    expect(missing).to.deep.equal([]);
  });

  it("does every action that the SDK exports, and every function that anybody but the deployer may call", async () => {
    const recorded = await recordChain(world.ask, run.from, Number(await world.ask("eth_blockNumber")));
    const called = functionsCalled([...run.members, ...recorded]);
    const acts = DOMAINS.flatMap((domain) => actsOf(domain));
    expect(acts).to.have.length.of.at.least(90);
    expect(acts.filter(({ call }) => !called.has(call))).to.deep.equal([]);
    const others = Object.keys(INTERFACES).flatMap((contract) =>
      functionsOf(contract).filter((name) => !called.has(name)),
    );
    expect(new Set(others)).to.deep.equal(new Set(UPKEEP));
    // Without the transactions of one action it is missed.
    const without = recorded.filter(
      ({ input }) => !input.startsWith(id("escalateBreakGlass(bytes32)").slice(0, 10)),
    );
    const left = functionsCalled([...run.members, ...without]);
    expect(acts.filter(({ call }) => !left.has(call)).map(({ action }) => action)).to.deep.equal([
      "escalateBreakGlass",
    ]);
  });

  it("knows of every word that an act writes which entry it is of, and of prescriptions its layout", () => {
    const packed = footprints.stretches.filter(({ fields }) => fields !== undefined);
    const written = new Set(
      packed.flatMap(({ entries }) => entries).filter((entry) => entry.startsWith("prescription ")),
    );
    expect(written).to.have.property("size", run.cases.length);
    expect(footprints.unplaced).to.deep.equal([]);
  });

  it("needs each link that is allowed: without them, these kinds of entries share an id, and no others", () => {
    const found = scan({ ...footprints, shows: new Map() }, [], publicValuesOf(world));
    const kinds = found.map(({ what }) =>
      what
        .replace(/^.* of /, "")
        .split(" and ")
        .map((entry) => entry.split(" ")[0])
        .sort()
        .join(" and "),
    );
    expect([...new Set(kinds)].sort()).to.deep.equal(LINKED);
  });

  it("looks for every text, date, number and hash of the inputs", () => {
    const forms = new Set(needles.map(({ kind, form }) => `${kind} ${form}`));
    expect([...forms]).to.include.members([
      "text utf-8",
      "text utf-16le",
      "text utf-16be",
      "text hex text",
      "text base64",
      "text bytes32",
      "text integer",
      "number integer",
      "number packed BCD",
      "number digits",
      "number seconds, UTC midnight",
      "number seconds, midnight in Europe/Amsterdam",
      "number milliseconds, UTC midnight",
      "hash keccak256",
      "hash sha256",
      "hash sha1",
      "hash md5",
      "hash commitment without salt",
      "secret bytes",
    ]);
    for (const [text, element] of [
      ["Donald Duck", "subject.display"],
      ["Patient/pat1", "subject.reference"],
      ["324252006", "code"],
      ["12345689", "identifier"],
      ["2015-01-15", "authoredOn"],
      ["Traveller's Diarrhea (disorder)", "reasonCode"],
      ["Two tablets at once", "dosageInstruction"],
      ["桂枝", "contained"],
    ] as const) {
      const hex = hexlify(toUtf8Bytes(text)).slice(2);
      const found = needles.filter(({ bytes, kind }) => kind === "text" && bytes?.startsWith(hex));
      expect(found, `${element} ${text}`).not.to.have.length(0);
      const hash = id(text).slice(2, 18);
      if (element !== "contained")
        expect(
          needles.some(({ bytes }) => bytes === hash),
          text,
        ).to.equal(true);
    }
  });

  // ── planted leaks: each goes through the SDK onto the chain ────────────────────────────────────────────────────────

  const terms = async (
    change: Partial<PrescriptionTerms> = {},
    key?: Order["ephemeralKey"],
  ): Promise<Order> => {
    const now = await world.now();
    return orderFor(world, { from: now, until: now + 90 * DAY }, change, key);
  };

  const issue = async (change: Partial<PrescriptionTerms>, key?: Order["ephemeralKey"]): Promise<void> => {
    await issuePrescription(world.as("drAdler"), await terms(change, key));
  };

  const leaksOf = (work: () => Promise<unknown>): Promise<Leaks> => leaksIn(world, needles, work);

  it("says nothing of a prescription that leaks nothing", async () => {
    expect(await leaksOf(() => issue({}))).to.deep.equal({ kinds: [], whats: [], wheres: [] });
  });

  it("finds a plain text", async () => {
    const { kinds, whats, wheres } = await leaksOf(() =>
      issue({ commitment: encodeBytes32String("Donald Duck") }),
    );
    expect(kinds).to.deep.equal(["text"]);
    for (const what of whats) expect(what).to.match(/subject\.display|word Donald/);
    expect(whats.join())
      .to.match(/subject\.display as utf-8/)
      .and.to.match(/word Donald as utf-8/);
    expect(wheres).to.deep.equal(["transaction 0x… calldata"]);
  });

  it("finds a name in what is not about a prescription", async () => {
    const { kinds, wheres } = await leaksOf(() =>
      publishEndpoint(world.as("stMary.admin"), {
        member: world.members["stMary"] as number,
        endpoint: "https://stmary.example/donald-duck",
      }),
    );
    expect(kinds).to.deep.equal(["text"]);
    expect(wheres).to.deep.equal(["transaction 0x… calldata"]);
  });

  it("finds a short code", async () => {
    const { kinds, whats } = await leaksOf(() => issue({ commitment: encodeBytes32String("TAB") }));
    expect(kinds).to.deep.equal(["text"]);
    expect(whats).to.have.length(1);
    expect(whats[0]).to.match(/(code|unit) as bytes32$/);
  });

  it("finds a text that is written as base64 behind the parameters", async () => {
    const registry = new Interface(prescriptionRegistryAbi as unknown as InterfaceAbi);
    const { kinds, whats, wheres } = await leaksOf(async () => {
      const order = await terms();
      const attestation = { r: hexlify(new Uint8Array(32)), vs: hexlify(new Uint8Array(32)), deadline: 0 };
      const declared = registry.encodeFunctionData("issue", [{ ...order, attestation }]);
      const hidden = hexlify(toUtf8Bytes(Buffer.from("for Donald Duck").toString("base64"))).slice(2);
      const doctor = world.wallet("drAdler");
      const raw = await doctor.signTransaction({
        type: 2,
        chainId: world.network.chainId,
        nonce: Number(await world.ask("eth_getTransactionCount", doctor.address, "latest")),
        to: world.network.addresses.prescriptionRegistry,
        data: declared + hidden,
        gasLimit: 1_000_000n,
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
      });
      await world.ask("eth_sendRawTransaction", raw);
    });
    expect(kinds).to.have.members(["undeclared", "text"]);
    expect(whats.join()).to.match(/subject\.display as base64/);
    expect(wheres).to.include("transaction 0x… calldata");
  });

  it("finds a date as seconds and as digits", async () => {
    const seconds = await leaksOf(() => issue({ validFrom: AUTHORED }));
    expect(seconds.kinds).to.deep.equal(["number"]);
    expect(seconds.whats).to.have.length(1);
    expect(seconds.whats[0]).to.match(/ as seconds, midnight in Europe\/Amsterdam$/);
    const digits = await leaksOf(() => issue({ interval: 20_150_115 }));
    expect(digits.kinds).to.deep.equal(["number"]);
    expect(digits.whats).to.have.length(1);
    expect(digits.whats[0]).to.match(/ as digits$/);
  });

  it("finds a date in a packed word of storage", async () => {
    const target = {
      regulator: world.members["inspector"] as number,
      issuer: world.members["stMary"] as number,
      prescriber: world.operator("drLind"),
    };
    const { kinds, whats, wheres } = await leaksOf(async () => {
      await haltPrescriptions(world.as("inspectorField"), {
        ...target,
        since: AUTHORED,
        reason: "KeyCompromise",
      });
    });
    await resumePrescriptions(world.as("inspectorField"), target);
    expect(kinds).to.deep.equal(["number"]);
    expect(whats).to.have.length(1);
    expect(wheres).to.deep.equal(["transaction 0x… calldata"]);
    const at = (await footprintsSince(world, 1)).stretches.filter(({ hex }) =>
      hex.includes(AUTHORED.toString(16).padStart(8, "0")),
    );
    expect(at.some((each) => / storage /.test(each.at))).to.equal(true);
    // The same with nothing but the storage in view.
    const storage = at.filter((each) => / storage /.test(each.at));
    const found = scan({ ...footprints, stretches: storage, undeclared: [] }, needles, []);
    expect(found.map(({ kind }) => kind)).to.deep.equal(["number"]);
  });

  it("finds hashes without salt, whole and truncated", async () => {
    const { resource } = run.inputs.find(({ name }) => name === "MedicationRequest-medrx0302.json")!;
    const canonical = canonicalJson(resource);
    const digest = (algorithm: string, of: Uint8Array | string) =>
      `0x${createHash(algorithm).update(of).digest("hex")}`;
    const planted: [string, Partial<PrescriptionTerms>, RegExp][] = [
      ["keccak256 of a reference", { commitment: id("Patient/pat1") }, /subject\.reference as keccak256$/],
      [
        "sha256 of a document",
        { commitment: digest("sha256", canonical) },
        /medrx0302\.json whole as sha256$/,
      ],
      [
        "keccak256 of a document",
        { commitment: keccak256(canonical) },
        /medrx0302\.json whole as keccak256$/,
      ],
      ["an identifier's sha1 as address", { holder: digest("sha1", "12345689") }, /identifier.* as sha1$/],
      [
        "a name's sha256, cut to an address",
        { holder: `0x${digest("sha256", "Donald Duck").slice(-40)}` },
        /subject\.display as sha256$/,
      ],
      ["md5 of a code, padded", { commitment: digest("md5", "324252006").padEnd(66, "0") }, /code.* as md5$/],
    ];
    for (const [what, change, expected] of planted) {
      const { kinds, whats } = await leaksOf(() => issue(change));
      expect(kinds, what).to.deep.equal(["hash"]);
      for (const each of whats) expect(each, what).to.match(expected);
    }
  });

  it("finds what belongs to the patient: a salt, and the public key of the wallet", async () => {
    const salt = run.secrets.find(({ source }) => source.startsWith("salt of medrx"))!;
    const salted = await leaksOf(() => issue({ commitment: `0x${salt.bytes}` }));
    expect(salted.kinds).to.deep.equal(["secret"]);
    expect(salted.whats).to.deep.equal([`${salt.source} as bytes`]);
    const key = run.secrets.find(({ source }) => source === "Patient/pat1 X of a public key")!;
    const keyed = await leaksOf(() => issue({}, { x: `0x${key.bytes}`, prefix: "0x02", viewTag: "0x07" }));
    expect(keyed.kinds).to.deep.equal(["secret"]);
  });

  it("finds a value that two prescriptions share, wherever it is", async () => {
    const { holder, ephemeralKey } = createQrHolder();
    const commitment = hexlify(randomBytes(32));
    for (const [what, change, key] of [
      ["holder", { holder }, undefined],
      ["commitment", { commitment }, undefined],
      ["ephemeral key", {}, ephemeralKey],
    ] as const) {
      const { kinds } = await leaksOf(async () => {
        await issue(change, key);
        await issue({ ...change, fills: 3 }, key);
      });
      expect(kinds, what).to.deep.equal(["shared"]);
      const batch = await leaksOf(async () => {
        const orders = [await terms({ ...change, fills: 4 }, key), await terms({ ...change, fills: 5 }, key)];
        await issuePrescriptions(world.as("drAdler"), { orders });
      });
      expect(batch.kinds, `${what} in a batch`).to.deep.equal(["shared"]);
    }
  });

  it("finds a patient who sends its own acts from one account", async () => {
    const account = new Wallet(hexlify(randomBytes(32)));
    const client = createClient({ network: world.network, signer: account, ...QUICK });
    const { kinds, wheres } = await leaksOf(async () => {
      for (let count = 0; count < 2; count++) {
        const paper = createQrHolder();
        const order = await terms({ holder: paper.holder }, paper.ephemeralKey);
        await issuePrescription(world.as("drAdler"), order);
        const cancel = { prescription: order.prescription, deadline: (await world.now()) + 600 };
        const authorisation = await signHolderCancel(world.network, new Wallet(paper.holderKey), cancel);
        await cancelPrescriptionByHolder(client, { ...cancel, authorisation });
      }
    });
    client.close();
    expect(kinds).to.deep.equal(["shared"]);
    expect(wheres).to.deep.equal(["transaction 0x… sender and transaction 0x… sender"]);
  });

  it("lets a patient's two prescriptions by wallet share nothing", async () => {
    const [{ request } = { request: undefined }] = run.cases;
    expect(request?.subject.reference).to.be.a("string");
    const metaAddress = `st:eth:0x${["spendingPublicKey", "viewingPublicKey"]
      .map((name) => run.secrets.find(({ source }) => source === `Patient/pat1 ${name}`)!.bytes)
      .join("")}`;
    expect(parseMetaAddress(metaAddress).spendingPublicKey).to.match(/^0x0[23]/);
    const { kinds } = await leaksOf(async () => {
      for (let count = 0; count < 2; count++) {
        const { holder, ephemeralKey } = createStealthHolder(metaAddress);
        await issue({ holder }, ephemeralKey);
      }
    });
    expect(kinds).to.deep.equal([]);
  });
});
