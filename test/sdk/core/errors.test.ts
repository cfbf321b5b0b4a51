import * as sdk from "@careledger/sdk";
import {
  CareLedgerError,
  contractErrors,
  decodeRevert,
  errorsBySelector,
  isCareLedgerError,
  memberRegistryAbi,
  prescriptionRegistryAbi,
  consentRegistryAbi,
  recordRegistryAbi,
  standardsRegistryAbi,
  accessManagerAbi,
  researchRegistryAbi,
  lotRegistryAbi,
  sdkErrors,
  sdkError,
  toOperationOutcome,
  typedErrorOf,
} from "@careledger/sdk";
import { expect } from "chai";
import { AbiCoder, Interface, type InterfaceAbi, type ParamType } from "ethers";

const abis = [
  memberRegistryAbi,
  prescriptionRegistryAbi,
  consentRegistryAbi,
  recordRegistryAbi,
  standardsRegistryAbi,
  researchRegistryAbi,
  lotRegistryAbi,
  accessManagerAbi,
] as unknown as InterfaceAbi[];
const fragments = abis.flatMap((abi) => {
  const found: { name: string; selector: string; inputs: readonly ParamType[] }[] = [];
  new Interface(abi).forEachError((error) => found.push(error));
  return found;
});

/** FHIR R4 ValueSet issue-type. */
const ISSUE_TYPES = (
  "invalid structure required value invariant security login unknown expired forbidden suppressed processing " +
  "not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly " +
  "business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational"
).split(" ");

const sample = (input: ParamType): unknown => {
  if (input.type === "address") return "0x52908400098527886E0F7030069857D2E4169EE7";
  if (input.type === "bool") return true;
  if (input.type === "string") return "text";
  if (input.type.startsWith("bytes")) return `0x${"01".repeat(Number(input.type.slice(5) || 4))}`;
  return 1n;
};

const encode = (name: string): string => {
  const fragment = fragments.find((each) => each.name === name);
  if (fragment === undefined) throw new Error(name);
  const values = AbiCoder.defaultAbiCoder().encode(fragment.inputs, fragment.inputs.map(sample));
  return `${fragment.selector}${values.slice(2)}`;
};

