/** Owns the list of what the state machine is given: stores, methods, clock, chance, keys. */
import type { UpstreamPasswords } from '../accounts/upstream/passwords.ts';
import type { AppPasswords } from '../app-passwords/app-passwords.ts';
import type { QueuedMessage } from '../delivery/message.ts';
import type { Clock } from '../lib/clock.ts';
import type { PasswordHasher } from '../lib/password-hash.ts';
import type { Random } from '../lib/random.ts';
import type { SecretBox } from '../lib/secret-box.ts';
import type { Signals } from '../lib/signals.ts';
import type { Transact } from '../lib/transact.ts';
import type { Methods } from '../methods/method.ts';
import type { Policies } from '../policies/policies.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { SigninStores } from './stores.ts';

export interface SigninParts {
  /** Outside transactions: for reading. */
  readonly stores: SigninStores;
  readonly transact: Transact<SigninStores>;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly sessions: Sessions;
  readonly appPasswords: AppPasswords;
  readonly hasher: PasswordHasher;
  /** The organisation's directory, which keeps the passwords of those it owns; absent where there is none. */
  readonly upstream?: UpstreamPasswords | undefined;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
  /** The origin that people see: what a security key is bound to. */
  readonly origin: string;
  /** Called after a commit that queued messages: they go out at once. */
  readonly wakeDelivery: () => void;
  /** Told after a commit what has changed (`topics.ts`): pages and devices that wait go on. */
  readonly signals: Pick<Signals, 'tell'>;
}

/** What a command holds while it works: the stores of its transaction, and what follows it. */
export interface Work {
  readonly stores: SigninStores;
  readonly now: Date;
  /** Queues messages in the same transaction; they are sent after it. */
  readonly send: (messages: readonly QueuedMessage[]) => Promise<void>;
  /** Tells a topic (`topics.ts`) once this is committed, and never where it is undone. */
  readonly tell: (topic: string) => void;
}
