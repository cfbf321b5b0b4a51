import { expect } from "chai";

import { as } from "../core/chain.ts";
import { people, Member, Site } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { Withdrawal, SENT, terms, freshLock, dispense } from "./support.ts";

describe("PrescriptionRegistry.markClaimed", () => {
  const { sunPharmacy } = Member;
  const load = async () => {
    const world = await freshLock();
    await dispense(world, terms());
    return { ...world, claims: as(world.prescriptions, people.claims) };
  };

  describe("when the caller has not the claims role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { prescriptions, id } = await load();
      for (const who of [
        people.stranger,
        people.governance,
        people.anna,
        people.inspector,
        people.emergency,
      ]) {
        const sent = as(prescriptions, who).markClaimed(id, 1);
        await fails(sent, prescriptions, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the ordinal was not given", () => {
    it("reverts with DispenseUnknown", async () => {
      const { prescriptions, id, claims } = await load();
      for (const ordinal of [0, 2]) {
        await fails(claims.markClaimed(id, ordinal), prescriptions, "DispenseUnknown", id, ordinal);
      }
    });
  });
  describe("given it is claimed", () => {
    it("reverts with DispenseIsClaimed", async () => {
      const { prescriptions, id, claims } = await load();
      await claims.markClaimed(id, 1);
      await fails(claims.markClaimed(id, 1), prescriptions, "DispenseIsClaimed", id, 1);
    });
  });
  describe("given it was withdrawn", () => {
    it("reverts with DispenseAlreadyWithdrawn", async () => {
      const { prescriptions, id, claims } = await load();
      await as(prescriptions, people.anna).withdrawDispense(
        terms(),
        sunPharmacy,
        1,
        Withdrawal.returned,
        "0x",
        SENT,
      );
      await fails(claims.markClaimed(id, 1), prescriptions, "DispenseAlreadyWithdrawn", id, 1);
    });
  });
  describe("given it is the closing of a fill", () => {
    it("reverts with DispenseIsClosing", async () => {
      const { prescriptions, id, claims } = await load();
      await as(prescriptions, people.anna).closeFill(terms(), sunPharmacy, Site.sunMarket, 1, 2, SENT);
      await fails(claims.markClaimed(id, 2), prescriptions, "DispenseIsClosing", id, 2);
    });
  });
  describe("given it stands", () => {
    it("emits DispenseClaimed and flags the record", async () => {
      const { prescriptions, id, claims } = await load();
      await emits(claims.markClaimed(id, 1), prescriptions, "DispenseClaimed", id, 1);
      expect((await prescriptions.dispenseOf(id, 1)).claimed).to.equal(true);
    });
  });
});
