import { expect } from "chai";
import fc from "fast-check";

import { DAY, ethers } from "../core/chain.ts";

/** The same by JavaScript's calendar. */
const later = (second: number, months: number): number => {
  const from = new Date(second * 1_000);
  const last = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months + 1, 0));
  const day = Math.min(from.getUTCDate(), last.getUTCDate());
  return Date.UTC(last.getUTCFullYear(), last.getUTCMonth(), day) / 1_000 + (second % DAY);
};

const second = (text: string): number => Date.parse(`${text}Z`) / 1_000;

describe("CalendarMonths.add", () => {
  const deploy = async () => {
    const harness = await ethers.deployContract("CalendarMonthsHarness");
    return async (timestamp: number, months: number): Promise<number> =>
      Number((await harness.getFunction("add")(timestamp, months)) as bigint);
  };

  describe("when the later month has the day", () => {
    it("gives the same second of that day", async () => {
      const add = await deploy();
      expect(await add(second("1970-01-01T00:00:00"), 0)).to.equal(0);
      expect(await add(second("2026-11-15T23:59:59"), 1)).to.equal(second("2026-12-15T23:59:59"));
      expect(await add(second("2026-12-31T12:00:00"), 1)).to.equal(second("2027-01-31T12:00:00"));
      expect(await add(second("2027-03-01T00:00:00"), 12)).to.equal(second("2028-03-01T00:00:00"));
    });
  });
  describe("when the later month is shorter", () => {
    it("gives the same second of its last day", async () => {
      const add = await deploy();
      expect(await add(second("2027-01-31T06:30:00"), 1)).to.equal(second("2027-02-28T06:30:00"));
      expect(await add(second("2028-01-31T06:30:00"), 1)).to.equal(second("2028-02-29T06:30:00"));
      expect(await add(second("2028-02-29T06:30:00"), 12)).to.equal(second("2029-02-28T06:30:00"));
      expect(await add(second("2028-02-29T06:30:00"), 48)).to.equal(second("2032-02-29T06:30:00"));
      expect(await add(second("2096-02-29T00:00:00"), 48)).to.equal(second("2100-02-28T00:00:00"));
      expect(await add(second("2399-12-31T00:00:00"), 2)).to.equal(second("2400-02-29T00:00:00"));
    });
  });
  describe("when any time to the year 2106 and any number of months is given", () => {
    it("agrees with another calendar", async () => {
      const add = await deploy();
      await fc.assert(
        fc.asyncProperty(fc.nat(2 ** 32 - 1), fc.nat(65_535), async (timestamp, months) => {
          expect(await add(timestamp, months)).to.equal(later(timestamp, months));
        }),
        { numRuns: 500, seed: 1_582 },
      );
    });
  });
});
