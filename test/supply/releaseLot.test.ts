import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, plain } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import {
  CERTIFICATE,
  LotStatus,
  Member,
  NOTICE,
  Products,
  Recall,
  freshWorld,
  goods,
  people,
  register,
  ship,
  sscc,
} from "./support.ts";
import {
  UNKNOWN_LOT,
  refusesClosed,
  refusesEnded,
  refusesOthers,
  refusesPaused,
  type Act,
} from "./refusals.ts";

describe("LotRegistry.releaseLot", () => {
  const { novaVaccines, depotNorth, drugAgency, healthOffice } = Member;
  const { novaQuality, releaser } = people;
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const made = await register(world, Products.flu, 64);
    const decide: Act = async (who) => await as(lots, who).releaseLot(made.id, drugAgency, CERTIFICATE);
    return { world, ...world, made, lot: made.id, decide, agency: as(lots, releaser) };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused, and takes it afterwards", async () => {
      const { world, decide } = await load();
      await refusesPaused(world, decide, releaser);
    });
  });
  describe("when the caller has not the release duty of the regulator", () => {
    it("reverts with DutyNotHeld, for the maker's people too", async () => {
      const { world, lots, lot, agency, decide } = await load();
      const { novaStock, agencyQuality, agencyRecall, agencyInspector } = people;
      const others = [novaQuality, novaStock, agencyQuality, agencyRecall, agencyInspector];
      await refusesOthers(world, drugAgency, Duty.RELEASE_LOT, decide, ...others);
      const other = agency.releaseLot(lot, healthOffice, CERTIFICATE);
      await fails(other, lots, "DutyNotHeld", healthOffice, releaser.key, Duty.RELEASE_LOT);
    });
    it("reverts with DutyAppointmentEnded once the appointment ended", async () => {
      const { world, decide } = await load();
      await refusesEnded(world, drugAgency, decide, releaser);
    });
    it("reverts with DutyNotPermitted for a member that is no regulator, or closed", async () => {
      const { world, lots, lot, decide } = await load();
      for (const member of [novaVaccines, depotNorth, 99]) {
        const sent = as(lots, novaQuality).releaseLot(lot, member, CERTIFICATE);
        await fails(sent, lots, "DutyNotPermitted", member, Duty.RELEASE_LOT);
      }
      await refusesClosed(world, drugAgency, Duty.RELEASE_LOT, decide, releaser);
    });
  });
  describe("when the lot is unknown", () => {
    it("reverts with LotUnknown", async () => {
      const { lots, agency } = await load();
      const sent = agency.releaseLot(UNKNOWN_LOT, drugAgency, CERTIFICATE);
      await fails(sent, lots, "LotUnknown", UNKNOWN_LOT);
    });
  });
  describe("when the regulator is of the maker's group", () => {
    it("reverts with LotOfOwn", async () => {
      const { lots, lot, registry, decide } = await load();
      const governed = as(registry, people.governance);
      await governed.setMemberGroup(drugAgency, 131);
      await fails(decide(releaser), lots, "LotOfOwn", lot, drugAgency);
      await governed.setMemberGroup(drugAgency, 132);
      await decide(releaser);
    });
  });
  describe("given the lot was decided", () => {
    it("reverts with LotStatusWrong and how it stands", async () => {
      const { world, lots, lot, agency, decide } = await load();
      await decide(releaser);
      await fails(decide(releaser), lots, "LotStatusWrong", lot, LotStatus.released);
      const other = await register(world, Products.tablets, 10);
      await agency.refuseLot(other.id, drugAgency, CERTIFICATE);
      const late = agency.releaseLot(other.id, drugAgency, CERTIFICATE);
      await fails(late, lots, "LotStatusWrong", other.id, LotStatus.refused);
    });
  });
  describe("when the certificate is missing", () => {
    it("reverts with LotCertificateMissing", async () => {
      const { lots, lot, agency } = await load();
      const sent = agency.releaseLot(lot, drugAgency, ZeroHash);
      await fails(sent, lots, "LotCertificateMissing", lot);
      expect((await lots.lotOf(lot)).status).to.equal(LotStatus.registered);
    });
  });
  describe("when all holds", () => {
    it("emits LotReleased, and changes nothing but the status", async () => {
      const { lots, lot, decide } = await load();
      const [, ...rest] = plain(await lots.lotOf(lot)) as unknown[];
      await emits(decide(releaser), lots, "LotReleased", lot, drugAgency, releaser.key, CERTIFICATE);
      expect(plain(await lots.lotOf(lot))).to.eql([LotStatus.released, ...rest]);
    });
    it("lets the lot move, which it did not before, and no recalled one", async () => {
      const { world, lots, lot, made, decide } = await load();
      const early = ship(world, goods(made, 10));
      await fails(early, lots, "LotStatusWrong", lot, LotStatus.registered);
      await decide(releaser);
      await ship(world, goods(made, 10));
      const other = await register(world, Products.polio, 10);
      await as(lots, people.novaRecall).recallLot(other.id, novaVaccines, Recall.classII, NOTICE);
      await as(lots, releaser).releaseLot(other.id, drugAgency, CERTIFICATE);
      const { recalledAt } = await lots.lotOf(other.id);
      await fails(
        ship(world, goods(other, 10, { sscc: sscc(2) })),
        lots,
        "LotIsRecalled",
        other.id,
        recalledAt,
      );
    });
  });
});
