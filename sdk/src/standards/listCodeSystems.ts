import { id as hashOfText } from "ethers";

import type { Client } from "../core/client.ts";
import { getEvents } from "../core/logs.ts";
import { getCodeSystem } from "./getCodeSystem.ts";
import type { NamedCodeSystem } from "./types.ts";

/**
 * All versions of code systems that were ever registered, by number, the retired ones too; found through their events, and
 * their texts proven by the hashes on chain.
 *
 * @throws `RpcUnavailable`, `LogRangeUnsearchable`
 * @example
 * const loinc = (await listCodeSystems(client)).filter(({ url }) => url === "http://loinc.org");
 */
export async function listCodeSystems(client: Client): Promise<NamedCodeSystem[]> {
  const events = await getEvents(client, { contract: "standardsRegistry", events: ["CodeSystemRegistered"] });
  const found = await Promise.all(
    events.map(async ({ values }) => {
      const [url, version] = [String(values["url"]), String(values["version"])];
      const codeSystem = await getCodeSystem(client, values["number"] as number);
      const isProven =
        codeSystem?.urlHash === hashOfText(url) && codeSystem.versionHash === hashOfText(version);
      return isProven ? { ...codeSystem, url, version } : undefined;
    }),
  );
  return found.filter((each) => each !== undefined);
}
