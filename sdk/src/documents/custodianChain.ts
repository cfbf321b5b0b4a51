import { getAddress } from "ethers";

import { blockTime } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { headOf } from "../core/logs.ts";
import type { CustodianChain } from "./custodian.ts";

/**
 * What a custodian reads of the chain, through a client. Lock and status are read at one block, the newest.
 *
 * @param client A client of the custodian's own node; it needs no signer.
 * @example
 * const handle = createCustodian({ member: 1, store, log, chain: custodianChain(client) });
 */
export function custodianChain(client: Client): CustodianChain {
  return {
    chainId: client.network.chainId,
    registry: getAddress(client.network.addresses.prescriptionRegistry),
    lockOf: async (prescription) => {
      const block = await blockTime(client, await headOf(client));
      const [{ lockLive }, { 0: state }] = await Promise.all([
        client.read("prescriptionRegistry", "statusOf", [prescription], block.number),
        client.read("prescriptionRegistry", "stateOf", [prescription], block.number),
      ]);
      const { lockMember, lockSite, lockCount } = state as Readonly<Record<string, unknown>>;
      return {
        live: lockLive === true,
        member: Number(lockMember),
        site: Number(lockSite),
        lockCount: Number(lockCount),
        asOf: block.timestamp,
      };
    },
    effectiveDuties: async (member, operator) => {
      const { duties } = await client.read("memberRegistry", "effectiveDuties", [member, operator]);
      return duties as Duty[];
    },
  };
}
