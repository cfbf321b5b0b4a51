import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { Ajv, type ErrorObject } from "ajv";
import { getAddress, id, SigningKey, computeAddress, zeroPadValue } from "ethers";

import { dutyMask, PROFESSIONAL_DUTIES, sectorMask, type DutyName, type SectorName } from "./duties.ts";
import { DeployError } from "./errors.ts";
import type { RoleName } from "./roles.ts";

/** An account as a person writes it: an address, or `dev:<name>` on a development network. */
type AccountText = string;

interface ConfigFile {
  network: string;
  chainId: number;
  development?: boolean;
  maxFeePerGasWei?: string;
  deployer: AccountText;
  roles: Record<RoleName, AccountText[]>;
  handOver?: { admin: AccountText };
  members: MemberFile[];
  standards?: StandardsConfig;
}

interface MemberFile {
  id: number;
  name: string;
  title: string;
  sectors: SectorName[];
  group: number;
  admin: AccountText;
  licenceHash: string;
  authority?: { duties: DutyName[]; successor?: number };
  sites: { name: string; gln: string }[];
  operators: OperatorFile[];
}

interface OperatorFile {
  name: string;
  key: AccountText;
  duties: DutyName[];
  until: string;
  licences?: { authority: number; duties: DutyName[]; through: string }[];
}

/** A licence to give. */
export interface LicenceConfig {
  readonly authority: number;
  readonly duties: number;
  /** Days since 1970-01-01 UTC, inclusive. */
  readonly throughDay: number;
}

/** An operator to appoint. */
export interface OperatorConfig {
  readonly name: string;
  readonly address: string;
  /** Operator key: the address, left-padded. */
  readonly key: string;
  readonly duties: number;
  /** End of the appointment, exclusive, unix seconds. */
  readonly until: number;
  readonly licences: readonly LicenceConfig[];
}

/** The initial governed lists; the place in a list is the number on chain. */
export interface StandardsConfig {
  /** Short names, numbered from 0; at most 32, never a word that tells a diagnosis. */
  readonly categories: readonly string[];
  /** One exact version each, numbered from 1. */
  readonly codeSystems: readonly CodeSystemConfig[];
}

/** One version of a code system. */
export interface CodeSystemConfig {
  /** FHIR `CodeSystem.url`. */
  readonly url: string;
  /** FHIR `CodeSystem.version`. */
  readonly version: string;
}

/** A founding member. */
export interface MemberConfig {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly sectors: number;
  readonly group: number;
  readonly admin: string;
  readonly licenceHash: string;
  readonly authority: { readonly duties: number; readonly successor: number } | undefined;
  /** Site number = place in the list, from 1. */
  readonly sites: readonly { readonly name: string; readonly gln: bigint }[];
  readonly operators: readonly OperatorConfig[];
}

/** What a network shall be: human input, checked. */
export interface DeployConfig {
  readonly network: string;
  readonly chainId: bigint;
  readonly maxFeePerGas: bigint;
  readonly deployer: string;
  readonly roles: Readonly<Record<RoleName, readonly string[]>>;
  readonly handOverTo: string | undefined;
  readonly members: readonly MemberConfig[];
  readonly standards: StandardsConfig;
  /** Keys of `dev:` accounts by address; empty on any real network. */
  readonly developmentKeys: ReadonlyMap<string, SigningKey>;
}

const DAY = 86_400;

/** The key of a `dev:` account. Anybody can derive it: only for networks that hold nothing of worth. */
export const developmentKey = (name: string): SigningKey =>
  new SigningKey(id(`CareLedger development key: ${name}`));

/** Whether 13 digits end in the right GS1 check digit (GS1 General Specifications, 7.9.1). */
export const isGln = (digits: string): boolean => {
  if (!/^[0-9]{13}$/.test(digits)) return false;
  const sum = [...digits.slice(0, 12)].reduce(
    (total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 1 : 3),
    0,
  );
  return (10 - (sum % 10)) % 10 === Number(digits[12]);
};

const schemaPath = fileURLToPath(new URL("./config.schema.json", import.meta.url));
const validate = new Ajv({ allErrors: true }).compile<ConfigFile>(
  JSON.parse(readFileSync(schemaPath, "utf8")),
);

const invalid = (problem: string, fix: string, values: Record<string, unknown> = {}): DeployError =>
  new DeployError("CONFIG_INVALID", `The configuration is wrong: ${problem}.`, fix, values);

const describe = (error: ErrorObject): string =>
  `${error.instancePath || "/"} ${error.message ?? "is invalid"}`;

const dayOf = (text: string, where: string): number => {
  const millis = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(millis) || !new Date(millis).toISOString().startsWith(text)) {
    throw invalid(`${where} is no day: ${text}`, "write a day of the calendar as YYYY-MM-DD.", {
      where,
      text,
    });
  }
  return millis / 1_000 / DAY;
};

