import type { CodeSystemRetiredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";

/** What retireCodeSystem needs. */
export interface RetireCodeSystemParams extends SendParams {
  /** From 1. */
  readonly number: number;
}

/**
 * Take a version of a code system out of use for new records. Caller: governance.
 *
 * @throws `InputInvalid`, `CodeSystemNotActive`, `AccessManagedUnauthorized`, and what sending can meet.
 * @example
 * await retireCodeSystem(client, { number: 1 });
 */
export async function retireCodeSystem(
  client: Client,
  params: RetireCodeSystemParams,
): Promise<CodeSystemRetiredEvent & Acted> {
  checkObject("params", params);
  const args = [checkNumber("number", params.number, 16, 1)];
  return act(client, "standardsRegistry", "CodeSystemRetired", {
    name: "retireCodeSystem",
    args,
    key: params.key,
  });
}
