export * from "./duties.ts";
export * from "./errors.ts";
export * from "./errorCatalogue.ts";
export * from "./operationOutcome.ts";
export * from "./sqlite.ts";
