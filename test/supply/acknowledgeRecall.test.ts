import { expect } from "chai";
import { Signature, ZeroHash, verifyTypedData, zeroPadValue } from "ethers";

import { DAY, HOUR, START, as, at, type Actor } from "../core/chain.ts";
import type { World } from "../core/world.ts";
import { Duty } from "../core/words.ts";
import { fails, emits } from "../core/expect.ts";
import {
  FOREIGN_DOMAINS,
  Member,
  NOTICE,
  NO_STOCK,
  Products,
  Recall,
  SENT,
  Site,
  administer,
  domainOf,
  freshWorld,
  goods,
  line,
  move,
  people,
  register,
  release,
  ship,
  sign,
  sscc,
  stockOf,
  type Signed,
} from "./support.ts";
import { UNKNOWN_LOT, refusesClosed, refusesOthers, type Act } from "./refusals.ts";

describe("LotRegistry.acknowledgeRecall", () => {
  const { novaVaccines, depotNorth, harbourClinic, drugAgency } = Member;
  const { clinicStock, clinicQuality, clinicSystem, depotStock, depotSystem, novaRecall, nora } = people;
  const KEEPERS = Duty.HANDLE_STOCK | Duty.QUALITY;
  const RECALL_REASON = 3;
  const SIGNATURE_LIFE = 3 * DAY;
  const site = Site.clinicFridge;
  const recalledAt = START + DAY;
  const soon = recalledAt + DAY;
  const TYPES = {
    RecallAcknowledgment: [
      { type: "bytes32", name: "lot" },
      { type: "uint32", name: "member" },
      { type: "uint16", name: "site" },
      { type: "uint32", name: "recalledAt" },
      { type: "uint32", name: "counted" },
      { type: "uint32", name: "deadline" },
    ],
  };

  /** 64 units at the clinic of which one is used, 64 at the depot, 128 at the plant; recalled. */
  const load = async () => {
    const world = await freshWorld();
    const { lots } = world;
    const made = await release(world, Products.flu, 256);
    await move(world, made, 64, { to: harbourClinic, toSite: site });
    await move(world, made, 64, { lines: [line(made, 64, 64, { origin: true })] });
    await administer(world, made, 0);
    const lot = made.id;
    await at(recalledAt);
    await as(lots, novaRecall).recallLot(lot, novaVaccines, Recall.classI, NOTICE);
    const answer: Act = async (who) =>
      await as(lots, who).acknowledgeRecall(lot, harbourClinic, site, 62, SENT);
    const message = { lot, member: harbourClinic, site, recalledAt, counted: 62 };
    const signed = async (by: Actor, changes: object = {}, deadline = soon, domain = {}) =>
      await sign(world, by, "RecallAcknowledgment", { ...message, ...changes }, deadline, domain);
    const relay = async (attestation: Signed, by = clinicSystem, counted = 62) =>
      await as(lots, by).acknowledgeRecall(lot, harbourClinic, site, counted, attestation);
    return { world, ...world, made, lot, answer, message, signed, relay };
  };

  /** Whose operator key the contract finds: the signature read as one of what is sent. */
  const signerOf = async ({ lots }: World, sent: object, { r, vs, deadline }: Signed): Promise<string> => {
    const signature = Signature.from({ r, yParityAndS: vs });
    return zeroPadValue(verifyTypedData(await domainOf(lots), TYPES, { ...sent, deadline }, signature), 32);
  };

  describe("when the lot is unknown", () => {
    it("reverts with LotUnknown", async () => {
      const { lots } = await load();
      const sent = as(lots, clinicStock).acknowledgeRecall(UNKNOWN_LOT, harbourClinic, site, 0, SENT);
      await fails(sent, lots, "LotUnknown", UNKNOWN_LOT);
    });
  });
  describe("given no recall stands", () => {
    it("reverts with LotNotRecalled", async () => {
      const { world, lots, lot, answer, signed, relay } = await load();
      const other = await register(world, Products.polio, 10);
      const sent = as(lots, clinicStock).acknowledgeRecall(other.id, harbourClinic, site, 0, SENT);
      await fails(sent, lots, "LotNotRecalled", other.id);
      await as(lots, people.agencyRecall).endRecall(lot, drugAgency);
      await fails(answer(clinicStock), lots, "LotNotRecalled", lot);
      await fails(relay(await signed(clinicStock)), lots, "LotNotRecalled", lot);
    });
  });
  describe("when the caller keeps no stock for the member", () => {
    it("reverts with DutyNotHeld", async () => {
      const { world, answer } = await load();
      const { clinicAdmin, clinicSensor, depotQuality, novaStock } = people;
      const others = [nora, clinicSystem, clinicAdmin, clinicSensor, depotStock, depotQuality, novaStock];
      await refusesOthers(world, harbourClinic, KEEPERS, answer, ...others, novaRecall);
    });
    it("reverts with DutySuspended or DutySuspendedForMember once a regulator suspended it", async () => {
      const { lots, registry, answer } = await load();
      const inspector = as(registry, people.inspector);
      const args = [Member.healthOffice, harbourClinic, clinicStock.key] as const;
      await inspector.suspendOperator(...args, Duty.QUALITY);
      await answer(clinicStock);
      await inspector.restoreOperator(...args, Duty.QUALITY);
      await at(recalledAt + HOUR);
      const until = recalledAt + 2 * DAY;
      await inspector.suspendOperator(...args, KEEPERS);
      await fails(answer(clinicStock), lots, "DutySuspended", harbourClinic, clinicStock.key, KEEPERS);
      await inspector.restoreOperator(...args, KEEPERS);
      await inspector.suspendMember(Member.healthOffice, harbourClinic, KEEPERS, until, 1);
      await fails(answer(clinicStock), lots, "DutySuspendedForMember", harbourClinic, KEEPERS, until);
    });
    it("reverts with DutyNotPermitted for a member that is unknown or closed", async () => {
      const { world, lots, lot, answer } = await load();
      const sent = as(lots, clinicStock).acknowledgeRecall(lot, 99, site, 62, SENT);
      await fails(sent, lots, "DutyNotPermitted", 99, KEEPERS);
      await refusesClosed(world, harbourClinic, KEEPERS, answer, clinicStock);
    });
  });
  describe("when it is relayed", () => {
    it("reverts with DutyNotHeld for a relay that does not submit for the member", async () => {
      const { lots, signed, relay } = await load();
      const attestation = await signed(clinicStock);
      for (const by of [people.anyRelay, clinicStock, clinicQuality, nora, depotSystem]) {
        await fails(relay(attestation, by), lots, "DutyNotHeld", harbourClinic, by.key, Duty.SUBMIT);
      }
    });
    it("reverts with DutyNotHeld for a signer that keeps no stock", async () => {
      const { lots, signed, relay } = await load();
      for (const by of [people.stranger, nora, clinicSystem, depotStock, novaRecall]) {
        await fails(relay(await signed(by)), lots, "DutyNotHeld", harbourClinic, by.key, KEEPERS);
      }
    });
    it("reverts with DutyNotHeld when anything signed is another", async () => {
      const { world, lots, message, signed, relay } = await load();
      const changes: readonly object[] = [
        { lot: UNKNOWN_LOT },
        { member: depotNorth },
        { site: 2 },
        { recalledAt: recalledAt + 1 },
        { counted: 63 },
      ];
      expect(changes.length).to.equal(Object.keys(message).length);
      for (const change of changes) {
        const attestation = await signed(clinicStock, change);
        const key = await signerOf(world, message, attestation);
        await fails(relay(attestation), lots, "DutyNotHeld", harbourClinic, key, KEEPERS);
      }
      const later = { ...(await signed(clinicStock)), deadline: soon + 1 };
      const key = await signerOf(world, message, later);
      await fails(relay(later), lots, "DutyNotHeld", harbourClinic, key, KEEPERS);
    });
    it("reverts with DutyNotHeld for a signature of a foreign domain", async () => {
      const { world, lots, message, signed, relay } = await load();
      for (const domain of FOREIGN_DOMAINS) {
        const attestation = await signed(clinicStock, {}, soon, domain);
        const key = await signerOf(world, message, attestation);
        expect(key).to.not.equal(clinicStock.key);
        await fails(relay(attestation), lots, "DutyNotHeld", harbourClinic, key, KEEPERS);
      }
    });
    it("reverts with SignatureExpired and SignatureDeadlineTooFar, each from its second on", async () => {
      const { lots, signed, relay } = await load();
      const far = soon + SIGNATURE_LIFE;
      await at(soon - 1);
      await fails(relay(await signed(clinicStock, {}, far)), lots, "SignatureDeadlineTooFar", far, far - 1);
      await at(soon);
      await relay(await signed(clinicStock, {}, far));
      await at(far);
      await relay(await signed(clinicStock, {}, far));
      await at(far + 1);
      await fails(relay(await signed(clinicStock, {}, far)), lots, "SignatureExpired", far);
    });
    it("reverts with SignatureMalformed", async () => {
      const { lots, signed, relay } = await load();
      const attestation = await signed(clinicStock);
      for (const wrong of [{ r: ZeroHash }, { vs: ZeroHash }, { vs: `0x7f${"ff".repeat(31)}` }]) {
        await fails(relay({ ...attestation, ...wrong }), lots, "SignatureMalformed");
      }
    });
  });
  describe("given the domain is paused", () => {
    it("answers all the same", async () => {
      const { world, lots, lot, answer, signed, relay } = await load();
      await as(lots, people.emergency).pause(recalledAt + DAY);
      await answer(clinicStock);
      await relay(await signed(clinicQuality));
      expect((await stockOf(world, lot, harbourClinic, site)).quarantined).to.equal(63);
    });
  });
  describe("when all holds", () => {
    it("emits StockQuarantined and LotRecallAcknowledged, and holds all that lies there", async () => {
      const { world, lots, lot, answer } = await load();
      const before = await stockOf(world, lot, harbourClinic, site);
      const sent = answer(clinicStock);
      const place = [lot, harbourClinic, site] as const;
      const moved = [...place, 63, RECALL_REASON, true, clinicStock.key];
      await emits(sent, lots, "StockQuarantined", ...moved);
      await emits(sent, lots, "LotRecallAcknowledged", ...place, clinicStock.key, 63, 62);
      const after = await stockOf(world, ...place);
      expect(after).to.eql({ ...before, onHand: 0, quarantined: 63, held: true });
      expect([before.onHand, before.used, before.held]).to.eql([63, 1, false]);
    });
    it("takes it from quality, and with a signature", async () => {
      const { lots, lot, answer, signed, relay } = await load();
      const args = [lot, harbourClinic, site] as const;
      const own = answer(clinicQuality);
      await emits(own, lots, "LotRecallAcknowledged", ...args, clinicQuality.key, 63, 62);
      for (const by of [clinicStock, clinicQuality]) {
        const sent = relay(await signed(by));
        await emits(sent, lots, "LotRecallAcknowledged", ...args, by.key, 63, 62);
      }
    });
    it("holds what still lies where it was registered", async () => {
      const { world, lots, lot } = await load();
      const nova = as(lots, people.novaStock);
      const sent = nova.acknowledgeRecall(lot, novaVaccines, 1, 128, SENT);
      const args = [lot, novaVaccines, 1, people.novaStock.key, 128, 128];
      await emits(sent, lots, "LotRecallAcknowledged", ...args);
      const stock = await stockOf(world, lot, novaVaccines, 1);
      const plant = { ...NO_STOCK, quarantined: 128, held: true, span: [128, 256] };
      expect(stock).to.eql(plant);
      expect((await lots.lotOf(lot)).originUnits).to.equal(0n);
    });
    it("holds a place that has nothing yet, and what arrives joins it", async () => {
      const { world, lots, made } = await load();
      const other = await release(world, Products.plain, 100);
      const sent = await ship(world, goods(other, 40, { sscc: sscc(7) }));
      await as(lots, novaRecall).recallLot(other.id, novaVaccines, Recall.classIII, NOTICE);
      const place = [other.id, depotNorth, Site.depotCold] as const;
      const answered = as(lots, depotStock).acknowledgeRecall(...place, 0, SENT);
      await emits(answered, lots, "StockQuarantined", ...place, 0, RECALL_REASON, true, depotStock.key);
      await emits(answered, lots, "LotRecallAcknowledged", ...place, depotStock.key, 0, 0);
      await as(lots, people.agencyRecall).endRecall(other.id, drugAgency);
      await as(lots, depotStock).receiveConsignment(sent, false);
      const { onHand, quarantined } = await stockOf(world, ...place);
      expect([onHand, quarantined]).to.eql([0, 40]);
      expect((await stockOf(world, made.id, depotNorth, Site.depotCold)).held).to.equal(false);
    });
    it("takes it for a closed site", async () => {
      const { world, lots, lot, registry, answer } = await load();
      await as(registry, people.clinicAdmin).closeSite(harbourClinic, site);
      const sent = answer(clinicStock);
      const args = [lot, harbourClinic, site, clinicStock.key, 63, 62];
      await emits(sent, lots, "LotRecallAcknowledged", ...args);
      expect((await stockOf(world, lot, harbourClinic, site)).quarantined).to.equal(63);
    });
    it("leaves other places of the member and other lots alone", async () => {
      const { world, lots, lot, answer } = await load();
      const other = await release(world, Products.flu, 64, "LOT-2");
      await move(world, other, 64, { to: harbourClinic, toSite: site });
      await answer(clinicStock);
      expect((await stockOf(world, lot, depotNorth, Site.depotCold)).onHand).to.equal(64);
      expect((await lots.lotOf(lot)).originUnits).to.equal(128n);
      expect((await stockOf(world, other.id, harbourClinic, site)).onHand).to.equal(64);
      await as(lots, depotStock).acknowledgeRecall(lot, depotNorth, Site.depotDry, 0, SENT);
      expect((await stockOf(world, lot, depotNorth, Site.depotCold)).onHand).to.equal(64);
    });
  });
  describe("given the place answered", () => {
    it("takes a new count and quarantines nothing twice", async () => {
      const { world, lots, lot, answer } = await load();
      await answer(clinicStock);
      const before = await stockOf(world, lot, harbourClinic, site);
      const sent = as(lots, clinicStock).acknowledgeRecall(lot, harbourClinic, site, 63, SENT);
      const args = [lot, harbourClinic, site, clinicStock.key, 63, 63];
      await emits(sent, lots, "LotRecallAcknowledged", ...args);
      const receipt = await (await sent).wait();
      expect(receipt?.logs.length).to.equal(1);
      expect(await stockOf(world, lot, harbourClinic, site)).to.eql(before);
    });
  });
  describe("given a signature was used", () => {
    it("repeats the same answer while its recall stands", async () => {
      const { world, lots, lot, signed, relay } = await load();
      const attestation = await signed(clinicStock);
      await relay(attestation);
      const before = await stockOf(world, lot, harbourClinic, site);
      const again = relay(attestation);
      const args = [lot, harbourClinic, site, clinicStock.key, 63, 62];
      await emits(again, lots, "LotRecallAcknowledged", ...args);
      expect(await stockOf(world, lot, harbourClinic, site)).to.eql(before);
    });
    it("reverts with DutyNotHeld under the next recall", async () => {
      const { world, lots, lot, message, signed, relay } = await load();
      const attestation = await signed(clinicStock);
      await relay(attestation);
      await as(lots, people.agencyRecall).endRecall(lot, drugAgency);
      await at(recalledAt + HOUR);
      await as(lots, novaRecall).recallLot(lot, novaVaccines, Recall.classI, NOTICE);
      const key = await signerOf(world, { ...message, recalledAt: recalledAt + HOUR }, attestation);
      await fails(relay(attestation), lots, "DutyNotHeld", harbourClinic, key, KEEPERS);
    });
  });
});
