/**
 * Owns one request of ours from its first sending to its end (RFC 3261 §17.1, RFC 6026): repeated over
 * UDP until somebody answers, given up when nobody does, acknowledged where it must be.
 */
import { SipFault } from './fault.ts';
import {
  headersOf,
  writeMessage,
  type Header,
  type OutgoingRequest,
  type SipResponse,
} from './message.ts';
import { patienceMs, repeat, type Timing } from './timing.ts';

/** What a transaction stands on. */
export interface Wire {
  readonly isReliable: boolean;
  readonly timing: Timing;
  write(message: Buffer): void;
}

export interface ClientTransaction {
  /** A response with its branch and method has come. */
  receive(response: SipResponse): void;
  /** The way is gone. */
  fail(fault: SipFault): void;
  /** Nobody waits for it any more: it is not repeated, and its answers are still taken. */
  calm(): void;
  /** Whether the exchange has said anything. */
  isHeard(): boolean;
}

export interface ClientEvents {
  /** 1xx; may come again. */
  onProvisional(response: SipResponse): void;
  /** 200 and up: once for a plain request; of an INVITE every 2xx, repetitions too. */
  onFinal(response: SipResponse): void;
  /** No answer came; once, and nothing after it. */
  onFault(fault: SipFault): void;
  /** Nothing of it is heard any more. */
  onEnd(): void;
}

/** Sends anything but INVITE and ACK (§17.1.2: timers E, F and K). */
export function startPlain(
  request: OutgoingRequest,
  wire: Wire,
  events: ClientEvents,
): ClientTransaction {
  const { timing, isReliable } = wire;
  const bytes = writeMessage(request);
  let state: 'trying' | 'proceeding' | 'completed' | 'terminated' = 'trying';
  const stopRepeating = isReliable
    ? () => {}
    : repeat(timing, timing.t2Ms, () => wire.write(bytes));
  const end = (): void => {
    if (state === 'terminated') return;
    state = 'terminated';
    stopRepeating();
    clearTimeout(givingUp);
    events.onEnd();
  };
  const fail = (fault: SipFault): void => {
    const isWaiting = state === 'trying' || state === 'proceeding';
    end();
    if (isWaiting) events.onFault(fault);
  };
  const givingUp = setTimeout(() => fail(noAnswer()), patienceMs(timing));
  wire.write(bytes);
  return {
    receive: (response) => {
      if (state !== 'trying' && state !== 'proceeding') return;
      if (response.status < 200) {
        state = 'proceeding';
        events.onProvisional(response);
        return;
      }
      state = 'completed';
      stopRepeating();
      clearTimeout(givingUp);
      // Repetitions of the answer are taken in silence (timer K).
      if (isReliable) end();
      else setTimeout(end, timing.t4Ms).unref();
      events.onFinal(response);
    },
    fail,
    calm: stopRepeating,
    isHeard: () => state !== 'trying',
  };
}

/** Sends an INVITE (§17.1.1: timers A, B and D; RFC 6026: timer M). Acknowledges all but 2xx by itself. */
export function startInvite(
  request: OutgoingRequest,
  wire: Wire,
  events: ClientEvents,
): ClientTransaction {
  const { timing, isReliable } = wire;
  const bytes = writeMessage(request);
  let state: 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated' = 'calling';
  let ack: Buffer | undefined;
  const stopRepeating = isReliable ? () => {} : repeat(timing, Infinity, () => wire.write(bytes));
  const end = (): void => {
    if (state === 'terminated') return;
    state = 'terminated';
    stopRepeating();
    clearTimeout(givingUp);
    events.onEnd();
  };
  const fail = (fault: SipFault): void => {
    const isWaiting = state === 'calling' || state === 'proceeding';
    end();
    if (isWaiting) events.onFault(fault);
  };
  const endLater = (afterMs: number): void => {
    clearTimeout(givingUp);
    setTimeout(end, afterMs).unref();
  };
  const givingUp = setTimeout(() => fail(noAnswer()), patienceMs(timing));
  wire.write(bytes);
  return {
    receive: (response) => {
      const { status } = response;
      if (state === 'terminated') return;
      if (state === 'completed') {
        if (status >= 300 && ack !== undefined) wire.write(ack);
        return;
      }
      if (state === 'accepted') {
        if (status >= 200 && status < 300) events.onFinal(response);
        return;
      }
      stopRepeating();
      // How long it may ring is the caller's to say, once there is an answer at all.
      clearTimeout(givingUp);
      if (status < 200) {
        state = 'proceeding';
        events.onProvisional(response);
      } else if (status < 300) {
        state = 'accepted';
        endLater(patienceMs(timing));
        events.onFinal(response);
      } else {
        state = 'completed';
        ack = writeMessage(ackOfRefusal(request, response));
        wire.write(ack);
        if (isReliable) end();
        else endLater(patienceMs(timing));
        events.onFinal(response);
      }
    },
    fail,
    calm: stopRepeating,
    isHeard: () => state !== 'calling',
  };
}

/** The CANCEL of an INVITE (§9.1): its own way, numbers and names. */
export function cancelOf(invite: OutgoingRequest): OutgoingRequest {
  return follower('CANCEL', invite, headersOf(invite, 'to'));
}

/** The ACK of anything but a 2xx (§17.1.1.3): the same way, and whom the response says it is from. */
function ackOfRefusal(invite: OutgoingRequest, response: SipResponse): OutgoingRequest {
  return follower('ACK', invite, headersOf(response, 'to'));
}

function follower(method: string, invite: OutgoingRequest, to: readonly string[]): OutgoingRequest {
  const kept = (name: string): readonly Header[] =>
    headersOf(invite, name).map((value) => ({ name, value }));
  const number = /^\d+/.exec(headersOf(invite, 'cseq')[0] ?? '')?.[0] ?? '0';
  return {
    kind: 'request',
    method,
    uri: invite.uri,
    headers: [
      ...kept('via'),
      ...kept('max-forwards'),
      ...kept('route'),
      ...kept('from'),
      ...to.map((value) => ({ name: 'to', value })),
      ...kept('call-id'),
      { name: 'cseq', value: `${number} ${method}` },
    ],
    body: '',
  };
}

function noAnswer(): SipFault {
  return new SipFault('the exchange did not answer', { isSent: true });
}
