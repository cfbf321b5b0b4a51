export {
  type DataUse,
  type DataUseParameters,
  dataUseOf,
  dataUseRequestOf,
  readDataUse,
  readDataUseRequest,
} from "./dataUse.ts";
export * from "./dataUseTag.ts";
export * from "./decideDataUse.ts";
export * from "./duoTerms.ts";
export * from "./errors.ts";
