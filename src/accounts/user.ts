/** Owns who may sign in: a user, and the words for their standing. */
import type { Locale } from '../i18n/locale.ts';

/** Values of Microsoft Graph's `perUserMfaState` (rows ). */
export const perUserMfaStates = ['disabled', 'enabled', 'enforced'] as const;
export type PerUserMfaState = (typeof perUserMfaStates)[number];

/** What people may be, from least to most; Entra's names for the same (`user` has no role). */
export const roles = [
  'user',
  'reports-reader',
  'help-desk',
  'authentication-policy-admin',
  'authentication-admin',
  'privileged-authentication-admin',
  'global-admin',
] as const;
export type Role = (typeof roles)[number];

/** A person's account. Numbers are E.164. */
export interface User {
  readonly id: string;
  /** As it is shown. */
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** The account's own mailbox. */
  readonly mail: string | undefined;
  /** An address outside it, for notices. */
  readonly otherMail: string | undefined;
  readonly mobilePhone: string | undefined;
  readonly businessPhone: string | undefined;
  readonly businessPhoneExtension: string | undefined;
  readonly preferredLanguage: Locale | undefined;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly accountEnabled: boolean;
  readonly blocked: Block | undefined;
  /** PHC string; undefined for someone who cannot sign in with a password, or whose password a directory keeps. */
  readonly passwordHash: string | undefined;
  readonly mustChangePassword: boolean;
  readonly perUserMfaState: PerUserMfaState;
  /** Since when a second step is required of them: opens the window for a first registration. */
  readonly mfaRequiredAt: Date | undefined;
  readonly defaultMethod: DefaultMethod | undefined;
  /** The entry of the organisation's directory that this account is: that keeps the password, we never do. */
  readonly upstream: UpstreamEntry | undefined;
  readonly createdAt: Date;
}

/** Somebody or something in the organisation's own directory (decision 0031). */
export interface UpstreamEntry {
  /** Never changes, whatever the entry is called: `entryUUID`, or `objectGUID` as text. */
  readonly id: string;
  /** Where it was when it was last seen (RFC 4514). */
  readonly dn: string;
}

/** An account without its password hash: all that a door looks at before it needs one. */
export type Account = Omit<User, 'passwordHash'>;

export interface Block {
  readonly at: Date;
  /** Undefined: until somebody unblocks. */
  readonly until: Date | undefined;
  readonly reason: string;
}

/** Which registration is asked first, and in which way. */
export interface DefaultMethod {
  readonly registrationId: string;
  readonly methodId: string;
}

/** Whether a block is in force. */
export function isBlocked(user: Pick<User, 'blocked'>, now: Date): boolean {
  const { blocked } = user;
  return blocked !== undefined && (blocked.until === undefined || blocked.until > now);
}

/** Whether they may be signed in, and anything be given to them, now (attack ATK-22). */
export function maySignIn(user: Pick<User, 'accountEnabled' | 'blocked'>, now: Date): boolean {
  return user.accountEnabled && !isBlocked(user, now);
}

/** Whether this person decides over others: stricter rules hold for them. */
export function isPrivileged(user: User): boolean {
  return user.role !== 'user';
}
