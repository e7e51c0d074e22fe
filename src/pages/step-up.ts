/**
 * Owns asking somebody who is signed in for more: a second step that is fresh, or one more thing to
 * register. It is an attempt like any other; at its end the browser comes back to where it was.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { seeOther } from '../http/answer.ts';
import { attemptPath } from '../http/sign-in-cookies.ts';
import { freshSeconds, type Addition } from '../signin/attempt.ts';
import type { CurrentSession } from '../signin/current-session.ts';
import type { AttemptRef } from '../signin/progress.ts';
import type { Signin } from '../signin/signin.ts';
import { openOwnAttempt } from './attempt.ts';

export interface StepUp {
  /** A path of ours, made by our own code. */
  readonly returnTo: string;
  /** Undefined: the second step may be of any age, as long as the session lives. */
  readonly freshSeconds?: number;
  readonly adds?: Addition;
}

/** What every change of a person's own settings asks for. */
export const forAChange = { freshSeconds } as const;

/** Opens the attempt and sends the browser to it. */
export async function stepUp(
  signin: Pick<Signin, 'open'>,
  request: FastifyRequest,
  reply: FastifyReply,
  current: CurrentSession,
  wanted: StepUp,
): Promise<FastifyReply> {
  const { id } = await openStepUp(signin, request, reply, current, wanted);
  return seeOther(reply, attemptPath(id));
}

/** Opens the attempt and gives it to the browser, for a page that does something in it at once. */
export async function openStepUp(
  signin: Pick<Signin, 'open'>,
  request: FastifyRequest,
  reply: FastifyReply,
  { session, user }: CurrentSession,
  wanted: StepUp,
): Promise<AttemptRef> {
  const { returnTo, freshSeconds: seconds, adds } = wanted;
  return openOwnAttempt(
    signin,
    request,
    reply,
    { required: 'strongest', freshSeconds: seconds, adds, returnTo, subject: user.id },
    session,
  );
}
