import { z } from 'zod';

import { isServiceName, knownPushServices } from './services.ts';

/** How pushes get to browsers. The defaults are right for the browsers that people have. */
export const webPushSettings = z.strictObject({
  services: z
    .array(
      z
        .string()
        .max(260)
        .refine(isServiceName, 'is no name of a push service, such as push.example.org'),
    )
    .min(1)
    .max(50)
    .default([...knownPushServices])
    .meta({ env: 'TWEESTAP_WEB_PUSH_SERVICES' })
    .describe(
      'The push services that may be called: `host`, or `*.domain`, with `:port` where it is not 443. A browser that names another gets no pushes.',
    ),
  contact: z
    .string()
    .max(300)
    .regex(/^(?:mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'begins with neither mailto: nor https://')
    .exactOptional()
    .meta({ env: 'TWEESTAP_WEB_PUSH_CONTACT' })
    .describe(
      'Whom a push service may write to when something is wrong: `mailto:…` or `https://…`. Without it, the public URL.',
    ),
});

export type WebPushSettings = z.infer<typeof webPushSettings>;
