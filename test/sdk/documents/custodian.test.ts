import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import { Wallet, hexlify, id, zeroPadValue } from "ethers";

import type { Duty } from "../../../sdk/src/core/duties.ts";
import type { CareLedgerError } from "../../../sdk/src/core/errors.ts";
import { openSqlite } from "../../../sdk/src/core/sqlite.ts";
import {
  type CustodianOptions,
  type CustodianServer,
  type DisclosureLog,
  type DocumentStore,
  type LockReading,
  MAX_REQUEST_LENGTH,
  MAX_SEALED_LENGTH,
  commitDocument,
  createCustodian,
  createDocumentRequest,
  createSalt,
  documentPath,
  encodeDocumentRequest,
  fetchDocument,
  openDisclosureLog,
  openDocumentStore,
  sealDocument,
  serveCustodian,
} from "../../../sdk/src/documents/index.ts";
import { counting, expectFault, place, riverCounter, riverMain, riverPharmacy, stMary } from "./support.ts";

const now = 1_800_000_000;
const terms = { ...place, custodian: stMary, member: riverPharmacy, site: riverMain };
const documentKey = counting(9);
const document = { resourceType: "MedicationRequest", status: "active" };
const { commitment, salt } = commitDocument(document);
const context = { ...place, custodian: stMary };
const stranger = new Wallet(id("stranger"));

/** A chain that is set by hand; what it says is what IMemberRegistry and IPrescriptionRegistry would. */
interface ChainSetting {
  lock: LockReading;
  duties: Map<string, Duty[]>;
  down: boolean;
  reads: string[];
}

