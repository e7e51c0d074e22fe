/**
 * Owns what is asked of the organisation's own directory, which may own users and their passwords
 * (decision 0031). Whoever asks speaks to an `UpstreamDirectory`; that it is LDAP, and whose, is known to
 * `ldap-directory.ts` alone, which is loaded where a directory is configured.
 */
import type { UpstreamEntry } from '../user.ts';

/**
 * What came of a password that was checked. `must-change`: right, and has to be changed before it opens
 * anything: expired, or set by an administrator. `disabled`: right, of an account that may not sign in there.
 * `locked`: the directory looks at no password for a while, so nobody knows whether this was one. `gone`: no
 * such entry any more. `unavailable`: the directory did not answer, and nothing is known.
 */
export type PasswordFinding =
  | { readonly kind: 'right' | 'wrong' | 'must-change' | 'disabled' | 'locked' | 'gone' }
  | Unavailable;

/**
 * What came of a new password. `refused`: the directory's own rules forbid it. `forbidden`: our service
 * account may not set it, or not over this connection: what an operator has to put right.
 */
export type PasswordChange =
  | { readonly kind: 'changed' | 'refused' | 'gone' }
  | { readonly kind: 'forbidden'; readonly cause: Error }
  | Unavailable;

export interface Unavailable {
  readonly kind: 'unavailable';
  /** For the log; holds no password. */
  readonly cause: Error;
}

/** Somebody in the directory, as they are written there; what is not there is undefined. */
export interface UpstreamPerson extends UpstreamEntry {
  readonly userPrincipalName: string | undefined;
  /** The short name that `memberNames` of groups speak of: `uid`, `sAMAccountName`. */
  readonly shortName: string | undefined;
  readonly displayName: string | undefined;
  readonly mail: string | undefined;
  /** Not normalised. */
  readonly telephoneNumber: string | undefined;
  readonly mobile: string | undefined;
  /** Whether they may sign in there. */
  readonly enabled: boolean;
  /** The names (DNs) of the groups that the directory itself says they belong to; empty where it does not. */
  readonly memberOf: readonly string[];
}

/** A group of the directory. */
export interface UpstreamGroup extends UpstreamEntry {
  readonly name: string;
  /** The names (DNs) of all who belong to it directly, people and groups alike. */
  readonly members: readonly string[];
  /** The short names of people who belong to it (`memberUid` of a posixGroup). */
  readonly memberNames: readonly string[];
}

/**
 * The directory of the organisation. Every question ends within the time of the settings; passwords are
 * never kept, and stand in no error.
 */
export interface UpstreamDirectory {
  /**
   * Checks the password of an entry, found by its id wherever it is by now. An empty one is wrong and is
   * never asked about: a directory would take that for nobody at all, and let them in (RFC 4513 §5.1.2).
   */
  check(entry: UpstreamEntry, password: string): Promise<PasswordFinding>;
  /** Sets a password, as our service account: whoever asks has made sure that its owner wants it. */
  changePassword(entry: UpstreamEntry, password: string): Promise<PasswordChange>;
  /**
   * Everybody the settings mean, in no order, page by page. Throws `UPSTREAM_UNAVAILABLE` where the answer
   * ends early: what came until then is not everybody.
   */
  people(): AsyncIterable<UpstreamPerson>;
  /** Every group the settings mean, with all of its members; throws as `people` does. */
  groups(): AsyncIterable<UpstreamGroup>;
  /** Signs in as the service account and finds the base; throws `UPSTREAM_UNAVAILABLE` with what is wrong. */
  probe(): Promise<void>;
  /** Ends its connections; whatever is asked later is `unavailable`. */
  close(): void;
}
