import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, describe, it } from 'node:test';

import {
  ourNumber,
  ourService,
  ourVoiceNumber,
  startTwilio,
  type TwilioServer,
  type TwilioServerOptions,
} from '../../../../test/support/twilio-server.ts';
import { readTwiml, type Verb } from '../../../../test/support/twiml.ts';
import { settableClock } from '../../../lib/clock.ts';
import type { CallMessage, QueuedMessage, TextMessage } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { refusalOf, type Refusal } from '../../refusal.ts';
import { describeCertificates } from '../certificate.contract.ts';
import { describeProvider, queued } from '../provider.contract.ts';
import { twilioSettings, type TwilioSettings } from './settings.ts';
import { sayThanks, askForKeys } from './twiml.ts';
import { twilioProvider } from './twilio.ts';

const origin = 'https://login.example.org';
const clock = settableClock(new Date('2026-11-02T09:00:00Z'));

const text: TextMessage = {
  kind: 'text',
  to: '+31612345678',
  language: 'nl',
  body: 'Voorbeeld: uw verificatiecode is 123456 & “niet” delen.',
};
const call: CallMessage = {
  kind: 'call',
  to: '+31687654321',
  language: 'en',
  greeting: 'This is Voorbeeld. We are calling about the account of anna.',
  instruction: 'To confirm that it is you, press the hash key.',
  thanks: 'Thank you.',
  refused: 'That was not the hash key.',
};

describeProvider('Twilio', async () => {
  const server = await startTwilio({ origin });
  return {
    provider: twilioProvider({ settings: settingsOf(server), origin, clock }),
    samples: [text, call],
    arrived: async () => [
      ...server.texts().map(({ to, body }) => ({ to, words: body })),
      // What is said in a call is asked for while it lasts.
      ...server.calls().map(({ to }) => ({ to, words: wordsOf(call) })),
    ],
    goDown: server.goDown,
    comeUp: server.comeUp,
    refuse: () => server.fault({ kind: 'error', status: 400, code: 21211 }),
    hang: () => server.fault({ kind: 'hang', isTaken: false }),
    close: async () => {
      assert.deepEqual(server.misunderstood(), []);
      await server.close();
    },
  };
});

const soundAddress = (soundId: string): string => `${origin}/sounds/${soundId}/mark`;

