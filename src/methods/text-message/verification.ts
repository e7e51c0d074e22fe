/** Owns the judgement of an answer to a text: the code that was typed, or the reply that was sent. */
import type { DeliveryEvent } from '../../delivery/message.ts';
import { isRememberedCode } from '../code.ts';
import type { Ask, RejectionReason, Verdict } from '../method.ts';
import { provedPhone, type PhoneSecret } from '../phone.ts';
import { readReply } from './reply.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';

type TextAsk = Ask<Settings, PhoneSecret>;
type TextVerdict = Verdict<State, PhoneSecret>;

/** The code that was typed. Who takes the verdict closes the challenge: a code is good once. */
export function verify(ask: TextAsk, state: State, answer: { readonly code: string }): TextVerdict {
  if (isOver(ask, state)) return noGuess('expired', { ends: true });
  return isRememberedCode(ask, state.codeHash, answer.code)
    ? provedPhone(ask.secret)
    : wrong('incorrect-code');
}

/** What came of the text on its way, or what was texted back. */
export function hear(ask: TextAsk, state: State, event: DeliveryEvent): TextVerdict {
  if (event.kind === 'failed') {
    const reason = event.reason === 'opted-out' ? 'opted-out' : 'unable-to-reach';
    return noGuess(reason, { ends: true });
  }
  if (event.kind === 'reply') return hearReply(ask, state, event);
  return { kind: 'pending', state };
}

/**
 * The sender's number proves little (attack ATK-44): what counts is that it is the registered one
 * and that the text holds the digits that only this page shows.
 */
function hearReply(
  ask: TextAsk,
  state: State,
  event: { readonly from: string; readonly text: string },
): TextVerdict {
  if (event.from !== ask.secret.number) return { kind: 'pending', state };
  const reply = readReply(event.text);
  if (reply.kind === 'stop') return noGuess('opted-out', { ends: true });
  if (state.replyDigits === undefined || !ask.settings.reply) return { kind: 'pending', state };
  if (isOver(ask, state)) return noGuess('expired', { ends: true });
  if (reply.kind === 'words') return noGuess('unreadable', { ends: false });
  return reply.digits === state.replyDigits ? provedPhone(ask.secret) : wrong('incorrect-digits');
}

function isOver(ask: TextAsk, state: State): boolean {
  return ask.now.getTime() >= state.expiresAt;
}

function wrong(reason: RejectionReason): TextVerdict {
  return { kind: 'rejected', reason, counts: true, ends: false };
}

function noGuess(reason: RejectionReason, { ends }: { readonly ends: boolean }): TextVerdict {
  return { kind: 'rejected', reason, counts: false, ends };
}
