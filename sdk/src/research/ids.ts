import { AbiCoder, id, keccak256 } from "ethers";

import { checkBytes32, checkMember, checkObject } from "../core/input.ts";
import { dataUseRequestOf } from "./dataUse.ts";
import type { AccessRequest, DatasetName } from "./types.ts";

const DATASET_TYPE = id("Dataset(uint32 custodian,bytes32 commitment)");
const ACCESS_TYPE = id("Access(bytes32 dataset,uint32 member,uint256 terms,bytes32 commitment)");

/** An access as the contract takes it. */
export interface AccessStruct {
  readonly dataset: string;
  readonly member: number;
  readonly terms: bigint;
  readonly commitment: string;
}

/**
 * The id of a dataset: EIP-712 struct hash of what names it.
 *
 * @throws `InputInvalid`
 * @example
 * const dataset = datasetIdOf({ custodian: 7, commitment });
 */
export function datasetIdOf(name: DatasetName): string {
  const { custodian, commitment } = checkDatasetName(name);
  return hash(["bytes32", "uint32", "bytes32"], [DATASET_TYPE, custodian, commitment]);
}

/**
 * The id of an access: EIP-712 struct hash of what was asked for.
 *
 * @throws `InputInvalid`, and the faults of research terms.
 * @example
 * const access = accessIdOf({ dataset, member: 9, terms: ["DUO:0000006"], commitment });
 */
export function accessIdOf(request: AccessRequest): string {
  return idOfStruct(checkAccess("request", request));
}

/** The same of an access as the contract takes it. */
export function idOfStruct({ dataset, member, terms, commitment }: AccessStruct): string {
  return hash(
    ["bytes32", "bytes32", "uint32", "uint256", "bytes32"],
    [ACCESS_TYPE, dataset, member, terms, commitment],
  );
}

/** Check what names a dataset. */
export function checkDatasetName(name: DatasetName): DatasetName {
  checkObject("params", name);
  return {
    custodian: checkMember("custodian", name.custodian),
    commitment: checkBytes32("commitment", name.commitment, false),
  };
}

/** Check what is asked for, and write its terms as a word. */
export function checkAccess(parameter: string, request: AccessRequest): AccessStruct {
  const { dataset, member, terms, parameters, commitment } = checkObject(parameter, request);
  return {
    dataset: checkBytes32(`${parameter}.dataset`, dataset, false),
    member: checkMember(`${parameter}.member`, member),
    terms: dataUseRequestOf(terms, parameters),
    commitment: checkBytes32(`${parameter}.commitment`, commitment, false),
  };
}

function hash(types: readonly string[], values: readonly unknown[]): string {
  return keccak256(AbiCoder.defaultAbiCoder().encode([...types], [...values]));
}
