import type { Client } from "../core/client.ts";
import { checkSubject, classesOf } from "./input.ts";
import { readSubject } from "./read.ts";
import type { Subject } from "./types.ts";

/**
 * A subject as it stands.
 *
 * @throws `InputInvalid`, `SubjectUnknown`, `RpcUnavailable`
 * @example
 * const { key, custodian } = await getSubject(client, subject);
 */
export async function getSubject(client: Client, subject: string): Promise<Subject> {
  const id = checkSubject("subject", subject);
  const words = await readSubject(client, id);
  return { subject: id, ...words, sectors: classesOf(words.sectors) };
}
