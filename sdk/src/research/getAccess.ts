import type { AccessPermittedEvent, AccessWithdrawalReason } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkBytes32 } from "../core/input.ts";
import { readDataUseRequest } from "./dataUse.ts";
import { researchError } from "./errors.ts";
import { findEvents } from "./getDataset.ts";
import { idOfStruct } from "./ids.ts";
import { standingOf } from "./isAccessPermitted.ts";
import type { AccessView } from "./types.ts";

/** What the chain keeps of an access. */
interface AccessState {
  readonly permittedAt: number;
  readonly until: bigint;
  readonly version: number;
  readonly withdrawnAt: number;
  readonly reason: AccessWithdrawalReason;
}

/**
 * An access by its id: what was asked for, and how it stands now. What was asked for comes from the event that permitted
 * it and is proven by the id, which is its hash.
 *
 * @throws `InputInvalid`, `AccessNotFound`, `ResearchEventMissing` when the node lacks old logs, `RpcUnavailable`
 * @example
 * const { permitted, answer, until, terms } = await getAccess(client, access);
 */
export async function getAccess(client: Client, access: string): Promise<AccessView> {
  const id = checkBytes32("access", access, false);
  const state = await readAccess(client, id);
  if (state.permittedAt === 0) throw researchError("AccessNotFound", { access: id });
  const [found] = await findEvents(client, "AccessPermitted", id, state.permittedAt);
  if (found === undefined) throw researchError("ResearchEventMissing", { id });
  return accessView(client, found.values as unknown as AccessPermittedEvent, state);
}

/** An access that an event tells of, as it stands; its state is read when it is not given. */
export async function accessView(
  client: Client,
  { access, dataset, member, terms, commitment }: AccessPermittedEvent,
  known?: AccessState,
): Promise<AccessView> {
  const struct = { dataset, member, terms, commitment };
  if (idOfStruct(struct) !== access) throw researchError("ResearchEventMissing", { id: access });
  const [state, standing] = await Promise.all([
    known ?? readAccess(client, access),
    standingOf(client, struct, member),
  ]);
  return { access, dataset, member, commitment, ...state, ...standing, ...readDataUseRequest(terms) };
}

async function readAccess(client: Client, id: string): Promise<AccessState> {
  const { 0: found } = await client.read("researchRegistry", "accessOf", [id]);
  return found as AccessState;
}
