/**
 * Owns `/webhooks/<provider>/…`: what providers tell us of messages and calls. Each provider proves
 * itself in its own way and speaks its own shapes; from there on all go one way (`hearing.ts`).
 */
import type { FastifyInstance } from 'fastify';

import type { OutboxStore } from '../../delivery/outbox-store.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Hearing } from './hearing.ts';
import type { HttpWebhookParts } from './http.ts';
import { rawDoor } from './raw-body.ts';
import type { TwilioWebhookParts } from './twilio.ts';
import type { VonageWebhookParts } from './vonage.ts';

export interface WebhookParts {
  readonly hearing: Hearing;
  readonly outbox: Pick<OutboxStore, 'script' | 'noteCost'>;
  readonly clock: Clock;
  /** Absent where the simulator is off: its addresses then answer 404. */
  readonly simulator?: { readonly secrets: readonly Buffer[] } | undefined;
  /** Absent where Twilio is not used: its addresses then answer 404. */
  readonly twilio?: TwilioWebhookParts | undefined;
  /** Absent where Vonage is not used: its addresses then answer 404. */
  readonly vonage?: VonageWebhookParts | undefined;
  /** Absent where no provider is described by HTTP. */
  readonly http?: HttpWebhookParts | undefined;
}

/** The routes of every provider that is on; those of others are not even loaded. */
export function webhookRoutes(parts: WebhookParts): (app: FastifyInstance) => void {
  const { hearing, outbox, clock, simulator, twilio, vonage, http } = parts;
  return (app) => {
    if (simulator !== undefined) {
      const { secrets } = simulator;
      void app.register(async (scope) => {
        const { simulatorWebhooks } = await import('./simulator.ts');
        rawDoor(scope, ['json']);
        simulatorWebhooks(scope, hearing, { clock, secrets });
      });
    }
    if (twilio !== undefined) {
      void app.register(async (scope) => {
        const { twilioWebhooks } = await import('./twilio.ts');
        rawDoor(scope, ['form', 'json']);
        twilioWebhooks(scope, hearing, outbox, twilio);
      });
    }
    if (vonage !== undefined) {
      void app.register(async (scope) => {
        const { vonageWebhooks } = await import('./vonage.ts');
        rawDoor(scope, ['json']);
        vonageWebhooks(scope, hearing, outbox, { ...vonage, clock });
      });
    }
    if (http !== undefined) {
      void app.register(async (scope) => {
        const { httpWebhooks } = await import('./http.ts');
        rawDoor(scope, ['json', 'form']);
        httpWebhooks(scope, hearing, { ...http, clock });
      });
    }
  };
}
