/**
 * Owns the wall around the simulator: it shows passwords and reads everyone's messages, so it exists
 * on this machine only. A page elsewhere whose name was made to point here is kept out as well.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { TweestapError } from '../../errors/errors.ts';
import { isLoopback } from '../../http/hosts.ts';
import { isFromThisMachine } from '../../http/operation.ts';

/** All routes of this scope are nowhere (404) for anyone but this machine, under its own names. */
export function onThisMachineOnly(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, next) => {
    if (isFromThisMachine(request) && isLoopbackName(request)) next();
    else next(new TweestapError('NOT_FOUND'));
  });
}

function isLoopbackName(request: FastifyRequest): boolean {
  const address = `http://${request.headers.host ?? ''}`;
  if (!URL.canParse(address)) return false;
  const name = new URL(address).hostname.replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name.endsWith('.localhost') || isLoopback(name);
}
