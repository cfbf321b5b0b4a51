export * from "./amendDataset.ts";
export {
  type DataUse,
  type DataUseParameters,
  dataUseOf,
  dataUseRequestOf,
  readDataUse,
  readDataUseRequest,
} from "./dataUse.ts";
export * from "./datasetAllowsSubject.ts";
export * from "./dataUseTag.ts";
export * from "./decideDataUse.ts";
export * from "./duoTerms.ts";
export * from "./errors.ts";
export { getAccess } from "./getAccess.ts";
export { getDataset } from "./getDataset.ts";
export { accessIdOf, datasetIdOf } from "./ids.ts";
export { type IsAccessPermittedParams, isAccessPermitted } from "./isAccessPermitted.ts";
export * from "./listAccesses.ts";
export * from "./listDatasets.ts";
export * from "./readmitResearcher.ts";
export * from "./registerDataset.ts";
export * from "./requestAccess.ts";
export * from "./retireDataset.ts";
export * from "./types.ts";
export * from "./withdrawAccess.ts";
