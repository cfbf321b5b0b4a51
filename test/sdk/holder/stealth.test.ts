import { expect } from "chai";
import { Interface, SigningKey, Wallet, computeAddress, concat, hexlify, id, keccak256 } from "ethers";

import {
  ANNOUNCEMENT_TOPIC,
  type Announcement,
  type StealthHolder,
  computeHolderKey,
  createQrHolder,
  createStealthHolder,
  formatMetaAddress,
  generateStealthKeys,
  parseAnnouncement,
  parseMetaAddress,
  scanAnnouncements,
  stealthHolderOf,
  stealthKeysOf,
} from "../../../sdk/src/holder/index.ts";
import { expectFault } from "../documents/support.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const mulan = stealthKeysOf(id("mulan spends"), id("mulan views"));
const chang = stealthKeysOf(id("chang spends"), id("chang views"));
const carerOf = (keys: typeof mulan) => ({
  viewingKey: keys.viewingKey,
  spendingPublicKey: parseMetaAddress(keys.metaAddress).spendingPublicKey,
});

function announcementOf({
  holder,
  ephemeralKey,
}: Pick<StealthHolder, "holder" | "ephemeralKey">): Announcement {
  return {
    schemeId: 1n,
    stealthAddress: holder,
    ephemeralPubKey: concat([ephemeralKey.prefix, ephemeralKey.x]),
    metadata: ephemeralKey.viewTag,
  };
}

async function found(keys: typeof mulan, announcements: Iterable<Announcement>): Promise<string[]> {
  const holders: string[] = [];
  for await (const { holder } of scanAnnouncements(carerOf(keys), announcements)) holders.push(holder);
  return holders;
}

describe("meta-addresses", () => {
  it("have the standard's form for keys that other software uses as its example", () => {
    const keys = stealthKeysOf(
      "0x0363721eb9e981558c748b824cb32a840da2b3e8957c2fc3bcb8d9c86cb87456",
      "0xb52a0555f6a8663d89f00365893b1ef9e38eaf2e8bc48a63319c9ea5cb4a27c5",
    );
    expect(keys.metaAddress).to.equal(
      "st:eth:0x033404e82cd2a92321d51e13064ec13a0fb0192a9fdaaca1cfb47b37bd27ec13970390ad5eca026c05ab5cf4d620a2ac65241b11df004ddca360e954db1b26e3846e",
    );
  });

  it("are read back, in any case of the digits", () => {
    const parsed = parseMetaAddress(mulan.metaAddress);
    expect(parsed.spendingPublicKey).to.equal(SigningKey.computePublicKey(mulan.spendingKey, true));
    expect(parsed.viewingPublicKey).to.equal(SigningKey.computePublicKey(mulan.viewingKey, true));
    expect(formatMetaAddress(parsed)).to.equal(mulan.metaAddress);
    const shouted = `st:eth:0x${mulan.metaAddress.slice(9).toUpperCase()}`;
    expect(parseMetaAddress(shouted)).to.deep.equal(parsed);
  });

  it("may be one key for both (ERC-5564)", async () => {
    const one = stealthKeysOf(mulan.spendingKey, mulan.spendingKey);
    const short = one.metaAddress.slice(0, 9 + 66);
    const holder = createStealthHolder(short);
    expect(await found(one, [announcementOf(holder)])).to.deep.equal([holder.holder]);
  });

  it("are refused when malformed", async () => {
    const offCurve = `st:eth:0x${"02".padEnd(66, "f")}${mulan.metaAddress.slice(-66)}`;
    for (const text of [
      "",
      "st:eth:",
      mulan.metaAddress.slice(3),
      `${mulan.metaAddress}00`,
      offCurve,
      "st:btc:0x12",
    ]) {
      await expectFault(() => parseMetaAddress(text), "MetaAddressInvalid");
      await expectFault(() => createStealthHolder(text), "MetaAddressInvalid");
    }
    await expectFault(
      () => formatMetaAddress({ spendingPublicKey: "0x12", viewingPublicKey: "0x12" }),
      "MetaAddressInvalid",
    );
  });

  it("are not made of keys outside the curve's order", async () => {
    for (const key of ["0x12", `0x${"00".repeat(32)}`, `0x${ORDER.toString(16)}`, "", "mulan"]) {
      await expectFault(() => stealthKeysOf(key, mulan.viewingKey), "HolderKeyInvalid");
      const fault = await expectFault(() => stealthKeysOf(mulan.spendingKey, key), "HolderKeyInvalid");
      expect(fault.values).to.deep.equal({ field: "viewingKey" });
    }
  });
});

