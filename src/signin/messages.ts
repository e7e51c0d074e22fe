/** Owns making a message, of a challenge or of a notice, one that can be queued. */
import type { User } from '../accounts/user.ts';
import type { OutgoingMessage, QueuedMessage } from '../delivery/message.ts';
import type { Attempt, Challenge } from './attempt.ts';
import type { SigninParts, Work } from './parts.ts';

const dayMs = 86_400_000;

/** A message of a challenge, to queue. */
export function queued(
  parts: SigninParts,
  message: OutgoingMessage,
  attempt: Attempt,
  challenge: Challenge,
  userId: string,
): QueuedMessage {
  return {
    id: parts.random.token(16),
    message,
    attemptId: attempt.id,
    challengeId: challenge.id,
    userId,
    createdAt: challenge.startedAt,
    deliverBefore: challenge.expiresAt,
    tries: 0,
  };
}

/**
 * A message to queue: what a person is told belongs to no challenge, and nothing waits for it. Undefined: it
 * goes to an address that is nobody's account.
 */
export function told(
  { random }: Pick<SigninParts, 'random'>,
  { now }: Work,
  user: User | undefined,
  message: OutgoingMessage,
): QueuedMessage {
  return {
    id: random.token(16),
    message,
    attemptId: undefined,
    challengeId: undefined,
    userId: user?.id,
    createdAt: now,
    deliverBefore: new Date(now.getTime() + 3 * dayMs),
    tries: 0,
  };
}
