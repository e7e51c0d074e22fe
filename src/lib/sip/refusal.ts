/** Owns what the refusals of an exchange are called. */
import type { Unanswered } from './digest.ts';
import { SipFault } from './fault.ts';
import { headerOf, type SipResponse } from './message.ts';

const unansweredWords: Readonly<Record<Unanswered, string>> = {
  refused: 'the exchange refuses our name or password',
  'no-password': 'the exchange asks for a password, and there is none',
  'not-spoken': 'the exchange asks for a proof that is not known here',
  'other-realm': 'somebody else than the exchange asks for our password',
};

/** The fault of an answer of 300 and up. */
export function refusalOf(response: SipResponse, unanswered: Unanswered | undefined): SipFault {
  const { status } = response;
  const seconds = /^\d{1,9}/.exec(headerOf(response, 'retry-after') ?? '')?.[0];
  return new SipFault(`${whyOf(response, unanswered)} (${status}${reasonOf(response)})`, {
    status,
    ...(seconds === undefined ? {} : { retryAfterSeconds: Number(seconds) }),
    isSent: true,
  });
}

/** The fault of a call or question that its caller did not want any more. */
export function brokenOff(isSent: boolean): SipFault {
  return new SipFault('it was broken off', { isSent });
}

function whyOf({ status }: SipResponse, unanswered: Unanswered | undefined): string {
  if (unanswered !== undefined) return unansweredWords[unanswered];
  if (status < 400) return 'the exchange sends the call elsewhere, where we do not go';
  return 'the exchange refuses the call';
}

/** In its own words, as far as they can be printed. */
function reasonOf({ reason }: SipResponse): string {
  const words = reason
    .replaceAll(/[^\p{L}\p{N}\p{P}\p{Zs}]+/gu, ' ')
    .trim()
    .slice(0, 80);
  return words === '' ? '' : ` ${words}`;
}
