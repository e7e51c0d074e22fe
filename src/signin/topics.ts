/** Owns what one can wait for: an attempt that goes on, and what is asked of a person's devices. */
import type { Attempt } from './attempt.ts';
import type { Work } from './parts.ts';

/** Told whenever this attempt was saved: its page may show something else by now. */
export function attemptTopic(attemptId: string): string {
  return `attempt:${attemptId}`;
}

/** Told when something is asked of this person's devices, or was answered by one of them. */
export function personTopic(userId: string): string {
  return `person:${userId}`;
}

/** Saves an attempt within a command, and wakes its page once that is committed. */
export async function saveAttempt(work: Work, attempt: Attempt): Promise<void> {
  await work.stores.attempts.save(attempt);
  work.tell(attemptTopic(attempt.id));
  const { challenge, identified } = attempt;
  if (challenge?.asksApp === true && identified?.userId !== undefined) {
    work.tell(personTopic(identified.userId));
  }
}
