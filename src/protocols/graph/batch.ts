/**
 * Owns `$batch` (OData 4.01 JSON format §19): up to twenty requests in one, each of which goes through the
 * whole door by itself, with the token of the batch. So nothing can be done in one that could not be done
 * alone, and each counts.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';

import type { Caller } from './caller.ts';
import { refusal, type Refusal } from './faults.ts';
import { roots, type Root } from './roots.ts';

const mostRequests = 20;

const batchBody = z.strictObject({
  requests: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(64),
        method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
        /** Below the root, or with it: `/users?$top=5`, `/v1.0/users`. */
        url: z.string().min(1).max(4_000),
        headers: z.record(z.string().max(100), z.string().max(1_000)).exactOptional(),
        body: z.unknown().optional(),
        dependsOn: z.array(z.string().max(64)).max(mostRequests).exactOptional(),
      }),
    )
    .min(1)
    .max(mostRequests),
});
type Part = z.infer<typeof batchBody>['requests'][number];

interface PartAnswer {
  readonly id: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Headers of a part that are passed on; who asks is said by the batch alone. */
const passedOn = new Set(['consistencylevel', 'if-match', 'prefer', 'client-request-id']);
/** Headers of an answer that a client needs. */
const told = ['location', 'etag', 'retry-after', 'www-authenticate'];

/** Registers it below one root. */
export function batchRoute(
  scope: FastifyInstance,
  root: Root,
  door: {
    readonly admitted: (request: FastifyRequest) => Promise<Caller | Refusal>;
    readonly sendRefusal: (
      request: FastifyRequest,
      reply: FastifyReply,
      refused: Refusal,
    ) => FastifyReply;
  },
): void {
  scope.post('/$batch', async (request, reply) => {
    const caller = await door.admitted(request);
    if ('refused' in caller) return door.sendRefusal(request, reply, caller);
    const parsed = batchBody.safeParse(request.body);
    if (!parsed.success) {
      const message = `A batch is 1 to ${mostRequests} requests with id, method and url.`;
      return door.sendRefusal(request, reply, refusal('badRequest', message));
    }
    const { requests } = parsed.data;
    const ids = requests.map(({ id }) => id);
    if (new Set(ids).size < ids.length) {
      return door.sendRefusal(request, reply, refusal('badRequest', 'An id is there twice.'));
    }
    const answers = new Map<string, PartAnswer>();
    // One after another: what comes later may build on what came before.
    for (const part of requests) {
      answers.set(part.id, await answerTo(scope, root, request, part, answers));
    }
    return reply
      .type('application/json; odata.metadata=minimal; charset=utf-8')
      .send({ responses: [...answers.values()] });
  });
}

async function answerTo(
  scope: FastifyInstance,
  root: Root,
  outer: FastifyRequest,
  part: Part,
  before: ReadonlyMap<string, PartAnswer>,
): Promise<PartAnswer> {
  const { id, method, url, body, dependsOn = [] } = part;
  const isStopped = dependsOn.some((other) => (before.get(other)?.status ?? 400) >= 400);
  if (isStopped) return failed(id, 424, 'FailedDependency', 'A request before it failed.');
  const path = belowRoot(root, url);
  // As our own code would write it: nothing that leads out of this root, and no batch in a batch.
  const [address = ''] = path.split('?', 1);
  const isSound = !/[\s\\#]|%2e|%2f|%5c|\/\/|\/\.{1,2}(?:\/|$)/i.test(address);
  if (!isSound || /^\/\$batch\b/i.test(decoded(address))) {
    return failed(id, 400, 'badRequest', 'The url of this request is malformed.');
  }
  const response = await scope.inject({
    method,
    url: `${roots[root]}${path.replaceAll(' ', '%20')}`,
    remoteAddress: outer.socket.remoteAddress ?? '',
    headers: headersFor(outer, part),
    ...(body === undefined || method === 'GET' ? {} : { payload: JSON.stringify(body) }),
  });
  const headers = Object.fromEntries(
    told.flatMap((name) => {
      const value = response.headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
  return {
    id,
    status: response.statusCode,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(response.payload === '' ? {} : { body: bodyOf(response.payload) }),
  };
}

/** Microsoft's client writes the root in front of what it was given as a whole address. */
function belowRoot(root: Root, url: string): string {
  const path = url.startsWith('/') ? url : `/${url}`;
  const prefix = `${roots[root]}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length - 1) : path;
}

function headersFor(outer: FastifyRequest, part: Part): Readonly<Record<string, string>> {
  const own = Object.entries(part.headers ?? {}).filter(([name]) =>
    passedOn.has(name.toLowerCase()),
  );
  const kept = ['authorization', 'host', 'x-forwarded-for', 'x-forwarded-host', 'origin'].flatMap(
    (name) => {
      const value = outer.headers[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    },
  );
  return {
    ...Object.fromEntries(own),
    ...(part.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...Object.fromEntries(kept),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '/$batch';
  }
}

function bodyOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

function failed(id: string, status: number, code: string, message: string): PartAnswer {
  return { id, status, body: { error: { code, message } } };
}
