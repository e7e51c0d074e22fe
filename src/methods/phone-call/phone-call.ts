/**
 * Owns the method *phone call*: the registered phone is called, the call says who is asking, and the
 * person presses # (rows S-008, S-034, S-036); or first the two digits on the page.
 */
import { z } from 'zod';

import { newMatchDigits } from '../code.ts';
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
import { hear, reportsFraud } from './hearing.ts';
import { callScript } from './script.ts';
import { settings, type Settings } from './settings.ts';
import { state, type State } from './state.ts';
import { views } from './views.ts';

/** How long we wait for the phone (`product.md`, "Numbers"). */
export const waitSeconds = 60;

export const phoneCall = defineMethod({
  id: 'phone-call',
  registers: phone,
  provesIn: ['sign-in', 'reset'],
  strength: 'possession',
  amr: ['tel'],
  icon: 'phone-call',
  answeredBy: 'elsewhere',
  sends: 'call',
  settings,
  secret: phoneSecret,
  state,
  answer: z.never(),
  appliesTo: () => true,
  destination: phoneDestination,
  blind: blindPhone,
  register: {
    input: phoneInput,
    begin: (setup, input, locale) =>
      beginPhone(
        { by: 'call', officeTyped: setup.settings.officePhoneTyped },
        setup,
        input,
        locale,
      ),
  },
  challenge,
  hear,
  reportsFraud,
  views,
});

/** Calls. The digits, where asked for, stand on the page and are never spoken (attack ATK-42). */
function challenge(ask: Ask<Settings, PhoneSecret>): ChallengeStart<State> {
  const withDigits = ask.privileged || ask.settings.confirmation === 'digits';
  const startedAt = ask.now.getTime();
  const expiresAt = startedAt + waitSeconds * 1000;
  return {
    state: {
      ...(withDigits ? { digits: newMatchDigits(ask.random) } : {}),
      answered: false,
      earlyKeys: 0,
      startedAt,
      expiresAt,
    },
    messages: [callScript(ask, withDigits)],
    expiresAt: new Date(expiresAt),
  };
}
