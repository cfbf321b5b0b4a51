import { concat, keccak256 } from "ethers";

import { inputError } from "./input.ts";

/** A Merkle tree as the contracts build and check it. */
export interface MerkleTree {
  readonly root: string;
  /** What leads from a leaf, named by its place, to the root: from the bottom up. */
  proofOf(index: number): string[];
}

/**
 * A complete binary tree in one list, leaves from its end, pairs hashed in sorted order: the layout of OpenZeppelin's
 * merkle-tree library, which `MerkleProof` of its contracts checks. Leaves keep their order. A tree of one leaf is that leaf.
 *
 * @param leaves 32 bytes in hexadecimal each, hashed twice or otherwise such that no inner node can be one.
 * @throws `InputInvalid` when there is none.
 * @example
 * const { root, proofOf } = merkleTreeOf(ids.map((id) => keccak256(id)));
 */
export function merkleTreeOf(leaves: readonly string[]): MerkleTree {
  if (leaves.length === 0) throw inputError("leaves", "it has 0", "at least one leaf");
  const last = 2 * leaves.length - 2;
  const nodes: string[] = new Array<string>(last + 1);
  leaves.forEach((leaf, index) => {
    nodes[last - index] = leaf.toLowerCase();
  });
  for (let node = leaves.length - 2; node >= 0; node--) {
    nodes[node] = hashPair(nodes[2 * node + 1]!, nodes[2 * node + 2]!);
  }
  return {
    root: nodes[0]!,
    proofOf: (index) => {
      if (!Number.isInteger(index) || index < 0 || index >= leaves.length) {
        throw inputError("index", "it is no place in the tree", `an integer from 0 to ${leaves.length - 1}`);
      }
      const proof: string[] = [];
      for (let node = last - index; node > 0; node = (node - 1) >> 1) {
        proof.push(nodes[node % 2 === 0 ? node - 1 : node + 1]!);
      }
      return proof;
    },
  };
}

/** Whether a proof leads from a leaf to a root. */
export function verifyMerkleProof(root: string, leaf: string, proof: readonly string[]): boolean {
  return merkleRootOf(leaf, proof) === root.toLowerCase();
}

/** The root that a proof leads to from a leaf. */
export function merkleRootOf(leaf: string, proof: readonly string[]): string {
  return proof.reduce(hashPair, leaf.toLowerCase());
}

function hashPair(a: string, b: string): string {
  return keccak256(concat(a < b ? [a, b] : [b, a]));
}
