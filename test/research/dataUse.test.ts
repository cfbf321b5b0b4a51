import { expect } from "chai";
import fc from "fast-check";

import { decideDataUse } from "../../sdk/src/research/index.ts";
import { ethers, isInstrumented } from "../core/chain.ts";
import {
  type Answer,
  FIELD_NAMES,
  type Field,
  MODIFIERS,
  NUMBERS,
  PERMISSIONS,
  PURPOSES,
  TERMS,
  type Term,
  answer,
  curieOf,
  fieldOf,
  ownerOf,
  statementOf,
  wordOf,
} from "./dataUseModel.ts";
import { pairs, parametersOf } from "./dataUsePairs.ts";

/** In the order of the contract's enum. */
const DECISIONS = ["DatasetInvalid", "RequestInvalid", "Refused", "Permitted"] as const;
/** Of one decision, in gas: a cold slot costs 2,100. */
const MOST_GAS = 2_500n;

type Fields = Partial<Record<Field, number>>;
type Word = readonly [terms: readonly Term[], fields?: Fields];

const deploy = () => ethers.deployContract("DataUseHarness");
type Harness = Awaited<ReturnType<typeof deploy>>;

const nameOf = (number: bigint): Term => {
  const name = TERMS.find((term) => BigInt(NUMBERS[term]) === number);
  if (name === undefined) throw new Error(`the contract names ${number}, which is no term`);
  return name;
};

const answerOf = (decision: bigint, term: bigint): Answer => {
  const name = DECISIONS[Number(decision)];
  if (name === undefined) throw new Error(`the contract decides ${decision}`);
  if (name === "Refused") return nameOf(term);
  expect(term, "a term without a refusal").to.equal(0n);
  return name;
};

