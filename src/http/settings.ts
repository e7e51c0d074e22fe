import { z } from 'zod';

import { parseCidr } from '../lib/ip.ts';

/** Where the web server listens, and whom it believes. */
export const httpSettings = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ env: 'TWEESTAP_HTTP_HOST' })
    .describe(
      'The address to listen on. Behind a proxy on the same machine the default is right; 0.0.0.0 and :: listen everywhere.',
    ),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .meta({ env: 'TWEESTAP_HTTP_PORT' })
    .describe('The port to listen on; 0 takes any free one.'),
  trustedProxies: z
    .array(
      z
        .string()
        .refine((text) => parseCidr(text) !== null, 'is neither an address nor a range (CIDR)'),
    )
    .max(100)
    .default([])
    .meta({ env: 'TWEESTAP_TRUSTED_PROXIES' })
    .describe(
      'Addresses and ranges of the proxies in front, whose X-Forwarded-For and X-Forwarded-Host are believed. A proxy ends TLS and must set both itself.',
    ),
  maxConnections: z
    .int()
    .min(16)
    .max(100_000)
    .default(4096)
    .meta({ env: 'TWEESTAP_HTTP_MAX_CONNECTIONS' })
    .describe('Connections at once; further ones are closed unheard.'),
  metricsToken: z
    .string()
    .min(16)
    .exactOptional()
    .meta({ env: 'TWEESTAP_METRICS_TOKEN', secret: true })
    .describe(
      'With it /metrics answers from anywhere to "Authorization: Bearer …"; without it on this machine only.',
    ),
});

export type HttpSettings = z.infer<typeof httpSettings>;
