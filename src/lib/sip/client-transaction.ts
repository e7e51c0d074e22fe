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
  readonly write: (message: Buffer) => void;
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
  const sent = send(request, wire, events, timing.t2Ms);
  return {
    ...sent.seen,
    receive: (response) => {
      if (!sent.isWaiting()) return;
      if (response.status < 200) {
        sent.become('proceeding');
        events.onProvisional(response);
        return;
      }
      sent.become('completed');
      sent.seen.calm();
      // Repetitions of the answer are taken in silence (timer K).
      sent.endAfter(isReliable ? 0 : timing.t4Ms);
      events.onFinal(response);
    },
  };
}

/** Sends an INVITE (§17.1.1: timers A, B and D; RFC 6026: timer M). Acknowledges all but 2xx by itself. */
export function startInvite(
  request: OutgoingRequest,
  wire: Wire,
  events: ClientEvents,
): ClientTransaction {
  const { timing, isReliable } = wire;
  const sent = send(request, wire, events, Infinity);
  let ack: Buffer | undefined;
  return {
    ...sent.seen,
    receive: (response) => {
      const { status } = response;
      if (!sent.isWaiting()) {
        const isAccepted = sent.state() === 'accepted';
        if (isAccepted && status >= 200 && status < 300) events.onFinal(response);
        if (sent.state() === 'completed' && status >= 300 && ack !== undefined) wire.write(ack);
        return;
      }
      sent.seen.calm();
      if (status < 200) {
        // How long it may ring is the caller's to say, once there is an answer at all.
        sent.waitOn();
        sent.become('proceeding');
        events.onProvisional(response);
      } else if (status < 300) {
        sent.become('accepted');
        sent.endAfter(patienceMs(timing));
        events.onFinal(response);
      } else {
        sent.become('completed');
        ack = writeMessage(ackOfRefusal(request, response));
        wire.write(ack);
        sent.endAfter(isReliable ? 0 : patienceMs(timing));
        events.onFinal(response);
      }
    },
  };
}

/** `trying`, which of an INVITE is called calling: nothing was heard. `accepted`: an INVITE's 2xx was. */
type State = 'trying' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

/** A request that was sent, for as long as anything of it may come. */
interface Sent {
  /** What every transaction shows of itself. */
  readonly seen: Omit<ClientTransaction, 'receive'>;
  state(): State;
  become(state: Exclude<State, 'terminated'>): void;
  /** Whether an answer for good may still come. */
  isWaiting(): boolean;
  /** It is not given up any more for want of an answer. */
  waitOn(): void;
  /** Ends it after so many milliseconds, in which answers may come again; 0: at once. */
  endAfter(milliseconds: number): void;
}

/** Sends it, again and again over UDP with at most `longestMs` in between, until it is calmed or given up. */
function send(
  request: OutgoingRequest,
  { timing, isReliable, write }: Wire,
  events: ClientEvents,
  longestMs: number,
): Sent {
  const bytes = writeMessage(request);
  let state: State = 'trying';
  const calm = isReliable ? () => {} : repeat(timing, longestMs, () => write(bytes));
  const isWaiting = (): boolean => state === 'trying' || state === 'proceeding';
  const end = (): void => {
    if (state === 'terminated') return;
    state = 'terminated';
    calm();
    clearTimeout(givingUp);
    events.onEnd();
  };
  const fail = (fault: SipFault): void => {
    const wasWaiting = isWaiting();
    end();
    if (wasWaiting) events.onFault(fault);
  };
  const givingUp = setTimeout(() => fail(noAnswer()), patienceMs(timing));
  write(bytes);
  return {
    seen: { fail, calm, isHeard: () => state !== 'trying' },
    state: () => state,
    become: (next) => {
      state = next;
    },
    isWaiting,
    waitOn: () => clearTimeout(givingUp),
    endAfter: (milliseconds) => {
      clearTimeout(givingUp);
      if (milliseconds === 0) end();
      else setTimeout(end, milliseconds).unref();
    },
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
