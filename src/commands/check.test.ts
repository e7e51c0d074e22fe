import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { hearingOf } from '../../test/support/delivering.ts';
import { startGateway, type Gateway } from '../../test/support/http-gateway.ts';
import { httpServerForTests, testOrigin } from '../../test/support/http-server.ts';
import { startHall } from '../../test/support/signin.ts';
import { newFolder, openPlace, runCommand, type Place } from '../../test/support/tweestap.ts';
import { ourNumber, ourVoiceNumber, startTwilio } from '../../test/support/twilio-server.ts';
import { tryProviders } from '../administration/trying-providers.ts';
import { twilioSettings } from '../delivery/providers/twilio/settings.ts';
import { twilioProvider } from '../delivery/providers/twilio/twilio.ts';
import { systemRandom } from '../lib/random.ts';
import { webhookRoutes } from '../protocols/webhooks/webhooks.ts';

const mobile = '+31612345678';

describe('tweestap check --send-to', () => {
  let place: Place;
  let gateways: readonly [Gateway, Gateway];
  beforeEach(async () => {
    place = newFolder();
    gateways = [await startGateway(), await startGateway()];
    const http = Object.fromEntries(
      gateways.map(({ address }, index) => [
        `gateway-${index + 1}`,
        {
          url: `${address}/send`,
          json: { to: '{to}', text: '{body}' },
          reference: { json: 'messages.0.id' },
        },
      ]),
    );
    const file = join(place.dataFolder, 'tweestap.yaml');
    // JSON is YAML.
    writeFileSync(
      file,
      JSON.stringify({
        publicUrl: 'https://login.voorbeeld.example',
        delivery: { push: 'none', http },
      }),
    );
  });
  afterEach(async () => {
    for (const gateway of gateways) await gateway.goDown();
    await place.remove();
  });

  const run = (...words: readonly string[]) =>
    runCommand(place, ['check', '--config', join(place.dataFolder, 'tweestap.yaml'), ...words]);
  const textsIn = ({ asked }: Gateway): readonly string[] =>
    asked.flatMap(({ method, body }) => (method === 'POST' ? [body] : []));

  it('sends a text by each provider, tells what each answered, and leaves it on record', async () => {
    const [first, second] = gateways;
    second.answer = ({ method }) => ({ status: method === 'POST' ? 401 : 200, body: 'no' });
    const { code, output } = await run('--send-to', '+31 6 12345678', '--language', 'nl');
    assert.equal(code, 1);
    assert.match(output, /^sent {3}gateway-1: it calls it m\d+, after \d+ ms$/m);
    assert.match(output, /^fault {2}test by gateway-2: gateway-2 answered 401$/m);
    assert.match(textsIn(first)[0] ?? '', /"\+31612345678".*dit is een test-sms/);
    const installation = await openPlace(place);
    const { outbox, audit } = installation.database.stores;
    const [record, ...more] = await outbox.search({ kind: 'text', limit: 9 });
    const events = await audit.list({ kind: 'test-message-sent', limit: 9 });
    await installation.close();
    assert.deepEqual([record?.state, record?.provider, more.length], ['sent', 'gateway-1', 0]);
    assert.deepEqual(
      events.map(({ actor, userId }) => [actor, userId]),
      [
        ['command-line', undefined],
        ['command-line', undefined],
      ],
    );
  });

  it('is in order where every provider took it, and says so to programs as well', async () => {
    const { code, output } = await run('--send-to', mobile, '--json');
    assert.equal(code, 0, output);
    const { tests, faults } = JSON.parse(output);
    assert.deepEqual(faults, []);
    assert.deepEqual(
      tests.map(({ provider }: { readonly provider: string }) => provider),
      ['gateway-1', 'gateway-2'],
    );
  });

  it('sends nothing where it may not, or cannot', async () => {
    const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['--send-to', '0900 1234'], 1, /not a number with its country/],
      [['--send-to', '+31 900 1234'], 1, /cost extra/],
      [['--send-to', '+32 470 12 34 56'], 1, /does not allow messages to that country/],
      [['--send-to', mobile, '--call'], 1, /No provider is set up/],
      [['--send-to', 'anna@voorbeeld.example'], 1, /No provider is set up/],
      [['--send-to', 'anna@voorbeeld.example', '--call'], 2, /cannot be called/],
      [['--send-to', mobile, '--language', 'de'], 2, /one of en, nl/],
      [['--send-to', mobile, '--sample'], 2, /sample/],
      [['--call'], 2, /go with --send-to/],
    ];
    for (const [words, code, message] of wrong) {
      const ran = await run(...words);
      assert.equal(ran.code, code, words.join(' '));
      assert.match(`${ran.output}${ran.error}`, message);
    }
    assert.deepEqual(gateways.flatMap(textsIn), []);
  });
});

describe('a call that tries a provider', () => {
  it('says that it is a test, once somebody picks up, and thanks for any key', async () => {
    const hall = await startHall();
    const { clock, stores, database, policies } = hall;
    const app = httpServerForTests();
    const twilio = await startTwilio({
      origin: testOrigin,
      passes: (seconds) => clock.advanceSeconds(seconds),
      now: () => clock.now(),
      deliver: async ({ url, headers, body }) => {
        const { pathname, search, host } = new URL(url);
        const answer = await app.inject({
          method: 'POST',
          url: `${pathname}${search}`,
          headers: { host, ...headers },
          payload: body,
        });
        return { status: answer.statusCode, body: answer.body };
      },
    });
    try {
      const settings = twilioSettings.parse({
        accountSid: twilio.accountSid,
        authToken: twilio.authToken,
        from: ourNumber,
        voiceFrom: ourVoiceNumber,
        address: twilio.address,
      });
      await app.register(
        webhookRoutes({
          hearing: hearingOf(hall, 300),
          outbox: stores.outbox,
          clock,
          twilio: { settings, origin: testOrigin, soundAddress: (id) => `${testOrigin}/${id}` },
        }),
      );
      const { transact } = database;
      const providers = [twilioProvider({ settings, origin: testOrigin, clock })];
      const parts = { providers, stores, transact, policies, clock, random: systemRandom };
      const tried = await tryProviders(parts, { kind: 'call', to: mobile }, 'command-line');
      const call = await twilio.callTo(mobile);
      assert.ok('trials' in tried);
      assert.deepEqual(
        tried.trials.map(({ provider, reference }) => [provider, reference]),
        [['twilio', call.sid]],
      );
      const story = await twilio.ring(call, {
        presses: [{ keys: '#', after: /Press the hash key/ }],
      });
      assert.equal(story.spoken.length, 3);
      assert.match(story.spoken.join(' '), /^This is a test call of .*The call works\. Goodbye\.$/);
    } finally {
      await twilio.close();
      await app.close();
      await hall.close();
    }
  });
});
