/**
 * What every network of texts and calls keeps to, whatever its make: all the way from a challenge to a
 * phone and back. The outbox, the worker, the network's API, its signed webhooks, and the sign-in's
 * judgement are real; at the other end stands a stand-in that speaks what the vendor publishes.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';

import type { Callee, CallStory } from '../../../test/support/callee.ts';
import { hearingOf, startDelivering } from '../../../test/support/delivering.ts';
import { httpServerForTests, testOrigin } from '../../../test/support/http-server.ts';
import { until } from '../../../test/support/poll.ts';
import { startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import type { ApiFault, Webhook, WebhookAnswer } from '../../../test/support/stand-in.ts';
import type { User } from '../../accounts/user.ts';
import type { Delivery } from '../../delivery/delivery.ts';
import type { FoundDelivery } from '../../delivery/outbox-store.ts';
import type { Provider } from '../../delivery/provider.ts';
import { systemRandom } from '../../lib/random.ts';
import type { Progress } from '../../signin/progress.ts';
import { webhookRoutes, type WebhookParts } from './webhooks.ts';

/** A text that the network took. */
export interface TakenMessage {
  readonly body: string;
  /** Brings reports that it arrived, or is on its way. */
  readonly arrives: () => Promise<readonly WebhookAnswer[]>;
  /** Brings the report that it did not, one of the ways in which this network says so. */
  readonly fails: (way: number) => Promise<WebhookAnswer>;
}

/** A call that the network took. */
export interface PlacedCall {
  /** Our own id of the message. */
  readonly messageId: string;
  /** What the network calls it. */
  readonly reference: string;
  readonly ring: (callee: Callee) => Promise<CallStory>;
  /** A signed report of # alone, after the first instruction. */
  readonly hash: () => Webhook;
  /** A signed report that it is over. */
  readonly over: () => Webhook;
  /** A signed report of this call at the address of a message with this id, or about another call at its own. */
  readonly astray: (messageId: string) => readonly Webhook[];
}

/** A stand-in, and how we reach it and hear it. */
export interface NetworkStage {
  readonly provider: Provider;
  readonly webhooks: Pick<WebhookParts, 'twilio' | 'vonage'>;
  /** An address that is there only where this network is used. */
  readonly address: string;
  readonly network: {
    readonly texts: () => readonly unknown[];
    readonly calls: () => readonly unknown[];
    readonly misunderstood: () => readonly string[];
    readonly fault: (fault: ApiFault | undefined) => void;
    readonly reportsEarly: (isEarly: boolean) => void;
    readonly repeats: (times: number) => void;
    readonly goDown: () => Promise<void>;
    readonly comeUp: () => Promise<void>;
    readonly textTo: (number: string) => Promise<TakenMessage>;
    readonly callTo: (number: string) => Promise<PlacedCall>;
    readonly reply: (from: string, body: string) => Promise<WebhookAnswer>;
    readonly brought: () => readonly Webhook[];
    readonly close: () => Promise<void>;
  };
  /** How this network says that a text did not arrive, and what the page then tells. */
  readonly failures: readonly string[];
  /** An answer that the receiver wants or can get nothing, and what the page then tells. */
  readonly refusal: { readonly fault: ApiFault; readonly outcome: string };
  /** Whether an answer to a report of a call says nothing more. */
  readonly hangsUp: (answer: WebhookAnswer) => boolean;
}

/** What a stage is made with: how reports reach us, and what time it is. */
export interface NetworkParts {
  readonly hall: Hall;
  readonly deliver: (webhook: Webhook) => Promise<WebhookAnswer>;
}

/** The number of everybody's mobile phone. */
export const mobile = '+31612345612';
const office = '+31205551234';

