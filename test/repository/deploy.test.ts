import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { defineNetwork, type Network } from "@careledger/sdk";
import { expect } from "chai";
import { computeAddress, Wallet, type Provider } from "ethers";
import { network } from "hardhat";

import { artifactOf, type ArtifactName } from "../../deploy/artifacts.ts";
import { isGln } from "../../deploy/config.ts";
import { dutyBits, sectorBits } from "../../deploy/duties.ts";
import {
  deploy,
  DeployError,
  developmentKey,
  fileStore,
  memoryStore,
  parseConfig,
} from "../../deploy/index.ts";
import type { JournalStore } from "../../deploy/journal.ts";
import { ADMIN_ROLE, roleNames, roles, type TargetName } from "../../deploy/roles.ts";
import { root } from "./broken.ts";
import { testConfig } from "../fixtures/consortium.ts";
import { deployed, ethers } from "../fixtures/deployed.ts";

const until = "2046-12-31";
const operator = { name: "drAdler", key: "dev:drAdler", duties: ["prescribe"], until };
const hospital = {
  id: 2,
  name: "stMary",
  title: "St Mary's Hospital",
  sectors: ["hospital"],
  group: 2,
  admin: "dev:stMary.admin",
  licenceHash: `0x${"ab".repeat(32)}`,
  sites: [{ name: "Main house", gln: "9521234000204" }],
  operators: [{ ...operator, licences: [{ authority: 1, duties: ["prescribe"], through: until }] }],
};
const regulator = {
  ...hospital,
  id: 1,
  name: "inspector",
  sectors: ["regulator"],
  group: 1,
  admin: "dev:inspector.admin",
  authority: { duties: ["prescribe"] },
  sites: [],
  operators: [{ ...operator, name: "licensing", key: "dev:licensing", duties: ["license"] }],
};
const small = {
  network: "small",
  chainId: 20261,
  development: true,
  deployer: "dev:deployer",
  roles: { governance: ["dev:governance"], emergency: ["dev:emergency"], claims: [] },
  handOver: { admin: "dev:governance" },
  members: [regulator, hospital],
};

const newChain = async () => {
  const connection = await network.create();
  return { provider: connection.ethers.provider as unknown as Provider, close: () => connection.close() };
};

/** The power went at this moment. */
class PowerCut extends Error {}

/** A provider whose machine dies before or after it sends its nth transaction: from then on nothing answers. */
const dyingAt = (provider: Provider, nth: number, when: "before" | "after"): Provider => {
  let sends = 0;
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new PowerCut();
  };
  return new Proxy(provider, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        if (isDead) die();
        if (name !== "broadcastTransaction") return value.apply(target, args) as unknown;
        sends += 1;
        if (sends === nth && when === "before") die();
        const response: unknown = await value.apply(target, args);
        if (sends === nth) die();
        return response;
      };
    },
  });
};

/** After a power cut nothing runs that would tidy up. */
const isCut = (error: unknown): boolean =>
  error instanceof PowerCut || (error instanceof DeployError && error.cause instanceof PowerCut);

const rejected = async (promise: Promise<unknown>): Promise<DeployError> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
  throw new RangeError("it did not fail");
};

