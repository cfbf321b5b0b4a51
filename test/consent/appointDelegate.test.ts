import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { DAY, HOUR, START, as, at, mineAt, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import { ecdsaKey } from "./keys.ts";
import {
  ALL_CATEGORIES,
  ALL_POWERS,
  Category,
  DELEGATION_MAX,
  Member,
  Power,
  Purpose,
  Ruling,
  appoint,
  authorize,
  delegated,
  delegation,
  field,
  freshConsents,
  grant,
  mask,
  proposeKey,
  revokeAll,
  revokeDelegate,
  ruling,
  setDelegationVersion,
  wide,
  type Delegation,
} from "./support.ts";

const helper = ecdsaKey("helper Hank");

describe("ConsentRegistry.appointDelegate", () => {
  describe("when the subject signs", () => {
    it("emits DelegateAppointed with the version after it, and the delegation stands", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const { powers, categories, purposes, validUntil } = delegation(mara.id, carer.key, {
        powers: Power.grant,
      });
      const args = [mara.id, 8, 1, 0, carer.key, powers, categories, purposes, validUntil];
      const sent = appoint(world, mara, carer, { number: 8, powers });
      await emits(sent, consents, "DelegateAppointed", ...args);
      const state = await consents.delegationOf(mara.id, 8);
      expect([...state]).to.eql([
        carer.key,
        1n,
        0n,
        BigInt(powers),
        BigInt(categories),
        purposes,
        BigInt(validUntil),
        true,
      ]);
    });
    it("takes all kinds of signers, and delegates of all kinds", async () => {
      const world = await freshConsents();
      const { mara, wim, pia, toni } = world;
      const circle = [mara, wim, pia, toni];
      for (const [i, patient] of circle.entries()) {
        const other = circle[(i + 1) % circle.length]!;
        await appoint(world, patient, other);
        await grant(world, patient, delegated(), { by: other });
        expect(await ruling(world, patient)).to.equal(Ruling.permitted);
      }
    });
    it("replaces what stood under the number, whose permits end", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await grant(world, mara, delegated(), { by: carer });
      await appoint(world, mara, helper, { version: 1 });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      const sent = grant(world, mara, delegated({ number: 5 }), { by: carer });
      await fails(sent, consents, "ConsentSignatureInvalid", mara.id, helper.key);
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid for each kind of signer", async () => {
      const world = await freshConsents();
      const { mara, wim, pia, toni, carer } = world;
      for (const patient of [mara, wim, pia, toni]) {
        const send = (how: object) => appoint(world, patient, carer, {}, how);
        await refusesForgeries(world, send, patient.id, patient);
      }
    });
    it("reverts with ConsentSignatureInvalid when a field was altered on the way", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const terms = delegation(mara.id, carer.key, { powers: Power.deny });
      const signed = await authorize(world, mara, "Delegation", terms);
      for (const altered of [
        { powers: ALL_POWERS },
        { key: helper.key },
        { number: 2 },
        { categories: ALL_CATEGORIES },
        { purposes: wide(Purpose.research) },
        { validUntil: terms.validUntil + 1 },
      ] satisfies Partial<Delegation>[]) {
        const sent = as(consents, people.stranger).appointDelegate({ ...terms, ...altered }, signed);
        await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      }
    });
    it("reverts with ConsentVerifierUnknown for a delegate of a verifier that is not ours", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const foreign = foreignKey(world);
      await appoint(world, mara, foreign);
      const sent = appoint(world, mara, helper, { delegate: 1, number: 2 }, { by: foreign });
      await fails(sent, consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      await refusesUntimely(world, (how) => appoint(world, world.mara, world.carer, {}, how));
    });
  });
  describe("when the version or the epoch is not the one that stands", () => {
    it("reverts with ConsentVersionStale for a replay and for one that runs ahead", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await fails(appoint(world, mara, carer), consents, "ConsentVersionStale", mara.id, 0, 1);
      const ahead = appoint(world, mara, carer, { version: 2 });
      await fails(ahead, consents, "ConsentVersionStale", mara.id, 2, 1);
    });
    it("reverts with ConsentVersionStale for one that was withheld and relayed after its revocation", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const terms = delegation(mara.id, carer.key);
      const withheld = await authorize(world, mara, "Delegation", terms);
      await revokeDelegate(world, mara, { version: 0 });
      const sent = as(consents, people.stranger).appointDelegate(terms, withheld);
      await fails(sent, consents, "ConsentVersionStale", mara.id, 0, 1);
    });
    it("reverts with ConsentEpochStale after a revocation of all", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await revokeAll(world, mara);
      await fails(appoint(world, mara, carer), consents, "ConsentEpochStale", mara.id, 0, 1);
      await appoint(world, mara, carer, { epoch: 1 });
    });
  });
  describe("when the subject is unknown", () => {
    it("reverts with SubjectUnknown", async () => {
      const world = await freshConsents();
      const nobody = { ...ecdsaKey("nobody"), id: `0x${"07".repeat(32)}`, custodian: Member.stMary };
      await fails(appoint(world, nobody, helper), world.consents, "SubjectUnknown", nobody.id);
    });
  });
  describe("when a field is out of range", () => {
    it("reverts with DelegationInvalid naming the field", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const wrong: readonly (readonly [string, Partial<Delegation>])[] = [
        ["number", { number: 0 }],
        ["number", { number: 9 }],
        ["key", { key: ZeroAddress }],
        ["powers", { powers: 0 }],
        ["powers", { powers: 1 << 7 }],
        ["powers", { powers: 255 }],
        ["validUntil", { validUntil: 0 }],
        ["validUntil", { validUntil: START }],
      ];
      for (const [name, changes] of wrong) {
        const sent = appoint(world, mara, carer, changes);
        await fails(sent, consents, "DelegationInvalid", mara.id, field(name));
      }
    });
    it("reverts with DelegationInvalid for a scope of nothing, and for the subject's own key", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const wrong: readonly (readonly [string, Partial<Delegation>])[] = [
        ["categories", { categories: 0 }],
        ["purposes", { purposes: 0n }],
        ["key", { key: mara.key }],
      ];
      for (const [name, changes] of wrong) {
        const sent = appoint(world, mara, carer, changes);
        await fails(sent, consents, "DelegationInvalid", mara.id, field(name));
      }
    });
    it("reverts with DelegationInvalid near the last version, so that no former one ever comes back", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const last = 2 ** 16 - 1;
      await appoint(world, mara, carer);
      for (const version of [last - 64, last]) {
        await setDelegationVersion(world, mara.id, 1, version);
        const sent = appoint(world, mara, carer, { version });
        await fails(sent, consents, "DelegationInvalid", mara.id, field("version"));
      }
      await revokeDelegate(world, mara, { version: last });
      const { key, version } = await consents.delegationOf(mara.id, 1);
      expect([key, version]).to.eql([ZeroAddress, BigInt(last)]);
      await setDelegationVersion(world, mara.id, 1, last - 65);
      await appoint(world, mara, carer, { version: last - 65 });
    });
    it("reverts with DelegationInvalid for an end more than five years ahead", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const far = appoint(world, mara, carer, { validUntil: START + DELEGATION_MAX + 3 * DAY });
      await fails(far, consents, "DelegationInvalid", mara.id, field("validUntil"));
      await appoint(world, mara, carer, { validUntil: START + DELEGATION_MAX });
    });
  });
  describe("when a delegate signs", () => {
    const inner = { delegate: 1, number: 2, powers: ALL_POWERS & ~Power.appoint } as const;
    it("appoints within its scope, and the further delegation ends with its own", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      const { categories, purposes, validUntil } = delegation(mara.id, carer.key);
      const args = [mara.id, 2, 1, 1, helper.key, inner.powers, categories, purposes, validUntil];
      const sent = appoint(world, mara, helper, inner, { by: carer });
      await emits(sent, consents, "DelegateAppointed", ...args);
      await grant(world, mara, delegated({ delegate: 2 }), { by: helper });
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await revokeDelegate(world, mara);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      expect((await consents.delegationOf(mara.id, 2)).live).to.equal(false);
      const late = grant(world, mara, delegated({ delegate: 2, number: 5 }), { by: helper });
      await fails(late, consents, "DelegateExceeds", mara.id, 2, field("validUntil"));
    });
    it("leaves the further delegation dead when its own is made anew", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await appoint(world, mara, helper, inner, { by: carer });
      await appoint(world, mara, carer, { version: 1 });
      expect((await consents.delegationOf(mara.id, 2)).live).to.equal(false);
    });
    it("reverts with DelegateExceeds without the power, and when it passes the power on", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: ALL_POWERS & ~Power.appoint });
      const powerless = appoint(world, mara, helper, inner, { by: carer });
      await fails(powerless, consents, "DelegateExceeds", mara.id, 1, field("powers"));
      await appoint(world, mara, carer, { version: 1 });
      const passed = appoint(world, mara, helper, { ...inner, powers: Power.appoint }, { by: carer });
      await fails(passed, consents, "DelegateExceeds", mara.id, 1, field("powers"));
    });
    it("reverts with DelegateExceeds for powers, categories, purposes or end beyond its own", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer, { powers: Power.appoint | Power.grant });
      const { validUntil } = delegation(mara.id, carer.key);
      const beyond: readonly (readonly [string, Partial<Delegation>])[] = [
        ["powers", { powers: Power.grant | Power.deny }],
        ["categories", { categories: mask(Category.laboratory, Category.genetics) }],
        ["purposes", { purposes: wide(Purpose.research) }],
        ["validUntil", { validUntil: validUntil + 1 }],
      ];
      for (const [name, changes] of beyond) {
        const terms = { ...inner, powers: Power.grant, ...changes };
        const sent = appoint(world, mara, helper, terms, { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, 1, field(name));
      }
    });
    it("reverts when it would write over itself or over what the subject or another appointed", async () => {
      const world = await freshConsents();
      const { consents, mara, carer, guardian } = world;
      await appoint(world, mara, carer);
      await appoint(world, mara, guardian, { number: 3 });
      for (const number of [1, 3]) {
        const terms = { ...inner, number, version: 1 };
        const sent = appoint(world, mara, helper, terms, { by: carer });
        await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("number"));
      }
      const state = await consents.delegationOf(mara.id, 3);
      expect(state.key).to.equal(guardian.key);
    });
    it("reverts with DelegateExceeds once its delegation ended", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      const validUntil = (await now()) + 10 * HOUR;
      await appoint(world, mara, carer, { validUntil });
      const terms = delegation(mara.id, helper.key, { ...inner, validUntil: validUntil - 1 });
      const until = validUntil + HOUR;
      const signed = await authorize(world, carer, "Delegation", terms, { until });
      await at(validUntil);
      const sent = as(consents, people.anyRelay).appointDelegate(terms, signed);
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("validUntil"));
    });
    it("counts the further delegation no longer than its own", async () => {
      const world = await freshConsents();
      const { mara, carer } = world;
      const validUntil = (await now()) + 10 * DAY;
      await appoint(world, mara, carer, { validUntil });
      await appoint(world, mara, helper, { ...inner, validUntil }, { by: carer });
      await grant(world, mara, delegated({ delegate: 2, validUntil }), { by: helper });
      await mineAt(validUntil - 1);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      await mineAt(validUntil);
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
    });
  });
  describe("given a new key is proposed", () => {
    it("reverts with SubjectKeyContested", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await proposeKey(world, mara, ecdsaKey("Mara's next"), carer);
      const sent = appoint(world, mara, helper, { number: 2 });
      await fails(sent, consents, "SubjectKeyContested", mara.id);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const world = await freshConsents();
      const until = (await now()) + DAY;
      await as(world.consents, people.emergency).pause(until);
      const sent = appoint(world, world.mara, world.carer);
      await fails(sent, world.consents, "DomainIsPaused", until);
    });
  });
});
