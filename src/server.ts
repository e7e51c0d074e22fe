/**
 * Owns the start and the end of a server: an installation (`installation/`) that listens, with all that it
 * answers with (`serving/`). Read `startTweestap`; the rest is its details.
 */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';

import { directorySyncTopic } from './administration/directory/sync-parts.ts';
import { jobsTopic } from './administration/jobs/job.ts';
import { createWorker, type Worker } from './administration/worker.ts';
import type { Settings } from './config.ts';
import type { SimulatorNetwork } from './delivery/providers/simulator/network.ts';
import { listen } from './http/listener.ts';
import { createMetrics } from './http/metrics.ts';
import { keepHouse } from './installation/housekeeping.ts';
import {
  openInstallation,
  type Installation,
  type InstallationOptions,
} from './installation/installation.ts';
import { openUpstreamPasswords } from './installation/upstream-passwords.ts';
import { systemClock } from './lib/clock.ts';
import { securityInfoPath } from './pages/my-profile/security-info/path.ts';
import type { SamplePerson } from './pages/simulator/sample-person.ts';
import type { LdapDoor } from './protocols/ldap/ldap.ts';
import { createLogger, readable, type LogStream } from './serving/log.ts';
import { reasonCodeOf } from './serving/measuring.ts';
import { openLdap, openRadius } from './serving/ports.ts';
import { compose } from './serving/service.ts';
import { stopMilliseconds } from './serving/services.ts';
import { shiftedClock } from './serving/shifted-clock.ts';
import type { Doors } from './signin/doors.ts';
import type { Signin } from './signin/signin.ts';

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
      playing: {
        people: async () => (await options.sample?.people(installation)) ?? [],
        advanceClock: shifted.advanceSeconds,
      },
    });
    opened.push(() => service.close());
    await service.app.ready();
    service.beginDelivering();
    radiusListener?.attach(service.radius.receive);
    const ldap = await openLdap(installation, service.doors, origin, logger);
    opened.push(() => ldap?.close(0));
    const housekeeping = keepHouse(installation, service.keys, logger);
    opened.push(housekeeping.stop);
    const worker = jobWorkerOf(installation, `${origin}${securityInfoPath}`, logger);
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

/** Goes on with long work; `link` is where people set up their verification. */
function jobWorkerOf(
  { jobs, database: { signals } }: Installation,
  link: string,
  logger: FastifyBaseLogger,
): Worker {
  return createWorker({
    topic: jobsTopic,
    signals,
    work: (isLeaving) => jobs.work({ link, isLeaving }),
    onFault: (error) => logger.error({ err: error }, 'long work was interrupted'),
  });
}

/** Synchronises with the organisation's directory, where there is one. */
function directoryWorkerOf(
  { directorySync: sync, database: { signals } }: Installation,
  logger: FastifyBaseLogger,
): Worker | undefined {
  if (sync === undefined) return undefined;
  return createWorker({
    topic: directorySyncTopic,
    signals,
    work: (isLeaving) => sync.work({ isLeaving }),
    onFault: (error) => {
      logger.error({ err: error }, 'the synchronisation with the directory was interrupted');
    },
  });
}
