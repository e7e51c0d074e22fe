/** Owns which ways a person can be asked: their registrations, seen through the methods policy allows. */
import type { User } from '../accounts/user.ts';
import { byStrength, type Strength } from '../lib/strength.ts';
import type { Method, Methods, Purpose } from '../methods/method.ts';
import { standingOf, type Policy } from '../policies/policy.ts';
import type { Registration } from './registration.ts';

/** One way to ask one registration. */
export interface Option {
  /** `registrationId.methodId`: what a picker posts back. */
  readonly id: string;
  readonly method: Method;
  readonly registration: Registration;
  readonly strength: Strength;
  /** It stands in for whatever its owner has lost, so it is never offered first. */
  readonly standsIn: boolean;
}

/** Whether a registration could ever prove a sign-in, whatever policy says now. */
export function isForSignIn({ kind }: Registration, methods: Methods): boolean {
  return methods.all.some(
    ({ registers, provesIn, standsIn }) =>
      registers.id === kind && provesIn.includes('sign-in') && !standsIn,
  );
}

/** The kinds that could ever prove a sign-in: whoever has nothing of them has nothing registered. */
export function signInKinds(methods: Methods): readonly string[] {
  const proving = methods.all.filter(
    ({ provesIn, standsIn }) => provesIn.includes('sign-in') && !standsIn,
  );
  return [...new Set(proving.map(({ registers }) => registers.id))];
}

/** How the way to ask this registration with this method is called. */
export function optionId(registrationId: string, methodId: string): string {
  return `${registrationId}.${methodId}`;
}

/**
 * Every way this person may be asked now, the default first, then the strongest; the strongest before
 * all where policy prefers it.
 */
export function optionsOf(parts: {
  readonly user: Pick<User, 'groups' | 'role' | 'defaultMethod'>;
  readonly registrations: readonly Registration[];
  readonly methods: Methods;
  readonly policy: Policy;
  /** What the proof is for. Default: a sign-in. */
  readonly purpose?: Purpose;
}): readonly Option[] {
  const { user, registrations, methods, policy, purpose = 'sign-in' } = parts;
  const options = registrations.flatMap((registration) =>
    methods.all
      .filter((method) => method.registers.id === registration.kind)
      .filter((method) => method.provesIn.includes(purpose))
      .filter((method) => standingOf(policy, method, user) === 'allowed')
      .filter((method) => method.appliesTo(registration.secret))
      .map((method): Option => ({
        id: optionId(registration.id, method.id),
        method,
        registration,
        strength: method.strength,
        standsIn: method.standsIn,
      })),
  );
  const asked = withoutSuspended(options);
  const { defaultMethod } = user;
  const isDefault = (option: Option): boolean =>
    defaultMethod?.registrationId === option.registration.id &&
    defaultMethod.methodId === option.method.id;
  const preferred = (one: Option, other: Option): number =>
    policy.systemPreferred
      ? Number(one.standsIn) - Number(other.standsIn) ||
        byStrength(one.strength, other.strength) ||
        byCarrier(one.method) - byCarrier(other.method)
      : 0;
  const sorted = asked.toSorted(
    (one, other) =>
      preferred(one, other) ||
      Number(isDefault(other)) - Number(isDefault(one)) ||
      Number(one.standsIn) - Number(other.standsIn) ||
      byStrength(one.strength, other.strength) ||
      lastUse(other) - lastUse(one),
  );
  // Asked together they are one way: the first stands for all of them.
  return sorted.filter(
    ({ method }, index) =>
      !method.together || sorted.findIndex((option) => option.method === method) === index,
  );
}

/** The order of row A-075 among equals: what an app signs, then its codes, then what the telephone network carries. */
function byCarrier({ sends }: Pick<Method, 'sends'>): number {
  if (sends === 'push') return 0;
  return sends === 'nothing' ? 1 : 2;
}

/**
 * Whether somebody with the password alone can make it ask its owner: by a text, a call, a notification.
 * What has to be typed from an app, or touched, waits for its owner instead.
 */
export function reachesOut({ sends }: Pick<Method, 'sends'>): boolean {
  return sends === 'text' || sends === 'call' || sends === 'push';
}

/**
 * What somebody else may have set off is not asked until its owner proved themselves in another way,
 * unless there is none: what stands in for a lost thing is none, for its owner may not have it there.
 */
function withoutSuspended(options: readonly Option[]): readonly Option[] {
  const left = options.filter(
    ({ registration, method }) => registration.suspendedAt === undefined || !reachesOut(method),
  );
  return left.some(({ standsIn }) => !standsIn) ? left : options;
}

/** Among equals the order of the methods counts, unless any of theirs may answer. */
function lastUse({ method, registration }: Option): number {
  return method.together ? (registration.lastUsedAt?.getTime() ?? 0) : 0;
}
