import { openVaultKeyring, rotateVaultKey } from "../../../sdk/src/vault/index.ts";
import { openAt, secret, vaultOn } from "./support.ts";

// Child of the kill test: rotates in small batches and waits to be killed after the second.
const [address, keys] = process.argv.slice(2);
if (address === undefined || keys === undefined)
  throw new Error("usage: rotateUntilKilled.ts <address> <keys>");
const vault = await vaultOn(await openAt(address), openVaultKeyring(keys, secret));
await rotateVaultKey(vault, {
  batch: 4,
  onBatch: (rewrapped) => {
    if (rewrapped < 8) return;
    process.stdout.write("in the middle\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  },
});
