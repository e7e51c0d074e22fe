/** Owns what the synchronisation with the organisation's directory is made of, and what is decided of it. */
import type { UpstreamGroup, UpstreamPerson } from '../../accounts/upstream/upstream.ts';
import type { PerUserMfaState } from '../../accounts/user.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import type { Signals } from '../../lib/signals.ts';
import type { Transact } from '../../lib/transact.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import type { SigninStores } from '../../signin/stores.ts';
import type { SafetyCatch } from './changes.ts';
import type { DirectorySyncStore } from './sync-store.ts';

/** What the operator decides of it. */
export interface SyncRules {
  /** From the end of one to the beginning of the next; 0: only when somebody asks. */
  readonly minutes: number;
  readonly safetyCatch: SafetyCatch;
  /** Whether accounts and groups that were made here are the directory's once they have the same name. */
  readonly links: boolean;
  /** The state of whoever appears. */
  readonly newState: PerUserMfaState;
}

/** What is read of the directory. */
export interface SyncSource {
  people(): AsyncIterable<UpstreamPerson>;
  groups(): AsyncIterable<UpstreamGroup>;
}

/** The stores that a synchronisation changes together. */
export type SyncStores = SigninStores & { readonly directorySync: DirectorySyncStore };

/** Told when one was asked for, and when something of one is different. */
export const directorySyncTopic = 'directory-sync';

/** Who acts, in the audit log. */
export const directoryActor = 'directory';

/** What the service is given. */
export interface DirectorySyncParts {
  readonly stores: SyncStores;
  readonly transact: Transact<SyncStores>;
  readonly source: SyncSource;
  readonly rules: SyncRules;
  readonly policies: Policies;
  readonly methods: Methods;
  readonly clock: Clock;
  readonly random: Random;
  readonly signals: Pick<Signals, 'tell'>;
  /** Told why the directory could not be read. */
  readonly report: (error: unknown) => void;
}
