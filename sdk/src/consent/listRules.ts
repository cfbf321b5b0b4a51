import type { Client } from "../core/client.ts";
import { checkNumber, checkObject } from "../core/input.ts";
import { getEvents } from "../core/logs.ts";
import { PAPER_NUMBER, ruleView } from "./getRule.ts";
import { type AudienceWords, checkSubject } from "./input.ts";
import { readRule } from "./read.ts";
import type { ConsentRule } from "./types.ts";

/** Where an event says that a rule was set; denials from paper have one number. */
interface Place extends AudienceWords {
  readonly number?: number;
}

/** Whose rules. */
export interface ListRulesParams {
  /** Subject id. */
  readonly subject: string;
  /** First block to search; the deployment's when absent. */
  readonly fromBlock?: number | undefined;
}

/**
 * All rules of a subject as they stand now, those that do not count at present too (`live`); found through their events.
 *
 * @throws `InputInvalid`, `LogRangeUnsearchable`, `RpcUnavailable`
 * @example
 * const live = (await listRules(client, { subject })).filter((rule) => rule.live);
 */
export async function listRules(client: Client, params: ListRulesParams): Promise<ConsentRule[]> {
  checkObject("params", params);
  const subject = checkSubject("subject", params.subject);
  const { fromBlock } = params;
  if (fromBlock !== undefined) checkNumber("fromBlock", fromBlock, 32);
  const query = { contract: "consentRegistry", indexed: [subject] } as const;
  const range = fromBlock === undefined ? {} : { fromBlock };
  const found = await Promise.all(
    ["ConsentGranted", "ConsentDenied", "PaperDenialEntered"].map((event) =>
      getEvents(client, { ...query, ...range, events: [event] }),
    ),
  );
  const places = new Map(
    found.flat().map(({ values }) => {
      const { grantee, sector, number = PAPER_NUMBER } = values as unknown as Place;
      const place = { grantee, sector, number };
      return [`${place.sector}:${place.grantee}:${place.number}`, place];
    }),
  );
  const ordered = [...places.values()].sort(
    (a, b) => a.sector - b.sector || a.grantee - b.grantee || a.number - b.number,
  );
  const rules = await Promise.all(
    ordered.map(async (place) => {
      const words = await readRule(client, subject, place, place.number);
      return words.kind === "None" ? undefined : ruleView(client, subject, place, place.number, words);
    }),
  );
  return rules.filter((rule) => rule !== undefined);
}
