import { encodeBytes32String, id } from "ethers";

import { governorOf } from "./05-members.ts";
import { artifactOf } from "./artifacts.ts";
import type { Act, DeployContext, Step } from "./context.ts";
import { DeployError } from "./errors.ts";

const standards = (): ReturnType<typeof artifactOf>["iface"] => artifactOf("StandardsRegistry").iface;

/** What stands under this number must be what the list names there. */
const requireSame = (kind: string, number: number, same: boolean, configured: string): void => {
  if (same) return;
  throw new DeployError(
    "STANDARD_DIFFERS",
    `${kind} ${number} stands as something else than the configuration says (${configured}).`,
    "numbers are never given twice: append new ones at the end of the list.",
    { kind, number, configured },
  );
};

const dueCategories = async (context: DeployContext): Promise<string[]> => {
  const calls: string[] = [];
  for (const [number, code] of context.config.standards.categories.entries()) {
    const [found] = await context.read(standards(), context.addressOf("standardsRegistry"), "categoryOf", [
      number,
    ]);
    const entry = found as { code: string; registeredAt: bigint };
    const wanted = encodeBytes32String(code);
    if (entry.registeredAt !== 0n) requireSame("Category", number, entry.code === wanted, code);
    else calls.push(standards().encodeFunctionData("registerCategory", [number, wanted]));
  }
  return calls;
};

const dueCodeSystems = async (context: DeployContext): Promise<string[]> => {
  const calls: string[] = [];
  for (const [index, { url, version }] of context.config.standards.codeSystems.entries()) {
    const number = index + 1;
    const [found] = await context.read(standards(), context.addressOf("standardsRegistry"), "codeSystemOf", [
      number,
    ]);
    const entry = found as { urlHash: string; versionHash: string; registeredAt: bigint };
    const same = entry.urlHash === id(url) && entry.versionHash === id(version);
    if (entry.registeredAt !== 0n) requireSame("Code system", number, same, `${url}|${version}`);
    else calls.push(standards().encodeFunctionData("registerCodeSystem", [url, version]));
  }
  return calls;
};

/** Registrations that are due, in the order of their numbers: in one transaction, so that no other comes between. */
const registrations = async (context: DeployContext): Promise<Act[]> => {
  const due = [...(await dueCategories(context)), ...(await dueCodeSystems(context))];
  if (due.length === 0) return [];
  const manager = artifactOf("AccessManager").iface;
  const target = context.addressOf("standardsRegistry");
  const calls = due.map((data) => manager.encodeFunctionData("execute", [target, data]));
  return [
    {
      action: `register ${due.length} categories and code systems`,
      from: await governorOf(context),
      to: context.addressOf("accessManager"),
      data: manager.encodeFunctionData("multicall", [calls]),
    },
  ];
};

/** Copies that differ from the registry. Anybody may bring them up to date. */
const refreshes = async (context: DeployContext): Promise<Act[]> => {
  const source = context.addressOf("standardsRegistry");
  const ask = async (name: string): Promise<unknown> =>
    (await context.read(standards(), source, name, []))[0];
  const [active, registered, count] = [
    await ask("activeCategories"),
    await ask("registeredCategories"),
    await ask("codeSystemCount"),
  ];
  const from = context.config.deployer;
  const acts: Act[] = [];
  const records = artifactOf("RecordRegistry").iface;
  const to = context.addressOf("recordRegistry");
  const [categories, codeSystems] = await context.read(records, to, "standards", []);
  if (categories !== active || codeSystems !== count) {
    const data = records.encodeFunctionData("refreshStandards");
    acts.push({ action: "refresh the records' copy of the lists", from, to, data });
  }
  return [...acts, ...(await consentRefreshes(context, registered))];
};

const consentRefreshes = async (context: DeployContext, registered: unknown): Promise<Act[]> => {
  const { iface } = artifactOf("ConsentRegistry");
  const to = context.addressOf("consentRegistry");
  const [known] = await context.read(iface, to, "categories", []);
  if (known === registered) return [];
  const data = iface.encodeFunctionData("refreshCategories");
  return [
    { action: "refresh the consents' copy of the categories", from: context.config.deployer, to, data },
  ];
};

/** The initial lists of data categories and code-system versions, and the copies that other domains keep. */
export const registerStandards: Step = {
  name: "06a-governed-lists",
  run: async (context) => {
    const due = await registrations(context);
    await context.perform(due);
    const stale = await refreshes(context);
    await context.perform(stale);
    if (due.length + stale.length === 0) context.unchanged("the governed lists stand as configured");
  },
};