describe('a text or a call by Twilio', () => {
  let server: TwilioServer;
  let provider: Provider;

  beforeEach(async () => {
    server = await startTwilio({ origin, now: () => clock.now() });
    provider = twilioProvider({ settings: settingsOf(server), origin, clock, timeoutMs: 400 });
  });
  afterEach(async () => {
    assert.deepEqual(server.misunderstood(), []);
    await server.close();
  });

  it('is asked for as Twilio describes it, and reports to an address with our own id', async () => {
    const { reference, provider: name } = await send(provider, queued(text, 1));
    const [sent] = server.texts();
    assert.deepEqual([name, reference], ['twilio', sent?.sid]);
    assert.equal(sent?.body, text.body);
    assert.equal(sent?.from, ourNumber);
    assert.equal(sent?.statusCallback, `${origin}/webhooks/twilio/texts/message-0001`);

    await send(provider, queued(call, 2));
    const [rung] = server.calls();
    assert.equal(rung?.from, ourVoiceNumber);
    const { Url, StatusCallback, MachineDetection, SendDigits } = rung?.asked ?? {};
    assert.equal(Url, `${origin}/webhooks/twilio/calls/message-0002`);
    assert.equal(StatusCallback, `${origin}/webhooks/twilio/calls/message-0002/status`);
    assert.deepEqual([MachineDetection, SendDigits], ['Enable', undefined]);
  });

  it('tells nobody anything secret in an address', async () => {
    await send(provider, queued(call, 1));
    await send(provider, queued(text, 2));
    const asked = JSON.stringify(server.calls()[0]?.asked);
    for (const words of ['anna', 'Voorbeeld', 'hash']) assert.ok(!asked.includes(words), words);
    assert.doesNotMatch(server.texts()[0]?.statusCallback ?? '', /123456/);
  });

  it('dials the extension once the exchange has answered, and looks for no machine there', async () => {
    await send(provider, queued({ ...call, extension: '12' }, 1));
    const { SendDigits, MachineDetection } = server.calls()[0]?.asked ?? {};
    assert.deepEqual([SendDigits, MachineDetection], ['wwww12', undefined]);
  });

  it('is worth no more than the message: an old text is dropped, a phone stops ringing', async () => {
    const message = queued(text, 1);
    const deliverBefore = new Date(clock.now().getTime() + 42_500);
    await send(provider, { ...message, deliverBefore });
    assert.equal(server.texts()[0]?.validitySeconds, 42);
    await send(provider, { ...queued(call, 2), deliverBefore });
    assert.equal(server.calls()[0]?.asked['Timeout'], '42');
    await send(provider, queued(call, 3));
    assert.equal(server.calls()[1]?.asked['Timeout'], '60');
  });

  it('is sent by a messaging service or with an API key where the settings say so', async () => {
    const { from: _from, ...rest } = settingsOf(server);
    const { sid: apiKeySid, secret: apiKeySecret } = server.apiKey;
    const settings = { ...rest, messagingServiceSid: ourService, apiKeySid, apiKeySecret };
    const other = twilioProvider({ settings, origin, clock });
    await send(other, queued(text, 1));
    assert.equal(server.texts().length, 1);
    await other.check();
  });

  it('is carried only where it has a sender', () => {
    const { voiceFrom: _voice, ...texts } = settingsOf(server);
    assert.deepEqual(twilioProvider({ settings: texts, origin, clock }).kinds, ['text']);
    const { from: _from, ...calls } = settingsOf(server);
    assert.deepEqual(twilioProvider({ settings: calls, origin, clock }).kinds, ['call']);
  });

  it('is refused for good where its receiver is wrong, and later where we are', async () => {
    const cases = [
      [400, 21211, { retry: false, reason: 'refused' }],
      [400, 21614, { retry: false, reason: 'refused' }],
      [400, 21408, { retry: false, reason: 'refused' }],
      [400, 21610, { retry: false, reason: 'opted-out' }],
      [400, 13224, { retry: false, reason: 'refused' }],
      [401, 20003, { retry: true, reason: 'unreachable' }],
      [403, 20005, { retry: true, reason: 'unreachable' }],
      [400, 21606, { retry: true, reason: 'unreachable' }],
      [400, 21611, { retry: true, reason: 'unreachable' }],
      [404, 20404, { retry: true, reason: 'unreachable' }],
      [503, 20503, { retry: true, reason: 'unreachable' }],
      [500, 20500, { retry: true, reason: 'unreachable', isUnsure: true }],
    ] as const;
    for (const [index, [status, code, expected]] of cases.entries()) {
      server.fault({ kind: 'error', status, code });
      const { fault, ...refusal } = await refused(provider, queued(text, index));
      assert.deepEqual(refusal, expected, `${status} ${code}`);
      assert.match(fault, /^Twilio answered \d{3}(?:, error \d{5})?$/);
    }
  });

  it('waits as long as Twilio asks when there is too much', async () => {
    server.fault({ kind: 'error', status: 429, code: 20429, retryAfter: '7' });
    assert.deepEqual(await refused(provider, queued(text, 1)), {
      retry: true,
      reason: 'unreachable',
      fault: 'Twilio answered 429, error 20429',
      retryAfterSeconds: 7,
    });
  });

  it('gives up on an answer that does not come, and cannot know what became of it', async () => {
    server.fault({ kind: 'hang', isTaken: false });
    const startedAt = performance.now();
    const refusal = await refused(provider, queued(call, 1));
    assert.ok(performance.now() - startedAt < 5_000);
    assert.deepEqual([refusal.retry, refusal.isUnsure], [true, true]);
  });

  it('is one text, however often Twilio fails to say that it has it', async () => {
    for (const isTaken of [true, false]) {
      for (const fault of [
        { kind: 'hang', isTaken },
        { kind: 'half', isTaken },
      ] as const) {
        const body = `code ${fault.kind} ${String(isTaken)}`;
        const message = queued({ ...text, body }, 1);
        const fresh = twilioProvider({
          settings: settingsOf(server),
          origin,
          clock,
          timeoutMs: 200,
        });
        server.fault(fault);
        // Half of the requests are well: this one is not.
        for (let tries = 1; tries < 3; tries += 1) {
          const refusal = await send(fresh, { ...message, tries }).catch(refusalOf);
          if ('reference' in refusal) break;
          assert.equal(refusal.isUnsure, true);
        }
        server.fault(undefined);
        const { reference } = await send(fresh, { ...message, tries: 3 });
        const sent = server.texts().filter((taken) => taken.body === body);
        assert.deepEqual(
          sent.map(({ sid }) => sid),
          [reference],
        );
      }
    }
  });

  it('may have been taken when the answer is no answer of Twilio’s', async () => {
    for (const body of ['', '<html>', '[]', '{"sid":"someone’s"}', '{"sid":42}']) {
      server.fault({ kind: 'garbage', body });
      const refusal = await refused(provider, queued(text, 1));
      assert.deepEqual([refusal.retry, refusal.isUnsure], [true, true], body);
    }
    // Nor is the answer to what Twilio may have.
    const refusal = await refused(provider, { ...queued(text, 1), tries: 2 });
    assert.deepEqual([refusal.retry, refusal.isUnsure], [true, true]);
    assert.deepEqual(server.texts(), []);
  });

  it('stays unsure while Twilio cannot be asked whether it has the text', async () => {
    await server.goDown();
    const first = await refused(provider, queued(text, 1));
    assert.equal(first.isUnsure, undefined);
    const second = await refused(provider, { ...queued(text, 1), tries: 2 });
    assert.equal(second.isUnsure, true);
    await server.comeUp();
  });

  it('keeps what was sent, to whom and by which token out of every fault', async () => {
    for (const fault of [
      { kind: 'error', status: 400, code: 21211 },
      { kind: 'garbage', body: text.body },
      { kind: 'hang', isTaken: false },
    ] as const) {
      server.fault(fault);
      const error: unknown = await send(provider, queued(text, 1)).catch(
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof Error && 'details' in error);
      const told = `${error.message} ${JSON.stringify(error.details)}`;
      for (const secret of [text.body, text.to, server.authToken, '123456']) {
        assert.ok(!told.includes(secret), told);
      }
    }
  });

  it('is neither a mail nor a push', async () => {
    const mail = {
      kind: 'mail',
      to: 'a@b.example',
      language: 'en',
      subject: '',
      text: '',
      html: '',
    } as const;
    const refusal = await refused(provider, queued(mail, 1));
    assert.deepEqual([refusal.retry, refusal.reason], [false, 'refused']);
  });
});

