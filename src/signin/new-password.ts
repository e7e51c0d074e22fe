/**
 * Owns what becomes of a new password, whoever chose it: judged by our rules, and then hashed to be kept here,
 * or written to the directory that owns the account. That cannot be undone by a transaction, so it is done
 * before the one that ends what the old password opened.
 */
import { passwordFault } from '../accounts/password-rules.ts';
import type { PasswordRefusal } from '../accounts/upstream/passwords.ts';
import type { User } from '../accounts/user.ts';
import type { UserChange } from '../accounts/user-store.ts';
import { TweestapError } from '../errors/errors.ts';
import type { Policy } from '../policies/policy.ts';
import type { SigninParts } from './parts.ts';

/** `change`: what the account has to become in the transaction that follows. */
export type NewPasswordKept =
  | { readonly kind: 'kept'; readonly change: UserChange }
  | { readonly kind: 'refused'; readonly reason: PasswordRefusal };

/**
 * Keeps it for somebody who has proved all that is asked for it: it takes longer where it is the one that they
 * have. Throws `UPSTREAM_UNAVAILABLE` where our service account may not set passwords.
 */
export async function keepPassword(
  { hasher, upstream }: Pick<SigninParts, 'hasher' | 'upstream'>,
  { organisation, passwords }: Pick<Policy, 'organisation' | 'passwords'>,
  user: User,
  password: string,
): Promise<NewPasswordKept> {
  if (user.upstream !== undefined && upstream?.writes !== true) {
    return { kind: 'refused', reason: 'directory-keeps' };
  }
  const fault = passwordFault(password, {
    ...user,
    organisation: organisation.name,
    banned: passwords.banned,
  });
  if (fault !== undefined) return { kind: 'refused', reason: fault };
  if (user.upstream === undefined) {
    if (await hasher.verify(user.passwordHash ?? null, password)) {
      return { kind: 'refused', reason: 'same' };
    }
    const passwordHash = await hasher.hash(password);
    return { kind: 'kept', change: { passwordHash, mustChangePassword: false } };
  }
  const changed = await upstream?.changePassword(user.upstream, password);
  switch (changed?.kind) {
    case 'changed':
      return { kind: 'kept', change: { mustChangePassword: false } };
    case 'refused':
      return { kind: 'refused', reason: 'directory-rules' };
    case 'forbidden':
      throw new TweestapError('UPSTREAM_UNAVAILABLE', { cause: changed.cause });
    default:
      return { kind: 'refused', reason: 'directory-unavailable' };
  }
}
