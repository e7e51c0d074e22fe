/**
 * Owns the parts of the site that are loaded when somebody first asks for them: what few people need
 * costs a start nothing, and no memory until then. Each part is a server of its own behind the same
 * doorkeeper; a request is handed to it whole, before anything was read or counted.
 */
import assert from 'node:assert/strict';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Puts a part's routes on its server. */
export type PutOn = (app: FastifyInstance) => void | Promise<void>;

/** A part of the site. */
export interface Part {
  /** What it answers: these, and all below each of them. */
  readonly addresses: readonly string[];
  /** Loads it, where nobody has yet. */
  readonly open: () => Promise<FastifyInstance>;
}

interface Parts {
  /** Makes a server with nothing on it but what every request goes through. */
  readonly make: () => FastifyInstance;
  readonly all: Part[];
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Opens the part that answers here. Absent: the route answers by itself. */
    later?: () => Promise<FastifyInstance>;
  }
}

const known = new WeakMap<FastifyInstance, Parts>();
const handedOver = new WeakSet<FastifyRequest>();

/** Lets `openLater` be used on a server; `make` makes the server of a part. */
export function allowLater(app: FastifyInstance, make: () => FastifyInstance): void {
  known.set(app, { make, all: [] });
}

/**
 * Answers `addresses`, and all below each of them, with what `load` brings. It is asked once, by the
 * first request; where it fails, the next request asks again. What can be wrong with the settings is
 * not to be found here: nobody would hear of it at the start.
 */
export function openLater(
  app: FastifyInstance,
  addresses: readonly string[],
  load: () => Promise<PutOn>,
): void {
  const parts = known.get(app);
  assert.ok(parts, 'parts are opened on the server itself');
  let opened: Promise<FastifyInstance> | undefined;
  const open = (): Promise<FastifyInstance> => {
    opened ??= furnish(parts.make, load).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  parts.all.push({ addresses, open });
  app.addHook('onClose', async () => {
    await (await opened)?.close();
  });
  for (const url of addresses.flatMap(andBelow)) {
    app.all(url, { config: { later: open } }, (request) => {
      throw new Error(`nobody took ${request.url} over`);
    });
  }
}

/** An address and all below it, as the router knows them. */
export function andBelow(address: string): readonly string[] {
  return [address, `${address}/*`];
}

async function furnish(
  make: () => FastifyInstance,
  load: () => Promise<PutOn>,
): Promise<FastifyInstance> {
  const putOn = await load();
  const part = make();
  // A scope of its own: what it does not answer in its own way goes on to ours.
  await part.register(async (scope) => putOn(scope));
  await part.ready();
  return part;
}

/** Hands a request over to the part that answers it; rejects where that cannot be opened. */
export async function handOver(
  open: () => Promise<FastifyInstance>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const part = await open();
  handedOver.add(request);
  reply.hijack();
  // Who went away while it was loaded has told so already: the part would wait for that for ever.
  if (!reply.raw.destroyed) part.routing(request.raw, reply.raw);
}

/** Whether somebody else answers this request, counts it and reports it. */
export function wasHandedOver(request: FastifyRequest): boolean {
  return handedOver.has(request);
}

/** All parts of a server, in the order in which they were announced. */
export function partsOf(app: FastifyInstance): readonly Part[] {
  return known.get(app)?.all ?? [];
}
