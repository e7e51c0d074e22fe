/** The real web server without its socket: for tests that inject requests into routes of ours. */
import { createHmac, randomBytes } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';

import { createHttpServer } from '../../src/http/http.ts';
import type { Listener } from '../../src/http/listener.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { loadAssets, type Bundle } from '../../src/ui/assets.ts';

/** The origin it answers to. */
export const testOrigin = 'http://localhost:8080';

/**
 * A server of the organisation Voorbeeld with nothing on it; register routes, then inject. With a
 * listener it answers under `http://localhost:<port>`.
 */
export function httpServerForTests(
  options: {
    readonly bundles?: Readonly<Record<string, Bundle>>;
    readonly listener?: Listener;
    /** The organisation's own help desk; none unless told. */
    readonly helpLink?: string | undefined;
  } = {},
): FastifyInstance {
  const { listener } = options;
  const key = randomBytes(32);
  const assets = loadAssets(options);
  return createHttpServer({
    origin: listener === undefined ? testOrigin : `http://localhost:${listener.port}`,
    ...(listener === undefined ? {} : { listener }),
    assets: () => assets,
    organisation: async () => ({
      name: 'Voorbeeld',
      defaultLanguage: 'en',
      logoUrl: undefined,
      helpLink: options.helpLink,
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
}
