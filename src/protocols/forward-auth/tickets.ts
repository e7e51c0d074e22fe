/**
 * Owns what carries a sign-in from our origin to a site: a ticket for the way, a cookie for the stay.
 * Both name a session of ours and are worth nothing without it, so whatever ends that ends them too.
 */
import { timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';
import { SecretBoxError, type SecretBox } from '../../lib/secret-box.ts';

/** How long somebody may be on the way from our page to the site. */
export const ticketSeconds = 60;

export interface Tickets {
  /** A value for the browser's cookie of this site, before it comes to us. */
  nonce(): string;
  /** What may be seen of that on the way: it opens nothing by itself. */
  markOf(site: string, nonce: string): string;
  /** A ticket for this session, for this site, for the browser with this mark: once, for a minute. */
  issue(site: string, mark: string, sessionId: Buffer): string;
  /**
   * The session that a ticket is for. Undefined where it was used before, by whomever, is too old, is
   * for another site or another browser, or was not made here. Asking uses it up.
   */
  redeem(site: string, nonce: string | undefined, ticket: string): Promise<Buffer | undefined>;
  /** The value of a site's cookie for a session. */
  cookieFor(site: string, sessionId: Buffer): string;
  /** The session that a site's cookie names; undefined where it is not of our making, for that site. */
  sessionOf(site: string, cookie: string | undefined): Buffer | undefined;
}

const ticketShape = z.strictObject({
  id: z.string(),
  session: z.string(),
  mark: z.string(),
  expiresAt: z.number(),
});

/** Makes the service; `isFirst` tells, for all nodes and once only, that an id was never seen before. */
export function createTickets(parts: {
  readonly box: SecretBox;
  readonly random: Pick<Random, 'token'>;
  readonly clock: Clock;
  readonly isFirst: (id: string) => Promise<boolean>;
}): Tickets {
  const { box, random, clock, isFirst } = parts;
  const contextOf = (site: string): readonly string[] => ['forward-auth', 'ticket', site];
  const markOf: Tickets['markOf'] = (site, nonce) =>
    box.keyedHash('forward-auth-browser', `${site}\n${nonce}`).toString('base64url');
  const sealOf = (site: string, named: string): string =>
    box.keyedHash('forward-auth-session', `${site}\n${named}`).toString('base64url');

  return {
    nonce: () => random.token(32),
    markOf,
    issue: (site, mark, sessionId) => {
      const ticket: z.infer<typeof ticketShape> = {
        id: random.token(16),
        session: sessionId.toString('base64url'),
        mark,
        expiresAt: clock.now().getTime() + ticketSeconds * 1000,
      };
      return box.seal(JSON.stringify(ticket), contextOf(site)).toString('base64url');
    },
    redeem: async (site, nonce, ticket) => {
      const said = open(box, ticket, contextOf(site));
      // Used up before it is looked at: who found one does not get to try it twice.
      if (said === undefined || !(await isFirst(said.id))) return undefined;
      if (said.expiresAt <= clock.now().getTime() || nonce === undefined) return undefined;
      return isSame(said.mark, markOf(site, nonce))
        ? Buffer.from(said.session, 'base64url')
        : undefined;
    },
    cookieFor: (site, sessionId) => {
      const named = sessionId.toString('base64url');
      return `${named}.${sealOf(site, named)}`;
    },
    sessionOf: (site, cookie) => {
      const [, named, seal] = /^([\w-]{43})\.([\w-]{43})$/.exec(cookie ?? '') ?? [];
      if (named === undefined || seal === undefined) return undefined;
      return isSame(seal, sealOf(site, named)) ? Buffer.from(named, 'base64url') : undefined;
    },
  };
}

function open(
  box: SecretBox,
  ticket: string,
  context: readonly string[],
): z.infer<typeof ticketShape> | undefined {
  if (!/^[\w-]{1,1000}$/.test(ticket)) return undefined;
  try {
    const plain = box.open(Buffer.from(ticket, 'base64url'), context).toString('utf8');
    return ticketShape.parse(JSON.parse(plain));
  } catch (error) {
    if (error instanceof SecretBoxError) return undefined;
    throw error;
  }
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
