import type { ConsignmentReceivedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkList, checkObject } from "../core/input.ts";
import { LINES_MOST, checkConsignment, checkFinding, checkFlag } from "./input.ts";
import type { ConsignmentTerms, LineFinding } from "./types.ts";

/** What receiveConsignment needs. */
export interface ReceiveConsignmentParams extends SendParams {
  /** As it was shipped. */
  readonly consignment: ConsignmentTerms;
  /** One for each line, where something is damaged, missing or refused; absent where all is accepted. */
  readonly findings?: readonly LineFinding[] | undefined;
  /** Put all that is accepted into quarantine, as is needed of stopped lots; false when absent. */
  readonly intoQuarantine?: boolean | undefined;
}

/**
 * Take goods in, as they were sent or as they were found. Caller: a HANDLE_STOCK operator at the open site that they were sent to.
 *
 * @throws `InputInvalid`, `ConsignmentUnknown`, `ConsignmentStatusWrong`, `ConsignmentFindingInvalid`, `LotStatusWrong`,
 * `LotIsRecalled`, `LotExpired`, `SerialSpent`, `CompartmentUnwatched`, `StockSiteNotOpen`, `DutyNotHeld`, `DomainIsPaused`, and
 * what sending can meet.
 * @example
 * await receiveConsignment(client, { consignment });
 */
export async function receiveConsignment(
  client: Client,
  params: ReceiveConsignmentParams,
): Promise<ConsignmentReceivedEvent & Acted> {
  checkObject("params", params);
  const consignment = checkConsignment("consignment", params.consignment);
  const intoQuarantine = checkFlag("intoQuarantine", params.intoQuarantine, false);
  const { key } = params;
  if (params.findings === undefined) {
    return act(client, "lotRegistry", "ConsignmentReceived", {
      name: "receiveConsignment",
      args: [consignment, intoQuarantine],
      key,
    });
  }
  const findings = checkList("findings", params.findings, LINES_MOST).map((finding, index) =>
    checkFinding(`findings[${index}]`, finding),
  );
  return act(client, "lotRegistry", "ConsignmentReceived", {
    name: "receiveFound",
    args: [consignment, findings, intoQuarantine],
    key,
  });
}
