import { expect } from "chai";

import { HOUR, START, as, at, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Member,
  NOTICE,
  Products,
  Recall,
  SENT,
  Site,
  administer,
  atClinic,
  freshWorld,
  goods,
  line,
  people,
  release,
  ship,
  stockOf,
} from "./support.ts";
import {
  UNKNOWN_LOT,
  refusesClosed,
  refusesEnded,
  refusesOthers,
  refusesPaused,
  type Act,
} from "./refusals.ts";

describe("LotRegistry.endRecall", () => {
  const { novaVaccines, orbisPharma, depotNorth, harbourClinic, drugAgency, healthOffice } = Member;
  const { novaRecall, orbisQuality, agencyRecall } = people;
  const { flu } = Products;
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const made = await release(world, flu, 64);
    await as(lots, novaRecall).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
    const end: Act = async (who) => await as(lots, who).endRecall(made.id, drugAgency);
    return { world, ...world, made, lot: made.id, end, agency: as(lots, agencyRecall) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, end } = await load();
      await refusesPaused(world, end, agencyRecall);
    });
  });
  describe("when the caller has not the recall duty of the regulator", () => {
    it("reverts with DutyNotHeld", async () => {
      const { world, lots, lot, agency, end } = await load();
      const { releaser, agencyQuality, agencyInspector } = people;
      const others = [novaRecall, orbisQuality, releaser, agencyQuality, agencyInspector];
      await refusesOthers(world, drugAgency, Duty.RECALL, end, ...others);
      const other = agency.endRecall(lot, healthOffice);
      await fails(other, lots, "DutyNotHeld", healthOffice, agencyRecall.key, Duty.RECALL);
    });
    it("reverts with DutyAppointmentEnded once the appointment ended", async () => {
      const { world, end } = await load();
      await refusesEnded(world, drugAgency, end, agencyRecall);
    });
    it("reverts with DutyNotPermitted for a member that recalls nothing, or is closed", async () => {
      const { world, lots, lot, agency, end } = await load();
      for (const member of [depotNorth, harbourClinic, 99]) {
        await fails(agency.endRecall(lot, member), lots, "DutyNotPermitted", member, Duty.RECALL);
      }
      await refusesClosed(world, drugAgency, Duty.RECALL, end, agencyRecall);
    });
  });
  describe("when the lot is unknown", () => {
    it("reverts with LotUnknown", async () => {
      const { lots, agency } = await load();
      await fails(agency.endRecall(UNKNOWN_LOT, drugAgency), lots, "LotUnknown", UNKNOWN_LOT);
    });
  });
  describe("when the member is no regulator", () => {
    it("reverts with LotRecallRefused, for its maker too", async () => {
      const { lots, lot } = await load();
      for (const [member, who] of [
        [novaVaccines, novaRecall],
        [orbisPharma, orbisQuality],
      ] as const) {
        await fails(as(lots, who).endRecall(lot, member), lots, "LotRecallRefused", lot, member);
      }
    });
  });
  describe("when the regulator is of the maker's group", () => {
    it("reverts with LotOfOwn", async () => {
      const { lots, lot, registry, end } = await load();
      const governed = as(registry, people.governance);
      await governed.setMemberGroup(drugAgency, 131);
      await fails(end(agencyRecall), lots, "LotOfOwn", lot, drugAgency);
      await governed.setMemberGroup(drugAgency, 132);
      await end(agencyRecall);
    });
  });
  describe("given no recall stands", () => {
    it("reverts with LotNotRecalled", async () => {
      const { world, lots, lot, agency, end } = await load();
      await end(agencyRecall);
      await fails(end(agencyRecall), lots, "LotNotRecalled", lot);
      const other = await release(world, flu, 10, "LOT-2");
      await fails(agency.endRecall(other.id, drugAgency), lots, "LotNotRecalled", other.id);
    });
  });
  describe("when all holds", () => {
    it("emits LotRecallEnded, and changes nothing but the recall", async () => {
      const { lots, lot, end } = await load();
      const before = plain(await lots.lotOf(lot)) as unknown[];
      expect(before[6]).to.not.equal(0n);
      await emits(end(agencyRecall), lots, "LotRecallEnded", lot, drugAgency, agencyRecall.key);
      expect(plain(await lots.lotOf(lot))).to.eql(before.with(6, 0n));
    });
    it("lets move again what no holder quarantined, and nothing else", async () => {
      const { world, lots, lot, made, end, agency } = await load();
      await end(agencyRecall);
      await ship(world, goods(made, 10));
      const other = await atClinic(world, flu, 64, "LOT-2");
      await as(lots, novaRecall).recallLot(other.id, novaVaccines, Recall.classI, NOTICE);
      const site = Site.clinicFridge;
      await as(lots, people.clinicStock).acknowledgeRecall(other.id, harbourClinic, site, 64, SENT);
      await agency.endRecall(other.id, drugAgency);
      const args = [other.id, harbourClinic, site, 64];
      await fails(administer(world, other, 0), lots, "StockInQuarantine", ...args);
      const { onHand, quarantined, held } = await stockOf(world, other.id, harbourClinic, site);
      expect([onHand, quarantined, held]).to.eql([0, 64, true]);
      expect((await lots.lotOf(lot)).originUnits).to.equal(54n);
    });
    it("lets the lot be recalled again", async () => {
      const { world, lots, lot, made, end, agency } = await load();
      await end(agencyRecall);
      await at(START + HOUR);
      await agency.recallLot(lot, drugAgency, Recall.classII, NOTICE);
      const sent = ship(world, goods(made, 10, { lines: [line(made, 10, 0, { origin: true })] }));
      await fails(sent, lots, "LotIsRecalled", lot, START + HOUR);
    });
  });
});
