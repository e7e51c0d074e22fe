/**
 * Owns the API: `/v1.0` and `/beta` in the shape of Microsoft Graph, and `/tweestap/v1` in the same style
 * for what Graph has not. Its operations stand in `operations.ts`; here is what every request goes
 * through: who asks (`caller.ts`), whether they may, what they ask for, and how it is answered.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { refusalOf, type Act } from '../../accounts/administering.ts';
import type { User } from '../../accounts/user.ts';
import { errors, exposedCode } from '../../errors/errors.ts';
import { systemDoor } from '../../http/door.ts';
import type { Answered } from '../../http/error-page.ts';
import { visitorOf } from '../../http/site.ts';
import { canonicalUserPrincipalName } from '../../lib/names.ts';
import { readQuery } from '../../lib/odata/query.ts';
import { batchRoute } from './batch.ts';
import {
  callerOf,
  refusalOfCaller,
  refusalOfFault,
  refusalOfOwner,
  type Caller,
} from './caller.ts';
import { codesOfFaults, denied, notFound, refusal, refusals, type Refusal } from './faults.ts';
import { createLimits, perCaller, perStranger } from './limits.ts';
import { refusalOfOwned } from './on-premises.ts';
import { openApi } from './openapi.ts';
import type { Answer, Call, Operation } from './operation.ts';
import { operations } from './operations.ts';
import type { GraphParts } from './parts.ts';
import { roots, type Root } from './roots.ts';

const everyRoot: readonly Root[] = ['v1.0', 'beta', 'tweestap'];
const jsonType = 'application/json; odata.metadata=minimal; charset=utf-8';

/** Puts the API on the server. */
export function graphRoutes(parts: GraphParts): (app: FastifyInstance) => void {
  const now = (): number => performance.now();
  const callers = createLimits(perCaller, now);
  const strangers = createLimits(perStranger, now);

  /** Who asks, if they may ask now. */
  const admitted = async (request: FastifyRequest): Promise<Caller | Refusal> => {
    const caller = await callerOf(parts, request);
    const pause =
      'refused' in caller
        ? strangers.pause(visitorOf(request).address)
        : callers.pause(caller.name);
    if (pause === undefined) return caller;
    return refusal('TooManyRequests', 'There were too many requests.', {
      'retry-after': String(pause),
    });
  };

  const handler =
    (root: Root, operation: Operation, isOwn: boolean) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const caller = await admitted(request);
      if ('refused' in caller) return sendRefusal(request, reply, caller);
      return send(request, reply, await perform(root, operation, isOwn, request, caller));
    };

  const perform = async (
    root: Root,
    operation: Operation,
    isOwn: boolean,
    request: FastifyRequest,
    caller: Caller,
  ): Promise<Answer | Refusal> => {
    const at = parts.clock.now();
    const own = isOwn || operation.about === 'own' ? operation.own : undefined;
    const { act } = operation;
    const refused =
      own === undefined
        ? act && (await refusalOfCaller(parts, caller, act, at))
        : await refusalOfOwner(parts, caller, own);
    if (refused !== undefined) return refused;
    const params = paramsOf(request);
    const read = readQuery(textsOf(request.query), operation.query);
    if ('fault' in read) return refusal('badRequest', read.fault);
    const call: Call = {
      parts,
      root,
      base: `${parts.origin}${roots[root]}`,
      path: request.url.split('?', 1)[0]?.slice(roots[root].length) ?? '',
      by: caller.by,
      actor: caller.actor,
      params,
      query: read.query,
      isEventual: request.headers['consistencylevel'] === 'eventual',
      ifMatch: request.headers['if-match'],
      now: at,
    };
    try {
      if (operation.about === 'organisation') return await operation.run(call, request.body);
      if (operation.about === 'own') {
        const { by } = caller;
        return 'current' in by ? await operation.run({ ...call, by }, request.body) : denied;
      }
      const user =
        isOwn && 'current' in caller.by ? caller.by.current.user : await find(params['user']);
      if (user === undefined) return notFound(params['user'] ?? '');
      const { administration } = await parts.policies.current();
      const reason = refusalOf(caller.actor, operation.act, user, administration);
      if (!isOwn && reason !== undefined) return denied;
      return await operation.run({ ...call, user, isOwn }, request.body);
    } catch (error) {
      return refusalOfOwned(error) ?? refusalOfFault(parts, caller, error);
    }
  };

  /** Turns away whoever may not send a long body, before the first byte of it is kept. */
  const beforeLongBody =
    (act: Act) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
      const caller = await callerOf(parts, request);
      const refused =
        'refused' in caller ? caller : await refusalOfCaller(parts, caller, act, parts.clock.now());
      if (refused === undefined) return undefined;
      // Counted here, since nothing comes after it.
      const counted = await admitted(request);
      return sendRefusal(request, reply, 'refused' in counted ? counted : refused);
    };

  /** By id, or by user name however it is written. */
  const find = async (name: string | undefined): Promise<User | undefined> => {
    if (name === undefined) return undefined;
    const { users } = parts.stores;
    if (/^[\w-]{1,64}$/.test(name)) {
      const user = await users.find(name);
      if (user !== undefined) return user;
    }
    const canonical = canonicalUserPrincipalName(name);
    return canonical === null ? undefined : users.findByName(canonical);
  };

  return (app) => {
    for (const root of everyRoot) {
      const mine = operations.filter((operation) => operation.roots.includes(root));
      void app.register(
        async (scope) => {
          systemDoor(scope, { body: 'json', origins: 'ours', sendFault });
          scope.addHook('onRequest', async (request, reply) => {
            reply.headers(requestIds(request));
          });
          for (const operation of mine) {
            const { method, path, longestBody, act } = operation;
            const long =
              longestBody === undefined || act === undefined
                ? {}
                : { bodyLimit: longestBody, onRequest: beforeLongBody(act) };
            scope.route({ method, url: path, ...long, handler: handler(root, operation, false) });
            if (operation.about !== 'user' || operation.own === undefined) continue;
            const url = path.replace(userPrefix, '/me');
            scope.route({ method, url, handler: handler(root, operation, true) });
          }
          batchRoute(scope, root, { admitted, sendRefusal });
          // Made when somebody first asks for it: a start waits for nothing that few ever read.
          let document: ReturnType<typeof openApi> | undefined;
          scope.get('/openapi.json', (_request, reply) => {
            document ??= openApi(root, mine, parts.origin);
            void reply.type('application/json; charset=utf-8').send(document);
          });
          const known = mine.map(({ method, path, about, own }) => ({
            method,
            pattern: patternOf(path, about === 'user' && own !== undefined),
          }));
          scope.setNotFoundHandler((request, reply) =>
            sendRefusal(request, reply, nothingAt(request, roots[root], known)),
          );
        },
        { prefix: roots[root] },
      );
    }
  };
}

