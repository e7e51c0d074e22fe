/**
 * Owns the composition: the one file that knows every concrete thing that answers. An installation
 * (`installation/`) that listens is a server. Read `startTweestap`; the rest is its details.
 */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { pino } from 'pino';

import { createApprovals } from './administration/approvals.ts';
import { createDeliveries } from './administration/deliveries.ts';
import type { DirectorySync } from './administration/directory-sync.ts';
import { createDirectoryWorker, type DirectoryWorker } from './administration/directory-worker.ts';
import { createJobWorker } from './administration/job-worker.ts';
import { createProvisioning } from './administration/provisioning.ts';
import { createProviding } from './administration/providing.ts';
import { whatIf } from './administration/what-if.ts';
import { createAuditQueue } from './audit/audit-queue.ts';
import { messageSettled, signedOut } from './audit/audit.ts';
import type { Settings } from './config.ts';
import { createDelivery, type Delivery, type DeliveryReport } from './delivery/delivery.ts';
import type { OutgoingMessage } from './delivery/message.ts';
import {
  createSimulatorNetwork,
  type SimulatorNetwork,
} from './delivery/providers/simulator/network.ts';
import { postWebhooksTo } from './delivery/providers/simulator/report.ts';
import { createSimulatorProvider } from './delivery/providers/simulator/simulator.ts';
import { createEventStreams, type EventStreams } from './http/event-stream.ts';
import { createHttpServer } from './http/http.ts';
import type { ReadinessCheck } from './http/operation.ts';
import { openLater } from './http/later.ts';
import { listen, type Listener } from './http/listener.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import type { Organisation } from './http/site.ts';
import type { UpstreamPasswords } from './accounts/upstream/passwords.ts';
import { keepHouse } from './installation/housekeeping.ts';
import {
  openInstallation,
  type Installation,
  type InstallationOptions,
} from './installation/installation.ts';
import { openUpstreamPasswords } from './installation/upstream-passwords.ts';
import { systemClock, type Clock } from './lib/clock.ts';
import { countryOf } from './lib/phone-number.ts';
import { appPath } from './methods/notification/protocol.ts';
import { createOwnAppPasswords } from './own-account/own-app-passwords.ts';
import { createOwnHardwareTokens } from './own-account/own-hardware-tokens.ts';
import { createOwnPassword } from './own-account/own-password.ts';
import { createOwnSignIns } from './own-account/own-sign-ins.ts';
import { createSecurityInfo } from './own-account/security-info.ts';
import { createTrustedDevices } from './own-account/trusted-devices.ts';
import { helpBundle } from './pages/help/bundle.ts';
import { createLogoUrl, logoRoutes } from './pages/logo.ts';
import { myProfileRoutes } from './pages/my-profile/my-profile.ts';
import { appPasswordsPath } from './pages/my-profile/app-passwords/path.ts';
import { changePasswordPath } from './pages/my-profile/change-password/path.ts';
import { recentSignInsPath } from './pages/my-profile/recent-sign-ins/path.ts';
import { securityInfoPath } from './pages/my-profile/security-info/path.ts';
import { trustedDevicesPath } from './pages/my-profile/trusted-devices/path.ts';
import { passwordResetBundle, passwordResetBundleName } from './pages/password-reset/bundle.ts';
import { passwordResetPath } from './pages/password-reset/path.ts';
import { registrationBundle } from './pages/registration/bundle.ts';
import { signInRoutes } from './pages/sign-in/sign-in.ts';
import { simulatorBundle, simulatorBundleName } from './pages/simulator/bundle.ts';
import type { SamplePerson } from './pages/simulator/sample-person.ts';
import type { Policies } from './policies/policies.ts';
import { authenticatorRoutes } from './protocols/authenticator/authenticator.ts';
import { forwardAuthRoutes } from './protocols/forward-auth/forward-auth.ts';
import { roots } from './protocols/graph/roots.ts';
import { openLdapDoor, type LdapDoor } from './protocols/ldap/ldap.ts';
import { treeOf } from './protocols/ldap/tree.ts';
import { createBearers } from './protocols/oidc/access-tokens.ts';
import { createSigningKeys, type SigningKeys } from './protocols/oidc/keys.ts';
import { createOidc, type Oidc } from './protocols/oidc/oidc.ts';
import { createSigninDoor } from './protocols/oidc/signin-door.ts';
import { listenForRadius, type RadiusListener } from './protocols/radius/listener.ts';
import { createRadius, type Radius, type RadiusEvent } from './protocols/radius/radius.ts';
import { scimPath } from './protocols/scim/path.ts';
import { createHearing } from './protocols/webhooks/hearing.ts';
import { listenToProviders } from './protocols/webhooks/listening.ts';
import { createSoundPath, soundRoutes } from './protocols/webhooks/sounds.ts';
import { webhookRoutes } from './protocols/webhooks/webhooks.ts';
import { createSessions } from './sessions/sessions.ts';
import { createCurrentSession } from './signin/current-session.ts';
import { createDevices } from './signin/devices.ts';
import { createDoors, type Doors } from './signin/doors.ts';
import type { SigninParts } from './signin/parts.ts';
import { createResetting } from './signin/resetting.ts';
import { createSignin, type Signin } from './signin/signin.ts';
import { createRestsOnTrust } from './signin/trust.ts';
import type { Database } from './stores/sql/database.ts';
import { loadAssets, type Assets } from './ui/assets.ts';
import { helpPath } from './ui/help.ts';

