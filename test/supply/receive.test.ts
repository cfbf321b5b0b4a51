import { refusesCoinWithCalls, refusesTransfers, refusesUnknownCalls } from "../core/takesNoCoin.ts";

describe("LotRegistry.receive", () => {
  describe("when somebody sends coin", () => {
    it("reverts with DomainTakesNoCoin and keeps none", async () => {
      await refusesTransfers("lots");
    });
  });
  describe("when somebody sends coin with a call", () => {
    it("reverts and keeps none", async () => {
      await refusesCoinWithCalls("lots");
    });
  });
  describe("when somebody calls what nobody knows", () => {
    it("reverts", async () => {
      await refusesUnknownCalls("lots");
    });
  });
});
