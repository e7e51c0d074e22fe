/**
 * Owns OpenID Connect: what applications ask us, and how somebody signs out of all of them. Read
 * `demand.ts` (what is asked of a person), `interactions.ts` (how they are asked) and
 * `configuration.ts` (how the engine is set up).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';

import type { UserStore } from '../../accounts/user-store.ts';
import type { AuditStore } from '../../audit/audit-store.ts';
import type { ApplicationStore } from '../../applications/application-store.ts';
import { seeOther, sendPage } from '../../http/answer.ts';
import { clearCookie } from '../../http/cookies.ts';
import { systemDoor } from '../../http/door.ts';
import { answerOf } from '../../http/error-page.ts';
import type { Fields } from '../../http/form-encoding.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Required } from '../../sessions/proven.ts';
import type { SessionStore } from '../../sessions/session-store.ts';
import { createCourier } from './courier.ts';
import { faultIn } from './engine-fault.ts';
import type { Engine } from './engine.ts';
import type { Report } from './events.ts';
import type { SigningKeys } from './keys.ts';
import type { OidcStore } from './oidc-store.ts';
import { enginePaths, interactionPath } from './paths.ts';
import { watchRevocations } from './revocations.ts';
import type { SigninDoor } from './signin-door.ts';
import { faultPage } from './views.ts';
import type { Visit } from './visit.ts';

export interface OidcParts {
  /** The origin people see: the issuer, and where every link leads. */
  readonly origin: string;
  readonly store: OidcStore;
  readonly applications: Pick<ApplicationStore, 'find' | 'list'>;
  readonly sessions: Pick<SessionStore, 'find'>;
  readonly users: Pick<UserStore, 'find'>;
  readonly keys: SigningKeys;
  /** Where it is written that everything of a person was ended. */
  readonly audit: Pick<AuditStore, 'list'>;
  readonly clock: Clock;
  readonly door: SigninDoor;
  /** Hosts of applications at private addresses that may be told of a sign-out. */
  readonly internalHosts: readonly string[];
  /** What somebody here could prove. Default: everything, up to a security key. */
  readonly offered?: readonly Required[];
  readonly report: Report;
}