const requireUnique = (values: readonly (string | number)[], what: string): void => {
  const seen = new Set<string | number>();
  for (const value of values) {
    if (seen.has(value)) throw invalid(`${what} ${value} is named twice`, "name each once.", { what, value });
    seen.add(value);
  }
};

type Resolve = (text: AccountText) => string;

const readOperator = (
  file: OperatorFile,
  member: MemberFile,
  authorities: Map<number, number>,
  resolve: Resolve,
) => {
  const duties = dutyMask(file.duties);
  const address = resolve(file.key);
  const licences = (file.licences ?? []).map((licence) => {
    const licensed = dutyMask(licence.duties);
    const mask = authorities.get(licence.authority) ?? 0;
    if ((licensed & ~PROFESSIONAL_DUTIES) !== 0 || (licensed & ~mask) !== 0) {
      throw invalid(
        `authority ${licence.authority} may not license all of ${licence.duties.join(", ")} to ${file.name}`,
        "license professional duties only, within the authority's duties.",
        { operator: file.name, authority: licence.authority, refused: licensed & ~mask },
      );
    }
    const throughDay = dayOf(licence.through, `the licence of ${file.name}`);
    return { authority: licence.authority, duties: licensed, throughDay };
  });
  const until = (dayOf(file.until, `the appointment of ${file.name}`) + 1) * DAY;
  return {
    name: file.name,
    address,
    key: zeroPadValue(address, 32),
    duties,
    until,
    licences,
    member: member.id,
  };
};

const readMember = (file: MemberFile, authorities: Map<number, number>, resolve: Resolve): MemberConfig => {
  for (const site of file.sites) {
    if (!isGln(site.gln)) {
      throw invalid(`${site.gln} is no GLN`, "write 13 digits with the GS1 check digit.", { gln: site.gln });
    }
  }
  const operators = file.operators.map((operator) => readOperator(operator, file, authorities, resolve));
  requireUnique(
    operators.map((operator) => operator.key),
    `operator key of member ${file.id}`,
  );
  return {
    id: file.id,
    name: file.name,
    title: file.title,
    sectors: sectorMask(file.sectors),
    group: file.group,
    admin: resolve(file.admin),
    licenceHash: file.licenceHash,
    authority:
      file.authority === undefined
        ? undefined
        : { duties: dutyMask(file.authority.duties), successor: file.authority.successor ?? 0 },
    sites: file.sites.map((site) => ({ name: site.name, gln: BigInt(site.gln) })),
    operators,
  };
};

/** Checks a configuration and turns its texts into addresses, masks and times. */
export const parseConfig = (input: unknown): DeployConfig => {
  if (!validate(input)) {
    const problems = (validate.errors ?? []).map(describe);
    throw invalid(problems.join("; "), "see deploy/config.schema.json.", { problems });
  }
  const developmentKeys = new Map<string, SigningKey>();
  const resolve: Resolve = (text) => {
    if (!text.startsWith("dev:")) return getAddress(text);
    if (input.development !== true) {
      throw invalid(`${text} is a development account`, "name an address, or set `development`.", {
        account: text,
      });
    }
    const key = developmentKey(text.slice("dev:".length));
    const address = computeAddress(key.publicKey);
    developmentKeys.set(address, key);
    return address;
  };
  requireUnique(
    input.members.map((member) => member.id),
    "member id",
  );
  requireUnique(
    input.members.map((member) => member.name),
    "member name",
  );
  const standards = input.standards ?? { categories: [], codeSystems: [] };
  requireUnique(standards.categories, "category");
  requireUnique(
    standards.codeSystems.map(({ url, version }) => `${url}|${version}`),
    "code system",
  );
  const authorities = new Map(
    input.members.flatMap((member) =>
      member.authority === undefined ? [] : [[member.id, dutyMask(member.authority.duties)] as const],
    ),
  );
  return {
    network: input.network,
    chainId: BigInt(input.chainId),
    maxFeePerGas: BigInt(input.maxFeePerGasWei ?? "0"),
    deployer: resolve(input.deployer),
    roles: {
      governance: input.roles.governance.map(resolve),
      emergency: input.roles.emergency.map(resolve),
      claims: input.roles.claims.map(resolve),
    },
    handOverTo: input.handOver === undefined ? undefined : resolve(input.handOver.admin),
    standards,
    members: input.members.map((member) => readMember(member, authorities, resolve)),
    developmentKeys,
  };
};

/** Reads a configuration file. */
export const readConfig = (path: string): DeployConfig => {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") {
      throw new DeployError(
        "CONFIG_MISSING",
        `There is no file ${path}.`,
        "copy deploy/config/embedded.json and change it.",
        { path },
        cause,
      );
    }
    throw new DeployError(
      "CONFIG_UNREADABLE",
      `${path} is no JSON file.`,
      "pass a JSON file.",
      { path },
      cause,
    );
  }
  return parseConfig(input);
};
