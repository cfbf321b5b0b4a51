export { DIGITAL_LINK_STEM, parseDigitalLink } from "./digitalLink.ts";
export { parseElementString } from "./elementString.ts";
export type { Gs1Label, LotLabel, ReadLabelOptions } from "./elements.ts";
export * from "./epc.ts";
export {
  type GtinLength,
  checkDigitOf,
  formatGln,
  formatGtin,
  formatSscc,
  parseGln,
  parseGtin,
  parseSscc,
} from "./keys.ts";
export * from "./label.ts";
