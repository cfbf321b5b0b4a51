export * from "./doseToImmunization.ts";
export { type ImmunizationFault, immunizationError } from "./errors.ts";
export * from "./immunizationToDose.ts";
