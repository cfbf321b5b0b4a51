import { expect } from "chai";
import { AbiCoder } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { balances, goingBack } from "./books.ts";
import {
  LOST_AFTER,
  Member,
  NO_STOCK,
  Products,
  Site,
  Transit,
  freshWorld,
  goods,
  line,
  people,
  receive,
  release,
  ship,
  sscc,
  stockOf,
} from "./support.ts";

const { novaVaccines, orbisPharma, depotNorth } = Member;

const load = async () => {
  const world = await freshWorld();
  const made = await release(world, Products.flu, 1_000);
  await at(START + HOUR);
  const sent = await ship(world, goods(made, 100));
  return { world, made, sent, ...world, nova: as(world.lots, people.novaStock) };
};

describe("LotRegistry.declareLost", () => {
  const notBefore = START + HOUR + LOST_AFTER;

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { lots, nova, sent } = await load();
      await as(lots, people.emergency).pause(START + DAY);
      await fails(nova.declareLost(sent), lots, "DomainIsPaused", START + DAY);
    });
  });
  describe("when the caller does not keep the sender's stock", () => {
    it("reverts with DutyNotHeld", async () => {
      const { lots, sent } = await load();
      await at(notBefore);
      for (const who of [people.stranger, people.depotStock, people.novaQuality]) {
        const lost = as(lots, who).declareLost(sent);
        await fails(lost, lots, "DutyNotHeld", novaVaccines, who.key, Duty.HANDLE_STOCK);
      }
    });
    it("reverts with StockSiteNotOpen where the site was closed", async () => {
      const { lots, registry, nova, sent } = await load();
      await as(registry, people.novaAdmin).closeSite(novaVaccines, 1);
      await at(notBefore);
      await fails(nova.declareLost(sent), lots, "StockSiteNotOpen", novaVaccines, 1);
    });
  });
  describe("when it is not what was shipped", () => {
    it("reverts with ConsignmentUnknown", async () => {
      const { lots, nova, made, sent } = await load();
      await at(notBefore);
      for (const other of [
        { ...sent, lines: [line(made, 99, 0, { origin: true })] },
        { ...sent, sscc: sscc(2) },
      ])
        await fails(nova.declareLost(other), lots, "ConsignmentUnknown", novaVaccines, other.sscc);
    });
  });
  describe("when it left less than 30 days ago", () => {
    it("reverts with ConsignmentTooEarly until the last second, also for what was refused", async () => {
      const { world, lots, nova, made, sent } = await load();
      await at(notBefore - 1);
      const early = nova.declareLost(sent);
      await fails(early, lots, "ConsignmentTooEarly", novaVaccines, sent.sscc, notBefore);
      await at(notBefore);
      await nova.declareLost(sent);
      await balances(world, made);
      const tablets = await release(world, Products.tablets, 100);
      await at(START + 40 * DAY);
      const other = await ship(world, goods(tablets, 100));
      await receive(world, other, [{ damaged: 0, missing: 0, refused: 30, indices: [] }]);
      const back = goingBack(other, line(tablets, 30));
      const lost = as(lots, people.orbisStock).declareLost(back);
      const then = START + 70 * DAY;
      await fails(lost, lots, "ConsignmentTooEarly", orbisPharma, other.sscc, then);
      await at(then);
      await as(lots, people.orbisStock).declareLost(back);
      expect(await stockOf(world, tablets.id, orbisPharma, 1)).to.eql({ ...NO_STOCK, lost: 30 });
      await balances(world, tablets);
    });
  });
  describe("given it is over", () => {
    it("reverts with ConsignmentStatusWrong once received, taken back or given up", async () => {
      const { world, lots, nova, sent } = await load();
      await receive(world, sent);
      const args = [novaVaccines, sent.sscc];
      await at(notBefore);
      await fails(nova.declareLost(sent), lots, "ConsignmentStatusWrong", ...args, Transit.received);
      for (const [act, status] of [
        ["takeBack", Transit.takenBack],
        ["declareLost", Transit.lost],
      ] as const) {
        const other = await load();
        await at(notBefore);
        await other.nova[act](sent);
        const again = other.nova.declareLost(sent);
        await fails(again, other.lots, "ConsignmentStatusWrong", ...args, status);
      }
    });
  });
  describe("when all holds", () => {
    it("emits ConsignmentLost, and the units are lost at the sender's place", async () => {
      const { world, lots, nova, made, sent } = await load();
      await at(notBefore);
      const args = [novaVaccines, sent.sscc, people.novaStock.key];
      await emits(nova.declareLost(sent), lots, "ConsignmentLost", ...args);
      expect(await stockOf(world, made.id, novaVaccines, 1)).to.eql({ ...NO_STOCK, lost: 100 });
      expect((await lots.consignmentOf(novaVaccines, sent.sscc)).status).to.equal(Transit.lost);
      await balances(world, made);
    });
  });
});

describe("LotRegistry.consignmentOf", () => {
  it("is empty for an SSCC that this sender did not use", async () => {
    const { lots, sent } = await load();
    for (const [from, key] of [
      [novaVaccines, sscc(2)],
      [depotNorth, sent.sscc],
    ] as const) {
      const transit = await lots.consignmentOf(from, key);
      expect([...transit]).to.eql([Transit.unknown, 0n, 0n, 0n, `0x${"00".repeat(20)}`]);
    }
  });
  it("keeps the second of shipping and the contents when it arrived", async () => {
    const { world, lots, sent } = await load();
    await receive(world, sent);
    const second = BigInt(START + HOUR);
    const contents = await lots.contentsOf(sent);
    const transit = await lots.consignmentOf(novaVaccines, sent.sscc);
    expect([...transit]).to.eql([Transit.received, second, 0n, second, contents]);
  });
  it("has the minutes of silence and a new begin where it was refused", async () => {
    const { world, lots, sent } = await load();
    const refusedAt = START + 3 * HOUR + 1;
    await at(refusedAt);
    await receive(world, sent, [{ damaged: 0, missing: 0, refused: 100, indices: [] }]);
    const { status, shippedAt, minutesOut, reportedUntil } = await lots.consignmentOf(
      novaVaccines,
      sent.sscc,
    );
    expect([status, shippedAt, minutesOut, reportedUntil]).to.eql([
      Transit.refused,
      BigInt(START + HOUR),
      121n,
      BigInt(refusedAt),
    ]);
  });
});

describe("LotRegistry.contentsOf", () => {
  it("is the first 160 bits of the hash of all words", async () => {
    const { lots, made, sent } = await load();
    const lines = [line(made, 5), line(made, 7, 30, { range: 20 })];
    for (const each of [sent, { ...sent, lines }, { ...sent, toSite: Site.depotDry, lines: [] }]) {
      const { from, fromSite, to, toSite, sscc: key, purpose } = each;
      const words = [from, fromSite, to, toSite, key, purpose].concat(
        each.lines.flatMap((of) => [
          of.lot,
          of.units,
          of.firstUnit,
          of.endUnit,
          of.range,
          of.origin ? 1 : 0,
        ]) as never[],
      );
      const packed = AbiCoder.defaultAbiCoder().encode(
        words.map(() => "uint256"),
        words,
      );
      const expected = ethers.dataSlice(ethers.keccak256(packed), 0, 20);
      expect(await lots.contentsOf(each)).to.equal(expected);
    }
  });
});
