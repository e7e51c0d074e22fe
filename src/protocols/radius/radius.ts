/**
 * Owns the RADIUS door: what is said to whoever sends a packet (RFC 2865). A packet that no client of
 * ours has signed is nobody's, and gets no answer at all (BlastRADIUS, CVE-2024-3596); the same packet
 * twice gets the same answer; each client has its own way in which people prove who they are.
 */
import type { RadiusClientStore } from '../../applications/radius-client-store.ts';
import { normaliseAddress } from '../../lib/ip.ts';
import type { Clock } from '../../lib/clock.ts';
import { HasherBusyError } from '../../lib/password-hash.ts';
import { codes, readPacket, type Packet } from '../../lib/radius/packet.ts';
import type { Doors } from '../../signin/doors.ts';
import { createDuplicates } from './duplicates.ts';
import { answerAtOnce, answerInRounds, type InteractiveParts } from './interactive.ts';
import { createKnownClients, type KnownClient } from './known-clients.ts';
import { write, type Outcome } from './outcome.ts';
import { readRequest, type AccessRequest } from './request.ts';
import { wordsIn } from './words.ts';

/** What an operator may want to know; told at most once a minute for each client or address. */
export interface RadiusEvent {
  readonly kind: 'dropped' | 'failed';
  /** `unknown-address`, `unsigned`, `wrongly-signed`, `malformed`, `too-many`. */
  readonly reason?: string;
  readonly address: string;
  readonly error?: unknown;
}

export interface RadiusParts extends Omit<InteractiveParts, 'stopped'> {
  readonly clients: Pick<RadiusClientStore, 'list'>;
  readonly doors: Pick<Doors, 'judge'>;
  readonly clock: Clock;
  readonly report: (event: RadiusEvent) => void;
}

export interface Radius {
  /** The answer to a datagram from this address; undefined: none. Never rejects. */
  receive(datagram: Buffer, from: string): Promise<Buffer | undefined>;
  /**
   * Takes nothing more, ends what waits for a phone (those clients ask again), and resolves when the
   * rest is done.
   */
  stop(): Promise<void>;
}

/** So many are worked on at one time; further ones are dropped, and come again. */
const mostAtOnce = 2_000;

/** Makes the door; one for a process. */
export function createRadius(parts: RadiusParts): Radius {
  const stopping = new AbortController();
  const interactive: InteractiveParts = { ...parts, stopped: stopping.signal };
  const clients = createKnownClients(parts.clients);
  const duplicates = createDuplicates(parts.clock);
  const report = onceAMinute(parts);
  const underWay = new Set<Promise<unknown>>();

  /** Mode `app-password`: one look-up, as at every other door. */
  const answerAppPassword = async (request: AccessRequest): Promise<Outcome> => {
    const { name, typed: password, address } = request;
    const verdict = await parts.doors.judge({ door: 'radius', name, password, address });
    if (verdict.kind === 'busy') return { kind: 'silence' };
    if (verdict.kind === 'opened') return { kind: 'accept' };
    const { organisation } = await parts.policies.current();
    const words = wordsIn(organisation.defaultLanguage);
    const isPaused = verdict.reason === 'paused';
    return { kind: 'reject', message: isPaused ? words.pausedNow : words.wrongAppPassword };
  };

  const judge = async (packet: Packet, client: KnownClient, from: string): Promise<Outcome> => {
    // A look whether we are there (RFC 5997).
    if (packet.code === codes['status-server']) return { kind: 'accept' };
    const request = readRequest(packet, client, from);
    if (request === 'unreadable' || request === 'not-pap') {
      const { organisation } = await parts.policies.current();
      const words = wordsIn(organisation.defaultLanguage);
      const message = request === 'not-pap' ? words.passwordOnly : words.wrong;
      return { kind: 'reject', message };
    }
    switch (client.mode) {
      case 'app-password':
        return answerAppPassword(request);
      case 'password-then-challenge':
        return answerInRounds(interactive, request);
      case 'password+code':
        return answerAtOnce(interactive, request);
    }
  };

  const work = async (
    packet: Packet,
    client: KnownClient,
    from: string,
  ): Promise<Buffer | undefined> => {
    try {
      return write(packet, client.key, await judge(packet, client, from));
    } catch (error) {
      if (!(error instanceof HasherBusyError)) report({ kind: 'failed', address: from, error });
      return undefined;
    }
  };

  const receive: Radius['receive'] = async (datagram, sender) => {
    const from = normaliseAddress(sender) ?? sender;
    const packet = readPacket(datagram);
    if (packet === undefined || !isSpoken(packet)) {
      report({ kind: 'dropped', reason: 'malformed', address: from });
      return undefined;
    }
    try {
      const recognised = await clients.recognise(packet, from);
      if (recognised.kind === 'nobody') {
        report({ kind: 'dropped', reason: recognised.reason, address: from });
        return undefined;
      }
      const { client } = recognised;
      return await duplicates.answer(client.id, packet, () => work(packet, client, from));
    } catch (error) {
      report({ kind: 'failed', address: from, error });
      return undefined;
    }
  };

  return {
    receive: async (datagram, sender) => {
      if (stopping.signal.aborted) return undefined;
      if (underWay.size >= mostAtOnce) {
        report({ kind: 'dropped', reason: 'too-many', address: sender });
        return undefined;
      }
      const received = receive(datagram, sender);
      underWay.add(received);
      try {
        return await received;
      } finally {
        underWay.delete(received);
      }
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(underWay);
    },
  };
}

function isSpoken({ code }: Packet): boolean {
  return code === codes['access-request'] || code === codes['status-server'];
}

/** Whoever sends a million packets does not fill the log with them. */
function onceAMinute({
  report,
  clock,
}: Pick<RadiusParts, 'report' | 'clock'>): RadiusParts['report'] {
  const told = new Map<string, number>();
  return (event) => {
    const key = `${event.kind} ${event.reason ?? ''} ${event.address}`;
    const now = clock.now().getTime();
    if (now - (told.get(key) ?? -Infinity) < 60_000) return;
    if (told.size > 1_000) told.clear();
    told.set(key, now);
    report(event);
  };
}
