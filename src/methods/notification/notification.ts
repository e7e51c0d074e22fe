/**
 * Owns the method *notification*: the Tweestap Authenticator shows who asks, the person types the
 * two digits of the page there and approves; or denies; or says that it was not them (rows S-030,
 * S-046).
 */
import { z } from 'zod';

import { appSecret, authenticatorApp, type AppSecret } from '../authenticator-app.ts';
import { newMatchDigits } from '../code.ts';
import { defineMethod, type Ask, type ChallengeStart } from '../method.ts';
import { hear, isFrom } from './deciding.ts';
import { begin, pairing } from './pairing.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { views } from './views.ts';

/** How long we wait for the app (`product.md`, "Numbers"). */
export const waitSeconds = 60;

export const notification = defineMethod({
  id: 'notification',
  registers: authenticatorApp,
  provesIn: ['sign-in', 'reset'],
  strength: 'possession',
  amr: ['swk'],
  icon: 'notification',
  answeredBy: 'elsewhere',
  sends: 'push',
  settings,
  secret: appSecret,
  state,
  answer: z.never(),
  // A draft waits for its device; an app of others has none.
  appliesTo: ({ device, pairing: awaited }) => device !== undefined || awaited !== undefined,
  register: { input: z.object({}), begin },
  pairing: { ...pairing, isFrom },
  challenge,
  hear,
  reportsFraud: () => false,
  views,
});

/** Wakes the app. What waits for it, and the number least of all, is not in the message. */
function challenge(ask: Ask<Settings, AppSecret>): ChallengeStart<State> {
  const startedAt = ask.now.getTime();
  const expiresAt = startedAt + waitSeconds * 1000;
  const { device } = ask.secret;
  return {
    state: { number: newMatchDigits(ask.random), startedAt, expiresAt },
    messages:
      device?.push === undefined
        ? []
        : [
            {
              kind: 'push',
              to: device.id,
              language: ask.locale,
              subscription: device.push,
              body: JSON.stringify({ v: 1, kind: 'request' }),
            },
          ],
    expiresAt: new Date(expiresAt),
  };
}
