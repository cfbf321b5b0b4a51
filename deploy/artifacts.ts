import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Interface, keccak256, type JsonFragment } from "ethers";

import { DeployError } from "./errors.ts";

/** The contracts that deployment creates, with the places of their artifacts. */
const sources = {
  AccessManager: "@openzeppelin/contracts/access/manager/AccessManager.sol/AccessManager.json",
  ERC7913P256Verifier:
    "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol/ERC7913P256Verifier.json",
  ERC7913WebAuthnVerifier:
    "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol/ERC7913WebAuthnVerifier.json",
  ERC1967Proxy: "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol/ERC1967Proxy.json",
  MemberRegistry: "contracts/consortium/MemberRegistry.sol/MemberRegistry.json",
  MemberSupervision: "contracts/consortium/MemberSupervision.sol/MemberSupervision.json",
  MemberRegistryProxy: "contracts/consortium/MemberRegistryProxy.sol/MemberRegistryProxy.json",
  ConsentCustody: "contracts/consent/ConsentCustody.sol/ConsentCustody.json",
  ConsentOversight: "contracts/consent/ConsentOversight.sol/ConsentOversight.json",
  ConsentRegistry: "contracts/consent/ConsentRegistry.sol/ConsentRegistry.json",
  LotKeeping: "contracts/supply/LotKeeping.sol/LotKeeping.json",
  LotOversight: "contracts/supply/LotOversight.sol/LotOversight.json",
  LotRegistry: "contracts/supply/LotRegistry.sol/LotRegistry.json",
  LotEntries: "contracts/supply/LotEntries.sol/LotEntries.json",
  PrescriptionOversight: "contracts/prescriptions/PrescriptionOversight.sol/PrescriptionOversight.json",
  PrescriptionRegistry: "contracts/prescriptions/PrescriptionRegistry.sol/PrescriptionRegistry.json",
  RecordExchange: "contracts/records/RecordExchange.sol/RecordExchange.json",
  RecordRegistry: "contracts/records/RecordRegistry.sol/RecordRegistry.json",
  ResearchRegistry: "contracts/research/ResearchRegistry.sol/ResearchRegistry.json",
  StandardsRegistry: "contracts/standards/StandardsRegistry.sol/StandardsRegistry.json",
} as const;

export type ArtifactName = keyof typeof sources;

/** Registries whose other functions stand in an extension: their ABI is that of both. */
const extensions: Partial<Record<ArtifactName, ArtifactName>> = {
  MemberRegistry: "MemberSupervision",
  PrescriptionRegistry: "PrescriptionOversight",
  ConsentRegistry: "ConsentOversight",
  ConsentOversight: "ConsentCustody",
  RecordRegistry: "RecordExchange",
  LotRegistry: "LotEntries",
  LotEntries: "LotKeeping",
  LotKeeping: "LotOversight",
};

export interface Artifact {
  readonly name: ArtifactName;
  readonly abi: readonly JsonFragment[];
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
  abi: JsonFragment[];
  bytecode: string;
  deployedBytecode: string;
  immutableReferences?: Record<string, { start: number; length: number }[]>;
}

const root = fileURLToPath(new URL("../artifacts/", import.meta.url));
const loaded = new Map<ArtifactName, Artifact>();

/** Both ABIs, each entry once. */
const mergeAbis = (one: readonly JsonFragment[], other: readonly JsonFragment[]): JsonFragment[] => {
  const entries = [...one, ...other.filter(({ type }) => type !== "constructor")];
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
};

const keyOf = ({ type, name, inputs }: JsonFragment): string =>
  `${type} ${name} ${(inputs ?? []).map((input) => JSON.stringify(input.type) + JSON.stringify(input.components)).join()}`;

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
  const extension = extensions[name];
  const abi = extension === undefined ? file.abi : mergeAbis(file.abi, artifactOf(extension).abi);
  const artifact: Artifact = {
    name,
    abi,
    iface: new Interface(abi),
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
