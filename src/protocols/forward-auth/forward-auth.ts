/**
 * Owns the HTTP door: a proxy asks of each request whose it is, and lets through whom we know. People
 * sign in on our own pages; programs send an app password with each request.
 *
 * Our session's cookie stays with our host. A site gets one of its own: its proxy passes `/.tweestap/`
 * on to us, so that we answer there under the site's name. The way of a browser is: the site (which
 * gives it a nonce), our sign-in, the site again with a ticket, the page that was wanted.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { TweestapError } from '../../errors/errors.ts';
import { readCookie, setCookie } from '../../http/cookies.ts';
import { systemDoor } from '../../http/door.ts';
import { visitorOf } from '../../http/site.ts';
import type { Clock } from '../../lib/clock.ts';
import { meets, satisfies, stricter, type Requirement } from '../../sessions/proven.ts';
import type { CurrentSession, CurrentSessions } from '../../signin/current-session.ts';
import type { Doors } from '../../signin/doors.ts';
import type { SigninDoor } from '../oidc/signin-door.ts';
import { readBasic } from './basic.ts';
import { identityHeaders } from './identity.ts';
import type { ForwardAuthSettings } from './settings.ts';
import { createSites, type Wanted, type WhyNot } from './sites.ts';
import { createTickets } from './tickets.ts';

export interface ForwardAuthParts {
  /** Of the sign-in pages; no site has it. */
  readonly origin: string;
  readonly settings: ForwardAuthSettings;
  /** CIDR ranges whose `X-Forwarded-*` is believed. */
  readonly trustedProxies: readonly string[];
  readonly door: Pick<
    SigninDoor,
    'currentSession' | 'requiredOf' | 'strengths' | 'requirementOfSite' | 'begin'
  >;
  readonly doors: Pick<Doors, 'judge'>;
  readonly currentById: CurrentSessions['byId'];
  /** Tells that a ticket was never used before: once, whichever node is asked. */
  readonly isFirst: (ticketId: string) => Promise<boolean>;
  readonly clock: Clock;
  readonly box: Parameters<typeof createTickets>[0]['box'];
  readonly random: Parameters<typeof createTickets>[0]['random'];
}

/** What a proxy passes on to us under the site's own name. */
const sitePaths = { signIn: '/.tweestap/sign-in', callback: '/.tweestap/callback' } as const;
const ourPaths = { signIn: '/forward-auth/sign-in', expired: '/forward-auth/expired' } as const;

const sessionCookie = 'site-session';
const nonceCookie = 'site-nonce';
/** As long as an attempt lives. */
const nonceSeconds = 3600;

