import { expect } from "chai";
import { ZeroHash } from "ethers";

import { DAY, HOUR, MINUTE, as, ethers, mineAt, now } from "../core/chain.ts";
import { fails } from "../core/expect.ts";
import type { World } from "../core/world.ts";
import {
  CERTIFICATE,
  EPHEMERAL,
  EVIDENCE,
  LOST_AFTER,
  Loss,
  Member,
  NOTICE,
  Pocket,
  Products,
  Purpose,
  Reason,
  Recall,
  SENT,
  SerialState,
  Site,
  Storage,
  TAKE_BACK_AFTER,
  administer,
  atClinic,
  deployLotBody,
  dose,
  freshWorld,
  goods,
  holderOf,
  line,
  move,
  newProduct,
  people,
  proofOf,
  receive,
  release,
  sessionDose,
  ship,
  sign,
  sscc,
  stockOf,
  type Made,
} from "./support.ts";

describe("LotRegistry.attacks", () => {
  const { depotNorth, harbourClinic, novaVaccines, drugAgency, sunPharmacy } = Member;
  const { clinicFridge, depotCold } = Site;
  const toClinic = { to: harbourClinic, toSite: clinicFridge };
  const fromClinic = { from: harbourClinic, fromSite: clinicFridge };
  const READINGS = ethers.id("readings");

  /** Nurse Nora's fridge, watched. */
  const watchFridge = async ({ lots }: World): Promise<void> => {
    const watch = { storage_: Storage.refrigerated, site: clinicFridge, from: 0, sscc: 0n };
    await as(lots, people.clinicStock).bindDevice(harbourClinic, people.clinicSensor.key, watch);
  };
  /** The fridge reports what follows the last report until now. */
  const report = async ({ lots }: World, minutesOut: number): Promise<void> => {
    const { reportedUntil } = await lots.compartmentOf(harbourClinic, clinicFridge, Storage.refrigerated);
    const segment = {
      member: harbourClinic,
      device: people.clinicSensor.key,
      from: reportedUntil,
      to: await now(),
      minutesOut,
      readings: READINGS,
    };
    await as(lots, people.clinicSensor).recordSegment(segment, SENT);
  };
  const pass = async (seconds: number): Promise<void> => {
    await mineAt((await now()) + seconds);
  };
  const clinicStockOf = async (world: World, made: Made) =>
    await stockOf(world, made.id, harbourClinic, clinicFridge);
  /** The depot's quality signs that the clinic's units are released. */
  const signedRelease = async (world: World, made: Made, units: number, minutesOut: number, releases = 0) => {
    const message = {
      lot: made.id,
      member: harbourClinic,
      site: clinicFridge,
      releaser: depotNorth,
      units,
      minutesOut,
      releases,
    };
    return await sign(world, people.depotQuality, "QuarantineRelease", message, (await now()) + DAY);
  };

  describe("when goods arrive in a fridge that was warm long before", () => {
    it("counts nothing of the fridge's past against them", async () => {
      const world = await freshWorld();
      await watchFridge(world);
      await pass(10 * HOUR);
      await report(world, 500);
      const made = await atClinic(world, Products.cold, 128);
      const { onHand, minutesNow } = await clinicStockOf(world, made);
      expect([onHand, minutesNow]).to.deep.equal([128, 0]);
      // What comes after counts, and does so too for what arrives beside it.
      await pass(HOUR);
      await report(world, 30);
      expect((await clinicStockOf(world, made)).minutesNow).to.equal(30);
    });
  });

  describe("when a clinic has one unit released to cool down the warm rest", () => {
    it("is refused while the rest is beyond its budget, and never lowers the rest's minutes", async () => {
      const world = await freshWorld();
      const { lots } = world;
      await watchFridge(world);
      const made = await atClinic(world, Products.coldTablets, 100);
      await pass(2 * HOUR);
      await report(world, 50);
      const keeper = as(lots, people.clinicStock);
      await keeper.quarantine(made.id, harbourClinic, clinicFridge, 1, Reason.other);
      const first = await signedRelease(world, made, 1, 0);
      await keeper.releaseQuarantine(made.id, harbourClinic, clinicFridge, depotNorth, 1, 0, first);
      expect((await clinicStockOf(world, made)).minutesNow).to.equal(50);
      await pass(2 * HOUR);
      await report(world, 100);
      await keeper.quarantine(made.id, harbourClinic, clinicFridge, 1, Reason.other);
      const second = await signedRelease(world, made, 1, 0, 1);
      await fails(
        keeper.releaseQuarantine(made.id, harbourClinic, clinicFridge, depotNorth, 1, 0, second),
        lots,
        "StockExcursion",
        made.id,
        harbourClinic,
        clinicFridge,
        150,
        60,
      );
    });
  });

  describe("when stock is released during a silence that is reported afterwards", () => {
    it("is refused until the device reports, so that no later minutes are hidden", async () => {
      const world = await freshWorld();
      const { lots } = world;
      await watchFridge(world);
      const made = await atClinic(world, Products.cold, 128);
      await as(lots, people.clinicQuality).quarantine(
        made.id,
        harbourClinic,
        clinicFridge,
        128,
        Reason.excursion,
      );
      await pass(30 * HOUR);
      const agency = as(lots, people.agencyQuality);
      const asked = [made.id, harbourClinic, clinicFridge, drugAgency, 128, 0, SENT] as const;
      await fails(
        agency.releaseQuarantine(...asked),
        lots,
        "CompartmentUnwatched",
        harbourClinic,
        clinicFridge,
        Storage.refrigerated,
      );
      await report(world, 0);
      await agency.releaseQuarantine(...asked);
      await pass(20 * HOUR);
      await report(world, 1_000);
      expect((await clinicStockOf(world, made)).minutesNow).to.equal(1_000);
      const args = [made.id, harbourClinic, clinicFridge, 1_000, 60];
      await fails(administer(world, made, 0), lots, "StockExcursion", ...args);
    });
  });

  describe("when quarantined goods are released where nobody watches", () => {
    it("is refused, as taking them in would have been", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.cold, 128);
      await receive(world, await ship(world, goods(made, 128, toClinic)), [], true);
      await fails(
        as(lots, people.agencyQuality).releaseQuarantine(
          made.id,
          harbourClinic,
          clinicFridge,
          drugAgency,
          128,
          0,
          SENT,
        ),
        lots,
        "CompartmentUnwatched",
        harbourClinic,
        clinicFridge,
        Storage.refrigerated,
      );
    });
  });

  describe("when a budget is as large as what is written of minutes", () => {
    it("is refused: such stock would never be out of range for too long", async () => {
      const { lots } = await freshWorld();
      const endless = newProduct({ storage_: Storage.refrigerated, budget: 65_535 });
      await fails(
        as(lots, people.novaQuality).proposeProduct(endless),
        lots,
        "ProductTermInvalid",
        endless.gtin,
        ethers.encodeBytes32String("budget"),
      );
    });
  });

  describe("when custody of stock without an own range is ordered to a place that has unit 0 in a stored range", () => {
    it("leaves that range, and its units move on", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.flu, 128);
      const span = (first: number, end: number, range = 0) => ({
        lines: [line(made, end - first, first, { origin: true, range })],
      });
      await move(world, made, 10, { ...toClinic, ...span(0, 10) });
      await move(world, made, 10, { to: sunPharmacy, toSite: 1, ...span(10, 20) });
      await move(world, made, 10, span(20, 30));
      await move(world, made, 10, { ...fromClinic, lines: [line(made, 10, 0)] });
      expect(await lots.rangeOf(made.id, depotNorth, depotCold, 0)).to.equal(10);
      await move(world, made, 10, { ...toClinic, ...span(30, 40) });
      await move(world, made, 10, { to: sunPharmacy, toSite: 1, ...span(40, 50) });
      await move(world, made, 10, { ...toClinic, ...span(50, 60) });
      await move(world, made, 10, {
        ...fromClinic,
        to: sunPharmacy,
        toSite: 1,
        lines: [line(made, 10, 30)],
      });
      await as(lots, people.agencyInspector).orderCustody(
        made.id,
        harbourClinic,
        clinicFridge,
        depotNorth,
        depotCold,
        drugAgency,
        [50],
      );
      expect(await lots.rangeOf(made.id, depotNorth, depotCold, 0)).to.equal(10);
      await as(lots, people.agencyQuality).releaseQuarantine(
        made.id,
        depotNorth,
        depotCold,
        drugAgency,
        30,
        0,
        SENT,
      );
      const back = { from: depotNorth, fromSite: depotCold, ...toClinic };
      await move(world, made, 10, { ...back, lines: [line(made, 10, 0)] });
      const quality = as(lots, people.agencyQuality);
      await quality.releaseQuarantine(made.id, harbourClinic, clinicFridge, drugAgency, 10, 0, SENT);
      await administer(world, made, 3);
    });
  });

  describe("when a line's unread field has dirty bits", () => {
    it("is refused: what is logged is what can be passed again", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.tablets, 300);
      await move(world, made, 300);
      const sent = goods(made, 100, {
        from: depotNorth,
        to: sunPharmacy,
        lines: [line(made, 100)],
      });
      const clean = lots.interface.encodeFunctionData("ship", [sent]);
      // Selector, offset, six fields' head with the offset of the lines, their count, and of the line: lot, units, two ends, range.
      for (let word = 0; word < (clean.length - 10) / 64; word += 1) {
        const at = 10 + 64 * word;
        // The lot's name fills its word; other words have room for dirt.
        if (clean.slice(at, at + 64) === made.id.slice(2)) continue;
        const data = `${clean.slice(0, at)}01${clean.slice(at + 2)}`;
        const sending = people.depotStock.wallet.sendTransaction({ to: await lots.getAddress(), data });
        const fault = await sending.then(String, String);
        expect(fault, `word ${word}`).to.match(/revert/u);
      }
      await ship(world, sent);
    });
  });

  describe("when a maker writes part of a vial off where it was registered", () => {
    it("is refused, so that the rest of the lot still leaves in whole vials", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.polio, 640);
      const nova = as(lots, people.novaStock);
      const of = [made.id, novaVaccines, 1, Pocket.origin, Loss.destroyed] as const;
      await fails(nova.writeOff(...of, 3, [], 0, EVIDENCE), lots, "StockSpanWrong", made.id, 3, 0, 0);
      await nova.writeOff(...of, 10, [], 0, EVIDENCE);
      await move(world, made, 630, { lines: [line(made, 630, 10, { origin: true })] });
    });
  });

  describe("when a unit is used twice, or elsewhere, or with a proof of another", () => {
    it("is refused", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.flu, 200);
      await move(world, made, 100, toClinic);
      await move(world, made, 100, { lines: [line(made, 100, 100, { origin: true })] });
      await administer(world, made, 5);
      await fails(administer(world, made, 5), lots, "SerialSpent", made.id, 5);
      await fails(
        administer(world, made, 150),
        lots,
        "StockElsewhere",
        made.id,
        harbourClinic,
        clinicFridge,
        150,
        151,
      );
      const nora = as(lots, people.nora);
      // Another serial's proof, whole and short; a proof cut above the group; padding; nothing at all.
      const unknown = [made.id, 6, made.tree.saltedSerial(6)];
      for (const proof of [
        made.tree.proof(7),
        made.tree.shortProof(7),
        made.tree.proof(6).slice(0, -1),
        [...made.tree.proof(6), ZeroHash],
        [],
      ]) {
        await fails(
          nora.administer(dose(made, 6), EPHEMERAL, proof, SENT),
          lots,
          "SerialUnknown",
          ...unknown,
        );
      }
      await fails(
        nora.administer(dose(made, 6, { saltedSerial: ZeroHash }), EPHEMERAL, made.tree.proof(6), SENT),
        lots,
        "SerialUnknown",
        made.id,
        6,
        ZeroHash,
      );
    });
  });

  describe("when a session goes beyond its span, over a spent dose, or has bits that the event has not", () => {
    it("is refused, and what is logged names the holder alone", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.flu, 200);
      await move(world, made, 100, toClinic);
      const nora = as(lots, people.nora);
      const session = (firstUnit: number) => ({
        lot: made.id,
        member: harbourClinic,
        site: clinicFridge,
        firstUnit,
        range: 0,
        administeredAt: 0,
      });
      const doses = (first: number, count: number) =>
        Array.from({ length: count }, (_, i) => sessionDose(made, first + i));
      const over = nora.administerSession(session(98), doses(98, 4), made.tree.runProof(98, 4), SENT);
      await fails(over, lots, "StockElsewhere", made.id, harbourClinic, clinicFridge, 98, 102);
      await administer(world, made, 11);
      const spent = nora.administerSession(session(10), doses(10, 3), made.tree.runProof(10, 3), SENT);
      await fails(spent, lots, "SerialSpent", made.id, 10);
      const person = sessionDose(made, 20).person | (1n << 184n);
      const dirty = [sessionDose(made, 20, { person })];
      await fails(
        nora.administerSession(session(20), dirty, made.tree.runProof(20, 1), SENT),
        lots,
        "DoseTermInvalid",
        made.id,
        ethers.encodeBytes32String("seriesDose"),
      );
      const sent = await nora.administerSession(session(20), doses(20, 1), made.tree.runProof(20, 1), SENT);
      const topic = lots.interface.getEvent("DoseAdministered").topicHash;
      const log = (await sent.wait())?.logs.find(({ topics }) => topics[0] === topic);
      expect(log?.topics[2]).to.equal(ethers.zeroPadValue(holderOf(20), 32).toLowerCase());
    });
  });

  describe("when a lot is recalled while goods are under way", () => {
    it("lets nothing in but into quarantine, nothing out, and nothing be used", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.flu, 128);
      await move(world, made, 64, toClinic);
      const sent = await ship(
        world,
        goods(made, 64, { ...toClinic, lines: [line(made, 64, 64, { origin: true })] }),
      );
      await as(lots, people.novaRecall).recallLot(made.id, novaVaccines, Recall.classI, NOTICE);
      const args = [made.id, await now()];
      await fails(receive(world, sent), lots, "LotIsRecalled", ...args);
      await fails(administer(world, made, 0), lots, "LotIsRecalled", ...args);
      for (const purpose of Object.values(Purpose)) {
        const onward = goods(made, 10, {
          ...fromClinic,
          to: novaVaccines,
          toSite: 1,
          sscc: sscc(9),
          purpose,
          lines: [line(made, 10, 0)],
        });
        await fails(ship(world, onward), lots, "LotIsRecalled", ...args);
      }
      await as(lots, people.clinicStock).acknowledgeRecall(made.id, harbourClinic, clinicFridge, 64, SENT);
      await receive(world, sent, [], true);
      expect((await clinicStockOf(world, made)).quarantined).to.equal(128);
      const released = as(lots, people.agencyQuality).releaseQuarantine(
        made.id,
        harbourClinic,
        clinicFridge,
        drugAgency,
        128,
        0,
        SENT,
      );
      await fails(released, lots, "LotIsRecalled", ...args);
    });
  });

  describe("when goods are received or taken back twice", () => {
    it("is refused in every order", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.tablets, 300);
      const sent = await ship(world, goods(made, 100));
      await receive(world, sent);
      const orbis = as(lots, people.orbisStock);
      await pass(TAKE_BACK_AFTER);
      const wrong = (status: number) => [sent.from, sent.sscc, status];
      await fails(receive(world, sent), lots, "ConsignmentStatusWrong", ...wrong(2));
      await fails(orbis.takeBack(sent), lots, "ConsignmentStatusWrong", ...wrong(2));
      await fails(orbis.declareLost(sent), lots, "ConsignmentStatusWrong", ...wrong(2));
      // Of a part that was refused, that part alone comes back.
      const other = await ship(world, { ...sent, sscc: sscc(2) });
      await receive(world, other, [{ damaged: 0, missing: 0, refused: 40, indices: [] }]);
      await fails(orbis.takeBack(other), lots, "ConsignmentUnknown", other.from, other.sscc);
      const part = { ...other, lines: [{ ...line(made, 40), range: 0 }] };
      await orbis.takeBack(part);
      await fails(orbis.takeBack(part), lots, "ConsignmentStatusWrong", part.from, part.sscc, 4);
      expect((await stockOf(world, made.id, Member.orbisPharma, 1)).onHand).to.equal(40);
      expect((await stockOf(world, made.id, depotNorth, depotCold)).onHand).to.equal(160);
    });
  });

  describe("when a signed release is sent again", () => {
    it("is refused: the signature named the release before", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await atClinic(world, Products.plain, 100);
      const keeper = as(lots, people.clinicStock);
      const put = async () =>
        await keeper.quarantine(made.id, harbourClinic, clinicFridge, 50, Reason.qualityDefect);
      await put();
      const signed = await signedRelease(world, made, 50, 0);
      const send = async () =>
        await keeper.releaseQuarantine(made.id, harbourClinic, clinicFridge, depotNorth, 50, 0, signed);
      await send();
      await put();
      await expect(send()).to.be.revertedWithCustomError(lots, "DutyNotHeld");
    });
  });

  describe("when a body is called by itself", () => {
    it("is refused, by each part", async () => {
      const { registry, prescriptions, lots } = await freshWorld();
      const address = await deployLotBody(await registry.getAddress(), await prescriptions.getAddress());
      const body = lots.attach(address) as typeof lots;
      const id = ethers.id("lot");
      const none = [body, "DomainProxyBypassed", address] as const;
      const who = as(body, people.stranger);
      const places = [id, 1, 1] as const;
      await fails(who.quarantine(...places, 1, Reason.other), ...none);
      await fails(who.acknowledgeRecall(...places, 1, SENT), ...none);
      await fails(who.orderCustody(...places, 1, 1, 1, []), ...none);
      await fails(who.settleDispenses(...places, 1, 0, id), ...none);
      await fails(who.recallLot(id, 1, 1, id), ...none);
      await fails(who.releaseLot(id, 1, CERTIFICATE), ...none);
      await fails(who.unbindDevice(1, id), ...none);
      await fails(who.takeDispensed(id, 1, 1, 1, 1, 1, "0x"), ...none);
    });
  });

  describe("when serials leave the books otherwise than by use", () => {
    it("checks as active still where they were lost under way or written off at their origin", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.flu, 128);
      await as(lots, people.novaStock).writeOff(
        made.id,
        novaVaccines,
        1,
        Pocket.origin,
        Loss.destroyed,
        10,
        [],
        0,
        EVIDENCE,
      );
      expect(await lots.serialStateOf(made.id, 3, made.tree.saltedSerial(3), proofOf(made, 3))).to.equal(
        SerialState.active,
      );
      // Yet no place can use it.
      const nowhere = [made.id, harbourClinic, clinicFridge];
      await move(world, made, 64, { ...toClinic, lines: [line(made, 64, 10, { origin: true })] });
      await fails(administer(world, made, 3), lots, "StockElsewhere", ...nowhere, 3, 4);
      const gone = await ship(world, goods(made, 10, { lines: [line(made, 10, 74, { origin: true })] }));
      await pass(LOST_AFTER);
      await as(lots, people.novaStock).declareLost(gone);
      expect(await lots.serialStateOf(made.id, 80, made.tree.saltedSerial(80), proofOf(made, 80))).to.equal(
        SerialState.active,
      );
      await fails(administer(world, made, 80), lots, "StockElsewhere", ...nowhere, 80, 81);
    });
  });

  describe("when minutes come between a release's signature and its sending", () => {
    it("counts from the minutes signed: what came between is forgotten", async () => {
      const world = await freshWorld();
      const { lots } = world;
      await watchFridge(world);
      const made = await atClinic(world, Products.cold, 128);
      const keeper = as(lots, people.clinicStock);
      await keeper.quarantine(made.id, harbourClinic, clinicFridge, 128, Reason.other);
      const signed = await signedRelease(world, made, 128, 0);
      await pass(20 * HOUR);
      await report(world, 1_000);
      expect((await clinicStockOf(world, made)).minutesNow).to.equal(1_000);
      await keeper.releaseQuarantine(made.id, harbourClinic, clinicFridge, depotNorth, 128, 0, signed);
      expect((await clinicStockOf(world, made)).minutesNow).to.equal(0);
    });
  });

  describe("when a sensor breaks during a pause", () => {
    it("cannot be replaced until the pause ends, and its silence counts", async () => {
      const world = await freshWorld();
      const { lots } = world;
      await watchFridge(world);
      const made = await atClinic(world, Products.cold, 128);
      const until = (await now()) + 47 * HOUR;
      await as(lots, people.emergency).pause(until);
      const watch = { storage_: Storage.refrigerated, site: clinicFridge, from: 0, sscc: 0n };
      const bound = as(lots, people.clinicStock).bindDevice(harbourClinic, people.clinicSensor.key, watch);
      await fails(bound, lots, "DomainIsPaused", until);
      await mineAt(until);
      expect((await clinicStockOf(world, made)).minutesNow).to.be.greaterThan(46 * 60);
    });
  });

  describe("when a receiver refuses goods and they come back late", () => {
    it("puts aside what came back, and leaves counted units that never left as they are", async () => {
      const world = await freshWorld();
      const { lots } = world;
      await watchFridge(world);
      const made = await atClinic(world, Products.coldTablets, 100);
      const sent = await ship(
        world,
        goods(made, 10, { ...fromClinic, lines: [line(made, 10)], sscc: sscc(3) }),
      );
      await receive(world, sent, [{ damaged: 0, missing: 0, refused: 10, indices: [] }]);
      await pass(2 * HOUR + MINUTE);
      await as(lots, people.clinicStock).takeBack({ ...sent, lines: [{ ...line(made, 10), range: 0 }] });
      const { onHand, quarantined, held } = await clinicStockOf(world, made);
      expect([onHand, quarantined, held]).to.deep.equal([90, 10, false]);
    });
  });

  describe("when a regulator orders custody without naming a stored range", () => {
    it("leaves the range behind, and holds whatever arrives there next", async () => {
      const world = await freshWorld();
      const { lots } = world;
      const made = await release(world, Products.flu, 128);
      const span = (first: number, end: number) => ({
        lines: [line(made, end - first, first, { origin: true, range: 0 })],
      });
      await move(world, made, 10, { ...toClinic, ...span(0, 10) });
      await move(world, made, 10, span(10, 20));
      await move(world, made, 10, { ...toClinic, ...span(20, 30) });
      const order = async (ranges: number[]) =>
        await as(lots, people.agencyInspector).orderCustody(
          made.id,
          harbourClinic,
          clinicFridge,
          depotNorth,
          depotCold,
          drugAgency,
          ranges,
        );
      await order([]);
      expect((await clinicStockOf(world, made)).onHand).to.equal(0);
      const use = async (quarantined: number) => {
        const sent = administer(world, made, 25, { range: 20 });
        await fails(sent, lots, "StockInQuarantine", made.id, harbourClinic, clinicFridge, quarantined);
      };
      await use(0);
      await move(world, made, 10, { ...toClinic, ...span(30, 40) });
      await use(10);
      const [clinic, depot] = [
        await clinicStockOf(world, made),
        await stockOf(world, made.id, depotNorth, depotCold),
      ];
      expect([clinic.onHand, clinic.used, depot.quarantined]).to.deep.equal([0, 0, 30]);
    });
  });
});
