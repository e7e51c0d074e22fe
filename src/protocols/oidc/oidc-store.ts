/**
 * Owns what the keeper of the engine's records promises: codes, tokens, grants, sessions and
 * interactions of OpenID Connect, each under its model's name, so that a value minted for one
 * purpose is never found under another (attack ATK-12).
 */

/** A record as the engine gave it, and when it was spent, if it was. */
export interface OidcRecord {
  readonly payload: Readonly<Record<string, unknown>>;
  readonly consumedAt: Date | undefined;
}

/** The second names a record may be found by. */
export type OidcIndex = 'uid' | 'userCode';

/**
 * `model` is the engine's name of the kind (`AuthorizationCode`, `Session` …), `id` the record's
 * secret name. Ids, uids and user codes are kept as keyed hashes and payloads sealed: a copy of the
 * database redeems nothing.
 */
export interface OidcStore {
  /**
   * Keeps or replaces a record; `expiresAt` undefined = until it is removed. Of the payload,
   * `accountId`, `grantId`, `clientId`, `uid` and `userCode` (strings) can be searched for.
   * Replacing never makes a spent record good again.
   */
  upsert(
    model: string,
    id: string,
    payload: Readonly<Record<string, unknown>>,
    expiresAt: Date | undefined,
  ): Promise<void>;
  /** Undefined when unknown, of another model, or expired at `now`. */
  find(model: string, id: string, now: Date): Promise<OidcRecord | undefined>;
  /** Like `find`, by a second name. */
  findBy(
    model: string,
    index: OidcIndex,
    value: string,
    now: Date,
  ): Promise<OidcRecord | undefined>;
  /** Every living record of a model that is of this account (`accountId`), in no order. */
  listOf(model: string, accountId: string, now: Date): Promise<readonly OidcRecord[]>;
  /** Spends it, in one atomic statement: true for the one caller who was first, while it lives. */
  consume(model: string, id: string, now: Date): Promise<boolean>;
  destroy(model: string, id: string): Promise<void>;
  /** Removes everything issued under a grant, of every model; returns how many there were. */
  revokeByGrantId(grantId: string): Promise<number>;
  /** Drops what expired before `now`; returns how many there were. */
  removeExpired(now: Date): Promise<number>;
}
