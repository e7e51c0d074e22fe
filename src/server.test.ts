import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, it } from 'node:test';

import { loadSettings, type Settings } from './config.ts';
import { sample } from './sample/sample.ts';
import { openInstallation } from './installation/installation.ts';
import { startTweestap, type RunningServer } from './server.ts';

const root = mkdtempSync(join(tmpdir(), 'tweestap-server-'));
after(() => rmSync(root, { recursive: true }));
const silent = new Writable({ write: (_chunk, _encoding, done) => done() });

function settingsFor(name: string, more: Readonly<Record<string, string>> = {}): Settings {
  const loaded = loadSettings({
    mode: 'sample',
    environment: {
      TWEESTAP_DATA: join(root, name),
      TWEESTAP_HTTP_PORT: '0',
      TWEESTAP_SAMPLE_APP_PORT: '0',
      TWEESTAP_RADIUS_PORT: '0',
      TWEESTAP_LDAP_PORT: '0',
      TWEESTAP_LDAPS_PORT: '0',
      ...more,
    },
  });
  assert.ok(loaded.settings !== undefined);
  return loaded.settings;
}

const start = (name: string, more?: Readonly<Record<string, string>>): Promise<RunningServer> =>
  startTweestap(settingsFor(name, more), { sample, logTo: silent, synchronous: 'OFF' });

