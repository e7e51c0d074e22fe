/**
 * Owns what goes over the way to one exchange and back: each response finds its request by branch, number
 * and names (RFC 3261 §17.1.3), requests of theirs are answered, and a quiet line is kept open.
 */
import { randomBytes } from 'node:crypto';
import { isIP, isIPv6 } from 'node:net';

import {
  startInvite,
  startPlain,
  type ClientEvents,
  type ClientTransaction,
  type Wire,
} from './client-transaction.ts';
import { SipFault } from './fault.ts';
import {
  writeMessage,
  type Header,
  type OutgoingRequest,
  type SipMessage,
  type SipResponse,
} from './message.ts';
import { createServerSide, type ServerEvents } from './server-transaction.ts';
import type { Timing } from './timing.ts';
import { openTransport, unreached, type Route, type Transport } from './transport.ts';

/** A request without the way it goes. */
export interface Draft {
  readonly method: string;
  readonly uri: string;
  readonly routes: readonly Header[];
  /** Value of From, with our tag. */
  readonly from: string;
  /** Value of To. */
  readonly to: string;
  readonly callId: string;
  readonly number: number;
  readonly headers: readonly Header[];
  readonly body: string;
}

/** An INVITE under way. */
export interface Inviting {
  readonly invite: OutgoingRequest;
  readonly transaction: ClientTransaction;
}

export interface Line {
  readonly timing: Timing;
  /** Our side's address, as others know it. */
  localHost(): string;
  /** Value of Contact. */
  contact(user: string): string;
  /** Rejects with a `SipFault` that is not sent where there is no connection. */
  ready(): Promise<void>;
  /** Asks; resolves to what is answered in the end, or rejects with a `SipFault`. */
  ask(draft: Draft): Promise<SipResponse>;
  /** Sends a request with a branch, and number, that it has already: CANCEL. */
  askOnBranch(request: OutgoingRequest): Promise<SipResponse>;
  invite(draft: Draft, events: Omit<ClientEvents, 'onEnd'>): Inviting;
  /** An ACK, on a way of its own: nobody answers it. */
  acknowledgement(draft: Draft): Buffer;
  write(message: Buffer): void;
  close(): Promise<void>;
}

export interface LineEvents extends ServerEvents {
  /** The connection is gone. */
  onBroken(): void;
  /** Whether somebody needs the line now: then it is kept open. */
  isNeeded(): boolean;
  /** Whether there is a call that was answered: it is not given up for the silence of another. */
  isTalking(): boolean;
}

/** How often a line that is needed gives a sign of life (RFC 5626 §4.4.1), in milliseconds. */
const aliveMs = 25_000;
const signOfLife = Buffer.from('\r\n\r\n');

