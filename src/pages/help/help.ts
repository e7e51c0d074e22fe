/**
 * Owns the Help page: what people can do themselves when signing in does not work. It is the same
 * for everyone, signed in or not, and asks nothing of the database: it is there when nothing else is.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { frameOf, sendPage } from '../../http/answer.ts';
import { siteOf, visitorOf } from '../../http/site.ts';
import { helpPath } from '../../ui/help.ts';
import { helpPage } from './views.ts';

/** Registers the Help page. It loads the bundle `help`. */
export function helpRoutes(app: FastifyInstance): void {
  app.get(helpPath(), (request, reply) =>
    sendPage(
      reply,
      helpPage({
        // The footer would only lead here.
        frame: { ...frameOf(request, { bundles: ['help'] }), help: undefined },
        backHref: cameFrom(request),
        helpDeskHref: visitorOf(request).organisation.helpLink,
      }),
    ),
  );
}

/** Pages that show the same, or where things stand now, however often they are opened. */
const returnable = /^\/(?:sign-in|registration|my-profile)(?:\/[\w-]+)*$/;

/** The page of ours that led here, without its query; undefined where it was none of these. */
function cameFrom(request: FastifyRequest): string | undefined {
  const { referer } = request.headers;
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const { origin, pathname } = new URL(referer);
  return origin === siteOf(request).origin && returnable.test(pathname) ? pathname : undefined;
}
