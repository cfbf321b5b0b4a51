import { readFileSync } from "node:fs";

import { createWebAuthnSigner, readPasskey } from "@careledger/sdk";
import { expect } from "chai";
import { zeroPadValue } from "ethers";

import { at, as, ethers } from "../../core/chain.ts";
import { APPOINTED_UNTIL, Member, freshConsortium, people } from "../../core/world.ts";
import { Duty } from "../../core/words.ts";
import { PLACES, RELAYED_AT, messagesFor } from "./consentMessages.ts";

interface Asserted {
  readonly name: "enrolment" | "grant" | "revocation";
  readonly challenge: string;
  readonly authenticatorData: string;
  readonly clientDataJSON: string;
  readonly signature: string;
}

interface Capture {
  readonly passkey: { readonly attestationObject: string };
  readonly assertions: readonly Asserted[];
}

const file = new URL("../../../examples/webauthn/consent-assertions.json", import.meta.url);
const { passkey, assertions } = JSON.parse(readFileSync(file, "utf8")) as Capture;
const { publicKey } = readPasskey(passkey.attestationObject);
const messages = messagesFor(publicKey, Member.stMary, Member.northGeneral);
const CATEGORY = 2;
const TREATMENT = 52;
const PERMITTED = 1n;
const NO_RULE = 0n;

/** Where ERC-1967 keeps the implementation. */
const IMPLEMENTATION = "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc";

/** A ConsentRegistry at the address for which the browser asserted, with its verifier. */
const plant = async () => {
  const { registry, manager, standards } = await freshConsortium();
  const create = async (name: string, ...args: string[]): Promise<string> => {
    const contract = await (await ethers.getContractFactory(name, people.deployer.wallet)).deploy(...args);
    return contract.getAddress();
  };
  const place = async (address: string, from: string): Promise<void> => {
    await ethers.provider.send("hardhat_setCode", [address, await ethers.provider.getCode(from)]);
  };
  await place(PLACES.verifier, await create("ERC7913WebAuthnVerifier"));
  const members = await registry.getAddress();
  const peers = [members, await standards.getAddress(), await create("ERC7913P256Verifier"), PLACES.verifier];
  const custody = await create("ConsentCustody", ...peers);
  const oversight = await create("ConsentOversight", ...peers, custody);
  const body = await create("ConsentRegistry", ...peers, oversight);
  const authority = await manager.getAddress();
  const { interface: iface } = await ethers.getContractAt("ConsentRegistry", body);
  const initialization = iface.encodeFunctionData("initialize", [authority]);
  await place(PLACES.registry, await create("ERC1967Proxy", body, initialization));
  await ethers.provider.send("hardhat_setStorageAt", [
    PLACES.registry,
    IMPLEMENTATION,
    zeroPadValue(body, 32),
  ]);
  const consents = await ethers.getContractAt("IConsentRegistry", PLACES.registry, people.deployer.wallet);
  await people.deployer.wallet.sendTransaction({ to: PLACES.registry, data: initialization });
  await as(consents, people.anyRelay).refreshCategories();
  await as(registry, people.stMaryAdmin).appoint(Member.stMary, {
    operator: people.stMarySystem.key,
    duties: Duty.SUBMIT | Duty.CUSTODY,
    until: APPOINTED_UNTIL,
  });
  return consents;
};

/** What the browser asserted, in the form that the chain takes. */
const authorizationOf = async (name: Asserted["name"]) => {
  const asserted = assertions.find((each) => each.name === name);
  if (asserted === undefined) throw new RangeError(`no assertion of ${name}`);
  const patient = createWebAuthnSigner(
    PLACES.verifier,
    readPasskey(passkey.attestationObject),
    async () => asserted,
  );
  return {
    signer: patient.signer,
    signature: await patient.sign(messages.digests[name]),
    deadline: messages.deadline,
  };
};

describe("consents by a passkey of a real browser", () => {
  it("are asserted over the digests of these very messages", () => {
    const asserted = Object.fromEntries(assertions.map(({ name, challenge }) => [name, challenge]));
    expect(asserted).to.deep.equal(messages.digests);
  });

  it("enrol, permit and revoke on chain, each once and each for itself", async () => {
    const consents = await plant();
    const relayed = as(consents, people.anyRelay);
    const [enrolment, grant, revocation] = [
      await authorizationOf("enrolment"),
      await authorizationOf("grant"),
      await authorizationOf("revocation"),
    ];
    const ask = async () =>
      (await consents.isPermitted(messages.subject, Member.northGeneral, CATEGORY, TREATMENT)).ruling;
    await at(RELAYED_AT);
    await as(consents, people.stMarySystem).enrol(messages.enrolment, enrolment);
    expect((await consents.subjectOf(messages.subject)).key).to.equal(messages.key);
    await expect(relayed.grant(messages.grant, revocation))
      .to.be.revertedWithCustomError(consents, "ConsentSignatureInvalid")
      .withArgs(messages.subject, messages.key);
    await relayed.grant(messages.grant, grant);
    expect(await ask()).to.equal(PERMITTED);
    await expect(relayed.grant(messages.grant, grant))
      .to.be.revertedWithCustomError(consents, "ConsentVersionStale")
      .withArgs(messages.subject, 0, 1);
    await relayed.revoke(messages.revocation, revocation);
    expect(await ask()).to.equal(NO_RULE);
    await expect(relayed.revoke(messages.revocation, revocation))
      .to.be.revertedWithCustomError(consents, "ConsentVersionStale")
      .withArgs(messages.subject, 5, 6);
  });
});
