import type { World } from "../../core/world.ts";
import { consentDomain } from "./consents.ts";
import type { Domain } from "./engine.ts";
import { lotDomain } from "./lots.ts";
import { memberDomain } from "./members.ts";
import { prescriptionDomain } from "./prescriptions.ts";
import { recordDomain } from "./records.ts";
import { researchDomain } from "./research.ts";
import { roleDomain } from "./roles.ts";
import { standardsDomain } from "./standards.ts";

/** Every domain, one file each. */
export const domains: readonly Domain[] = [
  roleDomain,
  memberDomain,
  prescriptionDomain,
  consentDomain,
  standardsDomain,
  recordDomain,
  researchDomain,
  lotDomain,
];

/** What differs between the rebuilt state and the chain's; empty when events tell everything. */
export const differences = async (world: World): Promise<string[]> => {
  const found: string[] = [];
  for (const domain of domains) found.push(...(await domain.differences(world)));
  return found;
};
