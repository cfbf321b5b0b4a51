import { expect } from "chai";
import { id, solidityPackedKeccak256 } from "ethers";
import fc from "fast-check";

import { CareLedgerError } from "../../../sdk/src/core/errors.ts";
import {
  type DataUseParameters,
  type DuoCurie,
  DUO_INSTEAD,
  DUO_TERMS,
  type TaggedParameter,
  dataUseOf,
  dataUseRequestOf,
  dataUseTag,
  decideDataUse,
  matchDataUseTag,
  readDataUse,
  readDataUseRequest,
} from "../../../sdk/src/research/index.ts";
import {
  NUMBERS,
  TERMS,
  type Term,
  answer,
  curieOf,
  fieldOf,
  statementOf,
  wordOf,
} from "../../research/dataUseModel.ts";
import { pairs } from "../../research/dataUsePairs.ts";

const salt = id("a dataset's salt");
const melanoma = "MONDO:0005105";
const cancer = "MONDO:0004992";
const GENERAL = "DUO:0000042";
const MONTHS = "DUO:0000025";

/** Expect this fault, with these values and with texts that hold these words. */
function fails(work: () => unknown, code: string, values: object, ...words: string[]): void {
  try {
    work();
  } catch (error) {
    expect(error, String(error)).to.be.instanceOf(CareLedgerError);
    const fault = error as CareLedgerError;
    expect(fault.code).to.equal(code);
    expect(fault.values).to.deep.include(values);
    for (const word of words) expect(`${fault.message} ${fault.fix}`).to.include(word);
    expect(`${fault.message} ${fault.fix}`).not.to.match(/[{}]/);
    return;
  }
  throw new Error(`expected ${code}`);
}

describe("DUO terms", () => {
  it("are 25, two of them headings, with the numbers that their CURIEs have", () => {
    expect(Object.keys(DUO_TERMS)).to.have.length(25);
    const headings = Object.values(DUO_TERMS).filter(({ kind }) => kind === "heading");
    expect(headings.map(({ number }) => number)).to.deep.equal([1, 17]);
    for (const [curie, { number, shorthand, kind }] of Object.entries(DUO_TERMS)) {
      expect(curie).to.equal(`DUO:${String(number).padStart(7, "0")}`);
      if (kind !== "heading") expect(NUMBERS[shorthand as Term], shorthand).to.equal(number);
    }
    for (const term of TERMS) {
      const { shorthand, parameter } = DUO_TERMS[curieOf(term) as DuoCurie];
      expect(shorthand).to.equal(term);
      expect(parameter).to.equal(fieldOf(term));
    }
  });

  it("name a term in place of each CURIE that is none", () => {
    for (const [curie, instead] of Object.entries(DUO_INSTEAD)) {
      expect(DUO_TERMS).not.to.have.property(curie);
      fails(() => dataUseOf([curie]), "DuoTermUnknown", { curie }, curie, instead);
    }
  });
});

