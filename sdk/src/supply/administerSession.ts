import { type Acted, type SendParams, actedOf, eventsOf, onlyEvent, submit } from "../core/act.ts";
import type { CompactSignature } from "../core/attestation.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAttestation } from "../prescriptions/input.ts";
import { doseOf } from "./doses.ts";
import { checkRunProof, checkSession, checkSessionDoses } from "./input.ts";
import { hashDoses } from "./typedData.ts";
import type { AdministrationSession, RecordedDose, SessionDose } from "./types.ts";

/** What administerSession needs. */
export interface AdministerSessionParams extends SendParams {
  readonly session: AdministrationSession;
  /** 1 to 200, in the order of their serials. */
  readonly doses: readonly SessionDose[];
  /** As `runProofOf` of the serial tree gives it. */
  readonly proof: readonly string[];
  /** The vaccinator's signature (signAdministrationSession); leave out when the vaccinator sends it itself. */
  readonly attestation?: CompactSignature | undefined;
}

/** A session that was recorded. */
export interface RecordedSession extends Acted {
  readonly lot: string;
  readonly member: number;
  readonly site: number;
  /** Who gave it. */
  readonly operator: string;
  /** Index of the first dose within the lot. */
  readonly firstUnit: number;
  readonly doses: readonly RecordedDose[];
}

/**
 * Record doses with adjacent serials in one call. Caller: as for `administerDose`.
 *
 * @throws As `administerDose`, and `SessionSizeInvalid`.
 * @example
 * const proof = tree.runProofOf(firstUnit, doses.length);
 * await administerSession(client, { session: { lot, member: 10, site: 1, firstUnit }, doses, proof });
 */
export async function administerSession(
  client: Client,
  params: AdministerSessionParams,
): Promise<RecordedSession> {
  checkObject("params", params);
  const session = checkSession("session", params.session);
  const doses = checkSessionDoses("doses", params.doses);
  const proof = checkRunProof("proof", params.proof);
  const receipt = await submit(client, "lotRegistry", {
    name: "administerSession",
    args: [session, doses, proof, checkAttestation(params.attestation)],
    key: params.key,
    intent: `administerSession:${Object.values(session).join(":")}:${hashDoses(doses)}`,
  });
  const who = onlyEvent(client, "lotRegistry", "DosesAdministered", receipt);
  const { lot, member, site, operator } = who;
  return {
    lot,
    member,
    site,
    operator,
    firstUnit: session.firstUnit,
    doses: eventsOf(client, "lotRegistry", "DoseAdministered", receipt).map((given) => doseOf(given, who)),
    ...actedOf(receipt),
  };
}
