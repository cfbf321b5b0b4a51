import { expect } from "chai";

import { ethers, as, now, mineAt } from "../core/chain.ts";
import { people, Member, freshConsortium } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import { NONE } from "./support.ts";

describe("MemberRegistry.publishEndpoint", () => {
  const endpoint = "https://custodian.sun.example/fhir";

  describe("when the caller is not the admin", () => {
    it("reverts with MemberAdminOnly", async () => {
      const { registry } = await freshConsortium();
      const sent = as(registry, people.sunTill).publishEndpoint(Member.sunPharmacy, endpoint);
      const admin = people.sunAdmin.address;
      await fails(sent, registry, "MemberAdminOnly", Member.sunPharmacy, admin, people.sunTill.address);
    });
  });
  describe("given the member is closed", () => {
    it("reverts with MemberNotActive", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.governance).closeMember(Member.sunPharmacy);
      const sent = as(registry, people.sunAdmin).publishEndpoint(Member.sunPharmacy, endpoint);
      await fails(sent, registry, "MemberNotActive", Member.sunPharmacy);
    });
  });
  describe("when the endpoint is empty or longer than 256 bytes", () => {
    it("reverts with MemberPublicationSize", async () => {
      const { registry } = await freshConsortium();
      for (const size of [0, 257]) {
        const sent = as(registry, people.sunAdmin).publishEndpoint(Member.sunPharmacy, "x".repeat(size));
        await fails(sent, registry, "MemberPublicationSize", Member.sunPharmacy, size, 256);
      }
    });
  });
  describe("when the endpoint has 1 to 256 bytes", () => {
    it("emits MemberEndpointPublished with the hash before", async () => {
      const { registry } = await freshConsortium();
      const admin = as(registry, people.sunAdmin);
      const sent = admin.publishEndpoint(Member.sunPharmacy, endpoint);
      await emits(sent, registry, "MemberEndpointPublished", Member.sunPharmacy, NONE, endpoint);
      const second = "y".repeat(256);
      const moved = admin.publishEndpoint(Member.sunPharmacy, second);
      await emits(
        moved,
        registry,
        "MemberEndpointPublished",
        Member.sunPharmacy,
        ethers.id(endpoint),
        second,
      );
    });
    it("keeps hash and block, so that one query finds the endpoint", async () => {
      const { registry } = await freshConsortium();
      await as(registry, people.sunAdmin).publishEndpoint(Member.sunPharmacy, endpoint);
      await mineAt((await now()) + 10);
      const { endpointHash, endpointBlock } = await registry.memberOf(Member.sunPharmacy);
      expect(endpointHash).to.equal(ethers.id(endpoint));
      const block = Number(endpointBlock);
      const logs = await registry.queryFilter(
        registry.filters.MemberEndpointPublished(Member.sunPharmacy),
        block,
        block,
      );
      expect(logs.map((log) => log.args.endpoint)).to.eql([endpoint]);
    });
  });
});
