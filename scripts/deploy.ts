/**
 * `npm run deploy -- --config <file> --rpc <url> [--keys <folder of encrypted JSON keystores>]`: brings a network to what
 * its configuration says. The password of the keystores comes from CARELEDGER_KEYSTORE_PASSWORD. Running it again is
 * harmless; what needs keys that are not in the folder is listed and left.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { JsonRpcProvider, Network, Wallet, type BaseWallet } from "ethers";

import { deploy, DeployError, fileStore, readConfig } from "../deploy/index.ts";

const readWallets = async (folder: string | undefined): Promise<BaseWallet[]> => {
  if (folder === undefined) return [];
  const password = process.env["CARELEDGER_KEYSTORE_PASSWORD"] ?? "";
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return Promise.all(
    files.map((name) => Wallet.fromEncryptedJson(readFileSync(join(folder, name), "utf8"), password)),
  );
};

const USAGE =
  "Usage: npm run deploy -- --config <file> --rpc <url> [--keys <folder of encrypted JSON keystores>]";

const readOptions = () => {
  const text = { type: "string" } as const;
  const help = { type: "boolean", default: false } as const;
  try {
    return parseArgs({ options: { config: text, rpc: text, keys: text, help } }).values;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new DeployError("ARGUMENTS_WRONG", problem, `pass what the usage says.\n${USAGE}`, {}, cause);
  }
};

const main = async (): Promise<void> => {
  const values = readOptions();
  if (values.help) return console.log(USAGE);
  if (values.config === undefined || values.rpc === undefined) {
    const fix = `pass --config <file> and --rpc <url>.\n${USAGE}`;
    throw new DeployError("ARGUMENTS_MISSING", "Which network?", fix);
  }
  if (!URL.canParse(values.rpc)) {
    throw new DeployError("ARGUMENTS_WRONG", `${values.rpc} is no address.`, `pass --rpc <url>.\n${USAGE}`);
  }
  const config = readConfig(values.config);
  const network = Network.from(config.chainId);
  const provider = new JsonRpcProvider(values.rpc, network, { staticNetwork: network, cacheTimeout: -1 });
  const folder = fileURLToPath(new URL(`../deployments/${config.network}`, import.meta.url));
  try {
    const { addresses, sent, left } = await deploy({
      config,
      provider,
      store: fileStore(folder),
      wallets: await readWallets(values.keys),
      log: console.log,
      rpcUrls: [values.rpc],
    });
    console.log(`${sent} transactions sent. Addresses:`);
    for (const [name, address] of Object.entries(addresses)) console.log(`  ${name.padEnd(34)} ${address}`);
    console.log(`For createClient: ${join(folder, "network.json")}`);
    if (left.length > 0) console.log(`Left for other keys:\n${left.map((line) => `  ${line}`).join("\n")}`);
  } finally {
    provider.destroy();
  }
};

try {
  await main();
} catch (error) {
  if (!(error instanceof DeployError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