/** A sign-in that reaches phones by a network. */
export interface Journey<stage extends NetworkStage = NetworkStage> {
  readonly stage: stage;
  readonly network: stage['network'];
  readonly hall: Hall;
  readonly delivery: Delivery;
  readonly deliver: (webhook: Webhook) => Promise<WebhookAnswer>;
  readonly bringAll: (webhooks: readonly Webhook[]) => Promise<void>;
  readonly register: (
    user: User,
    slot: string,
    secret: Readonly<Record<string, string>>,
  ) => Promise<void>;
  /** Signs in up to the call. */
  readonly called: (change?: Partial<User>) => Promise<Arrival['ref']>;
  /** Asks for a call, where something else was asked for by itself. */
  readonly choose: (ref: Arrival['ref']) => Promise<void>;
  readonly texted: (
    number?: string,
    change?: Partial<User>,
  ) => Promise<{ readonly ref: Arrival['ref']; readonly text: TakenMessage }>;
  /** The newest call to a number, played to its end. */
  readonly ring: (callee: Callee, number?: string) => Promise<CallStory>;
  /** The receipt is on record: what is not ours by then never is. */
  readonly ready: (messageId: string) => Promise<void>;
  readonly delivered: (ref: Arrival['ref']) => Promise<Progress>;
  readonly stepOf: (ref: Arrival['ref']) => Promise<string>;
  readonly digitsOf: (ref: Arrival['ref']) => Promise<string>;
  readonly replyDigitsOf: (ref: Arrival['ref']) => Promise<string>;
  /** Fails where the network was asked what it would not understand. */
  readonly close: () => Promise<void>;
}

/** Starts everything; close it at the end. */
export async function startJourney<stage extends NetworkStage>(
  setUp: (parts: NetworkParts) => Promise<stage>,
): Promise<Journey<stage>> {
  const hall = await startHall();
  const { clock, signin, stores } = hall;
  const app: FastifyInstance = httpServerForTests();
  const deliver = async ({ url, headers, body }: Webhook): Promise<WebhookAnswer> => {
    const { pathname, search } = new URL(url);
    const response = await app.inject({
      method: 'POST',
      url: `${pathname}${search}`,
      headers: { host: new URL(testOrigin).host, ...headers },
      payload: body,
    });
    return { status: response.statusCode, body: response.body };
  };
  const stage = await setUp({ hall, deliver });
  const { network, provider, webhooks } = stage;
  await app.register(
    webhookRoutes({
      hearing: hearingOf(hall, 300),
      outbox: stores.outbox,
      clock,
      ...webhooks,
    }),
  );
  const delivery = startDelivering(hall, provider);

  const register: Journey['register'] = async (user, slot, secret) => {
    const id = systemRandom.token(16);
    await stores.registrations.add({
      id,
      userId: user.id,
      kind: 'phone',
      slot,
      secret,
      version: 1,
      createdAt: clock.now(),
      lastUsedAt: undefined,
    });
    await stores.users.setDefaultMethod(user.id, { registrationId: id, methodId: 'phone-call' });
  };
  const inState = async (ref: Arrival['ref'], name: string): Promise<string> => {
    const state = (await signin.look(ref)).attempt.challenge?.state;
    assert.ok(typeof state === 'object' && state !== null);
    const found: unknown = Reflect.get(state, name);
    assert.ok(typeof found === 'string', `there is no ${name}`);
    return found;
  };

  return {
    stage,
    network,
    hall,
    delivery,
    deliver,
    bringAll: async (brought) => {
      for (const webhook of brought) await deliver(webhook);
    },
    register,
    called: async (change = {}) => {
      const anna = await hall.person(change);
      await register(anna, 'mobile', { number: mobile, phoneType: 'mobile' });
      const before = network.calls().length;
      const { ref } = await hall.arrive(anna);
      await until('the call', () => network.calls().length > before);
      return ref;
    },
    choose: async (ref) => {
      const { known, attempt } = await signin.look(ref);
      if (attempt.challenge?.methodId === 'phone-call') return;
      const option = known.options.find(({ method }) => method.id === 'phone-call');
      await signin.choose(ref, option?.id ?? '');
    },
    texted: async (number = mobile, change = {}) => {
      const anna = await hall.person(change);
      await hall.phone(anna, number);
      const { ref } = await hall.arrive(anna);
      return { ref, text: await network.textTo(number) };
    },
    ring: async (callee, number = mobile) => (await network.callTo(number)).ring(callee),
    ready: async (messageId) => {
      await until(
        'the receipt',
        async () => (await stores.outbox.find(messageId))?.state === 'sent',
      );
    },
    delivered: (ref) =>
      until('the text on its way', async () => {
        const progress = await signin.look(ref);
        return progress.attempt.challenge?.delivery === 'sent' ? progress : undefined;
      }),
    stepOf: async (ref) => (await signin.look(ref)).step.kind,
    digitsOf: (ref) => inState(ref, 'digits'),
    replyDigitsOf: (ref) => inState(ref, 'replyDigits'),
    close: async () => {
      await delivery.stop();
      const misunderstood = network.misunderstood();
      await network.close();
      await app.close();
      await hall.close();
      assert.deepEqual(misunderstood, []);
    },
  };
}

