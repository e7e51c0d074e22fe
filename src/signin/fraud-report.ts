/** Owns what a report of fraud brings about: "it wasn't me". */
import { fraudReported, userBlocked } from '../audit/audit.ts';
import type { User } from '../accounts/user.ts';
import { parse } from '../lib/phone-number.ts';
import type { Method } from '../methods/method.ts';
import { numberIn } from '../methods/phone.ts';
import type { Registration } from '../registrations/registration.ts';
import type { Attempt } from './attempt.ts';
import { reachableInCharge } from './in-charge.ts';
import { told } from './messages.ts';
import { fraudAlert } from './notices.ts';
import { origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { revokeEverything } from './revoke-everything.ts';
import type { Known } from './situation.ts';
import type { Target } from './target.ts';
import { tell } from './telling.ts';

const dayMs = 86_400_000;

/**
 * Whether whoever answers this phone speaks for the account: it is registered, or the organisation knows the
 * number as theirs. At one that was only typed, with a slip perhaps, anybody may answer.
 */
export function isTheirs(user: User, { method, secret, registrationId }: Target): boolean {
  if (registrationId !== undefined || method.sends !== 'call') return true;
  const number = numberIn(method.destination(secret) ?? '');
  return [user.mobilePhone, user.businessPhone].some((known) => {
    const read = parse(null, known ?? '');
    return typeof read !== 'string' && read.e164 === number;
  });
}

/** Whether they have a phone at all that could have been called: what became of the call is not known any more. */
export function hasPhone(
  { mobilePhone, businessPhone }: User,
  method: Method,
  registrations: readonly Registration[],
): boolean {
  const isRegistered = registrations.some(({ kind }) => kind === method.registers.id);
  return isRegistered || mobilePhone !== undefined || businessPhone !== undefined;
}

/** Where a report of fraud came from: the attempt it is about, or only whose phone it is. */
export type Reported = Pick<Attempt, 'identified' | 'address' | 'locale'> & {
  readonly id: string | undefined;
  /** Absent where the attempt is over and gone. */
  readonly request?: Pick<Attempt['request'], 'purpose'>;
};

/** What a report of fraud brings about, whether its challenge is still open or not. */
export async function takeReport(
  parts: SigninParts,
  work: Work,
  attempt: Reported,
  known: Pick<Known, 'policy'>,
  user: User,
  method: Method,
  keepAttempt?: string,
): Promise<void> {
  const { stores, now } = work;
  const { fraud: rules } = known.policy;
  const blocks = rules.blockOnReport;
  const until = new Date(now.getTime() + rules.blockDays * dayMs);
  await stores.audit.append(fraudReported(origin(attempt, now), method.id, blocks));
  if (blocks) {
    await stores.users.setBlock(user.id, { at: now, until, reason: 'fraud-reported' });
    await stores.audit.append(
      userBlocked({ at: now, userId: user.id, actor: 'system', reason: 'fraud-reported' }),
    );
    await revokeEverything(stores, {
      userId: user.id,
      reason: 'fraud-reported',
      actor: 'system',
      appPasswords: false,
      at: now,
      ...(keepAttempt === undefined ? {} : { keepAttempt }),
    });
  }
  const isOfReset = attempt.request?.purpose === 'reset';
  // Whoever got as far as a phone knew the password (row A-052); of a reset that is not said.
  if (!isOfReset && known.policy.passwordSuspicion) {
    await stores.users.change(user.id, { mustChangePassword: true });
  }
  await tell(parts, work, attempt, known, user, isOfReset ? 'resetReported' : 'fraudReported');
  await alert(parts, work, attempt, known, user, blocks ? until : undefined);
}

/** Tells the addresses that the organisation named (row A-054), else those in charge. */
async function alert(
  parts: SigninParts,
  work: Work,
  { address }: Reported,
  { policy: { fraud, organisation } }: Pick<Known, 'policy'>,
  user: User,
  blockedUntil: Date | undefined,
): Promise<void> {
  const known = {
    user,
    organisation: organisation.name,
    fallbackLocale: organisation.defaultLanguage,
    at: work.now,
    address,
    blockedUntil,
    link: `${parts.origin}/admin/users/${user.id}`,
  };
  if (fraud.notify.length > 0) {
    const mails = fraud.notify.flatMap((to) => fraudAlert({ ...known, to }));
    await work.send(mails.map((message) => told(parts, work, undefined, message)));
    return;
  }
  for (const admin of await reachableInCharge(work, ['global-admin', 'authentication-admin'])) {
    if (admin.id === user.id) continue;
    const mails = fraudAlert({ ...known, to: admin });
    await work.send(mails.map((message) => told(parts, work, admin, message)));
  }
}
