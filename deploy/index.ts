import { accessManager } from "./01-access-manager.ts";
import { memberRegistry } from "./02-member-registry.ts";
import { prescriptionRegistry } from "./03-prescription-registry.ts";
import { patientVerifiers } from "./03a-patient-verifiers.ts";
import { standardsRegistry } from "./03b-standards-registry.ts";
import { recordRegistry } from "./03c-record-registry.ts";
import { consentRegistry } from "./03d-consent-registry.ts";
import { researchRegistry } from "./03e-research-registry.ts";
import { lotRegistry } from "./03f-lot-registry.ts";
import { prescriptionStock } from "./03g-prescription-stock.ts";
import { assignRoles } from "./04-roles.ts";
import { foundMembers } from "./05-members.ts";
import { appointOperators } from "./06-operators-and-licences.ts";
import { registerStandards } from "./06a-governed-lists.ts";
import { handOver } from "./07-hand-over.ts";
import type { NetworkFile } from "./journal.ts";
import { openSession, type ContractName, type DeployInput, type Step } from "./context.ts";

export {
  parseConfig,
  readConfig,
  developmentKey,
  type DeployConfig,
  type MemberConfig,
  type OperatorConfig,
  type StandardsConfig,
} from "./config.ts";
export type { ContractName, DeployInput } from "./context.ts";
export { DeployError } from "./errors.ts";
export { fileStore, memoryStore } from "./journal.ts";

/** The steps in their order. */
export const steps: readonly Step[] = [
  accessManager,
  memberRegistry,
  prescriptionRegistry,
  patientVerifiers,
  standardsRegistry,
  recordRegistry,
  consentRegistry,
  researchRegistry,
  lotRegistry,
  prescriptionStock,
  assignRoles,
  foundMembers,
  appointOperators,
  registerStandards,
  handOver,
];

/** A network as deployed. */
export interface Deployment {
  readonly addresses: Readonly<Record<ContractName, string>>;
  /** Transactions that this run sent. */
  readonly sent: number;
  /** What waits for keys that this run did not have. */
  readonly left: readonly string[];
}

/** The contracts that clients call, as the SDK's network names them. */
export const networkAddressesOf = ({
  memberRegistry,
  prescriptionRegistry,
  standardsRegistry,
  recordRegistry,
  consentRegistry,
  researchRegistry,
  lotRegistry,
  accessManager,
}: Readonly<Record<ContractName, string>>): NetworkFile["addresses"] => ({
  memberRegistry,
  prescriptionRegistry,
  standardsRegistry,
  recordRegistry,
  consentRegistry,
  researchRegistry,
  lotRegistry,
  accessManager,
});

/** The verifiers of patients' signatures, as the SDK's network names them. */
export const verifiersOf = (
  addresses: Readonly<Record<ContractName, string>>,
): Readonly<Record<"p256" | "webAuthn", string>> => ({
  p256: addresses.p256Verifier,
  webAuthn: addresses.webAuthnVerifier,
});

/** What clients need to know of the network, in one file. */
const writeNetwork = (input: DeployInput, addresses: Readonly<Record<ContractName, string>>): void => {
  const { config, store, rpcUrls } = input;
  if (rpcUrls === undefined) return;
  const created = (store.read()?.entries ?? []).flatMap(({ creates, block }) =>
    creates === undefined || block === undefined ? [] : [block],
  );
  store.writeNetwork({
    name: config.network,
    chainId: Number(config.chainId),
    rpcUrls: rpcUrls.map(withoutCredentials),
    addresses: networkAddressesOf(addresses),
    verifiers: verifiersOf(addresses),
    deployedInBlock: created.length === 0 ? 0 : Math.min(...created),
  });
};

const withoutCredentials = (text: string): string => {
  const url = new URL(text);
  if (url.username === "" && url.password === "") return text;
  url.username = "";
  url.password = "";
  return url.href;
};

/**
 * Brings a network to what the configuration says. Each step reads the chain, compares, and acts only on a difference;
 * running it again is harmless, also after a crash at any point.
 */
export const deploy = async (input: DeployInput): Promise<Deployment> => {
  const unlock = input.store.lock();
  try {
    const session = await openSession(input);
    await session.settle();
    for (const step of steps) {
      input.log?.(step.name);
      await step.run(session.contextOf(step.name));
    }
    const book = session.addresses();
    input.store.writeAddresses(book);
    const addresses = Object.fromEntries(
      Object.entries(book).map(([name, { address }]) => [name, address]),
    ) as Record<ContractName, string>;
    writeNetwork(input, addresses);
    return { addresses, sent: session.sent(), left: session.left };
  } finally {
    unlock();
  }
};
