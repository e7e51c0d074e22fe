/**
 * Owns which counter a typed password is counted by: one for a person at every door, and one of its
 * own for each browser that they signed in with before, so that a stranger cannot lock the owner out.
 */
import type { User } from '../accounts/user.ts';
import { canonicalUserPrincipalName } from '../lib/names.ts';
import { wrongPasswords } from '../throttle/rules.ts';
import { raise, takeBack, type Permission, type Rule } from '../throttle/throttle.ts';
import type { SigninParts } from './parts.ts';

type CounterParts = Pick<SigninParts, 'stores' | 'box' | 'clock' | 'upstream'>;

/** Whether this person signed in with this browser before, and the hash of its token. */
export async function isKnownBrowser(
  { stores, box, clock }: CounterParts,
  userId: string,
  knownBrowser: string | undefined,
): Promise<{ readonly hash: Buffer; readonly isKnown: boolean }> {
  const hash = box.keyedHash('known-browser', knownBrowser ?? '');
  const isKnown =
    knownBrowser !== undefined && (await stores.knownBrowsers.isKnown(hash, userId, clock.now()));
  return { hash, isKnown };
}

/** What is counted of a name: the person, or, where nobody has it, the name itself. */
export function countedAs(
  { box }: Pick<CounterParts, 'box'>,
  canonicalName: string,
  user: Pick<User, 'id'> | undefined,
): string {
  return user?.id ?? box.keyedHash('unknown-name', canonicalName).toString('base64url');
}

/** A password that was counted, and may be looked at or not. */
export interface CountedPassword {
  readonly permission: Permission;
  /** What to clear when it is right. */
  readonly key: string;
  readonly isKnown: boolean;
  /** Takes the count back: nobody could look at the password. */
  takeBack(): Promise<void>;
}

/**
 * Counts a password before anybody looks at it, in a transaction of its own: parallel guesses cannot
 * share a count. The same wrong one again counts once, unless a directory is asked about it, which counts it
 * each time; then a stranger has fewer tries, whoever is named (decision 0031).
 */
export async function countPassword(
  parts: CounterParts,
  typed: {
    readonly name: string;
    readonly password: string;
    readonly user: Pick<User, 'id'> | undefined;
    readonly knownBrowser: string | undefined;
  },
): Promise<CountedPassword> {
  const { stores, box, clock } = parts;
  const { user, password } = typed;
  const name = canonicalUserPrincipalName(typed.name) ?? typed.name;
  // Asked for a name that nobody has as well: the question takes time (attack ATK-30).
  const { hash, isKnown } = await isKnownBrowser(parts, user?.id ?? '', typed.knownBrowser);
  const browser = isKnown ? `:${hash.toString('base64url')}` : '';
  const key = `${wrongPasswords.name}:${countedAs(parts, name, user)}${browser}`;
  const fingerprint = box
    .keyedHash('wrong-password', `${user?.id ?? ''} ${password}`)
    .toString('base64url');
  const { upstream } = parts;
  const rule: Rule =
    upstream === undefined || isKnown
      ? wrongPasswords
      : { ...wrongPasswords, ...upstream.strangers };
  const at = clock.now();
  const permission = await stores.throttle.update<Permission>(key, (record) =>
    raise(rule, record, at, upstream === undefined ? fingerprint : undefined),
  );
  return {
    permission,
    key,
    isKnown,
    takeBack: () =>
      stores.throttle.update(key, (record) => ({
        record: takeBack(record, at),
        result: undefined,
      })),
  };
}
