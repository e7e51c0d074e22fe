/**
 * Owns how the simulated network reports back: as any provider does, by signed requests to
 * `/webhooks/…`, tried again when nobody answers.
 */
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../../../lib/clock.ts';
import { request } from '../../../lib/node-http.ts';
import type { Random } from '../../../lib/random.ts';
import { signWebhook, webhookHeaders } from '../../webhook-signature.ts';

/** A request to our own webhooks, signed. */
export interface Webhook {
  /** `/webhooks/simulator/calls`, `…/texts` or `…/status`. */
  readonly path: string;
  /** JSON. */
  readonly body: string;
  /** Seconds since 1970, as text; goes into the header `x-webhook-timestamp`. */
  readonly timestamp: string;
  /** 64 hexadecimal digits; goes into the header `x-webhook-signature`. */
  readonly signature: string;
}

export interface WebhookAnswer {
  readonly status: number;
  readonly body: string;
}

/** Hands a webhook to the service. Rejects when it cannot be reached. */
export type DeliverWebhook = (webhook: Webhook) => Promise<WebhookAnswer>;

/** Where the service listens on this machine, and the name it answers to. */
export interface WebhookTarget {
  /** `127.0.0.1`, unless it listens on another loopback address. */
  readonly address?: string | undefined;
  readonly port: number;
  /** For the `Host` header: the host of the public URL, with its port. */
  readonly host: string;
}

/** Posts webhooks to a running server; `target` is read each time, since its port may be chosen late. */
export function postWebhooksTo(target: () => WebhookTarget): DeliverWebhook {
  return ({ path, body, timestamp, signature }) =>
    new Promise<WebhookAnswer>((resolve, reject) => {
      const { address = '127.0.0.1', port, host } = target();
      // Not `fetch`: that sets Host by the address, and the service answers to its own name only.
      const outgoing = request(
        {
          host: address,
          port,
          path,
          method: 'POST',
          timeout: answerMilliseconds,
          headers: {
            host,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            [webhookHeaders.timestamp]: timestamp,
            [webhookHeaders.signature]: signature,
          },
        },
        (response) => {
          text(response).then(
            (answered) => resolve({ status: response.statusCode ?? 0, body: answered }),
            reject,
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error('the service does not answer')));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}

const answerMilliseconds = 5_000;

export interface ReporterParts {
  readonly clock: Clock;
  readonly random: Random;
  /** Shared with the webhooks only. */
  readonly secret: Buffer;
  readonly deliver: DeliverWebhook;
  /** Told of reports that nobody took. */
  readonly onLost: (path: string, error: unknown) => void;
}

/** Sends one event to `/webhooks/simulator/<door>`; undefined when nobody took it. */
export type Reporter = (
  door: 'calls' | 'texts' | 'status',
  event: Readonly<Record<string, unknown>>,
  options?: { readonly twice?: boolean },
) => Promise<WebhookAnswer | undefined>;

const pausesMs = [100, 400];

/** Makes the reporter. Each event gets an id of its own, which stays the same when it is repeated. */
export function createReporter(parts: ReporterParts): Reporter {
  const { clock, random, secret, deliver, onLost } = parts;

  const post = async (path: string, body: string): Promise<WebhookAnswer> => {
    // Signed each time anew: the clock may have moved since the last try.
    const timestamp = String(Math.floor(clock.now().getTime() / 1_000));
    const signature = signWebhook(secret, { timestamp, path, body });
    const answer = await deliver({ path, body, timestamp, signature });
    if (answer.status >= 500) throw new Error(`the service answered ${answer.status}`);
    return answer;
  };

  return async (door, event, { twice = false } = {}) => {
    const path = `/webhooks/simulator/${door}`;
    const body = JSON.stringify({ eventId: random.token(16), ...event });
    for (const pause of [...pausesMs, undefined]) {
      try {
        const answer = await post(path, body);
        if (twice) await post(path, body);
        return answer;
      } catch (error) {
        if (pause === undefined) onLost(path, error);
        else await sleep(pause, undefined, { ref: false });
      }
    }
    return undefined;
  };
}
