import { refusesCoinWithCalls, refusesTransfers, refusesUnknownCalls } from "../core/takesNoCoin.ts";

describe("ConsentRegistry.receive", () => {
  describe("when somebody sends coin", () => {
    it("reverts with DomainTakesNoCoin and keeps none", async () => {
      await refusesTransfers("consents");
    });
  });
  describe("when somebody sends coin with a call", () => {
    it("reverts and keeps none", async () => {
      await refusesCoinWithCalls("consents");
    });
  });
  describe("when somebody calls what nobody knows", () => {
    it("reverts", async () => {
      await refusesUnknownCalls("consents");
    });
  });
});
