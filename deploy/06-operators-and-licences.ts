import { artifactOf } from "./artifacts.ts";
import type { LicenceConfig, MemberConfig, OperatorConfig } from "./config.ts";
import type { Act, DeployContext, Step } from "./context.ts";
import { dutyBits } from "./duties.ts";

/** An operator as the registry shows it. */
interface OperatorView {
  readonly duties: bigint;
  readonly appointedUntil: bigint;
  readonly licensedThrough: readonly bigint[];
}

/** The registry takes at most this many rows in a call; blocks and Osaka's gas cap want less. */
const BATCH = 100;

const inBatches = <T>(rows: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, i) => rows.slice(i * BATCH, (i + 1) * BATCH));

const call = (name: string, args: readonly unknown[]): string =>
  artifactOf("MemberRegistry").iface.encodeFunctionData(name, [...args]);

const operatorView = async (context: DeployContext, member: MemberConfig, operator: OperatorConfig) => {
  const { iface } = artifactOf("MemberRegistry");
  const args = [member.id, operator.key];
  const [view] = await context.read(iface, context.addressOf("memberRegistry"), "operatorOf", args);
  return view as OperatorView;
};

const appointments = async (context: DeployContext): Promise<Act[]> => {
  const acts: Act[] = [];
  for (const member of context.config.members) {
    const due: OperatorConfig[] = [];
    for (const operator of member.operators) {
      const { duties, appointedUntil } = await operatorView(context, member, operator);
      if (duties !== BigInt(operator.duties) || appointedUntil !== BigInt(operator.until)) due.push(operator);
    }
    for (const batch of inBatches(due)) {
      const rows = batch.map(({ key, duties, until }) => [key, duties, until]);
      acts.push({
        action: `appoint ${batch.map(({ name }) => name).join(", ")} at ${member.name}`,
        from: member.admin,
        to: context.addressOf("memberRegistry"),
        data: call("appointBatch", [member.id, rows]),
      });
    }
  }
  return acts;
};

const licenceStands = (view: OperatorView, licence: LicenceConfig): boolean =>
  view.licensedThrough.every(
    (through, bit) => (licence.duties & (1 << bit)) === 0 || through === BigInt(licence.throughDay),
  );

const licences = async (context: DeployContext): Promise<Act[]> => {
  const due = new Map<number, { row: unknown[]; name: string }[]>();
  for (const member of context.config.members) {
    for (const operator of member.operators) {
      if (operator.licences.length === 0) continue;
      const view = await operatorView(context, member, operator);
      for (const licence of operator.licences) {
        if (licenceStands(view, licence)) continue;
        const row = [member.id, operator.key, licence.duties, licence.throughDay];
        due.set(licence.authority, [...(due.get(licence.authority) ?? []), { row, name: operator.name }]);
      }
    }
  }
  const acts: Act[] = [];
  for (const [authority, rows] of due) {
    const giver = context.config.members
      .find(({ id }) => id === authority)
      ?.operators.find(({ duties }) => (duties & dutyBits.license) !== 0);
    for (const batch of inBatches(rows)) {
      acts.push({
        action: `license ${batch.map(({ name }) => name).join(", ")}`,
        from: giver?.address ?? `a LICENSE operator of member ${authority}`,
        to: context.addressOf("memberRegistry"),
        data: call("licenseBatch", [authority, batch.map(({ row }) => row)]),
      });
    }
  }
  return acts;
};

/** Operators by their member's admin, licences by the authority: two keys of two organisations. */
export const appointOperators: Step = {
  name: "06-operators-and-licences",
  run: async (context) => {
    const appointed = await appointments(context);
    await context.perform(appointed);
    const licensed = await licences(context);
    await context.perform(licensed);
    if (appointed.length + licensed.length === 0)
      context.unchanged("operators and licences stand as configured");
  },
};