export interface RunningServer {
  /** The origin people see. */
  readonly origin: string;
  /** Where it listens, which matters when any free port was asked for. */
  readonly port: number;
  /** Where it listens for RADIUS; undefined where it does not. */
  readonly radiusPort: number | undefined;
  /** Where it listens for LDAP, and for LDAP over TLS; undefined where it does not. */
  readonly ldap: Pick<LdapDoor, 'port' | 'tlsPort'>;
  readonly sampleAppOrigin: string | undefined;
  readonly hasSimulator: boolean;
  /** Who can sign in to the sample organisation. */
  readonly people: readonly SampleAccount[];
  readonly startedInMs: number;
  /** Ends in under two seconds: what is under way is finished, nothing acknowledged is lost. */
  stop(): Promise<void>;
  /** For tests, which drive it from inside. */
  readonly parts: {
    readonly installation: Installation;
    readonly app: FastifyInstance;
    readonly signin: Signin;
    readonly doors: Doors;
    readonly network: SimulatorNetwork | undefined;
    /** Moves the service's clock; sample mode only. */
    readonly advanceClock: (seconds: number) => void;
  };
}

/** A person of the sample organisation, with a line for the terminal. */
export interface SampleAccount extends SamplePerson {
  readonly summary: string;
}

/** The sample organisation and its application, handed in: they stand on the installation. */
export interface Sample {
  /** Makes the organisation in an empty database; does nothing where it was made before. */
  readonly prepare: (installation: Installation) => Promise<void>;
  readonly people: (installation: Installation) => Promise<readonly SampleAccount[]>;
  /** Starts the sample application, once the server answers; absent: there is none. */
  readonly startApplication?: (
    installation: Installation,
    server: { readonly origin: string },
  ) => Promise<{ readonly origin: string; stop(): Promise<void> }>;
}

export interface StartOptions extends InstallationOptions {
  readonly sample?: Sample | undefined;
  /** Where the log goes; standard error unless told. */
  readonly logTo?: LogStream;
}