/** A browser without script: cookies, forms, redirects. */
function browserAt(origin: string) {
  const jar = new Map<string, string>();
  const send = async (
    path: string,
    init: RequestInit = {},
  ): Promise<{ url: string; page: string }> => {
    const response = await fetch(new URL(path, origin), {
      ...init,
      redirect: 'manual',
      headers: {
        ...(init.method === 'POST' ? { origin } : {}),
        cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/Max-Age=0/.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    const location = response.headers.get('location');
    const page = await response.text();
    if (location !== null) return send(location);
    assert.equal(response.status, 200, `${path}: ${page}`);
    return { url: path, page };
  };
  return {
    open: (path: string) => send(path),
    /** Sends the first form of a page whose action ends so, with what is typed. */
    submit: (page: string, ending: string, typed: Readonly<Record<string, string>>) => {
      const forms = [...page.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
      const found = forms.find(([, action]) => action?.endsWith(ending));
      assert.ok(found !== undefined, `no form for ${ending} in ${page}`);
      const [, action = '', body = ''] = found;
      const hidden = [...body.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']) => [name, value],
      );
      return send(action, {
        method: 'POST',
        body: new URLSearchParams({ ...Object.fromEntries(hidden), ...typed }),
      });
    },
  };
}

describe('the service', () => {
  it('starts on an empty folder, and again on what it left, with the same people', async () => {
    const first = await start('twice');
    assert.deepEqual(
      first.people.map(({ userPrincipalName }) => userPrincipalName.split('@')[0]),
      ['anna', 'bram', 'chris', 'dewi', 'els', 'frits', 'helpdesk', 'admin'],
    );
    const stoppedAt = performance.now();
    await first.stop();
    assert.ok(performance.now() - stoppedAt < 2_000);
    const second = await start('twice');
    assert.deepEqual(second.people, first.people);
    await second.stop();
    await second.stop();
  });

  it('makes the sample organisation in an empty folder only', async () => {
    const settings = settingsFor('taken');
    const installation = await openInstallation(settings);
    await installation.administration.add(
      {
        userPrincipalName: 'boss@example.org',
        password: 'correct horse battery',
        mustChangePassword: false,
      },
      { country: 'NL', by: 'test' },
    );
    await installation.close();
    await assert.rejects(startTweestap(settings, { sample, logTo: silent }), (error: Error) =>
      /another organisation/.test(JSON.stringify(error)),
    );
  });

  it('says at once that its port is taken, and touches nothing', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    assert.ok(typeof address === 'object' && address !== null);
    await assert.rejects(start('port', { TWEESTAP_HTTP_PORT: String(address.port) }), {
      code: 'EADDRINUSE',
    });
    other.close();
  });

  it('goes without RADIUS where another sample organisation has its port', async () => {
    const first = await start('radius', { TWEESTAP_RADIUS_PORT: '0' });
    const second = await start('radius-too', { TWEESTAP_RADIUS_PORT: String(first.radiusPort) });
    assert.ok(first.radiusPort !== undefined);
    assert.equal(second.radiusPort, undefined);
    await Promise.all([first.stop(), second.stop()]);
  });

  it('listens on this machine only, and shows the simulator to nobody else', async () => {
    const server = await start('here');
    assert.deepEqual(
      server.parts.app
        .addresses()
        .map((address) => (typeof address === 'object' ? address.address : address)),
      ['127.0.0.1'],
    );
    const ask = (url: string, headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
      server.parts.app.inject({
        url,
        headers: { host: new URL(server.origin).host, ...headers },
        remoteAddress,
      });
    for (const url of ['/simulator', '/simulator/api/people']) {
      assert.equal((await ask(url, {})).statusCode, 200);
      assert.equal((await ask(url, {}, '192.0.2.1')).statusCode, 404);
      assert.equal((await ask(url, { 'x-forwarded-for': '127.0.0.1' })).statusCode, 404);
      assert.equal((await ask(url, { host: 'rebound.example' })).statusCode, 421);
    }
    await server.stop();
  });

  it('lets bram in with his password and the code of a text', async () => {
    const server = await start('bram');
    const { origin } = server;
    const bram = server.people.find(({ userPrincipalName }) =>
      userPrincipalName.startsWith('bram'),
    );
    assert.ok(bram !== undefined);
    const browser = browserAt(origin);
    const name = await browser.open('/');
    const password = await browser.submit(name.page, '/name', { name: bram.userPrincipalName });
    const challenge = await browser.submit(password.page, '/password', { password: bram.password });
    const code = await codeOfText(origin);
    const profile = await browser.submit(challenge.page, '/answer', { code });
    assert.match(profile.url, /^\/(?:my-profile)?$/);
    assert.match(profile.page, /Bram Jansen/);

    const metrics = await (await fetch(`${origin}/metrics`)).text();
    assert.match(metrics, /tweestap_events_total\{kind="signed-in",reason=""\} 1/);
    const { stores } = server.parts.installation.database;
    assert.equal((await stores.audit.verify()).brokenAt, undefined);
    await server.stop();
  });

  it('lets dewi register nothing but a security key, lets nobody in as frits, and asks els for her password alone', async () => {
    const server = await start('others');
    const arrive = async (who: string) => {
      const person = server.people.find(({ userPrincipalName }) =>
        userPrincipalName.startsWith(`${who}@`),
      );
      assert.ok(person !== undefined);
      const browser = browserAt(server.origin);
      const name = await browser.open('/');
      const password = await browser.submit(name.page, '/name', { name: person.userPrincipalName });
      const next = await browser.submit(password.page, '/password', { password: person.password });
      return { browser, ...next };
    };
    const dewi = await arrive('dewi');
    const steps = await dewi.browser.submit(dewi.page, '/set-up-now', {});
    assert.match(steps.page, /<option value="key" selected>Security key</);
    for (const way of ['mobile', 'office', 'app']) {
      assert.match(steps.page, new RegExp(`<option value="${way}" disabled>`));
    }
    assert.match((await arrive('frits')).page, /Your account is switched off/);
    assert.match((await arrive('els')).page, /Els Visser/);
    await server.stop();
  });

  it('answers nobody any more once it has stopped', async () => {
    const server = await start('stop');
    assert.equal((await fetch(`${server.origin}/readyz`)).status, 200);
    await server.stop();
    await assert.rejects(fetch(`${server.origin}/readyz`));
  });
});

/** The code in the newest text, once it has arrived at the simulator. */
async function codeOfText(origin: string): Promise<string> {
  for (;;) {
    const response = await fetch(`${origin}/simulator/api/messages?kind=text`);
    const messages: readonly { text: string }[] = JSON.parse(await response.text());
    const [code] = /\b\d{6}\b/.exec(messages.at(-1)?.text ?? '') ?? [];
    if (code !== undefined) return code;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
