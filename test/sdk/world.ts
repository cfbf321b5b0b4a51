/** The deployed consortium behind a node that can break, and a client for everybody in it. */
import {
  type Client,
  type ClientOptions,
  type Network,
  type PrescriptionTerms,
  createClient,
  createStealthHolder,
  generateStealthKeys,
  operatorKeyOf,
} from "@careledger/sdk";
import { type Provider, Wallet, computeAddress, hexlify, randomBytes } from "ethers";
import { network as hardhat } from "hardhat";

import { deploy, developmentKey, memoryStore, verifiersOf } from "../../deploy/index.ts";
import { testConfig } from "../fixtures/consortium.ts";
import { QUICK } from "./core/chain.ts";
import { type Backend, type TestNode, startNode } from "./node.ts";

/** Members by name and id, as in deploy/config/embedded.json and test/fixtures/consortium.ts. */
export interface World {
  readonly node: TestNode;
  readonly network: Network;
  /** Ids of the members by name. */
  readonly members: Readonly<Record<string, number>>;
  /** The wallet of an actor: an operator, `<member>.admin`, `governance`, `emergency`, `claims` or anybody. */
  wallet(actor: string): Wallet;
  /** The actor's operator key. */
  operator(actor: string): string;
  /** A client of the actor; the same one each time. */
  as(actor: string, options?: Partial<ClientOptions>): Client;
  /** Time of the newest block, unix seconds. */
  now(): Promise<number>;
  /** Let so many seconds pass. */
  pass(seconds: number): Promise<void>;
  ask(method: string, ...params: unknown[]): Promise<unknown>;
  /** Terms of a prescription of stMary by drAdler that asks for no review, for a holder of its own. */
  draft(change?: Partial<PrescriptionTerms>): Promise<Draft>;
  close(): Promise<void>;
}

/** Terms with the holder's key. */
export interface Draft {
  readonly prescription: PrescriptionTerms;
  readonly ephemeralKey: { readonly x: string; readonly prefix: string; readonly viewTag: string };
  readonly holder: Wallet;
}

const DAY = 86_400;

export async function startWorld(): Promise<World> {
  const connection = await hardhat.create();
  const backend = connection.provider as unknown as Backend;
  const provider = connection.ethers.provider as unknown as Provider;
  const config = testConfig();
  const { addresses } = await deploy({ config, provider, store: memoryStore() });
  const node = await startNode(backend);
  const network: Network = {
    name: "test",
    chainId: 20_261,
    rpcUrls: [node.url],
    addresses: {
      memberRegistry: addresses.memberRegistry,
      prescriptionRegistry: addresses.prescriptionRegistry,
      consentRegistry: addresses.consentRegistry,
      recordRegistry: addresses.recordRegistry,
      lotRegistry: addresses.lotRegistry,
      standardsRegistry: addresses.standardsRegistry,
      researchRegistry: addresses.researchRegistry,
      accessManager: addresses.accessManager,
    },
    verifiers: verifiersOf(addresses),
    deployedInBlock: 1,
  };
  const clients = new Map<string, Client>();
  const extra: Client[] = [];
  const wallet = (actor: string): Wallet => new Wallet(developmentKey(actor));
  const now = async (): Promise<number> => {
    const block = await provider.getBlock("latest");
    return block?.timestamp ?? 0;
  };
  return {
    node,
    network,
    members: Object.fromEntries(config.members.map(({ name, id }) => [name, id])),
    wallet,
    operator: (actor) => operatorKeyOf(wallet(actor).address),
    as: (actor, options) => {
      const known = clients.get(actor);
      if (known !== undefined && options === undefined) return known;
      const client = createClient({ network, signer: wallet(actor), ...QUICK, ...options });
      if (options === undefined) clients.set(actor, client);
      else extra.push(client);
      return client;
    },
    now,
    pass: async (seconds) => {
      await backend.request({ method: "evm_increaseTime", params: [seconds] });
      await backend.request({ method: "hardhat_mine", params: ["0x1"] });
    },
    ask: (method, ...params) => backend.request({ method, params }),
    draft: async (change = {}) => {
      const key = new Wallet(hexlify(randomBytes(32)));
      const { ephemeralKey } = createStealthHolder(generateStealthKeys().metaAddress);
      const time = await now();
      const prescription: PrescriptionTerms = {
        issuer: config.members.find(({ name }) => name === "stMary")?.id ?? 0,
        prescriber: operatorKeyOf(wallet("drAdler").address),
        holder: computeAddress(key.privateKey),
        commitment: hexlify(randomBytes(32)),
        unitsPerFill: 30_000n,
        fills: 2,
        interval: 0,
        validFrom: time,
        validUntil: time + 90 * DAY,
        reviewer: 0,
        ...change,
      };
      return { prescription, ephemeralKey, holder: key };
    },
    close: async () => {
      for (const client of [...clients.values(), ...extra]) client.close();
      await node.stop();
      await connection.close();
    },
  };
}
