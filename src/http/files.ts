/** Owns serving what pages load: compressed beforehand, kept by browsers for ever. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { TweestapError } from '../errors/errors.ts';
import type { AssetFile, Assets } from '../ui/assets.ts';

type Encoding = 'br' | 'gzip' | 'identity';

// For browsers that ask by themselves; our pages carry their icon with them.
const icon = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect width="20" height="20" rx="4" fill="#155a96"/><path d="M4 14h4v-4h4V6h4" fill="none" stroke="#fff" stroke-width="2.5"/></svg>',
);

/** `/assets/*` and `/favicon.ico`. */
export function fileRoutes(app: FastifyInstance, assets: () => Assets): void {
  app.get('/assets/*', (request, reply) => {
    const [path = ''] = request.url.split('?');
    const file = assets().files.get(path);
    if (file === undefined) throw new TweestapError('NOT_FOUND');
    return sendFile(request, reply, file, 'public, max-age=31536000, immutable');
  });

  app.get('/favicon.ico', (_request, reply) =>
    reply
      .headers({ 'cache-control': 'public, max-age=86400', 'content-type': 'image/svg+xml' })
      .send(icon),
  );
}

/** Answers with a file: compressed as the browser takes it, or 304 where it has it already. */
export function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: AssetFile,
  cacheControl: string,
): FastifyReply {
  const encoding = chooseEncoding(request.headers['accept-encoding']);
  // Each encoding is a representation of its own (RFC 9110 §8.8.3).
  const etag = encoding === 'identity' ? file.etag : file.etag.replace(/"$/, `-${encoding}"`);
  reply.headers({ 'cache-control': cacheControl, vary: 'accept-encoding', etag });
  if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.header('content-type', file.type).send(bodyOf(file, encoding));
}

/** The best encoding we have among those a browser takes (RFC 9110 §12.5.3). */
export function chooseEncoding(accepted: string | undefined): Encoding {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').toLowerCase().slice(0, 500).split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    weights.set(name, Number(weight));
  }
  const takes = (encoding: string): boolean => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : 'identity';
}

function bodyOf(file: AssetFile, encoding: Encoding): Buffer {
  switch (encoding) {
    case 'br':
      return file.br;
    case 'gzip':
      return file.gzip;
    case 'identity':
      return file.body;
  }
}

function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(',')
    .map((text) => text.trim().replace(/^W\//, ''))
    .some((candidate) => candidate === '*' || candidate === etag);
}