/** Runs the contract for one network. */
export function describeNetwork(
  name: string,
  setUp: (parts: NetworkParts) => Promise<NetworkStage>,
): void {
  describe(`${name}, all the way to a phone`, () => {
    let journey: Journey;
    let network: NetworkStage['network'];
    beforeEach(async () => {
      journey = await startJourney(setUp);
      ({ network } = journey);
    });
    afterEach(() => journey.close());

    describe(`a call by ${name}`, () => {
      it('is confirmed with #, after it has said who asks and what to press', async () => {
        const ref = await journey.called();
        const story = await journey.ring({ presses: [{ keys: '#', after: /Once more/ }] });
        assert.equal(await journey.stepOf(ref), 'finish');
        assert.match(story.spoken[0] ?? '', /^This is Tweestap\. .*account of anna\.$/);
        assert.match(story.spoken[1] ?? '', /press the hash key/);
        assert.match(story.spoken[2] ?? '', /^Thank you/);
        assert.deepEqual([story.answeredBy, story.endedBy], ['human', 'us']);
      });

      it('speaks the language of whoever is called', async () => {
        await journey.called({ preferredLanguage: 'nl' });
        const story = await journey.ring({ presses: [{ keys: '#', after: /Nog een keer/ }] });
        assert.deepEqual(new Set(story.languages), new Set(['nl-NL']));
        assert.match(story.spoken.at(-1) ?? '', /^Dank u wel/);
      });

      it('is confirmed with the digits on the page and # by administrators, who hear no digit', async () => {
        const ref = await journey.called({ role: 'authentication-admin' });
        const digits = await journey.digitsOf(ref);
        const story = await journey.ring({ presses: [{ keys: `${digits}#`, after: /Once more/ }] });
        assert.equal(await journey.stepOf(ref), 'finish');
        assert.doesNotMatch(story.spoken.join(' '), new RegExp(`${digits}|\\d`));
      });

      it('is not confirmed by administrators with # alone, or other digits', async () => {
        const ref = await journey.called({ role: 'authentication-admin' });
        const wrong = String(10 + ((Number(await journey.digitsOf(ref)) - 10 + 1) % 90));
        const story = await journey.ring({
          presses: [
            { keys: '#', after: /Once more/, isOnce: true },
            { keys: `${wrong}#`, after: /Once more/ },
          ],
        });
        assert.notEqual(await journey.stepOf(ref), 'finish');
        assert.ok(story.spoken.some((words) => words.startsWith('Those were not the digits')));
      });

      it('reports fraud with 0#, whatever is asked for, and ends at once', async () => {
        for (const role of ['user', 'authentication-admin'] as const) {
          const ref = await journey.called({
            role,
            userPrincipalName: `${role}@voorbeeld.example`,
          });
          const story = await journey.ring({ presses: [{ keys: '0#', after: /Once more/ }] });
          assert.equal(await journey.stepOf(ref), 'blocked', role);
          assert.equal(story.endedBy, 'us');
          assert.doesNotMatch(story.spoken.join(' '), /Thank you/);
        }
      });

      it('reports fraud with another key where the organisation has chosen one', async () => {
        await journey.hall.policies.change((policy) => ({
          ...policy,
          methods: {
            ...policy.methods,
            'phone-call': { enabled: true, settings: { reportKey: '7' } },
          },
        }));
        const ref = await journey.called();
        await journey.ring({ presses: [{ keys: '7#', after: /Once more/ }] });
        assert.equal(await journey.stepOf(ref), 'blocked');
      });

      it('counts # after another key as wrong, and says so', async () => {
        const ref = await journey.called();
        const story = await journey.ring({
          presses: [{ keys: '1#', after: /Once more/, isOnce: true }],
        });
        const { attempt } = await journey.hall.signin.look(ref);
        assert.equal(attempt.challenge?.wrongTries, 1);
        assert.ok(story.spoken.some((words) => words.startsWith('That was not the hash key')));
      });

      it('hears # after a 0 only if it comes soon, and asks anew where it does not', async () => {
        const ref = await journey.called();
        const story = await journey.ring({
          presses: [
            { keys: '0', after: /Once more/, isOnce: true },
            { keys: '#', after: /That was not the hash key/ },
          ],
        });
        assert.ok(story.spoken.some((words) => words.startsWith('That was not the hash key')));
        assert.notEqual(await journey.stepOf(ref), 'blocked');
      });

      it('is dialled through to the extension once the exchange has answered', async () => {
        const anna = await journey.hall.person();
        await journey.register(anna, 'office', {
          number: office,
          extension: '12',
          phoneType: 'office',
        });
        const { ref } = await journey.hall.arrive(anna);
        const story = await journey.ring({ presses: [{ keys: '#', after: /Once more/ }] }, office);
        assert.equal(story.dialled, '12');
        assert.equal(story.answeredBy, undefined);
        assert.equal(await journey.stepOf(ref), 'finish');
      });

      it('says again who is calling, where somebody behind the exchange picks up late', async () => {
        const anna = await journey.hall.person();
        await journey.register(anna, 'office', {
          number: office,
          extension: '12',
          phoneType: 'office',
        });
        await journey.hall.arrive(anna);
        const story = await journey.ring({}, office);
        const greetings = story.spoken.filter((words) => words.startsWith('This is Tweestap'));
        assert.ok(greetings.length > 1, story.spoken.join('\n'));
      });
    });

    describe(`a call by ${name} that only tries whether calls arrive`, () => {
      it('says what every call says, and thanks for any key', async () => {
        const deliverBefore = new Date(journey.hall.clock.now().getTime() + 60_000);
        const message = {
          kind: 'call',
          to: mobile,
          language: 'en',
          greeting: 'This is a test.',
          instruction: 'Press the hash key.',
          thanks: 'It works.',
          refused: 'It does not.',
        } as const;
        await journey.hall.stores.outbox.add([
          journey.delivery.prepare(message, { deliverBefore }),
        ]);
        journey.delivery.wake();
        const story = await journey.ring({ presses: [{ keys: '#', after: /Press the hash/ }] });
        assert.deepEqual(story.spoken, ['This is a test.', 'Press the hash key.', 'It works.']);
      });

      it('plays the sounds of the organisation, and hears keys only behind them', async () => {
        const deliverBefore = new Date(journey.hall.clock.now().getTime() + 60_000);
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
        await journey.hall.stores.outbox.add([
          journey.delivery.prepare(message, { deliverBefore }),
        ]);
        journey.delivery.wake();
        const story = await journey.ring({ presses: [{ keys: '#', after: /sound-2/ }] });
        const at = (sound: string): string => `${testOrigin}/sounds/${sound}/mark`;
        assert.deepEqual(story.spoken, [at('sound-1'), at('sound-2'), 'Het werkt.']);
      });
    });

    describe(`whoever is called by ${name}`, () => {
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
          const ref = await journey.called();
          await journey.ring(callee);
          const { attempt, step, known } = await journey.hall.signin.look(ref);
          assert.notEqual(step.kind, 'finish');
          // Who lets a minute pass has not pressed a key either.
          const isPast = (attempt.challenge?.expiresAt ?? known.now) <= known.now;
          const isTold = outcome === 'never-pressed-a-key' && isPast;
          assert.ok(attempt.challenge?.outcome === outcome || isTold, attempt.challenge?.outcome);
        });
      }

      it('does not answer: the call ends by itself', async () => {
        const ref = await journey.called();
        const story = await journey.ring({ picksUp: 'nobody' });
        assert.equal(story.status, 'no-answer');
        assert.notEqual(await journey.stepOf(ref), 'finish');
      });

      it('presses the right digits before the instruction has ended: nobody gets in', async () => {
        const ref = await journey.called({ role: 'authentication-admin' });
        const digits = await journey.digitsOf(ref);
        for (const during of [/^This is/, /To confirm/]) {
          await journey.ring({ presses: [{ keys: `${digits}#`, during }] });
          assert.notEqual(await journey.stepOf(ref), 'finish');
        }
      });

      it('hears nothing of a code or digits before a key, nor anything after the call was cancelled', async () => {
        const ref = await journey.called({ role: 'authentication-admin' });
        const digits = await journey.digitsOf(ref);
        const silent = await journey.ring({});
        assert.doesNotMatch(silent.spoken.join(' '), new RegExp(digits));
        const again = await journey.called({ userPrincipalName: 'bram@voorbeeld.example' });
        await journey.hall.signin.anotherWay(again);
        const late = await journey.ring({});
        assert.deepEqual(late.spoken, []);
      });
    });

    describe(`a text by ${name}`, () => {
      it('holds the code that is typed', async () => {
        const { ref, text } = await journey.texted();
        const progress = await journey.delivered(ref);
        const code = /\b\d{6}\b/.exec(text.body)?.[0];
        const { step } = await journey.hall.signin.answer(
          ref,
          progress.attempt.challenge?.id ?? '',
          {
            code,
          },
        );
        assert.equal(step.kind, 'finish');
      });

      it('is replied to with the digits on the page, from the phone it went to', async () => {
        const { ref } = await journey.texted();
        await journey.delivered(ref);
        const digits = await journey.replyDigitsOf(ref);
        assert.equal((await network.reply('+31687654321', digits)).status, 200);
        assert.equal((await network.reply('ALPHANAME', digits)).status, 200);
        assert.equal((await network.reply(mobile, 'yes')).status, 200);
        assert.equal(await journey.stepOf(ref), 'challenge');
        assert.equal((await network.reply(mobile, `${digits}\r\n`)).status, 200);
        assert.equal(await journey.stepOf(ref), 'finish');
      });

      it('that does not arrive is told on the page, with what one can do', async () => {
        for (const [way, outcome] of journey.stage.failures.entries()) {
          const { ref, text } = await journey.texted(`+3161234561${way}`, {
            userPrincipalName: `p${way}@voorbeeld.example`,
          });
          await text.fails(way);
          const { attempt } = await journey.hall.signin.look(ref);
          assert.equal(attempt.challenge?.outcome, outcome);
        }
      });

      it('that arrived changes nothing on the page', async () => {
        const { ref, text } = await journey.texted();
        await journey.delivered(ref);
        for (const { status } of await text.arrives()) assert.equal(status, 200);
        assert.equal((await journey.hall.signin.look(ref)).attempt.challenge?.outcome, undefined);
      });

      it('that was refused ends the wait', async () => {
        const { fault, outcome } = journey.stage.refusal;
        network.fault(fault);
        const anna = await journey.hall.person();
        await journey.hall.phone(anna, mobile);
        const { ref } = await journey.hall.arrive(anna);
        const { attempt } = await until('the refusal', async () => {
          const progress = await journey.hall.signin.look(ref);
          return progress.attempt.challenge?.outcome === undefined ? undefined : progress;
        });
        assert.equal(attempt.challenge?.outcome, outcome);
      });
    });

    describe(`whatever ${name} does`, () => {
      const faults: readonly (readonly [string, ApiFault | 'down', 'sure'?])[] = [
        ['nobody listens there', 'down', 'sure'],
        ['it does not answer, and took nothing', { kind: 'hang', isTaken: false }],
        ['it does not answer, and took what it was asked', { kind: 'hang', isTaken: true }],
        ['every other answer is 500, and nothing was taken', { kind: 'half', isTaken: false }],
        ['every other answer is 500, and it was taken', { kind: 'half', isTaken: true }],
        ['there is too much for it', { kind: 'error', status: 429, retryAfter: '3' }, 'sure'],
        ['its answer cannot be read', { kind: 'garbage', body: '<html>' }],
        ['its answer is half of one', { kind: 'garbage', body: '{"sid": "SM' }],
      ];
      for (const [what, fault, isSure] of faults) {
        it(`${what}: whoever signs in is offered other ways, and gets no more than one text`, async () => {
          const { hall } = journey;
          if (fault === 'down') await network.goDown();
          else network.fault(fault);
          const anna = await hall.person();
          await hall.app(anna);
          await hall.phone(anna, mobile);
          const [registration] = await hall.stores.registrations
            .list(anna.id)
            .then((all) => all.filter(({ kind }) => kind === 'phone'));
          await hall.stores.users.setDefaultMethod(anna.id, {
            registrationId: registration?.id ?? '',
            methodId: 'text-message',
          });
          const { ref } = await hall.arrive(anna);
          const { attempt, known } = await hall.signin.look(ref);
          assert.equal(attempt.challenge?.methodId, 'text-message');
          assert.ok(known.options.some(({ method }) => method.id === 'authenticator-code'));
          const record = async (): Promise<FoundDelivery | undefined> =>
            (await hall.stores.outbox.search({ kind: 'text', limit: 1 }))[0];
          await until('the first answer', async () => (await record())?.fault !== undefined);
          // It gets well, and what is worth something still is tried again, once and no more.
          network.fault(undefined);
          if (fault === 'down') await network.comeUp();
          await until(
            'the end of the text',
            async () => {
              hall.clock.advanceSeconds(3);
              journey.delivery.wake();
              return (await record())?.state !== 'queued';
            },
            20_000,
          );
          const sent = network.texts().length;
          assert.ok(sent <= 1, `${sent} texts`);
          // What it surely did not take arrives.
          if (isSure === 'sure') assert.equal(sent, 1);
        });
      }
    });

    describe(`a webhook of ${name}`, () => {
      it('counts before the answer to whoever asked for the call, and is then the receipt', async () => {
        network.reportsEarly(true);
        network.fault({ kind: 'hang', isTaken: true });
        const ref = await journey.called();
        const call = await network.callTo(mobile);
        const record = await until('the receipt', async () => {
          const found = await journey.hall.stores.outbox.find(call.messageId);
          return found?.state === 'sent' ? found : undefined;
        });
        assert.deepEqual(
          [record.provider, record.reference],
          [journey.stage.provider.name, call.reference],
        );
        network.fault(undefined);
        journey.hall.clock.advanceSeconds(5);
        journey.delivery.wake();
        await call.ring({ presses: [{ keys: '#', after: /Once more/ }] });
        assert.equal(await journey.stepOf(ref), 'finish');
        assert.equal(network.calls().length, 1, 'the phone rang twice');
      });

      it('counts once, however often it comes', async () => {
        network.repeats(5);
        const ref = await journey.called({ role: 'authentication-admin' });
        const digits = await journey.digitsOf(ref);
        const wrong = digits === '10' ? '11' : '10';
        await journey.ring({
          presses: [
            { keys: `${wrong}#`, after: /Once more/, isOnce: true },
            { keys: `${digits}#`, after: /Those were not.*/ },
          ],
          hangsUpAfter: /Those were not/,
        });
        const { attempt } = await journey.hall.signin.look(ref);
        assert.equal(attempt.challenge?.wrongTries, 1);
      });

      it('that comes in the wrong order opens nothing and closes nothing that is done', async () => {
        const ref = await journey.called();
        const call = await network.callTo(mobile);
        await call.ring({ presses: [{ keys: '#', after: /Once more/ }] });
        assert.equal(await journey.stepOf(ref), 'finish');
        await journey.bringAll(network.brought().toReversed());
        assert.equal(await journey.stepOf(ref), 'finish');

        const other = await journey.called({ userPrincipalName: 'bram@voorbeeld.example' });
        const another = await network.callTo(mobile);
        assert.notEqual(another.reference, call.reference);
        await journey.deliver(another.over());
        const late = await journey.deliver(another.hash());
        assert.ok(journey.stage.hangsUp(late), late.body);
        assert.notEqual(await journey.stepOf(other), 'finish');
      });

      it('about a call that we do not know, or know by another name, says nothing and opens nothing', async () => {
        const ref = await journey.called();
        const call = await network.callTo(mobile);
        await journey.ready(call.messageId);
        for (const webhook of call.astray(systemRandom.token(16))) {
          const answer = await journey.deliver(webhook);
          assert.ok(journey.stage.hangsUp(answer), answer.body);
        }
        assert.notEqual(await journey.stepOf(ref), 'finish');
      });

      it('replayed later opens nothing: not in its own sign-in, and in no other', async () => {
        const ref = await journey.called();
        await journey.ring({ presses: [{ keys: '#', after: /Once more/ }] });
        assert.equal(await journey.stepOf(ref), 'finish');
        const recorded = [...network.brought()];
        journey.hall.clock.advanceSeconds(120);
        const anna = await journey.hall.stores.users.findByName('anna@voorbeeld.example');
        assert.ok(anna);
        const again = await journey.hall.arrive(anna);
        await journey.choose(again.ref);
        await journey.bringAll(recorded);
        assert.notEqual(await journey.stepOf(again.ref), 'finish');
        // Nor once it is long forgotten that they were heard.
        journey.hall.clock.advanceSeconds(48 * 3_600);
        await journey.hall.stores.heard.forget(journey.hall.clock.now());
        await journey.bringAll(recorded);
        assert.notEqual(await journey.stepOf(again.ref), 'finish');
      });

      it('has no address where it is not used', async () => {
        const off = httpServerForTests();
        const { hall } = journey;
        const { clock, stores } = hall;
        await off.register(
          webhookRoutes({ hearing: hearingOf(hall), outbox: stores.outbox, clock }),
        );
        const { statusCode } = await off.inject({
          method: 'POST',
          url: journey.stage.address,
          headers: { host: new URL(testOrigin).host },
        });
        assert.equal(statusCode, 404);
        await off.close();
      });
    });
  });
}
