import { refusesCoinWithCalls, refusesTransfers, refusesUnknownCalls } from "../core/takesNoCoin.ts";

describe("StandardsRegistry.receive", () => {
  describe("when somebody sends coin", () => {
    it("reverts with DomainTakesNoCoin and keeps none", async () => {
      await refusesTransfers("standards");
    });
  });
  describe("when somebody sends coin with a call", () => {
    it("reverts and keeps none", async () => {
      await refusesCoinWithCalls("standards");
    });
  });
  describe("when somebody calls what nobody knows", () => {
    it("reverts", async () => {
      await refusesUnknownCalls("standards");
    });
  });
});
