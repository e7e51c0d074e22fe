/**
 * Owns which site a proxy asks for. Only a trusted proxy is believed, and only sites that the
 * operator named exist: so nobody is ever sent anywhere else (attack ATK-81).
 */
import type { FastifyRequest } from 'fastify';

import { ownPath } from '../../http/own-path.ts';
import { addressRanges } from '../../lib/ip.ts';

/** What was wanted, of a site of ours to guard. */
export interface Wanted {
  /** Its origin, exactly as the operator wrote it. */
  readonly site: string;
  /** The path with its query where somebody can come back to it by GET; `/` else. */
  readonly page: string;
}

/** No site is guarded at all, whoever asks is no proxy of ours, or asks for no site of ours. */
export type WhyNot = 'no-sites' | 'not-trusted' | 'no-such-site';

export interface Sites {
  /**
   * What a proxy asks for, by `X-Forwarded-Proto`, `-Host`, `-Uri` and `-Method`; undefined where that
   * is no site of ours to guard, is said twice, or is said by anybody but a trusted proxy.
   */
  wantedBy(request: FastifyRequest): Wanted | undefined;
  /** Why it is none. */
  whyNot(request: FastifyRequest): WhyNot;
  /** The origin that a request says it is for, whoever sends it; undefined where that is none. */
  claimedBy(request: FastifyRequest): string | undefined;
  /** The site with this origin. */
  find(origin: string | undefined): string | undefined;
  /** A path of a site that a browser cannot read as leading anywhere else; `/` where it could. */
  pageOf(site: string, path: string | undefined): string;
}

/** As long as the address of a page may be that somebody is brought back to. */
const longestPage = 1500;

/** Makes the list; the ranges of `trustedProxies` have been checked. */
export function createSites(parts: {
  readonly sites: readonly string[];
  readonly trustedProxies: readonly string[];
}): Sites {
  const known = new Set(parts.sites);
  const proxies = addressRanges(parts.trustedProxies);
  const find: Sites['find'] = (origin) =>
    origin !== undefined && known.has(origin) ? origin : undefined;
  const pageOf: Sites['pageOf'] = (site, path = '/') =>
    (path.length > longestPage ? undefined : ownPath(site, path)) ?? '/';

  const isTrusted = (request: FastifyRequest): boolean =>
    proxies.has(request.socket.remoteAddress ?? '');
  const claimedBy: Sites['claimedBy'] = (request) =>
    originOf(header(request, 'proto'), header(request, 'host'));

  return {
    find,
    claimedBy,
    whyNot: (request) => {
      if (known.size === 0) return 'no-sites';
      return isTrusted(request) ? 'no-such-site' : 'not-trusted';
    },
    pageOf,
    wantedBy: (request) => {
      if (!isTrusted(request)) return undefined;
      const site = find(claimedBy(request));
      if (site === undefined) return undefined;
      const method = header(request, 'method') ?? 'GET';
      const isReading = method === 'GET' || method === 'HEAD';
      return { site, page: isReading ? pageOf(site, header(request, 'uri')) : '/' };
    },
  };
}

/** As the browser writes it: in small letters, without the port that goes without saying. */
function originOf(protocol: string | undefined, host: string | undefined): string | undefined {
  if (protocol === undefined || host === undefined) return undefined;
  if (!/^https?$/.test(protocol) || !/^[\w.:[\]-]{1,260}$/.test(host)) return undefined;
  const address = `${protocol}://${host}`;
  return URL.canParse(address) ? new URL(address).origin : undefined;
}

/** What came twice came from two: nobody knows which of them is the proxy. */
function header(
  request: FastifyRequest,
  name: 'proto' | 'host' | 'uri' | 'method',
): string | undefined {
  const wanted = `x-forwarded-${name}`;
  const { rawHeaders } = request.raw;
  const times = rawHeaders.filter(
    (each, index) => index % 2 === 0 && each.toLowerCase() === wanted,
  );
  const value = request.headers[wanted];
  return times.length === 1 && typeof value === 'string' ? value : undefined;
}
