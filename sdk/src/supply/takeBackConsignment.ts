import type { ConsignmentTakenBackEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkConsignment } from "./input.ts";
import type { ConsignmentTerms } from "./types.ts";

/** What takeBackConsignment needs. */
export interface TakeBackConsignmentParams extends SendParams {
  /** As it was shipped; what was refused of it, with `range` and `origin` left out. */
  readonly consignment: ConsignmentTerms;
}

/**
 * Take refused goods back, or after 72 hours those that nobody received. Caller: a HANDLE_STOCK operator of the sender.
 *
 * @throws `InputInvalid`, `ConsignmentUnknown`, `ConsignmentStatusWrong`, `ConsignmentTooEarly`, `StockSiteNotOpen`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await takeBackConsignment(client, { consignment });
 */
export async function takeBackConsignment(
  client: Client,
  params: TakeBackConsignmentParams,
): Promise<ConsignmentTakenBackEvent & Acted> {
  checkObject("params", params);
  return act(client, "lotRegistry", "ConsignmentTakenBack", {
    name: "takeBack",
    args: [checkConsignment("consignment", params.consignment)],
    key: params.key,
  });
}