const refusal = (change: object): DeployError => {
  try {
    parseConfig({ ...small, ...change });
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
  throw new RangeError("it was taken");
};

describe("deploy", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "careledger-deploy-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe("the deployed consortium", () => {
    it("gives every restricted function to exactly one role", async () => {
      const { accessManager, addresses } = await deployed();
      const parts = {
        memberRegistry: ["MemberRegistry", "MemberSupervision"],
        prescriptionRegistry: ["PrescriptionRegistry", "PrescriptionOversight"],
        standardsRegistry: ["StandardsRegistry"],
        recordRegistry: ["RecordRegistry", "RecordExchange"],
        consentRegistry: ["ConsentRegistry", "ConsentOversight", "ConsentCustody"],
        researchRegistry: ["ResearchRegistry"],
        lotRegistry: ["LotRegistry", "LotEntries", "LotKeeping", "LotOversight"],
      } as const satisfies Record<TargetName, readonly ArtifactName[]>;
      for (const target of Object.keys(parts) as TargetName[]) {
        const { iface } = artifactOf(parts[target][0]);
        const restricted = [...new Set(parts[target].flatMap(restrictedFunctions))];
        expect(restricted.length).to.be.greaterThan(2);
        const assigned = roleNames.flatMap((name) =>
          roles[name].functions[target].map(
            (signature) => [iface.getFunction(signature)?.name, roles[name].id] as const,
          ),
        );
        expect(assigned.map(([name]) => name)).to.have.members(restricted);
        for (const name of roleNames) {
          for (const signature of roles[name].functions[target]) {
            const selector = iface.getFunction(signature)?.selector ?? "";
            expect(await accessManager.getTargetFunctionRole(addresses[target], selector)).to.equal(
              roles[name].id,
            );
          }
        }
      }
    });

    it("leaves the deployer nothing and governance the root", async () => {
      const { accessManager, actors, config } = await deployed();
      for (const role of [ADMIN_ROLE, ...roleNames.map((name) => roles[name].id)]) {
        expect((await accessManager.hasRole(role, actors.deployer.address)).isMember).to.equal(false);
      }
      expect((await accessManager.hasRole(ADMIN_ROLE, actors.governance.address)).isMember).to.equal(true);
      for (const name of roleNames) {
        for (const account of config.roles[name]) {
          expect((await accessManager.hasRole(roles[name].id, account)).isMember).to.equal(true);
        }
      }
    });

    it("stands as the configuration says", async () => {
      const { memberRegistry, config } = await deployed();
      for (const member of config.members) {
        const found = await memberRegistry.memberOf(member.id);
        expect([found.admin, found.sectors, found.group, found.sites]).to.deep.equal([
          member.admin,
          BigInt(member.sectors),
          BigInt(member.group),
          BigInt(member.sites.length),
        ]);
        for (const [index, { gln }] of member.sites.entries()) {
          expect((await memberRegistry.siteOf(member.id, index + 1)).gln).to.equal(gln);
        }
        for (const { key, duties } of member.operators) {
          expect(await memberRegistry.effectiveDuties(member.id, key)).to.equal(BigInt(duties));
        }
      }
    });
  });

  describe("a second run", () => {
    it("sends nothing", async () => {
      const { provider, close } = await newChain();
      const input = { config: parseConfig(small), provider, store: fileStore(folder) };
      const first = await deploy(input);
      expect(first.sent).to.be.greaterThan(8);
      const lines: string[] = [];
      const second = await deploy({ ...input, store: fileStore(folder), log: (line) => lines.push(line) });
      expect(second).to.deep.equal({ ...first, sent: 0 });
      expect(lines.filter((line) => line.includes("gas)"))).to.deep.equal([]);
      await close();
    });

    it("does what the configuration gained, and nothing else", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      await deploy({ config: parseConfig(small), provider, store });
      const sites = [...hospital.sites, { name: "Clinic", gln: "9521234000211" }];
      const config = parseConfig({ ...small, members: [regulator, { ...hospital, sites }] });
      expect((await deploy({ config, provider, store })).sent).to.equal(1);
      await close();
    });

    it("refuses to renumber sites", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      await deploy({ config: parseConfig(small), provider, store });
      const sites = [{ name: "Clinic", gln: "9521234000211" }, ...hospital.sites];
      const config = parseConfig({ ...small, members: [regulator, { ...hospital, sites }] });
      const error = await rejected(deploy({ config, provider, store }));
      expect(error.code).to.equal("SITE_DIFFERS");
      expect(error.values).to.deep.include({ member: 2, site: 1, found: 9521234000204n });
      await close();
    });
  });

  describe("the governed lists", () => {
    const loinc = { url: "http://loinc.org", version: "2.80" };
    const withLists = (categories: readonly string[], codeSystems: readonly object[]) =>
      parseConfig({ ...small, standards: { categories, codeSystems } });

    it("gain what the configuration gained, and the copies follow", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      await deploy({ config: withLists(["laboratory"], [loinc]), provider, store });
      const config = withLists(["laboratory", "imaging"], [loinc, { ...loinc, version: "2.81" }]);
      // One transaction registers, and one refreshes each copy that differs.
      expect((await deploy({ config, provider, store })).sent).to.equal(3);
      expect((await deploy({ config, provider, store })).sent).to.equal(0);
      await close();
    });

    it("refuse to be renumbered", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      await deploy({ config: withLists(["laboratory"], [loinc]), provider, store });
      const renamed = withLists(["imaging"], [loinc]);
      const first = await rejected(deploy({ config: renamed, provider, store }));
      expect([first.code, first.values["number"]]).to.deep.equal(["STANDARD_DIFFERS", 0]);
      const other = withLists(["laboratory"], [{ ...loinc, version: "2.81" }]);
      const second = await rejected(deploy({ config: other, provider, store }));
      expect([second.code, second.values["number"]]).to.deep.equal(["STANDARD_DIFFERS", 1]);
      await close();
    });

    it("name each category and each version once", () => {
      const standards = { categories: ["imaging", "imaging"], codeSystems: [] };
      expect(refusal({ standards }).code).to.equal("CONFIG_INVALID");
      expect(refusal({ standards: { categories: [], codeSystems: [loinc, loinc] } }).code).to.equal(
        "CONFIG_INVALID",
      );
    });
  });

  describe("network.json", () => {
    it("is what the SDK takes, without the RPC's password", async () => {
      const { provider, close } = await newChain();
      const input = { config: parseConfig(small), provider, store: fileStore(folder) };
      const { addresses } = await deploy({ ...input, rpcUrls: ["http://name:word@127.0.0.1:8545/rpc"] });
      const file = JSON.parse(readFileSync(join(folder, "network.json"), "utf8")) as Network;
      const { memberRegistry, prescriptionRegistry, accessManager } = addresses;
      const { consentRegistry, recordRegistry, standardsRegistry, researchRegistry, lotRegistry } = addresses;
      expect(file).to.deep.equal({
        name: "small",
        chainId: 20261,
        rpcUrls: ["http://127.0.0.1:8545/rpc"],
        addresses: {
          memberRegistry,
          prescriptionRegistry,
          consentRegistry,
          recordRegistry,
          standardsRegistry,
          researchRegistry,
          lotRegistry,
          accessManager,
        },
        verifiers: { p256: addresses.p256Verifier, webAuthn: addresses.webAuthnVerifier },
        deployedInBlock: 1,
      });
      expect(defineNetwork(file)).to.deep.equal(file);
      await close();
    });
  });

  describe("the verifiers of patients' signatures", () => {
    it("are OpenZeppelin's contracts as built, and nothing else", async () => {
      const { addresses } = await deployed();
      for (const [name, built] of [
        ["p256Verifier", "ERC7913P256Verifier"],
        ["webAuthnVerifier", "ERC7913WebAuthnVerifier"],
      ] as const) {
        expect(await ethers.provider.getCode(addresses[name])).to.equal(artifactOf(built).deployedBytecode);
        expect(artifactOf(built).immutables).to.deep.equal([]);
      }
    });

    it("are added to a network that was deployed without them", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      const first = await deploy({ config: parseConfig(small), provider, store });
      const journal = store.read();
      if (journal === undefined) throw new RangeError("there is no journal");
      const entries = journal.entries.filter(({ step }) => step !== "03a-patient-verifiers");
      expect(entries.length).to.equal(journal.entries.length - 2);
      store.write({ ...journal, entries });
      const second = await deploy({ config: parseConfig(small), provider, store });
      expect(second.sent).to.equal(2);
      const { p256Verifier, webAuthnVerifier, ...others } = second.addresses;
      expect(first.addresses).to.deep.include(others);
      expect([p256Verifier, webAuthnVerifier]).not.to.include.members([first.addresses.p256Verifier]);
      await close();
    });

    it("are refused when other code stands at their address", async () => {
      const connection = await network.create();
      const provider = connection.ethers.provider as unknown as Provider;
      const store = memoryStore();
      const input = { config: parseConfig(small), provider, store };
      const { addresses } = await deploy(input);
      const { webAuthnVerifier } = addresses;
      await connection.networkHelpers.setCode(
        webAuthnVerifier,
        artifactOf("ERC7913P256Verifier").deployedBytecode,
      );
      const error = await rejected(deploy(input));
      expect([error.code, error.values["name"]]).to.deep.equal(["CODE_WRONG", "webAuthnVerifier"]);
      await connection.close();
    });
  });

  describe("the command", () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [join(root, "scripts/deploy.ts"), ...args], { encoding: "utf8" });

    it("says how it is used, without a stack", () => {
      const help = run("--help");
      expect([help.status, help.stdout]).to.deep.equal([
        0,
        "Usage: npm run deploy -- --config <file> --rpc <url> [--keys <folder of encrypted JSON keystores>]\n",
      ]);
      const unknown = run("--confg", "x.json");
      expect(unknown.status).to.equal(1);
      expect(unknown.stderr)
        .to.match(/^ARGUMENTS_WRONG: Unknown option '--confg'/)
        .and.include(help.stdout)
        .and.not.match(/\n\s+at /);
    });

    it("says what to do about a missing configuration", () => {
      const path = join(folder, "none.json");
      const { status, stderr } = run("--config", path, "--rpc", "http://127.0.0.1:1");
      expect([status, stderr]).to.deep.equal([
        1,
        `CONFIG_MISSING: There is no file ${path}. Fix: copy deploy/config/embedded.json and change it.\n`,
      ]);
    });
  });

  describe("a power cut", () => {
    const runUntilDone = async (provider: Provider, store: () => JournalStore, when: "before" | "after") => {
      const config = parseConfig(small);
      for (let cuts = 0; cuts < 100; cuts += 1) {
        try {
          return {
            cuts,
            ...(await deploy({ config, provider: dyingAt(provider, 2, when), store: store() })),
          };
        } catch (error) {
          if (!isCut(error)) throw error;
        }
      }
      throw new RangeError("it made no progress");
    };

    for (const when of ["before", "after"] as const) {
      it(`at every second transaction, ${when} it is sent, repeats and loses none`, async () => {
        const { provider, close } = await newChain();
        const undisturbed = await newChain();
        const plain = await deploy({
          config: parseConfig(small),
          provider: undisturbed.provider,
          store: memoryStore(),
        });
        const { addresses, cuts } = await runUntilDone(provider, () => fileStore(folder), when);
        expect(cuts).to.be.greaterThan(4);
        expect(addresses).to.deep.equal(plain.addresses);
        for (const account of ["deployer", "stMary.admin", "inspector.admin", "licensing"]) {
          const address = computeAddress(developmentKey(account).publicKey);
          expect(await provider.getTransactionCount(address), account).to.equal(
            await undisturbed.provider.getTransactionCount(address),
          );
        }
        expect(readdirSync(join(folder, "signed"))).to.deep.equal([]);
        const journal = JSON.parse(readFileSync(join(folder, "journal.json"), "utf8")) as {
          entries: object[];
        };
        expect(journal.entries.every((entry) => "status" in entry && entry.status === "mined")).to.equal(
          true,
        );
        await Promise.all([close(), undisturbed.close()]);
      });
    }
  });

  describe("refusals", () => {
    it("names the process that holds the lock, and takes over that of a dead one", async () => {
      const { provider, close } = await newChain();
      const input = { config: parseConfig(small), provider };
      const unlock = fileStore(folder).lock();
      const error = await rejected(deploy({ ...input, store: fileStore(folder) }));
      expect([error.code, error.values["owner"]]).to.deep.equal(["DEPLOY_LOCKED", process.pid]);
      unlock();
      // The largest process id of Linux is 2^22: nothing runs under this one.
      writeFileSync(join(folder, "lock"), "99999999");
      expect((await deploy({ ...input, store: fileStore(folder) })).sent).to.be.greaterThan(0);
      await close();
    });

    it("tells another chain from the configured one", async () => {
      const { provider, close } = await newChain();
      const config = parseConfig({ ...small, chainId: 20262 });
      const error = await rejected(deploy({ config, provider, store: memoryStore() }));
      expect(error.code).to.equal("CHAIN_WRONG");
      expect(error.values).to.deep.equal({ expected: 20262n, found: 20261n });
      await close();
    });

    it("tells a new chain with the old id from the one in the journal", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      store.write({ network: "small", chainId: "20261", genesis: `0x${"11".repeat(32)}`, entries: [] });
      const error = await rejected(deploy({ config: parseConfig(small), provider, store }));
      expect(error.code).to.equal("CHAIN_REPLACED");
      await close();
    });

    it("does not put another build under the same name", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      await deploy({ config: parseConfig(small), provider, store });
      const journal = store.read();
      if (journal === undefined) throw new RangeError("there is no journal");
      const entries = journal.entries.map((entry) =>
        entry.creates === undefined ? entry : { ...entry, creates: { ...entry.creates, codeHash: "0x00" } },
      );
      store.write({ ...journal, entries });
      const error = await rejected(deploy({ config: parseConfig(small), provider, store }));
      expect(error.code).to.equal("ARTIFACT_CHANGED");
      expect(error.fix).to.match(/migration/);
      await close();
    });

    it("leaves to others what needs their keys, and finishes once they run it", async () => {
      const { provider, close } = await newChain();
      const store = memoryStore();
      const own = (name: string) => computeAddress(developmentKey(name).publicKey);
      const wallet = (name: string) => new Wallet(developmentKey(name));
      const text = JSON.stringify(small).replaceAll(/dev:([\w.]+)/g, (_, name: string) => own(name));
      const config = parseConfig({ ...(JSON.parse(text) as object), development: false });
      const first = await deploy({ config, provider, store, wallets: [wallet("deployer")] });
      expect(first.left).to.have.length(4);
      expect(first.left[0]).to.match(/^05-members: open site 1 of stMary: Main house \(needs the key of 0x/);
      const others = ["stMary.admin", "inspector.admin", "licensing"].map(wallet);
      const second = await deploy({ config, provider, store, wallets: others });
      expect(second.left).to.deep.equal([]);
      expect(second.sent).to.equal(4);
      await close();
    });
  });

  describe("configuration", () => {
    it("of the embedded chain and of the tests holds", () => {
      expect(testConfig().members).to.have.length(7);
    });

    it("is refused with every problem named", () => {
      const error = refusal({ chainId: 0, members: [{ ...hospital, sectors: ["bakery"] }] });
      expect(error.code).to.equal("CONFIG_INVALID");
      expect(error.message)
        .to.match(/chainId must be >= 1/)
        .and.match(/members\/0\/sectors\/0 must be equal to one of/);
    });

    it("is refused with a GLN of a wrong check digit", () => {
      const sites = [{ name: "Main house", gln: "9521234000205" }];
      expect(refusal({ members: [regulator, { ...hospital, sites }] }).message).to.match(
        /9521234000205 is no GLN/,
      );
    });

    it("is refused with a day that no calendar has", () => {
      const operators = [{ ...operator, until: "2046-02-30" }];
      expect(refusal({ members: [{ ...hospital, operators }] }).message).to.match(/is no day: 2046-02-30/);
    });

    it("is refused with a licence beyond the authority", () => {
      const licences = [{ authority: 1, duties: ["dispense"], through: until }];
      const operators = [{ ...operator, licences }];
      expect(refusal({ members: [regulator, { ...hospital, operators }] }).message).to.match(
        /may not license/,
      );
    });

    it("is refused with a development account on a real network", () => {
      expect(refusal({ development: false }).message).to.match(/dev:deployer is a development account/);
    });

    it("is refused with a member or an operator named twice", () => {
      expect(refusal({ members: [regulator, regulator] }).message).to.match(/member id 1 is named twice/);
      const operators = [operator, operator];
      expect(refusal({ members: [{ ...hospital, operators }] }).message).to.match(/named twice/);
    });

    it("checks the digits of a GLN as GS1 does", () => {
      expect(isGln("9521234000204")).to.equal(true);
      expect(isGln("9521234000214")).to.equal(false);
      expect(isGln("952123400020")).to.equal(false);
    });

    it("uses the bits of Duties.sol", () => {
      const source = readFileSync(join(root, "contracts/core/Duties.sol"), "utf8");
      const camel = (name: string) =>
        name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
      const bits = (type: string) =>
        Object.fromEntries(
          [...source.matchAll(new RegExp(`${type} internal constant (\\w+) = 1 << (\\d+);`, "g"))].map(
            (match) => [camel(match[1] ?? ""), 1 << Number(match[2])],
          ),
        );
      // The admin key's own acts, and to receive data: listed to be suspended, never appointed.
      const { administer, receive, ...appointed } = bits("uint32");
      expect([administer, receive]).to.deep.equal([1 << 31, 1 << 30]);
      expect(appointed).to.deep.equal(dutyBits);
      expect(bits("uint16")).to.deep.equal(sectorBits);
    });
  });
});

