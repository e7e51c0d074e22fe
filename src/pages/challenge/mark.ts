/**
 * Owns the mark of what a page shows: while it is the same, the page that somebody looks at is still
 * true; when it changes, the page moves on by itself. It says nothing to whoever reads it.
 */
import { hash } from 'node:crypto';

import type { Methods } from '../../methods/method.ts';
import { isOpen } from '../../signin/attempt.ts';
import type { Progress } from '../../signin/progress.ts';

/** The mark of where things stand now. */
export function markOf(progress: Progress, methods: Methods): string {
  const { attempt, step, known } = progress;
  const { challenge, notice } = attempt;
  const shown = [
    step.kind,
    step.kind === 'register' ? step.stage : '',
    challenge?.id ?? '',
    // Another one once its device has joined.
    attempt.registration?.draft?.pairing ?? '',
    challenge !== undefined && isOpen(challenge, known.now),
    notice?.kind === 'rejected' ? `${notice.reason} ${challenge?.wrongTries ?? 0}` : notice?.kind,
    // A page that somebody types on moves only when it must; one that waits shows all there is.
    challenge !== undefined && methods.get(challenge.methodId)?.answeredBy === 'elsewhere'
      ? challenge.state
      : '',
  ];
  return hash('sha256', JSON.stringify(shown), 'base64url').slice(0, 12);
}
