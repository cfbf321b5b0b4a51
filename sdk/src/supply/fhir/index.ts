export * from "./doseToImmunization.ts";
export { type ImmunizationFault, immunizationError } from "./errors.ts";
export {
  type DoseDraft,
  type DoseTerms,
  type ImmunizationReading,
  immunizationToDose,
} from "./immunizationToDose.ts";
