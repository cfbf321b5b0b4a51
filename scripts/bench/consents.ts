import {
  computeAddress,
  concat,
  getBytes,
  id,
  keccak256,
  sha256,
  toBeHex,
  ZeroAddress,
  ZeroHash,
} from "ethers";

import { createP256Signer, type PatientSigner } from "@careledger/sdk";

import { dutyBits } from "../../deploy/duties.ts";
import { seededKey, type BenchChain } from "./chain.ts";
import { each, type GasTable } from "./floor.ts";
import { digestOf, sign, unsigned, type StructName } from "./signing.ts";

const DAY = 86_400;
const ST_MARY = 2;
const CITY_HOSPITAL = 3;
const HOSPITALS = 1;
const BATCH = 100;
const RULES = 8;
/** Laboratory and imaging. */
const CATEGORIES = 0x60;
const LABORATORY = 5;
/** Bits of the HL7 purposes TREAT and BTG. */
const TREATMENT = 52;
const EMERGENCY = 60;
const LIFE_THREATENING = 1;
const JUSTIFIED = 3;

interface Authorization {
  readonly signer: string;
  readonly signature: string;
  readonly deadline: number;
}

/** A patient of St Mary's, and how it signs. */
interface Patient {
  readonly key: string;
  readonly salt: string;
  readonly subject: string;
  readonly authorize: (
    name: StructName,
    value: Record<string, unknown>,
    deadline: number,
  ) => Authorization | Promise<Authorization>;
}

const subjectOf = (chain: BenchChain, key: string, salt: string): string =>
  chain.subjectId(ST_MARY, key, salt);

const ecdsaPatient = (chain: BenchChain, seed: string): Patient => {
  const key = seededKey(`patient ${seed}`);
  const [address, salt] = [computeAddress(key.publicKey), id(`salt ${seed}`)];
  return {
    key: address,
    salt,
    subject: subjectOf(chain, address, salt),
    authorize: (name, value, deadline) => {
      const { r, vs } = sign(key, chain.consentDomain, name, value, deadline);
      return { signer: "0x", signature: concat([r, vs]), deadline };
    },
  };
};

/** What Chromium's authenticator answers at an https origin, without the member that it adds at random. */
const assertionOf = async (passkey: PatientSigner, digest: string): Promise<string> => {
  const challenge = Buffer.from(getBytes(digest)).toString("base64url");
  const client = Buffer.from(
    `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://wallet.example","crossOrigin":false}`,
  );
  const authenticator = concat([sha256(Buffer.from("wallet.example")), "0x05", "0x0000002a"]);
  const signature = await passkey.sign(sha256(concat([authenticator, sha256(client)])));
  const place = (text: string) => toBeHex(client.indexOf(text), 32);
  const length = getBytes(authenticator).length;
  const offsets = [toBeHex(192, 32), toBeHex(192 + 32 + length, 32)];
  return concat([
    signature,
    place('"challenge"'),
    place('"type"'),
    ...offsets,
    toBeHex(length, 32),
    authenticator,
    toBeHex(client.length, 32),
    client,
  ]);
};

const passkeyPatient = async (chain: BenchChain, seed: string): Promise<Patient> => {
  const passkey = await createP256Signer(chain.verifiers.webAuthn, seededKey(`passkey ${seed}`).privateKey);
  const { signer } = passkey;
  const [key, salt] = [`0x${keccak256(signer).slice(26)}`, id(`salt ${seed}`)];
  return {
    key,
    salt,
    subject: subjectOf(chain, key, salt),
    authorize: async (name, value, deadline) => {
      const digest = digestOf(chain.consentDomain, name, { ...value, deadline });
      return { signer, signature: await assertionOf(passkey, digest), deadline };
    },
  };
};

const actsOf = (chain: BenchChain) => {
  const system = chain.operator("stMarySystem").address;
  const relay = chain.operator("greenCrossSystem").address;
  const send = (from: string, name: string, args: readonly unknown[]) =>
    chain.act(from, "consents", chain.consents.encodeFunctionData(name, [...args]));
  const deadline = () => chain.now() + 600;
  const ruleOf = (patient: Patient, over: object = {}) => ({
    subject: patient.subject,
    delegate: 0,
    grantee: CITY_HOSPITAL,
    sector: 0,
    number: 0,
    version: 0,
    epoch: 0,
    categories: CATEGORIES,
    purposes: 1n << BigInt(TREATMENT),
    validFrom: chain.start() - DAY,
    validUntil: chain.start() + 365 * DAY,
    exportable: false,
    redisclosable: false,
    ...over,
  });
  const enrol = async (patient: Patient) => {
    const enrolment = {
      custodian: ST_MARY,
      key: patient.key,
      guardian: ZeroAddress,
      guardianUntil: 0,
      salt: patient.salt,
    };
    return send(system, "enrol", [enrolment, await patient.authorize("Enrolment", enrolment, deadline())]);
  };
  const signed = async (
    patient: Patient,
    call: string,
    name: StructName,
    value: Record<string, unknown>,
    args: readonly unknown[] = [value],
  ) => send(relay, call, [...args, await patient.authorize(name, value, deadline())]);
  const disclosureOf = (patient: Patient, seed: string, over: object = {}) => ({
    subject: patient.subject,
    grantee: CITY_HOSPITAL,
    category: LABORATORY,
    purpose: TREATMENT,
    document: id(`document ${seed}`),
    breakGlass: ZeroHash,
    ...over,
  });
  return { system, send, signed, enrol, ruleOf, disclosureOf };
};

