import { expect } from "chai";

import { ethers, networkHelpers } from "../core/chain.ts";
import { fails } from "../core/expect.ts";
import { freshConsortium, people } from "../core/world.ts";

describe("MemberRegistry.receive", () => {
  describe("when somebody sends coin", () => {
    it("reverts with DomainTakesNoCoin and keeps none", async () => {
      const { registry: contract } = await freshConsortium();
      const { stranger } = people;
      await networkHelpers.setBalance(stranger.address, 5n);
      const to = await contract.getAddress();
      const sent = stranger.wallet.sendTransaction({ to, value: 5n });
      await fails(sent, contract, "DomainTakesNoCoin", stranger.address, 5n);
      expect(await ethers.provider.getBalance(to)).to.equal(0n);
    });
  });
  describe("when somebody calls what nobody knows", () => {
    it("reverts", async () => {
      const { registry: contract } = await freshConsortium();
      const sent = people.stranger.wallet.sendTransaction({
        to: await contract.getAddress(),
        data: "0xdeadbeef",
      });
      await expect(sent).to.be.revert(ethers);
    });
  });
});
