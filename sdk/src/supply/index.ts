export { type SupplyFault, supplyError } from "./errors.ts";
export * from "./gs1/index.ts";
export * from "./lotId.ts";
