/**
 * Owns versions (RFC 7644 §3.14): weak ones, made of what is answered, so that nothing has to be kept for them.
 * Whatever a reader could tell apart has another version; what a directory calls a resource is a part of it,
 * so each directory has versions of its own.
 */
import { createHash } from 'node:crypto';

import { isJson, type Json } from '../../lib/scim/patch.ts';
import type { ScimFault } from './faults.ts';
import type { Answer, ScimCall } from './operation.ts';

/** The resource with its version in `meta`. */
export function withVersion(resource: Json): Json {
  const hash = createHash('sha256').update(JSON.stringify(resource)).digest();
  const version = `W/"${hash.subarray(0, 16).toString('base64url')}"`;
  const { meta } = resource;
  return { ...resource, meta: { ...(isJson(meta) ? meta : {}), version } };
}

/** The version of a resource; undefined where it was made without. */
export function versionOf({ meta }: Json): string | undefined {
  const version = isJson(meta) ? meta['version'] : undefined;
  return typeof version === 'string' ? version : undefined;
}

/** Whether a change is asked for of one version alone. */
export function isConditional({ ifMatch }: Pick<ScimCall, 'ifMatch'>): boolean {
  return ifMatch !== undefined && ifMatch.trim() !== '*';
}

/** What a change of another version is answered with, where it was asked for of one alone (`If-Match`). */
export function refusalOfVersion(
  call: Pick<ScimCall, 'ifMatch'>,
  resource: Json,
): ScimFault | undefined {
  const { ifMatch = '' } = call;
  return isConditional(call) && !tagsIn(ifMatch).includes(bare(versionOf(resource)))
    ? stale
    : undefined;
}

export const stale: ScimFault = {
  fault: 412,
  detail: 'The resource is no longer of this version: read it again.',
};

/** An answer with a resource: its `ETag`, or nothing but that where the caller has it already. */
export function answerWith(
  { ifNoneMatch, method }: Pick<ScimCall, 'ifNoneMatch' | 'method'>,
  resource: Json,
  answer: Answer,
): Answer {
  const version = versionOf(resource);
  if (version === undefined) return answer;
  const headers = { ...answer.headers, etag: version };
  const isKnown =
    method === 'GET' &&
    ifNoneMatch !== undefined &&
    (ifNoneMatch.trim() === '*' || tagsIn(ifNoneMatch).includes(bare(version)));
  return isKnown ? { status: 304, headers } : { ...answer, headers };
}

/** The tags of a list, without what makes them weak: nothing here is compared otherwise (RFC 9110 §8.8.3.2). */
function tagsIn(list: string): readonly string[] {
  return list.slice(0, longestList).match(/"[\x21\x23-\x7e]*"/g) ?? [];
}

const longestList = 2_000;

function bare(version: string | undefined): string {
  return version?.replace(/^W\//, '') ?? '';
}