const userPrefix = /^\/users\/:user/;

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer | Refusal,
): FastifyReply {
  if ('refused' in answer) return sendRefusal(request, reply, answer);
  const { status, body, headers = {} } = answer;
  reply.code(status);
  if (body === undefined) return reply.headers(headers).send();
  return reply.headers({ 'content-type': jsonType, ...headers }).send(body);
}

function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { refused, message, headers = {} }: Refusal,
): FastifyReply {
  const ids = requestIds(request);
  return reply
    .code(refusals[refused])
    .headers({ ...ids, 'content-type': jsonType, ...headers })
    .send({
      error: {
        code: refused,
        message,
        innerError: { date: new Date().toISOString().slice(0, 19), ...ids },
      },
    });
}

/** What was thrown, in Graph's shape. The log has the rest. */
function sendFault(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, status }: Answered,
): FastifyReply {
  const shown = exposedCode(code);
  const refused = status === 415 ? 'UnsupportedMediaType' : codesOfFaults[shown];
  return sendRefusal(request, reply, refusal(refused, errors[shown].message));
}

/** Names the request in both programs' logs: ours, and theirs where they sent one. */
function requestIds(request: FastifyRequest): Readonly<Record<string, string>> {
  const { requestId } = visitorOf(request);
  const theirs = request.headers['client-request-id'];
  const isSound = typeof theirs === 'string' && /^[\w.-]{1,64}$/.test(theirs);
  return { 'request-id': requestId, 'client-request-id': isSound ? theirs : requestId };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  const texts = Object.entries(value).flatMap(([name, text]: [string, unknown]) =>
    typeof text === 'string' ? [[name, text] as const] : [],
  );
  return Object.fromEntries(texts);
}

/** The variables of a path; those of a function (`…ByFeature(:args)`) without its closing bracket. */
function paramsOf(request: FastifyRequest): Readonly<Record<string, string>> {
  const params = Object.entries(textsOf(request.params));
  return Object.fromEntries(
    params.map(([name, value]) =>
      name.endsWith(')') ? [name.slice(0, -1), value.replace(/\)$/, '')] : [name, value],
    ),
  );
}

function patternOf(path: string, isOwn: boolean): RegExp {
  const escaped = path.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+');
  const orMe = isOwn ? escaped.replace(/^\/users\/\[\^\/\]\+/, '/(?:users/[^/]+|me)') : escaped;
  return new RegExp(`^${orMe}$`);
}

/** A method that this address does not have, or no address at all: then Graph names the segment. */
function nothingAt(
  request: FastifyRequest,
  prefix: string,
  known: readonly { readonly method: string; readonly pattern: RegExp }[],
): Refusal {
  const path = request.url.split('?', 1)[0]?.slice(prefix.length) ?? '';
  const methods = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
  if (methods.length > 0) {
    return refusal(
      'Request_MethodNotAllowed',
      'Specified HTTP method is not allowed for the request target.',
      { allow: [...new Set(methods)].join(', ') },
    );
  }
  // Cut off first: an expression that looks for the end of a long address takes seconds, for anybody.
  const [segment = ''] = /^[\w.$-]{0,60}/.exec(path.slice(path.lastIndexOf('/') + 1)) ?? [];
  return refusal('badRequest', `Resource not found for the segment '${segment}'.`);
}
