import { expect } from "chai";

import { ethers, as, START, DAY, type Actor } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member, APPOINTED_UNTIL, type World } from "../core/world.ts";
import { fails } from "../core/expect.ts";
import {
  Status,
  type Terms,
  EPHEMERAL,
  holder,
  freshWorld,
  terms,
  order,
  idOf,
  sign,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.issueBatch", () => {
  const numbered = (i: number, changes: Partial<Terms> = {}) =>
    terms({ holder: holder(i).address, ...changes });
  const signedBy = async (world: World, prescription: Terms, doctor: Actor) => {
    const message = { prescription, ephemeralKey: EPHEMERAL };
    return order(prescription, await sign(world.prescriptions, doctor, "Issue", message, START + DAY));
  };

  describe("when the batch is empty or longer than 200", () => {
    it("reverts with PrescriptionBatchSizeInvalid", async () => {
      const { prescriptions } = await freshWorld();
      const doctor = as(prescriptions, people.drLi);
      await fails(doctor.issueBatch([]), prescriptions, "PrescriptionBatchSizeInvalid", 0, 200);
      const many = Array(201).fill(order(terms()));
      await fails(doctor.issueBatch(many), prescriptions, "PrescriptionBatchSizeInvalid", 201, 200);
    });
  });
  describe("when one order does not hold", () => {
    it("issues none", async () => {
      const world = await freshWorld();
      const bad = numbered(3, { fills: 0 });
      const batch = [order(numbered(1)), order(numbered(2)), order(bad)];
      const sent = as(world.prescriptions, people.drLi).issueBatch(batch);
      const field = ethers.encodeBytes32String("fills");
      await fails(sent, world.prescriptions, "PrescriptionTermInvalid", idOf(bad), field);
      expect((await stateOf(world, idOf(numbered(1)))).status).to.equal(Status.unknown);
    });
  });
  describe("when one prescription stands in the batch twice", () => {
    it("reverts with PrescriptionAlreadyIssued", async () => {
      const { prescriptions } = await freshWorld();
      const sent = as(prescriptions, people.drLi).issueBatch([order(terms()), order(terms())]);
      await fails(sent, prescriptions, "PrescriptionAlreadyIssued", idOf(terms()));
    });
  });
  describe("when all hold", () => {
    it("issues orders of several prescribers of one hospital, relayed", async () => {
      const world = await freshWorld();
      const chens = numbered(2, { prescriber: people.drChen.key });
      const batch = [
        await signedBy(world, numbered(1), people.drLi),
        await signedBy(world, chens, people.drChen),
      ];
      await as(world.prescriptions, people.stMarySystem).issueBatch(batch);
      for (const one of [numbered(1), chens]) {
        expect((await stateOf(world, idOf(one))).status).to.equal(Status.open);
      }
    });
    it("issues orders of several issuers only when the sender serves each", async () => {
      const world = await freshWorld();
      const wus = numbered(2, { issuer: Member.northGeneral, prescriber: people.drWu.key });
      const batch = [
        await signedBy(world, numbered(1), people.drLi),
        await signedBy(world, wus, people.drWu),
      ];
      const system = as(world.prescriptions, people.stMarySystem);
      const args = [Member.northGeneral, people.stMarySystem.key, Duty.SUBMIT];
      await fails(system.issueBatch(batch), world.prescriptions, "DutyNotHeld", ...args);
      expect((await stateOf(world, idOf(numbered(1)))).status).to.equal(Status.unknown);
      await as(world.registry, people.northAdmin).appoint(Member.northGeneral, {
        operator: people.stMarySystem.key,
        duties: Duty.SUBMIT,
        until: APPOINTED_UNTIL,
      });
      await system.issueBatch(batch);
      expect((await stateOf(world, idOf(wus))).status).to.equal(Status.open);
    });
    it("issues 200", async () => {
      const world = await freshWorld();
      const all = Array.from({ length: 200 }, (_, i) => terms({ holder: ethers.toBeHex(i + 1, 20) }));
      await as(world.prescriptions, people.drLi).issueBatch(all.map((one) => order(one)));
      expect((await stateOf(world, idOf(all[199]!))).status).to.equal(Status.open);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { prescriptions } = await freshWorld();
      await as(prescriptions, people.emergency).pause(START + DAY);
      const sent = as(prescriptions, people.drLi).issueBatch([order(terms())]);
      await fails(sent, prescriptions, "DomainIsPaused", START + DAY);
    });
  });
});
