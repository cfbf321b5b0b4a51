export { type SupplyFault, supplyError } from "./errors.ts";
export * from "./gs1/index.ts";
export * from "./lotId.ts";
export * from "./serialFile.ts";
export type { SerialMultiProof, SerialRun } from "./serialRuns.ts";
export { SERIALS_MOST } from "./serialStore.ts";
export {
  type SerialProof,
  type SerialTree,
  type SerialTreeParams,
  buildSerialTree,
  saltedSerialOf,
  verifySerial,
} from "./serialTree.ts";
export * from "./fhir/index.ts";
