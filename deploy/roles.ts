/**
 * Who may call what, in one place: every `restricted` function of every contract belongs to exactly one role of the
 * AccessManager. A test proves that none is forgotten; a forgotten one would fall to ADMIN_ROLE.
 */

/** Contracts behind the AccessManager, by their names in `addresses.json`. */
export type TargetName =
  | "memberRegistry"
  | "prescriptionRegistry"
  | "standardsRegistry"
  | "recordRegistry"
  | "consentRegistry"
  | "researchRegistry"
  | "lotRegistry";

export interface RoleDefinition {
  /** Role id in the AccessManager. Never reused, never changed. */
  readonly id: bigint;
  /** Label that the AccessManager announces. */
  readonly label: string;
  /** Signatures per contract, as the ABI writes them. */
  readonly functions: Readonly<Record<TargetName, readonly string[]>>;
}

/** The AccessManager's own root role: it says who holds which role. Governance alone has it after hand-over. */
export const ADMIN_ROLE = 0n;

export const roles = {
  /** Consortium votes: membership, authorities, suspensions, code. */
  governance: {
    id: 1n,
    label: "GOVERNANCE",
    functions: {
      memberRegistry: [
        "admitMember((uint32,address,uint16,uint32,bytes32))",
        "setMemberSectors(uint32,uint16)",
        "setMemberGroup(uint32,uint32)",
        "setMemberLicence(uint32,bytes32)",
        "setMemberAdmin(uint32,address)",
        "closeMember(uint32)",
        "nameSuccessor(uint32,uint32)",
        "revokeSite(uint32,uint16)",
        "setLicensingAuthority(uint32,uint32,uint32)",
        "ratifySuspension(uint32,uint8,uint32)",
        "liftSuspension(uint32,uint8)",
        "liftOperatorSuspension(uint32,bytes32)",
        "upgradeToAndCall(address,bytes)",
      ],
      prescriptionRegistry: ["liftHalt(uint32,bytes32)", "upgradeToAndCall(address,bytes)"],
      standardsRegistry: [
        "registerCategory(uint8,bytes32)",
        "retireCategory(uint8)",
        "registerCodeSystem(string,string)",
        "retireCodeSystem(uint16)",
        "upgradeToAndCall(address,bytes)",
      ],
      recordRegistry: ["upgradeToAndCall(address,bytes)"],
      consentRegistry: ["upgradeToAndCall(address,bytes)"],
      researchRegistry: ["upgradeToAndCall(address,bytes)"],
      lotRegistry: ["upgradeToAndCall(address,bytes)"],
    },
  },
  /** Stop new acts for a bounded time; can neither change nor read anything else. */
  emergency: {
    id: 2n,
    label: "EMERGENCY",
    functions: {
      memberRegistry: ["pause(uint32)", "resume()"],
      prescriptionRegistry: ["pause(uint32)", "resume()"],
      standardsRegistry: ["pause(uint32)", "resume()"],
      recordRegistry: ["pause(uint32)", "resume()"],
      consentRegistry: ["pause(uint32)", "resume()"],
      researchRegistry: ["pause(uint32)", "resume()"],
      lotRegistry: ["pause(uint32)", "resume()"],
    },
  },
  /** Held by the claim registry once it exists: a claimed dispense cannot be withdrawn. */
  claims: {
    id: 3n,
    label: "CLAIMS",
    functions: {
      memberRegistry: [],
      prescriptionRegistry: ["markClaimed(bytes32,uint8)", "unmarkClaimed(bytes32,uint8)"],
      standardsRegistry: [],
      recordRegistry: [],
      consentRegistry: [],
      researchRegistry: [],
      lotRegistry: [],
    },
  },
} as const satisfies Record<string, RoleDefinition>;

export type RoleName = keyof typeof roles;

export const roleNames = Object.keys(roles) as RoleName[];
