import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';

import { z } from 'zod';

import { startGateway, type Gateway } from '../../../../test/support/http-gateway.ts';
import { makeCertificate } from '../../../lib/self-signed-certificate.ts';
import type { TextMessage } from '../../message.ts';
import type { Provider } from '../../provider.ts';
import { refusalOf, type Refusal } from '../../refusal.ts';
import { describeCertificates } from '../certificate.contract.ts';
import { describeProvider, queued } from '../provider.contract.ts';
import { httpProvider } from './http.ts';
import { httpProviderSettings, httpProvidersSettings } from './settings.ts';

type Input = z.input<typeof httpProviderSettings>;

function byJson({ address }: Gateway, change: Partial<Input> = {}): Provider {
  return httpProvider(
    'our-gateway',
    httpProviderSettings.parse({
      url: `${address}/send`,
      headers: { Authorization: 'Bearer {secret}' },
      secret: 'a secret of ours',
      from: 'Voorbeeld',
      json: { from: '{from}', to: '{to}', options: { key: '{id}', class: 1 }, parts: ['{body}'] },
      reference: { json: 'messages.0.id' },
      ...change,
    }),
    300,
  );
}

const text: TextMessage = {
  kind: 'text',
  to: '+31612345612',
  language: 'nl',
  body: 'Uw code is 123456 & "meer" {to} <b>€</b>',
};

const wireMessage = z.object({ to: z.string(), parts: z.tuple([z.string()]) });

describeProvider('a gateway by HTTP', async () => {
  const gateway = await startGateway();
  const wellAnswer = gateway.answer;
  return {
    provider: byJson(gateway),
    samples: [text],
    arrived: async () =>
      gateway.asked
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => {
          const { to, parts } = wireMessage.parse(JSON.parse(body));
          return { to, words: parts[0] };
        }),
    goDown: gateway.goDown,
    comeUp: gateway.comeUp,
    refuse: () => {
      gateway.answer = () => ({ status: 422, body: text.body });
    },
    hang: () => {
      gateway.answer = () => undefined;
    },
    close: async () => {
      gateway.answer = wellAnswer;
      await gateway.goDown();
    },
  };
});

describeCertificates('a gateway by HTTP', async (certificate) => {
  const gateway = await startGateway(certificate);
  return {
    port: Number(new URL(gateway.address).port),
    providerAt: (port) =>
      byJson(gateway, {
        url: `https://localhost:${port}/send`,
        checkUrl: `https://localhost:${port}/account`,
      }),
    samples: [text],
    arrived: () => gateway.asked.length,
    close: gateway.goDown,
  };
});

