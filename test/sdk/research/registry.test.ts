import {
  accessIdOf,
  amendDataset,
  appointOperator,
  commitDocument,
  dataUseOf,
  dataUseRequestOf,
  datasetAllowsSubject,
  datasetIdOf,
  decideDataUse,
  getAccess,
  getDataset,
  isAccessPermitted,
  listAccesses,
  listDatasets,
  readmitResearcher,
  registerDataset,
  requestAccess,
  retireDataset,
  withdrawAccess,
} from "@careledger/sdk";
import { expect } from "chai";
import fc from "fast-check";

import { type Term, TERMS, curieOf, wordOf } from "../../research/dataUseModel.ts";
import { parametersOf } from "../../research/dataUsePairs.ts";
import { failsWith } from "../expect.ts";
import { type World, startWorld } from "../world.ts";

const HMB = "DUO:0000006";
const TS = "DUO:0000025";
const NCU = "DUO:0000046";
const IRB = "DUO:0000021";
const UNKNOWN_ID = `0x${"77".repeat(32)}`;

const commitment = (text: string): string => commitDocument({ text }).commitment;

describe("sdk research registry", () => {
  let world: World;
  let custodian: number;
  let member: number;

  before(async () => {
    world = await startWorld();
    custodian = world.members["stMary"] as number;
    member = world.members["cityHospital"] as number;
    await appointOperator(world.as("cityHospital.admin"), {
      member,
      operator: world.operator("cityDesk"),
      duties: ["DISCLOSE"],
      until: (await world.now()) + 86_400 * 900,
    });
  });
  after(() => world.close());

  const register = async () => {
    const name = { custodian, commitment: commitment("cohort of 2026") };
    const terms = { terms: [HMB, TS, NCU], parameters: { months: 24 } };
    const { dataset } = await registerDataset(world.as("stMaryArchive"), { ...name, ...terms });
    return { dataset, name, ...terms };
  };
  const requestFor = (dataset: string, months = 12) => ({
    dataset,
    member,
    terms: [HMB, TS, NCU],
    parameters: { months },
    commitment: commitment("project"),
  });

  it("registers, asks, amends, withdraws, readmits and retires in CURIEs, and lists how each stands", async () => {
    const archive = world.as("stMaryArchive");
    const desk = world.as("cityDesk");
    const reader = world.as("stranger");
    const { dataset, name } = await register();
    expect(dataset).to.equal(datasetIdOf(name));
    const first = await getDataset(reader, dataset);
    expect(first).to.deep.include({ ...name, dataset, version: 1, retiredAt: 0, terms: [HMB, TS, NCU] });
    expect(first.parameters).to.deep.equal({ months: 24 });

    const request = requestFor(dataset);
    const permitted = await requestAccess(desk, request);
    expect(permitted).to.deep.include({ access: accessIdOf(request), dataset, member, version: 1 });
    expect(permitted).to.deep.include({ terms: [HMB, TS, NCU], parameters: { months: 12 } });
    const end = new Date(Number(permitted.until) * 1_000);
    expect(end.getUTCFullYear()).to.equal(new Date((await world.now()) * 1_000).getUTCFullYear() + 1);
    expect(await isAccessPermitted(reader, { access: request })).to.deep.equal({
      permitted: true,
      answer: "Permitted",
    });
    expect(await isAccessPermitted(reader, { access: request, member: custodian })).to.deep.equal({
      permitted: false,
      answer: "OfOther",
    });

    const later = { terms: [HMB, IRB], commitment: commitment("the same cohort, checked") };
    const amended = await amendDataset(archive, { dataset, member: custodian, version: 1, ...later });
    expect(amended).to.deep.include({ version: 2, terms: [HMB, IRB], parameters: {} });
    expect(amended.before).to.deep.equal({ terms: [HMB, TS, NCU], parameters: { months: 24 } });
    expect(await getDataset(reader, dataset)).to.deep.include({ ...later, version: 2 });
    const refused = await getAccess(reader, permitted.access);
    expect(refused).to.deep.include({ permitted: false, answer: "TermsRefuse", refusedBy: IRB });
    expect(refused).to.deep.include({ ...request, until: permitted.until, reason: "Unspecified" });
    expect(refused.rule).to.include(IRB);

    const withdrawn = await withdrawAccess(archive, { access: refused, custodian, reason: "TermsBroken" });
    expect(withdrawn).to.deep.include({ access: permitted.access, member, reason: "TermsBroken" });
    const again = { ...requestFor(dataset), terms: [HMB, IRB], parameters: {} };
    await failsWith(requestAccess(desk, again), "AccessBarred", { dataset, member });
    await readmitResearcher(archive, { dataset, custodian, member });
    const second = await requestAccess(desk, again);
    expect(second.until).to.equal(0n);
    expect(
      (await listAccesses(reader, { dataset })).map(({ access, answer }) => [access, answer]),
    ).to.deep.equal([
      [permitted.access, "Withdrawn"],
      [second.access, "Permitted"],
    ]);
    expect((await listAccesses(reader, { member })).length).to.equal(2);
    expect(await listAccesses(reader, { member: custodian })).to.deep.equal([]);

    await retireDataset(archive, { dataset, member: custodian });
    expect((await getAccess(reader, second.access)).answer).to.equal("DatasetRetired");
    const [listed] = await listDatasets(reader, { custodian });
    expect(listed).to.deep.equal(await getDataset(reader, dataset));
    expect(listed?.retiredAt).to.be.greaterThan(0);
    expect(await listDatasets(reader, { custodian: member })).to.deep.equal([]);
  });

  it("names the DUO term that refuses, and what it asks", async () => {
    const { dataset } = await register();
    const sent = requestAccess(world.as("cityDesk"), requestFor(dataset, 25));
    const error = await failsWith(sent, "AccessRefused", { dataset, term: 25 });
    expect(`${error.message} ${error.fix}`).to.include(TS);
    const without = { ...requestFor(dataset), terms: [HMB, TS], parameters: { months: 3 } };
    await failsWith(requestAccess(world.as("cityDesk"), without), "AccessRefused", { term: 46 });
  });

  it("says who may not, and what nobody knows", async () => {
    const { dataset } = await register();
    await failsWith(requestAccess(world.as("stranger"), requestFor(dataset)), "DutyNotHeld", { member });
    await failsWith(getDataset(world.as("stranger"), UNKNOWN_ID), "DatasetNotFound");
    await failsWith(getAccess(world.as("stranger"), UNKNOWN_ID), "AccessNotFound");
    const wrong = { custodian, commitment: commitment("x"), terms: ["DUO:0000099"] };
    await failsWith(registerDataset(world.as("stMaryArchive"), wrong), "DuoTermUnknown");
    const unnamed = { access: requestFor(dataset), custodian, reason: "Unspecified" as never };
    await failsWith(withdrawAccess(world.as("stMaryArchive"), unnamed), "InputInvalid");
  });
});

