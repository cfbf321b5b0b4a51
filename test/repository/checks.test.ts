import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { docs } from "../../scripts/check/docs.ts";
import { overBars } from "../../scripts/check/gas.ts";
import { changedFiles, notAsKept } from "../../scripts/check/generated.ts";
import { importRule } from "../../scripts/check/imports.ts";
import { interfaces } from "../../scripts/check/interfaces.ts";
import { breakingChanges, currentLayouts, erc7201Slot, layouts } from "../../scripts/check/layouts.ts";
import { lockfile } from "../../scripts/check/lockfile.ts";
import { sizes } from "../../scripts/check/sizes.ts";
import { abi, sdkExports, selectorClashes } from "../../scripts/check/surface.ts";
import { format, lint, types } from "../../scripts/check/tools.ts";
import { trees } from "../../scripts/check/trees.ts";
import { upgrades } from "../../scripts/check/upgrades.ts";
import { words } from "../../scripts/check/words.ts";
import { checks } from "../../scripts/check/all.ts";
import type { Check } from "../../scripts/check/core.ts";
import { problemsOf, root, sol, type Files } from "./broken.ts";
import { buildInfo } from "./buildInfo.ts";

/** A check that passes a sound repository and names what is wrong with a broken one. */
const tells = (
  check: Check,
  sound: Files,
  broken: Readonly<Record<string, [Files, RegExp]>>,
  copied: string[] = [],
) => {
  describe(check.name, () => {
    it("passes a sound repository", async () => {
      expect(await problemsOf(check, sound, copied)).to.deep.equal([]);
    });
    for (const [what, [files, message]] of Object.entries(broken)) {
      it(`finds ${what}`, async () => {
        expect((await problemsOf(check, { ...sound, ...files }, copied)).join("\n")).to.match(message);
      });
    }
  });
};

const contract = (body: string): string => sol(`contract Shelf {\n${body}\n}`);
const lines = (count: number): string => "        n += 1;\n".repeat(count);
const iface = sol(`/// @title IShelf
interface IShelf {
    /// @notice The shelf is full. Fix: use another.
    error ShelfFull(uint256 held);
    /// @notice A box was put on it.
    event ShelfFilled(uint256 indexed box);
    /// @notice Puts a box on it.
    function fill(uint256 box) external;
}`);
const body = (text: string): string =>
  sol(`import {IShelf} from "./IShelf.sol";\n\ncontract Shelf is IShelf {\n${text}\n}`);
const inherited =
  "    /// @inheritdoc IShelf\n    function fill(uint256 box) external { emit ShelfFilled(box); }";

const manifest = (version: string): string => JSON.stringify({ dependencies: { left: version } });
const lock = (entry: object): string =>
  JSON.stringify({ packages: { "": { dependencies: { left: "1.0.0" } }, "node_modules/left": entry } });

const struct = (fields: string, slot = erc7201Slot("careledger.storage.Shelf")): string =>
  sol(`library ShelfStorage {
    /// @custom:storage-location erc7201:careledger.storage.Shelf
    struct Layout { ${fields} }
    bytes32 internal constant SLOT = ${slot};
}`);
const shelfLayout = {
  "careledger.storage.Shelf": {
    "t_struct(Layout)_storage": [
      { label: "boxes", slot: "0", offset: 0, type: "t_uint64" },
      { label: "owner", slot: "0", offset: 8, type: "t_address" },
    ],
  },
};
const artifact = (name: string, ...functions: string[]): Files => ({
  [`artifacts/contracts/shelf/${name}.sol/${name}.json`]: JSON.stringify({
    abi: functions.map((fn) => ({
      type: "function",
      name: fn,
      inputs: [],
      outputs: [],
      stateMutability: "view",
    })),
  }),
});
const snapshotOf = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const pieces = (...parts: string[]): string => parts.join("");

