/** Owns what is answered where an attempt is no more: finished, expired, or another browser's. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { frameOf, seeOther, sendPage } from '../../http/answer.ts';
import { localeFor } from '../../http/site.ts';
import { attemptPath, sessionToken } from '../../http/sign-in-cookies.ts';
import { errors, TweestapError, type ErrorCode } from '../../errors/errors.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import { refOf } from '../attempt.ts';
import { gonePage } from './stop-page.ts';

interface GoneParts {
  readonly currentSession: FindCurrentSession;
}

/** Answers, within a scope of routes, what commands throw about an attempt. The rest goes on upwards. */
export function answerAttemptFaults(
  app: FastifyInstance,
  parts: GoneParts,
  againHref = '/sign-in',
): void {
  app.setErrorHandler(async (error, request, reply) => {
    if (!(error instanceof TweestapError)) throw error;
    switch (error.code) {
      case 'ATTEMPT_CHANGED':
        // It went on in another tab: here is where it stands.
        return seeOther(reply, attemptPath(refOf(request).id));
      case 'ATTEMPT_NOT_FOUND':
      case 'ATTEMPT_EXPIRED':
      case 'ATTEMPT_FINISHED':
        if (/\/(?:status|events)$/.test(request.url)) throw error;
        return sendGone(request, reply, parts, { code: error.code, againHref });
      default:
        throw error;
    }
  });
}

/** Shows that the attempt is gone, and where one goes from here. */
export async function sendGone(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: GoneParts,
  options: { readonly code: ErrorCode; readonly againHref: string },
): Promise<FastifyReply> {
  const current = await parts.currentSession(sessionToken(request));
  const locale = localeFor(request, current?.user.preferredLanguage);
  return sendPage(
    reply,
    gonePage({
      frame: { ...frameOf(request, { locale }), languageSwitch: { path: '/' } },
      ...options,
      signedInAs: current?.user.userPrincipalName,
    }),
    { status: errors[options.code].status },
  );
}
