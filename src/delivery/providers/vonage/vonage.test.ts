import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, it } from 'node:test';

import {
  startVonage,
  vonageNumber,
  vonageVoiceNumber,
  type VonageServer,
} from '../../../../test/support/vonage-server.ts';
import { settableClock } from '../../../lib/clock.ts';
import { systemRandom } from '../../../lib/random.ts';
import type { CallMessage, QueuedMessage, TextMessage } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { refusalOf, type Refusal } from '../../refusal.ts';
import { describeCertificates } from '../certificate.contract.ts';
import { describeProvider, queued } from '../provider.contract.ts';
import { greet, instruct, sayThanks } from './ncco.ts';
import { vonageSettings, type VonageSettings } from './settings.ts';
import { vonageProvider } from './vonage.ts';

const origin = 'https://login.voorbeeld.example';
const now = new Date('2026-11-02T09:00:00Z');
const clock = settableClock(now);

const text: TextMessage = {
  kind: 'text',
  to: '+31612345612',
  language: 'nl',
  body: 'Uw code is 123456 & “meer”',
};
const call: CallMessage = {
  kind: 'call',
  to: '+31612345612',
  language: 'en',
  greeting: 'This is Tweestap, about the account of anna.',
  instruction: 'Press the hash key.',
  thanks: 'Thank you.',
  refused: 'No.',
};

function settingsOf(server: VonageServer): VonageSettings {
  const { apiKey, signatureSecret, applicationId, privateKey, address } = server;
  return vonageSettings.parse({
    apiKey,
    signatureSecret,
    applicationId,
    privateKey,
    from: vonageNumber,
    voiceFrom: vonageVoiceNumber,
    address,
    voiceAddress: address,
  });
}

function providerOf(server: VonageServer, change: Partial<VonageSettings> = {}): Provider {
  const settings = { ...settingsOf(server), ...change };
  return vonageProvider({ settings, origin, clock, random: systemRandom, timeoutMs: 300 });
}

const soundAddress = (soundId: string): string => `${origin}/sounds/${soundId}/mark`;

function wordsOf(id: string): string {
  const voices = { en: 0, nl: 0 };
  const frame = { messageId: id, script: call, origin, voices, soundAddress };
  const place = { turn: 1, silences: 0 };
  return JSON.stringify([greet(frame, place), instruct(frame, place)]);
}

describeProvider('Vonage', async () => {
  const server = await startVonage({
    origin,
    now: () => now,
    deliver: async () => ({ status: 200, body: '' }),
  });
  return {
    provider: providerOf(server),
    samples: [text, call],
    arrived: async () => [
      ...server.texts().map(({ to, body }) => ({ to: `+${to}`, words: body })),
      // What is spoken is asked for in the call.
      ...server.calls().map(({ to, uuid }) => ({ to: `+${to}`, words: wordsOf(uuid) })),
    ],
    goDown: server.goDown,
    comeUp: server.comeUp,
    refuse: () => server.fault({ kind: 'error', status: 422 }),
    hang: () => server.fault({ kind: 'hang', isTaken: false }),
    close: server.close,
  };
});

