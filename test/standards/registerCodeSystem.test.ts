import { expect } from "chai";
import { ZeroHash } from "ethers";

import { as, at, ethers, START, DAY, HOUR } from "../core/chain.ts";
import { people, CODE_SYSTEMS, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";

describe("StandardsRegistry.registerCodeSystem", () => {
  const next = CODE_SYSTEMS.length + 1;
  const url = "http://loinc.org";
  const version = "2.99";
  const load = async () => {
    const { standards } = await freshConsortium();
    return { standards, governed: as(standards, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { standards } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, people.stMaryArchive]) {
        const sent = as(standards, who).registerCodeSystem(url, version);
        await fails(sent, standards, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { standards, governed } = await load();
      await as(standards, people.emergency).pause(START + DAY);
      await fails(governed.registerCodeSystem(url, version), standards, "DomainIsPaused", START + DAY);
    });
  });
  describe("when a text is empty or longer than 255 bytes", () => {
    it("reverts with CodeSystemInvalid", async () => {
      const { standards, governed } = await load();
      const long = "é".repeat(128);
      for (const [one, other] of [
        ["", version],
        [url, ""],
        [long, version],
        [url, long],
      ] as const) {
        await fails(governed.registerCodeSystem(one, other), standards, "CodeSystemInvalid", one, other);
      }
      const longest = `${"é".repeat(127)}e`;
      await governed.registerCodeSystem(longest, longest);
    });
  });
  describe("given this pair is registered", () => {
    it("reverts with CodeSystemInvalid, for a retired pair too", async () => {
      const { standards, governed } = await load();
      const [first] = CODE_SYSTEMS;
      if (first === undefined) throw new Error("no code system");
      await governed.retireCodeSystem(1);
      const again = governed.registerCodeSystem(first.url, first.version);
      await fails(again, standards, "CodeSystemInvalid", first.url, first.version);
    });
  });
  describe("when all holds", () => {
    it("emits CodeSystemRegistered under the next number", async () => {
      const { standards, governed } = await load();
      expect(await standards.codeSystemCount()).to.equal(next - 1);
      await at(START + HOUR);
      const sent = governed.registerCodeSystem(url, version);
      await emits(sent, standards, "CodeSystemRegistered", next, url, version);
      const expected = [ethers.id(url), ethers.id(version), BigInt(START + HOUR), 0n];
      expect([...(await standards.codeSystemOf(next))]).to.eql(expected);
      expect(await standards.codeSystemCount()).to.equal(next);
    });
  });
  describe("when the initial list was deployed", () => {
    it("stands under its numbers, and number 0 and the next are free", async () => {
      const { standards } = await load();
      expect(CODE_SYSTEMS.map((one) => one.url)).to.include.members([
        "http://loinc.org",
        "http://snomed.info/sct",
      ]);
      for (const [index, one] of CODE_SYSTEMS.entries()) {
        const found = await standards.codeSystemOf(index + 1);
        expect([found.urlHash, found.versionHash]).to.eql([ethers.id(one.url), ethers.id(one.version)]);
      }
      for (const free of [0, next])
        expect([...(await standards.codeSystemOf(free))]).to.eql([ZeroHash, ZeroHash, 0n, 0n]);
    });
  });
});
