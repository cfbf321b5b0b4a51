import { holdsRole } from "./04-roles.ts";
import { artifactOf } from "./artifacts.ts";
import type { MemberConfig } from "./config.ts";
import type { Act, DeployContext, Step } from "./context.ts";
import { DeployError } from "./errors.ts";
import { roles } from "./roles.ts";

/** A member as the registry shows it; the fields compared here. */
interface MemberView {
  readonly status: bigint;
  readonly sectors: bigint;
  readonly group: bigint;
  readonly sites: bigint;
}

const call = (name: string, args: readonly unknown[]): string =>
  artifactOf("MemberRegistry").iface.encodeFunctionData(name, [...args]);

const memberView = async (context: DeployContext, member: number): Promise<MemberView> => {
  const [view] = await context.read(
    artifactOf("MemberRegistry").iface,
    context.addressOf("memberRegistry"),
    "memberOf",
    [member],
  );
  return view as MemberView;
};

/** Who governs now: the deployer until the hand-over, then the first configured holder of the role. */
export const governorOf = async (context: DeployContext): Promise<string> => {
  const { deployer, roles: holders } = context.config;
  if (await holdsRole(context, roles.governance.id, deployer)) return deployer;
  return holders.governance[0] ?? "a holder of GOVERNANCE";
};

const admissions = async (context: DeployContext): Promise<Act[]> => {
  const acts: Act[] = [];
  const governor = await governorOf(context);
  for (const member of context.config.members) {
    const { status } = await memberView(context, member.id);
    if (status !== 0n) continue;
    const { id, admin, sectors, group, licenceHash } = member;
    acts.push({
      action: `admit ${member.name} as member ${id}`,
      from: governor,
      to: context.addressOf("memberRegistry"),
      data: call("admitMember", [[id, admin, sectors, group, licenceHash]]),
    });
  }
  return acts;
};

const authorities = async (context: DeployContext): Promise<Act[]> => {
  const acts: Act[] = [];
  const governor = await governorOf(context);
  const { iface } = artifactOf("MemberRegistry");
  const to = context.addressOf("memberRegistry");
  for (const { id, name, authority } of context.config.members) {
    if (authority === undefined) continue;
    const { duties, successor } = authority;
    const [heldDuties, heldSuccessor] = await context.read(iface, to, "licensingAuthorityOf", [id]);
    if (heldDuties === BigInt(duties) && heldSuccessor === BigInt(successor)) continue;
    const data = call("setLicensingAuthority", [id, duties, successor]);
    acts.push({ action: `make ${name} a licensing authority`, from: governor, to, data });
  }
  return acts;
};

/** Sites get numbers in the order of the list, so a site that stands must be the one that the list names. */
const sitesOf = async (context: DeployContext, member: MemberConfig): Promise<Act[]> => {
  const { iface } = artifactOf("MemberRegistry");
  const to = context.addressOf("memberRegistry");
  const standing = Number((await memberView(context, member.id)).sites);
  for (const [index, { gln, name }] of member.sites.slice(0, standing).entries()) {
    const [site] = await context.read(iface, to, "siteOf", [member.id, index + 1]);
    const found = (site as { gln: bigint }).gln;
    if (found !== gln) {
      throw new DeployError(
        "SITE_DIFFERS",
        `Site ${index + 1} of ${member.name} stands with GLN ${found}, the configuration says ${gln} (${name}).`,
        "sites keep their numbers: append new ones at the end of the list.",
        { member: member.id, site: index + 1, found, configured: gln },
      );
    }
  }
  return member.sites.slice(standing).map(({ gln, name }, index) => ({
    action: `open site ${standing + index + 1} of ${member.name}: ${name}`,
    from: member.admin,
    to,
    data: call("registerSite", [member.id, gln]),
  }));
};

/** The founding members, the licensing authorities among them, and their sites. */
export const foundMembers: Step = {
  name: "05-members",
  run: async (context) => {
    const admitted = await admissions(context);
    await context.perform(admitted);
    const authorised = await authorities(context);
    const sites: Act[] = [];
    for (const member of context.config.members) sites.push(...(await sitesOf(context, member)));
    await context.perform([...authorised, ...sites]);
    if (admitted.length + authorised.length + sites.length === 0) {
      context.unchanged(`${context.config.members.length} members stand as configured`);
    }
  },
};
