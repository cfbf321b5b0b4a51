import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import {
  type AnnouncedRecord,
  type AnnouncementsStore,
  type CareLedgerError,
  type Client,
  type CustodianHandler,
  type CustodianServer,
  type RecordBatch,
  type RecordCustodianOptions,
  type RecordDraft,
  anchorRecord,
  anchorRecords,
  announcementsHash,
  announcementsPath,
  createClient,
  createRecordBatch,
  createRecordCustodian,
  draftRecord,
  fetchAnnouncements,
  findRecords,
  generateStealthKeys,
  getAnchoredBatch,
  openAnnouncementsStore,
  openDisclosureDesk,
  openRecordIndex,
  openVault,
  openVaultKeyring,
  openVaultStore,
  parseMetaAddress,
  publishEndpoint,
  readAnnouncements,
  recordChain,
  recordPath,
  retractRecord,
  serveCustodian,
  supersedeRecord,
  writeAnnouncements,
} from "@careledger/sdk";
import { expect } from "chai";
import { hexlify, randomBytes } from "ethers";

import { openSqlite } from "../../../sdk/src/core/sqlite.ts";
import { hashRecord, recordLeafOf } from "../../../sdk/src/records/typedData.ts";
import { failsWith } from "../expect.ts";
import { type World, startWorld } from "../world.ts";
import { NO_ORIGIN, chainWith } from "./support.ts";

const random32 = (): string => hexlify(randomBytes(32));

/** A custodian of records with its files. */
interface House {
  readonly name: string;
  readonly member: number;
  /** ANCHOR_RECORD. */
  readonly archive: Client;
  readonly announcements: AnnouncementsStore;
  /** What its server was asked, as the server saw it. */
  readonly asked: string[];
  /** How much the node had been asked by then. */
  readonly asOf: number[];
  handler(change?: Partial<RecordCustodianOptions>): CustodianHandler;
  serve(handle?: CustodianHandler): Promise<CustodianServer>;
  publish(endpoint: string): Promise<unknown>;
  draft(patient: Patient): Promise<RecordDraft>;
  single(patient: Patient): Promise<RecordDraft>;
  /** Keep the file of a batch, then anchor it. */
  batch(drafts: readonly AnnouncedRecord[]): Promise<RecordBatch>;
  close(): Promise<void>;
}

interface Patient {
  readonly metaAddress: string;
  /** All that a wallet needs to find. */
  readonly viewing: { readonly viewingKey: string; readonly spendingPublicKey: string };
}

function newPatient(): Patient {
  const { metaAddress, viewingKey } = generateStealthKeys();
  const { spendingPublicKey } = parseMetaAddress(metaAddress);
  return { metaAddress, viewing: { viewingKey, spendingPublicKey } };
}

async function openHouse(world: World, name: string): Promise<House> {
  const member = world.members[name]!;
  const archive = world.as(`${name}Archive`);
  const place = { chainId: world.network.chainId, registry: world.network.addresses.recordRegistry };
  const keyring = openVaultKeyring(":memory:", new Uint8Array(32).fill(member));
  const vault = await openVault({ ...place, member, store: openVaultStore(":memory:"), keyring });
  const [index, desk] = [openRecordIndex(":memory:"), openDisclosureDesk(":memory:")];
  const announcements = openAnnouncementsStore(":memory:");
  const asked: string[] = [];
  const asOf: number[] = [];
  const servers: CustodianServer[] = [];
  const chain = recordChain(archive);
  const handler = (change = {}): CustodianHandler =>
    createRecordCustodian({ vault, index, desk, chain, announcements, ...change });
  const draft = (patient: Patient): Promise<RecordDraft> =>
    draftRecord(archive, {
      patient: patient.metaAddress,
      custodian: member,
      commitment: random32(),
      category: "laboratory",
    });
  return {
    name,
    member,
    archive,
    announcements,
    asked,
    asOf,
    handler,
    serve: async (handle = handler()) => {
      const server = await serveCustodian(async (request) => {
        const headers = [...request.headers.keys()].filter((each) => /auth|cookie|content/.test(each));
        asked.push(`${request.method} ${new URL(request.url).pathname} ${headers.join()}`.trim());
        asOf.push(world.node.asked.length);
        return handle(request);
      });
      servers.push(server);
      return server;
    },
    publish: (endpoint) => publishEndpoint(world.as(`${name}.admin`), { member, endpoint }),
    draft,
    single: async (patient) => {
      const drafted = await draft(patient);
      await anchorRecord(archive, drafted);
      return drafted;
    },
    batch: async (drafts) => {
      const batch = createRecordBatch(world.network, drafts);
      await announcements.put(batch);
      await anchorRecords(archive, batch);
      return batch;
    },
    close: async () => {
      for (const server of servers) await server.close();
      for (const each of [vault.store, keyring, index, desk, announcements]) await each.close();
    },
  };
}

