import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance, InjectOptions } from 'fastify';

import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { newVisitor } from '../../../test/support/visitor.ts';
import type { OutgoingMessage } from '../../delivery/message.ts';
import {
  createSimulatorNetwork,
  type SimulatorNetwork,
} from '../../delivery/providers/simulator/network.ts';
import { settableClock, type SettableClock } from '../../lib/clock.ts';
import { decodeBase32 } from '../../lib/otp/base32.ts';
import { totp } from '../../lib/otp/otp.ts';
import { systemRandom } from '../../lib/random.ts';
import { simulatorBundle, simulatorBundleName } from './bundle.ts';
import type { SamplePerson } from './sample-person.ts';
import { simulatorRoutes } from './simulator.ts';

const start = new Date('2026-11-20T09:00:00Z');
const anna: SamplePerson = {
  userPrincipalName: 'anna@voorbeeld.example',
  displayName: 'Anna Bakker',
  password: 'rustig-vogel-42',
  mobilePhone: '+31 6 12345678',
  businessPhone: '+31 20 123 4567 x12',
  mail: 'anna@voorbeeld.example',
  otherMail: undefined,
  note: { en: 'Enabled, nothing registered', nl: 'Ingeschakeld, niets geregistreerd' },
  app: undefined,
};
const els: SamplePerson = {
  ...anna,
  userPrincipalName: 'els@voorbeeld.example',
  displayName: 'Els Visser',
  mobilePhone: undefined,
  businessPhone: undefined,
  mail: 'els@voorbeeld.example',
  note: { en: 'Password only', nl: 'Alleen een wachtwoord' },
  app: { key: 'GEZDGNBVGY3TQOJQ', address: 'otpauth://totp/Els?secret=GEZDGNBVGY3TQOJQ' },
};

const text: OutgoingMessage = {
  kind: 'text',
  to: '+31612345678',
  language: 'en',
  body: 'Your code is 482913 <b>',
};
const call: OutgoingMessage = {
  kind: 'call',
  to: '+31201234567',
  extension: '12',
  language: 'en',
  greeting: 'This is Voorbeeld.',
  instruction: 'Press the hash key.',
  thanks: 'Thank you.',
  refused: 'That was not the hash key.',
};
const mail: OutgoingMessage = {
  kind: 'mail',
  to: 'anna@voorbeeld.example',
  language: 'nl',
  subject: 'Er is een methode toegevoegd',
  text: 'Was u dit niet?',
  html: '<!doctype html><html><head><title>x</title></head><body><script>alert(1)</script><p style="color:red">Was u dit niet?</p></body></html>',
};

const push: OutgoingMessage = {
  kind: 'push',
  to: 'device-7',
  language: 'nl',
  subscription: {
    endpoint: 'https://push.example/send/address-of-the-receiver',
    p256dh: 'public-key-of-the-receiver',
    auth: 'secret-of-the-receiver',
  },
  body: '{"kind":"changed"}',
};

