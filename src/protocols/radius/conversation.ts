/**
 * Owns one sign-in as a client has it with us: which attempt it is, and the state that goes with the
 * next answer. Every command uses the state up (`signin/at-a-door.ts`), so each has one of its own.
 */
import type { Random } from '../../lib/random.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import { hasState } from '../../signin/at-a-door.ts';
import type { AttemptRef, Progress } from '../../signin/progress.ts';

export interface Conversation {
  /** Runs a command of the attempt with the state it has now. */
  command(run: (ref: AttemptRef) => Promise<Progress>): Promise<Progress>;
  /** What the client is given to go on with: 66 characters. */
  state(): string;
}

export interface ConversationParts {
  readonly random: Random;
  readonly box: Pick<SecretBox, 'keyedHash'>;
}

/** Goes on with an attempt; `state` as it stands in it now. */
export function converse(
  { random, box }: ConversationParts,
  { id, client, state }: { readonly id: string; readonly client: string; readonly state: string },
): Conversation {
  let current = state;
  return {
    command: async (run) => {
      const next = random.token(32);
      const progress = await run({
        id,
        browser: undefined,
        door: { client, state: current, next },
      });
      // What was not allowed now changed nothing, and used nothing up.
      if (hasState(box, progress.attempt, next)) current = next;
      return progress;
    },
    state: () => `${id}.${current}`,
  };
}

/** What a client was given, taken apart; undefined for what we never gave. */
export function readState(
  text: string,
): { readonly id: string; readonly state: string } | undefined {
  const [, id, state] = /^([\w-]{22})\.([\w-]{43})$/.exec(text) ?? [];
  return id === undefined || state === undefined ? undefined : { id, state };
}
