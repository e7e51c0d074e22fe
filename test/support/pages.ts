/** The pages of a sign-in on a real state machine and database, over injected requests. */
import type { FastifyInstance } from 'fastify';

import { createGreetings } from '../../src/administration/greetings.ts';
import { createDeliveries } from '../../src/administration/deliveries.ts';
import { createNumberBlocks } from '../../src/administration/number-blocks.ts';
import { createApprovals } from '../../src/administration/approvals.ts';
import { createConnecting } from '../../src/administration/connecting.ts';
import { whatIf } from '../../src/administration/what-if.ts';
import { createProviding } from '../../src/administration/providing.ts';
import { createApplications } from '../../src/applications/applications.ts';
import { createLdapClients } from '../../src/applications/ldap-clients.ts';
import { createRadiusClients } from '../../src/applications/radius-clients.ts';
import { healthOf } from '../../src/delivery/health.ts';
import { attemptPath, giveAttempt } from '../../src/http/sign-in-cookies.ts';
import { seeOther } from '../../src/http/answer.ts';
import { createEventStreams } from '../../src/http/event-stream.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { createMethods } from '../../src/methods/method.ts';
import { methods } from '../../src/methods/registry.ts';
import { createOwnAppPasswords } from '../../src/own-account/own-app-passwords.ts';
import { createOwnHardwareTokens } from '../../src/own-account/own-hardware-tokens.ts';
import { createOwnPassword } from '../../src/own-account/own-password.ts';
import { createOwnSignIns } from '../../src/own-account/own-sign-ins.ts';
import { logoRoutes } from '../../src/pages/logo.ts';
import { adminRoutes, type AdminPageParts } from '../../src/pages/admin/admin.ts';
import { helpBundle } from '../../src/pages/help/bundle.ts';
import { helpRoutes } from '../../src/pages/help/help.ts';
import { myProfileRoutes } from '../../src/pages/my-profile/my-profile.ts';
import { appPasswordRoutes } from '../../src/pages/my-profile/app-passwords/app-passwords.ts';
import { changePasswordRoutes } from '../../src/pages/my-profile/change-password/change-password.ts';
import { recentSignInRoutes } from '../../src/pages/my-profile/recent-sign-ins/recent-sign-ins.ts';
import { securityInfoRoutes } from '../../src/pages/my-profile/security-info/security-info.ts';
import { trustedDeviceRoutes } from '../../src/pages/my-profile/trusted-devices/trusted-devices.ts';
import { registrationBundle } from '../../src/pages/registration/bundle.ts';
import { registrationRoutes } from '../../src/pages/registration/registration.ts';
import { signInRoutes } from '../../src/pages/sign-in/sign-in.ts';
import { requirableNames } from '../../src/policies/strengths.ts';
import { createPolicies } from '../../src/policies/policies.ts';
import { policySchema } from '../../src/policies/policy-schema.ts';
import type { Session } from '../../src/sessions/session.ts';
import { createSessions } from '../../src/sessions/sessions.ts';
import { createCurrentSessions } from '../../src/signin/current-session.ts';
import type { SigninParts } from '../../src/signin/parts.ts';
import { httpServerForTests, testOrigin } from './http-server.ts';
import { startHall, type Hall } from './signin.ts';

export interface Pages extends Hall {
  readonly server: FastifyInstance;
  /** The sessions that were ended by signing out. */
  readonly signedOut: readonly Session[];
  /** A call is answered and these keys are pressed once the voice has spoken. */
  pressesKeys(keys: string): Promise<void>;
}

/**
 * Starts them; close them at the end. `policy` as an administrator would write it; `directory` makes what the
 * portal knows of the organisation's directory, nothing unless told; `upstream` is who keeps its passwords.
 */
