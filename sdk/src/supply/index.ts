export * from "./acknowledgeRecall.ts";
export * from "./administerDose.ts";
export * from "./administerSession.ts";
export * from "./approveProduct.ts";
export * from "./bindDevice.ts";
export * from "./checkSerial.ts";
export * from "./declareConsignmentLost.ts";
export * from "./dispenseStock.ts";
export * from "./endRecall.ts";
export { type SupplyFault, supplyError } from "./errors.ts";
export * from "./fhir/index.ts";
export * from "./findDoses.ts";
export * from "./getCompartment.ts";
export * from "./getConsignment.ts";
export * from "./getLot.ts";
export { getProduct } from "./getProduct.ts";
export * from "./getRange.ts";
export * from "./getRecallStatus.ts";
export * from "./getSerialState.ts";
export * from "./getStock.ts";
export * from "./getWatch.ts";
export * from "./gs1/index.ts";
export { LINES_MOST, SESSION_MOST } from "./input.ts";
export * from "./isSpent.ts";
export { type ListedConsignment, listConsignments } from "./listConsignments.ts";
export { type HoldingConsignment, type HoldingPlace, type LotHolders, listHolders } from "./listHolders.ts";
export * from "./listLots.ts";
export * from "./lotId.ts";
export * from "./orderCustody.ts";
export * from "./proposeProduct.ts";
export * from "./quarantineStock.ts";
export * from "./receiveConsignment.ts";
export * from "./recallLot.ts";
export type { FoundDose } from "./recordedDoses.ts";
export * from "./recordSegment.ts";
export * from "./refuseLot.ts";
export * from "./registerLot.ts";
export * from "./releaseLot.ts";
export * from "./releaseQuarantine.ts";
export * from "./serialFile.ts";
export { SERIALS_MOST } from "./serialStore.ts";
export {
  type SerialProof,
  type SerialTree,
  type SerialTreeParams,
  buildSerialTree,
  saltedSerialOf,
  verifySerial,
} from "./serialTree.ts";
export * from "./settleDispenses.ts";
export * from "./shipConsignment.ts";
export * from "./takeBackConsignment.ts";
export {
  type LotTypeName,
  type SignAdministrationParams,
  type SignAdministrationSessionParams,
  type SignQuarantineReleaseParams,
  type SignRecallAcknowledgmentParams,
  type SignSegmentParams,
  lotRegistryDomain,
  lotTypes,
  signAdministration,
  signAdministrationSession,
  signQuarantineRelease,
  signRecallAcknowledgment,
  signSegment,
} from "./typedData.ts";
export * from "./types.ts";
export * from "./unbindDevice.ts";
export * from "./withdrawProduct.ts";
export * from "./writeOffStock.ts";
