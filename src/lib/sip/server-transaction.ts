/**
 * Owns requests of theirs from their coming to the end of our answer (RFC 3261 §17.2, §13.3.1.4): each is
 * handled once however often it comes, its answer is repeated as often, and the answer to an INVITE until
 * somebody acknowledges it.
 */
import { randomBytes } from 'node:crypto';

import type { Wire } from './client-transaction.ts';
import { headersOf, writeMessage, type Header, type SipRequest } from './message.ts';
import { patienceMs, repeat } from './timing.ts';

export interface Answer {
  /** 200 to 699. */
  readonly status: number;
  readonly headers?: readonly Header[];
  readonly body?: string;
}

export interface ServerEvents {
  /** Anything but ACK: says at once what is answered. */
  onRequest(request: SipRequest): Answer;
  /** The answer to an INVITE was taken: its ACK. */
  onAck(ack: SipRequest): void;
  /** Nobody took the 2xx that answered this INVITE. */
  onUnacknowledged(invite: SipRequest): void;
}

export interface ServerSide {
  receive(request: SipRequest): void;
  /** Forgets everything. */
  close(): void;
}

/** So many answers are remembered at a time; more than that nobody asks in good faith. */
const mostRemembered = 512;

/** The side that is asked. */
export function createServerSide(wire: Wire, events: ServerEvents): ServerSide {
  const { timing, isReliable } = wire;
  const answered = new Map<string, { readonly bytes: Buffer; readonly forget: () => void }>();
  /** INVITEs that wait for their ACK. */
  const waiting = new Map<string, () => void>();

  const answerOf = (request: SipRequest): Answer => {
    try {
      return events.onRequest(request);
    } catch {
      // Whoever listens has a fault of their own; that of the line would be everybody's.
      return { status: 500 };
    }
  };
  const answer = (request: SipRequest, key: string): void => {
    const given = answerOf(request);
    const bytes = writeAnswer(request, given);
    const timer = setTimeout(() => answered.delete(key), patienceMs(timing));
    timer.unref();
    answered.set(key, { bytes, forget: () => clearTimeout(timer) });
    if (request.method === 'INVITE') untilAcknowledged(request, given.status, bytes);
    wire.write(bytes);
  };
  const untilAcknowledged = (invite: SipRequest, status: number, bytes: Buffer): void => {
    const isTaken = status < 300;
    // A 2xx is for the other end, which may lie behind less reliable ways than ours.
    const isRepeated = isTaken || !isReliable;
    const stopRepeating = isRepeated
      ? repeat(timing, timing.t2Ms, () => wire.write(bytes))
      : () => {};
    const ackKey = ackKeyOf(invite);
    const stop = (): void => {
      stopRepeating();
      clearTimeout(timer);
      waiting.delete(ackKey);
    };
    const timer = setTimeout(() => {
      stop();
      if (isTaken) events.onUnacknowledged(invite);
    }, patienceMs(timing));
    waiting.get(ackKey)?.();
    waiting.set(ackKey, stop);
  };

  return {
    receive: (request) => {
      if (request.method === 'ACK') {
        const stop = waiting.get(ackKeyOf(request));
        stop?.();
        if (stop !== undefined) events.onAck(request);
        return;
      }
      const key = keyOf(request);
      const before = answered.get(key);
      if (before !== undefined) wire.write(before.bytes);
      else if (answered.size < mostRemembered) answer(request, key);
    },
    close: () => {
      for (const { forget } of answered.values()) forget();
      for (const stop of waiting.values()) stop();
      answered.clear();
    },
  };
}

/** The answer to a request (§8.2.6), back the way it came. */
function writeAnswer(request: SipRequest, { status, headers = [], body = '' }: Answer): Buffer {
  const kept = (name: string): readonly Header[] =>
    headersOf(request, name).map((value) => ({ name, value }));
  const [to = ''] = headersOf(request, 'to');
  const isTagged = request.to.parameters.has('tag');
  return writeMessage({
    kind: 'response',
    status,
    reason: reasons[status] ?? '',
    headers: [
      ...kept('via'),
      ...(status < 300 ? kept('record-route') : []),
      ...kept('from'),
      { name: 'to', value: isTagged ? to : `${to};tag=${randomBytes(8).toString('hex')}` },
      ...kept('call-id'),
      ...kept('cseq'),
      ...headers,
    ],
    body,
  });
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  403: 'Forbidden',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
  420: 'Bad Extension',
  481: 'Call/Transaction Does Not Exist',
  488: 'Not Acceptable Here',
  491: 'Request Pending',
  500: 'Server Internal Error',
};

function keyOf({ via, sequence, callId, from }: SipRequest): string {
  const branch = via.parameters.get('branch') ?? '';
  const tag = from.parameters.get('tag') ?? '';
  return [branch, via.host, via.port, sequence.number, sequence.method, callId, tag].join(' ');
}

function ackKeyOf({ sequence, callId, from }: SipRequest): string {
  return [sequence.number, callId, from.parameters.get('tag') ?? ''].join(' ');
}