describe("createCustodian", () => {
  let chain: ChainSetting;
  let store: DocumentStore;
  let log: DisclosureLog;
  let faults: CareLedgerError[];

  beforeEach(async () => {
    chain = {
      lock: { live: true, member: riverPharmacy, site: riverMain, lockCount: 2, asOf: now - 1 },
      duties: new Map([[`${riverPharmacy} ${operatorOf(riverCounter)}`, ["DISPENSE"]]]),
      down: false,
      reads: [],
    };
    store = openDocumentStore(":memory:");
    log = openDisclosureLog(":memory:");
    faults = [];
    await store.put(place.prescription, await sealDocument(document, salt, documentKey, context));
  });
  afterEach(async () => {
    await store.close();
    await log.close();
  });

  const options = (): CustodianOptions => ({
    member: stMary,
    store,
    log,
    chain: {
      chainId: place.chainId,
      registry: place.registry,
      lockOf: async (prescription) => {
        chain.reads.push("lockOf");
        if (chain.down) throw new Error("connection refused");
        return prescription === place.prescription
          ? chain.lock
          : { live: false, member: 0, site: 0, lockCount: 0, asOf: chain.lock.asOf };
      },
      effectiveDuties: async (member, operator) => {
        chain.reads.push("effectiveDuties");
        if (chain.down) throw new Error("connection refused");
        return chain.duties.get(`${member} ${operator}`) ?? [];
      },
    },
    now: () => now,
    bodyTimeout: 200,
    onFault: (fault) => faults.push(fault),
  });

  const post = (
    body: string | Uint8Array<ArrayBuffer> | ReadableStream,
    path = documentPath(place.prescription),
    init: RequestInit = {},
  ): Promise<Response> =>
    createCustodian(options())(
      new Request(`https://custodian.example${path}`, {
        method: "POST",
        body,
        duplex: "half",
        ...init,
      } as RequestInit),
    );
  const signed = async (
    change: Partial<typeof terms> = {},
    signer = riverCounter,
    at = now,
  ): Promise<string> =>
    encodeDocumentRequest(await createDocumentRequest(signer, { ...terms, ...change }, at));
  const expectRefusal = async (response: Response, status: number, code: string): Promise<string> => {
    const body = await response.text();
    const outcome = JSON.parse(body);
    expect(outcome.resourceType).to.equal("OperationOutcome");
    expect(outcome.issue[0].details.coding[0].code).to.equal(code);
    expect(response.status).to.equal(status);
    expect(response.headers.get("content-type")).to.equal("application/fhir+json; charset=utf-8");
    expect(response.headers.get("cache-control")).to.equal("no-store");
    expect(body).not.to.include(place.prescription.slice(2));
    expect(await log.list(place.prescription)).to.deep.equal([]);
    return body;
  };

  it("serves the ciphertext to the lock holder and records it", async () => {
    const body = await signed();
    const response = await post(body);
    expect(response.status).to.equal(200);
    expect(response.headers.get("cache-control")).to.equal("no-store");
    const sealed = new Uint8Array(await response.arrayBuffer());
    expect(hexlify(sealed)).to.equal(hexlify((await store.get(place.prescription))!));
    const [record, ...others] = await log.list(place.prescription);
    expect(others).to.deep.equal([]);
    expect(record).to.include({ at: now, member: riverPharmacy, site: riverMain, lockCount: 2 });
    expect(record).to.include({ operator: operatorOf(riverCounter), nonce: JSON.parse(body).request.nonce });
  });

  it("serves an operator with SUBMIT, and below a base path", async () => {
    chain.duties.set(`${riverPharmacy} ${operatorOf(riverCounter)}`, ["SUBMIT"]);
    const handle = createCustodian({ ...options(), basePath: "/fhir/careledger" });
    const url = `https://custodian.example/fhir/careledger${documentPath(place.prescription)}`;
    const response = await handle(new Request(url, { method: "POST", body: await signed() }));
    expect(response.status).to.equal(200);
  });

  it("records durably before it serves: when the record fails nothing is served", async () => {
    await log.close();
    const response = await post(await signed());
    expect(response.status).to.equal(503);
    expect(await response.text()).to.include("CustodianStoreUnavailable");
    expect(faults.map((fault) => fault.code)).to.deep.equal(["CustodianStoreUnavailable"]);
    log = openDisclosureLog(":memory:");
  });

  it("serves a request once", async () => {
    const body = await signed();
    expect((await post(body)).status).to.equal(200);
    const again = await post(body);
    expect(again.status).to.equal(409);
    expect(await again.text()).to.include("DocumentRequestReplayed");
    expect(await log.list(place.prescription)).to.have.length(1);
  });

  it("serves one of many copies that come at once", async () => {
    const body = await signed();
    const responses = await Promise.all(Array.from({ length: 8 }, () => post(body)));
    expect(responses.map((response) => response.status).sort()).to.deep.equal([200, ...Array(7).fill(409)]);
  });

  describe("refuses, without telling what is there", () => {
    const cases: [string, () => void, Partial<typeof terms>?, Wallet?][] = [
      ["no live lock", () => (chain.lock = { ...chain.lock, live: false })],
      ["another member's lock", () => (chain.lock = { ...chain.lock, member: riverPharmacy + 1 })],
      ["another site's lock", () => (chain.lock = { ...chain.lock, site: riverMain + 1 })],
      ["an operator without duties", () => chain.duties.clear()],
      [
        "an operator with other duties",
        () => chain.duties.set(`${riverPharmacy} ${operatorOf(riverCounter)}`, ["PRESCRIBE"]),
      ],
      ["a stranger", () => undefined, {}, stranger],
      ["an operator of the lock's member who names another", () => undefined, { member: riverPharmacy + 1 }],
      ["an unknown prescription", () => undefined, { prescription: `0x${"ab".repeat(32)}` }],
    ];
    for (const [what, set, change = {}, signer = riverCounter] of cases) {
      it(what, async () => {
        set();
        const path = documentPath(change.prescription ?? place.prescription);
        const body = await expectRefusal(
          await post(await signed(change, signer), path),
          403,
          "DocumentRequestRefused",
        );
        chain.lock = { ...chain.lock, live: false };
        const plain = await post(
          await signed({ prescription: `0x${"cd".repeat(32)}` }),
          documentPath(`0x${"cd".repeat(32)}`),
        );
        expect(body).to.equal(await plain.text());
        expect(chain.reads.sort()).to.deep.equal(["effectiveDuties", "effectiveDuties", "lockOf", "lockOf"]);
        expect(faults).to.deep.equal([]);
      });
    }

    it("a lock that ended since the last request", async () => {
      expect((await post(await signed())).status).to.equal(200);
      chain.lock = { ...chain.lock, live: false };
      const late = await post(await signed());
      expect(late.status).to.equal(403);
      expect(await log.list(place.prescription)).to.have.length(1);
    });

    it("but tells the lock holder that the document is not kept here", async () => {
      await store.delete(place.prescription);
      await expectRefusal(await post(await signed()), 404, "DocumentNotHeld");
    });
  });

  describe("refuses a request that is not for it", () => {
    for (const [field, change] of [
      ["chainId", { chainId: 1 }],
      ["registry", { registry: "0x0000000000000000000000000000000000000001" }],
      ["custodian", { custodian: stMary + 1 }],
      ["path", { prescription: `0x${"ab".repeat(32)}` }],
    ] as [string, Partial<typeof terms>][]) {
      it(`by its ${field}`, async () => {
        const body = await expectRefusal(await post(await signed(change)), 401, "DocumentRequestNotForUs");
        expect(body).to.include(field);
        expect(chain.reads).to.deep.equal([]);
      });
    }

    it("by a signed method or prescription that differs from what is sent", async () => {
      for (const change of [{ method: "GET" }, { prescription: `0x${"ab".repeat(32)}` }]) {
        const parsed = JSON.parse(await signed());
        const body = JSON.stringify({ ...parsed, request: { ...parsed.request, ...change } });
        await expectRefusal(await post(body), 401, "DocumentRequestNotForUs");
      }
    });
  });

  it("refuses a request from too long ago or from the future, to the second", async () => {
    for (const at of [now - 61, now + 61]) {
      const body = await expectRefusal(
        await post(await signed({}, riverCounter, at)),
        401,
        "DocumentRequestStale",
      );
      expect(body).to.include("60 seconds");
    }
    expect((await post(await signed({}, riverCounter, now - 60))).status).to.equal(200);
    expect((await post(await signed({}, riverCounter, now + 60))).status).to.equal(200);
  });

  it("refuses a signature that does not fit any field of the request", async () => {
    const parsed = JSON.parse(await signed());
    for (const change of [
      { member: riverPharmacy + 1 },
      { site: riverMain + 1 },
      { operator: operatorOf(stranger) },
      { issuedAt: now + 1 },
      { nonce: id("another") },
    ]) {
      const body = JSON.stringify({ ...parsed, request: { ...parsed.request, ...change } });
      await expectRefusal(await post(body), 401, "DocumentRequestSignatureInvalid");
    }
    const malleable = JSON.stringify({ ...parsed, signature: `0x${"ff".repeat(65)}` });
    await expectRefusal(await post(malleable), 401, "DocumentRequestSignatureInvalid");
    expect(chain.reads).to.deep.equal([]);
  });

  it("refuses a body that is no signed request, naming the field", async () => {
    const parsed = JSON.parse(await signed());
    const changed = (change: object): string =>
      JSON.stringify({ ...parsed, request: { ...parsed.request, ...change } });
    const cases: [string, string][] = [
      ["", "body"],
      ["{", "body"],
      ["[]", "body"],
      ["null", "body"],
      [JSON.stringify({ ...parsed, extra: 1 }), "body"],
      [JSON.stringify({ signature: parsed.signature }), "request"],
      [changed({ chainId: "20261" }), "chainId"],
      [changed({ chainId: -1 }), "chainId"],
      [changed({ registry: "0x12" }), "registry"],
      [changed({ prescription: 5 }), "prescription"],
      [changed({ custodian: 1.5 }), "custodian"],
      [changed({ member: 2 ** 32 }), "member"],
      [changed({ site: 0 }), "site"],
      [changed({ operator: "0x" }), "operator"],
      [changed({ method: 1 }), "method"],
      [changed({ path: "x".repeat(200) }), "path"],
      [changed({ issuedAt: "now" }), "issuedAt"],
      [changed({ nonce: undefined }), "nonce"],
      [changed({ surprise: true }), "request"],
      [JSON.stringify({ ...parsed, signature: "0x12" }), "signature"],
    ];
    for (const [body, field] of cases) {
      const outcome = await expectRefusal(await post(body), 400, "DocumentRequestMalformed");
      expect(outcome, body).to.include(`see ${field}.`);
    }
    await expectRefusal(await post(Uint8Array.of(0x22, 0xff, 0x22)), 400, "DocumentRequestMalformed");
  });

  it("refuses other paths and methods", async () => {
    for (const path of [
      "/",
      "/documents/",
      "/documents/0x12",
      `${documentPath(place.prescription)}/x`,
      "/documents/..",
    ]) {
      await expectRefusal(await post("{}", path), 404, "CustodianPathUnknown");
    }
    for (const method of ["GET", "PUT", "DELETE"]) {
      const response = await post(method === "GET" ? (null as never) : "{}", undefined, { method });
      expect(response.headers.get("allow")).to.equal("POST");
      await expectRefusal(response, 405, "CustodianMethodWrong");
    }
  });

  it("refuses a body that is too large or too slow", async () => {
    await expectRefusal(await post("x".repeat(MAX_REQUEST_LENGTH + 1)), 413, "DocumentRequestTooLarge");
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_000)) });
    await expectRefusal(await post(endless), 413, "DocumentRequestTooLarge");
    const silent = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
    await expectRefusal(await post(silent), 408, "DocumentRequestTooSlow");
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error("reset")) });
    await expectRefusal(await post(broken), 400, "DocumentRequestMalformed");
  });

  it("serves nothing while the chain cannot be read, or its node lags", async () => {
    chain.down = true;
    const response = await post(await signed());
    expect(response.headers.get("retry-after")).to.equal("5");
    await expectRefusal(response, 503, "CustodianChainUnavailable");
    chain.down = false;
    chain.lock = { ...chain.lock, asOf: now - 121 };
    await expectRefusal(await post(await signed()), 503, "CustodianChainUnavailable");
    chain.lock = { ...chain.lock, asOf: now - 120 };
    expect((await post(await signed())).status).to.equal(200);
  });

  it("serves nothing from a broken store, and tells its own side", async () => {
    await store.close();
    await expectRefusal(await post(await signed()), 503, "CustodianStoreUnavailable");
    const folder = mkdtempSync(join(tmpdir(), "careledger-custodian-"));
    store = openDocumentStore(join(folder, "documents.db"));
    await store.put(place.prescription, counting());
    const raw = openSqlite(join(folder, "documents.db"), "");
    raw.run("UPDATE documents SET sealed = ?", counting(1));
    raw.close();
    await expectRefusal(await post(await signed()), 500, "DocumentCorrupt");
    rmSync(folder, { recursive: true, force: true });
    expect(faults.map((fault) => fault.code)).to.deep.equal(["CustodianStoreUnavailable", "DocumentCorrupt"]);
  });

  it("refuses options that make no sense", async () => {
    const wrong: [Partial<CustodianOptions>, string][] = [
      [{ member: 0 }, "member"],
      [{ basePath: "/fhir/" }, "basePath"],
      [{ window: 0 }, "window"],
      [{ window: 601 }, "window"],
      [{ maxHeadAge: 0 }, "maxHeadAge"],
      [{ bodyTimeout: 0 }, "bodyTimeout"],
    ];
    for (const [change, field] of wrong) {
      const fault = await expectFault(
        () => createCustodian({ ...options(), ...change }),
        "CustodianOptionInvalid",
      );
      expect(fault.values["field"]).to.equal(field);
    }
  });

  describe("over HTTP, with fetchDocument", () => {
    let server: CustodianServer;
    beforeEach(async () => {
      server = await serveCustodian(createCustodian(options()));
    });
    afterEach(() => server.close());

    const fetching = (change: object = {}) =>
      fetchDocument({
        ...terms,
        endpoint: server.url,
        signer: riverCounter,
        documentKey,
        commitment,
        now: () => now,
        ...change,
      });

    it("brings the document to the pharmacy", async () => {
      expect(server.url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
      const opened = await fetching();
      expect(opened.document).to.deep.equal(document);
      expect(await log.list(place.prescription)).to.have.length(1);
    });

    it("says why the custodian refused", async () => {
      chain.lock = { ...chain.lock, live: false };
      const fault = await expectFault(fetching(), "CustodianRefused");
      expect(fault.values).to.deep.equal({ status: 403, reason: "DocumentRequestRefused" });
      expect(fault.fix).to.include("DocumentRequestRefused");
    });

    it("says when nobody answers, or not in time", async () => {
      await server.close();
      await expectFault(fetching(), "CustodianUnreachable");
      const silent = await serveCustodian(() => new Promise(() => undefined));
      await expectFault(fetching({ endpoint: silent.url, timeout: 100 }), "CustodianUnreachable");
      await silent.close();
    });

    it("refuses endpoints that are no HTTPS address", async () => {
      for (const endpoint of [
        "",
        "ftp://a.example",
        "http://a.example",
        "https://u:p@a.example",
        "https://a.example?x=1",
      ]) {
        await expectFault(fetching({ endpoint }), "CustodianEndpointInvalid");
      }
    });

    const lies: [string, () => Promise<Uint8Array> | Uint8Array, string][] = [
      ["a wrong ciphertext", () => crypto.getRandomValues(new Uint8Array(4_125)), "DocumentUnreadable"],
      ["nothing", () => new Uint8Array(0), "DocumentUnreadable"],
      [
        "a cut ciphertext",
        async () => (await sealDocument(document, salt, documentKey, context)).slice(0, -100),
        "DocumentUnreadable",
      ],
      [
        "another prescription's ciphertext",
        () => sealDocument(document, salt, documentKey, { ...context, prescription: id("another") }),
        "DocumentUnreadable",
      ],
      [
        "another document under the right key",
        () => sealDocument({ ...document, status: "draft" }, salt, documentKey, context),
        "DocumentMismatch",
      ],
      [
        "the right document under a wrong salt",
        () => sealDocument(document, createSalt(), documentKey, context),
        "DocumentMismatch",
      ],
      [
        "more than any sealed document has",
        () => new Uint8Array(MAX_SEALED_LENGTH + 1),
        "CustodianAnswerTooLarge",
      ],
    ];
    for (const [what, lie, code] of lies) {
      it(`finds out a custodian that sends ${what}`, async () => {
        const sealed = await lie();
        const liar = await serveCustodian(async () => new Response(new Uint8Array(sealed)));
        await expectFault(fetching({ endpoint: liar.url }), code);
        await liar.close();
      });
    }

    it("does not follow a redirect, and does not repeat a stranger's words", async () => {
      const redirecting = await serveCustodian(
        async () => new Response(null, { status: 307, headers: { location: `${server.url}/documents/x` } }),
      );
      await expectFault(fetching({ endpoint: redirecting.url }), "CustodianUnreachable");
      await redirecting.close();
      for (const body of [
        "<h1>no",
        "null",
        '{"issue":[{"details":{"coding":[{"code":"Sorry, Mr Duck"}]}}]}',
      ]) {
        const rude = await serveCustodian(async () => new Response(body, { status: 418 }));
        const fault = await expectFault(fetching({ endpoint: rude.url }), "CustodianRefused");
        expect(fault.values).to.deep.equal({ status: 418, reason: "unknown" });
        await rude.close();
      }
    });

    it("says when its address cannot be bound", async () => {
      const port = Number(new URL(server.url).port);
      await expectFault(serveCustodian(createCustodian(options()), { port }), "CustodianOptionInvalid");
    });

    it("survives raw nonsense on its socket", async () => {
      for (const raw of [
        "GET //evil.example/documents HTTP/1.1\r\nhost: a\r\n\r\n",
        "POST http://[::1 HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\n\r\nx",
        "\0\0\0\0\r\n\r\n",
      ]) {
        const port = Number(new URL(server.url).port);
        const answer = await new Promise<string>((resolve) => {
          const socket = connect(port, "127.0.0.1", () => socket.write(raw));
          let text = "";
          socket.on("data", (chunk) => {
            text += chunk.toString();
            socket.end();
          });
          socket.on("error", () => resolve(text));
          socket.on("close", () => resolve(text));
        });
        expect(answer).to.match(/^HTTP\/1\.1 4\d\d /);
      }
      expect((await fetching()).document).to.deep.equal(document);
    });
  });
});

function operatorOf(wallet: Wallet): string {
  return zeroPadValue(wallet.address, 32).toLowerCase();
}
