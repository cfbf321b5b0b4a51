import { computeAddress, id, keccak256, SigningKey, ZeroHash } from "ethers";

import { seededKey, walletOf, type BenchChain } from "./chain.ts";
import type { GasTable } from "./floor.ts";
import { idOf, sign, unsigned } from "./signing.ts";

const DAY = 86_400;
const BATCH = 1_000;
const LABORATORY = 5;
const LOINC = 1;
const WRONG_CONTENT = 2;
const CLINICAL_CHANGE = 1;
const ST_MARY = 2;
const GREEN_CROSS = 4;
const ALONE = { root: ZeroHash, proof: [] as string[] };

/** A laboratory report as St Mary's anchors it. Every value that is random in life looks so here. */
const recordOf = (chain: BenchChain, seed: string) => ({
  custodian: ST_MARY,
  holder: computeAddress(seededKey(`record holder ${seed}`).publicKey),
  commitment: id(`record commitment ${seed}`),
  category: LABORATORY,
  codeSystem: LOINC,
  reusableUntil: chain.start() + 90 * DAY,
});

const ephemeralKeyOf = (seed: string) => {
  const key = SigningKey.computePublicKey(seededKey(`record ephemeral ${seed}`).publicKey, true);
  return { x: `0x${key.slice(4)}`, prefix: `0x${key.slice(2, 4)}`, viewTag: "0x5a" };
};

const pair = (a: string, b: string): string => keccak256(a < b ? a + b.slice(2) : b + a.slice(2));

/** Root of the leaves and the proof of the first; an odd one is carried up. */
const treeOf = (leaves: readonly string[]): { root: string; proof: string[] } => {
  const proof: string[] = [];
  let level = [...leaves];
  while (level.length > 1) {
    if (level[1] !== undefined) proof.push(level[1]);
    const above: string[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left = "", right] = [level[i], level[i + 1]];
      above.push(right === undefined ? left : pair(left, right));
    }
    level = above;
  }
  return { root: level[0] ?? ZeroHash, proof };
};

/** Entries of documents: alone, in a batch of a thousand, superseded, retracted from either. */
const measureEntries = async (chain: BenchChain): Promise<GasTable> => {
  const send = (name: string, args: readonly unknown[]) =>
    chain.act(
      chain.operator("stMaryArchive").address,
      "records",
      chain.records.encodeFunctionData(name, [...args]),
    );
  const [first, second] = [recordOf(chain, "anchored"), recordOf(chain, "replacement")];
  const batch = Array.from({ length: BATCH }, (_, i) => recordOf(chain, `batch ${i}`));
  const origin = treeOf(batch.map((record) => keccak256(idOf(record, "Record"))));
  return {
    "record.anchor": await send("anchor", [first, ephemeralKeyOf("anchored")]),
    "record.anchorBatch1000": await send("anchorBatch", [
      ST_MARY,
      origin.root,
      BATCH,
      id("announcements of the batch"),
    ]),
    "record.supersede": await send("supersede", [first, ALONE, second, ephemeralKeyOf("replacement")]),
    "record.retract": await send("retract", [second, ALONE, ST_MARY, WRONG_CONTENT]),
    "record.retractFromBatch1000": await send("retract", [batch[0], origin, ST_MARY, WRONG_CONTENT]),
  };
};

const measureExchange = async (chain: BenchChain): Promise<GasTable> => {
  const send = (from: string, name: string, args: readonly unknown[]) =>
    chain.act(chain.operator(from).address, "records", chain.records.encodeFunctionData(name, [...args]));
  const result = recordOf(chain, "result");
  await send("stMaryArchive", "anchor", [result, ephemeralKeyOf("result")]);
  const referralOf = (seed: string) => ({
    from: ST_MARY,
    to: GREEN_CROSS,
    referrer: chain.operator("drAdler").key,
    commitment: id(`referral ${seed}`),
    records: id(`records of referral ${seed}`),
    validUntil: chain.start() + 30 * DAY,
  });
  const [sent, relayed] = [referralOf("sent"), referralOf("relayed")];
  const message = { referral: idOf(relayed, "Referral") };
  const signer = walletOf(chain, "drAdler");
  const attestation = sign(signer, chain.recordDomain, "ReferralProposal", message, chain.now() + 600);
  return {
    "record.repeatOrder": await send("greenCrossSystem", "repeatOrder", [
      result,
      ALONE,
      GREEN_CROSS,
      CLINICAL_CHANGE,
    ]),
    "record.referralPropose": await send("drAdler", "proposeReferral", [sent, unsigned]),
    "record.referralProposeRelayed": await send("stMarySystem", "proposeReferral", [relayed, attestation]),
    "record.referralAccept": await send("greenCrossSystem", "acceptReferral", [sent, GREEN_CROSS]),
    "record.referralComplete": await send("greenCrossSystem", "completeReferral", [
      sent,
      GREEN_CROSS,
      id("outcome"),
    ]),
    "record.referralDecline": await send("greenCrossSystem", "declineReferral", [relayed, GREEN_CROSS, 1]),
  };
};

/** Everything that one measures about records. */
export const measureRecords = async (chain: BenchChain): Promise<GasTable> => ({
  ...(await measureEntries(chain)),
  ...(await measureExchange(chain)),
});
