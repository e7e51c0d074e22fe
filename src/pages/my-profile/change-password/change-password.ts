/**
 * Owns the page on which somebody who is signed in changes their password. The current one is asked
 * unless it was proved just now; wrong ones count as they do at the sign-in.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { seeOther, sendPage } from '../../../http/answer.ts';
import { form, query } from '../../../http/parse.ts';
import { giveKnownBrowser, giveSession, knownBrowserToken } from '../../../http/sign-in-cookies.ts';
import { visitorOf } from '../../../http/site.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { OwnPassword } from '../../../own-account/own-password.ts';
import { actorOf, createGuard, type GuardParts } from '../guard.ts';
import type { Own } from '../portal.ts';
import { changePasswordPath } from './path.ts';
import { changedPage, changePage, elsewherePage, type Refused } from './views.ts';

export interface ChangePasswordPageParts extends GuardParts {
  readonly ownPassword: OwnPassword;
  readonly clock: Clock;
}

const doneQuery = z.object({ done: z.literal('changed').optional().catch(undefined) });
const changeForm = z.object({ current: z.string().default(''), password: z.string() });

/** Registers the page. */
export function changePasswordRoutes(
  parts: ChangePasswordPageParts,
): (app: FastifyInstance) => Promise<void> {
  const { ownPassword, clock } = parts;
  const guard = createGuard(parts);

  return async (app) => {
    // Where password managers look for it (https://w3c.github.io/webappsec-change-password-url).
    app.get('/.well-known/change-password', (_request, reply) =>
      seeOther(reply, changePasswordPath),
    );

    app.get(changePasswordPath, (request, reply) =>
      guard.opened(request, reply, changePasswordPath, async (own) => {
        const { done } = query(request, doneQuery);
        return done === 'changed' ? sendPage(reply, changedPage(own)) : show(reply, own);
      }),
    );

    app.post(changePasswordPath, (request, reply) => {
      const { current, password } = form(request, changeForm);
      return guard.opened(request, reply, changePasswordPath, (own) =>
        change(request, reply, own, { current, wanted: password }),
      );
    });
  };

  async function change(
    request: FastifyRequest,
    reply: FastifyReply,
    own: Own,
    typed: { readonly current: string; readonly wanted: string },
  ): Promise<FastifyReply> {
    const isMissing = ownPassword.asksCurrent(own.current.session) && typed.current === '';
    if (isMissing || typed.wanted === '') {
      return show(reply, own, {
        current: isMissing ? 'missing' : undefined,
        password: typed.wanted === '' ? 'missing' : undefined,
      });
    }
    const changed = await ownPassword.change(own.current, typed, {
      ...actorOf(request, own),
      userAgent: visitorOf(request).userAgent,
      knownBrowser: knownBrowserToken(request),
    });
    switch (changed.kind) {
      case 'changed':
        giveSession(reply, changed.session.token, changed.session.keptSeconds);
        giveKnownBrowser(reply, changed.knownBrowser);
        return seeOther(reply, `${changePasswordPath}?done=changed`);
      case 'unavailable':
        return show(reply, own, { current: 'unavailable' });
      case 'wrong-current':
        return show(reply, own, { current: 'wrong' });
      case 'paused':
        return show(reply, own, { pausedUntil: changed.until });
      case 'refused':
        return show(reply, own, { password: changed.reason });
    }
  }

  function show(reply: FastifyReply, own: Own, refused: Refused = {}): FastifyReply {
    const elsewhere = ownPassword.elsewhere(own.current.user);
    if (elsewhere !== undefined) return sendPage(reply, elsewherePage(own, elsewhere));
    const asksCurrent = ownPassword.asksCurrent(own.current.session);
    const isRefused = Object.values(refused).some((reason) => reason !== undefined);
    const page = changePage({ ...own, asksCurrent, refused, now: clock.now() });
    return sendPage(reply, page, { status: isRefused ? 422 : 200 });
  }
}
