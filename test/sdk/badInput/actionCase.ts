/** What is known of an action, for the tables of actions. */
import type { Client } from "@careledger/sdk";

import type { Stage } from "./stage.ts";

/** Parameters of an action. */
export type Params = Readonly<Record<string, unknown>>;

/** What is refused by the chain: what it is, the change to the right parameters, and the code. */
export type Refusal = readonly [
  what: string,
  change: Params | ((right: Params, stage: Stage) => Params | Promise<Params>),
  code: string,
];

/** An action and what is known of it. */
export interface ActionCase {
  readonly action: (client: Client, params: never) => Promise<unknown>;
  /** Who may. */
  readonly by: string;
  /** Somebody who may not, and the code; nobody where anybody may. */
  readonly wrong?: readonly [actor: string, code: string];
  /** Right parameters, once what must come before has happened. */
  readonly given: (stage: Stage) => Promise<Params>;
  /** Places that may be absent. */
  readonly optional?: readonly string[];
  /** Lists that may be empty. */
  readonly mayBeEmpty?: readonly string[];
  /** Texts that may say anything. */
  readonly mayBeNonsense?: readonly string[];
  /** Unknown ids, past windows, forged and late signatures: what only the chain can tell. */
  readonly refused: readonly Refusal[];
  /** The code when the very same is asked again, or that it may be: it then says the same once more. */
  readonly again: string;
}

/** The same act may be ordered again and changes nothing. */
export const REPEATABLE = "repeatable";