describe("a patient with a viewing key", function () {
  this.timeout(60_000);
  let world: World;
  let stMary: House;
  let city: House;

  before(async () => {
    world = await startWorld();
    stMary = await openHouse(world, "stMary");
    city = await openHouse(world, "cityHospital");
  });
  after(async () => {
    await stMary.close();
    await city.close();
    await world.close();
  });

  it("lists all own records of two custodians, single and of batches, as they stand, and nobody else's", async () => {
    const [patient, other] = [newPatient(), newPatient()];
    const expected = new Map<string, string>();
    const others: string[] = [];
    for (const house of [stMary, city]) {
      await house.publish((await house.serve()).url);
      const { member, archive } = house;
      const replace = async ({ record }: RecordDraft, origin = NO_ORIGIN): Promise<void> => {
        const { id: by, record: replacement, ephemeralKey } = await house.draft(patient);
        await supersedeRecord(archive, { record, origin, replacement, ephemeralKey });
        expected.set(by, "Current");
      };
      const [current, outdated, wrong] = [
        await house.single(patient),
        await house.single(patient),
        await house.single(patient),
      ];
      others.push((await house.single(other)).id);
      await replace(outdated);
      await retractRecord(archive, { record: wrong.record, member, reason: "WrongContent" });

      const drafts: RecordDraft[] = [];
      for (const each of [patient, other, patient, other, patient, other])
        drafts.push(await house.draft(each));
      const [first, , second, , third] = drafts as [
        RecordDraft,
        RecordDraft,
        RecordDraft,
        RecordDraft,
        RecordDraft,
      ];
      const batch = await house.batch(drafts);
      await replace(second, batch.originOf(2));
      const origin = batch.originOf(4);
      await retractRecord(archive, { record: third.record, origin, member, reason: "WrongContent" });
      const foreign = await house.draft(other);
      await house.batch([foreign]);

      for (const { id: record } of [current, first]) expected.set(record, "Current");
      for (const { id: record } of [outdated, second]) expected.set(record, "Superseded");
      for (const { id: record } of [wrong, third]) expected.set(record, "Retracted");
      others.push(...[1, 3, 5].map((index) => drafts[index]!.id), foreign.id);
    }
    expect(expected.size).to.equal(16);

    // No signer, no journal: the network's description and the viewing key are all.
    const wallet = createClient({ network: world.network });
    const found = await findRecords(wallet, patient.viewing);
    expect([found.copies, found.missing]).to.deep.equal([[], []]);
    expect(new Map(found.records.map(({ id: record, standing }) => [record, standing.status]))).to.deep.equal(
      expected,
    );
    expect(found.records.length).to.equal(expected.size);
    expect(new Set(found.records.map(({ record }) => record.custodian))).to.deep.equal(
      new Set([stMary.member, city.member]),
    );

    // What a custodian sees is the same whoever asks: each of its files, once, by nobody.
    const seen = [...stMary.asked, ...city.asked];
    expect(seen.length).to.equal(4);
    for (const each of seen) expect(each).to.match(/^GET \/announcements\/0x[0-9a-f]{64}$/);
    const theirs = await findRecords(wallet, other.viewing);
    expect(new Set(theirs.records.map(({ id: record }) => record))).to.deep.equal(new Set(others));
    expect([stMary.asked.slice(2), city.asked.slice(2)]).to.deep.equal([
      stMary.asked.slice(0, 2),
      city.asked.slice(0, 2),
    ]);

    // Nor does it see by the time between two files that the first one held something.
    const askedBetween = async ({ viewing }: Patient): Promise<number[]> => {
      const [start, houses] = [world.node.asked.length, [stMary, city]];
      for (const { asOf } of houses) asOf.splice(0);
      await findRecords(wallet, viewing);
      return houses.flatMap(({ asOf }) => asOf.map((each) => each - start));
    };
    expect((await findRecords(wallet, newPatient().viewing)).records).to.deep.equal([]);
    expect(await askedBetween(patient)).to.deep.equal(await askedBetween(newPatient()));
    wallet.close();
  });

  it("loses nothing of the others to a custodian that lies, and is told what is wrong", async () => {
    const patient = newPatient();
    const wallet = createClient({ network: world.network });
    await stMary.publish((await stMary.serve()).url);
    const kept = await stMary.draft(patient);
    const fromBlock = (
      await getAnchoredBatch(wallet, { ...(await stMary.batch([kept])), custodian: stMary.member })
    ).blockNumber;
    const hidden = await city.draft(patient);
    const { root, file } = await city.batch([hidden, await city.draft(newPatient())]);
    const single = await city.single(patient);
    let lie: CustodianHandler = city.handler();
    await city.publish((await city.serve((request) => lie(request))).url);
    const find = (timeout?: number) => findRecords(wallet, { ...patient.viewing, fromBlock, timeout });
    expect((await find()).records.map(({ id: record }) => record)).to.deep.equal([
      kept.id,
      hidden.id,
      single.id,
    ]);

    const spoilt = file.slice();
    spoilt[100]! ^= 1;
    const endless = () => new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536)) });
    const stalled = () => new ReadableStream({ start: (to) => to.enqueue(file.subarray(0, 50)) });
    const lies: readonly [what: string, answer: CustodianHandler, code: string, values?: object][] = [
      ["a spoilt file", async () => new Response(spoilt), "AnnouncementsOfOther", { field: "hash" }],
      [
        "a short file",
        async () => new Response(file.slice(0, 134)),
        "AnnouncementsOfOther",
        { field: "length" },
      ],
      ["nothing", async () => new Response(null), "AnnouncementsOfOther", { field: "length" }],
      [
        "a file that is cut",
        async () => new Response(file.slice(0, 134), { headers: { "content-length": String(file.length) } }),
        "CustodianUnreachable",
      ],
      [
        "a byte too many",
        async () => new Response(new Uint8Array([...file, 0])),
        "CustodianAnswerTooLarge",
        { limit: file.length },
      ],
      ["bytes without end", async () => new Response(endless()), "CustodianAnswerTooLarge"],
      ["bytes that stall", async () => new Response(stalled()), "CustodianUnreachable"],
      ["no answer", () => new Promise(() => undefined), "CustodianUnreachable"],
      [
        "another place",
        async () => new Response(null, { status: 302, headers: { location: "/" } }),
        "CustodianUnreachable",
      ],
      [
        "that it has none",
        city.handler({ announcements: openAnnouncementsStore(":memory:") }),
        "CustodianRefused",
        { status: 404, reason: "AnnouncementsNotHeld" },
      ],
      [
        "a refusal of its own",
        async () => new Response("x".repeat(9_000), { status: 404 }),
        "CustodianRefused",
        { status: 404, reason: "unknown" },
      ],
      ["that it may not", async () => new Response("", { status: 401 }), "CustodianRefused", { status: 401 }],
    ];
    for (const [what, answer, code, values = {}] of lies) {
      lie = answer;
      const found = await find(1_000);
      expect(
        found.records.map(({ id: record }) => record),
        what,
      ).to.deep.equal([kept.id, single.id]);
      expect(
        found.missing.map((each) => [each.custodian, each.root]),
        what,
      ).to.deep.equal([[city.member, root]]);
      await failsWith(Promise.reject(found.missing[0]!.fault!), code, values as Record<string, unknown>);
      const named = { custodian: city.member, root, timeout: 1_000 };
      await failsWith(fetchAnnouncements(wallet, named), code, values as Record<string, unknown>);
    }
    lie = city.handler();
    const again = await findRecords(wallet, { ...patient.viewing, fromBlock });
    expect([again.records.length, again.missing]).to.deep.equal([3, []]);
    wallet.close();
  });

  it("reads nothing of a batch that was anchored with a wrong file", async () => {
    const patient = newPatient();
    const { member: custodian, archive } = city;
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    const anchorWith = async (
      file: Uint8Array<ArrayBuffer>,
      root = random32(),
      count = 1,
    ): Promise<number> => {
      files.set(root, file);
      const announcements = announcementsHash(file);
      return (await anchorRecords(archive, { custodian, root, count, announcements })).blockNumber;
    };
    const server = await city.serve(async ({ url }) => new Response(files.get(url.slice(-66))));
    await city.publish(server.url);
    const { file } = createRecordBatch(world.network, [await city.draft(patient)]);
    const { file: stranger } = createRecordBatch(world.network, [await stMary.draft(patient)]);
    const fromBlock = await anchorWith(new Uint8Array(randomBytes(134)));
    await anchorWith(file);
    await anchorWith(stranger);
    const single = await city.single(patient);
    const found = await findRecords(world.as("reader"), { ...patient.viewing, fromBlock });
    expect(found.records.map(({ id: record }) => record)).to.deep.equal([single.id]);
    expect(found.missing.map(({ fault }) => [fault?.code, fault?.values["field"]])).to.deep.equal([
      ["AnnouncementsMalformed", undefined],
      ["AnnouncementsOfOther", "root"],
      ["AnnouncementsOfOther", "custodian"],
    ]);
  });

  it("passes over what a batch holds that nobody could have anchored alone", async () => {
    const patient = newPatient();
    const drafted = await city.draft(patient);
    const { file } = createRecordBatch(world.network, [drafted]);
    file[41 + 86] = 200; // the category
    const root = recordLeafOf(hashRecord({ ...drafted.record, category: 200 })); // a tree of one leaf
    const announcements = announcementsHash(file);
    await anchorRecords(city.archive, { custodian: city.member, root, count: 1, announcements });
    const { blockNumber: fromBlock } = await getAnchoredBatch(city.archive, { custodian: city.member, root });
    const fetchFile = async (): Promise<Uint8Array> => file;
    const found = await findRecords(world.as("reader"), {
      ...patient.viewing,
      fetchAnnouncements: fetchFile,
      fromBlock,
    });
    expect(found).to.deep.equal({ records: [], copies: [], missing: [] });
  });

  it("does not wait for a custodian that is gone over and over", async () => {
    const patient = newPatient();
    await city.publish((await city.serve(() => new Promise(() => undefined))).url);
    const before = city.asked.length;
    const drafts: RecordDraft[] = [];
    for (let at = 0; at < 5; at++) drafts.push(await city.draft(patient));
    const batches: RecordBatch[] = [];
    for (const each of drafts) batches.push(await city.batch([each]));
    const { root } = batches[0]!;
    const { blockNumber: fromBlock } = await getAnchoredBatch(city.archive, { custodian: city.member, root });
    const query = { ...patient.viewing, fromBlock, timeout: 200 };
    const { missing } = await findRecords(world.as("reader"), query);
    expect(missing.map((each) => [each.root, each.fault?.code])).to.deep.equal(
      batches.map((each) => [each.root, "CustodianUnreachable"]),
    );
    expect(city.asked.length - before).to.equal(3);
    await city.publish("http://127.0.0.1:9");
    expect((await findRecords(world.as("reader"), query)).missing.length).to.equal(5);
    await failsWith(findRecords(world.as("reader"), { ...query, timeout: 0 }), "InputInvalid");
  });

  it("asks for a batch by what the chain has of it", async () => {
    const reader = world.as("reader");
    const batch = await stMary.batch([await stMary.draft(newPatient())]);
    const named = { custodian: stMary.member, root: batch.root };
    const { announcements, count } = await getAnchoredBatch(reader, named);
    expect([announcements, count]).to.deep.equal([batch.announcements, 1]);
    await failsWith(getAnchoredBatch(reader, { ...named, root: random32() }), "RecordBatchNotFound");
    await failsWith(getAnchoredBatch(reader, { ...named, custodian: city.member }), "RecordBatchNotFound", {
      custodian: city.member,
    });
    await failsWith(getAnchoredBatch(reader, { ...named, root: "0x12" }), "InputInvalid");
    await failsWith(
      fetchAnnouncements(reader, { ...named, endpoint: "http://c.example" }),
      "CustodianEndpointInvalid",
    );
    await failsWith(fetchAnnouncements(reader, { ...named, endpoint: 7 as never }), "InputInvalid");
    const greenCross = { custodian: world.members["greenCross"]!, root: batch.root };
    await failsWith(fetchAnnouncements(reader, greenCross), "RecordBatchNotFound");
    // A successor serves the files that it took over, at its own endpoint.
    await city.announcements.put(batch);
    const { url } = await city.serve();
    expect(await fetchAnnouncements(reader, { ...named, endpoint: url })).to.deep.equal(batch.file);
  });
});

