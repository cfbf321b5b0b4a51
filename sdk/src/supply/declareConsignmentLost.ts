import type { ConsignmentLostEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkConsignment } from "./input.ts";
import type { ConsignmentTerms } from "./types.ts";

/** What declareConsignmentLost needs. */
export interface DeclareConsignmentLostParams extends SendParams {
  /** As it was shipped. */
  readonly consignment: ConsignmentTerms;
}

/**
 * Give goods up that nobody received within 30 days. Caller: a HANDLE_STOCK operator of the sender.
 *
 * @throws `InputInvalid`, `ConsignmentUnknown`, `ConsignmentStatusWrong`, `ConsignmentTooEarly`, `StockSiteNotOpen`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await declareConsignmentLost(client, { consignment });
 */
export async function declareConsignmentLost(
  client: Client,
  params: DeclareConsignmentLostParams,
): Promise<ConsignmentLostEvent & Acted> {
  checkObject("params", params);
  return act(client, "lotRegistry", "ConsignmentLost", {
    name: "declareLost",
    args: [checkConsignment("consignment", params.consignment)],
    key: params.key,
  });
}
