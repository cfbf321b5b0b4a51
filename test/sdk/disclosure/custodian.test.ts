import {
  type CareLedgerError,
  type CustodianServer,
  type RecordChain,
  type VaultStore,
  announcementsPath,
  breakGlass,
  commitDisclosure,
  createBreakGlassTicket,
  createRecordCustodian,
  createRecordRequest,
  createSqliteCursors,
  draftRecord,
  encodeRecordRequest,
  followRevocations,
  generateStealthKeys,
  listDisclosures,
  openPostgresVaultStore,
  openRecordIndex,
  recordChain,
  recordPath,
  retractRecord,
  reviewBreakGlass,
  routeCustodians,
  serveCustodian,
  shredDocument,
  supersedeRecord,
} from "@careledger/sdk";
import { expect } from "chai";
import { ZeroHash, hexlify, id, randomBytes } from "ethers";

import { openSqlite } from "../../../sdk/src/core/sqlite.ts";
import { failsWith } from "../expect.ts";
import { type StorePlace, adapters } from "../vault/support.ts";
import { type Kept, type Ward, identity, openWard } from "./support.ts";

const textOf = ({ content }: { content: Uint8Array }): string => new TextDecoder().decode(content);

for (const adapter of adapters) {
  describe(`records for those whom the chain permits, from a vault in ${adapter.name}`, function () {
    this.timeout(120_000);
    let home: StorePlace;
    let ward: Ward;

    before(async function () {
      const missing = await adapter.prepare();
      if (missing !== undefined) {
        console.log(`\n    !! SKIPPED: the record custodian in ${adapter.name}: ${missing}\n`);
        this.skip();
      }
      home = await adapter.place();
      const [url = "", schema = ""] = home.address.split(" ");
      const open = (): Promise<VaultStore> => openPostgresVaultStore({ url, schema });
      ward = await openWard(schema === "" ? undefined : open);
    });
    after(async () => {
      await ward?.close();
      await home?.remove();
      await adapter.finish();
    });

    it("serves under a grant, with the disclosure on chain; not after the revocation", async () => {
      const { world, subject, cityHospital, stMary } = ward;
      const { url } = await ward.serve();
      const kept = await ward.keep("haemoglobin 13.9 g/dL");
      await failsWith(ward.fetch(url, kept), "CustodianRefused", {
        reason: "RecordRequestRefused",
        status: 403,
      });
      const number = await ward.grant({ redisclosable: true });
      const read = await ward.fetch(url, kept);
      expect(textOf(read)).to.equal(kept.text);
      expect(read).to.include({ mediaType: "text/plain", status: "Current" });
      expect([read.exportable, read.redisclosable]).to.deep.equal([false, true]);

      const [disclosure, ...others] = await listDisclosures(world.as("stranger"), { subject });
      expect(others).to.deep.equal([]);
      expect(disclosure).to.include({
        grantee: cityHospital,
        custodian: stMary,
        category: "laboratory",
        purpose: "TREAT",
      });
      expect(disclosure!.rule).to.include({ grantee: cityHospital, number });
      const [entry] = await ward.desk.list(kept.record);
      expect(entry).to.include({ state: "Served", document: disclosure!.document });
      expect(commitDisclosure(kept.record, entry!.salt).document).to.equal(disclosure!.document);
      expect(
        (await ward.vault.store.listGranteeKeys(kept.record)).map(({ grantee }) => grantee),
      ).to.deep.equal([cityHospital]);

      await ward.revoke(number);
      await failsWith(ward.fetch(url, kept), "CustodianRefused", { reason: "RecordRequestRefused" });
      expect(await listDisclosures(world.as("stranger"), { subject })).to.have.length(1);
    });

    it("forgets the wrapped key of a permit that was revoked", async () => {
      const { vault, index, cityHospital } = ward;
      const { url } = await ward.serve();
      const kept = await ward.keep("creatinine 0.9 mg/dL");
      const number = await ward.grant();
      await ward.fetch(url, kept);
      const store = createSqliteCursors(":memory:");
      const follow = (): Promise<void> =>
        followRevocations(ward.world.as("stranger"), { vault, index, store, once: true });
      await follow();
      await ward.fetch(url, kept);
      await vault.store.putGranteeKey({
        record: kept.record,
        grantee: 99,
        wrapped: new Uint8Array(114),
        wrappedAt: vault.now(),
      });
      expect(await vault.store.listGranteeKeys(kept.record)).to.have.length(2);
      await ward.revoke(number);
      await follow();
      expect(await vault.store.getGranteeKey(kept.record, cityHospital)).to.equal(undefined);
      expect(await vault.store.listGranteeKeys(kept.record)).to.have.length(1);
      const early = { vault: { ...vault, now: () => vault.now() + 90_000 }, index, store, once: true };
      await followRevocations(ward.world.as("stranger"), early);
      expect(await vault.store.listGranteeKeys(kept.record)).to.deep.equal([]);
      store.close();
    });

    it("serves fifty requests under disclosures of few transactions, each with its proof", async () => {
      const { world, subject } = ward;
      const batch = { size: 25, waitMs: 1_500, maxWaiting: 60 };
      const { url } = await ward.serve({ batch });
      const records: Kept[] = [];
      for (let at = 0; at < 10; at++) records.push(await ward.keep(`value ${at}`));
      const number = await ward.grant();
      const before = (await listDisclosures(world.as("stranger"), { subject })).length;
      const actors = ["cityHospitalSystem", "drOkoye", "pharmacistSato", "drVega", "cityHospitalSystem"];
      const reads = await Promise.all(
        records.flatMap((kept) => actors.map((actor) => ward.fetch(url, kept, {}, actor))),
      );
      expect(reads.map(textOf)).to.deep.equal(records.flatMap(({ text }) => actors.map(() => text)));
      const roots = new Set(reads.map(({ disclosure }) => disclosure.batch?.root));
      expect(roots.has(undefined)).to.equal(false);
      expect(roots.size).to.be.within(2, 6);
      // The same operator asking the same at the same time goes under one disclosure.
      const after = await listDisclosures(world.as("stranger"), { subject });
      expect(after.length - before).to.be.within(40, 50);
      expect(new Set(after.map(({ document }) => document)).size).to.equal(after.length);
      await ward.revoke(number);
    });
  });
}

