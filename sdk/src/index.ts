export * from "./abi/index.ts";
export * from "./consortium/index.ts";
export * from "./core/index.ts";
export * from "./documents/index.ts";
export * from "./holder/index.ts";
export * from "./prescriptions/index.ts";
export * from "./prescriptions/fhir/index.ts";
export * from "./vault/index.ts";
