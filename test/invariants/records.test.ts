import { expect } from "chai";
import { ethers } from "ethers";

import { as } from "../core/chain.ts";
import { Member, people } from "../core/world.ts";
import {
  ALONE,
  Decline,
  EPHEMERAL,
  Repeat,
  Retraction,
  anchor,
  anchorBatch,
  entry,
  five,
  freshWorld,
  holderOf,
  propose,
  referral,
} from "../records/support.ts";
import { recordDomain } from "./replay/records.ts";
import { standardsDomain } from "./replay/standards.ts";

const { stMary, northGeneral } = Member;
const other = (number: number) =>
  entry({ holder: holderOf(number), commitment: ethers.id(`another report ${number}`) });

describe("records and governed lists, told by their events alone", () => {
  it("I-12: tells every record, batch, repeat, referral and the copied lists", async () => {
    const world = await freshWorld();
    const { records } = world;
    const archive = as(records, people.stMaryArchive);
    await anchor(world);
    for (const number of [11, 12]) await anchor(world, other(number));
    const { origins } = await anchorBatch(world, five);
    await archive.supersede(other(11), ALONE, other(13), EPHEMERAL);
    await archive.supersede(five[0]!, origins[0]!, other(14), EPHEMERAL);
    await archive.retract(other(12), ALONE, stMary, Retraction.wrongContent);
    await archive.retract(five[1]!, origins[1]!, stMary, Retraction.wrongContent);
    await as(records, people.drWu).repeatOrder(entry(), ALONE, northGeneral, Repeat.clinicalChange);
    const terms = ["accepted", "completed", "declined", "withdrawn", "open"].map((name) =>
      referral({ commitment: ethers.id(name) }),
    );
    for (const each of terms) await propose(world, each);
    const asked = as(records, people.drWu);
    for (const each of terms.slice(0, 2)) await asked.acceptReferral(each, northGeneral);
    await asked.completeReferral(terms[1]!, northGeneral, ethers.id("outcome"));
    await asked.declineReferral(terms[2]!, northGeneral, Decline.noCapacity);
    await as(records, people.drLi).withdrawReferral(terms[3]!, stMary);
    expect(await recordDomain.differences(world)).to.eql([]);
  });

  it("I-12: tells categories and code systems, retired ones too, and when they were copied", async () => {
    const world = await freshWorld();
    const { records, standards } = world;
    const governed = as(standards, people.governance);
    await governed.retireCategory(1);
    await governed.retireCodeSystem(2);
    expect(await standardsDomain.differences(world)).to.eql([]);
    expect(await recordDomain.differences(world), "not copied yet").to.eql([]);
    await as(records, people.anyRelay).refreshStandards();
    await governed.retireCodeSystem(3);
    expect(await standardsDomain.differences(world)).to.eql([]);
    expect(await recordDomain.differences(world), "copied before the last").to.eql([]);
  });

  it("I-12: what no event told is seen", async () => {
    const world = await freshWorld();
    await anchor(world);
    const address = await world.records.getAddress();
    const slot = ethers.toBeHex(BigInt(ethers.id("eip1967.proxy.implementation")) - 1n, 32);
    const word = BigInt(await people.anyRelay.wallet.provider!.getStorage(address, slot));
    const wrong = ethers.toBeHex(word ^ (1n << 192n), 32);
    await (
      people.anyRelay.wallet.provider as unknown as { send(m: string, p: unknown[]): Promise<void> }
    ).send("hardhat_setStorageAt", [address, slot, wrong]);
    const seen = await recordDomain.differences(world);
    expect(seen.map((one) => one.split(":").slice(0, 2).join(":"))).to.eql(["RecordRegistry: ERC-1967 word"]);
  });
});
