/** Owns gathering what a reset rests on. The same is read for every name, whoever has it or nobody (ATK-30). */
import { isBlocked, isPrivileged, type User } from '../accounts/user.ts';
import type { Method, Methods } from '../methods/method.ts';
import { gatesNeeded, isForReset, mayResetPassword, type Policy } from '../policies/policy.ts';
import { optionsOf, reachesOut } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Attempt } from './attempt.ts';
import type { ResetStanding } from './next-reset-step.ts';
import type { SigninParts } from './parts.ts';
import type { SigninStores } from './stores.ts';

/** What commands may know as well. No page draws anything of it before something was proved. */
export interface ResetKnown extends ResetStanding {
  readonly user: User | undefined;
  readonly registrations: readonly Registration[];
}

/** Reads what is true now of whoever was named. */
export async function gatherReset(
  parts: Pick<SigninParts, 'methods'>,
  stores: SigninStores,
  { identified }: Attempt,
  policy: Policy,
  now: Date,
  held?: User,
): Promise<ResetKnown | undefined> {
  if (identified === undefined) return undefined;
  const id = identified.userId ?? '';
  const user = held?.id === id ? held : await stores.users.find(id);
  const registrations = await stores.registrations.list(id);
  const privileged = user !== undefined && isPrivileged(user);
  return {
    user,
    registrations,
    mayReset:
      user !== undefined &&
      user.accountEnabled &&
      !isBlocked(user, now) &&
      mayResetPassword(policy, user),
    needed: gatesNeeded(policy, privileged),
    ways: user === undefined ? [] : waysOf(parts.methods, policy, user, registrations),
  };
}

/** Every way in which this person may prove something in a reset now. */
export function waysOf(
  methods: Methods,
  policy: Policy,
  user: User,
  registrations: readonly Registration[],
): ResetStanding['ways'] {
  // One by one: where a sign-in asks all of a kind together, each of them is a thing of its own here.
  return registrations.flatMap((registration) =>
    optionsOf({ user, registrations: [registration], methods, policy, purpose: 'reset' })
      .filter(({ method }) => isForReset(policy, method))
      // What a stranger may have set off is left alone until its owner is here again.
      .filter(({ method }) => registration.suspendedAt === undefined || !reachesOut(method))
      .filter(({ method }) => method.blind?.appliesTo(registration.secret) ?? true)
      .map(({ method }) => ({
        methodId: method.id,
        registrationId: registration.id,
        isLater: isLater(method),
      })),
  );
}

/** Whether a method may be asked only after another one was proved. */
export function isLater({ blind }: Pick<Method, 'blind'>): boolean {
  return blind === undefined;
}
