import { z } from 'zod';

/** What the operator says about OpenID Connect. */
export const oidcSettings = z.strictObject({
  internalHosts: z
    .array(z.string().min(1).max(253))
    .max(200)
    .default([])
    .meta({ env: 'TWEESTAP_INTERNAL_HOSTS' })
    .describe(
      'Hosts of applications at private addresses that may be told of a sign-out; others are told at public addresses only.',
    ),
});

export type OidcSettings = z.infer<typeof oidcSettings>;
