/** Owns what a report of fraud brings about: "it wasn't me". */
import { fraudReported, userBlocked } from '../audit/audit.ts';
import type { User } from '../accounts/user.ts';
import type { Method } from '../methods/method.ts';
import type { Attempt } from './attempt.ts';
import { origin } from './origin.ts';
import type { SigninParts, Work } from './parts.ts';
import { revokeEverything } from './revoke-everything.ts';
import type { Known } from './situation.ts';
import { tell } from './telling.ts';

const dayMs = 86_400_000;

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
  await stores.audit.append(fraudReported(origin(attempt, now), method.id));
  if (rules.blockOnReport) {
    const until = new Date(now.getTime() + rules.blockDays * dayMs);
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
  await tell(parts, work, attempt, known, user, isOfReset ? 'resetReported' : 'fraudReported');
}
