import { z } from 'zod';

import { normaliseAddress } from '../../lib/ip.ts';

/** The port of the sample organisation, and what is usual for tests; the registered one is 1812. */
export const samplePort = 18_120;

/** Where systems ask by RADIUS. */
export const radiusSettings = z.strictObject({
  hosts: z
    .array(z.string().refine((text) => normaliseAddress(text) !== null, 'is no address'))
    .min(1)
    .max(20)
    .default(['127.0.0.1', '::1'])
    .meta({ env: 'TWEESTAP_RADIUS_HOSTS' })
    .describe(
      'The addresses to listen on (UDP). What passes here is protected by an old cipher only: listen on networks that carry nothing but your own machines.',
    ),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .exactOptional()
    .meta({ env: 'TWEESTAP_RADIUS_PORT' })
    .describe(
      'The UDP port to listen on; 0 takes any free one. Off without it; 18120 with --sample. Who may ask is said by "tweestap radius-client add".',
    ),
});

export type RadiusSettings = z.infer<typeof radiusSettings>;
