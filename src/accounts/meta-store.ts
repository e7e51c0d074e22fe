/** Owns what is remembered of this installation as a whole. */

/** What may be remembered, by name. */
export type MetaName =
  | 'installation-id'
  | 'organisation'
  | 'key-check'
  /** What is looked up by a hash is hashed with it; sealed. It lives as long as the data. */
  | 'hash-key'
  /** Names the key that a server sealed with when it was started last. */
  | 'sealing-key'
  | 'push-key'
  | 'sample-passwords';

/** Which life of the data this is: a restored backup begins a new one. */
export interface Epoch {
  /** 1 at first. */
  readonly number: number;
  /** When it began; undefined for the first. What a code proves must be younger (attack ATK-94). */
  readonly begunAt: Date | undefined;
}

export interface MetaStore {
  read(name: MetaName): Promise<string | undefined>;
  /** Keeps `value` where nothing is kept yet and resolves to what stands: two nodes at once agree. */
  settle(name: MetaName, value: string): Promise<string>;
  write(name: MetaName, value: string): Promise<void>;
  epoch(): Promise<Epoch>;
  /**
   * Begins the next epoch, after a restore: gone with the same transaction is every session, attempt,
   * remembered and trusted browser, engine record (codes, tokens, grants), job, message that could still
   * be sent, agreement that was not used up, whatever is registered for a while only, and each secret
   * that waits to be told once.
   */
  beginEpoch(now: Date): Promise<Epoch>;
}
