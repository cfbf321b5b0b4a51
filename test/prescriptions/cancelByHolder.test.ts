import { expect } from "chai";
import { type TypedDataDomain, ZeroHash } from "ethers";

import { as, at, mineAt, START, DAY } from "../core/chain.ts";
import { Duty } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Status, holder, freshWorld, terms, idOf, sign, FOREIGN_DOMAINS, issue, accept } from "./support.ts";

describe("PrescriptionRegistry.cancelByHolder", () => {
  const { stMary, healthOffice } = Member;
  const load = async () => {
    const world = await freshWorld();
    const id = await issue(world, terms());
    const signed = async (by = holder(1), of = id, until = START + DAY, domain: TypedDataDomain = {}) =>
      await sign(world.prescriptions, by, "HolderCancel", { prescription: of }, until, domain);
    return { ...world, id, signed, relay: as(world.prescriptions, people.anyRelay) };
  };

  describe("when the holder signed", () => {
    it("emits PrescriptionCancelled without an operator, whoever relays it", async () => {
      const { prescriptions, id, signed, relay } = await load();
      const message = await signed();
      await at(START + DAY);
      await emits(
        relay.cancelByHolder(terms(), message),
        prescriptions,
        "PrescriptionCancelled",
        id,
        ZeroHash,
      );
    });
    it("works while paused and halted, with every relay of the hospital suspended", async () => {
      const { prescriptions, registry, id, signed, relay } = await load();
      await as(prescriptions, people.emergency).pause(START + DAY);
      await as(prescriptions, people.inspector).halt(healthOffice, stMary, ZeroHash, START, 1);
      await as(registry, people.inspector).suspendMember(healthOffice, stMary, Duty.SUBMIT, START + DAY, 1);
      const sent = relay.cancelByHolder(terms(), await signed());
      await emits(sent, prescriptions, "PrescriptionCancelled", id, ZeroHash);
    });
  });
  describe("when another key signed, or for another prescription, chain or contract", () => {
    it("reverts with PrescriptionHolderSignatureInvalid", async () => {
      const { prescriptions, id, signed, relay } = await load();
      const other = relay.cancelByHolder(terms(), await signed(people.drLi));
      const args = [id, holder(1).address, people.drLi.address];
      await fails(other, prescriptions, "PrescriptionHolderSignatureInvalid", ...args);
      const wrong = [await signed(holder(1), idOf(terms({ fills: 9 })))];
      for (const domain of FOREIGN_DOMAINS) wrong.push(await signed(holder(1), id, START + DAY, domain));
      const release = { prescription: id, lockCount: 0 };
      wrong.push(await sign(prescriptions, holder(1), "Release", release, START + DAY));
      for (const one of wrong) {
        const sent = relay.cancelByHolder(terms(), one);
        await expect(sent).to.be.revertedWithCustomError(prescriptions, "PrescriptionHolderSignatureInvalid");
      }
    });
  });
  describe("when the deadline has passed", () => {
    it("reverts with SignatureExpired", async () => {
      const { prescriptions, signed, relay } = await load();
      const message = await signed();
      await at(START + DAY + 1);
      const sent = relay.cancelByHolder(terms(), message);
      await fails(sent, prescriptions, "SignatureExpired", START + DAY);
    });
  });
  describe("given a lock is live", () => {
    it("emits PrescriptionCancellationOrdered and takes effect when the lock ends", async () => {
      const world = await load();
      await accept(world, terms());
      const sent = world.relay.cancelByHolder(terms(), await world.signed());
      await emits(sent, world.prescriptions, "PrescriptionCancellationOrdered", world.id, ZeroHash);
      await mineAt(START + DAY);
      expect((await world.prescriptions.standingOf(terms())).status).to.equal(Status.cancelled);
    });
  });
  describe("given it is final or unknown", () => {
    it("reverts with PrescriptionStatusWrong or PrescriptionUnknown", async () => {
      const { prescriptions, id, signed, relay } = await load();
      const message = await signed();
      await relay.cancelByHolder(terms(), message);
      const twice = relay.cancelByHolder(terms(), message);
      await fails(twice, prescriptions, "PrescriptionStatusWrong", id, Status.cancelled);
      const other = terms({ fills: 9 });
      const unknown = relay.cancelByHolder(other, await signed(holder(1), idOf(other)));
      await fails(unknown, prescriptions, "PrescriptionUnknown", idOf(other));
    });
  });
});
