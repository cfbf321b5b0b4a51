import { expect } from "chai";
import { keccak256 } from "ethers";

import { as, now, mineAt } from "../core/chain.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { NONE } from "./support.ts";

describe("MemberRegistry.publishEncryptionKey", () => {
  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.sunTill).publishEncryptionKey(Member.sunPharmacy, "0x01");
      const admin = people.sunAdmin.address;
      await fails(sent, registry, "MemberAdminOnly", Member.sunPharmacy, admin, people.sunTill.address);
    });
  });
  describe("given the member is closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.governance).closeMember(Member.sunPharmacy);
      const sent = as(registry, people.sunAdmin).publishEncryptionKey(Member.sunPharmacy, "0x01");
      await fails(sent, registry, "MemberNotActive", Member.sunPharmacy);
    });
  });
  describe("when the key is empty or longer than 256 bytes", () => {
    it("reverts with MemberPublicationSize", async () => {
      const { registry } = await freshConsortium();
      for (const size of [0, 257]) {
        const sent = as(registry, people.sunAdmin).publishEncryptionKey(
          Member.sunPharmacy,
          `0x${"ab".repeat(size)}`,
        );
        await fails(sent, registry, "MemberPublicationSize", Member.sunPharmacy, size, 256);
      }
    });
  });
  describe("when the key has 1 to 256 bytes", () => {
    it("emits MemberEncryptionKeyPublished with the hash before", async () => {
      const { registry } = await freshConsortium();
      const admin = as(registry, people.sunAdmin);
      const sent = admin.publishEncryptionKey(Member.sunPharmacy, "0x01");
      await emits(sent, registry, "MemberEncryptionKeyPublished", Member.sunPharmacy, NONE, "0x01");
      const second = `0x${"cd".repeat(256)}`;
      const rotated = admin.publishEncryptionKey(Member.sunPharmacy, second);
      const before = keccak256("0x01");
      await emits(rotated, registry, "MemberEncryptionKeyPublished", Member.sunPharmacy, before, second);
    });
    it("keeps hash and block, so that one query finds the key", async () => {
      const { registry } = await freshConsortium();
      const published = `0x${"ef".repeat(32)}`;
      await as(registry, people.sunAdmin).publishEncryptionKey(Member.sunPharmacy, published);
      await mineAt((await now()) + 10);
      const { encryptionKeyHash, encryptionKeyBlock } = await registry.memberOf(Member.sunPharmacy);
      expect(encryptionKeyHash).to.equal(keccak256(published));
      const block = Number(encryptionKeyBlock);
      const filter = registry.filters.MemberEncryptionKeyPublished(Member.sunPharmacy);
      const logs = await registry.queryFilter(filter, block, block);
      expect(logs.map((log) => log.args.encryptionKey)).to.eql([published]);
    });
  });
});
