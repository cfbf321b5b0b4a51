import { expect } from "chai";
import { type TypedDataDomain } from "ethers";

import { ethers, as, at, START, DAY } from "../core/chain.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  SENT,
  EPHEMERAL,
  freshWorld,
  terms,
  order,
  idOf,
  type Message,
  sign,
  FOREIGN_DOMAINS,
  issue,
  freshLock,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.replace", () => {
  const { stMary, northGeneral, sunPharmacy } = Member;
  const better = terms({ unitsPerFill: 60_000n });
  const load = async () => {
    const world = await freshWorld();
    return { ...world, id: await issue(world, terms()) };
  };

  describe("given no lock is live", () => {
    it("emits PrescriptionReplaced and PrescriptionIssued, in one step", async () => {
      const world = await load();
      const { prescriptions, id } = world;
      const doctor = as(prescriptions, people.drLi);
      expect(await doctor.replace.staticCall(terms(), order(better))).to.equal(idOf(better));
      const sent = doctor.replace(terms(), order(better));
      await emits(sent, prescriptions, "PrescriptionReplaced", id, idOf(better), people.drLi.key);
      const t = better;
      const args = [t.issuer, t.holder, t.prescriber, t.commitment, t.unitsPerFill, t.fills, t.interval];
      const window = [t.validFrom, t.validUntil, t.reviewer];
      await emits(sent, prescriptions, "PrescriptionIssued", idOf(better), ...args, ...window);
      expect((await stateOf(world, id)).status).to.equal(Status.replaced);
      expect((await stateOf(world, idOf(better))).status).to.equal(Status.open);
      expect((await prescriptions.standingOf(terms())).isFinal).to.equal(true);
    });
    it("takes a colleague's replacement in the colleague's own name, and one that awaits review", async () => {
      const world = await freshWorld();
      const asked = terms({ reviewer: sunPharmacy });
      const id = await issue(world, asked);
      const chens = terms({ prescriber: people.drChen.key, fills: 9 });
      const sent = as(world.prescriptions, people.drChen).replace(asked, order(chens));
      await emits(sent, world.prescriptions, "PrescriptionReplaced", id, idOf(chens), people.drChen.key);
    });
    it("refuses a colleague who replaces in the prescriber's name", async () => {
      const { prescriptions } = await load();
      const sent = as(prescriptions, people.drChen).replace(terms(), order(better));
      const args = [idOf(better), people.drLi.key, people.drChen.key];
      await fails(sent, prescriptions, "PrescriptionPrescriberMismatch", ...args);
    });
  });
  describe("when it is relayed", () => {
    it("takes the new prescriber's signature over both prescriptions", async () => {
      const { prescriptions, id } = await load();
      const system = as(prescriptions, people.stMarySystem);
      const right = { prescription: id, replacement: better, ephemeralKey: EPHEMERAL };
      const wrong: [Message, TypedDataDomain][] = [
        [{ ...right, prescription: idOf(terms({ fills: 9 })) }, {}],
        [{ ...right, replacement: terms({ fills: 9 }) }, {}],
        [{ ...right, ephemeralKey: { ...EPHEMERAL, viewTag: "0x00" } }, {}],
        ...FOREIGN_DOMAINS.map((domain): [Message, TypedDataDomain] => [right, domain]),
      ];
      for (const [message, domain] of wrong) {
        const signed = await sign(prescriptions, people.drLi, "Replace", message, START + DAY, domain);
        const sent = system.replace(terms(), order(better, signed));
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "PrescriptionPrescriberMismatch");
      }
      const signed = await sign(prescriptions, people.drLi, "Replace", right, START + DAY);
      const sent = system.replace(terms(), order(better, signed));
      await emits(sent, prescriptions, "PrescriptionReplaced", id, idOf(better), people.drLi.key);
    });
    it("reverts for a signature that was given to issue the new one alone", async () => {
      const { prescriptions } = await load();
      const message = { prescription: better, ephemeralKey: EPHEMERAL };
      const signed = await sign(prescriptions, people.drLi, "Issue", message, START + DAY);
      const sent = as(prescriptions, people.stMarySystem).replace(terms(), order(better, signed));
      await expect(sent).to.be.revertedWithCustomError(prescriptions, "PrescriptionPrescriberMismatch");
    });
  });
  describe("given a lock is live", () => {
    it("reverts with PrescriptionLocked", async () => {
      const { prescriptions, id } = await freshLock();
      const sent = as(prescriptions, people.drLi).replace(terms(), order(better));
      const args = [id, sunPharmacy, Site.sunMarket, START + DAY];
      await fails(sent, prescriptions, "PrescriptionLocked", ...args);
    });
  });
  describe("when another member replaces", () => {
    it("reverts with PrescriptionIssuerOnly", async () => {
      const { prescriptions, id } = await load();
      const theirs = terms({ issuer: northGeneral, prescriber: people.drWu.key });
      const sent = as(prescriptions, people.drWu).replace(terms(), order(theirs));
      await fails(sent, prescriptions, "PrescriptionIssuerOnly", id, stMary, northGeneral);
    });
  });
  describe("given the issuer was closed and has a successor", () => {
    it("is the successor's to replace", async () => {
      const { prescriptions, registry, id } = await load();
      await as(registry, people.governance).closeMember(stMary);
      await as(registry, people.governance).nameSuccessor(stMary, northGeneral);
      const theirs = terms({ issuer: northGeneral, prescriber: people.drWu.key });
      const sent = as(prescriptions, people.drWu).replace(terms(), order(theirs));
      await emits(sent, prescriptions, "PrescriptionReplaced", id, idOf(theirs), people.drWu.key);
    });
  });
  describe("given it is final, unknown, or a cancellation took effect", () => {
    it("reverts with the reason", async () => {
      const { prescriptions, id } = await load();
      const doctor = as(prescriptions, people.drLi);
      await doctor.cancel(terms(), stMary, SENT);
      const dead = doctor.replace(terms(), order(better));
      await fails(dead, prescriptions, "PrescriptionStatusWrong", id, Status.cancelled);
      const other = terms({ fills: 9 });
      await fails(doctor.replace(other, order(better)), prescriptions, "PrescriptionUnknown", idOf(other));
      const pending = await freshLock();
      await as(pending.prescriptions, people.drLi).cancel(terms(), stMary, SENT);
      await at(START + DAY);
      const late = as(pending.prescriptions, people.drLi).replace(terms(), order(better));
      await fails(late, prescriptions, "PrescriptionCancellationEffective", id);
    });
  });
  describe("when the replacement does not hold", () => {
    it("changes nothing", async () => {
      const world = await load();
      const bad = terms({ fills: 100 });
      const sent = as(world.prescriptions, people.drLi).replace(terms(), order(bad));
      const field = ethers.encodeBytes32String("fills");
      await fails(sent, world.prescriptions, "PrescriptionTermInvalid", idOf(bad), field);
      expect((await stateOf(world, world.id)).status).to.equal(Status.open);
    });
  });
  describe("when it is to replace itself", () => {
    it("reverts with PrescriptionAlreadyIssued", async () => {
      const { prescriptions, id } = await load();
      const sent = as(prescriptions, people.drLi).replace(terms(), order(terms()));
      await fails(sent, prescriptions, "PrescriptionAlreadyIssued", id);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { prescriptions } = await load();
      await as(prescriptions, people.emergency).pause(START + DAY);
      const sent = as(prescriptions, people.drLi).replace(terms(), order(better));
      await fails(sent, prescriptions, "DomainIsPaused", START + DAY);
    });
  });
});
