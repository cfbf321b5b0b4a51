export { EXPORTABLE, REDISCLOSABLE } from "./codes.ts";
export * from "./consentToRules.ts";
export * from "./rulesToConsent.ts";
export * from "./types.ts";
