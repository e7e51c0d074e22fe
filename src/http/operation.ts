/**
 * Owns what machines ask of a running server: is it alive, may it be sent people, what has it
 * counted. None of it tells a stranger anything about people.
 */
import { timingSafeEqual } from 'node:crypto';

import type { FastifyInstance, FastifyRequest } from 'fastify';

import { TweestapError } from '../errors/errors.ts';
import { normaliseAddress } from '../lib/ip.ts';
import { isLoopback } from './hosts.ts';
import type { Metrics } from './metrics.ts';

/** One thing that must work before people are sent here; throws what is wrong. */
export interface ReadinessCheck {
  readonly name: string;
  readonly check: () => Promise<void>;
  /** Whether people are sent elsewhere while it fails. Default: they are; else it is only shown. */
  readonly isVital?: boolean;
}

export interface OperationParts {
  readonly readiness: readonly ReadinessCheck[];
  /** Told once that what must work does not, and why; and once, without a fault, that it does again. */
  readonly onReadiness: (check: string, fault: Error | undefined) => void;
  readonly isStopping: () => boolean;
  readonly metrics: Metrics;
  /** With it `/metrics` answers from anywhere; without it on loopback only. */
  readonly metricsToken: string | undefined;
}

const readinessTimeoutMs = 2000;

/** `/healthz`, `/readyz`, `/metrics`, `/robots.txt`. */
export function operationRoutes(app: FastifyInstance, parts: OperationParts): void {
  let judging: Promise<readonly Judged[]> | undefined;
  const failing = new Set<string>();

  // Strangers read that something fails; what it is stands in the log alone.
  const tell = ({ name, fault, isVital }: Judged): void => {
    const isNew = fault === undefined ? failing.delete(name) : !failing.has(name);
    if (fault !== undefined) failing.add(name);
    if (isNew && isVital) parts.onReadiness(name, fault);
  };

  app.get('/healthz', () => ({ status: 'alive' }));

  app.get('/readyz', async (_request, reply) => {
    // Anybody may ask, and it writes to the database: whoever asks meanwhile hears the same.
    judging ??= Promise.all(parts.readiness.map(judge)).then((judged) => {
      judging = undefined;
      judged.forEach(tell);
      return judged;
    });
    const checks = await judging;
    const isWell = checks.every(({ fault, isVital }) => fault === undefined || !isVital);
    const isReady = !parts.isStopping() && isWell;
    reply.code(isReady ? 200 : 503);
    return {
      status: parts.isStopping() ? 'stopping' : isReady ? 'ready' : 'not ready',
      checks: Object.fromEntries(
        checks.map(({ name, fault }) => [name, fault === undefined ? 'ok' : 'failing']),
      ),
    };
  });

  app.get('/metrics', async (request, reply) => {
    if (!maySeeMetrics(request, parts.metricsToken)) throw new TweestapError('NOT_FOUND');
    const { type, text } = await parts.metrics.read();
    return reply.header('content-type', type).send(text);
  });

  app.get('/robots.txt', (_request, reply) =>
    reply.header('content-type', 'text/plain; charset=utf-8').send('User-agent: *\nDisallow: /\n'),
  );
}

/**
 * Whether a request was made on this machine itself: its connection comes from loopback and no proxy
 * says that it passes somebody else's on.
 */
export function isFromThisMachine(request: FastifyRequest): boolean {
  const { headers, socket } = request;
  const isPassedOn =
    headers['x-forwarded-for'] !== undefined ||
    headers['forwarded'] !== undefined ||
    headers['x-real-ip'] !== undefined ||
    headers['via'] !== undefined;
  return !isPassedOn && isLoopback(normaliseAddress(socket.remoteAddress ?? ''));
}

function maySeeMetrics(request: FastifyRequest, token: string | undefined): boolean {
  if (token === undefined) return isFromThisMachine(request);
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

interface Judged {
  readonly name: string;
  /** Undefined where it works. */
  readonly fault: Error | undefined;
  readonly isVital: boolean;
}

async function judge({ name, check, isVital = true }: ReadinessCheck): Promise<Judged> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} does not answer`)), readinessTimeoutMs);
  });
  try {
    await Promise.race([check(), tooLate]);
    return { name, fault: undefined, isVital };
  } catch (error) {
    const fault = error instanceof Error ? error : new Error(String(error));
    return { name, fault, isVital };
  } finally {
    clearTimeout(timer);
  }
}
