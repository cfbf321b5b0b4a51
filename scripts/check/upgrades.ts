import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { runTool, type Check } from "./core.ts";

/**
 * Allowed: constructors (an implementation only locks itself, and OpenZeppelin's EIP712 sets immutables) and immutables
 * (peer addresses and hashes, docs/decisions/0002-proxy-pattern.md).
 */
const allowed = ["constructor", "state-variable-immutable", "state-variable-assignment"];

/** Extensions run in the storage of their domain, which its implementation initialises: they have no initializer. */
const extensions: Readonly<Record<string, string>> = {
  MemberSupervision: "contracts/consortium/MemberSupervision.sol",
  PrescriptionOversight: "contracts/prescriptions/PrescriptionOversight.sol",
  ConsentCustody: "contracts/consent/ConsentCustody.sol",
  ConsentOversight: "contracts/consent/ConsentOversight.sol",
  RecordExchange: "contracts/records/RecordExchange.sol",
  LotEntries: "contracts/supply/LotEntries.sol",
  LotKeeping: "contracts/supply/LotKeeping.sol",
  LotOversight: "contracts/supply/LotOversight.sol",
};

/** OpenZeppelin's upgrade safety rules over the build. Layouts of ERC-7201 structs in libraries are for `layouts`. */
export const upgrades: Check = {
  name: "upgrades",
  run: (root) => {
    const core = dirname(createRequire(import.meta.url).resolve("@openzeppelin/upgrades-core/package.json"));
    const validate = (...options: string[]) =>
      runTool(root, join(core, "dist/cli/cli.js"), [
        "validate",
        join(root, "artifacts/build-info"),
        ...options,
      ]);
    const own = Object.entries(extensions).filter(([, path]) => existsSync(join(root, path)));
    return [
      ...validate(
        "--unsafeAllow",
        allowed.join(),
        ...Object.values(extensions).flatMap((path) => ["--exclude", path]),
      ),
      ...own.flatMap(([name, path]) =>
        validate(
          "--contract",
          `${path}:${name}`,
          "--unsafeAllow",
          [...allowed, "missing-initializer"].join(),
        ),
      ),
    ];
  },
};
