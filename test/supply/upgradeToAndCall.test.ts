import { expect } from "chai";

import { as, at, ethers, plain, START, DAY } from "../core/chain.ts";
import { lotsAt } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  CERTIFICATE,
  EPHEMERAL,
  EXPIRY_DAY,
  Member,
  NOTICE,
  Products,
  Purpose,
  Recall,
  SENT,
  Site,
  Storage,
  administer,
  atClinic,
  deployLotBody,
  dose,
  freshWorld,
  goods,
  lotNumber,
  newProduct,
  people,
  proofOf,
  receive,
  register,
  release,
  ship,
  sscc,
} from "./support.ts";
import { UNKNOWN_LOT } from "./refusals.ts";

describe("LotRegistry.upgradeToAndCall", () => {
  const IMPLEMENTATION = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";
  const { novaVaccines, depotNorth, harbourClinic, drugAgency } = Member;
  const { novaStock, novaQuality, depotSensor } = people;
  const load = async () => {
    const world = await freshWorld();
    const { registry, prescriptions, lots } = world;
    const target = await deployLotBody(await registry.getAddress(), await prescriptions.getAddress());
    return { world, ...world, target, governed: as(lots, people.governance) };
  };

  describe("when the caller is not governance", () => {
    it("reverts with AccessManagedUnauthorized", async () => {
      const { lots, target } = await load();
      for (const who of [people.stranger, people.deployer, people.emergency, novaQuality, people.releaser]) {
        const sent = as(lots, who).upgradeToAndCall(target, "0x");
        await fails(sent, lots, "AccessManagedUnauthorized", who.address);
      }
    });
  });
  describe("when somebody initialises the implementation or the proxy again", () => {
    it("reverts with InvalidInitialization", async () => {
      const { lots, target } = await load();
      const slot = await ethers.provider.getStorage(await lots.getAddress(), IMPLEMENTATION);
      for (const address of [target, `0x${slot.slice(26)}`, await lots.getAddress()]) {
        const body = as(await lotsAt(address), people.stranger);
        await fails(body.initialize(people.stranger.address), lots, "InvalidInitialization");
      }
    });
  });
  describe("when somebody calls a body past the proxy", () => {
    it("reverts with DomainProxyBypassed", async () => {
      const { world, lots, target } = await load();
      const made = await register(world, Products.flu, 64);
      const entries = await (await lotsAt(target)).EXTENSION();
      const keeping = await (await lotsAt(entries)).EXTENSION();
      const oversight = await (await lotsAt(keeping)).EXTENSION();
      const terms = {
        gtin: Products.flu.gtin,
        number: lotNumber("LOT-2"),
        expiryDay: EXPIRY_DAY,
        units: 64,
        serialRoot: made.tree.root,
        site: 1,
      };
      const bodies = [target, entries, keeping, oversight];
      for (const [index, address] of bodies.entries()) {
        const body = await lotsAt(address);
        const nova = as(body, novaStock);
        const calls: (() => Promise<unknown>)[] = [
          async () => await nova.releaseLot(made.id, drugAgency, CERTIFICATE),
          async () => await nova.proposeProduct(newProduct()),
        ];
        const [first, second, third] = [index < 3, index < 2, index < 1];
        if (first) calls.push(async () => await nova.acknowledgeRecall(made.id, novaVaccines, 1, 0, SENT));
        if (second) {
          calls.push(async () => await nova.registerLot(novaVaccines, terms));
          calls.push(async () => await nova.recallLot(made.id, novaVaccines, Recall.classI, NOTICE));
        }
        if (third) {
          calls.push(async () => await nova.ship(goods(made, 10)));
          calls.push(async () => await nova.receiveConsignment(goods(made, 10), false));
          const args = [dose(made, 0), EPHEMERAL, proofOf(made, 0), SENT] as const;
          calls.push(async () => await nova.administer(...args));
        }
        for (const call of calls) await fails(call(), lots, "DomainProxyBypassed", address);
      }
      const governed = as(await lotsAt(target), people.governance);
      await fails(governed.upgradeToAndCall(target, "0x"), lots, "UUPSUnauthorizedCallContext");
    });
  });
  describe("when the parts ask other peers", () => {
    it("reverts with DomainExtensionInvalid", async () => {
      const { lots, registry, prescriptions, target } = await load();
      const [members, orders] = [await registry.getAddress(), await prescriptions.getAddress()];
      const other = people.stranger.address;
      const entries = await (await lotsAt(target)).EXTENSION();
      const keeping = await (await lotsAt(entries)).EXTENSION();
      const oversight = await (await lotsAt(keeping)).EXTENSION();
      const { wallet } = people.deployer;
      for (const [name, extension] of [
        ["LotRegistry", entries],
        ["LotEntries", keeping],
        ["LotKeeping", oversight],
      ] as const) {
        for (const peers of [
          [other, orders],
          [members, other],
        ]) {
          const made = ethers.deployContract(name, [...peers, extension], wallet);
          await fails(made, lots, "DomainExtensionInvalid", extension);
        }
        await ethers.deployContract(name, [members, orders, extension], wallet);
      }
    });
  });
  describe("when the new code is no UUPS implementation", () => {
    it("reverts and the old code stays", async () => {
      const { world, lots, registry, governed } = await load();
      const other = await registry.authority();
      const sent = governed.upgradeToAndCall(other, "0x");
      await fails(sent, lots, "ERC1967InvalidImplementation", other);
      await register(world, Products.flu, 10);
    });
  });
  describe("when governance upgrades", () => {
    it("keeps products, lots, stock, goods under way and devices, and goes on under the new code", async () => {
      const { world, lots, governed, target } = await load();
      const proposed = newProduct();
      await as(lots, novaQuality).proposeProduct(proposed);
      const made = await atClinic(world, Products.flu, 64);
      await administer(world, made, 0);
      const moving = await release(world, Products.plain, 100);
      const sent = await ship(world, goods(moving, 40, { sscc: sscc(9), purpose: Purpose.delivery }));
      const recalled = await release(world, Products.polio, 10);
      await as(lots, people.novaRecall).recallLot(recalled.id, novaVaccines, Recall.classII, NOTICE);
      const watch = { storage_: Storage.refrigerated, site: Site.depotCold, from: 0, sscc: 0n };
      await as(lots, people.depotStock).bindDevice(depotNorth, depotSensor.key, watch);
      const site = Site.clinicFridge;
      const picture = async () => [
        plain(await lots.productOf(Products.flu.gtin)),
        plain(await lots.lotOf(made.id)),
        plain(await lots.lotOf(moving.id)),
        plain(await lots.lotOf(recalled.id)),
        plain(await lots.stockOf(made.id, harbourClinic, site)),
        plain(await lots.consignmentOf(novaVaccines, sscc(9))),
        plain(await lots.watchOf(depotNorth, depotSensor.key)),
        plain(await lots.compartmentOf(depotNorth, Site.depotCold, Storage.refrigerated)),
        [await lots.isSpent(made.id, 0), await lots.isSpent(made.id, 1)],
      ];
      const before = await picture();
      expect(before.at(-1)).to.eql([true, false]);
      await emits(governed.upgradeToAndCall(target, "0x"), lots, "Upgraded", target);
      expect(await picture()).to.eql(before);
      await fails(administer(world, made, 0), lots, "SerialSpent", made.id, 0);
      await as(lots, people.nora).administer(dose(made, 1), EPHEMERAL, made.tree.shortProof(1), SENT);
      await receive(world, sent);
      await as(lots, people.releaser).approveProduct(proposed, drugAgency);
      await as(lots, people.clinicStock).acknowledgeRecall(recalled.id, harbourClinic, site, 0, SENT);
      expect(await lots.EXTENSION()).to.equal(await (await lotsAt(target)).EXTENSION());
      expect((await lots.lotOf(UNKNOWN_LOT)).units).to.equal(0n);
    });
    it("keeps a running pause", async () => {
      const { world, lots, governed, target } = await load();
      await as(lots, people.emergency).pause(START + DAY);
      await governed.upgradeToAndCall(target, "0x");
      await at(START + DAY - 1);
      await fails(register(world, Products.flu, 10), lots, "DomainIsPaused", START + DAY);
    });
  });
});
