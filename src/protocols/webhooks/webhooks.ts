/**
 * Owns `/webhooks/<provider>/…`: what providers tell us of messages and calls. Each provider proves
 * itself in its own way and speaks its own shapes; from there on all go one way (`hearing.ts`).
 */
import type { FastifyInstance } from 'fastify';

import { createHearing, type HearingParts } from './hearing.ts';
import { signedDoor } from './signed.ts';
import { simulatorWebhooks } from './simulator.ts';

export interface WebhookParts extends HearingParts {
  /** Absent where the simulator is off: its addresses then answer 404. */
  readonly simulator?: { readonly secrets: readonly Buffer[] } | undefined;
}

/** The routes of every provider that is on. */
export function webhookRoutes(parts: WebhookParts): (app: FastifyInstance) => void {
  const { simulator, clock } = parts;
  const hearing = createHearing(parts);
  return (app) => {
    if (simulator === undefined) return;
    const { secrets } = simulator;
    void app.register((scope, _options, done) => {
      signedDoor(scope);
      simulatorWebhooks(scope, hearing, { clock, secrets });
      done();
    });
  };
}
