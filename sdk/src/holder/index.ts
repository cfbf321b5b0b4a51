export * from "./errors.ts";
export * from "./paper.ts";
export * from "./qr.ts";
export * from "./stealth.ts";
