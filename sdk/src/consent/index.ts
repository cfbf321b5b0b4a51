export * from "./adoptSubjectKey.ts";
export * from "./appointDelegate.ts";
export * from "./breakGlass.ts";
export * from "./breakGlassTicket.ts";
export * from "./changeConsents.ts";
export * from "./denyConsent.ts";
export { type DisclosureTerms, type DisclosureWords, disclosureLeafOf } from "./disclosure.ts";
export * from "./enrolSubject.ts";
export * from "./enterDenial.ts";
export { type ConsentFault, consentError } from "./errors.ts";
export * from "./escalateBreakGlass.ts";
export {
  BREAK_GLASS_LIFE,
  type BreakGlassStanding,
  ESCALATION_DELAY,
  getBreakGlass,
  getBreakGlassStanding,
} from "./getBreakGlass.ts";
export * from "./getDelegation.ts";
export * from "./getReplacement.ts";
export { type GetRuleParams, PAPER_NUMBER, getRule } from "./getRule.ts";
export * from "./getSubject.ts";
export {
  type ConsentGranted,
  type GrantConsentParams,
  type PrepareGrantParams,
  grantConsent,
  prepareGrant,
} from "./grantConsent.ts";
export { CHANGES_MOST, DELEGATE_POWERS, NO_END } from "./input.ts";
export * from "./isPermitted.ts";
export * from "./liftDenial.ts";
export * from "./listBreakGlass.ts";
export { type ListDisclosuresParams, listDisclosures } from "./listDisclosures.ts";
export * from "./listRules.ts";
export * from "./proposeSubjectKey.ts";
export * from "./proveDisclosure.ts";
export {
  BREAK_THE_GLASS,
  PURPOSES,
  PURPOSE_CODES,
  type PurposeCode,
  descendantsOf,
  purposeCodes,
  purposeMask,
} from "./purposes.ts";
export * from "./recordDisclosure.ts";
export * from "./recordDisclosures.ts";
export * from "./refreshCategories.ts";
export * from "./refuseSubjectKey.ts";
export * from "./replaceSubjectKey.ts";
export * from "./reviewBreakGlass.ts";
export * from "./revokeAllConsents.ts";
export * from "./revokeConsent.ts";
export * from "./revokeDelegate.ts";
export { VERSIONS_OVERRULED } from "./ruleBook.ts";
export type { DenialTerms, GrantTerms, RuleNamed, RuleSigning } from "./ruleTerms.ts";
export {
  type ConsentTypeName,
  type PreparedConsent,
  type SignedConsent,
  authorizeConsent,
  consentRegistryDomain,
  consentTypes,
  signConsent,
  signerKeyOf,
} from "./typedData.ts";
export * from "./types.ts";
export * from "./withdrawSubjectKey.ts";
