/**
 * Texts and calls by Vonage, all the way from a challenge to a phone and back: the outbox, the worker,
 * the APIs of the stand-in, its signed webhooks, and the sign-in's judgement.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';

import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { until } from '../../../test/support/poll.ts';
import { startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import type { Callee, CallStory } from '../../../test/support/twilio-call.ts';
import type { Webhook, WebhookAnswer } from '../../../test/support/twilio-server.ts';
import {
  startVonage,
  vonageNumber,
  vonageVoiceNumber,
  type VonageServer,
  type VonageText,
} from '../../../test/support/vonage-server.ts';
import type { User } from '../../accounts/user.ts';
import { createDelivery, type Delivery } from '../../delivery/delivery.ts';
import { vonageSettings } from '../../delivery/providers/vonage/settings.ts';
import { vonageProvider } from '../../delivery/providers/vonage/vonage.ts';
import { systemRandom } from '../../lib/random.ts';
import type { Progress } from '../../signin/progress.ts';
import { webhookRoutes } from './webhooks.ts';

const mobile = '+31612345612';
const office = '+31205551234';
const otherSecret = 'b'.repeat(32);

let hall: Hall;
let app: FastifyInstance;
let vonage: VonageServer;
let delivery: Delivery;

beforeEach(async () => {
  hall = await startHall();
  const { clock, signin, stores } = hall;
  app = httpServerForTests();
  vonage = await startVonage({
    origin: testOrigin,
    deliver,
    passes: (seconds) => clock.advanceSeconds(seconds),
    now: () => clock.now(),
  });
  const { apiKey, signatureSecret, applicationId, privateKey, address } = vonage;
  const settings = vonageSettings.parse({
    apiKey,
    signatureSecret,
    applicationId,
    privateKey,
    otherSignatureSecret: otherSecret,
    from: vonageNumber,
    voiceFrom: vonageVoiceNumber,
    address,
    voiceAddress: address,
  });
  await app.register(
    webhookRoutes({
      outbox: stores.outbox,
      webhooks: stores.webhooks,
      clock,
      hear: (report) => signin.hear(report),
      patienceMilliseconds: 300,
      vonage: {
        settings,
        origin: testOrigin,
        soundAddress: (id) => `${testOrigin}/sounds/${id}/mark`,
      },
    }),
  );
  delivery = createDelivery({
    outbox: stores.outbox,
    providers: [
      vonageProvider({ settings, origin: testOrigin, clock, random: systemRandom, timeoutMs: 300 }),
    ],
    clock,
    random: systemRandom,
    report: () => undefined,
    onSettled: async ({ attemptId, challengeId }, event) => {
      if (attemptId === undefined || challengeId === undefined) return;
      await signin.hear({ attemptId, challengeId, event });
    },
    limits: { pollMilliseconds: 20 },
  });
  delivery.start();
});
afterEach(async () => {
  await delivery.stop();
  assert.deepEqual(vonage.misunderstood(), []);
  await vonage.close();
  await app.close();
  await hall.close();
});

describe('a call by Vonage', () => {
  it('is confirmed with #, after it has said who asks and what to press', async () => {
    const ref = await called();
    const story = await ring({ presses: [{ keys: '#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    assert.match(story.spoken[0] ?? '', /^This is Tweestap\. .*account of anna\.$/);
    assert.match(story.spoken[1] ?? '', /press the hash key/);
    assert.match(story.spoken[2] ?? '', /^Thank you/);
    assert.deepEqual([story.answeredBy, story.endedBy], ['human', 'us']);
  });

  it('speaks the language of whoever is called', async () => {
    await called({ preferredLanguage: 'nl' });
    const story = await ring({ presses: [{ keys: '#', after: /Nog een keer/ }] });
    assert.deepEqual(new Set(story.languages), new Set(['nl-NL']));
    assert.match(story.spoken.at(-1) ?? '', /^Dank u wel/);
  });

  it('is confirmed with the digits on the page and # by administrators, who hear no digit', async () => {
    const ref = await called({ role: 'authentication-admin' });
    const digits = await digitsOf(ref);
    const story = await ring({ presses: [{ keys: `${digits}#`, after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    assert.doesNotMatch(story.spoken.join(' '), new RegExp(`${digits}|\\d`));
  });

  it('is not confirmed by administrators with # alone, or other digits', async () => {
    const ref = await called({ role: 'authentication-admin' });
    const wrong = String(10 + ((Number(await digitsOf(ref)) - 10 + 1) % 90));
    const story = await ring({
      presses: [
        { keys: '#', after: /Once more/, isOnce: true },
        { keys: `${wrong}#`, after: /Once more/ },
      ],
    });
    assert.notEqual(await stepOf(ref), 'finish');
    assert.ok(story.spoken.some((words) => words.startsWith('Those were not the digits')));
  });

  it('reports fraud with 0#, whatever is asked for, and ends at once', async () => {
    for (const role of ['user', 'authentication-admin'] as const) {
      const ref = await called({ role, userPrincipalName: `${role}@voorbeeld.example` });
      const story = await ring({ presses: [{ keys: '0#', after: /Once more/ }] });
      assert.equal(await stepOf(ref), 'blocked', role);
      assert.equal(story.endedBy, 'us');
      assert.doesNotMatch(story.spoken.join(' '), /Thank you/);
    }
  });

  it('reports fraud with another key where the organisation has chosen one', async () => {
    await hall.policies.change((policy) => ({
      ...policy,
      methods: {
        ...policy.methods,
        'phone-call': { enabled: true, settings: { reportKey: '7' } },
      },
    }));
    const ref = await called();
    await ring({ presses: [{ keys: '7#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'blocked');
  });

  it('counts # after another key as wrong, and says so', async () => {
    const ref = await called();
    const story = await ring({ presses: [{ keys: '1#', after: /Once more/, isOnce: true }] });
    const { attempt } = await hall.signin.look(ref);
    assert.equal(attempt.challenge?.wrongTries, 1);
    assert.ok(story.spoken.some((words) => words.startsWith('That was not the hash key')));
  });

  it('hears # after a 0 only if it comes soon, and asks anew where it does not', async () => {
    const ref = await called();
    const story = await ring({
      presses: [
        { keys: '0', after: /Once more/, isOnce: true },
        { keys: '#', after: /That was not the hash key/ },
      ],
    });
    assert.ok(story.spoken.some((words) => words.startsWith('That was not the hash key')));
    assert.notEqual(await stepOf(ref), 'blocked');
  });

  it('is dialled through to the extension once the exchange has answered', async () => {
    const anna = await hall.person();
    await register(anna, 'office', { number: office, extension: '12', phoneType: 'office' });
    const { ref } = await hall.arrive(anna);
    const story = await ring({ presses: [{ keys: '#', after: /Once more/ }] }, office);
    assert.equal(story.dialled, '12');
    assert.equal(story.answeredBy, undefined);
    assert.equal(await stepOf(ref), 'finish');
  });

  it('says again who is calling, where somebody behind the exchange picks up late', async () => {
    const anna = await hall.person();
    await register(anna, 'office', { number: office, extension: '12', phoneType: 'office' });
    await hall.arrive(anna);
    const story = await ring({}, office);
    const greetings = story.spoken.filter((words) => words.startsWith('This is Tweestap'));
    assert.ok(greetings.length > 1, story.spoken.join('\n'));
  });
});

describe('a call by Vonage that only tries whether calls arrive', () => {
  it('says what every call says, and thanks for any key', async () => {
    const deliverBefore = new Date(hall.clock.now().getTime() + 60_000);
    const message = {
      kind: 'call',
      to: mobile,
      language: 'en',
      greeting: 'This is a test.',
      instruction: 'Press the hash key.',
      thanks: 'It works.',
      refused: 'It does not.',
    } as const;
    await hall.stores.outbox.add([delivery.prepare(message, { deliverBefore })]);
    delivery.wake();
    const story = await ring({ presses: [{ keys: '#', after: /Press the hash/ }] });
    assert.deepEqual(story.spoken, ['This is a test.', 'Press the hash key.', 'It works.']);
  });

  it('plays the sounds of the organisation, and hears keys only behind them', async () => {
    const deliverBefore = new Date(hall.clock.now().getTime() + 60_000);
    const message = {
      kind: 'call',
      to: mobile,
      language: 'nl',
      greeting: 'Dit is een test.',
      instruction: 'Druk op hekje.',
      thanks: 'Het werkt.',
      refused: 'Het werkt niet.',
      sounds: { greeting: 'sound-1', instruction: 'sound-2' },
    } as const;
    await hall.stores.outbox.add([delivery.prepare(message, { deliverBefore })]);
    delivery.wake();
    const story = await ring({ presses: [{ keys: '#', after: /sound-2/ }] });
    const at = (sound: string): string => `${testOrigin}/sounds/${sound}/mark`;
    assert.deepEqual(story.spoken, [at('sound-1'), at('sound-2'), 'Het werkt.']);
  });
});

describe('whoever is called by Vonage', () => {
  const cases: readonly (readonly [string, Callee, string])[] = [
    ['is silent', {}, 'never-pressed-a-key'],
    [
      'presses # the moment they pick up',
      { presses: [{ keys: '#', at: 0 }] },
      'never-pressed-a-key',
    ],
    [
      'presses # while we greet',
      { presses: [{ keys: '#', during: /^This is/ }] },
      'went-to-voicemail',
    ],
    [
      'presses # before the instruction has ended',
      { presses: [{ keys: '#', during: /To confirm/ }] },
      'never-pressed-a-key',
    ],
    [
      'is a machine that plays # all the time',
      { presses: [{ keys: '#', every: 0.2 }] },
      'went-to-voicemail',
    ],
    [
      'is a machine that plays # every second',
      { presses: [{ keys: '#', every: 1 }] },
      'went-to-voicemail',
    ],
    [
      'is a machine that plays # every three seconds',
      { presses: [{ keys: '#', every: 3 }] },
      'went-to-voicemail',
    ],
    ['is a voicemail', { picksUp: 'machine' }, 'went-to-voicemail'],
    [
      'is a voicemail that plays #',
      { picksUp: 'machine', presses: [{ keys: '#', after: /Once more/ }] },
      'went-to-voicemail',
    ],
    ['is busy', { picksUp: 'busy' }, 'busy'],
    ['cannot be reached', { picksUp: 'unreachable' }, 'unable-to-reach'],
    ['hangs up', { hangsUpAfter: /^This is Tweestap/ }, 'hung-up'],
  ];
  for (const [does, callee, outcome] of cases) {
    it(`${does}: nobody gets in`, async () => {
      const ref = await called();
      await ring(callee);
      const { attempt, step, known } = await hall.signin.look(ref);
      assert.notEqual(step.kind, 'finish');
      // Who lets a minute pass has not pressed a key either.
      const isPast = (attempt.challenge?.expiresAt ?? known.now) <= known.now;
      const isTold = outcome === 'never-pressed-a-key' && isPast;
      assert.ok(attempt.challenge?.outcome === outcome || isTold, attempt.challenge?.outcome);
    });
  }

  it('does not answer: the call ends by itself', async () => {
    const ref = await called();
    const story = await ring({ picksUp: 'nobody' });
    assert.equal(story.status, 'no-answer');
    assert.notEqual(await stepOf(ref), 'finish');
  });

  it('presses the right digits before the instruction has ended: nobody gets in', async () => {
    const ref = await called({ role: 'authentication-admin' });
    const digits = await digitsOf(ref);
    for (const during of [/^This is/, /To confirm/]) {
      await ring({ presses: [{ keys: `${digits}#`, during }] });
      assert.notEqual(await stepOf(ref), 'finish');
    }
  });

  it('hears nothing of a code or digits before a key, nor anything after the call was cancelled', async () => {
    const ref = await called({ role: 'authentication-admin' });
    const digits = await digitsOf(ref);
    const silent = await ring({});
    assert.doesNotMatch(silent.spoken.join(' '), new RegExp(digits));
    const again = await called({ userPrincipalName: 'bram@voorbeeld.example' });
    await hall.signin.anotherWay(again);
    const late = await ring({});
    assert.deepEqual(late.spoken, []);
  });
});

describe('a text by Vonage', () => {
  it('holds the code that is typed', async () => {
    const { ref, text } = await texted();
    const progress = await delivered(ref);
    const code = /\b\d{6}\b/.exec(text.body)?.[0];
    const { step } = await hall.signin.answer(ref, progress.attempt.challenge?.id ?? '', { code });
    assert.equal(step.kind, 'finish');
  });

  it('is replied to with the digits on the page, from the phone it went to', async () => {
    const { ref } = await texted();
    await delivered(ref);
    const digits = await replyDigitsOf(ref);
    assert.equal((await vonage.reply('+31687654321', digits)).status, 200);
    assert.equal((await vonage.reply('ALPHANAME', digits)).status, 200);
    assert.equal((await vonage.reply(mobile, 'yes')).status, 200);
    assert.equal(await stepOf(ref), 'challenge');
    assert.equal((await vonage.reply(mobile, `${digits}\r\n`)).status, 200);
    assert.equal(await stepOf(ref), 'finish');
  });

  it('that does not arrive is told on the page, with what one can do', async () => {
    for (const [index, status] of ['rejected', 'undeliverable'].entries()) {
      const number = `+3161234561${index}`;
      const { ref, text } = await texted(number, {
        userPrincipalName: `p${index}@voorbeeld.example`,
      });
      await vonage.report(text, status, { error: { type: 'x', title: '1470' } });
      const { attempt } = await hall.signin.look(ref);
      assert.equal(attempt.challenge?.outcome, 'unable-to-reach');
    }
  });

  it('that arrived changes nothing on the page', async () => {
    const { ref, text } = await texted();
    await delivered(ref);
    for (const status of ['submitted', 'delivered', 'read']) {
      assert.equal((await vonage.report(text, status)).status, 200);
    }
    assert.equal((await hall.signin.look(ref)).attempt.challenge?.outcome, undefined);
  });

  it('that was refused ends the wait', async () => {
    vonage.fault({ kind: 'error', status: 422 });
    const anna = await hall.person();
    await hall.phone(anna, mobile);
    const { ref } = await hall.arrive(anna);
    const { attempt } = await until('the refusal', async () => {
      const progress = await hall.signin.look(ref);
      return progress.attempt.challenge?.outcome === undefined ? undefined : progress;
    });
    assert.equal(attempt.challenge?.outcome, 'unable-to-reach');
  });

  it('costs what Vonage says', async () => {
    const { ref, text } = await texted();
    await delivered(ref);
    await vonage.report(text, 'delivered');
    const record = await hall.stores.outbox.findByReference('vonage', text.uuid);
    assert.deepEqual(record?.cost, { millionths: 33_300, currency: 'EUR' });
  });

  it('is told of by its own name only, whatever address the report comes to', async () => {
    const one = await texted();
    const other = await texted('+31612345619', { userPrincipalName: 'bram@voorbeeld.example' });
    await delivered(other.ref);
    const stolen = vonage.signed(String(other.text.asked['webhook_url']), {
      message_uuid: one.text.uuid,
      client_ref: one.text.asked['client_ref'],
      status: 'rejected',
    });
    assert.equal((await deliver(stolen)).status, 200);
    assert.equal((await hall.signin.look(other.ref)).attempt.challenge?.outcome, undefined);
  });
});

describe('a webhook of Vonage', () => {
  it('counts before the answer to whoever asked for the call, and is then the receipt', async () => {
    vonage.reportsEarly(true);
    vonage.fault({ kind: 'hang', isTaken: true });
    const ref = await called();
    const call = await vonage.callTo(mobile);
    const id = idIn(call.asked['answer_url']);
    const record = await until('the receipt', async () => {
      const found = await hall.stores.outbox.find(id);
      return found?.state === 'sent' ? found : undefined;
    });
    assert.deepEqual([record.provider, record.reference], ['vonage', call.uuid]);
    vonage.fault(undefined);
    hall.clock.advanceSeconds(5);
    delivery.wake();
    await vonage.ring(call, { presses: [{ keys: '#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    assert.equal(vonage.calls().length, 1, 'the phone rang twice');
  });

  it('counts once, however often it comes', async () => {
    vonage.repeats(5);
    const ref = await called({ role: 'authentication-admin' });
    const digits = await digitsOf(ref);
    const wrong = digits === '10' ? '11' : '10';
    await ring({
      presses: [
        { keys: `${wrong}#`, after: /Once more/, isOnce: true },
        { keys: `${digits}#`, after: /Those were not.*/ },
      ],
      hangsUpAfter: /Those were not/,
    });
    const { attempt } = await hall.signin.look(ref);
    assert.equal(attempt.challenge?.wrongTries, 1);
  });

  it('that comes in the wrong order opens nothing and closes nothing that is done', async () => {
    const ref = await called();
    const call = await vonage.callTo(mobile);
    await ring({ presses: [{ keys: '#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    await bringAll(vonage.brought().toReversed());
    assert.equal(await stepOf(ref), 'finish');

    const other = await called({ userPrincipalName: 'bram@voorbeeld.example' });
    const another = await vonage.callTo(mobile);
    assert.notEqual(another.uuid, call.uuid);
    const about = { uuid: another.uuid, to: another.to };
    const ended = { ...about, status: 'completed' };
    await vonage.bring(vonage.signed(urlOf(another, '/status'), ended));
    const keys = urlOf(another, '/keys?turn=1&silences=0');
    const late = await vonage.bring(vonage.signed(keys, { ...about, dtmf: hash }));
    assert.equal(late.body, '[]');
    assert.notEqual(await stepOf(other), 'finish');
  });

  it('about a call that we do not know, or know by another name, says nothing and opens nothing', async () => {
    const ref = await called();
    const call = await vonage.callTo(mobile);
    await ready(call.asked['answer_url']);
    const nobodys = `${testOrigin}/webhooks/vonage/calls/${systemRandom.token(16)}`;
    const answer = await vonage.bring(vonage.signed(nobodys, { uuid: call.uuid, to: call.to }));
    assert.equal(answer.body, '[]');
    const keys = urlOf(call, '/keys?turn=1&silences=0');
    const others: readonly Readonly<Record<string, unknown>>[] = [
      { uuid: '00000000-0000-4000-8000-000000000000', to: call.to, dtmf: hash },
      { uuid: call.uuid, to: '31687654321', dtmf: hash },
    ];
    for (const report of others) {
      const heard = await vonage.bring(vonage.signed(keys, report));
      assert.doesNotMatch(heard.body, /talk/);
    }
    assert.notEqual(await stepOf(ref), 'finish');
  });

  it('is refused unless Vonage signed exactly this', async () => {
    const ref = await called();
    const call = await vonage.callTo(mobile);
    await ready(call.asked['answer_url']);
    const url = urlOf(call, '/keys?turn=1&silences=0');
    const body = { uuid: call.uuid, to: call.to, dtmf: hash };
    const { signed } = vonage;
    const right = signed(url, body);
    const { authorization = '', ...unsigned } = right.headers;
    const token = authorization.replace('Bearer ', '');
    const withToken = (changed: string): Webhook => ({
      ...right,
      headers: { ...right.headers, authorization: `Bearer ${changed}` },
    });
    const [head = '', claims = '', signature = ''] = token.split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const seconds = hall.clock.now().getTime() / 1_000;
    const forged: readonly Webhook[] = [
      { ...right, headers: unsigned },
      { ...right, headers: { ...right.headers, authorization: '' } },
      withToken('x'),
      withToken(`${head}.${claims}.`),
      withToken(`${none}.${claims}.`),
      withToken(`${none}.${claims}.${signature}`),
      withToken(`${head}.${claims}.${'A'.repeat(43)}`),
      withToken(`${token}.${signature}`),
      // Another account's secret, and none.
      signed(url, body, { secret: 'c'.repeat(32) }),
      signed(url, body, { secret: '' }),
      // Another account, another application, another algorithm.
      signed(url, body, { claims: { api_key: 'someone1' } }),
      signed(url, body, { claims: { application_id: '00000000-0000-4000-8000-000000000000' } }),
      signed(url, body, { header: { alg: 'HS512' } }),
      signed(url, body, { header: { alg: 'none' } }),
      // Too old, too young, of no time.
      signed(url, body, { claims: { iat: seconds - 301 } }),
      signed(url, body, { claims: { iat: seconds + 301 } }),
      signed(url, body, { claims: { iat: undefined } }),
      // Another body, and one that is not proved.
      { ...right, body: right.body.replace('"timed_out":false', '"timed_out":true') },
      { ...right, body: `${right.body.slice(0, -1)},"x":1}` },
      { ...right, body: '' },
      signed(url, body, { claims: { payload_hash: undefined } }),
      signed(url, body, { claims: { payload_hash: 'f'.repeat(64) } }),
    ];
    for (const webhook of forged) {
      const { status } = await deliver(webhook);
      assert.ok(status === 401 || status === 403, `${status} for ${JSON.stringify(webhook)}`);
    }
    assert.equal(await stepOf(ref), 'challenge');
    assert.equal((await deliver(right)).status, 200, 'the true one was spoilt');
    assert.equal(await stepOf(ref), 'finish');
  });

  it('may be signed with the secret that takes over', async () => {
    const ref = await called();
    const call = await vonage.callTo(mobile);
    await ready(call.asked['answer_url']);
    const url = urlOf(call, '/keys?turn=1&silences=0');
    const body = { uuid: call.uuid, to: call.to, dtmf: hash };
    assert.equal((await deliver(vonage.signed(url, body, { secret: otherSecret }))).status, 200);
    assert.equal(await stepOf(ref), 'finish');
  });

  it('replayed later opens nothing: not in its own sign-in, and in no other', async () => {
    const ref = await called();
    await ring({ presses: [{ keys: '#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    const recorded = [...vonage.brought()];
    hall.clock.advanceSeconds(120);
    const anna = await hall.stores.users.findByName('anna@voorbeeld.example');
    assert.ok(anna);
    const again = await hall.arrive(anna);
    await choose(again.ref);
    await bringAll(recorded);
    assert.notEqual(await stepOf(again.ref), 'finish');
    // Nor once it is long forgotten that they were heard.
    hall.clock.advanceSeconds(48 * 3_600);
    await hall.stores.webhooks.forget(hall.clock.now());
    await bringAll(recorded);
    assert.notEqual(await stepOf(again.ref), 'finish');
  });

  it('has no address where Vonage is not used', async () => {
    const off = httpServerForTests();
    await off.register(
      webhookRoutes({
        outbox: hall.stores.outbox,
        webhooks: hall.stores.webhooks,
        clock: hall.clock,
        hear: async () => 'verified',
      }),
    );
    const { statusCode } = await off.inject({
      method: 'POST',
      url: '/webhooks/vonage/texts',
      headers: { host: new URL(testOrigin).host },
    });
    assert.equal(statusCode, 404);
    await off.close();
  });
});

async function deliver({ url, headers, body }: Webhook): Promise<WebhookAnswer> {
  const { pathname, search } = new URL(url);
  const response = await app.inject({
    method: 'POST',
    url: `${pathname}${search}`,
    headers: { host: new URL(testOrigin).host, ...headers },
    payload: body,
  });
  return { status: response.statusCode, body: response.body };
}

async function bringAll(webhooks: readonly Webhook[]): Promise<void> {
  for (const webhook of webhooks) await deliver(webhook);
}

/** What Vonage tells of # alone. */
const hash = { digits: '', timed_out: false };

function urlOf(
  { asked }: { readonly asked: Readonly<Record<string, unknown>> },
  rest: string,
): string {
  return `${String([asked['answer_url']].flat()[0])}${rest}`;
}

async function register(
  user: User,
  slot: string,
  secret: Readonly<Record<string, string>>,
): Promise<void> {
  const id = systemRandom.token(16);
  await hall.stores.registrations.add({
    id,
    userId: user.id,
    kind: 'phone',
    slot,
    secret,
    version: 1,
    createdAt: hall.clock.now(),
    lastUsedAt: undefined,
  });
  await hall.stores.users.setDefaultMethod(user.id, { registrationId: id, methodId: 'phone-call' });
}

/** Signs in up to the call. */
async function called(change: Partial<User> = {}): Promise<Arrival['ref']> {
  const anna = await hall.person(change);
  await register(anna, 'mobile', { number: mobile, phoneType: 'mobile' });
  const before = vonage.calls().length;
  const { ref } = await hall.arrive(anna);
  await until('the call', () => vonage.calls().length > before);
  return ref;
}

/** Asks for a call, where something else was asked for by itself. */
async function choose(ref: Arrival['ref']): Promise<void> {
  const { known, attempt } = await hall.signin.look(ref);
  if (attempt.challenge?.methodId === 'phone-call') return;
  const option = known.options.find(({ method }) => method.id === 'phone-call');
  await hall.signin.choose(ref, option?.id ?? '');
}

async function texted(
  number = mobile,
  change: Partial<User> = {},
): Promise<{ readonly ref: Arrival['ref']; readonly text: VonageText }> {
  const anna = await hall.person(change);
  await hall.phone(anna, number);
  const { ref } = await hall.arrive(anna);
  return { ref, text: await vonage.textTo(number) };
}

/** The newest call to a number, played to its end. */
async function ring(callee: Callee, number = mobile): Promise<CallStory> {
  return vonage.ring(await vonage.callTo(number), callee);
}

/** The receipt is on record: what is not ours by then never is. */
async function ready(url: unknown): Promise<void> {
  await until(
    'the receipt',
    async () => (await hall.stores.outbox.find(idIn(url)))?.state === 'sent',
  );
}

function idIn(url: unknown): string {
  return new URL(String([url].flat()[0])).pathname.split('/').at(-1) ?? '';
}

function delivered(ref: Arrival['ref']): Promise<Progress> {
  return until('the text on its way', async () => {
    const progress = await hall.signin.look(ref);
    return progress.attempt.challenge?.delivery === 'sent' ? progress : undefined;
  });
}

async function stepOf(ref: Arrival['ref']): Promise<string> {
  return (await hall.signin.look(ref)).step.kind;
}

async function digitsOf(ref: Arrival['ref']): Promise<string> {
  return inState(ref, 'digits');
}

async function replyDigitsOf(ref: Arrival['ref']): Promise<string> {
  return inState(ref, 'replyDigits');
}

async function inState(ref: Arrival['ref'], name: string): Promise<string> {
  const state = (await hall.signin.look(ref)).attempt.challenge?.state;
  assert.ok(typeof state === 'object' && state !== null);
  const found: unknown = Reflect.get(state, name);
  assert.ok(typeof found === 'string', `there is no ${name}`);
  return found;
}
