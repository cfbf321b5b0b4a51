/** What happened, for the table, for the checks at the end and for the report. */
import {
  type CareLedgerError,
  type Client,
  DISCLOSURE_FAULTS,
  DOCUMENT_FAULTS,
  type PrescriptionView,
  disclosureError,
  documentError,
  getPrescription,
  isCareLedgerError,
} from "@careledger/sdk";

import { storyError } from "./protocol.ts";
import type { Done, Refusal } from "./system.ts";

/** Where an order comes from: HL7's published examples, or derived from them. */
export type Origin = "published" | "derived";

/** A prescription of the story. */
export interface Told {
  /** Id of the resource; of its copy for one fill when it was split for paper. */
  readonly resource: string;
  readonly origin: Origin;
  readonly way: "app" | "paper";
  readonly issuer: string;
  readonly prescription: string;
}

/** A row of the table: an act that was carried out. */
export interface Row {
  readonly resource: string;
  readonly origin: Origin;
  readonly act: string;
  /** Member, and who of it. */
  readonly member: string;
  /** How the prescription stood afterwards. */
  readonly state: string;
  readonly gas: bigint;
}

/** An act that the chain or a custodian refused, as it should. */
export interface RefusedAct {
  readonly resource: string;
  readonly origin: Origin;
  readonly act: string;
  readonly member: string;
  readonly code: string;
  /** What a custodian said. */
  readonly reason: string | undefined;
  readonly fix: string;
}

/** A refused resource, and where it comes from. */
export type OriginRefusal = Refusal & { readonly origin: Origin };

/** What an act is about: an example. */
export type Subject = Pick<Told, "resource" | "origin">;

/** All that is written down while the story runs. */
export interface Chronicle {
  readonly told: Told[];
  readonly rows: Row[];
  readonly refusals: OriginRefusal[];
  readonly refusedActs: RefusedAct[];
  /** Note an act of a prescription, and how it stands after it. */
  readonly note: (told: Told, act: string, member: string, done: Done) => Promise<PrescriptionView>;
  /** Note an act of the consent story; `state` says how things stand after it. */
  readonly tell: (about: Subject, act: string, member: string, state: string, done: Done) => void;
  /** Expect an act to be refused with this code. @throws `StoryNotRefused`, or the other error that came. */
  readonly expectRefusal: (
    told: Subject,
    act: string,
    member: string,
    code: string,
    work: Promise<unknown>,
  ) => Promise<void>;
}

/** How a prescription stands, in a few words. */
export const standingText = (view: PrescriptionView): string => {
  const { effectiveStatus, cancelPending, fill, fills, unitsLeft, dispenses } = view;
  const pending = cancelPending && effectiveStatus === "Locked" ? ", cancellation waits" : "";
  if (dispenses === 0 || effectiveStatus === "Completed") return `${effectiveStatus}${pending}`;
  return `${effectiveStatus}, fill ${fill} of ${fills}: ${Number(unitsLeft) / 1_000} left${pending}`;
};

/** What a custodian said, and how to mend it. */
const whyOf = ({ values, fix }: CareLedgerError): { reason: string | undefined; fix: string } => {
  const { reason } = values;
  const document = DOCUMENT_FAULTS.find((fault) => fault === reason);
  if (document !== undefined) return { reason: document, fix: documentError(document).fix };
  const disclosure = DISCLOSURE_FAULTS.find((fault) => fault === reason);
  if (disclosure !== undefined) return { reason: disclosure, fix: disclosureError(disclosure).fix };
  return { reason: undefined, fix };
};

/** An empty chronicle that reads the chain with this client. */
export const openChronicle = (reader: Client): Chronicle => {
  const rows: Row[] = [];
  const refusedActs: RefusedAct[] = [];
  return {
    told: [],
    rows,
    refusals: [],
    refusedActs,
    note: async ({ resource, origin, prescription }, act, member, { gas }) => {
      const view = await getPrescription(reader, prescription);
      rows.push({ resource, origin, act, member, state: standingText(view), gas });
      return view;
    },
    tell: ({ resource, origin }, act, member, state, { gas }) => {
      rows.push({ resource, origin, act, member, state, gas });
    },
    expectRefusal: async ({ resource, origin }, act, member, code, work) => {
      let refusal: unknown;
      try {
        await work;
      } catch (error) {
        refusal = error;
      }
      if (refusal === undefined) {
        const message = `"${act}" by ${member} was carried out and should have been refused with ${code}.`;
        throw storyError("StoryNotRefused", message, "This is a defect: report it.", { resource, act, code });
      }
      if (!isCareLedgerError(refusal, code)) throw refusal;
      const { reason, fix } = whyOf(refusal);
      refusedActs.push({ resource, origin, act, member, code, reason, fix });
    },
  };
};
