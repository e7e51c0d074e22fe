/**
 * Owns the difference between the two kinds of door. A *page* is for browsers: urlencoded forms with
 * a CSRF token. A *system* door is for programs: each scope of routes says what it reads.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { TweestapError } from '../errors/errors.ts';
import type { Answered } from './error-page.ts';
import { parseFields } from './form-encoding.ts';

/** What a system's door reads and whom it answers. */
export interface Door {
  /** `raw` leaves the body to whoever answers (an engine that is mounted). */
  readonly body: 'json' | 'form' | 'raw';
  /**
   * `ours` refuses what a foreign page sends. `any` is for engines that judge origins themselves and
   * for what carries its own proof (a bearer token, a signature), never for what a cookie opens.
   */
  readonly origins: 'ours' | 'any';
  /**
   * `any` is for what a proxy passes on under the names of other sites, and which judges these by
   * itself. Absent: a request names our own host, or is not answered.
   */
  readonly hosts?: 'any';
  /** How faults are told here; in our own JSON unless told. */
  readonly sendFault?: (
    request: FastifyRequest,
    reply: FastifyReply,
    answered: Answered,
  ) => FastifyReply;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent: a page. */
    door?: Door;
  }
}

/**
 * Makes all routes of a scope a system's door. Call it first in a plugin of its own; errors are then
 * answered in JSON.
 */
export function systemDoor(app: FastifyInstance, door: Door): void {
  app.removeAllContentTypeParsers();
  if (door.body === 'json') {
    app.addContentTypeParser(
      /^application\/(?:[\w.+-]+\+)?json\b/,
      { parseAs: 'string' },
      (_request, body, done) => {
        const parsed = parseJson(body.toString());
        if (parsed === undefined) done(new TweestapError('REQUEST_MALFORMED'));
        else done(null, parsed.value);
      },
    );
  }
  if (door.body === 'form') readForms(app);
  if (door.body === 'raw') {
    app.addContentTypeParser('*', (_request, _body, done) => done(null));
  }
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, door };
  });
}

/** Teaches a scope to read urlencoded forms, and nothing else. */
export function readForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      const fields = parseFields(body.toString());
      if (fields === undefined) done(new TweestapError('REQUEST_MALFORMED'));
      else done(null, fields);
    },
  );
}

/** Names that reach what objects inherit (attack ATK-91). */
const inheritedNames = new Set(['__proto__', 'constructor']);

/**
 * The value, or undefined where the text is no JSON, reaches for what objects inherit, or holds text that no
 * form and no database can hold: a NUL character, or half of a surrogate pair.
 */
function parseJson(text: string): { readonly value: unknown } | undefined {
  if (text === '') return { value: {} };
  let isClean = true;
  try {
    const value: unknown = JSON.parse(text, (name, part: unknown) => {
      if (inheritedNames.has(name) || !isText(name)) isClean = false;
      if (typeof part === 'string' && !isText(part)) isClean = false;
      return part;
    });
    return isClean ? { value } : undefined;
  } catch {
    return undefined;
  }
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0');
}
