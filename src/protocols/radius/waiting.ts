/** Owns waiting for a phone that somebody answers elsewhere, while the client waits for us. */
import type { Signals } from '../../lib/signals.ts';
import { isOpen } from '../../signin/attempt.ts';
import type { Progress } from '../../signin/progress.ts';
import type { Signin } from '../../signin/signin.ts';
import { attemptTopic } from '../../signin/topics.ts';
import type { Conversation } from './conversation.ts';

export interface WaitingParts {
  readonly signin: Pick<Signin, 'look'>;
  readonly signals: Pick<Signals, 'hear'>;
  /** Ends whatever waits. */
  readonly stopped: AbortSignal;
}

/** Where things stand once the phone was answered, or is over; or, still asked, when we stop. */
export async function untilAnswered(
  { signin, signals, stopped }: WaitingParts,
  talk: Conversation,
  progress: Progress,
): Promise<Progress> {
  const topic = attemptTopic(progress.attempt.id);
  let now = progress;
  while (isStillAsked(now) && !stopped.aborted) {
    const changed = nextSignal(signals, topic, stopped);
    // Looked at again after it is listened for: what happened in between is not missed.
    now = await talk.command((ref) => signin.look(ref));
    if (isStillAsked(now)) await changed.heard;
    changed.end();
    now = await talk.command((ref) => signin.look(ref));
  }
  return now;
}

/** Whether its challenge can still be answered. */
export function isStillAsked({ attempt, step, known }: Progress): boolean {
  const { challenge } = attempt;
  return step.kind === 'challenge' && challenge !== undefined && isOpen(challenge, known.now);
}

/** A signal may be lost on its way, and time ends things without any. */
const lookAgainMs = 1_000;

function nextSignal(
  signals: Pick<Signals, 'hear'>,
  topic: string,
  stopped: AbortSignal,
): { readonly heard: Promise<void>; readonly end: () => void } {
  const { promise: heard, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  const unhear = signals.hear(topic, wake);
  const timer = setTimeout(wake, lookAgainMs);
  stopped.addEventListener('abort', wake);
  const end = (): void => {
    unhear();
    clearTimeout(timer);
    stopped.removeEventListener('abort', wake);
    wake();
  };
  return { heard, end };
}
