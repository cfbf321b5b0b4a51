import type { CodeSystemRegisteredEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkStandardText } from "./input.ts";

/** What registerCodeSystem needs. */
export interface RegisterCodeSystemParams extends SendParams {
  /** Canonical URL (FHIR `CodeSystem.url`), at most 255 bytes. */
  readonly url: string;
  /** One exact version (FHIR `CodeSystem.version`), at most 255 bytes. */
  readonly version: string;
}

/**
 * Register one version of a code system; the result has its number. Caller: governance.
 *
 * @throws `InputInvalid`, `CodeSystemInvalid`, `AccessManagedUnauthorized`, and what sending can meet.
 * @example
 * const { number } = await registerCodeSystem(client, { url: "http://loinc.org", version: "2.80" });
 */
export async function registerCodeSystem(
  client: Client,
  params: RegisterCodeSystemParams,
): Promise<CodeSystemRegisteredEvent & Acted> {
  checkObject("params", params);
  const args = [checkStandardText("url", params.url), checkStandardText("version", params.version)];
  return act(client, "standardsRegistry", "CodeSystemRegistered", {
    name: "registerCodeSystem",
    args,
    key: params.key,
  });
}
