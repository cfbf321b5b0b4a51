import { checkAddress, checkNumber, checkObject } from "./input.ts";
import { isCareLedgerError } from "./errors.ts";
import { sdkError } from "./errorCatalogue.ts";

/** A CareLedger network: which chain, where its nodes answer, where the contracts stand. */
export interface Network {
  /** Name for people and logs, such as `consortium` or `embedded`. */
  readonly name: string;
  /** EIP-155 chain id; every endpoint is asked for it before it is used. */
  readonly chainId: number;
  /** JSON-RPC addresses (http, https), the preferred one first. */
  readonly rpcUrls: readonly string[];
  /** Addresses of the proxies. */
  readonly addresses: NetworkAddresses;
  /** What checks patients' signatures that are not ECDSA (ERC-7913). */
  readonly verifiers: NetworkVerifiers;
  /** Block in which the first of the contracts was deployed; log queries begin there. */
  readonly deployedInBlock: number;
}

/** Where the contracts stand. */
export interface NetworkAddresses {
  readonly memberRegistry: string;
  readonly prescriptionRegistry: string;
  readonly consentRegistry: string;
  readonly recordRegistry: string;
  readonly standardsRegistry: string;
  readonly researchRegistry: string;
  readonly lotRegistry: string;
  readonly accessManager: string;
}

/** Contracts that check a kind of signature; a patient's signer begins with the address of one of them. */
export interface NetworkVerifiers {
  /** Plain P-256 signatures: {@link createP256Signer}. */
  readonly p256: string;
  /** Passkeys: {@link createWebAuthnSigner}. */
  readonly webAuthn: string;
}

/**
 * Check a network's settings, for instance read from a file.
 *
 * @throws `NetworkConfigInvalid` naming the setting.
 * @example
 * const network = defineNetwork(JSON.parse(await readFile("network.json", "utf8")));
 */
export function defineNetwork(network: Network): Network {
  const setting = <T>(name: string, check: () => T): T => {
    try {
      return check();
    } catch (error) {
      const problem = isCareLedgerError(error) ? String(error.values["problem"]) : "it is malformed";
      throw sdkError("NetworkConfigInvalid", { setting: name, problem }, error);
    }
  };
  setting("network", () => checkObject("network", network));
  setting("addresses", () => checkObject("addresses", network.addresses));
  setting("verifiers", () => checkObject("verifiers", network.verifiers));
  if (typeof network.name !== "string" || network.name === "") {
    throw sdkError("NetworkConfigInvalid", { setting: "name", problem: "it is missing" });
  }
  const urls = network.rpcUrls;
  if (!Array.isArray(urls) || urls.length === 0) {
    throw sdkError("NetworkConfigInvalid", { setting: "rpcUrls", problem: "it names no endpoint" });
  }
  urls.forEach((url, index) => {
    if (typeof url !== "string" || !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : "")) {
      throw sdkError("NetworkConfigInvalid", {
        setting: `rpcUrls[${index}]`,
        problem: "it is no http(s) address",
      });
    }
  });
  const address = (name: keyof NetworkAddresses): string =>
    setting(`addresses.${name}`, () => checkAddress(name, network.addresses[name]));
  const verifier = (name: keyof NetworkVerifiers): string =>
    setting(`verifiers.${name}`, () => checkAddress(name, network.verifiers[name]));
  return {
    name: network.name,
    chainId: setting("chainId", () =>
      checkNumber("chainId", network.chainId, 53, 1, Number.MAX_SAFE_INTEGER),
    ),
    rpcUrls: [...urls],
    addresses: {
      memberRegistry: address("memberRegistry"),
      prescriptionRegistry: address("prescriptionRegistry"),
      consentRegistry: address("consentRegistry"),
      recordRegistry: address("recordRegistry"),
      standardsRegistry: address("standardsRegistry"),
      researchRegistry: address("researchRegistry"),
      lotRegistry: address("lotRegistry"),
      accessManager: address("accessManager"),
    },
    verifiers: { p256: verifier("p256"), webAuthn: verifier("webAuthn") },
    deployedInBlock: setting("deployedInBlock", () =>
      checkNumber("deployedInBlock", network.deployedInBlock, 53, 0, Number.MAX_SAFE_INTEGER),
    ),
  };
}