/** Who keeps consents and breaks the glass in the measurements. */
const appoint = async (chain: BenchChain): Promise<void> => {
  const adminOf = (name: string): string => {
    const member = chain.config.members.find((each) => each.name === name);
    if (member === undefined) throw new RangeError(`deploy/config/embedded.json names no ${name}`);
    return member.admin;
  };
  const until = chain.start() + 365 * DAY;
  const call = (from: string, name: string, args: readonly unknown[]) =>
    chain.act(from, "members", chain.members.encodeFunctionData(name, [...args]));
  const custody = dutyBits.submit | dutyBits.custody | dutyBits.disclose;
  const row = (name: string, duties: number) => ({ operator: chain.operator(name).key, duties, until });
  await call(adminOf("stMary"), "appoint", [ST_MARY, row("stMarySystem", custody)]);
  const duties = dutyBits.prescribe | dutyBits.breakGlass;
  await call(adminOf("cityHospital"), "appoint", [CITY_HOSPITAL, row("drOkoye", duties)]);
  await call(chain.operator("inspectorLicensing").address, "license", [
    1,
    {
      member: CITY_HOSPITAL,
      operator: chain.operator("drOkoye").key,
      duties: dutyBits.breakGlass,
      throughDay: Math.floor(until / DAY),
    },
  ]);
};

const measureRules = async (chain: BenchChain): Promise<GasTable> => {
  const { signed, enrol, ruleOf } = actsOf(chain);
  const ada = ecdsaPatient(chain, "Ada");
  const enrolled = await enrol(ada);
  const granted = await signed(ada, "grant", "Grant", ruleOf(ada));
  const member = await chain.question("isPermitted", [ada.subject, CITY_HOSPITAL, LABORATORY, TREATMENT]);
  const denied = await signed(ada, "deny", "Denial", ruleOf(ada, { number: 1 }));
  const revocation = {
    subject: ada.subject,
    delegate: 0,
    grantee: CITY_HOSPITAL,
    sector: 0,
    number: 0,
    version: 1,
  };
  const revoked = await signed(ada, "revoke", "Revocation", revocation);
  const all = { subject: ada.subject, delegate: 0, epoch: 0 };
  const everything = await signed(ada, "revokeAll", "RevocationOfAll", all, [ada.subject, 0, 0]);
  const ben = ecdsaPatient(chain, "Ben");
  await enrol(ben);
  const grants = Array.from({ length: RULES }, (_, i) => ruleOf(ben, { grantee: CITY_HOSPITAL + i }));
  const changed = await signed(ben, "changeRules", "Rules", { revocations: [], denials: [], grants }, [
    [],
    [],
    grants,
  ]);
  const cleo = ecdsaPatient(chain, "Cleo");
  await enrol(cleo);
  const class_ = await signed(cleo, "grant", "Grant", ruleOf(cleo, { grantee: 0, sector: HOSPITALS }));
  const byClass = await chain.question("isPermitted", [cleo.subject, CITY_HOSPITAL, LABORATORY, TREATMENT]);
  const passkey = await passkeyPatient(chain, "Dora");
  const enrolledPasskey = await enrol(passkey);
  return {
    "consent.enrolEcdsa": enrolled,
    "consent.enrolWebAuthn": enrolledPasskey,
    "consent.grantEcdsa": granted,
    "consent.grantClassEcdsa": class_,
    "consent.grantWebAuthn": await signed(passkey, "grant", "Grant", ruleOf(passkey)),
    "consent.denyEcdsa": denied,
    "consent.revokeEcdsa": revoked,
    "consent.revokeAllEcdsa": everything,
    "consent.changeRules8.each": each(changed, RULES),
    "consent.isPermitted": member,
    "consent.isPermittedByClass": byClass,
  };
};

const measureDisclosures = async (chain: BenchChain): Promise<GasTable> => {
  const { system, send, signed, enrol, ruleOf, disclosureOf } = actsOf(chain);
  const emil = ecdsaPatient(chain, "Emil");
  await enrol(emil);
  await signed(emil, "grant", "Grant", ruleOf(emil));
  const single = await send(system, "recordDisclosure", [ST_MARY, disclosureOf(emil, "single")]);
  const many = Array.from({ length: BATCH }, (_, i) => disclosureOf(emil, `batch ${i}`));
  const batch = await send(system, "recordDisclosures", [ST_MARY, many]);
  const doctor = chain.operator("drOkoye");
  const ticket = id("ticket");
  const args = [CITY_HOSPITAL, ST_MARY, ticket, LIFE_THREATENING, unsigned];
  const broken = await send(doctor.address, "breakGlass", args);
  const breakGlass = chain.breakGlassId(CITY_HOSPITAL, doctor.key, ST_MARY, ticket);
  const emergency = disclosureOf(emil, "emergency", { purpose: EMERGENCY, breakGlass });
  const bound = await send(system, "recordDisclosure", [ST_MARY, emergency]);
  const reviewed = await send(system, "reviewBreakGlass", [breakGlass, ST_MARY, JUSTIFIED]);
  return {
    "consent.recordDisclosure": single,
    "consent.recordDisclosures100.each": each(batch, BATCH),
    "consent.breakGlass": broken,
    "consent.recordDisclosureByBreakGlass": bound,
    "consent.reviewBreakGlass": reviewed,
  };
};

/** Permits, denies and the questions about them; disclosures and break-glass. */
export const measureConsents = async (chain: BenchChain): Promise<GasTable> => {
  await appoint(chain);
  return { ...(await measureRules(chain)), ...(await measureDisclosures(chain)) };
};
