import { holdsRole } from "./04-roles.ts";
import { artifactOf } from "./artifacts.ts";
import type { Step } from "./context.ts";
import { ADMIN_ROLE, roleNames, roles } from "./roles.ts";

/** Gives the root role to its configured holder and leaves the deployer nothing. */
export const handOver: Step = {
  name: "07-hand-over",
  run: async (context) => {
    const { deployer, handOverTo, roles: holders } = context.config;
    if (handOverTo === undefined)
      return context.log("  no hand-over is configured: the deployer keeps ADMIN_ROLE");
    const { iface } = artifactOf("AccessManager");
    const calls: string[] = [];
    if (!(await holdsRole(context, ADMIN_ROLE, handOverTo))) {
      calls.push(iface.encodeFunctionData("grantRole", [ADMIN_ROLE, handOverTo, 0]));
    }
    for (const name of roleNames) {
      if (holders[name].includes(deployer) || !(await holdsRole(context, roles[name].id, deployer))) continue;
      calls.push(iface.encodeFunctionData("renounceRole", [roles[name].id, deployer]));
    }
    if (handOverTo !== deployer && (await holdsRole(context, ADMIN_ROLE, deployer))) {
      // Last, for everything before it needs the role.
      calls.push(iface.encodeFunctionData("renounceRole", [ADMIN_ROLE, deployer]));
    }
    if (calls.length === 0) return context.unchanged("the deployer has no power");
    const data = iface.encodeFunctionData("multicall", [calls]);
    const action = `hand over to ${handOverTo}; the deployer keeps nothing`;
    await context.perform([{ action, from: deployer, to: context.addressOf("accessManager"), data }]);
  },
};