describe("DataUse", () => {
  let harness: Harness;

  before(async () => {
    harness = await deploy();
  });

  const decideWords = async (dataset: bigint, request: bigint): Promise<Answer> => {
    const [decision, term] = (await harness.getFunction("decide")(dataset, request)) as [bigint, bigint];
    return answerOf(decision, term);
  };

  /** Whether the dataset's terms answer the request like this. */
  const decides = async ([terms, fields]: Word, request: Word, expected: Answer): Promise<void> => {
    const given = await decideWords(wordOf(terms, fields), wordOf(...request));
    expect(given, `${terms.join(" ")} asked for ${request[0].join(" ")}`).to.equal(expected);
  };

  /** A dataset for biomedical research with one modifier, asked for biomedical research with these statements. */
  const decidesModifier = async (term: Term, fields: Fields, stated: Word, expected: Answer): Promise<void> =>
    decides([["HMB", term], fields], [["HMB", ...stated[0]], stated[1] ?? {}], expected);

  /** A modifier without a parameter, that the request states and leaves out. */
  const isAskedFor = async (term: Term): Promise<void> => {
    await decidesModifier(term, {}, [[term]], "Permitted");
    await decidesModifier(term, {}, [[]], term);
    const others = MODIFIERS.filter((each) => each !== term && each !== "CC");
    const rest = others.filter((each) => !(each === "NPUNCU" || each === "NPU" || each === "NCU"));
    await decidesModifier(term, {}, [rest, parametersOf(rest)], term);
  };

  /** A modifier whose parameter must be the same. */
  const isAskedForExactly = async (term: Term, same: number, others: readonly number[]): Promise<void> => {
    const field = fieldOf(term)!;
    await decidesModifier(term, { [field]: same }, [[term], { [field]: same }], "Permitted");
    for (const other of others)
      await decidesModifier(term, { [field]: same }, [[term], { [field]: other }], term);
    await decidesModifier(term, { [field]: same }, [[]], term);
  };

  const isReverted = async (
    role: "Dataset" | "Request",
    word: bigint,
    error: string,
    ...values: unknown[]
  ) => {
    const call = harness.getFunction(`validate${role}`)(word);
    await expect(call, `0x${word.toString(16)}`)
      .to.be.revertedWithCustomError(harness, error)
      .withArgs(...values);
  };

  const isTaken = async (role: "Dataset" | "Request", word: bigint): Promise<void> => {
    await harness.getFunction(`validate${role}`)(word);
  };

  /** Bits that are no term of these, and what the error says of each. */
  const unknownBits = (known: readonly Term[]): bigint[] =>
    [...Array(48).keys()]
      .filter((bit) => !known.some((term) => NUMBERS[term] === bit))
      .map((bit) => 1n << BigInt(bit));

  describe("decide, by the permission", () => {
    describe("given NRES, no restriction", () => {
      it("permits every purpose, clinical care included", async () => {
        for (const purpose of PURPOSES)
          await decides([["NRES"]], [[purpose], parametersOf([purpose])], "Permitted");
        await decides([["NRES"]], [[...PURPOSES], parametersOf(PURPOSES)], "Permitted");
      });
    });
    describe("given GRU, general research use", () => {
      it("permits general, biomedical, disease and ancestry research", async () => {
        for (const purpose of ["GRU", "HMB", "DS", "POA"] as const)
          await decides([["GRU"]], [[purpose], parametersOf([purpose])], "Permitted");
      });
      it("refuses clinical care by CC", async () => {
        await decides([["GRU"]], [["CC"]], "CC");
        await decides([["GRU"]], [["GRU", "CC"]], "CC");
      });
    });
    describe("given HMB, health or medical or biomedical research", () => {
      it("permits biomedical research and that of any disease", async () => {
        await decides([["HMB"]], [["HMB"]], "Permitted");
        for (const disease of [1, 2, 2 ** 32 - 1])
          await decides([["HMB"]], [["DS"], { disease }], "Permitted");
      });
      it("refuses general and ancestry research, alone or beside a purpose that it permits", async () => {
        for (const purpose of ["GRU", "POA"] as const) {
          await decides([["HMB"]], [[purpose]], "HMB");
          await decides([["HMB"]], [["HMB", purpose]], "HMB");
        }
      });
      it("refuses clinical care by CC", async () => {
        await decides([["HMB"]], [["CC"]], "CC");
      });
    });
    describe("given DS, disease specific research", () => {
      const cancer: Word = [["DS"], { disease: 0x8000_0001 }];
      it("permits research on the same disease", async () => {
        await decides(cancer, [["DS"], { disease: 0x8000_0001 }], "Permitted");
      });
      it("refuses another disease, and one whose tag differs in a single bit", async () => {
        for (const disease of [1, 0x8000_0000, 0x8000_0003])
          await decides(cancer, [["DS"], { disease }], "DS");
      });
      it("refuses general, biomedical and ancestry research", async () => {
        for (const purpose of ["GRU", "HMB", "POA"] as const) {
          await decides(cancer, [[purpose]], "DS");
          await decides(cancer, [["DS", purpose], { disease: 0x8000_0001 }], "DS");
        }
      });
    });
    describe("given POA, population origins or ancestry research only", () => {
      it("permits ancestry research", async () => {
        await decides([["POA"]], [["POA"]], "Permitted");
      });
      it("refuses every other purpose", async () => {
        for (const purpose of ["GRU", "HMB", "DS"] as const) {
          await decides([["POA"]], [[purpose], parametersOf([purpose])], "POA");
          await decides([["POA"]], [["POA", purpose], parametersOf([purpose])], "POA");
        }
        await decides([["POA"]], [["CC"]], "CC");
      });
    });
    describe("given CC, clinical care use", () => {
      it("permits clinical care besides the purposes of GRU and HMB", async () => {
        for (const permission of ["GRU", "HMB"] as const) {
          await decides([[permission, "CC"]], [["CC"]], "Permitted");
          await decides([[permission, "CC"]], [["HMB", "CC"]], "Permitted");
        }
      });
      it("permits care for the disease that DS names, and refuses other care by DS", async () => {
        const dataset: Word = [["DS", "CC"], { disease: 5 }];
        await decides(dataset, [["CC"], { disease: 5 }], "Permitted");
        await decides(dataset, [["DS", "CC"], { disease: 5 }], "Permitted");
        await decides(dataset, [["CC"], { disease: 4 }], "DS");
        await decides(dataset, [["CC"]], "DS");
      });
      it("leaves the research purposes as they are", async () => {
        await decides([["HMB", "CC"]], [["GRU"]], "HMB");
        await decides([["HMB", "CC"]], [["HMB"]], "Permitted");
      });
    });
  });

  describe("decide, by what restricts", () => {
    describe("given RS, research specific restrictions", () => {
      it("permits the same type of research, refuses another and none", async () => {
        await isAskedForExactly("RS", 0x8000_0001, [1, 0x8000_0000]);
      });
    });
    describe("given NMDS, no general methods research", () => {
      it("refuses unless no methods are developed", async () => isAskedFor("NMDS"));
    });
    describe("given GSO, genetic studies only", () => {
      it("refuses unless it is a genetic study", async () => isAskedFor("GSO"));
    });
    describe("given NPUNCU, not for profit, non commercial use only", () => {
      it("asks for both, said as one term or as two", async () => {
        await isAskedFor("NPUNCU");
        await decidesModifier("NPUNCU", {}, [["NPU", "NCU"]], "Permitted");
        await decidesModifier("NPUNCU", {}, [["NPU"]], "NPUNCU");
        await decidesModifier("NPUNCU", {}, [["NCU"]], "NPUNCU");
      });
    });
    describe("given NPU, not for profit organisation use only", () => {
      it("asks for NPU or NPUNCU; NCU is not enough", async () => {
        await isAskedFor("NPU");
        await decidesModifier("NPU", {}, [["NPUNCU"]], "Permitted");
        await decidesModifier("NPU", {}, [["NCU"]], "NPU");
      });
    });
    describe("given NCU, non-commercial use only", () => {
      it("asks for NCU or NPUNCU; NPU is not enough", async () => {
        await isAskedFor("NCU");
        await decidesModifier("NCU", {}, [["NPUNCU"]], "Permitted");
        await decidesModifier("NCU", {}, [["NPU"]], "NCU");
      });
    });
    describe("given GS, geographical restriction", () => {
      it("permits the same region, refuses another and none", async () => {
        await isAskedForExactly("GS", 276, [150, 277, 20]);
      });
    });
    describe("given TS, time limit on use", () => {
      it("permits as many months and fewer, refuses one more and none", async () => {
        for (const months of [1, 23, 24])
          await decidesModifier("TS", { months: 24 }, [["TS"], { months }], "Permitted");
        for (const months of [25, 65_535])
          await decidesModifier("TS", { months: 24 }, [["TS"], { months }], "TS");
        await decidesModifier("TS", { months: 24 }, [[]], "TS");
      });
    });
    describe("given US, user specific restriction", () => {
      it("permits the same users, refuses others and none", async () => {
        await isAskedForExactly("US", 0x8000_0001, [1, 0x8000_0000]);
      });
    });
    describe("given PS, project specific restriction", () => {
      it("permits the same project, refuses another and none", async () => {
        await isAskedForExactly("PS", 0x8000_0001, [1, 0x8000_0000]);
      });
    });
    describe("given IS, institution specific restriction", () => {
      it("permits the same institution, refuses another and none", async () => {
        await isAskedForExactly("IS", 7, [6, 0x8000_0007]);
      });
    });
    describe("given NPOA, population origins or ancestry research prohibited", () => {
      it("refuses ancestry research", async () => {
        await decides([["GRU", "NPOA"]], [["POA"]], "NPOA");
        await decides([["GRU", "NPOA"]], [["HMB", "POA"]], "NPOA");
      });
      it("asks general research to state it", async () => {
        await decides([["GRU", "NPOA"]], [["GRU"]], "NPOA");
        await decides([["GRU", "NPOA"]], [["GRU", "NPOA"]], "Permitted");
      });
      it("asks nothing of biomedical research, that of a disease, and care", async () => {
        await decides([["GRU", "NPOA"]], [["HMB"]], "Permitted");
        await decides([["GRU", "NPOA"]], [["DS"], { disease: 1 }], "Permitted");
        await decides([["GRU", "CC", "NPOA"]], [["CC"]], "Permitted");
      });
    });
  });

  describe("decide, by what obliges", () => {
    describe("given PUB, publication required", () => {
      it("refuses unless accepted", async () => isAskedFor("PUB"));
    });
    describe("given COL, collaboration required", () => {
      it("refuses unless accepted", async () => isAskedFor("COL"));
    });
    describe("given IRB, ethics approval required", () => {
      it("refuses unless stated", async () => isAskedFor("IRB"));
    });
    describe("given MOR, publication moratorium", () => {
      it("permits publication on the day and later, refuses the day before and none", async () => {
        for (const publishFrom of [20_000, 20_001, 65_535])
          await decidesModifier("MOR", { publishFrom: 20_000 }, [["MOR"], { publishFrom }], "Permitted");
        for (const publishFrom of [1, 19_999])
          await decidesModifier("MOR", { publishFrom: 20_000 }, [["MOR"], { publishFrom }], "MOR");
        await decidesModifier("MOR", { publishFrom: 20_000 }, [[]], "MOR");
      });
    });
    describe("given RTN, return to database or resource", () => {
      it("refuses unless accepted", async () => isAskedFor("RTN"));
    });
  });

  describe("decide, of several", () => {
    const all = MODIFIERS.filter((term) => term !== "CC");
    it("names the permission first, then CC, then the modifier with the lowest number", async () => {
      const dataset: Word = [["HMB", ...all], parametersOf(all)];
      await decides(dataset, [["GRU", "CC"]], "HMB");
      await decides(dataset, [["HMB", "CC"]], "CC");
      const ordered = [...all].sort((left, right) => NUMBERS[left] - NUMBERS[right]);
      // Each is left out beside every higher one. NPUNCU, NPU and NCU imply each other, and HMB implies NPOA.
      const single = ordered.filter((term) => !["NPUNCU", "NPU", "NCU", "NPOA"].includes(term));
      for (const term of single) {
        const kept = ordered.filter((each) => NUMBERS[each] < NUMBERS[term]);
        await decides(dataset, [["HMB", ...kept], parametersOf(kept)], term);
      }
    });
    it("holds no further statement of a request against it", async () => {
      await decides([["HMB"]], [["HMB", ...all], parametersOf(all)], "Permitted");
    });
    it("permits a request that keeps every modifier at once", async () => {
      const dataset: Word = [["GRU", ...MODIFIERS], parametersOf(MODIFIERS)];
      await decides(dataset, [["GRU", ...all, "CC"], parametersOf(all)], "Permitted");
    });
  });

  describe("decide, of words that say nothing", () => {
    const wrong = [
      ...unknownBits(TERMS).map((bit) => bit | wordOf(["GRU"])),
      0n,
      wordOf(["PUB"]),
      wordOf(["GRU", "TS"]),
      wordOf(["GRU"], { months: 1 }),
      wordOf(["GRU", "GS"], { region: 1_000 }),
    ];
    it("calls a dataset invalid: zero, an unknown or abstract term, a contradiction, a missing or stray parameter", async () => {
      const contradicting = [wordOf(["GRU", "HMB"]), wordOf(["NRES", "PUB"]), wordOf(["POA", "CC"])];
      for (const word of [...wrong, ...contradicting])
        expect(await decideWords(word, wordOf(["GRU"]))).to.equal("DatasetInvalid");
      // The dataset is looked at first.
      expect(await decideWords(0n, 0n)).to.equal("DatasetInvalid");
    });
    it("calls a request invalid: zero, an unknown or abstract term, a contradiction, a missing or stray parameter", async () => {
      for (const word of [...wrong, wordOf(["GRU", "NRES"]), wordOf(["POA", "NPOA"])])
        expect(await decideWords(wordOf(["NRES"]), word)).to.equal("RequestInvalid");
    });
    it("never permits with any bit that has no meaning, in either word", async () => {
      const valid = wordOf(["GRU"]);
      for (let bit = 0; bit < 256; bit++) {
        const flipped = valid | (1n << BigInt(bit));
        const term = TERMS.find((each) => NUMBERS[each] === bit);
        if (bit < 48 && term !== undefined) continue;
        expect(await decideWords(flipped, valid), `bit ${bit}`).to.equal("DatasetInvalid");
        expect(await decideWords(valid, flipped), `bit ${bit}`).to.equal("RequestInvalid");
      }
    });
  });

  describe("validate a dataset", () => {
    it("takes each permission alone and with each modifier that fits it", async () => {
      for (const permission of PERMISSIONS) {
        await isTaken("Dataset", wordOf([permission], parametersOf([permission])));
        for (const modifier of MODIFIERS) {
          const excluded = permission === "POA" && (modifier === "CC" || modifier === "NPOA");
          if (permission === "NRES" || excluded) continue;
          await isTaken("Dataset", wordOf([permission, modifier], parametersOf([permission, modifier])));
        }
      }
    });
    it("reverts on unknown and abstract terms with DuoTermUnknown", async () => {
      const bits = unknownBits(TERMS);
      expect(bits).to.include.members([1n << 1n, 1n << 17n]);
      for (const bit of bits) await isReverted("Dataset", wordOf(["GRU"]) | bit, "DuoTermUnknown", bit);
      await isReverted("Dataset", 3n | wordOf(["GRU"]), "DuoTermUnknown", 3n);
    });
    it("reverts without a permission with DuoPermissionMissing", async () => {
      await isReverted("Dataset", 0n, "DuoPermissionMissing");
      for (const modifier of MODIFIERS)
        await isReverted("Dataset", wordOf([modifier], parametersOf([modifier])), "DuoPermissionMissing");
    });
    it("reverts on two permissions, on NRES with a modifier, and on POA with CC or NPOA with DuoTermsContradict", async () => {
      const contradict = async (first: Term, second: Term): Promise<void> => {
        const [low, high] = [NUMBERS[first], NUMBERS[second]].sort((left, right) => left - right);
        const word = wordOf([first, second], parametersOf([first, second]));
        await isReverted("Dataset", word, "DuoTermsContradict", low, high);
      };
      for (const [index, first] of PERMISSIONS.entries())
        for (const second of PERMISSIONS.slice(index + 1)) await contradict(first, second);
      for (const modifier of MODIFIERS) await contradict("NRES", modifier);
      await contradict("POA", "CC");
      await contradict("POA", "NPOA");
    });
    it("reverts on each term without its parameter with DuoParameterMissing", async () => {
      for (const term of FIELD_NAMES.map(ownerOf)) {
        const terms: Term[] = term === "DS" ? ["DS"] : ["GRU", term];
        await isReverted("Dataset", wordOf(terms), "DuoParameterMissing", NUMBERS[term]);
      }
    });
    it("reverts on each parameter without its term with DuoParameterStray", async () => {
      for (const field of FIELD_NAMES) {
        const owner = NUMBERS[ownerOf(field)];
        await isReverted("Dataset", wordOf(["GRU", "CC"], { [field]: 1 }), "DuoParameterStray", owner);
      }
    });
    it("takes region 999 and reverts on 1000 with DuoRegionOutOfRange", async () => {
      await isTaken("Dataset", wordOf(["GRU", "GS"], { region: 999 }));
      await isReverted("Dataset", wordOf(["GRU", "GS"], { region: 1_000 }), "DuoRegionOutOfRange", 1_000);
    });
  });

  describe("validate a request", () => {
    const statements = MODIFIERS.filter((term) => term !== "CC");
    it("takes each purpose alone and with each modifier", async () => {
      for (const purpose of PURPOSES) {
        await isTaken("Request", wordOf([purpose], parametersOf([purpose])));
        for (const statement of statements) {
          if (purpose === "POA" && statement === "NPOA") continue;
          await isTaken("Request", wordOf([purpose, statement], parametersOf([purpose, statement])));
        }
      }
      await isTaken("Request", wordOf(PURPOSES, parametersOf(PURPOSES)));
    });
    it("reverts on unknown and abstract terms, and on NRES, with DuoTermUnknown", async () => {
      const bits = unknownBits(TERMS.filter((term) => term !== "NRES"));
      expect(bits).to.include.members([1n << 1n, 1n << 4n, 1n << 17n]);
      for (const bit of bits) await isReverted("Request", wordOf(["GRU"]) | bit, "DuoTermUnknown", bit);
    });
    it("reverts without a purpose with DuoPurposeMissing", async () => {
      await isReverted("Request", 0n, "DuoPurposeMissing");
      for (const statement of statements)
        await isReverted("Request", wordOf([statement], parametersOf([statement])), "DuoPurposeMissing");
    });
    it("reverts on ancestry research that is also excluded with DuoTermsContradict", async () => {
      await isReverted("Request", wordOf(["POA", "NPOA"]), "DuoTermsContradict", NUMBERS.POA, NUMBERS.NPOA);
    });
    it("reverts on each term without its parameter with DuoParameterMissing", async () => {
      for (const term of FIELD_NAMES.map(ownerOf))
        await isReverted("Request", wordOf(["GRU", term]), "DuoParameterMissing", NUMBERS[term]);
    });
    it("reverts on each parameter without its term with DuoParameterStray, but for care for a disease", async () => {
      for (const field of FIELD_NAMES) {
        const owner = NUMBERS[ownerOf(field)];
        await isReverted("Request", wordOf(["GRU"], { [field]: 1 }), "DuoParameterStray", owner);
        if (field === "disease") await isTaken("Request", wordOf(["CC"], { [field]: 1 }));
        else await isReverted("Request", wordOf(["CC"], { [field]: 1 }), "DuoParameterStray", owner);
      }
    });
    it("takes region 999 and reverts on 1000 with DuoRegionOutOfRange", async () => {
      await isTaken("Request", wordOf(["GRU", "GS"], { region: 999 }));
      await isReverted("Request", wordOf(["GRU", "GS"], { region: 1_000 }), "DuoRegionOutOfRange", 1_000);
    });
  });

  it("reads terms, months and institution from a word", async () => {
    const fields = { months: 513, institution: 0x8000_0002, publishFrom: 65_535, region: 999 };
    const word = wordOf(["GRU", "TS", "IS", "MOR", "GS"], fields);
    const bits = word & (2n ** 48n - 1n);
    expect([...(await harness.getFunction("termsOfDataset")(word))]).to.eql([bits, 513n]);
    expect([...(await harness.getFunction("termsOfRequest")(word))]).to.eql([bits, 513n, 0x8000_0002n]);
    for (const role of ["dataset", "request"]) {
      const has = harness.getFunction(`${role}Has`);
      for (const term of TERMS)
        expect(await has(word, NUMBERS[term]), term).to.equal((bits >> BigInt(NUMBERS[term])) % 2n === 1n);
      // A parameter's bit is no term.
      for (const number of [48, 64, 80, 255]) expect(await has(word, number), `${number}`).to.equal(false);
    }
  });

  it("decides as the published definitions and the SDK do, whatever the words", async () => {
    const seen = new Map<Answer, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(pairs, { minLength: 100, maxLength: 100 }), async (sample) => {
        const [decisions, terms] = (await harness.getFunction("decideAll")(
          sample.map(({ dataset }) => dataset),
          sample.map(({ request }) => request),
        )) as [bigint[], bigint[]];
        for (const [index, { dataset, request }] of sample.entries()) {
          const expected = answer(statementOf(dataset), statementOf(request));
          const place = `0x${dataset.toString(16)} asked with 0x${request.toString(16)}`;
          expect(answerOf(decisions[index]!, terms[index]!), place).to.equal(expected);
          const { decision, permitted, refusedBy } = decideDataUse(dataset, request);
          const refused = decision === "Refused";
          expect(refused ? refusedBy : decision, place).to.equal(
            refused ? curieOf(expected as Term) : expected,
          );
          expect(permitted).to.equal(expected === "Permitted");
          seen.set(expected, (seen.get(expected) ?? 0) + 1);
        }
      }),
      { numRuns: 60 },
    );
    // Every outcome, each term that can refuse included, was reached.
    const refusing = TERMS.filter((term) => term !== "NRES" && term !== "GRU");
    for (const outcome of [...refusing, "DatasetInvalid", "RequestInvalid", "Permitted"] as const)
      expect(seen.get(outcome) ?? 0, outcome).to.be.greaterThan(0);
  });

  it("costs about as much as one cold slot", async function () {
    if (isInstrumented) this.skip();
    const all = MODIFIERS.filter((term) => term !== "CC");
    const fullest = wordOf(["DS", ...all], { ...parametersOf(all), disease: 9 });
    const gas = (await harness.getFunction("gasOfDecision")(fullest, fullest)) as bigint;
    expect(gas).to.be.lessThan(MOST_GAS);
    const least = (await harness.getFunction("gasOfDecision")(wordOf(["GRU"]), wordOf(["HMB"]))) as bigint;
    expect(least).to.be.lessThan(MOST_GAS);
  });
});