describe("checks of the repository", () => {
  tells(
    words,
    { "contracts/shelf/Shelf.sol": contract(""), "test/a.test.ts": 'describe("a", () => undefined);\n' },
    {
      "a Solidity file without a licence": [{ "contracts/shelf/Shelf.sol": "contract Shelf {}" }, /SPDX/],
      "unfinished work": [
        { "scripts/a.ts": `// ${pieces("TO", "DO")}: later\n` },
        /a\.ts:1: unfinished work/,
      ],
      "a test left out": [
        { "test/a.test.ts": `${pieces("it", ".only")}("a", () => undefined);\n` },
        /a test left out/,
      ],
      "a path of one machine": [
        { "docs/a.md": `see ${pieces("/ho", "me/someone/x")}\n` },
        /path of one machine/,
      ],
      "a registry host": [{ "docs/a.md": `from ${pieces("registry.", "npmjs.org")}\n` }, /registry host/],
      "a line too long": [
        { "contracts/shelf/Shelf.sol": contract(`    // ${"x".repeat(150)}`) },
        /has 157 columns/,
      ],
    },
  );

  tells(
    lockfile,
    {
      "package.json": manifest("1.0.0"),
      "package-lock.json": lock({ version: "1.0.0", integrity: "sha512-x" }),
    },
    {
      "a version that floats": [{ "package.json": manifest("^1.0.0") }, /left is not pinned/],
      "a lock that disagrees": [{ "package.json": manifest("1.0.1") }, /does not have left 1\.0\.1/],
      "an entry that names its origin": [
        { "package-lock.json": lock({ version: "1.0.0", integrity: "sha512-x", resolved: "https://x" }) },
        /names where it came from/,
      ],
      "an entry without a hash": [{ "package-lock.json": lock({ version: "1.0.0" }) }, /has no integrity/],
    },
  );

  tells(
    docs,
    {
      "README.md": "# A\n[b](docs/b.md#part-two)\n",
      "docs/b.md": "# B\n## Part two\n",
      "docs/glossary.md": "| **Shelf** | where boxes stand |\n",
      "contracts/shelf/IShelf.sol": iface,
    },
    {
      "a link to nowhere": [{ "README.md": "[b](docs/c.md)\n" }, /links to docs\/c\.md, which is not there/],
      "a link to no heading": [{ "README.md": "[b](docs/b.md#part-three)\n" }, /no such heading/],
      "a word without an explanation": [{ "docs/glossary.md": "" }, /does not explain "Shelf"/],
      "a decision that is not there": [
        { "contracts/shelf/Shelf.sol": contract("    // docs/decisions/0099-none.md") },
        /points to docs\/decisions\/0099-none\.md/,
      ],
    },
  );

  tells(
    trees,
    {
      "test/shelf/fill.tree": "fill\n├── when it is full\n│   └── it reverts\n└── it fills\n",
      "test/shelf/fill.test.ts":
        'describe("Shelf.fill", () => {\n  describe("when it is full", () => {\n    it("reverts", () => undefined);\n  });\n  it("fills", () => undefined);\n});\n',
    },
    {
      "a plan without a test": [
        { "test/shelf/other.tree": "other\n└── it works\n" },
        /other\.tree has no test/,
      ],
      "a branch that no test walks": [
        {
          "test/shelf/fill.tree":
            "fill\n├── when it is full\n│   └── it reverts\n├── it fills\n└── it logs\n",
        },
        /fill\.test\.ts lacks: fill › logs/,
      ],
      "a test that no plan names": [
        { "test/shelf/fill.tree": "fill\n└── it fills\n" },
        /lacks: fill › when it is full/,
      ],
    },
  );

  tells(
    importRule,
    {
      "contracts/core/Base.sol": sol("contract Base {}"),
      "contracts/shelf/IShelf.sol": iface,
      "contracts/house/House.sol": sol(
        'import {Base} from "../core/Base.sol";\nimport {IShelf} from "../shelf/IShelf.sol";\ncontract House is Base {}',
      ),
      "sdk/src/a.ts": 'import { b } from "./b.ts";\nexport { b };\n',
      "scripts/story/a.ts": 'import { createClient } from "@careledger/sdk";\nexport { createClient };\n',
    },
    {
      "another domain's body": [
        { "contracts/house/House.sol": sol('import {Shelf} from "../shelf/Shelf.sol";\ncontract House {}') },
        /imports the body contracts\/shelf\/Shelf\.sol/,
      ],
      "a package that contracts do not use": [
        { "contracts/house/House.sol": sol('import {X} from "solmate/X.sol";\ncontract House {}') },
        /imports solmate/,
      ],
      "an SDK that reaches out of its package": [
        { "sdk/src/a.ts": 'import { x } from "../../deploy/index.ts";\nexport { x };\n' },
        /not in the package/,
      ],
      "product code over generated types": [
        {
          "scripts/story/a.ts":
            'import type { X } from "../../typechain-types/index.js";\nexport type { X };\n',
        },
        /through sdk\//,
      ],
      "product code over a raw ABI": [
        { "scripts/story/a.ts": 'import { Contract } from "ethers";\nexport { Contract };\n' },
        /uses Contract of ethers/,
      ],
    },
  );

  tells(
    interfaces,
    { "contracts/shelf/IShelf.sol": iface, "contracts/shelf/Shelf.sol": body(inherited) },
    {
      "an error without a fix": [
        { "contracts/shelf/IShelf.sol": iface.replace(" Fix: use another.", "") },
        /no "Fix:"/,
      ],
      "an event without a text": [
        { "contracts/shelf/IShelf.sol": iface.replace("    /// @notice A box was put on it.\n", "") },
        /ShelfFilled has no @notice/,
      ],
      "an event in a body": [
        { "contracts/shelf/Shelf.sol": body(`    event ShelfMoved();\n${inherited}`) },
        /ShelfMoved is declared in a body/,
      ],
      "a function that no I-file has": [
        {
          "contracts/shelf/Shelf.sol": body(
            `${inherited}\n    /// @inheritdoc IShelf\n    function empty() external {}`,
          ),
        },
        /empty is declared in no I-file/,
      ],
      "a function that repeats its text": [
        { "contracts/shelf/Shelf.sol": body(inherited.replace("@inheritdoc IShelf", "@notice Fills.")) },
        /fill has no @inheritdoc/,
      ],
    },
  );

  tells(
    sizes,
    { "contracts/shelf/Shelf.sol": contract("    uint256 n;\n") },
    {
      "a long function": [
        {
          "contracts/shelf/Shelf.sol": contract(`    function f(uint256 n) public pure {\n${lines(40)}    }`),
        },
        /Shelf\.f has 42 lines/,
      ],
      "a long contract": [
        { "contracts/shelf/Shelf.sol": contract("    // a line\n".repeat(400)) },
        /Shelf has 403 lines/,
      ],
    },
  );

  tells(
    format,
    { "a.ts": "export const a = 1;\n", ".prettierrc.json": '{ "printWidth": 110 }\n' },
    { "a file laid out otherwise": [{ "a.ts": "export const   a = 1" }, /a\.ts/] },
  );

  tells(
    lint,
    { "a.ts": "export const a = 1;\n", "contracts/shelf/Shelf.sol": contract("    uint256 private _n;") },
    {
      "an any": [{ "a.ts": "export const a = (b: any): unknown => b;\n" }, /no-explicit-any/],
      "an enum": [{ "a.ts": "export enum A {\n  B,\n}\n" }, /cannot run an enum/],
      "a revert with a text": [
        {
          "contracts/shelf/Shelf.sol": contract(
            '    function f(uint256 n) public pure {\n        require(n > 0, "none");\n    }',
          ),
        },
        /custom-errors/,
      ],
    },
    ["eslint.config.js", ".solhint.json"],
  );

  tells(
    types,
    {
      "tsconfig.json": JSON.stringify({ extends: "../../../tsconfig.json", include: ["a.ts"] }),
      "a.ts": "export const a: number = 1;\n",
    },
    { "a wrong type": [{ "a.ts": 'export const a: number = "1";\n' }, /TS2322/] },
  );

  tells(
    layouts,
    {
      "contracts/shelf/ShelfStorage.sol": struct("uint64 boxes; address owner;"),
      "snapshots/layouts.json": snapshotOf(shelfLayout),
    },
    {
      "a field that moved": [
        { "contracts/shelf/ShelfStorage.sol": struct("address owner; uint64 boxes;") },
        /boxes of t_struct\(Layout\)_storage is not where and what it was/,
      ],
      "a field of another size": [
        { "contracts/shelf/ShelfStorage.sol": struct("uint128 boxes; address owner;") },
        /boxes of .* is not where and what it was/,
      ],
      "an appended field that nobody reviewed": [
        { "contracts/shelf/ShelfStorage.sol": struct("uint64 boxes; address owner; bool open;") },
        /layouts\.json is out of date/,
      ],
      "a slot that is not derived": [
        {
          "contracts/shelf/ShelfStorage.sol": struct("uint64 boxes; address owner;", `0x${"11".repeat(32)}`),
        },
        /does not lie at/,
      ],
      "a variable outside the struct": [
        { "contracts/shelf/Shelf.sol": contract("    uint256 internal stray;") },
        /stray lies in a plain slot/,
      ],
    },
  );

  tells(
    abi,
    {
      "contracts/shelf/Shelf.sol": contract(""),
      ...artifact("Shelf", "boxes"),
      "snapshots/abi.json": snapshotOf({ Shelf: ["function boxes() view"] }),
    },
    {
      "a function that is new": [artifact("Shelf", "boxes", "owner"), /abi\.json is out of date/],
      "a project that is not built": [
        { "contracts/shelf/Shelf.sol": sol("library Shelf {}") },
        /no contract is built/,
      ],
    },
  );

  tells(
    sdkExports,
    {
      "sdk/dist/index.d.ts": "export declare const a: number;\n",
      "snapshots/sdk-exports.json": snapshotOf({ a: "a: number" }),
    },
    {
      "an export of another type": [
        { "sdk/dist/index.d.ts": "export declare const a: string;\n" },
        /out of date/,
      ],
      "an export that is gone": [
        { "sdk/dist/index.d.ts": "export declare const b: number;\n" },
        /out of date/,
      ],
    },
  );

  tells(
    upgrades,
    { "artifacts/build-info/a.json": buildInfo("uint256 private _n;") },
    {
      "a contract that an upgrade could destroy": [
        {
          "artifacts/build-info/a.json": buildInfo("function f(address a) external { a.delegatecall(''); }"),
        },
        /delegatecall/,
      ],
    },
  );

  describe("what needs a whole build", () => {
    it("finds generated files that are not what the build writes", () => {
      const before = new Map([
        ["a.ts", "1"],
        ["b.ts", "2"],
      ]);
      expect(changedFiles(before, before)).to.deep.equal([]);
      expect(
        changedFiles(
          before,
          new Map([
            ["a.ts", "3"],
            ["c.ts", "4"],
          ]),
        ),
      ).to.deep.equal(["a.ts", "b.ts", "c.ts"]);
    });

    it("finds generated files that git keeps otherwise, be it by the order of their lines alone", () => {
      const folder = mkdtempSync(join(tmpdir(), "careledger-generated-"));
      try {
        const write = (name: string, text: string) => writeFileSync(join(folder, "types", name), text);
        const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
        mkdirSync(join(folder, "types"));
        write("a.ts", "one\ntwo\n");
        write("b.ts", "one\n");
        git("init", "-q");
        git("add", ".");
        expect(notAsKept(folder, ["types"])).to.deep.equal([]);
        write("a.ts", "two\none\n");
        write("c.ts", "");
        expect(notAsKept(folder, ["types"])).to.deep.equal(["types/a.ts", "types/c.ts"]);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("finds an operation over its bar, and one that nobody measured", () => {
      const bars = { "x.a": 100, "x.b": 100 };
      expect(overBars({ "x.a": { gas: 100, floor: 80 }, "x.b": { gas: 99, floor: 80 } }, bars)).to.deep.equal(
        [],
      );
      expect(overBars({ "x.a": { gas: 101, floor: 80 } }, bars)).to.deep.equal([
        "x.a costs 101, over 100 (floor 80)",
        "x.b is not measured",
      ]);
    });

    it("finds a function of a proxy that hides one behind it", () => {
      const surface = { MemberRegistryProxy: ["function a() view"], MemberRegistry: ["function a() view"] };
      expect(selectorClashes(surface).join()).to.match(
        /MemberRegistryProxy\.a\(\) hides MemberRegistry\.a\(\)/,
      );
      expect(selectorClashes({ ...surface, MemberRegistry: ["function b() view"] })).to.deep.equal([]);
    });

    it("finds a namespace that is gone", () => {
      expect(breakingChanges(shelfLayout, {})).to.deep.equal(["careledger.storage.Shelf is gone"]);
    });

    it("reads the layouts of this project's own contracts", () => {
      const names = Object.keys(currentLayouts(root));
      expect(names).to.include("careledger.storage.MemberRegistry");
    });
  });

  it("are all of them tried here", () => {
    const tried = [words, lockfile, docs, trees, importRule, interfaces, sizes, format, lint, types];
    const more = [layouts, abi, sdkExports, upgrades].map(({ name }) => name);
    // What the privacy scan finds is tried in test/privacy.
    const names = [...tried.map(({ name }) => name), ...more, "generated", "gas", "privacy"];
    expect(checks.map(({ name }) => name)).to.have.members(names);
  });
});
