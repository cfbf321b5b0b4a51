import { Signature, type BaseWallet, type SigningKey, TypedDataEncoder } from "ethers";

const RULE =
  "bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 epoch,uint32 categories,uint64 purposes,uint32 validFrom,uint32 validUntil,bool exportable,bool redisclosable";

/** EIP-712 structs as the I-files write them. */
const structs = {
  Prescription:
    "uint32 issuer,bytes32 prescriber,address holder,bytes32 commitment,uint40 unitsPerFill,uint8 fills,uint32 interval,uint32 validFrom,uint32 validUntil,uint32 reviewer",
  EphemeralKey: "bytes32 x,bytes1 prefix,bytes1 viewTag",
  Issue: "Prescription prescription,EphemeralKey ephemeralKey,uint32 deadline",
  Replace: "bytes32 prescription,Prescription replacement,EphemeralKey ephemeralKey,uint32 deadline",
  Acceptance:
    "bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8 fill,uint32 lockedUntil,uint32 deadline",
  Release: "bytes32 prescription,uint16 lockCount,uint32 deadline",
  HolderCancel: "bytes32 prescription,uint32 deadline",
  Dispense:
    "bytes32 prescription,uint32 member,uint16 site,uint16 lockCount,uint8 ordinal,uint8 fill,uint40 units,uint32 handedOverAt,bytes32 commitment,bytes32 stockHash,uint32 deadline",
  Record:
    "uint32 custodian,address holder,bytes32 commitment,uint8 category,uint16 codeSystem,uint32 reusableUntil",
  Referral: "uint32 from,uint32 to,bytes32 referrer,bytes32 commitment,bytes32 records,uint32 validUntil",
  ReferralProposal: "bytes32 referral,uint32 deadline",
  Enrolment:
    "uint32 custodian,address key,address guardian,uint32 guardianUntil,bytes32 salt,uint32 deadline",
  Grant: `${RULE},uint32 deadline`,
  Denial: `${RULE},uint32 deadline`,
  Revocation:
    "bytes32 subject,uint8 delegate,uint32 grantee,uint16 sector,uint8 number,uint32 version,uint32 deadline",
  Rules: "Revocation[] revocations,Denial[] denials,Grant[] grants,uint32 deadline",
  RevocationOfAll: "bytes32 subject,uint8 delegate,uint32 epoch,uint32 deadline",
} as const;

export type StructName = keyof typeof structs;

interface Field {
  name: string;
  type: string;
}

const fieldsOf = (name: StructName): Field[] =>
  structs[name].split(",").map((field) => {
    const [type = "", label = ""] = field.split(" ");
    return { type, name: label };
  });

/** A struct and those that it holds. */
const typesOf = (name: StructName): Record<string, Field[]> => {
  const fields = fieldsOf(name);
  const inner = fields.flatMap(({ type }) => {
    const name = type.replace("[]", "");
    return name in structs ? [name as StructName] : [];
  });
  return Object.assign({ [name]: fields }, ...inner.map(typesOf)) as Record<string, Field[]>;
};

export interface Domain {
  readonly name: string;
  readonly version: string;
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

/** A signature in the form that the registry takes. */
export interface Attestation {
  readonly r: string;
  readonly vs: string;
  readonly deadline: number;
}

/** What the professional itself sends instead. */
export const unsigned: Attestation = { r: `0x${"00".repeat(32)}`, vs: `0x${"00".repeat(32)}`, deadline: 0 };

/** What is signed (EIP-712). In an array each row has the deadline of the whole. */
export const digestOf = (domain: Domain, name: StructName, value: Record<string, unknown>): string => {
  const rows = Object.entries(value).map(([label, field]) => [
    label,
    Array.isArray(field) ? field.map((row: object) => ({ ...row, deadline: value.deadline })) : field,
  ]);
  return TypedDataEncoder.hash(
    { ...domain },
    typesOf(name),
    Object.fromEntries(rows) as Record<string, unknown>,
  );
};

/** Signs a struct (EIP-712) as `r, vs` (ERC-2098). */
export const sign = (
  key: SigningKey | BaseWallet,
  domain: Domain,
  name: StructName,
  value: Record<string, unknown>,
  deadline: number,
): Attestation => {
  const digest = digestOf(domain, name, { ...value, deadline });
  const signer = "signingKey" in key ? key.signingKey : key;
  const { r, yParityAndS } = Signature.from(signer.sign(digest));
  return { r, vs: yParityAndS, deadline };
};

/** The id of a prescription, record or referral: its struct hash. */
export const idOf = (terms: object, name: "Prescription" | "Record" | "Referral" = "Prescription"): string =>
  TypedDataEncoder.from(typesOf(name)).hashStruct(name, { ...terms });
