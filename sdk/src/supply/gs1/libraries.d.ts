/** What is used of two libraries that bring no types of their own. */
declare module "gs1-barcode-parser-mod" {
  export interface ParsedElement {
    readonly ai: string;
    /** The element's characters as they stand in the code. */
    readonly raw: string;
  }
  /** Throws a text. */
  export function parseBarcode(barcode: string): { readonly parsedCodeItems: readonly ParsedElement[] };
}

declare module "digital-link.js" {
  export interface Link {
    isValid(): boolean;
    getValidationTrace(): { readonly success: boolean };
    getIdentifier(): Readonly<Record<string, string>>;
    getKeyQualifiers(): Readonly<Record<string, string>>;
    getKeyQualifiersOrder(): readonly string[];
  }
  const library: {
    DigitalLink(uri: string): Link;
    readonly Utils: { isCompressedWebUri(uri: string): boolean };
  };
  export { library as default };
}
