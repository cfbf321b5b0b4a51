import type { AccessPermittedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { type DataUse, readDataUseRequest } from "./dataUse.ts";
import { checkAccess } from "./ids.ts";
import type { AccessRequest } from "./types.ts";

/** What requestAccess needs. */
export interface RequestAccessParams extends AccessRequest, SendParams {}

/** What was permitted. */
export interface AccessPermitted extends Omit<AccessPermittedEvent, "terms">, DataUse, Acted {}

/**
 * Ask for a dataset: its terms decide at once, on chain. State each purpose and each term that the use keeps; what is not
 * stated counts as not kept, and what is stated binds the member. Caller: a DISCLOSE operator of `member`.
 *
 * @throws `InputInvalid`, `AccessRefused` with the DUO term that refuses, `AccessInstitutionOfOther`, `AccessBarred`,
 * `AccessAlreadyPermitted`, `DatasetUnknown`, `DatasetIsRetired`, `DutyNotHeld`, `DutySuspendedForMember`, the faults of
 * research terms, and what sending can meet.
 * @example
 * const { access, until } = await requestAccess(client, {
 *   dataset,
 *   member: 9,
 *   terms: ["DUO:0000006", "DUO:0000025", "DUO:0000046"],
 *   parameters: { months: 12 },
 *   commitment,
 * });
 */
export async function requestAccess(client: Client, params: RequestAccessParams): Promise<AccessPermitted> {
  const args = [checkAccess("params", params)];
  const { terms, ...event } = await act(client, "researchRegistry", "AccessPermitted", {
    name: "requestAccess",
    args,
    key: params.key,
  });
  return { ...event, ...readDataUseRequest(terms) };
}
