/**
 * Owns how the pages of one's own account are entered: by whoever is signed in, by whoever proved
 * their second step as well, by whoever did so lately. Who did not does it now, and comes back.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { TweestapError } from '../../errors/errors.ts';
import { visitorOf } from '../../http/site.ts';
import type { SecurityInfo } from '../../own-account/security-info.ts';
import type { Visitor } from '../../signin/telling.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import type { Signin } from '../../signin/signin.ts';
import { askToSignIn } from '../attempt.ts';
import { forAChange, stepUp } from '../step-up.ts';
import { ownOf, type Own } from './portal.ts';

export interface GuardParts {
  readonly currentSession: FindCurrentSession;
  readonly signin: Pick<Signin, 'open'>;
  readonly securityInfo: Pick<SecurityInfo, 'isOpen' | 'isFresh'>;
}

/** What stands behind a door; it answers the request. */
type Inside = (own: Own) => Promise<FastifyReply>;

export interface Guard {
  /** For whoever is signed in. Who is not anymore is sent to the sign-in. */
  signedIn(request: FastifyRequest, reply: FastifyReply, inside: Inside): Promise<FastifyReply>;
  /** For whoever proved a second step in this session; the others come back to `path` afterwards. */
  opened(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    inside: Inside,
  ): Promise<FastifyReply>;
  /** For whoever did so within the last minutes: what every change asks for. */
  fresh(
    request: FastifyRequest,
    reply: FastifyReply,
    path: string,
    inside: Inside,
  ): Promise<FastifyReply>;
}

/** Makes the guard. Behind each door a service may still find that time has run out meanwhile. */
export function createGuard(parts: GuardParts): Guard {
  const enter = async (
    request: FastifyRequest,
    reply: FastifyReply,
    inside: Inside,
    path: string | undefined,
    asked: { readonly freshSeconds?: number },
    isProved: (own: Own) => Promise<boolean>,
  ): Promise<FastifyReply> => {
    const own = await ownOf(parts.currentSession, request, reply);
    if (own === undefined) return reply;
    const prove = (returnTo: string, of = asked): Promise<FastifyReply> =>
      stepUp(parts.signin, request, reply, own.current, { ...of, returnTo });
    if (path !== undefined && !(await isProved(own))) return prove(path);
    try {
      return await inside(own);
    } catch (error) {
      if (!(error instanceof TweestapError)) throw error;
      if (error.code === 'NOT_SIGNED_IN') return askToSignIn(request, reply);
      if (error.code === 'STEP_UP_REQUIRED' && path !== undefined) return prove(path, forAChange);
      throw error;
    }
  };

  return {
    signedIn: (request, reply, inside) =>
      enter(request, reply, inside, undefined, {}, async () => true),
    opened: (request, reply, path, inside) =>
      enter(request, reply, inside, path, {}, ({ current }) => parts.securityInfo.isOpen(current)),
    fresh: (request, reply, path, inside) =>
      enter(request, reply, inside, path, forAChange, ({ current }) =>
        parts.securityInfo.isFresh(current),
      ),
  };
}

/** Who acts, for the audit log and the mails. */
export function actorOf(request: FastifyRequest, { frame }: Own): Visitor {
  return { locale: frame.locale, address: visitorOf(request).address };
}
