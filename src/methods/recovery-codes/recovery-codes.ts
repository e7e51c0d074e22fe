/**
 * Owns the method *recovery codes*: ten codes that a person prints, each good once, for the day on
 * which everything else is lost. They are made anew as a whole; the old ones end with that.
 */
import { z } from 'zod';

import { html } from '../../lib/html.ts';
import { defineMethod, type Ask, type Begun, type ChallengeStart, type Setup } from '../method.ts';
import { newCode } from './code.ts';
import { recoveryCodes as recoveryCodesKind } from './kind.ts';
import { codesMade, codesSecret, type CodesSecret } from './secret.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { answer, verify, weigh } from './verification.ts';
import { views } from './views.ts';
import { wordsIn } from './words.ts';

/** How long the page waits: long enough to find the paper, or a printer. */
const waitSeconds = 15 * 60;

export const recoveryCodes = defineMethod({
  id: 'recovery-codes',
  registers: recoveryCodesKind,
  provesIn: ['sign-in', 'reset'],
  strength: 'possession',
  // RFC 8176 §2: a password that is good once. It names HOTP and TOTP as ways to make one, not as all.
  amr: ['otp'],
  icon: 'recovery-codes',
  answeredBy: 'typing',
  standsIn: true,
  sends: 'nothing',
  settings,
  secret: codesSecret,
  state,
  answer,
  appliesTo: (secret) => 'codes' in secret || Object.keys(secret.hashes).length > 0,
  blind: { decoy: () => ({ hashes: {} }) },
  register: {
    input: z.object({}),
    form: ({ locale }) => html`<p>${wordsIn(locale).begin}</p>`,
    proves: false,
    begin,
  },
  challenge,
  weigh,
  verify,
  views,
});

function begin({ random }: Pick<Setup, 'random'>): Begun<CodesSecret> {
  const codes = Array.from({ length: codesMade }, (_, place) => newCode(random, place));
  return { kind: 'begun', slot: '1', secret: { codes } };
}

function challenge({ now }: Ask<Settings, CodesSecret>): ChallengeStart<State> {
  const expiresAt = now.getTime() + waitSeconds * 1000;
  return { state: { expiresAt }, messages: [], expiresAt: new Date(expiresAt) };
}
