import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startPushService, type PushService } from '../../../../test/support/push-service.ts';
import { settableClock, type SettableClock } from '../../../lib/clock.ts';
import { load } from '../../../lib/settings/settings.ts';
import { createVapidKey, type VapidKey } from '../../../lib/web-push/vapid.ts';
import { TweestapError } from '../../../errors/errors.ts';
import type { PushMessage } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { refusalOf } from '../../refusal.ts';
import { describeProvider, queued } from '../provider.contract.ts';
import { deliverySettings } from '../registry.ts';
import { webPushProvider } from './web-push.ts';

// The messages of the contract are three minutes good from here.
const start = new Date('2026-11-02T09:00:00Z');
const body = '{"kind":"changed"}';
const patient = new AbortController().signal;

describeProvider('web push', async () => {
  const key = createVapidKey();
  const clock = settableClock(start);
  const service = await startPushService(clock);
  const subscription = await service.subscribe(key.publicKey);
  return {
    provider: providerFor(service, key, clock),
    samples: [{ kind: 'push', to: 'device-1', language: 'nl', subscription, body }],
    arrived: async () => service.received().map(({ text }) => ({ to: 'device-1', words: text })),
    goDown: () => service.goDown(),
    comeUp: () => service.comeUp(),
    refuse: () => service.behave('unwilling'),
    hang: () => service.behave('silent'),
    close: () => service.close(),
  };
});

describe('a push to a browser', () => {
  const key = createVapidKey();
  let clock: SettableClock;
  let service: PushService;
  let provider: Provider;

  beforeEach(async () => {
    clock = settableClock(start);
    service = await startPushService(clock);
    provider = providerFor(service, key, clock);
  });
  afterEach(() => service.close());

  const messageTo = async (text = body): Promise<PushMessage> => ({
    kind: 'push',
    to: 'device-1',
    language: 'en',
    subscription: await service.subscribe(key.publicKey),
    body: text,
  });
  const refusalFrom = async (
    message: PushMessage,
    from = provider,
  ): Promise<ReturnType<typeof refusalOf>> => {
    try {
      await from.send(queued(message, 1), patient);
    } catch (error) {
      return refusalOf(error);
    }
    assert.fail('it was sent');
  };

  it('is read by its browser, each of two hundred', async () => {
    const texts = Array.from({ length: 200 }, (_, number) => `{"number":${number},"text":"“é”"}`);
    for (const [index, text] of texts.entries()) {
      await provider.send(queued(await messageTo(text), index), patient);
    }
    assert.deepEqual(
      service.received().map(({ text }) => text),
      texts,
    );
    assert.deepEqual(service.refusals(), []);
    const lengths = new Set(service.received().map(({ bytes }) => bytes));
    assert.equal(lengths.size, 1, 'the lengths tell them apart');
  });

  it('says how long it is worth something, that it is urgent, and whose it is', async () => {
    const message = await messageTo();
    clock.advanceSeconds(130.2);
    await provider.send(queued(message, 1), patient);
    const [push] = service.received();
    assert.deepEqual([push?.ttl, push?.urgency], [49, 'high']);
    assert.equal(push?.contact, 'https://login.voorbeeld.example');
    clock.advanceSeconds(60);
    await provider.send(queued(message, 2), patient);
    assert.equal(service.received()[1]?.ttl, 0, 'now or never');
  });

  it('leaves only the newest waiting for a device that sleeps', async () => {
    const asleep = await messageTo('{"number":1}');
    const other = await messageTo('{"number":2}');
    await provider.send(queued(asleep, 1), patient);
    await provider.send(queued(other, 2), patient);
    await provider.send(queued({ ...asleep, body: '{"number":3}' }, 3), patient);
    const waiting = (message: PushMessage): readonly string[] =>
      service.waiting(message.subscription).map(({ text }) => text);
    assert.deepEqual(waiting(asleep), ['{"number":3}']);
    assert.deepEqual(waiting(other), ['{"number":2}']);
  });

  it('is gone for good when the browser has ended its subscription, or its keys are none', async () => {
    const message = await messageTo();
    service.unsubscribe(message.subscription);
    const ended = await refusalFrom(message);
    assert.deepEqual([ended.retry, ended.reason], [false, 'gone']);
    assert.match(ended.fault, /410/);
    const { subscription } = message;
    const unknown = { ...subscription, endpoint: `${service.origin}/send/nobody` };
    const keyless = { ...subscription, p256dh: Buffer.alloc(65, 4).toString('base64url') };
    for (const other of [unknown, keyless]) {
      const refusal = await refusalFrom({ ...message, subscription: other });
      assert.deepEqual([refusal.retry, refusal.reason], [false, 'gone']);
    }
  });

  it('is tried again when the service is busy or broken, and waits as long as it asks', async () => {
    const message = await messageTo();
    service.behave('busy');
    const busy = await refusalFrom(message);
    assert.deepEqual([busy.retry, busy.reason, busy.retryAfterSeconds], [true, 'unreachable', 1]);
    service.behave('broken');
    const broken = await refusalFrom(message);
    assert.deepEqual(
      [broken.retry, broken.reason, broken.retryAfterSeconds],
      [true, 'unreachable', undefined],
    );
    service.behave('well');
    await provider.send(queued(message, 1), patient);
    assert.equal(service.received().length, 1);
  });

  it('arrives through a service that takes its time', async () => {
    service.hesitate(300);
    await provider.send(queued(await messageTo(), 1), patient);
    assert.equal(service.received().length, 1);
  });

  it('follows nobody elsewhere, and reads no answer without end', async () => {
    const message = await messageTo();
    service.behave('elsewhere');
    const elsewhere = await refusalFrom(message);
    assert.deepEqual([elsewhere.retry, elsewhere.reason], [false, 'refused']);
    service.behave('talkative');
    assert.match((await refusalFrom(message)).fault, /too-large/);
    assert.deepEqual(service.received(), []);
  });

  it('is refused in another name, and in ours once that is too old or too young', async () => {
    const message = await messageTo();
    const stranger = providerFor(service, createVapidKey(), clock);
    const forged = await refusalFrom(message, stranger);
    assert.deepEqual([forged.retry, forged.reason], [false, 'refused']);
    assert.match(forged.fault, /403/);
    const slow = providerFor(service, key, settableClock(new Date(start.getTime() - 2 * hour)));
    assert.equal((await refusalFrom(message, slow)).reason, 'refused');
    const hasty = providerFor(service, key, settableClock(new Date(start.getTime() + 24 * hour)));
    assert.equal((await refusalFrom(message, hasty)).reason, 'refused');
    assert.deepEqual(service.refusals(), [
      'the browser subscribed with another key',
      'no longer good',
      'good for more than a day',
    ]);
    assert.deepEqual(service.received(), []);
  });

  it('goes to no address that a browser made up', async () => {
    const message = await messageTo();
    const elsewhere = await startPushService(clock);
    try {
      const { subscription } = message;
      const stolen = await elsewhere.subscribe();
      for (const endpoint of [
        stolen.endpoint,
        'https://10.0.0.7/internal',
        'https://169.254.169.254/latest/meta-data',
        'no address',
        `${service.origin.replace('//', '//user:secret@')}/send/1`,
      ]) {
        const refusal = await refusalFrom({
          ...message,
          subscription: { ...subscription, endpoint },
        });
        assert.deepEqual([refusal.retry, refusal.reason], [false, 'refused'], endpoint);
        assert.ok(!refusal.fault.includes('secret'), refusal.fault);
        assert.ok(!refusal.fault.includes('/send'), refusal.fault);
      }
      assert.deepEqual([elsewhere.received(), elsewhere.refusals()], [[], []]);
    } finally {
      await elsewhere.close();
    }
  });

  it('carries nothing but pushes', async () => {
    const text = { kind: 'text', to: '+31612345678', language: 'en', body: '123456' } as const;
    const refusal = await provider
      .send(queued(text, 1), patient)
      .then(() => assert.fail('it was sent'), refusalOf);
    assert.deepEqual([refusal.retry, refusal.fault], [false, 'a text is no push']);
  });

  it('is checked by asking the services whether they are there', async () => {
    await provider.check();
    await service.goDown();
    await assert.rejects(provider.check(), (error) => {
      assert.ok(error instanceof TweestapError && error.cause instanceof Error);
      assert.ok(error.cause.message.includes(service.host), error.cause.message);
      assert.match(error.cause.message, /delivery\.push/);
      return true;
    });
    await service.comeUp();
  });
});

