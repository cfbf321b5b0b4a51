import { expect } from "chai";

import { DAY, as, at, ethers, now, plain } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { consentsAt, people } from "../core/world.ts";
import {
  Member,
  Ruling,
  appoint,
  authorize,
  breakGlass,
  deny,
  deployConsentBody,
  disclose,
  emergency,
  freshConsents,
  glassIdOf,
  grant,
  peersOf,
  proposeKey,
  rule,
  ruling,
  staff,
} from "./support.ts";
import { ecdsaKey } from "./keys.ts";

const IMPLEMENTATION = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

const load = async () => {
  const world = await freshConsents();
  const parts = await deployConsentBody(...(await peersOf(world)));
  return { ...world, world, ...parts, governed: as(world.consents, people.governance) };
};

describe("ConsentRegistry.upgradeToAndCall", () => {
  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { consents, body } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, staff.desk]) {
        const sent = as(consents, who).upgradeToAndCall(body, "0x");
        await fails(sent, consents, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when somebody initialises the implementation or the proxy again", () => {
    it("reverts with InvalidInitialization", async () => {
      const { consents, body } = await load();
      const slot = await ethers.provider.getStorage(await consents.getAddress(), IMPLEMENTATION);
      for (const address of [body, `0x${slot.slice(26)}`, await consents.getAddress()]) {
        const called = as(await consentsAt(address), people.stranger);
        await fails(called.initialize(people.stranger.address), consents, "InvalidInitialization");
      }
    });
  });
  describe("when somebody calls a body or an extension past the proxy", () => {
    it("reverts with DomainProxyBypassed, or knows no subject", async () => {
      const { world, consents, body, oversight, custody, mara } = await load();
      const signed = await authorize(world, mara, "Grant", rule(mara.id));
      const alone = as(await consentsAt(body), people.anyRelay);
      await fails(alone.grant(rule(mara.id), signed), consents, "DomainProxyBypassed", body);
      for (const address of [body, oversight, custody]) {
        const called = as(await consentsAt(address), people.anyRelay);
        await fails(called.refreshCategories(), consents, "DomainProxyBypassed", address);
      }
      const denied = alone.deny(rule(mara.id), signed);
      await fails(denied, consents, "SubjectUnknown", mara.id);
      const governed = as(await consentsAt(body), people.governance);
      await fails(governed.upgradeToAndCall(body, "0x"), consents, "UUPSUnauthorizedCallContext");
    });
  });
  describe("when the parts of a body do not fit", () => {
    it("reverts with DomainExtensionInvalid for other members, standards or verifiers, and for no code", async () => {
      const { world, consents, oversight, custody } = await load();
      const [members, standards, p256, webAuthn] = await peersOf(world);
      const nobody = people.stranger.address;
      const others = [
        [nobody, standards, p256, webAuthn],
        [members, nobody, p256, webAuthn],
        [members, standards, webAuthn, webAuthn],
        [members, standards, p256, p256],
      ];
      const { wallet } = people.deployer;
      for (const peers of others) {
        const first = ethers.deployContract("ConsentRegistry", [...peers, oversight], wallet);
        await fails(first, consents, "DomainExtensionInvalid", oversight);
        const second = ethers.deployContract("ConsentOversight", [...peers, custody], wallet);
        await fails(second, consents, "DomainExtensionInvalid", custody);
      }
      const peers = [members, standards, p256, webAuthn];
      for (const name of ["ConsentRegistry", "ConsentOversight"]) {
        const bare = ethers.deployContract(name, [...peers, nobody], wallet);
        await fails(bare, consents, "DomainExtensionInvalid", nobody);
      }
    });
  });
  describe("when the new code is no UUPS implementation", () => {
    it("reverts and the old code stays", async () => {
      const { world, consents, registry, governed } = await load();
      const other = await registry.authority();
      const sent = governed.upgradeToAndCall(other, "0x");
      await fails(sent, consents, "ERC1967InvalidImplementation", other);
      await grant(world, world.mara);
    });
  });
  describe("when governance upgrades", () => {
    it("keeps subjects, rules, delegations, proposals, uses and lists, and goes on under the new code", async () => {
      const { world, consents, mara, wim, carer, governed, body } = await load();
      await grant(world, mara);
      await appoint(world, mara, carer);
      await deny(world, wim);
      await appoint(world, wim, carer);
      await proposeKey(world, wim, ecdsaKey("Wim's next"), carer);
      await breakGlass(world);
      await disclose(world, emergency(mara.id));
      const picture = async () => [
        plain(await consents.subjectOf(mara.id)),
        plain(await consents.subjectOf(wim.id)),
        plain(await consents.ruleOf(mara.id, Member.northGeneral, 0, 0)),
        plain(await consents.delegationOf(mara.id, 1)),
        plain(await consents.replacementOf(wim.id)),
        plain(await consents.breakGlassOf(glassIdOf())),
        plain(await consents.breakGlassStandingOf(Member.northGeneral, staff.drVega.key)),
        await consents.categories(),
      ];
      const before = await picture();
      const withheld = await authorize(world, mara, "Grant", rule(mara.id, { number: 1 }));
      await emits(governed.upgradeToAndCall(body, "0x"), consents, "Upgraded", body);
      expect(await picture()).to.eql(before);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await as(consents, people.anyRelay).grant(rule(mara.id, { number: 1 }), withheld);
    });
    it("keeps a running pause", async () => {
      const { world, consents, governed, body } = await load();
      const until = (await now()) + DAY;
      await as(consents, people.emergency).pause(until);
      await governed.upgradeToAndCall(body, "0x");
      await at(until - 1);
      await fails(grant(world, world.mara), consents, "DomainIsPaused", until);
    });
  });
});
