import { expect } from "chai";

import { as } from "../core/chain.ts";
import { people } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { terms, freshLock, dispense } from "./support.ts";

describe("PrescriptionRegistry.unmarkClaimed", () => {
  const load = async () => {
    const world = await freshLock();
    await dispense(world, terms());
    return { ...world, claims: as(world.prescriptions, people.claims) };
  };

  describe("when the caller has not the claims role", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { prescriptions, id, claims } = await load();
      await claims.markClaimed(id, 1);
      for (const who of [people.stranger, people.governance, people.anna]) {
        const sent = as(prescriptions, who).unmarkClaimed(id, 1);
        await fails(sent, prescriptions, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given it is unknown or not claimed", () => {
    it("reverts with DispenseUnknown or DispenseNotClaimed", async () => {
      const { prescriptions, id, claims } = await load();
      await fails(claims.unmarkClaimed(id, 2), prescriptions, "DispenseUnknown", id, 2);
      await fails(claims.unmarkClaimed(id, 1), prescriptions, "DispenseNotClaimed", id, 1);
    });
  });
  describe("given it is claimed", () => {
    it("emits DispenseClaimReversed, and it may be claimed again", async () => {
      const { prescriptions, id, claims } = await load();
      await claims.markClaimed(id, 1);
      await emits(claims.unmarkClaimed(id, 1), prescriptions, "DispenseClaimReversed", id, 1);
      expect((await prescriptions.dispenseOf(id, 1)).claimed).to.equal(false);
      await claims.markClaimed(id, 1);
    });
  });
});
