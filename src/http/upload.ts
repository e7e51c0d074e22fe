/**
 * Owns files that people send with a form (`multipart/form-data`, RFC 7578): kept in memory, counted
 * while they come in, and read from nobody who may not send any.
 */
import type { Readable } from 'node:stream';

import { Busboy } from '@fastify/busboy';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import { z } from 'zod';

import { TweestapError } from '../errors/errors.ts';
import { isFieldName } from './form-encoding.ts';

/** A file as it was sent. What its sender says of it (name, kind) proves nothing. */
export interface Upload {
  readonly fileName: string;
  readonly bytes: Buffer;
}

export interface UploadRules {
  /** The longest file, in bytes. */
  readonly longestFile: number;
  /** Whether whoever asks may send files at all: asked before the first byte is kept. */
  readonly admits: (request: FastifyRequest) => Promise<boolean>;
  /** So many may be read and worked on at once; the others are turned away (`BUSY`). Default 4. */
  readonly mostAtOnce?: number;
}

const mostFields = 200;
const longestField = 64 * 1024;

/**
 * Teaches a scope to read forms with one file. `form` of `parse.ts` then finds the file under the name
 * of its field, by the schema `upload`; a file field that was left empty is absent. Comes before the routes of
 * the scope, which work on a file until their handler has ended. Requests fail with
 * `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED` or `BUSY`; who may not send any is answered as where none is read (415).
 */
export function readUploads(app: FastifyInstance, rules: UploadRules): void {
  const { mostAtOnce = 4 } = rules;
  // Each holds its file in memory until the work on it has ended, whether or not anybody waits for that.
  const held = new Map<FastifyRequest, 'in transit' | 'at work'>();
  const uploads = new WeakSet<FastifyRequest>();
  const letGo = (request: FastifyRequest): void => {
    if (held.get(request) === 'in transit') held.delete(request);
  };
  app.addHook('preParsing', async (request, reply) => {
    // Answered, or its sender is gone: nothing begins to work on it any more, or has not begun yet.
    reply.raw.once('close', () => letGo(request));
  });
  app.addHook('onResponse', async (request) => letGo(request));
  app.addHook('onRoute', (route) => {
    const { handler } = route;
    const work: typeof handler = async function untilItEnds(request, reply) {
      held.set(request, 'at work');
      try {
        return await handler.call(this, request, reply);
      } finally {
        held.delete(request);
      }
    };
    route.handler = function begin(request, reply) {
      return (uploads.has(request) ? work : handler).call(this, request, reply);
    };
  });
  app.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, body: Readable) => {
      if (!(await rules.admits(request))) {
        body.resume();
        // As everywhere else: nobody learns that there are forms with files here.
        throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE('multipart/form-data');
      }
      // Gone while we looked who they are: nothing would ever say that it has ended.
      if (body.destroyed) throw new TweestapError('REQUEST_MALFORMED');
      const length = Number(request.headers['content-length'] ?? 0);
      if (length > rules.longestFile + longestField) throw new TweestapError('REQUEST_TOO_LARGE');
      if (held.size >= mostAtOnce) throw new TweestapError('BUSY');
      uploads.add(request);
      held.set(request, 'in transit');
      return received(request, body, rules.longestFile);
    },
  );
}

/** A file in a form: `z.object({ file: upload.optional() })`. */
export const upload = z.custom<Upload>(isUpload);

function isUpload(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'bytes' in value && 'fileName' in value;
}

function received(
  { headers }: FastifyRequest,
  body: Readable,
  longestFile: number,
): Promise<Readonly<Record<string, string | Upload>>> {
  const fields: Record<string, string | Upload> = Object.create(null);
  const { promise, resolve, reject } = Promise.withResolvers<typeof fields>();
  const fail = (code: 'REQUEST_MALFORMED' | 'REQUEST_TOO_LARGE'): void => {
    reject(new TweestapError(code, { details: { part: 'body' } }));
  };
  const keep = (name: string, value: string | Upload): void => {
    if (!isFieldName(name) || name in fields) fail('REQUEST_MALFORMED');
    else fields[name] = value;
  };
  const parser = parserOf(headers['content-type'] ?? '', longestFile);
  if (parser === undefined) {
    fail('REQUEST_MALFORMED');
    return promise;
  }
  parser.on('field', (name, value, nameWasCut, valueWasCut) => {
    if (nameWasCut || valueWasCut) fail('REQUEST_TOO_LARGE');
    else if (value.includes('\0')) fail('REQUEST_MALFORMED');
    else keep(name, value);
  });
  parser.on('file', (name, file, fileName) => {
    const pieces: Buffer[] = [];
    file.on('data', (piece: Buffer) => pieces.push(piece));
    file.on('limit', () => fail('REQUEST_TOO_LARGE'));
    file.on('end', () => {
      const bytes = Buffer.concat(pieces);
      // A browser sends an empty part for a field that was left empty.
      if (fileName !== '' && fileName !== undefined) keep(name, { fileName, bytes });
    });
  });
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => fail('REQUEST_TOO_LARGE'));
  }
  parser.on('error', () => fail('REQUEST_MALFORMED'));
  parser.on('finish', () => resolve(fields));
  body.on('error', () => fail('REQUEST_MALFORMED'));
  body.pipe(parser);
  // Whoever is refused half-way is answered; the rest of what they send is read away and forgotten.
  promise.catch(() => {
    body.unpipe(parser);
    body.resume();
  });
  return promise;
}

/** Undefined where the kind of the body names no boundary. */
function parserOf(contentType: string, longestFile: number) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        fileSize: longestFile,
        files: 1,
        fields: mostFields,
        fieldSize: longestField,
        parts: mostFields + 1,
      },
    });
  } catch {
    return undefined;
  }
}
