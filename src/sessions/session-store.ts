/** Owns what the keeper of sessions promises. */
import type { Session } from './session.ts';

export interface SessionStore {
  add(session: Session): Promise<void>;
  /** Undefined when unknown or past its absolute end; the caller judges idleness. */
  find(id: Buffer, now: Date): Promise<Session | undefined>;
  /** Notes that it was used; may be called rarely, never moves the absolute end. */
  touch(id: Buffer, now: Date): Promise<void>;
  /** Ends one; true when it existed. */
  remove(id: Buffer): Promise<boolean>;
  /** Ends all of a person's; effective at once on every node. Returns how many there were. */
  removeAll(userId: string): Promise<number>;
  list(userId: string, now: Date): Promise<readonly Session[]>;
  removeExpired(now: Date): Promise<number>;
}
