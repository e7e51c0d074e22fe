/** Owns what applications learn of a person, by scope (OpenID Connect Core §5.4). */
import type { User } from '../../accounts/user.ts';

/** Claims by scope; the ID token carries them as well as userinfo. */
export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'preferred_username', 'locale'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
} as const;

/** The claims of a person; the engine hands out those that were asked for. */
export interface PersonClaims {
  readonly sub: string;
  readonly name: string;
  readonly preferred_username: string;
  readonly locale?: string;
  readonly email?: string;
  /** The organisation gave them this mailbox, so it vouches for it. */
  readonly email_verified?: true;
  readonly groups: string[];
}

/** Says who a person is. */
export function claimsOf(user: User): PersonClaims {
  return {
    sub: user.id,
    name: user.displayName,
    preferred_username: user.userPrincipalName,
    ...(user.preferredLanguage === undefined ? {} : { locale: user.preferredLanguage }),
    ...(user.mail === undefined ? {} : { email: user.mail, email_verified: true }),
    groups: [...user.groups],
  };
}
