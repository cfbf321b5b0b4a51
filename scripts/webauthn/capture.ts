/**
 * `npx node scripts/webauthn/capture.ts [--digests <file>] [--out <file>] [--browser <program>] [--fresh]`: lets a real
 * browser's virtual authenticator assert a list of digests, and writes what came out for tests and benchmarks.
 *
 * The digests are `{ "<name>": "0x<32 bytes>", … }`, by default `examples/webauthn/challenges.json`. The passkey of the
 * output file is used again, unless `--fresh` asks for a new one; so its public key stays when the digests change.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { readPasskey, readPublicKey } from "@careledger/sdk";
import { getBytes, hexlify, isHexString } from "ethers";

import { startBrowser, type Call } from "./browser.ts";

/** Of a passkey that exists for tests only. All values in hexadecimal. */
interface TestPasskey {
  readonly credentialId: string;
  readonly publicKey: { readonly x: string; readonly y: string };
  /** Its private key, PKCS #8: a test key, published on purpose. */
  readonly privateKey: string;
  readonly userHandle: string;
  /** The count after the last assertion here. */
  readonly signCount: number;
  /** What `navigator.credentials.create` gave. */
  readonly attestationObject: string;
  /** What `getPublicKey()` gave. */
  readonly subjectPublicKeyInfo: string;
}

interface Assertion {
  readonly name: string;
  readonly challenge: string;
  /** Whether the authenticator verified its user. */
  readonly userVerified: boolean;
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  /** DER, as the authenticator gave it: in about half of all, s is high. */
  readonly signature: string;
}

interface Capture {
  readonly browser: string;
  readonly origin: string;
  readonly rpId: string;
  readonly passkey: TestPasskey;
  readonly assertions: readonly Assertion[];
}

/** As DevTools names them; bytes in base64. */
interface VirtualCredential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly rpId?: string;
  readonly privateKey: string;
  readonly userHandle?: string;
  readonly signCount: number;
}

const RP_ID = "localhost";
const PORT = 20_262;
const ORIGIN = `http://${RP_ID}:${PORT}`;
const EXAMPLES = fileURLToPath(new URL("../../examples/webauthn/", import.meta.url));

