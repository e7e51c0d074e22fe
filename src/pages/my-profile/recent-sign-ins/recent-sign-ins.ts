/**
 * Owns Recent sign-ins: who signed in to somebody's account, or tried to, and "This wasn't me", which
 * closes the account to everybody until its owner proved themselves anew.
 */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import type { Application } from '../../../applications/application.ts';
import { frameOf, seeOther, sendPage } from '../../../http/answer.ts';
import { params, query } from '../../../http/parse.ts';
import { dropSession } from '../../../http/sign-in-cookies.ts';
import type { Clock } from '../../../lib/clock.ts';
import type { Methods } from '../../../methods/method.ts';
import type { OwnSignIns } from '../../../own-account/own-sign-ins.ts';
import { actorOf, createGuard, type GuardParts } from '../guard.ts';
import { recentSignInsPath } from './path.ts';
import { named } from './names.ts';
import { deniedPage, denyPage, listPage, narrowed, seenOf } from './views.ts';

export interface RecentSignInPageParts extends GuardParts {
  readonly ownSignIns: OwnSignIns;
  /** Everything that people sign in to, by the id in the log. */
  readonly applications: {
    list(): Promise<readonly Pick<Application, 'clientId' | 'name'>[]>;
  };
  readonly methods: Methods;
  readonly clock: Clock;
}

const listQuery = z.object({
  result: z.enum(['success', 'interrupted', 'failure']).optional().catch(undefined),
  search: z.string().max(100).default('').catch(''),
  /** Milliseconds since 1970. */
  before: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .optional()
    .catch(undefined),
});
const itsAddress = z.object({ id: z.string().regex(/^[\w-]{22}$/) });
const deniedPath = `${recentSignInsPath}/reported`;

/** Registers the pages. */
export function recentSignInRoutes(
  parts: RecentSignInPageParts,
): (app: FastifyInstance) => Promise<void> {
  const { ownSignIns, applications, methods, clock } = parts;
  const guard = createGuard(parts);

  return async (app) => {
    app.get(recentSignInsPath, (request, reply) => {
      const asked = query(request, listQuery);
      return guard.opened(request, reply, recentSignInsPath, async (own) => {
        const { result, search, before } = asked;
        const { locale } = own.frame;
        const names = await named(applications, methods);
        const page = await ownSignIns.list(own.current.user, {
          before: before === undefined ? undefined : new Date(before),
          isWanted: (event) =>
            (result === undefined || event.result === result) &&
            narrowed(seenOf(event, names, locale), search),
        });
        const view = { ...own, names, page, asked, now: clock.now() };
        return sendPage(reply, listPage(view));
      });
    });

    app.get(`${recentSignInsPath}/:id/not-me`, (request, reply) => {
      const { id } = params(request, itsAddress);
      // Nobody is kept from saying so by a second step that a stranger may have changed.
      return guard.signedIn(request, reply, async (own) => {
        const event = await ownSignIns.find(own.current.user, id);
        return event === undefined
          ? seeOther(reply, recentSignInsPath)
          : sendPage(
              reply,
              denyPage({
                ...own,
                event,
                names: await named(applications, methods),
                now: clock.now(),
              }),
            );
      });
    });

    app.post(`${recentSignInsPath}/:id/not-me`, (request, reply) => {
      const { id } = params(request, itsAddress);
      return guard.signedIn(request, reply, async (own) => {
        const event = await ownSignIns.find(own.current.user, id);
        if (event === undefined) return seeOther(reply, recentSignInsPath);
        const { application } = seenOf(event, await named(applications, methods), own.frame.locale);
        const isDone = await ownSignIns.deny(
          own.current,
          { id, application },
          actorOf(request, own),
        );
        if (!isDone) return seeOther(reply, `${recentSignInsPath}/${id}/not-me`);
        dropSession(reply);
        return seeOther(reply, deniedPath);
      });
    });

    // Shown to whoever was signed out a moment ago; it tells nothing of anybody.
    app.get(deniedPath, (request, reply) => sendPage(reply, deniedPage(frameOf(request))));
  };
}
