import { artifactOf, type ArtifactName } from "./artifacts.ts";
import type { DeployContext, Step } from "./context.ts";
import { DeployError } from "./errors.ts";
import { ADMIN_ROLE, roleNames, roles, type TargetName } from "./roles.ts";

const targets: Record<TargetName, ArtifactName> = {
  memberRegistry: "MemberRegistry",
  prescriptionRegistry: "PrescriptionRegistry",
  standardsRegistry: "StandardsRegistry",
  recordRegistry: "RecordRegistry",
  lotRegistry: "LotRegistry",
  consentRegistry: "ConsentRegistry",
  researchRegistry: "ResearchRegistry",
};

/** Four-byte selector of a signature that the built contract has. */
const selectorOf = (target: TargetName, signature: string): string => {
  const selector = artifactOf(targets[target]).iface.getFunction(signature)?.selector;
  if (selector === undefined) {
    throw new DeployError("ROLE_STALE", `${target} has no ${signature}.`, "mend deploy/roles.ts.", {
      target,
      signature,
    });
  }
  return selector;
};

/** Whether an account holds a role now. */
export const holdsRole = async (context: DeployContext, role: bigint, account: string): Promise<boolean> => {
  const { iface } = artifactOf("AccessManager");
  const [isMember] = await context.read(iface, context.addressOf("accessManager"), "hasRole", [
    role,
    account,
  ]);
  return isMember === true;
};

/** Role changes that are due, as calls to the AccessManager. */
const dueCalls = async (context: DeployContext): Promise<string[]> => {
  const { iface } = artifactOf("AccessManager");
  const manager = context.addressOf("accessManager");
  const calls: string[] = [];
  for (const name of roleNames) {
    const role = roles[name];
    let differs = false;
    for (const target of Object.keys(targets) as TargetName[]) {
      const due: string[] = [];
      for (const signature of role.functions[target]) {
        const selector = selectorOf(target, signature);
        const [held] = await context.read(iface, manager, "getTargetFunctionRole", [
          context.addressOf(target),
          selector,
        ]);
        if (held !== role.id) due.push(selector);
      }
      if (due.length === 0) continue;
      differs = true;
      calls.push(
        iface.encodeFunctionData("setTargetFunctionRole", [context.addressOf(target), due, role.id]),
      );
    }
    if (differs) calls.push(iface.encodeFunctionData("labelRole", [role.id, role.label]));
    for (const account of context.config.roles[name]) {
      if (await holdsRole(context, role.id, account)) continue;
      calls.push(iface.encodeFunctionData("grantRole", [role.id, account, 0]));
    }
  }
  return calls;
};

/** Gives every `restricted` function its role and every role its holders, in one transaction. */
export const assignRoles: Step = {
  name: "04-roles",
  run: async (context) => {
    const { deployer } = context.config;
    const { iface } = artifactOf("AccessManager");
    const calls = await dueCalls(context);
    const deployerIsAdmin = await holdsRole(context, ADMIN_ROLE, deployer);
    // The deployer admits the founding members; step 7 takes this from it again.
    if (deployerIsAdmin && !(await holdsRole(context, roles.governance.id, deployer))) {
      calls.push(iface.encodeFunctionData("grantRole", [roles.governance.id, deployer, 0]));
    }
    if (calls.length === 0) return context.unchanged("every role stands as configured");
    if (!deployerIsAdmin) {
      throw new DeployError(
        "HANDED_OVER",
        "Roles differ from the configuration, but the deployer was relieved of its power.",
        "governance changes roles; or mend the configuration.",
        { differences: calls.length },
      );
    }
    const data = iface.encodeFunctionData("multicall", [calls]);
    const action = `assign roles (${calls.length} changes)`;
    await context.perform([{ action, from: deployer, to: context.addressOf("accessManager"), data }]);
  },
};
