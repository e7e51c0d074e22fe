/**
 * Owns the composition: the only file that knows every concrete thing. An *installation* is what
 * the command line and the server both stand on (database, keys, policies, accounts); the *server* is
 * an installation that listens. Read `startTweestap`; the rest is its details.
 */
import { createHash, hkdfSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { pino } from 'pino';

import { createAppPasswords, type AppPasswords } from './app-passwords/app-passwords.ts';
import { createApplications, type Applications } from './applications/applications.ts';
import { messageSettled, signedOut } from './audit/audit.ts';
import type { AuditEvent } from './audit/audit-event.ts';
import type { Settings } from './config.ts';
import { createDelivery, type Delivery, type DeliveryReport } from './delivery/delivery.ts';
import type { Provider } from './delivery/provider.ts';
import { configuredProviders } from './delivery/providers/registry.ts';
import {
  createSimulatorNetwork,
  type SimulatorNetwork,
} from './delivery/providers/simulator/network.ts';
import { postWebhooksTo } from './delivery/providers/simulator/report.ts';
import { createSimulatorProvider } from './delivery/providers/simulator/simulator.ts';
import { TweestapError } from './errors/errors.ts';
import { createHttpServer } from './http/http.ts';
import { listen, type Listener } from './http/listener.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import type { Organisation } from './http/site.ts';
import { systemClock, type Clock } from './lib/clock.ts';
import { isOpenToOthers, makeKeyFile, readKeyFile } from './lib/key-file.ts';
import { createPasswordHasher, type PasswordHasher } from './lib/password-hash.ts';
import { systemRandom, type Random } from './lib/random.ts';
import { createSecretBox, type SecretBox, type SecretBoxKeys } from './lib/secret-box.ts';
import { createMethods, type Methods } from './methods/method.ts';
import { methods as allMethods } from './methods/registry.ts';
import { myProfileRoutes } from './pages/my-profile/my-profile.ts';
import { registrationBundle } from './pages/registration/bundle.ts';
import { registrationRoutes } from './pages/registration/registration.ts';
import { signInRoutes } from './pages/sign-in/sign-in.ts';
import { simulatorBundle, simulatorBundleName } from './pages/simulator/bundle.ts';
import type { SamplePerson } from './pages/simulator/sample-person.ts';
import { simulatorRoutes } from './pages/simulator/simulator.ts';
import { createPolicies, type Policies } from './policies/policies.ts';
import { createSigningKeys, type SigningKeys } from './protocols/oidc/keys.ts';
import { createOidc, type Oidc } from './protocols/oidc/oidc.ts';
import { createSigninDoor } from './protocols/oidc/signin-door.ts';
import { webhookRoutes } from './protocols/webhooks/webhooks.ts';
import { createSessions } from './sessions/sessions.ts';
import { createAdministration, type Administration } from './signin/administration.ts';
import { createCurrentSession } from './signin/current-session.ts';
import { createSignin, type Signin } from './signin/signin.ts';
import { openDatabase, type Database } from './stores/sql/database.ts';
import type { Damage } from './stores/sql/sealed.ts';
import { loadAssets, type Assets } from './ui/assets.ts';

/** What runs. */
export interface RunningServer {
  /** The origin people see. */
  readonly origin: string;
  /** Where it listens, which matters when any free port was asked for. */
  readonly port: number;
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
      onDamage: (damage) => logger.error({ damage }, 'a record was changed by somebody else'),
    });
    opened.push(() => installation.close());
    await options.sample?.prepare(installation);

    const service = await compose({
      installation,
      listener,
      origin,
      logger,
      metrics,
      people: async () => (await options.sample?.people(installation)) ?? [],
      advanceClock: shifted.advanceSeconds,
    });
    opened.push(() => service.close());
    await service.app.ready();
    service.delivery.start();
    const housekeeping = keepHouse(installation, service.keys, logger);
    opened.push(housekeeping.stop);
    const application = await options.sample?.startApplication?.(installation, { origin });
    const people = (await options.sample?.people(installation)) ?? [];
    let stopping: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      service.beginStopping();
      housekeeping.stop();
      await Promise.all([
        listener.close(stopMilliseconds),
        service.delivery.stop(),
        application?.stop(),
      ]);
      await service.close();
      await installation.close();
      metrics.stop();
      logger.info('stopped');
    };
    const startedInMs = performance.now() - startedAt;
    logger.info({ origin, host, port: listener.port, ms: Math.round(startedInMs) }, 'ready');
    return {
      origin,
      port: listener.port,
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
  readonly delivery: Delivery;
  readonly oidc: Oidc;
  readonly keys: SigningKeys;
  readonly network: SimulatorNetwork | undefined;
  /** Turns readiness red. */
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
  readonly people: () => Promise<readonly SamplePerson[]>;
  readonly advanceClock: (seconds: number) => void;
}): Promise<Service> {
  const { installation, listener, origin, logger, metrics } = parts;
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

  const providers =
    network === undefined ? installation.providers : [createSimulatorProvider(network)];
  const delivery = createDelivery({
    outbox: stores.outbox,
    providers,
    clock,
    random,
    report: (report) => logDelivery(logger, report),
    limits: { stopMilliseconds },
    onSettled: async (queued, event) => {
      const { attemptId, challengeId, userId, message } = queued;
      const provider = providers.find(({ kinds }) => kinds.includes(message.kind))?.name ?? 'none';
      await stores.audit.append(
        messageSettled(
          { at: clock.now(), userId, attemptId, address: '' },
          { kind: message.kind, provider, result: event.kind },
        ),
      );
      if (attemptId === undefined || challengeId === undefined) return;
      await signin.hear({ attemptId, challengeId, event });
    },
  });
  const signin = createSignin({
    stores,
    transact,
    methods,
    policies,
    sessions,
    appPasswords,
    hasher,
    box,
    clock,
    random,
    wakeDelivery: delivery.wake,
  });
  const keys = createSigningKeys({ store: stores.keys, clock, random });
  const oidc = createOidc({
    origin,
    store: stores.oidc,
    applications: stores.applications,
    sessions: stores.sessions,
    users: stores.users,
    keys,
    clock,
    door: createSigninDoor({
      signin,
      currentSession,
      sessions,
      policies,
      audit: stores.audit,
      clock,
    }),
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
      { name: 'database', check: rarely(1_000, () => pingDatabase(database, clock, logger)) },
      { name: 'keys', check: rarely(10_000, () => requireSigner(keys)) },
    ],
    isStopping: () => isStopping,
  });
  measure(metrics, installation);

  const pageParts = { signin, methods, currentSession };
  await app.register(signInRoutes(pageParts));
  await app.register(registrationRoutes(pageParts));
  await app.register(
    myProfileRoutes({
      currentSession,
      sessions,
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
  oidc.routes(app);
  webhookRoutes({
    outbox: stores.outbox,
    webhooks: stores.webhooks,
    clock,
    hear: signin.hear,
    simulator: network === undefined ? undefined : { secrets: [webhookSecret] },
  })(app);
  if (network !== undefined) {
    const { people, advanceClock } = parts;
    simulatorRoutes({ network, people, advanceClock, clock })(app);
  }

  return {
    app,
    signin,
    delivery,
    oidc,
    keys,
    network,
    beginStopping: () => {
      isStopping = true;
    },
    close: async () => {
      oidc.close();
      await delivery.stop();
      await network?.stop();
      await app.close();
    },
  };
}

interface Brand {
  readonly assets: () => Assets;
  readonly organisation: () => Promise<Organisation>;
}

/** The organisation's name and colour, as policy has them now. */
function createBrand(policies: Policies): Brand {
  const bundles = { registration: registrationBundle, [simulatorBundleName]: simulatorBundle };
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
      const { name, defaultLanguage, helpLink, brandColour: colour } = organisation;
      if (current?.colour !== colour) current = { colour, assets: load(colour) };
      return { name, defaultLanguage, helpLink, logoUrl: undefined };
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

/** Removes what has run out, on every node, about once a minute and not at the same moment. */
function keepHouse(
  { database, clock }: Installation,
  keys: SigningKeys,
  logger: FastifyBaseLogger,
): { stop(): void } {
  const { attempts, sessions, oidc, throttle, outbox, webhooks } = database.stores;
  const ago = (now: Date, hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
  const duties: Readonly<Record<string, (now: Date) => Promise<unknown>>> = {
    attempts: (now) => attempts.removeExpired(now),
    sessions: (now) => sessions.removeExpired(now),
    oidc: (now) => oidc.removeExpired(now),
    // Longer than any window and any pause.
    throttle: (now) => throttle.forget(ago(now, 72)),
    outbox: (now) => outbox.forget(ago(now, 30 * 24)),
    webhooks: (now) => webhooks.forget(ago(now, 24)),
    keys: () => keys.upkeep(),
  };
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const work = async (): Promise<void> => {
    for (const [duty, perform] of Object.entries(duties)) {
      if (isStopped) return;
      await perform(clock.now()).catch((error: unknown) => {
        logger.warn({ duty, err: error }, 'housekeeping failed');
      });
    }
    plan();
  };
  const plan = (): void => {
    if (isStopped) return;
    const pauseMs = 45_000 + Math.random() * 30_000;
    timer = setTimeout(() => void work(), pauseMs).unref();
  };
  plan();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
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

async function pingDatabase(
  database: Database,
  clock: Clock,
  logger: FastifyBaseLogger,
): Promise<void> {
  const { databaseTime } = await database.ping(clock.now());
  const aheadMs = databaseTime === undefined ? 0 : clock.now().getTime() - databaseTime.getTime();
  if (Math.abs(aheadMs) > 5_000) logger.warn({ aheadMs }, 'our clock and the database disagree');
}

async function requireSigner(keys: SigningKeys): Promise<void> {
  if ((await keys.published()).length === 0) throw new Error('there is no signing key');
}

/** A reason as a label: our own codes only, never what an administrator typed. */
function reasonCodeOf(reason: unknown): string {
  return typeof reason === 'string' && /^[a-z][a-z0-9-]{2,40}$/.test(reason) ? reason : '';
}

function measure(metrics: Metrics, { hasher, database, clock }: Installation): void {
  metrics.gauge('tweestap_password_hashes_running', 'Passwords being checked now.', () => {
    return hasher.metrics().running;
  });
  metrics.gauge('tweestap_password_hashes_waiting', 'Passwords waiting to be checked.', () => {
    return hasher.metrics().waiting;
  });
  metrics.gauge('tweestap_messages_last_hour', 'Texts and calls queued in the last hour.', () =>
    database.stores.outbox.countSince(
      ['text', 'call'],
      new Date(clock.now().getTime() - 3_600_000),
    ),
  );
}

function logDelivery(logger: FastifyBaseLogger, report: DeliveryReport): void {
  const isWell = report.kind === 'message-sent' || report.kind === 'message-postponed';
  logger[isWell ? 'info' : 'warn'](report, 'delivery');
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

/** Something that `check` found. */
export interface Finding {
  readonly part: 'keys' | 'database' | 'providers';
  readonly message: string;
  readonly isFault: boolean;
}

/** Looks at everything the settings name, without starting and without making anything. */
export async function examine(settings: Settings): Promise<readonly Finding[]> {
  const findings: Finding[] = keyFaults(settings).map((message) => ({
    part: 'keys',
    message,
    isFault: true,
  }));
  for (const provider of configuredProviders(settings.delivery)) {
    try {
      await provider.check();
    } catch (error) {
      findings.push({
        part: 'providers',
        message: `${provider.name}: ${whyOf(error)}`,
        isFault: true,
      });
    }
  }
  const found = await examineDatabase(settings);
  return [...findings, ...found];
}

async function examineDatabase(settings: Settings): Promise<readonly Finding[]> {
  const note = (message: string): Finding => ({ part: 'database', message, isFault: false });
  const fault = (message: string): Finding => ({ part: 'database', message, isFault: true });
  const { databaseUrl: url, dataFolder } = settings;
  if (url === undefined && !existsSync(databaseFile(settings))) {
    return [note(`${databaseFile(settings)} is not there yet: the first start makes it`)];
  }
  try {
    const keys =
      settings.secretKeys.length > 0 ? settings.secretKeys : readKeyFile(keyFileOf(settings));
    const [first, ...previous] = keys ?? [];
    // Without a key the tables can still be looked at.
    const box = createSecretBox(boxKeys([first ?? Buffer.alloc(32), ...previous]));
    const database = await openDatabase({ url, dataFolder, box });
    try {
      const { applied, pending, unknown } = await database.plan();
      if (unknown.length > 0)
        return [fault(`it was changed by a newer Tweestap: ${unknown.join(', ')}`)];
      if (applied.length === 0) return [note('it is empty: the first start prepares it')];
      const findings: Finding[] = [];
      if (pending.length > 0) {
        findings.push(note(`the next start brings it up to date: ${pending.join(', ')}`));
      }
      await database.ping(new Date());
      const kept = await database.stores.meta.read('key-check');
      if (first !== undefined && kept !== undefined && kept !== keyCheckOf(box)) {
        findings.push(fault('it was made with another secret key'));
      }
      return findings;
    } finally {
      await database.close();
    }
  } catch (error) {
    return [fault(whyOf(error))];
  }
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} ${error.cause.message}` : error.message;
}

/** What the command line and the server both stand on. */
export interface Installation {
  readonly settings: Settings;
  readonly database: Database;
  readonly box: SecretBox;
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: PasswordHasher;
  readonly methods: Methods;
  readonly policies: Policies;
  readonly applications: Applications;
  readonly appPasswords: AppPasswords;
  readonly administration: Administration;
  /** The providers that the settings name; the simulator is not among them. */
  readonly providers: readonly Provider[];
  close(): Promise<void>;
}

export interface InstallationOptions {
  /** The machine's clock unless told. */
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** For tests: SQLite may lose what was acknowledged when the power fails. */
  readonly synchronous?: 'FULL' | 'OFF' | undefined;
  readonly onAudited?: ((events: readonly AuditEvent[]) => void) | undefined;
  readonly onDamage?: ((damage: Damage) => void) | undefined;
  /** Whether an older database is brought up to date, as the server does; else only an empty one. */
  readonly upgrades?: boolean | undefined;
}

/** Opens the keys and the database. */
export async function openInstallation(
  settings: Settings,
  options: InstallationOptions = {},
): Promise<Installation> {
  const { clock = systemClock, random = systemRandom, synchronous = 'FULL' } = options;
  const box = createSecretBox(boxKeys(secretKeys(settings, random)));
  const database = await openDatabase({
    url: settings.databaseUrl,
    dataFolder: settings.dataFolder,
    box,
    synchronous,
    ...(options.onAudited === undefined ? {} : { onAudited: options.onAudited }),
    ...(options.onDamage === undefined ? {} : { onDamage: options.onDamage }),
  });
  try {
    await bringUpToDate(database, clock.now(), options.upgrades ?? false);
    await requireOwnKey(database, box);
  } catch (error) {
    await database.close();
    throw error;
  }
  const { stores, transact } = database;
  const hasher = createPasswordHasher();
  const methods = createMethods(allMethods);
  const appPasswords = createAppPasswords({ box, clock, random });
  return {
    settings,
    database,
    box,
    clock,
    random,
    hasher,
    methods,
    policies: createPolicies({ store: stores.policies, methods }),
    applications: createApplications({ store: stores.applications, transact, clock, random }),
    appPasswords,
    administration: createAdministration({ stores, transact, appPasswords, hasher, clock, random }),
    providers: configuredProviders(settings.delivery),
    close: () => database.close(),
  };
}

/** Where the key is kept that nobody configured. */
function keyFileOf(settings: Settings): string {
  return join(settings.dataFolder, 'secret.key');
}

function databaseFile(settings: Settings): string {
  return join(settings.dataFolder, 'tweestap.db');
}

/**
 * The keys of an installation, the one in use first: those of the settings, else those of the data
 * folder, else a new one. A database whose key is gone gets no new one: nothing in it would open.
 */
function secretKeys(settings: Settings, random: Random): readonly [Buffer, ...Buffer[]] {
  const [first, ...previous] = settings.secretKeys;
  if (first !== undefined) return [first, ...previous];
  const file = keyFileOf(settings);
  const kept = readKeyFile(file);
  if (kept !== undefined) return kept;
  if (existsSync(databaseFile(settings))) {
    throw new TweestapError('KEY_MISSING', {
      details: { reason: `${file} is gone, and the database beside it was made with it` },
    });
  }
  return makeKeyFile(file, random.bytes(32));
}

/** What is wrong with the keys; makes none. */
function keyFaults(settings: Settings): readonly string[] {
  if (settings.secretKeys.length > 0) return [];
  const file = keyFileOf(settings);
  try {
    if (readKeyFile(file) !== undefined) {
      return isOpenToOthers(file) ? [`${file} can be read by others: chmod 600 mends that`] : [];
    }
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return existsSync(databaseFile(settings))
    ? [`${file} is gone, and the database beside it was made with it: restore it`]
    : [];
}

/** A key is named after itself. What is looked up by a hash is hashed with the very first one. */
function boxKeys([current, ...previous]: readonly [Buffer, ...Buffer[]]): SecretBoxKeys {
  const named = (key: Buffer): { readonly id: string; readonly key: Buffer } => ({
    id: createHash('sha256').update('tweestap key id 1').update(key).digest('hex').slice(0, 12),
    key,
  });
  const oldest = previous.at(-1) ?? current;
  return {
    current: named(current),
    previous: previous.map(named),
    hashKey: Buffer.from(hkdfSync('sha256', oldest, Buffer.alloc(0), 'tweestap hash key 1', 32)),
  };
}

/** A new database is made ready; one of a newer program is left alone. */
async function bringUpToDate(database: Database, now: Date, upgrades: boolean): Promise<void> {
  const { applied, unknown, pending } = await database.plan();
  if (unknown.length > 0) {
    throw new TweestapError('CONFIGURATION_FAULTY', {
      details: { reason: `the database was changed by a newer Tweestap (${unknown.join(', ')})` },
    });
  }
  if (pending.length === 0) return;
  if (!upgrades && applied.length > 0) {
    throw new TweestapError('CONFIGURATION_FAULTY', {
      details: { reason: 'the database is older than this program: tweestap migrate --apply' },
    });
  }
  await database.migrate(now);
}

/** Nothing must be written with a key that does not open what is there (attack ATK-93). */
async function requireOwnKey(database: Database, box: SecretBox): Promise<void> {
  const own = keyCheckOf(box);
  if ((await database.stores.meta.settle('key-check', own)) === own) return;
  throw new TweestapError('KEY_MISSING', {
    details: { reason: 'the secret key is not the one that this database was made with' },
  });
}

/** What only the right key makes; tells nothing of the key. */
function keyCheckOf(box: SecretBox): string {
  return box.keyedHash('key-check', 'tweestap').toString('base64url');
}
