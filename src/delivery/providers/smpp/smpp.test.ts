import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { afterEach, beforeEach, describe, it } from 'node:test';

import { until } from '../../../../test/support/poll.ts';
import { deliverBody, startSmpp, type SmppServer } from '../../../../test/support/smpp-server.ts';
import { settableClock } from '../../../lib/clock.ts';
import { makeCertificate } from '../../../lib/self-signed-certificate.ts';
import { decodeText } from '../../../lib/smpp/text.ts';
import type { TextMessage } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { refusalOf, type Refusal } from '../../refusal.ts';
import { describeProvider, queued } from '../provider.contract.ts';
import { smppSettings, type SmppSettings } from './settings.ts';
import { smppProvider } from './smpp.ts';

const clock = settableClock(new Date('2026-11-02T09:00:00Z'));
const text: TextMessage = {
  kind: 'text',
  to: '+31612345612',
  language: 'nl',
  body: 'Uw code is 123456 {€}',
};

function settingsOf(
  server: Pick<SmppServer, 'port'>,
  change: Partial<SmppSettings> = {},
): SmppSettings {
  return smppSettings.parse({
    host: 'localhost',
    port: server.port,
    security: 'none',
    systemId: 'tweestap',
    password: 'geheim',
    from: '+3197010240000',
    ...change,
  });
}

function providerOf(
  server: Pick<SmppServer, 'port'>,
  change: Partial<SmppSettings> = {},
): Provider {
  return smppProvider({ settings: settingsOf(server, change), clock });
}

describeProvider('SMPP', async () => {
  const server = await startSmpp();
  return {
    provider: providerOf(server),
    samples: [text],
    arrived: async () =>
      server.parts().map(({ to, message, dataCoding }) => ({
        to: `+${to}`,
        words: decodeText(message, dataCoding, false),
      })),
    goDown: server.goDown,
    comeUp: server.comeUp,
    refuse: () => server.fault(0x0b),
    hang: () => server.fault('hang'),
    close: server.goDown,
  };
});

describe('a text by SMPP', () => {
  let server: SmppServer;
  let provider: Provider;
  beforeEach(async () => {
    server = await startSmpp();
    provider = providerOf(server);
  });
  afterEach(() => server.goDown());

  const send = (count = 1, more = {}, by = provider): ReturnType<Provider['send']> =>
    by.send({ ...queued(text, count), ...more }, new AbortController().signal);
  const refused = (count = 1, more = {}, by = provider): Promise<Refusal> =>
    send(count, more, by).then(() => assert.fail('it was sent'), refusalOf);

  it('says whom it is from, how long it is worth something, and asks for a receipt', async () => {
    const { reference } = await send();
    const [part] = server.parts();
    assert.equal(reference, 'id-1');
    assert.deepEqual(
      [part?.from, part?.to, part?.registered, part?.validity, part?.esmClass],
      ['3197010240000', '31612345612', 1, '000000000300000R', 0],
    );
    assert.deepEqual(server.binds(), [{ systemId: 'tweestap', password: 'geheim' }]);
  });

  it('goes in parts where it is long, in whatever letters', async () => {
    const body = `${'Zoë ✓ '.repeat(30)}123456`;
    await send(1, { message: { ...text, body } });
    const parts = server.parts();
    assert.ok(parts.length > 1);
    assert.deepEqual(new Set(parts.map(({ esmClass }) => esmClass)), new Set([0x40]));
    assert.equal(
      parts.map(({ message, dataCoding }) => decodeText(message, dataCoding, true)).join(''),
      body,
    );
  });

  it('goes over one connection with others, no more at a time than the window lets', async () => {
    const narrow = providerOf(server, { window: 3 });
    server.slow(20);
    await Promise.all(Array.from({ length: 12 }, (_, index) => send(index, {}, narrow)));
    assert.equal(server.binds().length, 1);
    assert.equal(server.parts().length, 12);
    assert.equal(server.mostWaiting(), 3);
  });

  it('hears at once that it is broken off, also where it waits for room in the window', async () => {
    const narrow = providerOf(server, { window: 1 });
    server.fault('hang');
    const breaking = new AbortController();
    const first = refused(1, {}, narrow);
    await until('the first text', () => server.parts().length === 1);
    const second = narrow
      .send(queued(text, 2), breaking.signal)
      .then(() => assert.fail('it was sent'), refusalOf);
    // It asks for room in a later turn than this one.
    await new Promise(setImmediate);
    breaking.abort();
    assert.deepEqual(await Promise.race([second, first]), {
      retry: true,
      reason: 'unreachable',
      fault: 'it was broken off',
    });
    assert.equal(server.parts().length, 1);
    await server.goDown();
    await first;
  });

  it('finds the room in the window that one who was broken off did not need', async () => {
    const narrow = providerOf(server, { window: 1 });
    server.slow(100);
    const breaking = new AbortController();
    const first = send(1, {}, narrow);
    await until('the first text', () => server.parts().length === 1);
    const second = narrow.send(queued(text, 2), breaking.signal);
    const third = send(3, {}, narrow);
    await new Promise(setImmediate);
    breaking.abort();
    await assert.rejects(second);
    await until('the third text', () => server.parts().length === 2);
    await Promise.all([first, third]);
  });

  it('finds a new connection where the old one is gone', async () => {
    await send(1);
    await server.goDown();
    await server.comeUp();
    await until('the second text', async () => {
      await send(2).catch(() => undefined);
      return server.parts().length === 2;
    });
    assert.equal(server.binds().length, 2);
  });

  it('is refused for good where its receiver is wrong, and later where we are, or it is busy', async () => {
    const cases = [
      [0x0b, { retry: false, reason: 'refused' }],
      [0x0a, { retry: true, reason: 'unreachable' }],
      [0x58, { retry: true, reason: 'unreachable' }],
      [0x14, { retry: true, reason: 'unreachable' }],
      [0x08, { retry: true, reason: 'unreachable', isUnsure: true }],
    ] as const;
    for (const [index, [status, expected]] of cases.entries()) {
      server.fault(status);
      const { fault, ...refusal } = await refused(index);
      assert.deepEqual(refusal, expected, String(status));
      assert.match(fault, /^the message centre answered 0x[\da-f]{8}$/);
    }
  });

  it('is one text, whatever became of the answer', async () => {
    for (const fault of ['break', 'garbage'] as const) {
      const fresh = providerOf(server);
      server.fault(fault);
      const before = server.parts().length;
      const first = await refused(1, {}, fresh);
      assert.deepEqual([first.retry, first.isUnsure], [true, true], fault);
      server.fault(undefined);
      const again = await refused(1, { tries: 2, entrustedTo: 'smpp' }, fresh);
      assert.equal(again.isUnsure, true);
      assert.equal(server.parts().length, before + 1);
    }
  });

  it('is told to nobody who does not know us, or whose certificate nobody vouches for', async () => {
    const wrong = await refused(1, {}, providerOf(server, { password: 'falsch' }));
    assert.deepEqual([wrong.retry, wrong.isUnsure], [true, undefined]);
    assert.match(wrong.fault, /refuses us \(status 0x0000000e\)/);
    const made = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
    const secure = await startSmpp(made);
    const security = 'tls' as const;
    const stranger = await refused(1, {}, providerOf(secure, { security }));
    assert.match(stranger.fault, /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/);
    assert.deepEqual(secure.binds(), []);
    await send(1, {}, providerOf(secure, { security, authorities: made.authority }));
    assert.equal(secure.parts().length, 1);
    await secure.goDown();
  });
});

