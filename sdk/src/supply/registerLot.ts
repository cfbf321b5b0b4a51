import type { LotRegisteredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkNumber, checkObject } from "../core/input.ts";
import { checkGtin, checkHash, checkLotNumber, checkSite } from "./input.ts";
import { lotNumberOf } from "./lotId.ts";

/** What registerLot needs. */
export interface RegisterLotParams extends SendParams {
  /** Maker. */
  readonly member: number;
  /** An approved product of it, as `parseGtin` gives it. */
  readonly gtin: bigint;
  /** GS1 AI 10: 1 to 20 characters of set 82. */
  readonly lotNumber: string;
  /** Last day on which it may be used, days since 1970-01-01 (`dayOf`). */
  readonly expiryDay: number;
  /** Units made, from 1. */
  readonly units: number;
  /** Root of its serials (`buildSerialTree`); absent where the product has none. */
  readonly serialRoot?: string | undefined;
  /** The maker's site where it lies. */
  readonly site: number;
}

/** A lot that was registered. */
export interface RegisteredLot extends Omit<LotRegisteredEvent, "number">, Acted {
  readonly lotNumber: string;
}

/**
 * Register a lot of an approved product. Caller: a HANDLE_STOCK operator of its maker.
 *
 * @throws `InputInvalid`, `ProductNotApproved`, `ProductOfStranger`, `LotAlreadyRegistered`, `LotTermInvalid`,
 * `StockSiteNotOpen`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * const { lot } = await registerLot(client, { member: 7, gtin, lotNumber: "AB-12", expiryDay, units, serialRoot, site: 1 });
 */
export async function registerLot(client: Client, params: RegisterLotParams): Promise<RegisteredLot> {
  checkObject("params", params);
  const member = checkMember("member", params.member);
  const terms = {
    gtin: checkGtin("gtin", params.gtin),
    number: checkLotNumber("lotNumber", params.lotNumber),
    expiryDay: checkNumber("expiryDay", params.expiryDay, 16, 1),
    units: checkNumber("units", params.units, 32, 1),
    serialRoot: checkHash("serialRoot", params.serialRoot),
    site: checkSite("site", params.site),
  };
  const acted = await act(client, "lotRegistry", "LotRegistered", {
    name: "registerLot",
    args: [member, terms],
    key: params.key,
  });
  const { number, ...rest } = acted;
  return { ...rest, lotNumber: lotNumberOf(number) };
}
