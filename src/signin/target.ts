/** Owns what a challenge asks, what its method is told of it, and keeping that it was used. */
import type { User } from '../accounts/user.ts';
import type { Ask, Method } from '../methods/method.ts';
import { settingsOf } from '../policies/policy.ts';
import type { Registration } from '../registrations/registration.ts';
import { isReset, type Attempt } from './attempt.ts';
import type { SigninParts, Work } from './parts.ts';
import type { Known } from './situation.ts';

/** What is asked: a registration, or a draft that becomes one when it is proved. */
export interface Target {
  readonly method: Method;
  readonly secret: unknown;
  readonly registrationId: string | undefined;
}

/** Who is asked in an attempt, and what. */
export interface Asked {
  readonly attempt: Attempt;
  readonly known: Known;
  readonly user: User;
  readonly target: Target;
}

/** As much of it as a method is told. */
type ToldOf = Omit<Asked, 'known'> & {
  readonly known: Pick<Known, 'now' | 'policy' | 'registrations' | 'privileged'>;
};

/** Everything a method may know while it asks this person. */
export function askOf(
  parts: SigninParts,
  { attempt, known, user, target }: ToldOf,
  challengeId: string,
): Ask {
  return {
    settings: settingsOf(known.policy, target.method),
    secret: target.secret,
    others: target.method.together ? othersOf(known, target) : [],
    challengeId,
    now: known.now,
    random: parts.random,
    keyedHash: (value) =>
      parts.box.keyedHash(`challenge:${target.method.id}`, `${challengeId} ${value}`),
    lastingHash: lastingHash(parts, target.method),
    locale: attempt.locale,
    organisation: known.policy.organisation.name,
    origin: parts.origin,
    userId: user.id,
    userPrincipalName: user.userPrincipalName,
    // In a reset everybody is asked as an admin is: the page must not tell who is one.
    privileged: known.privileged || isReset(attempt),
    codeSeconds: isReset(attempt) ? 300 : 180,
  };
}

/** How a method keeps what is good for more than one challenge. */
export function lastingHash(
  { box }: Pick<SigninParts, 'box'>,
  { id }: Pick<Method, 'id'>,
): Ask['lastingHash'] {
  return (value) => box.keyedHash(`lasting:${id}`, value);
}

/** What the person has of the same kind, besides the one that is asked. */
function othersOf(
  known: Pick<Known, 'registrations'>,
  { method, registrationId }: Target,
): Ask['others'] {
  return known.registrations
    .filter(({ kind, id }) => kind === method.registers.id && id !== registrationId)
    .map(({ id, secret }) => ({ id, secret }));
}

/** The registration that a challenge asks, if it is still there. */
export function registrationOf(
  known: Pick<Known, 'registrations'>,
  registrationId: string | undefined,
): Registration | undefined {
  return known.registrations.find(({ id }) => id === registrationId);
}

/** Notes the use where it changes the secret: only the first of two equal answers gets through. */
export async function keepUse(
  work: Work,
  target: Target,
  known: Pick<Known, 'registrations'>,
  secret: unknown,
): Promise<boolean> {
  if (target.registrationId === undefined) return true;
  const registration = registrationOf(known, target.registrationId);
  if (registration === undefined) return false;
  if (secret === undefined) {
    await work.stores.registrations.touch(registration.id, work.now);
    return true;
  }
  return work.stores.registrations.use(registration.id, registration.version, secret, work.now);
}
