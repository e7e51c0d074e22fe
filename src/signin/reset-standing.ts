/** Owns gathering what a reset rests on. The same is read for every name, whoever has it or nobody (ATK-30). */
import { passwordElsewhere, type PasswordElsewhere } from '../accounts/upstream/passwords.ts';
import { isPrivileged, maySignIn, type User } from '../accounts/user.ts';
import { registeredKinds, resetConfirmedKind } from '../audit/audit.ts';
import type { Method, Methods } from '../methods/method.ts';
import { numberIn } from '../methods/phone.ts';
import {
  gatesNeeded,
  isForReset,
  mayResetPassword,
  standingOf,
  type Policy,
} from '../policies/policy.ts';
import { reachesOut } from '../registrations/options.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Attempt } from './attempt.ts';
import type { ResetStanding } from './next-reset-step.ts';
import type { SigninParts } from './parts.ts';
import type { SigninStores } from './stores.ts';

/** What commands may know as well. No page draws anything of it before something was proved. */
export interface ResetKnown extends ResetStanding {
  readonly user: User | undefined;
  readonly registrations: readonly Registration[];
  /** Present where the password is reset elsewhere: for whoever has proved something. */
  readonly elsewhere?: PasswordElsewhere | undefined;
}

/** Reads what is true now of whoever was named. */
export async function gatherReset(
  parts: Pick<SigninParts, 'methods' | 'upstream'>,
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
  const dayAgo = new Date(now.getTime() - newNumberDays * dayMs);
  const hadEarlier = await wasRegisteredBefore(stores, id, registrations, dayAgo);
  const elsewhere = user && passwordElsewhere(user, parts.upstream);
  return {
    user,
    registrations,
    elsewhere,
    mayReset:
      user !== undefined &&
      elsewhere === undefined &&
      maySignIn(user, now) &&
      mayResetPassword(policy, user),
    needed: gatesNeeded(policy, privileged),
    ways:
      user === undefined
        ? []
        : waysOf(parts.methods, policy, user, registrations, hadEarlier ? dayAgo : undefined),
  };
}

/**
 * Every way in which this person may prove something in a reset. A number or address that was registered
 * later than `numbersUntil` proves nothing yet; every one counts unless told.
 */
export function waysOf(
  methods: Methods,
  policy: Policy,
  user: User,
  registrations: readonly Registration[],
  numbersUntil?: Date,
): ResetStanding['ways'] {
  return registrations.flatMap((registration) => {
    const asking = methods.all.filter((method) => method.registers.id === registration.kind);
    const thing = thingOf(asking, registration);
    return asking
      .filter((method) => isForReset(policy, method))
      .filter((method) => standingOf(policy, method, user) === 'allowed')
      .map((method) => ({
        methodId: method.id,
        registrationId: registration.id,
        thing,
        isLater: isLater(method),
        isLeft:
          isLeft(method, registration) &&
          (numbersUntil === undefined || !isTooNew(method, registration, numbersUntil)),
      }));
  });
}

/**
 * What a registration is, whatever place it stands in: whoever took a number over has it in all of them, and at
 * each of its extensions. What is reached in no such way is itself.
 */
function thingOf(asking: readonly Method[], { id, secret }: Registration): string {
  const reached = asking.find(
    ({ sends }) => sends === 'text' || sends === 'call' || sends === 'mail',
  );
  const destination = reached?.destination(secret);
  return destination === undefined ? id : numberIn(destination);
}

/** What a stranger may have set off is left alone until its owner is here again. */
function isLeft(method: Method, { secret, suspendedAt }: Registration): boolean {
  return (
    method.appliesTo(secret) &&
    (method.blind?.appliesTo(secret) ?? true) &&
    (suspendedAt === undefined || !reachesOut(method))
  );
}

/** So long a number or address that came beside something older, or in its place, proves no reset (ATK-41). */
const newNumberDays = 1;

/**
 * Whoever got into an account could put their own number there, or a mailbox of theirs, and make a new
 * password by it, before its owner has read that it was changed.
 */
function isTooNew({ sends }: Method, { createdAt }: Registration, until: Date): boolean {
  return (sends === 'text' || sends === 'call' || sends === 'mail') && createdAt > until;
}

/**
 * Whether anything was registered before that moment, whatever became of it: who replaced the only thing
 * there was left none of it but in the log. What was all set up since waits for nothing.
 */
async function wasRegisteredBefore(
  { audit }: Pick<SigninStores, 'audit'>,
  userId: string,
  registrations: readonly Registration[],
  moment: Date,
): Promise<boolean> {
  const isNew = ({ createdAt }: Registration): boolean => createdAt > moment;
  // The log is asked of whoever registered something just now, and of nobody else.
  if (!registrations.some(isNew)) return registrations.length > 0;
  if (!registrations.every(isNew)) return true;
  for (const kind of registeredKinds) {
    const [earlier] = await audit.list({ userId, kind, to: moment, limit: 1 });
    if (earlier !== undefined) return true;
  }
  return false;
}

/**
 * What somebody who signs in has to do so that a reset would work one day (row A-095): register more,
 * or look at what there is, because they did neither for long. The audit log remembers when they looked.
 */
export async function resetToPrepare(
  parts: Pick<SigninParts, 'methods' | 'upstream'>,
  stores: Pick<SigninStores, 'audit'>,
  policy: Policy,
  user: User,
  registrations: readonly Registration[],
  now: Date,
): Promise<'register' | 'confirm' | undefined> {
  const { requireRegistration, reconfirmDays } = policy.reset;
  if (!requireRegistration || !mayResetPassword(policy, user)) return undefined;
  if (passwordElsewhere(user, parts.upstream) !== undefined) return undefined;
  const left = waysOf(parts.methods, policy, user, registrations).filter(({ isLeft: is }) => is);
  const things = new Set(left.map(({ thing }) => thing));
  const isEnough =
    things.size >= gatesNeeded(policy, isPrivileged(user)) && left.some(({ isLater: is }) => !is);
  if (!isEnough) return 'register';
  if (reconfirmDays === 0) return undefined;
  const [confirmed] = await stores.audit.list({
    userId: user.id,
    kind: resetConfirmedKind,
    limit: 1,
  });
  const lookedAt = registrations
    .filter(({ id }) => left.some(({ registrationId }) => registrationId === id))
    .map(({ createdAt }) => createdAt.getTime());
  const newest = Math.max(confirmed?.at.getTime() ?? 0, ...lookedAt);
  return now.getTime() - newest > reconfirmDays * dayMs ? 'confirm' : undefined;
}

const dayMs = 86_400_000;

/** Whether a method may be asked only after another one was proved. */
export function isLater({ blind }: Pick<Method, 'blind'>): boolean {
  return blind === undefined;
}