/** The routes; where no site is guarded, one that says so to whoever sets up a proxy. */
export function forwardAuthRoutes(parts: ForwardAuthParts): (app: FastifyInstance) => void {
  const { origin, door, doors, box, random, clock, isFirst } = parts;
  const sites = createSites({ ...parts.settings, trustedProxies: parts.trustedProxies });
  const tickets = createTickets({ box, random, clock, isFirst });

  /** Who is signed in at a site, on as much proof as is asked of them now. */
  const signedInAt = async (
    request: FastifyRequest,
    site: string,
  ): Promise<CurrentSession | undefined> => {
    const id = tickets.sessionOf(site, readCookie(request, sessionCookie));
    return id === undefined ? undefined : livingSession(request, site, id);
  };
  const livingSession = async (
    request: FastifyRequest,
    site: string,
    id: Buffer,
  ): Promise<CurrentSession | undefined> => {
    const current = await parts.currentById(id);
    return current !== undefined && (await isEnough(request, site, current)) ? current : undefined;
  };
  /** What the site requires of everybody, and the organisation of this person where they are now. */
  const requirementAt = async (
    request: FastifyRequest,
    site: string,
    current: CurrentSession | undefined,
  ): Promise<Requirement> => {
    const ofSite = await door.requirementOfSite(site);
    if (current === undefined) return ofSite;
    const ofPerson = await door.requiredOf(request, current);
    return { ...ofSite, required: stricter(ofSite.required, ofPerson) };
  };
  const isEnough = async (
    request: FastifyRequest,
    site: string,
    current: CurrentSession,
  ): Promise<boolean> => {
    const { proofs } = current.session;
    const { required, strengths } = await requirementAt(request, site, current);
    const { combinations } = await door.strengths();
    return satisfies(proofs, required) && strengths.every((id) => meets(proofs, combinations(id)));
  };

  // A proxy asks of every request: once a minute says enough.
  const tellsAgainAt = new Map<WhyNot, number>();
  const tell = (request: FastifyRequest, why: WhyNot): void => {
    const now = clock.now().getTime();
    if ((tellsAgainAt.get(why) ?? 0) > now) return;
    tellsAgainAt.set(why, now + 60_000);
    const { requestId } = visitorOf(request);
    const from = request.socket.remoteAddress;
    request.log.warn(
      { requestId, from, site: sites.claimedBy(request) },
      `a proxy was refused: ${refusals[why]}`,
    );
  };

  const answerProxy = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const wanted = sites.wantedBy(request);
    if (wanted === undefined) {
      const why = sites.whyNot(request);
      tell(request, why);
      return refuseProxy(reply, why);
    }
    const current = await signedInAt(request, wanted.site);
    if (current !== undefined) return reply.headers(identityHeaders(current.user)).send();

    const requirement = await door.requirementOfSite(wanted.site);
    if (!takesPasswords(requirement)) return askToSignIn(request, reply, wanted, false);
    const typed = readBasic(request.headers.authorization);
    if (typed === undefined) return askToSignIn(request, reply, wanted, true);
    if (typed === 'unreadable') return askForPassword(reply, wanted.site);
    const { address } = visitorOf(request);
    const appPasswordsOnly = requirement.required !== 'password';
    const verdict = await doors.judge({ door: 'http', address, ...typed, appPasswordsOnly });
    switch (verdict.kind) {
      case 'opened':
        return reply.headers(identityHeaders(verdict.user)).send();
      case 'refused':
        return askForPassword(reply, wanted.site);
      case 'busy':
        throw new TweestapError('BUSY');
    }
  };

  return (app) => {
    void app.register(async (asked) => {
      systemDoor(asked, { body: 'raw', origins: 'any', hosts: 'any' });
      asked.all('/forward-auth', answerProxy);
      if (parts.settings.sites.length === 0) return;

      asked.get(sitePaths.signIn, async (request, reply) => {
        const { site } = requireWanted(sites.wantedBy(request));
        // All tabs that are on the way share one, also where another got there first.
        const nonce = readCookie(request, nonceCookie) ?? tickets.nonce();
        setCookie(reply, nonceCookie, nonce, { maxAgeSeconds: nonceSeconds });
        const to = sites.pageOf(site, field(request, 'to'));
        const query = new URLSearchParams({ site, to, browser: tickets.markOf(site, nonce) });
        return sendOn(reply, `${origin}${ourPaths.signIn}?${query.toString()}`);
      });

      asked.get(sitePaths.callback, async (request, reply) => {
        const { site } = requireWanted(sites.wantedBy(request));
        const nonce = readCookie(request, nonceCookie);
        const id = await tickets.redeem(site, nonce, field(request, 'ticket') ?? '');
        const entered = id === undefined ? undefined : await livingSession(request, site, id);
        if (entered !== undefined) {
          setCookie(reply, sessionCookie, tickets.cookieFor(site, entered.session.id));
        } else if ((await signedInAt(request, site)) === undefined) {
          // Never to the page, which would ask to sign in: a browser without cookies would go round.
          return sendOn(reply, `${origin}${ourPaths.expired}`);
        }
        return sendOn(reply, `${site}${sites.pageOf(site, field(request, 'to'))}`);
      });
    });

    if (parts.settings.sites.length === 0) return;
    app.get(ourPaths.signIn, async (request, reply) => {
      const site = sites.find(field(request, 'site'));
      if (site === undefined) throw new TweestapError('NOT_FOUND');
      const mark = field(request, 'browser') ?? '';
      if (!/^[\w-]{43}$/.test(mark)) throw new TweestapError('REQUEST_MALFORMED');
      const to = sites.pageOf(site, field(request, 'to'));
      const current = await door.currentSession(request);
      if (current !== undefined && (await isEnough(request, site, current))) {
        const ticket = tickets.issue(site, mark, current.session.id);
        const query = new URLSearchParams({ ticket, to });
        return sendOn(reply, `${site}${sitePaths.callback}?${query.toString()}`);
      }
      const query = new URLSearchParams({ site, to, browser: mark });
      await door.begin(
        request,
        reply,
        {
          applicationId: site,
          applicationName: new URL(site).host,
          ...(await requirementAt(request, site, current)),
          anew: 'nothing',
          subject: current?.user.id,
          returnTo: `${ourPaths.signIn}?${query.toString()}`,
        },
        undefined,
      );
      return reply;
    });

    app.get(ourPaths.expired, () => {
      throw new TweestapError('ATTEMPT_EXPIRED');
    });
  };
}

