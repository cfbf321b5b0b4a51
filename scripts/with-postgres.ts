/**
 * `node scripts/with-postgres.ts <program> [arguments]`: runs a program beside a temporary PostgreSQL server whose address
 * is in its environment, and stops the server afterwards. Without PostgreSQL it says so and runs the program all the same.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";

import { POSTGRES_URL, isServer, obtainPostgres } from "../test/fixtures/postgres.ts";

const [program, ...args] = process.argv.slice(2);
if (program === undefined) {
  console.error("usage: node scripts/with-postgres.ts <program> [arguments]");
  process.exit(2);
}
const found = await obtainPostgres();
if (isServer(found)) console.log("PostgreSQL answers on the loopback interface.");
else console.log(`!! Tests against PostgreSQL will be skipped: ${found.reason}`);
const env = isServer(found) ? { ...process.env, [POSTGRES_URL]: found.url } : process.env;
const child = spawn(program, args, { stdio: "inherit", env });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
const [status] = (await once(child, "exit")) as [number | null];
if (isServer(found)) await found.stop();
process.exit(status ?? 1);
