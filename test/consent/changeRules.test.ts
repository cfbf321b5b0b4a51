import { expect } from "chai";

import { DAY, as, now } from "../core/chain.ts";
import { emits, fails } from "../core/expect.ts";
import { Sector } from "../core/words.ts";
import { people } from "../core/world.ts";
import { foreignKey, refusesForgeries, refusesUntimely } from "./forgeries.ts";
import {
  BATCH_MAX,
  Category,
  Member,
  Purpose,
  Ruling,
  appoint,
  authorize,
  changeRules,
  delegated,
  deny,
  field,
  forClass,
  freshConsents,
  grant,
  mask,
  proposeKey,
  revocation,
  revokeAll,
  rule,
  ruleOf,
  ruling,
  wide,
  type ConsentWorld,
  FAR_CATEGORY,
} from "./support.ts";
import { ecdsaKey } from "./keys.ts";

/** One revocation, one deny, two permits. */
const mixed = ({ mara }: ConsentWorld) => ({
  revocations: [revocation(mara.id, { number: 7, version: 0 })],
  denials: [rule(mara.id, { grantee: Member.mediSure })],
  grants: [rule(mara.id), rule(mara.id, { ...forClass(Sector.LABORATORY), number: 1 })],
});

describe("ConsentRegistry.changeRules", () => {
  describe("when the subject signs", () => {
    it("ends, denies and permits, in this order, each with its event", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const sent = changeRules(world, mara, mixed(world));
      const { categories, purposes, validFrom, validUntil } = rule(mara.id);
      const terms = [categories, purposes, validFrom, validUntil];
      await emits(sent, consents, "ConsentRevoked", mara.id, Member.northGeneral, 0, 7, 1, 0);
      const denied = [mara.id, Member.mediSure, 0, 0, 1, 0, ...terms];
      await emits(sent, consents, "ConsentDenied", ...denied);
      const { logs } = (await (await sent).wait())!;
      const names = logs.map((log) => consents.interface.parseLog(log)?.name);
      expect(names).to.eql(["ConsentRevoked", "ConsentDenied", "ConsentGranted", "ConsentGranted"]);
      expect(await ruling(world, mara)).to.equal(Ruling.permitted);
      expect(await ruling(world, mara, { grantee: Member.cityLab })).to.equal(Ruling.permitted);
      expect(await ruling(world, mara, { grantee: Member.mediSure })).to.equal(Ruling.denied);
    });
    it("takes all kinds of signers", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        await changeRules(world, patient, { grants: [rule(patient.id), rule(patient.id, { number: 1 })] });
        expect(await ruling(world, patient)).to.equal(Ruling.permitted);
      }
    });
    it("ends a rule and sets another in its place at once", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await grant(world, mara);
      await changeRules(world, mara, {
        revocations: [revocation(mara.id)],
        grants: [rule(mara.id, { version: 2, categories: mask(Category.imaging) })],
      });
      expect(await ruling(world, mara)).to.equal(Ruling.noRule);
      expect(await ruling(world, mara, { category: Category.imaging })).to.equal(Ruling.permitted);
    });
    it("takes 32 changes", async () => {
      const world = await freshConsents();
      const { mara } = world;
      const rules = Array.from({ length: BATCH_MAX }, (_, i) => {
        return rule(mara.id, { grantee: i < 16 ? Member.northGeneral : Member.cityLab, number: i % 8 });
      });
      // Each number twice: the second time over the version that the first wrote.
      const grants = rules.map((one, i) => ({ ...one, version: Math.floor((i % 16) / 8) }));
      await changeRules(world, mara, { grants });
      expect((await ruleOf(world, mara.id, { number: 7 })).version).to.equal(2n);
    });
  });
  describe("when one of them fails", () => {
    it("does none of them, and says which error", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      await grant(world, mara, { number: 5 });
      const stale = { ...mixed(world), denials: [rule(mara.id, { number: 5, version: 0 })] };
      await fails(changeRules(world, mara, stale), consents, "ConsentVersionStale", mara.id, 0, 1);
      const late = { ...mixed(world), grants: [rule(mara.id), rule(mara.id, { number: 8 })] };
      const args = [mara.id, field("number")];
      await fails(changeRules(world, mara, late), consents, "ConsentRuleInvalid", ...args);
      const unknown = {
        grants: [rule(mara.id), rule(mara.id, { number: 1, categories: mask(FAR_CATEGORY) })],
      };
      const sent = changeRules(world, mara, unknown);
      await fails(sent, consents, "ConsentCategoryUnknown", mara.id, mask(FAR_CATEGORY));
      const epoch = { grants: [rule(mara.id), rule(mara.id, { number: 1, epoch: 2 })] };
      await fails(changeRules(world, mara, epoch), consents, "ConsentEpochStale", mara.id, 2, 0);
      expect((await ruleOf(world, mara.id)).version).to.equal(0n);
      expect((await ruleOf(world, mara.id, { number: 7 })).version).to.equal(0n);
    });
  });
  describe("when another signed, or something else, or for another chain or contract", () => {
    it("reverts with ConsentSignatureInvalid for each kind of signer", async () => {
      const world = await freshConsents();
      for (const patient of [world.mara, world.wim, world.pia, world.toni]) {
        const grants = [rule(patient.id)];
        const send = (how: object) => changeRules(world, patient, { grants }, how);
        await refusesForgeries(world, send, patient.id, patient);
      }
    });
    it("reverts with ConsentSignatureInvalid for a batch that was shortened, lengthened or reordered", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const { revocations, denials, grants } = mixed(world);
      const signed = await authorize(world, mara, "Rules", { revocations, denials, grants });
      const relay = as(consents, people.stranger);
      const altered = [
        [[], denials, grants],
        [revocations, [], grants],
        [revocations, denials, grants.slice(1)],
        [revocations, denials, [...grants].reverse()],
        [revocations, denials, [...grants, rule(mara.id, { number: 3 })]],
        [revocations, grants, denials],
      ] as const;
      for (const [ended, denied, granted] of altered) {
        const sent = relay.changeRules([...ended], [...denied], [...granted], signed);
        await fails(sent, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      }
      await relay.changeRules(revocations, denials, grants, signed);
    });
    it("reverts with ConsentSignatureInvalid for the signature of a single rule, and the other way round", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const relay = as(consents, people.stranger);
      const single = await authorize(world, mara, "Grant", rule(mara.id));
      const asBatch = relay.changeRules([], [], [rule(mara.id)], single);
      await fails(asBatch, consents, "ConsentSignatureInvalid", mara.id, mara.key);
      const message = { revocations: [], denials: [], grants: [rule(mara.id)] };
      const batch = await authorize(world, mara, "Rules", message);
      const asSingle = relay.grant(rule(mara.id), batch);
      await fails(asSingle, consents, "ConsentSignatureInvalid", mara.id, mara.key);
    });
    it("reverts with ConsentVerifierUnknown for a verifier that is not ours", async () => {
      const world = await freshConsents();
      const foreign = foreignKey(world);
      await appoint(world, world.mara, foreign);
      const grants = [rule(world.mara.id, delegated())];
      const sent = changeRules(world, world.mara, { grants }, { by: foreign });
      await fails(sent, world.consents, "ConsentVerifierUnknown", foreign.verifier);
    });
  });
  describe("when the signature is late, or dated too far ahead", () => {
    it("reverts with SignatureExpired or SignatureDeadlineTooFar", async () => {
      const world = await freshConsents();
      const { mara } = world;
      await refusesUntimely(world, (how) => changeRules(world, mara, { grants: [rule(mara.id)] }, how));
    });
  });
  describe("when it was relayed before", () => {
    it("reverts with ConsentVersionStale", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const grants = [rule(mara.id), rule(mara.id, { number: 1 })];
      await changeRules(world, mara, { grants });
      await fails(changeRules(world, mara, { grants }), consents, "ConsentVersionStale", mara.id, 0, 1);
      await revokeAll(world, mara);
      await fails(changeRules(world, mara, { grants }), consents, "ConsentEpochStale", mara.id, 0, 1);
    });
  });
  describe("when the batch is empty, too long, or not of one subject and signer", () => {
    it("reverts with ConsentBatchInvalid", async () => {
      const world = await freshConsents();
      const { consents, mara, wim, carer } = world;
      const refused = async (changes: Parameters<typeof changeRules>[2], size: number) =>
        await fails(changeRules(world, mara, changes), consents, "ConsentBatchInvalid", size, BATCH_MAX);
      await refused({}, 0);
      const many = Array.from({ length: BATCH_MAX }, (_, i) => rule(mara.id, { version: i }));
      const one = revocation(mara.id, { version: 0, number: 1 });
      await refused({ revocations: [one], grants: many }, BATCH_MAX + 1);
      await refused({ grants: [rule(mara.id), rule(wim.id)] }, 2);
      await refused({ denials: [rule(mara.id)], grants: [rule(wim.id)] }, 2);
      await refused({ revocations: [revocation(wim.id)], grants: [rule(mara.id)] }, 2);
      await appoint(world, mara, carer);
      await refused({ grants: [rule(mara.id), rule(mara.id, delegated())] }, 2);
      // A stranger's in second place, with hers behind it.
      const hers = [mara.id, wim.id, mara.id] as const;
      await refused({ revocations: hers.map((id) => revocation(id)) }, 3);
      await refused({ denials: hers.map((id) => rule(id)) }, 3);
      await refused({ grants: hers.map((id) => rule(id)) }, 3);
    });
  });
  describe("when a delegate signs", () => {
    it("changes within its scope, all or none", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      const grants = [rule(mara.id, delegated()), rule(mara.id, delegated({ number: 5 }))];
      const beyond = rule(mara.id, delegated({ number: 6, purposes: wide(Purpose.research) }));
      const sent = changeRules(world, mara, { grants: [...grants, beyond] }, { by: carer });
      await fails(sent, consents, "DelegateExceeds", mara.id, 1, field("purposes"));
      await changeRules(world, mara, { grants }, { by: carer });
      const revocations = [revocation(mara.id, { delegate: 1, number: 5 })];
      const denials = [rule(mara.id, delegated({ number: 5, version: 2 }))];
      await changeRules(world, mara, { revocations, denials }, { by: carer });
      expect(await ruling(world, mara)).to.equal(Ruling.denied);
    });
    it("reverts with ConsentRuleOfSubject over what the subject set", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await deny(world, mara, { number: 4 });
      const grants = [rule(mara.id, delegated({ number: 5 })), rule(mara.id, delegated({ version: 1 }))];
      const sent = changeRules(world, mara, { grants }, { by: carer });
      await fails(sent, consents, "ConsentRuleOfSubject", mara.id, 4);
    });
  });
  describe("given a new key is proposed", () => {
    it("takes revocations and denials, and reverts with SubjectKeyContested for permits", async () => {
      const world = await freshConsents();
      const { consents, mara, carer } = world;
      await appoint(world, mara, carer);
      await proposeKey(world, mara, ecdsaKey("Mara's next"), carer);
      await fails(changeRules(world, mara, mixed(world)), consents, "SubjectKeyContested", mara.id);
      await changeRules(world, mara, { ...mixed(world), grants: [] });
      expect(await ruling(world, mara, { grantee: Member.mediSure })).to.equal(Ruling.denied);
    });
  });
  describe("given the domain is paused", () => {
    it("takes revocations and denials, and reverts with DomainIsPaused for permits", async () => {
      const world = await freshConsents();
      const { consents, mara } = world;
      const until = (await now()) + DAY;
      await as(consents, people.emergency).pause(until);
      await fails(changeRules(world, mara, mixed(world)), consents, "DomainIsPaused", until);
      await changeRules(world, mara, { ...mixed(world), grants: [] });
      expect(await ruling(world, mara, { grantee: Member.mediSure })).to.equal(Ruling.denied);
    });
  });
});
