/**
 * From a challenge to a phone and back: the outbox, the worker, the simulated network, its signed
 * webhooks over a real socket, and the sign-in's judgement.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';

import type { FastifyInstance } from 'fastify';

import { hearingOf, startDelivering } from '../../../test/support/delivering.ts';
import { httpServerForTests } from '../../../test/support/http-server.ts';
import { until } from '../../../test/support/poll.ts';
import { startHall, type Arrival, type Hall } from '../../../test/support/signin.ts';
import type { Delivery, DeliveryReport } from '../../delivery/delivery.ts';
import {
  createSimulatorNetwork,
  type ArrivedCall,
  type SimulatorNetwork,
} from '../../delivery/providers/simulator/network.ts';
import { postWebhooksTo } from '../../delivery/providers/simulator/report.ts';
import { createSimulatorProvider } from '../../delivery/providers/simulator/simulator.ts';
import { listen, type Listener } from '../../http/listener.ts';
import { systemRandom } from '../../lib/random.ts';
import type { Progress } from '../../signin/progress.ts';
import { webhookRoutes } from './webhooks.ts';

const phone = '+31612345612';

describe('a challenge, all the way to a phone and back', () => {
  let hall: Hall;
  let listener: Listener;
  let app: FastifyInstance;
  let network: SimulatorNetwork;
  let delivery: Delivery;
  let reports: DeliveryReport[];
  let lost: unknown[];

  beforeEach(async () => {
    hall = await startHall();
    const { clock, stores } = hall;
    const secret = systemRandom.bytes(32);
    reports = [];
    lost = [];
    listener = await listen({ host: '127.0.0.1', port: 0 });
    app = httpServerForTests({ listener });
    await app.register(
      webhookRoutes({
        hearing: hearingOf(hall),
        outbox: stores.outbox,
        clock,
        simulator: { secrets: [secret] },
      }),
    );
    await app.ready();
    network = createSimulatorNetwork({
      clock,
      random: systemRandom,
      secret,
      deliver: postWebhooksTo(() => ({
        port: listener.port,
        host: `localhost:${listener.port}`,
      })),
      onLost: (path, error) => lost.push([path, error]),
      senders: { number: '+3197010240000', mail: 'no-reply@voorbeeld.example' },
    });
    delivery = startDelivering(hall, createSimulatorProvider(network), (report) =>
      reports.push(report),
    );
  });
  afterEach(async () => {
    await network.stop();
    await delivery.stop();
    await app.close();
    await listener.close(100);
    await hall.close();
    assert.deepEqual(lost, []);
  });

  const untilIt = (ref: Arrival['ref'], isSo: (progress: Progress) => boolean): Promise<Progress> =>
    until('the sign-in to be so', async () => {
      const progress = await hall.signin.look(ref);
      return isSo(progress) ? progress : undefined;
    });

  const theCall = (): Promise<ArrivedCall> =>
    until('the call', () =>
      network.messages({ kind: 'call', to: phone }).find((found) => found.kind === 'call'),
    );

  async function called(): Promise<Arrival['ref']> {
    const anna = await hall.person();
    await hall.phone(anna, phone);
    const { ref, progress } = await hall.arrive(anna);
    hall.clock.advanceSeconds(31);
    const option = progress.known.options.find(({ method }) => method.id === 'phone-call');
    await hall.signin.choose(ref, option?.id ?? '');
    return ref;
  }

  async function texted(): Promise<{ readonly ref: Arrival['ref']; readonly text: string }> {
    const anna = await hall.person();
    await hall.phone(anna, phone);
    const { ref } = await hall.arrive(anna);
    const message = await until('the text', () =>
      network.messages({ kind: 'text', to: phone }).find((found) => found.kind === 'text'),
    );
    return { ref, text: message.text };
  }

  it('is a call that is answered and confirmed with #', async () => {
    const ref = await called();
    const { id } = await theCall();
    // At once, perhaps before the receipt is in the outbox.
    assert.equal(await network.answer(id), 'done');
    assert.equal(await network.keys(id, '#'), 'done');
    assert.equal((await hall.signin.look(ref)).step.kind, 'finish');
    const { call } = await theCall();
    assert.equal(call.end, 'completed');
    assert.match(call.spoken.at(-1) ?? '', /Thank you/);
  });

  it('is a call in which a wrong key is told, and the right one still counts', async () => {
    const ref = await called();
    const { id } = await theCall();
    await network.answer(id);
    await network.keys(id, '1#');
    const { call } = await theCall();
    assert.equal(call.phase, 'answered');
    assert.match(call.spoken.at(-2) ?? '', /not/);
    await network.keys(id, '#');
    assert.equal((await hall.signin.look(ref)).step.kind, 'finish');
  });

  it('is a call that ends at once when 0# says that it was not wanted', async () => {
    const ref = await called();
    const { id } = await theCall();
    await network.answer(id);
    const { spoken } = (await theCall()).call;
    await network.keys(id, '0#');
    const { call } = await theCall();
    assert.equal(call.end, 'completed');
    assert.deepEqual(call.spoken, spoken, 'it was told to press something else');
    assert.equal((await hall.signin.look(ref)).step.kind, 'blocked');
  });

  async function outcomeOf(ref: Arrival['ref']): Promise<string | undefined> {
    return (await hall.signin.look(ref)).attempt.challenge?.outcome;
  }

  it('is a call that is hung up, and the page says so', async () => {
    const ref = await called();
    const { id } = await theCall();
    await network.answer(id);
    assert.equal(await network.hangUp(id), 'done');
    assert.equal(await outcomeOf(ref), 'hung-up');
  });

  it('is a call that is declined, and the page says so', async () => {
    const ref = await called();
    assert.equal(await network.hangUp((await theCall()).id), 'done');
    assert.equal(await outcomeOf(ref), 'busy');
  });

  it('is a call that is taken by voicemail, and the page says so', async () => {
    const ref = await called();
    assert.equal(await network.voicemail((await theCall()).id), 'done');
    assert.equal(await outcomeOf(ref), 'went-to-voicemail');
  });

  it('is a call that nobody answers for a minute', async () => {
    const ref = await called();
    await theCall();
    hall.clock.advanceSeconds(60);
    await network.tick();
    const { attempt, known } = await hall.signin.look(ref);
    assert.ok(
      attempt.challenge?.outcome !== undefined ||
        (attempt.challenge?.expiresAt ?? known.now) <= known.now,
    );
  });

  it('is a text that is answered by a reply with the digits on the page', async () => {
    const { ref } = await texted();
    const { attempt } = await untilIt(ref, (seen) => seen.attempt.challenge?.delivery === 'sent');
    const state = attempt.challenge?.state;
    assert.ok(typeof state === 'object' && state !== null && 'replyDigits' in state);
    await network.reply('+31687654321', String(state.replyDigits));
    assert.equal((await hall.signin.look(ref)).step.kind, 'challenge', 'another phone may answer');
    await network.reply(phone, 'yes');
    assert.equal((await hall.signin.look(ref)).step.kind, 'challenge', 'free text counts');
    await network.reply(phone, `${String(state.replyDigits)} `);
    assert.equal((await hall.signin.look(ref)).step.kind, 'finish');
  });

  it('is a text with a code, whose delivery the page is told of', async () => {
    const { ref, text } = await texted();
    const progress = await untilIt(ref, (seen) => seen.attempt.challenge?.delivery === 'sent');
    const code = /\b\d{6}\b/.exec(text)?.[0];
    const answered = await hall.signin.answer(ref, progress.attempt.challenge?.id ?? '', { code });
    assert.equal(answered.step.kind, 'finish');
  });

  it('ends when the provider refuses the text', async () => {
    network.setFault('text', { fault: 'error', milliseconds: 0 });
    const anna = await hall.person();
    await hall.phone(anna, phone);
    const { ref } = await hall.arrive(anna);
    const { attempt } = await untilIt(ref, (seen) => seen.attempt.challenge?.outcome !== undefined);
    assert.equal(attempt.challenge?.outcome, 'unable-to-reach');
  });

  it('arrives late when the provider was down for a while', async () => {
    network.setFault('text', { fault: 'down', milliseconds: 0 });
    const anna = await hall.person();
    await hall.phone(anna, phone);
    const { ref } = await hall.arrive(anna);
    await until('the delay', () => reports.find(({ kind }) => kind === 'message-postponed'));
    assert.equal((await hall.signin.look(ref)).step.kind, 'challenge');
    network.setFault('text', { fault: 'none', milliseconds: 0 });
    hall.clock.advanceSeconds(1);
    await until('the text', () => network.messages({ kind: 'text' })[0]);
    await untilIt(ref, (seen) => seen.attempt.challenge?.delivery === 'sent');
  });

  it('counts once when the network does everything twice', async () => {
    network.setFault('call', { fault: 'duplicate', milliseconds: 0 });
    const ref = await called();
    const { id } = await theCall();
    await network.answer(id);
    await network.keys(id, '1#');
    const { attempt } = await hall.signin.look(ref);
    assert.equal(attempt.challenge?.wrongTries, 1);
    await network.keys(id, '#');
    assert.equal((await hall.signin.look(ref)).step.kind, 'finish');
  });
});
