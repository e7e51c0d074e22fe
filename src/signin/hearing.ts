/**
 * Owns what comes of a provider's report: a key that was pressed, a reply, a message that did not
 * arrive. It never opens a session: that is the browser's to fetch.
 */
import type { DeliveryEvent } from '../delivery/message.ts';
import type { RejectionReason } from '../methods/method.ts';
import { settingsOf } from '../policies/policy.ts';
import type { Attempt } from './attempt.ts';
import type { Frame } from './frame.ts';
import { hasPhone, takeReport } from './fraud-report.ts';
import { judgeHeard } from './judging.ts';
import { nextStep } from './next-step.ts';
import type { SigninParts } from './parts.ts';
import { afterVerdict } from './registering.ts';
import { hearAtGate } from './reset-gates.ts';
import { gather } from './situation.ts';
import { saveAttempt } from './topics.ts';

export interface HeardReport {
  readonly attemptId: string;
  readonly challengeId: string;
  /** Whose phone it is, as the message was addressed; an attempt may be somebody else's by now. */
  readonly userId?: string | undefined;
  readonly event: DeliveryEvent;
}

/** `rejected`: one may try again, in the same call say. `over`: the challenge ended with it. */
export type Heard = 'verified' | 'pending' | 'rejected' | 'over' | 'ignored';

/** What was heard, and why it was refused if it was. */
export interface HeardWith {
  readonly heard: Heard;
  readonly reason?: RejectionReason | undefined;
}

const ignored: HeardWith = { heard: 'ignored' };

/** Makes the ear of the state machine. */
export function createHearing(
  parts: SigninParts,
  { inTransaction, hold, targetOf, record, withLivingProofs }: Frame,
): (report: HeardReport) => Promise<HeardWith> {
  /** Judges a report by the challenge that it belongs to; `ignored` where that is not open any more. */
  const hearChallenge = (
    seen: Attempt,
    { attemptId, challengeId, event }: HeardReport,
  ): Promise<HeardWith> =>
    inTransaction(async (work) => {
      const user = await hold(work, seen.identified?.userId);
      const locked = await work.stores.attempts.lock(attemptId);
      if (locked === undefined || user === undefined) return ignored;
      const attempt = await withLivingProofs(work.stores, locked);
      if (attempt.challenge?.id !== challengeId) return ignored;
      const known = await gather(parts, work.stores, attempt, user);
      const step = nextStep(attempt, known);
      if (step.kind === 'reset-challenge') {
        const reset = await hearAtGate(parts, work, { attempt, known, user }, event);
        if (reset.judged === attempt) return ignored;
        // Nobody is woken by what must not be seen: that a phone rang, or was busy.
        if (reset.isSeen) await saveAttempt(work, reset.attempt);
        else await work.stores.attempts.save(reset.attempt);
        return heardOf(attempt, reset.judged);
      }
      const target = targetOf(attempt, known);
      if ((step.kind !== 'challenge' && step.kind !== 'register') || target === undefined) {
        return ignored;
      }
      const judged = await judgeHeard(parts, work, { attempt, known, user, target }, event);
      if (judged === attempt) return ignored;
      const after = await afterVerdict(parts, work, attempt, judged, known, user);
      await record(work, after, step);
      await saveAttempt(work, after);
      return heardOf(attempt, judged);
    });

  /** That somebody did not ask for a call is heard whatever became of the call (attack ATK-42). */
  const hearFraud = async (seen: Attempt, { userId, event }: HeardReport): Promise<HeardWith> => {
    const policy = await parts.policies.current();
    const method = parts.methods.all.find((each) =>
      each.reportsFraud(event, settingsOf(policy, each)),
    );
    if (method === undefined || userId === undefined) return ignored;
    return inTransaction(async (work) => {
      const user = await hold(work, userId);
      if (user === undefined) return ignored;
      const registrations = await work.stores.registrations.list(userId);
      if (!hasPhone(user, method, registrations)) return { heard: 'over', reason: 'somebody-else' };
      const attempt = { ...seen, identified: { typed: user.userPrincipalName, userId } };
      await takeReport(parts, work, attempt, { policy }, user, method);
      return { heard: 'over', reason: 'fraud-reported' };
    });
  };

  return async (report) => {
    const seen = await parts.stores.attempts.find(report.attemptId);
    if (seen === undefined) return ignored;
    const heard = await hearChallenge(seen, report);
    return heard.heard === 'ignored' ? hearFraud(seen, report) : heard;
  };
}

function heardOf({ notice: before }: Attempt, { challenge, notice }: Attempt): HeardWith {
  if (challenge === undefined) return { heard: 'verified' };
  if (challenge.outcome !== undefined) return { heard: 'over', reason: challenge.outcome };
  if (notice === before) return { heard: 'pending' };
  return { heard: 'rejected', reason: notice?.kind === 'rejected' ? notice.reason : undefined };
}
