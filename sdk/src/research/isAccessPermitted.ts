import type { AccessAnswer } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { type DuoCurie, DUO_TERMS } from "./duoTerms.ts";
import { type AccessStruct, checkAccess } from "./ids.ts";
import type { AccessRequest, AccessStanding } from "./types.ts";

/** What isAccessPermitted needs. */
export interface IsAccessPermittedParams {
  /** What was asked for. */
  readonly access: AccessRequest;
  /** Who would use it: the member that asked (the default), or its successor once that is closed. */
  readonly member?: number;
}

/**
 * Whether a member may use a dataset now: by the dataset's terms, the access's end, withdrawals and suspensions as they stand
 * at the newest block. A custodian asks this before it serves.
 *
 * @throws `InputInvalid`, the faults of research terms, `RpcUnavailable`
 * @example
 * const { permitted, answer, refusedBy, rule } = await isAccessPermitted(client, { access });
 */
export async function isAccessPermitted(
  client: Client,
  params: IsAccessPermittedParams,
): Promise<AccessStanding> {
  checkObject("params", params);
  const access = checkAccess("access", params.access);
  return standingOf(client, access, checkMember("member", params.member ?? access.member));
}

/** The same of an access as the contract takes it. */
export async function standingOf(
  client: Client,
  access: AccessStruct,
  member: number,
): Promise<AccessStanding> {
  const { answer, term } = (await client.read("researchRegistry", "isAccessPermitted", [access, member])) as {
    answer: AccessAnswer;
    term: number;
  };
  const permitted = answer === "Permitted";
  if (answer !== "TermsRefuse") return { permitted, answer };
  const refusedBy = `DUO:${String(term).padStart(7, "0")}` as DuoCurie;
  return { permitted, answer, refusedBy, rule: DUO_TERMS[refusedBy].rule };
}
