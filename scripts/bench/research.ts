import { id, keccak256, AbiCoder } from "ethers";

import { dutyBits } from "../../deploy/duties.ts";
import type { BenchChain } from "./chain.ts";
import type { GasTable } from "./floor.ts";

const ST_MARY = 2;
const CITY_HOSPITAL = 3;
/** Health or biomedical research, for so many months, not commercial: DUO:0000006, 0000025, 0000046. */
const TERMS = (1n << 6n) | (1n << 25n) | (1n << 46n);
const MONTHS_SHIFT = 64n;
const termsFor = (months: bigint): bigint => TERMS | (months << MONTHS_SHIFT);
const TERMS_BROKEN = 3;

/** Datasets and accesses: registered, amended, asked for, withdrawn. */
export const measureResearch = async (chain: BenchChain): Promise<GasTable> => {
  const city = chain.config.members.find(({ name }) => name === "cityHospital");
  if (city === undefined) throw new RangeError("deploy/config/embedded.json names no cityHospital");
  const desk = chain.operator("drOkoye");
  const appointment = {
    operator: desk.key,
    duties: dutyBits.prescribe | dutyBits.disclose,
    until: chain.now() + 365 * 86_400,
  };
  await chain.act(
    city.admin,
    "members",
    chain.members.encodeFunctionData("appoint", [CITY_HOSPITAL, appointment]),
  );
  const send = (from: string, name: string, args: readonly unknown[]) =>
    chain.act(chain.operator(from).address, "research", chain.research.encodeFunctionData(name, [...args]));
  const dataset = { custodian: ST_MARY, commitment: id("dataset commitment") };
  const datasetId = keccak256(
    AbiCoder.defaultAbiCoder().encode(
      ["bytes32", "uint32", "bytes32"],
      [id("Dataset(uint32 custodian,bytes32 commitment)"), dataset.custodian, dataset.commitment],
    ),
  );
  const access = {
    dataset: datasetId,
    member: CITY_HOSPITAL,
    terms: termsFor(12n),
    commitment: id("project commitment"),
  };
  return {
    "research.registerDataset": await send("stMaryArchive", "registerDataset", [dataset, termsFor(24n)]),
    "research.requestAccess": await send("drOkoye", "requestAccess", [access]),
    "research.amendDataset": await send("stMaryArchive", "amendDataset", [
      datasetId,
      ST_MARY,
      1,
      termsFor(18n),
      id("second dataset commitment"),
    ]),
    "research.withdrawAccess": await send("stMaryArchive", "withdrawAccess", [access, ST_MARY, TERMS_BROKEN]),
  };
};
