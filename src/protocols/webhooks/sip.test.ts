/**
 * From a challenge to a telephone and back by SIP: the outbox, the worker, a call through an exchange with its
 * sound, and the sign-in's judgement of the keys.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { until } from '../../../test/support/poll.ts';
import { startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import {
  startExchange,
  type Exchange,
  type ExchangeCall,
} from '../../../test/support/sip-exchange.ts';
import { letterSpeaker, type LetterSpeaker } from '../../../test/support/spoken-letters.ts';
import { createDelivery, type Delivery } from '../../delivery/delivery.ts';
import { sipSettings } from '../../delivery/providers/sip/settings.ts';
import { sipProvider } from '../../delivery/providers/sip/sip.ts';
import { systemRandom } from '../../lib/random.ts';
import { createHearing } from './hearing.ts';
import { listenToProviders } from './listening.ts';

const phone = '+31612345612';

describe('a challenge by SIP, all the way to a telephone and back', () => {
  let hall: Hall;
  let exchange: Exchange;
  let speaker: LetterSpeaker;
  let delivery: Delivery;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    hall = await startHall();
    exchange = await startExchange();
    speaker = letterSpeaker();
    const { clock, signin, stores } = hall;
    const settings = sipSettings.parse({
      host: '127.0.0.1',
      port: exchange.port,
      transport: 'udp',
      user: 'tweestap',
      machineDetection: false,
      speech: { command: speaker.command },
    });
    const provider = sipProvider({ settings, clock, sounds: stores.greetings, second: 60 });
    const { outbox, webhooks } = stores;
    stop = listenToProviders(
      [provider],
      createHearing({ outbox, webhooks, clock, hear: (report) => signin.hear(report) }),
    );
    delivery = createDelivery({
      outbox,
      providers: [provider],
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
    await stop();
    await exchange.goDown();
    speaker.remove();
    await hall.close();
  });

  /** Somebody asks to be called. */
  async function called(): Promise<Arrival['ref']> {
    const anna = await hall.person();
    await hall.phone(anna, phone);
    const { ref, progress } = await hall.arrive(anna);
    hall.clock.advanceSeconds(31);
    const option = progress.known.options.find(({ method }) => method.id === 'phone-call');
    await hall.signin.choose(ref, option?.id ?? '');
    return ref;
  }

  /** The telephone, once it was told to its end what to press. */
  async function asked(): Promise<ExchangeCall> {
    const call = await exchange.call();
    // Greeting and instruction, a line each.
    await until('the instruction', () => call.words().split('\n').length > 2);
    await new Promise((next) => setTimeout(next, 80));
    return call;
  }

  const stepOf = async (ref: Arrival['ref']): Promise<string> =>
    (await hall.signin.look(ref)).step.kind;
  const outcomeOf = (ref: Arrival['ref'], outcome: string): Promise<unknown> =>
    until(
      outcome,
      async () => (await hall.signin.look(ref)).attempt.challenge?.outcome === outcome,
      10_000,
    );

  it('is confirmed with #, and nobody can hear afterwards what was said', async () => {
    const ref = await called();
    const call = await asked();
    assert.equal(call.to, phone);
    call.press('#');
    await until('the sign-in', async () => (await stepOf(ref)) === 'finish');
    await until('the goodbye', () => call.end() === 'caller');
    assert.match(call.words(), /Thank you/);
    const [sent] = await hall.stores.outbox.search({ limit: 1 });
    await until(
      'the words to go',
      async () => (await hall.stores.outbox.script(sent?.id ?? '')) === undefined,
    );
  });

  it('tells a wrong key, and the right one still counts', async () => {
    const ref = await called();
    const call = await asked();
    call.press('1#');
    await until('what was wrong', () => /not/.test(call.words()));
    call.press('#');
    await until('the sign-in', async () => (await stepOf(ref)) === 'finish');
  });

  it('blocks the account where 0# says that nobody asked for it', async () => {
    const ref = await called();
    const call = await asked();
    call.press('0#');
    await until('the end', () => call.end() === 'caller');
    await until('the block', async () => (await stepOf(ref)) === 'blocked');
  });

  it('gets nobody in with # before the instruction has ended', async () => {
    const ref = await called();
    const call = await exchange.call();
    call.press('#');
    await until('the early key', async () => {
      const state = (await hall.signin.look(ref)).attempt.challenge?.state;
      return JSON.stringify(state).includes('"earlyKeys":1');
    });
    assert.equal(await stepOf(ref), 'challenge');
  });

  it('tells the page of a machine that plays tones', async () => {
    const ref = await called();
    (await exchange.call()).press('#'.repeat(20));
    await outcomeOf(ref, 'went-to-voicemail');
  });

  it('tells the page that it was busy, or hung up', async () => {
    exchange.meets({ kind: 'refuse', status: 486, after: 'ringing' });
    await outcomeOf(await called(), 'busy');
  });

  it('tells the page that it was hung up', async () => {
    const ref = await called();
    (await asked()).hangUp();
    await outcomeOf(ref, 'hung-up');
  });

  it('tells the page that the exchange knows no such number', async () => {
    exchange.meets({ kind: 'refuse', status: 404, after: 'trying' });
    await outcomeOf(await called(), 'unable-to-reach');
  });

  it('tells the page that nobody pressed anything', async () => {
    await outcomeOf(await called(), 'never-pressed-a-key');
  });
});
