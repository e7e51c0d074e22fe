/**
 * Owns the method *e-mail*: a code goes to an address that its owner can read without the password
 * they forgot. It proves a reset only, never a sign-in (rows S-099, S-101).
 */
import { z } from 'zod';

import type { DeliveryEvent } from '../../delivery/message.ts';
import { codeExpiresAt, isRememberedCode, newCode, rememberCode, typedCode } from '../code.ts';
import { defineMethod, type Ask, type ChallengeStart, type Verdict } from '../method.ts';
import { emailSecret, readAddress, type EmailSecret } from './address.ts';
import { email as emailKind } from './kind.ts';
import { codeMail } from './mail.ts';
import { begin, form, input } from './registration.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { views } from './views.ts';

/** Mail is slow: a code is good as long as in a reset, also where the address is registered. */
const codeSeconds = 300;

export const email = defineMethod({
  id: 'email',
  registers: emailKind,
  provesIn: ['reset'],
  strength: 'possession',
  // RFC 8176 has no word for mail; no token says this one, for nobody signs in with it.
  amr: ['otp'],
  icon: 'email',
  answeredBy: 'typing',
  sends: 'mail',
  settings,
  secret: emailSecret,
  state,
  answer: z.object({ code: typedCode }),
  appliesTo: () => true,
  destination: ({ address }) => address.toLowerCase(),
  blind: {
    decoy: (address) => ({ address }),
    naming: {
      read: (typed) => readAddress(typed)?.toLowerCase(),
      of: ({ address }) => address.toLowerCase(),
    },
  },
  register: { input, form, begin },
  challenge,
  verify,
  hear,
  views,
});

/** Sends a new code. */
function challenge(ask: Ask<Settings, EmailSecret>): ChallengeStart<State> {
  const code = newCode(ask.random);
  const expiresAt = codeExpiresAt({ now: ask.now, codeSeconds });
  return {
    state: { codeHash: rememberCode(ask, code), expiresAt: expiresAt.getTime() },
    messages: [codeMail(ask, code, codeSeconds / 60)],
    expiresAt,
  };
}

/** The code that was typed. Who takes the verdict closes the challenge: a code is good once. */
function verify(
  ask: Ask<Settings, EmailSecret>,
  state: State,
  { code }: { readonly code: string },
): Verdict<State, EmailSecret> {
  if (ask.now.getTime() >= state.expiresAt) {
    return { kind: 'rejected', reason: 'expired', counts: false, ends: true };
  }
  return isRememberedCode(ask, state.codeHash, code)
    ? { kind: 'verified' }
    : { kind: 'rejected', reason: 'incorrect-code', counts: true, ends: false };
}

/** What came of the mail on its way. */
function hear(
  _ask: Ask<Settings, EmailSecret>,
  state: State,
  event: DeliveryEvent,
): Verdict<State, EmailSecret> {
  if (event.kind !== 'failed') return { kind: 'pending', state };
  const reason = event.reason === 'opted-out' ? 'opted-out' : 'unable-to-reach';
  return { kind: 'rejected', reason, counts: false, ends: true };
}
