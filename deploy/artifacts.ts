import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Interface, keccak256, type InterfaceAbi } from "ethers";

import { DeployError } from "./errors.ts";

/** The contracts that deployment creates, with the places of their artifacts. */
const sources = {
  AccessManager: "@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager.json",
  ERC1967Proxy: "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
  MemberRegistry: "contracts/consortium/MemberRegistry.sol/MemberRegistry.json",
  MemberRegistryProxy: "contracts/consortium/MemberRegistryProxy.sol/MemberRegistryProxy.json",
  PrescriptionRegistry: "contracts/prescriptions/PrescriptionRegistry.sol/PrescriptionRegistry.json",
} as const;

export type ArtifactName = keyof typeof sources;

export interface Artifact {
  readonly name: ArtifactName;
  readonly abi: InterfaceAbi;
  readonly iface: Interface;
  /** Creation code. */
  readonly bytecode: string;
  /** keccak256 of the creation code: what the journal records. */
  readonly hash: string;
  /** Code as it stands on chain, with zeros where immutables go. */
  readonly deployedBytecode: string;
  /** Byte ranges of immutables in the deployed code. */
  readonly immutables: readonly { readonly start: number; readonly length: number }[];
}

interface ArtifactFile {
  abi: InterfaceAbi;
  bytecode: string;
  deployedBytecode: string;
  immutableReferences?: Record<string, { start: number; length: number }[]>;
}

const root = fileURLToPath(new URL("../artifacts/", import.meta.url));
const loaded = new Map<ArtifactName, Artifact>();

/** Reads a built contract. */
export const artifactOf = (name: ArtifactName): Artifact => {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const path = root + sources[name];
  if (!existsSync(path)) {
    throw new DeployError("ARTIFACT_MISSING", `The contract ${name} is not built.`, "run `npm run build`.", {
      name,
    });
  }
  const file = JSON.parse(readFileSync(path, "utf8")) as ArtifactFile;
  const artifact: Artifact = {
    name,
    abi: file.abi,
    iface: new Interface(file.abi),
    bytecode: file.bytecode,
    hash: keccak256(file.bytecode),
    deployedBytecode: file.deployedBytecode,
    immutables: Object.values(file.immutableReferences ?? {}).flat(),
  };
  loaded.set(name, artifact);
  return artifact;
};

/** Whether code found on chain is this artifact's, immutables apart. */
export const isCodeOf = (artifact: Artifact, code: string): boolean => {
  if (code.length !== artifact.deployedBytecode.length) return false;
  const found = Buffer.from(code.slice(2), "hex");
  for (const { start, length } of artifact.immutables) found.fill(0, start, start + length);
  return found.equals(Buffer.from(artifact.deployedBytecode.slice(2), "hex"));
};
