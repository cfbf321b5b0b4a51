import {
  type ContractSigner,
  acceptAdmin,
  actsFor,
  admitMember,
  adoptSite,
  appointOperator,
  appointOperators,
  closeMember,
  closeSite,
  dayOf,
  dismissOperators,
  generateEncryptionKeys,
  getEffectiveDuties,
  getEncryptionKey,
  getEndpoint,
  getLicensingAuthority,
  getLicensor,
  getMember,
  getOperator,
  getSite,
  getSiteByGln,
  getSuspension,
  getVotes,
  licenseOperator,
  licenseOperators,
  liftOperatorSuspension,
  liftSuspension,
  listMembers,
  listOperators,
  listSites,
  nameSuccessor,
  operatorKeyOf,
  proposeAdmin,
  publishEncryptionKey,
  publishEndpoint,
  ratifySuspension,
  refreshSuspension,
  registerSite,
  replaceOperator,
  restoreOperator,
  revokeLicence,
  revokeSite,
  setLicensingAuthority,
  setMemberAdmin,
  setMemberGroup,
  setMemberLicence,
  setMemberSectors,
  signOperatorReplacement,
  suspendMember,
  suspendOperator,
} from "@careledger/sdk";
import { expect } from "chai";
import { ContractFactory, concat, getCreateAddress, hexlify, randomBytes } from "ethers";
import { artifacts } from "hardhat";

import { failsWith } from "../expect.ts";
import { type World, startWorld } from "../world.ts";

const DAY = 86_400;
const AUTHORITY = 1;

