import type { Ruling } from "../abi/index.ts";
import type { Client } from "../core/client.ts";
import { checkMember, checkObject } from "../core/input.ts";
import { categoryNumberOf } from "../standards/categoryMask.ts";
import { checkCategoryCode } from "../standards/input.ts";
import { checkSubject, classOf } from "./input.ts";
import { type PurposeCode, checkPurpose } from "./purposes.ts";
import type { ConsentDecision } from "./types.ts";

/** The question. */
export interface IsPermittedParams {
  /** Whose data: a subject id. */
  readonly subject: string;
  /** Member that wants it. */
  readonly grantee: number;
  /** Code of the data category. */
  readonly category: string;
  /** One code of HL7's PurposeOfUse. */
  readonly purpose: PurposeCode;
}

/**
 * Whether a member may see a category of a subject's data for a purpose now, and which rule says so. A denial beats every
 * permit; among permits the one for the member comes before those for its sectors and for everyone.
 *
 * @throws `InputInvalid`, `RpcUnavailable`
 * @example
 * const { permitted, rule } = await isPermitted(client, { subject, grantee: 3, category: "laboratory", purpose: "TREAT" });
 */
export async function isPermitted(client: Client, params: IsPermittedParams): Promise<ConsentDecision> {
  checkObject("params", params);
  const subject = checkSubject("subject", params.subject);
  const grantee = checkMember("grantee", params.grantee);
  checkCategoryCode("category", params.category);
  const purpose = checkPurpose("purpose", params.purpose);
  const category = await categoryNumberOf(client, "category", params.category);
  const { 0: found } = await client.read("consentRegistry", "isPermitted", [
    subject,
    grantee,
    category,
    purpose,
  ]);
  return decisionView(found as DecisionWords);
}

interface DecisionWords {
  readonly ruling: Ruling;
  readonly grantee: number;
  readonly sector: number;
  readonly number: number;
  readonly version: number;
  readonly exportable: boolean;
  readonly redisclosable: boolean;
}

function decisionView(words: DecisionWords): ConsentDecision {
  const { ruling, grantee, sector, number, version, exportable, redisclosable } = words;
  const isDecided = ruling === "Permitted" || ruling === "Denied";
  return {
    permitted: ruling === "Permitted",
    ruling,
    rule: isDecided ? { grantee, sector: classOf(sector), number, version } : undefined,
    exportable,
    redisclosable,
  };
}
