/** Products, lots, goods and doses that tests make through the SDK. */
import {
  type Administration,
  type AdministerDoseParams,
  type Client,
  type ConsignmentLine,
  type ConsignmentTerms,
  type ProductTerms,
  type SerialTree,
  type SessionDose,
  approveProduct,
  buildSerialTree,
  checkDigitOf,
  createQrHolder,
  parseGtin,
  parseSscc,
  proposeProduct,
  receiveConsignment,
  registerLot,
  releaseLot,
  shipConsignment,
} from "@careledger/sdk";
import { hexlify, randomBytes } from "ethers";

const DAY = 86_400;

/** Members by name, as in test/fixtures/consortium.ts. */
export const INSPECTOR = 1;
export const GREEN_CROSS = 4;
export const NOVA = 8;
export const DEPOT = 9;
export const CLINIC = 10;

/** A released lot. */
export interface Made {
  readonly lot: string;
  readonly lotNumber: string;
  readonly product: ProductTerms;
  readonly units: number;
  /** Its serials; of a lot without, of no use. */
  readonly tree: SerialTree;
}

const random32 = (): string => hexlify(randomBytes(32));

let last = 0;

/** A GTIN that no other product of the tests has. */
export function freshGtin(): bigint {
  const digits = `0952123${String((last += 1)).padStart(6, "0")}`;
  return parseGtin(`${digits}${checkDigitOf(digits)}`);
}

/** An SSCC that no other consignment of the tests has. */
export function freshSscc(): bigint {
  const digits = `3952123${String((last += 1)).padStart(10, "0")}`;
  return parseSscc(`${digits}${checkDigitOf(digits)}`);
}

/** Terms of a single-dose vaccine with serials, kept anywhere. */
export function productTerms(change: Partial<ProductTerms> = {}): ProductTerms {
  return {
    gtin: freshGtin(),
    maker: NOVA,
    vaccine: true,
    serialised: true,
    unitsPerSerial: 1,
    unitsPerPack: 10,
    content: 1_000,
    storageClass: "Unmonitored",
    budget: 0,
    openFor: 0,
    ...change,
  };
}

/** Tablets by count. */
export const TABLETS = { vaccine: false, serialised: false, unitsPerPack: 30 } as const;

/** What tests do before what they are about. */
export interface Supply {
  /** A product that was proposed and approved. */
  product(change?: Partial<ProductTerms>): Promise<ProductTerms>;
  /** A lot that was registered. */
  register(product: ProductTerms, units: number): Promise<Made>;
  /** A lot that was registered and released. */
  lot(product: ProductTerms, units: number): Promise<Made>;
  /** Ship units from the plant. */
  ship(made: Made, units: number, to: number, change?: Partial<ConsignmentTerms>): Promise<ConsignmentTerms>;
  /** Ship units from the plant, and receive them. */
  deliver(made: Made, units: number, to: number): Promise<ConsignmentTerms>;
  /** A released lot of a fresh product, of which all units lie at a member's first site. */
  stocked(to: number, units?: number, change?: Partial<ProductTerms>): Promise<Made>;
}

/** Stock keepers by member. */
export const keeperOf = (member: number): string =>
  ({ [GREEN_CROSS]: "greenCrossStock", [NOVA]: "novaStock", [DEPOT]: "depotStock", [CLINIC]: "clinicStock" })[
    member
  ] ?? "stranger";

/** Last day on which lots may be used. */
export const expiryDay = (now: number): number => Math.floor(now / DAY) + 365;

export function supplyOf(as: (actor: string) => Client, now: () => Promise<number>): Supply {
  const supply: Supply = {
    product: async (change) => {
      const product = productTerms(change);
      await proposeProduct(as("novaQuality"), { product });
      await approveProduct(as("inspectorLots"), { product, regulator: INSPECTOR });
      return product;
    },
    register: async (product, units) => {
      const lotNumber = `L${(last += 1)}`;
      const { unitsPerSerial, serialised } = product;
      const serials = Array.from({ length: units / unitsPerSerial }, (_, index) => `SN${index}`);
      const tree = buildSerialTree({ serials, secret: random32(), unitsPerSerial });
      const { lot } = await registerLot(as("novaStock"), {
        member: NOVA,
        gtin: product.gtin,
        lotNumber,
        expiryDay: expiryDay(await now()),
        units,
        serialRoot: serialised ? tree.root : undefined,
        site: 1,
      });
      return { lot, lotNumber, product, units, tree };
    },
    lot: async (product, units) => {
      const made = await supply.register(product, units);
      await releaseLot(as("inspectorLots"), {
        lot: made.lot,
        regulator: INSPECTOR,
        certificate: random32(),
      });
      return made;
    },
    ship: async (made, units, to, change) => {
      const consignment = { ...goodsOf(made, units, to), ...change };
      await shipConsignment(as(keeperOf(consignment.from)), { consignment });
      return consignment;
    },
    deliver: async (made, units, to) => {
      const consignment = await supply.ship(made, units, to);
      await receiveConsignment(as(keeperOf(to)), { consignment });
      return consignment;
    },
    stocked: async (to, units = 100, change) => {
      const made = await supply.lot(await supply.product(change), units);
      await supply.deliver(made, units, to);
      return made;
    },
  };
  return supply;
}

/** A line of units from the plant, of serials from the first one on. */
export function lineOf(made: Made, units: number, firstUnit = 0): ConsignmentLine {
  const { serialised } = made.product;
  const span = serialised ? { firstUnit, endUnit: firstUnit + units } : {};
  return { lot: made.lot, units, ...span, origin: true };
}

/** Goods from the plant to a member's first site. */
export function goodsOf(made: Made, units: number, to: number): ConsignmentTerms {
  return {
    from: NOVA,
    fromSite: 1,
    to,
    toSite: 1,
    sscc: freshSscc(),
    purpose: "Delivery",
    lines: [lineOf(made, units)],
  };
}

/** A dose at the clinic for a paper holder, with the proof of its serial. */
export function doseOf(
  made: Made,
  unit: number,
  change: Partial<Administration> = {},
): Pick<AdministerDoseParams, "dose" | "ephemeralKey" | "proof"> {
  const { holder, ephemeralKey } = createQrHolder();
  const serial = Math.floor(unit / made.product.unitsPerSerial);
  const { serialised } = made.product;
  return {
    dose: {
      lot: made.lot,
      member: CLINIC,
      site: 1,
      ...(serialised ? { unit, saltedSerial: made.tree.saltedSerialOf(serial) } : {}),
      holder,
      commitment: random32(),
      seriesDose: 1,
      ...change,
    },
    ephemeralKey,
    ...(serialised ? { proof: made.tree.proofOf(serial) } : {}),
  };
}

/** Doses of a session for paper holders. */
export function sessionDosesOf(made: Made, firstUnit: number, count: number): SessionDose[] {
  return Array.from({ length: count }, (_, index) => {
    const { holder, ephemeralKey } = createQrHolder();
    return {
      saltedSerial: made.tree.saltedSerialOf(firstUnit + index),
      holder,
      ephemeralKey,
      commitment: random32(),
      seriesDose: 2,
    };
  });
}
