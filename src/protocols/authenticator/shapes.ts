/** Owns reading what a device sends: the shapes of `methods/notification/protocol.ts`, checked. */
import { z } from 'zod';

import { pushSubscription } from '../../methods/authenticator-app.ts';

/** How a device names itself. Whoever knows it can do nothing with it alone. */
const account = z.string().regex(/^[\w-]{1,64}\.[\w-]{22}$/);
const at = z.int().min(0);
const signature = z.string().regex(/^[\w-]{86}$/);
/** One line: it stands in a text that is signed line by line. */
const line = (most: number): z.ZodString =>
  z
    .string()
    .max(most)
    .regex(/^[^\r\n]*$/);

/** As much of a pairing as finds its draft; the method reads the rest. */
export const pairRequest = z.looseObject({ code: line(40).min(1) });

export const tokenRequest = z.strictObject({
  account,
  at,
  nonce: z.string().regex(/^[\w-]{16,64}$/),
  signature,
});

export const answerRequest = z.strictObject({
  account,
  request: line(64).min(1),
  decision: z.enum(['approve', 'deny', 'report']),
  number: line(8),
  pin: line(16),
  at,
  signature,
});

export const deviceChange = z.strictObject({
  name: line(60).exactOptional(),
  version: line(20).exactOptional(),
  push: z.union([pushSubscription, z.null()]).exactOptional(),
});
