/**
 * Owns the method *authenticator code*: an app on a phone, or a token, shows a code that changes
 * every 30 seconds (RFC 6238), and the person types it (row S-032).
 */
import { z } from 'zod';

import { appSecret, authenticatorApp, type AppSecret } from '../authenticator-app.ts';
import { digitsTyped } from '../code.ts';
import { defineMethod, type Ask, type ChallengeStart } from '../method.ts';
import { begin } from './registration.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { verify } from './verification.ts';
import { views } from './views.ts';

/** How long the page waits for a code: long enough to install an app first. */
export const waitSeconds = 15 * 60;

export const authenticatorCode = defineMethod({
  id: 'authenticator-code',
  registers: authenticatorApp,
  provesIn: ['sign-in', 'reset'],
  strength: 'possession',
  amr: ['otp'],
  icon: 'authenticator-code',
  answeredBy: 'typing',
  sends: 'nothing',
  settings,
  secret: appSecret,
  state,
  answer: z.object({
    code: z
      .string()
      .max(64)
      .transform(digitsTyped)
      .pipe(z.string().regex(/^(?:\d{6}|\d{8})$/)),
  }),
  appliesTo: () => true,
  blind: { decoy: () => appSecret.parse({ key: 'A'.repeat(32), acceptedStep: 0 }) },
  register: { input: z.object({}), begin },
  challenge,
  verify,
  views,
});

function challenge(ask: Ask<Settings, AppSecret>): ChallengeStart<State> {
  const expiresAt = ask.now.getTime() + waitSeconds * 1000;
  return { state: { expiresAt }, messages: [], expiresAt: new Date(expiresAt) };
}
