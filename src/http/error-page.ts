/**
 * Owns how a fault looks from outside: a page in the person's language, or JSON for a system. A
 * stranger reads the catalogue's words and a reference; the log reads the rest.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { errorText } from '../errors/error-text.ts';
import { errors, exposedCode, TweestapError, type ErrorCode } from '../errors/errors.ts';
import { formatDuration } from '../i18n/format.ts';
import { HasherBusyError } from '../lib/password-hash.ts';
import { html } from '../lib/html.ts';
import { actions, link, linkButton } from '../ui/components/button.ts';
import { helpPath } from '../ui/help.ts';
import { cardPage } from '../ui/layout.ts';
import { frameOf, sendPage } from './answer.ts';
import { siteOf, visitorOf } from './site.ts';
import { wordsIn } from './words.ts';

/** What a fault is answered with. */
export interface Answered {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

/** A link out of an error page. */
export interface WayBack {
  readonly href: string;
  readonly label: string;
}

const waysBack = new WeakMap<FastifyRequest, WayBack>();

/**
 * Offers a way back on the page of whatever goes wrong with this request from here on: for rooms that
 * only some may know of, once it is known that this is one of them.
 */
export function offerWayBack(request: FastifyRequest, way: WayBack): void {
  waysBack.set(request, way);
}

/** Translates whatever was thrown: our own faults, the framework's, and bugs. */
export function answerOf(error: unknown): Answered {
  if (error instanceof TweestapError) {
    const { code, status, details } = error;
    return { code, status, retryAfterSeconds: details.retryAfterSeconds ?? patience(code) };
  }
  if (error instanceof HasherBusyError) return busy;
  const status = statusOf(error);
  if (status === 413) return { code: 'REQUEST_TOO_LARGE', status, retryAfterSeconds: undefined };
  if (status === 404) return { code: 'NOT_FOUND', status, retryAfterSeconds: undefined };
  if (status === 503) return busy;
  if (status !== undefined && status >= 400 && status < 500) {
    return { code: 'REQUEST_MALFORMED', status, retryAfterSeconds: undefined };
  }
  return { code: 'INTERNAL', status: 500, retryAfterSeconds: undefined };
}

/** Answers a fault on the open request. */
export function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  answered: Answered,
): FastifyReply {
  if (answered.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(Math.ceil(answered.retryAfterSeconds)));
  }
  const { sendFault } = request.routeOptions.config.door ?? {};
  if (sendFault !== undefined) return sendFault(request, reply, answered);
  return wantsJson(request)
    ? sendErrorJson(request, reply, answered)
    : sendErrorPage(request, reply, answered);
}

function sendErrorPage(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, status, retryAfterSeconds }: Answered,
): FastifyReply {
  const { requestId, locale } = visitorOf(request);
  const { origin } = siteOf(request);
  const words = wordsIn(locale);
  const text = errorText(code, locale);
  const wait =
    retryAfterSeconds === undefined
      ? undefined
      : html`<p>${words.tryAgainIn(formatDuration(retryAfterSeconds, locale))}</p>`;
  const back = waysBack.get(request);
  const way =
    code === 'HOST_UNKNOWN'
      ? linkButton({ label: words.openOwnAddress(origin), href: `${origin}/` })
      : back !== undefined
        ? linkButton(back)
        : code === 'NOT_FOUND'
          ? linkButton({ label: words.toProfile, href: '/' })
          : undefined;
  // Under a name that is not ours, paths of ours lead nowhere.
  const help = (topic?: 'start-again'): string =>
    code === 'HOST_UNKNOWN' ? `${origin}${helpPath(topic)}` : helpPath(topic);
  return sendPage(
    reply,
    cardPage({
      ...frameOf(request),
      help: { href: help(), label: words.help },
      title: text.title,
      error: true,
      body: html`<p>${text.happened} ${text.now}</p>${wait}${actions(
        way,
        link({ label: words.helpIfAgain, href: help('start-again') }),
      )}<p class="hint">${words.reference}: <code>${requestId}</code></p>`,
    }),
    { status },
  );
}

function sendErrorJson(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, status }: Answered,
): FastifyReply {
  const shown = exposedCode(code);
  return reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send({
      error: {
        code: shown,
        message: errors[shown].message,
        reference: visitorOf(request).requestId,
      },
    });
}

// What systems ask for, where no route has said so because there is none.
const systemPaths =
  /^\/(?:oidc|v1\.0|beta|tweestap\/v1|scim|webhooks|simulator\/api|\.well-known)(?:\/|$|\?)/;

function wantsJson(request: FastifyRequest): boolean {
  if (request.routeOptions.config.door !== undefined) return true;
  const accepted = request.headers.accept ?? '';
  return systemPaths.test(request.url) || accepted.startsWith('application/json');
}

const busy: Answered = { code: 'BUSY', status: 503, retryAfterSeconds: 2 };

/** How soon it is worth trying again, where nobody has said it. */
function patience(code: ErrorCode): number | undefined {
  if (code === 'BUSY') return 2;
  return code === 'STORE_UNAVAILABLE' ? 10 : undefined;
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