/** Names of the functions with the modifier `restricted` in a contract and its bases, from the compiler's tree. */
const restrictedFunctions = (name: string): string[] => {
  interface Node {
    readonly id: number;
    readonly nodeType: string;
    readonly name: string;
    readonly nodes?: readonly Node[];
    readonly linearizedBaseContracts?: readonly number[];
    readonly modifiers?: readonly { readonly modifierName: { readonly name: string } }[];
  }
  const folder = join(root, "artifacts/build-info");
  for (const file of readdirSync(folder).filter((path) => path.endsWith(".output.json"))) {
    const { output } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
      output: { sources: Record<string, { ast: Node }> };
    };
    const contracts = Object.values(output.sources)
      .flatMap(({ ast }) => ast.nodes ?? [])
      .filter(({ nodeType }) => nodeType === "ContractDefinition");
    const target = contracts.find((node) => node.name === name);
    if (target === undefined) continue;
    const bases = contracts.filter(({ id }) => target.linearizedBaseContracts?.includes(id));
    const found = bases
      .flatMap(({ nodes }) => nodes ?? [])
      .filter(({ modifiers }) =>
        (modifiers ?? []).some(({ modifierName }) => modifierName.name === "restricted"),
      )
      .map((node) => (node.name === "_authorizeUpgrade" ? "upgradeToAndCall" : node.name));
    return [...new Set(found)];
  }
  throw new RangeError(`${name} is in no build`);
};