describe("the record custodian", function () {
  this.timeout(120_000);
  let ward: Ward;
  let server: CustodianServer;
  let kept: Kept;
  let number: number;
  const faults: CareLedgerError[] = [];

  before(async () => {
    ward = await openWard();
    const identitiesOf = async (subject: string) => (subject === ward.subject ? ["MRN|1", identity] : []);
    server = await ward.serve({ identitiesOf, onFault: (fault) => faults.push(fault) });
    kept = await ward.keep("potassium 4.1 mmol/L");
    number = await ward.grant();
  });
  beforeEach(() => faults.splice(0));
  after(() => ward.close());

  const refused = (work: Promise<unknown>, reason: string, status: number) =>
    failsWith(work, "CustodianRefused", { reason, status });
  const disclosures = () => listDisclosures(ward.world.as("stranger"), { subject: ward.subject });
  const post = (body: string, record = kept.record): Promise<Response> =>
    fetch(`${server.url}${recordPath(record)}`, { method: "POST", body });
  const bodyOf = async (change: object = {}, actor = "cityHospitalSystem", at?: number): Promise<string> => {
    const { world, subject, stMary: custodian, cityHospital: member } = ward;
    const place = { chainId: world.network.chainId, registry: world.network.addresses.recordRegistry };
    const terms = {
      ...place,
      record: kept.record,
      subject,
      category: 5,
      purpose: 52,
      custodian,
      member,
      ...change,
    };
    return encodeRecordRequest(await createRecordRequest(world.wallet(actor), terms, at));
  };
  const reasonOf = async (answer: Promise<Response>): Promise<string> => {
    const response = await answer;
    const outcome = (await response.json()) as { issue: { details: { coding: { code: string }[] } }[] };
    return `${response.status} ${outcome.issue[0]?.details.coding[0]?.code}`;
  };

  it("lets a professional of the grantee ask, and nobody else", async () => {
    expect(textOf(await ward.fetch(server.url, kept, {}, "drOkoye"))).to.equal(kept.text);
    await refused(ward.fetch(server.url, kept, {}, "stranger"), "RecordRequestRefused", 403);
    await refused(ward.fetch(server.url, kept, {}, "sunPharmacySystem"), "RecordRequestRefused", 403);
    const member = ward.world.members["sunPharmacy"]!;
    await refused(ward.fetch(server.url, kept, { member }, "sunPharmacySystem"), "RecordRequestRefused", 403);
  });

  it("lets no permit for one category, purpose or patient open another's record", async () => {
    const image = await ward.keep("an image", "imaging");
    const other = await ward.keep("somebody else's", "laboratory", id("another subject"));
    const unknown = { ...kept, record: id("no record") };
    const before = (await disclosures()).length;
    await refused(ward.fetch(server.url, image, { category: "imaging" }), "RecordRequestRefused", 403);
    await refused(ward.fetch(server.url, kept, { purpose: "HRESCH" }), "RecordRequestRefused", 403);
    await refused(
      ward.fetch(server.url, other, { subject: id("another subject") }),
      "RecordRequestRefused",
      403,
    );
    // Under a permit of its own: what is of another category, another patient, or not there answers the same.
    const answers = [image, other, unknown].map(async ({ record }) => {
      const response = await post(await bodyOf({ record }), record);
      return `${response.status} ${await response.text()}`;
    });
    const [first, ...rest] = await Promise.all(answers);
    expect(first).to.match(/^404 .*RecordNotHeld/);
    expect(rest).to.deep.equal([first, first]);
    expect((await disclosures()).length).to.equal(before);
    expect(faults).to.deep.equal([]);
  });

  it("refuses without a word of what is there", async () => {
    const unknown = id("no record");
    const ask = async (record: string): Promise<string> => {
      const response = await post(await bodyOf({ record, category: 6 }), record);
      return `${response.status} ${JSON.stringify([...response.headers].filter(([name]) => name !== "date"))} ${await response.text()}`;
    };
    expect(await ask(kept.record)).to.equal(await ask(unknown));
  });

  it("takes a request once, fresh, for itself, as it was signed", async () => {
    const body = await bodyOf();
    expect((await post(body)).status).to.equal(200);
    expect(await reasonOf(post(body))).to.equal("409 DocumentRequestReplayed");
    const old = Math.floor(Date.now() / 1000) - 61;
    expect(await reasonOf(post(await bodyOf({}, "cityHospitalSystem", old)))).to.equal(
      "401 DocumentRequestStale",
    );
    expect(await reasonOf(post(await bodyOf({ custodian: 9 })))).to.equal("401 DocumentRequestNotForUs");
    expect(await reasonOf(post(await bodyOf({ record: id("x") })))).to.equal("401 DocumentRequestNotForUs");
    const forged = JSON.parse(await bodyOf()) as { request: Record<string, unknown> };
    for (const [field, value] of Object.entries({
      category: 6,
      purpose: 1,
      subject: id("x"),
      member: 4,
      superseded: true,
      breakGlass: id("x"),
      ticketSalt: id("x"),
      nonce: id("x"),
    })) {
      const changed = JSON.stringify({ ...forged, request: { ...forged.request, [field]: value } });
      expect(await reasonOf(post(changed)), field).to.equal("401 DocumentRequestSignatureInvalid");
    }
    for (const [field, value] of Object.entries({
      category: 32,
      purpose: 64,
      subject: "0x12",
      superseded: 1,
    })) {
      const changed = JSON.stringify({ ...forged, request: { ...forged.request, [field]: value } });
      expect(await reasonOf(post(changed)), field).to.equal("400 DocumentRequestMalformed");
    }
    expect(await reasonOf(fetch(`${server.url}${recordPath(kept.record)}`))).to.equal(
      "405 CustodianMethodWrong",
    );
    expect(await reasonOf(fetch(`${server.url}/records/1`, { method: "POST", body }))).to.equal(
      "404 CustodianPathUnknown",
    );
  });

  it("never serves what was retracted, and what was superseded only when asked so", async () => {
    const { archive, stMary } = ward;
    const wrong = await ward.keep("of another patient");
    await retractRecord(archive, { record: wrong.terms, member: stMary, reason: "WrongPatient" });
    const superseded = true;
    await refused(ward.fetch(server.url, wrong, { superseded }), "RecordWithdrawn", 410);
    const earlier = await ward.keep("preliminary");
    const { record: terms, ephemeralKey } = await draftRecord(archive, {
      patient: generateStealthKeys().metaAddress,
      custodian: stMary,
      commitment: hexlify(randomBytes(32)),
      category: "laboratory",
    });
    await supersedeRecord(archive, { record: earlier.terms, replacement: terms, ephemeralKey });
    await refused(ward.fetch(server.url, earlier), "RecordOutdated", 409);
    const read = await ward.fetch(server.url, earlier, { superseded });
    expect([textOf(read), read.status]).to.deep.equal(["preliminary", "Superseded"]);
    const gone = await ward.keep("to be destroyed");
    await shredDocument(ward.vault, gone.record);
    await refused(ward.fetch(server.url, gone), "RecordDestroyed", 410);
  });

  it("discloses and serves nothing from a store whose content was altered", async () => {
    const altered = await ward.keep("altered beneath the store");
    const db = openSqlite(`${ward.folder}/vault.db`, "");
    db.run("UPDATE vault_contents SET sealed = zeroblob(length(sealed)) WHERE record = ?", altered.record);
    db.close();
    const before = (await disclosures()).length;
    await refused(ward.fetch(server.url, altered), "DocumentCorrupt", 500);
    expect(faults.map(({ code }) => code)).to.deep.equal(["DocumentCorrupt"]);
    expect((await disclosures()).length).to.equal(before);
  });

  it("finds out a custodian that sends another record, key or disclosure than the chain has", async () => {
    const other = await ward.keep("another record");
    const lying = async (
      change: (answer: Record<string, unknown>, sealed: Uint8Array) => void,
    ): Promise<string> => {
      const honest = createRecordCustodian({
        vault: ward.vault,
        index: ward.index,
        desk: ward.desk,
        chain: recordChain(ward.archive),
        maxHeadAge: 86_400 * 30,
      });
      const liar = await serveCustodian(async (request) => {
        const response = await honest(request);
        const bytes = new Uint8Array(await response.arrayBuffer());
        const length = new DataView(bytes.buffer).getUint32(0);
        const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Record<
          string,
          unknown
        >;
        const sealed = bytes.slice(4 + length);
        change(head, sealed);
        const json = new TextEncoder().encode(JSON.stringify(head));
        const size = new Uint8Array(4);
        new DataView(size.buffer).setUint32(0, json.length);
        return new Response(new Blob([size, json, sealed]));
      });
      try {
        await ward.fetch(liar.url, kept);
        return "nothing";
      } catch (error) {
        const { code, values } = error as CareLedgerError;
        return `${code} ${String(values["field"] ?? "")}`.trim();
      } finally {
        await liar.close();
      }
    };
    expect(await lying(() => undefined)).to.equal("nothing");
    expect(await lying((_head, sealed) => (sealed[500]! ^= 1))).to.equal("RecordUnreadable");
    expect(await lying((head) => (head["terms"] = other.terms))).to.equal("RecordAnswerForeign record");
    expect(await lying((head) => (head["wrapped"] = hexlify(randomBytes(114))))).to.match(/^RecordKey/);
    const disclosure = {
      ...(await ward.fetch(server.url, other)).disclosure,
      document: id("d"),
      salt: id("s"),
    };
    expect(await lying((head) => (head["disclosure"] = disclosure))).to.equal(
      "RecordAnswerForeign disclosure",
    );
    expect(await lying((head) => (head["exportable"] = "yes"))).to.equal("RecordAnswerMalformed exportable");
    expect(await lying((head) => (head["sealedBy"] = 9))).to.equal("RecordKeyNotForYou");
  });

  it("serves under a break-glass whose ticket names the patient, until it is reviewed", async () => {
    const { world, stMary: custodian, cityHospital: member, subject } = ward;
    const image = await ward.keep("an image", "imaging");
    const open = async (patient: string, actor = "drVega") => {
      const { ticket, salt } = createBreakGlassTicket({ custodian, patient });
      const opened = await breakGlass(world.as(actor), {
        member,
        custodian,
        ticket,
        reason: "LifeThreatening",
      });
      return { id: opened.id, salt };
    };
    const glass = await open(identity);
    const ask = (change: object, actor = "drVega") =>
      ward.fetch(
        server.url,
        image,
        { category: "imaging", purpose: "BTG", breakGlass: glass, ...change },
        actor,
      );
    await refused(ask({ breakGlass: await open("MRN|2") }), "RecordRequestRefused", 403);
    await refused(ask({ breakGlass: { ...glass, salt: randomBytes(32) } }), "RecordRequestRefused", 403);
    await refused(ask({ purpose: "TREAT" }), "RecordRequestRefused", 403);
    await refused(ask({}, "drOkoye"), "RecordRequestRefused", 403);
    const sun = { member: world.members["sunPharmacy"]! };
    await refused(ask(sun, "sunPharmacySystem"), "RecordRequestRefused", 403);
    const read = await ask({});
    expect(textOf(read)).to.equal("an image");
    expect([read.exportable, read.redisclosable]).to.deep.equal([false, false]);
    expect(textOf(await ask({}, "cityHospitalSystem"))).to.equal("an image");
    const under = (await disclosures()).filter((each) => each.breakGlass === glass.id);
    expect(under.map(({ purpose, rule }) => [purpose, rule])).to.deep.equal([
      ["BTG", undefined],
      ["BTG", undefined],
    ]);
    await reviewBreakGlass(world.as("stMaryArchive"), {
      breakGlass: glass.id,
      reviewer: custodian,
      outcome: "Justified",
    });
    await refused(ask({}), "RecordRequestRefused", 403);
    const late = await open(identity);
    await world.pass(86_400);
    await refused(ask({ breakGlass: late }), "RecordRequestRefused", 403);
    expect(subject).to.match(/^0x/);
    number = await ward.grant();
  });

  it("serves nothing from a node that lags or does not answer", async () => {
    const { node } = ward.world;
    const lagging = await ward.serve({
      maxHeadAge: 100,
      now: () => Math.floor(Date.now() / 1000) + 10 * 86_400,
      window: 60,
    });
    const now = () => Math.floor(Date.now() / 1000) + 10 * 86_400;
    await refused(ward.fetch(lagging.url, kept, { now }), "CustodianChainUnavailable", 503);
    const before = (await disclosures()).length;
    // It still shows the permit, but the network does not: the disclosure is refused, and nothing is served.
    await ward.revoke(number);
    const stale = await chainBefore(recordChain(ward.archive));
    const behind = await ward.serve({ chain: stale });
    await refused(ward.fetch(behind.url, kept), "RecordRequestRefused", 403);
    expect((await disclosures()).length).to.equal(before);
    node.fault = (ask) =>
      ask.method === "eth_call" ? { error: { code: -32_000, message: "down" } } : "pass";
    try {
      expect(await reasonOf(post(await bodyOf()))).to.equal("503 CustodianChainUnavailable");
    } finally {
      node.fault = () => "pass";
    }
    number = await ward.grant();
  });

  it("asks the chain again when the disclosure is there, before it wraps the key", async () => {
    const chain = recordChain(ward.archive);
    const server2 = await ward.serve({
      chain: {
        ...chain,
        recordDisclosure: async (custodian, entry) => {
          const recorded = await chain.recordDisclosure(custodian, entry);
          await ward.revoke(number);
          return recorded;
        },
      },
    });
    await ward.vault.store.deleteGranteeKey(kept.record, ward.cityHospital);
    await refused(ward.fetch(server2.url, kept), "RecordRequestRefused", 403);
    expect(await ward.vault.store.getGranteeKey(kept.record, ward.cityHospital)).to.equal(undefined);
    number = await ward.grant();
  });

  it("takes one that is not allowed out of a batch, and refuses it alone", async () => {
    const chain = recordChain(ward.archive);
    const other = await ward.keep("not allowed", "imaging");
    // The first look says yes to all: as when a permit ends while its request waits for the batch.
    const decide: RecordChain["decide"] = async (...question) => ({
      ...(await chain.decide(...question)),
      ruling: "Permitted",
    });
    const batch = { size: 3, waitMs: 2_000, maxWaiting: 3 };
    const { url } = await ward.serve({ chain: { ...chain, decide }, batch });
    const [first, second, third] = await Promise.allSettled([
      ward.fetch(url, kept, {}, "drOkoye"),
      ward.fetch(url, other, { category: "imaging" }),
      ward.fetch(url, kept, {}, "cityHospitalSystem"),
    ]);
    expect([first!.status, third!.status]).to.deep.equal(["fulfilled", "fulfilled"]);
    expect((second as PromiseRejectedResult).reason.values.reason).to.equal("RecordRequestRefused");
    const states = (await ward.desk.list(other.record)).map(({ state }) => state);
    expect(states).to.deep.equal([]);
  });

  it("refuses more than it can keep waiting", async () => {
    const batch = { size: 2, waitMs: 100, maxWaiting: 2 };
    const chain = recordChain(ward.archive);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const recordDisclosures: RecordChain["recordDisclosures"] = async (...args) => {
      await held;
      return chain.recordDisclosures(...args);
    };
    const { url } = await ward.serve({ chain: { ...chain, recordDisclosures }, batch });
    const waiting = ["drOkoye", "cityHospitalSystem"].map((actor) => ward.fetch(url, kept, {}, actor));
    await new Promise((resolve) => setTimeout(resolve, 500));
    await refused(ward.fetch(url, kept, {}, "pharmacistSato"), "CustodianBusy", 503);
    release();
    expect((await Promise.all(waiting)).map(textOf)).to.deep.equal([kept.text, kept.text]);
  });

  for (const batch of [undefined, { size: 2, waitMs: 5, maxWaiting: 4 }]) {
    it(`neither discloses twice nor serves without when it dies at any step (${batch === undefined ? "one by one" : "in batches"})`, async () => {
      let survived = false;
      let deaths = 0;
      for (let at = 1; !survived; at++) {
        const record = await ward.keep(`read around death ${at}`);
        const before = (await disclosures()).length;
        const dying = await ward.serve({ ...(batch === undefined ? {} : { batch }), ...mortal(ward, at) });
        const first = await ward.fetch(dying.url, record).catch((error: CareLedgerError) => error);
        await dying.close();
        if (!(first instanceof Error))
          survived = (await ward.desk.list(record.record))[0]?.state === "Served";
        else {
          deaths += 1;
          ward.restart();
          const again = await ward.serve(batch === undefined ? {} : { batch });
          expect(textOf(await ward.fetch(again.url, record))).to.equal(record.text);
          await again.close();
        }
        expect((await disclosures()).length, `death at step ${at}`).to.equal(before + 1);
        const states = (await ward.desk.list(record.record)).map(({ state }) => state);
        if (first instanceof Error) expect(states, `death at step ${at}`).to.deep.equal(["Served"]);
      }
      expect(deaths).to.be.greaterThan(14);
    });
  }

  it("goes on under the disclosure of an answer that did not arrive, for ten minutes", async () => {
    const record = await ward.keep("lost on the way");
    let ahead = 0;
    const now = () => Math.floor(Date.now() / 1000) + ahead;
    const { vault, index, desk } = ward;
    const chain = recordChain(ward.archive);
    const handle = createRecordCustodian({ vault, index, desk, chain, now, maxHeadAge: 86_400 * 30 });
    const ask = async (): Promise<Response> => {
      const body = await bodyOf({ record: record.record }, "cityHospitalSystem", now());
      const url = `http://custodian.example${recordPath(record.record)}`;
      return handle(new Request(url, { method: "POST", body }));
    };
    const states = async () => (await desk.list(record.record)).map(({ state }) => state);
    const before = (await disclosures()).length;
    await (await ask()).body!.cancel();
    expect(await states()).to.deep.equal(["Recorded"]);
    await (await ask()).body!.cancel();
    expect((await disclosures()).length).to.equal(before + 1);
    ahead = 601;
    expect((await ask()).status).to.equal(200);
    expect(await states()).to.deep.equal(["Lapsed", "Recorded"]);
    await (await ask()).arrayBuffer();
    expect(await states()).to.deep.equal(["Lapsed", "Served"]);
    expect((await disclosures()).length).to.equal(before + 2);
    await (await ask()).arrayBuffer();
    expect(await states()).to.deep.equal(["Lapsed", "Served", "Served"]);
  });

  it("tells a member without an encryption key before anything is disclosed", async () => {
    const member = ward.world.members["greenCross"]!;
    await ward.grant({ grantee: member });
    const before = (await disclosures()).length;
    await refused(ward.fetch(server.url, kept, { member }, "greenCrossSystem"), "GranteeKeyUnpublished", 409);
    expect((await disclosures()).length).to.equal(before);
  });

  it("stands beside the custodian of prescriptions at one endpoint", async () => {
    const told = (text: string) => async () => new Response(text);
    const handle = routeCustodians({ documents: told("documents"), records: told("records") });
    const at = async (path: string) => (await handle(new Request(`http://c.example${path}`))).text();
    expect(await at(recordPath(kept.record))).to.equal("records");
    expect(await at(`/base${recordPath(kept.record)}`)).to.equal("records");
    expect(await at(announcementsPath(kept.record))).to.equal("records");
    expect(await at(`/documents/${kept.record}`)).to.equal("documents");
    expect(await at("/records/1/2")).to.equal("documents");
  });

  it("asks for an operable set of options", async () => {
    const { vault, index, desk } = ward;
    const chain = recordChain(ward.archive);
    const all = { vault, index, desk, chain };
    await failsWith(() => createRecordCustodian({ ...all, window: 601 }), "CustodianOptionInvalid");
    await failsWith(() => createRecordCustodian({ ...all, batch: { size: 201 } }), "CustodianOptionInvalid");
    await failsWith(
      () => createRecordCustodian({ ...all, batch: { maxWaiting: 1 } }),
      "CustodianOptionInvalid",
    );
    await failsWith(
      () =>
        createRecordCustodian({
          ...all,
          chain: { ...chain, registry: ward.world.network.addresses.memberRegistry },
        }),
      "CustodianOptionInvalid",
    );
  });

  it("keeps an index that answers by record and by subject", async () => {
    const index = openRecordIndex(":memory:");
    const entry = (n: number) => ({
      record: id(`r${n}`),
      subject: id("s"),
      terms: kept.terms,
      origin: kept.origin,
    });
    await index.put([entry(1), { ...entry(2), origin: { root: id("root"), proof: [id("a"), id("b")] } }]);
    expect((await index.find(id("r2")))!.origin).to.deep.equal({
      root: id("root"),
      proof: [id("a"), id("b")],
    });
    const all = await index.listBySubject(id("s"));
    expect(all.map(({ record }) => record)).to.deep.equal([id("r1"), id("r2")].sort());
    expect(await index.listBySubject(id("s"), { after: all[0]!.record })).to.deep.equal([all[1]]);
    expect([await index.delete(id("r1")), await index.delete(id("r1"))]).to.deep.equal([true, false]);
    await index.close();
    await failsWith(index.find(ZeroHash), "StoreClosed");
  });

  /** A view of the chain that still says yes, as of a node behind the network. */
  async function chainBefore(chain: RecordChain): Promise<RecordChain> {
    return {
      ...chain,
      decide: async (...question) => ({ ...(await chain.decide(...question)), ruling: "Permitted" }),
    };
  }
});

/**
 * The custodian's parts, of which the `at`-th call that changes something, counted over all, dies: odd before it acts, even
 * after.
 */
function mortal(ward: Ward, at: number) {
  let calls = 0;
  let dead = false;
  const death = (): Error => {
    dead = true;
    return new Error("killed");
  };
  const part = <T extends object>(target: T, changes: ReadonlySet<string>): T =>
    new Proxy(target, {
      get: (from, name) => {
        const value: unknown = Reflect.get(from, name);
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          if (dead) throw death();
          calls += changes.has(String(name)) ? 1 : 0;
          const mine = changes.has(String(name)) ? calls * 2 : -1;
          if (mine - 1 === at) throw death();
          const result: unknown = await (value as (...given: unknown[]) => unknown).apply(from, args);
          if (dead || mine === at) throw death();
          return result;
        };
      },
    });
  const desk = part(
    ward.desk,
    new Set(["open", "assign", "listBatch", "release", "settle", "drop", "serve"]),
  );
  const chain = part(
    recordChain(ward.archive),
    new Set(["recordDisclosure", "recordDisclosures", "standingOf"]),
  );
  const store = part(ward.vault.store, new Set(["get", "putGranteeKey"]));
  return { vault: { ...ward.vault, store }, desk, chain };
}
