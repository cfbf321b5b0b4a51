/** The most that an operation may cost: gas of the whole transaction through the proxies. A change here is a decision. */
export const bars: Readonly<Record<string, number>> = {
  "prescription.issue": 95_000,
  "prescription.issueRelayed": 106_000,
  "prescription.issueBatch100.each": 58_000,
  "prescription.accept": 60_000,
  "prescription.dispense": 78_000,
  "prescription.dispenseLast": 78_000,
  "prescription.dispenseOutage": 78_000,
  "prescription.cancel": 50_000,
  "member.appoint": 58_000,
  "consent.grantEcdsa": 70_000,
  "consent.grantWebAuthn": 95_000,
  "consent.revokeEcdsa": 47_000,
  "consent.isPermitted": 20_000,
  "record.anchor": 67_000,
  "record.anchorBatch1000": 66_000,
};
