import {
  SERIALS_MOST,
  buildSerialTree,
  saltedSerialOf,
  verifySerial,
  type SerialTree,
} from "@careledger/sdk";
import { expect } from "chai";
import {
  ContractFactory,
  type Contract,
  ZeroHash,
  concat,
  id,
  keccak256,
  toBeHex,
  toUtf8Bytes,
} from "ethers";
import fc from "fast-check";

import { compileTestContracts } from "../../core/compile.ts";
import { as, ethers } from "../../core/chain.ts";
import {
  CERTIFICATE,
  Member,
  Products,
  SENT,
  Site,
  freshWorld,
  move,
  people,
  register,
  sessionDose,
} from "../../supply/support.ts";
import { failsWith } from "../expect.ts";
import { text20 } from "./gs1/support.ts";

const secret = id("the secret of a lot");
const numbered = (count: number): string[] => Array.from({ length: count }, (_, at) => `SN${at}`);
const treeOf = (count: number, unitsPerSerial: number): SerialTree =>
  buildSerialTree({ serials: numbered(count), secret, unitsPerSerial });

/** The tree as it is specified, written plainly. */
const plainRoot = (serials: readonly string[], unitsPerSerial: number): string => {
  const hashPair = (a: string, b: string): string => keccak256(a < b ? concat([a, b]) : concat([b, a]));
  const leaves = serials.map((serial, index) => {
    const salt = keccak256(concat([secret, toUtf8Bytes(serial)]));
    return keccak256(concat([toBeHex(index, 4), keccak256(concat([salt, toUtf8Bytes(serial)]))]));
  });
  let size = 1;
  while (size * 2 <= 64 / unitsPerSerial) size *= 2;
  const perfect = (nodes: readonly string[]): string => {
    if (nodes.length === 1) return nodes[0]!;
    const half = nodes.length / 2;
    return hashPair(perfect(nodes.slice(0, half)), perfect(nodes.slice(half)));
  };
  let roots: string[] = [];
  for (let at = 0; at < leaves.length; at += size) {
    const group = leaves.slice(at, at + size);
    roots.push(perfect([...group, ...new Array<string>(size - group.length).fill(ZeroHash)]));
  }
  while (roots.length > 1) {
    roots = Array.from({ length: Math.ceil(roots.length / 2) }, (_, at) => {
      const [left, right] = [roots[2 * at]!, roots[2 * at + 1]];
      return right === undefined ? left : hashPair(left, right);
    });
  }
  return roots[0]!;
};

