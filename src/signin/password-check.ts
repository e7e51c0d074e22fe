/**
 * Owns the one place where a password of an account is looked at, whoever asks: against the hash that is kept
 * here, or by the organisation's directory where that owns the account (decision 0031). Whatever is found, it
 * takes as long for whoever is named: a hash is worked out for everybody, and where there is a directory, a
 * refusal waits as long as its own.
 */
import type { UpstreamPasswords } from '../accounts/upstream/passwords.ts';
import type { User } from '../accounts/user.ts';
import { normalisePassword } from '../lib/password-hash.ts';
import type { SigninParts } from './parts.ts';

/** What came of it. */
export type PasswordFound =
  /** `but`: what the directory says of an account whose password is right. */
  | { readonly kind: 'right'; readonly but?: 'must-change' | 'disabled' }
  /** `reason` is for the log alone. */
  | { readonly kind: 'wrong'; readonly reason?: 'locked-upstream' | 'gone-upstream' }
  /**
   * The directory does not answer: nobody knows, and nothing may be counted. `isWrong`: it was not asked, the
   * password is wrong and counts as that; who typed it reads the same as everybody.
   */
  | { readonly kind: 'unavailable'; readonly isWrong?: true };

/** Looks at it; the password is counted by then. Nobody is held meanwhile. */
export async function checkPassword(
  { hasher, upstream }: Pick<SigninParts, 'hasher' | 'upstream'>,
  user: Pick<User, 'passwordHash' | 'upstream'> | undefined,
  password: string,
): Promise<PasswordFound> {
  if (upstream === undefined) {
    // Whoever belongs to a directory that is not configured any more has no password.
    const hash = user?.upstream === undefined ? user?.passwordHash : undefined;
    return { kind: (await hasher.verify(hash ?? null, password)) ? 'right' : 'wrong' };
  }
  // Longer than any that is kept: nobody is bothered with it.
  if (normalisePassword(password) === null) return { kind: 'wrong' };
  if (user?.upstream !== undefined) {
    const [found] = await Promise.all([
      upstream.check(user.upstream, password),
      hasher.verify(null, password),
    ]);
    return foundBy(found.kind);
  }
  const pretending = upstream.pretend();
  if (await hasher.verify(user?.passwordHash ?? null, password)) return { kind: 'right' };
  const kind = await pretending;
  return kind === 'unavailable' && user !== undefined ? { kind, isWrong: true } : { kind };
}

function foundBy(kind: Awaited<ReturnType<UpstreamPasswords['check']>>['kind']): PasswordFound {
  switch (kind) {
    case 'right':
    case 'wrong':
    case 'unavailable':
      return { kind };
    case 'must-change':
    case 'disabled':
      return { kind: 'right', but: kind };
    case 'locked':
      return { kind: 'wrong', reason: 'locked-upstream' };
    case 'gone':
      return { kind: 'wrong', reason: 'gone-upstream' };
  }
}

/** Whether two readings of an account have the same password, as far as we know: nobody changed it meanwhile. */
export function hasSamePassword(
  one: Pick<User, 'passwordHash' | 'upstream'> | undefined,
  other: Pick<User, 'passwordHash' | 'upstream'>,
): boolean {
  return one?.passwordHash === other.passwordHash && one?.upstream?.id === other.upstream?.id;
}
