import { id } from "ethers";

import { openAt, stMary } from "./support.ts";

// Child of the kill test: puts records one after another, and says so only after each was acknowledged.
const address = process.argv[2];
if (address === undefined) throw new Error("usage: storeUntilKilled.ts <address>");
const store = await openAt(address);
for (let number = 0; ; number++) {
  const sealed = new Uint8Array(20_000).fill(number);
  const wrapped = new Uint8Array(114).fill(number);
  const record = id(`killed ${number}`);
  await store.put([{ record, custodian: stMary, sealed, vaultKey: 1, wrapped, storedAt: number }]);
  process.stdout.write(`${number}\n`);
}
