/** Research: a dataset of example patients, amended and retired; accesses asked for, withdrawn, and the member readmitted. */
import {
  amendDataset,
  readmitResearcher,
  registerDataset,
  requestAccess,
  retireDataset,
  withdrawAccess,
} from "@careledger/sdk";

import { type Cast, exampleOf } from "./cast.ts";

/** GA4GH DUO: biomedical research, for so many months, not for profit; and with the approval of an ethics board. */
const TERMS = ["DUO:0000006", "DUO:0000025", "DUO:0000046"];
const CHECKED = ["DUO:0000006", "DUO:0000021"];

export async function driveResearch({ world, member, commit }: Cast): Promise<void> {
  const [custodian, asking] = [member("stMary"), member("cityHospital")];
  const [archive, desk] = [world.as("stMaryArchive"), world.as("cityHospitalArchive")];
  // What a dataset holds is committed to with the patients in it.
  const cohort = (name: string): string =>
    commit(name, { cohort: ["Patient-f001", "Patient-f201"].map((each) => exampleOf(each).resource) });
  const datasets: string[] = [];
  for (const name of ["cohort", "the same cohort"]) {
    const terms = { terms: TERMS, parameters: { months: 24 } };
    datasets.push(
      (await registerDataset(archive, { custodian, commitment: cohort(name), ...terms })).dataset,
    );
  }
  const [dataset] = datasets as [string];
  const request = {
    dataset,
    member: asking,
    terms: TERMS,
    parameters: { months: 12 },
    commitment: commit("project", exampleOf("Consent-derived-research").resource),
  };
  await requestAccess(desk, request);
  await amendDataset(archive, {
    dataset,
    member: custodian,
    version: 1,
    terms: CHECKED,
    commitment: cohort("cohort, amended"),
  });
  await withdrawAccess(archive, { access: request, custodian, reason: "TermsBroken" });
  await readmitResearcher(archive, { dataset, custodian, member: asking });
  const again = {
    ...request,
    terms: CHECKED,
    parameters: {},
    commitment: commit("project", { again: true }),
  };
  await requestAccess(desk, again);
  await retireDataset(archive, { dataset, member: custodian });
}
