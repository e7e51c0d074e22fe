/**
 * Owns the addresses at which telephone providers fetch the organisation's own sounds: 128 random bits,
 * another for each upload, and a mark of ours, so that nobody finds one by trying. A sound is the same in
 * every call and tells nothing of anybody.
 */
import { timingSafeEqual } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import type { GreetingStore } from '../../delivery/greeting-store.ts';
import { TweestapError } from '../../errors/errors.ts';
import { params } from '../../http/parse.ts';
import type { SecretBox } from '../../lib/secret-box.ts';
import { soundIn } from '../../lib/sound.ts';

/** The way to a sound, below our origin. */
export type SoundPath = (soundId: string) => string;

/** Makes the addresses. */
export function createSoundPath(box: Pick<SecretBox, 'keyedHash'>): SoundPath {
  // The mark proves that the address is ours, without a look at any table.
  return (soundId) => `/sounds/${soundId}/${markOf(box, soundId)}`;
}

const itsAddress = z.object({
  sound: z.string().regex(/^[\w-]{16,64}$/),
  mark: z.string().regex(/^[\w-]{22}$/),
});

/** Registers the address. */
export function soundRoutes(
  app: FastifyInstance,
  parts: {
    readonly greetings: Pick<GreetingStore, 'sound'>;
    readonly box: Pick<SecretBox, 'keyedHash'>;
  },
): void {
  app.get('/sounds/:sound/:mark', async (request, reply) => {
    const { sound: id, mark } = params(request, itsAddress);
    const isOurs = timingSafeEqual(Buffer.from(markOf(parts.box, id)), Buffer.from(mark));
    const bytes = isOurs ? await parts.greetings.sound(id) : undefined;
    const sound = bytes === undefined ? null : soundIn(bytes);
    if (sound === null) throw new TweestapError('NOT_FOUND');
    return reply
      .headers({
        'content-type': sound.type,
        'cache-control': 'private, max-age=86400',
        // Whoever opens it by itself hears a sound, whatever its bytes would also be.
        'content-security-policy': "default-src 'none'; media-src 'self'; sandbox",
      })
      .send(bytes);
  });
}

function markOf(box: Pick<SecretBox, 'keyedHash'>, soundId: string): string {
  return box.keyedHash('greeting-sound', soundId).toString('base64url').slice(0, 22);
}
