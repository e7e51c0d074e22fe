/**
 * Owns the address of the organisation's logo. What it answers with is a picture and nothing else, told
 * by its bytes when it was kept; its name changes with it, so browsers keep it for good.
 */
import { createHash } from 'node:crypto';

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

import { TweestapError } from '../errors/errors.ts';
import { params } from '../http/parse.ts';
import { imageIn } from '../lib/raster-image.ts';
import type { Policies } from '../policies/policies.ts';

/** The address of a logo as policy keeps it; undefined for none. */
export type LogoUrl = (logo: string | undefined) => string | undefined;

/** Makes the namer; it remembers the last, since every request asks. */
export function createLogoUrl(): LogoUrl {
  let last: { readonly logo: string; readonly url: string } | undefined;
  return (logo) => {
    if (logo === undefined) return undefined;
    if (last?.logo !== logo) last = { logo, url: `/logo/${versionOf(logo)}` };
    return last.url;
  };
}

const itsAddress = z.object({ version: z.string().regex(/^[\w-]{16}$/) });

/** Registers the address. */
export function logoRoutes(app: FastifyInstance, policies: Policies): void {
  app.get('/logo/:version', async (request, reply) => {
    const { version } = params(request, itsAddress);
    const { logo } = (await policies.current()).organisation;
    const image = logo === undefined || versionOf(logo) !== version ? null : imageIn(logo);
    if (image === null) throw new TweestapError('NOT_FOUND');
    return reply
      .headers({
        'content-type': image.type,
        'cache-control': 'public, max-age=31536000, immutable',
        // Whoever opens it by itself sees a picture, whatever its bytes would also be.
        'content-security-policy': "default-src 'none'; sandbox",
      })
      .send(image.bytes);
  });
}

function versionOf(logo: string): string {
  return createHash('sha256').update(logo).digest('base64url').slice(0, 16);
}
