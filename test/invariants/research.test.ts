import { expect } from "chai";

import { as } from "../core/chain.ts";
import { Member, people } from "../core/world.ts";
import { wordOf } from "../research/dataUseModel.ts";
import {
  KEEPS,
  OPEN,
  Withdrawal,
  access,
  commitment,
  dataset,
  datasetIdOf,
  register,
  request,
  withAccess,
  withdraw,
} from "../research/support.ts";
import { researchDomain } from "./replay/research.ts";

const id = datasetIdOf(dataset());

describe("research, told by its events alone", () => {
  it("tells every dataset, access and bar that the chain stores", async () => {
    const world = await withAccess();
    const { research } = world;
    const archive = as(research, people.stMaryArchive);
    const limited = access({
      terms: wordOf(["HMB", "NCU", "TS"], { months: 7 }),
      commitment: commitment("limited"),
    });
    await request(world, limited);
    await archive.amendDataset(id, Member.stMary, 1, wordOf(["GRU"]), commitment("second"));
    await request(world, access({ commitment: commitment("by the second version") }));
    await withdraw(world, Withdrawal.agreed);
    await withdraw(world, Withdrawal.dataAtRisk, limited);
    expect(await researchDomain.differences(world)).to.eql([]);
    await archive.readmitResearcher(id, Member.stMary, Member.northGeneral);
    await archive.retireDataset(id, Member.stMary);
    const other = dataset({ custodian: Member.northGeneral });
    await register(world, OPEN, other, people.northArchive);
    const own = access({ dataset: datasetIdOf(other), member: Member.stMary, terms: KEEPS });
    await request(world, own, people.stMaryDesk);
    await withdraw(world, Withdrawal.lawOrCourt, own, people.northArchive, Member.northGeneral);
    expect(await researchDomain.differences(world)).to.eql([]);
  });
});
