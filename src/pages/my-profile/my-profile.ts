/**
 * Owns My Profile: who is signed in here, how, and with what they can prove it; and signing out,
 * which ends the session here and lets the applications know.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import type { UserStore } from '../../accounts/user-store.ts';
import { frameOf, seeOther, sendPage } from '../../http/answer.ts';
import { form } from '../../http/parse.ts';
import { dropSession, sessionToken } from '../../http/sign-in-cookies.ts';
import { locales } from '../../i18n/locale.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import { optionsOf } from '../../registrations/options.ts';
import type { RegistrationStore } from '../../registrations/registration-store.ts';
import type { Session } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { FindCurrentSession } from '../../signin/current-session.ts';
import { ownOf } from './portal.ts';
import { profilePage, signedOutPage } from './views.ts';

export interface MyProfileParts {
  readonly currentSession: FindCurrentSession;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly users: Pick<UserStore, 'change'>;
  readonly registrations: Pick<RegistrationStore, 'list'>;
  readonly policies: Pick<Policies, 'current'>;
  readonly methods: Methods;
  readonly clock: Clock;
  /**
   * Told after a session was ended by its person: doors bring word to their applications. The person
   * is signed out here whatever happens there.
   */
  readonly signedOut: (
    session: Session,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<void>;
}

const languageForm = z.object({ language: z.enum(locales) });

/** Registers My Profile, sign-out and the page after it. */
export function myProfileRoutes(parts: MyProfileParts): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.get('/', (request, reply) => showProfile(request, reply));
    app.get('/my-profile', (request, reply) => showProfile(request, reply));

    app.post('/my-profile/language', async (request, reply) => {
      const own = await ownOf(parts.currentSession, request, reply);
      if (own === undefined) return reply;
      const { language } = form(request, languageForm);
      await parts.users.change(own.current.user.id, { preferredLanguage: language });
      // What was chosen for these pages alone would win from it.
      return seeOther(reply, `/my-profile?lang=${language}`);
    });

    app.get('/my-profile/language', (_request, reply) => seeOther(reply, '/my-profile'));

    app.post('/sign-out', async (request, reply) => {
      const session = await parts.sessions.end(sessionToken(request));
      dropSession(reply);
      if (session !== undefined) {
        await parts.signedOut(session, request, reply).catch((error: unknown) => {
          request.log.error({ requestId: request.id, error }, 'sign-out was not told');
        });
      }
      return seeOther(reply, '/signed-out');
    });

    app.get('/sign-out', (_request, reply) => seeOther(reply, '/'));
    app.get('/signed-out', (request, reply) => sendPage(reply, signedOutPage(frameOf(request))));
  };

  async function showProfile(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const own = await ownOf(parts.currentSession, request, reply);
    if (own === undefined) return reply;
    const { user } = own.current;
    const { methods } = parts;
    const registrations = await parts.registrations.list(user.id);
    const policy = await parts.policies.current();
    return sendPage(
      reply,
      profilePage({
        ...own,
        now: parts.clock.now(),
        registrations,
        options: optionsOf({ user, registrations, methods, policy }),
        methods,
      }),
    );
  }
}