describe('a message by Vonage', () => {
  let server: VonageServer;
  let provider: Provider;
  beforeEach(async () => {
    server = await startVonage({
      origin,
      now: () => now,
      deliver: async () => ({ status: 200, body: '' }),
    });
    provider = providerOf(server);
  });
  afterEach(async () => {
    assert.deepEqual(server.misunderstood(), []);
    await server.close();
  });

  const send = (message: QueuedMessage, by = provider): ReturnType<Provider['send']> =>
    by.send(message, new AbortController().signal);
  const refused = (message: QueuedMessage, by = provider): Promise<Refusal> =>
    send(message, by).then(() => assert.fail('it was sent'), refusalOf);

  it('says who it is from, where reports go and whose message it is', async () => {
    await send(queued(text, 1));
    const [sent] = server.texts();
    assert.deepEqual(sent?.asked, {
      message_type: 'text',
      channel: 'sms',
      to: '31612345612',
      from: '3197010250000',
      text: text.body,
      client_ref: 'message-0001',
      webhook_url: `${origin}/webhooks/vonage/texts/message-0001`,
      webhook_version: 'v1',
    });
    await send({ ...queued(call, 2), deliverBefore: new Date(now.getTime() + 42_500) });
    assert.deepEqual(server.calls()[0]?.asked, {
      to: [{ type: 'phone', number: '31612345612' }],
      from: { type: 'phone', number: '3197010250001' },
      answer_url: [`${origin}/webhooks/vonage/calls/message-0002`],
      answer_method: 'POST',
      event_url: [`${origin}/webhooks/vonage/calls/message-0002/status`],
      event_method: 'POST',
      ringing_timer: 42,
      length_timer: 120,
      machine_detection: 'hangup',
    });
  });

  it('dials the extension once the exchange has answered, and looks for no machine there', async () => {
    await send(queued({ ...call, extension: '12' }, 1));
    const asked = server.calls()[0]?.asked;
    assert.deepEqual(asked?.['to'], [
      { type: 'phone', number: '31612345612', dtmfAnswer: 'pppp12' },
    ]);
    assert.equal(asked['machine_detection'], undefined);
  });

  it('is refused for good where its receiver is wrong, and later where we are', async () => {
    const cases = [
      [400, { retry: false, reason: 'refused' }],
      [422, { retry: false, reason: 'refused' }],
      [401, { retry: true, reason: 'unreachable' }],
      [402, { retry: true, reason: 'unreachable' }],
      [403, { retry: true, reason: 'unreachable' }],
      [503, { retry: true, reason: 'unreachable' }],
      [500, { retry: true, reason: 'unreachable', isUnsure: true }],
    ] as const;
    for (const [index, [status, expected]] of cases.entries()) {
      server.fault({ kind: 'error', status });
      const { fault, ...refusal } = await refused(queued(text, index));
      assert.deepEqual(refusal, expected, String(status));
      assert.equal(fault, `Vonage answered ${status}`);
    }
    server.fault({ kind: 'error', status: 429, retryAfter: '7' });
    assert.equal((await refused(queued(text, 99))).retryAfterSeconds, 7);
  });

  it('is one message, however often Vonage fails to say that it has it', async () => {
    for (const message of [text, call]) {
      for (const fault of [
        { kind: 'hang', isTaken: true },
        { kind: 'half', isTaken: true },
        { kind: 'garbage', body: '<html>' },
      ] as const) {
        const fresh = providerOf(server);
        const before = server.texts().length + server.calls().length;
        server.fault(fault);
        const first = await send(queued(message, 1), fresh).catch(refusalOf);
        server.fault(undefined);
        if ('reference' in first) continue;
        assert.deepEqual([first.retry, first.isUnsure], [true, true]);
        const again = { ...queued(message, 1), tries: 2, entrustedTo: 'vonage' };
        assert.equal((await refused(again, fresh)).isUnsure, true);
        assert.ok(server.texts().length + server.calls().length <= before + 1);
      }
    }
  });

  it('keeps what was sent, to whom and by which key out of every fault', async () => {
    for (const fault of [
      { kind: 'error', status: 422 },
      { kind: 'garbage', body: text.body },
      { kind: 'hang', isTaken: false },
    ] as const) {
      server.fault(fault);
      const error: unknown = await send(queued(text, 1)).catch((reason: unknown) => reason);
      assert.ok(error instanceof Error && 'details' in error);
      const told = `${error.message} ${JSON.stringify(error.details)}`;
      for (const secret of [text.body, '31612345612', server.signatureSecret, 'PRIVATE KEY']) {
        assert.ok(!told.includes(secret), told);
      }
    }
  });

  it('is carried only where it has a sender', () => {
    const { from: _from, ...calls } = settingsOf(server);
    const { voiceFrom: _voice, ...texts } = settingsOf(server);
    const kindsOf = (settings: VonageSettings): readonly string[] =>
      vonageProvider({ settings, origin, clock, random: systemRandom }).kinds;
    assert.deepEqual([kindsOf(texts), kindsOf(calls)], [['text'], ['call']]);
  });
});

describeCertificates('Vonage', async (certificate) => {
  const server = await startVonage({
    origin,
    certificate,
    now: () => now,
    deliver: async () => ({ status: 200, body: '' }),
  });
  return {
    port: Number(new URL(server.address).port),
    providerAt: (port) => {
      const address = `https://localhost:${port}`;
      return providerOf(server, { address, voiceAddress: address });
    },
    samples: [text, call],
    arrived: () => server.texts().length + server.calls().length,
    close: server.close,
  };
});

describe('what a call by Vonage is told to say', () => {
  it('is a sound of the organisation where there is one, and keys are heard as they are of words', () => {
    const script = { ...call, sounds: { greeting: 'sound-1', instruction: 'sound-2' } };
    const frame = { messageId: 'm-1', script, origin, voices: { en: 0, nl: 0 }, soundAddress };
    const place = { turn: 1, silences: 0 };
    const [greeting, early] = greet(frame, place);
    assert.deepEqual(greeting, {
      action: 'stream',
      streamUrl: [soundAddress('sound-1')],
      bargeIn: true,
    });
    assert.equal(early?.['action'], 'input');
    const [refused, instruction, entry] = instruct(frame, place, true);
    assert.deepEqual([refused?.['action'], refused?.['text']], ['talk', call.refused]);
    assert.deepEqual(instruction, { action: 'stream', streamUrl: [soundAddress('sound-2')] });
    assert.equal(entry?.['action'], 'input');
    assert.deepEqual(
      sayThanks(frame).map(({ text: words }) => words),
      [call.thanks],
    );
  });
});

describe('checking Vonage', () => {
  let server: VonageServer;
  after(() => server.close());

  it('tells whether the application and its key are taken, and sends nothing', async () => {
    server = await startVonage({ origin, now: () => now });
    await providerOf(server).check();
    const other = providerOf(server, { applicationId: '00000000-0000-4000-8000-000000000000' });
    const fault = await other.check().then(
      () => '',
      (error: unknown) => refusalOf(error).fault,
    );
    assert.match(fault, /^Vonage does not take this application and its key/);
    assert.deepEqual([server.texts(), server.calls()], [[], []]);
  });

  it('takes settings that are whole, and goes nowhere in the clear', () => {
    const good = settingsOf(server);
    const faultsOf = (settings: Record<string, unknown>): readonly string[] => {
      const parsed = vonageSettings.safeParse({ ...good, ...settings });
      return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
    };
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({ from: undefined, voiceFrom: undefined }).length > 0, true);
    assert.deepEqual(faultsOf({ privateKey: 'none' }), ['privateKey']);
    assert.deepEqual(faultsOf({ signatureSecret: 'short' }), ['signatureSecret']);
    assert.deepEqual(faultsOf({ address: 'http://api.nexmo.com' }), ['address']);
  });
});
