/**
 * Owns the method *Temporary Access Pass*: what those in charge make for somebody who has lost what
 * they prove themselves with. It is told once, good for a while, and stands in for the password and
 * the second step.
 */
import { defineMethod, type Ask, type ChallengeStart } from '../method.ts';
import { newPass } from './code.ts';
import { temporaryAccessPass as temporaryAccessPassKind } from './kind.ts';
import { passSecret, type PassSecret } from './secret.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { answer, verify, weigh } from './verification.ts';
import { views } from './views.ts';

/** How long the page waits at most: long enough to call the help desk. */
const waitMilliseconds = 15 * 60_000;

export const temporaryAccessPass = defineMethod({
  id: 'temporary-access-pass',
  registers: temporaryAccessPassKind,
  provesIn: ['sign-in'],
  strength: 'possession',
  // RFC 8176 §2: the nearest that there is to a pass that somebody made for this one purpose.
  amr: ['otp'],
  icon: 'temporary-access-pass',
  answeredBy: 'typing',
  standsIn: true,
  sends: 'nothing',
  settings,
  secret: passSecret,
  state,
  answer,
  appliesTo: ({ usedAt }) => usedAt === undefined,
  issued: {
    rules: ({ length, minutes, longestMinutes, once }) => ({
      length,
      minutes: Math.min(minutes, longestMinutes),
      longestMinutes,
      once,
    }),
    make: async ({ random, now, length, minutes, once }, slow) => {
      const plain = newPass(random, length);
      const endsAt = new Date(now.getTime() + minutes * 60_000);
      const secret = { hash: await slow.hash(plain), endsAt: endsAt.getTime(), once };
      return { plain, endsAt, secret };
    },
  },
  challenge,
  weigh,
  verify,
  views,
});

function challenge({ now, secret }: Ask<Settings, PassSecret>): ChallengeStart<State> {
  const expiresAt = Math.min(now.getTime() + waitMilliseconds, secret.endsAt);
  return { state: { expiresAt }, messages: [], expiresAt: new Date(expiresAt) };
}
