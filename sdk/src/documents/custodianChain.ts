import { getAddress } from "ethers";

import { blockTime } from "../core/blocks.ts";
import type { Client } from "../core/client.ts";
import type { Duty } from "../core/duties.ts";
import { isCareLedgerError } from "../core/errors.ts";
import { headOf } from "../core/logs.ts";
import { getPrescription } from "../prescriptions/getPrescription.ts";
import type { CustodianChain } from "./custodian.ts";

const NO_LOCK = { live: false, member: 0, site: 0, lockCount: 0 };

/**
 * What a custodian reads of the chain, through a client. The age of the answer is that of the block that was newest
 * before the reads, so it is never taken for fresher than it is.
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
      const { timestamp: asOf } = await blockTime(client, await headOf(client));
      try {
        const { lockLive, lockMember, lockSite, lockCount } = await getPrescription(client, prescription);
        return { live: lockLive, member: lockMember, site: lockSite, lockCount, asOf };
      } catch (error) {
        if (isCareLedgerError(error, "PrescriptionNotFound")) return { ...NO_LOCK, asOf };
        throw error;
      }
    },
    effectiveDuties: async (member, operator) => {
      const { duties } = await client.read("memberRegistry", "effectiveDuties", [member, operator]);
      return duties as Duty[];
    },
  };
}
