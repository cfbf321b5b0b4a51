/** Where the registries keep what they know of an entry (snapshots/layouts.json), so that a storage write has an owner. */
import { AbiCoder, concat, keccak256, toBeHex } from "ethers";

/** A slot of storage: what it is about, nobody when it is about an operator, and its fields when it is a packed word. */
export interface Slot {
  readonly slot: string;
  readonly entry: string | undefined;
  /** Widths in bits, low to high, of the fields of a packed word that only holds open numbers; the rest is zero. */
  readonly fields?: readonly number[];
}

/** ERC-7201 locations: `*Storage.LOCATION`. */
const PRESCRIPTIONS = 0x612a08e0983da10ce3932a98e5260aeca164997f36a77e8358cb716adc134000n;
const CONSENTS = 0x338cfab5f944146808dcbb4b3ab9ace050be57a2c45a8e2984e97c07a7af7000n;
const RECORDS = 0x4fcaeb57d0b6947027b35aaa3e821a375498d2b80f10286db4f0173c0de38500n;
const RESEARCH = 0x9136c832b71e4bf43a1ce9ad87b5096521f14be5f287e38ae88844c59dbd1f00n;

/** Fields of `StateWord` and of `RecordWord`. */
const STATE_FIELDS = [4, 1, 1, 1, 1, 40, 8, 32, 32, 16, 32, 32, 16, 8, 32];
const DISPENSE_FIELDS = [32, 16, 8, 40, 32, 32, 32, 1, 1];
/** Fields of `RuleWord`. */
const RULE_FIELDS = [2, 1, 1, 4, 16, 32, 64, 32, 32, 24, 24, 8];
/** Second word of `DelegationEntry`: categories and purposes. */
const BOUNDS_FIELDS = [32, 64];
/** Ordinals are of 8 bits; no prescription of the runs has more dispenses. */
const ORDINALS = 40;
/** Numbers of a grantee's rules: 0 to 7, and 8 for paper. */
const RULE_NUMBERS = 9;
/** No subject of the runs has more delegations. */
const DELEGATIONS = 8;

/** Arguments of an event, by name. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The slot of a key of a mapping that lies in `base`. */
const slotIn = (key: string | number | bigint, base: string | bigint): string =>
  keccak256(concat([word(key), word(base)]));
const word = (value: string | number | bigint): string => toBeHex(BigInt(value), 32);
/** So many words from `slot` on. */
const wordsFrom = (slot: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => word(BigInt(slot) + BigInt(index)));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** The slots of an entry that an event of the registries tells of. */
export function slotsOf(kind: string, id: string, args: Arguments): Slot[] {
  const entry = `${kind} ${id.slice(2)}`;
  const owned = (...slots: string[]): Slot[] => slots.map((slot) => ({ slot, entry }));
  const number = (name: string): bigint => BigInt((args[name] as bigint | undefined) ?? 0n);
  switch (kind) {
    case "prescription": {
      const records = slotIn(id, PRESCRIPTIONS + 1n);
      const dispenses = upTo(ORDINALS).map((ordinal) => slotIn(ordinal + 1, records));
      return [
        { slot: slotIn(id, PRESCRIPTIONS), entry, fields: STATE_FIELDS },
        ...dispenses.map((slot) => ({ slot, entry, fields: DISPENSE_FIELDS })),
      ];
    }
    case "subject": {
      const grantee = (number("sector") << 32n) | number("grantee");
      const rules = slotIn(grantee, slotIn(id, CONSENTS + 1n));
      const delegations = slotIn(id, CONSENTS + 2n);
      return [
        ...upTo(RULE_NUMBERS).map((each) => ({ slot: slotIn(each, rules), entry, fields: RULE_FIELDS })),
        ...upTo(DELEGATIONS).map((each) => ({
          slot: word(BigInt(slotIn(each, delegations)) + 1n),
          entry,
          fields: BOUNDS_FIELDS,
        })),
        ...owned(
          slotIn(id, CONSENTS),
          ...upTo(DELEGATIONS).map((each) => slotIn(each, delegations)),
          slotIn(id, CONSENTS + 3n),
        ),
      ];
    }
    case "break-glass": {
      const operator = word(number("operator"));
      const replaced = keccak256(
        AbiCoder.defaultAbiCoder().encode(["uint32", "bytes32"], [number("member"), operator]),
      );
      // How many uses of an operator wait for review: about the doctor, whom the design names.
      const days = [operator, replaced].map((place) => ({
        slot: slotIn(place, CONSENTS + 5n),
        entry: undefined,
      }));
      return [...owned(...wordsFrom(slotIn(id, CONSENTS + 4n), 4)), ...days];
    }
    case "batch":
      return owned(
        slotIn(id, slotIn(number("custodian"), CONSENTS + 6n)),
        slotIn(id, slotIn(number("custodian"), RECORDS + 1n)),
      );
    case "record":
      return owned(slotIn(id, RECORDS), slotIn(number("member"), slotIn(id, RECORDS + 2n)));
    case "referral":
      return owned(slotIn(id, RECORDS + 3n));
    case "dataset":
      return owned(
        ...wordsFrom(slotIn(id, RESEARCH), 5),
        slotIn(number("member"), slotIn(id, RESEARCH + 2n)),
      );
    case "access":
      return owned(...wordsFrom(slotIn(id, RESEARCH + 1n), 2));
    default:
      return [];
  }
}
