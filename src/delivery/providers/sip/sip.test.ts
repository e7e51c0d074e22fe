import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';

import { until } from '../../../../test/support/poll.ts';
import {
  startExchange,
  type Exchange,
  type ExchangeCall,
  type ExchangeOptions,
} from '../../../../test/support/sip-exchange.ts';
import { mp3 } from '../../../../test/support/sounds.ts';
import {
  letterSpeaker,
  lettersAsWav,
  type LetterSpeaker,
} from '../../../../test/support/spoken-letters.ts';
import { settableClock } from '../../../lib/clock.ts';
import { makeCertificate, type Certificate } from '../../../lib/self-signed-certificate.ts';
import type { CallTurn } from '../../call-script.ts';
import type { CallMessage, DeliveryEvent } from '../../message.ts';
import type { Provider, ProviderEar } from '../../provider.ts';
import { refusalOf, type Refusal } from '../../refusal.ts';
import { describeProvider, queued } from '../provider.contract.ts';
import { sipSettings, type SipSettings } from './settings.ts';
import { sipProvider, type SipParts } from './sip.ts';
import { lackOf } from './voice.ts';

const clock = settableClock(new Date('2026-11-02T09:00:00Z'));
const call: CallMessage = {
  kind: 'call',
  to: '+31612345612',
  language: 'nl',
  greeting: 'Dit is Voorbeeld.',
  instruction: 'Druk op hekje.',
  thanks: 'Bedankt.',
  refused: 'Dat was niet goed.',
};

let speaker: LetterSpeaker;
before(() => {
  speaker = letterSpeaker();
});
after(() => speaker.remove());

function settingsOf(
  exchange: Pick<Exchange, 'port'>,
  change: Partial<SipSettings> = {},
): SipSettings {
  return sipSettings.parse({
    host: '127.0.0.1',
    port: exchange.port,
    transport: 'udp',
    user: 'tweestap',
    password: 'geheim',
    from: '+31201234567',
    machineDetection: false,
    speech: { command: speaker.command },
    ...change,
  });
}

/** A second of such a call is 40 ms. */
const second = 40;

function providerOf(
  exchange: Pick<Exchange, 'port'>,
  change: Partial<SipSettings> = {},
  parts: Partial<SipParts> = {},
): Provider {
  return sipProvider({ settings: settingsOf(exchange, change), clock, second, ...parts });
}

describeProvider('SIP', async () => {
  const exchange = await startExchange({ transport: 'tcp' });
  const provider = providerOf(exchange, { transport: 'tcp' });
  const stop = provider.listen?.({ about: async () => ({}), reply: async () => undefined });
  return {
    provider,
    samples: [call],
    arrived: async () => {
      for (const each of exchange.calls()) {
        await until('the instruction', () => each.words().includes(call.instruction));
      }
      return exchange.calls().map((each) => ({ to: each.to, words: each.words() }));
    },
    goDown: exchange.goDown,
    comeUp: exchange.comeUp,
    refuse: () => exchange.meets({ kind: 'refuse', status: 404, after: 'trying' }),
    hang: () => exchange.meets({ kind: 'hang' }),
    close: async () => {
      await stop?.();
      await exchange.goDown();
    },
  };
});

/** Somebody at the other end of the provider, who judges as the test says. */
function listener(): {
  readonly events: { readonly id: string; readonly event: DeliveryEvent }[];
  readonly told: () => readonly DeliveryEvent[];
  readonly keys: () => readonly string[];
  judge: (event: DeliveryEvent) => CallTurn;
  readonly about: ProviderEar['about'];
} {
  const events: { readonly id: string; readonly event: DeliveryEvent }[] = [];
  const ear = {
    events,
    told: () => events.map(({ event }) => event),
    keys: () =>
      events.flatMap(({ event }) =>
        event.kind === 'keys' ? [`${event.keys} ${event.promptSpoken ? 'after' : 'before'}`] : [],
      ),
    judge: (event: DeliveryEvent): CallTurn =>
      event.kind !== 'keys' || !event.promptSpoken
        ? {}
        : event.keys === '#'
          ? { say: 'thanks', hangUp: true }
          : { say: 'refused' },
    about: async ({ eventId, event }: Parameters<ProviderEar['about']>[0]) => {
      events.push({ id: eventId, event });
      return ear.judge(event);
    },
  };
  return ear;
}

