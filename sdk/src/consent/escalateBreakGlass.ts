import type { BreakGlassEscalatedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32, checkObject } from "../core/input.ts";

/** What escalateBreakGlass needs. */
export interface EscalateBreakGlassParams extends SendParams {
  /** Id of the use. */
  readonly breakGlass: string;
}

/**
 * Say in public that a use of break-glass which gave access was not reviewed within 72 hours; also while paused. Caller:
 * anybody.
 *
 * @throws `InputInvalid`, `BreakGlassUnknown`, `BreakGlassNotOverdue`, and what sending can meet.
 * @example
 * for (const { breakGlass } of await listBreakGlass(client, { escalatable: true })) await escalateBreakGlass(client, { breakGlass });
 */
export async function escalateBreakGlass(
  client: Client,
  params: EscalateBreakGlassParams,
): Promise<BreakGlassEscalatedEvent & Acted> {
  checkObject("params", params);
  return act(client, "consentRegistry", "BreakGlassEscalated", {
    name: "escalateBreakGlass",
    args: [checkBytes32("breakGlass", params.breakGlass, false)],
    key: params.key,
  });
}
