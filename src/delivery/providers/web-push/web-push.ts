/**
 * Owns waking the authenticator on people's devices by Web Push: RFC 8030 to the browser's push
 * service, encrypted for the device (RFC 8291), in our own name (RFC 8292). It never says more than
 * that something waits. A subscription that the service has forgotten is `gone`; a service that is
 * down or busy is asked again while the message is worth something.
 */
import type { Clock } from '../../../lib/clock.ts';
import { callOutside, OutgoingError, type OutgoingAnswer } from '../../../lib/outgoing.ts';
import { encryptPush } from '../../../lib/web-push/encryption.ts';
import { vapidAuthorization, type VapidKey } from '../../../lib/web-push/vapid.ts';
import type { PushMessage, QueuedMessage, Receipt } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { deliveryRefused } from '../../refusal.ts';
import { allowsPushTo, isServiceHere, pushAddress } from './services.ts';
import type { WebPushSettings } from './settings.ts';

const name = 'web-push';

export interface WebPushParts {
  readonly settings: WebPushSettings;
  /** The key that browsers subscribed with. */
  readonly key: VapidKey;
  /** Whom to write to unless the settings say; undefined: nobody. */
  readonly contact: string | undefined;
  readonly clock: Clock;
}

/** A provider of pushes that talks to the push services of the browsers. */
export function webPushProvider(parts: WebPushParts): Provider {
  return {
    name,
    kinds: ['push'],
    send: async (queued, signal) => {
      if (queued.message.kind !== 'push') {
        throw deliveryRefused({
          retry: false,
          reason: 'refused',
          fault: `a ${queued.message.kind} is no push`,
        });
      }
      return send(parts, queued, queued.message, signal);
    },
    check: () => check(parts.settings),
  };
}

/** For the whole call; a push service that takes longer is asked again. */
const callMilliseconds = 5_000;
const mostAnswerBytes = 65_536;
/** A push service may refuse a word that is good for more than a day; clocks differ by minutes. */
const vapidMilliseconds = 3_600_000;
/** All our pushes are of one size, so that their length tells nothing. */
const paddedBytes = 512;
/** Of several that wait for a device that sleeps, only the newest is kept (RFC 8030 §5.4). */
const topic = 'requests';

async function send(
  { settings, key, contact, clock }: WebPushParts,
  { id, deliverBefore }: QueuedMessage,
  { subscription, body }: PushMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  const address = pushAddress(subscription.endpoint, settings.services);
  if (address === undefined) {
    const host = URL.parse(subscription.endpoint)?.host ?? 'no address';
    const fault = `not one of delivery.webPush.services: ${host}`;
    throw deliveryRefused({ retry: false, reason: 'refused', fault });
  }
  const now = clock.now().getTime();
  const subject = settings.contact ?? contact;
  const headers = {
    authorization: vapidAuthorization(key, {
      audience: address.origin,
      expiresAt: new Date(now + vapidMilliseconds),
      ...(subject === undefined ? {} : { subject }),
    }),
    ttl: String(Math.max(0, Math.floor((deliverBefore.getTime() - now) / 1_000))),
    urgency: 'high',
    topic,
    'content-encoding': 'aes128gcm',
    'content-type': 'application/octet-stream',
  };
  const answer = await call(address, { headers, body: encrypted(body, subscription) }, signal);
  const refusal = refusalIn(answer);
  if (refusal !== undefined) throw deliveryRefused(refusal);
  // The service's own name for it stands in `Location`, and opens it to whoever knows it.
  return { provider: name, reference: id };
}

function encrypted(body: string, receiver: PushMessage['subscription']): Buffer {
  try {
    return encryptPush(body, receiver, { padTo: paddedBytes });
  } catch (error) {
    const fault = 'the keys of the subscription are none';
    throw deliveryRefused({ retry: false, reason: 'gone', fault }, error);
  }
}

async function call(
  address: URL,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: Buffer },
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  try {
    return await callOutside(
      address,
      { method: 'POST', ...request },
      {
        allows: allowsPushTo,
        timeoutMs: callMilliseconds,
        maximumBytes: mostAnswerBytes,
        signal,
      },
    );
  } catch (error) {
    const reason = error instanceof OutgoingError ? error.reason : 'failed';
    const fault = `${address.host} was not reached: ${reason}`;
    throw deliveryRefused({ retry: true, reason: 'unreachable', fault }, error);
  }
}

/** What an answer says against the message (RFC 8030 §5, §8); never in the service's own words. */
function refusalIn({
  status,
  headers,
}: OutgoingAnswer): Parameters<typeof deliveryRefused>[0] | undefined {
  if (status >= 200 && status < 300) return undefined;
  const fault = `the push service answered ${status}`;
  if (status === 404 || status === 410) return { retry: false, reason: 'gone', fault };
  if (status === 429 || status >= 500) {
    const retryAfterSeconds = secondsIn(headers['retry-after']);
    return {
      retry: true,
      reason: 'unreachable',
      fault,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
  }
  // 401 and 403: not our key, or not our clock. 413, 400: not our words. 3xx: we follow nobody.
  return { retry: false, reason: 'refused', fault };
}

/** `Retry-After` as seconds; a date is left to our own patience. */
function secondsIn(retryAfter: string | undefined): number | undefined {
  return retryAfter !== undefined && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
}

/** Whether each service that has one name answers at all; what it answers does not matter. */
async function check({ services }: WebPushSettings): Promise<void> {
  const silent = await Promise.all(
    services
      .filter((service) => !service.startsWith('*.'))
      .map(async (service) => {
        // A stand-in on this machine needs no certificate.
        const address = new URL(`${isServiceHere(service) ? 'http' : 'https'}://${service}/`);
        try {
          await callOutside(
            address,
            { method: 'HEAD', headers: {} },
            { allows: allowsPushTo, timeoutMs: callMilliseconds },
          );
          return undefined;
        } catch (error) {
          return error instanceof OutgoingError ? `${service} (${error.reason})` : service;
        }
      }),
  );
  const names = silent.filter((service) => service !== undefined);
  if (names.length === 0) return;
  const fault = `These push services do not answer: ${names.join(', ')}. Open the way to them, take them out of delivery.webPush.services, or set delivery.push to none.`;
  throw deliveryRefused({ retry: true, reason: 'unreachable', fault }, new Error(fault));
}
