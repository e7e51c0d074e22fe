/** Owns the count of the requests that are being answered: beyond a limit the rest is turned away. */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface InFlight {
  enter(request: FastifyRequest, reply: FastifyReply): void;
  leave(request: FastifyRequest): void;
  count(): number;
}

const ways = new WeakMap<FastifyRequest, () => void>();

/** Counts the requests being answered; one whose browser went away is counted out as well. */
export function createInFlight(): InFlight {
  let count = 0;
  return {
    enter: (request, reply) => {
      count += 1;
      ways.set(request, () => {
        if (ways.delete(request)) count -= 1;
      });
      reply.raw.once('close', () => countOut(request));
    },
    leave: countOut,
    count: () => count,
  };
}

/** Counts a request out whose answer has begun and stays open while nothing is done for it. */
export function countOut(request: FastifyRequest): void {
  ways.get(request)?.();
}
