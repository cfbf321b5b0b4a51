import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, DAY, HOUR, inOneBlock, plain, START } from "../core/chain.ts";
import { freshConsortium, Member, people } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { NUMBERS, wordOf } from "./dataUseModel.ts";
import {
  KEEPS,
  Withdrawal,
  access,
  accessIdOf,
  answerTo,
  Answer,
  commitment,
  dataset,
  datasetIdOf,
  register,
  request,
  succeed,
  withAccess,
  withDataset,
  withdraw,
} from "./support.ts";

const id = datasetIdOf(dataset());
const { stMary, northGeneral, healthOffice } = Member;
/** Stops disclosures to a member; nobody is appointed to it. */
const RECEIVE = 1 << 30;
const COURT_ORDER = 6;

describe("ResearchRegistry.requestAccess", () => {
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await withDataset();
      await as(world.research, people.emergency).pause(START + DAY);
      await fails(request(world), world.research, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller is no DISCLOSE operator of the asking member", () => {
    it("reverts with DutyNotHeld: nobody asks in another's name", async () => {
      const world = await withDataset();
      for (const who of [people.stranger, people.northSystem, people.northArchive, people.northAdmin]) {
        const sent = request(world, access(), who);
        await fails(sent, world.research, "DutyNotHeld", northGeneral, who.key, Duty.DISCLOSE);
      }
      const sent = request(world, access({ member: stMary }));
      await fails(sent, world.research, "DutyNotHeld", stMary, people.northDesk.key, Duty.DISCLOSE);
    });
  });
  describe("given the asking member is closed", () => {
    it("reverts with DutyNotPermitted", async () => {
      const world = await withDataset();
      await as(world.registry, people.governance).closeMember(northGeneral);
      await fails(request(world), world.research, "DutyNotPermitted", northGeneral, Duty.DISCLOSE);
    });
  });
  describe("given a regulator stopped disclosures to the asking member", () => {
    it("reverts with DutySuspendedForMember until the suspension ends", async () => {
      const world = await withDataset();
      const until = START + 5 * DAY;
      const inspector = as(world.registry, people.inspector);
      await inspector.suspendMember(healthOffice, northGeneral, RECEIVE, until, COURT_ORDER);
      const { research } = world;
      await at(until - 1);
      await fails(request(world), research, "DutySuspendedForMember", northGeneral, RECEIVE, until);
      await at(until);
      await request(world);
    });
    it("does not stop it for another suspended duty", async () => {
      const world = await withDataset();
      const inspector = as(world.registry, people.inspector);
      await inspector.suspendMember(healthOffice, northGeneral, Duty.SUBMIT, START + DAY, COURT_ORDER);
      await request(world);
    });
  });
  describe("when the commitment is zero", () => {
    it("reverts with ResearchCommitmentMissing", async () => {
      const world = await withDataset();
      const sent = request(world, access({ commitment: ZeroHash }));
      await fails(sent, world.research, "ResearchCommitmentMissing");
    });
  });
  describe("given nobody registered the dataset, or it is retired", () => {
    it("reverts with DatasetUnknown or DatasetIsRetired", async () => {
      const world = await withDataset();
      const never = commitment("never");
      await fails(request(world, access({ dataset: never })), world.research, "DatasetUnknown", never);
      await at(START + HOUR);
      await as(world.research, people.stMaryArchive).retireDataset(id, stMary);
      await fails(request(world), world.research, "DatasetIsRetired", id, START + HOUR);
    });
  });
  describe("when the request is none that can be made", () => {
    it("reverts with the fault of the word", async () => {
      const world = await withDataset();
      const broken = (terms: bigint, error: string, ...values: unknown[]) =>
        fails(request(world, access({ terms })), world.research, error, ...values);
      await broken(0n, "DuoPurposeMissing");
      await broken(wordOf(["NRES"]), "DuoTermUnknown", 1n << 4n);
      await broken(wordOf(["POA", "NPOA"]), "DuoTermsContradict", 11, 44);
      await broken(wordOf(["HMB", "NCU", "DS"]), "DuoParameterMissing", 7);
      await broken(wordOf(["HMB", "NCU"], { project: 3 }), "DuoParameterStray", 27);
      await broken(wordOf(["HMB", "NCU", "GS"], { region: 1_001 }), "DuoRegionOutOfRange", 1_001);
    });
  });
  describe("when the dataset's terms do not permit what it states", () => {
    it("reverts with AccessRefused and the term's number in DUO", async () => {
      const world = await freshConsortium();
      const tags = { disease: 0xd15ea5e, users: 7, project: 9, researchType: 11 };
      const cases = [
        [wordOf(["HMB"]), wordOf(["GRU"]), NUMBERS.HMB],
        [wordOf(["HMB"]), wordOf(["HMB", "CC"]), NUMBERS.CC],
        [wordOf(["POA"]), wordOf(["HMB"]), NUMBERS.POA],
        [
          wordOf(["DS"], { disease: tags.disease }),
          wordOf(["DS"], { disease: tags.disease + 1 }),
          NUMBERS.DS,
        ],
        [wordOf(["GRU", "NCU"]), wordOf(["GRU"]), NUMBERS.NCU],
        [wordOf(["GRU", "NPU"]), wordOf(["GRU", "NCU"]), NUMBERS.NPU],
        [wordOf(["GRU", "IRB"]), wordOf(["GRU"]), NUMBERS.IRB],
        [wordOf(["GRU", "TS"], { months: 12 }), wordOf(["GRU", "TS"], { months: 13 }), NUMBERS.TS],
        [
          wordOf(["GRU", "MOR"], { publishFrom: 23_200 }),
          wordOf(["GRU", "MOR"], { publishFrom: 23_199 }),
          NUMBERS.MOR,
        ],
        [wordOf(["GRU", "GS"], { region: 756 }), wordOf(["GRU", "GS"], { region: 276 }), NUMBERS.GS],
        [
          wordOf(["GRU", "US"], { users: tags.users }),
          wordOf(["GRU", "US"], { users: tags.project }),
          NUMBERS.US,
        ],
        [wordOf(["GRU", "PS"], { project: tags.project }), wordOf(["GRU"]), NUMBERS.PS],
        [wordOf(["GRU", "RS"], { researchType: tags.researchType }), wordOf(["GRU"]), NUMBERS.RS],
        [
          wordOf(["GRU", "IS"], { institution: stMary }),
          wordOf(["GRU", "IS"], { institution: northGeneral }),
          NUMBERS.IS,
        ],
      ] as const;
      for (const [given, stated, term] of cases) {
        const one = dataset({ commitment: commitment(`${given} ${stated}`) });
        await register(world, given, one);
        const sent = request(world, access({ dataset: datasetIdOf(one), terms: stated }));
        await fails(sent, world.research, "AccessRefused", datasetIdOf(one), term);
      }
    });
  });
  describe("when it names an institution that the asking member is not", () => {
    it("reverts with AccessInstitutionOfOther, whether the dataset asks for it or not", async () => {
      const world = await freshConsortium();
      const inStMary = { institution: stMary };
      for (const given of [wordOf(["GRU", "IS"], inStMary), wordOf(["NRES"])]) {
        const one = dataset({ commitment: commitment(`${given}`) });
        await register(world, given, one);
        const terms = wordOf(["GRU", "IS"], inStMary);
        const sent = request(world, access({ dataset: datasetIdOf(one), terms }));
        await fails(sent, world.research, "AccessInstitutionOfOther", northGeneral, stMary);
      }
    });
    it("takes the asking member's own, and that of the closed member whose successor it is", async () => {
      const world = await freshConsortium();
      for (const institution of [northGeneral, Member.sunPharmacy]) {
        const terms = wordOf(["GRU", "IS"], { institution });
        const one = dataset({ commitment: commitment(`${institution}`) });
        await register(world, terms, one);
        if (institution !== northGeneral) await succeed(world, institution, northGeneral);
        const asked = access({ dataset: datasetIdOf(one), terms });
        await request(world, asked);
        expect(await answerTo(world, asked)).to.eql([Answer.permitted, 0n]);
      }
    });
  });
  describe("given an access of the member to the dataset was withdrawn", () => {
    it("reverts with AccessBarred, for this member and this dataset alone", async () => {
      const world = await withAccess();
      await withdraw(world, Withdrawal.statementUntrue);
      const again = access({ commitment: commitment("with a fresh salt") });
      await fails(request(world, again), world.research, "AccessBarred", id, northGeneral);
      await request(world, access({ member: stMary }), people.stMaryDesk);
      const other = dataset({ commitment: commitment("other") });
      await register(world, KEEPS, other);
      await request(world, access({ dataset: datasetIdOf(other) }));
    });
    it("permits the next where both agreed to end it", async () => {
      const world = await withAccess();
      await withdraw(world, Withdrawal.agreed);
      await request(world, access({ commitment: commitment("next") }));
    });
  });
  describe("given the access was permitted before", () => {
    it("reverts with AccessAlreadyPermitted, also once it is withdrawn", async () => {
      const world = await withAccess();
      const known = accessIdOf(access());
      await fails(request(world), world.research, "AccessAlreadyPermitted", known);
      await withdraw(world, Withdrawal.agreed);
      await fails(request(world), world.research, "AccessAlreadyPermitted", known);
    });
    it("lets one of two that come in one block through", async () => {
      const world = await withDataset();
      const { registry, research } = world;
      await as(registry, people.northAdmin).appoint(northGeneral, {
        operator: people.drWu.key,
        duties: Duty.DISCLOSE,
        until: START + 10 * DAY,
      });
      const fates = await inOneBlock(
        [research.interface],
        () => request(world),
        () => request(world, access(), people.drWu),
      );
      const again = { ok: false, error: "AccessAlreadyPermitted", args: [accessIdOf(access())] };
      expect(fates).to.eql([{ ok: true }, again]);
    });
  });
  describe("when the terms permit it", () => {
    it("emits AccessPermitted and stands under its struct hash, without an end", async () => {
      const world = await withDataset();
      const { research } = world;
      const made = accessIdOf(access());
      expect(await research.accessId(access())).to.equal(made);
      expect(plain(await research.accessOf(made))).to.eql([0n, 0n, 0n, 0n, 0n]);
      await at(START + HOUR);
      await emits(
        request(world),
        research,
        "AccessPermitted",
        made,
        id,
        northGeneral,
        people.northDesk.key,
        KEEPS,
        commitment("project"),
        1,
        0,
      );
      expect(plain(await research.accessOf(made))).to.eql([BigInt(START + HOUR), 0n, 1n, 0n, 0n]);
      expect(await answerTo(world)).to.eql([Answer.permitted, 0n]);
    });
    it("ends after as many calendar months as it states, fewer than the dataset allows", async () => {
      const world = await withDataset(wordOf(["HMB", "TS"], { months: 24 }));
      // A request of 31 January for thirteen months ends on 28 February of the next year, at the same second.
      const asked = access({ terms: wordOf(["HMB", "TS"], { months: 13 }) });
      const then = Date.UTC(2034, 0, 31, 8, 15, 1) / 1_000;
      const end = Date.UTC(2035, 1, 28, 8, 15, 1) / 1_000;
      await at(then);
      await request(world, asked);
      const made = await world.research.accessOf(accessIdOf(asked));
      expect([made.permittedAt, made.until]).to.eql([BigInt(then), BigInt(end)]);
    });
    it("ends so as well where the dataset sets no limit, even beyond the year 2106", async () => {
      const world = await withDataset();
      const asked = access({ terms: wordOf(["HMB", "NCU", "TS"], { months: 65_535 }) });
      await at(Date.UTC(2034, 1, 1) / 1_000);
      await request(world, asked);
      const { until } = await world.research.accessOf(accessIdOf(asked));
      expect(until).to.equal(BigInt(Date.UTC(2034, 1 + 65_535, 1) / 1_000));
    });
    it("tells which version of the dataset permitted it", async () => {
      const world = await withDataset();
      const { research } = world;
      await as(research, people.stMaryArchive).amendDataset(id, stMary, 1, KEEPS, commitment("second"));
      await request(world);
      expect((await research.accessOf(accessIdOf(access()))).version).to.equal(2n);
    });
  });
});
