/** Disclosures, alone and in batches, and uses of break-glass up to the overdue review; one record is disclosed many times. */
import {
  breakGlass,
  commitDisclosure,
  createBreakGlassTicket,
  escalateBreakGlass,
  getBreakGlass,
  recordDisclosure,
  recordDisclosures,
  reviewBreakGlass,
  signBreakGlass,
} from "@careledger/sdk";
import { id } from "ethers";

import { type Cast, exampleOf } from "./cast.ts";
import { enrol, permit } from "./consents.ts";

/** A record that is disclosed again and again; only its salted commitments are on chain. */
const RECORD = id("record that is disclosed again and again");

/** The terms of a disclosure of that record. */
export function disclosureOf({ member, hide }: Cast, subject: string) {
  const { document, salt } = commitDisclosure(RECORD);
  hide("salt of a disclosure", salt);
  return {
    subject,
    grantee: member("cityHospital"),
    category: "laboratory",
    purpose: "TREAT",
    document,
  } as const;
}

export async function driveDisclosures(cast: Cast): Promise<void> {
  const { world, member, hide, deadline } = cast;
  const custodian = member("stMary");
  const archive = world.as("stMaryArchive");
  hide("record that is disclosed", RECORD);
  const subjects: string[] = [];
  for (const name of ["Patient/f001", "Patient/f201"]) {
    const signer = await cast.signer(name, custodian, 20);
    const subject = await enrol(cast, "stMary", signer);
    await permit(cast, signer, subject);
    subjects.push(subject);
  }
  const [one, two] = subjects as [string, string];
  for (const subject of [one, one, two])
    await recordDisclosure(archive, { custodian, ...disclosureOf(cast, subject) });
  await recordDisclosures(archive, {
    custodian,
    disclosures: [one, two, one, two].map((subject) => disclosureOf(cast, subject)),
  });

  // ── break-glass: the same patient in two emergencies ───────────────────────────────────────────────────────────────

  const { identifier } = exampleOf("Patient-f001").resource as unknown as {
    identifier: { system: string; value: string }[];
  };
  const patient = `${identifier[0]!.system}|${identifier[0]!.value}`;
  const open = async (): Promise<string> => {
    const { ticket, salt } = createBreakGlassTicket({ custodian, patient });
    hide("salt of a break-glass ticket", salt);
    const terms = { member: member("cityHospital"), custodian, ticket, reason: "LifeThreatening" } as const;
    const signed = { ...terms, deadline: await deadline() };
    const attestation = await signBreakGlass(world.network, world.wallet("drIbarra"), signed);
    const opened = await breakGlass(world.as("cityHospitalSystem"), { ...terms, attestation });
    const disclosed = { ...disclosureOf(cast, one), purpose: "BTG", category: "allergies" } as const;
    await recordDisclosure(archive, { custodian, ...disclosed, breakGlass: opened.id });
    return opened.id;
  };
  const justified = await open();
  await reviewBreakGlass(archive, { breakGlass: justified, reviewer: custodian, outcome: "Justified" });
  const overdue = await open();
  const { escalatesAt } = await getBreakGlass(archive, overdue);
  await world.pass(escalatesAt - (await world.now()));
  await escalateBreakGlass(world.as("greenCrossSystem"), { breakGlass: overdue });
  await reviewBreakGlass(world.as("inspectorField"), {
    breakGlass: overdue,
    reviewer: member("inspector"),
    outcome: "Unjustified",
  });
}