/** In the page: bytes to and from hexadecimal. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Passkeys for tests</title><script>
  const hex = (bytes) => "0x" + [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const bytes = (text) => Uint8Array.from(text.slice(2).match(/../g) ?? [], (pair) => parseInt(pair, 16));
  const create = async (user) => {
    const publicKey = {
      challenge: new Uint8Array(32),
      rp: { id: "${RP_ID}", name: "CareLedger tests" },
      user: { id: bytes(user), name: "test patient", displayName: "test patient" },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    };
    const { response } = await navigator.credentials.create({ publicKey });
    return { attestationObject: hex(response.attestationObject), subjectPublicKeyInfo: hex(response.getPublicKey()) };
  };
  const assert = async (id, challenge, userVerification) => {
    const allowCredentials = [{ type: "public-key", id: bytes(id) }];
    const publicKey = { challenge: bytes(challenge), rpId: "${RP_ID}", allowCredentials, userVerification };
    const { response } = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature } = response;
    return { authenticatorData: hex(authenticatorData), clientDataJSON: hex(clientDataJSON), signature: hex(signature) };
  };
</script>`;

const base64 = (hex: string): string => Buffer.from(getBytes(hex)).toString("base64");
const fromBase64 = (text: string): string => hexlify(Buffer.from(text, "base64"));

/** Calls a function of the page; its arguments and its result are JSON. */
const inPage = async <T>(page: Call, name: string, ...args: readonly string[]): Promise<T> => {
  const expression = `${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`;
  const { result, exceptionDetails } = await page<{
    result: { value: T };
    exceptionDetails?: { text: string; exception?: { description?: string } };
  }>("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
  if (exceptionDetails !== undefined) {
    throw new RangeError(`${name}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
  }
  return result.value;
};

const servePage = (): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "text/html; charset=utf-8").end(PAGE);
    });
    server.once("error", reject);
    server.listen(PORT, "127.0.0.1", () => resolve(server));
  });

const createPasskey = async (page: Call, authenticatorId: string): Promise<TestPasskey> => {
  const user = hexlify(crypto.getRandomValues(new Uint8Array(16)));
  const created = await inPage<Pick<TestPasskey, "attestationObject" | "subjectPublicKeyInfo">>(
    page,
    "create",
    user,
  );
  const { credentialId, publicKey } = readPasskey(created.attestationObject);
  if (readPublicKey(created.subjectPublicKeyInfo) !== publicKey) throw new RangeError("two public keys");
  const [x, y] = [publicKey.slice(0, 66), `0x${publicKey.slice(66)}`];
  const held = await heldBy(page, authenticatorId);
  return { credentialId, publicKey: { x, y }, ...held, ...created };
};

/** The one credential of the authenticator. */
const heldBy = async (page: Call, authenticatorId: string) => {
  const { credentials } = await page<{ credentials: VirtualCredential[] }>("WebAuthn.getCredentials", {
    authenticatorId,
  });
  const [held] = credentials;
  if (held === undefined || credentials.length !== 1)
    throw new RangeError(`${credentials.length} credentials`);
  const { privateKey, userHandle = "", signCount } = held;
  return { privateKey: fromBase64(privateKey), userHandle: fromBase64(userHandle), signCount };
};

const loadPasskey = async (page: Call, authenticatorId: string, passkey: TestPasskey): Promise<void> => {
  const credential: VirtualCredential = {
    credentialId: base64(passkey.credentialId),
    isResidentCredential: true,
    rpId: RP_ID,
    privateKey: base64(passkey.privateKey),
    userHandle: base64(passkey.userHandle),
    signCount: passkey.signCount,
  };
  await page("WebAuthn.addCredential", { authenticatorId, credential });
};

/** One assertion a digest by a verified user, and one more, of the first digest, by a user who was not verified. */
const assertAll = async (
  page: Call,
  authenticatorId: string,
  credentialId: string,
  digests: ReadonlyMap<string, string>,
): Promise<Assertion[]> => {
  const assertions: Assertion[] = [];
  const assert = async (name: string, challenge: string, userVerified: boolean): Promise<void> => {
    await page("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: userVerified });
    const asked = userVerified ? "required" : "discouraged";
    const given = await inPage<Pick<Assertion, "authenticatorData" | "clientDataJSON" | "signature">>(
      page,
      "assert",
      credentialId,
      challenge,
      asked,
    );
    assertions.push({ name, challenge, userVerified, ...given });
  };
  for (const [name, challenge] of digests) await assert(name, challenge, true);
  const [first] = digests;
  if (first !== undefined) await assert(`${first[0]}, user not verified`, first[1], false);
  return assertions;
};

const readDigests = (path: string): ReadonlyMap<string, string> => {
  const digests = new Map(Object.entries(JSON.parse(readFileSync(path, "utf8")) as Record<string, string>));
  for (const [name, digest] of digests) {
    if (!isHexString(digest, 32)) throw new RangeError(`${path}: ${name} is no digest of 32 bytes`);
  }
  return digests;
};

const capture = async (program: string, digests: ReadonlyMap<string, string>, known?: TestPasskey) => {
  const server = await servePage();
  try {
    const browser = await startBrowser(program);
    try {
      const page = await browser.open(`${ORIGIN}/`);
      await page("WebAuthn.enable");
      const options = {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      };
      const { authenticatorId } = await page<{ authenticatorId: string }>(
        "WebAuthn.addVirtualAuthenticator",
        {
          options,
        },
      );
      if (known !== undefined) await loadPasskey(page, authenticatorId, known);
      const passkey = known ?? (await createPasskey(page, authenticatorId));
      const assertions = await assertAll(page, authenticatorId, passkey.credentialId, digests);
      const { signCount } = await heldBy(page, authenticatorId);
      const taken: Capture = {
        browser: browser.version,
        origin: ORIGIN,
        rpId: RP_ID,
        passkey: { ...passkey, signCount },
        assertions,
      };
      return taken;
    } finally {
      await browser.close();
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

const { values } = parseArgs({
  options: {
    digests: { type: "string", default: `${EXAMPLES}challenges.json` },
    out: { type: "string", default: `${EXAMPLES}assertions.json` },
    browser: { type: "string", default: "chromium" },
    fresh: { type: "boolean", default: false },
  },
});
const known =
  values.fresh || !existsSync(values.out)
    ? undefined
    : (JSON.parse(readFileSync(values.out, "utf8")) as Capture).passkey;
const taken = await capture(values.browser, readDigests(values.digests), known);
writeFileSync(values.out, `${JSON.stringify(taken, undefined, 2)}\n`);
console.log(`${taken.assertions.length} assertions of ${taken.browser} in ${values.out}`);