describe("sdk errors", () => {
  it("has an entry for every error of every contract, and none besides", () => {
    const known = new Set(fragments.map(({ name }) => name));
    expect([...known].filter((name) => !(name in contractErrors))).to.deep.equal([]);
    expect(Object.keys(contractErrors).filter((name) => !known.has(name))).to.deep.equal([]);
  });

  it("names in its fixes only functions that the SDK has", () => {
    const named = Object.values({ ...contractErrors, ...sdkErrors }).flatMap(({ fix }) =>
      [...fix.matchAll(/\(([a-z]\w*(?:, [a-z]\w*)*)\)/g)].flatMap((match) => (match[1] ?? "").split(", ")),
    );
    expect(named).to.include.members(["appointOperator", "licenseOperator", "setLicensingAuthority"]);
    const functions = Object.entries(sdk).flatMap(([name, value]) =>
      typeof value === "function" ? [name] : [],
    );
    expect(named.filter((name) => !functions.includes(name))).to.deep.equal([]);
  });

  it("tells no two errors by the same selector", () => {
    const bySelector = new Map<string, string>();
    for (const { name, selector } of fragments) {
      expect(bySelector.get(selector) ?? name, selector).to.equal(name);
      bySelector.set(selector, name);
    }
    expect([...errorsBySelector.keys()].sort()).to.deep.equal([...bySelector.keys()].sort());
  });

  it("names in its templates only values that the error has, and a FHIR issue type", () => {
    for (const [name, entry] of Object.entries(contractErrors)) {
      const inputs = fragments.find((each) => each.name === name)?.inputs.map((input) => input.name) ?? [];
      for (const [, value] of `${entry.message} ${entry.fix}`.matchAll(/\{(\w+)/g)) {
        expect(inputs, `${name} has no ${String(value)}`).to.include(value);
      }
    }
    for (const [name, entry] of Object.entries({ ...contractErrors, ...sdkErrors })) {
      expect(ISSUE_TYPES, name).to.include(entry.issue);
      expect(entry.fix, name).to.match(/^[A-Z].*\.$/);
      expect(entry.message, name).to.match(/\.$/);
    }
    expect(Object.keys(sdkErrors).filter((name) => name in contractErrors)).to.deep.equal([]);
  });

  for (const name of Object.keys(contractErrors)) {
    it(`decodes ${name} wherever it hides`, () => {
      const data = encode(name);
      const shapes = [
        { data },
        { code: 3, message: "execution reverted", data },
        { error: { code: -32_000, data: { data, message: "reverted" } } },
        new Error("outer", { cause: new Error("inner", { cause: { info: { error: { data } } } }) }),
        { transaction: { data: "0x12345678" }, originalError: { data } },
        { revertReason: data },
        sdkError(
          "RpcRefused",
          { method: "eth_call", rpcCode: 3, problem: "reverted" },
          { code: 3, message: "", data },
        ),
      ];
      for (const shape of shapes) {
        const error = typedErrorOf(shape);
        expect(error?.code).to.equal(name);
        expect(`${error?.message} ${error?.fix}`).not.to.match(/[{}]|undefined|NaN|Invalid Date/);
      }
    });
  }

  it("shows times, days, duties, units and enums for people", () => {
    const of = (name: string, ...values: unknown[]): CareLedgerError => {
      const fragment = fragments.find((each) => each.name === name);
      const data = AbiCoder.defaultAbiCoder().encode(fragment?.inputs ?? [], values);
      return decodeRevert(`${fragment?.selector}${data.slice(2)}`);
    };
    const word = `0x${"ab".repeat(32)}`;
    expect(of("DomainIsPaused", 1_800_000_000).message).to.contain("2027-01-15T08:00:00Z");
    const lapsed = of("DutyLicenceLapsed", 7, word, 0x5, 20_000);
    expect(lapsed.message).to.contain("PRESCRIBE, DISPENSE").and.to.contain("2024-10-04");
    expect(lapsed.values).to.deep.equal({ member: 7, operator: word, duty: 5, throughDay: 20_000 });
    expect(of("PrescriptionUnitsExceeded", word, 1, 10_500, 250).message).to.contain("10.5 units");
    expect(of("PrescriptionUnitsExceeded", word, 1, 10_500, 250).values["unitsLeft"]).to.equal(250n);
    expect(of("PrescriptionStatusWrong", word, 4).message).to.contain("is Cancelled");
    expect(of("SuspensionRepeated", 7, 3).values["cause"]).to.equal("KeyCompromise");
    const field = `0x${Buffer.from("fills").toString("hex").padEnd(64, "0")}`;
    expect(of("PrescriptionTermInvalid", word, field).message).to.contain("Term fills");
  });

  it("tells panics, texts and unknown data apart", () => {
    const coder = AbiCoder.defaultAbiCoder();
    const panic = decodeRevert(`0x4e487b71${coder.encode(["uint256"], [0x11]).slice(2)}`);
    expect([panic.code, panic.values["panic"]]).to.deep.equal(["ContractPanic", "0x11"]);
    const text = decodeRevert(`0x08c379a0${coder.encode(["string"], ["no way"]).slice(2)}`);
    expect([text.code, text.values["data"]]).to.deep.equal(["CallReverted", "no way"]);
    expect(decodeRevert("0xdeadbeef").code).to.equal("CallReverted");
    expect(decodeRevert(encode("MemberNotActive").slice(0, 12)).code).to.equal("CallReverted");
    expect(typedErrorOf(new Error("something else"))).to.equal(undefined);
    const own = sdkError("SignerMissing");
    expect(typedErrorOf(own)).to.equal(own);
  });

  it("converts to an OperationOutcome", () => {
    const error = decodeRevert(encode("PrescriptionLocked"));
    expect(toOperationOutcome(error)).to.deep.equal({
      resourceType: "OperationOutcome",
      issue: [
        {
          severity: "error",
          code: "lock-error",
          details: {
            coding: [{ system: "urn:careledger:error", code: "PrescriptionLocked" }],
            text: error.message,
          },
          diagnostics: error.fix,
        },
      ],
    });
    const element = "MedicationRequest.dispenseRequest.quantity";
    const fhir = new CareLedgerError({
      code: "X",
      message: "M.",
      fix: "F.",
      values: { element },
      issue: "required",
    });
    expect(toOperationOutcome(fhir).issue[0]).to.deep.include({ code: "required", expression: [element] });
    const problems = [
      { element: "MedicationRequest.status", code: "P", message: "P.", fix: "Mend P.", issue: "required" },
      { element, code: "Q", message: "Q.", fix: "Mend Q.", issue: "value" },
    ] as const;
    const several = new CareLedgerError({
      code: "X",
      message: "M.",
      fix: "F.",
      values: { element },
      problems,
    });
    expect(toOperationOutcome(several).issue).to.deep.equal(
      problems.map((each) => ({
        severity: "error",
        code: each.issue,
        details: { coding: [{ system: "urn:careledger:error", code: each.code }], text: each.message },
        diagnostics: each.fix,
        expression: [each.element],
      })),
    );
    const foreign = toOperationOutcome(new Error("Jane Doe, 1980-01-01"));
    expect(foreign.issue[0]).to.deep.include({ severity: "fatal", code: "exception" });
    expect(JSON.stringify(foreign)).not.to.contain("Jane");
    expect(toOperationOutcome(sdkError("RpcUnavailable")).issue[0]?.code).to.equal("transient");
  });

  it("goes into logs as plain JSON", () => {
    const error = decodeRevert(encode("PrescriptionUnitsExceeded"), new Error("underneath"));
    const logged = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
    expect(logged["values"]).to.deep.include({ units: "1", fill: 1 });
    expect(Object.keys(logged)).to.deep.equal(["code", "message", "fix", "values"]);
    expect(isCareLedgerError(error, "MemberNotActive")).to.equal(false);
    expect((error.cause as Error).message).to.equal("underneath");
  });
});
