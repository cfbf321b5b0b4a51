import { expect } from "chai";

import { deployed, ethers } from "../fixtures/deployed.ts";

describe("Domain.receive", () => {
  const COIN = 10n ** 18n;

  const load = async () => {
    const { memberRegistry, prescriptionRegistry, actors } = await deployed();
    const giver = actors.stranger.address;
    await ethers.provider.send("hardhat_setBalance", [giver, `0x${(2n * COIN).toString(16)}`]);
    return { registries: [memberRegistry, prescriptionRegistry], stranger: actors.stranger, giver };
  };

  describe("when the chain's coin is sent without a call", () => {
    it("reverts with DomainTakesNoCoin", async () => {
      const { registries, stranger, giver } = await load();
      for (const registry of registries) {
        const sent = stranger.sendTransaction({ to: await registry.getAddress(), value: COIN });
        await expect(sent).to.be.revertedWithCustomError(registry, "DomainTakesNoCoin").withArgs(giver, COIN);
      }
    });
  });

  describe("when the chain's coin is sent with a call", () => {
    it("reverts and keeps nothing", async () => {
      const { registries, stranger } = await load();
      for (const registry of registries) {
        const to = await registry.getAddress();
        for (const data of ["0x12345678", registry.interface.encodeFunctionData("pausedUntil")]) {
          await expect(stranger.sendTransaction({ to, data, value: COIN })).to.be.revert(ethers);
        }
        expect(await ethers.provider.getBalance(to)).to.equal(0n);
      }
    });
  });
});
