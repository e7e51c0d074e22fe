/** Owns gathering what is true of the person now, so that `nextStep` can decide. */
import { passwordElsewhere, type PasswordElsewhere } from '../accounts/upstream/passwords.ts';
import { isBlocked, isPrivileged, type User } from '../accounts/user.ts';
import { isInNetworks } from '../lib/ip.ts';
import { isForSignIn, optionsOf, type Option } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import { mayStaySignedIn, type Policy } from '../policies/policy.ts';
import { isPersonProved } from '../sessions/proven.ts';
import { wrongSecondSteps } from '../throttle/rules.ts';
import { pausedUntil } from '../throttle/throttle.ts';
import { campaignFor, combinationsAsked, missingFor } from './adding.ts';
import { isAnswerableAt } from './at-a-door.ts';
import { isReset, type Attempt } from './attempt.ts';
import type { Situation } from './next-step.ts';
import type { SigninParts } from './parts.ts';
import { gatherReset, resetToPrepare, type ResetKnown } from './reset-standing.ts';
import type { SigninStores } from './stores.ts';
import { isDeviceTrusted } from './trust.ts';

/** Everything a page or a command may need of the person, once the password is proved. */
export interface Known extends Situation {
  readonly policy: Policy;
  readonly user: User | undefined;
  readonly registrations: readonly Registration[];
  readonly options: readonly Option[];
  readonly privileged: boolean;
  /** Present where the password of this person is changed elsewhere. */
  readonly passwordElsewhere?: PasswordElsewhere | undefined;
  readonly reset?: ResetKnown | undefined;
}

/** The counter of a person's wrong second steps: one for all methods, sessions, doors and nodes. */
export function secondStepKey(userId: string): string {
  return `${wrongSecondSteps.name}:${userId}`;
}

/**
 * Reads what is true now. Before the password is proved nothing about the person is looked at. `held`
 * saves reading the person again, where the attempt is theirs: it may have changed hands meanwhile.
 */
export async function gather(
  parts: SigninParts,
  stores: SigninStores,
  attempt: Attempt,
  held?: User,
): Promise<Known> {
  const now = parts.clock.now();
  const policy = await parts.policies.current(stores.policies);
  const userId = attempt.identified?.userId;
  const user =
    userId === undefined || !isPersonProved(attempt.proofs)
      ? undefined
      : held?.id === userId
        ? held
        : await stores.users.find(userId);
  // What a system says of where somebody sits is not where they are: a gateway stands in our own network.
  const trustedNetwork = attempt.door === undefined && isTrusted(attempt.address, policy);
  if (user === undefined) {
    return {
      now,
      policy,
      user,
      trustedNetwork,
      trustedDevice: false,
      mayStaySignedIn: false,
      standing: undefined,
      registrations: [],
      options: [],
      privileged: false,
      ...(isReset(attempt)
        ? { reset: await gatherReset(parts, stores, attempt, policy, now, held) }
        : {}),
    };
  }
  const privileged = isPrivileged(user);
  const elsewhere = passwordElsewhere(user, parts.upstream);
  const registrations = (await stores.registrations.list(user.id)).filter(
    ({ endsAt }) => endsAt === undefined || endsAt > now,
  );
  const hasRegistrations = registrations.some((one) => isForSignIn(one, parts.methods));
  const options = optionsOf({ user, registrations, methods: parts.methods, policy }).filter(
    ({ method }) => isAnswerableAt(attempt.door, method),
  );
  const strengths = combinationsAsked(attempt, policy, parts.methods);
  const owned = { user, policy, registrations, options };
  const paused = pausedUntil(await stores.throttle.peek(secondStepKey(user.id)), now);
  return {
    now,
    policy,
    user,
    trustedNetwork,
    trustedDevice: await isDeviceTrusted(parts, stores, attempt.trustedDevice, {
      policy,
      user,
      registrations,
    }),
    registrations,
    options,
    strengths,
    toAdd: missingFor(attempt, owned, parts.methods, strengths),
    // Only where there are pages to show it.
    campaign:
      attempt.browser === undefined
        ? undefined
        : await campaignFor(stores.snoozes, owned, parts.methods, now),
    privileged,
    passwordElsewhere: elsewhere,
    // Until their registration is finished, older apps go on with the password (row A-001).
    sparedAtDoor:
      attempt.door !== undefined &&
      user.perUserMfaState === 'enabled' &&
      !hasRegistrations &&
      policy.appPasswords.ownPassword,
    mayStaySignedIn: mayStaySignedIn(policy, privileged),
    preparesReset: await resetToPrepare(parts, stores, policy, user, registrations, now),
    standing: {
      accountEnabled: user.accountEnabled && attempt.directorySays !== 'disabled',
      blocked: isBlocked(user, now),
      state: user.perUserMfaState,
      // Of a password that is changed elsewhere nobody here hears that it was.
      mustChangePassword:
        attempt.directorySays === 'must-change' ||
        (user.mustChangePassword && elsewhere === undefined),
      hasRegistrations,
      mayRegister: mayRegister(user, policy, attempt.address, now),
      pausedUntil: paused,
    },
  };
}

/**
 * Whether the password alone may register a first method: from a trusted network, and where policy
 * says so from anywhere, for a while after it was required (ATK-23, row A-081).
 */
export function mayRegister(user: User, policy: Policy, address: string, now: Date): boolean {
  if (isTrusted(address, policy)) return true;
  if (policy.registration.fromTrustedIpsOnly || user.mfaRequiredAt === undefined) return false;
  const days = (now.getTime() - user.mfaRequiredAt.getTime()) / 86_400_000;
  return days <= policy.registration.windowDays;
}

function isTrusted(address: string, { trustedIps }: Policy): boolean {
  return trustedIps.length > 0 && isInNetworks(address, trustedIps);
}