describe('the simulator', () => {
  let app: FastifyInstance;
  let network: SimulatorNetwork;
  let clock: SettableClock;
  let events: Record<string, unknown>[];
  let turn: Record<string, unknown>;
  let sent: number;

  beforeEach(async () => {
    clock = settableClock(start);
    events = [];
    turn = {};
    sent = 0;
    network = createSimulatorNetwork({
      clock,
      random: systemRandom,
      secret: Buffer.alloc(32, 3),
      deliver: async ({ body }) => {
        const event: Record<string, unknown> = JSON.parse(body);
        events.push(event);
        return { status: 200, body: JSON.stringify(event['event'] === 'keys' ? turn : {}) };
      },
      senders: { number: '+3197010240000', mail: 'no-reply@voorbeeld.example' },
    });
    app = httpServerForTests({ bundles: { [simulatorBundleName]: simulatorBundle } });
    await app.register(
      simulatorRoutes({
        network,
        people: async () => [anna, els],
        clock,
        advanceClock: (seconds) => clock.advanceSeconds(seconds),
      }),
    );
  });
  afterEach(async () => {
    await network.stop();
    await app.close();
  });

  async function arrives(message: OutgoingMessage): Promise<string> {
    sent += 1;
    await network.carry(
      {
        id: `message-${sent}`,
        message,
        attemptId: undefined,
        challengeId: undefined,
        userId: undefined,
        createdAt: start,
        deliverBefore: start,
        tries: 1,
      },
      new AbortController().signal,
    );
    return network.messages().at(-1)?.id ?? '';
  }

  async function api(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    options: InjectOptions = {},
  ): Promise<{ readonly status: number; readonly json: unknown }> {
    const response = await app.inject({
      method,
      url: `/simulator/api${path}`,
      ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      ...options,
      headers: {
        host: 'localhost:8080',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
    });
    return {
      status: response.statusCode,
      json: response.body === '' ? undefined : response.json(),
    };
  }

  describe('for scripts', () => {
    it('says who there is and how they sign in', async () => {
      const { status, json } = await api('GET', '/people');
      assert.equal(status, 200);
      const { app: _none, ...annaSaid } = anna;
      const { app: authenticator, ...elsSaid } = els;
      assert.deepEqual(json, [
        { ...annaSaid, note: anna.note.en, otherMail: null },
        {
          ...elsSaid,
          note: `Password only Key: ${authenticator?.key}`,
          otherMail: null,
          mobilePhone: null,
          businessPhone: null,
        },
      ]);
    });

    it('shows what arrived, in the promised words', async () => {
      const ids = [await arrives(text), await arrives(call), await arrives(mail)];
      const { json } = await api('GET', '/messages');
      const at = start.toISOString();
      const from = '+3197010240000';
      assert.deepEqual(json, [
        {
          id: ids[0],
          at,
          kind: 'text',
          to: '+31612345678',
          from,
          text: 'Your code is 482913 <b>',
          language: 'en',
          status: 'delivered',
        },
        {
          id: ids[1],
          at,
          kind: 'call',
          to: '+31201234567',
          from,
          text: '',
          language: 'en',
          status: 'ringing',
        },
        {
          id: ids[2],
          at,
          kind: 'mail',
          to: 'anna@voorbeeld.example',
          from: 'no-reply@voorbeeld.example',
          subject: 'Er is een methode toegevoegd',
          text: 'Was u dit niet?',
          language: 'nl',
          status: 'delivered',
        },
      ]);
    });

    it('tells of a push without the keys it was encrypted for', async () => {
      const id = await arrives(push);
      const { json } = await api('GET', '/messages?kind=push');
      assert.deepEqual(json, [
        {
          id,
          at: start.toISOString(),
          kind: 'push',
          to: 'device-7',
          from: 'no-reply@voorbeeld.example',
          text: '{"kind":"changed"}',
          language: 'nl',
          status: 'delivered',
        },
      ]);
    });

    it('finds messages by receiver, kind and after another', async () => {
      const first = await arrives(text);
      const second = await arrives({ ...text, to: '+31687654321' });
      const third = await arrives(mail);
      const found = async (query: string): Promise<unknown> => {
        const { json } = await api('GET', `/messages?${query}`);
        assert.ok(Array.isArray(json));
        return json.map(({ id }: { id: string }) => id);
      };
      assert.deepEqual(await found('to=%2B31612345678'), [first]);
      assert.deepEqual(await found('to=+31612345678'), [first], 'a plus typed as it is');
      assert.deepEqual(await found('to=ANNA@voorbeeld.example'), [third]);
      assert.deepEqual(await found('kind=text'), [first, second]);
      assert.deepEqual(await found(`kind=text&after=${first}`), [second]);
      assert.deepEqual(await found('kind=push'), []);
      const fourth = await arrives(push);
      assert.deepEqual(await found('kind=push'), [fourth]);
      assert.deepEqual(await found('to=device-7'), [fourth]);
      assert.equal((await api('GET', '/messages?kind=fax')).status, 400);
    });

    it('answers a call, presses keys and hears how it ends', async () => {
      turn = { say: 'thanks', hangUp: true };
      const id = await arrives(call);
      assert.equal((await api('POST', `/calls/${id}/keys`, { keys: '#' })).status, 409);
      assert.equal((await api('POST', `/calls/${id}/answer`)).status, 204);
      const { json: during } = await api('GET', '/messages?kind=call');
      assert.deepEqual(pick(during, 'status', 'text', 'extension'), [
        { status: 'answered', text: 'This is Voorbeeld. Press the hash key.', extension: '12' },
      ]);
      assert.equal((await api('POST', `/calls/${id}/keys`, { keys: '42#' })).status, 204);
      const { json: after } = await api('GET', '/messages?kind=call');
      assert.deepEqual(pick(after, 'status', 'text', 'reason'), [
        {
          status: 'ended',
          text: 'This is Voorbeeld. Press the hash key. Thank you.',
          reason: 'completed',
        },
      ]);
      assert.equal((await api('POST', `/calls/${id}/keys`, { keys: '#' })).status, 409);
      assert.equal((await api('POST', '/calls/nobody/answer')).status, 404);
    });

    it('hangs up and goes to voicemail', async () => {
      const [first, second] = [await arrives(call), await arrives(call)];
      assert.equal((await api('POST', `/calls/${first}/voicemail`)).status, 204);
      assert.equal((await api('POST', `/calls/${second}/answer`, {})).status, 204);
      assert.equal((await api('POST', `/calls/${second}/hangup`)).status, 204);
      const { json } = await api('GET', '/messages');
      assert.deepEqual(pick(json, 'reason'), [{ reason: 'voicemail' }, { reason: 'hung-up' }]);
    });

    it('brings back a reply, from a number as people write it', async () => {
      const { status } = await api('POST', '/texts', { from: '+31 6 1234-5678', text: '42' });
      assert.equal(status, 204);
      const { eventId: _eventId, ...event } = events[0] ?? {};
      assert.deepEqual(event, { from: '+31612345678', to: '+3197010240000', text: '42' });
    });

    it('makes a channel misbehave, and behave again', async () => {
      const fault = { channel: 'text', fault: 'slow', ms: 200 };
      assert.equal((await api('POST', '/faults', fault)).status, 204);
      assert.deepEqual(network.faults().text, { fault: 'slow', milliseconds: 200 });
      await api('POST', '/faults', { channel: 'text', fault: 'none' });
      assert.equal(network.faults().text.fault, 'none');
    });

    it('moves the clock, and with it whoever waits for a call', async () => {
      await arrives(call);
      assert.equal((await api('POST', '/clock', { advanceSeconds: 61 })).status, 204);
      assert.equal(clock.now().getTime() - start.getTime(), 61_000);
      const { json } = await api('GET', '/messages');
      assert.deepEqual(pick(json, 'status', 'reason'), [{ status: 'ended', reason: 'no-answer' }]);
    });

    it('does not understand anything else', async () => {
      const id = await arrives(call);
      await api('POST', `/calls/${id}/answer`);
      for (const [path, body] of [
        [`/calls/${id}/keys`, { keys: 'A' }],
        [`/calls/${id}/keys`, { keys: 1 }],
        [`/calls/${id}/keys`, {}],
        [`/calls/${id}/keys`, { keys: '#', more: true }],
        ['/texts', { from: 'anna', text: '42' }],
        ['/texts', { from: '+31612345678', text: '' }],
        ['/faults', { channel: 'text', fault: 'mad' }],
        ['/faults', { channel: 'fax', fault: 'down' }],
        ['/faults', { channel: 'text', fault: 'slow', ms: -1 }],
        ['/clock', { advanceSeconds: -1 }],
        ['/clock', { advanceSeconds: '31' }],
        ['/clock', []],
        ['/clock', null],
      ] as const) {
        const { status } = await api('POST', path, body);
        assert.equal(status, 400, `${path} ${JSON.stringify(body)}`);
      }
      assert.equal(clock.now().getTime(), start.getTime());
      assert.deepEqual(
        events.map(({ event }) => event),
        ['answered'],
      );
    });

    it('reads JSON only', async () => {
      const { status } = await api('POST', '/clock', undefined, {
        payload: 'advanceSeconds=31',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
      assert.ok(status >= 400 && status < 500);
      assert.equal(clock.now().getTime(), start.getTime());
    });

    it('refuses what another site’s page sends', async () => {
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'http://localhost:8081' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        const { status } = await api('POST', '/clock', { advanceSeconds: 31 }, { headers });
        assert.equal(status, 403, JSON.stringify(headers));
      }
      const own = { origin: testOrigin, 'sec-fetch-site': 'same-origin' };
      const { status } = await api('POST', '/clock', { advanceSeconds: 1 }, { headers: own });
      assert.equal(status, 204);
    });
  });

  describe('on this machine only', () => {
    const paths = [
      '/simulator',
      '/simulator/live',
      '/simulator/api/people',
      '/simulator/api/messages',
    ];

    it('is nowhere for another machine', async () => {
      for (const url of paths) {
        for (const remoteAddress of ['192.0.2.7', '10.0.0.1', '::ffff:192.0.2.7', '2001:db8::1']) {
          const response = await app.inject({
            url,
            remoteAddress,
            headers: { host: 'localhost:8080' },
          });
          assert.equal(response.statusCode, 404, `${url} from ${remoteAddress}`);
          assert.doesNotMatch(response.body, /rustig-vogel|Anna/);
        }
      }
    });

    it('is nowhere behind a proxy on this machine', async () => {
      for (const url of paths) {
        const response = await app.inject({
          url,
          headers: { host: 'localhost:8080', 'x-forwarded-for': '192.0.2.7' },
        });
        assert.equal(response.statusCode, 404, url);
      }
    });

    it('is nowhere under a foreign name that points here', async () => {
      for (const url of paths) {
        for (const host of ['evil.example', 'evil.example:8080', '192.0.2.1:8080', '']) {
          const response = await app.inject({ url, headers: { host } });
          assert.ok([400, 404, 421].includes(response.statusCode), `${url} as ${host}`);
          assert.doesNotMatch(response.body, /rustig-vogel/);
        }
      }
    });
  });

  describe('on its page', () => {
    it('shows the phones with what they received, and nothing of it as markup', async () => {
      await arrives(text);
      const visitor = newVisitor(app);
      const { status, title, text: words, html, headers } = await visitor.open('/simulator');
      assert.equal(status, 200);
      assert.match(title, /^Phones and mailbox of the sample organisation/);
      assert.match(words, /Anna Bakker Mobile phone · \+31 6 12345678/);
      assert.match(words, /Office phone · \+31 20 123 4567 · extension 12/);
      assert.match(words, /Your code is 482913 <b>/);
      assert.doesNotMatch(html, /482913 <b>/);
      assert.match(words, /rustig-vogel-42/);
      assert.match(String(headers['content-security-policy']), /frame-src 'self'/);
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe/);
    });

    it('shows the code of that app now, and another one half a minute later', async () => {
      const of = async (url: string): Promise<string> =>
        (await app.inject({ url, headers: { host: 'localhost:8080' } })).body;
      const code = (): string =>
        totp(decodeBase32('GEZDGNBVGY3TQOJQ') ?? assert.fail(), clock.now().getTime() / 1000);
      const first = code();
      const person = `person=${els.userPrincipalName}`;
      assert.ok((await of(`/simulator?${person}`)).includes(`text="${first}"`));
      assert.ok((await of(`/simulator/live?${person}`)).includes(`text="${first}"`));
      clock.advanceSeconds(30);
      assert.notEqual(code(), first);
      assert.ok((await of(`/simulator/live?${person}`)).includes(`text="${code()}"`));
      assert.doesNotMatch(await of('/simulator'), /authenticator app shows now/);
    });

    it('shows the authenticator app of whoever has one, as a QR code and as a key', async () => {
      const { html } = await newVisitor(app).open(`/simulator?person=${els.userPrincipalName}`);
      assert.match(html, /<svg role="img" aria-label="QR code for an authenticator app"/);
      assert.match(html, /text="GEZDGNBVGY3TQOJQ"/);
    });

    it('speaks Dutch', async () => {
      await arrives(call);
      const visitor = newVisitor(app, { language: 'nl' });
      const { title, text: words } = await visitor.open('/simulator');
      assert.match(title, /^Telefoons en postvak van de voorbeeldorganisatie/);
      assert.match(words, /Gaat over: Bureautelefoon van Anna Bakker/);
      assert.deepEqual(
        ['Weigeren', 'Voicemail', 'Opnemen'].filter((label) => !visitor.buttons().includes(label)),
        [],
      );
    });

    it('lets a call be answered and confirmed key by key, without script', async () => {
      turn = { say: 'thanks', hangUp: true };
      await arrives(call);
      const visitor = newVisitor(app);
      await visitor.open('/simulator');
      assert.match(visitor.page.text, /Incoming call/);
      await visitor.press('Answer');
      assert.match(visitor.page.text, /Extension 12 was dialled/);
      assert.match(visitor.page.text, /Press the hash key\./);
      const { html } = visitor.page;
      const pressKey = async (key: string): Promise<void> => {
        const [, action = ''] = /action="(\/simulator\/calls\/[^"]+\/press)"/.exec(html) ?? [];
        const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(html) ?? [];
        const response = await app.inject({
          method: 'POST',
          url: action,
          headers: {
            host: 'localhost:8080',
            origin: testOrigin,
            cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            'content-type': 'application/x-www-form-urlencoded',
          },
          payload: new URLSearchParams({ csrf, anchor: 'office-31201234567x12', key }).toString(),
        });
        assert.equal(response.statusCode, 303);
        assert.equal(response.headers.location, '/simulator#office-31201234567x12');
      };
      await pressKey('4');
      await pressKey('2');
      await visitor.open('/simulator');
      assert.match(visitor.page.text, /Keys pressed: 4 2/);
      await pressKey('#');
      await visitor.open('/simulator');
      assert.match(visitor.page.text, /Call · \d\d:\d\d · ended after a goodbye/);
      assert.deepEqual(
        events.map(({ event, keys }) => [event, keys]),
        [
          ['answered', undefined],
          ['keys', '42#'],
        ],
      );
    });

    it('lets the owner of a phone reply, without script', async () => {
      await arrives(text);
      const visitor = newVisitor(app);
      await visitor.open('/simulator?person=anna%40voorbeeld.example');
      await visitor.press('Send', { text: '42' });
      assert.equal(
        visitor.page.path,
        '/simulator?person=anna%40voorbeeld.example#mobile-31612345678',
      );
      assert.match(visitor.page.text, /You replied: \d\d:\d\d 42/);
      assert.equal(events[0]?.['text'], '42');
    });

    it('shows what would wake a device, and nothing that could wake it', async () => {
      const visitor = newVisitor(app);
      await visitor.open('/simulator');
      assert.match(visitor.page.text, /No push messages yet/);
      await arrives(push);
      await visitor.open('/simulator');
      assert.match(visitor.page.text, /To device device-7/);
      assert.match(visitor.page.text, /by push\.example · \{"kind":"changed"\}/);
      assert.doesNotMatch(visitor.page.html, /of-the-receiver/);
    });

    it('shows one person’s account, phones and mail', async () => {
      await arrives(mail);
      await arrives({ ...mail, to: 'els@voorbeeld.example', subject: 'Voor Els' });
      const visitor = newVisitor(app);
      await visitor.open('/simulator');
      await visitor.follow('Els Visser');
      assert.equal(visitor.page.heading, 'Els Visser');
      assert.match(visitor.page.text, /Account of Els Visser/);
      assert.match(visitor.page.text, /Voor Els/);
      assert.doesNotMatch(visitor.page.text, /Er is een methode toegevoegd|rustig-vogel-42 .*Anna/);
    });

    it('shows a mail in a frame in which nothing can run', async () => {
      const id = await arrives(mail);
      const visitor = newVisitor(app);
      await visitor.open('/simulator');
      assert.match(visitor.page.html, new RegExp(`<iframe[^>]* src="/simulator/mails/${id}"`));
      assert.match(visitor.page.html, /sandbox="allow-popups allow-popups-to-escape-sandbox"/);
      const frame = await visitor.open(`/simulator/mails/${id}`);
      const policy = String(frame.headers['content-security-policy']);
      assert.match(policy, /default-src 'none'/);
      assert.match(policy, /sandbox allow-popups/);
      assert.doesNotMatch(policy, /script-src|allow-scripts|allow-same-origin/);
      assert.match(frame.html, /<head><base target="_blank">/);
      await visitor.open(`/simulator?mail=${id}&as=text`);
      assert.doesNotMatch(visitor.page.html, /<iframe/);
      assert.match(visitor.page.text, /Was u dit niet\?/);
      assert.equal((await visitor.open('/simulator/mails/nobody')).status, 404);
    });

    it('sets faults and moves the clock from its forms', async () => {
      const visitor = newVisitor(app);
      await visitor.open('/simulator');
      await visitor.press('Apply for Text messages', { fault: 'down', ms: '100' });
      assert.deepEqual(network.faults().text, { fault: 'down', milliseconds: 100 });
      await visitor.press('Move the clock', { advanceSeconds: '31' });
      assert.equal(clock.now().getTime() - start.getTime(), 31_000);
    });

    it('changes nothing without its own token', async () => {
      const visitor = newVisitor(app);
      await visitor.open('/simulator');
      const response = await app.inject({
        method: 'POST',
        url: '/simulator/clock',
        headers: {
          host: 'localhost:8080',
          origin: testOrigin,
          'content-type': 'application/x-www-form-urlencoded',
        },
        payload: 'advanceSeconds=31&anchor=network',
      });
      assert.equal(response.statusCode, 403);
      assert.equal(clock.now().getTime(), start.getTime());
    });

    it('sends what changed, and nothing when nothing did', async () => {
      await arrives(text);
      const first = await app.inject({
        url: '/simulator/live',
        headers: { host: 'localhost:8080' },
      });
      assert.equal(first.statusCode, 200);
      assert.match(first.body, /482913/);
      const seen = encodeURIComponent(String(first.headers['x-seen']));
      const url = `/simulator/live?seen=${seen}`;
      assert.equal(
        (await app.inject({ url, headers: { host: 'localhost:8080' } })).statusCode,
        204,
      );
      await arrives(call);
      const second = await app.inject({ url, headers: { host: 'localhost:8080' } });
      assert.equal(second.statusCode, 200);
      assert.match(second.body, /Incoming call/);
    });
  });
});

function pick(json: unknown, ...names: readonly string[]): unknown {
  assert.ok(Array.isArray(json));
  return json.map((message: Record<string, unknown>) =>
    Object.fromEntries(names.map((name) => [name, message[name]])),
  );
}
