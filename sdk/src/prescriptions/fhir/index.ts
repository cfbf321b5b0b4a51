export { FhirError, type FhirProblem, type FhirProblemCode } from "../../core/fhir/errors.ts";
export * from "./medicationDispense.ts";
export * from "./medicationRequest.ts";
export { type FhirUnit, sameUnit } from "./quantity.ts";
export * from "./status.ts";
export * from "./windows.ts";