/** Opens it. Rejects with a `SipFault`. */
export async function openLine(
  route: Route,
  {
    timing,
    localHost,
    signal,
  }: {
    readonly timing: Timing;
    readonly localHost: string | undefined;
    /** Aborted: no connection is waited for any more. */
    readonly signal?: AbortSignal | undefined;
  },
  events: LineEvents,
): Promise<Line> {
  const asked = new Map<string, { request: OutgoingRequest; transaction: ClientTransaction }>();
  const isDatagrams = route.transport === 'udp';
  /** Where the exchange sees us, if it said so (RFC 3581): another place than ours behind a NAT. */
  let seenAt: string | undefined;

  const hear = (message: SipMessage): void => {
    if (message.kind === 'request') serverSide.receive(message);
    else {
      const each = asked.get(keyOf(branchOf(message), message.sequence.method));
      if (each === undefined || !isAnswerTo(each.request, message)) return;
      seenAt = whereSeen(message) ?? seenAt;
      each.transaction.receive(message);
    }
  };
  const broken = (cause: unknown): void => {
    for (const { transaction } of asked.values()) {
      // Of datagrams it is known only that nobody took the last one.
      if (!isDatagrams) {
        transaction.fail(new SipFault('the connection broke', { isSent: true, cause }));
      } else if (!transaction.isHeard()) transaction.fail(unreached(cause));
    }
    seenAt = undefined;
    if (!isDatagrams) events.onBroken();
  };
  const transport: Transport = await openTransport(
    route,
    { onMessage: hear, onBroken: broken },
    signal,
  );
  const wire: Wire = { isReliable: transport.isReliable, timing, write: transport.write };
  const serverSide = createServerSide(wire, events);
  const living = setInterval(() => {
    if (events.isNeeded()) transport.write(signOfLife);
  }, aliveMs);
  living.unref();

  const host = (): string => localHost ?? transport.localHost();
  const sentBy = (): string => placeOf(host(), transport.localPort());
  const onItsWay = (draft: Draft): { request: OutgoingRequest; branch: string } => {
    const branch = `z9hG4bK${randomBytes(16).toString('hex')}`;
    // The answer comes back to whence this came, and says where that is (RFC 3581).
    const via = `SIP/2.0/${route.transport.toUpperCase()} ${sentBy()};branch=${branch};rport`;
    return { request: requestOf(draft, via), branch };
  };
  const began = (request: OutgoingRequest, transaction: ClientTransaction, key: string): void => {
    asked.set(key, { request, transaction });
  };
  /** A way on which nothing at all came while somebody waited for an answer may be none. */
  const doubting = (reject: (fault: SipFault) => void): ((fault: SipFault) => void) => {
    const begunAt = performance.now();
    return (fault) => {
      if (transport.heardAt() < begunAt && !events.isTalking()) transport.renew();
      reject(fault);
    };
  };
  const askOn = (request: OutgoingRequest, branch: string): Promise<SipResponse> =>
    new Promise((resolve, reject) => {
      const key = keyOf(branch, request.method);
      const transaction = startPlain(request, wire, {
        onProvisional: () => {},
        onFinal: resolve,
        onFault: doubting(reject),
        onEnd: () => void asked.delete(key),
      });
      began(request, transaction, key);
    });

  return {
    timing,
    localHost: host,
    contact: (user) => {
      const more = isDatagrams ? '' : `;transport=${route.transport}`;
      const place = localHost === undefined ? (seenAt ?? sentBy()) : sentBy();
      return `<sip:${user}@${place}${more}>`;
    },
    ready: transport.ready,
    ask: async (draft) => {
      await transport.ready();
      const { request, branch } = onItsWay(draft);
      return askOn(request, branch);
    },
    askOnBranch: (request) => {
      const via = request.headers.find(({ name }) => name === 'via')?.value ?? '';
      return askOn(request, /;branch=([^;]+)/.exec(via)?.[1] ?? '');
    },
    invite: (draft, heard) => {
      const { request, branch } = onItsWay(draft);
      const key = keyOf(branch, 'INVITE');
      const transaction = startInvite(request, wire, {
        ...heard,
        onFault: doubting(heard.onFault),
        onEnd: () => void asked.delete(key),
      });
      began(request, transaction, key);
      return { invite: request, transaction };
    },
    acknowledgement: (draft) => writeMessage(onItsWay(draft).request),
    write: transport.write,
    close: async () => {
      clearInterval(living);
      for (const { transaction } of asked.values()) {
        transaction.fail(new SipFault('it was closed', { isSent: true }));
      }
      serverSide.close();
      await transport.close();
    },
  };
}

function requestOf(draft: Draft, via: string): OutgoingRequest {
  const { method, uri, routes, from, to, callId, number, headers, body } = draft;
  return {
    kind: 'request',
    method,
    uri,
    headers: [
      { name: 'via', value: via },
      { name: 'max-forwards', value: '70' },
      ...routes,
      { name: 'from', value: from },
      { name: 'to', value: to },
      { name: 'call-id', value: callId },
      { name: 'cseq', value: `${number} ${method}` },
      ...headers,
    ],
    body,
  };
}

/** Whether a response speaks of this request in every name that nobody changes on the way. */
function isAnswerTo({ headers }: OutgoingRequest, response: SipResponse): boolean {
  const isSaid = (name: string, value: string): boolean =>
    headers.some((header) => header.name === name && header.value === value);
  const { number, method } = response.sequence;
  const tag = response.from.parameters.get('tag');
  return (
    isSaid('call-id', response.callId) &&
    isSaid('cseq', `${number} ${method}`) &&
    headers.some(({ name, value }) => name === 'from' && value.endsWith(`;tag=${tag}`))
  );
}

function branchOf({ via }: SipResponse): string {
  return via.parameters.get('branch') ?? '';
}

function placeOf(host: string, port: number): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** What the exchange added to our Via: whence it had our request. */
function whereSeen({ via }: SipResponse): string | undefined {
  const host = via.parameters.get('received') ?? via.host.replaceAll(/^\[|\]$/g, '');
  const port = Number(via.parameters.get('rport') || via.port);
  return isIP(host) !== 0 && port > 0 && port < 65_536 ? placeOf(host, port) : undefined;
}

function keyOf(branch: string, method: string): string {
  return `${branch} ${method}`;
}
