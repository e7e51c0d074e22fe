/**
 * From a challenge to a telephone and back by SIP: the outbox, the worker, a call through an exchange with its
 * sound, and the sign-in's judgement of the keys.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { startCallingBySip, type CalledBySip } from '../../../test/support/called-by-sip.ts';
import { until } from '../../../test/support/poll.ts';
import type { Arrival } from '../../../test/support/signin.ts';
import {
  startExchange,
  type Exchange,
  type ExchangeCall,
} from '../../../test/support/sip-exchange.ts';
import { letterSpeaker, type LetterSpeaker } from '../../../test/support/spoken-letters.ts';

const phone = '+31612345612';

describe('a challenge by SIP, all the way to a telephone and back', () => {
  let exchange: Exchange;
  let speaker: LetterSpeaker;
  let calling: CalledBySip;

  beforeEach(async () => {
    exchange = await startExchange();
    speaker = letterSpeaker();
    calling = await startCallingBySip(
      {
        host: '127.0.0.1',
        port: exchange.port,
        transport: 'udp',
        user: 'tweestap',
        machineDetection: false,
        speech: { command: [...speaker.command], seconds: 6 },
      },
      60,
    );
  });
  afterEach(async () => {
    await calling.stop();
    await exchange.goDown();
    speaker.remove();
  });

  const called = (): Promise<Arrival['ref']> => calling.called(phone);

  /** The telephone, once it was told to its end what to press. */
  async function asked(): Promise<ExchangeCall> {
    const call = await exchange.call();
    // Greeting and instruction, a line each.
    await until('the instruction', () => call.words().split('\n').length > 2);
    await until('silence', () => call.silence() > 2);
    return call;
  }

  it('is confirmed with #, and nobody can hear afterwards what was said', async () => {
    const ref = await called();
    const call = await asked();
    assert.equal(call.to, phone);
    call.press('#');
    await until('the sign-in', async () => (await calling.stepOf(ref)) === 'finish');
    await until('the goodbye', () => call.end() === 'caller');
    assert.match(call.words(), /Thank you/);
    const [sent] = await calling.hall.stores.outbox.search({ limit: 1 });
    await until(
      'the words to go',
      async () => (await calling.hall.stores.outbox.script(sent?.id ?? '')) === undefined,
    );
  });

  it('tells a wrong key, and the right one still counts', async () => {
    const ref = await called();
    const call = await asked();
    call.press('1#');
    await until('what was wrong', () => /not/.test(call.words()));
    call.press('#');
    await until('the sign-in', async () => (await calling.stepOf(ref)) === 'finish');
  });

  it('blocks the account where 0# says that nobody asked for it', async () => {
    const ref = await called();
    const call = await asked();
    call.press('0#');
    await until('the end', () => call.end() === 'caller');
    await until('the block', async () => (await calling.stepOf(ref)) === 'blocked');
  });

  it('gets nobody in with # before the instruction has ended', async () => {
    const ref = await called();
    const call = await exchange.call();
    call.press('#');
    await until('the early key', async () => {
      const state = (await calling.hall.signin.look(ref)).attempt.challenge?.state;
      return JSON.stringify(state).includes('"earlyKeys":1');
    });
    assert.equal(await calling.stepOf(ref), 'challenge');
  });

  it('tells the page of a machine that plays tones', async () => {
    const ref = await called();
    (await exchange.call()).press('#'.repeat(20));
    await calling.outcomeOf(ref, 'went-to-voicemail');
  });

  it('tells the page that it was busy', async () => {
    exchange.meets({ kind: 'refuse', status: 486, after: 'ringing' });
    await calling.outcomeOf(await called(), 'busy');
  });

  it('tells the page that it was hung up', async () => {
    const ref = await called();
    (await asked()).hangUp();
    await calling.outcomeOf(ref, 'hung-up');
  });

  it('tells the page that the exchange knows no such number', async () => {
    exchange.meets({ kind: 'refuse', status: 404, after: 'trying' });
    await calling.outcomeOf(await called(), 'unable-to-reach');
  });

  it('is thanked for where it only tries whether calls arrive', async () => {
    await calling.send({
      kind: 'call',
      to: phone,
      language: 'en',
      greeting: 'This is a test.',
      instruction: 'Press hash.',
      thanks: 'It works.',
      refused: 'Not that.',
    });
    (await asked()).press('#');
    const call = await exchange.call();
    await until('the end', () => call.end() === 'caller');
    assert.match(call.words(), /It works/);
  });

  it('tells the page that nobody pressed anything', async () => {
    await calling.outcomeOf(await called(), 'never-pressed-a-key');
  });
});
