/** Owns what the keeper of registrations promises. */
import type { Role } from '../accounts/user.ts';
import type { Registration } from './registration.ts';

/** Places of a kind: where something is registered. */
export interface Places {
  readonly kind: string;
  readonly slots: readonly string[];
}

/** How many people with accounts that are switched on have the same groups, role and kinds. */
export interface Coverage {
  readonly groups: readonly string[];
  readonly role: Role;
  /** Which of the kinds that were asked for they have registered. */
  readonly kinds: readonly string[];
  readonly people: number;
}

export interface RegistrationStore {
  /** Adds; false when the slot is taken (also under parallel requests). */
  add(registration: Registration): Promise<boolean>;
  /** All of a person's, oldest first, secrets opened. */
  list(userId: string): Promise<readonly Registration[]>;
  /** The kinds that each of these people has registered, without opening anything. */
  kindsOf(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** How many people have something in any of these places, and nothing in any of `lacking`. */
  countPeople(having: readonly Places[], lacking?: readonly Places[]): Promise<number>;
  /** Everybody, counted by what they have registered of these kinds; no two rows are alike. */
  coverage(kinds: readonly string[]): Promise<readonly Coverage[]>;
  find(id: string): Promise<Registration | undefined>;
  /** Whose id comes after this one, of this kind, whoever has them: at most so many ids, in their order. */
  idsOf(kind: string, after: string, limit: number): Promise<readonly string[]>;
  /** Keeps a new secret and the time of use, only from `version`: false when somebody was first. */
  use(id: string, version: number, secret: unknown, now: Date): Promise<boolean>;
  /** Keeps a new secret that comes of no use, only from `version`: false when somebody was first. */
  replace(id: string, version: number, secret: unknown): Promise<boolean>;
  /** Notes a use that changes nothing. */
  touch(id: string, now: Date): Promise<void>;
  /** Suspends all of a person's that are not yet; resolves to how many. */
  suspendAll(userId: string, now: Date): Promise<number>;
  /** Suspends this one, if it is not yet. */
  suspend(id: string, now: Date): Promise<void>;
  /** Ends every suspension of a person's; resolves to how many there were. */
  resumeAll(userId: string): Promise<number>;
  remove(id: string, userId: string): Promise<boolean>;
  removeAll(userId: string): Promise<number>;
  /** Removes what has ended by itself; resolves to how many. */
  removeEnded(now: Date): Promise<number>;
}