describe("sdk members", () => {
  let world: World;
  let until: number;

  before(async () => {
    world = await startWorld();
    until = (await world.now()) + 365 * DAY;
  });
  after(() => world.close());

  /** Admit a member with its own admin `<name>.admin`. */
  const admit = async (member: number, name: string): Promise<void> => {
    const admin = world.wallet(`${name}.admin`).address;
    const licenceHash = hexlify(randomBytes(32));
    const admitted = await admitMember(world.as("governance"), {
      member,
      admin,
      sectors: ["PHARMACY"],
      group: member,
      licenceHash,
    });
    expect(admitted).to.deep.include({ member, admin, sectors: ["PHARMACY"], group: member, licenceHash });
    expect(admitted.transactionHash).to.match(/^0x[0-9a-f]{64}$/);
    expect(admitted.gasUsed).to.be.greaterThan(21_000n);
  };
  /** Put a wallet contract with two owners on the chain. */
  const deploySharedKey = async (...owners: [string, string]): Promise<string> => {
    const { abi, bytecode } = await artifacts.readArtifact("SharedKey");
    const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...owners);
    const from = world.wallet("deployer of wallets");
    const free = { gasPrice: 0n, gasLimit: 2_000_000n, type: 0, chainId: world.network.chainId };
    await world.ask("eth_sendRawTransaction", await from.signTransaction({ ...free, nonce: 0, data }));
    return getCreateAddress({ from: from.address, nonce: 0 });
  };
  const reader = () => world.as("stranger");

  it("admits a member, changes it, and lists it", async () => {
    const governance = world.as("governance");
    await admit(20, "moon");
    await setMemberSectors(governance, { member: 20, sectors: ["PHARMACY", "VACCINATION_SITE"] });
    const grouped = await setMemberGroup(governance, { member: 20, group: 4 });
    expect(grouped).to.deep.include({ member: 20, before: 20, group: 4 });
    const licenceHash = hexlify(randomBytes(32));
    await setMemberLicence(governance, { member: 20, licenceHash });
    const member = await getMember(reader(), 20);
    expect(member).to.deep.include({
      status: "Active",
      sectors: ["PHARMACY", "VACCINATION_SITE"],
      group: 4,
      licenceHash,
    });
    expect(member.permittedDuties).to.include("VACCINATE");
    const members = await listMembers(reader());
    expect(members.map(({ member: id }) => id)).to.deep.equal(
      [1, 2, 3, 4, 5, 6, 7, 20].sort((a, b) => a - b),
    );
    expect((await getMember(reader(), 999)).status).to.equal("Unknown");
    await failsWith(setMemberSectors(governance, { member: 999, sectors: ["PHARMACY"] }), "MemberNotActive", {
      member: 999,
    });
    await failsWith(setMemberGroup(reader(), { member: 20, group: 5 }), "AccessManagedUnauthorized");
    await failsWith(() => admitMember(governance, { ...member, member: 21, sectors: [] }), "InputInvalid", {
      parameter: "sectors",
    });
    await failsWith(admitMember(governance, { ...member, member: 20 }), "MemberIdUnavailable");
  });

  it("hands the admin key over in two steps, or by governance", async () => {
    await admit(21, "dawn");
    const [old, next] = [world.as("dawn.admin"), world.as("dawn.nextAdmin")];
    const pendingAdmin = world.wallet("dawn.nextAdmin").address;
    await proposeAdmin(old, { member: 21, pendingAdmin });
    expect((await getMember(reader(), 21)).pendingAdmin).to.equal(pendingAdmin);
    await failsWith(acceptAdmin(old, { member: 21 }), "MemberPendingAdminOnly", { pendingAdmin });
    expect((await acceptAdmin(next, { member: 21 })).admin).to.equal(pendingAdmin);
    await failsWith(proposeAdmin(old, { member: 21, pendingAdmin }), "MemberAdminOnly", {
      admin: pendingAdmin,
    });
    const back = await setMemberAdmin(world.as("governance"), {
      member: 21,
      admin: world.wallet("dawn.admin").address,
    });
    expect(back.before).to.equal(pendingAdmin);
  });

  it("opens, closes and finds sites", async () => {
    await admit(22, "dusk");
    const admin = world.as("dusk.admin");
    const first = await registerSite(admin, { member: 22, gln: "9521234022008" });
    const second = await registerSite(admin, { member: 22, gln: 9521234022015n });
    expect([first.site, second.site]).to.deep.equal([1, 2]);
    expect(await getSiteByGln(reader(), "9521234022008")).to.deep.equal({
      member: 22,
      site: 1,
      gln: "9521234022008",
      open: true,
    });
    await closeSite(admin, { member: 22, site: 1 });
    await revokeSite(world.as("governance"), { member: 22, site: 2 });
    expect((await listSites(reader(), 22)).map(({ gln, open }) => [gln, open])).to.deep.equal([
      ["9521234022008", false],
      ["9521234022015", false],
    ]);
    expect(await getSiteByGln(reader(), "9521234022008")).to.equal(undefined);
    await failsWith(closeSite(admin, { member: 22, site: 1 }), "SiteNotOpen", { member: 22, site: 1 });
    for (const gln of ["9521234022009", "952123402200", 1n, undefined as never]) {
      await failsWith(() => registerSite(admin, { member: 22, gln }), "InputInvalid", { parameter: "gln" });
    }
  });

  it("appoints, licenses, dismisses and replaces operators", async () => {
    await admit(23, "noon");
    const admin = world.as("noon.admin");
    const licensing = world.as("inspectorLicensing");
    const [ada, bo, cy] = ["ada", "bo", "cy"].map((name) => world.wallet(name)) as [
      ReturnType<World["wallet"]>,
      ReturnType<World["wallet"]>,
      ReturnType<World["wallet"]>,
    ];
    const operator = operatorKeyOf(ada.address);
    const appointed = await appointOperator(admin, {
      member: 23,
      operator: ada.address,
      duties: ["DISPENSE"],
      until,
    });
    expect(appointed).to.deep.include({ member: 23, operator, duties: ["DISPENSE"], until });
    expect(await getEffectiveDuties(reader(), { member: 23, operator })).to.deep.equal([]);

    const throughDay = dayOf(new Date(until * 1_000));
    await licenseOperator(licensing, {
      authority: AUTHORITY,
      member: 23,
      operator,
      duties: ["DISPENSE"],
      throughDay,
    });
    expect(await getEffectiveDuties(reader(), { member: 23, operator })).to.deep.equal(["DISPENSE"]);
    expect(await getLicensor(reader(), { member: 23, operator, duty: "DISPENSE" })).to.equal(AUTHORITY);

    const deadline = (await world.now()) + 3_600;
    const consent = { member: 23, operator: ada.address, replacement: bo.address, deadline };
    await failsWith(signOperatorReplacement(world.network, cy, consent), "SignerMismatch");
    const signature = await signOperatorReplacement(world.network, ada, consent);
    const replaced = await replaceOperator(admin, { ...consent, consent: { signature, deadline } });
    expect(replaced).to.deep.include({
      before: operator,
      operator: operatorKeyOf(bo.address),
      licencesKept: true,
    });
    expect(await getOperator(reader(), { member: 23, operator })).to.deep.include({
      retired: true,
      duties: [],
      suspended: [],
    });
    expect(await getOperator(reader(), { member: 23, operator: bo.address })).to.deep.include({
      duties: ["DISPENSE"],
      licensedThrough: { DISPENSE: throughDay },
      retired: false,
    });
    const retired = { member: 23, operator, duties: ["SUBMIT"], until } as const;
    await failsWith(appointOperator(admin, retired), "OperatorKeyRetired", { operator });

    const { events } = await appointOperators(admin, {
      member: 23,
      appointments: [cy.address, world.wallet("di").address].map((each) => ({
        operator: each,
        duties: ["REVIEW"],
        until,
      })),
    });
    expect(events.length).to.equal(2);
    const licences = [cy.address, world.wallet("di").address].map((each) => ({
      member: 23,
      operator: each,
      duties: ["REVIEW"] as const,
      throughDay,
    }));
    expect((await licenseOperators(licensing, { authority: AUTHORITY, licences })).events.length).to.equal(2);
    expect((await listOperators(reader(), 23)).map(({ operator: key }) => key)).to.have.members(
      [bo.address, cy.address, world.wallet("di").address].map(operatorKeyOf),
    );
    await revokeLicence(licensing, {
      authority: AUTHORITY,
      member: 23,
      operator: cy.address,
      duties: ["REVIEW"],
    });
    expect(await getEffectiveDuties(reader(), { member: 23, operator: cy.address })).to.deep.equal([]);
    const dismissed = await dismissOperators(admin, { member: 23, operators: [cy.address] });
    expect(dismissed.events[0]?.operator).to.equal(operatorKeyOf(cy.address));
    expect((await listOperators(reader(), 23)).length).to.equal(2);

    const past = { member: 23, operator: cy.address, duties: ["SUBMIT"], until: 1 } as const;
    await failsWith(appointOperator(admin, past), "OperatorAppointmentPast", { until: 1 });
    const foreign = { ...past, until, duties: ["INSPECT"] } as const;
    await failsWith(appointOperator(admin, foreign), "OperatorDutiesInvalid", { refused: 1 << 19 });
    for (const duties of [[], ["ADMINISTER"], ["NAP"], "SUBMIT"] as never[]) {
      await failsWith(() => appointOperator(admin, { ...past, until, duties }), "InputInvalid", {
        parameter: "duties",
      });
    }
    const many = Array.from({ length: 201 }, () => past);
    await failsWith(() => appointOperators(admin, { member: 23, appointments: many }), "InputInvalid", {
      parameter: "appointments",
    });
    const beyond = { authority: 6, member: 23, operator, duties: ["REVIEW"], throughDay } as const;
    await failsWith(licenseOperator(world.as("provinceLicensing"), beyond), "LicenceBeyondMask", {
      authority: 6,
    });
  });

  it("replaces the key of a wallet contract by the contract's own signature (ERC-1271)", async () => {
    await admit(27, "eve");
    const admin = world.as("eve.admin");
    const [first, second, next] = [
      world.wallet("owner 1"),
      world.wallet("owner 2"),
      world.wallet("eve.next"),
    ];
    const shared = await deploySharedKey(first.address, second.address);
    const duties = ["DISPENSE"] as const;
    const throughDay = dayOf(new Date(until * 1_000));
    await appointOperator(admin, { member: 27, operator: shared, duties, until });
    const licence = { authority: AUTHORITY, member: 27, operator: shared, duties, throughDay };
    await licenseOperator(world.as("inspectorLicensing"), licence);

    const deadline = (await world.now()) + 3_600;
    const consent = { member: 27, operator: shared, replacement: next.address, deadline };
    const signedBy = (...owners: (typeof first)[]): ContractSigner => ({
      kind: "ERC-1271",
      getAddress: () => Promise.resolve(shared),
      signTypedData: async (domain, types, value) =>
        concat(await Promise.all(owners.map((owner) => owner.signTypedData(domain, types, value)))),
    });
    const elsewhere = { ...signedBy(first, second), getAddress: () => Promise.resolve(next.address) };
    await failsWith(signOperatorReplacement(world.network, elsewhere, consent), "SignerMismatch");
    await failsWith(signOperatorReplacement(world.network, first, consent), "SignerMismatch");
    for (const bad of ["0x", "nonsense", `0x${"00".repeat(4_097)}`, undefined as never]) {
      const signer = { ...signedBy(first), signTypedData: () => Promise.resolve(bad) };
      await failsWith(signOperatorReplacement(world.network, signer, consent), "SignerRefused");
    }
    // One owner is not the wallet, nor are both in the wrong order: the chain says so.
    for (const owners of [[first], [second, first]]) {
      const signature = await signOperatorReplacement(world.network, signedBy(...owners), consent);
      const sent = replaceOperator(admin, { ...consent, consent: { signature, deadline } });
      await failsWith(sent, "OperatorReplacementUnsigned", { member: 27 });
    }
    const signature = await signOperatorReplacement(world.network, signedBy(first, second), consent);
    expect(signature.length).to.equal(2 + 2 * 130);
    const replaced = await replaceOperator(admin, { ...consent, consent: { signature, deadline } });
    expect(replaced).to.deep.include({ before: operatorKeyOf(shared), licencesKept: true });
    const now = { member: 27, operator: next.address };
    expect(await getEffectiveDuties(reader(), now)).to.deep.equal(["DISPENSE"]);
    expect(await getEffectiveDuties(reader(), { member: 27, operator: shared })).to.deep.equal([]);
  });

  it("suspends and restores operators and members", async () => {
    await admit(24, "gloom");
    const admin = world.as("gloom.admin");
    const operator = operatorKeyOf(world.wallet("gloom.system").address);
    await appointOperator(admin, { member: 24, operator, duties: ["SUBMIT"], until });
    const [field, governance] = [world.as("inspectorField"), world.as("governance")];
    const act = { regulator: AUTHORITY, member: 24, operator, duties: ["SUBMIT"] } as const;
    await suspendOperator(field, act);
    expect(await getOperator(reader(), act)).to.deep.include({ suspended: ["SUBMIT"], suspender: AUTHORITY });
    await restoreOperator(field, act);
    expect(await getEffectiveDuties(reader(), act)).to.deep.equal(["SUBMIT"]);
    await suspendOperator(field, act);
    expect((await liftOperatorSuspension(governance, { member: 24, operator })).duties).to.deep.equal([
      "SUBMIT",
    ]);

    const end = (await world.now()) + 10 * DAY;
    const cause = "PatientSafety";
    const suspension = {
      regulator: AUTHORITY,
      member: 24,
      duties: ["SUBMIT", "ADMINISTER"],
      until: end,
      cause,
    } as const;
    expect((await suspendMember(field, suspension)).duties).to.deep.equal(["SUBMIT", "ADMINISTER"]);
    expect(await getSuspension(reader(), { member: 24, cause })).to.deep.equal({
      duties: ["SUBMIT", "ADMINISTER"],
      until: end,
      ratified: false,
    });
    const blocked = appointOperator(admin, { member: 24, operator, duties: ["SUBMIT"], until });
    await failsWith(blocked, "DutySuspendedForMember", { member: 24, suspendedUntil: end });
    await failsWith(suspendMember(field, suspension), "SuspensionRepeated", { cause });
    await ratifySuspension(governance, { member: 24, cause, until: end + DAY });
    await refreshSuspension(reader(), { member: 24 });
    expect((await getMember(reader(), 24)).suspendedUntil).to.equal(end + DAY);
    await liftSuspension(governance, { member: 24, cause });
    expect(await getEffectiveDuties(reader(), act)).to.deep.equal(["SUBMIT"]);
    await failsWith(suspendMember(field, { ...suspension, member: 6 }), "SuspensionOfRegulator", {
      member: 6,
    });
    await failsWith(() => suspendMember(field, { ...suspension, cause: "Unspecified" }), "InputInvalid", {
      parameter: "cause",
    });
  });

  it("publishes key and endpoint, proves them, and follows a closed member's successor", async () => {
    await admit(25, "old");
    await admit(26, "new");
    const governance = world.as("governance");
    const generated = async () => hexlify((await generateEncryptionKeys()).publicKey);
    const encryptionKey = await generated();
    const endpoint = "https://documents.new.example/care";
    await failsWith(getEncryptionKey(reader(), 26), "PublicationMissing", { member: 26 });
    await publishEncryptionKey(world.as("new.admin"), {
      member: 26,
      encryptionKey: await generated(),
    });
    const { blockNumber } = await publishEncryptionKey(world.as("new.admin"), { member: 26, encryptionKey });
    await publishEndpoint(world.as("new.admin"), { member: 26, endpoint });
    await registerSite(world.as("old.admin"), { member: 25, gln: "9521234025009" });
    await closeMember(governance, { member: 25 });
    await nameSuccessor(governance, { member: 25, successor: 26 });
    expect(await getEncryptionKey(reader(), 25)).to.deep.equal({
      member: 26,
      value: encryptionKey,
      blockNumber,
    });
    expect((await getEndpoint(reader(), 25)).value).to.equal(endpoint);
    expect(await actsFor(reader(), { member: 26, predecessor: 25 })).to.equal(true);
    expect(await actsFor(reader(), { member: 25, predecessor: 26 })).to.equal(false);
    const adopted = await adoptSite(world.as("new.admin"), { member: 26, from: 25, fromSite: 1 });
    expect(adopted).to.deep.include({ from: 25, fromSite: 1, member: 26, site: 1, gln: 9521234025009n });
    expect(await getSite(reader(), { member: 26, site: 1 })).to.deep.include({
      gln: "9521234025009",
      open: true,
    });
    await failsWith(getEndpoint(reader(), 999), "MemberUnknown");

    const offCurve = `${encryptionKey.slice(0, -2)}${encryptionKey.endsWith("00") ? "01" : "00"}`;
    for (const wrong of [`0x${encryptionKey.slice(14)}`, offCurve, "0x", "nonsense"]) {
      const act = () => publishEncryptionKey(world.as("new.admin"), { member: 26, encryptionKey: wrong });
      await failsWith(act, "InputInvalid", { parameter: "encryptionKey" });
    }
    for (const wrong of [
      "http://documents.new.example",
      "nonsense",
      "https://a:b@c.example",
      `https://${"x".repeat(250)}.example`,
    ]) {
      const act = () => publishEndpoint(world.as("new.admin"), { member: 26, endpoint: wrong });
      await failsWith(act, "InputInvalid", { parameter: "endpoint" });
    }
    const logs = (await world.ask("eth_getLogs", {
      address: world.network.addresses.memberRegistry,
      fromBlock: `0x${blockNumber.toString(16)}`,
      toBlock: `0x${blockNumber.toString(16)}`,
    })) as { data: string }[];
    const bytes = encryptionKey.slice(2, 66);
    const forged = logs.map((log) => ({ ...log, data: log.data.replace(bytes, "ab".repeat(32)) }));
    world.node.fault = ({ method }) => (method === "eth_getLogs" ? { result: forged } : "pass");
    await failsWith(getEncryptionKey(reader(), 26), "PublicationMismatch", { member: 26 });
    world.node.fault = () => "pass";
  });

  it("sets licensing authorities and counts votes", async () => {
    const before = await getLicensingAuthority(reader(), 6);
    expect(before.duties).to.deep.equal(["PRESCRIBE", "DISPENSE"]);
    await setLicensingAuthority(world.as("governance"), { authority: 6, duties: [], successor: 1 });
    expect(await getLicensingAuthority(reader(), 6)).to.deep.equal({
      authority: 6,
      duties: [],
      successor: 1,
    });
    const timepoint = (await world.now()) - 1;
    expect(await getVotes(reader(), { group: 6, timepoint })).to.equal(1n);
    expect(Number(await getVotes(reader(), { timepoint }))).to.be.greaterThan(5);
    await failsWith(getVotes(reader(), { timepoint: (await world.now()) + 10 }), "VotesNotYetKnown");
  });
});
