/**
 * Owns the door through which a directory provisions people and groups: SCIM 2.0 at `/scim/v2` (RFC 7643,
 * 7644). Its operations stand in `operations.ts`; here is what every request goes through. Who asks, what
 * they may and how often is what it is at the API (`graph/caller.ts`); every change is an act of
 * `administration`.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { errors, exposedCode, type ErrorCode } from '../../errors/errors.ts';
import { systemDoor } from '../../http/door.ts';
import type { Answered } from '../../http/error-page.ts';
import { visitorOf } from '../../http/site.ts';
import { refusalOfCaller, refusalOfFault } from '../graph/caller.ts';
import { codesOfFaults, refusals } from '../graph/faults.ts';
import { createLimits, perCaller, perStranger } from '../graph/limits.ts';
import { scimCallerOf } from './caller.ts';
import { faultBody, faultFrom, type ScimFault, type ScimType } from './faults.ts';
import type { Answer, ScimOperation } from './operation.ts';
import { scimOperations } from './operations.ts';
import type { ScimParts } from './parts.ts';
import { scimPath } from './path.ts';
import { isConditional } from './version.ts';

/** Puts the door on the server. */
export function scimRoutes(parts: ScimParts): (app: FastifyInstance) => void {
  const now = (): number => performance.now();
  const callers = createLimits(perCaller, now);
  const strangers = createLimits(perStranger, now);
  const base = `${parts.origin}${scimPath}`;

  const answer = async (
    { act, method, run }: ScimOperation,
    request: FastifyRequest,
  ): Promise<Answer | ScimFault> => {
    const caller = await scimCallerOf(parts, request);
    const pause =
      'refused' in caller
        ? strangers.pause(visitorOf(request).address)
        : callers.pause(caller.name);
    if (pause !== undefined) {
      const headers = { 'retry-after': String(pause) };
      return { fault: 429, detail: 'There were too many requests.', headers };
    }
    if ('refused' in caller) return faultFrom(caller);
    const refused = await refusalOfCaller(parts, caller, act, parts.clock.now());
    if (refused !== undefined) return faultFrom(refused);
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    if (method === 'POST' && isConditional({ ifMatch })) {
      return { fault: 412, detail: 'What is made has no version yet: leave If-Match out.' };
    }
    const { by, actor } = caller;
    try {
      return await run({
        parts,
        base,
        by,
        actor,
        params: textsOf(request.params),
        query: textsOf(request.query),
        body: request.body,
        method,
        ifMatch,
        ifNoneMatch,
      });
    } catch (error) {
      return faultFrom(await refusalOfFault(parts, caller, error));
    }
  };

  return (app) => {
    void app.register(
      async (scope) => {
        systemDoor(scope, { body: 'json', origins: 'ours', sendFault: sendThrown });
        for (const operation of scimOperations) {
          scope.route({
            method: operation.method,
            url: operation.path,
            handler: async (request, reply) => send(reply, await answer(operation, request)),
          });
        }
        scope.setNotFoundHandler((request, reply) => send(reply, nothingAt(request)));
      },
      { prefix: scimPath },
    );
  };
}

function send(reply: FastifyReply, answered: Answer | ScimFault): FastifyReply {
  const isFault = 'fault' in answered;
  const body = isFault ? faultBody(answered) : answered.body;
  reply.code(isFault ? answered.fault : answered.status).headers(answered.headers ?? {});
  if (body === undefined) return reply.send();
  // As bytes: what is sent as text gets a charset behind its type, which JSON has not.
  return reply
    .header('content-type', 'application/scim+json')
    .send(Buffer.from(JSON.stringify(body)));
}

/** What was thrown, in SCIM's shape. The log has the rest. */
function sendThrown(
  _request: FastifyRequest,
  reply: FastifyReply,
  { code, status }: Answered,
): FastifyReply {
  const shown = exposedCode(code);
  const fault = status === 415 ? status : refusals[codesOfFaults[shown]];
  const detail = errors[shown].message;
  const scimType = fault === 400 ? scimTypes[shown] : undefined;
  return send(reply, scimType === undefined ? { fault, detail } : { fault, scimType, detail });
}

/** The standard's words for a fault of ours, where it has any. */
const scimTypes: Readonly<Partial<Record<ErrorCode, ScimType>>> = {
  REQUEST_MALFORMED: 'invalidSyntax',
  OWNED_BY_DIRECTORY: 'mutability',
};

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  const texts = Object.entries(value).flatMap(([name, text]: [string, unknown]) =>
    typeof text === 'string' ? [[name, text] as const] : [],
  );
  return Object.fromEntries(texts);
}

/** A method that this address does not have, what the standard has and we have not, or nothing at all. */
function nothingAt(request: FastifyRequest): ScimFault {
  const path = request.url.split('?', 1)[0]?.slice(scimPath.length) ?? '';
  const methods = scimOperations
    .filter((operation) => patternOf(operation.path).test(path))
    .map(({ method }) => method);
  if (methods.length > 0) {
    const headers = { allow: [...new Set(methods)].join(', ') };
    return { fault: 405, detail: 'This address does not have this method.', headers };
  }
  if (/^\/(?:Bulk|Me)(?:\/|$)/.test(path)) {
    return { fault: 501, detail: 'This is not supported here: see ServiceProviderConfig.' };
  }
  return { fault: 404, detail: 'There is nothing at this address.' };
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`);
}