describe('a text by HTTP', () => {
  let gateway: Gateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.goDown());

  const send = (provider: Provider, count = 1, more = {}): ReturnType<Provider['send']> =>
    provider.send({ ...queued(text, count), ...more }, new AbortController().signal);
  const refused = (provider: Provider, count = 1, more = {}): Promise<Refusal> =>
    send(provider, count, more).then(() => assert.fail('it was sent'), refusalOf);

  it('is what the template says, in JSON', async () => {
    const { reference } = await send(byJson(gateway));
    const [asked] = gateway.asked;
    assert.equal(reference, 'm1');
    assert.equal(asked?.headers['authorization'], 'Bearer a secret of ours');
    assert.deepEqual(JSON.parse(asked?.body ?? ''), {
      from: 'Voorbeeld',
      to: '+31612345612',
      options: { key: 'message-0001', class: 1 },
      parts: [text.body],
    });
  });

  it('is a form, an address or XML as well, and breaks out of none', async () => {
    const base = { url: `${gateway.address}/x` };
    const parsed = (more: Partial<Input>): Provider =>
      httpProvider('g', httpProviderSettings.parse({ ...base, ...more }));
    await send(parsed({ form: { n: '{toDigits}', m: 'a={body}' } }));
    await send(
      parsed({ url: `${gateway.address}/to/{to}?text={body}&lang={language}`, method: 'GET' }),
    );
    await send(parsed({ text: '<m to="{to}">{body}</m>', contentType: 'application/xml' }));
    const [form, address, xml] = gateway.asked;
    assert.deepEqual(Object.fromEntries(new URLSearchParams(form?.body)), {
      n: '31612345612',
      m: `a=${text.body}`,
    });
    const url = new URL(address?.path ?? '', gateway.address);
    assert.equal(url.pathname, '/to/%2B31612345612');
    assert.deepEqual(Object.fromEntries(url.searchParams), { text: text.body, lang: 'nl' });
    assert.equal(
      xml?.body,
      '<m to="+31612345612">Uw code is 123456 &amp; &quot;meer&quot; {to} &lt;b&gt;€&lt;/b&gt;</m>',
    );
    assert.equal(xml?.headers['content-type'], 'application/xml');
  });

  it('brings no line of its own into a header', async () => {
    const provider = byJson(gateway, { headers: { 'x-from': '{from}' }, from: 'A\r\nx-evil: 1' });
    await send(provider);
    assert.equal(gateway.asked[0]?.headers['x-from'], 'A  x-evil: 1');
    assert.equal(gateway.asked[0]?.headers['x-evil'], undefined);
  });

  it('is taken, refused or opted out of as the answer says, whatever its status', async () => {
    const provider = byJson(gateway, {
      taken: { statuses: [200], matches: '^OK' },
      reference: { matches: '^OK (\\w+)' },
      refused: { matches: '^ERR number' },
      optedOut: { matches: '^ERR stop' },
    });
    gateway.answer = () => ({ status: 200, body: 'OK abc' });
    assert.equal((await send(provider, 1)).reference, 'abc');
    gateway.answer = () => ({ status: 200, body: 'OK' });
    assert.equal((await send(provider, 2)).reference, 'message-0002');
    const cases = [
      ['ERR number', { retry: false, reason: 'refused' }],
      ['ERR stop', { retry: false, reason: 'opted-out' }],
      ['something else', { retry: true, reason: 'unreachable', isUnsure: true }],
    ] as const;
    for (const [index, [body, expected]] of cases.entries()) {
      gateway.answer = () => ({ status: 200, body });
      const { fault: _fault, ...refusal } = await refused(provider, 10 + index);
      assert.deepEqual(refusal, expected, body);
    }
  });

  it('reads what stands in the JSON of the answer', async () => {
    const provider = byJson(gateway, {
      taken: { json: 'messages.0.status', is: [0] },
      refused: { json: 'messages.0.status', is: ['6', 7] },
    });
    const answering = (status: unknown): void => {
      gateway.answer = () => ({
        status: 200,
        body: JSON.stringify({ messages: [{ status, id: 5 }] }),
      });
    };
    answering('0');
    assert.equal((await send(provider, 1)).reference, '5');
    for (const status of [6, '7']) {
      answering(status);
      assert.equal((await refused(provider, 2)).retry, false);
    }
    for (const status of [null, 4, undefined]) {
      answering(status);
      assert.equal((await refused(provider, 3)).isUnsure, true);
    }
  });

  it('is our own fault where the gateway does not know us, and waits where it is busy', async () => {
    const provider = byJson(gateway);
    for (const status of [401, 403, 405, 302]) {
      gateway.answer = () => ({ status, headers: { location: 'http://127.0.0.1:1/' } });
      const refusal = await refused(provider);
      assert.deepEqual([refusal.retry, refusal.isUnsure], [true, undefined], String(status));
    }
    gateway.answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
    assert.equal((await refused(provider)).retryAfterSeconds, 7);
  });

  it('is one text where the gateway may have it: it is not sent again', async () => {
    const provider = byJson(gateway);
    for (const answer of [undefined, { status: 500 }, { status: 502 }]) {
      gateway.answer = () => answer;
      const first = await refused(provider, 1);
      assert.deepEqual([first.retry, first.isUnsure], [true, true]);
      const before = gateway.asked.length;
      const again = await refused(provider, 1, { tries: 2, entrustedTo: 'our-gateway' });
      assert.deepEqual([again.retry, again.isUnsure], [true, true]);
      assert.equal(gateway.asked.length, before);
    }
  });

  it('is sent again where the gateway knows it again', async () => {
    const provider = byJson(gateway, { idempotent: true });
    await send(provider, 1, { tries: 2, entrustedTo: 'our-gateway' });
    assert.equal(gateway.asked.length, 1);
  });

  it('keeps words, number and secret out of every fault', async () => {
    for (const status of [400, 401, 500, 200]) {
      gateway.answer = () => ({ status, body: `a secret of ours ${text.body} ${text.to}` });
      const error: unknown = await send(byJson(gateway, { taken: { statuses: [299] } })).catch(
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof Error && 'details' in error);
      const told = `${error.message} ${JSON.stringify(error.details)}`;
      for (const secret of ['a secret of ours', text.body, text.to]) {
        assert.ok(!told.includes(secret), told);
      }
    }
  });

  it('tells nothing to a gateway whose certificate nobody vouches for, unless we do', async () => {
    const made = makeCertificate({ hosts: ['localhost'], now: new Date(), days: 1 });
    const secure = await startGateway(made);
    try {
      const refusal = await refused(byJson(secure));
      assert.deepEqual([refusal.retry, refusal.isUnsure], [true, undefined]);
      assert.deepEqual(secure.asked, []);
      const authoritiesFile = file(made.authority);
      await send(byJson(secure, { authoritiesFile }));
      assert.equal(secure.asked.length, 1);
    } finally {
      await secure.goDown();
    }
  });

  it('reads its secret from a file for each message', async () => {
    const secretFile = file('first\n');
    const settings = httpProviderSettings.parse({
      url: `${gateway.address}/send`,
      headers: { authorization: 'Basic {secretBase64}' },
      form: { to: '{to}', body: '{body}' },
      secretFile,
    });
    const provider = httpProvider('g', settings);
    await send(provider, 1);
    writeFileSync(secretFile, 'second');
    await send(provider, 2);
    rmSync(secretFile);
    const refusal = await refused(provider, 3);
    assert.match(refusal.fault, /cannot be read/);
    assert.deepEqual(
      gateway.asked.map(({ headers }) => headers['authorization']),
      ['first', 'second'].map((secret) => `Basic ${Buffer.from(secret).toString('base64')}`),
    );
  });

  it('is checked by asking an address of the gateway, without a text', async () => {
    const checkUrl = `${gateway.address}/account`;
    const provider = byJson(gateway, { checkUrl });
    await provider.check();
    gateway.answer = () => ({ status: 401 });
    await assert.rejects(provider.check(), (error) => refusalOf(error).fault.includes('401'));
    // Without such an address the connection alone can be tried.
    await byJson(gateway).check();
    assert.deepEqual(
      gateway.asked.map(({ method, path }) => `${method} ${path}`),
      ['GET /account', 'GET /account', 'GET /'],
    );
    await gateway.goDown();
    await assert.rejects(byJson(gateway).check());
  });
});

