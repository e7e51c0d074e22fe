/**
 * Owns the method *text message*: a text with a code goes to the registered phone. The code is typed
 * on the page, or the two digits on the page are texted back (row S-035).
 */
import { z } from 'zod';

import { codeExpiresAt, newCode, newMatchDigits, rememberCode, typedCode } from '../code.ts';
import { defineMethod, type Ask, type ChallengeStart } from '../method.ts';
import {
  beginPhone,
  blindPhone,
  phone,
  phoneDestination,
  phoneInput,
  phoneSecret,
  type PhoneSecret,
} from '../phone.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { hear, verify } from './verification.ts';
import { views } from './views.ts';
import { wordsIn } from './words.ts';

export const textMessage = defineMethod({
  id: 'text-message',
  registers: phone,
  provesIn: ['sign-in', 'reset'],
  strength: 'possession',
  amr: ['sms'],
  icon: 'text-message',
  answeredBy: 'typing',
  sends: 'text',
  settings,
  secret: phoneSecret,
  state,
  answer: z.object({ code: typedCode }),
  appliesTo: (phone) => phone.phoneType !== 'office' && phone.landline !== true,
  destination: phoneDestination,
  blind: blindPhone,
  register: {
    input: phoneInput,
    slots: ['mobile', 'alternateMobile'],
    begin: (setup, input, locale) =>
      beginPhone({ by: 'text', officeTyped: false }, setup, input, locale),
  },
  challenge,
  verify,
  hear,
  views,
});

/** Sends a new code. The digits to reply with stand on the page only, the code in the text only. */
function challenge(ask: Ask<Settings, PhoneSecret>): ChallengeStart<State> {
  const code = newCode(ask.random);
  const expiresAt = codeExpiresAt(ask);
  const { text } = wordsIn(ask.locale);
  // A sender's number can be forged: two digits are never enough for an administrator.
  const takesReply = ask.settings.reply && !ask.privileged;
  const body = takesReply
    ? text.codeOrReply(ask.organisation, code)
    : text.code(ask.organisation, code);
  return {
    state: {
      codeHash: rememberCode(ask, code),
      ...(takesReply ? { replyDigits: newMatchDigits(ask.random) } : {}),
      expiresAt: expiresAt.getTime(),
    },
    messages: [{ kind: 'text', to: ask.secret.number, language: ask.locale, body }],
    expiresAt,
  };
}
