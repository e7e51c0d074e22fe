/** Owns what the engine needs of our sign-in, and how it is had: who is signed in, and asking them. */
import type { FastifyReply, FastifyRequest } from 'fastify';

import { signedOut } from '../../audit/audit.ts';
import type { AuditStore } from '../../audit/audit-store.ts';
import { seeOther } from '../../http/answer.ts';
import { attemptPath, dropSession, giveAttempt, sessionToken } from '../../http/sign-in-cookies.ts';
import { visitorOf } from '../../http/site.ts';
import type { Locale } from '../../i18n/locale.ts';
import type { Clock } from '../../lib/clock.ts';
import { isInNetworks } from '../../lib/ip.ts';
import type { Methods } from '../../methods/method.ts';
import type { Policies } from '../../policies/policies.ts';
import { strengthsIn, type Strengths } from '../../policies/strengths.ts';
import { requirementNamed, type Required, type Requirement } from '../../sessions/proven.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { AttemptRequest } from '../../signin/attempt.ts';
import type { CurrentSession, FindCurrentSession } from '../../signin/current-session.ts';
import type { Signin } from '../../signin/signin.ts';
import type { RestsOnTrust } from '../../signin/trust.ts';

export interface SigninDoor {
  /** The living session of this browser, and whose it is. */
  currentSession(request: FastifyRequest): Promise<CurrentSession | undefined>;
  /** What the organisation asks of whoever is signed in, from where and on what they are now. */
  requiredOf(request: FastifyRequest, current: CurrentSession): Promise<Required>;
  /** The authentication strengths as policy has them now. */
  strengths(): Promise<Strengths>;
  /** What this site behind a proxy requires of everybody. */
  requirementOfSite(site: string): Promise<Requirement>;
  /**
   * Opens an attempt and sends the browser to it. An attempt never finishes on what the session
   * proved before: it asks for something, so that nobody is sent round in circles.
   */
  begin(
    request: FastifyRequest,
    reply: FastifyReply,
    attempt: AttemptRequest,
    /** `ui_locales`: asked for where the person has not chosen a language on our pages. */
    wantedLocale: Locale | undefined,
  ): Promise<void>;
  /** Ends our own session of this browser and takes its cookie away (on `reply`). */
  endSession(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

/** The door to the state machine that every sign-in passes. */
export function createSigninDoor(parts: {
  readonly signin: Pick<Signin, 'open'>;
  readonly currentSession: FindCurrentSession;
  readonly sessions: Pick<Sessions, 'end'>;
  readonly restsOnTrust: RestsOnTrust;
  readonly policies: Pick<Policies, 'current'>;
  readonly methods: Methods;
  readonly audit: Pick<AuditStore, 'append'>;
  readonly clock: Clock;
}): SigninDoor {
  const { signin, sessions, policies, methods, audit, clock } = parts;
  const currentSession: SigninDoor['currentSession'] = (request) =>
    parts.currentSession(sessionToken(request));

  return {
    currentSession,
    requiredOf: async (request, current) => {
      if (current.user.perUserMfaState === 'disabled') return 'password';
      const { trustedIps } = await policies.current();
      const isSpared =
        isInNetworks(visitorOf(request).address, trustedIps) || (await parts.restsOnTrust(current));
      return isSpared ? 'password' : 'second-step';
    },
    strengths: async () => strengthsIn(await policies.current(), methods),
    requirementOfSite: async (site) => {
      const { sites } = await policies.current();
      return requirementNamed(sites.find((one) => one.site === site)?.required ?? 'password');
    },
    begin: async (request, reply, attempt, wantedLocale) => {
      const { locale, address, userAgent, chosenLocale } = visitorOf(request);
      const current = await currentSession(request);
      const session = current?.session;
      const opened = await signin.open({ request: attempt, locale, address, userAgent, session });
      giveAttempt(reply, opened.id, opened.browser);
      const isWish = chosenLocale === undefined && wantedLocale !== undefined;
      seeOther(reply, `${attemptPath(opened.id)}${isWish ? `?lang=${wantedLocale}` : ''}`);
    },
    endSession: async (request, reply) => {
      const session = await sessions.end(sessionToken(request));
      dropSession(reply);
      if (session === undefined) return;
      const { userId } = session;
      await audit.append(signedOut({ at: clock.now(), userId, actor: userId }));
    },
  };
}
