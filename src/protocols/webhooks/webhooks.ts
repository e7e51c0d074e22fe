/**
 * Owns `/webhooks/<provider>/…`: what providers tell us of messages and calls. Each provider proves
 * itself in its own way and speaks its own shapes; from there on all go one way (`hearing.ts`).
 */
import type { FastifyInstance } from 'fastify';

import type { OutboxStore } from '../../delivery/outbox-store.ts';
import { createHearing, type HearingParts } from './hearing.ts';
import { httpDoor, httpWebhooks, type HttpWebhookParts } from './http.ts';
import { signedDoor } from './signed.ts';
import { twilioDoor } from './signed-by-twilio.ts';
import { simulatorWebhooks } from './simulator.ts';
import { vonageDoor } from './signed-by-vonage.ts';
import { twilioWebhooks, type TwilioWebhookParts } from './twilio.ts';
import { vonageWebhooks, type VonageWebhookParts } from './vonage.ts';

export interface WebhookParts extends HearingParts {
  readonly outbox: HearingParts['outbox'] & Pick<OutboxStore, 'script' | 'noteCost'>;
  /** Absent where the simulator is off: its addresses then answer 404. */
  readonly simulator?: { readonly secrets: readonly Buffer[] } | undefined;
  /** Absent where Twilio is not used: its addresses then answer 404. */
  readonly twilio?: TwilioWebhookParts | undefined;
  /** Absent where Vonage is not used: its addresses then answer 404. */
  readonly vonage?: VonageWebhookParts | undefined;
  /** Absent where no provider is described by HTTP. */
  readonly http?: HttpWebhookParts | undefined;
}

/** The routes of every provider that is on. */
export function webhookRoutes(parts: WebhookParts): (app: FastifyInstance) => void {
  const { simulator, twilio, vonage, http, clock, outbox } = parts;
  const hearing = createHearing(parts);
  return (app) => {
    if (simulator !== undefined) {
      const { secrets } = simulator;
      void app.register((scope, _options, done) => {
        signedDoor(scope);
        simulatorWebhooks(scope, hearing, { clock, secrets });
        done();
      });
    }
    if (twilio !== undefined) {
      void app.register((scope, _options, done) => {
        twilioDoor(scope);
        twilioWebhooks(scope, hearing, outbox, twilio);
        done();
      });
    }
    if (vonage !== undefined) {
      void app.register((scope, _options, done) => {
        vonageDoor(scope);
        vonageWebhooks(scope, hearing, outbox, { ...vonage, clock });
        done();
      });
    }
    if (http !== undefined) {
      void app.register((scope, _options, done) => {
        httpDoor(scope);
        httpWebhooks(scope, hearing, { ...http, clock });
        done();
      });
    }
  };
}
