import { spawn } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { getPrescription } from "@careledger/sdk";
import { expect } from "chai";

import { type World, startWorld } from "./world.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(import.meta.url);
const versionOf = (name: string): string => {
  const text = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
};
/** The oldest Node that the package promises to run on; Node 24 is what the tests run on. */
const OLDEST_NODE = "20.20.2";
/** What a platform calls its Node package. */
const nodePackage = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** Environment of a user's shell: without what `npm run` adds about this repository. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|INIT_CWD$|NODE_OPTIONS$|NODE_PATH$|HARDHAT)/.test(name) ||
      /^npm_config_(registry|cache|userconfig|globalconfig|.*proxy|cafile)$/.test(name),
  ),
);

/** Run a program and give what it wrote; the test's own process goes on serving the chain. */
function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(program, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      const text = Buffer.concat(out).toString();
      if (status === 0) resolve(text);
      else
        reject(
          new Error(`${program} ${args.join(" ")}: ${status}\n${text}\n${Buffer.concat(err).toString()}`),
        );
    });
  });
}

const npm = (args: readonly string[], cwd: string): Promise<string> =>
  run("npm", [...args, "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"], cwd);

describe("the packed SDK in an empty project", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "careledger-package-"));
  const project = join(folder, "project");
  let world: World;
  let chain: World | undefined;
  let files: string[];

  const say = (text: string): void => console.log(`      ${text}`);

  before(async () => {
    say("packing");
    const packed = await npm(["pack", join(root, "sdk"), "--pack-destination", folder, "--json"], folder);
    const [tarball] = JSON.parse(packed) as { filename: string; files: { path: string }[] }[];
    files = tarball!.files.map(({ path }) => path).sort();
    for (const name of ["project", "node20"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "package.json"), JSON.stringify({ private: true, type: "module" }));
    }
    say("installing it");
    const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    const wanted = [`ethers@${versionOf("ethers")}`, `@types/node@${versionOf("@types/node")}`];
    await npm(["install", "--ignore-scripts", join("..", archive ?? ""), ...wanted], project);
    say(`installing Node ${OLDEST_NODE}`);
    await npm(["install", "--ignore-scripts", `${nodePackage}@${OLDEST_NODE}`], join(folder, "node20"));
    chain = world = await startWorld();
  });
  after(async () => {
    await chain?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("holds what was built, a README and the licence, nothing else", () => {
    const others = files.filter((path) => !path.startsWith("dist/"));
    expect(others).to.deep.equal(["LICENSE", "README.md", "package.json"]);
    const strange = files.filter((path) => path.startsWith("dist/") && !/\.(js|js\.map|d\.ts)$/.test(path));
    expect(strange).to.deep.equal([]);
    expect(files).to.include.members(["dist/index.js", "dist/index.d.ts"]);
    expect(readFileSync(join(root, "sdk/LICENSE"), "utf8")).to.equal(
      readFileSync(join(root, "LICENSE"), "utf8"),
    );
    const installed = join(project, "node_modules/@careledger/sdk");
    expect(readdirSync(installed).sort()).to.deep.equal(["LICENSE", "README.md", "dist", "package.json"]);
  });

  it("passes a strict compiler, its types included", async () => {
    copyFileSync(join(root, "test/sdk/package/consumer.ts"), join(project, "consumer.ts"));
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          target: "es2022",
          lib: ["es2022"],
          module: "nodenext",
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmitOnError: true,
          types: ["node"],
        },
        files: ["consumer.ts"],
      }),
    );
    const tsc = require.resolve("typescript/bin/tsc");
    await run(process.execPath, [tsc, "-p", "."], project);
    expect(readdirSync(project)).to.include("consumer.js");
  });

  const programs: [string, () => string][] = [
    ["20", () => join(folder, "node20/node_modules", nodePackage, "bin/node")],
    ["24", () => process.execPath],
  ];
  for (const [major, program] of programs) {
    it(`issues a prescription, reads it back and keeps its document under Node ${major}`, async () => {
      const task = join(folder, `task${major}.json`);
      writeFileSync(
        task,
        JSON.stringify({
          network: world.network,
          signerKey: world.wallet("drAdler").privateKey,
          issuer: world.members["stMary"],
          request: join(root, "examples/fhir-r4/MedicationRequest-medrx0302.json"),
          now: await world.now(),
          folder: mkdtempSync(join(folder, "data-")),
        }),
      );
      const words = JSON.parse(await run(program(), ["consumer.js", task], project)) as Record<
        string,
        unknown
      >;
      expect(words["node"]).to.match(new RegExp(`^${major}\\.`));
      expect(words).to.deep.include({
        issuedOnce: true,
        status: "Open",
        units: "6000",
        document: "medrx0302",
        withoutDriver: "VaultDriverMissing",
      });
      expect(words["refused"]).to.deep.include({ code: "InputInvalid" });
      const view = await getPrescription(world.as("stranger"), String(words["id"]));
      expect(view.prescriber).to.equal(world.operator("drAdler"));
    });
  }
});