describe('a silent line to a message centre', () => {
  it('is asked whether anybody is there though texts fill the window, and given up', async () => {
    const server = await startSmpp();
    const settings = { ...settingsOf(server, { window: 1 }), enquireSeconds: 0.1 };
    const narrow = smppProvider({ settings, clock });
    server.fault('hang');
    const { fault, isUnsure } = await narrow
      .send(queued(text, 1), new AbortController().signal)
      .then(() => assert.fail('it was sent'), refusalOf);
    assert.deepEqual([fault, isUnsure], ['the message centre is silent', true]);
    assert.ok(server.enquiries() > 0);
    await server.goDown();
  });
});

describe('a message centre that says nothing', () => {
  let mute: Server;
  let knocked: PromiseWithResolvers<Socket>;
  let provider: Provider;
  beforeEach(async () => {
    knocked = Promise.withResolvers();
    mute = createServer(knocked.resolve).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    provider = smppProvider({ settings: settingsOf({ port: portOf(mute.address()) }), clock });
  });
  afterEach(async () => {
    (await knocked.promise).destroy();
    mute.close();
  });

  const sendUntil = (signal: AbortSignal): Promise<Refusal> =>
    provider.send(queued(text, 1), signal).then(() => assert.fail('it was sent'), refusalOf);

  it('surely has no text of whoever gives up meanwhile', async () => {
    const givingUp = new AbortController();
    const sending = sendUntil(givingUp.signal);
    await knocked.promise;
    givingUp.abort(new Error('enough'));
    let refusal: Refusal | undefined;
    void sending.then((refused) => (refusal = refused));
    await until('the refusal', () => refusal, 4_000);
    assert.deepEqual(refusal, { retry: true, reason: 'unreachable', fault: 'it was broken off' });
  });

  it('is left at once when we stop, also where it has not let us in yet', async () => {
    const stop = provider.listen?.({ about: async () => ({}), reply: async () => undefined });
    const socket = await knocked.promise;
    const gone = once(
      socket.resume().on('error', () => undefined),
      'close',
    );
    let isStopped = false;
    const stopping = stop?.().then(() => (isStopped = true));
    await until('the end', () => isStopped, 4_000);
    await Promise.all([stopping, gone]);
    const late = await sendUntil(new AbortController().signal);
    assert.deepEqual([late.retry, late.isUnsure], [true, undefined]);
  });
});

