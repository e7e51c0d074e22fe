/**
 * Owns following a log live. A sign-in tells nobody of it: whoever signs in does not pay for whoever
 * looks on. While somebody follows, this node looks each second whether there is something new, which
 * other nodes may have written; when nobody does, nothing is asked.
 */
import { setTimeout } from 'node:timers/promises';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { EventStreams } from '../../../http/event-stream.ts';
import type { Signals } from '../../../lib/signals.ts';

export interface FollowingParts {
  readonly streams: Pick<EventStreams, 'open'>;
  readonly signals: Pick<Signals, 'tell'>;
  /** The name of the log. */
  readonly topic: string;
  /** Something that is different once there is a new event. */
  readonly newest: () => Promise<string>;
  /** Default 1,000. */
  readonly lookMs?: number;
}

export interface Following {
  /** Answers with a stream that says `changed` whenever there is something new. */
  open(request: FastifyRequest, reply: FastifyReply, owner: string): FastifyReply;
}

/** A session does not stay open because a page was left open: whoever goes on following says so again. */
const longestMs = 15 * 60_000;

/** Until when a log is followed that somebody began to follow at this moment; undefined where it is over. */
export function followedUntil(began: number | undefined, now: Date): Date | undefined {
  if (began === undefined || began > now.getTime()) return undefined;
  const until = began + longestMs;
  return until > now.getTime() ? new Date(until) : undefined;
}

/** Makes it, for one log. */
export function createFollowing(parts: FollowingParts): Following {
  const { streams, signals, newest, lookMs = 1_000 } = parts;
  const topic = `log:${parts.topic}`;
  let followers = 0;
  let isWatching = false;

  const watch = async (): Promise<void> => {
    if (isWatching) return;
    isWatching = true;
    // What was there when the first began to follow is on their page.
    let seen: string | undefined;
    while (followers > 0) {
      try {
        const found = await newest();
        if (seen !== undefined && found !== seen) signals.tell(topic);
        seen = found;
      } catch {
        // A database that is away for a while has nothing new to tell; the next look asks it again.
      }
      await setTimeout(lookMs, undefined, { ref: false });
    }
    isWatching = false;
  };

  return {
    open: (request, reply, owner) => {
      const answer = streams.open(request, reply, { topics: [topic], owner: `${topic}:${owner}` });
      if (request.method === 'HEAD') return answer;
      followers += 1;
      reply.raw.once('close', () => {
        followers -= 1;
      });
      void watch();
      return answer;
    },
  };
}