export interface Oidc {
  /** Puts the addresses of OpenID Connect on the server. */
  routes(app: FastifyInstance): void;
  /**
   * Told after somebody ended the session of this browser: tells every application that was opened
   * from it, and ends what they were granted. Waits a moment for them, not longer; then the caller
   * answers.
   */
  signedOut(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /**
   * Tells applications now of whom everything was ended (attack ATK-34): by a block, a reset, a lost
   * phone. It does so by itself every two seconds.
   */
  tellRevocations(): Promise<void>;
  /** Loads the engine and looks at the signing keys now; each request does so once a minute. */
  refresh(): Promise<void>;
  /** Ends what is still on its way. */
  close(): void;
}

const freshForMs = 60_000;

/** Makes OpenID Connect. The engine is loaded with the first request, or by `refresh`. */
export function createOidc(parts: OidcParts): Oidc {
  const { door, report } = parts;
  const courier = createCourier({
    internalHosts: parts.internalHosts,
    livesHere: async (address) => {
      const applications = await parts.applications.list();
      return applications.some(
        ({ backchannelLogoutUri, redirectUris }) =>
          backchannelLogoutUri !== undefined &&
          new URL(backchannelLogoutUri).href === address.href &&
          redirectUris.some((uri) => originOf(uri) === address.origin),
      );
    },
    report: (delivered) => report({ kind: 'told', ...delivered }),
  });
  const engine = lateEngine(parts, (createEngine, keys) =>
    createEngine(
      {
        ...parts,
        courier,
        offered: parts.offered ?? ['password', 'second-step', 'phishing-resistant'],
        standingOf: ({ request, person, session }) =>
          person === undefined || session === undefined
            ? Promise.resolve('phishing-resistant')
            : door.requiredOf(request, { user: person, session }),
      },
      keys,
    ),
  );

  const revocations = watchRevocations({
    ...parts,
    tell: async (userId) => {
      const applications = await parts.applications.list();
      const clientIds = applications
        .filter(({ backchannelLogoutUri }) => backchannelLogoutUri !== undefined)
        .map(({ clientId }) => clientId);
      if (clientIds.length > 0) await (await engine.current()).sessions.tellAll(userId, clientIds);
    },
    failed: (error) => report({ kind: 'failed', error }),
  });

  const visitOf = async (
    request: FastifyRequest,
    reply: FastifyReply,
    by: Visit['by'],
  ): Promise<Visit> => {
    const visit: Visit = {
      request,
      reply,
      by,
      session: undefined,
      person: undefined,
      strengths: await door.strengths(),
      kept: undefined,
    };
    if (by === 'program') return visit;
    const current = await door.currentSession(request);
    return { ...visit, session: current?.session, person: current?.user };
  };

  const answerTo =
    (by: Visit['by']): RouteHandlerMethod =>
    async (request, reply) => {
      try {
        const visit = await visitOf(request, reply, by);
        const { answer } = await engine.current();
        reply.hijack();
        await answer(visit);
      } catch (error) {
        // Programs are answered by the server; people read a page.
        if (by === 'program') throw error;
        await showFault(reply, error);
      }
    };
  const showFault = async (reply: FastifyReply, error: unknown): Promise<void> => {
    const { code, status } = answerOf(faultIn(error) ?? error);
    if (status >= 500) report({ kind: 'failed', error });
    await sendPage(reply, faultPage(reply.request, code), { status });
  };

  const routes: Oidc['routes'] = (app) => {
    const program = answerTo('program');
    const browser = answerTo('browser');
    void app.register(async (scope) => {
      systemDoor(scope, { body: 'raw', origins: 'any' });
      scope.get('/.well-known/openid-configuration', program);
      scope.get('/.well-known/oauth-authorization-server', program);
      scope.get(enginePaths.jwks, program);
      scope.post(enginePaths.token, program);
      scope.get(enginePaths.userinfo, program);
      scope.post(enginePaths.userinfo, program);
      scope.post(enginePaths.revocation, program);
      scope.get(enginePaths.authorization, browser);
      scope.get(`${enginePaths.authorization}/:uid`, browser);
    });
    void app.register(async (scope) => {
      // An application may post what it asks of a browser (OpenID Connect Core §3.1.2.1, RP-Initiated
      // Logout §2). Cookies stay behind when another site posts: the browser asks again, as by a link.
      systemDoor(scope, { body: 'form', origins: 'any' });
      for (const path of [enginePaths.authorization, enginePaths.end_session]) {
        scope.post<{ Body: Fields | undefined }>(path, async (request, reply) =>
          seeOther(reply, `${path}?${new URLSearchParams(request.body).toString()}`),
        );
      }
    });
    void app.register(async (scope) => {
      // What a cookie opens is for our own pages alone; the engine checks its token besides.
      systemDoor(scope, { body: 'raw', origins: 'ours' });
      scope.get(enginePaths.end_session, browser);
      scope.post(`${enginePaths.end_session}/confirm`, browser);
    });
    app.get(interactionPath(':uid'), async (request, reply) => {
      try {
        const visit = await visitOf(request, reply, 'browser');
        await (await engine.current()).interact(visit);
      } catch (error) {
        await showFault(reply, error);
      }
      return reply;
    });
  };

  return {
    routes,
    signedOut: async (request, reply) => {
      clearCookie(reply, 'oidc');
      const { sessions } = await engine.current();
      await sessions.end(await visitOf(request, reply, 'program'));
    },
    tellRevocations: () => revocations.look(),
    refresh: engine.refresh,
    close: () => {
      revocations.stop();
      courier.close();
    },
  };
}

type CreateEngine = typeof import('./engine.ts').createEngine;
type Keys = Parameters<CreateEngine>[1];

/**
 * The engine, made anew whenever the signing keys change: requests under way end with the one they
 * began with. While the keys cannot be read, the last engine goes on.
 */
function lateEngine(
  { keys, report }: Pick<OidcParts, 'keys' | 'report'>,
  make: (createEngine: CreateEngine, keys: Keys) => Engine,
): { current(): Promise<Engine>; refresh(): Promise<void> } {
  let made: { readonly engine: Engine; readonly kids: string; checkedAt: number } | undefined;
  let checking: Promise<Engine> | undefined;

  const check = async (): Promise<Engine> => {
    const [{ createEngine }, published] = await Promise.all([
      import('./engine.ts'),
      keys.published(),
    ]);
    const kids = published.map(({ kid }) => kid).join(' ');
    const engine = made?.kids === kids ? made.engine : make(createEngine, published);
    made = { engine, kids, checkedAt: performance.now() };
    return engine;
  };
  const checkOnce = (): Promise<Engine> => {
    checking ??= check().finally(() => {
      checking = undefined;
    });
    return checking;
  };

  return {
    refresh: async () => {
      await checkOnce();
    },
    current: async () => {
      if (made === undefined) return checkOnce();
      if (performance.now() - made.checkedAt < freshForMs) return made.engine;
      try {
        return await checkOnce();
      } catch (error) {
        report({ kind: 'failed', error });
        made.checkedAt = performance.now();
        return made.engine;
      }
    },
  };
}

/** The origin of an address; undefined of what is none, such as an address of a phone's own app. */
function originOf(uri: string): string | undefined {
  return URL.canParse(uri) ? new URL(uri).origin : undefined;
}
