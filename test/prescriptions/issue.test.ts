import { expect } from "chai";
import { type ContractTransactionResponse, ZeroHash, ZeroAddress } from "ethers";

import { ethers, as, at, inOneBlock, START, HOUR, DAY } from "../core/chain.ts";
import { Duty, Sector } from "../core/words.ts";
import { people, Member, LICENSED_THROUGH, type World } from "../core/world.ts";
import { fails, emits } from "../core/expect.ts";
import {
  Status,
  type Terms,
  SENT,
  EPHEMERAL,
  SIGNATURE_LIFE,
  VALIDITY_MAX,
  holder,
  freshWorld,
  terms,
  order,
  idOf,
  sign,
  FOREIGN_DOMAINS,
  issue,
  stateOf,
} from "./support.ts";

describe("PrescriptionRegistry.issue", () => {
  const relayed = async (
    world: World,
    prescription: Terms,
    signer = people.drLi,
    until = START + DAY,
    domain = {},
  ) => {
    const message = { prescription, ephemeralKey: EPHEMERAL };
    return order(prescription, await sign(world.prescriptions, signer, "Issue", message, until, domain));
  };
  const bySystem = (world: World) => as(world.prescriptions, people.stMarySystem);

  describe("when the prescriber sends the order itself", () => {
    it("emits PrescriptionIssued with all terms and returns the struct hash as id", async () => {
      const { prescriptions } = await freshWorld();
      const t = terms({ reviewer: Member.sunPharmacy });
      const doctor = as(prescriptions, people.drLi);
      expect(await doctor.issue.staticCall(order(t))).to.equal(idOf(t));
      const args = [t.issuer, t.holder, t.prescriber, t.commitment, t.unitsPerFill, t.fills, t.interval];
      const window = [t.validFrom, t.validUntil, t.reviewer];
      await emits(doctor.issue(order(t)), prescriptions, "PrescriptionIssued", idOf(t), ...args, ...window);
    });
    it("emits the ERC-5564 Announcement with the compressed key and the view tag", async () => {
      const { prescriptions } = await freshWorld();
      const t = terms();
      const point = `${EPHEMERAL.prefix}${EPHEMERAL.x.slice(2)}`;
      const args = [1, t.holder, people.drLi.address, point, EPHEMERAL.viewTag];
      const sent = as(prescriptions, people.drLi).issue(order(t));
      await emits(sent, prescriptions, "Announcement", ...args);
    });
    it("stands open, with all units of the first fill left", async () => {
      const world = await freshWorld();
      await at(START + HOUR);
      const id = await issue(world, terms());
      expect(await stateOf(world, id)).to.eql({
        status: Status.open,
        cancelPending: false,
        lockUsed: false,
        lockNext: false,
        fillBegun: false,
        unitsLeft: 30_000n,
        fill: 1,
        fillOpenedAt: 0,
        lockMember: 0,
        lockSite: 0,
        lockedAt: 0,
        lockedUntil: 0,
        lockCount: 0,
        dispenses: 0,
        issuedAt: START + HOUR,
      });
    });
    it("awaits review when the terms name a reviewer", async () => {
      const world = await freshWorld();
      const id = await issue(world, terms({ reviewer: Member.sunPharmacy }));
      expect((await stateOf(world, id)).status).to.equal(Status.awaitingReview);
    });
    it("emits nothing that the state does not say: a read of the terms gives the same standing", async () => {
      const world = await freshWorld();
      await issue(world, terms());
      const standing = await world.prescriptions.standingOf(terms());
      expect([...standing]).to.eql([Status.open, false, false, false, false]);
    });
  });
  describe("when the order is relayed", () => {
    it("takes the prescriber's signature from a SUBMIT operator of the issuer, at the last second of the deadline", async () => {
      const world = await freshWorld();
      const signed = await relayed(world, terms());
      await at(START + DAY);
      await emits(
        bySystem(world).issue(signed),
        world.prescriptions,
        "Announcement",
        1,
        holder(1).address,
        people.stMarySystem.address,
        `${EPHEMERAL.prefix}${EPHEMERAL.x.slice(2)}`,
        EPHEMERAL.viewTag,
      );
      expect((await stateOf(world, idOf(terms()))).status).to.equal(Status.open);
    });
    it("reverts with SignatureExpired one second later", async () => {
      const world = await freshWorld();
      const signed = await relayed(world, terms());
      await at(START + DAY + 1);
      const sent = bySystem(world).issue(signed);
      await fails(sent, world.prescriptions, "SignatureExpired", START + DAY);
    });
    it("reverts with SignatureDeadlineTooFar for a signature that would live longer than 72 hours", async () => {
      const world = await freshWorld();
      await at(START + HOUR);
      const until = START + HOUR + SIGNATURE_LIFE + 1;
      const sent = bySystem(world).issue(await relayed(world, terms(), people.drLi, until));
      await fails(sent, world.prescriptions, "SignatureDeadlineTooFar", until, until - 1);
      await at(START + HOUR + 1);
      await bySystem(world).issue(await relayed(world, terms(), people.drLi, until));
    });
    it("reverts for a relay without SUBMIT, of another member or a stranger", async () => {
      const world = await freshWorld();
      const signed = await relayed(world, terms());
      for (const who of [
        people.stranger,
        people.northSystem,
        people.drChen,
        people.sunTill,
        people.stMaryAdmin,
      ]) {
        const sent = as(world.prescriptions, who).issue(signed);
        await fails(sent, world.prescriptions, "DutyNotHeld", Member.stMary, who.key, Duty.SUBMIT);
      }
    });
    it("reverts for a signature over any other term, key, deadline, chain or contract", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const { attestation } = await relayed(world, terms());
      const others: Partial<Terms>[] = [
        { issuer: Member.stMary, prescriber: people.drChen.key },
        { holder: holder(2).address },
        { commitment: ethers.id("another document") },
        { unitsPerFill: 30_001n },
        { fills: 4 },
        { interval: 0 },
        { validFrom: START + 1 },
        { validUntil: START + 90 * DAY + 1 },
        { reviewer: Member.sunPharmacy },
      ];
      const wrong = [
        ...others.map((other) => order(terms(other), attestation)),
        { ...order(terms(), attestation), ephemeralKey: { ...EPHEMERAL, x: ethers.id("other") } },
        { ...order(terms(), attestation), ephemeralKey: { ...EPHEMERAL, prefix: "0x03" } },
        { ...order(terms(), attestation), ephemeralKey: { ...EPHEMERAL, viewTag: "0x00" } },
        order(terms(), { ...attestation, deadline: attestation.deadline - 1 }),
      ];
      for (const domain of FOREIGN_DOMAINS) {
        wrong.push(await relayed(world, terms(), people.drLi, START + DAY, domain));
      }
      for (const one of wrong) {
        await expect(bySystem(world).issue(one)).to.be.revertedWithCustomError(
          prescriptions,
          "PrescriptionPrescriberMismatch",
        );
      }
    });
    it("reverts for a malformed signature", async () => {
      const world = await freshWorld();
      const bad = { r: ethers.MaxUint256, vs: ZeroHash, deadline: START + DAY };
      const sent = bySystem(world).issue(order(terms(), { ...bad, r: ethers.toBeHex(bad.r, 32) }));
      await fails(sent, world.prescriptions, "SignatureMalformed");
    });
    it("reverts for a signature in the upper half of the curve order", async () => {
      const world = await freshWorld();
      const { attestation } = await relayed(world, terms());
      const parity = BigInt(attestation.vs) >> 255n;
      const s = BigInt(attestation.vs) & ((1n << 255n) - 1n);
      const order256 = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
      const flipped = order256 - s;
      const vs = ethers.toBeHex((flipped & ((1n << 255n) - 1n)) | ((1n - parity) << 255n), 32);
      const sent = bySystem(world).issue(order(terms(), { ...attestation, vs }));
      await expect(sent).to.be.revert(ethers);
      expect((await stateOf(world, idOf(terms()))).status).to.equal(Status.unknown);
    });
  });
  describe("when anyone issues in any doctor's name", () => {
    it("reverts with PrescriptionPrescriberMismatch when a colleague sends it", async () => {
      const { prescriptions } = await freshWorld();
      for (const who of [people.drChen, people.stMarySystem, people.stMaryAdmin, people.stranger]) {
        const sent = as(prescriptions, who).issue(order(terms()));
        const args = [idOf(terms()), people.drLi.key, who.key];
        await fails(sent, prescriptions, "PrescriptionPrescriberMismatch", ...args);
      }
    });
    it("reverts with PrescriptionPrescriberMismatch when a colleague signs it", async () => {
      const world = await freshWorld();
      const sent = bySystem(world).issue(await relayed(world, terms(), people.drChen));
      const args = [idOf(terms()), people.drLi.key, people.drChen.key];
      await fails(sent, world.prescriptions, "PrescriptionPrescriberMismatch", ...args);
    });
    it("reverts with DutyNotHeld when a doctor of another hospital names this issuer", async () => {
      const { prescriptions } = await freshWorld();
      const sent = as(prescriptions, people.drWu).issue(order(terms({ prescriber: people.drWu.key })));
      await fails(sent, prescriptions, "DutyNotHeld", Member.stMary, people.drWu.key, Duty.PRESCRIBE);
    });
  });
  describe("given the prescriber may not prescribe now", () => {
    it("reverts for an appointment that ended, at the first second after it", async () => {
      const world = await freshWorld();
      const { prescriptions, registry } = world;
      const until = START + DAY;
      const appointment = { operator: people.drLi.key, duties: Duty.PRESCRIBE, until };
      await as(registry, people.stMaryAdmin).appoint(Member.stMary, appointment);
      await at(until - 1);
      await issue(world, terms());
      await at(until);
      const sent = as(prescriptions, people.drLi).issue(order(terms({ holder: holder(2).address })));
      await fails(sent, prescriptions, "DutyAppointmentEnded", Member.stMary, people.drLi.key, until);
    });
    it("reverts for a licence that lapsed, at the first second of the next day", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const end = (LICENSED_THROUGH + 1) * DAY;
      const window = { validFrom: START, validUntil: end + DAY };
      await at(end - 1);
      await issue(world, terms(window));
      await at(end);
      const sent = as(prescriptions, people.drLi).issue(
        order(terms({ ...window, holder: holder(2).address })),
      );
      const args = [Member.stMary, people.drLi.key, Duty.PRESCRIBE, LICENSED_THROUGH];
      await fails(sent, prescriptions, "DutyLicenceLapsed", ...args);
    });
    it("reverts when no licence was ever given", async () => {
      const { prescriptions } = await freshWorld();
      const sent = as(prescriptions, people.drIdle).issue(order(terms({ prescriber: people.drIdle.key })));
      await fails(
        sent,
        prescriptions,
        "DutyLicenceLapsed",
        Member.stMary,
        people.drIdle.key,
        Duty.PRESCRIBE,
        0,
      );
    });
    it("reverts in the same block as a dismissal, a revocation, a suspension or a closing", async () => {
      const { registry } = await freshWorld();
      const { stMary, healthOffice } = Member;
      const { key } = people.drLi;
      const member = BigInt(stMary);
      const duty = BigInt(Duty.PRESCRIBE);
      const until = START + 9 * DAY;
      const stops: [() => Promise<ContractTransactionResponse>, string, unknown[]][] = [
        [
          async () => await as(registry, people.stMaryAdmin).dismiss(stMary, [key]),
          "DutyNotHeld",
          [member, key, duty],
        ],
        [
          async () =>
            await as(registry, people.licenser).revokeLicence(healthOffice, stMary, key, Duty.PRESCRIBE),
          "DutyLicenceLapsed",
          [member, key, duty, 0n],
        ],
        [
          async () =>
            await as(registry, people.inspector).suspendOperator(healthOffice, stMary, key, Duty.PRESCRIBE),
          "DutySuspended",
          [member, key, duty],
        ],
        [
          async () =>
            await as(registry, people.inspector).suspendMember(
              healthOffice,
              stMary,
              Duty.PRESCRIBE,
              until,
              1,
            ),
          "DutySuspendedForMember",
          [member, duty, BigInt(until)],
        ],
        [
          async () => await as(registry, people.governance).closeMember(stMary),
          "DutyNotPermitted",
          [member, duty],
        ],
        [
          async () => await as(registry, people.governance).setMemberSectors(stMary, Sector.PHARMACY),
          "DutyNotPermitted",
          [member, duty],
        ],
      ];
      for (const [stop, error, args] of stops) {
        const { prescriptions } = await freshWorld();
        const fates = await inOneBlock(
          [prescriptions.interface],
          stop,
          async () => await as(prescriptions, people.drLi).issue(order(terms())),
        );
        expect(fates).to.eql([{ ok: true }, { ok: false, error, args }]);
      }
    });
    it("reverts in the same way when the order is relayed", async () => {
      const world = await freshWorld();
      const signed = await relayed(world, terms());
      await as(world.registry, people.stMaryAdmin).dismiss(Member.stMary, [people.drLi.key]);
      const args = [Member.stMary, people.drLi.key, Duty.PRESCRIBE];
      await fails(bySystem(world).issue(signed), world.prescriptions, "DutyNotHeld", ...args);
    });
  });
  describe("when a term is out of range", () => {
    it("reverts naming holder, commitment, unitsPerFill or fills when they are zero", async () => {
      const { prescriptions } = await freshWorld();
      const zeros: [string, Partial<Terms>][] = [
        ["holder", { holder: ZeroAddress }],
        ["commitment", { commitment: ZeroHash }],
        ["unitsPerFill", { unitsPerFill: 0n }],
        ["fills", { fills: 0 }],
      ];
      for (const [field, change] of zeros) {
        const t = terms(change);
        const sent = as(prescriptions, people.drLi).issue(order(t));
        await fails(
          sent,
          prescriptions,
          "PrescriptionTermInvalid",
          idOf(t),
          ethers.encodeBytes32String(field),
        );
      }
    });
    it("reverts naming fills beyond 99 and an interval beyond two years", async () => {
      const world = await freshWorld();
      const { prescriptions } = world;
      const beyond: [string, Partial<Terms>][] = [
        ["fills", { fills: 100 }],
        ["interval", { interval: VALIDITY_MAX + 1 }],
      ];
      for (const [field, change] of beyond) {
        const t = terms(change);
        const sent = as(prescriptions, people.drLi).issue(order(t));
        await fails(
          sent,
          prescriptions,
          "PrescriptionTermInvalid",
          idOf(t),
          ethers.encodeBytes32String(field),
        );
      }
      await issue(world, terms({ fills: 99, interval: VALIDITY_MAX, unitsPerFill: 2n ** 40n - 1n }));
    });
    it("reverts with PrescriptionReviewerInvalid for a reviewer that is unknown, closed or without the duty", async () => {
      const { prescriptions, registry } = await freshWorld();
      await as(registry, people.governance).closeMember(Member.moonPharmacy);
      await as(registry, people.governance).setMemberSectors(Member.sunPharmacy, Sector.INSURER);
      for (const reviewer of [99, Member.moonPharmacy, Member.sunPharmacy]) {
        const t = terms({ reviewer });
        const sent = as(prescriptions, people.drLi).issue(order(t));
        await fails(sent, prescriptions, "PrescriptionReviewerInvalid", idOf(t), reviewer);
      }
    });
  });
  describe("when the window does not hold", () => {
    it("reverts when it is empty or inverted", async () => {
      const { prescriptions } = await freshWorld();
      let second = START + HOUR;
      for (const [validFrom, validUntil] of [
        [START + 2 * DAY, START + 2 * DAY],
        [START + 3 * DAY, START + 2 * DAY],
      ] as const) {
        await at(second);
        const t = terms({ validFrom, validUntil });
        const sent = as(prescriptions, people.drLi).issue(order(t));
        const args = [idOf(t), validFrom, validUntil, second + VALIDITY_MAX];
        await fails(sent, prescriptions, "PrescriptionWindowInvalid", ...args);
        second += 1;
      }
    });
    it("reverts when it is over, at its very end", async () => {
      const { prescriptions } = await freshWorld();
      const validUntil = START + HOUR;
      await at(validUntil);
      const t = terms({ validUntil });
      const sent = as(prescriptions, people.drLi).issue(order(t));
      const args = [idOf(t), START, validUntil, validUntil + VALIDITY_MAX];
      await fails(sent, prescriptions, "PrescriptionWindowInvalid", ...args);
    });
    it("reverts when it ends more than two years ahead", async () => {
      const { prescriptions } = await freshWorld();
      const second = START + HOUR;
      await at(second);
      const t = terms({ validUntil: second + VALIDITY_MAX + 1 });
      const sent = as(prescriptions, people.drLi).issue(order(t));
      const args = [idOf(t), START, second + VALIDITY_MAX + 1, second + VALIDITY_MAX];
      await fails(sent, prescriptions, "PrescriptionWindowInvalid", ...args);
    });
    it("takes a window that is over in one second, and one of exactly two years", async () => {
      const world = await freshWorld();
      const second = START + HOUR;
      await at(second);
      await issue(world, terms({ validUntil: second + 1 }));
      await at(second + 1);
      await issue(world, terms({ validUntil: second + 1 + VALIDITY_MAX, validFrom: second + VALIDITY_MAX }));
    });
  });
  describe("when the ephemeral key is no compressed point", () => {
    it("reverts with PrescriptionEphemeralKeyInvalid", async () => {
      const { prescriptions } = await freshWorld();
      const wrong = [{ x: ZeroHash }, { prefix: "0x00" }, { prefix: "0x01" }, { prefix: "0x04" }];
      for (const change of wrong) {
        const bad = { ...order(terms()), ephemeralKey: { ...EPHEMERAL, ...change } };
        const sent = as(prescriptions, people.drLi).issue(bad);
        await fails(sent, prescriptions, "PrescriptionEphemeralKeyInvalid", idOf(terms()));
      }
    });
  });
  describe("given these very terms were issued", () => {
    it("reverts with PrescriptionAlreadyIssued, sent or relayed", async () => {
      const world = await freshWorld();
      const signed = await relayed(world, terms());
      await issue(world, terms());
      const twice = as(world.prescriptions, people.drLi).issue(order(terms()));
      await fails(twice, world.prescriptions, "PrescriptionAlreadyIssued", idOf(terms()));
      await fails(
        bySystem(world).issue(signed),
        world.prescriptions,
        "PrescriptionAlreadyIssued",
        idOf(terms()),
      );
    });
    it("reverts also when the first one is final", async () => {
      const world = await freshWorld();
      await issue(world, terms());
      await as(world.prescriptions, people.drLi).cancel(terms(), Member.stMary, SENT);
      const sent = as(world.prescriptions, people.drLi).issue(order(terms()));
      await fails(sent, world.prescriptions, "PrescriptionAlreadyIssued", idOf(terms()));
    });
  });
  describe("given the same holder key stands on other terms", () => {
    it("gives another id and shares no state", async () => {
      const world = await freshWorld();
      const first = await issue(world, terms());
      const second = await issue(world, terms({ commitment: ethers.id("a second document") }));
      expect(first).to.not.equal(second);
      await as(world.prescriptions, people.drLi).cancel(terms(), Member.stMary, SENT);
      expect((await stateOf(world, second)).status).to.equal(Status.open);
    });
  });
  describe("given the domain is paused", () => {
    it("reverts with DomainIsPaused", async () => {
      const { prescriptions } = await freshWorld();
      await as(prescriptions, people.emergency).pause(START + DAY);
      const sent = as(prescriptions, people.drLi).issue(order(terms()));
      await fails(sent, prescriptions, "DomainIsPaused", START + DAY);
    });
  });
});
