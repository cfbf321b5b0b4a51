import { expect } from "chai";
import { ZeroHash, type TypedDataDomain } from "ethers";

import { as, at, ethers, now, START, DAY, HOUR, MINUTE, type Actor } from "../core/chain.ts";
import { fails, emits } from "../core/expect.ts";
import { Duty } from "../core/words.ts";
import { balances } from "./books.ts";
import { bind, measure } from "./cold.ts";
import { UNKNOWN_LOT, refusesOthers, refusesPaused } from "./refusals.ts";
import {
  FOREIGN_DOMAINS,
  Member,
  NOTICE,
  NO_STOCK,
  Products,
  Reason,
  Recall,
  SENT,
  Site,
  Storage,
  freshWorld,
  goods,
  line,
  move,
  people,
  receive,
  release,
  ship,
  sign,
  sscc,
  stockOf,
  type Signed,
} from "./support.ts";

describe("LotRegistry.releaseQuarantine", () => {
  const { orbisPharma, depotNorth, harbourClinic, drugAgency } = Member;
  const KEEPERS = Duty.HANDLE_STOCK | Duty.QUALITY;
  const there = [depotNorth, Site.depotCold] as const;
  const deadline = START + DAY;
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const made = await release(world, Products.flu, 1_000);
    const counted = await release(world, Products.tablets, 1_000);
    await move(world, made, 100);
    await move(world, counted, 100);
    const depot = as(lots, people.depotStock);
    await depot.quarantine(made.id, ...there, 100, Reason.other);
    await depot.quarantine(counted.id, ...there, 60, Reason.other);
    const agency = as(lots, people.agencyQuality);
    const word = (units: number, changes: Record<string, unknown> = {}) => ({
      lot: counted.id,
      member: depotNorth,
      site: Site.depotCold,
      releaser: harbourClinic,
      units,
      minutesOut: 0,
      releases: 0,
      ...changes,
    });
    const signed = async (
      units: number,
      changes: Record<string, unknown> = {},
      by: Actor = people.clinicQuality,
      domain: TypedDataDomain = {},
    ): Promise<Signed> => await sign(world, by, "QuarantineRelease", word(units, changes), deadline, domain);
    const act = async (units: number, attestation: Signed, releaser: number = harbourClinic) =>
      await depot.releaseQuarantine(counted.id, ...there, releaser, units, 0, attestation);
    return { world, made, counted, ...world, depot, agency, signed, act };
  };

  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { world, lots, counted } = await load();
      const act = async (who: Actor) =>
        await as(lots, who).releaseQuarantine(counted.id, ...there, drugAgency, 10, 0, SENT);
      await refusesPaused(world, act, people.agencyQuality);
    });
  });
  describe("when the lot is unknown", () => {
    it("reverts with LotUnknown", async () => {
      const { lots, agency } = await load();
      const sent = agency.releaseQuarantine(UNKNOWN_LOT, ...there, drugAgency, 10, 0, SENT);
      await fails(sent, lots, "LotUnknown", UNKNOWN_LOT);
    });
  });
  describe("when nobody signed", () => {
    it("reverts with DutyNotHeld unless the regulator's quality sends it", async () => {
      const { world, lots, counted } = await load();
      const act = async (who: Actor) =>
        await as(lots, who).releaseQuarantine(counted.id, ...there, drugAgency, 10, 0, SENT);
      const others = [people.releaser, people.agencyInspector, people.depotQuality, people.agencyAdmin];
      await refusesOthers(world, drugAgency, Duty.QUALITY, act, ...others);
    });
    it("reverts with QuarantineRegulatorOnly for the quality of any other member", async () => {
      const { lots, counted } = await load();
      for (const [who, releaser] of [
        [people.clinicQuality, harbourClinic],
        [people.orbisQuality, orbisPharma],
      ] as const) {
        const sent = as(lots, who).releaseQuarantine(counted.id, ...there, releaser, 10, 0, SENT);
        await fails(sent, lots, "QuarantineRegulatorOnly", counted.id, releaser);
      }
    });
  });
  describe("when the releaser is of the holder's group", () => {
    it("reverts with QuarantineOfOwn, signed or not", async () => {
      const { lots, counted, act, signed } = await load();
      const own = { releaser: depotNorth };
      const args = [counted.id, depotNorth, depotNorth];
      const sent = act(10, await signed(10, own, people.depotQuality), depotNorth);
      await fails(sent, lots, "QuarantineOfOwn", ...args);
      const alone = as(lots, people.depotQuality);
      const unsigned = alone.releaseQuarantine(counted.id, ...there, depotNorth, 10, 0, SENT);
      await fails(unsigned, lots, "QuarantineOfOwn", ...args);
    });
    it("reverts with QuarantineOfOwn for another member that came under the same control", async () => {
      const { lots, registry, counted, act, signed } = await load();
      await as(registry, people.governance).setMemberGroup(harbourClinic, 141);
      const sent = act(10, await signed(10));
      await fails(sent, lots, "QuarantineOfOwn", counted.id, depotNorth, harbourClinic);
    });
  });
  describe("when another group's quality signed", () => {
    it("reverts with DutyNotHeld unless a keeper of the stock sends it", async () => {
      const { world, lots, counted, signed } = await load();
      const attestation = await signed(10);
      const act = async (who: Actor) =>
        await as(lots, who).releaseQuarantine(counted.id, ...there, harbourClinic, 10, 0, attestation);
      const others = [people.clinicQuality, people.clinicStock, people.depotSystem, people.agencyQuality];
      await refusesOthers(world, depotNorth, KEEPERS, act, ...others);
      await act(people.depotQuality);
    });
    it("reverts with DutyNotHeld when who signed is no quality operator of the releaser", async () => {
      const { lots, act, signed } = await load();
      for (const by of [people.clinicStock, people.orbisQuality, people.depotQuality, people.stranger]) {
        const sent = act(10, await signed(10, {}, by));
        await fails(sent, lots, "DutyNotHeld", harbourClinic, by.key, Duty.QUALITY);
      }
    });
    it("reverts with DutyNotHeld when something else was signed", async () => {
      const { lots, made, act, signed } = await load();
      for (const change of [
        { lot: made.id },
        { member: harbourClinic },
        { site: Site.depotDry },
        { releaser: orbisPharma },
        { units: 11 },
        { minutesOut: 1 },
        { releases: 1 },
      ]) {
        const sent = act(10, await signed(10, change));
        await expect(sent, Object.keys(change)[0]).to.be.revertedWithCustomError(lots, "DutyNotHeld");
      }
      const later = { ...(await signed(10)), deadline: deadline + 1 };
      await expect(act(10, later)).to.be.revertedWithCustomError(lots, "DutyNotHeld");
    });
    it("reverts with DutyNotHeld when it was signed under another domain", async () => {
      const { lots, act, signed } = await load();
      for (const domain of FOREIGN_DOMAINS) {
        const sent = act(10, await signed(10, {}, people.clinicQuality, domain));
        await expect(sent).to.be.revertedWithCustomError(lots, "DutyNotHeld");
      }
      await act(10, await signed(10));
    });
    it("reverts with DutyNotHeld when it comes a second time, until it is signed anew", async () => {
      const { world, lots, counted, act, signed } = await load();
      const attestation = await signed(10);
      await act(10, attestation);
      await expect(act(10, attestation)).to.be.revertedWithCustomError(lots, "DutyNotHeld");
      await act(10, await signed(10, { releases: 1 }));
      const stock = { ...NO_STOCK, onHand: 60, quarantined: 40, releases: 2 };
      expect(await stockOf(world, counted.id, ...there)).to.eql(stock);
    });
    it("reverts with SignatureExpired, SignatureDeadlineTooFar and SignatureMalformed", async () => {
      const { world, lots, counted, act, signed } = await load();
      const bad = { r: ethers.toBeHex(ethers.MaxUint256, 32), vs: ZeroHash, deadline };
      await fails(act(10, bad), lots, "SignatureMalformed");
      const second = START + HOUR;
      const message = {
        lot: counted.id,
        member: depotNorth,
        site: Site.depotCold,
        releaser: harbourClinic,
        units: 10,
        minutesOut: 0,
        releases: 0,
      };
      const far = second + 3 * DAY + 1;
      const long = await sign(world, people.clinicQuality, "QuarantineRelease", message, far);
      await at(second);
      await fails(act(10, long), lots, "SignatureDeadlineTooFar", far, far - 1);
      const attestation = await signed(10);
      await at(deadline);
      await act(10, attestation);
      await at(deadline + 1);
      const late = act(10, await signed(10, { releases: 1 }));
      await fails(late, lots, "SignatureExpired", deadline);
    });
  });
  describe("given the lot is recalled", () => {
    it("reverts with LotIsRecalled", async () => {
      const { lots, agency, counted } = await load();
      await as(lots, people.orbisQuality).recallLot(counted.id, orbisPharma, Recall.classI, NOTICE);
      const { recalledAt } = await lots.lotOf(counted.id);
      const sent = agency.releaseQuarantine(counted.id, ...there, drugAgency, 10, 0, SENT);
      await fails(sent, lots, "LotIsRecalled", counted.id, recalledAt);
    });
  });
  describe("when the units are not those in quarantine", () => {
    it("reverts with StockInsufficient for none, for too many, and for a part of what is held", async () => {
      const { lots, agency, made, counted } = await load();
      for (const units of [0, 61, 4_294_967_295]) {
        const sent = agency.releaseQuarantine(counted.id, ...there, drugAgency, units, 0, SENT);
        await fails(sent, lots, "StockInsufficient", counted.id, ...there, 60, units);
      }
      for (const units of [0, 99, 101]) {
        const sent = agency.releaseQuarantine(made.id, ...there, drugAgency, units, 0, SENT);
        await fails(sent, lots, "StockInsufficient", made.id, ...there, 100, units);
      }
      const none = agency.releaseQuarantine(counted.id, harbourClinic, 1, drugAgency, 1, 0, SENT);
      await fails(none, lots, "StockInsufficient", counted.id, harbourClinic, 1, 0, 1);
    });
  });
  describe("when the minutes are more than it bears", () => {
    it("reverts with QuarantineMinutesInvalid, of what is kept anywhere for a single one", async () => {
      const { world, lots, agency, counted } = await load();
      const sent = agency.releaseQuarantine(counted.id, ...there, drugAgency, 10, 1, SENT);
      await fails(sent, lots, "QuarantineMinutesInvalid", counted.id, 1, 0);
      const cold = await release(world, Products.coldTablets, 100);
      await bind(world);
      await move(world, cold, 100);
      await as(lots, people.depotStock).quarantine(cold.id, ...there, 100, Reason.excursion);
      const much = agency.releaseQuarantine(cold.id, ...there, drugAgency, 100, 61, SENT);
      await fails(much, lots, "QuarantineMinutesInvalid", cold.id, 61, 60);
      await agency.releaseQuarantine(cold.id, ...there, drugAgency, 100, 60, SENT);
      const stock = await stockOf(world, cold.id, ...there);
      expect([stock.onHand, stock.minutesOut, stock.minutesNow]).to.eql([100, 60, 60]);
    });
  });
  describe("when its temperature is not watched", () => {
    it("reverts with CompartmentUnwatched where no device ever was, and where it fell silent", async () => {
      const { world, lots, agency, depot } = await load();
      const cold = await release(world, Products.coldTablets, 100);
      await receive(world, await ship(world, goods(cold, 50)), [], true);
      const args = [...there, Storage.refrigerated];
      const act = async () => await agency.releaseQuarantine(cold.id, ...there, drugAgency, 50, 0, SENT);
      await fails(act(), lots, "CompartmentUnwatched", ...args);
      const watch = { storage_: Storage.refrigerated, site: Site.depotCold, from: 0, sscc: 0n };
      await depot.bindDevice(depotNorth, people.depotSensor.key, watch);
      const since = await now();
      await at(since + 26 * HOUR + 1);
      await fails(act(), lots, "CompartmentUnwatched", ...args);
      await measure(world, since, since + 27 * HOUR);
      await act();
      expect((await stockOf(world, cold.id, ...there)).onHand).to.equal(50);
    });
  });
  describe("given warm stock lies on hand", () => {
    it("reverts with StockExcursion beyond the budget, and else keeps the larger minutes", async () => {
      const { world, lots, agency } = await load();
      const cold = await release(world, Products.coldTablets, 100);
      const since = await bind(world);
      await move(world, cold, 60);
      await receive(world, await ship(world, goods(cold, 40, { sscc: sscc(9) })), [], true);
      const act = async (units: number, minutesOut: number) =>
        await agency.releaseQuarantine(cold.id, ...there, drugAgency, units, minutesOut, SENT);
      await measure(world, since, since + HOUR, 40);
      const args = [cold.id, ...there, drugAgency];
      await emits(act(10, 5), lots, "QuarantineReleased", ...args, 10, 40, people.agencyQuality.key);
      await emits(act(10, 50), lots, "QuarantineReleased", ...args, 10, 50, people.agencyQuality.key);
      await measure(world, since + HOUR, since + HOUR + 10 * MINUTE, 10);
      await act(10, 0);
      expect((await stockOf(world, cold.id, ...there)).minutesNow).to.equal(60);
      await measure(world, since + HOUR + 10 * MINUTE, since + HOUR + 11 * MINUTE, 1);
      await fails(act(10, 0), lots, "StockExcursion", cold.id, ...there, 61, 60);
      await balances(world, cold);
    });
  });
  describe("when all holds", () => {
    it("emits QuarantineReleased with the regulator, and serials move again", async () => {
      const { world, lots, agency, made } = await load();
      const args = [made.id, ...there, drugAgency, 100, 0, people.agencyQuality.key];
      const sent = agency.releaseQuarantine(made.id, ...there, drugAgency, 100, 0, SENT);
      await emits(sent, lots, "QuarantineReleased", ...args);
      const stock = { ...NO_STOCK, onHand: 100, releases: 1, span: [0, 100] };
      expect(await stockOf(world, made.id, ...there)).to.eql(stock);
      await balances(world, made);
      const away = { from: depotNorth, to: harbourClinic, sscc: sscc(3), lines: [line(made, 100)] };
      await ship(world, goods(made, 100, away));
    });
    it("emits QuarantineReleased with who signed", async () => {
      const { world, lots, counted, act, signed } = await load();
      const args = [counted.id, ...there, harbourClinic, 60, 0, people.clinicQuality.key];
      await emits(act(60, await signed(60)), lots, "QuarantineReleased", ...args);
      const stock = { ...NO_STOCK, onHand: 100, releases: 1 };
      expect(await stockOf(world, counted.id, ...there)).to.eql(stock);
      await balances(world, counted);
    });
  });
});
