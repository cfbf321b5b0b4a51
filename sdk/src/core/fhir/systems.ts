/** Code system of the governed categories: their codes, or their bit numbers where they have none. */
export const CATEGORY_SYSTEM = "urn:careledger:category";

/** Media type of a FHIR resource in JSON. */
export const FHIR_JSON = "application/fhir+json";
