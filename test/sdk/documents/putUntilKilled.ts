import { openDocumentStore } from "../../../sdk/src/documents/index.ts";
import { numberedDocument, numberedKey } from "./numbered.ts";

// Child of the kill test: puts documents one after another, and says so only after each was acknowledged.
const path = process.argv[2];
if (path === undefined) throw new Error("usage: putUntilKilled.ts <file>");
const store = openDocumentStore(path);
for (let number = Number(process.argv[3] ?? 0); ; number++) {
  await store.put(numberedKey(number), numberedDocument(number));
  process.stdout.write(`${number}\n`);
}
