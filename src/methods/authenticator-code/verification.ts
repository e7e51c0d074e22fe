/** Owns which code is right now, and that each is right once. */
import { timeStep } from '../../lib/otp/one-time-password.ts';
import { matchStep } from '../../lib/otp/otp.ts';
import { furthestDrift, keyOf, noStep, type AppSecret } from '../authenticator-app.ts';
import type { Ask, RejectionReason, Verdict } from '../method.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';

/**
 * The code that was typed. Verified it brings the secret to keep: whoever keeps it must do so only
 * if nobody kept another since, or two pages at once could spend one code (attacks ATK-10, ATK-11).
 */
export function verify(
  ask: Ask<Settings, AppSecret>,
  state: State,
  { code }: { readonly code: string },
): Verdict<State, AppSecret> {
  const { secret, now } = ask;
  if (now.getTime() >= state.expiresAt) return noGuess('expired', { ends: true });
  if (code.length !== secret.digits) return noGuess('unreadable', { ends: false });

  const seconds = now.getTime() / 1000;
  const { digits, period, algorithm } = secret;
  const offsets = liveOffsets(secret);
  const step = matchStep(keyOf(secret), code, seconds, { offsets, digits, period, algorithm });
  if (step === null) {
    return { kind: 'rejected', reason: 'incorrect-code', counts: true, ends: false };
  }
  if (step <= secret.acceptedStep) return noGuess('code-already-used', { ends: false });
  const offset = step - timeStep(seconds, period);
  return {
    kind: 'verified',
    secret: { ...secret, acceptedStep: step, drift: followDrift(secret.drift, offset) },
  };
}

/**
 * The steps whose codes are good, counted from ours: the present one and the one before it, for who
 * types slowly. A clock known to be off gets one more on its side. A new app gets one step ahead,
 * once: that is how a fast clock shows itself.
 */
export function liveOffsets({
  drift,
  acceptedStep,
}: Pick<AppSecret, 'drift' | 'acceptedStep'>): readonly number[] {
  if (acceptedStep === noStep) return [1, 0, -1];
  if (drift > 0) return [drift, drift - 1, drift - 2];
  if (drift < -furthestDrift) return [drift + 1, drift, drift - 1];
  return drift < 0 ? [0, -1, -2] : [0, -1];
}

/**
 * The drift after a good code, at most one step from where it was (RFC 6238 §6), and no further off
 * than a clock is followed by itself. Behind a fast clock one step late is a slow typist, not a slower
 * clock.
 */
export function followDrift(drift: number, offset: number): number {
  const slowest = drift > 0 ? drift - 1 : drift;
  const next = offset > drift ? drift + 1 : offset < slowest ? drift - 1 : drift;
  const furthest = Math.max(furthestDrift, Math.abs(drift));
  return Math.max(-furthest, Math.min(furthest, next));
}

function noGuess(
  reason: RejectionReason,
  { ends }: { readonly ends: boolean },
): Verdict<State, AppSecret> {
  return { kind: 'rejected', reason, counts: false, ends };
}