describe("buildSerialTree", () => {
  let checks: Contract;
  before(async () => {
    const { abi, bytecode } = compileTestContracts("test/supply/contracts/SerialProofs.sol")["SerialProofs"]!;
    const [signer] = await ethers.getSigners();
    checks = (await new ContractFactory(abi, bytecode, signer).deploy()) as Contract;
  });

  it("gives the specified root for any number of serials and of units in a pack", () => {
    for (const unitsPerSerial of [1, 2, 3, 10, 16, 33, 64]) {
      for (const count of [1, 2, 3, 5, 31, 32, 33, 63, 64, 65, 129, 200, 321]) {
        const tree = treeOf(count, unitsPerSerial);
        expect(tree.root, `${count} of ${unitsPerSerial}`).to.equal(
          plainRoot(numbered(count), unitsPerSerial),
        );
        expect([tree.count, tree.unitsPerSerial]).to.deep.equal([count, unitsPerSerial]);
      }
    }
    expect([1, 2, 3, 4, 10, 32, 33, 64].map((units) => treeOf(1, units).groupSize)).to.deep.equal([
      64, 32, 16, 16, 4, 2, 1, 1,
    ]);
    // A serial of all 36 bytes cannot pass for a node of 64, and one alone in its word is its own root.
    expect(treeOf(1, 64).proofOf(0)).to.deep.equal([]);
  });

  it("proves every serial to OpenZeppelin's MerkleProof and to verifySerial, at its own index alone", async () => {
    for (const [count, unitsPerSerial] of [
      [1, 64],
      [7, 64],
      [70, 10],
      [150, 1],
    ] as const) {
      const tree = treeOf(count, unitsPerSerial);
      for (let index = 0; index < count; index++) {
        const [proof, saltedSerial] = [tree.proofOf(index), tree.saltedSerialOf(index)];
        expect(proof.length).to.be.at.least(Math.log2(tree.groupSize));
        expect(saltedSerial).to.equal(saltedSerialOf(secret, tree.serialAt(index)));
        const claim = { root: tree.root, index, saltedSerial, proof };
        expect(verifySerial(claim)).to.equal(true);
        expect(verifySerial({ ...claim, index: index + 1 })).to.equal(false);
        expect(verifySerial({ ...claim, saltedSerial: id("another") })).to.equal(false);
        expect(verifySerial({ ...claim, root: id("another") })).to.equal(false);
        if (index % 7 > 0 && index < count - 1) continue;
        const isOfLot = checks.getFunction("isOfLot");
        expect(await isOfLot(proof, tree.root, index, saltedSerial)).to.equal(true);
        expect(await isOfLot(proof, tree.root, index + 1, saltedSerial)).to.equal(false);
      }
    }
  });

  it("finds every serial, whatever its characters, and none that is not there", async () => {
    fc.assert(
      fc.property(fc.uniqueArray(text20, { minLength: 1, maxLength: 300 }), (serials) => {
        const tree = buildSerialTree({ serials, secret, unitsPerSerial: 5 });
        serials.forEach((serial, index) => {
          expect(tree.indexOf(serial)).to.equal(index);
          expect(tree.serialAt(index)).to.equal(serial);
        });
      }),
      { numRuns: 40 },
    );
    const tree = treeOf(5_000, 1);
    expect(tree.indexOf("SN4999")).to.equal(4_999);
    for (const serial of ["SN5000", "", "Ä", "S".repeat(21), 5 as never]) {
      await failsWith(() => tree.indexOf(serial), "SerialNotInLot");
    }
  });

  it("tells nothing of a serial to whom the secret is unknown", () => {
    const other = buildSerialTree({ serials: numbered(3), secret: id("another secret"), unitsPerSerial: 1 });
    const tree = treeOf(3, 1);
    for (const index of [0, 1, 2])
      expect(other.saltedSerialOf(index)).not.to.equal(tree.saltedSerialOf(index));
    expect(JSON.stringify(tree)).not.to.contain(secret);
  });

  it("refuses serials that are doubled or none, and parameters out of range", async () => {
    const build = (changes: object): unknown =>
      buildSerialTree({ serials: ["A", "B"], secret, unitsPerSerial: 1, ...changes });
    await failsWith(() => build({ serials: ["A", "B", "C", "B"] }), "SerialDuplicated", {
      index: 3,
      first: 1,
    });
    for (const serial of ["", "A B", "Ä", "A".repeat(21), 5]) {
      await failsWith(() => build({ serials: ["A", serial] }), "SerialMalformed", { index: 1 });
    }
    for (const changes of [
      { serials: [] },
      { serials: "AB" },
      { serials: undefined },
      { secret: ZeroHash },
      { secret: "0x12" },
      { unitsPerSerial: 0 },
      { unitsPerSerial: 65 },
      { unitsPerSerial: 1.5 },
    ]) {
      await failsWith(() => build(changes), "InputInvalid");
    }
    const tree = treeOf(3, 1);
    for (const index of [-1, 3, 0.5]) {
      await failsWith(() => tree.proofOf(index), "InputInvalid", { parameter: "index" });
      await failsWith(() => tree.saltedSerialOf(index), "InputInvalid");
      await failsWith(() => tree.serialAt(index), "InputInvalid");
      await failsWith(() => tree.runProofOf(index, 1), "InputInvalid", { parameter: "firstIndex" });
    }
    await failsWith(() => tree.runProofOf(1, 3), "InputInvalid", { parameter: "count" });
    await failsWith(() => tree.runProofOf(1, 0), "InputInvalid", { parameter: "count" });
    const claim = { root: tree.root, index: 0, saltedSerial: tree.saltedSerialOf(0), proof: tree.proofOf(0) };
    for (const changes of [
      { root: "0x" },
      { index: SERIALS_MOST },
      { saltedSerial: "0x12" },
      { proof: ["0x12"] },
      { proof: new Array(25).fill(ZeroHash) },
    ]) {
      await failsWith(() => verifySerial({ ...claim, ...changes }), "InputInvalid");
    }
    await failsWith(() => buildSerialTree(undefined as never), "InputInvalid");
    await failsWith(() => saltedSerialOf(secret, ""), "SerialMalformed");
  });
});

describe("runProofOf", () => {
  it("proves serials in a row to the lot registry, and no others", async () => {
    const world = await freshWorld();
    const nora = as(world.lots, people.nora);
    for (const count of [1, 2, 63, 64, 65, 130, 195, 257]) {
      const tree = treeOf(count, 1);
      const number = `RUNS-${count}`;
      const made = await register(world, Products.flu, count, number, { serialRoot: tree.root });
      await as(world.lots, people.releaser).releaseLot(made.id, Member.drugAgency, CERTIFICATE);
      await move(world, made, count, { to: Member.harbourClinic, toSite: Site.clinicFridge });
      const doses = Array.from({ length: count }, (_, unit) => ({
        ...sessionDose(made, unit),
        saltedSerial: tree.saltedSerialOf(unit),
      }));
      const give = (firstUnit: number, length: number, proof = tree.runProofOf(firstUnit, length)) =>
        nora.administerSession.staticCall(
          { lot: made.id, member: Member.harbourClinic, site: 1, firstUnit, range: 0, administeredAt: 0 },
          doses.slice(firstUnit, firstUnit + length),
          proof,
          SENT,
        );
      for (let first = 0; first < count; first += 1 + Math.floor(count / 9)) {
        const longest = Math.min(200, count - first);
        for (let length = 1; length <= longest; length += 1 + Math.floor(count / 7))
          await give(first, length);
        await give(first, longest);
      }
      const proof = tree.runProofOf(0, 1);
      if (proof.length === 0) continue;
      const changed = proof.map((node, index) => (index === proof.length - 1 ? id("another") : node));
      for (const wrong of [changed, proof.slice(1), [...proof, id("one more")]]) {
        await expect(give(0, 1, wrong)).to.be.revertedWithCustomError(world.lots, "SerialUnknown");
      }
    }
  });
});
