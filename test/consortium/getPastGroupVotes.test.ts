import { expect } from "chai";

import { as, now, mineAt, START, DAY } from "../core/chain.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails } from "../core/expect.ts";

describe("MemberRegistry.getPastGroupVotes", () => {
  describe("when the second is not over", () => {
    it("reverts with VotesNotYetKnown, for groups and for the total", async () => {
      const { registry } = await freshConsortium();
      await mineAt(START + DAY);
      const second = START + DAY;
      await fails(registry.getPastGroupVotes(101, second), registry, "VotesNotYetKnown", second, second);
      await fails(registry.getPastTotalVotes(second + 1), registry, "VotesNotYetKnown", second + 1, second);
      expect(await registry.getPastTotalVotes(second - 1)).to.equal(6n);
    });
  });
  describe("given members came, moved and went", () => {
    it("remembers each past second", async () => {
      const { registry } = await freshConsortium();
      const governed = as(registry, people.governance);
      const times: number[] = [];
      await governed.setMemberGroup(Member.northGeneral, 101);
      times.push(await now());
      await governed.closeMember(Member.stMary);
      times.push(await now());
      await governed.closeMember(Member.northGeneral);
      times.push(await now());
      await mineAt((await now()) + 1);
      const group = await Promise.all(times.map(async (time) => await registry.getPastGroupVotes(101, time)));
      const total = await Promise.all(times.map(async (time) => await registry.getPastTotalVotes(time)));
      expect([group, total]).to.eql([
        [1n, 1n, 0n],
        [5n, 5n, 4n],
      ]);
      expect(await registry.getPastTotalVotes(START - 1)).to.equal(0n);
      expect(await registry.getPastGroupVotes(999, times[0]!)).to.equal(0n);
    });
    it("speaks ERC-6372 by timestamp", async () => {
      const { registry } = await freshConsortium();
      expect(await registry.clock()).to.equal(await now());
      expect(await registry.CLOCK_MODE()).to.equal("mode=timestamp");
    });
  });
});
