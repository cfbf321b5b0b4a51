import { expect } from "chai";
import { ZeroHash, concat, keccak256, zeroPadValue } from "ethers";

import { actor, as, at, ethers, START, DAY, type Actor } from "../core/chain.ts";
import { Duty, RETIRED, SEVERAL } from "../core/words.ts";
import { people, Member, freshConsortium, APPOINTED_UNTIL, LICENSED_THROUGH } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { signReplacement, type Replacement } from "./support.ts";

describe("MemberRegistry.replaceOperator", () => {
  const { stMary, northGeneral, healthOffice } = Member;
  const fresh = actor("Dr Li's new card");
  const deadline = START + DAY;
  const terms: Replacement = { member: stMary, operator: people.drLi.key, replacement: fresh.key, deadline };
  const load = async () => {
    const { registry } = await freshConsortium();
    const replace = async (signature: string, by: Actor = people.stMaryAdmin, until = deadline) =>
      await as(registry, by).replaceOperator(stMary, people.drLi.key, fresh.key, until, signature);
    return { registry, replace, signed: await signReplacement(registry, people.drLi, terms) };
  };

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry, replace, signed } = await load();
      for (const who of [people.drLi, people.northAdmin, people.stranger]) {
        const sent = replace(signed, who);
        await fails(sent, registry, "MemberAdminOnly", stMary, people.stMaryAdmin.address, who.address);
      }
    });
  });
  describe("when the operator was never appointed", () => {
    it("reverts with OperatorUnknown", async () => {
      const { registry } = await load();
      const sent = as(registry, people.stMaryAdmin).replaceOperator(
        stMary,
        people.drWu.key,
        fresh.key,
        0,
        "0x",
      );
      await fails(sent, registry, "OperatorUnknown", stMary, people.drWu.key);
    });
  });
  describe("when the replacement is zero", () => {
    it("reverts with OperatorKeyInvalid", async () => {
      const { registry } = await load();
      const sent = as(registry, people.stMaryAdmin).replaceOperator(
        stMary,
        people.drLi.key,
        ZeroHash,
        0,
        "0x",
      );
      await fails(sent, registry, "OperatorKeyInvalid", ZeroHash);
    });
  });
  describe("when the replacement is an operator of this member, or the same key", () => {
    it("reverts with OperatorKeyInUse", async () => {
      const { registry } = await load();
      for (const { key } of [people.drChen, people.drLi]) {
        const sent = as(registry, people.stMaryAdmin).replaceOperator(stMary, people.drLi.key, key, 0, "0x");
        await fails(sent, registry, "OperatorKeyInUse", stMary, key);
      }
    });
  });
  describe("given the replacement carries a suspension", () => {
    it("keeps that suspension beside those that move", async () => {
      const { registry, replace, signed } = await load();
      const agency = as(registry, people.agencyInspector);
      await agency.suspendOperator(Member.drugAgency, stMary, fresh.key, Duty.PRESCRIBE);
      await as(registry, people.inspector).suspendOperator(
        healthOffice,
        stMary,
        people.drLi.key,
        Duty.SUBMIT,
      );
      await replace(signed);
      const { suspended, suspender } = await registry.operatorOf(stMary, fresh.key);
      expect([suspended, suspender]).to.eql([BigInt(Duty.PRESCRIBE | Duty.SUBMIT), SEVERAL]);
      expect(await registry.effectiveDuties(stMary, fresh.key)).to.equal(0n);
    });
    it("names who suspended it where no other regulator did", async () => {
      for (const isOldSuspended of [false, true]) {
        const { registry, replace, signed } = await load();
        const inspect = as(registry, people.inspector);
        await inspect.suspendOperator(healthOffice, stMary, fresh.key, Duty.PRESCRIBE);
        if (isOldSuspended) await inspect.suspendOperator(healthOffice, stMary, people.drLi.key, Duty.SUBMIT);
        await replace(signed);
        const { suspended, suspender } = await registry.operatorOf(stMary, fresh.key);
        const duties = isOldSuspended ? Duty.PRESCRIBE | Duty.SUBMIT : Duty.PRESCRIBE;
        expect([suspended, suspender]).to.eql([BigInt(duties), BigInt(healthOffice)]);
      }
    });
  });
  describe("given the replacement carries a licence of its own", () => {
    it("keeps that licence, and takes the old key's only when the old key signed", async () => {
      const { registry, replace } = await load();
      await as(registry, people.licenser).license(healthOffice, {
        member: stMary,
        operator: fresh.key,
        duties: Duty.REVIEW,
        throughDay: LICENSED_THROUGH,
      });
      await replace("0x");
      const { licensedThrough } = await registry.operatorOf(stMary, fresh.key);
      expect([...licensedThrough].slice(0, 2)).to.eql([0n, BigInt(LICENSED_THROUGH)]);
      expect(await registry.effectiveDuties(stMary, fresh.key)).to.equal(0n);
      expect(await registry.licensorOf(stMary, fresh.key, Duty.REVIEW)).to.equal(healthOffice);
    });
  });
  describe("given the replacement was itself replaced", () => {
    it("reverts with OperatorKeyRetired", async () => {
      const { registry, replace, signed } = await load();
      await replace(signed);
      const admin = as(registry, people.stMaryAdmin);
      const back = admin.replaceOperator(stMary, fresh.key, people.drLi.key, 0, "0x");
      await fails(back, registry, "OperatorKeyRetired", stMary, people.drLi.key);
    });
  });
  describe("when the signature is by another key", () => {
    it("reverts with OperatorReplacementUnsigned", async () => {
      const { registry, replace } = await load();
      for (const who of [people.stMaryAdmin, fresh, people.drChen]) {
        const sent = replace(await signReplacement(registry, who, terms));
        await fails(sent, registry, "OperatorReplacementUnsigned", stMary, people.drLi.key, fresh.key);
      }
      const card = keccak256("0x1234");
      await as(registry, people.stMaryAdmin).appoint(stMary, {
        operator: card,
        duties: Duty.PRESCRIBE,
        until: APPOINTED_UNTIL,
      });
      const sent = as(registry, people.stMaryAdmin).replaceOperator(
        stMary,
        card,
        fresh.key,
        deadline,
        "0x1234",
      );
      await fails(sent, registry, "OperatorReplacementUnsigned", stMary, card, fresh.key);
    });
  });
  describe("when the signature names another replacement, member or deadline", () => {
    it("reverts with OperatorReplacementUnsigned again", async () => {
      const { registry, replace } = await load();
      const others: Replacement[] = [
        { ...terms, replacement: people.stranger.key },
        { ...terms, member: northGeneral },
        { ...terms, operator: people.drChen.key },
        { ...terms, deadline: deadline - 1 },
      ];
      for (const other of others) {
        const sent = replace(await signReplacement(registry, people.drLi, other));
        await fails(sent, registry, "OperatorReplacementUnsigned", stMary, people.drLi.key, fresh.key);
      }
    });
  });
  describe("when the signature is for another chain or contract", () => {
    it("reverts with OperatorReplacementUnsigned as well", async () => {
      const { registry, replace } = await load();
      const domains = [
        { chainId: 1n },
        { verifyingContract: people.stranger.address },
        { version: "2" },
        { name: "CareLedger PrescriptionRegistry" },
      ];
      for (const domain of domains) {
        const sent = replace(await signReplacement(registry, people.drLi, terms, domain));
        await fails(sent, registry, "OperatorReplacementUnsigned", stMary, people.drLi.key, fresh.key);
      }
    });
  });
  describe("when the deadline has passed", () => {
    it("reverts with OperatorSignatureExpired", async () => {
      const { registry, replace, signed } = await load();
      await at(deadline + 1);
      await fails(replace(signed), registry, "OperatorSignatureExpired", deadline);
    });
  });
  describe("when the signature is empty", () => {
    it("moves duties and end, but no licence", async () => {
      const { registry, replace } = await load();
      await emits(replace("0x"), registry, "OperatorReplaced", stMary, people.drLi.key, fresh.key, false);
      const stands = await registry.operatorOf(stMary, fresh.key);
      expect([stands.duties, stands.appointedUntil]).to.eql([
        BigInt(Duty.PRESCRIBE),
        BigInt(APPOINTED_UNTIL),
      ]);
      expect([...stands.licensedThrough]).to.eql(Array(8).fill(0n));
      expect(await registry.effectiveDuties(stMary, fresh.key)).to.equal(0n);
      expect(await registry.effectiveDuties(stMary, people.drLi.key)).to.equal(0n);
      expect(await registry.licensorOf(stMary, fresh.key, Duty.PRESCRIBE)).to.equal(0n);
    });
  });
  describe("when the old key signed", () => {
    it("moves licences too, at the last second of the deadline", async () => {
      const { registry, replace, signed } = await load();
      await at(deadline);
      await emits(replace(signed), registry, "OperatorReplaced", stMary, people.drLi.key, fresh.key, true);
      expect(await registry.effectiveDuties(stMary, fresh.key)).to.equal(Duty.PRESCRIBE);
      expect(await registry.licensorOf(stMary, fresh.key, Duty.PRESCRIBE)).to.equal(healthOffice);
    });
    it("leaves the old key without duty or licence", async () => {
      const { registry, replace, signed } = await load();
      await replace(signed);
      const old = await registry.operatorOf(stMary, people.drLi.key);
      expect([old.duties, old.appointedUntil, [...old.licensedThrough]]).to.eql([0n, 0n, Array(8).fill(0n)]);
      const licence = {
        member: stMary,
        operator: people.drLi.key,
        duties: Duty.PRESCRIBE,
        throughDay: LICENSED_THROUGH,
      };
      const sent = as(registry, people.licenser).license(healthOffice, licence);
      await fails(sent, registry, "OperatorKeyRetired", stMary, people.drLi.key);
      expect(await registry.licensorOf(stMary, people.drLi.key, Duty.PRESCRIBE)).to.equal(0n);
    });
  });
  describe("given the old key is a wallet contract (ERC-1271)", () => {
    it("takes what the contract holds to be its signature, and nothing else", async () => {
      const { registry } = await load();
      const [first, second] = [actor("owner 1 of a shared key"), actor("owner 2 of a shared key")];
      const owners = [first.address, second.address];
      const shared = await ethers.deployContract("SharedKey", owners, people.deployer.wallet);
      const key = zeroPadValue(await shared.getAddress(), 32);
      const admin = as(registry, people.stMaryAdmin);
      const { PRESCRIBE: duties } = Duty;
      await admin.appoint(stMary, { operator: key, duties, until: APPOINTED_UNTIL });
      const licence = { member: stMary, operator: key, duties, throughDay: LICENSED_THROUGH };
      await as(registry, people.licenser).license(healthOffice, licence);
      const asked = { ...terms, operator: key };
      const one = await signReplacement(registry, first, asked);
      const two = await signReplacement(registry, second, asked);
      const late = await signReplacement(registry, second, { ...asked, deadline: deadline + 1 });
      for (const wrong of [one, two, concat([two, one]), concat([one, late]), "0x00"]) {
        const sent = admin.replaceOperator(stMary, key, fresh.key, deadline, wrong);
        await fails(sent, registry, "OperatorReplacementUnsigned", stMary, key, fresh.key);
      }
      const sent = admin.replaceOperator(stMary, key, fresh.key, deadline, concat([one, two]));
      await emits(sent, registry, "OperatorReplaced", stMary, key, fresh.key, true);
      expect(await registry.effectiveDuties(stMary, fresh.key)).to.equal(duties);
    });
  });
  describe("given duties of the old key are suspended", () => {
    it("moves the suspension, so that no new key escapes it", async () => {
      const { registry, replace, signed } = await load();
      await as(registry, people.inspector).suspendOperator(
        healthOffice,
        stMary,
        people.drLi.key,
        Duty.PRESCRIBE,
      );
      await replace(signed);
      expect(await registry.effectiveDuties(stMary, fresh.key)).to.equal(0n);
      expect((await registry.operatorOf(stMary, fresh.key)).suspended).to.equal(Duty.PRESCRIBE);
      expect((await registry.operatorOf(stMary, people.drLi.key)).suspended).to.equal(
        RETIRED | BigInt(Duty.PRESCRIBE),
      );
    });
  });
});