describe("stealth holders", () => {
  it("follow the standard's algebra, computed here with another library", () => {
    const ephemeral = id("ephemeral");
    const holder = stealthHolderOf(mulan.metaAddress, ephemeral);
    // S = e·V, compressed; ethers gives it uncompressed.
    const shared = new SigningKey(ephemeral).computeSharedSecret(
      SigningKey.computePublicKey(mulan.viewingKey),
    );
    const compressed = SigningKey.computePublicKey(shared, true);
    expect(hexlify(holder.sharedSecret)).to.equal(compressed);
    const hash = keccak256(compressed);
    expect(holder.ephemeralKey.viewTag).to.equal(hash.slice(0, 4));
    const ephemeralPublic = SigningKey.computePublicKey(ephemeral, true);
    expect(concat([holder.ephemeralKey.prefix, holder.ephemeralKey.x])).to.equal(ephemeralPublic);
    // P + h·G
    const sum = SigningKey.addPoints(
      SigningKey.computePublicKey(mulan.spendingKey),
      SigningKey.computePublicKey(hash),
      true,
    );
    expect(holder.holder).to.equal(computeAddress(sum));
  });

  it("are signed for with the key that the patient computes, p + h", async () => {
    const holder = createStealthHolder(mulan.metaAddress);
    for await (const match of scanAnnouncements(carerOf(mulan), [announcementOf(holder)])) {
      expect(hexlify(match.sharedSecret)).to.equal(hexlify(holder.sharedSecret));
      const key = computeHolderKey(mulan.spendingKey, match);
      expect(new Wallet(key).address).to.equal(holder.holder);
      const sum = (BigInt(mulan.spendingKey) + BigInt(keccak256(holder.sharedSecret))) % ORDER;
      expect(BigInt(key)).to.equal(sum);
      await expectFault(() => computeHolderKey(chang.spendingKey, match), "HolderKeyMismatch");
      await expectFault(() => computeHolderKey(mulan.viewingKey, match), "HolderKeyMismatch");
      await expectFault(() => computeHolderKey("0x", match), "HolderKeyInvalid");
      return;
    }
    expect.fail("nothing was found");
  });

  it("share no value between two prescriptions of a patient", () => {
    const holders = Array.from({ length: 20 }, () => createStealthHolder(mulan.metaAddress));
    expect(new Set(holders.map((each) => each.holder)).size).to.equal(20);
    expect(new Set(holders.map((each) => each.ephemeralKey.x)).size).to.equal(20);
    expect(new Set(holders.map((each) => hexlify(each.sharedSecret))).size).to.equal(20);
  });

  it("are found by generated keys", async () => {
    const keys = generateStealthKeys();
    const holder = createStealthHolder(keys.metaAddress);
    expect(await found(keys, [announcementOf(holder)])).to.deep.equal([holder.holder]);
  });
});

describe("scanAnnouncements", () => {
  it("finds a patient's own among thousands, and nobody else's", async function () {
    this.timeout(60_000);
    const others = Array.from({ length: 1_500 }, () => announcementOf(createQrHolder()));
    const hers = Array.from({ length: 3 }, () => createStealthHolder(mulan.metaAddress));
    const his = createStealthHolder(chang.metaAddress);
    const all = [...others];
    hers.forEach((holder, at) => all.splice(at * 700, 0, announcementOf(holder)));
    all.splice(1_234, 0, announcementOf(his));
    expect(await found(mulan, all)).to.deep.equal(hers.map((each) => each.holder));
    expect(await found(chang, all.slice(1_200, 1_300))).to.deep.equal([his.holder]);
    expect(await found(generateStealthKeys(), all.slice(0, 100))).to.deep.equal([]);
  });

  it("goes by the view tag first, then by the address", async () => {
    const announcement = announcementOf(createStealthHolder(mulan.metaAddress));
    const tag = Number.parseInt(announcement.metadata.slice(2), 16);
    const wrongTag = { ...announcement, metadata: hexlify(Uint8Array.of(tag ^ 1)) };
    const wrongAddress = { ...announcement, stealthAddress: createQrHolder().holder };
    const longer = { ...announcement, metadata: `${announcement.metadata}eeeeeeee` };
    expect(await found(mulan, [wrongTag, wrongAddress])).to.deep.equal([]);
    expect(await found(mulan, [longer])).to.have.length(1);
  });

  it("passes over what is malformed or of another scheme", async () => {
    const good = announcementOf(createStealthHolder(mulan.metaAddress));
    const bad: Announcement[] = [
      { ...good, schemeId: 2n },
      { ...good, ephemeralPubKey: "0x" },
      { ...good, ephemeralPubKey: `0x02${"ff".repeat(32)}` },
      { ...good, ephemeralPubKey: `0x05${good.ephemeralPubKey.slice(4)}` },
      { ...good, metadata: "0x" },
    ];
    expect(await found(mulan, [...bad, good])).to.deep.equal([good.stealthAddress]);
  });

  it("reads announcements from logs, block by block, and keeps what the log said", async () => {
    const holder = createStealthHolder(mulan.metaAddress);
    const { stealthAddress, ephemeralPubKey, metadata } = announcementOf(holder);
    const events = new Interface([
      "event Announcement(uint256 indexed schemeId, address indexed stealthAddress, address indexed caller, bytes ephemeralPubKey, bytes metadata)",
      "event Other(uint256 indexed a)",
    ]);
    const encoded = events.encodeEventLog("Announcement", [
      1n,
      stealthAddress,
      stealthAddress,
      ephemeralPubKey,
      metadata,
    ]);
    expect(encoded.topics[0]).to.equal(ANNOUNCEMENT_TOPIC);
    const log = { ...encoded, blockNumber: 17 };
    expect(parseAnnouncement(events.encodeEventLog("Other", [1n]))).to.equal(undefined);
    expect(parseAnnouncement({ ...encoded, data: "0x1234" })).to.equal(undefined);
    async function* pages() {
      for (const page of [[], [parseAnnouncement(log)!], []]) yield* page;
    }
    for await (const match of scanAnnouncements(carerOf(mulan), pages())) {
      expect(match.announcement.log.blockNumber).to.equal(17);
      expect(match.holder).to.equal(holder.holder);
      return;
    }
    expect.fail("nothing was found");
  });
});
