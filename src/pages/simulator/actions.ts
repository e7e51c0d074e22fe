/** Owns what one can do to the network, read from a form as from JSON. */
import { z } from 'zod';

import type { Done } from '../../delivery/providers/simulator/network.ts';
import { TweestapError } from '../../errors/errors.ts';

/** As people write numbers; kept as `+` and digits. */
export const phoneNumber = z
  .string()
  .max(40)
  .transform((text) => text.replaceAll(/[\s().-]/g, ''))
  .pipe(z.string().regex(/^\+[1-9]\d{6,14}$/));

export const replyText = z.string().min(1).max(1_600);
export const keyEntry = z.string().regex(/^[0-9*#]{1,32}$/);
export const channel = z.enum(['text', 'call', 'mail', 'push']);
export const fault = z.enum(['none', 'down', 'slow', 'error', 'duplicate']);
/** How slow a slow network is unless told. */
export const defaultSlowness = 5_000;
export const slowness = z.number().int().min(0).max(600_000);
/** Forward only: a clock that goes back has no meaning for what was signed and counted. */
export const advanceSeconds = z
  .number()
  .min(0)
  .max(400 * 86_400);

/** `NOT_FOUND` for a call that never was, 409 for one that is not in the state this needs. */
export function requireDone(done: Done): void {
  switch (done) {
    case 'done':
      return;
    case 'unknown':
      throw new TweestapError('NOT_FOUND');
    case 'refused':
      throw new TweestapError('STEP_NOT_ALLOWED');
  }
}
