/**
 * Owns how an attempt meets a browser: which attempt a request is about, where the browser goes after
 * each command, and what it is given at the end. Steps never lead to one another: every form ends in
 * a redirect to the page of the attempt, which shows where things stand.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { seeOther, sendGoOnPage } from '../http/answer.ts';
import { ownPath } from '../http/own-path.ts';
import { params, query } from '../http/parse.ts';
import { localeFor, siteOf, visitorOf } from '../http/site.ts';
import {
  attemptPath,
  attemptToken,
  dropAttempt,
  dropTrustedDevice,
  giveAttempt,
  giveKnownBrowser,
  giveSession,
  giveTrustedDevice,
  trustedDeviceCookie,
} from '../http/sign-in-cookies.ts';
import type { Locale } from '../i18n/locale.ts';
import type { Session } from '../sessions/session.ts';
import { isReset, type AttemptRequest } from '../signin/attempt.ts';
import type { Opened } from '../signin/opening.ts';
import type { AttemptRef, Progress } from '../signin/progress.ts';
import type { Signin } from '../signin/signin.ts';

const wanted = z.object({ to: z.string().max(2000).optional() });
const lost = z.object({ lost: z.string().optional() });
const address = z.object({ attempt: z.string().regex(/^[\w-]{22}$/) });

/** The attempt that this request is about. Throws `NOT_FOUND` where the address names none. */
export function refOf(request: FastifyRequest): AttemptRef {
  const { attempt: id } = params(request, address);
  const { chosenLocale } = visitorOf(request);
  return {
    id,
    browser: attemptToken(request, id),
    locale: chosenLocale,
    trustedDevice: trustedDeviceCookie(request),
  };
}

/**
 * Sends somebody who is not signed in to where they can, and back to this page afterwards. A form that
 * was sent is not sent again, and the page says so; they come back to the page that it stood on.
 */
export function askToSignIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const isForm = !['GET', 'HEAD'].includes(request.method);
  const page = isForm ? pageOfForm(request) : request.url;
  const to = page === undefined || page === '/' ? {} : { to: page };
  const query = new URLSearchParams({ ...to, ...(isForm ? { lost: 'form' } : {}) }).toString();
  return seeOther(reply, query === '' ? '/sign-in' : `/sign-in?${query}`);
}

/** The page at the address that a form went to or, of a button without one, the nearest above it. */
function pageOfForm({ url, routeOptions, server }: FastifyRequest): string | undefined {
  let [path = ''] = url.split('?', 1);
  let pattern = routeOptions.url ?? '';
  while (pattern !== '' && !server.hasRoute({ method: 'GET', url: pattern })) {
    path = path.slice(0, path.lastIndexOf('/'));
    pattern = pattern.slice(0, pattern.lastIndexOf('/'));
  }
  return path === '' ? undefined : path;
}

/** The page of ours, or the application behind one, that waits for a sign-in; `/` for anything else (ATK-81). */
export function wantedPage(request: FastifyRequest): string {
  const { to } = query(request, wanted);
  const path = to === undefined ? undefined : ownPath(siteOf(request).origin, to);
  return path !== undefined && /^\/(?:my-profile|admin|oidc\/interaction)(?:[/?]|$)/.test(path)
    ? path
    : '/';
}

/** Whether somebody sent a form after their session had ended, and has to read that nothing came of it. */
export function lostAForm(request: FastifyRequest): boolean {
  return query(request, lost).lost === 'form';
}

/**
 * Opens an attempt that no application asked for, and gives it to this browser. By itself it asks for
 * what the organisation asks of whoever comes.
 */
export async function openOwnAttempt(
  signin: Pick<Signin, 'open'>,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Pick<AttemptRequest, 'returnTo'> & Partial<AttemptRequest>,
  session?: Session,
): Promise<Opened> {
  const { locale, address, userAgent } = visitorOf(request);
  const opened = await signin.open({
    request: {
      applicationId: undefined,
      applicationName: undefined,
      required: 'password',
      anew: 'nothing',
      subject: undefined,
      ...asked,
    },
    locale,
    address,
    userAgent,
    session,
  });
  giveAttempt(reply, opened.id, opened.browser);
  return opened;
}

/** Where the registration inside an attempt happens. */
export function registrationPath(attemptId: string): string {
  return `/registration/${attemptId}`;
}

/** Where a forgotten password is reset. */
export function resetPath(attemptId: string): string {
  return `/password-reset/${attemptId}`;
}

/** The page that shows where things stand. */
export function pathOf({ attempt, step }: Progress): string {
  if (isReset(attempt)) return resetPath(attempt.id);
  const isRegistering = step.kind === 'register' || step.kind === 'add-method';
  return isRegistering ? registrationPath(attempt.id) : attemptPath(attempt.id);
}

/** The language for the pages of an attempt: the person's own once the password is proved. */
export function localeOf(request: FastifyRequest, { known }: Progress): Locale {
  return localeFor(request, known.user?.preferredLanguage);
}

/** After a command of a form: gives the browser what it got, and sends it where things stand now. */
export function goOn(
  request: FastifyRequest,
  reply: FastifyReply,
  progress: Progress,
): FastifyReply {
  giveDeviceCookie(reply, progress);
  if (progress.session !== undefined) return enter(request, reply, progress, progress.session);
  renew(reply, progress);
  return seeOther(reply, pathOf(progress));
}

/**
 * The sign-in is complete. An application may wait on another origin, and a form cannot be redirected
 * there (see `sendGoOnPage`): from a form the way leads over a page of ours that goes on by itself.
 */
function enter(
  request: FastifyRequest,
  reply: FastifyReply,
  progress: Progress,
  session: NonNullable<Progress['session']>,
): FastifyReply {
  const { id, request: asked } = progress.attempt;
  giveSession(reply, session.token, session.keptSeconds);
  if (session.knownBrowser !== undefined) giveKnownBrowser(reply, session.knownBrowser);
  if (asked.applicationId === undefined) {
    dropAttempt(reply, id);
    return seeOther(reply, asked.returnTo);
  }
  if (request.method === 'GET') return leave(request, reply, progress);
  renew(reply, progress);
  return seeOther(reply, attemptPath(id));
}

/** A trusted device gets another value with every use, and loses it where that came from elsewhere. */
function giveDeviceCookie(reply: FastifyReply, { trustedDevice }: Progress): void {
  if (trustedDevice === 'ended') dropTrustedDevice(reply);
  else if (trustedDevice !== undefined)
    giveTrustedDevice(reply, trustedDevice.value, trustedDevice.days);
}

/** Whoever put the old token into this browser does not follow any further (attack ATK-33). */
function renew(reply: FastifyReply, { attempt, browser }: Progress): void {
  if (browser !== undefined) giveAttempt(reply, attempt.id, browser);
}

/** Shows the page that goes on to the application by itself. */
export function leave(
  request: FastifyRequest,
  reply: FastifyReply,
  progress: Progress,
): FastifyReply {
  const { id, request: asked } = progress.attempt;
  dropAttempt(reply, id);
  const { applicationName } = asked;
  return sendGoOnPage(reply, {
    path: asked.returnTo,
    locale: localeOf(request, progress),
    ...(applicationName === undefined ? {} : { application: applicationName }),
  });
}
