/**
 * Owns what is known of the request that the engine is answering. The engine hands its own context
 * to some of its hooks and none to others (the adapter); this is where all of them look.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import type { FastifyReply, FastifyRequest } from 'fastify';

import type { User } from '../../accounts/user.ts';
import type { Strengths } from '../../policies/strengths.ts';
import type { Session } from '../../sessions/session.ts';

export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** `browser`: somebody is looking, with our cookies. `program`: an application's server asks. */
  readonly by: 'browser' | 'program';
  /** Our own living session of this browser: the truth about who is signed in. */
  readonly session: Session | undefined;
  /** Whose it is; present whenever `session` is. */
  readonly person: User | undefined;
  /** The authentication strengths as policy had them when it came. */
  readonly strengths: Strengths;
  /** The engine's session as it was found, to see whether anything about it changed. */
  kept: KeptSession | undefined;
}

/** What is remembered of the engine's session between finding and saving it. */
export interface KeptSession {
  readonly id: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const visits = new AsyncLocalStorage<Visit>();

/** Runs `work` with this visit in hand. */
export function during<result>(visit: Visit, work: () => Promise<result>): Promise<result> {
  return visits.run(visit, work);
}

/** The visit that is being answered; undefined outside of one. */
export function currentVisit(): Visit | undefined {
  return visits.getStore();
}
