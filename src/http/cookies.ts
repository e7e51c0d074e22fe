/**
 * Owns cookies. Everywhere but on loopback http each is `__Host-` and Secure, so that no other host,
 * path or plain connection can plant one (RFC 6265bis §4.1.3); always HttpOnly, SameSite=Lax, path /.
 * What we did not write ourselves counts as no cookie at all, never as an error (attack ATK-86).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { siteOf, type Site } from './site.ts';

const ownValue = /^[\w.~-]{1,512}$/;
const ownName = /^[a-z][a-z0-9-]*$/;

/** The value of one of our cookies, or undefined where it is absent or not of our making. */
export function readCookie(request: FastifyRequest, name: string): string | undefined {
  return findCookie(siteOf(request), request.headers.cookie, name);
}

/**
 * Sets a cookie. `value` is of our making: letters, digits, `-`, `_`, `.`, `~`, at most 512 of them.
 * Without `maxAgeSeconds` it ends with the browser's session.
 */
export function setCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  options: { readonly maxAgeSeconds?: number } = {},
): void {
  if (!ownValue.test(value)) throw new Error(`The cookie ${name} cannot hold this value.`);
  writeCookie(reply, name, value, options.maxAgeSeconds);
}

/** Takes a cookie away. */
export function clearCookie(reply: FastifyReply, name: string): void {
  writeCookie(reply, name, '', 0);
}

/** How a cookie is called on the wire: cookies of `localhost` are shared by all its ports. */
export function cookieName(site: Site, name: string): string {
  if (!ownName.test(name)) throw new Error(`Not a name for a cookie: ${name}`);
  return `${site.isSecure ? '__Host-' : 'tweestap-'}${name}`;
}

/** Finds a cookie in a header; the first of that name, as browsers send the most specific first. */
export function findCookie(
  site: Site,
  header: string | undefined,
  name: string,
): string | undefined {
  if (header === undefined) return undefined;
  const prefix = `${cookieName(site, name)}=`;
  for (const part of header.split(';')) {
    const pair = part.trim();
    if (!pair.startsWith(prefix)) continue;
    const value = pair.slice(prefix.length);
    return ownValue.test(value) ? value : undefined;
  }
  return undefined;
}

function writeCookie(
  reply: FastifyReply,
  name: string,
  value: string,
  maxAgeSeconds: number | undefined,
): void {
  const site = siteOf(reply.request);
  const attributes = [
    `${cookieName(site, name)}=${value}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    ...(site.isSecure ? ['Secure'] : []),
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${Math.floor(maxAgeSeconds)}`]),
  ];
  reply.header('set-cookie', attributes.join('; '));
}