export async function startPages(
  policy: unknown = {},
  directory: (hall: Hall) => AdminPageParts['directory'] = () => undefined,
  upstream?: SigninParts['upstream'],
): Promise<Pages> {
  const hall = await startHall(undefined, { upstream });
  const { stores, clock, signin, database } = hall;
  const { version } = await stores.policies.read();
  await stores.policies.write(version, policySchema.parse(policy));

  const all = createMethods(methods);
  const sessions = createSessions({
    store: stores.sessions,
    box: database.box,
    clock,
    random: systemRandom,
  });
  const currentSessions = createCurrentSessions({
    sessions,
    store: stores.sessions,
    users: stores.users,
    policies: hall.policies,
    clock,
  });
  const currentSession = currentSessions.byToken;
  const signedOut: Session[] = [];
  const server = httpServerForTests({
    bundles: { help: helpBundle, registration: registrationBundle },
  });
  const streams = createEventStreams({ signals: database.database.signals });
  await server.register(signInRoutes({ signin, methods: all, currentSession, streams }));
  await server.register(registrationRoutes({ signin, methods: all, currentSession }));
  await server.register(
    myProfileRoutes({
      currentSession,
      sessions,
      users: stores.users,
      registrations: stores.registrations,
      policies: createPolicies({ store: stores.policies, methods: all }),
      methods: all,
      clock,
      signedOut: async (session) => {
        signedOut.push(session);
      },
    }),
  );
  const { securityInfo } = hall;
  const ownParts = { signin, securityInfo, currentSession, methods: all, clock };
  await server.register(
    securityInfoRoutes({ ...ownParts, hardwareTokens: createOwnHardwareTokens(hall.parts) }),
  );
  await server.register(
    appPasswordRoutes({ ...ownParts, ownAppPasswords: createOwnAppPasswords(hall.parts) }),
  );
  await server.register(trustedDeviceRoutes({ ...ownParts, trustedDevices: hall.trustedDevices }));
  await server.register(
    recentSignInRoutes({
      ...ownParts,
      ownSignIns: createOwnSignIns(hall.parts),
      applications: stores.applications,
    }),
  );
  await server.register(
    changePasswordRoutes({ ...ownParts, ownPassword: createOwnPassword(hall.parts) }),
  );
  await server.register(
    adminRoutes({
      ...ownParts,
      stores,
      policies: hall.policies,
      administration: hall.administration,
      passwordElsewhere: createOwnPassword(hall.parts).elsewhere,
      box: hall.parts.box,
      governing: hall.governing,
      hardwareTokens: hall.hardwareTokens,
      connecting: createConnecting({ ...hall.parts, transact: hall.database.transact }),
      connected: connectedTo(hall),
      approvals: createApprovals(hall.parts),
      deliveries: createDeliveries(hall.parts),
      numberBlocks: createNumberBlocks({ ...hall.parts, transact: hall.database.transact }),
      greetings: createGreetings(hall.parts),
      soundAt: (id) => `/sounds/${id}/mark`,
      callerIds: ['+31201234567'],
      health: async () => healthOf(sampleCarriers, [], await stores.outbox.tally(new Date(0))),
      whatIf: (supposed) => whatIf(hall.parts, supposed),
      directory: directory(hall),
      jobs: hall.jobs,
      providing: createProviding(hall.parts),
      applications: stores.applications,
      streams,
      signals: hall.database.database.signals,
    }),
  );
  helpRoutes(server);
  logoRoutes(server, hall.policies);
  // An application's door, in short: opens an attempt, and is where the browser comes back to.
  server.get('/app', async (_request, reply) => {
    const { id, browser } = await signin.open({
      request: {
        applicationId: 'intranet',
        applicationName: 'Intranet',
        required: 'password',
        anew: 'nothing',
        returnTo: '/app/entered',
        subject: undefined,
      },
      locale: 'en',
      address: '127.0.0.1',
      userAgent: 'test',
      session: undefined,
    });
    giveAttempt(reply, id, browser);
    return seeOther(reply, attemptPath(id));
  });
  await server.ready();

  return {
    ...hall,
    server,
    signedOut,
    pressesKeys: async (keys) => {
      for (const { message, attemptId, challengeId } of await hall.sent()) {
        if (message.kind !== 'call' || attemptId === undefined || challengeId === undefined)
          continue;
        await signin.hear({ attemptId, challengeId, event: { kind: 'answered' } });
        await signin.hear({
          attemptId,
          challengeId,
          event: { kind: 'keys', keys, promptSpoken: true },
        });
      }
    },
    close: async () => {
      streams.close();
      await server.close();
      await hall.close();
    },
  };
}

/** What is connected, with every door open. */
function connectedTo({ parts, database, stores }: Hall): AdminPageParts['connected'] {
  const own = { ...parts, transact: database.transact };
  return {
    applications: createApplications({
      ...own,
      store: stores.applications,
      requirable: async () => requirableNames(await parts.policies.current()),
    }),
    radiusClients: createRadiusClients({ ...own, store: stores.radiusClients }),
    ldapClients: createLdapClients({ ...own, store: stores.ldapClients }),
    ldapNames: (name, domain) => ({
      bindDn: `cn=${name},ou=services,dc=${domain}`,
      baseDn: `dc=${domain}`,
    }),
    sites: ['https://wiki.example'],
    doors: { origin: testOrigin, radiusPort: 18_120, ldapPort: undefined, ldapsPort: 3636 },
  };
}

/** Who would carry messages, if any were sent. */
const sampleCarriers = [{ name: 'carrier', kinds: ['text', 'call', 'mail', 'push'] as const }];