describeCertificates('Twilio', async (certificate) => {
  const server = await startTwilio({ origin, certificate });
  return {
    port: Number(new URL(server.address).port),
    providerAt: (port) => {
      const address = `https://localhost:${port}`;
      return twilioProvider({ settings: { ...settingsOf(server), address }, origin, clock });
    },
    samples: [text, call],
    arrived: () => server.texts().length + server.calls().length,
    close: server.close,
  };
});

describe('checking Twilio', () => {
  const closing: TwilioServer[] = [];
  after(async () => {
    await Promise.all(closing.map((server) => server.close()));
  });
  async function faultOf(
    change: (settings: TwilioSettings, server: TwilioServer) => TwilioSettings,
    options: Partial<TwilioServerOptions> = {},
  ): Promise<string | undefined> {
    const server = await startTwilio({ origin, ...options });
    closing.push(server);
    const settings = change(settingsOf(server), server);
    const fault = await twilioProvider({ settings, origin, clock })
      .check()
      .then(
        () => undefined,
        (error: unknown) => refusalOf(error).fault,
      );
    assert.deepEqual([server.texts().length, server.calls().length], [0, 0]);
    assert.deepEqual(server.misunderstood(), []);
    return fault;
  }

  it('finds nothing wrong where the credentials are taken and the numbers are ours', async () => {
    assert.equal(await faultOf((settings) => settings), undefined);
    assert.equal(
      await faultOf(({ from: _from, ...rest }) => ({ ...rest, messagingServiceSid: ourService })),
      undefined,
    );
  });

  it('tells wrong credentials, without repeating them', async () => {
    const authToken = 'f'.repeat(32);
    const fault = await faultOf((settings) => ({ ...settings, authToken }));
    assert.match(fault ?? '', /^Twilio does not take these credentials/);
    assert.ok(fault?.includes(authToken) === false);
    const { voiceFrom: _voice, ...named } = settingsOf({ ...nowhere, authToken });
    assert.match(
      (await faultOf(({ address, accountSid }) => ({
        ...named,
        accountSid,
        address,
        from: 'Voorbeeld',
      }))) ?? '',
      /^Twilio does not take these credentials/,
    );
  });

  it('tells a sender that is not ours, or cannot do what it is for', async () => {
    assert.match(
      (await faultOf((settings) => ({ ...settings, from: '+31612340000' }))) ?? '',
      /^\+31612340000 is no number of account AC/,
    );
    const numbers = {
      [ourNumber]: { sms: true, voice: true },
      [ourVoiceNumber]: { sms: true, voice: false },
    };
    assert.equal(
      await faultOf((settings) => settings, { numbers }),
      `${ourVoiceNumber} has no voice.`,
    );
    assert.match(
      (await faultOf((settings) => ({
        ...settings,
        messagingServiceSid: `MG${'0'.repeat(32)}`,
      }))) ?? '',
      /404.*asked for \/v1\/Services/,
    );
  });
});

