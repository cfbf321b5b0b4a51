/** Standards: a category and a code-system version registered, known to the consents, and retired again. */
import {
  listCategories,
  refreshCategories,
  registerCategory,
  registerCodeSystem,
  retireCategory,
  retireCodeSystem,
} from "@careledger/sdk";

import type { Cast } from "./cast.ts";

export async function driveStandards({ world }: Cast): Promise<void> {
  const governance = world.as("governance");
  const { length: number } = await listCategories(governance);
  await registerCategory(governance, { number, code: "orthoptics" });
  await refreshCategories(world.as("stMarySystem"), {});
  await retireCategory(governance, { number });
  const registered = await registerCodeSystem(governance, {
    url: "urn:oid:2.999.5",
    version: "2026-a",
  });
  await retireCodeSystem(governance, { number: registered.number });
}
