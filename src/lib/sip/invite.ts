/**
 * Owns one call from its INVITE to its answer (RFC 3261 §13.2, §9.1, §22): asked again with a password
 * where one is wanted, and broken off where nobody waits for it any more.
 */
import { createAnswers, type AnswersParts } from './answers.ts';
import { cancelOf } from './client-transaction.ts';
import { allowed, optionsAnswer, type OpenDialog, type SipDialog } from './dialog.ts';
import type { Authenticator } from './digest.ts';
import { SipFault } from './fault.ts';
import type { Inviting, Line } from './line.ts';
import type { Header, SipResponse } from './message.ts';
import { askProving } from './proving.ts';
import { brokenOff, refusalOf } from './refusal.ts';
import type { Early, Switchboard } from './switchboard.ts';
import { patienceMs } from './timing.ts';

/** A call that is wanted. */
export interface Call {
  /** Whom: a number or name at the exchange's domain, or a whole `sip:` address. */
  readonly to: string;
  /** Unique for good; given by the caller, who may want to recognise it. */
  readonly callId: string;
  /** SDP. */
  readonly offer: string;
  /** The name shown beside our number, where the exchange shows it. */
  readonly displayName?: string;
  /** Aborted: the call is broken off, whatever became of it. */
  readonly signal: AbortSignal;
  /** 1xx: 180 rings; with SDP where something can be heard already. */
  readonly onProgress?: (status: number, sdp: string | undefined) => void;
}

/** The call in the exchange's words. */
export interface Invitation {
  readonly call: Call;
  readonly uri: string;
  /** Value of From, without a tag. */
  readonly from: string;
  readonly localTag: string;
  /** The user part of our own address. */
  readonly user: string;
  readonly authenticator: Authenticator;
}

/** Calls. Rejects with a `SipFault`; with an aborted signal at once, while the rest goes on by itself. */
export function invite(
  invitation: Invitation,
  line: Line,
  switchboard: Switchboard,
): Promise<SipDialog> {
  const { signal } = invitation.call;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(brokenOff(false));
      return;
    }
    const under = callUnderWay(invitation, line, switchboard);
    const stop = (): void => reject(brokenOff(under.breakOff()));
    signal.addEventListener('abort', stop, { once: true });
    void under
      .answered()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

interface UnderWay {
  /** Asks until there is an answer for good. */
  answered(): Promise<SipDialog>;
  /** Ends it whatever comes; tells whether anything was sent. */
  breakOff(): boolean;
}

function callUnderWay(
  { call, uri, from, localTag, user, authenticator }: Invitation,
  line: Line,
  switchboard: Switchboard,
): UnderWay {
  let number = 0;
  let isBrokenOff = false;
  let current: (Inviting & { isCancelled: boolean }) | undefined;

  const draftOf: AnswersParts['draftOf'] = (method, more) => ({
    method,
    uri,
    routes: [],
    from: `${from};tag=${localTag}`,
    to: `<${uri}>`,
    callId: call.callId,
    headers: [],
    body: '',
    ...more,
  });
  const contact = (): string => line.contact(user);
  const nextNumber = (): number => {
    number += 1;
    return number;
  };
  const answers = createAnswers({
    offer: call.offer,
    authenticator,
    line,
    switchboard,
    draftOf,
    nextNumber,
    contact,
    isBrokenOff: () => isBrokenOff,
  });

  const cancel = (inviting: NonNullable<typeof current>): void => {
    if (inviting.isCancelled) return;
    inviting.isCancelled = true;
    line.askOnBranch(cancelOf(inviting.invite)).catch(() => undefined);
    // §9.1: who does not even answer that has forgotten the call.
    const forgotten = new SipFault('the exchange did not answer', { isSent: true });
    setTimeout(() => inviting.transaction.fail(forgotten), patienceMs(line.timing)).unref();
  };

  /** One INVITE, up to its last word. */
  const once = async (proofs: readonly Header[]): Promise<Heard> => {
    await line.ready();
    if (isBrokenOff) throw brokenOff(current !== undefined);
    const draft = draftOf('INVITE', {
      number: nextNumber(),
      headers: [
        { name: 'contact', value: contact() },
        ...proofs,
        { name: 'allow', value: allowed },
        { name: 'accept', value: 'application/sdp' },
        { name: 'content-type', value: 'application/sdp' },
      ],
      body: call.offer,
    });
    return new Promise((resolve, reject) => {
      const inviting = {
        isCancelled: false,
        ...line.invite(draft, {
          onProvisional: (response) => {
            if (isBrokenOff) cancel(inviting);
            else {
              const sdp = response.body === '' ? undefined : response.body;
              if (sdp !== undefined) answers.foretold(sdp);
              call.onProgress?.(response.status, sdp);
            }
          },
          onFinal: (response) => {
            const opened =
              response.status < 300
                ? answers.accepted(inviting.invite, proofs, response)
                : undefined;
            resolve({ response, opened });
          },
          onFault: reject,
        }),
      };
      current = inviting;
    });
  };

  /** What they ask before they answered. */
  const early: Early = ({ method, from: whose, body }) => {
    switch (method) {
      case 'BYE':
        answers.hungUp(whose.parameters.get('tag') ?? '');
        return { status: 200 };
      case 'INVITE':
        return { status: 491 };
      case 'UPDATE':
        // Our offer is not answered yet (RFC 3311 §5.2).
        return body === ''
          ? { status: 200, headers: [{ name: 'contact', value: contact() }] }
          : { status: 491 };
      case 'INFO':
        return { status: 200 };
      case 'OPTIONS':
        return optionsAnswer;
      default:
        return { status: 405, headers: [{ name: 'allow', value: allowed }] };
    }
  };

  return {
    answered: async () => {
      const forget = switchboard.ringing(call.callId, localTag, early);
      const asking = askProving(authenticator, { method: 'INVITE', uri }, once, () => !isBrokenOff);
      switchboard.last(asking);
      try {
        const { heard, unanswered } = await asking;
        if (heard.opened === undefined) throw refusalOf(heard.response, unanswered);
        return heard.opened.dialog;
      } finally {
        forget();
      }
    },
    breakOff: () => {
      isBrokenOff = true;
      // §9.1: what nobody answered yet cannot be cancelled; it must not begin to ring later either.
      if (current?.transaction.isHeard() === true) cancel(current);
      else current?.transaction.calm();
      return current !== undefined;
    },
  };
}

/** What an INVITE came to. */
interface Heard {
  readonly response: SipResponse;
  /** Undefined where it was refused. */
  readonly opened: OpenDialog | undefined;
}