describe('the settings of pushes', () => {
  const loaded = (environment: Readonly<Record<string, string>>): ReturnType<typeof load> =>
    load(deliverySettings, { environment });

  it('need nothing, and can name services and a contact', () => {
    const nothing = load(deliverySettings, { environment: {} });
    assert.equal(nothing.settings?.push, 'web-push');
    assert.ok(nothing.settings.webPush.services.includes('fcm.googleapis.com'));
    const own = load(deliverySettings, {
      environment: {
        TWEESTAP_WEB_PUSH_SERVICES: 'push.example.org,*.push.example.net',
        TWEESTAP_WEB_PUSH_CONTACT: 'mailto:beheer@voorbeeld.example',
      },
    });
    assert.deepEqual(own.settings?.webPush, {
      services: ['push.example.org', '*.push.example.net'],
      contact: 'mailto:beheer@voorbeeld.example',
    });
  });

  it('refuse what is no service and whom nobody can write to', () => {
    for (const [name, value] of [
      ['TWEESTAP_WEB_PUSH_SERVICES', '*'],
      ['TWEESTAP_WEB_PUSH_SERVICES', 'https://push.example.org/'],
      ['TWEESTAP_WEB_PUSH_CONTACT', 'beheer@voorbeeld.example'],
      ['TWEESTAP_PUSH', 'pigeon'],
    ] as const) {
      assert.equal(loaded({ [name]: value }).settings, undefined, `${name}=${value}`);
    }
  });
});

const hour = 3_600_000;

function providerFor(service: PushService, key: VapidKey, clock: SettableClock): Provider {
  return webPushProvider({
    settings: { services: [service.host] },
    key,
    contact: 'https://login.voorbeeld.example',
    clock,
  });
}