/** The port at which this server listens for as long as the tests run. */
async function portOf(server: Server): Promise<number> {
  after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

const ended = (reason: string) => (event: DeliveryEvent) =>
  event.kind === 'ended' && event.reason === reason;

describe('a call by SIP', () => {
  let exchange: Exchange;
  let provider: Provider;
  let ear: ReturnType<typeof listener>;
  let stop: (() => Promise<void>) | undefined;

  const start = async (
    change: Partial<SipSettings> = {},
    parts: Partial<SipParts> = {},
    options: ExchangeOptions = {},
  ): Promise<void> => {
    await stop?.();
    await exchange.goDown();
    exchange = await startExchange(options);
    listen(change, parts);
  };
  const listen = (change: Partial<SipSettings> = {}, parts: Partial<SipParts> = {}): void => {
    provider = providerOf(exchange, change, parts);
    ear = listener();
    stop = provider.listen?.({ about: ear.about, reply: async () => undefined });
  };
  beforeEach(async () => {
    exchange = await startExchange();
    listen();
  });
  afterEach(async () => {
    await stop?.();
    await exchange.goDown();
  });

  const send = (message = call, more = {}, count = 1): ReturnType<Provider['send']> =>
    provider.send({ ...queued(message, count), ...more }, new AbortController().signal);
  const refused = (message = call, more = {}, count = 1): Promise<Refusal> =>
    send(message, more, count).then(() => assert.fail('it was taken'), refusalOf);
  const spoken = (phone: ExchangeCall, words: string): Promise<unknown> =>
    until(`"${words}"`, () => phone.words().includes(words));
  const toldOf = (is: (event: DeliveryEvent) => boolean): Promise<unknown> =>
    until('the report', () => ear.told().some(is), 10_000);
  const over = (phone: ExchangeCall): Promise<unknown> =>
    until('the end', () => phone.end(), 10_000);

  /** A call that was answered, and whose instruction was spoken to its end. */
  const asked = async (message = call): Promise<ExchangeCall> => {
    await send(message);
    const phone = await exchange.call();
    await spoken(phone, message.instruction);
    await until('silence', () => phone.silence() > 2);
    return phone;
  };

  it('says who asks and what to press, hears #, says thank you, and hangs up', async () => {
    const phone = await asked();
    phone.press('#');
    await over(phone);
    assert.equal(phone.words(), 'Dit is Voorbeeld.\nDruk op hekje.\nBedankt.\n');
    assert.equal(phone.end(), 'caller');
    await toldOf(ended('hung-up'));
    assert.deepEqual(ear.keys(), ['# after']);
    assert.deepEqual(new Set(ear.events.map(({ id }) => id)).size, ear.events.length);
  });

  it('calls a number as the exchange wants it, from ours, under an id made of the message’s', async () => {
    const { reference } = await send();
    const phone = await exchange.call();
    assert.deepEqual([phone.to, phone.from], ['+31612345612', '+31201234567']);
    assert.equal(phone.callId, reference);
    assert.ok(!reference.includes('message-0001'));
    await start({ numbers: { international: '000', country: '31', national: '00' } });
    await send();
    assert.equal((await exchange.call()).to, '00612345612');
    await send({ ...call, to: '+4915112345678' }, {}, 2);
    assert.equal((await exchange.call(1)).to, '0004915112345678');
  });

  it('proves who we are where the exchange asks, and is refused where the password is wrong', async () => {
    const account = { user: 'tweestap', password: 'geheim' };
    await start({}, {}, { account });
    await send();
    await spoken(await exchange.call(), call.greeting);
    await provider.check();
    await start({ password: 'verkeerd' }, {}, { account });
    const refusal = await refused();
    assert.deepEqual([refusal.retry, refusal.isUnsure], [true, undefined]);
    assert.match(refusal.fault, /does not take our calls/);
    assert.ok(!refusal.fault.includes('verkeerd'));
    await assert.rejects(provider.check());
  });

  it('counts # at once, before anybody has spoken, as early, and goes on', async () => {
    ear.judge = () => ({});
    const long = { ...call, greeting: 'Dit is Voorbeeld. '.repeat(200) };
    await send(long);
    const phone = await exchange.call();
    await spoken(phone, 'Voorbeeld');
    phone.press('#');
    await toldOf(({ kind }) => kind === 'keys');
    assert.deepEqual(ear.keys(), ['# before']);
    await spoken(phone, call.instruction);
    assert.equal(phone.end(), undefined);
  });

  it('does not count the right digits before the instruction has ended', async () => {
    const long = { ...call, keysBeforeHash: 2, instruction: 'Druk twee cijfers. '.repeat(200) };
    ear.judge = (event) =>
      event.kind === 'keys' && event.promptSpoken && event.keys === '42#'
        ? { say: 'thanks', hangUp: true }
        : {};
    await send(long);
    const phone = await exchange.call();
    await spoken(phone, 'twee cijfers');
    phone.press('42#');
    await until('three keys', () => ear.keys().length === 3);
    assert.deepEqual(ear.keys(), ['4 before', '2 before', '# before']);
    assert.ok(!phone.words().includes(call.thanks));
  });

  it('ends where a machine presses # all the time', async () => {
    let early = 0;
    ear.judge = (event) => {
      if (event.kind === 'keys' && !event.promptSpoken) early += 1;
      // As the sign-in judges it.
      return early > 8 ? { hangUp: true } : {};
    };
    await send({ ...call, greeting: 'Dit is Voorbeeld. '.repeat(400) });
    const phone = await exchange.call();
    await spoken(phone, 'Voorbeeld');
    phone.press('#'.repeat(30));
    await over(phone);
    assert.equal(phone.end(), 'caller');
    assert.ok(!phone.words().includes(call.instruction));
    assert.ok(ear.keys().every((key) => key === '# before'));
  });

  it('takes digits and then # as one entry, says what was wrong, and lets one try again', async () => {
    ear.judge = (event) =>
      event.kind !== 'keys'
        ? {}
        : event.keys === '42#'
          ? { say: 'thanks', hangUp: true }
          : { say: 'refused' };
    const phone = await asked({ ...call, keysBeforeHash: 2 });
    phone.press('41#');
    await spoken(phone, call.refused);
    phone.press('42#');
    await over(phone);
    assert.deepEqual(ear.keys(), ['41# after', '42# after']);
    assert.match(phone.words(), /Dat was niet goed\.\n[^]*Bedankt\.\n$/);
  });

  it('tells 0#, and ends at once where the sign-in says so', async () => {
    ear.judge = (event) => (event.kind === 'keys' ? { hangUp: true } : {});
    const phone = await asked();
    phone.press('0#');
    await over(phone);
    assert.deepEqual(ear.keys(), ['0# after']);
    assert.equal(phone.words(), 'Dit is Voorbeeld.\nDruk op hekje.\n');
  });

  it('takes a pause for the end of an entry', async () => {
    const phone = await asked();
    phone.press('7');
    await spoken(phone, call.refused);
    assert.deepEqual(ear.keys(), ['7 after']);
  });

  it('repeats the instruction twice on silence, and then hangs up', async () => {
    const phone = await asked();
    await over(phone);
    assert.equal(phone.words().split(call.instruction).length, 4);
    await toldOf(ended('no-key'));
    assert.equal(phone.end(), 'caller');
  });

  it('ends in the middle of silence where nobody waits for it any more', async () => {
    const phone = await asked();
    ear.judge = (event) => (event.kind === 'answered' ? { hangUp: true } : {});
    await over(phone);
    assert.ok(!ear.told().some(ended('no-key')));
  });

  it('says nothing to whoever picks up where nobody waits for it any more', async () => {
    ear.judge = () => ({ hangUp: true });
    await send();
    const phone = await exchange.call();
    await over(phone);
    assert.equal(phone.words(), '');
  });

  it('is hung up half-way', async () => {
    await send({ ...call, greeting: 'Dit is Voorbeeld. '.repeat(400) });
    const phone = await exchange.call();
    await spoken(phone, 'Voorbeeld');
    phone.hangUp();
    await toldOf(ended('hung-up'));
  });

  it('hears # of whoever hangs up at once', async () => {
    const phone = await asked();
    phone.press('#');
    await toldOf(({ kind }) => kind === 'keys');
    phone.hangUp();
    assert.deepEqual(ear.keys(), ['# after']);
  });

  it('tells busy, declined and not there from one another', async () => {
    const cases = [
      [486, 'busy'],
      [600, 'busy'],
      [603, 'busy'],
      [480, 'no-answer'],
      [408, 'no-answer'],
    ] as const;
    for (const [index, [status, reason]] of cases.entries()) {
      ear.events.splice(0);
      exchange.meets({ kind: 'refuse', status, after: 'ringing' });
      await send(call, {}, index);
      await toldOf(ended(reason));
    }
  });

  it('rings for a minute, and is then taken back', async () => {
    exchange.meets({ kind: 'ring' });
    await send();
    const phone = await exchange.call();
    await over(phone);
    assert.equal(phone.end(), 'cancelled');
    await toldOf(ended('no-answer'));
  });

  it('dials the extension after the answer and a pause, then speaks', async () => {
    const phone = await asked({ ...call, extension: '12' });
    assert.equal(phone.dialled(), '12');
    await until('the second greeting', () => phone.words().split(call.greeting).length > 2, 10_000);
  });

  it('says nothing to a machine that greets at length, or beeps', async () => {
    await start({ machineDetection: true, machineSpeechSeconds: 1 }, { second: 1_000 });
    await send();
    const phone = await exchange.call();
    await phone.speak(speech(60));
    await over(phone);
    await toldOf(ended('voicemail'));
    assert.equal(phone.words(), '');
    ear.events.splice(0);
    await send(call, {}, 2);
    const beeping = await exchange.call(1);
    await beeping.speak(tone(1_000, 20));
    await toldOf(ended('voicemail'));
  });

  it('lets a person say their name, and speaks then', async () => {
    await start({ machineDetection: true, machineSpeechSeconds: 2 }, { second: 1_000 });
    await send();
    const phone = await exchange.call();
    await phone.speak([...speech(30), ...quiet(10)]);
    assert.equal(phone.words(), '', 'we interrupt');
    void phone.speak(quiet(200));
    await spoken(phone, call.instruction);
    assert.equal(phone.end(), undefined);
  });

  it('speaks to whoever says nothing at all', async () => {
    await start({ machineDetection: true });
    await asked();
  });

  it('is refused for good where there is no such number, and later where the exchange cannot', async () => {
    const cases = [
      [404, undefined, { retry: false, reason: 'refused' }],
      [484, undefined, { retry: false, reason: 'refused' }],
      [403, undefined, { retry: true, reason: 'unreachable' }],
      [500, undefined, { retry: true, reason: 'unreachable' }],
      [488, undefined, { retry: true, reason: 'unreachable' }],
      [503, 7, { retry: true, reason: 'unreachable', retryAfterSeconds: 7 }],
    ] as const;
    for (const [index, [status, retryAfter, expected]] of cases.entries()) {
      exchange.meets({
        kind: 'refuse',
        status,
        ...(retryAfter === undefined ? {} : { retryAfter }),
      });
      const { fault, isAboutMessage: _, ...refusal } = await refused(call, {}, index);
      assert.deepEqual(refusal, expected, String(status));
      assert.match(fault, new RegExp(String(status)));
      assert.ok(!fault.includes('612345612'));
    }
    assert.deepEqual(ear.told(), []);
  });

  it('tells that it could not be made, where the exchange says so late', async () => {
    exchange.meets({ kind: 'refuse', status: 503, after: 'ringing' });
    await send();
    await toldOf(({ kind }) => kind === 'failed');
  });

  it('goes out in the end where the exchange refuses every other', async () => {
    exchange.meetsInTurn([
      { kind: 'refuse', status: 503 },
      { kind: 'answer' },
      { kind: 'refuse', status: 503 },
      { kind: 'answer' },
    ]);
    for (const count of [1, 2]) {
      assert.equal((await refused(call, {}, count)).retry, true);
      await send(call, { tries: 2 }, count);
    }
    assert.equal(exchange.calls().length, 2);
  });

  it('is not made twice where the exchange may have it', async () => {
    exchange.meets({ kind: 'garbage' });
    const controller = new AbortController();
    const sending = provider.send(queued(call, 1), controller.signal);
    const refusing = sending.then(() => assert.fail('it was taken'), refusalOf);
    await until('the request', () => exchange.invites() === 1);
    controller.abort();
    const refusal = await refusing;
    assert.deepEqual([refusal.retry, refusal.isUnsure], [true, true]);
    exchange.meets({ kind: 'answer' });
    const again = await refused(call, { tries: 2, entrustedTo: 'sip' });
    assert.deepEqual([again.retry, again.isUnsure], [true, true]);
    assert.deepEqual(exchange.calls(), []);
  });

  it('is not waited for where the exchange says nothing at all', async () => {
    await start({}, { second: 200 });
    exchange.meets({ kind: 'hang' });
    const startedAt = performance.now();
    const refusal = await refused();
    assert.deepEqual([refusal.retry, refusal.isUnsure], [true, true]);
    assert.ok(performance.now() - startedAt < 8_000);
  });

  it('is given up where the telephone has no sound that we have', async () => {
    exchange.meets({ kind: 'no-sound' });
    await send();
    await over(await exchange.call());
    await toldOf(({ kind }) => kind === 'failed');
  });

  it('waits, or goes by another provider, where as many are under way as may be', async () => {
    await start({ mostCalls: 2 });
    exchange.meets({ kind: 'ring' });
    await send(call, {}, 1);
    await send(call, {}, 2);
    const refusal = await refused(call, {}, 3);
    assert.deepEqual(
      [refusal.retry, refusal.isUnsure, refusal.isAboutMessage],
      [true, undefined, true],
    );
    for (const phone of exchange.calls()) phone.decline(486);
    await until('room', () => send(call, {}, 3).catch(() => false));
  });

  it('is ended, and told of, when we stop', async () => {
    const phone = await asked();
    exchange.meets({ kind: 'ring' });
    await send(call, {}, 2);
    const ringing = await exchange.call(1);
    await stop?.();
    await until('both ends', () => phone.end() === 'caller' && ringing.end() === 'cancelled');
    assert.equal(ear.told().filter(({ kind }) => kind === 'failed').length, 2);
  });

  it('opens no line where it was given up before its words were spoken', async () => {
    let lines = 0;
    const nobody = createServer((socket) => {
      lines += 1;
      socket.destroy();
    });
    const givingUp = new AbortController();
    const given = providerOf({ port: await portOf(nobody) }, { transport: 'tcp' });
    const sending = given.send(queued(call, 1), givingUp.signal);
    givingUp.abort(new Error('enough'));
    const { fault } = await sending.then(() => assert.fail('it was taken'), refusalOf);
    assert.deepEqual([fault, lines], ['enough', 0]);
  });

  it('leaves an exchange that never lets us in as soon as we stop', async () => {
    const knocked = Promise.withResolvers<Socket>();
    const mute = createServer(knocked.resolve);
    const given = providerOf({ port: await portOf(mute) }, { transport: 'tls' });
    const end = given.listen?.({ about: async () => ({}), reply: async () => undefined });
    const sending = given.send(queued(call, 1), new AbortController().signal).catch(refusalOf);
    const socket = await knocked.promise;
    let isLeft = false;
    socket.resume().on('error', () => undefined);
    socket.on('close', () => (isLeft = true));
    await end?.();
    await until('the end of the connection', () => isLeft, 4_000);
    assert.match(JSON.stringify(await sending), /"retry":true/);
  });

  it('plays a sound of the organisation where it is a WAV, and speaks where it is not', async () => {
    const sounds = new Map([
      ['wav', lettersAsWav('Hallo.')],
      ['mp3', mp3(5)],
    ]);
    const keeper = {
      list: async () =>
        [...sounds.keys()].map((soundId) => ({
          language: 'nl' as const,
          moment: soundId === 'wav' ? ('greeting' as const) : ('thanks' as const),
          says: { soundId },
          changedAt: clock.now(),
        })),
      sound: async (id: string) => sounds.get(id),
    };
    await start({}, { sounds: keeper });
    const phone = await asked({ ...call, sounds: { greeting: 'wav', thanks: 'mp3' } });
    phone.press('#');
    await over(phone);
    assert.equal(phone.words(), 'Hallo.Druk op hekje.\nBedankt.\n');
    await provider.check();
    assert.deepEqual(await lackOf(keeper, true), {
      message: 'Calls by SIP play WAV only, and speak our words in place of: thanks (nl).',
      isFault: false,
    });
    const withoutProgram = await lackOf(keeper, false);
    assert.equal(withoutProgram?.isFault, true);
    assert.match(withoutProgram.message, /no WAV for: greeting \(en\).*thanks \(nl\)\.$/);
    assert.doesNotMatch(withoutProgram.message, /greeting \(nl\)/);
  });

  it('is not made where it would have nothing to say', async () => {
    for (const [index, program] of [
      ['/nonexistent'],
      ['false'],
      ['true'],
      ['sleep', '30'],
    ].entries()) {
      await start({ speech: { command: program, seconds: 1 } });
      const refusal = await refused(call, {}, index);
      assert.deepEqual([refusal.retry, refusal.isUnsure], [true, undefined]);
      assert.match(refusal.fault, /speech program/);
      assert.deepEqual(exchange.calls(), []);
      await assert.rejects(provider.check());
    }
  });

  it('goes over TLS to an exchange that is vouched for, and to no other', async () => {
    const made = (host: string): Certificate =>
      makeCertificate({ hosts: [host], now: new Date(), days: 1 });
    const ours = made('127.0.0.1');
    const secure = { transport: 'tls', srtp: false } as const;
    await start({ ...secure, authorities: ours.authority }, {}, { certificate: ours });
    const phone = await asked();
    phone.press('#');
    await over(phone);
    await provider.check();
    for (const [certificate, authorities, told] of [
      [ours, made('127.0.0.1').authority, /put the one that does into delivery\.sip\.authorities/],
      [ours, undefined, /put the one that does into delivery\.sip\.authorities/],
      [made('elsewhere.example'), undefined, /Its certificate is not for 127\.0\.0\.1\./],
    ] as const) {
      const trusted = authorities ?? certificate.authority;
      const change =
        certificate === ours && authorities === undefined ? {} : { authorities: trusted };
      await start({ ...secure, ...change }, {}, { certificate });
      const refusal = await refused();
      assert.deepEqual([refusal.retry, refusal.isUnsure], [true, undefined]);
      assert.deepEqual(exchange.calls(), []);
      await assert.rejects(provider.check(), ({ cause }: Error) => {
        assert.match(String(cause), told);
        return true;
      });
    }
  });
});

/** Something like a voice: several tones together, as loud as one speaks, louder and softer by syllables. */
function speech(frames: number): readonly Int16Array[] {
  return Array.from({ length: frames }, (_, frame) =>
    Int16Array.from({ length: 160 }, (__, index) => {
      const t = (frame * 160 + index) / 8_000;
      const loud = 0.55 + 0.45 * Math.sin(2 * Math.PI * 4 * t);
      return (
        6_000 * loud * (Math.sin(2 * Math.PI * 210 * t) + Math.sin(2 * Math.PI * 730 * t) * 0.7)
      );
    }),
  );
}

function tone(hertz: number, frames: number): readonly Int16Array[] {
  return Array.from({ length: frames }, (_, frame) =>
    Int16Array.from(
      { length: 160 },
      (__, index) => 8_000 * Math.sin((2 * Math.PI * hertz * (frame * 160 + index)) / 8_000),
    ),
  );
}

function quiet(frames: number): readonly Int16Array[] {
  return Array.from({ length: frames }, () => new Int16Array(160));
}