describe('the settings of Twilio', () => {
  const least = { accountSid: `AC${'1'.repeat(32)}`, authToken: '2'.repeat(32) };
  const faultsOf = (settings: Record<string, unknown>): readonly string[] => {
    const parsed = twilioSettings.safeParse({ ...least, ...settings });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
  };

  it('need an account, its token and a sender', () => {
    assert.deepEqual(faultsOf({ from: '+3197010240000' }), []);
    assert.deepEqual(faultsOf({ from: 'Voorbeeld' }), []);
    assert.deepEqual(faultsOf({ voiceFrom: '+3197010240000' }), []);
    assert.deepEqual(faultsOf({}), ['from']);
    assert.deepEqual(faultsOf({ from: '06 12345678' }), ['from']);
    assert.deepEqual(faultsOf({ from: '+3197010240000', accountSid: 'AC1' }), ['accountSid']);
  });

  it('take an API key whole, and go nowhere in the clear', () => {
    const from = '+3197010240000';
    assert.deepEqual(faultsOf({ from, apiKeySid: `SK${'1'.repeat(32)}` }), ['apiKeySecret']);
    assert.deepEqual(faultsOf({ from, address: 'http://api.twilio.com' }), ['address']);
    assert.deepEqual(faultsOf({ from, address: 'https://api.dublin.ie1.twilio.com' }), []);
  });
});

describe('what a call is told to say', () => {
  const frame = {
    messageId: 'message-1',
    script: call,
    origin,
    voices: { en: 'Polly.Amy', nl: 'Polly.Lotte' },
    soundAddress,
  };

  it('plays a sound of the organisation where there is one, and hears keys as it does while it speaks', () => {
    const script = { ...call, sounds: { greeting: 'sound-1', thanks: 'sound-2' } };
    const verbs = readTwiml(
      askForKeys({ ...frame, script }, { turn: 1, silences: 0, from: 'greeting' }),
    );
    assert.deepEqual(outline(verbs), ['Gather(Play)', 'Say', 'Gather()']);
    assert.equal(verbs[0]?.verbs[0]?.text, soundAddress('sound-1'));
    assert.deepEqual(outline(readTwiml(sayThanks({ ...frame, script }))), ['Play', 'Hangup']);
  });

  it('hears early keys while it greets, none while it instructs, and then the entry', () => {
    const verbs = readTwiml(askForKeys(frame, { turn: 1, silences: 0, from: 'greeting' }));
    assert.deepEqual(outline(verbs), ['Gather(Say)', 'Say', 'Gather()']);
    const [greeting, instruction, entry] = verbs;
    assert.equal(greeting?.verbs[0]?.text, call.greeting);
    assert.equal(instruction?.text, call.instruction);
    // An empty finishOnKey: # is a key like any other. One key is the whole entry.
    assert.deepEqual([entry?.attributes['finishOnKey'], entry?.attributes['numDigits']], ['', '1']);
  });

  it('waits for three keys where two digits go before the #', () => {
    const script = { ...call, keysBeforeHash: 2 };
    const verbs = readTwiml(
      askForKeys({ ...frame, script }, { turn: 1, silences: 0, from: 'instruction' }),
    );
    assert.equal(verbs.at(-1)?.attributes['numDigits'], '3');
  });

  it('speaks the language of the person, whatever stands in their name', () => {
    const script = { ...call, language: 'nl' as const, greeting: 'R&D <b>"Zoë"</b> \u0007' };
    const [greeting] = readTwiml(
      askForKeys({ ...frame, script }, { turn: 1, silences: 0, from: 'greeting' }),
    );
    const [said] = greeting?.verbs ?? [];
    assert.equal(said?.text, 'R&D <b>"Zoë"</b>  ');
    assert.deepEqual(said?.attributes, { language: 'nl-NL', voice: 'Polly.Lotte' });
  });
});

function outline(verbs: readonly Verb[]): readonly string[] {
  return verbs.map(({ name, verbs: inside }) =>
    name === 'Gather' ? `Gather(${inside.map((verb) => verb.name).join()})` : name,
  );
}

function wordsOf(script: CallMessage): string {
  const voices = { en: '', nl: '' };
  const frame = { messageId: 'message-1', script, origin, voices, soundAddress };
  return askForKeys(frame, { turn: 1, silences: 0, from: 'greeting' });
}

const nowhere = { accountSid: `AC${'1'.repeat(32)}`, authToken: '', address: 'http://localhost' };

function settingsOf({
  accountSid,
  authToken,
  address,
}: Pick<TwilioServer, 'accountSid' | 'authToken' | 'address'>): TwilioSettings {
  return twilioSettings.parse({
    accountSid,
    authToken,
    from: ourNumber,
    voiceFrom: ourVoiceNumber,
    address,
  });
}

function send(provider: Provider, message: QueuedMessage): ReturnType<Provider['send']> {
  return provider.send(message, new AbortController().signal);
}

async function refused(provider: Provider, message: QueuedMessage): Promise<Refusal> {
  return send(provider, message).then(() => assert.fail('it was sent'), refusalOf);
}
