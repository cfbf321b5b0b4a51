import { ZeroAddress } from "ethers";

import type { SubjectKeyProposalCancelledEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { consentError } from "./errors.ts";
import { getReplacement } from "./getReplacement.ts";
import { checkAuthorization, checkKeyRefusalMessage, checkSubject, intentOf } from "./input.ts";
import { chainTime, checkDeadline, deadlineFrom, readSubject, signerKeyFor } from "./read.ts";
import { type PreparedConsent, type SignedConsent, prepared } from "./typedData.ts";

/** What prepareKeyRefusal needs. */
export interface PrepareKeyRefusalParams {
  /** Subject id. */
  readonly subject: string;
  /** Last second at which it may be relayed, at most 24 hours ahead, unix seconds; an hour from now when absent. */
  readonly deadline?: number | undefined;
}

/**
 * Put the refusal of the key that is proposed into the form that the old key signs. Sends nothing.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `ConsentNothingStands`, `RpcUnavailable`
 * @example
 * const prepared = await prepareKeyRefusal(client, { subject });
 */
export async function prepareKeyRefusal(
  client: Client,
  params: PrepareKeyRefusalParams,
): Promise<PreparedConsent<"KeyRefusal">> {
  checkObject("params", params);
  checkDeadline(params.deadline);
  const subject = checkSubject("subject", params.subject);
  const [words, now] = await Promise.all([readSubject(client, subject), chainTime(client)]);
  const signer = await signerKeyFor(client, subject, words, 0);
  const key = (await getReplacement(client, subject))?.key ?? ZeroAddress;
  if (key === ZeroAddress) throw consentError("ConsentNothingStands", { what: "proposed key" });
  const deadline = deadlineFrom(params.deadline, now);
  return prepared(client.network, "KeyRefusal", { subject, key, keyVersion: words.keyVersion, deadline }, [
    signer,
  ]);
}

/** What refuseSubjectKey needs: what `signConsent` gave. */
export interface RefuseSubjectKeyParams extends SignedConsent<"KeyRefusal">, SendParams {}

/**
 * Relay the refusal of a proposed key; also while paused. Caller: anybody; the signature is the old key's.
 *
 * @throws `InputInvalid`, `ReplacementUnknown`, `ConsentSignatureInvalid`, `ConsentVerifierUnknown`, `SubjectUnknown`,
 * `SignatureExpired`, `SignatureDeadlineTooFar`, and what sending can meet.
 * @example
 * await refuseSubjectKey(client, await signConsent(oldPhone, prepared));
 */
export async function refuseSubjectKey(
  client: Client,
  params: RefuseSubjectKeyParams,
): Promise<SubjectKeyProposalCancelledEvent & Acted> {
  checkObject("params", params);
  const message = checkKeyRefusalMessage("message", params.message);
  const { subject, deadline } = message;
  return act(client, "consentRegistry", "SubjectKeyProposalCancelled", {
    name: "refuseKey",
    args: [subject, checkAuthorization("signature", params.signature, deadline)],
    key: params.key,
    intent: intentOf("refuseKey", message),
  });
}
