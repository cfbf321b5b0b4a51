import { expect } from "chai";
import { dataSlice, keccak256 } from "ethers";

import { ethers } from "../core/chain.ts";
import { freshConsents } from "./support.ts";

describe("ConsentRegistry.signerKey", () => {
  describe("when an ERC-7913 signer is given", () => {
    it("is the last 20 bytes of its hash", async () => {
      const { consents, pia, toni } = await freshConsents();
      for (const { signer, key } of [pia, toni]) {
        const expected = ethers.getAddress(dataSlice(keccak256(signer), 12));
        expect(await consents.signerKey(signer))
          .to.equal(expected)
          .and.to.equal(key);
      }
    });
    it("tells the verifier's part from the key's: the same point is another key under each verifier", async () => {
      const { consents, toni, verifiers } = await freshConsents();
      const other = ethers.concat([verifiers.p256, dataSlice(toni.signer, 20)]);
      expect(await consents.signerKey(other)).to.not.equal(toni.key);
    });
  });
  describe("when an address is given", () => {
    it("is the address", async () => {
      const { consents, mara } = await freshConsents();
      expect(await consents.signerKey(mara.key)).to.equal(mara.key);
    });
  });
});
