/**
 * Owns the cookies that signing in leaves in a browser: which attempts are its own, whose session it
 * has, that somebody signed in with it before, and that it is a trusted device. Every door that serves browsers uses these.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { clearCookie, cookieName, readCookie, setCookie } from './cookies.ts';
import { siteOf } from './site.ts';

const sessionName = 'session';
const knownBrowserName = 'known-browser';
const trustedDeviceName = 'trusted-device';
const attemptName = 'attempt';

const yearSeconds = 365 * 86_400;
/** As long as an attempt lives; the server judges by its own clock. */
const attemptSeconds = 3600;
/** Each tab is an attempt of its own; beyond so many the oldest are forgotten, or the header bursts. */
const mostAttempts = 12;

/** The token of this browser's session; whether it still opens anything is for `sessions` to say. */
export function sessionToken(request: FastifyRequest): string | undefined {
  return readCookie(request, sessionName);
}

/**
 * Gives the browser its session: kept for `keptSeconds` where its person stays signed in, else until
 * the browser is closed. It ends sooner when the server says so.
 */
export function giveSession(
  reply: FastifyReply,
  token: string,
  keptSeconds: number | undefined,
): void {
  setCookie(
    reply,
    sessionName,
    token,
    keptSeconds === undefined ? {} : { maxAgeSeconds: keptSeconds },
  );
}

/** Takes the session's cookie away. */
export function dropSession(reply: FastifyReply): void {
  clearCookie(reply, sessionName);
}

/** The token that says that somebody signed in with this browser before. */
export function knownBrowserToken(request: FastifyRequest): string | undefined {
  return readCookie(request, knownBrowserName);
}

/** Remembers for a year that somebody signed in with this browser. */
export function giveKnownBrowser(reply: FastifyReply, token: string): void {
  setCookie(reply, knownBrowserName, token, { maxAgeSeconds: yearSeconds });
}

/** What says that the second step is not asked on this device; `sessions` knows whether that is so. */
export function trustedDeviceCookie(request: FastifyRequest): string | undefined {
  return readCookie(request, trustedDeviceName);
}

/** Gives the browser what makes it a trusted device, for so many days at most. */
export function giveTrustedDevice(reply: FastifyReply, value: string, days: number): void {
  setCookie(reply, trustedDeviceName, value, { maxAgeSeconds: days * 86_400 });
}

/** Takes that away again. */
export function dropTrustedDevice(reply: FastifyReply): void {
  clearCookie(reply, trustedDeviceName);
}

/** The token that makes this attempt the browser's own; undefined when it is another's. */
export function attemptToken(request: FastifyRequest, attemptId: string): string | undefined {
  return readCookie(request, cookieOf(attemptId));
}

/** Makes an attempt this browser's own; also when its token was renewed. */
export function giveAttempt(reply: FastifyReply, attemptId: string, token: string): void {
  const name = cookieOf(attemptId);
  for (const oldest of surplusAttempts(reply.request, name)) clearCookie(reply, oldest);
  setCookie(reply, name, token, { maxAgeSeconds: attemptSeconds });
}

/** Lets go of an attempt that is over. */
export function dropAttempt(reply: FastifyReply, attemptId: string): void {
  clearCookie(reply, cookieOf(attemptId));
}

/** The address of an attempt's pages: whichever door opened it sends the browser there. */
export function attemptPath(attemptId: string): string {
  return `/sign-in/${attemptId}`;
}

/** A short piece of the id, as cookies are named: two attempts that share it cannot be open at once. */
function cookieOf(attemptId: string): string {
  return `${attemptName}-${Buffer.from(attemptId, 'base64url').subarray(0, 6).toString('hex')}`;
}

/** Browsers send the cookies they got first first (RFC 6265 §5.4). */
function surplusAttempts(request: FastifyRequest, except: string): readonly string[] {
  const prefix = `${cookieName(siteOf(request), attemptName)}-`;
  const names = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(prefix))
    .map((pair) => `${attemptName}-${pair.slice(prefix.length).split('=', 1)[0] ?? ''}`)
    .filter((name) => name !== except && /^attempt-[0-9a-f]{12}$/.test(name));
  return names.slice(0, Math.max(0, names.length + 1 - mostAttempts));
}
