import type { SegmentRecordedEvent } from "../abi/index.ts";
import { type Acted, type SendParams, act } from "../core/act.ts";
import type { CompactSignature } from "../core/attestation.ts";
import type { Client } from "../core/client.ts";
import { checkObject } from "../core/input.ts";
import { checkAttestation } from "../prescriptions/input.ts";
import { checkSegment } from "./input.ts";
import type { SegmentTerms } from "./types.ts";

/** What recordSegment needs. */
export interface RecordSegmentParams extends SendParams {
  readonly segment: SegmentTerms;
  /** The device's signature (signSegment); leave out when it sends the act itself. */
  readonly attestation?: CompactSignature | undefined;
}

/**
 * Record what a device measured without a break. Caller: the device, or with its attestation a SUBMIT operator of its member.
 *
 * @throws `InputInvalid`, `DeviceUnboundYet`, `SegmentInvalid`, `ConsignmentStatusWrong`, `SignatureExpired`, `DutyNotHeld`,
 * `DomainIsPaused`, and what sending can meet.
 * @example
 * await recordSegment(client, { segment: { member: 8, device, from, to, minutesOut: 0, readings }, attestation });
 */
export async function recordSegment(
  client: Client,
  params: RecordSegmentParams,
): Promise<SegmentRecordedEvent & Acted> {
  checkObject("params", params);
  const segment = checkSegment("segment", params.segment);
  return act(client, "lotRegistry", "SegmentRecorded", {
    name: "recordSegment",
    args: [segment, checkAttestation(params.attestation)],
    key: params.key,
    intent: `recordSegment:${Object.values(segment).join(":")}`,
  });
}
