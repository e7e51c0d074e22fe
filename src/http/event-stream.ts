/**
 * Owns answers that stay open (server-sent events, HTML standard §9.2): whoever waits for something is
 * told the moment it happens. A stream says little more than that one should look: it may be late, come
 * twice or not at all, so whoever listens also asks by themselves now and then.
 *
 * The first event of each stream is `hello`: whoever hears it knows that nothing on the way holds the
 * stream back. A stream ends after some minutes, and the browser opens the next; what its cookie may
 * see is judged anew then. How many there may be at once is limited (attack ATK-98): who is refused asks
 * more often instead.
 */
import { Readable } from 'node:stream';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { TweestapError } from '../errors/errors.ts';
import { networkOf } from '../lib/ip.ts';
import type { Signals } from '../lib/signals.ts';
import { countOut } from './in-flight.ts';
import { visitorOf } from './site.ts';

/** One event: what `addEventListener(name)` of an `EventSource` hears. */
export interface ServerEvent {
  /** Letters, digits and dashes of ours. */
  readonly name: string;
  /** Empty unless told; never a secret. */
  readonly data?: string;
}

export interface EventStreamOptions {
  /** Judge first whether this request may hear of them. */
  readonly topics: readonly string[];
  /** Whose stream it is (an attempt, a device): each has a few at once. */
  readonly owner: string;
  /**
   * What is said when a topic was told: the event `changed` unless told; undefined is nothing. Called
   * once more where a topic was told meanwhile, and not before the last event was taken. Where it
   * throws, the stream ends and its browser comes back.
   */
  readonly onTell?: () => ServerEvent | undefined | Promise<ServerEvent | undefined>;
}

export interface EventStreams {
  /**
   * Answers a GET with a stream; a HEAD with its headers. Throws `TOO_MANY_TRIES` where the owner or
   * the address has enough of them, `BUSY` where all have or the service stops.
   */
  open(request: FastifyRequest, reply: FastifyReply, options: EventStreamOptions): FastifyReply;
  /** How many are open. */
  count(): number;
  /** Ends them all and opens no more; browsers come back in a few seconds. */
  close(): void;
}

export interface EventStreamsParts {
  readonly signals: Pick<Signals, 'hear'>;
  /** How many at once; 4 an owner, 200 an address (an office behind one router), 2,000 in all. */
  readonly most?: { readonly owner: number; readonly address: number; readonly all: number };
  /** How often an idle stream shows that it is alive. Default 20,000: proxies wait 30 s and more. */
  readonly beatMs?: number;
  /** How long a stream lives. Default 300,000. */
  readonly longestMs?: number;
}

interface Open {
  readonly owner: string;
  readonly address: string;
  readonly end: () => void;
}

/** The type of these answers. */
export const eventStreamType = 'text/event-stream';

const headers = {
  'content-type': eventStreamType,
  // Neither kept nor compressed on the way: what compresses also collects.
  'cache-control': 'no-store, no-transform',
  // nginx collects answers unless it is told not to.
  'x-accel-buffering': 'no',
} as const;

/** Makes the streams of one server. */
export function createEventStreams(parts: EventStreamsParts): EventStreams {
  const { signals, beatMs = 20_000, longestMs = 300_000 } = parts;
  const { most = { owner: 4, address: 200, all: 2_000 } } = parts;
  const opened = new Set<Open>();
  let isClosed = false;

  const requireRoom = (owner: string, address: string): void => {
    if (isClosed || opened.size >= most.all) throw new TweestapError('BUSY');
    const all = [...opened];
    const own = all.filter((each) => each.owner === owner).length;
    const beside = all.filter((each) => each.address === address).length;
    if (own >= most.owner || beside >= most.address) throw new TweestapError('TOO_MANY_TRIES');
  };

  return {
    open: (request, reply, { topics, owner, onTell = () => changed }) => {
      const address = networkOf(visitorOf(request).address);
      requireRoom(owner, address);
      reply.headers(headers);
      if (request.method === 'HEAD') return reply.send();

      const bornAt = performance.now();
      const { stream, say, tell, end, isTaken } = createStream(onTell);
      const open: Open = { owner, address, end };
      opened.add(open);
      const deaf = topics.map((topic) => signals.hear(topic, tell));
      const beat = setInterval(() => {
        // There is nobody any more where what was said, or the end, is not taken.
        if (!isTaken()) stream.destroy();
        else if (performance.now() - bornAt + beatMs > longestMs) end();
        else say(':\n\n');
      }, beatMs).unref();
      stream.once('close', () => {
        opened.delete(open);
        clearInterval(beat);
        for (const stop of deaf) stop();
      });

      // Not all at once, where a server ends that had many.
      say(`retry: ${1_000 + Math.floor(Math.random() * 2_000)}\n\n`);
      say(written({ name: 'hello' }));
      countOut(request);
      return reply.send(stream);
    },
    count: () => opened.size,
    close: () => {
      isClosed = true;
      for (const { end } of opened) end();
    },
  };
}

const changed: ServerEvent = { name: 'changed' };

/** A stream that says no more than is taken: what is told meanwhile is said once, afterwards. */
function createStream(onTell: NonNullable<EventStreamOptions['onTell']>): {
  readonly stream: Readable;
  readonly say: (text: string) => void;
  readonly tell: () => void;
  readonly end: () => void;
  readonly isTaken: () => boolean;
} {
  let isFull = false;
  let isTold = false;
  let isMaking = false;
  let isEnded = false;
  const stream = new Readable({
    highWaterMark: 1_024,
    read: () => {
      isFull = false;
      if (isTold) tell();
    },
  });
  const isOver = (): boolean => isEnded || stream.destroyed;
  const end = (): void => {
    if (isOver()) return;
    isEnded = true;
    stream.push(null);
  };
  const say = (text: string): void => {
    if (!isOver()) isFull = !stream.push(text);
  };
  const tell = (): void => {
    isTold = true;
    if (!isMaking) void make();
  };
  const make = async (): Promise<void> => {
    isMaking = true;
    try {
      while (isTold && !isFull && !isOver()) {
        isTold = false;
        const event = await onTell();
        if (event !== undefined) say(written(event));
      }
    } catch {
      end();
    } finally {
      isMaking = false;
    }
  };
  return { stream, say, tell, end, isTaken: () => !isFull && !isEnded };
}

function written({ name, data = '' }: ServerEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `event: ${name}\n${lines.join('')}\n`;
}
