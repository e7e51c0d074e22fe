/**
 * Texts and calls by Twilio, all the way from a challenge to a phone and back: the outbox, the worker,
 * the REST API of the stand-in, its signed webhooks, and the sign-in's judgement.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';

import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { until } from '../../../test/support/poll.ts';
import { startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import type { Callee, CallStory } from '../../../test/support/twilio-call.ts';
import {
  bodyHash,
  ourNumber,
  ourVoiceNumber,
  startTwilio,
  type TakenText,
  type TwilioServer,
  type Webhook,
  type WebhookAnswer,
} from '../../../test/support/twilio-server.ts';
import type { User } from '../../accounts/user.ts';
import { createDelivery, type Delivery } from '../../delivery/delivery.ts';
import { twilioSettings } from '../../delivery/providers/twilio/settings.ts';
import { twilioProvider } from '../../delivery/providers/twilio/twilio.ts';
import { systemRandom } from '../../lib/random.ts';
import type { Progress } from '../../signin/progress.ts';
import { webhookRoutes } from './webhooks.ts';

const mobile = '+31612345612';
const office = '+31205551234';
const otherToken = 'b'.repeat(32);

let hall: Hall;
let app: FastifyInstance;
let twilio: TwilioServer;
let delivery: Delivery;

beforeEach(async () => {
  hall = await startHall();
  const { clock, signin, stores } = hall;
  app = httpServerForTests();
  twilio = await startTwilio({
    origin: testOrigin,
    deliver,
    passes: (seconds) => clock.advanceSeconds(seconds),
    now: () => clock.now(),
  });
  const settings = twilioSettings.parse({
    accountSid: twilio.accountSid,
    authToken: twilio.authToken,
    otherAuthToken: otherToken,
    from: ourNumber,
    voiceFrom: ourVoiceNumber,
    address: twilio.address,
  });
  await app.register(
    webhookRoutes({
      outbox: stores.outbox,
      webhooks: stores.webhooks,
      clock,
      hear: (report) => signin.hear(report),
      patienceMilliseconds: 300,
      twilio: {
        settings,
        origin: testOrigin,
        soundAddress: (id) => `${testOrigin}/sounds/${id}/mark`,
      },
    }),
  );
  delivery = createDelivery({
    outbox: stores.outbox,
    providers: [twilioProvider({ settings, origin: testOrigin, clock, timeoutMs: 300 })],
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
  assert.deepEqual(twilio.misunderstood(), []);
  await twilio.close();
  await app.close();
  await hall.close();
});

describe('a call by Twilio', () => {
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

describe('a call by Twilio that only tries whether calls arrive', () => {
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
});

describe('whoever is called by Twilio', () => {
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

describe('a text by Twilio', () => {
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
    assert.equal((await twilio.reply('+31687654321', digits)).status, 200);
    assert.equal((await twilio.reply('ALPHANAME', digits)).status, 200);
    assert.equal((await twilio.reply(mobile, 'yes')).status, 200);
    assert.equal(await stepOf(ref), 'challenge');
    assert.equal((await twilio.reply(mobile, `${digits}\r\n`)).status, 200);
    assert.equal(await stepOf(ref), 'finish');
  });

  it('that does not arrive is told on the page, with what one can do', async () => {
    const cases = [
      [undefined, 'unable-to-reach'],
      [30003, 'unable-to-reach'],
      [30007, 'unable-to-reach'],
      [21610, 'opted-out'],
    ] as const;
    for (const [index, [errorCode, outcome]] of cases.entries()) {
      const number = `+3161234561${index}`;
      const { ref, text } = await texted(number, {
        userPrincipalName: `p${index}@voorbeeld.example`,
      });
      await twilio.report(text, 'undelivered', errorCode);
      const { attempt } = await hall.signin.look(ref);
      assert.equal(attempt.challenge?.outcome, outcome);
    }
  });

  it('that arrived changes nothing on the page', async () => {
    const { ref, text } = await texted();
    await delivered(ref);
    for (const status of ['queued', 'sending', 'sent', 'delivered']) {
      assert.equal((await twilio.report(text, status)).status, 200);
    }
    assert.equal((await hall.signin.look(ref)).attempt.challenge?.outcome, undefined);
  });

  it('that was refused ends the wait', async () => {
    twilio.fault({ kind: 'error', status: 400, code: 21610 });
    const anna = await hall.person();
    await hall.phone(anna, mobile);
    const { ref } = await hall.arrive(anna);
    const { attempt } = await until('the refusal', async () => {
      const progress = await hall.signin.look(ref);
      return progress.attempt.challenge?.outcome === undefined ? undefined : progress;
    });
    assert.equal(attempt.challenge?.outcome, 'opted-out');
  });
});

describe('a webhook of Twilio', () => {
  it('counts before the answer to whoever asked for the call, and is then the receipt', async () => {
    twilio.reportsEarly(true);
    twilio.fault({ kind: 'hang', isTaken: true });
    const ref = await called();
    const call = await twilio.callTo(mobile);
    const id = idIn(call.asked['Url']);
    const record = await until('the receipt', async () => {
      const found = await hall.stores.outbox.find(id);
      return found?.state === 'sent' ? found : undefined;
    });
    assert.deepEqual([record.provider, record.reference], ['twilio', call.sid]);
    twilio.fault(undefined);
    hall.clock.advanceSeconds(5);
    delivery.wake();
    await twilio.ring(call, { presses: [{ keys: '#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    assert.equal(twilio.calls().length, 1, 'the phone rang twice');
  });

  it('counts once, however often it comes', async () => {
    twilio.repeats(5);
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
    const call = await twilio.callTo(mobile);
    await ring({ presses: [{ keys: '#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    await bringAll(twilio.brought().toReversed());
    assert.equal(await stepOf(ref), 'finish');

    const other = await called({ userPrincipalName: 'bram@voorbeeld.example' });
    const another = await twilio.callTo(mobile);
    assert.notEqual(another.sid, call.sid);
    const status = another.asked['StatusCallback'] ?? '';
    const about = { CallSid: another.sid, AccountSid: twilio.accountSid };
    await twilio.bring(twilio.signed(status, { ...about, CallStatus: 'completed' }));
    const keys = `${another.asked['Url'] ?? ''}/keys?turn=1&silences=0`;
    const late = await twilio.bring(twilio.signed(keys, { ...about, Digits: '#' }));
    assert.match(late.body, /<Response><Hangup\/><\/Response>/);
    assert.notEqual(await stepOf(other), 'finish');
  });

  it('about a call that we do not know, or know by another name, says nothing and opens nothing', async () => {
    const ref = await called();
    const call = await twilio.callTo(mobile);
    await ready(call.asked['Url']);
    const nobodys = `${testOrigin}/webhooks/twilio/calls/${systemRandom.token(16)}`;
    const asked = twilio.signed(nobodys, { CallSid: call.sid });
    const answer = await twilio.bring(asked);
    assert.match(answer.body, /<Response><Hangup\/><\/Response>/);
    const others = { CallSid: `CA${'0'.repeat(32)}`, Digits: '#' };
    const keys = `${call.asked['Url'] ?? ''}/keys?turn=1&silences=0`;
    const heard = await twilio.bring(twilio.signed(keys, others));
    assert.doesNotMatch(heard.body, /<Say/);
    assert.notEqual(await stepOf(ref), 'finish');
  });

  it('is refused unless Twilio signed exactly this', async () => {
    const ref = await called();
    const call = await twilio.callTo(mobile);
    await ready(call.asked['Url']);
    const url = `${call.asked['Url'] ?? ''}/keys?turn=1&silences=0`;
    const fields = { AccountSid: twilio.accountSid, CallSid: call.sid, Digits: '#' };
    const { signed } = twilio;
    const right = signed(url, fields);
    const withHeaders = (headers: Readonly<Record<string, string>>): Webhook => ({
      ...right,
      headers: { ...right.headers, ...headers },
    });
    const { 'x-twilio-signature': _signature, ...unsigned } = right.headers;
    const json = JSON.stringify(fields);
    const forged: readonly Webhook[] = [
      { ...right, headers: unsigned },
      withHeaders({ 'x-twilio-signature': '' }),
      withHeaders({ 'x-twilio-signature': 'x' }),
      withHeaders({ 'x-twilio-signature': 'a'.repeat(27) + '=' }),
      // Another account's token, and none.
      signed(url, fields, 'c'.repeat(32)),
      signed(url, fields, ''),
      // A changed, an added, a doubled and a lost field.
      { ...right, body: right.body.replace('Digits=%23', 'Digits=0%23') },
      { ...right, body: `${right.body}&AnsweredBy=human` },
      { ...right, body: `${right.body}&Digits=%23` },
      { ...right, body: right.body.replace(/^AccountSid=[^&]*&/, '') },
      { ...right, body: '' },
      { ...right, body: '%' },
      // Another address: http and https, another turn, another call.
      signed(url.replace('http:', 'https:'), fields),
      { ...signed(url.replace('turn=1', 'turn=2'), fields), url },
      { ...signed(call.asked['Url'] ?? '', fields), url },
      { ...signed(url.replace('localhost', '127.0.0.1'), fields), url },
      { ...right, url: `${url}&after=0` },
      // A body that is no form is proved by its hash in the address, or not at all.
      {
        ...signed(url, {}),
        headers: { ...right.headers, 'content-type': 'application/json' },
        body: json,
      },
      asJson(`${url}&bodySHA256=${bodyHash('{}')}`, json),
    ];
    for (const webhook of forged) {
      const { status } = await deliver(webhook);
      assert.ok(status === 401 || status === 403, `${status} for ${JSON.stringify(webhook)}`);
    }
    assert.equal(await stepOf(ref), 'challenge');
    assert.equal((await deliver(right)).status, 200, 'the true one was spoilt');
    assert.equal(await stepOf(ref), 'finish');
  });

  it('may be signed with the token that takes over, and may bring JSON', async () => {
    const ref = await called();
    const call = await twilio.callTo(mobile);
    await ready(call.asked['Url']);
    const fields = { CallSid: call.sid };
    const answered = await deliver(twilio.signed(call.asked['Url'] ?? '', fields, otherToken));
    assert.match(answered.body, /<Say/);
    const json = JSON.stringify({ CallSid: call.sid, Digits: '#', Confidence: null });
    const url = `${call.asked['Url'] ?? ''}/keys?turn=1&silences=0&bodySHA256=${bodyHash(json)}`;
    assert.equal((await deliver(asJson(url, json))).status, 200);
    assert.equal(await stepOf(ref), 'finish');
  });

  it('replayed later opens nothing: not in its own sign-in, and in no other', async () => {
    const ref = await called();
    await ring({ presses: [{ keys: '#', after: /Once more/ }] });
    assert.equal(await stepOf(ref), 'finish');
    const recorded = [...twilio.brought()];
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

  it('has no address where Twilio is not used', async () => {
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
      url: '/webhooks/twilio/texts',
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

function asJson(url: string, body: string): Webhook {
  const { headers } = twilio.signed(url, {});
  return { url, headers: { ...headers, 'content-type': 'application/json' }, body };
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
  const before = twilio.calls().length;
  const { ref } = await hall.arrive(anna);
  await until('the call', () => twilio.calls().length > before);
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
): Promise<{ readonly ref: Arrival['ref']; readonly text: TakenText }> {
  const anna = await hall.person(change);
  await hall.phone(anna, number);
  const { ref } = await hall.arrive(anna);
  return { ref, text: await twilio.textTo(number) };
}

/** The newest call to a number, played to its end. */
async function ring(callee: Callee, number = mobile): Promise<CallStory> {
  return twilio.ring(await twilio.callTo(number), callee);
}

/** The receipt is on record: what is not ours by then never is. */
async function ready(url: string | undefined): Promise<void> {
  await until(
    'the receipt',
    async () => (await hall.stores.outbox.find(idIn(url)))?.state === 'sent',
  );
}

function idIn(url: string | undefined): string {
  return new URL(url ?? '').pathname.split('/').at(-1) ?? '';
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
