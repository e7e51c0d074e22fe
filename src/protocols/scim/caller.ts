/**
 * Owns who asks at this door: whoever the API knows (`graph/caller.ts`), and a program that shows its secret
 * with each request. Many a directory keeps one secret for years and fetches no tokens: it sends name and
 * secret as HTTP Basic (RFC 7644 §2), or both as one bearer token, parted by a dot.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import { roleOfProgram } from '../../administration/acting-admin.ts';
import type { Application } from '../../applications/application.ts';
import { visitorOf } from '../../http/site.ts';
import { callerOf, challengeOf, programAsCaller, type Caller } from '../graph/caller.ts';
import { refusal, type Refusal } from '../graph/faults.ts';
import type { ScimParts } from './parts.ts';

/** Who asks; a `Refusal` where nobody may with what was presented. */
export async function scimCallerOf(
  parts: ScimParts,
  request: FastifyRequest,
): Promise<Caller | Refusal> {
  const shown = shownIn(request.headers.authorization ?? '');
  if (shown === undefined) return callerOf(parts, request);
  const { clientId, secret } = shown;
  const application = /^[\w-]{1,64}$/.test(clientId)
    ? await parts.stores.applications.find(clientId)
    : undefined;
  const role = roleOfProgram(application);
  if (role === undefined || !hasSecret(application, secret)) {
    return refusal(
      'InvalidAuthenticationToken',
      'There is no program with this client id and secret, or it has no role.',
      challengeOf(parts, { error: 'invalid_token' }),
    );
  }
  return programAsCaller({ clientId, role }, visitorOf(request).address);
}

interface Shown {
  readonly clientId: string;
  readonly secret: string;
}

/** What stands in the header; undefined where it is no name with a secret. */
function shownIn(authorization: string): Shown | undefined {
  const [, basic] = /^Basic +([\w+/=-]{1,500})$/i.exec(authorization) ?? [];
  if (basic !== undefined) {
    const [clientId = '', ...secret] = Buffer.from(basic, 'base64').toString().split(':');
    return { clientId, secret: secret.join(':') };
  }
  // A token of a person has no dot in it, one of a program two.
  const [, clientId, secret] = /^Bearer +([\w-]{1,64})\.([\w-]{1,200})$/i.exec(authorization) ?? [];
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret };
}

function hasSecret(application: Application | undefined, secret: string): boolean {
  const right = application?.clientSecret;
  // Hashed first, so that they are of one length and the comparison tells nothing of theirs.
  const hashed = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hashed(right ?? ''), hashed(secret)) && right !== undefined;
}