function portOf(address: AddressInfo | string | null): number {
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

describe('a message centre that is listened to', () => {
  let server: SmppServer;
  let stop: (() => Promise<void>) | undefined;
  const heard: unknown[] = [];
  let isDeaf = false;
  beforeEach(async () => {
    heard.splice(0);
    isDeaf = false;
    server = await startSmpp();
    const note = async (report: unknown): Promise<void> => {
      if (isDeaf) throw new Error('no database');
      heard.push(report);
    };
    const about = (report: unknown): Promise<object> => note(report).then(() => ({}));
    stop = providerOf(server).listen?.({ about, reply: note });
    await until('the bind', () => server.binds().length === 1);
  });
  afterEach(async () => {
    await stop?.();
    await server.goDown();
  });

  it('tells what became of a text, by its words or its parameters', async () => {
    const receipt = (stat: string): Buffer =>
      Buffer.from(`id:id-1 sub:001 dlvrd:001 submit date:2611020900 stat:${stat} err:000 text:`);
    // The bind is answered in two pieces: what comes before its end is brought again by nobody.
    await until('the first receipt', () => {
      server.bring(deliverBody({ from: '31612345612', message: receipt('DELIVRD'), esmClass: 4 }));
      return heard.length > 0;
    });
    const byParameters = Buffer.concat([
      Buffer.from([0x00, 0x1e, 0x00, 0x05]),
      Buffer.from('id-9\0'),
      Buffer.from([0x04, 0x27, 0x00, 0x01, 0x05]),
    ]);
    server.bring(
      deliverBody({
        from: '31612345612',
        message: Buffer.alloc(0),
        esmClass: 4,
        optional: byParameters,
      }),
    );
    await until('the second receipt', () => JSON.stringify(heard).includes('id-9'));
    assert.deepEqual(heard[0], { eventId: 'id-1:2', reference: 'id-1', event: { kind: 'sent' } });
    assert.deepEqual(heard.at(-1), {
      eventId: 'id-9:5',
      reference: 'id-9',
      event: { kind: 'failed', reason: 'unreachable' },
    });
    assert.ok(server.answers().every((status) => status === 0));
  });

  it('brings replies, and brings them again when they could not be heard', async () => {
    const reply = deliverBody({ from: '31612345612', message: Buffer.from('42') });
    isDeaf = true;
    await until('the refusal', () => {
      server.bring(reply);
      return server.answers().includes(0x64);
    });
    isDeaf = false;
    server.bring(reply);
    await until('the reply', () => heard.length > 0);
    const [first] = heard;
    assert.ok(typeof first === 'object' && first !== null);
    assert.deepEqual(
      [Reflect.get(first, 'from'), Reflect.get(first, 'text')],
      ['+31612345612', '42'],
    );
    // A short code or a name registers no phone.
    const before = heard.length;
    server.bring(deliverBody({ from: 'VOORBEELD', message: Buffer.from('42') }));
    await until('the answer', () => server.answers().length >= 3);
    assert.equal(heard.length, before);
  });

  it('is told to keep what nobody can read', async () => {
    await until('the refusal', () => {
      server.bring(Buffer.from('no text at all'));
      return server.answers().length > 0;
    });
    assert.deepEqual([...new Set(server.answers())], [0x65]);
    assert.deepEqual(heard, []);
  });
});

describe('checking a message centre', () => {
  it('binds and says goodbye, and sends nothing', async () => {
    const server = await startSmpp();
    await providerOf(server).check();
    const fault = await providerOf(server, { password: 'falsch' })
      .check()
      .then(
        () => '',
        (error: unknown) => refusalOf(error).fault,
      );
    assert.match(fault, /refuses us/);
    assert.deepEqual(server.parts(), []);
    await server.goDown();
  });

  it('calls it by its name in TLS, where it has one', async () => {
    const made = makeCertificate({ hosts: ['localhost', '127.0.0.1'], now: new Date(), days: 1 });
    const called: string[] = [];
    const secure = createSecureServer({
      key: made.key,
      cert: made.certificate,
      SNICallback: (name, done) => {
        called.push(name);
        done(null);
      },
    }).listen(0, '127.0.0.1');
    secure.on('secureConnection', (socket) => socket.destroy());
    await once(secure, 'listening');
    const more = { security: 'tls', authorities: made.authority } as const;
    const target = { port: portOf(secure.address()) };
    for (const host of ['localhost', '127.0.0.1']) {
      await assert.rejects(providerOf(target, { ...more, host }).check());
    }
    assert.deepEqual(called, ['localhost']);
    secure.close();
  });

  it('goes nowhere else in the clear', () => {
    const least = { systemId: 'a', password: 'b', from: '1234' };
    const isTaken = (more: Record<string, unknown>): boolean =>
      smppSettings.safeParse({ ...least, ...more }).success;
    assert.equal(isTaken({ host: 'smsc.example.org' }), true);
    assert.equal(isTaken({ host: 'smsc.example.org', security: 'none' }), false);
    assert.equal(isTaken({ host: '127.0.0.1', security: 'none' }), true);
  });
});
