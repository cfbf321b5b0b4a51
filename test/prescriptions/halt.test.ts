import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";

import { ethers, as, at, START, HOUR, DAY, plain } from "../core/chain.ts";
import { Duty, SEVERAL } from "../core/words.ts";
import { people, Member } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { HaltReason, accept, deployPrescriptionBody, freshWorld, issue, terms } from "./support.ts";

describe("PrescriptionRegistry.halt", () => {
  const { stMary, northGeneral, healthOffice, drugAgency } = Member;
  const { keyCompromise, unspecified } = HaltReason;
  const li = people.drLi.key;
  const load = async () => {
    const world = await freshWorld();
    return { ...world, inspect: as(world.prescriptions, people.inspector) };
  };

  describe("when the caller is no INSPECT operator of the regulator", () => {
    it("reverts with DutyNotHeld", async () => {
      const { prescriptions } = await load();
      for (const who of [people.stranger, people.licenser, people.agencyInspector, people.governance]) {
        const sent = as(prescriptions, who).halt(healthOffice, stMary, ZeroHash, START, keyCompromise);
        await fails(sent, prescriptions, "DutyNotHeld", healthOffice, who.key, Duty.INSPECT);
      }
    });
  });
  describe("when since is zero or in the future, or the reason is missing", () => {
    it("reverts with HaltInvalid", async () => {
      const { prescriptions, inspect } = await load();
      await at(START + HOUR);
      const future = inspect.halt(healthOffice, stMary, ZeroHash, START + HOUR + 1, keyCompromise);
      await fails(future, prescriptions, "HaltInvalid", stMary, START + HOUR + 1, keyCompromise);
      const zero = inspect.halt(healthOffice, stMary, ZeroHash, 0, keyCompromise);
      await fails(zero, prescriptions, "HaltInvalid", stMary, 0, keyCompromise);
      const bare = inspect.halt(healthOffice, stMary, ZeroHash, START, unspecified);
      await fails(bare, prescriptions, "HaltInvalid", stMary, START, unspecified);
    });
  });
  describe("when an issuer is halted", () => {
    it("emits PrescriptionsHalted and stops those issued since, to the second", async () => {
      const world = await load();
      const { prescriptions, inspect } = world;
      const at1 = START + HOUR;
      const made = async (second: number, fills: number) => {
        await at(second);
        return await issue(world, terms({ fills }));
      };
      await made(at1 - 1, 1);
      await made(at1, 2);
      await made(at1 + 9, 3);
      await at(at1 + 10);
      const sent = inspect.halt(healthOffice, stMary, ZeroHash, at1, keyCompromise);
      const args = [stMary, ZeroHash, healthOffice, at1, at1 + 10, keyCompromise];
      await emits(sent, prescriptions, "PrescriptionsHalted", ...args);
      await made(at1 + 11, 4);
      const halted = [];
      for (const fills of [1, 2, 3, 4])
        halted.push((await prescriptions.standingOf(terms({ fills }))).halted);
      expect(halted).to.eql([false, true, true, false]);
      await accept(world, terms({ fills: 1 }));
      await accept(world, terms({ fills: 4 }));
      const standing = plain(await prescriptions.haltOf(stMary, ZeroHash));
      expect(standing).to.eql([BigInt(at1), BigInt(at1 + 10), BigInt(at1 + 10), BigInt(healthOffice)]);
    });
    it("leaves other issuers alone", async () => {
      const world = await load();
      const wus = terms({ issuer: northGeneral, prescriber: people.drWu.key });
      await issue(world, wus, people.drWu);
      await world.inspect.halt(healthOffice, stMary, ZeroHash, START, keyCompromise);
      await accept(world, wus);
    });
  });
  describe("when one prescriber is halted", () => {
    it("stops only that prescriber's", async () => {
      const world = await load();
      const id = await issue(world, terms());
      const chens = terms({ prescriber: people.drChen.key });
      await issue(world, chens, people.drChen);
      await world.inspect.halt(healthOffice, stMary, li, START, keyCompromise);
      const args = [id, START, healthOffice];
      await fails(accept(world, terms()), world.prescriptions, "PrescriptionHalted", ...args);
      await accept(world, chens);
    });
  });
  describe("given a halt stands", () => {
    it("is widened, by any regulator, and never narrowed", async () => {
      const { prescriptions, inspect } = await load();
      await at(START + HOUR);
      await inspect.halt(healthOffice, stMary, li, START + 100, keyCompromise);
      const agency = as(prescriptions, people.agencyInspector);
      const narrower = agency.halt(drugAgency, stMary, li, START + 101, keyCompromise);
      await fails(narrower, prescriptions, "HaltNarrowed", stMary, li, START + 100, healthOffice);
      await at(START + 2 * HOUR);
      const wider = agency.halt(drugAgency, stMary, li, START + 50, keyCompromise);
      const args = [stMary, li, drugAgency, START + 50, START + 2 * HOUR, keyCompromise];
      await emits(wider, prescriptions, "PrescriptionsHalted", ...args);
      const standing = plain(await prescriptions.haltOf(stMary, li));
      const times = [BigInt(START + 50), BigInt(START + 2 * HOUR), BigInt(START + HOUR)];
      expect(standing).to.eql([...times, SEVERAL]);
    });
  });
  describe("given the regulator spent its halts", () => {
    it("reverts with HaltRateExceeded until the period is over", async () => {
      const { prescriptions, inspect } = await load();
      const first = START + HOUR;
      await at(first);
      for (let i = 1; i <= 20; i++) {
        await inspect.halt(healthOffice, stMary, ethers.toBeHex(i, 32), START, keyCompromise);
      }
      await at(first + DAY - 1);
      const sent = inspect.halt(healthOffice, stMary, ZeroHash, START, keyCompromise);
      await fails(sent, prescriptions, "HaltRateExceeded", healthOffice, first + DAY);
      await as(prescriptions, people.agencyInspector).halt(drugAgency, stMary, li, START, keyCompromise);
      await at(first + DAY + 1);
      await inspect.halt(healthOffice, stMary, ZeroHash, START, keyCompromise);
    });
  });
  describe("given several halts stand", () => {
    it("bites until the last of them is lifted, and counts them beside the pause and the code", async () => {
      const world = await load();
      const { prescriptions, inspect } = world;
      const SLOT = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
      const word = async () =>
        BigInt(await ethers.provider.getStorage(await prescriptions.getAddress(), SLOT));
      const standing = async () => Number((await word()) >> 192n);
      const code = (await word()) & (2n ** 160n - 1n);
      const id = await issue(world, terms());
      expect(await standing()).to.equal(0);
      await inspect.halt(healthOffice, stMary, ZeroHash, START, keyCompromise);
      await inspect.halt(healthOffice, stMary, li, START, keyCompromise);
      await inspect.halt(healthOffice, northGeneral, ZeroHash, START, keyCompromise);
      await inspect.halt(healthOffice, stMary, li, START, keyCompromise);
      expect(await standing()).to.equal(3);
      await as(prescriptions, people.emergency).pause(START + DAY);
      expect(await standing()).to.equal(3);
      await at(START + HOUR);
      await as(prescriptions, people.emergency).resume();
      const target = await deployPrescriptionBody(await world.registry.getAddress(), ZeroAddress);
      await as(prescriptions, people.governance).upgradeToAndCall(target, "0x");
      expect([await standing(), await prescriptions.pausedUntil()]).to.eql([3, BigInt(START + HOUR)]);
      await inspect.resumeHalted(healthOffice, stMary, ZeroHash);
      await as(prescriptions, people.governance).liftHalt(northGeneral, ZeroHash);
      expect(await standing()).to.equal(1);
      const args = [id, START, healthOffice];
      await fails(accept(world, terms()), prescriptions, "PrescriptionHalted", ...args);
      await inspect.resumeHalted(healthOffice, stMary, li);
      expect([await standing(), (await word()) & (2n ** 160n - 1n)]).to.eql([0, BigInt(target)]);
      expect(code).to.not.equal(BigInt(target));
      await accept(world, terms());
    });
  });
  describe("given the domain is paused", () => {
    it("halts all the same", async () => {
      const { prescriptions, inspect } = await load();
      await as(prescriptions, people.emergency).pause(START + DAY);
      await inspect.halt(healthOffice, stMary, ZeroHash, START, keyCompromise);
      expect((await prescriptions.haltOf(stMary, ZeroHash)).since).to.equal(START);
    });
  });
});