/** Starts the service. Rejects, with everything closed again, when anything it needs is missing. */
export async function startTweestap(
  settings: Settings,
  options: StartOptions = {},
): Promise<RunningServer> {
  const startedAt = performance.now();
  const logger = createLogger(settings, await readable(options.logTo ?? process.stderr));
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.toReversed()) await close();
  };
  try {
    // The socket first: a taken port is told before anything is touched, and a free one is known.
    const { host, port, maxConnections } = settings.http;
    const listener = await listen({ host, port, maxConnections });
    opened.push(() => listener.close(0));
    const origin = settings.publicUrl ?? `http://localhost:${listener.port}`;
    const radiusListener = await openRadius(settings, logger);
    opened.push(() => radiusListener?.close());

    const shifted = shiftedClock(options.clock ?? systemClock);
    const metrics = createMetrics();
    opened.push(() => metrics.stop());
    const installation = await openInstallation(settings, {
      upgrades: true,
      ...options,
      clock: shifted,
      onAudited: (events) => {
        for (const { kind, details } of events)
          metrics.event(kind, reasonCodeOf(details['reason']));
      },
      onJobFault: ({ job, error }) => {
        logger.error({ job, err: error }, 'a job failed for somebody');
      },
      onDirectoryFault: (error) => {
        logger.error({ err: error }, 'the directory could not be read to its end');
      },
      onDamage: (damage) => logger.error({ damage }, 'a record was changed by somebody else'),
    });
    opened.push(() => installation.close());
    await options.sample?.prepare(installation);
    const { upstream } = settings;
    const directory =
      upstream === undefined
        ? undefined
        : await openUpstreamPasswords(upstream, installation.random, (fault) => {
            if (fault === undefined) logger.info('the directory answers again');
            else logger.error({ err: fault }, 'the directory does not answer');
          });
    opened.push(() => directory?.stop());

    const service = await compose({
      installation,
      listener,
      origin,
      logger,
      metrics,
      upstream: directory?.passwords,
      people: async () => (await options.sample?.people(installation)) ?? [],
      advanceClock: shifted.advanceSeconds,
    });
    opened.push(() => service.close());
    await service.app.ready();
    service.beginDelivering();
    radiusListener?.attach(service.radius.receive);
    const ldap = await openLdap(installation, service.doors, origin, logger);
    opened.push(() => ldap?.close(0));
    const housekeeping = keepHouse(installation, service.keys, logger);
    opened.push(housekeeping.stop);
    const worker = createJobWorker({
      jobs: installation.jobs,
      link: `${origin}${securityInfoPath}`,
      signals: installation.database.signals,
      onFault: (error) => logger.error({ err: error }, 'long work was interrupted'),
    });
    worker.start();
    opened.push(worker.stop);
    const directoryWorker = directoryWorkerOf(installation, logger);
    directoryWorker?.start();
    opened.push(() => directoryWorker?.stop());
    const application = await options.sample?.startApplication?.(installation, { origin });
    const people = (await options.sample?.people(installation)) ?? [];
    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      service.beginStopping();
      housekeeping.stop();
      await Promise.all([
        worker.stop(),
        directoryWorker?.stop(),
        listener.close(stopMilliseconds),
        service.radius.stop().then(() => radiusListener?.close()),
        ldap?.close(stopMilliseconds),
        service.delivery.stop(),
        application?.stop(),
      ]);
      await service.close();
      directory?.stop();
      await installation.close();
      metrics.stop();
      logger.info('stopped');
    };
    const startedInMs = performance.now() - startedAt;
    logger.info({ origin, host, port: listener.port, ms: Math.round(startedInMs) }, 'ready');
    return {
      origin,
      port: listener.port,
      radiusPort: radiusListener?.port,
      ldap: { port: ldap?.port, tlsPort: ldap?.tlsPort },
      sampleAppOrigin: application?.origin,
      hasSimulator: service.network !== undefined,
      people,
      startedInMs,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
      parts: {
        installation,
        app: service.app,
        signin: service.signin,
        doors: service.doors,
        network: service.network,
        advanceClock: shifted.advanceSeconds,
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** How long whoever is being answered may take when the service ends. */
const stopMilliseconds = 1_200;

interface Service {
  readonly app: FastifyInstance;
  readonly signin: Signin;
  readonly doors: Doors;
  readonly delivery: Delivery;
  /** Begins to send, and to hear what providers report. */
  beginDelivering(): void;
  readonly oidc: Oidc;
  readonly radius: Radius;
  readonly keys: SigningKeys;
  readonly network: SimulatorNetwork | undefined;
  /** Turns readiness red, and lets go of whoever only waits. */
  beginStopping(): void;
  close(): Promise<void>;
}

/** Puts everything together that answers requests and sends messages. */
async function compose(parts: {
  readonly installation: Installation;
  readonly listener: Listener;
  readonly origin: string;
  readonly logger: FastifyBaseLogger;
  readonly metrics: Metrics;
  readonly upstream: UpstreamPasswords | undefined;
  readonly people: () => Promise<readonly SamplePerson[]>;
  readonly advanceClock: (seconds: number) => void;
}): Promise<Service> {
  const { installation, listener, origin, logger, metrics, upstream } = parts;
  const { settings, database, box, clock, random, hasher, methods, policies, appPasswords } =
    installation;
  const { stores, transact } = database;
  let isStopping = false;

  const sessions = createSessions({ store: stores.sessions, box, clock, random });
  const currentSession = createCurrentSession({ sessions, users: stores.users, clock });
  const webhookSecret = box.keyedHash('simulator-webhooks', origin);
  const network = settings.simulator
    ? createSimulatorNetwork({
        clock,
        random,
        secret: webhookSecret,
        deliver: postWebhooksTo(() => ({
          address: settings.http.host,
          port: listener.port,
          host: new URL(origin).host,
        })),
        onLost: (path, error) => logger.warn({ path, err: error }, 'a webhook was lost'),
        senders: { number: '+31201234500', mail: 'no-reply@voorbeeld.example' },
      })
    : undefined;

  // Of the sample organisation at most pushes are real, and they stay on this machine.
  const providers =
    network === undefined
      ? installation.providers
      : [
          ...installation.providers.filter(({ kinds }) => kinds.includes('push')),
          createSimulatorProvider(network),
        ];
  const delivery = createDelivery({
    outbox: stores.outbox,
    providers,
    clock,
    random,
    order: settings.delivery.order,
    rests: stores.rests,
    report: (report) => logDelivery(logger, report),
    limits: { stopMilliseconds },
    onSettled: async (queued, event, provider = 'none') => {
      const { attemptId, challengeId, userId, message } = queued;
      metrics.message({ kind: message.kind, provider, result: event.kind });
      await stores.audit.append(
        messageSettled(
          { at: clock.now(), userId, attemptId, address: '' },
          { kind: message.kind, provider, result: event.kind, ...countryOfReceiver(message) },
        ),
      );
      const isGone = event.kind === 'failed' && event.reason === 'gone';
      if (isGone && message.kind === 'push' && userId !== undefined) {
        await devices.forgetPush(userId, message.to, message.subscription.endpoint);
      }
      if (attemptId === undefined || challengeId === undefined) return;
      await signin.hear({ attemptId, challengeId, event });
    },
  });
  const signinParts: SigninParts = {
    stores,
    transact,
    methods,
    policies,
    sessions,
    appPasswords,
    hasher,
    upstream,
    box,
    clock,
    random,
    origin,
    wakeDelivery: delivery.wake,
    signals: database.signals,
  };
  const signin = createSignin(signinParts);
  const devices = createDevices(signinParts);
  const streams = createEventStreams({ signals: database.signals });
  const doors = createDoors(signinParts);
  const radius = createRadius({
    clients: stores.radiusClients,
    doors,
    signin,
    signals: database.signals,
    methods,
    policies,
    random,
    box,
    clock,
    origin,
    report: (event) => logRadius(logger, event),
  });
  const keys = createSigningKeys({ store: stores.keys, clock, random });
  const signinDoor = createSigninDoor({
    signin,
    currentSession,
    sessions,
    restsOnTrust: createRestsOnTrust({ stores, policies, box, clock }),
    policies,
    methods,
    audit: stores.audit,
    clock,
  });
  const oidc = createOidc({
    origin,
    store: stores.oidc,
    applications: stores.applications,
    sessions: stores.sessions,
    users: stores.users,
    keys,
    audit: stores.audit,
    clock,
    door: signinDoor,
    internalHosts: settings.oidc.internalHosts,
    report: (event) => logger.info({ event }, 'openid connect'),
  });

  const brand = createBrand(policies);
  await brand.organisation();
  const app = createHttpServer({
    origin,
    listener,
    assets: brand.assets,
    organisation: brand.organisation,
    keyedHash: (purpose, value) => box.keyedHash(purpose, value),
    token: (bytes) => random.token(bytes),
    requestId: () => random.base32(8),
    trustedProxies: settings.http.trustedProxies,
    metricsToken: settings.http.metricsToken,
    logger,
    metrics,
    readiness: [
      { name: 'database', check: rarely(1_000, () => pingDatabase(database, clock)) },
      { name: 'keys', check: rarely(10_000, () => requireSigner(keys)) },
      ...(upstream === undefined ? [] : [directoryCheck(upstream)]),
    ],
    isStopping: () => isStopping,
  });
  measure(metrics, installation, streams);
  if (upstream !== undefined) {
    metrics.gauge(
      'tweestap_directory_up',
      'Whether the directory that keeps passwords answers.',
      () => (upstream.fault() === undefined ? 1 : 0),
    );
  }

  const pageParts = { signin, methods, currentSession };
  await app.register(signInRoutes({ ...pageParts, streams }));
  const resetting = createResetting(signinParts);
  openLater(app, [passwordResetPath], async () => {
    const { passwordResetRoutes } = await import('./pages/password-reset/password-reset.ts');
    return passwordResetRoutes({ ...pageParts, resetting, policies });
  });
  openLater(app, ['/registration'], async () => {
    const { registrationRoutes } = await import('./pages/registration/registration.ts');
    return registrationRoutes(pageParts);
  });
  await app.register(
    myProfileRoutes({
      currentSession,
      sessions,
      users: stores.users,
      registrations: stores.registrations,
      policies,
      methods,
      clock,
      signedOut: async ({ userId }, request, reply) => {
        await stores.audit.append(signedOut({ at: clock.now(), userId, actor: userId }));
        await oidc.signedOut(request, reply);
      },
    }),
  );
  const ownParts = { ...pageParts, clock, securityInfo: createSecurityInfo(signinParts) };
  openLater(app, [securityInfoPath], async () => {
    const { securityInfoRoutes } =
      await import('./pages/my-profile/security-info/security-info.ts');
    return securityInfoRoutes({
      ...ownParts,
      hardwareTokens: createOwnHardwareTokens(signinParts),
    });
  });
  openLater(app, [appPasswordsPath], async () => {
    const { appPasswordRoutes } = await import('./pages/my-profile/app-passwords/app-passwords.ts');
    return appPasswordRoutes({ ...ownParts, ownAppPasswords: createOwnAppPasswords(signinParts) });
  });
  openLater(app, [trustedDevicesPath], async () => {
    const { trustedDeviceRoutes } =
      await import('./pages/my-profile/trusted-devices/trusted-devices.ts');
    return trustedDeviceRoutes({ ...ownParts, trustedDevices: createTrustedDevices(signinParts) });
  });
  openLater(app, [recentSignInsPath], async () => {
    const { recentSignInRoutes } =
      await import('./pages/my-profile/recent-sign-ins/recent-sign-ins.ts');
    return recentSignInRoutes({
      ...ownParts,
      ownSignIns: createOwnSignIns(signinParts),
      applications: {
        list: async () => [
          ...(await stores.applications.list()),
          ...(await stores.radiusClients.list()).map(({ id, name }) => ({ clientId: id, name })),
          ...settings.forwardAuth.sites.map((site) => ({
            clientId: site,
            name: new URL(site).host,
          })),
        ],
      },
    });
  });
  const ownPassword = createOwnPassword(signinParts);
  openLater(app, [changePasswordPath], async () => {
    const { changePasswordRoutes } =
      await import('./pages/my-profile/change-password/change-password.ts');
    return changePasswordRoutes({ ...ownParts, ownPassword });
  });
  const soundAt = createSoundPath(box);
  const providing = createProviding(signinParts);
  openLater(app, ['/admin'], async () => {
    const { adminRoutes } = await import('./pages/admin/admin.ts');
    return adminRoutes({
      ...ownParts,
      stores,
      policies,
      administration: installation.administration,
      box,
      hardwareTokens: installation.hardwareTokens,
      connecting: installation.connecting,
      approvals: createApprovals(signinParts),
      deliveries: createDeliveries(signinParts),
      numberBlocks: installation.numberBlocks,
      greetings: installation.greetings,
      soundAt,
      callerIds: [
        settings.delivery.twilio?.voiceFrom,
        settings.delivery.vonage?.voiceFrom,
        settings.delivery.sip?.from,
      ].filter((id) => id !== undefined),
      health: delivery.health,
      directory:
        settings.upstream === undefined || installation.directorySync === undefined
          ? undefined
          : { sync: installation.directorySync, settings: settings.upstream },
      whatIf: (supposed) => whatIf(signinParts, supposed),
      connected: {
        applications: installation.applications,
        radiusClients: installation.radiusClients,
        ldapClients: installation.ldapClients,
        ldapNames: (name, domain) => {
          const tree = treeOf(domain);
          return { bindDn: tree.clientDn(name), baseDn: tree.base };
        },
        sites: settings.forwardAuth.sites,
        doors: {
          origin,
          radiusPort: settings.radius.port,
          ldapPort: settings.ldap.port,
          ldapsPort: settings.ldap.tlsPort,
        },
      },
      governing: installation.governing,
      jobs: installation.jobs,
      providing,
      applications: stores.applications,
      streams,
      signals: database.signals,
    });
  });
  openLater(app, [helpPath()], async () => {
    const { helpRoutes } = await import('./pages/help/help.ts');
    return helpRoutes;
  });
  logoRoutes(app, policies);
  openLater(app, [appPath.slice(0, -1)], async () => {
    const { authenticatorAppRoutes } = await import('./pages/authenticator/authenticator.ts');
    return authenticatorAppRoutes;
  });
  oidc.routes(app);
  forwardAuthRoutes({
    origin,
    settings: settings.forwardAuth,
    trustedProxies: settings.http.trustedProxies,
    door: signinDoor,
    doors,
    sessions,
    users: stores.users,
    isFirst: (id) => stores.heard.firstTime('forward-auth', id, clock.now()),
    clock,
    box,
    random,
  })(app);
  await app.register(async (scope) =>
    authenticatorRoutes({
      devices,
      streams,
      applications: stores.applications,
      heard: stores.heard,
      box,
      clock,
      origin,
      pushKey: installation.pushKey,
    })(scope),
  );
  const bearer = createBearers({
    origin,
    store: stores.oidc,
    applications: stores.applications,
    sessions,
    users: stores.users,
    keys,
    clock,
  });
  openLater(app, Object.values(roots), async () => {
    const { graphRoutes } = await import('./protocols/graph/graph.ts');
    return graphRoutes({
      origin,
      stores,
      policies,
      methods,
      administration: installation.administration,
      governing: installation.governing,
      providing,
      applications: installation.applications,
      radiusClients: installation.radiusClients,
      ldapClients: installation.ldapClients,
      connecting: installation.connecting,
      jobs: installation.jobs,
      deliveries: createDeliveries(signinParts),
      greetings: installation.greetings,
      numberBlocks: installation.numberBlocks,
      approvals: createApprovals(signinParts),
      whatIf: (supposed) => whatIf(signinParts, supposed),
      hardwareTokens: installation.hardwareTokens,
      ownHardwareTokens: createOwnHardwareTokens(signinParts),
      ownPassword,
      bearer,
      box,
      clock,
    });
  });
  openLater(app, [scimPath], async () => {
    const { scimRoutes } = await import('./protocols/scim/scim.ts');
    const { administration } = installation;
    const provisioning = createProvisioning(signinParts);
    return scimRoutes({
      origin,
      stores,
      policies,
      methods,
      administration,
      provisioning,
      bearer,
      clock,
      random,
    });
  });
  soundRoutes(app, { greetings: stores.greetings, box });
  /** Where a provider of calls fetches a sound. */
  const soundAddress = (id: string): string => `${origin}${soundAt(id)}`;
  const hearing = createHearing({
    outbox: stores.outbox,
    heard: stores.heard,
    clock,
    hear: signin.hear,
  });
  webhookRoutes({
    hearing,
    outbox: stores.outbox,
    clock,
    simulator: network === undefined ? undefined : { secrets: [webhookSecret] },
    twilio:
      network !== undefined || settings.delivery.twilio === undefined
        ? undefined
        : { settings: settings.delivery.twilio, origin, soundAddress },
    vonage:
      network !== undefined || settings.delivery.vonage === undefined
        ? undefined
        : { settings: settings.delivery.vonage, origin, soundAddress },
    http: network === undefined ? { providers: settings.delivery.http, origin } : undefined,
  })(app);
  let stopListening: (() => Promise<void>) | undefined;
  if (network !== undefined) {
    const { people, advanceClock } = parts;
    openLater(app, ['/simulator'], async () => {
      const { simulatorRoutes } = await import('./pages/simulator/simulator.ts');
      return simulatorRoutes({ network, people, advanceClock, clock });
    });
  }

  return {
    app,
    signin,
    doors,
    delivery,
    beginDelivering: () => {
      delivery.start();
      stopListening = listenToProviders(providers, hearing);
    },
    oidc,
    radius,
    keys,
    network,
    beginStopping: () => {
      isStopping = true;
      streams.close();
    },
    close: async () => {
      oidc.close();
      await radius.stop();
      await delivery.stop();
      await stopListening?.();
      await network?.stop();
      await app.close();
      await doors.stop();
    },
  };
}

/**
 * Opens the door for LDAP, where it is wanted. As that of RADIUS, it stays shut where the port is taken
 * and nobody asked for it by name.
 */
async function openLdap(
  { settings, database, clock, ldapClients, policies }: Installation,
  doors: Doors,
  origin: string,
  logger: FastifyBaseLogger,
): Promise<LdapDoor | undefined> {
  try {
    return await openLdapDoor({
      settings: settings.ldap,
      dataFolder: settings.dataFolder,
      host: new URL(origin).hostname,
      doors,
      clients: ldapClients,
      users: database.stores.users,
      policies,
      audit: createAuditQueue(database.transact),
      clock,
      report: (error) => logger.error({ err: error }, 'an LDAP request failed'),
    });
  } catch (error) {
    const isTaken = error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE';
    if (!settings.isSample || !isTaken) throw error;
    const { port, tlsPort } = settings.ldap;
    logger.warn({ port, tlsPort }, 'a port for LDAP is taken: this goes without');
    return undefined;
  }
}

interface Brand {
  readonly assets: () => Assets;
  readonly organisation: () => Promise<Organisation>;
}

/** The organisation's name and colour, as policy has them now. */
function createBrand(policies: Policies): Brand {
  const bundles = {
    help: helpBundle,
    [passwordResetBundleName]: passwordResetBundle,
    registration: registrationBundle,
    [simulatorBundleName]: simulatorBundle,
  };
  const logoUrl = createLogoUrl();
  let current: { readonly colour: string; readonly assets: Assets } | undefined;

  /** Pages that were shown in another colour still ask for their own files. */
  const load = (colour: string): Assets => {
    const loaded = loadAssets({ brandColour: colour, bundles });
    const earlier = current?.assets.files ?? new Map<string, never>();
    return { ...loaded, files: new Map([...earlier, ...loaded.files]) };
  };

  return {
    assets: () => {
      if (current === undefined) throw new Error('the organisation was not read yet');
      return current.assets;
    },
    organisation: async () => {
      const { organisation } = await policies.current();
      const { name, defaultLanguage, helpLink, logo, brandColour: colour } = organisation;
      if (current?.colour !== colour) current = { colour, assets: load(colour) };
      return { name, defaultLanguage, helpLink, logoUrl: logoUrl(logo) };
    },
  };
}

/** The machine's time, moved by whoever plays with the simulator. */
function shiftedClock(clock: Clock): Clock & { advanceSeconds(seconds: number): void } {
  let shiftMs = 0;
  return {
    now: () => new Date(clock.now().getTime() + shiftMs),
    advanceSeconds: (seconds) => {
      shiftMs += Math.round(seconds * 1000);
    },
  };
}

/** A check that is asked often and looks rarely; whoever asks meanwhile gets the last answer. */
function rarely(everyMs: number, check: () => Promise<void>): () => Promise<void> {
  let last: { readonly at: number; readonly answer: Promise<void> } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > everyMs) last = { at: now, answer: check() };
    return last.answer;
  };
}

