import { expect } from "chai";

import { ethers, networkHelpers } from "./chain.ts";
import { fails } from "./expect.ts";
import { freshConsortium, people } from "./world.ts";

/** Which of the registries. */
export type Registry =
  "registry" | "prescriptions" | "standards" | "records" | "consents" | "research" | "lots";

const COIN = 5n;

const load = async (which: Registry) => {
  const { [which]: contract } = await freshConsortium();
  const { stranger } = people;
  await networkHelpers.setBalance(stranger.address, 2n * COIN);
  return { contract, stranger, to: await contract.getAddress() };
};

/** A bare transfer reverts with DomainTakesNoCoin and leaves nothing behind. */
export const refusesTransfers = async (which: Registry): Promise<void> => {
  const { contract, stranger, to } = await load(which);
  const sent = stranger.wallet.sendTransaction({ to, value: COIN });
  await fails(sent, contract, "DomainTakesNoCoin", stranger.address, COIN);
  expect(await ethers.provider.getBalance(to)).to.equal(0n);
};

/** Coin beside a call, known or unknown, reverts and leaves nothing behind. */
export const refusesCoinWithCalls = async (which: Registry): Promise<void> => {
  const { contract, stranger, to } = await load(which);
  for (const data of ["0xdeadbeef", contract.interface.encodeFunctionData("pausedUntil")]) {
    await expect(stranger.wallet.sendTransaction({ to, data, value: COIN })).to.be.revert(ethers);
  }
  expect(await ethers.provider.getBalance(to)).to.equal(0n);
};

/** A call that no function answers reverts, without coin too. */
export const refusesUnknownCalls = async (which: Registry): Promise<void> => {
  const { stranger, to } = await load(which);
  await expect(stranger.wallet.sendTransaction({ to, data: "0xdeadbeef" })).to.be.revert(ethers);
};