describe("dataUseOf and readDataUse", () => {
  it("put each term into the bit with its number, and each parameter into its field", () => {
    const parameters: DataUseParameters = {
      publishFrom: "2027-01-31",
      months: 24,
      region: 276,
      institution: 12,
      disease: 0xdeadbeef,
      researchType: 2,
      users: 3,
      project: 2 ** 32 - 1,
    };
    const terms = ["DS", "RS", "GS", "MOR", "TS", "US", "PS", "IS"] as const;
    const fields = { ...parameters, publishFrom: 20_849 } as Record<string, number>;
    expect(dataUseOf(terms.map(curieOf), parameters)).to.equal(wordOf(terms, fields));
    expect(readDataUse(wordOf(terms, fields)).parameters).to.deep.equal(parameters);
  });

  it("give back what they were given, in the order of the numbers, for datasets and requests", () => {
    fc.assert(
      fc.property(pairs, ({ dataset, request }) => {
        const { decision } = decideDataUse(dataset, request);
        if (decision !== "DatasetInvalid") {
          const { terms, parameters } = readDataUse(dataset);
          expect(dataUseOf([...terms].reverse(), parameters)).to.equal(dataset);
          expect(terms).to.deep.equal([...terms].sort());
        }
        if (decision === "Permitted" || decision === "Refused") {
          const { terms, parameters } = readDataUseRequest(request);
          expect(dataUseRequestOf([...terms].reverse(), parameters)).to.equal(request);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("take the first and the last day and refuse what is no day", () => {
    const moratorium = [GENERAL, "DUO:0000024"];
    for (const publishFrom of ["1970-01-02", "2000-02-29", "2149-06-06"])
      expect(readDataUse(dataUseOf(moratorium, { publishFrom })).parameters).to.deep.equal({ publishFrom });
    for (const publishFrom of ["1970-01-01", "2149-06-07", "2026-02-29", "2026-13-01", "20260101", ""])
      fails(() => dataUseOf(moratorium, { publishFrom }), "InputInvalid", {
        parameter: "parameters.publishFrom",
      });
  });

  it("refuse parameters out of range or unknown, by name and without the value", () => {
    for (const months of [0, 65_536, 1.5, -1])
      fails(() => dataUseOf([GENERAL, MONTHS], { months }), "InputInvalid", {
        parameter: "parameters.months",
      });
    const unknown = { month: 3 } as unknown as DataUseParameters;
    fails(() => dataUseOf([GENERAL], unknown), "InputInvalid", { parameter: "parameters" });
    const text = { months: "12" } as unknown as DataUseParameters;
    fails(() => dataUseOf([GENERAL, MONTHS], text), "InputInvalid", { parameter: "parameters.months" });
    fails(() => dataUseOf("DUO:0000042" as unknown as string[]), "InputInvalid", { parameter: "terms" });
    fails(() => dataUseOf([GENERAL], null as unknown as DataUseParameters), "InputInvalid", {
      parameter: "parameters",
    });
    fails(() => readDataUse(2n ** 256n), "InputInvalid", { parameter: "word" });
  });

  it("name the CURIE and the fix of every other fault", () => {
    const mixed = (...terms: Term[]): string[] => terms.map(curieOf);
    fails(() => dataUseOf(["GRU"]), "DuoCurieInvalid", { place: "terms[0]" }, "DUO:0000042");
    fails(() => dataUseOf([GENERAL, "the patient's name"]), "DuoCurieInvalid", { place: "terms[1]" });
    fails(() => dataUseOf(["DUO:0000999"]), "DuoTermUnknown", { curie: "DUO:0000999" }, "DUO_TERMS");
    fails(() => dataUseOf(["DUO:0000017", GENERAL]), "DuoTermUnknown", { curie: "DUO:0000017" });
    fails(() => dataUseRequestOf(mixed("NRES")), "DuoTermUnknown", { curie: "DUO:0000004" }, "a request");
    fails(() => dataUseOf([GENERAL, GENERAL]), "DuoTermTwice", { curie: GENERAL }, GENERAL);
    fails(() => dataUseOf(mixed("PUB")), "DuoPermissionMissing", {}, GENERAL);
    fails(() => dataUseRequestOf(mixed("PUB")), "DuoPurposeMissing", {}, "DUO:0000043");
    fails(
      () => dataUseOf(mixed("GRU", "HMB")),
      "DuoTermsContradict",
      { curie: "DUO:0000006", other: GENERAL },
      "DUO:0000006",
    );
    fails(() => dataUseOf(mixed("POA", "NPOA")), "DuoTermsContradict", { other: "DUO:0000044" });
    fails(() => dataUseOf(mixed("NRES", "NPU")), "DuoTermsContradict", { other: "DUO:0000045" });
    fails(() => dataUseRequestOf(mixed("POA", "NPOA")), "DuoTermsContradict", { curie: "DUO:0000011" });
    fails(() => dataUseOf([GENERAL, MONTHS]), "DuoParameterMissing", { curie: MONTHS }, "`months`", MONTHS);
    fails(() => dataUseOf([GENERAL], { months: 1 }), "DuoParameterStray", { curie: MONTHS }, "`months`");
    fails(
      () => dataUseOf(mixed("GRU", "GS"), { region: 1_000 }),
      "DuoRegionOutOfRange",
      { region: 1_000 },
      "1000",
    );
    fails(() => readDataUse(wordOf(["GRU"]) | 2n), "DuoTermUnknown", { curie: "DUO:0000001" });
    fails(() => readDataUse(0n), "DuoPermissionMissing", {});
  });
});

describe("decideDataUse", () => {
  it("says what the published definitions say, whatever the words", () => {
    fc.assert(
      fc.property(pairs, ({ dataset, request }) => {
        const expected = answer(statementOf(dataset), statementOf(request));
        const { decision, permitted, refusedBy, fix } = decideDataUse(dataset, request);
        const refused = decision === "Refused";
        expect(refused ? refusedBy : decision).to.equal(refused ? curieOf(expected as Term) : expected);
        expect(permitted).to.equal(expected === "Permitted");
        expect(fix === undefined).to.equal(permitted);
      }),
      { numRuns: 5_000 },
    );
  });

  it("names the term that refuses and what to state", () => {
    const dataset = dataUseOf(["DUO:0000006", MONTHS], { months: 12 });
    const { decision, refusedBy, fix } = decideDataUse(
      dataset,
      dataUseRequestOf(["DUO:0000006", MONTHS], { months: 13 }),
    );
    expect([decision, refusedBy]).to.deep.equal(["Refused", MONTHS]);
    expect(fix).to.equal(DUO_TERMS[MONTHS].rule);
    expect(decideDataUse(0n, dataset).fix).to.include("DUO:0000042");
  });
});

describe("dataUseTag", () => {
  const disease = (value: string): number => dataUseTag({ salt, parameter: "disease", value });

  it("differs by salt, parameter and value, and is stable", () => {
    const hash = solidityPackedKeccak256(["bytes32", "string"], [salt, `disease\0${cancer}`]);
    expect(disease(cancer)).to.equal(Number.parseInt(hash.slice(2, 10), 16));
    const others = [
      disease(melanoma),
      dataUseTag({ salt: id("another"), parameter: "disease", value: cancer }),
      dataUseTag({ salt, parameter: "researchType", value: cancer }),
      dataUseTag({ salt, parameter: "project", value: cancer }),
    ];
    expect(new Set([disease(cancer), ...others]).size).to.equal(5);
  });

  it("lets a study of melanoma use a dataset for cancer, and not the other way round", () => {
    const study = { salt, parameter: "disease", candidates: [melanoma, cancer] } as const;
    const forCancer = dataUseOf(["DUO:0000007"], { disease: disease(cancer) });
    const tag = readDataUse(forCancer).parameters.disease!;
    expect(matchDataUseTag({ ...study, tag })).to.equal(cancer);
    const request = dataUseRequestOf(["DUO:0000007"], { disease: tag });
    expect(decideDataUse(forCancer, request).permitted).to.equal(true);
    expect(matchDataUseTag({ ...study, candidates: [cancer], tag: disease(melanoma) })).to.equal(undefined);
    expect(matchDataUseTag({ ...study, salt: id("another"), tag })).to.equal(undefined);
  });

  it("refuses what is no salt, parameter or value, and repeats none of it", () => {
    const right = { salt, parameter: "disease", value: cancer } as const;
    const wrong: [string, object][] = [
      ["salt", { ...right, salt: "0x00" }],
      ["salt", { ...right, salt: `0x${"00".repeat(32)}` }],
      ["parameter", { ...right, parameter: "region" as TaggedParameter }],
      ["value", { ...right, value: "lung cancer" }],
      ["value", { ...right, value: 4 as unknown as string }],
      ["value", { ...right, parameter: "users", value: " list" }],
    ];
    for (const [parameter, params] of wrong) {
      fails(() => dataUseTag(params as typeof right), "InputInvalid", { parameter });
      try {
        dataUseTag(params as typeof right);
      } catch (error) {
        expect(JSON.stringify(error)).not.to.include("lung");
      }
    }
    expect(dataUseTag({ salt, parameter: "users", value: "list of 2026" })).to.be.greaterThan(0);
    fails(
      () => matchDataUseTag({ salt, parameter: "disease", tag: 1, candidates: [cancer, "cancer"] }),
      "InputInvalid",
      { parameter: "candidates[1]" },
    );
  });
});
