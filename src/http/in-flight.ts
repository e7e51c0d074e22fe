/**
 * Owns the count of the requests that are being answered: beyond a limit the rest is turned away. Who is still
 * sending is not being answered: when the places are taken, whoever has been sending longest is let go of first,
 * so that many who send slowly keep nobody out (attack ATK-90).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface InFlight {
  enter(request: FastifyRequest, reply: FastifyReply): void;
  leave(request: FastifyRequest): void;
  count(): number;
  /** Lets go of whoever has been sending longest, but for this one; false where nobody is. */
  makeRoom(except: FastifyRequest): boolean;
}

const ways = new WeakMap<FastifyRequest, () => void>();

/** Counts the requests being answered; one whose browser went away is counted out as well. */
export function createInFlight(): InFlight {
  // In the order in which they came.
  const inside = new Set<FastifyRequest>();
  return {
    enter: (request, reply) => {
      inside.add(request);
      ways.set(request, () => {
        ways.delete(request);
        inside.delete(request);
      });
      reply.raw.once('close', () => countOut(request));
    },
    leave: countOut,
    count: () => inside.size,
    makeRoom: (except) => {
      for (const request of inside) {
        if (request === except || request.raw.complete) continue;
        countOut(request);
        request.raw.destroy();
        return true;
      }
      return false;
    },
  };
}

/** Counts a request out whose answer has begun and stays open while nothing is done for it. */
export function countOut(request: FastifyRequest): void {
  ways.get(request)?.();
}