/**
 * Whether a name and a password open a site that requires this at all. An app password stands in for the
 * second step, as at every door; for nothing that is asked for by its name.
 */
function takesPasswords({ required, strengths }: Requirement): boolean {
  return required !== 'phishing-resistant' && strengths.length === 0;
}

/**
 * Nobody is signed in. A browser that opens a page is sent to sign in; a script of a page learns no
 * more than that, or the browser would ask for a password by itself; a program is asked for one, where
 * one would do.
 */
function askToSignIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, page }: Wanted,
  isPasswordTaken: boolean,
): FastifyReply {
  const { headers } = request;
  const mode = headers['sec-fetch-mode'];
  const isScript =
    headers['x-requested-with'] !== undefined || (mode !== undefined && mode !== 'navigate');
  if (isScript) return reply.code(401).send();
  if (headers.accept?.includes('text/html') !== true) {
    return isPasswordTaken ? askForPassword(reply, site) : reply.code(401).send();
  }
  // nginx passes on no redirect, only what it was told of one.
  const status = field(request, 'answer') === '401' ? 401 : 302;
  const query = new URLSearchParams({ to: page });
  return reply
    .code(status)
    .header('location', `${site}${sitePaths.signIn}?${query.toString()}`)
    .send();
}

function askForPassword(reply: FastifyReply, site: string): FastifyReply {
  const challenge = `Basic realm="${new URL(site).host}", charset="UTF-8"`;
  return reply.code(401).header('www-authenticate', challenge).send();
}

/** What the log says of it, exactly. */
const refusals: Readonly<Record<WhyNot, string>> = {
  'no-sites': 'forwardAuth.sites names no site at all',
  'not-trusted': 'its address is not in http.trustedProxies',
  'no-such-site':
    'X-Forwarded-Proto and X-Forwarded-Host name no site of forwardAuth.sites, or one of them came twice',
};

/**
 * Nothing was judged: this is for whoever sets it up. Whether a proxy is trusted, and which sites there are,
 * only the log tells apart.
 */
function refuseProxy(reply: FastifyReply, why: WhyNot): FastifyReply {
  const said =
    why === 'no-sites'
      ? 'No site is guarded here: name its origin in forwardAuth.sites (TWEESTAP_FORWARD_AUTH_SITES).'
      : 'Either this proxy is not in http.trustedProxies, or X-Forwarded-Proto and X-Forwarded-Host name no site of forwardAuth.sites. The log of Tweestap says which.';
  return reply.code(403).header('content-type', 'text/plain; charset=utf-8').send(`${said}\n`);
}

function requireWanted(wanted: Wanted | undefined): Wanted {
  if (wanted === undefined) throw new TweestapError('NOT_FOUND');
  return wanted;
}

/** On to an address that we made of registered origins; what stands in this one stays here. */
function sendOn(reply: FastifyReply, address: string): FastifyReply {
  return reply.header('referrer-policy', 'no-referrer').redirect(address, 303);
}

function field(request: FastifyRequest, name: string): string | undefined {
  const { query } = request;
  const value: unknown =
    typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
