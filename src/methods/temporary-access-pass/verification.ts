/** Owns which pass is right, for how long, and that one that is good once opens one door. */
import { z } from 'zod';

import type { Ask, SlowHash, Verdict } from '../method.ts';
import { readPass } from './code.ts';
import type { PassSecret } from './secret.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';

/** What was typed, and the hash that it was found to fit. */
export interface Answer {
  readonly code: string | undefined;
  readonly found: { readonly fitting: string | undefined } | undefined;
}

export const answer: z.ZodType<Answer> = z
  .object({ code: z.string().max(200).default('') })
  .transform(({ code }) => ({ code: readPass(code), found: undefined }));

/** Compares what was typed with the pass, where it can be one. */
export async function weigh(secret: PassSecret, answer: Answer, slow: SlowHash): Promise<Answer> {
  const { code } = answer;
  if (code === undefined) return answer;
  const fits = await slow.verify(secret.hash, code);
  return { ...answer, found: { fitting: fits ? secret.hash : undefined } };
}

/**
 * The pass that was typed. A right one that is good once brings the secret in which it is used: whoever
 * keeps it must do so only if nobody did before, or two pages could go in by one pass (attack ATK-11).
 */
export function verify(
  { now, secret }: Ask<Settings, PassSecret>,
  state: State,
  { found }: Answer,
): Verdict<State, PassSecret> {
  const at = now.getTime();
  if (at >= state.expiresAt)
    return { kind: 'rejected', reason: 'expired', counts: false, ends: true };
  if (found === undefined) {
    return { kind: 'rejected', reason: 'unreadable', counts: false, ends: false };
  }
  if (found.fitting !== secret.hash) {
    return { kind: 'rejected', reason: 'incorrect-code', counts: true, ends: false };
  }
  if (secret.once && secret.usedAt !== undefined) {
    return { kind: 'rejected', reason: 'code-already-used', counts: true, ends: false };
  }
  return secret.once
    ? { kind: 'verified', secret: { ...secret, usedAt: at } }
    : { kind: 'verified' };
}