describe("the custodian of announcements", function () {
  this.timeout(60_000);
  let world: World;
  let house: House;
  let folder: string;
  const faults: CareLedgerError[] = [];

  before(async () => {
    world = await startWorld();
    house = await openHouse(world, "stMary");
    folder = mkdtempSync(join(tmpdir(), "careledger-announcements-"));
  });
  beforeEach(() => faults.splice(0));
  after(async () => {
    await house.close();
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const codeOf = async (answer: Promise<Response>): Promise<string> => {
    const response = await answer;
    expect(response.headers.get("cache-control")).to.equal("no-store");
    const outcome = (await response.json()) as { issue: { details: { coding: { code: string }[] } }[] };
    return `${response.status} ${outcome.issue[0]?.details.coding[0]?.code}`;
  };
  const ask = (handle: CustodianHandler, path: string, init?: RequestInit): Promise<Response> =>
    handle(new Request(`http://c.example${path}`, init));
  const onFault = (fault: CareLedgerError): void => void faults.push(fault);
  /** Entries that look like records and belong to nobody. */
  const strangers = async (count: number): Promise<AnnouncedRecord[]> => {
    const { record, ephemeralKey } = await house.draft(newPatient());
    return Array.from({ length: count }, () => ({
      record: { ...record, commitment: random32() },
      ephemeralKey,
    }));
  };

  it("serves a file to everybody, for good, once the batch is anchored", async () => {
    const { member: custodian, archive, announcements } = house;
    const batch = createRecordBatch(world.network, await strangers(3));
    const path = announcementsPath(batch.root);
    const handle = house.handler({ onFault });
    expect(await codeOf(ask(handle, path))).to.equal("404 AnnouncementsNotHeld");
    await announcements.put(batch);
    expect(await codeOf(ask(handle, path))).to.equal("404 AnnouncementsNotHeld");
    await anchorRecords(archive, batch);
    const served = await ask(
      handle,
      path.toUpperCase().replace("ANNOUNCEMENTS", "announcements").replace("0X", "0x"),
    );
    expect([served.status, Object.fromEntries(served.headers)]).to.deep.equal([
      200,
      {
        "cache-control": "public, max-age=31536000, immutable",
        "content-length": String(batch.file.length),
        "content-type": "application/octet-stream",
        "x-content-type-options": "nosniff",
        etag: `"${batch.announcements}"`,
      },
    ]);
    expect(new Uint8Array(await served.arrayBuffer())).to.deep.equal(batch.file);
    const etag = served.headers.get("etag")!;
    const unchanged = await ask(handle, path, { headers: { "if-none-match": etag } });
    expect([unchanged.status, await unchanged.text()]).to.deep.equal([304, ""]);
    expect((await ask(handle, path, { headers: { "if-none-match": '"0x"' } })).status).to.equal(200);

    const posted = await ask(handle, path, { method: "POST", body: "{}" });
    expect(posted.headers.get("allow")).to.equal("GET");
    expect(await codeOf(Promise.resolve(posted))).to.equal("405 CustodianMethodWrong");
    const got = await ask(handle, recordPath(batch.root));
    expect(got.headers.get("allow")).to.equal("POST");
    expect(await codeOf(Promise.resolve(got))).to.equal("405 CustodianMethodWrong");
    for (const wrong of [`${path}0`, "/announcements/", `/x${path}`, `${path}/`])
      expect(await codeOf(ask(handle, wrong)), wrong).to.equal("404 CustodianPathUnknown");
    expect((await ask(house.handler({ basePath: "/x" }), `/x${path}`)).status).to.equal(200);
    expect(await codeOf(ask(house.handler({ announcements: undefined as never }), path))).to.equal(
      "404 CustodianPathUnknown",
    );
    await announcements.delete(batch.root);
    expect(await codeOf(ask(handle, path))).to.equal("404 AnnouncementsNotHeld");
    expect(faults).to.deep.equal([]);
    expect((await getAnchoredBatch(archive, { custodian, root: batch.root })).count).to.equal(3);
  });

  it("serves a long file in pieces, and asks the chain about it once", async () => {
    const { member: custodian, archive } = house;
    const file = join(folder, "long.db");
    const announcements = openAnnouncementsStore(file);
    const { chainId, addresses } = world.network;
    const head = { chainId, registry: addresses.recordRegistry, custodian };
    const bytes = writeAnnouncements({ ...head, records: await strangers(11_400) });
    expect(bytes.length).to.be.above(2 ** 20);
    // What the root is of does not matter to whoever serves.
    const batch = {
      ...head,
      root: random32(),
      count: 11_400,
      announcements: announcementsHash(bytes),
      file: bytes,
    };
    await announcements.put(batch);
    await anchorRecords(archive, batch);
    let questions = 0;
    const real = recordChain(archive);
    const chain = chainWith(real, {
      announcementsOf: (...named) => {
        questions += 1;
        return real.announcementsOf(...named);
      },
    });
    const { url: endpoint } = await house.serve(house.handler({ announcements, chain, onFault }));
    const fetched = (): Promise<Uint8Array> =>
      fetchAnnouncements(world.as("reader"), { custodian, root: batch.root, endpoint });
    const all = await Promise.all([fetched(), fetched()]);
    expect(all.map((each) => Buffer.compare(each, batch.file))).to.deep.equal([0, 0]);
    expect([questions, readAnnouncements(all[0]!).records.length]).to.deep.equal([1, 11_400]);

    const pieces: number[] = [];
    const handle = house.handler({ announcements });
    const { body } = await ask(handle, announcementsPath(batch.root));
    for await (const piece of body!) pieces.push((piece as Uint8Array).length);
    expect(pieces).to.deep.equal([2 ** 20, batch.file.length - 2 ** 20]);

    // The disk spoils the second piece: who reads it gets a cut answer, who asks later a refusal.
    const db = openSqlite(file, "");
    db.run("UPDATE announcement_pieces SET piece = zeroblob(length(piece)) WHERE place = 1");
    await failsWith(fetched(), "CustodianUnreachable");
    expect(
      await codeOf(ask(house.handler({ announcements, onFault }), announcementsPath(batch.root))),
    ).to.equal("500 AnnouncementsCorrupt");
    expect(faults.map(({ code }) => code)).to.deep.equal(["AnnouncementsCorrupt"]);
    await announcements.put(batch);
    expect(Buffer.compare(await fetched(), batch.file)).to.equal(0);
    db.close();
    await announcements.close();
  });

  it("serves nothing that the chain does not have, and nothing when it cannot know", async () => {
    const { archive } = house;
    const [batch, other] = [
      createRecordBatch(world.network, await strangers(2)),
      createRecordBatch(world.network, await strangers(2)),
    ];
    await anchorRecords(archive, batch);
    const path = announcementsPath(batch.root);
    const announcements = openAnnouncementsStore(":memory:");
    await announcements.put({ root: batch.root, file: other.file });
    const handle = house.handler({ announcements, onFault });
    expect(await codeOf(ask(handle, path))).to.equal("500 AnnouncementsCorrupt");
    await failsWith(announcements.put(batch), "AnnouncementsTaken");
    await announcements.delete(batch.root);
    await announcements.put(batch);
    const silent = chainWith(recordChain(archive), {
      announcementsOf: () => Promise.reject(new Error("the node is down")),
    });
    const blind = house.handler({ announcements, chain: silent, onFault });
    const refused = await ask(blind, path);
    expect(refused.headers.get("retry-after")).to.equal("5");
    expect(await codeOf(Promise.resolve(refused))).to.equal("503 CustodianChainUnavailable");
    expect((await ask(handle, path)).status).to.equal(200);
    // Proven once is not proven for another file under the same root.
    await announcements.delete(batch.root);
    await announcements.put({ root: batch.root, file: other.file });
    expect(await codeOf(ask(handle, path))).to.equal("500 AnnouncementsCorrupt");
    await announcements.close();
    expect(await codeOf(ask(handle, path))).to.equal("503 CustodianStoreUnavailable");
    expect(faults.map(({ code }) => code)).to.deep.equal([
      "AnnouncementsCorrupt",
      "CustodianChainUnavailable",
      "AnnouncementsCorrupt",
      "CustodianStoreUnavailable",
    ]);
  });

  it("keeps files whole, over restarts, and none that is no file", async () => {
    const path = join(folder, "store.db");
    const batch = createRecordBatch(world.network, await strangers(2));
    const store = openAnnouncementsStore(path);
    expect(await store.find(batch.root)).to.equal(undefined);
    await store.put(batch);
    await store.put(batch);
    await failsWith(
      store.put({ root: batch.root, file: batch.file.subarray(0, 100) }),
      "AnnouncementsMalformed",
    );
    await failsWith(store.put({ root: "0x12", file: batch.file }), "DocumentContextInvalid", {
      field: "root",
    });
    await store.close();
    await failsWith(store.find(batch.root), "StoreClosed");
    const again = openAnnouncementsStore(path);
    expect(await again.find(batch.root.toUpperCase().replace("0X", "0x"))).to.deep.equal({
      custodian: house.member,
      announcements: batch.announcements,
      length: batch.file.length,
    });
    expect([await again.delete(batch.root), await again.delete(batch.root)]).to.deep.equal([true, false]);
    const pieces: Uint8Array[] = [];
    for await (const piece of again.read(batch.root)) pieces.push(piece);
    expect(pieces).to.deep.equal([]);
    await again.close();
  });
});