describe('the settings of a gateway by HTTP', () => {
  const least = { url: 'https://g.example/send', form: { to: '{to}', text: '{body}' } };
  const faultsOf = (settings: Record<string, unknown>): readonly string[] => {
    const parsed = httpProviderSettings.safeParse({ ...least, ...settings });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
  };

  it('need an address, the number and the words', () => {
    assert.deepEqual(faultsOf({}), []);
    assert.deepEqual(faultsOf({ form: { to: '{to}' } }), ['url']);
    assert.deepEqual(faultsOf({ form: { text: '{body}' } }), ['url']);
    assert.deepEqual(faultsOf({ url: 'gateway' }), ['url']);
    assert.deepEqual(faultsOf({ url: 'http://g.example/send' }), ['url']);
    assert.deepEqual(faultsOf({ url: 'http://127.0.0.1:8000/send' }), []);
    assert.deepEqual(faultsOf({ url: 'https://{to}.example/send' }), ['url']);
  });

  it('have no blank that nobody knows, and no secret where it would be seen', () => {
    assert.deepEqual(faultsOf({ form: { to: '{to}', text: '{body} {code}' } }), ['form.text']);
    assert.deepEqual(faultsOf({ url: 'https://g.example/?k={secret}', secret: 'x' }), ['url']);
    assert.deepEqual(faultsOf({ headers: { 'x-key': '{secret}' } }), ['secretFile']);
    assert.deepEqual(faultsOf({ headers: { 'x-text': '{body}' } }), ['headers']);
    assert.deepEqual(faultsOf({ secret: 'a', secretFile: 'b' }), ['secret']);
  });

  it('have one body, and expressions that can be read', () => {
    assert.deepEqual(faultsOf({ text: '{to}{body}' }), ['json']);
    assert.deepEqual(faultsOf({ method: 'GET' }), ['method']);
    assert.deepEqual(faultsOf({ taken: { matches: '(' } }), ['taken.matches']);
    assert.equal(httpProvidersSettings.safeParse({ 'Our gateway': least }).success, false);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'http-provider-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
function file(content: string): string {
  files += 1;
  const path = join(folder, String(files));
  writeFileSync(path, content);
  return path;
}