describe("datasetAllowsSubject", () => {
  it("allows what keeps the patient's terms, and names the first that is broken", () => {
    const subject = dataUseOf([HMB, TS, NCU], { months: 24 });
    expect(datasetAllowsSubject(subject, dataUseOf([HMB, TS, NCU, IRB], { months: 12 }))).to.deep.equal({
      allowed: true,
    });
    const brokenBy = (terms: string[], parameters = {}) =>
      datasetAllowsSubject(subject, dataUseOf(terms, parameters)).brokenTerm;
    expect(brokenBy(["DUO:0000042", TS, NCU], { months: 24 })).to.equal(HMB);
    expect(brokenBy([HMB, TS, NCU], { months: 25 })).to.equal(TS);
    expect(brokenBy([HMB, TS], { months: 24 })).to.equal(NCU);
  });

  it("allows exactly where no request passes the dataset's terms and fails the patient's", () => {
    const word = fc.uniqueArray(fc.constantFrom(...TERMS), { minLength: 1, maxLength: 4 });
    const seen = { allowed: 0, refused: 0 };
    fc.assert(
      fc.property(word, word, fc.boolean(), (own, given, adds) => {
        const terms = [...new Set(adds ? [...own, ...given] : given)];
        const [subject, dataset] = [own, terms].map((each) => wordOf(each, parametersOf(each))) as [
          bigint,
          bigint,
        ];
        if ([subject, dataset].some((each) => decideDataUse(each, 1n << 42n).decision === "DatasetInvalid"))
          return;
        // Each purpose, stating no more than the dataset asks.
        const statements = terms.filter((each) => !["NRES", "GRU", "HMB", "DS", "POA", "CC"].includes(each));
        const purposes: readonly (readonly Term[])[] = [["GRU"], ["HMB"], ["DS"], ["POA"], ["CC"]];
        const variants = [statements, ...otherWords(statements)];
        const leak = purposes.some((purpose) =>
          variants.some((variant) => {
            const asked = [...purpose, ...variant];
            // Care for the dataset's own disease names it too.
            const named: readonly Term[] = terms.includes("DS") && asked.includes("CC") ? ["DS"] : [];
            const request = wordOf(asked, parametersOf([...asked, ...named]));
            return decideDataUse(dataset, request).permitted && !decideDataUse(subject, request).permitted;
          }),
        );
        const { allowed, brokenTerm } = datasetAllowsSubject(subject, dataset);
        seen[allowed ? "allowed" : "refused"] += 1;
        expect(allowed, `${own.join()} in ${terms.join()}`).to.equal(!leak);
        if (brokenTerm !== undefined)
          expect([...own, "CC"].map((each) => curieOf(each as Term))).to.include(brokenTerm);
      }),
      { numRuns: 3_000, seed: 42 },
    );
    expect(seen.allowed).to.be.greaterThan(30);
    expect(seen.refused).to.be.greaterThan(100);
    expect(dataUseRequestOf([HMB])).to.equal(64n);
  });
});

/** NPUNCU in other words, and the other words as NPUNCU. */
function otherWords(statements: readonly Term[]): Term[][] {
  const rest = statements.filter((each) => !["NPUNCU", "NPU", "NCU", "NPOA"].includes(each));
  const ancestry: Term[] = statements.includes("NPOA") ? ["NPOA"] : [];
  return [
    [...rest, ...ancestry, "NPU", "NCU"],
    [...rest, ...ancestry, "NPUNCU"],
    [...statements.filter((each) => each !== "NPOA")],
  ];
}
