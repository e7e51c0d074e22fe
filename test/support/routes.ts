/** Every address that a running server answers, read from the server itself: none can be forgotten. */
import assert from 'node:assert/strict';

import type { FastifyInstance } from 'fastify';

import { andBelow, partsOf } from '../../src/http/later.ts';

export interface Route {
  /** GET, POST, …; HEAD is left out, it is the framework's. */
  readonly method: string;
  /** With its variables: `/sign-in/:attempt/name`. */
  readonly url: string;
}

/** Lists them in the order of their addresses, those of the parts that nobody has asked for yet too. */
export async function routesOf(app: FastifyInstance): Promise<readonly Route[]> {
  const parts = partsOf(app);
  const ofParts = new Set(parts.flatMap(({ addresses }) => addresses.flatMap(andBelow)));
  const routes = [
    ...printed(app).filter(({ url }) => !ofParts.has(url)),
    ...(await Promise.all(parts.map(async ({ open }) => printed(await open())))).flat(),
  ];
  assert.ok(
    routes.some(({ url }) => url === '/sign-in/:attempt/password'),
    'the tree of routes was not understood',
  );
  return routes.toSorted((one, other) => (one.url < other.url ? -1 : 1));
}

function printed(app: FastifyInstance): readonly Route[] {
  // A tree of the pieces of addresses, four characters deeper on each floor.
  const pieces: string[] = [];
  const routes: Route[] = [];
  for (const line of app.printRoutes({ commonPrefix: true }).split('\n')) {
    const [, tree = '', piece = '', methods = ''] =
      /^([│├└─\s]*)(\S+?)(?: \(([A-Z, ]+)\))?$/u.exec(line) ?? [];
    if (piece === '') continue;
    const depth = tree.length / 4 - 1;
    pieces.splice(depth, pieces.length, piece);
    const url = pieces.join('');
    for (const method of methods.split(', ')) {
      if (method !== '' && method !== 'HEAD') routes.push({ method, url });
    }
  }
  return routes;
}
