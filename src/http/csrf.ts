/**
 * Owns the proof that a change was asked for on one of our own pages (attack ATK-80). Three things
 * must hold at once: the browser says that the request comes from our origin, it has the cookie that
 * we gave it, and the form carries the token that only our page can derive from that cookie.
 */
import { timingSafeEqual } from 'node:crypto';

import type { FastifyReply, FastifyRequest } from 'fastify';

import { readCookie, setCookie } from './cookies.ts';
import { siteOf, type Site } from './site.ts';

const bindingCookie = 'form';
const issued = new WeakMap<FastifyRequest, string>();

/** The token for the forms of a page; gives the browser its cookie where it has none yet. */
export function csrfToken(request: FastifyRequest, reply: FastifyReply): string {
  const site = siteOf(request);
  const binding = readCookie(request, bindingCookie) ?? issued.get(request) ?? newBinding(site);
  return tokenOf(site, binding);

  function newBinding(of: Site): string {
    const made = of.token(24);
    issued.set(request, made);
    setCookie(reply, bindingCookie, made);
    return made;
  }
}

/** Whether a token is the one for this browser's cookie. */
export function isOwnToken(request: FastifyRequest, token: string | undefined): boolean {
  const binding = readCookie(request, bindingCookie);
  if (binding === undefined || token === undefined) return false;
  const given = Buffer.from(token);
  const expected = Buffer.from(tokenOf(siteOf(request), binding));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/**
 * Whether the browser says that the request comes from our own origin. Every browser of today sends
 * `Origin` with a POST; where a proxy took it away, `Sec-Fetch-Site: same-origin` will do. A program
 * that sends neither is refused: it is no browser, and pages are for browsers.
 */
export function isFromOurPage(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  const fetchSite = request.headers['sec-fetch-site'];
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  return origin === undefined ? fetchSite === 'same-origin' : origin === siteOf(request).origin;
}

/** Whether the browser says that a page of somebody else sends this; programs say nothing. */
export function isFromForeignPage(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  const fetchSite = request.headers['sec-fetch-site'];
  if (origin !== undefined && origin !== siteOf(request).origin) return true;
  return fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none';
}

function tokenOf(site: Site, binding: string): string {
  return site.keyedHash('csrf', binding).toString('base64url');
}