/**
 * Times are compared across nodes, so a machine whose clock is off must not answer (attack ATK-95). It
 * is the machine's own that is compared: the service's may be moved by whoever plays with the simulator.
 */
async function pingDatabase(database: Database, clock: Clock): Promise<void> {
  const { databaseTime } = await database.ping(clock.now());
  const now = systemClock.now().getTime();
  const aheadMs = databaseTime === undefined ? 0 : now - databaseTime.getTime();
  if (Math.abs(aheadMs) > mostSkewMs) {
    throw new Error(`our clock is ${aheadMs} ms ahead of the database's`);
  }
}

const mostSkewMs = 2_000;

async function requireSigner(keys: SigningKeys): Promise<void> {
  if ((await keys.published()).length === 0) throw new Error('there is no signing key');
}

/** A reason as a label: our own codes only, never what an administrator typed. */
function reasonCodeOf(reason: unknown): string {
  return typeof reason === 'string' && /^[a-z][a-z0-9-]{2,40}$/.test(reason) ? reason : '';
}

/** Shown, and no more: whoever the directory does not own signs in without it. */
function directoryCheck(upstream: UpstreamPasswords): ReadinessCheck {
  return {
    name: 'directory',
    isVital: false,
    check: async () => {
      const fault = upstream.fault();
      if (fault !== undefined) throw fault;
    },
  };
}

