/**
 * Tweestap as an OpenID Connect provider, whole: real database, real sign-in pages, real sockets on
 * this machine. For tests with an independent application in front of it.
 */
import { createHmac, randomBytes } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';

import type { User } from '../../src/accounts/user.ts';
import {
  createApplications,
  type Applications,
  type NewApplication,
} from '../../src/applications/applications.ts';
import { createEventStreams } from '../../src/http/event-stream.ts';
import { createHttpServer } from '../../src/http/http.ts';
import { listen } from '../../src/http/listener.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { createMethods } from '../../src/methods/method.ts';
import { methods } from '../../src/methods/registry.ts';
import { myProfileRoutes } from '../../src/pages/my-profile/my-profile.ts';
import { registrationBundle } from '../../src/pages/registration/bundle.ts';
import { registrationRoutes } from '../../src/pages/registration/registration.ts';
import { signInRoutes } from '../../src/pages/sign-in/sign-in.ts';
import { requirableNames } from '../../src/policies/strengths.ts';
import type { OidcEvent } from '../../src/protocols/oidc/events.ts';
import { createSigningKeys, type SigningKeys } from '../../src/protocols/oidc/keys.ts';
import { createOidc, type Oidc, type OidcParts } from '../../src/protocols/oidc/oidc.ts';
import { createSigninDoor } from '../../src/protocols/oidc/signin-door.ts';
import { createSessions, type Sessions } from '../../src/sessions/sessions.ts';
import { createRestsOnTrust } from '../../src/signin/trust.ts';
import { createCurrentSessions } from '../../src/signin/current-session.ts';
import { loadAssets } from '../../src/ui/assets.ts';
import { newBrowser, type Browser, type Screen } from './wire-browser.ts';
import type { FreshDatabase } from './database.ts';
import { password, startHall, type Hall } from './signin.ts';

export interface Provider extends Hall {
  readonly origin: string;
  readonly oidc: Oidc;
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  readonly applications: Applications;
  readonly server: FastifyInstance;
  /** What the operator's log would say. */
  readonly events: readonly OidcEvent[];
  /** Adds an application; throws where it is refused. */
  application(
    request: NewApplication,
  ): Promise<{ readonly clientId: string; readonly clientSecret: string | undefined }>;
  browser(options?: { readonly language?: string }): Browser;
  /** Types name and password, and the code of the app where one is asked for. */
  signsIn(browser: Browser, user: User): Promise<Screen>;
}

const assets = loadAssets({ bundles: { registration: registrationBundle } });

/** Starts it on a free port; close it at the end. `on` lets a second node share a database. */
export async function startProvider(
  options: {
    readonly on?: FreshDatabase;
    /** For injected requests: the origin people would see behind a proxy. */
    readonly origin?: string;
    readonly change?: (parts: OidcParts) => OidcParts;
  } = {},
): Promise<Provider> {
  const hall = await startHall(options.on);
  const { stores, clock, signin, database, policies } = hall;
  // The engine's own tokens are timed by the machine's clock.
  clock.set(new Date());
  const { transact, box } = database;
  const listener = await listen({ host: '127.0.0.1', port: 0 });
  const origin = options.origin ?? `http://127.0.0.1:${listener.port}`;
  const key = randomBytes(32);
  const server = createHttpServer({
    origin,
    listener,
    assets: () => assets,
    organisation: async () => ({
      name: 'Voorbeeld',
      defaultLanguage: 'en',
      logoUrl: undefined,
      helpLink: undefined,
    }),
    keyedHash: (purpose, value) =>
      createHmac('sha256', key).update(`${purpose}\n${value}`).digest(),
    token: systemRandom.token,
    requestId: () => systemRandom.base32(8),
    trustedProxies: [],
    logger: pino({ level: 'silent' }),
    metrics: createMetrics(),
    metricsToken: undefined,
    readiness: [],
    isStopping: () => false,
  });

  const all = createMethods(methods);
  const sessions = createSessions({ store: stores.sessions, box, clock, random: systemRandom });
  const currentSessions = createCurrentSessions({
    sessions,
    store: stores.sessions,
    users: stores.users,
    policies,
    clock,
  });
  const currentSession = currentSessions.byToken;
  const keys = createSigningKeys({ store: stores.keys, clock, random: systemRandom });
  const events: OidcEvent[] = [];
  const parts: OidcParts = {
    origin,
    store: stores.oidc,
    applications: stores.applications,
    sessions: currentSessions.unlessOver,
    users: stores.users,
    keys,
    audit: stores.audit,
    clock,
    door: createSigninDoor({
      signin,
      currentSession,
      sessions,
      restsOnTrust: createRestsOnTrust({ stores, policies, box, clock }),
      policies,
      methods: all,
      audit: stores.audit,
      clock,
    }),
    internalHosts: [],
    report: (event) => events.push(event),
  };
  const oidc = createOidc(options.change?.(parts) ?? parts);
  oidc.routes(server);
  const streams = createEventStreams({ signals: database.database.signals });
  await server.register(signInRoutes({ signin, methods: all, currentSession, streams }));
  await server.register(registrationRoutes({ signin, methods: all, currentSession }));
  await server.register(
    myProfileRoutes({
      currentSession,
      sessions,
      users: stores.users,
      registrations: stores.registrations,
      policies,
      methods: all,
      clock,
      signedOut: (_session, request, reply) => oidc.signedOut(request, reply),
    }),
  );
  await server.ready();
  const applications = createApplications({
    store: stores.applications,
    transact,
    clock,
    random: systemRandom,
    requirable: async () => requirableNames(await policies.current()),
  });

  return {
    ...hall,
    origin,
    oidc,
    keys,
    sessions,
    applications,
    server,
    events,
    application: async (request) => {
      const added = await applications.add(request, 'test');
      if (added.kind === 'refused') throw new Error(JSON.stringify(added.faults));
      return { clientId: added.application.clientId, clientSecret: added.clientSecret };
    },
    browser: (browserOptions) => newBrowser(origin, browserOptions),
    signsIn: async (browser, user) => {
      if (browser.screen.heading === 'Sign in') {
        await browser.press('Next', { name: user.userPrincipalName });
      }
      if (browser.screen.heading === 'Enter your password') {
        await browser.press('Sign in', { password });
      }
      if (browser.screen.html.includes('name="code"')) {
        // A code is good once: the next one is not there before the next half minute.
        clock.advanceSeconds(30);
        await browser.press('Verify', { code: hall.appCode() });
      }
      return browser.screen;
    },
    close: async () => {
      oidc.close();
      streams.close();
      await server.close();
      await listener.close(100);
      if (options.on === undefined) await hall.close();
    },
  };
}
