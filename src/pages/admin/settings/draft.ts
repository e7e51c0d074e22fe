/**
 * Owns what was typed while somebody proves that it is them: it goes along in the address they come back
 * to, signed with our key and for them alone, so that no link of somebody else's fills a form. It can be
 * read there, so this is for what the organisation decides, never for a secret.
 */
import { timingSafeEqual } from 'node:crypto';

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';

import { query } from '../../../http/parse.ts';
import { siteOf } from '../../../http/site.ts';
import { csrfFieldName } from '../../../ui/components/form.ts';
import type { KeepSent } from '../guard.ts';
import type { Admin } from '../portal.ts';
import type { Sent } from './sent.ts';

const sentFields = z.record(z.string(), z.string());
const draftQuery = z.object({ draft: z.string().optional().catch(undefined) });

/** Proxies refuse longer addresses; then what was typed is gone. */
const longestDraft = 4_000;

/** Where one comes back to, with what was sent. */
export const keepDraft: KeepSent = ({ current }, request) => {
  const [path = request.url] = request.url.split('?');
  const sent = sentFields.safeParse(request.body);
  if (!sent.success) return path;
  // The token proves that a form is ours: it has no place in an address, which others keep.
  const { [csrfFieldName]: _token, ...typed } = sent.data;
  const text = JSON.stringify(typed);
  const mac = macOf(request, current.user.id, path, text).toString('base64url');
  const draft = `${Buffer.from(text).toString('base64url')}.${mac}`;
  return draft.length > longestDraft ? path : `${path}?draft=${draft}`;
};

/** What was typed before; undefined where nothing was, or the address is not of our making. */
export function draftIn({ current }: Admin, request: FastifyRequest): Sent | undefined {
  const { draft } = query(request, draftQuery);
  const [encoded, mac] = draft?.split('.') ?? [];
  if (encoded === undefined || mac === undefined) return undefined;
  const [path = ''] = request.url.split('?');
  const text = Buffer.from(encoded, 'base64url').toString('utf8');
  const expected = macOf(request, current.user.id, path, text);
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return sentFields.parse(JSON.parse(text));
}

function macOf(request: FastifyRequest, userId: string, path: string, text: string): Buffer {
  return siteOf(request).keyedHash('settings-draft', JSON.stringify([userId, path, text]));
}
