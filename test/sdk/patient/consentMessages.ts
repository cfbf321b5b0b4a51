import { TypedDataEncoder, concat, getAddress, id, keccak256, type TypedDataField } from "ethers";

import { DAY, START } from "../../core/chain.ts";

/** Where the messages' chain keeps them, whatever else is deployed: the digests are those that the browser asserted. */
export const PLACES = {
  verifier: getAddress(`0x${"00".repeat(18)}7913`),
  registry: getAddress(`0x${"00".repeat(18)}c045`),
} as const;

/** Second at which they are relayed. */
export const RELAYED_AT = START + 2 * DAY;

const domain = {
  name: "CareLedger ConsentRegistry",
  version: "1",
  chainId: 20_261,
  verifyingContract: PLACES.registry,
};

const fields = (text: string): TypedDataField[] =>
  text.split(",").map((field) => {
    const [type = "", name = ""] = field.split(" ");
    return { type, name };
  });

const types = {
  Enrolment: fields(
    "uint32 custodian,address key,address guardian,uint32 guardianUntil,bytes32 salt,uint32 deadline",
  ),
  Grant: fields(
    "bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 epoch,uint32 categories,uint64 purposes,uint32 validFrom,uint32 validUntil,bool exportable,bool redisclosable,uint32 deadline",
  ),
  Revocation: fields(
    "bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 deadline",
  ),
};

/** What a patient with this passkey signs: its enrolment, a grant, and the end of the grant. */
export const messagesFor = (publicKey: string, custodian: number, grantee: number) => {
  const key = getAddress(`0x${keccak256(concat([PLACES.verifier, publicKey])).slice(26)}`);
  const salt = id("a patient with a real passkey");
  const deadline = RELAYED_AT + 3_600;
  const enrolment = { custodian, key, guardian: `0x${"00".repeat(20)}`, guardianUntil: 0, salt };
  const subject = keccak256(
    concat([`0x${custodian.toString(16).padStart(64, "0")}`, `0x${key.slice(2).padStart(64, "0")}`, salt]),
  );
  const place = { subject, delegate: 0, grantee, sector: 0, number: 0 };
  const grant = {
    ...place,
    version: 0,
    epoch: 0,
    categories: 0b100,
    purposes: 1n << 52n,
    validFrom: RELAYED_AT - DAY,
    validUntil: RELAYED_AT + 365 * DAY,
    exportable: false,
    redisclosable: false,
  };
  const revocation = { ...place, version: 5 };
  const digest = (name: keyof typeof types, message: Record<string, unknown>) =>
    TypedDataEncoder.hash(domain, { [name]: types[name] }, { ...message, deadline });
  return {
    key,
    subject,
    deadline,
    enrolment,
    grant,
    revocation,
    digests: {
      enrolment: digest("Enrolment", enrolment),
      grant: digest("Grant", grant),
      revocation: digest("Revocation", revocation),
    },
  };
};
