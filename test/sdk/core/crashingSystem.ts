/** A system that acts once, in a process of its own that the test kills. Says `sent HASH` when it has a receipt. */
import { createClient, createSqliteJournal, type Network } from "@careledger/sdk";
import { Wallet } from "ethers";

const [network, privateKey, path, key] = process.argv.slice(2) as [string, string, string, string];
const client = createClient({
  network: JSON.parse(network) as Network,
  signer: new Wallet(privateKey),
  journal: createSqliteJournal(path),
  pollMs: 20,
});
const resumed = await client.resume();
process.stdout.write(`resumed ${resumed.join()}\n`);
const receipt = await client.send("accessManager", "labelRole", [1, "one"], { key });
process.stdout.write(`sent ${receipt.transactionHash}\n`);
client.close();
