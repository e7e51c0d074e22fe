/** Owns which code is right, that each is right once, and that new ones count once they are kept. */
import { z } from 'zod';

import type { Ask, RejectionReason, SlowHash, Verdict } from '../method.ts';
import { placeOf, readCode } from './code.ts';
import type { CodesSecret } from './secret.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';

/** What was sent, and what the slow work found out of it. */
export interface Answer {
  /** The box at new codes was ticked. */
  readonly isKept: boolean;
  readonly code: string | undefined;
  readonly found:
    | {
        readonly kind: 'hashed';
        readonly codes: readonly string[];
        readonly hashes: Readonly<Record<string, string>>;
      }
    /** The hash that fits the code. */
    | { readonly kind: 'compared'; readonly fitting: string | undefined }
    | undefined;
}

export const answer: z.ZodType<Answer> = z
  .object({ kept: z.string().default(''), code: z.string().max(200).default('') })
  .transform(({ kept, code }) => ({
    isKept: kept === 'yes',
    code: readCode(code),
    found: undefined,
  }));

/**
 * Hashes new codes, and compares a typed one with the one in its place, which takes as long where
 * that was used before.
 */
export async function weigh(secret: CodesSecret, answer: Answer, slow: SlowHash): Promise<Answer> {
  if ('codes' in secret) {
    if (!answer.isKept) return answer;
    const { codes } = secret;
    const hashes = await Promise.all(
      codes.map(async (code) => [placeOf(code), await slow.hash(code)] as const),
    );
    return { ...answer, found: { kind: 'hashed', codes, hashes: Object.fromEntries(hashes) } };
  }
  const { code } = answer;
  if (code === undefined) return answer;
  const hash = secret.hashes[placeOf(code)];
  const fits = await slow.verify(hash ?? null, code);
  return { ...answer, found: { kind: 'compared', fitting: fits ? hash : undefined } };
}

/**
 * The code that was typed. Verified it brings the codes that are left: whoever keeps them must do so
 * only if nobody kept others since, or two pages at once could spend one code (attack ATK-11).
 */
export function verify(
  ask: Ask<Settings, CodesSecret>,
  state: State,
  answer: Answer,
): Verdict<State, CodesSecret> {
  if (ask.now.getTime() >= state.expiresAt) return noGuess('expired', { ends: true });
  const { secret } = ask;
  const { found } = answer;
  if ('codes' in secret) {
    if (!answer.isKept) {
      return answer.code === undefined
        ? { kind: 'pending', state: { ...state, unticked: true } }
        : noGuess('unreadable', { ends: false });
    }
    const isOfThese = found?.kind === 'hashed' && found.codes.join() === secret.codes.join();
    return isOfThese
      ? { kind: 'verified', secret: { hashes: found.hashes } }
      : noGuess('unreadable', { ends: false });
  }
  if (found?.kind !== 'compared') return noGuess('unreadable', { ends: false });
  const all = Object.entries(secret.hashes);
  const left = all.filter(([, hash]) => hash !== found.fitting);
  return left.length < all.length
    ? { kind: 'verified', secret: { hashes: Object.fromEntries(left) } }
    : { kind: 'rejected', reason: 'incorrect-code', counts: true, ends: false };
}

function noGuess(
  reason: RejectionReason,
  { ends }: { readonly ends: boolean },
): Verdict<State, CodesSecret> {
  return { kind: 'rejected', reason, counts: false, ends };
}