function measure(
  metrics: Metrics,
  { hasher, database, clock, directorySync }: Installation,
  streams: EventStreams,
): void {
  metrics.gauge('tweestap_event_streams', 'Pages and devices that wait for an event now.', () => {
    return streams.count();
  });
  metrics.gauge('tweestap_password_hashes_running', 'Passwords being checked now.', () => {
    return hasher.metrics().running;
  });
  metrics.gauge('tweestap_password_hashes_waiting', 'Passwords waiting to be checked.', () => {
    return hasher.metrics().waiting;
  });
  if (directorySync !== undefined) measureDirectory(metrics, directorySync);
  metrics.resting(() => database.stores.rests.list());
  metrics.gauge('tweestap_messages_last_hour', 'Texts and calls queued in the last hour.', () =>
    database.stores.outbox.countSince(
      ['text', 'call'],
      new Date(clock.now().getTime() - 3_600_000),
    ),
  );
}

function measureDirectory(metrics: Metrics, sync: DirectorySync): void {
  metrics.gauge(
    'tweestap_directory_sync_success_timestamp_seconds',
    'When the directory was last read to its end, in seconds since 1970; 0: never.',
    async () => {
      const { state } = await sync.look();
      return Math.floor((state?.succeededAt?.getTime() ?? 0) / 1000);
    },
  );
  metrics.gauge(
    'tweestap_directory_sync_held',
    'Accounts that would be switched off, and are not, since they are too many at once.',
    async () => {
      const { state } = await sync.look();
      return state?.last?.end.kind === 'held' ? state.last.end.disabling : 0;
    },
  );
}

