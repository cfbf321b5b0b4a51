import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, HOUR, START, as, at, inOneBlock, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import {
  CERTIFICATE,
  EPHEMERAL,
  Member,
  NOTICE,
  Products,
  Recall,
  SENT,
  Site,
  administer,
  atClinic,
  dose,
  freshWorld,
  goods,
  line,
  move,
  people,
  proofOf,
  register,
  release,
  sessionDose,
  ship,
  sscc,
  stockOf,
} from "./support.ts";
import { UNKNOWN_LOT, refusesClosed, refusesOthers, refusesSuspended, type Act } from "./refusals.ts";

describe("LotRegistry.recallLot", () => {
  const { novaVaccines, orbisPharma, depotNorth, harbourClinic, drugAgency, healthOffice } = Member;
  const { novaRecall, novaStock, orbisQuality, agencyRecall, releaser, depotStock, clinicStock, nora } =
    people;
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const made = await release(world, Products.flu, 256);
    const recall: Act = async (who) =>
      await as(lots, who).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
    return { world, ...world, made, lot: made.id, recall, nova: as(lots, novaRecall) };
  };

  describe("when the caller has not the recall duty of the member", () => {
    it("reverts with DutyNotHeld, for the maker's other people too", async () => {
      const { world, lots, lot, recall } = await load();
      const { novaQuality, novaAdmin } = people;
      const others = [novaStock, novaQuality, novaAdmin, orbisQuality, agencyRecall, depotStock];
      await refusesOthers(world, novaVaccines, Duty.RECALL, recall, ...others);
      for (const who of [releaser, people.agencyQuality, novaRecall]) {
        const sent = as(lots, who).recallLot(lot, drugAgency, Recall.classI, NOTICE);
        await fails(sent, lots, "DutyNotHeld", drugAgency, who.key, Duty.RECALL);
      }
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { world, recall } = await load();
      await refusesSuspended(world, novaVaccines, Duty.RECALL, recall, novaRecall);
    });
    it("reverts with DutyNotPermitted for a member that recalls nothing, or is closed", async () => {
      const { world, lots, lot, recall } = await load();
      for (const [member, who] of [
        [depotNorth, people.depotQuality],
        [harbourClinic, people.clinicQuality],
        [99, novaRecall],
      ] as const) {
        const sent = as(lots, who).recallLot(lot, member, Recall.classI, NOTICE);
        await fails(sent, lots, "DutyNotPermitted", member, Duty.RECALL);
      }
      await refusesClosed(world, novaVaccines, Duty.RECALL, recall, novaRecall);
    });
  });
  describe("when the lot is unknown", () => {
    it("reverts with LotUnknown", async () => {
      const { lots, nova } = await load();
      const sent = nova.recallLot(UNKNOWN_LOT, novaVaccines, Recall.classI, NOTICE);
      await fails(sent, lots, "LotUnknown", UNKNOWN_LOT);
    });
  });
  describe("when the member is neither its maker nor a regulator", () => {
    it("reverts with LotRecallRefused", async () => {
      const { lots, lot } = await load();
      const sent = as(lots, orbisQuality).recallLot(lot, orbisPharma, Recall.classI, NOTICE);
      await fails(sent, lots, "LotRecallRefused", lot, orbisPharma);
    });
  });
  describe("given the lot is recalled", () => {
    it("reverts with LotIsRecalled, for a regulator too", async () => {
      const { lots, lot, recall } = await load();
      await at(START + HOUR);
      await recall(novaRecall);
      await fails(recall(novaRecall), lots, "LotIsRecalled", lot, START + HOUR);
      const agency = as(lots, agencyRecall).recallLot(lot, drugAgency, Recall.classII, NOTICE);
      await fails(agency, lots, "LotIsRecalled", lot, START + HOUR);
    });
  });
  describe("when the class or the notice is missing", () => {
    it("reverts with LotRecallUnnamed, and stops nothing", async () => {
      const { world, lots, lot, made, nova } = await load();
      for (const [rank, notice] of [
        [Recall.unspecified, NOTICE],
        [Recall.classI, ZeroHash],
        [Recall.unspecified, ZeroHash],
      ] as const) {
        await fails(nova.recallLot(lot, novaVaccines, rank, notice), lots, "LotRecallUnnamed", lot);
      }
      expect((await lots.lotOf(lot)).recalledAt).to.equal(0n);
      await ship(world, goods(made, 10));
    });
  });
  describe("given the domain is paused", () => {
    it("recalls all the same", async () => {
      const { lots, lot, recall } = await load();
      await as(lots, people.emergency).pause(START + DAY);
      await at(START + HOUR);
      await recall(novaRecall);
      expect((await lots.lotOf(lot)).recalledAt).to.equal(BigInt(START + HOUR));
    });
  });
  describe("when all holds", () => {
    it("emits LotRecalled for its maker, of each class and in each status", async () => {
      const { world, lots, lot, nova } = await load();
      const fresh = await register(world, Products.polio, 10);
      const refused = await register(world, Products.plain, 10);
      await as(lots, releaser).refuseLot(refused.id, drugAgency, CERTIFICATE);
      let second = START + HOUR;
      for (const [id, rank] of [
        [lot, Recall.classI],
        [fresh.id, Recall.classII],
        [refused.id, Recall.classIII],
      ] as const) {
        const before = plain(await lots.lotOf(id)) as unknown[];
        await at(second);
        const sent = nova.recallLot(id, novaVaccines, rank, NOTICE);
        await emits(sent, lots, "LotRecalled", id, novaVaccines, rank, novaRecall.key, NOTICE);
        // Nothing but the second of the recall, the seventh field, is another.
        expect(plain(await lots.lotOf(id))).to.eql(before.with(6, BigInt(second)));
        second += HOUR;
      }
    });
    it("emits LotRecalled for a regulator, of the maker's group too", async () => {
      const { lots, lot, registry } = await load();
      await as(registry, people.governance).setMemberGroup(drugAgency, 131);
      const sent = as(lots, agencyRecall).recallLot(lot, drugAgency, Recall.classII, NOTICE);
      const args = [lot, drugAgency, Recall.classII, agencyRecall.key, NOTICE];
      await emits(sent, lots, "LotRecalled", ...args);
    });
    it("takes it from the maker's successor", async () => {
      const { lots, lot, registry } = await load();
      const governed = as(registry, people.governance);
      await governed.closeMember(novaVaccines);
      await governed.nameSuccessor(novaVaccines, orbisPharma);
      const sent = as(lots, orbisQuality).recallLot(lot, orbisPharma, Recall.classI, NOTICE);
      await emits(sent, lots, "LotRecalled", lot, orbisPharma, Recall.classI, orbisQuality.key, NOTICE);
    });
    it("stops movement, receipt and use in the same block", async () => {
      const { world, lots, lot, made } = await load();
      const toClinic = { to: harbourClinic, toSite: Site.clinicFridge };
      await move(world, made, 128, toClinic);
      const underWay = await ship(world, goods(made, 64, { lines: [line(made, 64, 128, { origin: true })] }));
      const second = START + DAY;
      await at(second);
      const back = goods(made, 0, {
        from: harbourClinic,
        fromSite: Site.clinicFridge,
        sscc: sscc(2),
        lines: [line(made, 8, 0)],
      });
      const next = goods(made, 0, { sscc: sscc(3), lines: [line(made, 64, 192, { origin: true })] });
      const fates = await inOneBlock(
        [lots.interface],
        async () => await as(lots, novaRecall).recallLot(lot, novaVaccines, Recall.classI, NOTICE),
        async () => await as(lots, novaStock).ship(next),
        async () => await as(lots, clinicStock).ship(back),
        async () => await as(lots, depotStock).receiveConsignment(underWay, false),
        async () => await as(lots, nora).administer(dose(made, 0), EPHEMERAL, proofOf(made, 0), SENT),
      );
      const stopped = { ok: false, error: "LotIsRecalled", args: [lot, BigInt(second)] };
      expect(fates).to.eql([{ ok: true }, stopped, stopped, stopped, stopped]);
      const session = { lot, member: harbourClinic, site: 1, firstUnit: 0, range: 0, administeredAt: 0 };
      const doses = [sessionDose(made, 0)];
      const sent = as(lots, nora).administerSession(session, doses, made.tree.proof(0), SENT);
      await fails(sent, lots, "LotIsRecalled", lot, second);
      const clinic = await stockOf(world, lot, harbourClinic, 1);
      expect([clinic.onHand, clinic.used]).to.eql([128, 0]);
      await as(lots, depotStock).receiveConsignment(underWay, true);
      const depot = await stockOf(world, lot, depotNorth, Site.depotCold);
      expect([depot.onHand, depot.quarantined]).to.eql([0, 64]);
    });
    it("stops nothing that the same block did before", async () => {
      const { world, lots, lot, made } = await load();
      await move(world, made, 64, { to: harbourClinic, toSite: Site.clinicFridge });
      await at(START + DAY);
      const fates = await inOneBlock(
        [lots.interface],
        async () => await as(lots, nora).administer(dose(made, 0), EPHEMERAL, proofOf(made, 0), SENT),
        async () => await as(lots, novaRecall).recallLot(lot, novaVaccines, Recall.classI, NOTICE),
        async () => await as(lots, agencyRecall).recallLot(lot, drugAgency, Recall.classI, NOTICE),
      );
      const known = { ok: false, error: "LotIsRecalled", args: [lot, BigInt(START + DAY)] };
      expect(fates).to.eql([{ ok: true }, { ok: true }, known]);
      expect((await stockOf(world, lot, harbourClinic, 1)).used).to.equal(1);
    });
    it("leaves other lots of the product alone", async () => {
      const { world, lots, recall } = await load();
      const other = await atClinic(world, Products.flu, 64, "LOT-2");
      await recall(novaRecall);
      await administer(world, other, 0);
      expect((await lots.lotOf(other.id)).recalledAt).to.equal(0n);
      const held = as(lots, people.inspector).recallLot(other.id, healthOffice, Recall.classI, NOTICE);
      await fails(held, lots, "DutyNotHeld", healthOffice, people.inspector.key, Duty.RECALL);
    });
  });
});
