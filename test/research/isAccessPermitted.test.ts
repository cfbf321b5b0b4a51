import { expect } from "chai";
import fc from "fast-check";

import { as, DAY, mineAt, now, START } from "../core/chain.ts";
import { Member, people } from "../core/world.ts";
import { answer as modelAnswer, NUMBERS, statementOf, TERMS, type Term, wordOf } from "./dataUseModel.ts";
import { parametersOf } from "./dataUsePairs.ts";
import {
  Answer,
  OPEN,
  access,
  accessIdOf,
  answerTo,
  commitment,
  dataset,
  datasetIdOf,
  register,
  request,
  succeed,
  withAccess,
  withDataset,
} from "./support.ts";

const id = datasetIdOf(dataset());
const { stMary, northGeneral, sunPharmacy, healthOffice } = Member;
const RECEIVE = 1 << 30;
const COURT_ORDER = 6;

describe("ResearchRegistry.isAccessPermitted", () => {
  describe("given the access was never permitted", () => {
    it("answers Unknown, also where the terms would permit it or anything differs", async () => {
      const world = await withAccess();
      for (const change of [
        { commitment: commitment("other") },
        { dataset: commitment("other") },
        { member: stMary },
        { terms: OPEN | (1n << 15n) },
      ]) {
        expect(await answerTo(world, access(change))).to.eql([Answer.unknown, 0n]);
      }
    });
  });
  describe("when another member than the one that asked would use it", () => {
    it("answers OfOther", async () => {
      const world = await withAccess();
      for (const member of [stMary, sunPharmacy, 0, 2 ** 32 - 1]) {
        expect(await answerTo(world, access(), member)).to.eql([Answer.ofOther, 0n]);
      }
    });
  });
  describe("given the member that asked is closed", () => {
    it("answers MemberNotReceiving for it, and Permitted for its successor", async () => {
      const world = await withAccess();
      await succeed(world, northGeneral, sunPharmacy);
      expect(await answerTo(world)).to.eql([Answer.memberNotReceiving, 0n]);
      expect(await answerTo(world, access(), sunPharmacy)).to.eql([Answer.permitted, 0n]);
      expect(await answerTo(world, access(), stMary)).to.eql([Answer.ofOther, 0n]);
    });
  });
  describe("given a regulator stopped disclosures to the member", () => {
    it("answers MemberNotReceiving until the suspension ends", async () => {
      const world = await withAccess();
      const until = (await now()) + 5 * DAY;
      const inspector = as(world.registry, people.inspector);
      await inspector.suspendMember(healthOffice, northGeneral, RECEIVE, until, COURT_ORDER);
      expect(await answerTo(world)).to.eql([Answer.memberNotReceiving, 0n]);
      await mineAt(until - 1);
      expect(await answerTo(world)).to.eql([Answer.memberNotReceiving, 0n]);
      await mineAt(until);
      expect(await answerTo(world)).to.eql([Answer.permitted, 0n]);
    });
  });
  describe("given its end came", () => {
    it("answers Ended from that second on", async () => {
      const world = await withDataset(wordOf(["HMB", "TS"], { months: 6 }));
      const asked = access({ terms: wordOf(["HMB", "TS"], { months: 1 }) });
      await request(world, asked);
      const until = Number((await world.research.accessOf(accessIdOf(asked))).until);
      expect(until).to.be.within(START + 28 * DAY, START + 32 * DAY);
      await mineAt(until - 1);
      expect(await answerTo(world, asked)).to.eql([Answer.permitted, 0n]);
      await mineAt(until);
      expect(await answerTo(world, asked)).to.eql([Answer.ended, 0n]);
    });
  });
  describe("given the domain is paused", () => {
    it("answers all the same", async () => {
      const world = await withAccess();
      await as(world.research, people.emergency).pause((await now()) + DAY);
      expect(await answerTo(world)).to.eql([Answer.permitted, 0n]);
    });
  });
  describe("given the dataset was amended", () => {
    it("answers TermsRefuse with the term, by the terms as they stand", async () => {
      const world = await withDataset(wordOf(["GRU"]));
      const asked = access({ terms: wordOf(["HMB", "TS"], { months: 12 }) });
      await request(world, asked);
      const archive = as(world.research, people.stMaryArchive);
      let version = 0;
      for (const [terms, expected] of [
        [wordOf(["GRU", "TS"], { months: 11 }), NUMBERS.TS],
        [wordOf(["DS"], { disease: 5 }), NUMBERS.DS],
        [wordOf(["HMB", "COL"]), NUMBERS.COL],
        [wordOf(["POA"]), NUMBERS.POA],
        [wordOf(["HMB", "TS"], { months: 12 }), undefined],
        [wordOf(["NRES"]), undefined],
      ] as const) {
        await archive.amendDataset(id, stMary, (version += 1), terms, commitment("next"));
        const told = expected === undefined ? [Answer.permitted, 0n] : [Answer.termsRefuse, BigInt(expected)];
        expect(await answerTo(world, asked)).to.eql(told);
      }
    });
  });
  describe("when random terms are registered, amended and asked for", () => {
    it("never permits against a mismatched term, and answers as the reference model does", async () => {
      const world = await withDataset();
      const { research } = world;
      const archive = as(research, people.stMaryArchive);
      const wordFor = (terms: readonly Term[]): bigint =>
        wordOf(terms, {
          ...parametersOf(terms),
          ...(terms.includes("IS") ? { institution: northGeneral } : {}),
        });
      const drawn = (least: number, most: number) =>
        fc.uniqueArray(fc.constantFrom(...TERMS), { minLength: least, maxLength: most });
      // Half of the time a request keeps what the dataset asks, and an amendment adds to it: else nothing would match.
      const words = fc
        .tuple(drawn(1, 4), drawn(1, 4), drawn(0, 1), drawn(1, 4), drawn(0, 2), fc.boolean(), fc.boolean())
        .map(([given, other, more, another, narrower, keeps, adds]): [bigint, bigint, bigint] => [
          wordFor(given),
          wordFor(
            keeps ? [...new Set([...given.map((term) => (term === "NRES" ? "HMB" : term)), ...more])] : other,
          ),
          wordFor(adds ? [...new Set([...given, ...narrower])] : another),
        ]);
      let serial = 0;
      const seen = { refused: 0, permitted: 0, invalid: 0, bitten: 0 };
      await fc.assert(
        fc.asyncProperty(words, async ([given, asked, later]) => {
          const one = dataset({ commitment: commitment(`random ${(serial += 1)}`) });
          const made = access({ dataset: datasetIdOf(one), terms: asked });
          const [first, then] = [given, later].map((word) =>
            modelAnswer(statementOf(word), statementOf(asked)),
          ) as [ReturnType<typeof modelAnswer>, ReturnType<typeof modelAnswer>];
          if (first === "DatasetInvalid") {
            seen.invalid += 1;
            expect(
              await register(world, given, one).then(
                () => "taken",
                () => "refused",
              ),
            ).to.equal("refused");
            return;
          }
          await register(world, given, one);
          const sent = await request(world, made).then(
            () => "Permitted",
            (error: Error) => error.message,
          );
          if (first !== "Permitted") {
            seen.refused += 1;
            const named =
              first === "RequestInvalid" ? "Duo" : `AccessRefused("${made.dataset}", ${NUMBERS[first]})`;
            expect(sent).to.contain(named);
            expect(await answerTo(world, made)).to.eql([Answer.unknown, 0n]);
            return;
          }
          seen.permitted += 1;
          expect(sent).to.equal("Permitted");
          expect(await answerTo(world, made)).to.eql([Answer.permitted, 0n]);
          if (then === "DatasetInvalid") return;
          await archive.amendDataset(made.dataset, stMary, 1, later, commitment("later"));
          if (then !== "Permitted") seen.bitten += 1;
          const told =
            then === "Permitted"
              ? [Answer.permitted, 0n]
              : [Answer.termsRefuse, BigInt(NUMBERS[then as Term])];
          expect(await answerTo(world, made)).to.eql(told);
        }),
        { numRuns: 300, seed: 20_210_223 },
      );
      for (const [what, count] of Object.entries(seen)) expect(count, what).to.be.greaterThan(5);
    });
  });
});
