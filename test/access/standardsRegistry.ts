import { DAY, START, as, ethers } from "../core/chain.ts";
import { CATEGORIES, people } from "../core/world.ts";
import {
  bodiesOf,
  call,
  emergency,
  governed,
  nobody,
  nobodyInitialises,
  upgrade,
  type Row,
  type RowSet,
  type View,
} from "./table.ts";

const rows = (body: string): readonly Row[] => [
  { ...call("upgradeToAndCall(address,bytes)", body, "0x"), ...upgrade },
  {
    ...call(
      "registerCategory(uint8,bytes32)",
      CATEGORIES.length,
      ethers.encodeBytes32String("social-history"),
    ),
    ...governed,
  },
  { ...call("retireCategory(uint8)", 0), ...governed },
  { ...call("registerCodeSystem(string,string)", "http://loinc.org", "2.99"), ...governed },
  { ...call("retireCodeSystem(uint16)", 1), ...governed },
  { ...call("pause(uint32)", START + DAY), ...emergency },
  { ...call("resume()"), ...emergency, meets: "DomainNotPaused" },
  { ...call("initialize(address)", people.stranger.address), ...nobodyInitialises },
  { ...call("setAuthority(address)", people.stranger.address), ...nobody },
];

const views: Readonly<Record<string, View>> = {
  "categoryOf(uint8)": { args: [0] },
  "codeSystemOf(uint16)": { args: [1] },
  "retiredCodeSystems(uint8)": { args: [0] },
  // ERC-1822: asked of an implementation, never through a proxy.
  "proxiableUUID()": { args: [], refusal: ["UUPSUnauthorizedCallContext"] },
};

/** The governed lists, with one retired version. */
export const standardsRegistry: RowSet = {
  name: "StandardsRegistry",
  parts: ["StandardsRegistry"],
  open: async ({ standards }) => {
    await as(standards, people.governance).retireCodeSystem(2);
    const body = await ethers.deployContract("StandardsRegistry", [], people.deployer.wallet);
    return {
      contract: standards,
      rows: rows(await body.getAddress()),
      bodies: await bodiesOf(standards, "StandardsRegistry"),
      views,
      notFound: [],
    };
  },
};