/** Synchronises with the organisation's directory, where there is one. */
function directoryWorkerOf(
  { directorySync: sync, database: { signals } }: Installation,
  logger: FastifyBaseLogger,
): DirectoryWorker | undefined {
  if (sync === undefined) return undefined;
  const onFault = (error: unknown): void => {
    logger.error({ err: error }, 'the synchronisation with the directory was interrupted');
  };
  return createDirectoryWorker({ sync, signals, onFault });
}

/**
 * Opens the door for RADIUS, where it is wanted. The sample organisation goes without it where the
 * port is taken: nobody asked for it by name, and two of them may run on one machine.
 */
async function openRadius(
  { isSample, radius: { hosts, port } }: Settings,
  logger: FastifyBaseLogger,
): Promise<RadiusListener | undefined> {
  if (port === undefined) return undefined;
  try {
    return await listenForRadius({ hosts, port });
  } catch (error) {
    const isTaken = error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE';
    if (!isSample || !isTaken) throw error;
    logger.warn({ port }, 'the port for RADIUS is taken: this goes without');
    return undefined;
  }
}

function logRadius(logger: FastifyBaseLogger, { kind, error, ...event }: RadiusEvent): void {
  if (kind === 'failed') logger.error({ ...event, err: error }, 'a RADIUS request failed');
  else logger.warn(event, 'a RADIUS packet was dropped');
}

/** Where a text or a call goes: what it costs depends on that. */
function countryOfReceiver(message: OutgoingMessage): { readonly country?: string } {
  const country = message.kind === 'text' || message.kind === 'call' ? countryOf(message.to) : null;
  return country === null ? {} : { country };
}

const wellDelivered: ReadonlySet<DeliveryReport['kind']> = new Set([
  'message-sent',
  'message-postponed',
  'provider-is-back',
]);

function logDelivery(logger: FastifyBaseLogger, report: DeliveryReport): void {
  logger[wellDelivered.has(report.kind) ? 'info' : 'warn'](report, 'delivery');
}

type LogStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** One JSON object a line; on a terminal something that people read. */
function createLogger({ logLevel }: Settings, stream: LogStream): FastifyBaseLogger {
  return pino({ level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
}

async function readable(stream: LogStream): Promise<LogStream> {
  if (stream.isTTY !== true) return stream;
  const { PinoPretty } = await import('pino-pretty');
  return PinoPretty({
    colorize: true,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
    sync: true,
    destination: stream,
  });
}
