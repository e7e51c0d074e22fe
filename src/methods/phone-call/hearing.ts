/** Owns the judgement of a call: what was pressed, or how it ended. */
import type { DeliveryEvent } from '../../delivery/message.ts';
import type { Ask, RejectionReason, Verdict } from '../method.ts';
import { provedPhone, type PhoneSecret } from '../phone.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';

type CallAsk = Ask<Settings, PhoneSecret>;
type CallVerdict = Verdict<State, PhoneSecret>;

/** More keys than this before the instruction is spoken are no impatient person but a machine. */
export const earlyKeysOfAPerson = 8;

const endings = {
  'hung-up': 'hung-up',
  'no-answer': 'no-answer',
  busy: 'busy',
  voicemail: 'went-to-voicemail',
  'no-key': 'never-pressed-a-key',
} as const satisfies Record<string, RejectionReason>;

/** What the provider reports of the call. */
export function hear(ask: CallAsk, state: State, event: DeliveryEvent): CallVerdict {
  switch (event.kind) {
    case 'answered':
      return { kind: 'pending', state: { ...state, answered: true } };
    case 'keys':
      return event.promptSpoken ? hearKeys(ask, state, event.keys) : hearEarly(state, event.keys);
    case 'ended':
      return over(endings[event.reason]);
    case 'failed':
      return over(event.reason === 'opted-out' ? 'opted-out' : 'unable-to-reach');
    case 'sent':
    case 'reply':
    case 'decision':
      return { kind: 'pending', state };
  }
}

/** Whether these keys say that nobody here asked for the call. */
export function reportsFraud(event: DeliveryEvent, { reportKey }: Settings): boolean {
  return event.kind === 'keys' && event.promptSpoken && entryIn(event.keys) === `${reportKey}#`;
}

/** An entry after the instruction: it ends with #, else nothing was confirmed yet. */
function hearKeys(ask: CallAsk, state: State, pressed: string): CallVerdict {
  if (ask.now.getTime() >= state.expiresAt) return over('expired');
  const entry = entryIn(pressed);
  if (entry === undefined) return slip();
  if (entry === `${ask.settings.reportKey}#`) return over('fraud-reported');
  return entry === `${state.digits ?? ''}#` ? provedPhone(ask.secret) : wrong();
}

/** What was pressed up to the first #; undefined where there is none. */
function entryIn(pressed: string): string | undefined {
  const keys = pressed.replaceAll(/[^0-9*#]/g, '');
  const end = keys.indexOf('#');
  return end === -1 ? undefined : keys.slice(0, end + 1);
}

/**
 * Before the instruction has been spoken nothing counts. A greeting made of keypad tones goes on and
 * on, and would at last press # after it as well (attack ATK-42): that call is over.
 */
function hearEarly(state: State, pressed: string): CallVerdict {
  const earlyKeys = state.earlyKeys + pressed.length;
  if (earlyKeys > earlyKeysOfAPerson) return over('went-to-voicemail');
  return { kind: 'pending', state: { ...state, earlyKeys } };
}

function wrong(): CallVerdict {
  return { kind: 'rejected', reason: 'incorrect-digits', counts: true, ends: false };
}

function slip(): CallVerdict {
  return { kind: 'rejected', reason: 'unreadable', counts: false, ends: false };
}

function over(reason: RejectionReason): CallVerdict {
  return { kind: 'rejected', reason, counts: false, ends: true };
}
