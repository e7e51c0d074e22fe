import { z } from 'zod';

import { serviceUriFault } from '../../applications/application-uri.ts';

/** The sites that proxies guard by asking us. */
export const forwardAuthSettings = z.strictObject({
  sites: z
    .array(
      z
        .string()
        .refine(
          isOrigin,
          'is not an origin such as https://wiki.example.org, as browsers write it',
        ),
    )
    .max(200)
    .default([])
    .meta({ env: 'TWEESTAP_FORWARD_AUTH_SITES' })
    .describe(
      'Sites that a proxy opens only to whom Tweestap knows, such as https://wiki.example.org. Their proxies stand in http.trustedProxies and ask /forward-auth. Off without any.',
    ),
});

export type ForwardAuthSettings = z.infer<typeof forwardAuthSettings>;

/** Compared as exact strings later, so only one spelling is accepted: without a path or a slash. */
function isOrigin(text: string): boolean {
  return serviceUriFault(text) === undefined && new URL(text).origin === text;
}
